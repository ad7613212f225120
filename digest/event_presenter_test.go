package digest

import (
	"errors"
	"strings"
	"testing"

	"convene/list"
	"convene/list/event"
)

// Who presents offers it by mail, can take it back, and is reminded a week and a day before; facilitators hear of a date that has nobody ten days ahead.
func TestLunchPresenters(t *testing.T) {
	s, _ := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	said := func(from, want string) {
		t.Helper()
		if got := flat(s.last(from, "notice")); !strings.Contains(got, want) {
			t.Errorf("%s is told\n%s\nnot %q", from, s.last(from, "notice").text(), want)
		}
	}
	offer := func(from, subject, text, want string) {
		t.Helper()
		if err := s.mailTo(from, "events", subject, text); err != nil {
			t.Fatal(err)
		}
		said(from, want)
	}
	offer(member(1), "present 2026-03-31", "", "Dede Mensah will present")
	offer(member(4), "Lunch", "present lunch 2026-03-24", "On that day Awa Diallo presents already")
	if got := flat(s.last(member(4), "notice")); !strings.Contains(got, "Tuesday 7 April: present 2026-04-07") || strings.Contains(got, "Tuesday 31 March:") {
		t.Errorf("the free dates are\n%s", got)
	}
	offer(member(4), "present lunch", "I would like to.", "On which of these days would you present? On these days nobody presents yet: - Tuesday 7 April: present 2026-04-07")
	offer(member(5), "présenter 2026-04-08", "", "Le 2026-04-08, il n’a pas lieu")
	offer(member(3), "Almuerzo", "Presento 2026-04-07, con gusto", "presenta Tomás Quispe")
	offer(member(3), "no presentar 2026-04-07", "", "no presenta ese día")
	offer(member(4), "not present 2026-03-24", "", "You are not down as presenter")
	// Of somebody whom nothing proves it is asked back; the answer shows it.
	target, err := s.Route(s.list.Word("events"))
	if err != nil {
		t.Fatal(err)
	}
	raw := rawMail("Ibrahim Koné", member(8), "present 2026-04-14", "To: "+s.list.Word("events"), "Subject: lunch", "Message-ID: <forged@example.org>")
	if _, err := s.Receive(t.Context(), &list.Incoming{Raw: raw, Targets: []list.Target{target}, Envelope: list.Envelope{ID: s.id(), From: member(8), Received: s.time()}}); err != nil {
		t.Fatal(err)
	}
	s.tick()
	said(member(8), "répondez à ce message : présenter 2026-04-14")
	if got := s.register("lunch").Presenters["2026-04-14"]; got.Address != "" {
		t.Errorf("an offer that nothing proves made %+v the presenter", got)
	}
	s.say(s.last(member(8), "notice"), member(8), "présenter 2026-04-14")
	if got := s.register("lunch").Presenters["2026-04-14"]; got.Address != member(8) {
		t.Errorf("the answer made %+v the presenter", got)
	}
	if err := s.mailTo("stranger@example.org", "events", "present 2026-04-07", ""); err == nil {
		t.Error("a stranger presents")
	}
	s.say(s.last(member(6), "invitation"), member(6), "sí")
	s.advance("2026-04-05 12:00")
	if got := s.mails(noor, "notice"); len(got) == 0 || got[0].At.In(s.zone).Format("02 Jan 15:04") != "23 Mar 13:00" && got[0].At.In(s.zone).Format("02 Jan 15:04") != "23 Mar 12:00" {
		t.Errorf("the facilitators heard of a date without a presenter: %s", s.outline())
	}
	// A facilitator names somebody, by the answer to that note.
	var note sentMail
	for _, m := range s.mails(luis, "notice") {
		if strings.Contains(m.Subject, "Nobody presents on Tuesday 7 April") {
			note = m
		}
	}
	if note.At.In(s.zone).Format("02 Jan 15:04") != "28 Mar 12:00" {
		t.Errorf("the note came %s", note.At.In(s.zone))
	}
	s.say(note, luis, "present 2026-04-07 "+member(9))
	said(member(9), "Lucía Torres")
	s.advance("2026-04-20 12:00")
	for who, want := range map[string]string{
		member(2): "17 Mar 12:00 Vous présentez mardi 24 mars : Lunch and learn|23 Mar 12:00 Vous présentez demain : Lunch and learn",
		member(1): "24 Mar 12:00 You present on Tuesday 31 March: Lunch and learn|30 Mar 12:00 You present tomorrow: Lunch and learn",
		member(3): "",
		member(9): "06 Apr 12:00 Usted presenta mañana: Lunch and learn",
		member(8): "07 Apr 12:00 Vous présentez mardi 14 avril : Lunch and learn|13 Apr 12:00 Vous présentez demain : Lunch and learn",
	} {
		var got []string
		for _, m := range s.mails(who, "event_reminder") {
			got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Subject)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s was reminded\n%s\nwant\n%s", who, strings.Join(got, "\n"), want)
		}
	}
	if got := flat(s.mails(member(1), "event_reminder")[0]); !strings.Contains(got, "1 person is coming so far of 20 at most") || !strings.Contains(got, "not present") {
		t.Errorf("the presenter reads\n%s", s.mails(member(1), "event_reminder")[0].text())
	}
}

// Who runs an event learns who is coming a day before each date, and whenever they ask; addresses are for who runs the list.
func TestWhoIsComing(t *testing.T) {
	s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
		ev.Organiser, ev.Places = event.Person{Name: "Rosa Mamani", Address: member(6)}, 2
	})
	s.advance("2026-03-10 13:00")
	for n, word := range map[int]string{1: "yes", 2: "peut-être", 3: "no", 7: "yes"} {
		s.set(s.time().Add(1))
		s.say(s.last(member(n), "invitation"), member(n), word)
	}
	s.say(s.last(member(4), "invitation"), member(4), "yes 2026-03-31")
	if err := s.mailTo(luis, "events", "who lunch", ""); err != nil {
		t.Fatal(err)
	}
	got := flat(s.last(luis, "notice"))
	for _, want := range []string{"2 yes of 2 places, 1 maybe, 1 no", "Dede Mensah (member1@example.org)", "Nguyen Thi Lan", "They may come: - Awa Diallo", "Tuesday 24 March"} {
		if !strings.Contains(got, want) {
			t.Errorf("who asks is not told %q:\n%s", want, s.last(luis, "notice").text())
		}
	}
	s.say(s.last(luis, "notice"), luis, "who?")
	if err := s.mailTo(luis, "events", "who lunch 2026-03-31", ""); err != nil {
		t.Fatal(err)
	}
	if got := flat(s.last(luis, "notice")); !strings.Contains(got, "2 yes of 2 places, 1 maybe, 1 no, 1 waiting") || !strings.Contains(got, "They wait for a place: - Grace Wanjiru") {
		t.Errorf("of the second date is told\n%s", s.last(luis, "notice").text())
	}
	if err := s.mailTo(member(1), "events", "who lunch", ""); !errors.As(err, new(*list.Refusal)) {
		t.Errorf("anybody learns who is coming: %v", err)
	}
	s.advance("2026-04-20 12:00")
	var days []string
	for _, m := range s.mails(member(6), "notice") {
		if strings.Contains(m.Subject, "vienen") {
			days = append(days, m.At.In(s.zone).Format("02 Jan 15:04"))
		}
		if strings.Contains(m.text(), "member1@") {
			t.Errorf("an organiser who is a member reads addresses:\n%s", m.text())
		}
	}
	if strings.Join(days, ", ") != "23 Mar 12:00, 30 Mar 12:00, 06 Apr 12:00, 13 Apr 12:00" {
		t.Errorf("the organiser was told %q", days)
	}
}
