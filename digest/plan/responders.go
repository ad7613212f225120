package plan

import (
	"slices"
	"time"
)

// The times of day at which first responders are written to.
const (
	backupAt = 10 * 60 // minutes from midnight
	aheadAt  = 14 * 60
	nudgeAt  = 15 * 60
	// nudgeLeast is how long somebody had the question, at least, when they are nudged about it.
	nudgeLeast = 5 * time.Hour
	// backupDay is the day of the plan, before its start, on which the backup is asked instead of who has not answered.
	backupDay = -5
)

// AskAt is when first responders are asked, and when the backup is asked instead of who has not answered by then. Both are counted from the kick-off's day, and
// move with it. Whoever reads this later asks at once.
func (d *Discussion) AskAt(rows []Row) (ask, backup time.Time) {
	start, loc := DateOf(d.Begins(rows)), d.Calendar.Location
	backup = start.AddDays(backupDay).At(backupAt, loc)
	when, err := ParseWhen(d.Ask)
	if err != nil {
		return backup, backup
	}
	return when.From(start, loc), backup
}

// RespondersOf are those who are to answer a row first: by its number, or by a question that it asks. The first question is the kick-off's, though there be none.
func (d *Discussion) RespondersOf(row Row) (all []Responders) {
	for _, r := range d.Responders {
		first := r.Question == 1 && row.Kind == Kickoff
		if r.Email == row.N && r.Email > 0 || first || r.Question > 0 && slices.Contains(row.Asks, r.Question-1) {
			all = append(all, r)
		}
	}
	return all
}

// AheadAt is when who said yes gets the question of a mail: at two in the afternoon of the working day before, in their own zone; nil is the list's.
func (c Calendar) AheadAt(mail time.Time, zone *time.Location) time.Time {
	c = c.In(zone)
	return c.WorkingDayBefore(DateOf(mail.In(c.Location)), 1).At(aheadAt, c.Location)
}

// NudgeAt is when who said yes and has not written is asked whether they still can: at three in the afternoon in their own zone, or, where that is less than
// five hours after the mail or on no working day, at nine of their next working morning.
func (c Calendar) NudgeAt(mail time.Time, zone *time.Location) time.Time {
	c = c.In(zone)
	day := DateOf(mail.In(c.Location))
	if at := day.At(nudgeAt, c.Location); at.Sub(mail) >= nudgeLeast && c.WorkingDay(day) {
		return at
	}
	return c.WorkingDayAfter(day, 1).At(morning, c.Location)
}
