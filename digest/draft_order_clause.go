package digest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"convene/digest/plan"
	"convene/list"
)

// clauseEnd divides a line into what may each be an order.
var clauseEnd = regexp.MustCompile(`[,;.!]+(?:\s+|$)|\s+(?:and|then|but|et|puis|mais|y|luego|pero|e)\s+|\s*[;&]\s*`)

func clausesOf(line string) (clauses []string) {
	for _, c := range clauseEnd.Split(line, -1) {
		if c = strings.TrimSpace(c); c != "" {
			clauses = append(clauses, c)
		}
	}
	return clauses
}

// readClause reads a few words in any order, of which each must be known: a verb, what it is about, or a word of no weight. Without a verb they may be more
// of what the order before them is about: "drop 2, 3".
func readClause(clause string, before *draftOrder) (orders []draftOrder, ok bool) {
	c := clauseReading{}
	for word := range strings.FieldsSeq(clause) {
		if !c.take(foldText(strings.TrimFunc(word, func(r rune) bool { return unicode.IsPunct(r) && r != '+' && r != '#' }))) {
			return nil, false
		}
	}
	if before != nil && len(c.verbs) == 0 && !c.denied {
		switch {
		case len(before.labels) > 0 && len(c.labels) > 0 && c.shift == nil:
			before.labels = append(before.labels, c.labels...)
			return nil, true
		case before.verb == verbLater && len(c.labels) == 0 && c.shift != nil && before.shift == (plan.Shift{}):
			before.shift, before.minutes = *c.shift, max(before.minutes, c.minutes)
			return nil, true
		}
	}
	return c.orders()
}

// clauseReading is a clause while it is read.
type clauseReading struct {
	verbs   []verb
	labels  []draftLabel
	kind    byte // of the numbers that follow
	shift   *plan.Shift
	date    plan.Date
	minutes int
	number  string // that may stand before "days"
	denied  bool
}

var (
	labelWord = regexp.MustCompile(`^#?([qtn]?)(\d{1,3})$`)
	labelSpan = regexp.MustCompile(`^#?([qtn]?)(\d{1,2})[-–]([qtn]?)(\d{1,2})$`)
	clockWord = regexp.MustCompile(`^(\d{1,2})(?:[:h](\d\d)?)(?:h)?$`)
)

// take takes one word.
func (c *clauseReading) take(word string) bool {
	if v, ok := plainVerbs[word]; ok {
		c.verbs = append(c.verbs, v)
		return true
	}
	if kind, ok := labelKinds[word]; ok {
		c.kind = kind
		return true
	}
	if unit, ok := units[word]; ok && c.number != "" {
		word, c.labels, c.number = "+"+c.number+unit, nil, ""
	}
	if days, ok := dayWords[word]; ok {
		c.shift = &plan.Shift{Days: days}
		return true
	}
	if m := labelWord.FindStringSubmatch(word); m != nil {
		kind := c.kind
		if m[1] != "" {
			kind = m[1][0]
		} else {
			c.number = m[2]
		}
		c.labels = append(c.labels, draftLabel{kind, number(m[2])})
		return true
	}
	if m := labelSpan.FindStringSubmatch(word); m != nil && (m[3] == "" || m[3] == m[1]) && number(m[2]) < number(m[4]) {
		for n := number(m[2]); n <= number(m[4]); n++ {
			c.take(m[1] + strconv.Itoa(n))
		}
		return true
	}
	if date, err := plan.ParseDate(word); err == nil {
		c.date = date
		return true
	}
	if m := clockWord.FindStringSubmatch(word); m != nil && number(m[1]) < 24 && number(m[2]) < 60 {
		c.minutes = number(m[1])*60 + number(m[2]) + 1
		return true
	}
	switch shift, err := plan.ParseShift(word); {
	case err == nil && (len(word) > 2 || word[0] == '+'):
		c.shift = &shift
	case denials[word]:
		c.denied = true
	case list.Yes(word):
		c.verbs = append(c.verbs, verbSend)
	case list.No(word):
		c.denied = true
	default:
		return fillers[word] || word == ""
	}
	return true
}

// orders are what the words of a clause say together; false: nobody can tell.
func (c *clauseReading) orders() ([]draftOrder, bool) {
	slices.Sort(c.verbs)
	c.verbs = slices.Compact(c.verbs)
	has := func(v verb) bool { return slices.Contains(c.verbs, v) }
	only := func(all ...verb) bool {
		return !slices.ContainsFunc(c.verbs, func(v verb) bool { return !slices.Contains(all, v) })
	}
	timed := c.shift != nil || c.minutes > 0 || c.date != (plan.Date{})
	switch {
	case len(c.verbs) == 0:
		if c.denied && len(c.labels) == 0 && !timed { // "no"
			return []draftOrder{{verb: verbHold}}, true
		}
		return nil, !c.denied && len(c.labels) == 0 && !timed
	case c.denied && has(verbSpotlight):
		return []draftOrder{{verb: verbNoSpotlight}}, len(c.verbs) == 1 && len(c.labels) == 0
	case c.denied:
		return []draftOrder{{verb: verbHold}}, only(verbSend, verbNow)
	case has(verbLater) || has(verbSend) && timed:
		later := draftOrder{verb: verbLater, minutes: c.minutes, date: c.date}
		if c.shift != nil {
			later.shift = *c.shift
		}
		if has(verbSend) {
			return []draftOrder{later, {verb: verbSend}}, only(verbSend, verbLater) && len(c.labels) == 0
		}
		return []draftOrder{later}, only(verbLater) && len(c.labels) == 0
	case timed:
		return nil, false
	case has(verbNow):
		return []draftOrder{{verb: verbNow}}, only(verbSend, verbNow) && len(c.labels) == 0
	case len(c.verbs) > 1:
		return nil, false
	}
	switch v := c.verbs[0]; v {
	case verbSend, verbHold, verbSkip:
		return []draftOrder{{verb: v}}, len(c.labels) == 0
	case verbDrop, verbAdd, verbKeep:
		return []draftOrder{{verb: v, labels: c.labels}}, len(c.labels) > 0
	}
	return nil, false
}
