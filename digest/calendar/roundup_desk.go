package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/list"
	"convene/list/event"
)

// ErrToldAlready says that a round-up went out already, and that nothing is new or changed since.
var ErrToldAlready = errors.New("it went out already, and nothing is new or changed since")

// ErrNothing says that there is no event ahead, so that no round-up goes out.
var ErrNothing = errors.New("there is no event ahead")

// RoundupFacts are what a round-up is made from.
type RoundupFacts struct {
	List   string         `json:"list"`
	At     time.Time      `json:"at"`
	Until  time.Time      `json:"until"` // how far it looks
	Count  int            `json:"count"` // up to then, without those that are cancelled
	New    int            `json:"new"`
	Events []RoundupEvent `json:"events"`
}

// RoundupEvent is one event of a round-up.
type RoundupEvent struct {
	ID    string      `json:"id"`
	Title event.Texts `json:"title"`
	State string      `json:"state"` // new, changed, cancelled, or known
	Dates []time.Time `json:"dates"` // those that are named, each where the list is
	More  int         `json:"more"`  // further dates
	Where string      `json:"where"`
	By    string      `json:"by,omitempty"` // who offers it
}

// preview is the round-up of a list as it would go out at a moment. ErrNothing: none would.
func (k *Keeper) preview(l *list.List, at time.Time) (o *round, err error) {
	err = k.Engine.Store.View(func(r list.Reader) error {
		rec, err := r.List(l.Address)
		if err != nil {
			return err
		}
		state, err := readRounds(r, rec)
		if err == nil {
			o, err = k.roundAt(r, l, state, at, at)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if empty(o.news) {
		return nil, fmt.Errorf("calendar: the round-up of %s: %w", l.Address, ErrNothing)
	}
	return o, nil
}

// RoundupPreview is the round-up of a list as it would go out at a moment to who reads a language (empty: the list's) where the list is. ErrNothing: none would.
func (k *Keeper) RoundupPreview(l *list.List, language string, at time.Time) (*list.Letter, error) {
	o, err := k.preview(l, at)
	if err != nil {
		return nil, err
	}
	tag := k.House.Book().Language("roundup", languagesOf(l, language))
	forms := []roundForm{{roundPage{tag, zoneOf(l).String()}, true}}
	letters, err := newRoundWriter(k, o, forms).writeForms(forms)
	if err != nil {
		return nil, err
	}
	return letters[0], nil
}

// RoundupFacts are what RoundupPreview is made from.
func (k *Keeper) RoundupFacts(l *list.List, at time.Time) (*RoundupFacts, error) {
	o, err := k.preview(l, at)
	if err != nil {
		return nil, err
	}
	f := &RoundupFacts{List: l.Address, At: at, Until: o.until}
	f.Count, f.New = upcoming(o.news)
	for _, n := range o.news {
		x := RoundupEvent{ID: n.ID, Title: n.Title, State: n.state, More: n.further, Where: n.Where, By: n.Organiser.Name}
		if x.State == "" {
			x.State = "known"
		}
		for _, d := range n.dates {
			x.Dates = append(x.Dates, d.Start.In(zoneOf(l)))
		}
		f.Events = append(f.Events, x)
	}
	return f, nil
}

// SendRoundup sends the round-up of a list now, in place of the next one. ErrNothing: there is no event ahead. ErrToldAlready: one went out today, or in place of the next one, and
// everybody knows all of it.
func (k *Keeper) SendRoundup(ctx context.Context, l *list.List, now time.Time) error {
	o, err := k.preview(l, now)
	if err != nil {
		return err
	}
	told := sameDay(o.state.Sent, now, zoneOf(l)) || o.by != "" && o.state.By == o.by && o.state.Last.After(now)
	if told && o.state.Open == nil && !slices.ContainsFunc(o.news, func(n news) bool { return n.state != "" }) {
		return fmt.Errorf("calendar: the round-up of %s: %w", l.Address, ErrToldAlready)
	}
	s, by, err := k.schedule(l)
	if err != nil {
		return err
	}
	return k.sendAll(ctx, func() (o *round, err error) {
		err = k.Engine.Store.View(func(r list.Reader) error {
			rec, err := r.List(l.Address)
			if err != nil {
				return err
			}
			state, err := readRounds(r, rec)
			if err != nil {
				return err
			}
			slot := now
			if by != "" {
				slot = s.Next(now)
			}
			if state.Open != nil {
				slot = state.Open.Slot
			} else if by != "" && state.By == by && !state.Last.After(now) {
				slot = state.next(s) // the one that waits for another day, or the next; else it was sent in place of that already
			}
			o, err = k.roundAt(r, l, state, slot, now)
			return err
		})
		return o, err
	})
}

// Export is a calendar file with all events of a list, approved ones and those that are over as well: what there is to keep.
func (k *Keeper) Export(l *list.List, now time.Time) (file []byte, err error) {
	err = k.Engine.Store.View(func(r list.Reader) error {
		all, err := k.published(r, l, time.Time{})
		if err == nil {
			file = event.WriteEvents(now, all, languagesOf(l, "")...)
		}
		return err
	})
	return file, err
}

// published are the events of a list that members may know of and that are not over before a moment, the earliest first, as calendar files have them.
func (k *Keeper) published(r list.Reader, l *list.List, since time.Time) (all []*event.Event, err error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	occasions, err := k.occasions(r, l, rec)
	for _, o := range occasions {
		if !o.waits() && !o.endedBefore(since) {
			all = append(all, o.Event)
		}
	}
	return all, err
}

// endedBefore reports whether the last date of an event was over before a moment, whether or not it takes place.
func (o *occasion) endedBefore(at time.Time) bool {
	live := *o.Event
	live.Cancelled = false
	end, ok := live.Ends()
	return ok && end.Before(at)
}
