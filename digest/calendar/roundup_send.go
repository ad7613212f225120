package calendar

import (
	"cmp"
	"context"
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
		if more, err := k.sendRound(o); err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// sendRound sends as many forms of a round-up as go into one transaction; more says that some are left. Where there is no event ahead nothing goes out, and it is
// noted that this slot was looked at.
func (k *Keeper) sendRound(o *round) (more bool, err error) {
	var forms []roundForm
	seen := map[roundForm]bool{}
	if count, _ := upcoming(o.news); count > 0 {
		err = k.Engine.Store.View(func(r list.Reader) error {
			return k.roundReaders(r, o, func(f roundForm, _ uint32) {
				if !seen[f] {
					seen[f], forms = true, append(forms, f)
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
	letters, err := writeForms(k, o, forms)
	if err != nil {
		return false, err
	}
	at := map[roundForm]int{}
	for i, f := range forms[:len(letters)] {
		at[f] = i
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
	open := &openRound{Slot: o.slot, Told: o.next, Until: o.until}
	if o.state.Open != nil { // what the first of them were told, so that a change since is one the next time
		open.Told, open.Served, open.Until = o.state.Open.Told, o.state.Open.Served, o.state.Open.Until
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
		state.Open, state.Last, state.Next, state.Until = nil, o.slot, o.after, open.Until
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
		f(roundForm{roundPage{tag, zone}, m.HTML}, m.Number)
		return nil
	})
}
