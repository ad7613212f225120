package digest

import (
	"time"

	"convene/digest/plan"
	"convene/list"
)

// past is how the discussions of a list that are over went on the same day: how many there were, and in how many of them nobody wrote on it.
type past struct{ day, all, quiet int }

// pastDay looks at the discussions of the list that ended before this one began, each on the day that it is in this one.
func (e *Editor) pastDay(r list.Reader, a *affair, now time.Time) (p past, err error) {
	begins := a.Begins(a.rows)
	p.day = plan.DateOf(now.In(a.Calendar.Location)).Sub(plan.DateOf(begins.In(a.Calendar.Location))) + 1
	others, err := e.affairs(r, now)
	if err != nil {
		return p, err
	}
	for _, o := range others {
		if o.ID == a.ID || o.list.Address != a.list.Address || !o.course.Started || !o.Ends(o.rows).Before(begins) {
			continue
		}
		from := plan.DateOf(o.Begins(o.rows).In(o.Calendar.Location)).AddDays(p.day-1).At(0, o.Calendar.Location)
		if !from.Before(o.Ends(o.rows)) {
			continue // it did not last so long
		}
		wrote, err := o.wroteBetween(r, from, from.AddDate(0, 0, 1))
		if err != nil {
			return p, err
		}
		if p.all++; !wrote {
			p.quiet++
		}
	}
	return p, nil
}

// wroteBetween reports whether anybody wrote in a discussion within a time.
func (a *affair) wroteBetween(r list.Reader, from, until time.Time) (wrote bool, err error) {
	ours := map[uint32]bool{}
	for _, s := range a.course.Rows {
		ours[s.Topic] = s.Topic != 0
	}
	err = r.Posts(a.rec.ID, a.course.Before+1, func(p list.Post) error {
		switch {
		case !p.Accepted.Before(until):
			return list.ErrStop
		case p.Accepted.Before(from) || p.Planned != "" || p.History():
			return nil
		case !ours[p.Topic] && !a.allPosts:
			if tagged, err := a.tagged(r, p.Topic); err != nil || !tagged {
				return err
			}
		}
		wrote = true
		return list.ErrStop
	})
	return wrote, err
}
