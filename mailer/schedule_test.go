package mailer

import (
	"errors"
	"slices"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

func TestBackoff(t *testing.T) {
	steps := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}
	start := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	for name, c := range map[string]struct {
		jitter   float64
		now      time.Duration
		attempts int
		due      time.Duration
		ok       bool
	}{
		"the first step":                          {0.5, 0, 0, 15 * time.Minute, true},
		"ten percent early":                       {0, 0, 0, 13*time.Minute + 30*time.Second, true},
		"the last step repeats":                   {0.5, time.Hour, 9, 2 * time.Hour, true},
		"no room for another step before the end": {0.5, 8*time.Hour + 30*time.Minute, 9, 10 * time.Hour, true},
		"the end itself":                          {0.5, 10 * time.Hour, 9, 0, false},
		"past the end, though never tried":        {0.5, 11 * time.Hour, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := backoff{steps, 10 * time.Hour, func() float64 { return c.jitter }}
			due, ok := b.next(at(c.now), start, c.attempts)
			if ok != c.ok || ok && !due.Equal(at(c.due)) {
				t.Errorf("%v after the start, %v", due.Sub(start), ok)
			}
		})
	}
}

func TestThrottleNeverExceedsItsRate(t *testing.T) {
	for _, r := range []Rate{{1, time.Second}, {14, time.Second}, {200, time.Hour}, {36000, time.Hour}} {
		th := newThrottle(r, 100)
		start := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
		type event struct {
			at time.Time
			n  int
		}
		var events []event
		now, total := start, 0
		for takes := 0; now.Sub(start) < 3*r.Per; takes++ {
			n, next := th.take(now, 7)
			if n == 0 {
				if !next.After(now) {
					t.Fatalf("%v: nothing to have, and nothing to wait for", r)
				}
				now = next
				continue
			}
			if takes%5 == 4 {
				th.give(1) // as after a claim for a hop that is down
				n--
			}
			events = append(events, event{now, n})
			total += n
			now = now.Add(r.Per / 1000000)
		}
		first, n := 0, 0
		for _, e := range events {
			for n += e.n; e.at.Sub(events[first].at) >= r.Per; first++ {
				n -= events[first].n
			}
			if n > r.Recipients {
				t.Fatalf("%v: %d in one unit", r, n)
			}
		}
		if total < r.Recipients*3*9/10 {
			t.Errorf("%v: %d in three units", r, total)
		}
	}
}

// countingSource counts how often a message is made.
type countingSource struct {
	fixedSource
	made  []uint64
	bytes int
	err   error
}

func (s *countingSource) Copy(out list.Outgoing, _ list.Form) (message.Pieces, error) {
	s.made = append(s.made, out.ID)
	return message.Pieces{make([]byte, s.bytes)}, s.err
}

func TestContentsKeepTheLatest(t *testing.T) {
	s := &countingSource{bytes: contentBytes/3 + 1 - 1024}
	c := contents{source: s}
	for _, id := range []uint64{1, 2, 3, 1, 4, 1, 2, 1} {
		if _, _, err := c.get(&list.Outgoing{ID: id}, &settings{}, false, false); err != nil {
			t.Fatal(err)
		}
	}
	if want := []uint64{1, 2, 3, 4, 2}; !slices.Equal(s.made, want) {
		t.Errorf("made %v, want %v", s.made, want)
	}
	if c.bytes > contentBytes || c.recent.Len() != 3 || len(c.byForm) != 3 {
		t.Errorf("%d octets in %d messages", c.bytes, c.recent.Len())
	}
}

func TestContentsCountFailuresInARow(t *testing.T) {
	s := &countingSource{err: errors.New("unreadable")}
	c := contents{source: s}
	for want := 1; want <= 2; want++ {
		if _, n, err := c.get(&list.Outgoing{ID: 1}, &settings{}, false, false); err == nil || n != want {
			t.Errorf("%d failures (%v), want %d", n, err, want)
		}
	}
	s.err = nil
	if _, _, err := c.get(&list.Outgoing{ID: 1}, &settings{}, false, false); err != nil {
		t.Fatal(err)
	}
	if len(c.failed) != 0 {
		t.Error("a success does not end the count")
	}
}
