package event

import (
	"slices"
	"time"
)

// Anchored is an event that takes place at its time of day wherever somebody is (Floating) as one that keeps to the clock of a zone: at the time there that it was to be at everywhere.
// Any other event is as it was.
func (e *Event) Anchored(zone *time.Location) *Event {
	if !e.Floating {
		return e
	}
	there := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return atWall(wallOf(t.In(e.Start.Location())), zone)
	}
	c := *e
	c.Floating, c.Start, c.RegisterBy = false, there(e.Start), there(e.RegisterBy)
	c.Length = there(e.End()).Sub(c.Start)
	c.Except, c.Extra, c.Changed = slices.Clone(e.Except), slices.Clone(e.Extra), slices.Clone(e.Changed)
	for _, all := range [][]time.Time{c.Except, c.Extra} {
		for i, t := range all {
			all[i] = there(t)
		}
	}
	for i, d := range c.Changed {
		c.Changed[i].Of, c.Changed[i].Start = there(d.Of), there(d.Start)
	}
	if r, f := readRule(e.Rule); e.Rule != "" && f == nil {
		c.Rule = r.fit(&c).String()
	}
	return &c
}
