package calendar

import (
	"context"
	"errors"
	"slices"
	"time"

	"convene/list"
	"convene/list/event"
)

// told is a member who is to be told of an event, and how.
type told struct {
	list.Member
	state string // "new", "changed", "cancelled"
}

// absent are members who were away when others were told of an event, by their numbers in order.
type absent struct {
	passed []uint32 // they were never told of it
	missed []uint32 // they were, as it was before
}

// wave are the next members who are to be told: who was away before and gets mail again, then the others by their numbers. last is the number behind which the wave after it
// begins, and away are who is away by then. reg is brought up to what the event is now.
func (o *occasion) wave(r list.Reader) (all []told, last uint32, away absent, err error) {
	if o.reg.Told != o.print() || o.reworded() {
		o.reg.next(o.Event)
	}
	o.Sequence = max(o.Sequence, o.reg.Sequence)
	words := o.wordsAlone()
	if all, away, err = o.back(r); err != nil || len(all) == waveSize {
		return all, o.reg.Invited, away, err
	}
	for n := o.reg.Invited + 1; n <= o.rec.LastMember; n++ {
		m, err := r.MemberByNumber(o.rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, 0, absent{}, err
		}
		if state := away.turn(o, m, words); state != "" {
			if all = append(all, told{m, state}); len(all) == waveSize {
				return all, n, away.kept(), nil
			}
		}
	}
	return all, o.rec.LastMember, away.kept(), nil
}

// turn is how a member is told of an event whose turn it is, of its wording alone or of more; empty: not now.
func (a *absent) turn(o *occasion, m list.Member, words bool) string {
	at, passed := slices.BinarySearch(a.passed, m.Number)
	in, missed := slices.BinarySearch(a.missed, m.Number)
	knows := m.Number <= o.reg.Known && !passed
	switch {
	case !knows && o.Cancelled: // they never heard of it
		return ""
	case !knows && mailed(m):
		if passed {
			a.passed = slices.Delete(a.passed, at, at+1)
		}
		return "new"
	case !knows:
		if !passed {
			a.passed = slices.Insert(a.passed, at, m.Number)
		}
		return ""
	case o.reaches(m) && !(words && o.declined(m.Address)):
		if missed {
			a.missed = slices.Delete(a.missed, in, in+1)
		}
		return o.news()
	case !missed && !o.declined(m.Address):
		a.missed = slices.Insert(a.missed, in, m.Number)
	}
	return ""
}

// news is how who knew an event is told of it.
func (o *occasion) news() string {
	if o.Cancelled {
		return "cancelled"
	}
	return "changed"
}

// awayKept is how many members are remembered who were away, of either kind.
const awayKept = 2000

func (a *absent) kept() absent {
	return absent{a.passed[max(0, len(a.passed)-awayKept):], a.missed[max(0, len(a.missed)-awayKept):]}
}

// mailed reports whether a member gets what goes to all by mail.
func mailed(m list.Member) bool { return m.State == list.Active && m.Mode != list.ModeNoMail }

// reaches reports whether a member who knows of an event is told now of what became of it: who wants no mail is, where they said that they come, or may.
func (o *occasion) reaches(m list.Member) bool {
	return mailed(m) || m.State == list.Active && o.answered(m.Address, Yes, Maybe)
}

// declined reports whether somebody comes on no date, by their own word.
func (o *occasion) declined(address string) bool {
	return o.answered(address, No) && !o.answered(address, Yes, Maybe)
}

// answered reports whether somebody has given one of those answers, to all of an event or to a date.
func (o *occasion) answered(address string, answers ...string) bool {
	g := o.reg.Guests[guestKey(address)]
	if g == nil {
		return false
	}
	for _, answer := range g.Dates {
		if slices.Contains(answers, answer) {
			return true
		}
	}
	return slices.Contains(answers, g.Answer)
}

// back are who was away when others were told, and is told now, at most as many as are told at once; away are the others. To what does not take place nobody is invited any
// more, but who was hears so.
func (o *occasion) back(r list.Reader) (all []told, away absent, err error) {
	look := func(numbers []uint32, state string, is func(list.Member) bool) (still []uint32, err error) {
		for _, n := range numbers {
			if n > o.reg.Invited || o.Cancelled && state == "new" || len(all) == waveSize { // who is behind Invited has their turn by their number
				still = append(still, n)
				continue
			}
			m, err := r.MemberByNumber(o.rec.ID, n)
			switch {
			case errors.Is(err, list.ErrNotFound):
			case err != nil:
				return nil, err
			case is(m):
				all = append(all, told{m, state})
			default:
				still = append(still, n)
			}
		}
		return still, nil
	}
	if away.missed, err = look(o.reg.Missed, o.news(), o.reaches); err == nil {
		away.passed, err = look(o.reg.Passed, "new", mailed)
	}
	return all, away, err
}

// isNew reports whether one of a wave never heard of the event.
func isNew(m told) bool { return m.state == "new" }

// tellsBack tells who was away and gets mail again: at once by day, else at nine. Invitations go to one event a day; what became of one that they know does not wait for that.
func (k *Keeper) tellsBack(r list.Reader, o *occasion, now time.Time) ([]Duty, error) {
	back, _, err := o.back(r)
	if err != nil || len(back) == 0 {
		return nil, err
	}
	at := now
	next, ok := o.next()
	if ok && next.Start.Sub(now) > aDay && (now.In(zoneOf(o.list)).Hour() < 9 || now.In(zoneOf(o.list)).Hour() > 20) {
		at = nextMorning(now, zoneOf(o.list))
	}
	if ok && !slices.ContainsFunc(back, func(m told) bool { return !isNew(m) }) {
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
func (g *Register) next(e *event.Event) {
	if g.Told != "" {
		g.Sequence++
	}
	g.Known = max(g.Known, g.Invited)
	g.Told, g.Invited = printOf(e), 0
	g.Wording, g.Reworded = wordingOf(e), time.Time{}
}
