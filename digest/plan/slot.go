package plan

import (
	"fmt"
	"time"
)

// Schedule is when a digest is due: a cron line on the clocks of a place, and for some not every week.
type Schedule struct {
	Cron       Cron
	Location   *time.Location
	EveryWeeks int // zero and 1: every week
}

// Slot is one time at which a digest is due, and what it looks back on: from From (the slot before) up to At, without At itself.
type Slot struct {
	Key      string // its local date; of several on one day the later ones have their time of day behind it: "2026-03-02 19:00"
	From, At time.Time
}

// weekZero is a Monday. The weeks that a schedule is on in count from it, so that a restart does not shift them.
var weekZero = Date{1970, time.January, 5}

// on is when it fires on a day, in minutes past midnight.
func (s Schedule) on(day Date) []int {
	if s.EveryWeeks > 1 {
		monday := day.AddDays(-((int(day.Weekday()) + 6) % 7))
		if monday.Sub(weekZero)/7%s.EveryWeeks != 0 {
			return nil
		}
	}
	return s.Cron.on(day)
}

// firings are the slots of a day, without From. A time that clocks jump over is the first instant after the gap, once however many the gap swallows; one
// that they show twice is the first.
func (s Schedule) firings(day Date) []Slot {
	minutes := s.on(day)
	if len(minutes) == 0 {
		return nil
	}
	var before time.Time // the last firing of the day before, which a gap over midnight pushes into this one
	if m := s.on(day.AddDays(-1)); len(m) > 0 {
		before = day.AddDays(-1).At(m[len(m)-1], s.Location)
	}
	var all []Slot
	for _, m := range minutes {
		at := day.At(m, s.Location)
		if at.Equal(before) {
			continue
		}
		before = at
		key := day.String()
		if m != minutes[0] {
			key += fmt.Sprintf(" %02d:%02d", m/60, m%60)
		}
		all = append(all, Slot{Key: key, At: at})
	}
	return all
}

// Slots are all that fall due after from, up to and with until, in order. Their windows tile: the first looks back to from, each other to the one before.
func (s Schedule) Slots(from, until time.Time) []Slot {
	var all []Slot
	last := from
	end := DateOf(until.In(s.Location))
	// A gap over midnight pushes the end of a day into the next.
	for day := DateOf(from.In(s.Location)).AddDays(-1); day.Compare(end) <= 0; day = day.AddDays(1) {
		for _, slot := range s.firings(day) {
			if slot.At.After(from) && !slot.At.After(until) {
				slot.From, last = last, slot.At
				all = append(all, slot)
			}
		}
	}
	return all
}

// OnDay are the slots of a day, the first one first.
func (s Schedule) OnDay(day Date) (all []time.Time) {
	for _, slot := range s.firings(day) {
		all = append(all, slot.At)
	}
	return all
}

// Due is the slot that is due at now when last was the one before: the latest up to and with now. After a downtime it stands for all that were missed, since its window
// begins at last.
func (s Schedule) Due(last, now time.Time) (Slot, bool) {
	first := DateOf(last.In(s.Location)).AddDays(-1)
	for day := DateOf(now.In(s.Location)); day.Compare(first) >= 0; day = day.AddDays(-1) {
		slots := s.firings(day)
		for i := len(slots) - 1; i >= 0; i-- {
			if at := slots[i].At; at.After(last) && !at.After(now) {
				slots[i].From = last
				return slots[i], true
			}
		}
	}
	return Slot{}, false
}

// Next is when the next slot after an instant is due; the zero time: never.
func (s Schedule) Next(after time.Time) time.Time {
	day := DateOf(after.In(s.Location)).AddDays(-1)
	for range cronYears * 366 * max(1, s.EveryWeeks) {
		for _, slot := range s.firings(day) {
			if slot.At.After(after) {
				return slot.At
			}
		}
		day = day.AddDays(1)
	}
	return time.Time{}
}
