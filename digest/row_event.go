package digest

import (
	"time"

	"convene/digest/plan"
	"convene/list"
)

// eventFile is the event that a discussion leads to, as a calendar file beside the mails that tell of it first and last: for who takes it over into a calendar before they
// are invited, or answers by a word. It is known there by what the invitation has; and as that, it is no file that a list takes out of posts.
func (a *affair) eventFile(row plan.Row, language string, now time.Time) []list.Attached {
	if a.Event == nil || row.Kind != plan.Announcement && row.Kind != plan.Closing || !a.Event.Start.After(now) {
		return nil
	}
	return []list.Attached{{Name: a.Event.ID + ".ics", Media: "text/calendar; method=PUBLISH", Content: a.Event.Calendar(now, a.languagesOf(language)...)}}
}
