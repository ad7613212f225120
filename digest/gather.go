package digest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"convene/digest/facts"
	"convene/list"
	"convene/list/message"
)

// found is one post of a discussion as it is stored, with what the list knows of its author.
type found struct {
	post   list.Post
	member list.Member // zero: they are none
	leads  bool        // they facilitate, or own the list
	first  bool        // it is the first that they ever wrote here
	parent uint32      // the post that it answers; zero: none
}

// keptTexts is how many posts' texts are kept in memory: reading one again takes a hundred times as long.
const keptTexts = 4096

// readings are the texts of posts that were read before, by where they are stored, which never changes.
type readings struct {
	mu  sync.Mutex
	all map[list.Ref]facts.Post
}

func (k *readings) get(ref list.Ref) (facts.Post, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.all[ref]
	return p, ok
}

func (k *readings) put(ref list.Ref, p facts.Post) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) >= keptTexts {
		k.all = map[list.Ref]facts.Post{}
	}
	k.all[ref] = p
}

// find lists the posts of a discussion by number: those of the topics that its planned mails opened, and of topics whose first post carries its hashtag.
// Those that were there before the discussion was known are none of it.
func (a *affair) find(r list.Reader) ([]found, error) {
	ours := map[uint32]bool{} // topics
	for _, s := range a.course.Rows {
		if s.Post == 0 {
			continue
		}
		p, err := r.Post(a.rec.ID, s.Post)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		ours[p.Topic] = true // as it is now: topics are merged and split
	}
	var all []found
	asked := map[uint32]bool{}
	err := r.Posts(a.rec.ID, a.course.Before+1, func(p list.Post) error {
		if p.History() {
			return nil
		}
		if !asked[p.Topic] {
			asked[p.Topic] = true
			if tagged, err := a.tagged(r, p.Topic); err != nil {
				return err
			} else if tagged {
				ours[p.Topic] = true
			}
		}
		if !ours[p.Topic] && !a.allPosts {
			return nil
		}
		f, err := a.about(r, p)
		all = append(all, f)
		return err
	})
	return all, err
}

// tagged reports whether the first post of a topic carries the discussion's hashtag.
func (a *affair) tagged(r list.Reader, topic uint32) (tagged bool, err error) {
	if a.Hashtag == "" {
		return false, nil
	}
	err = r.TopicPosts(a.rec.ID, topic, func(p list.Post) error {
		if !p.Removed.IsZero() {
			return nil // the first that is left of it says so
		}
		tagged = hasTag(p.Subject, a.Hashtag)
		return list.ErrStop
	})
	return tagged, err
}

// hasTag reports whether a subject has a hashtag as a word of its own, in any case.
func hasTag(subject, tag string) bool {
	return slices.ContainsFunc(strings.Fields(subject), func(w string) bool { return strings.EqualFold(strings.TrimRight(w, ".,;:!?)"), tag) })
}

// about is a post with what the list knows of its author.
func (a *affair) about(r list.Reader, p list.Post) (f found, err error) {
	f.post = p
	if f.member, err = r.Member(a.rec.ID, p.From); errors.Is(err, list.ErrNotFound) {
		err = nil
	} else if err != nil {
		return f, err
	}
	f.leads = a.leads(p.From, &f.member)
	f.first = f.member.Number != 0 && f.member.Posts == 1
	n, err := r.Node(a.rec.ID, p.Node)
	if err == nil && n.Parent != (list.NodeID{}) {
		var parent list.Node
		if parent, err = r.Node(a.rec.ID, n.Parent); err == nil {
			f.parent = parent.Post
		}
	}
	if errors.Is(err, list.ErrNotFound) {
		err = nil
	}
	return f, err
}

// leads reports whether somebody facilitates the discussion or owns the list: they are thanked and counted nowhere.
func (a *affair) leads(address string, m *list.Member) bool {
	same := func(other string) bool { return list.SameAddress(other, address) }
	return slices.ContainsFunc(a.list.Owners, same) || slices.ContainsFunc(a.list.Facilitators, same) || slices.ContainsFunc(a.facilitators(), same) ||
		m.Role == list.RoleOwner || m.Role == list.RoleFacilitator
}

// facilitators are the addresses of who facilitates now, the voice first.
func (a *affair) facilitators() []string {
	var all []string
	add := func(address string) {
		if address != "" && !slices.ContainsFunc(all, func(o string) bool { return list.SameAddress(o, address) }) {
			all = append(all, address)
		}
	}
	add(a.course.Changes.Voice.Address)
	for _, p := range a.Facilitators {
		add(p.Address)
	}
	return all
}

// posts are the posts of a discussion as they are counted and quoted. It reads messages, and so may be called in no transaction.
func (e *Editor) posts(a *affair) ([]facts.Post, error) {
	var all []found
	err := e.Engine.Store.View(func(r list.Reader) (err error) { all, err = a.find(r); return err })
	if err != nil {
		return nil, fmt.Errorf("digest: posts of %s: %w", a.ID, err)
	}
	return e.readAll(a, all)
}

// readAll reads posts; one that is gone is left out.
func (e *Editor) readAll(a *affair, all []found) ([]facts.Post, error) {
	posts := make([]facts.Post, 0, len(all))
	for i := range all {
		p, err := e.read(a, &all[i])
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("digest: post %d of %s: %w", all[i].post.Number, a.list.Address, err)
		}
		posts = append(posts, p)
	}
	return posts, nil
}

// read reads one post.
func (e *Editor) read(a *affair, f *found) (facts.Post, error) {
	p, ok := e.texts.get(f.post.Ref)
	if !ok {
		raw, err := e.Engine.Store.Raw(f.post.Ref)
		if err != nil {
			return p, err
		}
		p = facts.Read(&f.post, message.Parse(raw), facts.Post{})
		e.texts.put(f.post.Ref, p)
	}
	p.Number, p.Topic, p.At, p.Answers, p.Planned = f.post.Number, f.post.Topic, f.post.Accepted, f.parent, f.post.Planned
	p.Link = e.Engine.LinkTo(a.list, &f.post)
	p.Facilitator, p.First = f.leads, f.first
	p.PrivateThanks = f.member.PrivateThanks
	switch {
	case f.member.Quote == list.QuoteNo:
		p.Quote = facts.NoQuote
	case f.member.Quote == list.QuoteAsk && p.Quote != facts.NoQuote:
		p.Quote = facts.AskFirst
	}
	if p.Name == "" && !strings.Contains(f.member.Name, "@") { // an address is no name
		p.Name = f.member.Name
	}
	_, p.Newcomer = a.course.Newcomers[strings.ToLower(f.member.Address)]
	return p, nil
}

// facts are what was said from one moment to another.
func (e *Editor) facts(a *affair, posts []facts.Post, from, until time.Time) *facts.Facts {
	return e.factsThanking(a, posts, from, from, until)
}

// factsThanking are the facts of a window, with thanks for what was written from a moment in it: what came before it was thanked for.
func (e *Editor) factsThanking(a *affair, posts []facts.Post, from, thank, until time.Time) *facts.Facts {
	in := facts.Input{Posts: posts, From: from, ThankFrom: thank, Until: until, Discussion: a.Discussion, LastSpotlights: a.course.Spotlights, Following: int(a.rec.Members)}
	for _, q := range a.Questions {
		for _, tag := range slices.Sorted(maps.Keys(q)) {
			in.Asked = append(in.Asked, q[tag])
		}
	}
	in.Asked = append(in.Asked, a.course.Changes.Added...)
	return e.reader.Gather(in)
}
