package digest

import (
	"maps"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// tellOthers tells the others who have a draft that somebody has decided on it, so that nobody reads for an hour what is done; and who speaks, whenever somebody else
// changes what goes out in their name. What moves or leaves out a mail is told with the plan.
func (e *Editor) tellOthers(tx list.Tx, a *affair, row plan.Row, s *RowState, before RowState, by plan.Person, done []string, now time.Time) error {
	if a.course.Plan != "" && a.course.Plan != a.fingerprint() {
		return e.tellPlanners(tx, a, by, now)
	}
	decided, soon := s.Stage != before.Stage, !s.Due.IsZero() && !s.Due.After(now) // what goes out now tells by itself
	if a.out(row) || soon || !decided && len(done) == 0 {
		return nil
	}
	n := letter.DraftNote{What: letter.DraftDecided, Kind: row.Kind, Week: row.Week, Hashtag: a.Hashtag, Done: done, By: calledBy(by)}
	if s.Stage != OnHold {
		n.When = a.goesOut(row).In(a.Calendar.Location)
	}
	for _, to := range slices.Sorted(maps.Keys(s.Drafts)) {
		m, err := a.member(tx, to)
		if err != nil {
			return err
		}
		if a.isBy(&stand{address: to, member: m}, by.Address) || !decided && !list.SameAddress(to, a.voice(row).Address) {
			continue
		}
		mail, err := e.write(tx, a, to, "draft-note", n)
		if err != nil {
			return err
		}
		o := owed{to: to, mail: mail, kind: "notice", purpose: list.ForDraft, about: about{What: "row", Row: row.Key}, thread: s.Drafts[to]}
		if err := a.owe(tx, o, now); err != nil {
			return err
		}
	}
	return nil
}

// tellPlanners sends everybody who plans the plan as it is, but who has changed it, and knows.
func (e *Editor) tellPlanners(tx list.Tx, a *affair, by plan.Person, now time.Time) error {
	a.course.Plan = a.fingerprint()
	mail, err := e.planMail(tx, a)
	if err != nil {
		return err
	}
	mail.Why, mail.By = "changed", by.Name
	for _, to := range a.planners() {
		if list.SameAddress(to, by.Address) {
			continue
		}
		if err := e.owePlan(tx, a, to, mail, about{}, nil, now); err != nil {
			return err
		}
	}
	return nil
}
