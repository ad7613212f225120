package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// kindRoundup is what a round-up is called by the index of a rehearsal.
const kindRoundup = "roundup"

// roundPaper is where it is remembered which round-ups went out.
const roundPaper = "roundup"

// rounds are the round-ups of a list so far: one paper of it.
type rounds struct {
	// By is the schedule that Last is a slot of; empty: there was none.
	By string `json:"by,omitempty"`
	// Last is the slot that was looked at last, whether or not something went out in it; before the first one it is when that schedule came into force.
	Last time.Time `json:"last,omitzero"`
	// Next is the slot behind Last, by the schedule that Last is one of or by the one before it. Zero: as the schedule has it.
	Next time.Time `json:"next,omitzero"`
	// Until is how far the last look ahead reached, whether or not something went out: no later than that the next one goes out.
	Until time.Time `json:"until,omitzero"`
	Sent  time.Time `json:"sent,omitzero"` // when the last one went out; zero: none did
	// Told is what events were known by when a round-up told of them last, by their ids. Events that are over are taken out.
	Told map[string]string `json:"told,omitempty"`
	// Open is set while a round-up has gone out to some of its readers and not to all.
	Open *openRound `json:"open,omitempty"`
}

// openRound is a round-up that is on its way.
type openRound struct {
	Slot   time.Time         `json:"slot"`
	Served []uint32          `json:"served"` // the numbers of the members who have it
	Told   map[string]string `json:"told"`   // what rounds.Told becomes
	Until  time.Time         `json:"until"`  // and rounds.Until
}

func readRounds(r list.Reader, rec list.Record) (*rounds, error) {
	s := &rounds{}
	content, err := r.Paper(rec.ID, roundPaper)
	if errors.Is(err, list.ErrNotFound) {
		return s, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, s); err != nil {
		return nil, fmt.Errorf("calendar: the round-ups of %s: %w", rec.Address, err)
	}
	return s, nil
}

// LastRoundup is when the last round-up of a list went out; zero: none did.
func LastRoundup(r list.Reader, rec list.Record) (time.Time, error) {
	s, err := readRounds(r, rec)
	if err != nil {
		return time.Time{}, err
	}
	return s.Sent, nil
}

func (s *rounds) write(tx list.Tx, rec list.Record) error {
	content, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("calendar: the round-ups of %s: %w", rec.Address, err)
	}
	return tx.PutPaper(rec.ID, roundPaper, content)
}

// same reports whether nothing was sent between the two.
func (s *rounds) same(o *rounds) bool {
	served := func(s *rounds) int {
		if s.Open == nil {
			return -1
		}
		return len(s.Open.Served)
	}
	return s.Last.Equal(o.Last) && s.Sent.Equal(o.Sent) && served(s) == served(o)
}

// schedule is when the round-ups of a list are due, and the same in a word; the word is empty where it has none. The weeks of one that is not weekly count from a
// fixed Monday, so that a restart does not shift them.
func (k *Keeper) schedule(l *list.List) (s plan.Schedule, by string, err error) {
	c := k.House.Roundup(l)
	if c.Cron == "" {
		return s, "", nil
	}
	s = plan.Schedule{Location: zoneOf(l), EveryWeeks: c.EveryWeeks}
	s.Cron, err = plan.ParseCron(c.Cron)
	return s, fmt.Sprintf("%s; %d; %s", c.Cron, max(1, c.EveryWeeks), s.Location), err
}

// next is the slot of the next round-up by the schedule that there is; zero: there is none.
func (s *rounds) next(by plan.Schedule) time.Time {
	next := by.Next(s.Last)
	if !s.Next.IsZero() && (next.IsZero() || s.Next.Before(next)) {
		return s.Next
	}
	return next
}

// rounds has the next round-up of a list. Each slot is looked at once, and noted, so that an event which is told of behind an empty one waits for the next; of
// slots that were slept through the last one stands for all. Another schedule begins when it comes into force: nothing is late by it, but where it would leave out days that
// none has told of yet, the next one goes out as it would have before.
func (k *Keeper) rounds(r list.Reader, l *list.List, rec list.Record, all []*occasion, now time.Time) ([]Duty, error) {
	s, by, err := k.schedule(l)
	if err != nil {
		return nil, err
	}
	state, err := readRounds(r, rec)
	if err != nil || by == "" && state.By == "" {
		return nil, err
	}
	d := Duty{At: now, Kind: kindRoundup, Name: "the round-up of " + l.Address, Do: func(ctx context.Context, now time.Time) error { return k.sendRounds(ctx, l, now) }}
	if state.By != by {
		d.Do = func(context.Context, time.Time) error { return k.reschedule(l, now) }
		return []Duty{d}, nil
	}
	_, at, ok, err := k.roundDue(r, l, s, state, all, now)
	if err != nil || !ok {
		return nil, err
	}
	d.At = at
	return []Duty{d}, nil
}

// reschedule has the round-ups of a list go by the schedule that there is now.
func (k *Keeper) reschedule(l *list.List, now time.Time) error {
	schedule, by, err := k.schedule(l)
	if err != nil {
		return err
	}
	return k.Engine.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(l.Address)
		if err != nil {
			return err
		}
		state, err := readRounds(tx, rec)
		if err != nil {
			return err
		}
		if state.By == by {
			return ErrDone
		}
		state.By, state.Last = by, now
		if by == "" {
			state.Open = nil
		}
		if by == "" || state.Until.IsZero() || !k.latest(l, schedule, schedule.Next(now)).After(state.Until) {
			state.Next = time.Time{}
		}
		return state.write(tx, rec)
	})
}
