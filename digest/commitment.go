package digest

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/digest/words"
	"convene/list"
)

const (
	// commitmentDays is after how many days somebody gets back what they said they would try, and commitmentLate how many days later it is of no use any more.
	commitmentDays, commitmentLate = 30, 30
	// commitmentMost is how much of what somebody wrote is kept, in characters; commitmentWords how many words it has, at least.
	commitmentMost, commitmentWords = 300, 4
)

// commitments are the duties after the closing: to note what people answered to it, and to give it back to them with one question.
func (e *Editor) commitments(r list.Reader, a *affair, now time.Time) (all []duty, err error) {
	id := a.ID
	if closing, ok := a.closed(); ok && now.Before(closing.Sent.AddDate(0, 0, commitmentDays)) {
		more := false
		err = r.TopicPosts(a.rec.ID, closing.Topic, func(p list.Post) error {
			more = more || p.Number > a.course.Gathered && p.Number > closing.Post && p.Planned == "" && !p.History()
			return nil
		})
		if err != nil {
			return nil, err
		}
		if more {
			all = append(all, duty{at: now, list: a.list.Address, kind: "commitment", name: "commitments of " + id, do: func(context.Context, time.Time) error { return e.noteCommitments(id) }})
		}
	}
	for i, c := range a.course.Commitments {
		at, ok, err := e.givenBack(r, a, &c, now)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, duty{at: at, list: a.list.Address, kind: "commitment", n: i, name: "commitment " + id + " " + c.Address,
				do: func(_ context.Context, now time.Time) error { return e.giveBack(id, i, now) }})
		}
	}
	return all, nil
}

// closed is what became of the closing that is out.
func (a *affair) closed() (*RowState, bool) {
	for _, row := range a.rows {
		if s := a.course.Rows[row.Key]; row.Kind == plan.Closing && s != nil && s.Stage == Sent && s.Topic != 0 {
			return s, true
		}
	}
	return nil, false
}

// noteCommitments notes what was answered to the closing since the last look: the first that each author wrote, who facilitates aside.
func (e *Editor) noteCommitments(id string) error {
	a, posts, err := e.discussed(id)
	if err != nil {
		return err
	}
	closing, ok := a.closed()
	if !ok {
		return errDone
	}
	gathered := a.course.Gathered // up to the last that there is, whether it can be read or not
	err = e.Engine.Store.View(func(r list.Reader) error {
		return r.TopicPosts(a.rec.ID, closing.Topic, func(p list.Post) error { gathered = max(gathered, p.Number); return nil })
	})
	if err != nil {
		return err
	}
	var said []Commitment
	for _, p := range posts {
		if p.Topic != closing.Topic || p.Number <= closing.Post || p.Number <= a.course.Gathered || p.Number > gathered || p.Planned != "" {
			continue
		}
		if text := commitmentIn(p.Text, p.Language); text != "" && !p.Facilitator {
			said = append(said, Commitment{Address: p.Address, Name: p.Name, Text: text, Post: p.Number, At: p.At})
		}
	}
	return e.change(id, func(_ list.Tx, a *affair) error {
		if a.course.Gathered >= gathered {
			return errDone
		}
		a.course.Gathered = gathered
		for _, c := range said {
			if !a.committed(c.Address) {
				a.course.Commitments = append(a.course.Commitments, c)
			}
		}
		return nil
	})
}

// committed reports whether somebody has said what they will try.
func (a *affair) committed(address string) bool {
	for _, c := range a.course.Commitments {
		if list.SameAddress(c.Address, address) {
			return true
		}
	}
	return false
}

// commitmentIn is the first that somebody says for themselves: a sentence that is no greeting and no question, and what follows it in the same paragraph. Empty: there
// is none.
func commitmentIn(text, language string) string {
	all := words.Sentences(text, words.Of(language))
	for i, s := range all {
		if len(words.Words(s.Text)) < commitmentWords || strings.HasSuffix(s.Text, ",") || words.IsQuestion(s.Text) {
			continue
		}
		said := s.Text
		for _, next := range all[i+1:] {
			if next.Block != s.Block || words.IsQuestion(next.Text) || utf8.RuneCountInString(said+next.Text) >= commitmentMost {
				break
			}
			said += " " + next.Text
		}
		if r := []rune(said); len(r) > commitmentMost {
			said = strings.TrimSpace(string(r[:commitmentMost])) + " …"
		}
		return said
	}
	return ""
}

// givenBack is when somebody gets back what they said: on the first working morning after a month, of their own zone, on which nothing else goes to them.
func (e *Editor) givenBack(r list.Reader, a *affair, c *Commitment, now time.Time) (time.Time, bool, error) {
	if !c.Back.IsZero() || now.After(c.At.AddDate(0, 0, commitmentDays+commitmentLate)) {
		return time.Time{}, false, nil
	}
	m, err := a.member(r, c.Address)
	if err != nil || !reachable(&m) {
		return time.Time{}, false, err
	}
	room, err := e.room(r, a)
	if err != nil {
		return time.Time{}, false, err
	}
	at, ok := room.morning(a.Calendar.In(e.zone(a, &m)), c.Address, c.At.AddDate(0, 0, commitmentDays-1), now)
	return at, ok, nil
}

// giveBack sends somebody what they said they would try, and asks how it went.
func (e *Editor) giveBack(id string, i int, now time.Time) error {
	return e.change(id, func(tx list.Tx, a *affair) error {
		if i >= len(a.course.Commitments) {
			return errDone
		}
		c := &a.course.Commitments[i]
		if at, ok, err := e.givenBack(tx, a, c, now); err != nil || !ok || at.After(now) {
			return errors.Join(err, errDone)
		}
		m, err := a.member(tx, c.Address)
		if err != nil {
			return err
		}
		data := letter.Commitment{Name: nameOf(&m, c.Name), Text: c.Text, Title: a.Title.In(a.languagesOf(m.Language)...), At: c.At.In(a.Calendar.Location),
			Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(plan.Row{})}
		mail, err := e.write(tx, a, c.Address, "commitment", data)
		if err != nil {
			return err
		}
		c.Back = now
		a.mailed(c.Address, now)
		return a.owe(tx, owed{to: c.Address, mail: mail, kind: "commitment", from: data.Voice.Name}, now)
	})
}
