package digest

import (
	"errors"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// The times around a planned mail that are no setting.
const (
	// onTime is how much behind its time a mail may be without anything having happened that a person should know.
	onTime = 10 * time.Minute
	// lateMost is how late a mail still goes out by itself.
	lateMost = 24 * time.Hour
	// reminded is how long before its time the draft of a summary is asked for again.
	remindedBefore = 2 * time.Hour
	// leastReview is how long somebody has for a draft, at least, before it goes to another, or they are asked again.
	leastReview = time.Hour
	// passedLately is how long somebody to whom a draft was passed is asked for it no more.
	passedLately = 4 * time.Hour
	// redrafted is how much later a draft must be due than it was sent, since its mail was moved, to be made anew.
	redrafted = 12 * time.Hour
	// textReview is how long ahead the text of a mail is asked for that is never sent without, where drafts are off.
	textReview = 6 * time.Hour
)

// state is what became of a planned mail, to be looked at.
func (a *affair) state(key string) RowState {
	if s := a.course.Rows[key]; s != nil {
		return *s
	}
	return RowState{}
}

// rowOf is a planned mail by its key.
func (a *affair) rowOf(key string) (plan.Row, bool) {
	for _, r := range a.rows {
		if r.Key == key {
			return r, true
		}
	}
	return plan.Row{}, false
}

// needsText reports whether a mail is never sent without a facilitator's own text.
func needsText(k plan.Kind) bool { return k == plan.EventContent || k == plan.EventSummary }

// hours are the working hours of somebody: the list's, in their own zone.
func (a *affair) hours(r list.Reader, address string) (plan.Calendar, error) {
	m, err := r.Member(a.rec.ID, address)
	if errors.Is(err, list.ErrNotFound) || err == nil && m.Timezone == "" {
		return a.Calendar, nil
	} else if err != nil {
		return a.Calendar, err
	}
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil { // one that this machine does not know
		return a.Calendar, nil
	}
	return a.Calendar.In(zone), nil
}

// draftAt is when the draft of a mail leaves. One that could not at its time leaves within working hours; false: there is no time left for any.
func (a *affair) draftAt(hours plan.Calendar, row plan.Row, now time.Time) (time.Time, bool) {
	review, due := a.Review, a.goesOut(row)
	if needsText(row.Kind) && review <= 0 {
		review = textReview
	}
	if review <= 0 {
		return time.Time{}, false
	}
	at := hours.DraftAt(due, review)
	if at.Before(now) && !hours.Open(now) {
		at = hours.NextOpen(now)
	}
	return at, at.Before(due) || needsText(row.Kind)
}

// halfTime is when half of the working time is over that somebody had for a draft; false: there is too little of it to be divided.
func halfTime(hours plan.Calendar, drafted, due time.Time) (time.Time, bool) {
	at := hours.NextOpen(hours.Add(drafted, hours.Between(drafted, due)/2))
	return at, due.Sub(at) >= leastReview && at.Sub(drafted) >= leastReview
}

// remindAt is when the draft of a summary is asked for again: two hours before its time, or when people are at work again behind that; false: not at all.
func remindAt(hours plan.Calendar, drafted, due time.Time) (time.Time, bool) {
	at := hours.NextOpen(due.Add(-remindedBefore))
	return at, due.Sub(at) >= leastReview/2 && at.Sub(drafted) >= leastReview
}

// textAsked is on which working day behind its draft the text of a mail that is never sent without is asked for again.
var textAsked = []int{1, 3}

// textAt is when that is for the nth time; false: never.
func textAt(hours plan.Calendar, drafted time.Time, n int) (time.Time, bool) {
	if n >= len(textAsked) {
		return time.Time{}, false
	}
	local := drafted.In(hours.Location)
	day := hours.WorkingDayAfter(plan.DateOf(local), textAsked[n])
	return hours.NextOpen(day.At(local.Hour()*60+local.Minute(), hours.Location)), true
}

// nextHour is the next full hour behind an instant.
func nextHour(t time.Time) time.Time { return t.Truncate(time.Hour).Add(time.Hour) }
