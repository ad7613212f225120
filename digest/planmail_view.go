package digest

import (
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// planMail is the plan as it is now.
func (e *Editor) planMail(r list.Reader, a *affair) (letter.PlanMail, error) {
	m := letter.PlanMail{Title: a.Title, Place: a.place(e.Engine.Site().BaseURL)}
	if len(a.Facilitators) > 0 {
		m.Voice = a.voice(plan.Row{})
	}
	states, err := a.responderStates(r)
	if err != nil {
		return m, err
	}
	for i := range a.rows {
		m.Rows = append(m.Rows, a.planRow(&a.rows[i], states))
	}
	for _, c := range a.Clashes(a.rows, a.isOut) {
		m.Odd = append(m.Odd, letter.PlanOdd{N: c.Row.N, Kind: string(c.Row.Kind), At: c.Row.At, What: string(c.What)})
	}
	if a.Event != nil {
		m.Event, m.EventAt = a.Event.Title, a.Event.Start
	}
	load := a.Load(a.rows)
	m.Least, m.Most = load.ReadingLeast, load.Most
	return m, nil
}

// planRow is a row as the plan shows it.
func (a *affair) planRow(r *plan.Row, states map[string]string) letter.PlanRow {
	p := letter.PlanRow{N: r.N, Kind: string(r.Kind), Week: r.Week, Subject: r.Subject, MembersOwn: r.MembersOwn, If: r.If, At: a.shownAt(r), Planned: r.Planned, Moved: r.Moved,
		State: string(a.shownState(r)), By: calledBy(a.voice(*r))}
	p.Off = !a.Calendar.WorkingDay(plan.DateOf(p.At)) && !a.isOut(r.Key)
	for _, i := range r.Asks {
		p.Questions = append(p.Questions, letter.PlanQuestion{N: i + 1, Text: a.question(i)})
	}
	for _, who := range a.responders(r) {
		p.Responders = append(p.Responders, letter.PlanResponder{Name: who, State: states[r.Key+" "+strings.ToLower(who)]})
	}
	return p
}

// shownAt is when a row goes out: where a facilitator put it off by its draft, then.
func (a *affair) shownAt(r *plan.Row) time.Time {
	if s := a.course.Rows[r.Key]; s != nil && !s.Due.IsZero() && s.Stage != Sent {
		return s.Due.In(r.At.Location())
	}
	return r.At
}

// shownState is where a row stands.
func (a *affair) shownState(r *plan.Row) Stage {
	if s := a.course.stage(r.Key); s != Waiting {
		return s
	}
	if r.Skipped {
		return Skipped
	}
	return Waiting
}

// question is one by its place: those of the plan, then those that were added.
func (a *affair) question(i int) plan.Texts {
	if i < len(a.Questions) {
		return a.Questions[i]
	}
	if i -= len(a.Questions); i < len(a.course.Changes.Added) {
		return plan.Texts{"": a.course.Changes.Added[i]}
	}
	return nil
}

// responders are the addresses of who is asked to answer a row first, and of the backups who were asked in somebody's place.
func (a *affair) responders(row *plan.Row) (all []string) {
	add := func(address string) {
		if !slices.ContainsFunc(all, func(o string) bool { return list.SameAddress(o, address) }) {
			all = append(all, address)
		}
	}
	for _, group := range a.RespondersOf(*row) {
		for _, m := range group.Members {
			add(m.Address)
		}
		for _, b := range group.Backup {
			if s := a.responder(row.Key, b); s != nil && !s.Asked.IsZero() {
				add(b)
			}
		}
	}
	return all
}

// responder is what became of a first responder; nil: nothing yet.
func (a *affair) responder(row, address string) *ResponderState {
	if s := a.course.Responders[row+" "+address]; s != nil {
		return s
	}
	return a.course.Responders[row+" "+strings.ToLower(address)]
}

// responderStates are the states of first responders, by row and address in lower case: "asked", what they said, "written" once they wrote anything in the
// discussion, "pass"; empty: they were not asked yet.
func (a *affair) responderStates(r list.Reader) (map[string]string, error) {
	states := map[string]string{}
	if len(a.Responders) == 0 {
		return states, nil
	}
	posts, err := a.find(r)
	if err != nil {
		return nil, err
	}
	for i := range a.rows {
		row := &a.rows[i]
		for _, address := range a.responders(row) {
			s := a.responder(row.Key, address)
			state := ""
			switch {
			case s == nil:
			case s.Way == "pass":
				state = "pass"
			case s.Said != "":
				state = s.Said
			case !s.Asked.IsZero():
				state = "asked"
			}
			if slices.ContainsFunc(posts, func(f found) bool { return f.wrote(address) && !f.post.Accepted.Before(row.At) }) {
				state = "written"
			}
			states[row.Key+" "+strings.ToLower(address)] = state
		}
	}
	return states, nil
}

// wrote reports whether a post is somebody's, by any of their addresses.
func (f *found) wrote(address string) bool {
	return list.SameAddress(f.post.From, address) || f.member.Number != 0 && (list.SameAddress(f.member.Address, address) ||
		slices.ContainsFunc(f.member.Others, func(o string) bool { return list.SameAddress(o, address) }))
}
