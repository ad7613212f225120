package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/list"
)

// told is a member who is to be told of an event, and how.
type told struct {
	list.Member
	state string // "new", "changed", "cancelled"
}

// wave are the next members who are to be told: who was passed over before and gets mail again, then the others by their numbers. last is the number behind which the wave after it
// begins, and passed are who is passed over by then. reg is brought up to what the event is now.
func (o *occasion) wave(r list.Reader) (all []told, last uint32, passed []uint32, err error) {
	if now := o.print(); o.reg.Told != now {
		o.reg.next(now)
	}
	o.Sequence = max(o.Sequence, o.reg.Sequence)
	if all, passed, err = o.back(r); err != nil || len(all) == waveSize {
		return all, o.reg.Invited, passed, err
	}
	for n := o.reg.Invited + 1; n <= o.rec.LastMember; n++ {
		m, err := r.MemberByNumber(o.rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, 0, nil, err
		}
		at, missed := slices.BinarySearch(passed, n)
		if !mailed(m) {
			if !missed {
				passed = slices.Insert(passed, at, n)
			}
			continue
		}
		state := "new"
		if n <= o.reg.Known && !missed {
			state = "changed"
		}
		if o.Cancelled {
			state = "cancelled"
		}
		if missed {
			passed = slices.Delete(passed, at, at+1)
		}
		if o.Cancelled && n > o.reg.Known {
			continue
		}
		if all = append(all, told{m, state}); len(all) == waveSize {
			return all, n, kept(passed), nil
		}
	}
	return all, o.rec.LastMember, kept(passed), nil
}

// passedKept is how many members are remembered who were passed over.
const passedKept = 2000

func kept(passed []uint32) []uint32 { return passed[max(0, len(passed)-passedKept):] }

// mailed reports whether a member gets what goes to all by mail.
func mailed(m list.Member) bool { return m.State == list.Active && m.Mode != list.ModeNoMail }

// back are who was passed over when others were told, and gets mail again, at most as many as are told at once; passed are the others, by their numbers. Nobody comes back to
// what does not take place.
func (o *occasion) back(r list.Reader) (all []told, passed []uint32, err error) {
	for _, n := range o.reg.Passed {
		if n > o.reg.Invited || o.Cancelled || len(all) == waveSize { // who is behind Invited has their turn by their number
			passed = append(passed, n)
			continue
		}
		m, err := r.MemberByNumber(o.rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, nil, err
		}
		if mailed(m) {
			all = append(all, told{m, "new"})
		} else {
			passed = append(passed, n)
		}
	}
	return all, passed, nil
}

// invitationsBack invites who was passed over and gets mail again: at once by day, else at nine, and to one event a day.
func (k *Keeper) invitationsBack(r list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	back, _, err := o.back(r)
	if err != nil || len(back) == 0 {
		return nil, err
	}
	at := now
	next, ok := o.next()
	if ok && next.Start.Sub(now) > aDay && (now.In(zoneOf(o.list)).Hour() < 9 || now.In(zoneOf(o.list)).Hour() > 20) {
		at = nextMorning(now, zoneOf(o.list))
	}
	if ok {
		at, err = k.turn(r, o, at, next.Start)
	}
	return []Duty{k.inviting(o, at)}, err
}

// inviting is the duty of the next wave.
func (k *Keeper) inviting(o *occasion, at time.Time) Duty {
	return Duty{At: at, Kind: kindInvitation, Name: "the invitations to " + o.ID + " of " + o.list.Address,
		Do: func(_ context.Context, now time.Time) error { return k.invite(o.list, o.ID, now) }}
}

// next begins to tell of an event as it is now.
func (g *Register) next(print string) {
	if g.Told != "" {
		g.Sequence++
	}
	g.Known = max(g.Known, g.Invited)
	g.Told, g.Invited = print, 0
}
