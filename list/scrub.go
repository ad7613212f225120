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

// leaks are the tokens of ours that were found in a post.
type leaks struct {
	marks   []mark
	secrets [][32]byte // by their hashes
}

func (l *leaks) count() int { return len(l.marks) + len(l.secrets) }

// scrub overwrites the tokens of ours that a post quotes, before anybody else can read it, and returns whose they are, to be revoked. What is so
// found in a post is there by accident: somebody forwarded or quoted a mail of theirs with its header. p is made anew from what is left.
func (e *Engine) scrub(p *pending) (leaked leaks, err error) {
	a := p.arrival
	if a.GuardErr != nil {
		return leaked, nil
	}
	raw := a.Message.Raw
	s := scrubber{seen: map[candidate]bool{}}
	message.Redact(raw, s.collect)
	if len(s.seen) == 0 {
		return leaked, nil
	}
	err = e.Store.View(func(r Reader) error {
		leaked, err = e.ours(r, &s, p.list)
		return err
	})
	if err != nil || leaked.count() == 0 && !s.many {
		return leaks{}, err
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

// ours asks about every candidate whether it is a token of ours, and returns those.
func (e *Engine) ours(r Reader, s *scrubber, here *List) (leaked leaks, err error) {
	for c := range s.seen {
		if c.purpose == forSecret {
			hash := hashToken(c.token)
			if _, err := r.Secret(hash); errors.Is(err, ErrNotFound) {
				continue
			} else if err != nil {
				return leaks{}, err
			}
			s.seen[c] = true
			leaked.secrets = append(leaked.secrets, hash)
			continue
		}
		var rec Record
		if c.purpose == forBounce {
			l, ok := e.Site().List(c.address)
			if !ok {
				l = here
			}
			if rec, err = r.List(l.Address); err != nil {
				return leaks{}, err
			}
		}
		found, err := e.marks.Load().open(r, c.purpose, c.token, rec)
		if errors.Is(err, errNoMark) {
			continue
		} else if err != nil {
			return leaks{}, err
		}
		s.seen[c] = true
		leaked.marks = append(leaked.marks, found.mark)
	}
	return leaked, nil
}

// revoke ends the tokens that leaked. Of marks it raises the generation of the members whose they are, so that neither they nor others of that
// generation count any more. Whoever had a secret that was not used yet gets its notice again, with another.
func (e *Engine) revoke(tx Tx, leaked leaks) error {
	for _, hash := range leaked.secrets {
		if err := e.renew(tx, hash); err != nil {
			return err
		}
	}
	for _, k := range leaked.marks {
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
