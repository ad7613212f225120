package event

import (
	"fmt"
	"strconv"

	"github.com/teambition/rrule-go"
)

// String is the rule as it is written into a calendar file, in the order that people know.
func (r *rule) String() string {
	o := r.option
	s := "FREQ=" + []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}[o.Freq]
	if o.Interval > 1 {
		s += fmt.Sprintf(";INTERVAL=%d", o.Interval)
	}
	if o.Count > 0 {
		s += fmt.Sprintf(";COUNT=%d", o.Count)
	}
	if r.until != (moment{}) {
		s += ";UNTIL=" + r.until.String()
	}
	for _, name := range []string{"BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"} {
		s += listed(name, *ruleLists[name].to(&o))
	}
	for i, d := range o.Byweekday {
		s += []string{",", ";BYDAY="}[max(0, 1-i)]
		if d.N() != 0 {
			s += strconv.Itoa(d.N())
		}
		s += weekdayNames[2*d.Day() : 2*d.Day()+2]
	}
	for _, name := range []string{"BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS"} {
		s += listed(name, *ruleLists[name].to(&o))
	}
	if o.Wkst != rrule.MO {
		s += ";WKST=" + weekdayNames[2*o.Wkst.Day():2*o.Wkst.Day()+2]
	}
	return s
}

// fit is the rule with its end in the form that its event's start asks for: a day, a time on any clock, or one in UTC (RFC 5545 §3.3.10).
func (r *rule) fit(e *Event) *rule {
	x := *r
	switch last := r.ends(e); {
	case last.IsZero():
	case e.AllDay:
		x.until = moment{wall: midnight(last), day: true}
	case e.Floating:
		x.until = moment{wall: last}
	default:
		x.until = moment{wall: atWall(last, e.Start.Location()).UTC(), utc: true}
	}
	return &x
}

func listed(name string, numbers []int) string {
	s := ""
	for i, n := range numbers {
		s += []string{",", ";" + name + "="}[max(0, 1-i)] + strconv.Itoa(n)
	}
	return s
}
