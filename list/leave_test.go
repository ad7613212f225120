package list_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// personal is what the copy of a post to a member has of its own, as if the post had been accepted now.
func (s *site) personal(t *testing.T, post uint32, address string) (bounce, leave string) {
	t.Helper()
	var m list.Member
	var rec list.Record
	err := s.db.View(func(r list.Reader) (err error) {
		if rec, err = r.List("peers@lists.example.org"); err == nil {
			m, err = r.Member(rec.ID, address)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out := list.Outgoing{List: rec.ID, Post: post, Accepted: s.now, Style: list.Style{List: "peers@lists.example.org", Personal: true}}
	p, err := s.Personal(&out, &list.Copy{Number: m.Number, Address: m.Address, Generation: m.Generation})
	if err != nil {
		t.Fatal(err)
	}
	uri := message.Parse(p.Fields).Get("List-Unsubscribe")
	_, leave, _ = strings.Cut(uri, "+leave-")
	leave, _, _ = strings.Cut(leave, "@")
	if len(leave) != 26 {
		t.Fatalf("no leave token in %q", uri)
	}
	return p.ReturnPath, leave
}

func (s *site) isMember(t *testing.T, address string) bool {
	t.Helper()
	_, err := s.Member("peers@lists.example.org", address)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// logged makes the engine log into a buffer.
func (s *site) logged() *bytes.Buffer {
	b := new(bytes.Buffer)
	s.Log = slog.New(slog.NewTextHandler(b, nil))
	return b
}

// TestWhatALeavingSpeaks: the member's language, or the list's; of who has left nothing is known but the list's.
func TestWhatALeavingSpeaks(t *testing.T) {
	s := newSite(t, func(l *list.List) { l.Language = "es" })
	s.members(t, "ann@x.example", "bob@y.example")
	if _, err := s.SetMember("peers@lists.example.org", "ann@x.example", []string{"language=fr"}); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{"ann@x.example": "fr", "bob@y.example": "es"} {
		_, token := s.personal(t, 1, address)
		if got, err := s.Leaving(token); err != nil || got.Language != want {
			t.Errorf("%s: %+v, %v", address, got, err)
		}
		if got, err := s.Leave(token, "page"); err != nil || got.Language != want {
			t.Errorf("%s leaves: %+v, %v", address, got, err)
		}
		if got, err := s.Leave(token, "page"); err != nil || got.Language != "es" {
			t.Errorf("%s has left: %+v, %v", address, got, err)
		}
	}
}

func TestLeave(t *testing.T) {
	s := newSite(t, nil)
	log := s.logged()
	s.members(t, "ann@x.example", "bob@y.example")
	_, token := s.personal(t, 1, "ann@x.example")
	want := list.Leaving{List: "peers@lists.example.org", Title: "Peers", Member: "ann@x.example"}
	for range 3 { // looking changes nothing, however often a scanner looks
		if got, err := s.Leaving(token); err != nil || got != want {
			t.Fatalf("Leaving: %+v, %v; want %+v", got, err, want)
		}
	}
	if got, err := s.Leave(strings.ToUpper(token), "page"); err != nil || got != want {
		t.Fatalf("Leave: %+v, %v; want %+v", got, err, want)
	}
	want.Member, want.Gone = "", true
	for range 2 {
		if got, err := s.Leave(token, "page"); err != nil || got != want {
			t.Errorf("Leave again: %+v, %v; want %+v", got, err, want)
		}
	}
	if got, err := s.Leaving(token); err != nil || got != want {
		t.Errorf("Leaving after it: %+v, %v; want %+v", got, err, want)
	}
	if s.isMember(t, "ann@x.example") || !s.isMember(t, "bob@y.example") {
		t.Error("the wrong one left")
	}
	if got := s.claimed(t); len(got) != 1 || len(got["ann@x.example"]) != 1 || got["ann@x.example"][0] != " You have left Peers" {
		t.Errorf("sent %q, want one goodbye with a null return path", got)
	}
	if text := log.String(); strings.Count(text, "member left") != 1 || !strings.Contains(text, "by=page") || !strings.Contains(text, "number=1") ||
		strings.Contains(strings.ToLower(text), token) {
		t.Errorf("logged %s", text)
	}
	for _, wrong := range []string{"", "x", token[:25] + "a", strings.Repeat("a", 26)} {
		if wrong == token {
			continue
		}
		if got, err := s.Leaving(wrong); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("Leaving(%q): %+v, %v", wrong, got, err)
		}
		if got, err := s.Leave(wrong, "page"); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("Leave(%q): %+v, %v", wrong, got, err)
		}
	}
}

func TestGoodbye(t *testing.T) {
	for state, told := range map[list.State]bool{list.Active: true, list.Paused: true, list.Bouncing: false, list.Disabled: false} {
		s := newSite(t, func(l *list.List) { l.Name = "Pärs" })
		s.members(t, "ann@x.example")
		if _, err := s.SetMember("peers@lists.example.org", "ann@x.example", []string{"state=" + string(state), "name=Ann Ü"}); err != nil {
			t.Fatal(err)
		}
		_, token := s.personal(t, 1, "ann@x.example")
		if got, err := s.Leave(token, "page"); err != nil || got.Gone || s.isMember(t, "ann@x.example") {
			t.Fatalf("%s: %+v, %v", state, got, err)
		}
		if n, err := s.SendNotes(context.Background()); err != nil || (n == 1) != told {
			t.Fatalf("%s: %d notices sent, %v", state, n, err)
		}
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 9)
		if err != nil || ok != told {
			t.Fatalf("%s: a notice: %v, %v", state, ok, err)
		}
		if !told {
			continue
		}
		raw, err := s.CopyBytes(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		m := message.Parse(raw)
		if c.Out.ReturnPath != "" || c.Out.Personal() || m.Check() != nil || m.Get("Auto-Submitted") != "auto-generated" || m.Subject() != "You have left Pärs" ||
			!strings.Contains(string(raw), "List-Id: ") || m.Mailboxes("From")[0].Addr != "peers+owner@lists.example.org" ||
			!strings.Contains(m.Text(1000), "Pärs <peers@lists.example.org>") || m.Count("List-Unsubscribe") != 0 {
			t.Errorf("%s: from <%s>:\n%s", state, c.Out.ReturnPath, raw)
		}
	}
}

func TestLeaveByMail(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		raw  string
	}{
		"an empty mail of somebody else":  {"else@z.example", "From: else@z.example\r\n\r\n"},
		"one without a return path":       {"", "From: MAILER-DAEMON@z.example\r\nAuto-Submitted: auto-replied\r\n\r\nbounced\r\n"},
		"one that says the opposite":      {"ann@x.example", "From: ann@x.example\r\nSubject: stay\r\n\r\nI want to stay\r\n"},
		"one that nobody can read":        {"ann@x.example", "\x00 no header\nbare line ends"},
		"one that has been round too far": {"ann@x.example", strings.Repeat("Received: from x by y\r\n", 200) + "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			log := s.logged()
			s.members(t, "ann@x.example")
			_, token := s.personal(t, 1, "ann@x.example")
			address := "PEERS+LEAVE-" + strings.ToUpper(token) + "@Lists.Example.org"
			for i := range 2 {
				receipt, err := s.receiveFrom(c.from, []byte(c.raw), address)
				if err != nil || receipt.Action != "leave" {
					t.Fatalf("time %d: %+v, %v", i+1, receipt, err)
				}
			}
			if s.isMember(t, "ann@x.example") {
				t.Error("still a member")
			}
			if got := s.claimed(t); len(got) != 1 || len(got["ann@x.example"]) != 1 {
				t.Errorf("sent %q", got)
			}
			if text := log.String(); strings.Count(text, "member left") != 1 || !strings.Contains(text, "by=mail") || strings.Contains(strings.ToLower(text), token) {
				t.Errorf("logged %s", text)
			}
		})
	}
}

func (s *site) receiveFrom(from string, raw []byte, targets ...string) (list.Receipt, error) {
	in := &list.Incoming{Raw: raw, Envelope: list.Envelope{ID: s.id(), From: from, Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.now}}
	for _, a := range targets {
		target, err := s.Route(a)
		if err != nil {
			return list.Receipt{}, err
		}
		in.Targets = append(in.Targets, target)
	}
	return s.Receive(context.Background(), in)
}

// TestMarksAreRefusedLikeAnyUnknownAddress: at RCPT, in the same words, whatever is wrong with them.
func TestMarksAreRefusedLikeAnyUnknownAddress(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	if _, err := s.receive(mail("ann@x.example", "1@x", "One")); err != nil {
		t.Fatal(err)
	}
	bounce, leave := s.personal(t, 1, "ann@x.example")
	bounce = strings.TrimSuffix(strings.TrimPrefix(bounce, "peers+bounce-"), "@lists.example.org")
	_, unknown := s.Route("peers+nonsense@lists.example.org")
	if reason(unknown) != list.NoSuchAddress {
		t.Fatal(unknown)
	}
	for _, local := range []string{"peers+leave-" + bounce, "peers+bounce-" + leave, "peers+leave-" + leave[:25], "peers+leave-" + leave + "a",
		"peers+leave-" + strings.Repeat("a", 26), "peers+bounce-" + strings.Repeat("7", 26), "peers+leave-", "peers+bounce-"} {
		if target, err := s.Route(local + "@lists.example.org"); err == nil || err.Error() != unknown.Error() {
			t.Errorf("%s: %+v, %v; want %v", local, target, err, unknown)
		}
	}
	for _, local := range []string{"peers+leave-" + leave, "peers+bounce-" + bounce} {
		for _, a := range []string{local + "@lists.example.org", strings.ToUpper(local) + "@LISTS.EXAMPLE.ORG"} {
			if _, err := s.Route(a); err != nil {
				t.Errorf("%s: %v", a, err)
			}
		}
	}
}

// TestRevokedBetweenRcptAndData: what was good at RCPT is asked again.
func TestRevokedBetweenRcptAndData(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	if _, err := s.receive(mail("ann@x.example", "1@x", "One")); err != nil {
		t.Fatal(err)
	}
	for _, which := range []string{"bounce", "leave"} {
		address, leave := s.personal(t, 1, "ann@x.example")
		if which == "leave" {
			address = "peers+leave-" + leave + "@lists.example.org"
		}
		target, err := s.Route(address)
		if err != nil {
			t.Fatal(err)
		}
		err = s.db.Update(func(tx list.Tx) error {
			m, err := tx.Member(1, "ann@x.example")
			if err == nil {
				m.Generation++
				_, err = tx.PutMember(m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		in := &list.Incoming{Raw: []byte("From: a@b.example\r\n\r\n"), Targets: []list.Target{target}, Envelope: list.Envelope{ID: s.id(), Received: s.now}}
		if _, err := s.Receive(context.Background(), in); reason(err) != list.NoSuchAddress {
			t.Errorf("%s: %v", target, err)
		}
	}
	if !s.isMember(t, "ann@x.example") {
		t.Error("left by a revoked mark")
	}
}

// TestLinksOutliveNamesAndKeys: a link works after the list was renamed and its key replaced, for more than a year, and then no more.
func TestLinksOutliveNamesAndKeys(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	start := s.now
	_, token := s.personal(t, 1, "ann@x.example")
	if err := s.Configure(s.config(func(l *list.List) { l.Address, l.Was = "people@lists.example.org", []string{"peers@lists.example.org"} })); err != nil {
		t.Fatal(err)
	}
	var rotations []int
	live := true
	for live {
		due, ok := s.NextDue()
		if !ok || due.Before(s.now) {
			t.Fatalf("next due %v, %v; now %v", due, ok, s.now)
		}
		if _, err := s.Leaving(token); err != nil {
			t.Fatalf("after %d days: %v", int(s.now.Sub(start).Hours()/24), err)
		}
		for _, a := range []string{"people+leave-", "peers+leave-"} {
			if _, err := s.Route(a + token + "@lists.example.org"); err != nil {
				t.Fatalf("after %d days: %s: %v", int(s.now.Sub(start).Hours()/24), a, err)
			}
		}
		s.now = due
		if err := s.Tick(context.Background(), s.now); err != nil {
			t.Fatal(err)
		}
		rotations = append(rotations, int(s.now.Sub(start).Hours()/24))
		_, err := s.Leaving(token)
		if live = err == nil; !live && !errors.Is(err, list.ErrNotFound) {
			t.Fatal(err)
		}
	}
	if len(rotations) != 6 || rotations[0] != 90 || rotations[4] != 450 || rotations[5] != 490 {
		t.Errorf("something was due on days %v", rotations)
	}
	if _, err := s.Route("people+leave-" + token + "@lists.example.org"); reason(err) != list.NoSuchAddress {
		t.Errorf("a mark of a key that is gone: %v", err)
	}
	var keys list.MarkKeys
	if err := s.db.View(func(r list.Reader) (err error) { keys, err = r.MarkKeys(); return err }); err != nil || len(keys) != 5 || keys[0].ID != 1 {
		t.Errorf("keys %v, %v", keys, err)
	}
}

// TestKeysOutliveTheEngine: another engine on the same store reads the same marks, until a key that leaked is taken away.
func TestKeysOutliveTheEngine(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	bounce, token := s.personal(t, 1, "ann@x.example")
	again := func() *site {
		e, err := list.NewEngine(s.db, s.Site(), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return &site{Engine: e, db: s.db, now: s.now}
	}
	other := again()
	if got, err := other.Leaving(token); err != nil || got.Member != "ann@x.example" {
		t.Errorf("%+v, %v", got, err)
	}
	if b, l := other.personal(t, 1, "ann@x.example"); b != bounce || l != token {
		t.Errorf("another engine makes other marks: %s, %s", b, l)
	}
	if err := s.db.Update(func(tx list.Tx) error { return tx.DeleteMarkKey(0) }); err != nil {
		t.Fatal(err)
	}
	other = again()
	if got, err := other.Leaving(token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, l := other.personal(t, 1, "ann@x.example"); l == token {
		t.Error("the new key is the old one")
	}
}

// fullStore has no room for changes while it is full.
type fullStore struct {
	list.Store
	full bool
}

func (s *fullStore) Update(f func(list.Tx) error) error {
	return s.Store.Update(func(tx list.Tx) error {
		before, err := tx.MarkKeys()
		if err == nil {
			err = f(tx)
		}
		if after, _ := tx.MarkKeys(); err == nil && s.full && len(after) > len(before) {
			return list.ErrFull
		}
		return err
	})
}

// TestNoRoomForTheFirstKey: a full disk keeps nobody from starting, and the key is made when there is room.
func TestNoRoomForTheFirstKey(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	if err := s.db.Update(func(tx list.Tx) error { return tx.DeleteMarkKey(0) }); err != nil {
		t.Fatal(err)
	}
	full := &fullStore{Store: s.db, full: true}
	e, err := list.NewEngine(full, s.Site(), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	out := &list.Outgoing{List: 1, Post: 1, Style: list.Style{List: "peers@lists.example.org"}, Accepted: s.now}
	if p, err := e.Personal(out, &list.Copy{Number: 1}); err == nil {
		t.Errorf("marks without a key: %+v", p)
	}
	if _, err := e.Route("peers+leave-" + strings.Repeat("a", 26) + "@lists.example.org"); reason(err) != list.NoSuchAddress {
		t.Error(err)
	}
	if err := e.Tick(context.Background(), s.now); !errors.Is(err, list.ErrFull) {
		t.Errorf("still full: %v", err)
	}
	full.full = false
	if err := e.Tick(context.Background(), s.now); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Personal(out, &list.Copy{Number: 1}); err != nil {
		t.Error(err)
	}
}
