package event

import (
	"slices"
	"strconv"
	"strings"

	"github.com/teambition/rrule-go"
)

// rule is by which an event takes place again (RFC 5545 §3.3.10).
type rule struct {
	option rrule.ROption // without start and end
	until  moment        // zero: none
	both   bool          // it says how often beside until when, against the standard; until holds
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
		r.option.Count, r.both = 0, r.option.Count > 0 // a date is what somebody meant
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
