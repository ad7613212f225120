package digest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// noteWork is a morning note while it is written.
type noteWork struct {
	e          *Editor
	r          list.Reader
	a          *affair
	now, since time.Time // since the last one
	note       letter.Morning
	shown      shown
	something  bool // there is something that is new, or waits
	beyond     bool // there is something beside drafts, and the mails of today that they are of
	responders []stand
}

// new reports whether something happened since the last note.
func (w *noteWork) new(t time.Time) bool { return t.After(w.since) && !t.After(w.now) }

// tellsNothing reports whether a note would tell somebody of nothing but drafts that came to them this very morning.
func (w *noteWork) tellsNothing(to string) bool {
	return !w.beyond && !slices.ContainsFunc(w.shown.Drafts, func(key string) bool { return w.now.Sub(w.a.gotDraft(key, to)) >= leastReview })
}

// gotDraft is when somebody got the draft of a mail; zero: they have none.
func (a *affair) gotDraft(key, to string) time.Time {
	switch s := a.state(key); {
	case s.Drafts[to] == "":
		return time.Time{}
	case list.SameAddress(s.To, to) && !s.Passed.IsZero():
		return s.Passed
	default:
		return s.Drafted
	}
}

func (w *noteWork) write(open []facts.Question) (err error) {
	w.note = letter.Morning{Hashtag: w.a.Hashtag, Place: w.a.place(w.e.Engine.Site().BaseURL), Voice: w.a.voice(plan.Row{})}
	if w.responders, err = w.a.lineup(w.r); err != nil {
		return err
	}
	if err := errors.Join(w.rows(), w.held(), w.proposals(), w.firsts(), w.questions(open), w.newcomers(), w.left()); err != nil {
		return err
	}
	n := &w.note
	n.Minutes = max(1, 5*len(n.Drafts)+len(n.Held)+len(n.Events)+2*len(n.Open)+len(n.Newcomers)+len(n.Left))
	return nil
}

// rows are the drafts that wait, and what goes out today.
func (w *noteWork) rows() error {
	loc := w.a.Calendar.Location
	today := plan.DateOf(w.now.In(loc))
	for _, row := range w.a.rows {
		s, at := w.a.state(row.Key), w.a.goesOut(row).In(loc)
		waits := s.Stage == OnHold || needsText(row.Kind) && isUnwrittenYet(&s)
		if w.a.out(row) || !waits && at.Before(w.now) { // who speaks is told by itself of what is late
			continue
		}
		if s.Stage == Drafted || s.Stage == OnHold {
			d := letter.MorningDraft{N: len(w.note.Drafts) + 1, Kind: row.Kind, Week: row.Week}
			if w.shown.Drafts = append(w.shown.Drafts, row.Key); !waits {
				d.Until = at
				if w.note.Until.IsZero() || at.Before(w.note.Until) {
					w.note.Until = at
				}
			}
			w.note.Drafts = append(w.note.Drafts, d)
			w.something = w.something || !waits || w.new(s.Drafted)
			if waits {
				continue
			}
		} else if plan.DateOf(at) == today {
			w.beyond = true
		}
		if plan.DateOf(at) != today || waits {
			continue
		}
		comes := true
		if row.If && s.Stage == Waiting { // only if there is enough to tell of
			var err error
			if comes, err = w.a.lively(w.r, row); err != nil {
				return err
			}
		}
		if comes {
			w.note.Today = append(w.note.Today, letter.Step{Kind: row.Kind, At: at, Week: row.Week})
			w.something = true
		}
	}
	return nil
}

// heldShown is how many held posts have a number.
const heldShown = 20

// held are the posts that wait. Those that a note has named before are in one line, and are no reason for another note: moderators are reminded of them anyway.
func (w *noteWork) held() error {
	return w.r.HeldPosts(w.a.rec.ID, func(h list.Held) error {
		switch {
		case h.Quiet || h.Join:
			return nil
		case len(w.shown.Held) == heldShown:
			w.note.More++
			return nil
		}
		first := slices.ContainsFunc(w.responders, func(s stand) bool { return s.state != nil && s.state.Said == saidYes && w.a.isBy(&s, h.Post.From) })
		name := h.Post.FromName
		if name == "" {
			name = h.Post.From
		}
		w.shown.Held = append(w.shown.Held, h.ID)
		one := letter.MorningHeld{N: len(w.shown.Held), Name: name, Subject: h.Post.Subject, Since: h.Post.Arrived.In(w.a.Calendar.Location), First: first}
		if !first && !w.new(h.Post.Arrived) {
			w.note.Known = append(w.note.Known, one)
			return nil
		}
		w.note.Held = append(w.note.Held, one)
		w.something, w.beyond = true, true
		return nil
	})
}

// firsts is what is new of first responders. The facilitators alone see who has not answered, or not written.
func (w *noteWork) firsts() error {
	for i := range w.responders {
		s := &w.responders[i]
		said := ""
		switch st := s.state; {
		case st == nil:
			if ask, _ := w.a.AskAt(w.a.rows); s.away && w.new(ask) && s.instead == "" {
				said = "away"
			}
		case w.new(st.Nudged):
			said = st.Nudge
			if said == nudgeSent || said == nudgeHeld {
				if wrote, err := w.a.wroteSince(w.r, s, s.at); err != nil {
					return err
				} else if wrote {
					said = nudgeWrote
				}
			}
		case w.new(st.SaidAt):
			if said = st.Said; st.Way != "" {
				said = st.Way
			}
		case (st.Said == "" || st.Said == saidWords) && w.new(s.until) && s.until.Before(s.at):
			said = "silent"
		}
		if said != "" {
			w.something, w.beyond = true, true
			next := slices.ContainsFunc(w.responders, func(o stand) bool { return o.row.Key == s.row.Key && list.SameAddress(o.instead, s.address) })
			w.note.Responders = append(w.note.Responders,
				letter.MorningResponder{Name: nameOf(&s.member, s.address), Said: said, For: s.at.In(w.a.Calendar.Location), Next: next})
		}
	}
	return nil
}

// openDays is for how many working days nobody has answered a question that the note names, and openShown how many it names.
const openDays, openShown = 2, 8

// questions are those that have been without an answer for so long since the last note; those of earlier notes are counted.
func (w *noteWork) questions(open []facts.Question) error {
	cal := w.a.Calendar
	for _, q := range open {
		p, err := w.r.Post(w.a.rec.ID, q.Post)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return err
		}
		ripe := cal.Add(p.Accepted, openDays*time.Duration(cal.To-cal.From)*time.Minute)
		if ripe.After(w.now) {
			continue
		} else if !w.new(ripe) {
			w.note.Older++
			continue
		} else if len(w.note.Open) == openShown {
			continue
		}
		w.note.Open = append(w.note.Open, letter.MorningQuestion{Said: letter.Said{Text: q.Text, By: q.By, Link: q.Link}, At: p.Accepted.In(cal.Location),
			Answer: letter.Answer(w.a.list.Address, p.Subject, p.MessageID)})
	}
	w.something, w.beyond = w.something || len(w.note.Open) > 0, w.beyond || len(w.note.Open) > 0
	return nil
}

func (w *noteWork) newcomers() error {
	var all []string
	for address, at := range w.a.course.Newcomers {
		if w.new(at) {
			all = append(all, address)
		}
	}
	slices.Sort(all)
	for _, address := range all {
		m, err := w.a.member(w.r, address)
		if err != nil {
			return err
		}
		if m.Number != 0 {
			w.note.Newcomers = append(w.note.Newcomers, nameOf(&m, address))
			w.something, w.beyond = true, true
		}
	}
	return nil
}

// left are the midweeks that did not go out, with how little there was to tell of.
func (w *noteWork) left() error {
	for _, row := range w.a.rows {
		if w.a.course.stage(row.Key) != Quiet || !w.new(w.a.goesOut(row)) {
			continue
		}
		since, due := w.a.Begins(w.a.rows), w.a.goesOut(row)
		if round, ok := plan.Round(w.a.rows, row); ok {
			since = w.a.goesOut(round)
		}
		all, err := w.a.find(w.r)
		if err != nil {
			return err
		}
		left, people := letter.MorningLeft{}, map[string]bool{}
		for i := range all {
			if f := &all[i]; !f.leads && f.post.Planned == "" && !f.post.Accepted.Before(since) && f.post.Accepted.Before(due) {
				left.Posts++
				people[strings.ToLower(f.post.From)] = true
			}
		}
		left.People = len(people)
		if left.Whom, err = w.a.whomToAsk(w.r, since, 2); err != nil {
			return err
		}
		w.note.Left = append(w.note.Left, left)
		w.something, w.beyond = true, true
	}
	return nil
}
