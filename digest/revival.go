package digest

import (
	"fmt"
	"slices"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// askForRevival notes a mail to all that somebody asked for. It goes out at once on a working day on which nothing else goes to all, else on the morning of the next
// such day. The same question is not put again that somebody else has had put.
func (a *affair) askForRevival(q facts.Question, again bool, by string, now time.Time) (did, before string, at time.Time) {
	for _, f := range a.course.Revivals {
		if f.Again == again && f.Question.Text == q.Text && now.Sub(f.At) < 7*24*time.Hour {
			return "before", f.By, f.At
		}
	}
	at, ok := a.freeDay(now)
	if !ok {
		return "nothing", "", at
	}
	n := len(a.course.Revivals) + 1
	a.course.Revivals = append(a.course.Revivals, Revival{Key: fmt.Sprintf("%s/%s/quiet-%d", a.ID, plan.FollowUp, n), At: at, By: by, Question: q, Again: again})
	if did = "forward"; again {
		did = "again"
	}
	return did, "", at.In(a.Calendar.Location)
}

// revivalAt is how long after working hours begin a mail to all goes out that was asked for the day before, in minutes.
const revivalAt = 60

// freeDay is now, where people are at work and nothing else goes to all today; else the morning of the next such day before the discussion ends.
func (a *affair) freeDay(now time.Time) (time.Time, bool) {
	cal, here := a.Calendar, room{affairs: []*affair{a}}
	if cal.Open(now) && here.quiet(now) {
		return now, now.Before(a.Ends(a.rows))
	}
	for day := plan.DateOf(now.In(cal.Location)); ; {
		day = cal.WorkingDayAfter(day, 1)
		at := day.At(cal.From+revivalAt, cal.Location)
		if !at.Before(a.Ends(a.rows)) {
			return at, false
		}
		if here.quiet(at) {
			return at, true
		}
	}
}

// revive sends the mail to all that a facilitator asked for: a post of the discussion's, in the voice's name, which is counted as nobody's.
func (e *Editor) revive(id, key string, now time.Time) error {
	var a *affair
	var all []rendition
	i := -1
	err := e.Engine.Store.View(func(r list.Reader) (err error) {
		if a, err = e.find(r, id); err != nil {
			return err
		}
		if i = slices.IndexFunc(a.course.Revivals, func(f Revival) bool { return f.Key == key }); i < 0 {
			return errDone
		}
		readers, err := a.audience(r, false)
		if err != nil {
			return err
		}
		if all, err = e.revivals(a, &a.course.Revivals[i], readers); err != nil {
			return err
		}
		return a.distinct(r, all, now)
	})
	if err != nil {
		return err
	}
	voice := a.voice(plan.Row{})
	pub := &list.Publication{List: a.list, By: message.Mailbox{Name: voice.Name, Addr: voice.Address}, Key: key, Kind: string(plan.FollowUp)}
	for _, one := range all {
		pub.Editions = append(pub.Editions, list.Edition{Letter: list.Letter{Subject: one.mail.Subject, Text: one.mail.Text, HTML: one.mail.HTML, Language: one.mail.Language, Kind: pub.Kind}})
	}
	defer e.wake()
	return e.Engine.Publish(pub, now, func(tx list.Tx, send func() (list.Post, error)) error {
		a, err := e.find(tx, id)
		if err != nil {
			return err
		}
		if i >= len(a.course.Revivals) || !a.course.Revivals[i].Done.IsZero() || a.course.Revivals[i].At.After(now) {
			return errDone
		}
		if err := a.address(tx, pub, all, false); err != nil {
			return err
		}
		post, err := send()
		if err != nil {
			return err
		}
		f := &a.course.Revivals[i]
		f.Done = now
		s := a.course.row(key)
		s.Stage, s.Sent, s.By, s.Post, s.Topic, s.ID = Sent, now, f.By, post.Number, post.Topic, post.MessageID
		return a.course.write(tx, a.rec)
	})
}

// revivals are the forms of such a mail, in each language that somebody reads it in, that of the list first.
func (e *Editor) revivals(a *affair, f *Revival, readers map[string][]uint32) (all []rendition, err error) {
	asked, again := a.asking()
	for n, tag := range a.editions() {
		if n > 0 && len(readers[tag]) == 0 {
			continue
		}
		question := f.Question.Text
		if f.Again && again {
			question = a.asks(asked)[0].In(a.languagesOf(tag)...)
		}
		mail, err := e.revival(a, letter.Revival{Question: question, Again: f.Again, By: f.Question.By, Link: f.Question.Link}, a.languagesOf(tag))
		if err != nil {
			return nil, err
		}
		all = append(all, rendition{tag, mail})
	}
	return all, nil
}
