package digest

import (
	"testing"
)

func TestTheMorningNote(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		withResponders(up)
		open(up)
	})
	s.advance("2026-02-17 18:00")
	s.count("", "morning_note", 0) // nothing has happened
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	s.say(s.last(member(2), "responder_ask"), member(2), "non")
	s.advance("2026-02-18 08:00")
	s.count(luis, "morning_note", 1)
	s.count(noor, "morning_note", 1)
	s.count("", "morning_note", 2)
	note := s.last(luis, "morning_note")
	contains(t, "the first note", note.Subject+"\n"+note.text(), []string{"Today in #remote: who answers first", memberName(1) + ", on Monday 2 March: yes", memberName(2) + ", on Monday 2 March: no; the next is asked",
		"About 1 minute."})
	s.advance("2026-02-19 12:00")
	s.count(luis, "morning_note", 1)
	s.advance("2026-02-25 10:30") // member 3 was asked on the 17th, and is silent
	s.advance("2026-02-26 08:00")
	contains(t, "the note on who is silent", s.last(luis, "morning_note").text(), []string{memberName(3) + ", on Monday 2 March: has not answered; the next is asked"})

	s.advance("2026-03-02 08:00")
	contains(t, "the day of the kick-off", s.last(luis, "morning_note").Subject+s.last(luis, "morning_note").text(),
		[]string{"Today in #remote: 1 draft until 09:00", "1: the kick-off, goes out on Monday 2 March, 09:00 Nairobi (06:00 GMT). Answer its draft, or reply send 1 here."}, "Today to everyone - 09:00 Nairobi (06:00 GMT): the kick-off and")
	s.advance("2026-03-02 10:00")
	s.joins("zawadi@example.org", "")
	s.reply(s.last(member(4), "kickoff"), member(4), "With us it was a song. How do you reach the people who have no radio at all?")
	s.held(member(5), "One call #remote")
	s.held(member(6), "Buy shoes")
	s.advance("2026-03-03 08:00")
	note = s.last(luis, "morning_note")
	contains(t, "the second day", note.Subject+"\n"+note.text(), []string{"Today in #remote: 2 posts held", "1: “One call #remote”, " + memberName(5), "since Monday 2 March, 10:00 Nairobi", "approve all",
		"*New:* Zawadi Omondi.", memberName(1) + ", on Monday 2 March: has not written yet"}, "no radio")
	s.say(note, luis, "approve 1\nreject 2 This list is about learning.\nmake tea")
	contains(t, "what Luis is told", s.last(luis, "morning_note").text(), []string{"“One call #remote” (" + member(5) + "): sent", "“Buy shoes” (" + member(6) + "): not sent", "Nothing was done with this", "make tea"})
	found := false
	for _, m := range s.mails(member(1), "") {
		found = found || m.Subject == "[peers] One call #remote"
	}
	if !found {
		t.Errorf("the approved post did not go out:\n%s", s.outline())
	}
	s.advance("2026-03-04 09:00")
	s.count(luis, "morning_note", 7) // with the answer to the last: there is not enough for a midweek, which is no news before noon
	s.advance("2026-03-05 08:00")    // the question is of Monday ten
	contains(t, "the fourth day", s.last(luis, "morning_note").text(), []string{"“How do you reach the people who have no radio at all?” " + memberName(4), "There is no midweek mail: 2 posts from 2 people."})
	for _, m := range s.mails("", "morning_note") {
		if m.To != luis && m.To != noor {
			t.Errorf("a note went to %s", m.To)
		}
	}
}

func TestADraftGoesOutByAWordToTheNote(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-02 08:00")
	note := s.last(luis, "morning_note")
	if got := s.course().stage("remote/kickoff/1"); got != Drafted {
		t.Fatalf("the kick-off is %q", got)
	}
	if _, err := s.answer(note, member(9), "send 1"); err == nil {
		t.Error("a member approved a draft")
	}
	s.say(note, luis, "send 2")
	contains(t, "what Luis is told of a number that there is not", s.last(luis, "morning_note").text(), []string{"Nothing was done with this"})
	told := len(s.mails(luis, "morning_note"))
	s.say(s.last(luis, "morning_note"), luis, "Thanks,\n\nLuis")
	s.count(luis, "morning_note", told)
	s.say(s.last(luis, "morning_note"), luis, "send\n\nThanks,\nLuis")
	contains(t, "what Luis is told", s.last(luis, "morning_note").text(), []string{"the kick-off: goes out as it is, Monday 2 March, 09:00"}, "Nothing was done")
	if got := s.course().Rows["remote/kickoff/1"]; got.Stage != Approved || got.By != luis {
		t.Errorf("the kick-off is %+v", got)
	}
}

// TestNoNoteOutsideOfWorkingTime holds of weekends, of days off, and of a downtime.
func TestNoNoteOutsideOfWorkingTime(t *testing.T) {
	s := newStage(t, open)
	s.advance("2026-03-06 18:30")
	before := len(s.mails(luis, "morning_note"))
	s.joins("zawadi@example.org", "")
	s.advance("2026-03-08 23:00")
	s.count(luis, "morning_note", before)
	s.set(s.clock("2026-03-09 11:00")) // it was down, and is up again at eleven
	s.tick()
	s.count(luis, "morning_note", before+1)
	contains(t, "the late note", s.last(luis, "morning_note").text(), []string{"*New:* Zawadi Omondi."}, "Drafts")
	s.advance("2026-04-20 00:00")
	for _, m := range s.mails(luis, "morning_note") {
		if at := m.At.In(s.zone); !s.discussion.Calendar.Open(at) || at.After(s.clock("2026-03-31 23:00")) {
			t.Errorf("a note at %s", at)
		}
	}
}

// TestNoNoteBesideTheDraft holds that a note which has nothing but a draft is for who has had it for a while: to whom it comes that morning, it is one mail.
func TestNoNoteBesideTheDraft(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-05 23:00")
	before := len(s.mails(noor, ""))
	s.advance("2026-03-06 10:59") // the draft of the weekly goes on to Noor at eight, and the others are reminded at nine
	var got []string
	for _, m := range s.mails(noor, "")[before:] {
		got = append(got, m.Kind)
	}
	if len(got) != 1 || got[0] != "draft" {
		t.Errorf("Noor got %q:\n%s", got, s.outline())
	}
	contains(t, "what Luis reads", s.last(luis, "morning_note").text(), []string{"1: the summary of week 1"})
}

// TestWhatANoteSaidIsNotSaidAgain holds of held posts and of questions: those of earlier notes are counted, and are no reason for another.
func TestWhatANoteSaidIsNotSaidAgain(t *testing.T) {
	s := newStage(t, open)
	s.advance("2026-03-02 10:00")
	s.reply(s.last(member(4), "kickoff"), member(4), "With us it was a song. How do you reach the people who have no radio at all?")
	s.advance("2026-03-04 18:00")
	s.held(member(5), "Buy shoes")
	s.advance("2026-03-05 08:00")
	contains(t, "the first note", s.last(luis, "morning_note").text(), []string{"1: “Buy shoes”", "no radio at all?"}, "Still waiting", "earlier notes")
	s.advance("2026-03-05 09:00")
	s.held(member(6), "Buy hats")
	s.advance("2026-03-06 08:00")
	note := s.last(luis, "morning_note")
	contains(t, "the second note", note.text(), []string{"Still waiting: 1 " + memberName(5), "2: “Buy hats”", "1 question of earlier notes has no answer yet"}, "Buy shoes", "no radio at all")
	s.say(note, luis, "reject 1")
	contains(t, "what Luis is told", s.last(luis, "morning_note").text(), []string{"“Buy shoes” (" + member(5) + "): not sent"})
	told := len(s.mails(noor, "morning_note"))
	s.advance("2026-03-11 07:59") // Monday has the questions, on Tuesday nothing is new
	s.count(noor, "morning_note", told+1)
}
