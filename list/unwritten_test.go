package list_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"convene/list"
)

// says gives a site texts of its own in French and Swahili, which fail with a value that is longer than those that they are tried on.
func (s *site) says(t *testing.T, body string) {
	t.Helper()
	file := &fstest.MapFile{Data: []byte("{{define \"goodbye.subject\"}}Salut{{end}}\n{{define \"goodbye.body\"}}\n" + body + "{{end}}")}
	texts, err := list.LoadTexts(fstest.MapFS{"fr.tmpl": file, "sw.tmpl": file})
	if err != nil {
		t.Fatal(err)
	}
	conf := *s.Site()
	conf.Texts = texts
	if err := s.Configure(list.NewSite(conf)); err != nil {
		t.Fatal(err)
	}
}

const failsWhenLong = `Salut.{{if gt (len .Values.done) 20}}{{index .Values.done 100000}}{{end}}`

// leaves owes somebody a goodbye in a language.
func (s *site) leaves(t *testing.T, to, language string) {
	t.Helper()
	s.owe(t, list.Note{List: 1, Text: "goodbye", To: to, Language: language, Values: map[string]string{"done": "unsubscribe\n  You have left the list."}})
}

// TestATextThatFailsGivesWay: what is built in is said in the same language, the log has the place of the fault, and the admin hears of it once a day.
func TestATextThatFailsGivesWay(t *testing.T) {
	s := newSite(t, nil)
	log := s.logged()
	s.says(t, failsWhenLong)
	s.leaves(t, "dede@x.example", "fr")
	s.leaves(t, "zuri@x.example", "sw")
	s.leaves(t, "luis@x.example", "es")
	got := s.mailed(t)
	want := []string{"dede@x.example: Vous avez quitté Peers", "zuri@x.example: You have left Peers", "luis@x.example: Ha salido de Peers", "admin@example.org: A text of yours failed"}
	for i, m := range got {
		if line := m.to + ": " + m.Subject(); i >= len(want) || line != want[i] {
			t.Errorf("mail %d is %s", i, line)
		}
	}
	if len(got) != len(want) || got[0].Get("Content-Language") != "fr" {
		t.Fatalf("%d mails", len(got))
	}
	if text := string(got[3].raw); !strings.Contains(text, "- fr.tmpl:3:39: ") || !strings.Contains(text, "- sw.tmpl:3:39: ") || strings.Contains(text, "unsubscribe") {
		t.Errorf("the admin is told\n%s", text)
	}
	if text := log.String(); strings.Count(text, "text failed") != 2 || !strings.Contains(text, "file=fr.tmpl line=3 column=39") || strings.Contains(text, "unsubscribe") {
		t.Errorf("logged %s", text)
	}
	if left, err := s.NotesWaiting(); left != 0 || err != nil {
		t.Errorf("%d wait, %v", left, err)
	}

	s.now = s.now.Add(23 * time.Hour)
	s.leaves(t, "noor@x.example", "fr")
	if got := s.mailed(t); len(got) != 1 || got[0].to != "noor@x.example" {
		t.Errorf("within a day: %d mails", len(got))
	}
	s.now = s.now.Add(time.Hour)
	if got := s.mailed(t); len(got) != 1 || got[0].to != "admin@example.org" || !strings.Contains(string(got[0].raw), "- fr.tmpl:3:39: ") || strings.Contains(string(got[0].raw), "sw.tmpl") {
		t.Errorf("of what failed meanwhile, a day later: %d mails", len(got))
	}
	s.now = s.now.Add(48 * time.Hour)
	if got := s.mailed(t); len(got) != 0 {
		t.Errorf("told of nothing: %s", got[0].raw)
	}
}

// TestAPhraseThatFailsGivesWay, as the page of a confirmation and the answers to commands need it.
func TestAPhraseThatFailsGivesWay(t *testing.T) {
	s := newSite(t, nil)
	texts, err := list.LoadTexts(fstest.MapFS{"en.tmpl": {Data: []byte(`{{define "owners-of.phrase"}}{{if gt (len .Values.title) 20}}{{index .Values.title 100000}}{{end}}Owners{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	conf := *s.Site()
	long := *conf.Lists[0]
	long.Name = "Peers with a name that is longer than others"
	conf.Lists, conf.Texts = []*list.List{&long}, texts
	if err := s.Configure(list.NewSite(conf)); err != nil {
		t.Fatal(err)
	}
	s.members(t, "dede@example.org")
	s.post(t, "1@x")
	s.fates(t, nil)
	if err := s.TellTripped(peers, 1, "mx.big.example", "550 5.7.26 no", s.now); err != nil {
		t.Fatal(err)
	}
	got := s.mailed(t)
	if len(got) != 3 || !strings.Contains(got[0].Get("To"), "Owners of Peers with a name") {
		t.Fatalf("%d mails", len(got))
	}
	if last := got[2]; last.to != "admin@example.org" || !strings.Contains(string(last.raw), "- en.tmpl:1:63: ") {
		t.Errorf("told %s", last.raw)
	}
}

// TestNotesThatAreSetAsideAreToldOf once a day as long as there are some, whatever engine does it; a telling that is broken off is told later.
func TestNotesThatAreSetAsideAreToldOf(t *testing.T) {
	s := newSite(t, nil)
	s.owe(t, list.Note{List: 1, Text: "unheard", To: "a@x.example"}, list.Note{List: 1, Text: "unheard", To: "b@x.example"})
	full := errors.New("full")
	s.Store = &brokenStore{Store: s.db, breaks: func(int) (error, error) { return nil, full }}
	for i := range 3 {
		if left, err := s.NotesWaiting(); left != 0 || err != nil {
			t.Errorf("after %d tries %d wait, %v", i, left, err)
		}
		if _, err := s.SendNotes(context.Background()); (err != nil) != (i == 2) || err != nil && !errors.Is(err, full) {
			t.Fatal(err)
		}
	}
	s.Store = s.db
	told := func(s *site, want int) {
		t.Helper()
		got := s.mailed(t)
		if len(got) != want || want > 0 && (got[0].to != "admin@example.org" || got[0].Subject() != "2 notices could not be written") {
			t.Errorf("%d mails, want %d", len(got), want)
		}
		if left, err := s.NotesWaiting(); left != 2 || err != nil {
			t.Errorf("%d wait, %v", left, err)
		}
	}
	told(s, 1)
	told(s, 0)
	s.now = s.now.Add(23 * time.Hour)
	told(s, 0)
	e, err := list.NewEngine(s.db, s.Site(), func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	again := &site{Engine: e, db: s.db, now: s.now}
	for range 3 {
		if n, err := e.SendNotes(context.Background()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
	}
	told(again, 0)
	s.now = s.now.Add(time.Hour)
	told(s, 1)
	if err := s.Configure(s.Site()); err != nil {
		t.Fatal(err)
	}
	if left, err := s.NotesWaiting(); left != 0 || err != nil {
		t.Errorf("after a reload %d wait, %v", left, err)
	}
	if err := s.db.Update(func(tx list.Tx) error { // so that the store may be verified
		return tx.Notes(func(n list.Note) error { return tx.DeleteNote(n.ID) })
	}); err != nil {
		t.Fatal(err)
	}
}
