package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

func (s *stage) feed() (f list.Feed) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) (err error) { f, err = s.editor.Feed(r, s.list, s.time()); return err })
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *stage) calendarRows(zone *time.Location, languages ...string) (rows []list.CalendarRow) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) (err error) {
		rows, err = s.editor.Calendar(r, s.list, zone, languages, s.time())
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

// TestFeed: the feed has what was within 30 days and all that is to come, a series as one, and is the same octets as long as that is the same.
func TestFeed(t *testing.T) {
	var old, recent, series, off *event.Event
	s := roundStage(t, "", 0, 0, func(up *setUp) {
		up.Now = "2026-03-02 09:00"
		old, recent, series = dated(up, "old", "Old", "2026-01-28 10:00"), dated(up, "recent", "Recent", "2026-02-10 10:00"), dated(up, "coffee", "Coffee", "2026-01-06 10:00")
		series.Rule = "FREQ=WEEKLY"
		off = dated(up, "off", "Off", "2026-03-20 10:00")
		off.Cancelled = true
		up.Programme.Events = []*event.Event{old, recent, series, off}
	})
	first := s.feed()
	o, err := event.Read(first.Content, s.zone)
	if err != nil || len(o.Items) != 3 || o.Items[0].Event.UID != "coffee.peers@lists.example.org" || o.Items[0].Event.Rule == "" || strings.Contains(string(first.Content), "ATTENDEE") {
		t.Fatalf("%v:\n%s", err, first.Content)
	}
	if got := o.Items[0].Event.Organiser.Address; got != "peers+events@lists.example.org" {
		t.Errorf("it is from %s", got)
	}
	if !strings.Contains(string(first.Content), "STATUS:CANCELLED") || !strings.Contains(string(first.Content), "X-WR-CALNAME:Peer Learning") {
		t.Errorf("it is\n%s", first.Content)
	}
	s.advance("2026-03-02 23:00")
	if again := s.feed(); string(again.Content) != string(first.Content) || again.Tag != first.Tag || !again.Changed.Equal(first.Changed) {
		t.Errorf("nothing has changed, and it is\n%s", again.Content)
	}
	moved := *recent
	moved.Where = "Room 4"
	s.withEvents(old, &moved, series, off)
	s.advance("2026-03-03 09:00")
	if later := s.feed(); later.Tag == first.Tag || !later.Changed.After(first.Changed) || !strings.Contains(string(later.Content), "Room 4") {
		t.Errorf("what has changed is not in\n%s", later.Content)
	}
	fresh := NewEditor(s.Engine, s.editor.programme.Load(), s.editor.Log) // as after a restart
	before := s.feed()
	s.editor = fresh
	if s.feed().Tag != before.Tag {
		t.Error("after a restart the same events have another tag")
	}
	s.advance("2026-03-20 09:00")
	if o, err := event.Read(s.feed().Content, s.zone); err != nil || len(o.Items) != 2 {
		t.Errorf("%v: what is over for more than 30 days is in it: %d", err, len(o.Items))
	}
}

// TestCalendarPage: each date to come is on it, on the reader's clock and in their language, with a mail that says yes to it.
func TestCalendarPage(t *testing.T) {
	s := roundStage(t, "", 0, 0, func(up *setUp) {
		up.Now = "2026-03-02 09:00"
		one := circle(up)
		series := dated(up, "coffee", "Coffee", "2026-02-24 10:00")
		series.Rule = "FREQ=WEEKLY;COUNT=3"
		series.Changed = []event.Instance{{Of: series.Start.AddDate(0, 0, 14), Start: series.Start.AddDate(0, 0, 15), Title: event.Texts{"": "Long coffee"}}}
		on := dated(up, "now", "Now", "2026-03-02 08:30")
		over := dated(up, "over", "Over", "2026-03-01 08:30")
		up.Programme.Events = []*event.Event{one, series, on, over}
	})
	zone, err := time.LoadLocation("America/La_Paz")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range s.calendarRows(zone, "fr") {
		got = append(got, row.Start.Format("02 Jan 15:04 ")+row.Title+" "+row.Again+" "+row.Answer)
	}
	want := []string{"02 Mar 01:30 Now  ", "03 Mar 03:00 Coffee chaque mardi, 3 fois mailto:peers%2Bevents@lists.example.org?subject=yes%20coffee%202026-03-03",
		"11 Mar 03:00 Long coffee chaque mardi, 3 fois mailto:peers%2Bevents@lists.example.org?subject=yes%20coffee%202026-03-10",
		"24 Mar 08:00 Cercle de lecture  mailto:peers%2Bevents@lists.example.org?subject=yes%20circle"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("it has\n%s", strings.Join(got, "\n"))
	}
}
