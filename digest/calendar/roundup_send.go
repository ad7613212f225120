package calendar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"convene/list"
)

// sendRounds sends the round-up that is due, in as many transactions as it takes.
func (k *Keeper) sendRounds(ctx context.Context, l *list.List, now time.Time) error {
	return k.sendAll(ctx, func() (*round, error) { return k.openRound(l, now) })
}

func (k *Keeper) sendAll(ctx context.Context, open func() (*round, error)) error {
	for ctx.Err() == nil {
		o, err := open()
		if err != nil {
			return err
		}
		if more, err := k.sendRound(ctx, o); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// sendRound sends a round-up, some forms in a transaction, so that couriers are at work on the first while the others are written: all of them tell what it was when it was
// opened. more says that there are readers whom it has not reached, who joined meanwhile or read another form by now. Where there is no event ahead nothing goes out, and
// it is noted that this slot was looked at.
func (k *Keeper) sendRound(ctx context.Context, o *round) (more bool, err error) {
	s := &sending{k: k, round: o, readers: map[roundForm][]uint32{}}
	if count, _ := upcoming(o.news); count > 0 {
		err = k.Engine.Store.View(func(r list.Reader) error {
			return k.roundReaders(r, o, o.state, func(f roundForm, member uint32) { s.readers[f] = append(s.readers[f], member) })
		})
		if err != nil {
			return false, err
		}
	}
	s.forms = slices.SortedFunc(maps.Keys(s.readers), func(a, b roundForm) int { // what is written once stands together
		return cmp.Or(cmp.Compare(a.language, b.language), cmp.Compare(a.zone, b.zone), cmp.Compare(fmt.Sprint(a.html), fmt.Sprint(b.html)))
	})
	s.writer = newRoundWriter(k, o, s.forms)
	for {
		if more, err = s.step(); err != nil || len(s.forms) == 0 {
			return more, err
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
	}
}

// sending is a round-up on its way.
type sending struct {
	*round
	k       *Keeper
	writer  *roundWriter
	forms   []roundForm // that are still to be sent
	readers map[roundForm][]uint32
}

// step writes and sends as many forms as go into one transaction.
func (s *sending) step() (more bool, err error) {
	letters, err := s.writer.writeForms(s.forms)
	if err != nil {
		return false, err
	}
	var now *rounds
	err = s.k.Engine.Dispatch(s.list, letters, s.rec.Posts, s.now, func(tx list.Tx, send func(n int, readers []uint32) (list.Outgoing, error)) error {
		known, err := readRounds(tx, s.rec)
		if err != nil {
			return err
		}
		if !known.same(s.state) || known.By != s.state.By {
			return ErrDone // somebody else has sent it meanwhile
		}
		now, more, err = s.dispatch(tx, len(letters), send)
		return err
	})
	if err != nil {
		return false, err
	}
	s.state, s.forms = now, s.forms[len(letters):]
	return more, nil
}

// dispatch sends the forms that are written to those who read them by now, and notes it.
func (s *sending) dispatch(tx list.Tx, written int, send func(n int, readers []uint32) (list.Outgoing, error)) (state *rounds, more bool, err error) {
	state = &rounds{}
	*state = *s.state
	state.By = s.by
	open := &openRound{Slot: s.slot, Told: s.next, Until: s.until}
	if s.state.Open != nil { // what the first of them were told, so that a change since is one the next time
		open.Told, open.Served, open.Until = s.state.Open.Told, s.state.Open.Served, s.state.Open.Until
	}
	state.Open = open
	for n, f := range s.forms[:written] {
		some, err := s.k.stillReading(tx, s.round, f, s.readers[f])
		if err != nil {
			return nil, false, err
		}
		if len(some) == 0 {
			continue
		}
		if _, err := send(n, some); err != nil {
			return nil, false, err
		}
		open.Served, state.Sent = slices.Concat(open.Served, some), s.now
	}
	if written < len(s.forms) {
		return state, false, state.write(tx, s.rec)
	}
	if written > 0 { // nobody is left out who joined while it was on its way
		if err := s.k.roundReaders(tx, s.round, state, func(roundForm, uint32) { more = true }); err != nil {
			return nil, false, err
		}
	}
	if !more {
		state.Open, state.Last, state.Next, state.Until = nil, s.slot, s.after, open.Until
		if state.Sent.Equal(s.now) || s.state.Open != nil {
			state.Told = open.Told
		}
	}
	return state, more, state.write(tx, s.rec)
}

// stillReading are those of some members who read a form, by number.
func (k *Keeper) stillReading(r list.Reader, o *round, f roundForm, members []uint32) (some []uint32, err error) {
	formOf := k.formOf(o.list)
	for _, n := range members {
		m, err := r.MemberByNumber(o.rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		if now, ok := formOf(&m); ok && now == f {
			some = append(some, n)
		}
	}
	slices.Sort(some)
	return some, nil
}

// roundReaders has the members who get a round-up and do not have it yet, with the form that they read.
func (k *Keeper) roundReaders(r list.Reader, o *round, state *rounds, f func(form roundForm, member uint32)) error {
	served := map[uint32]bool{}
	if state.Open != nil {
		for _, n := range state.Open.Served {
			served[n] = true
		}
	}
	formOf := k.formOf(o.list)
	return r.Members(o.rec.ID, func(m list.Member) error {
		if form, ok := formOf(&m); ok && !served[m.Number] {
			f(form, m.Number)
		}
		return nil
	})
}

// formOf tells which form a member of a list reads; false: they get none. Who gets one gets what the schedule sends to all, but for those whom it is sent alone what is special.
func (k *Keeper) formOf(l *list.List) func(*list.Member) (roundForm, bool) {
	book, language, own := k.House.Book(), map[string]string{}, zoneOf(l).String()
	return func(m *list.Member) (roundForm, bool) {
		if m.State != list.Active || m.Mode != list.ModeEach && m.Mode != list.ModeDigest && m.Mode != list.ModeSummary {
			return roundForm{}, false
		}
		tag, ok := language[m.Language]
		if !ok {
			tag = book.Language("roundup", languagesOf(l, m.Language))
			language[m.Language] = tag
		}
		return roundForm{roundPage{tag, cmp.Or(m.Timezone, own)}, m.HTML}, true
	}
}
