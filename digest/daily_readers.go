package digest

import (
	"fmt"
	"slices"
	"strings"

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
func (s *shelf) wanted(m *list.Member, from uint32, said interests, opens map[uint32]bool) (all []*issuePost) {
	for _, p := range s.posts {
		interest := said[p.topic][m.Number]
		switch {
		case p.number <= from, interest == list.Muted:
		case m.Follow && interest != list.Followed && !opens[p.number]:
		case m.Own == list.ChooseNo && list.SameAddress(p.out.Except, m.Address):
		case m.NoDuplicates && slices.Contains(p.out.Direct, m.Number):
		default:
			all = append(all, p)
		}
	}
	return all
}

// editions divides the members among the forms of an issue. Who wants none of the posts is in none.
func (e *Editor) editions(r list.Reader, rec list.Record, s *shelf, members []list.Member, from func(*list.Member) uint32) ([]*edition, error) {
	said, err := readInterests(r, rec, s)
	if err != nil {
		return nil, err
	}
	opens, err := openers(r, rec, s)
	if err != nil {
		return nil, err
	}
	book := e.programme.Load().Book
	byKey := map[string]*edition{}
	var all []*edition
	for i := range members {
		m := &members[i]
		posts := s.wanted(m, from(m), said, opens)
		if len(posts) == 0 {
			continue
		}
		one := &edition{language: book.Language("digest", []string{m.Language, s.list.Language}), form: formOf(m), posts: posts, readers: []uint32{m.Number}}
		key := one.key()
		if known := byKey[key]; known != nil {
			known.readers = append(known.readers, m.Number)
			continue
		}
		byKey[key] = one
		all = append(all, one)
	}
	for _, one := range all {
		slices.Sort(one.readers)
	}
	return all, nil
}

// key tells editions apart.
func (d *edition) key() string {
	var b strings.Builder
	fmt.Fprint(&b, d.language, d.form)
	for _, p := range d.posts {
		fmt.Fprint(&b, " ", p.number)
	}
	return b.String()
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
