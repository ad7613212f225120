package digest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// missedStage has a member who is away while others write.
func missedStage(t *testing.T) *stage {
	s := idleStage(t, nil)
	bread := s.post(member(1), "Bread", "How do you bake bread at home?", "")
	milk := s.post(member(4), "Milk", "Where do you buy milk in the city?", "")
	s.tick()
	s.advance("2026-05-05 09:00")
	s.order(member(1), "pause until 2026-05-20")
	s.advance("2026-05-06 09:00")
	pot := s.post(member(4), "Re: Bread", "Good morning. I bake it in a pot on the fire. It takes an hour.", bread.MessageID)
	s.post(member(2), "Re: Bread", "How do people in other villages keep their flour dry during the rains?", pot.MessageID)
	s.post(member(3), "Re: Milk", "We have a cow of our own.", milk.MessageID)
	s.post(member(2), "Salt <b>", "I carry salt from the coast every month.", "")
	p := &list.Publication{List: s.list, Key: "remote/weekly/1", Kind: "weekly", Editions: []list.Edition{
		{Letter: list.Letter{Subject: "Week 1: what we heard", Text: "Nine of us wrote.\n\nMost bake at night.\n", Language: "en"}},
		{Letter: list.Letter{Subject: "Semaine 1", Text: "Neuf d'entre nous ont écrit.\n", Language: "fr"}}}}
	err := s.Publish(p, s.time(), func(tx list.Tx, send func() (list.Post, error)) error { _, err := send(); return err })
	if err != nil {
		t.Fatal(err)
	}
	s.tick()
	return s
}

// TestCatchUpBehindABreak: answers to the member first, then what is open, summaries, events, other topics; from a machine to one person.
func TestCatchUpBehindABreak(t *testing.T) {
	s := missedStage(t)
	s.discussion.Event.Start = s.clock("2026-06-01 15:00")
	s.advance("2026-05-20 09:00")
	all := s.mails(member(1), "catchup")
	if len(all) != 1 || !all[0].At.Equal(s.clock("2026-05-20 00:00")) {
		t.Fatalf("%d catch-ups: %s", len(all), s.outline())
	}
	m := all[0]
	text := m.text()
	flat, at := strings.Join(strings.Fields(text), " "), 0
	for _, want := range []string{"Dear Dede Mensah,", "your break is over", "Start anywhere. Nobody expects you to read back.", "Replies to you", "Tomás", "I bake it in a pot on the fire.", "Open, where you wrote too",
		"keep their flour dry", "Summaries", "Week 1: what we heard", "Most bake at night.", "To come", "World Café", "Other topics", "Salt <b>", "Awa Diallo", "Milk", "How you get mail"} {
		if want == "Tomás" { // who wrote that is the fourth member
			want = memberName(4)
		}
		i := strings.Index(flat[at:], want)
		if i < 0 {
			t.Fatalf("%q is not there, or not behind what is before it:\n%s", want, text)
		}
		at += i
	}
	if m.Subject != "Since Tuesday 5 May: 1 reply to you, 1 open question" {
		t.Errorf("its subject is %q", m.Subject)
	}
	if to := m.replyTo(); to != "peers+facilitator@lists.example.org" {
		t.Errorf("an answer goes to %s", to)
	}
	if len(m.Raw) > 30_000 {
		t.Errorf("it has %d octets", len(m.Raw))
	}
	s.advance("2026-05-25 09:00")
	if n := len(s.mails("", "catchup")); n != 1 {
		t.Errorf("%d catch-ups went out", n)
	}
}

// TestCatchUpByMail: in the reader's language, since the day that they say, or since the last one.
func TestCatchUpByMail(t *testing.T) {
	s := missedStage(t)
	s.advance("2026-05-07 09:00")
	s.order(member(2), "catchup")
	first := s.last(member(2), "catchup")
	if !strings.Contains(first.text(), "Neuf d'entre nous ont écrit.") || strings.Contains(first.text(), "keep their flour") {
		t.Errorf("a French reader got\n%s", first.text())
	}
	if strings.Contains(string(first.Raw), "text/html") {
		t.Error("who did not ask for HTML got it")
	}
	s.advance("2026-05-08 09:00")
	s.order(member(2), "catchup", "set format html")
	if second := s.last(member(2), "catchup"); !strings.HasPrefix(second.Subject, "Depuis le jeudi 7 mai") && !strings.HasPrefix(second.Subject, "Depuis jeudi 7 mai") || !strings.Contains(second.text(), "Personne n’a écrit") {
		t.Errorf("the next says %q\n%s", second.Subject, second.text())
	}
	s.advance("2026-05-09 09:00")
	s.order(member(2), "catchup 2026-05-05")
	third := s.last(member(2), "catchup")
	if !strings.Contains(third.text(), "Bread") || !strings.Contains(string(third.Raw), "text/html") {
		t.Errorf("since a day:\n%s", third.Raw)
	}
	s.order(member(2), "set quote no")
	s.order(member(4), "set quote no", "catchup 2026-05-05")
	if text := s.last(member(4), "catchup").text(); !strings.Contains(text, memberName(2)) || strings.Contains(text, "salt from the coast") {
		t.Errorf("who is not to be quoted is:\n%s", text)
	}
}

// TestALongCatchUpIsShort: whatever was written, one mail of 30 kB has it.
func TestALongCatchUpIsShort(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set format html")
	for n := range 60 {
		s.post(member(2+n%3), fmt.Sprintf("Topic %d of a list that talks", n), strings.Repeat(fmt.Sprintf("This is sentence %d and it is rather long as sentences go. ", n), 20), "")
		text := strings.Repeat("Words that were said in a week, all of them good.\n\n", 300)
		if n%20 == 0 {
			p := &list.Publication{List: s.list, Key: fmt.Sprintf("remote/weekly/%d", n), Kind: "weekly", Editions: []list.Edition{{Letter: list.Letter{Subject: fmt.Sprintf("Week %d", n), Text: text, Language: "en"}}}}
			if err := s.Publish(p, s.time(), func(tx list.Tx, send func() (list.Post, error)) error { _, err := send(); return err }); err != nil {
				t.Fatal(err)
			}
		}
		s.set(s.time().Add(time.Minute))
	}
	s.tick()
	s.order(member(1), "catchup")
	m := s.last(member(1), "catchup")
	if len(m.Raw) > 30_000 || len(m.Raw) < 10_000 {
		t.Errorf("it has %d octets", len(m.Raw))
	}
	for _, want := range []string{"Week 40", "All of it", "topics more: https://lists.example.org/peers@lists.example.org/"} {
		if !strings.Contains(m.text(), want) {
			t.Errorf("it lacks %q:\n%s", want, m.text())
		}
	}
}

// TestGoldenCatchUp has one as it reads.
func TestGoldenCatchUp(t *testing.T) {
	s := missedStage(t)
	s.advance("2026-05-20 09:00")
	got := s.last(member(1), "catchup").text()
	path := filepath.Join("testdata", "digests", "catchup-en.txt")
	if *updateGolden {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%v; %s is other than it was:\n%s", err, path, got)
	}
}
