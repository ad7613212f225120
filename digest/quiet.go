package digest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
	"convene/list"
)

// alarmsPerWeek is how often in a week of the discussion facilitators are told that it is quiet.
const alarmsPerWeek = 2

// quiet is the alarm to the facilitators when nobody has written for so much working time, and the mails to all that they asked for in answer to one.
func (e *Editor) quiet(r list.Reader, a *affair, now time.Time) (duties []duty, err error) {
	for i := range a.course.Revivals {
		if f := &a.course.Revivals[i]; f.Done.IsZero() {
			id, key := a.ID, f.Key
			duties = append(duties, duty{at: f.At, list: a.list.Address, kind: string(plan.FollowUp), n: i, name: "revival " + key,
				do: func(_ context.Context, now time.Time) error { return e.revive(id, key, now) }})
		}
	}
	at, ok, err := a.alarm(r, now)
	if err == nil && ok {
		id := a.ID
		duties = append(duties, duty{at: at, list: a.list.Address, kind: "quiet", name: "quiet " + a.ID, do: func(_ context.Context, now time.Time) error { return e.ring(id, now) }})
	}
	return duties, err
}

// alarm is when it will have been quiet for long enough, as things are; false: there is no alarm to come.
func (a *affair) alarm(r list.Reader, now time.Time) (at time.Time, ok bool, err error) {
	asked, ok := a.asking()
	if !ok || a.QuietAfter <= 0 || !now.Before(a.Ends(a.rows)) {
		return at, false, nil
	}
	last, err := a.lastPost(r)
	if err != nil {
		return at, false, err
	}
	since := a.goesOut(asked)
	for _, t := range append(a.alarms(0), last) {
		if t.After(since) {
			since = t
		}
	}
	for _, f := range a.course.Revivals {
		if f.Done.IsZero() {
			return at, false, nil // something is on its way to revive it
		} else if f.Done.After(since) {
			since = f.Done
		}
	}
	cal := a.Calendar
	at = cal.Add(since, a.QuietAfter)
	for _, least := range []time.Time{a.secondDay(), a.course.Quiet, now} {
		if at.Before(least) {
			at = least
		}
	}
	for at = cal.NextOpen(at); at.Before(a.Ends(a.rows)); {
		week := a.WeekOf(a.rows, at)
		if len(a.alarms(week)) < alarmsPerWeek {
			return at, !a.asksOn(at), nil
		}
		for a.WeekOf(a.rows, at) == week && at.Before(a.Ends(a.rows)) {
			at = cal.NextOpen(plan.DateOf(at.In(cal.Location)).AddDays(1).At(0, cal.Location))
		}
	}
	return at, false, nil
}

// asksOn reports whether a mail that asks something is still to go out on the day of an instant: nobody needs an alarm just before that.
func (a *affair) asksOn(at time.Time) bool {
	day := plan.DateOf(at.In(a.Calendar.Location))
	return slices.ContainsFunc(a.rows, func(row plan.Row) bool {
		return len(row.Asks) > 0 && !a.out(row) && plan.DateOf(a.goesOut(row).In(a.Calendar.Location)) == day
	})
}

// secondDay is when the second working day of the discussion begins.
func (a *affair) secondDay() time.Time {
	cal := a.Calendar
	first := plan.DateOf(a.Begins(a.rows).In(cal.Location))
	if !cal.WorkingDay(first) {
		first = cal.WorkingDayAfter(first, 1)
	}
	return cal.WorkingDayAfter(first, 1).At(cal.From, cal.Location)
}

// alarms are when the facilitators were told in a week; zero: in any.
func (a *affair) alarms(week int) (all []time.Time) {
	for key, t := range a.course.Done {
		if strings.HasPrefix(key, "quiet/") && (week == 0 || strings.HasPrefix(key, fmt.Sprintf("quiet/%d/", week))) {
			all = append(all, t)
		}
	}
	return all
}

// lastPost is when somebody last wrote in the discussion; zero: nobody has. It looks at the topics that were active last, so that it costs what these do.
func (a *affair) lastPost(r list.Reader) (last time.Time, err error) {
	ours := map[uint32]bool{}
	for _, s := range a.course.Rows {
		ours[s.Topic] = s.Topic != 0
	}
	begins := a.Begins(a.rows)
	err = r.Topics(a.rec.ID, func(t list.Topic) error {
		if !t.Last.After(last) || t.Last.Before(begins) {
			return list.ErrStop
		}
		if !ours[t.ID] && !a.allPosts {
			if tagged, err := a.tagged(r, t.ID); err != nil || !tagged {
				return err
			}
		}
		return r.TopicPosts(a.rec.ID, t.ID, func(p list.Post) error {
			if p.Planned == "" && !p.History() && p.Number > a.course.Before && p.Accepted.After(last) {
				last = p.Accepted
			}
			return nil
		})
	})
	return last, err
}

// backups are those whom a facilitator may still have asked: who stands behind the first responders of what was asked last.
func (a *affair) backups(r list.Reader, asked plan.Row) (all []stand, err error) {
	at := a.goesOut(asked)
	for _, g := range a.RespondersOf(asked) {
		for _, b := range g.Backup {
			if slices.ContainsFunc(all, func(s stand) bool { return list.SameAddress(s.address, b) }) || a.everAsked(b) {
				continue
			}
			m, err := a.member(r, b)
			if err != nil {
				return nil, err
			}
			if reachable(&m) {
				all = append(all, stand{row: asked, at: at, address: b, member: m})
			}
		}
	}
	return all, nil
}

// everAsked reports whether somebody was asked to answer first, in any row.
func (a *affair) everAsked(address string) bool {
	for key := range a.course.Responders {
		if strings.HasSuffix(key, " "+strings.ToLower(address)) {
			return true
		}
	}
	return false
}

// nameOf is how a person is called: by name, else by address.
func nameOf(m *list.Member, address string) string { return cmp.Or(m.Name, address) }

// openQuestions are those of members that nobody has answered.
func openQuestions(f *facts.Facts) (all []facts.Question) {
	for _, q := range f.Questions {
		if !q.Answered && q.Text != "" {
			all = append(all, q)
		}
	}
	return all
}
