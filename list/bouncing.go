package list

import (
	"slices"
	"time"
)

// When mail to an address has failed often enough. A day is one of UTC, on which the address was mailed; it counts once.
const (
	hardDays = 3 // on which it failed for good (ClassHard)
	softDays = 7 // on which it failed at all

	// cleanAfter is how long after a day on which it was mailed nothing must have come back for all to have been well. A report about a message that
	// was tried for days comes as late as that.
	cleanAfter = 5 * day
	// bounceWindow is the shortest time within which the days must lie. On a list with few posts it is bounceGaps times as long as there is
	// between two of them: weekly posts to a dead address are weeks apart and no less dead.
	bounceWindow = 14 * day
	bounceGaps   = 8

	// Probes are sent so many days apart, so many in all. One that brought nothing back for so long shows that the address works.
	probeEvery    = 3 * day
	probesAtMost  = 4
	probeSilence  = 5 * day
	probeLooksFor = 6 * time.Hour // when one is still on its way after that time, it is looked at again

	// probesVoid is how many probes may come to nothing, as where we are refused whoever it is for, before no more are sent.
	probesVoid = 12
	// reopenFor is how long after an address came back by silence a report on one of its probes still counts.
	reopenFor = 3 * day

	// returnKept is how long it is known that an address came back: as long as reports on what was mailed before may come.
	returnKept = bounceFor + 5*day
	// bouncesKept is how long an address is known to have failed without anything following from it.
	bouncesKept = 400 * day
)

const day = 24 * time.Hour

// dayOf is the first moment of the day, of UTC, that t is in.
func dayOf(t time.Time) time.Time { return t.UTC().Truncate(day) }

// add notes a failure. It is false when that day is known for one of the kind already, so that nothing follows.
func (s *AddressState) add(d BounceDay) bool {
	i, known := slices.BinarySearchFunc(s.Days, d, func(a, b BounceDay) int { return a.Day.Compare(b.Day) })
	switch {
	case !known:
		s.Days = slices.Insert(s.Days, i, d)
	case d.Hard && !s.Days[i].Hard:
		s.Days[i].Hard = true
	default:
		return false
	}
	return true
}

// weigh forgets the days that count no longer, and says whether those that are left are enough. clean is the last day on which the address was
// mailed and all was well; zero: there is none.
func (s *AddressState) weigh(clean time.Time, window time.Duration) (enough bool) {
	if len(s.Days) == 0 {
		return false
	}
	last := s.Days[len(s.Days)-1].Day
	s.Days = slices.DeleteFunc(s.Days, func(d BounceDay) bool { return d.Day.Before(clean) || last.Sub(d.Day) > window })
	hard := 0
	for _, d := range s.Days {
		if d.Hard {
			hard++
		}
	}
	return hard >= hardDays || len(s.Days) >= softDays
}

// failedOn reports whether the address is known to have failed on a day.
func (s *AddressState) failedOn(d time.Time) bool {
	return slices.ContainsFunc(s.Days, func(b BounceDay) bool { return b.Day.Equal(d) })
}

// forgetFuture drops what is dated after now: the clock was ahead and was put right.
func (s *AddressState) forgetFuture(now time.Time) {
	s.Days = slices.DeleteFunc(s.Days, func(d BounceDay) bool { return d.Day.After(now) })
	s.Probes = slices.DeleteFunc(s.Probes, func(p Probe) bool { return p.Sent.After(now) })
	if s.Since.After(now) {
		s.Since = now
	}
}

// mayProbe says when the next probe is to be sent; false: there were enough.
func (s *AddressState) mayProbe() (at time.Time, ok bool) {
	void := 0
	for _, p := range s.Probes {
		if p.Void {
			void++
		}
	}
	switch n := len(s.Probes); {
	case n == 0:
		return s.Since, true
	case n-void >= probesAtMost, void >= probesVoid:
		return at, false
	default: // behind the last one, not by the calendar: after days in which nothing ran they do not come all at once
		return s.Probes[n-1].Sent.Add(probeEvery), true
	}
}

// due is when there is something to do about it.
func (s *AddressState) due() (at time.Time) {
	switch s.State {
	case Bouncing:
		at, _ = s.mayProbe()
		for _, p := range s.Probes {
			if end := p.Sent.Add(probeSilence); !p.Failed && !p.Void && (at.IsZero() || end.Before(at)) {
				at = end
			}
		}
	case Active:
		if len(s.Complaints) > 0 {
			return at
		}
		if !s.Since.IsZero() {
			at = s.Since.Add(returnKept)
		}
		if n := len(s.Days); n > 0 && s.Days[n-1].Day.Add(bouncesKept).After(at) {
			at = s.Days[n-1].Day.Add(bouncesKept)
		}
	}
	return at
}

// allFailed reports whether every probe that an address gets has come back, or so many came to nothing that nothing more is to be expected.
func (s *AddressState) allFailed() bool {
	failed, void := 0, 0
	for _, p := range s.Probes {
		if p.Failed {
			failed++
		} else if p.Void {
			void++
		}
	}
	return failed >= probesAtMost || void >= probesVoid
}
