package plan

import (
	"fmt"
	"slices"
	"time"
)

// Begins is the first instant of the discussion: midnight of day 1, which moves as its kick-off does.
func (d *Discussion) Begins(rows []Row) time.Time { return d.weekBegins(rows, 1) }

// Ends is when posts no longer count: when the closing goes out; where that is skipped, the end of the last week.
func (d *Discussion) Ends(rows []Row) time.Time {
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.Kind == Closing && !r.Skipped }); i >= 0 {
		return rows[i].At
	}
	return d.weekBegins(rows, d.Weeks+1)
}

// weekBegins is midnight of the first day of a week. A week is moved by as many days as the mail that opens it was.
func (d *Discussion) weekBegins(rows []Row, week int) time.Time {
	opener := d.ID + "/kickoff/1"
	if last := min(week, d.Weeks); last > 1 {
		opener = fmt.Sprintf("%s/questions/%d", d.ID, last)
	}
	day := d.Start.AddDays(7 * (week - 1))
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.Key == opener && r.Moved }); i >= 0 {
		day = day.AddDays(DateOf(rows[i].At).Sub(DateOf(rows[i].Planned)))
	}
	return day.At(0, d.Calendar.Location)
}

// WeekOf is the week of the discussion, from 1, that an instant is in; zero: it has not begun, or its weeks are over.
func (d *Discussion) WeekOf(rows []Row, t time.Time) int {
	if t.Before(d.Begins(rows)) {
		return 0
	}
	for w := 1; w <= d.Weeks; w++ {
		if t.Before(d.weekBegins(rows, w+1)) {
			return w
		}
	}
	return 0
}

// Window is what a summary is written from: posts at or after from and before until. Weekly and closing have windows that tile, from the beginning of the
// discussion: every post is in exactly one of them, whose thanks name everybody. A midweek looks at its own week so far, up to where the last of those ended;
// it is a look ahead, thanks nobody, and takes nothing away from the weekly. A mail that is no summary has the window that a midweek at its time would have.
func (d *Discussion) Window(rows []Row, row Row) (from, until time.Time) {
	from = d.Begins(rows)
	for _, r := range rows {
		if (r.Kind == Weekly || r.Kind == Closing) && !r.Skipped && r.Key != row.Key && r.At.Before(row.At) && r.At.After(from) {
			from = r.At
		}
	}
	return from, row.At
}

// Round is the mail that asked what a row answers to: the last kick-off or questions before it. Whether a midweek is lively counts from there.
func Round(rows []Row, row Row) (Row, bool) {
	var last Row
	for _, r := range rows {
		if (r.Kind == Kickoff || r.Kind == Questions) && !r.Skipped && r.At.Before(row.At) && !r.At.Before(last.At) {
			last = r
		}
	}
	return last, last.Key != ""
}

// Next is the first mail after an instant that is not skipped.
func Next(rows []Row, after time.Time) (Row, bool) {
	var next Row
	for _, r := range rows {
		if !r.Skipped && r.At.After(after) && (next.Key == "" || r.At.Before(next.At)) {
			next = r
		}
	}
	return next, next.Key != ""
}

// NextRound is the key of the round that a further question goes with: the first unsent one that has none of its own yet, else the next unsent one.
// Empty: all are out.
func NextRound(rows []Row, sent func(key string) bool) string {
	first := ""
	for _, r := range rows {
		if r.Kind != Questions || r.Skipped || sent(r.Key) {
			continue
		}
		if r.MembersOwn {
			return r.Key
		}
		if first == "" {
			first = r.Key
		}
	}
	return first
}
