package list_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/store"
)

const peers = "peers@lists.example.org"

// fates settles everything that is due: whoever is in the map fails with that status, all others get their copy. It returns the mail that went
// to named people, "to: subject", in order.
func (s *site) fates(t *testing.T, refused map[string]string) (notices []string, raw [][]byte) {
	t.Helper()
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			slices.Sort(notices)
			return notices, raw
		}
		var results []list.Settled
		for _, cp := range c.Copies {
			r := list.Settled{Copy: cp, Outcome: list.Delivered, Status: "250 2.0.0 taken"}
			if status := refused[cp.Address]; strings.HasPrefix(status, "4") {
				r.Outcome, r.Status, r.Due = list.Deferred, status, s.now.Add(48*time.Hour)
			} else if status != "" {
				r.Outcome, r.Status = list.Failed, status
			}
			results = append(results, r)
			if c.Out.Post == 0 {
				b, err := s.CopyBytes(c.Out)
				if err != nil {
					t.Fatal(err)
				}
				if c.Out.ReturnPath != "" && !c.Out.Forward {
					t.Errorf("a notice with the return path %s", c.Out.ReturnPath)
				}
				notices, raw = append(notices, cp.Address+": "+message.Parse(b).Subject()), append(raw, b)
			}
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
}

// tick lets housekeeping run at a time, and returns what people are told.
func (s *site) tick(t *testing.T, at time.Time) []string {
	t.Helper()
	s.now = at
	if err := s.Tick(context.Background(), at); err != nil {
		t.Fatal(err)
	}
	notices, _ := s.fates(t, nil)
	return notices
}

func (s *site) post(t *testing.T, id string) {
	t.Helper()
	if r, err := s.receive(mail("dede@example.org", id, "About "+id)); err != nil || r.Action != "accept" {
		t.Fatalf("%+v %v", r, err)
	}
}

// tells is when owners are told next; the zero time when there is nothing to tell.
func (s *site) tells(t *testing.T) (at time.Time) {
	t.Helper()
	if err := s.db.Fold(); err != nil {
		t.Fatal(err)
	}
	some := false
	err := s.db.View(func(r list.Reader) error {
		return r.FirstFailures(func(uint32, time.Time) error { some = true; return list.ErrStop })
	})
	if err != nil {
		t.Fatal(err)
	}
	if some {
		at, _ = s.NextDue()
	}
	return at
}

func nairobi(l *list.List) {
	loc, err := time.LoadLocation("Africa/Nairobi")
	if err != nil {
		panic(err)
	}
	l.Location = loc
}

var oneTold = []string{"amina@example.org: Peers: 1 copy could not be delivered"}

func TestOwnersAreToldOnceADay(t *testing.T) {
	s := newSite(t, nairobi)
	s.members(t, "dede@example.org", "noor@example.net", "luis@example.com")
	s.post(t, "1@x")
	s.fates(t, map[string]string{"noor@example.net": "550 5.1.1 No such user", "luis@example.com": "451 4.2.0 later"})
	morning := time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)
	// A clock that is moved by hand asks at once, before what was settled is in the index.
	if due, ok := s.NextDue(); !ok || !due.Equal(morning) {
		t.Fatalf("due %v, want %v", due, morning)
	}
	if got := s.tick(t, morning.Add(-time.Second)); len(got) != 0 {
		t.Errorf("told before it was time: %q", got)
	}
	s.now = morning
	if err := s.Tick(context.Background(), morning); err != nil {
		t.Fatal(err)
	}
	got, raw := s.fates(t, map[string]string{"amina@example.org": "550 5.7.1 I do not want it"})
	if !slices.Equal(got, oneTold) {
		t.Fatalf("told %q", got)
	}
	for _, want := range []string{"noor@example.net\r\n", "550 5.1.1 No such user", "1 copy delivered, 1 failed, 1 is still being tried", `"About 1@x", post 1, from <dede@example.org>`} {
		if !strings.Contains(string(raw[0]), want) {
			t.Errorf("the notice does not say %q:\n%s", want, raw[0])
		}
	}
	// That the notice itself failed is told to nobody, and the same is not told again.
	for _, at := range []time.Time{morning, morning.Add(15 * time.Minute), morning.Add(24 * time.Hour), morning.Add(48 * time.Hour)} {
		if got := s.tick(t, at); len(got) != 0 {
			t.Errorf("at %v told again: %q", at, got)
		}
	}
	if due := s.tells(t); !due.IsZero() {
		t.Errorf("something is due at %v", due)
	}
}

// failingStore fails one Keep.
type failingStore struct {
	list.Store
	left int // Keeps before it
}

func (s *failingStore) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	if s.left--; s.left == -1 {
		return list.ErrFull
	}
	return s.Store.Keep(raw, f)
}

// TestOwnersAreToldInTheirLanguages: those who are members in their own, the others in the list's, all in one transaction: whatever fails on the way,
// each is told once.
func TestOwnersAreToldInTheirLanguages(t *testing.T) {
	const french, english = "Peers : 1 copie n’a pas pu être remise", "Peers: 1 copy could not be delivered"
	for kept := range 4 {
		s := newSite(t, func(l *list.List) {
			l.Owners = []string{"amina@example.org", "noor@example.net", "luis@example.com", "zoe@example.org"}
		})
		s.members(t, "dede@example.org", "noor@example.net", "luis@example.com", "zoe@example.org")
		for address, language := range map[string]string{"noor@example.net": "fr", "luis@example.com": "en", "zoe@example.org": "fr"} {
			if _, err := s.SetMember(peers, address, []string{"language=" + language}); err != nil {
				t.Fatal(err)
			}
		}
		s.post(t, "1@x")
		s.fates(t, map[string]string{"dede@example.org": "550 5.1.1 No such user"})
		s.now = s.now.Add(24 * time.Hour)
		whole := s.Store
		s.Store = &failingStore{whole, kept}
		failed := s.Tick(context.Background(), s.now) != nil
		s.Store = whole
		if failed != (kept < 2) {
			t.Errorf("after %d mails were kept the rest failed: %v", kept, failed)
		}
		if err := s.Tick(context.Background(), s.now); err != nil {
			t.Fatal(err)
		}
		got, raw := s.fates(t, nil)
		if !slices.Equal(got, []string{"amina@example.org: " + english, "luis@example.com: " + english, "noor@example.net: " + french, "zoe@example.org: " + french}) {
			t.Errorf("after %d mails were kept: told %q", kept, got)
		}
		ids := map[string]bool{}
		for _, b := range raw {
			ids[message.Parse(b).MessageID()] = true
		}
		if len(ids) != 2 {
			t.Errorf("Message-IDs %v", ids)
		}
		if due := s.tells(t); !due.IsZero() {
			t.Errorf("something is due at %v", due)
		}
	}
}

func TestWhatTurnsUpLateWaitsADay(t *testing.T) {
	s := newSite(t, nairobi)
	s.members(t, "dede@example.org", "noor@example.net")
	s.post(t, "1@x")
	s.post(t, "2@x")
	morning := time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)
	refuse := map[string]string{"noor@example.net": "550 5.1.1 No such user"}
	hop := func(d string) string { return d }
	first, _, err := s.db.Claim(s.now, hop, func(h string) bool { return h == "example.net" }, 1)
	if err != nil {
		t.Fatal(err)
	}
	s.fates(t, refuse)
	if got := s.tick(t, morning.Add(time.Minute)); !slices.Equal(got, oneTold) {
		t.Fatalf("told %q", got)
	}
	// This one failed before the morning, too, and is recorded only now.
	err = s.db.Settle(morning.Add(-time.Second), first.ID, []list.Settled{{Copy: first.Copies[0], Outcome: list.Failed, Status: "550 no"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.tick(t, morning.Add(2*time.Minute)); len(got) != 0 {
		t.Errorf("told twice on a day: %q", got)
	}
	if due := s.tells(t); !due.Equal(morning.Add(24 * time.Hour)) {
		t.Errorf("due %v", due)
	}
	// Days later, since nothing ran: once, and what failed this morning after seven is for tomorrow.
	s.now = morning.Add(72*time.Hour + time.Hour)
	s.post(t, "3@x")
	s.fates(t, refuse)
	if got := s.tick(t, s.now); !slices.Equal(got, oneTold) {
		t.Errorf("told %q", got)
	}
	if due := s.tells(t); !due.Equal(morning.Add(96 * time.Hour)) {
		t.Errorf("due %v", due)
	}
}

func TestSevenStaysSevenWhenClocksChange(t *testing.T) {
	for name, c := range map[string]struct{ failed, due string }{
		"in spring": {"2026-03-28T12:00:00Z", "2026-03-29T05:00:00Z"},
		"in autumn": {"2026-10-24T12:00:00Z", "2026-10-25T06:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			loc, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			s := newSite(t, func(l *list.List) { l.Location = loc })
			failed, err := time.Parse(time.RFC3339, c.failed)
			if err != nil {
				t.Fatal(err)
			}
			s.tick(t, failed) // what else was due since the store was made is done
			s.members(t, "dede@example.org")
			s.post(t, "1@x")
			s.fates(t, map[string]string{"dede@example.org": "550 no"})
			due := s.tells(t)
			if due.Format(time.RFC3339) != due.Format("2006-01-02T07:00:00Z07:00") || due.UTC().Format(time.RFC3339) != c.due {
				t.Errorf("due %v, want %s", due, c.due)
			}
			if got := s.tick(t, due.Add(-time.Second)); len(got) != 0 {
				t.Errorf("told early: %q", got)
			}
			if got := s.tick(t, due); !slices.Equal(got, oneTold) {
				t.Errorf("told %q", got)
			}
		})
	}
}

// siteAt is a site on a store that may be there already; stop closes it.
func siteAt(t *testing.T, dir string, now time.Time) (s *site, stop func()) {
	t.Helper()
	db, err := store.Open(dir, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s = &site{db: db, now: now}
	s.Engine, err = list.NewEngine(db, s.config(nil), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsToldSurvivesARestart(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, stop := siteAt(t, dir, now)
	s.members(t, "dede@example.org")
	s.post(t, "1@x")
	s.fates(t, map[string]string{"dede@example.org": "550 no"})
	if err := s.TellTripped(peers, 1, "mx.big.example", "550 5.7.26 no", now); err != nil {
		t.Fatal(err)
	}
	s.fates(t, nil)
	stop()
	s, stop = siteAt(t, dir, now)
	if got := s.tick(t, now.Add(24*time.Hour)); !slices.Equal(got, oneTold) {
		t.Errorf("told %q", got)
	}
	stop()
	s, stop = siteAt(t, dir, now)
	defer stop()
	if err := s.TellTripped(peers, 1, "mx.big.example", "550 5.7.26 no", now); err != nil {
		t.Fatal(err)
	}
	if got := s.tick(t, now.Add(48*time.Hour)); len(got) != 0 {
		t.Errorf("told again: %q", got)
	}
}

func TestWhoIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		owners []string
		admin  string
		want   []string
	}{
		"the owners":              {[]string{"amina@example.org", "luis@example.org"}, "admin@example.org", []string{"amina@example.org", "luis@example.org"}},
		"without them the admin":  {nil, "admin@example.org", []string{"admin@example.org"}},
		"without anybody, nobody": {nil, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			cfg := *s.config(func(l *list.List) { l.Owners = c.owners })
			cfg.Admin = c.admin
			if err := s.Configure(list.NewSite(cfg)); err != nil {
				t.Fatal(err)
			}
			s.members(t, "dede@example.org")
			s.post(t, "1@x")
			s.fates(t, map[string]string{"dede@example.org": "550 no"})
			var got []string
			for _, n := range s.tick(t, s.now.Add(24*time.Hour)) {
				to, _, _ := strings.Cut(n, ":")
				got = append(got, to)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("told %q, want %q", got, c.want)
			}
			if due := s.tells(t); !due.IsZero() {
				t.Errorf("something is due at %v", due)
			}
		})
	}
}

func TestMailToPeopleThatFailsIsToldToNobody(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Posting = list.PostHoldOthers })
	if _, err := s.take("x@example.net", "peers@lists.example.org", string(mail("x@example.net", "1@x", "One")), sure); err != nil {
		t.Fatal(err)
	}
	if told, err := s.Reject(1, "amina", "no"); err != nil || !told {
		t.Fatal(told, err)
	}
	if _, err := s.SendNotes(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.receive(mail("x@example.net", "2@x", "Two"), "peers+owner@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	notices, _ := s.fates(t, map[string]string{"x@example.net": "550 no", "amina@example.org": "550 no"})
	if len(notices) != 2 {
		t.Fatalf("%q", notices)
	}
	if due := s.tells(t); !due.IsZero() {
		t.Errorf("something is due at %v", due)
	}
	if got := s.tick(t, s.now.Add(24*time.Hour)); len(got) != 0 {
		t.Errorf("told %q", got)
	}
}

func TestAListThatIsGoneIsToldWhenItIsBack(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "dede@example.org")
	s.post(t, "1@x")
	s.fates(t, map[string]string{"dede@example.org": "550 no"})
	full := s.Site()
	if err := s.Configure(list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org"})); err != nil {
		t.Fatal(err)
	}
	if got := s.tick(t, s.now.Add(24*time.Hour)); len(got) != 0 {
		t.Errorf("told while the list is gone: %q", got)
	}
	// That the post stopped somewhere is the admin's to know meanwhile.
	if err := s.TellTripped(peers, 1, "mx.big.example", "550 5.7.26 no", s.now); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.fates(t, nil); len(got) != 1 || !strings.HasPrefix(got[0], "admin@example.org: peers: a post is refused") {
		t.Errorf("told %q", got)
	}
	if err := s.Configure(full); err != nil {
		t.Fatal(err)
	}
	if got := s.tick(t, s.now.Add(24*time.Hour)); !slices.Equal(got, oneTold) {
		t.Errorf("told %q", got)
	}
	// What waits too long is forgotten with the copies.
	s.now = s.now.Add(48 * time.Hour)
	s.post(t, "2@x")
	s.fates(t, map[string]string{"dede@example.org": "550 no"})
	if s.tells(t).IsZero() {
		t.Error("nothing is due")
	}
	if err := s.db.Prune(s.now.Add(31 * 24 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	if due := s.tells(t); !due.IsZero() {
		t.Errorf("due at %v, though the copies are forgotten", due)
	}
}

func TestManyFailures(t *testing.T) {
	s := newSite(t, nil)
	var csv strings.Builder
	csv.WriteString("address\ndede@example.org\n")
	refused := map[string]string{}
	for i := range 3000 {
		a := fmt.Sprintf("u%d@d%d.example", i, i%7)
		refused[a] = "550 5.1.1 no such user"
		csv.WriteString(a + "\n")
	}
	if _, err := s.ImportMembers(peers, strings.NewReader(csv.String()), list.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetMember(peers, "dede@example.org", []string{"trusted=yes"}); err != nil {
		t.Fatal(err)
	}
	s.post(t, "1@x")
	s.fates(t, refused)
	s.now = s.now.Add(24 * time.Hour)
	if err := s.Tick(context.Background(), s.now); err != nil {
		t.Fatal(err)
	}
	got, raw := s.fates(t, nil)
	if len(got) != 1 || !strings.Contains(got[0], "3000 copies could not") {
		t.Fatalf("told %q", got)
	}
	if text := string(raw[0]); strings.Count(text, ".example\r\n") != 50 || !strings.Contains(text, "and 2950 more") || !strings.Contains(text, "1 copy delivered, 3000 failed.") {
		t.Errorf("%s", text)
	}
	if due := s.tells(t); !due.IsZero() {
		t.Errorf("something is due at %v", due)
	}
}

func TestAPostThatIsRefusedIsToldOfOnce(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Owners = []string{"amina@example.org", "Admin@example.org"} })
	s.members(t, "dede@example.org")
	s.post(t, "1@x")
	s.post(t, "2@x")
	s.fates(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.TellTripped(peers, 1, "mx.big.example", "550 5.7.26 no", s.now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	const subject = "Peers: a post is refused at "
	if got, _ := s.fates(t, nil); !slices.Equal(got, []string{"Admin@example.org: " + subject + "mx.big.example", "amina@example.org: " + subject + "mx.big.example"}) {
		t.Errorf("told %q", got)
	}
	for _, c := range []struct {
		post uint32
		hop  string
		want int
	}{{1, "mx.big.example", 0}, {2, "mx.big.example", 2}, {1, "mx.other.example", 2}, {2, "mx.big.example", 0}} {
		if err := s.TellTripped(peers, c.post, c.hop, "550 5.7.26 no", s.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, _ := s.fates(t, nil); len(got) != c.want {
			t.Errorf("post %d at %s: told %q", c.post, c.hop, got)
		}
	}
	if err := s.TellTripped("nolist@lists.example.org", 1, "h", "550", s.now); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a list that never was: %v", err)
	}
	if err := s.TellTripped(peers, 99, "h", "550", s.now); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a post that never was: %v", err)
	}
}

func TestRefusedCredentialsAreToldOfOnceADay(t *testing.T) {
	s := newSite(t, nil)
	for i, c := range []struct {
		after time.Duration
		hop   string
		want  int
	}{{0, "a.example:587", 1}, {time.Minute, "a.example:587", 0}, {23 * time.Hour, "a.example:587", 0}, {23 * time.Hour, "b.example:587", 1},
		{24 * time.Hour, "a.example:587", 1}, {47 * time.Hour, "a.example:587", 0}} {
		if err := s.TellFrozen(c.hop, "535 5.7.8 no", s.now.Add(c.after)); err != nil {
			t.Fatal(err)
		}
		got, _ := s.fates(t, nil)
		if len(got) != c.want || c.want > 0 && got[0] != "admin@example.org: No mail leaves through "+c.hop {
			t.Errorf("%d: told %q", i, got)
		}
	}
	// What was told 30 days ago is forgotten, and only that.
	if err := s.db.Prune(s.now.Add(30*24*time.Hour + time.Hour)); err != nil {
		t.Fatal(err)
	}
	for hop, known := range map[string]bool{"a.example:587": true, "b.example:587": true, "c.example:587": false} {
		err := s.db.View(func(r list.Reader) error { _, err := r.Told(list.Telling{Kind: "frozen", Hop: hop}); return err })
		if known != (err == nil) {
			t.Errorf("%s: %v", hop, err)
		}
	}
	if err := s.db.Prune(s.now.Add(31 * 24 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	err := s.db.View(func(r list.Reader) error {
		_, err := r.Told(list.Telling{Kind: "frozen", Hop: "a.example:587"})
		return err
	})
	if !errors.Is(err, list.ErrNotFound) {
		t.Errorf("after a month: %v", err)
	}
}
