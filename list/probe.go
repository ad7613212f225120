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

// sendProbe owes an address the next probe, from the list whose mail failed last or another that it is on, but from none of which somebody there
// complained. An address that is on no list any more is forgotten; one whose lists are all gone from the config waits for them.
func (e *Engine) sendProbe(tx Tx, s *AddressState, now time.Time) error {
	var from *List
	var member Member
	anywhere := false
	err := eachMembership(tx, s.Address, func(rec Record, m *Member) error {
		anywhere = true
		if l, ok := e.Site().List(rec.Address); ok && !slices.Contains(s.Complaints, rec.ID) && (from == nil || rec.ID == s.List) {
			from, member = l, *m
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !anywhere:
		return tx.DeleteAddressState(s.Address)
	case from == nil:
		s.Due = now.Add(day)
		return tx.PutAddressState(*s)
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
	s.Probes = append(s.Probes, Probe{Sent: now, List: member.List, Member: member.Number})
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
	_, token, _ := strings.Cut(j.out.ReturnPath, wordBounce)
	token, _, _ = strings.Cut(token, "@")
	found, err := e.marks.Load().open(tx, forProbe, token, rec)
	if errors.Is(err, errNoMark) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return e.probeFailed(tx, found.mark, j.class, j.Status, now)
}

// probeFailed notes that a probe came back. The last one ends the mail to the address until somebody there says otherwise.
func (e *Engine) probeFailed(tx Tx, m mark, class BounceClass, status string, now time.Time) ([]event, error) {
	s, i, err := probed(tx, m)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if s.State != Bouncing && (s.State != Active || now.After(s.Since.Add(reopenFor))) {
		return nil, nil
	}
	p := &s.Probes[i]
	p.Failed, p.Void = class == ClassHard || class == ClassSoft, class != ClassHard && class != ClassSoft
	s.Status = oneLine(status, statusQuoted)
	events := []event{{"probe failed", []any{"address", s.Address, "probe", i + 1, "class", string(class), "status", s.Status}}}
	if s.State == Active && !p.Failed {
		return events, tx.PutAddressState(s)
	}
	from, to, what := Bouncing, Bouncing, ChangeBouncing
	if s.State == Active { // it was taken for silence too early
		s.State, s.Since, from = Bouncing, now, Active
	}
	if s.allFailed() {
		s.State, s.Since, to, what = Disabled, now, Disabled, ChangeDisabled
		events = append(events, event{"address disabled", []any{"address", s.Address, "status", s.Status}})
	}
	if from != to {
		err = eachMembership(tx, s.Address, func(_ Record, m *Member) error {
			if m.State != from && m.State != Bouncing {
				return nil
			}
			return e.changeState(tx, m, to, what, s.Status, now)
		})
	}
	if err != nil {
		return events, err
	}
	s.Due = s.due()
	return events, tx.PutAddressState(s)
}

// probed finds the probe that a mark is of, which may have been sent to a membership that is over: the address is on other lists. ErrNotFound: there
// is no such probe, or it is known to have failed.
func probed(r Reader, m mark) (found AddressState, i int, err error) {
	i = -1
	look := func(s AddressState) error {
		i = slices.IndexFunc(s.Probes, func(p Probe) bool {
			return !p.Failed && !p.Void && p.List == m.list && p.Member == m.member && probeNumber(p.Sent) == m.post
		})
		if i < 0 {
			return nil
		}
		found = s
		return ErrStop
	}
	member, err := r.MemberByNumber(m.list, m.member)
	if err == nil {
		var s AddressState
		if s, err = r.AddressState(member.Address); err == nil {
			err = look(s)
		}
	}
	if i >= 0 {
		return found, i, nil
	}
	if err == nil || errors.Is(err, ErrNotFound) {
		err = r.AddressesDue(farFuture, look)
	}
	if err == nil && i < 0 {
		err = fmt.Errorf("list: probe to member %d of list %d: %w", m.member, m.list, ErrNotFound)
	}
	return found, i, err
}

// revive brings an address back on every list, since somebody there says so. on is a list of which a complaint from there counts no longer; zero: of none.
func (e *Engine) revive(tx Tx, address string, on uint32, now time.Time) error {
	return e.comeBack(tx, address, on, false, now)
}

// comeBack is revive, or what follows from silence: that is no proof, so that the probes are still known.
func (e *Engine) comeBack(tx Tx, address string, on uint32, silent bool, now time.Time) error {
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
	back := AddressState{Address: s.Address, State: Active, Since: now, Complaints: s.Complaints}
	if silent {
		back.Probes = s.Probes
	}
	back.Due = back.due()
	return tx.PutAddressState(back)
}

// forgetStranger forgets what is known of an address that is on no list: whoever puts it on one begins anew.
func forgetStranger(tx Tx, address string) error {
	somewhere := false
	err := eachMembership(tx, address, func(Record, *Member) error { somewhere = true; return nil })
	if err != nil || somewhere {
		return err
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
	s.forgetFuture(now)
	if s.State != Bouncing {
		return event{"bounces forgotten", []any{"address", s.Address}}, tx.DeleteAddressState(s.Address)
	}
	waiting := false
	for i := range s.Probes {
		p := &s.Probes[i]
		if p.Failed || p.Void || p.Sent.Add(probeSilence).After(now) {
			continue
		}
		arrived, over, err := probeArrived(tx, p.Outgoing)
		if err != nil {
			return event{}, err
		}
		if arrived {
			return event{"address works again", []any{"address", s.Address, "by", "probe"}}, e.comeBack(tx, s.Address, 0, true, now)
		}
		p.Void = over
		waiting = waiting || !over
	}
	if at, ok := s.mayProbe(); ok && !at.After(now) {
		return event{"probe sent", []any{"address", s.Address, "probe", len(s.Probes) + 1}}, e.sendProbe(tx, s, now)
	}
	if s.Due = s.due(); waiting && !s.Due.After(now) {
		s.Due = now.Add(probeLooksFor)
	}
	return event{"probe still on its way", []any{"address", s.Address}}, tx.PutAddressState(*s)
}

// probeArrived reports whether a server took a probe, or it is over without that: it was dropped, or so long ago that nobody knows. One that is still
// tried, or not written yet, is neither.
func probeArrived(r Reader, outgoing uint64) (arrived, over bool, err error) {
	if outgoing == 0 {
		return false, false, nil
	}
	out, err := r.Outgoing(outgoing)
	if errors.Is(err, ErrNotFound) {
		return false, true, nil
	} else if err != nil {
		return false, false, err
	}
	tally, err := r.Tally(outgoing)
	return tally.Delivered > 0, tally.Delivered == 0 && out.State == OutDone, err
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
