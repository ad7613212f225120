package digest

import (
	"encoding/binary"
	"slices"

	"convene/list"
)

// edition is one form of an issue, and the members who read it: the same language, form and posts.
type edition struct {
	language string
	form     form
	posts    []*issuePost
	readers  []uint32
}

// interests are what was said of the topics of a shelf, by topic and member.
type interests map[uint32]map[uint32]list.Interest

func readInterests(r list.Reader, rec list.Record, s *shelf) (interests, error) {
	all := interests{}
	for topic := range s.titles {
		said := map[uint32]list.Interest{}
		if err := r.TopicInterests(rec.ID, topic, func(member uint32, i list.Interest) error { said[member] = i; return nil }); err != nil {
			return nil, err
		}
		if len(said) > 0 {
			all[topic] = said
		}
	}
	return all, nil
}

// openers are the numbers of the posts of a shelf that began their topics.
func openers(r list.Reader, rec list.Record, s *shelf) (map[uint32]bool, error) {
	all := map[uint32]bool{}
	for topic := range s.titles {
		err := r.TopicPosts(rec.ID, topic, func(p list.Post) error { all[p.Number] = true; return list.ErrStop })
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// wanted are the posts of a shelf that a member gets in a digest, behind those that they had.
func (s *shelf) wanted(r *reader, from uint32, said interests, opens map[uint32]bool) (all []*issuePost) {
	m := r.wishes
	for _, p := range s.posts {
		interest := said[p.topic][r.number]
		switch {
		case p.number <= from, interest == list.Muted:
		case m == nil:
			all = append(all, p)
		case m.Follow && interest != list.Followed && !opens[p.number]:
		case m.Own == list.ChooseNo && list.SameAddress(p.out.Except, m.Address):
		case m.NoDuplicates && slices.Contains(p.out.Direct, m.Number):
		default:
			all = append(all, p)
		}
	}
	return all
}

// choice is what a member gets of a shelf.
type choice struct {
	posts []*issuePost
	key   string // tells choices apart
}

func newChoice(posts []*issuePost) *choice {
	var b []byte
	for _, p := range posts {
		b = binary.BigEndian.AppendUint32(b, p.number)
	}
	return &choice{posts, string(b)}
}

// choices is wanted for many members: most want all behind some post.
func (s *shelf) choices(said interests, opens map[uint32]bool) func(m *reader, behind uint32) *choice {
	all, spoke := map[uint32]*choice{}, map[uint32]bool{}
	for _, of := range said {
		for member := range of {
			spoke[member] = true
		}
	}
	return func(m *reader, behind uint32) *choice {
		if m.wishes != nil || spoke[m.number] {
			return newChoice(s.wanted(m, behind, said, opens))
		}
		c := all[behind]
		if c == nil {
			c = newChoice(s.wanted(m, behind, said, opens))
			all[behind] = c
		}
		return c
	}
}

// editions divides the members among the forms of an issue. Who wants none of the posts is in none.
func (e *Editor) editions(r list.Reader, rec list.Record, s *shelf, members []reader, from func(*reader) uint32) ([]*edition, error) {
	said, err := readInterests(r, rec, s)
	if err != nil {
		return nil, err
	}
	opens, err := openers(r, rec, s)
	if err != nil {
		return nil, err
	}
	type formKey struct {
		language string
		form     form
		posts    string
	}
	byKey, choose, languages, book := map[formKey]*edition{}, s.choices(said, opens), map[string]string{}, e.programme.Load().Book
	var all []*edition
	for i := range members {
		m := &members[i]
		c := choose(m, from(m))
		if len(c.posts) == 0 {
			continue
		}
		language, ok := languages[m.language]
		if !ok {
			language = book.Language("digest", []string{m.language, s.list.Language})
			languages[m.language] = language
		}
		key := formKey{language, m.form, c.key}
		one := byKey[key]
		if one == nil {
			one = &edition{language: key.language, form: key.form, posts: c.posts}
			byKey[key] = one
			all = append(all, one)
		}
		one.readers = append(one.readers, m.number)
	}
	for _, one := range all {
		slices.Sort(one.readers)
	}
	return all, nil
}

// topics are the posts of an edition by topic, in the order in which the topics come up.
func (s *shelf) topics(posts []*issuePost) (all []issueTopic) {
	at := map[uint32]int{}
	for _, p := range posts {
		n, ok := at[p.topic]
		if !ok {
			n = len(all)
			at[p.topic] = n
			all = append(all, issueTopic{subject: s.subject(s.titles[p.topic])})
		}
		all[n].posts = append(all[n].posts, p)
	}
	return all
}
