package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/list/event"
)

// print is what members know an event by: where it changes they are told. Of one that does not take place nothing else matters: they are told so once.
func (o *occasion) print() string { return printOf(o.Event) }

func printOf(e *event.Event) string {
	if e.Cancelled {
		e = &event.Event{Cancelled: true}
	}
	what, err := json.Marshal([]any{e.Title, e.Start.Unix(), e.Length, e.Where, e.AllDay, e.Floating, e.Rule, unixes(e.Except), unixes(e.Extra), e.Changed, e.Cancelled})
	if err != nil {
		panic(err) // texts, numbers and times
	}
	sum := sha256.Sum256(what)
	return hex.EncodeToString(sum[:8])
}

func unixes(all []time.Time) (n []int64) {
	for _, t := range all {
		n = append(n, t.Unix())
	}
	return n
}

// changes are what is otherwise than people were told, and when the event was to be, where that changed.
func (o *occasion) changes(last *event.Event) (all []string, was time.Time) {
	if last == nil {
		return nil, was
	}
	switch {
	case last.Start.Equal(o.Start) && last.AllDay == o.AllDay && last.Length != o.Length && o.Length > 0:
		all = append(all, "end")
	case !last.Start.Equal(o.Start) || last.Length != o.Length || last.AllDay != o.AllDay:
		all = append(all, "time")
		if !last.Start.Equal(o.Start) && !last.AllDay {
			was = last.Start
		}
	}
	if last.Where != o.Where {
		all = append(all, "place")
	}
	if last.Title.In(o.list.Language) != o.Title.In(o.list.Language) {
		all = append(all, "title")
	}
	if datesPrint(last) != datesPrint(o.Event) {
		all = append(all, "dates")
	}
	return append(all, o.wordChanges(last)...), was
}

// endOf is when an event ends that is told of, and when it ended by its former length; was is zero where that is not on the day that it begins on, or ends on now.
func (o *occasion) endOf(c letter.Coming, last *event.Event) (ends, was time.Time) {
	if c.AllDay {
		if c.Until.IsZero() {
			return c.At, was
		}
		return c.Until, was
	}
	ends, was = c.At.Add(o.Length), c.At.Add(last.Length)
	if !sameDay(ends, c.At, c.At.Location()) || !sameDay(was, c.At, c.At.Location()) || was.Equal(c.At) {
		was = time.Time{}
	}
	return ends, was
}

// datesPrint is on which dates an event takes place beside its start, and what of them is otherwise.
func datesPrint(e *event.Event) string {
	what, err := json.Marshal([]any{e.Rule, unixes(e.Except), unixes(e.Extra), e.Changed})
	if err != nil {
		panic(err) // texts, numbers and times
	}
	return string(what)
}

// tellLast notes that an event is told of as it is now: once all have heard who knew it, that is how it is known, but for those who were away.
func (g *Register) tellLast(now *event.Event) {
	if g.Invited < g.Known {
		return
	}
	switch {
	case len(g.Missed) == 0:
		g.LastOfMissed = nil
	case g.LastOfMissed == nil:
		g.LastOfMissed = g.Last
	}
	g.Last = now
}

// lastOf is an event as a member knows it; missed says that they were away when others were told.
func (g *Register) lastOf(member uint32) (last *event.Event, missed bool) {
	if _, missed = slices.BinarySearch(g.Missed, member); missed && g.LastOfMissed != nil {
		return g.LastOfMissed, true
	}
	return g.Last, missed
}
