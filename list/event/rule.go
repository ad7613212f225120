package event

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// rule is by which an event takes place again (RFC 5545 §3.3.10).
type rule struct {
	option rrule.ROption // without start and end
	until  moment        // zero: none
}

// Bounds on a rule: more of them than anybody writes, and less than takes long.
const (
	maxRule     = 1000 // octets
	maxListed   = 62   // values of one part
	maxInterval = 10000
	maxDaily    = 24 // times a day
	maxWork     = 100_000
)

// ruleList is a part of a rule that lists numbers: the largest, whether it may be counted from behind, and where it goes.
type ruleList struct {
	least, most int
	behind      bool
	to          func(*rrule.ROption) *[]int
}

var ruleLists = map[string]ruleList{
	"BYSECOND":   {0, 59, false, func(o *rrule.ROption) *[]int { return &o.Bysecond }},
	"BYMINUTE":   {0, 59, false, func(o *rrule.ROption) *[]int { return &o.Byminute }},
	"BYHOUR":     {0, 23, false, func(o *rrule.ROption) *[]int { return &o.Byhour }},
	"BYMONTHDAY": {1, 31, true, func(o *rrule.ROption) *[]int { return &o.Bymonthday }},
	"BYYEARDAY":  {1, 366, true, func(o *rrule.ROption) *[]int { return &o.Byyearday }},
	"BYWEEKNO":   {1, 53, true, func(o *rrule.ROption) *[]int { return &o.Byweekno }},
	"BYMONTH":    {1, 12, false, func(o *rrule.ROption) *[]int { return &o.Bymonth }},
	"BYSETPOS":   {1, 366, true, func(o *rrule.ROption) *[]int { return &o.Bysetpos }},
}

var weekdays = []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}

const weekdayNames = "MOTUWETHFRSASU"

// readRule reads a rule. A rule that is finer than days is refused: SECONDLY over some years is hours of work for nobody.
func readRule(text string) (*rule, *Fault) {
	bad := fault(BadRule, text)
	if len(text) > maxRule {
		return nil, bad
	}
	r, seen := &rule{}, map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		name, value, ok := strings.Cut(part, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if part = strings.TrimSpace(part); part == "" || strings.HasPrefix(name, "X-") || name == "SKIP" {
			continue
		}
		if !ok || seen[name] {
			return nil, bad
		}
		seen[name] = true
		if list, ok := ruleLists[name]; ok {
			if !list.read(value, list.to(&r.option)) {
				return nil, bad
			}
			continue
		}
		if f := r.part(name, value, text); f != nil {
			return nil, f
		}
	}
	if !seen["FREQ"] {
		return nil, bad
	}
	if r.until != (moment{}) {
		r.option.Count = 0 // both are against the standard; a date is what somebody meant
	}
	o := &r.option
	if max(1, len(o.Byhour))*max(1, len(o.Byminute))*max(1, len(o.Bysecond)) > maxDaily {
		return nil, fault(TooOften, text)
	}
	if !r.tidyDays() {
		return nil, fault(NeverOn, text)
	}
	return r, nil
}

// part reads one that is no list of numbers.
func (r *rule) part(name, value, text string) *Fault {
	bad := fault(BadRule, text)
	n, err := strconv.Atoi(value)
	switch name {
	case "FREQ":
		switch value {
		case "YEARLY", "MONTHLY", "WEEKLY", "DAILY":
			r.option.Freq = rrule.Frequency(slices.Index([]string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}, value))
		case "HOURLY", "MINUTELY", "SECONDLY":
			return fault(TooOften, "FREQ="+value)
		default:
			return bad
		}
	case "INTERVAL":
		if r.option.Interval = max(1, n); err != nil || n < 0 || n > maxInterval {
			return bad
		}
	case "COUNT":
		if r.option.Count = n; err != nil || n < 0 {
			return bad
		}
		if n == 0 {
			return fault(NeverOn, text)
		}
	case "UNTIL":
		if r.until, err = readMoment(value); err != nil {
			return bad
		}
	case "WKST":
		if len(value) != 2 || strings.Index(weekdayNames, value)%2 != 0 {
			return bad
		}
		r.option.Wkst = weekdays[strings.Index(weekdayNames, value)/2]
	case "BYDAY":
		if !r.readDays(value) {
			return bad
		}
	case "RSCALE":
		if value != "GREGORIAN" {
			return bad
		}
	default:
		return bad
	}
	return nil
}

func (l ruleList) read(value string, to *[]int) bool {
	for s := range strings.SplitSeq(value, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		size := n
		if l.behind {
			size = max(n, -n)
		}
		if err != nil || size < l.least || size > l.most {
			return false
		}
		if !slices.Contains(*to, n) {
			*to = append(*to, n)
		}
	}
	return len(*to) > 0 && len(*to) <= maxListed
}

func (r *rule) readDays(value string) bool {
	for s := range strings.SplitSeq(value, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		at := strings.Index(weekdayNames, s[max(0, len(s)-2):])
		if len(s) < 2 || at%2 != 0 {
			return false
		}
		n := 0
		if number := s[:len(s)-2]; number != "" {
			var err error
			if n, err = strconv.Atoi(number); err != nil || n == 0 || n > 53 || n < -53 {
				return false
			}
		}
		day := weekdays[at/2]
		if day = day.Nth(n); !slices.Contains(r.option.Byweekday, day) {
			r.option.Byweekday = append(r.option.Byweekday, day)
		}
	}
	return len(r.option.Byweekday) > 0 && len(r.option.Byweekday) <= maxListed
}

// tidyDays leaves out the sixth Monday of a month and its like, which rrule-go looks for behind the end of a table. It reports whether a day is left.
func (r *rule) tidyDays() bool {
	o := &r.option
	if len(o.Byweekday) == 0 || o.Freq != rrule.MONTHLY && (o.Freq != rrule.YEARLY || len(o.Bymonth) == 0) {
		return true
	}
	o.Byweekday = slices.DeleteFunc(o.Byweekday, func(d rrule.Weekday) bool { return d.N() > 5 || d.N() < -5 })
	return len(o.Byweekday) > 0
}

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

// days are the days of the week in the form that rrule-go takes together: of every Tuesday and the second Monday of a month it finds no day, and of the first to
// fifth Tuesdays and the second Monday all.
func (r *rule) days() []rrule.Weekday {
	all := r.option.Byweekday
	numbered := slices.ContainsFunc(all, func(d rrule.Weekday) bool { return d.N() != 0 })
	if !numbered || r.option.Freq != rrule.MONTHLY && r.option.Freq != rrule.YEARLY {
		return all
	}
	most := 53
	if r.option.Freq == rrule.MONTHLY || len(r.option.Bymonth) > 0 {
		most = 5
	}
	var days []rrule.Weekday
	for _, d := range all {
		if d.N() != 0 {
			days = append(days, d)
			continue
		}
		for n := 1; n <= most; n++ {
			days = append(days, d.Nth(n))
		}
	}
	return days
}

// years is after how many the calendar is the same again, days of the week and leap years.
const years = 400

// walls are the dates of the rule in order, as wall-clock times written in UTC, for an event that starts at such a time. They end after some centuries, and after
// maxWork of them.
//
// rrule-go cannot be stopped while it looks for the next date, and looks up to the year 9999: the thirtieth of February took it most of a second. So it is
// asked about the same days of a cycle of the calendar that ends there, at most 440 years on.
func (r *rule) walls(start time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		shift := (9959 - start.Year()) / years * years
		if start.Year() > 9959 {
			shift = -years
		}
		o := r.option
		o.Byweekday = r.days()
		o.Dtstart = start.AddDate(shift, 0, 0)
		o.Until = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
		set, err := rrule.NewRRule(o)
		if err != nil {
			return
		}
		next := set.Iterator()
		for range maxWork {
			w, ok := next()
			if !ok {
				return
			}
			if w = w.AddDate(-shift, 0, 0); w.Year() > 9999 || !yield(w) {
				return
			}
		}
	}
}

// matches reports whether there is a date by the rule alone.
func (r *rule) matches(start time.Time) bool {
	for range r.walls(start) {
		return true
	}
	return false
}
