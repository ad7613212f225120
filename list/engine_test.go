package list_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/store"
)

// site is an engine on a real store, at a time that the test moves.
type site struct {
	*list.Engine
	db  *store.DB
	now time.Time
	ids int
	mu  sync.Mutex
}

func newSite(t *testing.T, change func(*list.List)) *site {
	t.Helper()
	db, err := store.Open(t.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	t.Cleanup(func() {
		problems, err := db.Verify(func(string) {})
		if err != nil || len(problems) > 0 {
			t.Errorf("verify: %v %q", err, problems)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s.Engine, err = list.NewEngine(db, s.config(change), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *site) id() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	return fmt.Sprintf("id%d", s.ids)
}

func (s *site) config(change func(*list.List)) *list.Site {
	l := &list.List{Address: "peers@lists.example.org", Name: "Peers", Owners: []string{"amina@example.org"}, Type: list.Discussion,
		Posting: list.PostMembers, RequireAuth: list.AuthNever, ReplyTo: list.ReplyList, MaxMessage: 1_000_000, HeldFor: 14 * 24 * time.Hour, CopyToAuthor: true}
	if change != nil {
		change(l)
	}
	return list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Limits: list.Limits{HeaderBytes: 256_000, HeaderFields: 1000,
		MIMEDepth: 50, MIMEParts: 1000, Received: 100}, Lists: []*list.List{l}})
}

func (s *site) members(t *testing.T, addresses ...string) {
	t.Helper()
	var all []list.Member
	for _, a := range addresses {
		all = append(all, list.Member{Address: a, Trusted: true})
	}
	if err := s.AddMembers("peers@lists.example.org", all); err != nil {
		t.Fatal(err)
	}
}

func mail(from, id, subject string, extra ...string) []byte {
	return []byte("From: " + from + "\r\nTo: peers@lists.example.org\r\nSubject: " + subject + "\r\nMessage-ID: <" + id + ">\r\n" +
		strings.Join(append(extra, ""), "\r\n") + "\r\nHello.\r\n")
}

func (s *site) receive(raw []byte, targets ...string) (list.Receipt, error) {
	if len(targets) == 0 {
		targets = []string{"peers@lists.example.org"}
	}
	in := &list.Incoming{Raw: raw, Envelope: list.Envelope{ID: s.id(), From: "someone@example.org", Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.now}}
	for _, a := range targets {
		target, err := s.Route(a)
		if err != nil {
			return list.Receipt{}, err
		}
		in.Targets = append(in.Targets, target)
	}
	return s.Receive(context.Background(), in)
}

// claimed writes the notices that are owed, delivers everything that is due, and returns who got which message.
func (s *site) claimed(t *testing.T) map[string][]string {
	t.Helper()
	if _, err := s.SendNotes(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return got
		}
		b, err := s.CopyBytes(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		var results []list.Settled
		for _, copy := range c.Copies {
			m := message.Parse(b)
			got[copy.Address] = append(got[copy.Address], c.Out.ReturnPath+" "+m.Subject())
			results = append(results, list.Settled{Copy: copy, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
}

func reason(err error) list.Reason {
	var r *list.Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

func TestReceive(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.CopyToAuthor = false })
	s.members(t, "dede@example.org", "noor@example.net", "luis@example.com")
	if _, err := s.receive(mail("dede@example.org", "1@x", "One")); err != nil {
		t.Fatal(err)
	}
	s.members(t, "late@example.org")
	if err := s.RemoveMembers("peers@lists.example.org", []string{"luis@example.com"}); err != nil {
		t.Fatal(err)
	}
	got := s.claimed(t)
	if len(got) != 1 || fmt.Sprint(got["noor@example.net"]) != "[peers+bounce@lists.example.org One]" {
		t.Errorf("copies %v: want one, to noor: dede wrote it, luis left, late came later", got)
	}
	if r, err := s.receive(mail("dede@example.org", "1@x", "One")); err != nil || r.Action != "discard" {
		t.Errorf("the same again: %+v, %v", r, err)
	}
	if r, err := s.receive(mail("dede@example.org", "1@x", "Other")); err != nil || r.Action != "hold" {
		t.Errorf("the same id with other content: %+v, %v", r, err)
	}
	if _, err := s.receive(mail("stranger@example.org", "2@x", "Two")); reason(err) != list.NotMember {
		t.Errorf("a stranger: %v", err)
	}
	if got := s.claimed(t); fmt.Sprint(got) != "map[amina@example.org:[ To decide: Other]]" {
		t.Errorf("copies of what was refused, discarded or held: %v; want the moderator's notice alone", got)
	}
	if p, err := s.Member("peers@lists.example.org", "DEDE@example.org"); err != nil || p.Posts != 1 || !p.LastPost.Equal(s.now) {
		t.Errorf("the author: %+v, %v", p, err)
	}
}

func TestRefusedMailLeavesNothing(t *testing.T) {
	s := newSite(t, nil)
	before, err := s.db.Stats()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if _, err := s.receive(mail("stranger@example.org", fmt.Sprintf("%d@x", i), "Two")); reason(err) != list.NotMember {
			t.Fatal(err)
		}
	}
	after, err := s.db.Stats()
	before.Free, after.Free = 0, 0 // the disk is not ours alone
	if err != nil || before != after {
		t.Errorf("the store went from %+v to %+v (%v)", before, after, err)
	}
}

func TestForwards(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "dede@example.org")
	for name, c := range map[string]struct {
		to   []string
		from string
		want string
	}{
		"owner":      {[]string{"peers+owner@lists.example.org"}, "x@example.net", "map[amina@example.org:[peers+bounce@lists.example.org Q]]"},
		"moderators": {[]string{"peers+moderators@lists.example.org"}, "x@example.net", "map[amina@example.org:[peers+bounce@lists.example.org Q]]"},
		"bounce":     {[]string{"peers+bounce@lists.example.org"}, "", "map[amina@example.org:[ Q]]"},
		"postmaster": {[]string{"Postmaster@lists.example.org"}, "x@example.net", "map[admin@example.org:[ Q]]"},
		"two roles":  {[]string{"postmaster@mx.example.org", "peers+owner@lists.example.org"}, "x@example.net", "map[admin@example.org:[ Q] amina@example.org:[peers+bounce@lists.example.org Q]]"},
		"a post and its owners": {[]string{"peers@lists.example.org", "peers+owner@lists.example.org"}, "x@example.net",
			"map[amina@example.org:[peers+bounce@lists.example.org Q] dede@example.org:[peers+bounce@lists.example.org Q]]"},
	} {
		t.Run(name, func(t *testing.T) {
			in := &list.Incoming{Raw: mail("dede@example.org", name+"@x", "Q"), Envelope: list.Envelope{ID: s.id(), From: c.from, Protocol: "ESMTP", Received: s.now}}
			for _, a := range c.to {
				target, err := s.Route(a)
				if err != nil {
					t.Fatal(err)
				}
				in.Targets = append(in.Targets, target)
			}
			if _, err := s.Receive(context.Background(), in); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(s.claimed(t)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	if _, err := s.receive(mail("a@x.example", "l@x", "Q", "Delivered-To: peers+owner@lists.example.org"), "peers+owner@lists.example.org"); reason(err) != list.TooManyHops {
		t.Errorf("round and round: %v", err)
	}
	if _, err := s.receive([]byte("From: a@b.example\r\nFrom: c@d.example\r\n\r\nx\r\n"), "peers+owner@lists.example.org"); reason(err) != list.Unreadable {
		t.Errorf("two From: %v", err)
	}
}

func TestHeldIsDecidedOnce(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostHoldOthers; l.SubjectPrefix = "[old]" })
	s.members(t, "dede@example.org")
	if r, err := s.receive(mail("x@example.net", "1@x", "One")); err != nil || r.Action != "hold" {
		t.Fatal(r, err)
	}
	// The settings of the moment of approval count.
	if err := s.Configure(s.config(func(l *list.List) { l.SubjectPrefix = "[new]" })); err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 8)
	for range 8 {
		go func() { _, err := s.Approve(context.Background(), 1, "amina", false); results <- err }()
	}
	won := 0
	for range 8 {
		if err := <-results; err == nil {
			won++
		} else if !errors.Is(err, list.ErrNotFound) {
			t.Error(err)
		}
	}
	if got := fmt.Sprint(s.claimed(t)); won != 1 || got != "map[dede@example.org:[peers+bounce@lists.example.org [new] One]]" {
		t.Errorf("%d approvals, copies %s", won, got)
	}
	if err := s.Discard(1, "amina"); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("discarding what was approved: %v", err)
	}
}

func TestHeldExpires(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostHoldOthers })
	s.receive(mail("x@example.net", "1@x", "One"))
	due := s.now.Add(14 * 24 * time.Hour)
	if next, ok := s.NextDue(); !ok || next.After(due) {
		t.Fatalf("due %v, %v", next, ok)
	}
	for _, at := range []time.Time{due.Add(-time.Second), due} {
		if err := s.Tick(context.Background(), at); err != nil {
			t.Fatal(err)
		}
		rows, err := s.HeldPosts("")
		if err != nil || (len(rows) == 1) != at.Before(due) {
			t.Errorf("at %v there are %d held posts (%v)", at, len(rows), err)
		}
	}
}

func TestTopics(t *testing.T) {
	const address = "peers@lists.example.org"
	s := newSite(t, nil)
	s.members(t, "a@x.example", "b@x.example")
	for i, m := range []struct{ from, id, subject, ref string }{
		{"a@x.example", "1@x", "One", ""}, {"b@x.example", "2@x", "Re: One", "1@x"}, {"a@x.example", "3@x", "Re: One", "2@x"}, {"b@x.example", "4@x", "Two", ""},
		{"a@x.example", "5@x", "Three (was: One)", "2@x"},
	} {
		s.now = s.now.Add(time.Minute)
		extra := []string{}
		if m.ref != "" {
			extra = append(extra, "In-Reply-To: <"+m.ref+">")
		}
		if _, err := s.receive(mail(m.from, m.id, m.subject, extra...)); err != nil {
			t.Fatal(i, err)
		}
	}
	state := func(want string) {
		t.Helper()
		rows, err := s.Topics(address)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			full, err := s.Topic(address, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			var posts []string
			for _, l := range full.Tree {
				posts = append(posts, fmt.Sprintf("%d/%d", l.Post, l.Depth))
			}
			got = append(got, fmt.Sprintf("%s %v %d people", r.Subject, posts, r.Participants))
		}
		if g := strings.Join(got, "; "); g != want {
			t.Errorf("%s\nwant %s", g, want)
		}
	}
	state("Three [5/0] 1 people; Two [4/0] 1 people; One [1/0 2/1 3/2] 2 people")
	id, err := s.SplitTopic(address, 2)
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	state("Three [5/0] 1 people; Two [4/0] 1 people; One [2/0 3/1] 2 people; One [1/0] 1 people")
	if _, err := s.SplitTopic(address, 2); err == nil {
		t.Error("split twice")
	}
	if err := s.MergeTopic(address, 2, 1); err != nil {
		t.Fatal(err)
	}
	state("Three [5/0] 1 people; One [1/0 4/1] 2 people; One [2/0 3/1] 2 people")
	if err := s.MergeTopic(address, 1, 1); err == nil {
		t.Error("merged into itself")
	}
	if err := s.RenameTopic(address, 1, "A\r\nname"); err != nil {
		t.Fatal(err)
	}
	if err := s.MergeTopic(address, id, 1); err != nil {
		t.Fatal(err)
	}
	state("Three [5/0] 1 people; A  name [1/0 2/1 3/2 4/1] 2 people")
	if err := s.LockTopic(address, 1, true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.receive(mail("a@x.example", "6@x", "Re: One", "References: <3@x>")); reason(err) != list.TopicLocked {
		t.Errorf("a reply to a locked topic: %v", err)
	}
	if err := s.LockTopic(address, 99, true); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("locking what is not there: %v", err)
	}
}

func TestARetiredListWaits(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostHoldOthers })
	s.receive(mail("x@example.net", "1@x", "One"))
	full := s.Site()
	if err := s.Configure(list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org"})); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Approve(context.Background(), 1, "amina", false); err == nil || !strings.Contains(err.Error(), "not in the config") {
		t.Errorf("approved on a list that is gone: %v", err)
	}
	if _, err := s.Route("peers@lists.example.org"); reason(err) != list.NoSuchAddress {
		t.Errorf("mail to a list that is gone: %v", err)
	}
	rows, err := s.Lists()
	if err != nil || len(rows) != 1 || rows[0].State != "retired" || rows[0].Held != 1 {
		t.Errorf("%+v %v", rows, err)
	}
	if err := s.Configure(full); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Approve(context.Background(), 1, "amina", false); err != nil {
		t.Errorf("after it came back: %v", err)
	}
}

func TestARenamedListKeepsItsStore(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "dede@example.org")
	renamed := s.config(func(l *list.List) {
		l.Address, l.Was = "friends@lists.example.org", []string{"peers@lists.example.org"}
	})
	if err := s.Configure(renamed); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Members("friends@lists.example.org"); err != nil || len(all) != 1 {
		t.Errorf("%v %v", all, err)
	}
	if r, err := s.receive(mail("dede@example.org", "1@x", "One")); err != nil || r.Action != "accept" {
		t.Errorf("mail to the former address: %+v %v", r, err)
	}
}

func TestConcurrentPosts(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "dede@example.org")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			// Every second one is a resend of the one before.
			if _, err := s.receive(mail("dede@example.org", fmt.Sprintf("%d@x", i/2), "One")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	rows, err := s.Lists()
	if err != nil || rows[0].Posts != 20 {
		t.Errorf("%+v %v, want 20 posts", rows, err)
	}
	if got := s.claimed(t); len(got["dede@example.org"]) != 20 {
		t.Errorf("%d copies", len(got["dede@example.org"]))
	}
}

func TestExplain(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.SubjectPrefix = "[p]"; l.Posting = list.PostHoldOthers })
	s.members(t, "dede@example.org")
	s.receive(mail("dede@example.org", "1@x", "One", "Bcc: secret@x.example"))
	s.receive(mail("x@example.net", "2@x", "Two"))
	f, err := s.Explain(" <1@x> ")
	if err != nil || len(f) != 1 || f[0].State != "accepted" || f[0].Post != 1 || len(f[0].Trace) != len(list.Rules()) || !strings.Contains(fmt.Sprint(f[0].Steps), "removed bcc") {
		t.Errorf("%+v %v", f, err)
	}
	if f, err := s.Explain("2@x"); err != nil || f[0].State != "held" || f[0].Held != 1 || !strings.Contains(fmt.Sprint(f[0].Steps), "set Subject: [p] Two") {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := s.Explain("3@x"); !errors.Is(err, list.ErrNotFound) {
		t.Error(err)
	}
	would, err := s.Foresee(context.Background(), "peers@lists.example.org", &list.Incoming{Raw: mail("y@example.net", "9@x", "Nine"),
		Envelope: list.Envelope{From: "y@example.net", Received: s.now}})
	if err != nil || would.State != "hold" {
		t.Errorf("%+v %v", would, err)
	}
	if rows, _ := s.HeldPosts(""); len(rows) != 1 {
		t.Error("foreseeing held something")
	}
}

func TestImportStopsWhole(t *testing.T) {
	s := newSite(t, nil)
	done, err := s.ImportMembers("peers@lists.example.org", io.MultiReader(strings.NewReader("\xef\xbb\xbfaddress,name\na@x.example,A\n"), strings.NewReader("bad\n\"unclosed,x\n")), list.ImportOptions{})
	if err != nil || len(done.Faults) == 0 {
		t.Errorf("%+v %v", done, err)
	}
	if all, _ := s.Members("peers@lists.example.org"); len(all) != 0 {
		t.Errorf("%d members of a file with faults", len(all))
	}
}

func BenchmarkReceive(b *testing.B) {
	for _, members := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("%d-members", members), func(b *testing.B) {
			db, err := store.Open(b.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			s := &site{db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
			s.Engine, _ = list.NewEngine(db, s.config(func(l *list.List) { l.Posting = list.PostAnyone }), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
			var csv strings.Builder
			csv.WriteString("address\n")
			for i := range members {
				fmt.Fprintf(&csv, "u%d@d%d.example\n", i, i%100)
			}
			if _, err := s.ImportMembers("peers@lists.example.org", strings.NewReader(csv.String()), list.ImportOptions{}); err != nil {
				b.Fatal(err)
			}
			body := strings.Repeat("What helped the quiet group to talk, and who began?\r\n", 190)
			b.ResetTimer()
			b.SetParallelism(5)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := s.receive(append(mail("a@x.example", s.id()+"@x", "One"), body...)); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// TestAFanOutCostsNothingAtAcceptance holds what makes other engines slow: a list of 5,000 is accepted for with the same writes as a list of
// one, its first copies are there at once, and delivering them all takes a handful of syncs.
func TestAFanOutCostsNothingAtAcceptance(t *testing.T) {
	cost := func(members int) (accept, deliver uint64, copies int) {
		s := newSite(t, func(l *list.List) { l.Posting = list.PostAnyone })
		var csv strings.Builder
		csv.WriteString("address\n")
		for i := range members {
			fmt.Fprintf(&csv, "u%d@d%d.example\n", i, i%100)
		}
		if _, err := s.ImportMembers("peers@lists.example.org", strings.NewReader(csv.String()), list.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		syncs := func() uint64 {
			st, err := s.db.Stats()
			if err != nil {
				t.Fatal(err)
			}
			return st.Syncs
		}
		before := syncs()
		if _, err := s.receive(mail("a@x.example", "1@x", "One")); err != nil {
			t.Fatal(err)
		}
		accept = syncs() - before
		for {
			c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			var results []list.Settled
			for _, cp := range c.Copies {
				results = append(results, list.Settled{Copy: cp, Outcome: list.Delivered})
			}
			copies += len(results)
			if err := s.db.Settle(s.now, c.ID, results); err != nil {
				t.Fatal(err)
			}
		}
		if copies != members {
			t.Errorf("%d copies for %d members", copies, members)
		}
		return accept, syncs() - before - accept, copies
	}
	one, _, _ := cost(1)
	many, deliver, copies := cost(5000)
	if one != many || many > 3 {
		t.Errorf("accepting for one takes %d syncs, for 5,000 %d", one, many)
	}
	if deliver > 100 {
		t.Errorf("%d syncs for %d copies", deliver, copies)
	}
}

// TestRolesOfMembersReachPeople: who is an owner or a moderator by their membership gets what is sent to those, beside the config's.
func TestRolesOfMembersReachPeople(t *testing.T) {
	s := newSite(t, nil)
	if err := s.AddMembers(peers, []list.Member{{Address: "olga@example.org", Role: list.RoleOwner}, {Address: "mona@example.net", Role: list.RoleModerator}}); err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]string{"owner": "map[amina@example.org:1 olga@example.org:1]", "moderators": "map[mona@example.net:1]"} {
		if _, err := s.receive(mail("x@example.net", word+"@x", "Q"), "peers+"+word+"@lists.example.org"); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for a, all := range s.claimed(t) {
			got[a] = len(all)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", word, got, want)
		}
	}
}
