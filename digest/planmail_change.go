package digest

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// questionMost is the longest question that is added by mail, in octets.
const questionMost = 1000

// postponeAll moves all that is not out yet, and that is not counted from the event: by days, to a weekday, or so that the next of them is on a date.
func (a *affair) postponeAll(text string, now time.Time) (letter.PlanDone, error) {
	next := slices.IndexFunc(a.rows, func(r plan.Row) bool { return !r.Fixed && !a.isOut(r.Key) && !r.Skipped })
	if next < 0 {
		return letter.PlanDone{What: "nothing left"}, nil
	}
	row := a.rows[next]
	text = shiftWords(text)
	by, err := plan.ParseShift(text)
	if date, wrong := plan.ParseDate(text); wrong == nil {
		by, err = plan.Shift{Days: date.Sub(plan.DateOf(row.At))}, nil
	} else if err == nil && by.Named { // counted from the next that goes out, not from one that was left out
		by = plan.Shift{Days: plan.DateOf(by.From(row.At)).Sub(plan.DateOf(row.At))}
	}
	if err != nil {
		return letter.PlanDone{What: "no shift", Text: text}, nil
	}
	if to := by.From(row.At); !to.After(now) {
		return letter.PlanDone{What: "past", Text: text}, nil
	}
	ch, _, err := a.Postpone(a.course.Changes, by, a.isOut)
	if err != nil {
		return letter.PlanDone{What: "nothing left"}, nil
	}
	for key := range ch.Moved {
		if s := a.course.Rows[key]; s != nil && !a.isOut(key) {
			s.Due = time.Time{}
		}
	}
	a.course.Changes = ch
	return letter.PlanDone{What: "postponed", N: row.N, Kind: string(row.Kind), Was: row.At, At: by.From(row.At)}, a.reread()
}

// shiftLead are words that may stand in front of a time, shiftTail those that may stand behind it.
var shiftLead, shiftTail = textSet("by to until till for on de jusqu'a jusqu'au au a le hasta al el"), textSet("please thanks svp merci later")

// shiftWords is a time as plan.ParseShift reads it, of what people write: "by 2 days please", "until monday", "3 semaines", "tomorrow".
func shiftWords(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
	for len(words) > 1 && shiftLead[foldText(words[0])] {
		words = words[1:]
	}
	for len(words) > 1 && shiftTail[foldText(words[len(words)-1])] {
		words = words[:len(words)-1]
	}
	if len(words) == 2 {
		if unit := units[foldText(words[1])]; unit != "" && number(strings.TrimPrefix(words[0], "+")) > 0 {
			return "+" + strings.TrimPrefix(words[0], "+") + unit
		}
	}
	if len(words) == 1 && dayWords[foldText(words[0])] > 0 {
		return "+1d"
	}
	return strings.Join(words, " ")
}

// numbered is the row that an order begins with the number of, and what stands behind it.
func (a *affair) numbered(text string) (row *plan.Row, rest string, wrong *letter.PlanDone) {
	word, rest, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(strings.Trim(word, "#.,:"))
	i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return r.N == n })
	switch {
	case err != nil || i < 0:
		return nil, "", &letter.PlanDone{What: "no row", Text: text}
	case a.isOut(a.rows[i].Key):
		return nil, "", &letter.PlanDone{What: "is out", N: n, Kind: string(a.rows[i].Kind)}
	case a.off != nil && ofEvent(&a.rows[i]):
		return nil, "", &letter.PlanDone{What: "no event", N: n, Kind: string(a.rows[i].Kind)}
	}
	return &a.rows[i], strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "to ")), nil
}

// moveRow moves one mail.
func (a *affair) moveRow(text string, now time.Time) (letter.PlanDone, error) {
	row, rest, wrong := a.numbered(text)
	if wrong != nil {
		return *wrong, nil
	}
	done := letter.PlanDone{What: "moved", N: row.N, Kind: string(row.Kind), Was: row.At}
	rest = shiftWords(rest)
	if m := clockWord.FindStringSubmatch(rest); m != nil && number(m[1]) < 24 && number(m[2]) < 60 {
		done.At = plan.DateOf(row.At).At(number(m[1])*60+number(m[2]), a.Calendar.Location)
	} else if when, err := plan.ParseWhen(rest); err == nil {
		done.At = when.From(a.Start, a.Calendar.Location)
	} else if date, err := plan.ParseDate(rest); err == nil {
		done.At = plan.Shift{Days: date.Sub(plan.DateOf(row.At))}.From(row.At)
	} else if by, err := plan.ParseShift(rest); err == nil {
		done.At = by.From(row.At)
	} else {
		return letter.PlanDone{What: "no shift", Text: rest}, nil
	}
	if !done.At.After(now) {
		return letter.PlanDone{What: "past", Text: rest}, nil
	}
	a.course.Changes.Moved = maps.Clone(a.course.Changes.Moved)
	if a.course.Changes.Moved == nil {
		a.course.Changes.Moved = map[string]time.Time{}
	}
	a.course.Changes.Moved[row.Key] = done.At
	if s := a.course.Rows[row.Key]; s != nil {
		s.Due = time.Time{}
	}
	return done, a.reread()
}

// skipRow leaves one mail out, or takes it in again.
func (a *affair) skipRow(text string, out bool, now time.Time) (letter.PlanDone, error) {
	row, _, wrong := a.numbered(text)
	if wrong != nil {
		return *wrong, nil
	}
	done := letter.PlanDone{What: "skipped", N: row.N, Kind: string(row.Kind), At: row.At}
	skipped := maps.Clone(a.course.Changes.Skipped)
	if skipped == nil {
		skipped = map[string]bool{}
	}
	if skipped[row.Key] = true; !out {
		if !row.At.After(now) {
			return letter.PlanDone{What: "past", Text: text}, nil
		}
		done.What = "unskipped"
		delete(skipped, row.Key)
		if s := a.course.Rows[row.Key]; s != nil && s.Stage == Skipped {
			s.Stage = Waiting
		}
	}
	a.course.Changes.Skipped = skipped
	return done, a.reread()
}

// addQuestion adds a question to the next round that has not gone out.
func (a *affair) addQuestion(text string, now time.Time) (letter.PlanDone, error) {
	text = strings.Trim(strings.Join(strings.Fields(text), " "), `"“”«»`)
	if text == "" || len(text) > questionMost {
		return letter.PlanDone{What: "no question"}, nil
	}
	before := a.course.Changes
	to := plan.NextRound(a.rows, a.isOut)
	ch := before
	ch.Added, ch.AddedTo = append(slices.Clone(ch.Added), text), slices.Clone(ch.AddedTo)
	for len(ch.AddedTo) < len(ch.Added)-1 {
		ch.AddedTo = append(ch.AddedTo, "")
	}
	ch.AddedTo = append(ch.AddedTo, to)
	a.course.Changes = ch
	if err := a.reread(); err != nil {
		return letter.PlanDone{}, err
	}
	number := len(a.Questions) + len(ch.Added) - 1
	i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return slices.Contains(r.Asks, number) })
	if i < 0 || a.isOut(a.rows[i].Key) || !a.rows[i].At.After(now) { // it would be asked in what is out already
		a.course.Changes = before
		return letter.PlanDone{What: "no round", Text: text}, a.reread()
	}
	return letter.PlanDone{What: "added", N: a.rows[i].N, Kind: string(a.rows[i].Kind), At: a.rows[i].At, Text: text}, nil
}

// handOver makes somebody the voice: who facilitates, owns the list, is of its core group or a member, by their address, or by a facilitator's name.
func (a *affair) handOver(r list.Reader, text string) (letter.PlanDone, error) {
	nobody := letter.PlanDone{What: "nobody", Text: text}
	if word, name, ok := strings.Cut(text, " "); ok && towards[foldText(word)] {
		text = strings.TrimSpace(name)
	}
	address := strings.Trim(text, " <>.,;")
	if i := strings.LastIndexByte(text, '<'); i >= 0 {
		address = strings.Trim(text[i:], " <>.,;")
	}
	for _, p := range a.Discussion.Facilitators {
		if p.Name != "" && (strings.EqualFold(p.Name, address) || strings.EqualFold(strings.SplitN(p.Name, " ", 2)[0], address)) {
			address = p.Address
		}
	}
	address, err := message.ParseAddr(address)
	if err != nil {
		return nobody, nil
	}
	m, err := r.Member(a.rec.ID, address)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return nobody, err
	}
	same := func(o string) bool { return list.SameAddress(o, address) }
	if m.Number == 0 && !slices.ContainsFunc(a.planners(), same) && !slices.ContainsFunc(a.list.Facilitators, same) && !slices.ContainsFunc(a.list.Owners, same) {
		return nobody, nil
	}
	who, err := a.person(r, address)
	if err != nil {
		return nobody, err
	}
	a.course.Changes.Voice = who
	said := who.Name
	if said == "" {
		said = who.Address
	}
	return letter.PlanDone{What: "handed", Text: said}, a.reread()
}
