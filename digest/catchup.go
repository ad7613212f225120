package digest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// How far a catch-up looks back.
const (
	missedAtLeast = 7 * 24 * time.Hour
	missedAtMost  = 90 * 24 * time.Hour
	missedPosts   = 5000 // posts of the list, the latest
	missedTexts   = 400  // posts that are read
)

// catchUpSource has the catch-ups that are owed: at once.
func (e *Editor) catchUpSource(r list.Reader, l *list.List, rec list.Record, _ time.Time) (all []duty, err error) {
	owed, err := owedCatchUps(r, rec)
	for _, one := range owed {
		all = append(all, duty{at: one.Asked, list: l.Address, kind: "catchup", n: int(one.Member), name: fmt.Sprintf("what member %d of %s missed", one.Member, l.Address),
			do: func(_ context.Context, now time.Time) error { return e.sendCatchUp(l, rec, one, now) }})
	}
	return all, err
}

// sendCatchUp writes what somebody missed, and owes it to them as a letter.
func (e *Editor) sendCatchUp(l *list.List, rec list.Record, owed missed, now time.Time) error {
	var m list.Member
	err := e.Engine.Store.View(func(r list.Reader) (err error) { m, err = r.MemberByNumber(rec.ID, owed.Member); return err })
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return err
	}
	var written *list.Letter
	if err == nil && m.State == list.Active { // else they have left, or are on a break again
		if written, err = e.writeCatchUp(l, rec, &m, owed, now); err != nil {
			return err
		}
	}
	return e.Engine.Store.Update(func(tx list.Tx) error {
		name := numbered(missedPapers, owed.Member)
		if _, err := tx.Paper(rec.ID, name); errors.Is(err, list.ErrNotFound) {
			return errDone
		} else if err != nil {
			return err
		}
		if err := tx.DeletePaper(rec.ID, name); err != nil || written == nil {
			return err
		}
		at, err := now.MarshalText()
		if err == nil {
			err = tx.PutPaper(rec.ID, numbered(caughtPapers, owed.Member), at)
		}
		if err == nil {
			_, err = tx.PutNote(list.Note{List: rec.ID, Text: "letter", To: m.Address, ToName: m.Name, Language: m.Language, Created: now, Answers: true, Letter: written})
		}
		return err
	})
}

// away is a member who was away, and what is known of the list since.
type away struct {
	*affair // of the list as a whole: no discussion's
	member  *list.Member
	since   time.Time
	posts   []found           // since then, by number; none of theirs
	wrote   map[uint32]bool   // the topics that they wrote in, at any time
	own     map[uint32]bool   // their posts
	titles  map[uint32]string // of topics
	muted   map[uint32]bool
	planned []list.Post // what the schedule sent since then
}

// wholeList is a list as the affair of no discussion: all its posts, by whoever.
func wholeList(l *list.List, rec list.Record) *affair {
	d := &plan.Discussion{List: l.Address, Attribution: plan.ByName, Language: cmp.Or(l.Language, "en"), Calendar: plan.Calendar{Location: zoneOf(l)}}
	return &affair{Discussion: d, list: l, rec: rec, course: &Course{}}
}

// away looks at what a member missed since a time; zero: since they were here last.
func (e *Editor) away(l *list.List, rec list.Record, m *list.Member, since, now time.Time) (*away, error) {
	a := &away{affair: wholeList(l, rec), member: m, since: since}
	return a, e.Engine.Store.View(func(r list.Reader) error { return a.look(r, now) })
}

// writeCatchUp writes what a member missed.
func (e *Editor) writeCatchUp(l *list.List, rec list.Record, m *list.Member, owed missed, now time.Time) (*list.Letter, error) {
	a, err := e.away(l, rec, m, owed.Since, now)
	if err != nil {
		return nil, err
	}
	data, _, err := e.catchUp(a, now)
	if err != nil {
		return nil, err
	}
	data.Back = owed.Back
	languages := []string{cmp.Or(m.Language, a.Language), a.Language}
	for {
		mail, err := e.programme.Load().Book.Write("catchup", languages, data)
		if err != nil {
			return nil, err
		}
		if !m.HTML {
			mail.HTML = ""
		}
		if len(mail.Text)+len(mail.HTML) <= catchUpSize || !shorten(&data) {
			return &list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language, Kind: "catchup", Word: "facilitator"}, nil
		}
	}
}

// look reads what there was; since becomes the time from which on it is told.
func (a *away) look(r list.Reader, now time.Time) error {
	caught, err := caughtUp(r, a.rec, a.member.Number)
	if err != nil {
		return err
	}
	if a.since.IsZero() {
		a.since = sinceHere(a.member, caught, now)
	}
	if joined := a.member.Joined; a.since.Before(joined) {
		a.since = joined // what was before is not theirs to miss
	}
	a.wrote, a.own, a.titles, a.muted = map[uint32]bool{}, map[uint32]bool{}, map[uint32]string{}, map[uint32]bool{}
	err = r.Interests(a.rec.ID, a.member.Number, func(topic uint32, i list.Interest) error { a.muted[topic] = i == list.Muted; return nil })
	if err != nil {
		return err
	}
	first := uint32(1)
	if a.rec.Posts > missedPosts {
		since, err := lastBefore(r, a.rec, a.since, now) // history that was imported since does not hide what is theirs
		if err != nil {
			return err
		}
		first = min(a.rec.Posts-missedPosts, since+1)
	}
	return r.Posts(a.rec.ID, first, func(p list.Post) error {
		switch {
		case p.Planned == "" && a.isOwn(p.From):
			a.wrote[p.Topic], a.own[p.Number] = true, true
		case p.Accepted.Before(a.since) || a.muted[p.Topic] || p.History():
		case p.Planned != "":
			a.planned = append(a.planned, p)
		default:
			f, err := a.about(r, p)
			if err != nil {
				return err
			}
			if a.titles[p.Topic] == "" {
				t, err := r.Topic(a.rec.ID, p.Topic)
				if err != nil && !errors.Is(err, list.ErrNotFound) {
					return err
				}
				a.titles[p.Topic] = cmp.Or(t.Subject, p.Subject)
			}
			a.posts = append(a.posts, f)
		}
		return nil
	})
}

func (a *away) isOwn(from string) bool {
	return slices.ContainsFunc(append([]string{a.member.Address}, a.member.Others...), func(o string) bool { return list.SameAddress(o, from) })
}

// sinceHere is since when a member has missed what there was, who does not say: since they wrote last or were told what they missed, and a week at least.
func sinceHere(m *list.Member, caught, now time.Time) time.Time {
	since := now.Add(-missedAtMost)
	if m.LastPost.After(since) {
		since = m.LastPost
	}
	if week := now.Add(-missedAtLeast); since.After(week) {
		since = week
	}
	if caught.After(since) {
		since = caught
	}
	return since
}
