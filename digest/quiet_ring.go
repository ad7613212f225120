package digest

import (
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

// offer is what an alarm offered: the Text of what its answer is about.
type offer struct {
	Row      string         `json:"row"`
	Question string         `json:"question"`
	Open     facts.Question `json:"open"`
	Held     []uint64       `json:"held,omitempty"` // in the order of their numbers
}

// aboutQuiet is what answers to an alarm are about.
const aboutQuiet = "quiet"

// ring tells the facilitators that it is quiet, each in their language: first what may be technical, then what they could do, each with one reply.
func (e *Editor) ring(id string, now time.Time) error {
	a, posts, err := e.discussed(id)
	if err != nil {
		return err
	}
	said := e.facts(a, posts, a.Begins(a.rows), now)
	var before past
	if err := e.Engine.Store.View(func(r list.Reader) (err error) { before, err = e.pastDay(r, a, now); return err }); err != nil {
		return err
	}
	return e.change(id, func(tx list.Tx, a *affair) error {
		if at, ok, err := a.alarm(tx, now); err != nil || !ok || at.After(now) {
			return errors.Join(err, errDone)
		}
		asked, _ := a.asking()
		data, what, err := e.quietLetter(tx, a, asked, said, now)
		if err != nil {
			return err
		}
		data.Day, data.Past, data.PastQuiet = before.day, before.all, before.quiet
		text, err := json.Marshal(what)
		if err != nil {
			return fmt.Errorf("digest: what the alarm offers: %w", err)
		}
		week := a.WeekOf(a.rows, now)
		a.course.do(fmt.Sprintf("quiet/%d/%d", week, len(a.alarms(week))+1), now)
		for _, to := range a.facilitators() {
			one := data
			language := e.languageOf(tx, a, to)
			one.Title = a.Title.In(language...)
			if one.Again, err = e.revival(a, letter.Revival{Question: a.asks(asked)[0].In(language...), Again: true}, language); err != nil {
				return err
			}
			one.Again.Text, _, _ = strings.Cut(one.Again.Text, "\n---") // its footer is this mail's, too
			mail, err := e.write(tx, a, to, "quiet", one)
			if err != nil {
				return err
			}
			if err := a.owe(tx, owed{to: to, mail: mail, kind: "quiet", purpose: list.ForDraft, about: about{What: aboutQuiet, Row: asked.Key, Text: string(text)}}, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// discussed is a discussion as it is now, and what was written in it.
func (e *Editor) discussed(id string) (a *affair, posts []facts.Post, err error) {
	if err = e.Engine.Store.View(func(r list.Reader) (err error) { a, err = e.find(r, id); return err }); err != nil {
		return nil, nil, err
	}
	posts, err = e.posts(a)
	return a, posts, err
}

// languageOf are the languages to write to an address in.
func (e *Editor) languageOf(r list.Reader, a *affair, address string) []string {
	m, err := a.member(r, address)
	if err != nil {
		return a.languagesOf("")
	}
	return a.languagesOf(m.Language)
}

// outsideShown is how many topics beside the discussion an alarm names.
const outsideShown = 3

// quietLetter is what the alarm says, and what it offers.
func (e *Editor) quietLetter(r list.Reader, a *affair, asked plan.Row, said *facts.Facts, now time.Time) (letter.Quiet, offer, error) {
	loc := a.Calendar.Location
	q := letter.Quiet{Hashtag: a.Hashtag, Place: a.place(e.Engine.Site().BaseURL), Voice: a.voice(asked)}
	what := offer{Row: asked.Key, Question: a.asks(asked)[0].In(a.Language)}
	last, err := a.lastPost(r)
	if err != nil {
		return q, what, err
	}
	if !last.IsZero() {
		q.Last = last.In(loc)
	}
	if err := a.reach(r, &q); err != nil {
		return q, what, err
	}
	err = r.HeldPosts(a.rec.ID, func(h list.Held) error {
		if !h.Quiet && !h.Join {
			if what.Held = append(what.Held, h.ID); q.HeldSince.IsZero() {
				q.HeldSince = h.Post.Arrived.In(loc)
			}
		}
		return nil
	})
	if err != nil {
		return q, what, err
	}
	q.Held = len(what.Held)
	if !a.allPosts {
		if q.Outside, err = e.outside(r, a); err != nil {
			return q, what, err
		}
	}
	backups, err := a.backups(r, asked)
	if err != nil {
		return q, what, err
	}
	for _, b := range backups {
		q.Backups = append(q.Backups, nameOf(&b.member, b.address))
	}
	if open := openQuestions(said); len(open) > 0 {
		what.Open = open[0]
		q.Open = letter.Said{Text: open[0].Text, By: open[0].By, Link: open[0].Link}
	}
	q.People, err = a.whomToAsk(r, a.goesOut(asked), 2)
	return q, what, err
}

// reach is how many have the last planned mail, of how many who are to.
func (a *affair) reach(r list.Reader, q *letter.Quiet) error {
	var last *RowState
	for _, s := range a.course.Rows {
		if s.Post != 0 && (last == nil || s.Post > last.Post) {
			last = s
		}
	}
	if last == nil {
		return nil
	}
	p, err := r.Post(a.rec.ID, last.Post)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	for _, id := range append([]uint64{p.Outgoing}, p.Further...) {
		n, err := r.Tally(id)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return err
		}
		q.Reached += int(n.Delivered)
		q.Of += int(n.Delivered + n.Failed + n.Deferred)
	}
	if q.Of > 0 {
		q.Mail = p.Subject
	}
	return nil
}

// outside are the topics that members began since the discussion did, and that are none of it: an answer is perhaps among them.
func (e *Editor) outside(r list.Reader, a *affair) (all []letter.Said, err error) {
	ours := map[uint32]bool{}
	for _, s := range a.course.Rows {
		ours[s.Topic] = true
	}
	begins := a.Begins(a.rows)
	err = r.Topics(a.rec.ID, func(t list.Topic) error {
		if t.Last.Before(begins) || len(all) == outsideShown {
			return list.ErrStop
		}
		if ours[t.ID] || t.First.Before(begins) {
			return nil
		}
		if tagged, err := a.tagged(r, t.ID); err != nil || tagged {
			return err
		}
		return r.TopicPosts(a.rec.ID, t.ID, func(p list.Post) error {
			if p.Planned == "" && !p.History() {
				all = append(all, letter.Said{Text: t.Subject, By: p.FromName, Link: e.Engine.LinkTo(a.list, &p)})
			}
			return list.ErrStop
		})
	})
	return all, err
}

// whomToAsk are members who may have something to say and have not written since a time: first who wrote in this discussion before, then who wrote to the list
// last. Nobody who facilitates, was asked to answer first, or gets no mail.
func (a *affair) whomToAsk(r list.Reader, since time.Time, most int) (all []letter.Contact, err error) {
	here, err := a.find(r)
	if err != nil {
		return nil, err
	}
	wrote := map[string]time.Time{}
	for i := range here {
		if p := &here[i].post; p.Planned == "" && !p.Accepted.Before(a.Begins(a.rows)) {
			wrote[strings.ToLower(p.From)] = p.Accepted
		}
	}
	err = r.Members(a.rec.ID, func(m list.Member) error {
		if !reachable(&m) || m.LastPost.IsZero() || !m.LastPost.Before(since) || a.leads(m.Address, &m) || a.everAsked(m.Address) {
			return nil
		}
		c := letter.Contact{Name: nameOf(&m, m.Address), Address: m.Address, Why: letter.WroteBefore, At: m.LastPost}
		if at, ok := wrote[strings.ToLower(m.Address)]; ok {
			c.Why, c.At = letter.WroteHere, at
		}
		c.At = c.At.In(a.Calendar.Location)
		all = append(all, c)
		return nil
	})
	slices.SortFunc(all, func(a, b letter.Contact) int {
		if a.Why != b.Why {
			if a.Why == letter.WroteHere {
				return -1
			}
			return 1
		}
		return b.At.Compare(a.At)
	})
	return all[:min(len(all), most)], err
}

// revival is a mail to all that carries a question on.
func (e *Editor) revival(a *affair, data letter.Revival, languages []string) (letter.Mail, error) {
	data.Hashtag, data.Title, data.Place, data.Voice = a.Hashtag, a.Title.In(languages...), a.place(e.Engine.Site().BaseURL), a.voice(plan.Row{})
	return e.programme.Load().Book.Write("revival", languages, data)
}
