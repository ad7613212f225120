package list_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
	"convene/store"
)

// owe puts notes as they are.
func (s *site) owe(t *testing.T, all ...list.Note) {
	t.Helper()
	err := s.db.Update(func(tx list.Tx) error {
		for _, n := range all {
			n.Created = s.now
			if _, err := tx.PutNote(n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// owed are the notes that wait, as "text to".
func (s *site) owed(t *testing.T) (all []string) {
	t.Helper()
	err := s.db.View(func(r list.Reader) error {
		return r.Notes(func(n list.Note) error { all = append(all, n.Text+" "+n.To); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// mailed is a mail that was sent.
type mailed struct {
	to, path string
	raw      []byte
	*message.Message
}

// mailed sends the notes that wait, and delivers what there is, in that order.
func (s *site) mailed(t *testing.T) (all []mailed) {
	t.Helper()
	if _, err := s.SendNotes(context.Background()); err != nil {
		t.Fatal(err)
	}
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 100)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return all
		}
		raw, err := s.CopyBytes(c.Out)
		if err != nil {
			t.Fatal(err)
		}
		results := []list.Settled{}
		for _, copy := range c.Copies {
			all = append(all, mailed{copy.Address, c.Out.ReturnPath, raw, message.Parse(raw)})
			results = append(results, list.Settled{Copy: copy, Outcome: list.Delivered})
		}
		if err := s.db.Settle(s.now, c.ID, results); err != nil {
			t.Fatal(err)
		}
	}
}

// goodbyes are notes to so many people.
func goodbyes(n int) (all []list.Note) {
	for i := range n {
		all = append(all, list.Note{List: 1, Text: "goodbye", To: fmt.Sprintf("m%d@x.example", i)})
	}
	return all
}

var secretToken = regexp.MustCompile(`\+(?:confirm|held)-([a-z2-7]{26})@`)

// tokenOf is the token that a notice asks to be answered with.
func tokenOf(t *testing.T, n mailed) string {
	t.Helper()
	m := secretToken.FindStringSubmatch(n.Get("Reply-To"))
	if m == nil {
		t.Fatalf("no token in Reply-To:\n%s", n.raw)
	}
	return m[1]
}

func TestNotesAreSentOnce(t *testing.T) {
	s := newSite(t, nil)
	log := s.logged()
	s.owe(t, goodbyes(50)...)
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 4 {
		wg.Go(func() {
			n, err := s.SendNotes(context.Background())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += n
			mu.Unlock()
		})
	}
	wg.Wait()
	got := map[string]int{}
	for _, n := range s.mailed(t) {
		got[n.to]++
		if n.path != "" || n.Subject() != "You have left Peers" || n.Get("Message-ID") == "" {
			t.Errorf("from <%s>:\n%s", n.path, n.raw)
		}
	}
	if total != 50 || len(got) != 50 || len(s.owed(t)) != 0 || got["m7@x.example"] != 1 {
		t.Errorf("%d were sent, to %v; %d wait", total, got, len(s.owed(t)))
	}
	if n := strings.Count(log.String(), "notice sent"); n != 50 {
		t.Errorf("%d lines in the log", n)
	}
}

// brokenStore breaks off the transactions that Keep runs, before and after their function.
type brokenStore struct {
	list.Store
	keeps  int
	breaks func(keep int) (before, after error)
}

func (s *brokenStore) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	s.keeps++
	before, after := s.breaks(s.keeps)
	if before != nil {
		return before
	}
	return s.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error { return errors.Join(f(tx, ref), after) })
}

// TestABrokenTransactionLosesNothing breaks every single transaction once, at its beginning and at its end: in the end every notice is sent
// once, and as many secrets are good as were sent.
func TestABrokenTransactionLosesNothing(t *testing.T) {
	for _, full := range []error{list.ErrFull, list.ErrBroken, errors.New("anything")} {
		s := newSite(t, nil)
		var notes []list.Note
		for i := range 6 {
			notes = append(notes, list.Note{List: 1, Text: "goodbye", To: fmt.Sprintf("m%d@x.example", i),
				Secret: &list.Secret{Purpose: list.ForProbe, List: 1, Address: fmt.Sprintf("m%d@x.example", i), Expires: s.now.Add(time.Hour)}})
		}
		s.owe(t, notes...)
		s.Store = &brokenStore{Store: s.db, breaks: func(keep int) (before, after error) {
			switch keep % 3 {
			case 1:
				return full, nil
			case 2:
				return nil, full
			}
			return nil, nil
		}}
		for range 12 {
			if n, err := s.SendNotes(context.Background()); n != 0 && n != 1 || !errors.Is(err, full) {
				t.Fatalf("%d sent, %v", n, err)
			}
		}
		got := s.mailed(t)
		tokens := map[string]bool{}
		for i, n := range got {
			if n.to != fmt.Sprintf("m%d@x.example", i) {
				t.Errorf("notice %d is for %s", i, n.to)
			}
			token := tokenOf(t, n)
			if _, err := s.Route("peers+confirm-" + token + "@lists.example.org"); err != nil || tokens[token] {
				t.Errorf("the token of notice %d: %v", i, err)
			}
			tokens[token] = true
		}
		if len(got) != 6 || len(s.owed(t)) != 0 {
			t.Errorf("%v: %d sent, %d wait", full, len(got), len(s.owed(t)))
		}
		secrets := 0
		err := s.db.View(func(r list.Reader) error {
			return r.SecretsOf(1, list.ForProbe, 0, func(list.Secret) error { secrets++; return nil })
		})
		if err != nil || secrets != 6 {
			t.Errorf("%v: %d secrets, %v", full, secrets, err)
		}
	}
}

// TestNotesOutliveTheEngine: another engine on the same store sends what the first one owed.
func TestNotesOutliveTheEngine(t *testing.T) {
	s := newSite(t, nil)
	s.owe(t, goodbyes(3)...)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if n, err := s.SendNotes(ended); n != 0 || err != nil {
		t.Errorf("after the end: %d, %v", n, err)
	}
	e, err := list.NewEngine(s.db, s.Site(), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := e.SendNotes(context.Background()); n != 3 || err != nil {
		t.Errorf("%d sent, %v", n, err)
	}
	if n, err := s.SendNotes(context.Background()); n != 0 || err != nil {
		t.Errorf("again: %d sent, %v", n, err)
	}
}

// TestANoteThatCannotBeWritten is set aside after three tries, keeps no other back, and is tried again when the config changes.
func TestANoteThatCannotBeWritten(t *testing.T) {
	for name, c := range map[string]struct {
		note list.Note
		mend func(*site)
		sent bool // after the mending
	}{
		"a list that is gone": {list.Note{List: 2, Text: "goodbye", To: "a@x.example"}, func(s *site) {
			conf := *s.Site()
			conf.Lists = append(conf.Lists, &list.List{Address: "news@lists.example.org"})
			if err := s.Configure(list.NewSite(conf)); err != nil {
				t.Error(err)
			}
		}, true},
		"a text that there is not":   {list.Note{List: 1, Text: "unheard", To: "a@x.example"}, nil, false},
		"an address that is none":    {list.Note{List: 1, Text: "goodbye", To: "a b@x.example\r\nBcc: v@x"}, nil, false},
		"an address of two":          {list.Note{List: 1, Text: "goodbye", To: "a@x.example, b@x.example"}, nil, false},
		"a message that is not kept": {list.Note{List: 1, Text: "goodbye", To: "a@x.example", Enclosed: list.Ref{Segment: 1, Offset: 1 << 40, Length: 9}}, nil, false},
		"an answer to the site":      {list.Note{Text: "goodbye", To: "a@x.example", Secret: &list.Secret{Purpose: list.ForConfirm, Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			if c.note.List == 2 {
				if err := s.db.Update(func(tx list.Tx) error { _, err := tx.EnsureList("news@lists.example.org", nil); return err }); err != nil {
					t.Fatal(err)
				}
			}
			log := s.logged()
			s.owe(t, c.note)
			s.owe(t, goodbyes(40)...)
			if n, err := s.SendNotes(context.Background()); n != 40 || err != nil {
				t.Fatalf("%d sent, %v", n, err)
			}
			for range 5 {
				if n, err := s.SendNotes(context.Background()); n != 0 || err != nil {
					t.Fatalf("%d sent, %v", n, err)
				}
			}
			if text := log.String(); strings.Count(text, "notice not written") != 3 || strings.Count(text, "set_aside=true") != 1 {
				t.Errorf("logged %s", text)
			}
			if c.mend == nil {
				c.mend = func(s *site) {
					if err := s.Configure(s.Site()); err != nil {
						t.Error(err)
					}
				}
			}
			c.mend(s)
			if n, err := s.SendNotes(context.Background()); (n == 1) != c.sent || err != nil {
				t.Errorf("after a reload: %d sent, %v", n, err)
			}
			if left := s.owed(t); (len(left) == 0) != c.sent {
				t.Errorf("%q wait", left)
			}
			if err := s.db.Update(func(tx list.Tx) error { // so that the store may be verified
				return tx.Notes(func(n list.Note) error { return tx.DeleteNote(n.ID) })
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestANoteOfTheSite(t *testing.T) {
	s := newSite(t, nil)
	s.owe(t, list.Note{Text: "goodbye", To: "a@x.example"})
	got := s.mailed(t)
	if len(got) != 1 || got[0].Mailboxes("From")[0].Addr != "postmaster@mx.example.org" || got[0].Count("List-Id") != 0 ||
		!strings.HasSuffix(got[0].MessageID(), "@mx.example.org") {
		t.Errorf("%d: %s", len(got), got[0].raw)
	}
}

// TestWhatIsTooLateIsNotSent: a question that nobody could answer in time any more, and one that was decided while it waited.
func TestWhatIsTooLateIsNotSent(t *testing.T) {
	s := newSite(t, nil)
	secret := func(subject uint64, expires time.Duration) *list.Secret {
		return &list.Secret{Purpose: list.ForHeld, List: 1, Address: "a@x.example", Subject: subject, Expires: s.now.Add(expires)}
	}
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: "late@x.example", Secret: secret(1, 0)}, list.Note{List: 1, Text: "goodbye", To: "decided@x.example", Secret: secret(2, time.Hour)},
		list.Note{List: 1, Text: "goodbye", To: "asked@x.example", Secret: secret(3, time.Hour)}, list.Note{List: 1, Text: "goodbye", To: "told@x.example"})
	if err := s.db.Update(func(tx list.Tx) error { return list.Spend(tx, 1, list.ForHeld, 2, "approved") }); err != nil {
		t.Fatal(err)
	}
	got := s.mailed(t)
	if len(got) != 2 || got[0].to != "asked@x.example" || got[1].to != "told@x.example" || len(s.owed(t)) != 0 {
		t.Errorf("sent %d, wait %q", len(got), s.owed(t))
	}
}

// TestADecisionBetweenWritingAndSending: the note was read, and is spent before the mail is kept.
func TestADecisionBetweenWritingAndSending(t *testing.T) {
	s := newSite(t, nil)
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: "a@x.example", Secret: &list.Secret{Purpose: list.ForHeld, List: 1, Subject: 2, Expires: s.now.Add(time.Hour)}})
	s.Store = &brokenStore{Store: s.db, breaks: func(int) (error, error) {
		if err := s.db.Update(func(tx list.Tx) error { return list.Spend(tx, 1, list.ForHeld, 2, "approved") }); err != nil {
			t.Error(err)
		}
		return nil, nil
	}}
	if n, err := s.SendNotes(context.Background()); n != 0 || err != nil {
		t.Errorf("%d sent, %v", n, err)
	}
	if got := s.mailed(t); len(got) != 0 {
		t.Errorf("sent %s", got[0].raw)
	}
}

func TestEnclosedNote(t *testing.T) {
	s := newSite(t, nil)
	enclosed := []byte("From: a@x.example\r\nSubject: Gr\xfc\xdfe\r\n\r\nHello \xff.\r\n")
	err := s.db.Keep(enclosed, func(tx list.Tx, ref list.Ref) error {
		_, err := tx.PutNote(list.Note{List: 1, Text: "goodbye", To: "a@x.example", Enclosed: ref, MessageID: "fixed@lists.example.org", Thread: "first@lists.example.org"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	got := s.mailed(t)
	if len(got) != 1 || !bytes.Contains(got[0].raw, enclosed) || got[0].MessageID() != "fixed@lists.example.org" || got[0].Get("References") != "<first@lists.example.org>" {
		t.Errorf("%d: %s", len(got), got[0].raw)
	}
}

// TestTicksSendNotes: what could not be sent when it was owed is sent when the house is kept.
func TestTicksSendNotes(t *testing.T) {
	s := newSite(t, nil)
	s.owe(t, goodbyes(1)...)
	if err := s.Tick(context.Background(), s.now); err != nil {
		t.Fatal(err)
	}
	if left := s.owed(t); len(left) != 0 {
		t.Errorf("%q wait", left)
	}
}

// BenchmarkSendNotes is how long a notice takes from being owed to being in the outbox.
func BenchmarkSendNotes(b *testing.B) {
	db, err := store.Open(b.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	s := &site{db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	if s.Engine, err = list.NewEngine(db, s.config(nil), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		if err := db.Update(func(tx list.Tx) error { _, err := tx.PutNote(goodbyes(1)[0]); return err }); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if n, err := s.SendNotes(context.Background()); n != 1 || err != nil {
			b.Fatal(n, err)
		}
	}
}
