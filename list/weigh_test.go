package list

import (
	"testing"
	"time"
)

// TestWeigh: which days of failures are enough. A day is its distance from the first of March; h is one of ClassHard, s of ClassSoft.
func TestWeigh(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		hard, soft []int
		clean      int // zero: none
		window     int // days; zero: bounceWindow
		enough     bool
		left       int
	}{
		"nothing":                                  {},
		"hard on two days":                         {hard: []int{1, 2}, left: 2},
		"hard on three days":                       {hard: []int{1, 2, 3}, enough: true, left: 3},
		"hard on three days far apart":             {hard: []int{1, 8, 15}, enough: true, left: 3},
		"hard on three days too far apart":         {hard: []int{1, 8, 16}, left: 2},
		"the same on a list with few posts":        {hard: []int{1, 8, 16}, window: 56, enough: true, left: 3},
		"soft on six days":                         {soft: []int{1, 2, 3, 4, 5, 6}, left: 6},
		"soft on seven days":                       {soft: []int{1, 2, 3, 4, 5, 6, 7}, enough: true, left: 7},
		"two hard and four soft":                   {hard: []int{1, 2}, soft: []int{3, 4, 5, 6}, left: 6},
		"two hard and five soft are seven days":    {hard: []int{1, 2}, soft: []int{3, 4, 5, 6, 7}, enough: true, left: 7},
		"a clean day in between":                   {hard: []int{1, 2, 8}, clean: 3, left: 1},
		"a clean day before the first of them":     {hard: []int{2, 3, 4}, clean: 1, enough: true, left: 3},
		"a clean day behind all":                   {hard: []int{1, 2, 3}, clean: 4},
		"a second failure of a day counts no more": {hard: []int{1, 1, 1}, left: 1},
		"a hard failure makes a soft day hard":     {soft: []int{1, 2}, hard: []int{1, 2, 3}, enough: true, left: 3},
	} {
		t.Run(name, func(t *testing.T) {
			var s AddressState
			at := func(n int) time.Time { return start.Add(time.Duration(n) * day) }
			for _, n := range c.soft {
				s.add(BounceDay{Day: at(n)})
			}
			for i := len(c.hard) - 1; i >= 0; i-- { // reports come in any order
				s.add(BounceDay{Day: at(c.hard[i]), Hard: true})
			}
			window := bounceWindow
			if c.window != 0 {
				window = time.Duration(c.window) * day
			}
			var clean time.Time
			if c.clean != 0 {
				clean = at(c.clean)
			}
			if enough := s.weigh(clean, window); enough != c.enough || len(s.Days) != c.left {
				t.Errorf("enough: %v, with %d days left (%v); want %v, %d", enough, len(s.Days), s.Days, c.enough, c.left)
			}
		})
	}
}

func TestDayKnownTwice(t *testing.T) {
	var s AddressState
	d := dayOf(time.Date(2026, 3, 1, 23, 59, 0, 0, time.UTC))
	for _, c := range []struct {
		hard, news bool
	}{{false, true}, {false, false}, {true, true}, {true, false}, {false, false}} {
		if got := s.add(BounceDay{Day: d, Hard: c.hard}); got != c.news {
			t.Errorf("hard %v: %v, want %v", c.hard, got, c.news)
		}
	}
}

// TestWhenAddressesAreDue: probes every three days, four of them, and the end of five days' silence.
func TestWhenAddressesAreDue(t *testing.T) {
	since := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	at := func(n int) time.Time { return since.Add(time.Duration(n) * day) }
	for name, c := range map[string]struct {
		s    AddressState
		want time.Time
	}{
		"counted":          {AddressState{State: Active, Days: []BounceDay{{Day: since}}}, at(400)},
		"complained":       {AddressState{State: Active, Days: []BounceDay{{Day: since}}, Complaints: []uint32{1}}, time.Time{}},
		"disabled":         {AddressState{State: Disabled, Since: since}, time.Time{}},
		"one probe is out": {AddressState{State: Bouncing, Since: since, Probes: []Probe{{Sent: at(0)}}}, at(3)},
		"two are out, the first ends its five days first": {AddressState{State: Bouncing, Since: since, Probes: []Probe{{Sent: at(0)}, {Sent: at(3)}}}, at(5)},
		"the first came back":                             {AddressState{State: Bouncing, Since: since, Probes: []Probe{{Sent: at(0), Failed: true}, {Sent: at(3)}}}, at(6)},
		"the last is out": {AddressState{State: Bouncing, Since: since, Probes: []Probe{{Sent: at(0), Failed: true}, {Sent: at(3), Failed: true}, {Sent: at(6), Failed: true},
			{Sent: at(9)}}}, at(14)},
	} {
		if got := c.s.due(); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
