package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// dayFormat is how a time is said to who runs the list.
const dayFormat = "Mon 2 Jan 2006 15:04"

// Advice is what works, and may not be what was meant: times on days off, mails that are left out, how questions are shared out. A sentence each, in English.
func (d *Discussion) Advice() []string {
	rows, err := d.Rows(Changes{})
	if err != nil {
		return []string{err.Error()}
	}
	notes := slices.Concat(d.clashAdvice(rows), emptyAdvice(rows), d.gapAdvice(rows), d.questionAdvice(rows), d.eventAdvice(rows), d.responderAdvice(rows))
	for i, n := range notes {
		notes[i] = d.ID + ": " + n
	}
	return notes
}

// Dates are the mails that are still to come at now, a line each, as the config alone has them; one line when there are none.
func (d *Discussion) Dates(now time.Time) []string {
	rows, err := d.Rows(Changes{})
	if err != nil {
		return []string{err.Error()}
	}
	var lines []string
	for _, r := range rows {
		if r.At.After(now) {
			lines = append(lines, fmt.Sprintf("%s: email %d, %s: %s (%s)", d.ID, r.N, r.Kind, r.At.Format(dayFormat), d.Calendar.Location))
		}
	}
	if lines == nil {
		lines = append(lines, fmt.Sprintf("%s: it is over: the last of its %s was of %s", d.ID, counted(len(rows), "email"), rows[len(rows)-1].At.Format(dayFormat)))
	}
	return lines
}

// clashAdvice says what is odd about times.
func (d *Discussion) clashAdvice(rows []Row) (notes []string) {
	says := map[ClashKind]string{
		OffDay:      "falls on no working day",
		AfterEvent:  "goes out when the event has begun",
		BeforeEvent: "goes out before the event is over",
		OutOfOrder:  "does not stand between the kick-off and the closing, where it belongs",
	}
	for _, c := range d.Clashes(rows, nil) {
		text := says[c.What]
		if c.What == OutOfOrder && !c.Row.Kind.weekly() {
			text = "stands on the wrong side of the kick-off"
		}
		notes = append(notes, fmt.Sprintf("email %d (%s, %s) %s", c.Row.N, c.Row.Kind, c.Row.At.Format(dayFormat), text))
	}
	return notes
}

// emptyAdvice names the messages of the config that say nothing.
func emptyAdvice(rows []Row) (notes []string) {
	for _, r := range rows {
		if r.Kind == Message && len(r.Body) == 0 {
			notes = append(notes, fmt.Sprintf("email %d (message, %s) has no body", r.N, r.At.Format(dayFormat)))
		}
	}
	return notes
}

// gapAdvice names the weeks that a cron line leaves without a mail.
func (d *Discussion) gapAdvice(rows []Row) (notes []string) {
	has := map[string]bool{}
	for _, r := range rows {
		has[fmt.Sprintf("%s %d", r.Kind, r.Week)] = true
	}
	for w := 1; w <= d.Weeks; w++ {
		if !has[fmt.Sprintf("%s %d", Midweek, w)] {
			notes = append(notes, fmt.Sprintf("week %d has no midweek: %q fires at no time of it before its weekly", w, d.Midweek.Cron))
		}
		if w < d.Weeks && !has[fmt.Sprintf("%s %d", Weekly, w)] {
			notes = append(notes, fmt.Sprintf("week %d has no weekly: %q does not fire in it", w, d.Weekly))
		}
	}
	if cron, err := ParseCron(d.Weekly); err == nil {
		if _, ok := cron.last(d.Start.AddDays(7*(d.Weeks-1)), 7, d.Calendar.Location, time.Time{}); !ok {
			notes = append(notes, fmt.Sprintf("%q does not fire in the last week: the closing goes out on its last working day at 11:00", d.Weekly))
		}
	}
	return notes
}

// questionAdvice says which mail asks what, where that is not one question a week.
func (d *Discussion) questionAdvice(rows []Row) (notes []string) {
	if len(d.Questions) == d.Weeks {
		return nil
	}
	if len(d.Questions) == 0 {
		notes = append(notes, "there are no questions: the kick-off asks none")
	}
	var shared []string
	for _, r := range rows {
		switch {
		case r.MembersOwn:
			notes = append(notes, fmt.Sprintf("week %d has no question of its own: the draft of its round offers those that members asked", r.Week))
		case len(r.Asks) > 0:
			shared = append(shared, fmt.Sprintf("%s asks %s", r.At.Format("Mon 2 Jan"), Numbers(r.Asks)))
		}
	}
	if len(d.Questions) > d.Weeks {
		notes = append(notes, fmt.Sprintf("%s in %s: %s", counted(len(d.Questions), "question"), counted(d.Weeks, "week"), strings.Join(shared, ", ")))
	}
	return notes
}

// Numbers names questions, which are counted from 0, as people count: "2 and 3".
func Numbers(asks []int) string {
	var b strings.Builder
	for i, q := range asks {
		switch {
		case i > 0 && i == len(asks)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, q+1)
	}
	return b.String()
}

// eventAdvice says whether people have time to register when the closing has told them of the event.
func (d *Discussion) eventAdvice(rows []Row) (notes []string) {
	e := d.Event
	if e == nil {
		for _, r := range rows {
			if r.Fixed {
				notes = append(notes, fmt.Sprintf("email %d (%s) is about an event, and no [[event]] has discussion = %q", r.N, r.Kind, d.ID))
			}
		}
		return notes
	}
	closing := d.Ends(rows)
	day := time.Duration(d.Calendar.To-d.Calendar.From) * time.Minute
	if !e.RegisterBy.IsZero() && d.Calendar.Between(closing, e.RegisterBy) < 2*day {
		notes = append(notes, fmt.Sprintf("the closing goes out %s, less than two working days before registration for %s ends (%s)",
			closing.Format(dayFormat), e.ID, e.RegisterBy.Format(dayFormat)))
	}
	return notes
}

// responderAdvice says whom too much is asked of, and when it is too late to ask.
func (d *Discussion) responderAdvice(rows []Row) (notes []string) {
	if len(d.Responders) == 0 {
		return nil
	}
	ask, backup := d.AskAt(rows)
	if !ask.Before(backup) {
		notes = append(notes, fmt.Sprintf("first responders are asked %s, and have until %s before the backup is", ask.Format(dayFormat), backup.Format(dayFormat)))
	}
	times := map[string]int{}
	var order []string
	for _, r := range d.Responders {
		for _, m := range r.Members {
			address := strings.ToLower(m.Address)
			if times[address]++; times[address] == 2 {
				order = append(order, m.Address)
			}
		}
	}
	for _, address := range order {
		notes = append(notes, address+" is a first responder more than once: one question a person is enough")
	}
	return notes
}
