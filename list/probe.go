package list

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"crypto/sha256"
)

// probeAnswerFor is how long the answer to a probe counts: well past the last of them.
const probeAnswerFor = 60 * day

// startProbing stops list mail to an address on every list, and asks it whether it works.
func (e *Engine) startProbing(tx Tx, s *AddressState, now time.Time) ([]event, error) {
	s.State, s.Since, s.Probes = Bouncing, now, nil
	err := eachMembership(tx, s.Address, func(rec Record, m *Member) error {
		if m.State != Active {
			return nil
		}
		return e.changeState(tx, m, Bouncing, ChangeBouncing, s.Status, now)
	})
	events := []event{{"address bouncing", []any{"address", s.Address, "days", len(s.Days), "status", s.Status}}}
	if err != nil {
		return events, err
	}
	return events, e.sendProbe(tx, s, now)
}

// changeState changes the state of one membership and has the owners told.
func (e *Engine) changeState(tx Tx, m *Member, to State, what ChangeKind, why string, now time.Time) error {
	m.State, m.PausedUntil = to, time.Time{}
	if _, err := tx.PutMember(*m); err != nil {
		return err
	}
	return tx.PutChange(AddressChange{List: m.List, At: now, Address: m.Address, What: what, Why: why})
}

// sendProbe owes an address the next probe, from the list whose mail failed last or another that it is on. An address that is on no list any more is
// forgotten.
func (e *Engine) sendProbe(tx Tx, s *AddressState, now time.Time) error {
	var from *List
	var member Member
	err := eachMembership(tx, s.Address, func(rec Record, m *Member) error {
		if l, ok := e.Site().List(rec.Address); ok && (from == nil || rec.ID == s.List) {
			from, member = l, *m
		}
		return nil
	})
	if err != nil {
		return err
	}
	if from == nil {
		return tx.DeleteAddressState(s.Address)
	}
	sealer := e.marks.Load().at(now)
	if sealer == nil {
		return fmt.Errorf("list: probe of %s: %w", s.Address, ErrNoMarkKey)
	}
	token := sealer.seal(mark{forProbe, member.List, member.Number, probeNumber(now), member.Generation})
	n := noteTo(person{member.Address, member.Name, member.Language}, member.List, "probe", map[string]string{"why": s.Status}, now)
	n.ReturnPath = from.Local() + wordBounce + token + "@" + from.Domain()
	n.Secret = &Secret{Purpose: ForProbe, List: member.List, Address: member.Address, Subject: addressSubject(s.Address), Expires: now.Add(probeAnswerFor)}
	if _, err := tx.PutNote(n); err != nil {
		return err
	}
	s.Probes = append(s.Probes, Probe{Sent: now})
	s.Due = s.due()
	return tx.PutAddressState(*s)
}

// probeNumber stands in the mark of a probe where that of a copy has the number of its post: the day on which it was sent.
func probeNumber(sent time.Time) uint32 { return uint32(sent.Unix() / int64(day/time.Second)) }

// addressSubject is the Subject of secrets that are about an address.
func addressSubject(address string) uint64 {
	sum := sha256.Sum256([]byte(FoldAddress(address)))
	return binary.BigEndian.Uint64(sum[:]) | 1
}

// judgeProbe is for a probe that a server refused, or that was tried for too long.
func (e *Engine) judgeProbe(tx Tx, j *judgement, now time.Time) ([]event, error) {
	rec, err := tx.ListByID(j.List)
	if err != nil {
		return nil, err
	}
	_, token, ok := strings.Cut(j.out.ReturnPath, wordBounce)
	token, _, _ = strings.Cut(token, "@")
	if !ok {
		return nil, nil
	}
	found, err := e.marks.Load().open(tx, forProbe, token, rec)
	if errors.Is(err, errNoMark) || err == nil && found.gone {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return e.probeFailed(tx, found, j.Status, now)
}

// probeFailed notes that a probe came back. The last one ends the mail to the address until somebody there says otherwise.
func (e *Engine) probeFailed(tx Tx, found openMark, status string, now time.Time) ([]event, error) {
	s, err := tx.AddressState(found.member.Address)
	if errors.Is(err, ErrNotFound) || err == nil && s.State != Bouncing {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.Probes, func(p Probe) bool { return probeNumber(p.Sent) == found.post && !p.Failed })
	if i < 0 {
		return nil, nil
	}
	s.Probes[i].Failed, s.Status = true, oneLine(status, statusQuoted)
	events := []event{{"probe failed", []any{"address", s.Address, "probe", i + 1, "status", s.Status}}}
	if s.allFailed() {
		s.State, s.Since = Disabled, now
		err = eachMembership(tx, s.Address, func(_ Record, m *Member) error {
			if m.State != Bouncing {
				return nil
			}
			return e.changeState(tx, m, Disabled, ChangeDisabled, s.Status, now)
		})
		events = append(events, event{"address disabled", []any{"address", s.Address, "status", s.Status}})
	}
	if err != nil {
		return events, err
	}
	s.Due = s.due()
	return events, tx.PutAddressState(s)
}

// revive brings an address back on every list, since it works. on is a list of which a complaint from there counts no longer; zero: of none.
func (e *Engine) revive(tx Tx, address string, on uint32, now time.Time) error {
	s, err := tx.AddressState(address)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	s.Complaints = slices.DeleteFunc(s.Complaints, func(id uint32) bool { return id == on })
	err = eachMembership(tx, address, func(rec Record, m *Member) error {
		if m.State != Bouncing && (m.State != Disabled || s.State != Disabled && rec.ID != on || slices.Contains(s.Complaints, rec.ID)) {
			return nil
		}
		return e.changeState(tx, m, Active, ChangeBack, "", now)
	})
	if err != nil {
		return err
	}
	if len(s.Complaints) > 0 {
		return tx.PutAddressState(AddressState{Address: s.Address, State: Active, Complaints: s.Complaints})
	}
	return tx.DeleteAddressState(address)
}

// probe does what is due for addresses: further probes, and the end of a silence that says that all is well.
func (e *Engine) probe(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		var events []event
		n := 0
		err := e.Store.Update(func(tx Tx) error {
			var due []AddressState
			events, n = nil, 0
			err := tx.AddressesDue(now, func(s AddressState) error {
				if due = append(due, s); len(due) == judgedAtOnce {
					return ErrStop
				}
				return nil
			})
			if n = len(due); err == nil && n == 0 {
				return errNothingToKeep
			}
			for i := 0; i < n && err == nil; i++ {
				var v event
				v, err = e.probeDue(tx, &due[i], now)
				events = append(events, v)
			}
			return err
		})
		if errors.Is(err, errNothingToKeep) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("list: probes: %w", err)
		}
		e.logEvents(events)
	}
	return ctx.Err()
}

// probeDue does what is due for one address.
func (e *Engine) probeDue(tx Tx, s *AddressState, now time.Time) (event, error) {
	if s.State != Bouncing {
		return event{"bounces forgotten", []any{"address", s.Address}}, tx.DeleteAddressState(s.Address)
	}
	waiting := false
	for _, p := range s.Probes {
		if p.Failed || p.Sent.Add(probeSilence).After(now) {
			continue
		}
		arrived, err := probeArrived(tx, p.Outgoing)
		if err != nil {
			return event{}, err
		}
		if arrived {
			return event{"address works again", []any{"address", s.Address, "by", "probe"}}, e.revive(tx, s.Address, 0, now)
		}
		waiting = true
	}
	if n := len(s.Probes); n < probesAtMost && !s.Since.Add(time.Duration(n)*probeEvery).After(now) {
		return event{"probe sent", []any{"address", s.Address, "probe", n + 1}}, e.sendProbe(tx, s, now)
	}
	if s.Due = s.due(); waiting && !s.Due.After(now) {
		s.Due = now.Add(probeLooksFor)
	}
	return event{"probe still on its way", []any{"address", s.Address}}, tx.PutAddressState(*s)
}

// probeArrived reports whether a server took a probe. One that is not written yet, or still tried, has not arrived.
func probeArrived(r Reader, outgoing uint64) (bool, error) {
	if outgoing == 0 {
		return false, nil
	}
	tally, err := r.Tally(outgoing)
	if errors.Is(err, ErrNotFound) {
		return true, nil // settled so long ago that it is forgotten; had it failed, it would be known
	}
	return tally.Delivered > 0, err
}

// probeSent notes which mail a probe became. It is part of the transaction that sends it.
func probeSent(tx Tx, n *Note, outgoing uint64) error {
	if n.Secret == nil || n.Secret.Purpose != ForProbe {
		return nil
	}
	s, err := tx.AddressState(n.To)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	for i := range s.Probes {
		if s.Probes[i].Sent.Equal(n.Created) {
			s.Probes[i].Outgoing = outgoing
		}
	}
	return tx.PutAddressState(s)
}
