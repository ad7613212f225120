package calendar

import (
	"cmp"
	"context"
	"slices"
	"time"

	"convene/list"
)

// writtenAtOnce is how many octets of round-ups are written in one transaction, where Keeper.WrittenAtOnce says nothing.
const writtenAtOnce = 32 << 20

// round is a round-up that is due.
type round struct {
	list  *list.List
	rec   list.Record
	state *rounds
	by    string    // the schedule
	slot  time.Time // which it stands for
	now   time.Time
	until time.Time // how far it looks
	news  []news
	next  map[string]string
}

// roundForm is what one form of a round-up is for: everybody who reads the same language on the same clock, with HTML or without.
type roundForm struct {
	language, zone string
	html           bool
}

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
		if more, err := k.sendRound(o); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// openRound finds the round-up that is due; ErrDone: none is any more.
func (k *Keeper) openRound(l *list.List, now time.Time) (o *round, err error) {
	s, by, err := k.schedule(l)
	if err != nil {
		return nil, err
	}
	err = k.Engine.Store.View(func(r list.Reader) error {
		rec, err := r.List(l.Address)
		if err != nil {
			return err
		}
		state, err := readRounds(r, rec)
		if err != nil {
			return err
		}
		if by == "" || state.By != by {
			return ErrDone
		}
		all, err := k.recent(r, l, rec)
		if err != nil {
			return err
		}
		slot, at, ok, err := k.roundDue(r, l, s, state, all, now)
		if err != nil {
			return err
		}
		if !ok || at.After(now) {
			return ErrDone
		}
		o, err = k.roundAt(r, l, state, slot, now)
		return err
	})
	return o, err
}

// roundAt is the round-up of a slot as it is now. It looks as far ahead as the list says, and up to the next slot in any case: so no event falls between two.
func (k *Keeper) roundAt(r list.Reader, l *list.List, state *rounds, slot, now time.Time) (*round, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	all, err := k.occasions(r, l, rec)
	if err != nil {
		return nil, err
	}
	s, by, err := k.schedule(l)
	if err != nil {
		return nil, err
	}
	o := &round{list: l, rec: rec, state: state, by: by, slot: slot, now: now, until: now.Add(k.House.Roundup(l).Ahead)}
	if by != "" {
		if next := s.Next(later(slot, now)); next.After(o.until) {
			o.until = next
		}
	}
	o.news, o.next = roundNews(all, state.Told, now, o.until)
	return o, nil
}

// sendRound sends as many forms of a round-up as go into one transaction; more says that some are left. Where there is no event ahead nothing goes out, and it is
// noted that this slot was looked at.
func (k *Keeper) sendRound(o *round) (more bool, err error) {
	var forms []roundForm
	if count, _ := upcoming(o.news); count > 0 {
		err = k.Engine.Store.View(func(r list.Reader) error {
			return k.roundReaders(r, o, func(f roundForm, _ uint32) {
				if !slices.Contains(forms, f) {
					forms = append(forms, f)
				}
			})
		})
		if err != nil {
			return false, err
		}
	}
	slices.SortFunc(forms, func(a, b roundForm) int {
		return cmp.Or(cmp.Compare(a.language, b.language), cmp.Compare(a.zone, b.zone))
	}) // what is written once stands together
	w, size := newRoundWriter(k, o), 0
	var letters []*list.Letter
	at := map[roundForm]int{}
	for i, f := range forms {
		one, err := w.write(f)
		if err != nil {
			return false, err
		}
		at[f] = i
		letters = append(letters, one)
		if size += len(one.Text) + len(one.HTML) + len(one.Attached[0].Content)*3/2; size > cmp.Or(k.WrittenAtOnce, writtenAtOnce) {
			break
		}
	}
	return more, k.Engine.Dispatch(o.list, letters, o.rec.Posts, o.now, func(tx list.Tx, send func(n int, readers []uint32) (list.Outgoing, error)) error {
		known, err := readRounds(tx, o.rec)
		if err != nil {
			return err
		}
		if !known.same(o.state) || known.By != o.state.By {
			return ErrDone // somebody else has sent it meanwhile
		}
		more, err = k.dispatch(tx, o, at, len(letters), send)
		return err
	})
}

// dispatch sends the forms that are written to those who read them by now, and notes it. more says that there are readers of another form.
func (k *Keeper) dispatch(tx list.Tx, o *round, at map[roundForm]int, written int, send func(n int, readers []uint32) (list.Outgoing, error)) (more bool, err error) {
	readers := make([][]uint32, written)
	err = k.roundReaders(tx, o, func(f roundForm, member uint32) {
		if n, ok := at[f]; ok {
			readers[n] = append(readers[n], member)
		} else if written > 0 {
			more = true
		}
	})
	if err != nil {
		return false, err
	}
	state := *o.state
	state.By = o.by
	open := &openRound{Slot: o.slot, Told: o.next}
	if o.state.Open != nil { // what the first of them were told, so that a change since is one the next time
		open.Told, open.Served = o.state.Open.Told, o.state.Open.Served
	}
	for n, some := range readers {
		if len(some) == 0 {
			continue
		}
		slices.Sort(some)
		if _, err := send(n, some); err != nil {
			return false, err
		}
		open.Served, state.Sent = slices.Concat(open.Served, some), o.now
	}
	if state.Open = open; !more {
		state.Open, state.Last = nil, o.slot
		if state.Sent.Equal(o.now) || o.state.Open != nil {
			state.Told = open.Told
		}
	}
	return more, state.write(tx, o.rec)
}

// roundReaders has the members who get a round-up and do not have it yet, with the form that they read: who gets what the schedule sends to all, but for those whom it is
// sent alone what is special.
func (k *Keeper) roundReaders(r list.Reader, o *round, f func(form roundForm, member uint32)) error {
	served := map[uint32]bool{}
	if o.state.Open != nil {
		for _, n := range o.state.Open.Served {
			served[n] = true
		}
	}
	book, language := k.House.Book(), map[string]string{}
	return r.Members(o.rec.ID, func(m list.Member) error {
		if m.State != list.Active || served[m.Number] || m.Mode != list.ModeEach && m.Mode != list.ModeDigest && m.Mode != list.ModeSummary {
			return nil
		}
		tag, ok := language[m.Language]
		if !ok {
			tag = book.Language("roundup", languagesOf(o.list, m.Language))
			language[m.Language] = tag
		}
		zone := m.Timezone
		if zone == "" {
			zone = zoneOf(o.list).String()
		}
		f(roundForm{tag, zone, m.HTML}, m.Number)
		return nil
	})
}
