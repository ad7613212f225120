package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

// Who offered an event by lines changes it by answering the mail that they got, by the same rule as a calendar program's update.
func TestEventLinesAreChangedByTheirOwner(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(member(1), eventsAddress, "circle", "Title: Reading circle\nWhen: 2026-02-20 15:00-16:30\nWhere: Room 1\nAbout: We read Freire."); err != nil {
		t.Fatal(err)
	}
	m := s.last(member(1), "notice")
	if text := m.flat(); !strings.HasPrefix(m.replyTo(), "peers+draft-") || !strings.Contains(text, "To change it, answer this mail with the lines that are to be otherwise") {
		t.Errorf("who mailed it answers to %s\n%s", m.replyTo(), text)
	}
	// Before anybody has decided: it waits as it is now.
	s.advance("2026-02-10 08:00")
	s.say(m, member(1), "Hello,\n\nWhen: 2026-02-21 15:00\n\nThanks, Dede")
	if m = s.last(member(1), "notice"); m.Subject != "It waits for a moderator: Reading circle" || !strings.Contains(m.flat(), "Saturday 21 February, 15:00 Nairobi (12:00 GMT)*, 90 minutes") {
		t.Errorf("the change was answered %q\n%s", m.Subject, m.flat())
	}
	draft := s.last(amina, "draft")
	if text := draft.flat(); !strings.Contains(text, "Saturday 21 February, 15:00") || !strings.Contains(text, "We read Freire.") {
		t.Errorf("the moderator got\n%s", text)
	}
	s.say(draft, amina, "approve")
	m = s.last(member(1), "notice")
	if got := len(s.mails("", "invitation")); got != 14 || !strings.Contains(m.flat(), "To change it, answer this mail") {
		t.Fatalf("%d were invited; who offered it got\n%s", got, m.flat())
	}
	// Once it is announced a change waits, while it stands as it was.
	s.advance("2026-02-11 08:00")
	s.say(m, member(1), "When: 2026-02-23 10:00\nWhere: Room 2")
	if m := s.last(member(1), "notice"); m.Subject != "Your change waits for a moderator: Reading circle" || len(s.mails("", "invitation")) != 14 {
		t.Errorf("the change was answered %q", m.Subject)
	}
	draft = s.last(amina, "draft")
	if !strings.Contains(draft.flat(), "it would take place at another time, and no longer on Saturday 21 February, 15:00") {
		t.Errorf("the draft of the change reads\n%s", draft.flat())
	}
	s.say(draft, amina, "approve")
	o := objectOf(t, s.last(member(4), "invitation"))
	if e := o.Items[0].Event; len(s.mails("", "invitation")) != 28 || e.Sequence != 1 || e.Start.Day() != 23 || e.Length != 90*time.Minute || e.Where != "Room 2" || !strings.Contains(e.About.In(), "Freire") {
		t.Errorf("%d were told of %+v", len(s.mails("", "invitation")), e)
	}
	m = s.last(member(1), "notice")
	if m.Subject != "It is changed: Reading circle" {
		t.Errorf("who changed it got %q", m.Subject)
	}
	// What cannot be read is told, and that mail is answered as well.
	s.say(m, member(1), "When: on Sunday")
	m = s.last(member(1), "notice")
	if !strings.Contains(m.flat(), "Nothing was changed: there is") || !strings.Contains(m.flat(), "on Sunday") || !strings.HasPrefix(m.replyTo(), "peers+draft-") {
		t.Errorf("what is none was answered\n%s", m.flat())
	}
	s.say(m, member(1), "Where: Room 2")
	if m = s.last(member(1), "notice"); !strings.Contains(m.flat(), "just as it is") {
		t.Errorf("what it is already was answered\n%s", m.flat())
	}
	// Nobody else changes it by that mail.
	if _, err := s.answer(m, member(5), "Where: Room 9"); err == nil {
		t.Error("somebody else's answer counted")
	}
	s.say(m, member(1), "cancel, please")
	if o := objectOf(t, s.last(member(4), "invitation")); o.Method != event.Cancel {
		t.Errorf("who was invited got %s; who cancelled it %q", o.Method, s.last(member(1), "notice").Subject)
	}
}

// Lines that come once more are about the event of that title on that day; on another day nobody can know, and who sent them is asked. "change" and the name that stands in the mails changes it, too.
func TestEventLinesAgain(t *testing.T) {
	s := newStage(t, alone)
	send := func(subject, text string) sentMail {
		t.Helper()
		if _, err := s.mail(member(2), eventsAddress, subject, text); err != nil {
			t.Fatal(err)
		}
		return s.last(member(2), "notice")
	}
	send("x", "Titre : Cercle de lecture\nQuand : 2026-02-20 15:00\nOù : Salle 1")
	s.say(s.last(amina, "draft"), amina, "approve")
	drafts := len(s.mails(amina, "draft"))
	m := send("x", "Titre : cercle  de lecture\nQuand : 2026-02-27 15:00\nOù : Salle 1")
	if m.Subject != "Déplacé, ou un de plus ? : Cercle de lecture" || len(s.mails(amina, "draft")) != drafts {
		t.Errorf("another day was answered %q\n%s", m.Subject, m.flat())
	}
	s.say(m, member(2), "Quand : 2026-02-27 15:00")
	if d := s.last(amina, "draft"); !strings.HasPrefix(d.Subject, "A change to approve") || !strings.Contains(d.flat(), "Friday 27 February, 15:00") {
		t.Errorf("the moderator got %q\n%s", d.Subject, d.flat())
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.advance("2026-02-11 08:00")
	m = send("x", "Titre : Cercle de lecture\nQuand : 2026-02-27 16:00\nOù : Salle 2\nNous lisons Freire.")
	if m.Subject != "Votre changement attend un modérateur : Cercle de lecture" || !strings.Contains(s.last(amina, "draft").flat(), "Nous lisons Freire.") {
		t.Errorf("the same day was answered %q\n%s", m.Subject, s.last(amina, "draft").flat())
	}
	s.say(s.last(amina, "draft"), amina, "approve")
	s.advance("2026-02-11 09:00")
	m = send("Re: changer cercle-de-lecture.1", "Quand : 2026-02-28 16:00")
	if d := s.last(amina, "draft"); m.Subject != "Votre changement attend un modérateur : Cercle de lecture" || !strings.Contains(d.flat(), "Saturday 28 February, 16:00") {
		t.Errorf("what was asked for by its name was answered %q", m.Subject)
	}
	if _, err := s.mail(member(3), eventsAddress, "change cercle-de-lecture.1", "Where: Room 9"); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(3), "notice"); !strings.Contains(m.flat(), "otra persona") {
		t.Errorf("somebody else's word was answered\n%s", m.flat())
	}
	if m = send("x", "Titre : Un autre cercle\nQuand : 2026-02-27 15:00"); m.Subject != "Il attend un modérateur : Un autre cercle" {
		t.Errorf("another title was answered %q", m.Subject)
	}
}
