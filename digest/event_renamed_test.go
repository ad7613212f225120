package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// rename gives the stage's list another address, as a config that is read again does, with these events.
func (s *stage) rename(address string, events ...*event.Event) {
	s.t.Helper()
	l := *s.list
	l.Was, l.Address = append([]string{l.Address}, l.Was...), address
	site := *s.Site()
	site.Lists = []*list.List{&l}
	if err := s.Configure(list.NewSite(site)); err != nil {
		s.t.Fatal(err)
	}
	s.list = &l
	for _, e := range events {
		e.List = address
	}
	s.reconfigure(events...)
}

// knownBy says of each event of a calendar object by which UID it is known, from whom, and who acts for them.
func knownBy(t *testing.T, object string) string {
	t.Helper()
	o, err := event.Read([]byte(object), time.UTC)
	if err != nil {
		t.Fatalf("%v in\n%s", err, object)
	}
	var all []string
	for _, i := range o.Items {
		all = append(all, fmt.Sprintf("%s from %s by %q", i.Event.UID, i.Event.Organiser.Address, i.SentBy))
	}
	return strings.Join(all, ", ")
}

// calendarText is the calendar object of a mail, or the calendar file beside it, as it was written.
func calendarText(t *testing.T, m sentMail) string {
	t.Helper()
	for _, p := range m.message().Parts() {
		if p.Media == "text/calendar" {
			return p.Markup(1 << 20)
		}
	}
	t.Fatalf("there is no calendar object in\n%s", m.Raw)
	return ""
}

// A list that gets another address keeps its events: what is in people's calendars is changed and cancelled from whom they know it from, and answers to the old address count.
func TestEventOfAListThatIsRenamed(t *testing.T) {
	const renamed = "friends@groups.example.org"
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Programme.Events = []*event.Event{circle(up)}
		up.Programme.Roundups = map[string]calendar.Roundup{renamed: {Cron: "0 9 * * MON", EveryWeeks: 1, Ahead: 14 * 24 * time.Hour}}
	})
	later := *s.editor.programme.Load().Events[0]
	later.ID, later.Start = "later", later.Start.AddDate(0, 1, 0)
	s.reconfigure(append(s.editor.programme.Load().Events, &later)...)
	s.advance("2026-03-10 15:01")
	first := s.last(member(1), "invitation")
	s.say(first, member(1), "yes")
	const was = "circle.peers@lists.example.org from peers+events@lists.example.org by "
	if got := knownBy(t, calendarText(t, first)); got != was+`""` {
		t.Fatalf("the invitation is known by\n%s", got)
	}

	moved := *s.editor.programme.Load().Events[0]
	moved.Where = "the garden"
	s.rename(renamed, &moved, &later)
	const by = was + `"friends+events@groups.example.org"`
	if got := knownBy(t, calendarText(t, s.last(member(1), "invitation"))); got != by || len(s.mails(member(1), "invitation")) != 2 {
		t.Errorf("%d invitations, the change is known by\n%s", len(s.mails(member(1), "invitation")), got)
	}

	// A program answers whom it knows; and an answer to a mail from before the change.
	object := vevent("REPLY", "UID:circle.peers@lists.example.org", "DTSTAMP:20260310T130000Z", "DTSTART:20260324T120000Z", "SEQUENCE:1", "ORGANIZER:mailto:peers+events@lists.example.org",
		"ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+member(2))
	if receipt, err := s.object(member(2), "peers+events@lists.example.org", "REPLY", object); err != nil || receipt.Action != "answer: yes" {
		t.Errorf("a program's answer to the former address: %+v, %v", receipt, err)
	}
	object = strings.ReplaceAll(object, member(2), member(3))
	if receipt, err := s.object(member(3), "peers@lists.example.org", "REPLY", object); err != nil || receipt.Action != "answer: yes" {
		t.Errorf("a program's answer to the former posting address: %+v, %v", receipt, err)
	}
	s.say(s.mails(member(4), "invitation")[0], member(4), "maybe")
	all, err := s.editor.Events(renamed)
	if err != nil || all[0].Count(calendar.Yes) != 3 || all[0].Count(calendar.Maybe) != 1 {
		t.Errorf("the answers are %+v: %v", all, err)
	}

	const both = by + `, later.peers@lists.example.org from peers+events@lists.example.org by "friends+events@groups.example.org"`
	err = s.Store.View(func(r list.Reader) error {
		feed, err := s.editor.Feed(r, s.list, s.time())
		if got := knownBy(t, string(feed.Content)); got != both {
			t.Errorf("in the feed they are known by\n%s", got)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	s.advance("2026-03-16 09:05")
	if got := knownBy(t, calendarText(t, s.last(member(1), "roundup"))); got != by {
		t.Errorf("in the round-up it is known by\n%s", got)
	}
	if _, err := s.mail(amina, "peers+events@lists.example.org", "cancel circle", ""); err != nil {
		t.Error(err)
	}
	if m := s.last(member(1), "invitation"); knownBy(t, calendarText(t, m)) != by || objectOf(t, m).Method != event.Cancel || objectOf(t, m).Items[0].Event.Sequence != 2 {
		t.Errorf("the cancellation is\n%s", calendarText(t, m))
	}
	s.advance("2026-03-27 12:00")
	s.advance("2026-04-10 15:05")
	if got := knownBy(t, calendarText(t, s.last(member(1), "invitation"))); !strings.HasPrefix(got, "later.peers@lists.example.org from peers+events@") {
		t.Errorf("what nobody was invited to before the change is known by\n%s", got)
	}
}
