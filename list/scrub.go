package list

import (
	"errors"

	"convene/list/message"
)

// tokensRead is how many different things that may be tokens are looked at in one post.
const tokensRead = 10_000

// scrubber finds tokens of ours in a post.
type scrubber struct {
	seen map[candidate]bool // true: it is one
	many bool
}

// scrub overwrites the marks of ours that a post quotes, before anybody else can read it, and returns whose they are, to be revoked. What is so
// found in a post is there by accident: somebody forwarded or quoted a copy of theirs with its header. p is made anew from what is left.
func (e *Engine) scrub(p *pending) (leaked []mark, err error) {
	a := p.arrival
	if a.GuardErr != nil {
		return nil, nil
	}
	raw := a.Message.Raw
	s := scrubber{seen: map[candidate]bool{}}
	message.Redact(raw, s.collect)
	if len(s.seen) == 0 {
		return nil, nil
	}
	err = e.Store.View(func(r Reader) error {
		leaked, err = e.ours(r, &s, p.list)
		return err
	})
	if err != nil || len(leaked) == 0 && !s.many {
		return nil, err
	}
	out, sealed := message.Redact(raw, s.known)
	clean := newPending(p.site, p.list, a.Envelope, out)
	clean.key, clean.arrival.Auth = p.key, a.Auth // both are about what came
	if p.made {
		clean.id = p.id
	}
	for _, ours := range s.seen {
		if ours {
			clean.arrival.Marks++
		}
	}
	clean.arrival.MarksSealed, clean.arrival.MarksMany = sealed, s.many
	*p = *clean
	return leaked, nil
}

// ours asks about every candidate whether it is a mark of ours, and returns those.
func (e *Engine) ours(r Reader, s *scrubber, here *List) (leaked []mark, err error) {
	for c := range s.seen {
		var rec Record
		if c.purpose == forBounce {
			l, ok := e.Site().List(c.address)
			if !ok {
				l = here
			}
			if rec, err = r.List(l.Address); err != nil {
				return nil, err
			}
		}
		found, err := e.marks.Load().open(r, c.purpose, c.token, rec)
		if errors.Is(err, errNoMark) {
			continue
		} else if err != nil {
			return nil, err
		}
		s.seen[c] = true
		leaked = append(leaked, found.mark)
	}
	return leaked, nil
}

// revoke raises the generation of the members whose marks these are, so that neither they nor others of that generation count any more.
func revoke(tx Tx, leaked []mark) error {
	for _, k := range leaked {
		m, err := tx.MemberByNumber(k.list, k.member)
		if errors.Is(err, ErrNotFound) || err == nil && m.Generation != k.generation {
			continue // they left, or it was done for another mark of theirs
		}
		if err != nil {
			return err
		}
		m.Generation++
		if _, err := tx.PutMember(m); err != nil {
			return err
		}
	}
	return nil
}

// collect is a find for message.Redact that finds nothing yet: it notes what to ask the store about.
func (s *scrubber) collect(text []byte) []message.Range {
	eachCandidate(text, func(c candidate, _ int) {
		if _, known := s.seen[c]; !known && len(s.seen) >= tokensRead {
			s.many = true
			return
		}
		s.seen[c] = false
	})
	return nil
}

// known points to the tokens that are ours.
func (s *scrubber) known(text []byte) (all []message.Range) {
	eachCandidate(text, func(c candidate, at int) {
		if s.seen[c] {
			all = append(all, message.Range{Start: at, End: at + tokenLength})
		}
	})
	return all
}
