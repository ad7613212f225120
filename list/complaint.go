package list

import (
	"errors"
	"strings"
	"time"

	"convene/list/message"
)

// complain ends list mail to a member whose mail program reported it as spam. Nothing is sent to them.
func (e *Engine) complain(tx Tx, m *Member, why string, now time.Time) ([]event, error) {
	if m.State == Disabled {
		return nil, nil
	}
	s, err := tx.AddressState(m.Address)
	if errors.Is(err, ErrNotFound) {
		s, err = AddressState{Address: FoldAddress(m.Address), State: Active}, nil
	}
	if err != nil {
		return nil, err
	}
	s.Complaints = append(s.Complaints, m.List)
	s.Due = s.due()
	if err := tx.PutAddressState(s); err != nil {
		return nil, err
	}
	return []event{{"complaint", []any{"list", m.List, "member", m.Address}}}, e.changeState(tx, m, Disabled, ChangeComplaint, why, now)
}

// marksIn finds the members of whose marks a report tells: in the return path and the List-Unsubscribe field of the message that it is about. The
// addresses in a complaint are blackened out as often as not, and prove nothing anyhow.
func (e *Engine) marksIn(r Reader, s *spoken, now time.Time) (found []openMark, err error) {
	try := func(text, word string, want purpose) error {
		for rest := text; err == nil; {
			before, after, ok := strings.Cut(rest, word)
			if !ok || len(after) < tokenLength {
				return nil
			}
			rest = after
			rec := Record{}
			if want == forBounce {
				local := before[strings.LastIndexAny(before, "<:, \t")+1:]
				_, domain, _ := strings.Cut(after[tokenLength:], "@")
				domain = domain[:len(domain)-len(strings.TrimLeft(domain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"))]
				l, ok := e.Site().List(local + "@" + domain)
				if !ok {
					continue
				}
				if rec, err = r.List(l.Address); err != nil {
					return err
				}
			}
			m, err := e.openComplained(r, want, after[:tokenLength], rec, now)
			if err == nil && !m.gone {
				found = append(found, m)
			} else if err != nil && !errors.Is(err, errNoMark) {
				return err
			}
		}
		return err
	}
	for _, place := range []struct {
		text, word string
		want       purpose
	}{{s.ReturnPath, wordBounce, forBounce}, {s.Unsubscribe, wordLeave, forLeave}, {s.Unsubscribe, pathLeave, forLeave}} {
		if err := try(place.text, place.word, place.want); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// openComplained opens a mark that a complaint gives back: that of a copy as long as a report on it counts, and that of a probe.
func (e *Engine) openComplained(r Reader, want purpose, token string, rec Record, now time.Time) (openMark, error) {
	m, err := e.marks.Load().open(r, want, token, rec)
	if want != forBounce || err != nil && !errors.Is(err, errNoMark) {
		return m, err
	}
	if err != nil {
		return e.marks.Load().open(r, forProbe, token, rec)
	}
	p, err := r.Post(m.mark.list, m.mark.post)
	if errors.Is(err, ErrNotFound) || err == nil && now.After(p.Accepted.Add(bounceFor)) {
		err = errNoMark
	}
	return m, err
}

// takeComplaint takes a complaint (RFC 5965) wherever it was sent to. It counts for the members whose marks it gives back, and for nobody else
// (RFC 6650 §4.4): a guessed address ends nothing.
func (e *Engine) takeComplaint(in *Incoming) error {
	a := readArrival(e.Site(), &List{}, &in.Envelope, in.Raw)
	if a.GuardErr != nil || !isFeedback(a.Message) {
		return nil
	}
	said := e.readReport(a)
	if said.Kind != BounceComplaint {
		return nil
	}
	var events []event
	err := e.Store.Update(func(tx Tx) error {
		events = nil
		found, err := e.marksIn(tx, &said, in.Received)
		if err != nil {
			return err
		}
		for i := range found {
			m, err := tx.MemberByNumber(found[i].mark.list, found[i].mark.member)
			if err != nil {
				return err
			}
			told, err := e.complain(tx, &m, said.words(), in.Received)
			if err != nil {
				return err
			}
			events = append(events, told...)
		}
		if len(events) == 0 {
			return errNothingToKeep
		}
		return nil
	})
	if errors.Is(err, errNothingToKeep) {
		e.Log.Info("complaint about nobody's copy", "id", in.ID, "ip", in.IP)
		return nil
	}
	if err == nil {
		e.logEvents(events)
	}
	return err
}

// isFeedback reports whether a mail says that it is a feedback report (RFC 5965 §2): only such are read twice.
func isFeedback(m *message.Message) bool {
	return strings.Contains(strings.ToLower(m.Get("Content-Type")), "feedback-report")
}
