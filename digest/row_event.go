package digest

import (
	"time"

	"convene/digest/plan"
	"convene/list"
)

// effective has a discussion know its event as the calendar does: how often it changed, and whether it was cancelled, by mail or otherwise.
func (e *Editor) effective(r list.Reader, a *affair) (err error) {
	if a.Event == nil {
		return nil
	}
	own := *a.Discussion
	if own.Event, err = e.calendar.Effective(r, a.list, a.rec, a.Event); err != nil {
		return err
	}
	if own.Event.Cancelled {
		own.Event, a.off = nil, own.Event
	}
	a.Discussion = &own
	return nil
}

// reread makes the rows anew, once the changes are others. What would be left of an event that was cancelled is left out, and the others keep their numbers.
func (a *affair) reread() (err error) {
	if a.off == nil {
		a.rows, err = a.Rows(a.course.Changes)
		return err
	}
	d := *a.Discussion
	d.Event = a.off
	a.rows, err = d.Rows(a.course.Changes)
	for i, row := range a.rows {
		a.rows[i].Skipped = row.Skipped || ofEvent(&row)
	}
	return err
}

// ofEvent reports whether a mail comes to nothing without the event.
func ofEvent(row *plan.Row) bool {
	return row.Kind == plan.EventContent || row.Kind == plan.EventSummary
}

// eventFile is the event that a discussion leads to, as a calendar file beside the mails that tell of it first and last: for who takes it over into a calendar before they
// are invited, or answers by a word. It is known there by what the invitation has; and as that, it is no file that a list takes out of posts.
func (a *affair) eventFile(row plan.Row, language string, now time.Time) []list.Attached {
	if a.Event == nil || row.Kind != plan.Announcement && row.Kind != plan.Closing || !a.Event.Start.After(now) {
		return nil
	}
	return []list.Attached{{Name: a.Event.ID + ".ics", Media: "text/calendar; method=PUBLISH", Content: a.Event.Calendar(now, a.languagesOf(language)...)}}
}
