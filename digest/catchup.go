package digest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
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

// writeCatchUp writes what a member missed.
func (e *Editor) writeCatchUp(l *list.List, rec list.Record, m *list.Member, owed missed, now time.Time) (*list.Letter, error) {
	d := &plan.Discussion{List: l.Address, Attribution: plan.ByName, Language: cmp.Or(l.Language, "en"), Calendar: plan.Calendar{Location: zoneOf(l)}}
	a := &away{affair: &affair{Discussion: d, list: l, rec: rec, course: &Course{}}, member: m, since: owed.Since}
	if err := e.Engine.Store.View(func(r list.Reader) error { return a.look(r, now) }); err != nil {
		return nil, err
	}
	data, err := e.catchUp(a, now)
	if err != nil {
		return nil, err
	}
	data.Back = owed.Back
	languages := []string{cmp.Or(m.Language, d.Language), d.Language}
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

// catchUpSize is how large a catch-up may be, in octets of its texts: with its header it stays below 30 kB.
const catchUpSize = 28_000

// shorten takes something out of a catch-up that is too large, what matters least first; false: there is nothing more to take out.
func shorten(c *letter.CatchUp) bool {
	longest := -1
	for i, s := range c.Summaries {
		if len(s.Text) > 1500 && (longest < 0 || len(s.Text) > len(c.Summaries[longest].Text)) {
			longest = i
		}
	}
	switch {
	case len(c.Topics) > 5:
		c.Topics = c.Topics[:len(c.Topics)-1]
		c.More++
	case longest >= 0:
		s := &c.Summaries[longest]
		s.Text, s.Cut = cutText(s.Text, len(s.Text)/2)
	case len(c.Summaries) > 1:
		c.Summaries = c.Summaries[:len(c.Summaries)-1]
	case len(c.Open) > 3:
		c.Open = c.Open[:len(c.Open)-1]
	case len(c.Replies) > 3:
		c.Replies = c.Replies[:len(c.Replies)-1]
	default:
		return false
	}
	return true
}

// cutText is the beginning of a text, up to the end of a paragraph where there is one.
func cutText(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	text = strings.ToValidUTF8(text[:most], "")
	if i := strings.LastIndex(text, "\n\n"); i > most/2 {
		text = text[:i]
	}
	return strings.TrimSpace(text), true
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
		first = a.rec.Posts - missedPosts
	}
	return r.Posts(a.rec.ID, first, func(p list.Post) error {
		switch {
		case p.Planned == "" && a.isOwn(p.From):
			a.wrote[p.Topic], a.own[p.Number] = true, true
		case p.Accepted.Before(a.since) || a.muted[p.Topic]:
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

// What a catch-up names at most.
const (
	repliesTold   = 12
	questionsTold = 8
	summariesTold = 4
	topicsTold    = 20
	peopleTold    = 4
	summaryTold   = 6000 // octets of a summary
)

// catchUp is what the letter says. It reads messages.
func (e *Editor) catchUp(a *away, now time.Time) (letter.CatchUp, error) {
	zone := e.zone(a.affair, a.member)
	c := letter.CatchUp{Name: a.member.Name, Since: a.since.In(zone), Digest: a.member.Mode == list.ModeDigest, Place: placeOf(a.list, e.Engine.Site().BaseURL)}
	posts, err := e.readMissed(a)
	if err != nil {
		return c, err
	}
	f := e.reader.Gather(facts.Input{Posts: posts, From: a.since, Until: now.Add(time.Nanosecond), Discussion: a.Discussion})
	said := map[uint32]string{}
	for _, line := range f.Opening {
		said[line.Quote.Post] = line.Quote.Text
	}
	told := map[uint32]bool{} // topics
	byNumber, replied := map[uint32]*list.Post{}, map[uint32]bool{}
	for i := range a.posts {
		p := &a.posts[i].post
		byNumber[p.Number] = p
		if a.own[a.posts[i].parent] {
			c.Replies = append(c.Replies, e.missed(a, p, said[p.Number]))
			told[p.Topic], replied[p.Number] = true, true
		}
	}
	c.Replies = c.Replies[max(0, len(c.Replies)-repliesTold):]
	for _, q := range f.Questions {
		if p := byNumber[q.Post]; p != nil && !q.Answered && a.wrote[q.Topic] && !replied[q.Post] && len(c.Open) < questionsTold {
			c.Open = append(c.Open, e.missed(a, p, q.Text))
			told[q.Topic] = true
		}
	}
	if c.Summaries, err = e.missedSummaries(a, zone); err != nil {
		return c, err
	}
	c.Events = e.eventsToCome(a, now, zone)
	e.missedTopics(a, &c, told, said)
	return c, nil
}

func (e *Editor) missed(a *away, p *list.Post, text string) letter.Missed {
	return letter.Missed{By: cmp.Or(p.FromName, p.From), Subject: a.titles[p.Topic], Text: text, Answer: a.list.AnswerLink(p, a.titles[p.Topic]), Link: e.Engine.LinkTo(a.list, p)}
}

// readMissed reads the posts that a catch-up tells of: in topics that the member wrote in, and the first of each other topic.
func (e *Editor) readMissed(a *away) (posts []facts.Post, err error) {
	first := map[uint32]uint32{} // post, by topic
	for i := len(a.posts) - 1; i >= 0; i-- {
		first[a.posts[i].post.Topic] = a.posts[i].post.Number
	}
	for i := len(a.posts) - 1; i >= 0 && len(posts) < missedTexts; i-- {
		f := &a.posts[i]
		if !a.wrote[f.post.Topic] && first[f.post.Topic] != f.post.Number {
			continue
		}
		p, err := e.read(a.affair, f)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		p.Facilitator = false // what they said counts here as what anybody said
		posts = append(posts, p)
	}
	slices.Reverse(posts)
	return posts, nil
}

// missedTopics has the other topics, the latest first.
func (e *Editor) missedTopics(a *away, c *letter.CatchUp, told map[uint32]bool, said map[uint32]string) {
	at := map[uint32]int{}
	var all []letter.MissedTopic
	for i := range a.posts {
		p := &a.posts[i].post
		if told[p.Topic] {
			continue
		}
		n, ok := at[p.Topic]
		if !ok {
			n = len(all)
			at[p.Topic] = n
			all = append(all, letter.MissedTopic{Subject: a.titles[p.Topic], Text: said[p.Number]})
		}
		t := &all[n]
		t.Posts++
		t.Answer, t.Link = a.list.AnswerLink(p, a.titles[p.Topic]), e.Engine.LinkTo(a.list, p)
		if by := cmp.Or(p.FromName, p.From); len(t.People) < peopleTold && !slices.Contains(t.People, by) {
			t.People = append(t.People, by)
		}
	}
	slices.Reverse(all)
	c.Topics = all[:min(len(all), topicsTold)]
	c.More = len(all) - len(c.Topics)
}

// missedSummaries are the summaries that went out, the newest first, in the member's language where there is such an edition.
func (e *Editor) missedSummaries(a *away, zone *time.Location) (all []letter.MissedSummary, err error) {
	for _, p := range slices.Backward(a.planned) {
		if len(all) == summariesTold {
			break
		}
		if !isSummary(p.Planned) {
			continue
		}
		text, err := e.editionText(&p, cmp.Or(a.member.Language, a.Language))
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		s := letter.MissedSummary{Subject: p.Subject, At: p.Accepted.In(zone), Link: e.Engine.LinkTo(a.list, &p)}
		s.Text, s.Cut = cutText(strings.TrimSpace(text), summaryTold)
		all = append(all, s)
	}
	return all, nil
}

// isSummary reports whether the key of a row is that of a summary: "remote/weekly/1".
func isSummary(key string) bool {
	parts := strings.Split(key, "/")
	if len(parts) < 3 {
		return false
	}
	kind := plan.Kind(parts[len(parts)-2])
	return kind.Summary() || kind == plan.EventSummary
}

// editionText is the text of a planned mail in a language, or in the list's.
func (e *Editor) editionText(p *list.Post, language string) (string, error) {
	refs := []list.Ref{p.Ref}
	err := e.Engine.Store.View(func(r list.Reader) error {
		for _, id := range p.Further {
			o, err := r.Outgoing(id)
			if err == nil {
				refs = append(refs, o.Ref)
			} else if !errors.Is(err, list.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	text := ""
	for i, ref := range refs {
		raw, err := e.Engine.Store.Raw(ref)
		if err != nil {
			return "", err
		}
		m := message.Parse(raw)
		if own := strings.EqualFold(m.Get("Content-Language"), language); i == 0 || own {
			text = m.Text(textRead)
			if own {
				break
			}
		}
	}
	return text, nil
}

// eventsToCome are the events of the list's discussions that are not over.
func (e *Editor) eventsToCome(a *away, now time.Time, zone *time.Location) (all []letter.MissedEvent) {
	for _, d := range e.programme.Load().Discussions {
		if d.List == a.list.Address && d.Event != nil && d.Event.Start.After(now) {
			all = append(all, letter.MissedEvent{Title: plan.Texts(d.Event.Title), At: d.Event.Start.In(zone), Where: d.Event.Where})
		}
	}
	slices.SortFunc(all, func(x, y letter.MissedEvent) int { return x.At.Compare(y.At) })
	return all
}
