package plan

import (
	"time"

	"convene/list/event"
)

// Load is how many mails of ours a plan means for one member who gets every post.
type Load struct {
	Least, Most               int // who comes to the event and says what they will try: without lively weeks and thanks, and with both
	ReadingLeast, ReadingMost int // who only reads
}

// tablesBefore is how long before an event a reminder is, at the most, that the tables of a World Café take the place of, and tablesAfter at the least.
const (
	tablesBefore = 48 * time.Hour
	tablesAfter  = 12 * time.Hour
)

// reminderFolds is how soon behind the closing a reminder is part of it.
const reminderFolds = 48 * time.Hour

// Load counts the mails of a plan. The invitation is a mail of its own, a round-up in a planned mail, the first reminder of a World Café is the mail with the
// tables, and what would come within two days of the closing is in the closing; so a cap of one a day adds nothing.
func (d *Discussion) Load(rows []Row) Load {
	var l Load
	closing := time.Time{}
	for _, r := range rows {
		if r.Skipped {
			continue
		}
		if r.Kind == Closing {
			closing = r.At
		}
		l.ReadingMost++
		if !r.If {
			l.ReadingLeast++
		}
	}
	personal := 0
	if d.Thanks == ThanksPersonal || d.Thanks == ThanksBoth {
		personal = d.Weeks
	}
	own := d.eventMails(closing)
	if !closing.IsZero() {
		own++ // what they said they will try comes back to them
	}
	if d.Event != nil {
		l.ReadingLeast, l.ReadingMost = l.ReadingLeast+1, l.ReadingMost+1 // the invitation
	}
	l.Least, l.Most = l.ReadingLeast+own, l.ReadingMost+own+personal
	return l
}

// eventMails are those to who said yes: tables, and reminders that nothing else takes the place of.
func (d *Discussion) eventMails(closing time.Time) (n int) {
	e := d.Event
	if e == nil {
		return 0
	}
	if e.Format == event.WorldCafe {
		n++
	}
	for _, before := range e.Reminders {
		at := e.Start.Add(-before)
		tables := e.Format == event.WorldCafe && before >= tablesAfter && before <= tablesBefore
		folded := !closing.IsZero() && !at.Before(closing) && at.Sub(closing) <= reminderFolds
		if !tables && !folded {
			n++
		}
	}
	return n
}
