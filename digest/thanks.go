package digest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

const (
	// thanksWait is for how many days after a summary a free morning is looked for; thanks that come later are for nobody.
	thanksWait = 14
	// thanksAtOnce is how many leave in one transaction.
	thanksAtOnce = 100
)

// thank is a thank-you that is still to leave.
type thank struct {
	facts.Thank
	n      int // its number in the draft, from 1
	member list.Member
	at     time.Time
}

// thanksKey is under what a thank-you is noted: after each summary everybody gets one at most.
func thanksKey(row, address string) string { return "thanks/" + row + "/" + strings.ToLower(address) }

// thanks are the personal thank-yous that follow a weekly and the closing, whose draft showed their lines. Each leaves at the beginning of working hours in the zone of
// who gets it, on the first working day on which nothing planned goes out.
func (e *Editor) thanks(r list.Reader, a *affair, now time.Time) ([]duty, error) {
	if a.Thanks != plan.ThanksPersonal && a.Thanks != plan.ThanksBoth {
		return nil, nil
	}
	var duties []duty
	for _, row := range a.rows {
		s := a.course.Rows[row.Key]
		if row.Kind != plan.Weekly && row.Kind != plan.Closing || s == nil || s.Stage != Sent || now.Sub(s.Sent) > (thanksWait+1)*24*time.Hour {
			continue
		}
		d := duty{at: s.Sent, list: a.list.Address, kind: "thanks", n: row.N, name: "thanks " + row.Key}
		id, key := a.ID, row.Key
		if s.Facts == nil {
			d.do = func(context.Context, time.Time) error { return e.findThanks(id, key) }
			duties = append(duties, d)
			continue
		}
		all, err := e.unthanked(r, a, s, key, now)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			continue
		}
		d.at = slices.MinFunc(all, func(a, b thank) int { return a.at.Compare(b.at) }).at
		d.do = func(_ context.Context, now time.Time) error { return e.sendThanks(id, key, now) }
		duties = append(duties, d)
	}
	return duties, nil
}

// findThanks finds out what to thank for after a summary that had no draft.
func (e *Editor) findThanks(id, key string) error {
	var a *affair
	err := e.Engine.Store.View(func(r list.Reader) (err error) { a, err = e.find(r, id); return err })
	if err != nil {
		return err
	}
	i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return r.Key == key })
	if i < 0 {
		return errDone
	}
	posts, err := e.posts(a)
	if err != nil {
		return err
	}
	from, until := a.Window(a.rows, a.rows[i])
	said := e.factsThanking(a, posts, from, a.told(a.rows[i]), until)
	return e.change(id, func(_ list.Tx, a *affair) error {
		if a.course.row(key).Facts != nil {
			return errDone
		}
		a.course.row(key).Facts = said
		return nil
	})
}

// unthanked are the thank-yous after a summary that have not left, with the time of each.
func (e *Editor) unthanked(r list.Reader, a *affair, s *RowState, key string, now time.Time) (all []thank, err error) {
	var free room
	for i, t := range s.Facts.Thanks {
		line := s.Edits.Thanks[i+1]
		if a.course.did(thanksKey(key, t.Address)) || slices.Contains(s.Edits.DropThanks, i+1) || line == "" && !specific(&t) {
			continue
		}
		if before, err := a.thankedBefore(r, key, &t); err != nil {
			return nil, err
		} else if before && line == "" {
			continue
		}
		if free.affairs == nil {
			if free, err = e.room(r, a); err != nil {
				return nil, err
			}
		}
		m, err := a.member(r, t.Address)
		if err != nil {
			return nil, err
		}
		if at, ok := free.morning(a.Calendar.In(e.zone(a, &m)), t.Address, s.Sent, now); ok && reachable(&m) {
			all = append(all, thank{t, i + 1, m, at})
		}
	}
	return all, nil
}

// thankedBefore reports whether somebody was thanked for the same after an earlier summary, or for what they wrote later: the closing looks back on everything.
func (a *affair) thankedBefore(r list.Reader, key string, t *facts.Thank) (bool, error) {
	for _, row := range a.rows {
		s := a.course.Rows[row.Key]
		if row.Key == key || s == nil || s.Facts == nil || !a.course.did(thanksKey(row.Key, t.Address)) {
			continue
		}
		p, err := r.Post(a.rec.ID, t.Quote.Post)
		if err == nil && p.Accepted.Before(s.Facts.Until) {
			return true, nil
		} else if err != nil && !errors.Is(err, list.ErrNotFound) {
			return false, err
		}
	}
	return false, nil
}

// specific reports whether there is something that somebody said, and something that it led to, or may.
func specific(t *facts.Thank) bool {
	return t.Quote.Text != "" && (len(t.TakenUpBy) > 0 || t.Open)
}

// morning is the beginning of the first working day after a summary on which nothing else goes to somebody; of today, as long as people are at work.
func (r room) morning(cal plan.Calendar, address string, sent, now time.Time) (time.Time, bool) {
	day, today := plan.DateOf(sent.In(cal.Location)), plan.DateOf(now.In(cal.Location))
	for n := 1; n <= thanksWait; n++ {
		d := day.AddDays(n)
		at := d.At(cal.From, cal.Location)
		if !cal.WorkingDay(d) || at.Before(now) && (d != today || !cal.Open(now)) {
			continue
		}
		if r.quiet(at) && r.free(address, at) {
			return at, true
		}
	}
	return time.Time{}, false
}

// sendThanks has those thank-yous leave whose time has come.
func (e *Editor) sendThanks(id, key string, now time.Time) error {
	mails := map[string]letter.Mail{}
	from := ""
	err := e.Engine.Store.View(func(r list.Reader) error {
		a, err := e.find(r, id)
		if err != nil {
			return err
		}
		s, row := a.course.row(key), plan.Row{}
		if i := slices.IndexFunc(a.rows, func(r plan.Row) bool { return r.Key == key }); i >= 0 && s.Facts != nil {
			row = a.rows[i]
		} else {
			return nil
		}
		all, err := e.unthanked(r, a, s, key, now)
		if err != nil {
			return err
		}
		data := letter.Thanked{Last: row.Kind == plan.Closing, Place: a.place(e.Engine.Site().BaseURL)}
		if !s.Plain { // what nobody has read is in nobody's name
			data.Voice = a.voice(row)
		}
		if next, ok := a.nextSummary(now); ok {
			data.Next = next.At
		}
		from = data.Voice.Name
		for _, t := range all {
			if t.at.After(now) || len(mails) == thanksAtOnce {
				continue
			}
			languages := a.languagesOf(t.member.Language)
			data.Thank, data.Line, data.Title = t.Thank, s.Edits.Thanks[t.n], a.Title.In(languages...)
			mail, err := e.programme.Load().Book.Thanks(&data, languages)
			if err != nil && !errors.Is(err, letter.ErrNothing) {
				return err
			}
			mails[t.Address] = mail // an empty one is for nobody
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.change(id, func(tx list.Tx, a *affair) error {
		owes := false
		for _, to := range slices.Sorted(maps.Keys(mails)) {
			if a.course.did(thanksKey(key, to)) {
				continue
			}
			owes = true
			a.course.do(thanksKey(key, to), now)
			if mails[to].Text == "" {
				continue
			}
			a.mailed(to, now)
			if err := a.owe(tx, owed{to: to, mail: mails[to], kind: "thanks", from: from}, now); err != nil {
				return err
			}
		}
		if !owes {
			return errDone
		}
		return nil
	})
}

// nextSummary is the next summary of a week that is to come.
func (a *affair) nextSummary(now time.Time) (plan.Row, bool) {
	for _, row := range a.rows {
		if (row.Kind == plan.Weekly || row.Kind == plan.Closing) && !a.out(row) && row.At.After(now) {
			return row, true
		}
	}
	return plan.Row{}, false
}
