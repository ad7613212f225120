package digest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

// What a catch-up names at most.
const (
	repliesTold   = 12
	questionsTold = 8
	summariesTold = 4
	topicsTold    = 20
	peopleTold    = 4
	summaryTold   = 6000 // octets of a summary
)

// catchUp is what the letter says, and the facts that it is made from. It reads messages.
func (e *Editor) catchUp(a *away, now time.Time) (letter.CatchUp, *facts.Facts, error) {
	zone := e.zone(a.affair, a.member)
	c := letter.CatchUp{Name: a.member.Name, Since: a.since.In(zone), Digest: a.member.Mode == list.ModeDigest, Place: placeOf(a.list, e.Engine.Site().BaseURL)}
	posts, err := e.readMissed(a)
	if err != nil {
		return c, nil, err
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
		return c, nil, err
	}
	if c.Events, err = e.eventsToCome(a, now, zone); err != nil {
		return c, nil, err
	}
	e.missedTopics(a, &c, told, said)
	return c, f, nil
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

// eventsToCome are the events of the list's discussions that are not over, and take place.
func (e *Editor) eventsToCome(a *away, now time.Time, zone *time.Location) (all []letter.MissedEvent, err error) {
	err = e.Engine.Store.View(func(r list.Reader) error {
		for _, d := range e.programme.Load().Discussions {
			if d.List != a.list.Address || d.Event == nil {
				continue
			}
			ev, err := e.calendar.Effective(r, a.list, a.rec, d.Event)
			if err != nil {
				return err
			}
			if !ev.Cancelled && ev.Start.After(now) {
				all = append(all, letter.MissedEvent{Title: plan.Texts(ev.Title), At: ev.Start.In(zone), Where: ev.Where})
			}
		}
		return nil
	})
	slices.SortFunc(all, func(x, y letter.MissedEvent) int { return x.At.Compare(y.At) })
	return all, err
}
