package digest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// stand is one who is to answer a planned mail first, or was: as things are at one moment.
type stand struct {
	row     plan.Row
	at      time.Time // when that mail goes out, or went
	address string
	why     plan.Texts
	instead string          // for whom they stand in
	member  list.Member     // zero: they are none
	state   *ResponderState // nil: nobody has asked them
	ask     time.Time       // of who is to be asked: when
	until   time.Time       // of who was, or is to be: when their backup is asked if they do not answer
	away    bool            // they cannot be asked: they are no member, or get no mail
}

// lineup finds out who stands where. Each place of a row is a chain: who the plan names, and behind who said no, passed, is away or is silent the next
// backup, who is whoever is free when it comes to that. Nobody has two places, since never more than one question is asked of a person.
type lineup struct {
	a     *affair
	r     list.Reader
	taken map[string]bool // by address in lower case: who has a place, or had one
	all   []stand
	open  []vacancy
}

// vacancy is a place whose holder has stood aside, or will have at a time if they say nothing until then.
type vacancy struct {
	at      time.Time
	holder  stand
	backups []string
}

// lineup is who stands where in all rows, in their order.
func (a *affair) lineup(r list.Reader) ([]stand, error) {
	l := &lineup{a: a, r: r, taken: map[string]bool{}}
	for key := range a.course.Responders {
		if _, address, ok := strings.Cut(key, " "); ok {
			l.taken[address] = true
		}
	}
	ask, _ := a.AskAt(a.rows)
	seated := map[string]bool{}
	for _, row := range a.rows {
		for _, g := range a.RespondersOf(row) {
			for _, m := range g.Members {
				who := strings.ToLower(m.Address)
				if seated[who] {
					continue // they have a place in an earlier row, or the same one
				}
				l.taken[who], seated[who] = true, true
				if err := l.seat(stand{row: row, at: a.goesOut(row), address: m.Address, why: m.Why}, ask, g.Backup); err != nil {
					return nil, err
				}
			}
		}
	}
	for len(l.open) > 0 {
		slices.SortStableFunc(l.open, func(a, b vacancy) int { return a.at.Compare(b.at) })
		v := l.open[0]
		l.open = l.open[1:]
		next, ok := l.next(v.holder.row.Key, v.holder.address, v.backups)
		if !ok {
			continue
		}
		l.taken[strings.ToLower(next)] = true
		if err := l.seat(stand{row: v.holder.row, at: v.holder.at, address: next, instead: v.holder.address}, v.at, v.backups); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(l.all, func(a, b stand) int { return a.at.Compare(b.at) })
	return l.all, nil
}

// seat gives somebody a place, whom to ask is due at a time, or was.
func (l *lineup) seat(s stand, ask time.Time, backups []string) (err error) {
	s.state = l.a.course.Responders[responderKey(s.row.Key, s.address)]
	if s.member, err = l.a.member(l.r, s.address); err != nil {
		return err
	}
	var over time.Time
	switch {
	case s.state != nil:
		s.until = l.a.silentAt(s.state.Asked, s.at)
		over = s.state.over(s.until)
	case !reachable(&s.member):
		s.away, over = true, ask
	default:
		s.ask, s.until = ask, l.a.silentAt(ask, s.at)
	}
	l.all = append(l.all, s)
	if !over.IsZero() {
		l.open = append(l.open, vacancy{over, s, backups})
	}
	return nil
}

// next is who stands in for somebody: who was asked instead of them, or the first backup who has no place anywhere.
func (l *lineup) next(row, address string, backups []string) (string, bool) {
	for _, b := range backups {
		if s := l.a.course.Responders[responderKey(row, b)]; s != nil && list.SameAddress(s.Backup, address) {
			return b, true
		}
	}
	i := slices.IndexFunc(backups, func(b string) bool { return !l.taken[strings.ToLower(b)] })
	if i < 0 {
		return "", false
	}
	return backups[i], true
}

// responderKey is under what a first responder of a row is noted.
func responderKey(row, address string) string { return row + " " + strings.ToLower(address) }

// reachable reports whether mail of the schedule goes to a member at all.
func reachable(m *list.Member) bool {
	return m.Number != 0 && m.State == list.Active && m.Mode != list.ModeNoMail
}

const (
	// backupDays and backupAt say when the backup is asked instead of who is silent: at ten in the morning, five days before the mail.
	backupDays, backupAt = 5, 10 * 60
)

// silentAt is when somebody who was asked at a time is taken to say nothing: five days before the mail, but not before they had a day of working time.
func (a *affair) silentAt(asked, mail time.Time) time.Time {
	loc := a.Calendar.Location
	at := plan.DateOf(mail.In(loc)).AddDays(-backupDays).At(backupAt, loc)
	if least := a.Calendar.Add(asked, time.Duration(a.Calendar.To-a.Calendar.From)*time.Minute); at.Before(least) {
		at = least
	}
	return at
}

// What first responders say.
const (
	saidYes      = "yes"
	saidNo       = "no"
	saidOther    = "other day"
	saidWords    = "words" // neither, and it was passed on
	saidPass     = "pass"
	saidTomorrow = "tomorrow"
)

// over is when somebody has stood aside, or will have when they go on saying nothing until then; zero: they stand.
func (s *ResponderState) over(until time.Time) time.Time {
	switch {
	case s.Way == saidPass, s.Said == saidNo, s.Said == saidOther:
		return s.SaidAt
	case s.Said == "", s.Said == saidWords:
		return until
	}
	return time.Time{}
}

// responder is the state of a first responder, which is made when there is none.
func (c *Course) responder(row, address string) *ResponderState {
	if c.Responders == nil {
		c.Responders = map[string]*ResponderState{}
	}
	key := responderKey(row, address)
	if c.Responders[key] == nil {
		c.Responders[key] = &ResponderState{}
	}
	return c.Responders[key]
}

// zone is the time zone of a member; that of the list where they have said none.
func (e *Editor) zone(a *affair, m *list.Member) *time.Location {
	if m.Timezone == "" {
		return a.Calendar.Location
	}
	if zone, ok := e.zones.Load(m.Timezone); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		zone = a.Calendar.Location // a name that was one when they said it; it is not kept, since the list's may change
		return zone
	}
	e.zones.Store(m.Timezone, zone)
	return zone
}

// asks are the questions of a row.
func (a *affair) asks(row plan.Row) (all []plan.Texts) {
	for _, i := range row.Asks {
		if n := len(a.Questions); i < n {
			all = append(all, a.Questions[i])
		} else if i-n < len(a.course.Changes.Added) {
			all = append(all, plan.Texts{"": a.course.Changes.Added[i-n]})
		}
	}
	return all
}

// member is a member; the zero Member: they are none.
func (a *affair) member(r list.Reader, address string) (list.Member, error) {
	m, err := r.Member(a.rec.ID, address)
	if errors.Is(err, list.ErrNotFound) {
		return list.Member{}, nil
	}
	return m, err
}
