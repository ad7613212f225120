package plan

import (
	"fmt"
	"time"
)

// Fault is something about a plan that whoever wrote it should be told.
type Fault struct {
	// Field is the key that it is about, from that of the discussion: "weekly.cron", "email[1].send", "first_responders[0].email"; empty: the discussion.
	Field string
	Text  string // a sentence in English, without a full stop
}

// faults collects them.
type faults []Fault

func (f *faults) add(field, format string, args ...any) {
	*f = append(*f, Fault{field, fmt.Sprintf(format, args...)})
}

// Check looks for what cannot be as it is written. A Discussion without faults has rows.
func (d *Discussion) Check() []Fault {
	var all faults
	weekly, err := ParseCron(d.Weekly)
	if err != nil {
		all.add("weekly.cron", "%v", err)
	} else if _, ok := weekly.last(d.Start, 7*d.Weeks, d.Calendar.Location, time.Time{}); !ok {
		all.add("weekly.cron", "%q fires in none of the %s", d.Weekly, counted(d.Weeks, "week"))
	}
	if _, err := ParseCron(d.Midweek.Cron); err != nil {
		all.add("midweek.cron", "%v", err)
	}
	if _, err := ParseWhen(d.Ask); err != nil {
		all.add("ask", "%v", err)
	}
	seen := map[string]bool{}
	for i, e := range d.Emails {
		when, err := ParseWhen(e.Send)
		if err != nil {
			all.add(fmt.Sprintf("email[%d].send", i), "%v", err)
			continue
		}
		week := d.plannedWeek(when.From(d.Start, d.Calendar.Location))
		name := fmt.Sprintf("%s of this discussion", e.Kind)
		if e.Kind.weekly() {
			name = fmt.Sprintf("%s of week %d", e.Kind, week)
		}
		switch {
		case e.Kind.several():
		case e.Kind.weekly() && week == 0:
			all.add(fmt.Sprintf("email[%d].send", i), "%s falls in none of the %s from %s: a mail of kind %s is of one of them", e.Send, counted(d.Weeks, "week"), d.Start, e.Kind)
		case seen[name]:
			all.add(fmt.Sprintf("email[%d].kind", i), "there is a %s already", name)
		}
		seen[name] = true
	}
	if len(all) > 0 {
		return all
	}
	rows, err := d.Rows(Changes{})
	if err != nil {
		all.add("", "%v", err)
	}
	for i, r := range d.Responders {
		if r.Email > len(rows) {
			all.add(fmt.Sprintf("first_responders[%d].email", i), "the plan has %s, so there is no email %d", counted(len(rows), "email"), r.Email)
		}
	}
	return all
}

// counted is a number of things, by the name of one.
func counted(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}
