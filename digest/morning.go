package digest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// morningDone is under what it is noted when the last morning note was due, whether there was anything to say or not.
const morningDone = "morning"

// aboutMorning is what answers to a morning note are about.
const aboutMorning = "morning"

// shown is what a morning note has numbers for: the Text of what its answer is about.
type shown struct {
	Drafts []string `json:"drafts,omitempty"` // keys of rows
	Held   []uint64 `json:"held,omitempty"`
}

// morning is the note to the facilitators at the beginning of each working day while a discussion is prepared, runs, or is wound up.
func (e *Editor) morning(_ list.Reader, a *affair, now time.Time) ([]duty, error) {
	at, ok := a.nextMorning(now)
	if !ok {
		return nil, nil
	}
	id := a.ID
	return []duty{{at: at, list: a.list.Address, kind: "morning_note", name: "morning note " + id, do: func(_ context.Context, now time.Time) error { return e.tellMorning(id, now) }}}, nil
}

// nextMorning is when the next note is due. One that was missed is written as long as people are at work on its day.
func (a *affair) nextMorning(now time.Time) (time.Time, bool) {
	cal := a.Calendar
	from := a.Begins(a.rows).Add(-around)
	if from.Before(now) {
		from = now
	}
	last, day := a.course.Done[morningDone], plan.DateOf(from.In(cal.Location))
	for ; ; day = cal.WorkingDayAfter(day, 1) {
		at := day.At(cal.From, cal.Location)
		switch {
		case !a.runs(at) && at.After(from):
			return at, false
		case !cal.WorkingDay(day), !last.IsZero() && !last.Before(at), at.Before(now) && (!cal.Open(now) || plan.DateOf(now.In(cal.Location)) != day), !a.runs(at):
			continue
		}
		return at, true
	}
}

// tellMorning writes the note, if there is something.
func (e *Editor) tellMorning(id string, now time.Time) error {
	a, posts, err := e.discussed(id)
	if err != nil {
		return err
	}
	var open []facts.Question
	if now.After(a.Begins(a.rows)) {
		open = e.openIn(a, posts, now)
	}
	return e.change(id, func(tx list.Tx, a *affair) error {
		if at, ok := a.nextMorning(now); !ok || at.After(now) {
			return errDone
		}
		w := &noteWork{e: e, r: tx, a: a, now: now, since: a.course.Done[morningDone]}
		if w.since.IsZero() {
			w.since = a.Begins(a.rows).Add(-around)
		}
		a.course.do(morningDone, now)
		if err := w.write(open); err != nil || !w.something {
			return err
		}
		text, err := json.Marshal(w.shown)
		if err != nil {
			return fmt.Errorf("digest: what a morning note shows: %w", err)
		}
		for _, to := range a.facilitators() {
			w.note.Title = a.Title.In(e.languageOf(tx, a, to)...)
			mail, err := e.write(tx, a, to, "morning-note", w.note)
			if err != nil {
				return err
			}
			if err := a.owe(tx, owed{to: to, mail: mail, kind: "morning_note", purpose: list.ForDraft, about: about{What: aboutMorning, Text: string(text)}}, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// noteWork is a morning note while it is written.
type noteWork struct {
	e          *Editor
	r          list.Reader
	a          *affair
	now, since time.Time // since the last one
	note       letter.Morning
	shown      shown
	something  bool // there is something that is new, or waits
	responders []stand
}

// new reports whether something happened since the last note.
func (w *noteWork) new(t time.Time) bool { return t.After(w.since) && !t.After(w.now) }

func (w *noteWork) write(open []facts.Question) (err error) {
	w.note = letter.Morning{Hashtag: w.a.Hashtag, Place: w.a.place(w.e.Engine.Site().BaseURL), Voice: w.a.voice(plan.Row{})}
	if w.responders, err = w.a.lineup(w.r); err != nil {
		return err
	}
	w.rows()
	if err := errors.Join(w.held(), w.firsts(), w.questions(open), w.newcomers(), w.left()); err != nil {
		return err
	}
	n := &w.note
	n.Minutes = max(1, 5*len(n.Drafts)+len(n.Held)+2*len(n.Open)+len(n.Newcomers)+len(n.Left))
	return nil
}

// rows are the drafts that wait, and what goes out today.
func (w *noteWork) rows() {
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
		}
		if plan.DateOf(at) == today && !waits {
			w.note.Today = append(w.note.Today, letter.Step{Kind: row.Kind, At: at, Week: row.Week})
			w.something = true
		}
	}
}

// heldShown is how many held posts have a number.
const heldShown = 20

func (w *noteWork) held() error {
	return w.r.HeldPosts(w.a.rec.ID, func(h list.Held) error {
		switch {
		case h.Quiet || h.Join:
			return nil
		case len(w.note.Held) == heldShown:
			w.note.More++
			return nil
		}
		first := slices.ContainsFunc(w.responders, func(s stand) bool { return s.state != nil && s.state.Said == saidYes && w.a.isBy(&s, h.Post.From) })
		name := h.Post.FromName
		if name == "" {
			name = h.Post.From
		}
		w.shown.Held = append(w.shown.Held, h.ID)
		w.note.Held = append(w.note.Held, letter.MorningHeld{N: len(w.shown.Held), Name: name, Subject: h.Post.Subject, Since: h.Post.Arrived.In(w.a.Calendar.Location), First: first})
		w.something = true
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
			w.something = true
			next := slices.ContainsFunc(w.responders, func(o stand) bool { return o.row.Key == s.row.Key && list.SameAddress(o.instead, s.address) })
			w.note.Responders = append(w.note.Responders,
				letter.MorningResponder{Name: nameOf(&s.member, s.address), Said: said, For: s.at.In(w.a.Calendar.Location), Next: next})
		}
	}
	return nil
}

// openDays is for how many working days nobody has answered a question that the note names, and openShown how many it names.
const openDays, openShown = 2, 8

func (w *noteWork) questions(open []facts.Question) error {
	cal, fresh := w.a.Calendar, false
	for _, q := range open {
		p, err := w.r.Post(w.a.rec.ID, q.Post)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return err
		}
		ripe := cal.Add(p.Accepted, openDays*time.Duration(cal.To-cal.From)*time.Minute)
		if ripe.After(w.now) || len(w.note.Open) == openShown {
			continue
		}
		fresh = fresh || w.new(ripe)
		w.note.Open = append(w.note.Open, letter.MorningQuestion{Said: letter.Said{Text: q.Text, By: q.By, Link: q.Link}, At: p.Accepted.In(cal.Location),
			Answer: letter.Answer(w.a.list.Address, p.Subject, p.MessageID)})
	}
	w.something = w.something || fresh
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
			w.something = true
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
		w.something = true
	}
	return nil
}
