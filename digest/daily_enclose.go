package digest

import (
	"cmp"
	"slices"
)

// enclosedAtMost is how large the posts of one mail are that encloses them, in octets: hardly a server takes more. What does not go in with its attachments
// goes in without them, the largest first.
const enclosedAtMost = 10_000_000

// enclose reads the posts of an issue whole, in its order.
func (e *Editor) enclose(s *shelf, i *issue) ([][]byte, error) {
	posts := i.posts()
	bySize := slices.Clone(posts)
	slices.SortStableFunc(bySize, func(a, b *issuePost) int { return cmp.Compare(a.out.Size, b.out.Size) })
	room, of := enclosedAtMost, map[uint32][]byte{}
	for _, p := range bySize {
		raw, err := e.whole(s.whole, p, false)
		if err == nil && len(raw) > room {
			delete(s.whole, p.number)
			raw, err = e.whole(s.light, p, true)
		}
		if err != nil {
			return nil, err
		}
		room -= len(raw)
		of[p.number] = raw
	}
	all := make([][]byte, len(posts))
	for n, p := range posts {
		all[n] = of[p.number]
	}
	return all, nil
}

// whole is a post as it is enclosed, read once for all issues.
func (e *Editor) whole(known map[uint32][]byte, p *issuePost, light bool) ([]byte, error) {
	if raw, ok := known[p.number]; ok {
		return raw, nil
	}
	raw, err := e.Engine.WholePost(p.out, light)
	if err == nil {
		known[p.number] = raw
	}
	return raw, err
}
