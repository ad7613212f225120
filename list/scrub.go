package list

import (
	"errors"
	"strings"

	"convene/list/message"
)

// tokensRead is how many different things that may be tokens are looked at in one post.
const tokensRead = 10_000

// scrubber finds tokens of ours in a post.
type scrubber struct {
	seen map[candidate]bool // true: it is one
	many bool
	left bool // one that is was found again
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
	redactor := message.NewRedactor(raw)
	redactor.Look(s.collect)
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
	out, sealed := redactor.Redact(s.known)
	redactor.Look(s.remains)
	clean := newPending(p.site, p.list, a.Envelope, out)
	clean.key, clean.arrival.Auth = p.key, a.Auth // both are about what came
	clean.schedule = p.schedule
	if p.made {
		clean.id = p.id
	}
	for _, ours := range s.seen {
		if ours {
			clean.arrival.Marks++
		}
	}
	clean.arrival.MarksSealed, clean.arrival.MarksMany = sealed || s.left, s.many
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
			l := e.listAt(c.address, here)
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

// listAt is the list that a bounce mark says it is of, by what stands around it: that may have more before and behind, where nobody can see
// where an address ends. Without any it is the one that the post is for.
func (e *Engine) listAt(around string, here *List) *List {
	local, domain, ok := strings.Cut(around, "@")
	if l, exact := e.Site().List(around); exact || !ok {
		if !exact {
			l = here
		}
		return l
	}
	found, longest := here, 0
	for _, l := range e.Site().Lists {
		name, host, _ := strings.Cut(strings.ToLower(l.Address), "@")
		if strings.HasSuffix(local, name) && strings.HasPrefix(domain, host) && len(l.Address) > longest {
			found, longest = l, len(l.Address)
		}
	}
	return found
}

// revoke ends the tokens that leaked. Of marks it raises the generation of the members whose they are, so that neither they nor others of that
// generation count any more. Whoever had a secret that was not used yet gets its notice again, with another.
func (e *Engine) revoke(tx Tx, leaked leaks) error {
	for _, hash := range leaked.secrets {
		if err := e.renew(tx, hash); err != nil {
			return err
		}
	}
	return e.revokeMarks(tx, leaked)
}

// revokeMarks is revoke for marks alone: nobody is sent anything.
func (e *Engine) revokeMarks(tx Tx, leaked leaks) error {
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

// collect is a message.Find that is for asking the store: it notes what may be a token, and points to it.
func (s *scrubber) collect(text []byte, loose bool) []message.Range {
	return s.find(text, loose, func(c candidate) bool {
		if _, known := s.seen[c]; !known {
			if s.many = s.many || len(s.seen) >= tokensRead; s.many {
				return false
			}
			s.seen[c] = false
		}
		return true
	})
}

// known points to the tokens that are ours.
func (s *scrubber) known(text []byte, loose bool) []message.Range {
	return s.find(text, loose, func(c candidate) bool { return s.seen[c] })
}

// remains notes whether there is still a token of ours.
func (s *scrubber) remains(text []byte, loose bool) []message.Range {
	return s.find(text, loose, func(c candidate) bool { s.left = s.left || s.seen[c]; return false })
}

// find points to the candidates in a text of which is says that they count.
func (s *scrubber) find(text []byte, loose bool, is func(candidate) bool) (all []message.Range) {
	if loose {
		eachDisguised(text, func(c candidate, at *letters) {
			if is(c) {
				all = append(all, at[:]...)
			}
		})
		return all
	}
	eachCandidate(text, func(c candidate, at int) {
		if is(c) {
			all = append(all, message.Range{Start: at, End: at + tokenLength})
		}
	})
	return all
}
