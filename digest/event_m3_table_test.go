package digest

import (
	"testing"

	"convene/list/event"
)

// TestEventTablesMoved puts a World Café off by two weeks when people have their tables: they get tables for the new date, and who facilitates a sheet.
func TestEventTablesMoved(t *testing.T) {
	var e *event.Event
	s := newStage(t, withCafe(12, func(_ *setUp, ev *event.Event) { e = ev }))
	s.advance("2026-03-04 12:00")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-16 19:00")
	sheets := len(s.mails(luis, "notice"))
	moved := *e
	moved.Start, moved.RegisterBy = e.Start.AddDate(0, 0, 14), e.RegisterBy.AddDate(0, 0, 14)
	s.reconfigure(&moved)
	s.advance("2026-03-30 17:59")
	if n := len(s.mails(member(1), "tables")); n != 1 {
		t.Errorf("before the new registration ended there are %d mails with tables", n)
	}
	s.advance("2026-04-02 12:00")
	if got := s.mails("", "tables"); len(got) != 24 {
		t.Errorf("%d mails with tables went out for two dates:\n%s", len(got), s.kindsTo(member(1), "invitation", "event_reminder", "tables"))
	}
	if got := len(s.mails(luis, "notice")); got == sheets {
		t.Error("who facilitates has no sheet of the new date")
	}
}
