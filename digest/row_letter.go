package digest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// openAfter is for how many days behind the closing posts still enter the synthesis.
const openAfter = 5

// snapshot is a discussion and one of its planned mails as they are now; errDone: nothing more becomes of it.
func (e *Editor) snapshot(id, key string) (a *affair, row plan.Row, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		if a, err = e.find(r, id); err != nil {
			return err
		}
		var ok bool
		if row, ok = a.rowOf(key); !ok || a.out(row) {
			return errDone
		}
		return nil
	})
	return a, row, err
}

// planned is what a planned mail is written from. Without facts of its draft's, they are gathered; fresh has them gathered anyway.
func (e *Editor) planned(a *affair, row plan.Row, now time.Time, fresh bool) (*letter.Planned, error) {
	s := a.state(row.Key)
	if row.At = a.goesOut(row); row.At.Before(now) {
		row.At = now
	}
	row.At = row.At.In(a.Calendar.Location)
	p := &letter.Planned{Discussion: a.Discussion, Changes: a.course.Changes, Row: row, Rows: a.rows, Facts: s.Facts, Open: s.Open, Edits: s.Edits,
		Begun: a.begun(row), Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(row), Now: now.In(a.Calendar.Location), Content: s.Content, Moved: a.moved(row)}
	err := e.Engine.Store.View(func(r list.Reader) error { return e.behindEvent(r, a, p, &s) })
	if err != nil {
		return nil, err
	}
	if row.Kind == plan.Closing {
		p.OpenUntil, p.Since = a.openUntil(row), a.listed(row)
	}
	if p.Facts != nil && !fresh || row.Kind == plan.Announcement || row.Kind == plan.Kickoff {
		return p, nil
	}
	posts, err := e.posts(a)
	if err != nil {
		return nil, err
	}
	p.Facts, p.Open = e.said(a, row, posts, now)
	return p, nil
}

// said is what a planned mail tells of, from what was written until now. Weekly summaries tile, by what those before them covered; the midweek is a look ahead
// from there; the closing is about all of it. A round of questions looks back at the last summary. open are the questions that nobody has answered.
func (e *Editor) said(a *affair, row plan.Row, posts []facts.Post, now time.Time) (f *facts.Facts, open []facts.Question) {
	begins := a.Begins(a.rows)
	from := begins
	last := a.lastSummary(row)
	if last != nil && last.Until.After(from) {
		from = last.Until
	}
	if row.Kind == plan.Questions {
		for _, q := range e.facts(a, posts, begins, now).Questions {
			if !q.Answered {
				open = append(open, q)
			}
		}
		if last != nil {
			return last, open
		}
	}
	if row.Kind == plan.Closing {
		from = begins
	}
	return e.factsThanking(a, posts, from, a.told(row), now), open
}

// lastSummary is what the last summary told of that went out and stands before this mail in the plan; nil: none did.
func (a *affair) lastSummary(row plan.Row) (last *facts.Facts) {
	for _, r := range a.rows {
		s := a.course.Rows[r.Key]
		if s == nil || s.Stage != Sent || s.Facts == nil || r.Kind != plan.Weekly && r.Kind != plan.Closing || !r.At.Before(row.At) {
			continue
		}
		if last == nil || s.Facts.Until.After(last.Until) {
			last = s.Facts
		}
	}
	return last
}

// told is until when the last summary told of what was written; zero: there was none.
func (a *affair) told(row plan.Row) time.Time {
	if last := a.lastSummary(row); last != nil {
		return last.Until
	}
	return time.Time{}
}

// listed is until when a summary that went out told of what was written, or a midweek in the plain form listed it; zero: there was none.
func (a *affair) listed(row plan.Row) time.Time {
	at := a.told(row)
	for _, s := range a.course.Rows {
		if s.Stage == Sent && s.Plain && s.Facts != nil && s.Facts.Until.After(at) {
			at = s.Facts.Until
		}
	}
	return at
}

// begun reports whether somebody agreed to answer a mail first, and did not take it back.
func (a *affair) begun(row plan.Row) bool {
	for key, s := range a.course.Responders {
		if strings.HasPrefix(key, row.Key+" ") && s.Said == saidYes && s.Way == "" {
			return true
		}
	}
	return false
}

// openUntil is until when posts still enter the synthesis.
func (a *affair) openUntil(closing plan.Row) time.Time {
	loc := a.Calendar.Location
	day := plan.DateOf(closing.At.In(loc)).AddDays(openAfter)
	if a.Event != nil {
		if behind := plan.DateOf(a.Event.End().In(loc)).AddDays(1); behind.Compare(day) > 0 {
			day = behind
		}
	}
	return day.At(0, loc)
}

// moved are the mails that members were told another date of, and still are to be told the new one.
func (a *affair) moved(row plan.Row) (all []plan.Row) {
	if row.Kind == plan.Announcement {
		return nil // what it says is what is known
	}
	for _, r := range a.rows {
		if r.Moved && r.Key != row.Key && !a.out(r) && !a.course.did(movedKey(r)) {
			all = append(all, r)
		}
	}
	return all
}

// movedKey is under what it is noted that members were told where a mail was moved.
func movedKey(r plan.Row) string {
	return fmt.Sprintf("moved/%s/%s", r.Key, r.At.UTC().Format(time.RFC3339))
}

// rendition is one form of a planned mail.
type rendition struct {
	language string
	mail     letter.Mail
}

// editionsFor writes a planned mail in each language that somebody reads it in, that of the list first.
func (e *Editor) editionsFor(a *affair, p *letter.Planned, plain bool, readers map[string][]uint32) (all []rendition, err error) {
	book := e.programme.Load().Book
	for i, tag := range a.editions() {
		if i > 0 && len(readers[tag]) == 0 {
			continue
		}
		write := book.Planned
		if plain {
			write = book.PlainForm
		}
		m, err := write(p, a.languagesOf(tag))
		if err != nil {
			return nil, err
		}
		all = append(all, rendition{tag, m})
	}
	return all, nil
}

// subjectsKept is how far back a subject is not to be met again: a reply without references joins the topic of its subject within 30 days.
const subjectsKept = 45 * 24 * time.Hour

// distinct makes subjects unlike those of other topics, so that replies find the right one: "(2)" in front of the hashtag, or behind.
func (a *affair) distinct(r list.Reader, all []rendition, now time.Time) error {
	for i := range all {
		subject := all[i].mail.Subject
		for n := 2; n < 100; n++ {
			taken, err := a.taken(r, all[i].mail.Subject, now)
			if err != nil {
				return err
			}
			if !taken {
				break
			}
			all[i].mail.Subject = numberedSubject(subject, a.Hashtag, n)
		}
	}
	return nil
}

// taken reports whether there is a topic of that subject, in whatever language.
func (a *affair) taken(r list.Reader, subject string, now time.Time) (bool, error) {
	base, _, _ := message.TopicSubject(subject, a.list.SubjectPrefix)
	t, err := list.TopicOfSubject(r, a.rec.ID, strings.ToLower(base))
	if errors.Is(err, list.ErrNotFound) {
		return false, nil
	}
	return err == nil && now.Sub(t.Last) < subjectsKept, err
}

// numberedSubject puts a number behind a subject, in front of its hashtag.
func numberedSubject(subject, tag string, n int) string {
	bare, ok := strings.CutSuffix(subject, " "+tag)
	if tag == "" || !ok {
		return fmt.Sprintf("%s (%d)", subject, n)
	}
	return fmt.Sprintf("%s (%d) %s", bare, n, tag)
}
