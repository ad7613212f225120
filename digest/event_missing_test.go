package digest

import (
	"strings"
	"testing"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// missingStage has people invited to a circle, of whom member1 said yes.
func missingStage(t *testing.T) (*stage, *event.Event) {
	t.Helper()
	s := newStage(t, func(up *setUp) { alone(up); up.Programme.Events = append(up.Programme.Events, circle(up)) })
	s.advance("2026-03-10 15:01")
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	return s, s.editor.programme.Load().Events[0]
}

// asking are the mails that ask somebody whether an event is off.
func (s *stage) asking(to string) (all []sentMail) {
	for _, m := range s.mails(to, "notice") {
		if strings.Contains(m.Subject, "Is it off?") {
			all = append(all, m)
		}
	}
	return all
}

// An event that is gone from the config is told of to nobody it invited; who decides on events is asked once, and their "cancel" takes it back from all, though the config has it no longer.
func TestEventMissingIsAskedAbout(t *testing.T) {
	s, e := missingStage(t)
	before := len(s.mails("", ""))
	s.reconfigure()
	s.advance("2026-03-10 15:14")
	if got := s.mails("", "")[before:]; len(got) != 0 {
		t.Fatalf("at once there went %d mails:\n%s", len(got), s.outline())
	}
	s.advance("2026-03-12 12:00")
	if got := s.mails("", "")[before:]; len(got) != 1 || got[0].To != amina {
		t.Fatalf("there went %d mails:\n%s", len(got), s.outline())
	}
	asked := s.last(amina, "notice")
	for _, want := range []string{"Reading circle", "Tuesday 24 March, 15:00", "14 people were invited, and 1 said yes", "cancel"} {
		if !strings.Contains(flat(asked), want) {
			t.Errorf("the mail does not say %q:\n%s", want, asked.text())
		}
	}
	s.say(asked, amina, "What do you mean?")
	if m := s.last(amina, "notice"); !strings.Contains(flat(m), "I could not tell from your answer") {
		t.Errorf("words that are no answer get\n%s", m.text())
	}
	if receipt, err := s.answer(asked, member(3), "cancel"); err == nil {
		t.Errorf("a member cancelled it: %+v", receipt)
	}
	s.say(asked, amina, "Cancel")
	if got := len(s.mails("", "invitation")); got != 28 {
		t.Fatalf("%d mails of the event, not 14 invitations and 14 cancellations", got)
	}
	first, last := objectOf(t, s.mails(member(2), "invitation")[0]), objectOf(t, s.last(member(2), "invitation"))
	if last.Method != event.Cancel || last.Items[0].Event.UID != first.Items[0].Event.UID || last.Items[0].Event.Sequence != 1 || !last.Items[0].Event.Start.Equal(e.Start) {
		t.Errorf("it is cancelled by %s %+v, and was %s", last.Method, last.Items[0].Event, first.Items[0].Event.UID)
	}
	if m := s.last(amina, "notice"); !strings.Contains(flat(m), "It does not take place; whoever was invited is told.") {
		t.Errorf("who cancelled it reads\n%s", m.text())
	}
	before = len(s.mails("", ""))
	s.reconfigure(e)
	s.advance("2026-03-25 12:00")
	if got := s.mails("", "")[before:]; len(got) != 0 {
		t.Errorf("what was cancelled is there again, and there went\n%s", s.outline())
	}
}

// Put back, it goes on as if nothing had been: what was answered meanwhile counts, an answer to the mail about it cancels nothing, and gone once more it is asked about once more.
func TestEventMissingIsPutBack(t *testing.T) {
	s, e := missingStage(t)
	s.advance("2026-03-11 12:00")
	s.reconfigure()
	invitation := s.last(member(2), "invitation")
	s.say(invitation, member(2), "oui")
	object := vevent("REPLY", "UID:"+objectOf(t, invitation).Items[0].Event.UID, "DTSTAMP:20260311T090000Z", "DTSTART:20260324T120000Z", "ORGANIZER:mailto:"+eventsAddress,
		"ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+member(3))
	if receipt, err := s.object(member(3), eventsAddress, "REPLY", object); err != nil || receipt.Action != "answer: yes" {
		t.Errorf("a program's answer: %+v, %v", receipt, err)
	}
	link := pageLink.FindStringSubmatch(s.last(member(4), "invitation").text())
	if told, err := s.Answer(link[1], "yes"); err != nil || told.Answer != "yes" {
		t.Errorf("an answer on the page: %+v, %v", told, err)
	}
	if all, err := s.editor.Events(stageList); err != nil || len(all) != 1 || all[0].State != "missing" || all[0].Count(calendar.Yes) != 4 {
		t.Errorf("the events are %+v: %v", all, err)
	}
	s.advance("2026-03-11 12:10")
	s.reconfigure(e)
	s.advance("2026-03-11 13:00")
	if got := s.asking(""); len(got) != 0 {
		t.Errorf("%d were asked about an event that was there again within minutes", len(got))
	}
	s.reconfigure()
	s.advance("2026-03-11 14:00")
	s.reconfigure(e)
	s.say(s.asking(amina)[0], amina, "cancel")
	if m := s.last(amina, "notice"); !strings.Contains(flat(m), "It is in the configuration again, so I cancelled nothing.") {
		t.Errorf("a late answer gets\n%s", m.text())
	}
	s.reconfigure()
	s.advance("2026-03-11 15:00")
	s.reconfigure(e)
	if got := len(s.asking(amina)); got != 2 {
		t.Errorf("it was asked about %d times", got)
	}
	s.advance("2026-03-25 12:00")
	if got := len(s.mails("", "invitation")); got != 14 {
		t.Errorf("%d invitations", got)
	}
	for n := 1; n <= 4; n++ {
		if got := len(s.mails(member(n), "event_reminder")); got != 2 {
			t.Errorf("%s got %d reminders", member(n), got)
		}
	}
}

// Nobody is asked about what is over, or was never told of, and none is reminded of what is missing; it is on no page and in no feed, and an owner's mail cancels it as any other.
func TestEventMissingIsSilent(t *testing.T) {
	s, e := missingStage(t)
	later := *e
	later.ID, later.Start = "later", later.Start.AddDate(0, 2, 0)
	s.reconfigure(e, &later)
	s.reconfigure(&later)
	s.reconfigure()
	s.advance("2026-03-24 12:00")
	if got := s.kindsTo(member(1), "event_reminder"); got != "" {
		t.Errorf("a member was reminded: %s", got)
	}
	shown := func(want string) {
		t.Helper()
		err := s.Store.View(func(r list.Reader) error {
			rows, err := s.editor.Calendar(r, s.list, s.zone, []string{"en"}, s.time())
			if err != nil {
				return err
			}
			feed, err := s.editor.Feed(r, s.list, s.time())
			if got := strings.Contains(string(feed.Content), "STATUS:CANCELLED"); len(rows) != len(want) || got != (want != "") {
				t.Errorf("the page has %d rows, the feed is\n%s", len(rows), feed.Content)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	shown("")
	if _, err := s.mail(amina, eventsAddress, "cancel circle", ""); err != nil {
		t.Error(err)
	}
	s.advance("2026-03-24 12:30")
	if objectOf(t, s.last(member(5), "invitation")).Method != event.Cancel {
		t.Error("it is not cancelled")
	}
	shown("x")
	if got := len(s.asking("")); got != 1 {
		t.Errorf("%d were asked:\n%s", got, s.outline())
	}

	s, _ = missingStage(t)
	s.advance("2026-03-24 15:30")
	s.reconfigure()
	s.advance("2026-03-26 12:00")
	if got := len(s.asking("")); got != 0 {
		t.Errorf("%d were asked about what is over", got)
	}
}

// An event that gets another id in the config is the same: nobody is invited anew or asked, answers stay, and those to its former id count.
func TestEventThatGetsAnotherID(t *testing.T) {
	s, e := missingStage(t)
	uid := objectOf(t, s.last(member(1), "invitation")).Items[0].Event.UID
	renamed := *e
	renamed.ID = "reading-circle"
	s.reconfigure(&renamed)
	s.advance("2026-03-11 12:00")
	s.say(s.last(member(2), "invitation"), member(2), "oui")
	if _, err := s.mail(member(3), eventsAddress, "yes circle", ""); err != nil {
		t.Error(err)
	}
	if _, err := s.mail(member(4), eventsAddress, "yes reading-circle", ""); err != nil {
		t.Error(err)
	}
	if all, err := s.editor.Events(stageList); err != nil || len(all) != 1 || all[0].ID != "reading-circle" || all[0].State != "coming" || all[0].Count(calendar.Yes) != 4 {
		t.Errorf("the events are %+v: %v", all, err)
	}
	if got := len(s.mails("", "invitation")); got != 14 || len(s.asking("")) != 0 {
		t.Errorf("%d invitations, and %d were asked", got, len(s.asking("")))
	}
	moved := renamed
	moved.Where = "the garden"
	s.reconfigure(&moved)
	if o := objectOf(t, s.last(member(1), "invitation")).Items[0].Event; o.UID != uid || o.Sequence != 1 || o.Where != "the garden" {
		t.Errorf("the change is of %s, %d: %s; it was %s", o.UID, o.Sequence, o.Where, uid)
	}
	s.advance("2026-03-25 12:00")
	if got := len(s.mails(member(1), "event_reminder")); got != 2 {
		t.Errorf("%d reminders", got)
	}

	// Two events with one title are two.
	s, e = missingStage(t)
	other := *e
	other.ID, other.Start = "other", e.Start.AddDate(0, 0, 1)
	s.reconfigure(&other)
	s.advance("2026-03-12 18:00")
	if len(s.asking(amina)) != 1 || len(s.mails(member(1), "invitation")) != 2 {
		t.Errorf("another event was taken for the one that is missing:\n%s", s.outline())
	}
}

// A series that is missing is cancelled as it was, on its own clock.
func TestEventMissingIsASeries(t *testing.T) {
	s, _ := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	first := objectOf(t, s.last(member(1), "invitation")).Items[0].Event
	s.reconfigure()
	s.advance("2026-03-11 12:00")
	s.say(s.asking(amina)[0], amina, "cancel")
	m := s.last(member(1), "invitation")
	o := objectOf(t, m)
	last := o.Items[0].Event
	if o.Method != event.Cancel || last.UID != first.UID || last.Rule != first.Rule || !last.Start.Equal(first.Start) || last.Start.Location().String() != first.Start.Location().String() {
		t.Errorf("it is cancelled as\n%s\nand was %+v", calendarText(t, m), first)
	}
	if !strings.Contains(calendarText(t, m), "DTSTART;TZID="+stageZone+":") {
		t.Errorf("its clock is not named in\n%s", calendarText(t, m))
	}
}
