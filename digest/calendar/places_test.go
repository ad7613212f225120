package calendar

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// Whatever people answer in whatever order, and however the places change: nobody has a place beyond them who had none before they became fewer, nobody who keeps saying
// yes loses the place that they have, nobody is given one twice, and none is left free while somebody waits for it.
func TestPlacesInAnyOrder(t *testing.T) {
	start := time.Date(2026, 3, 24, 12, 0, 0, 0, time.UTC)
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		e := &event.Event{ID: "lunch", Format: event.LunchAndLearn, Start: start, Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=4", Places: 1 + r.IntN(3)}
		o := &occasion{Event: e, list: &list.List{Address: "peers@lists.example.org"}, reg: &Register{ID: "lunch"}}
		dates, _ := e.Dates(start, time.Time{}, 4)
		now := start.AddDate(0, 0, -10)
		had := o.placed(dates)
		for step := range 60 {
			now = now.Add(time.Minute)
			who, of := fmt.Sprintf("m%d@example.org", r.IntN(6)), time.Time{}
			answer := []string{Yes, Yes, Yes, No, Maybe}[r.IntN(5)]
			grew := false
			switch {
			case r.IntN(10) == 0:
				grew, who = true, ""
				e.Places = 1 + r.IntN(4)
			default:
				if r.IntN(2) == 0 {
					of = dates[r.IntN(len(dates))].Of
				}
				o.note(who, "", said{answer: answer, of: of}, now)
			}
			before := o.placed(dates)
			given := map[string]bool{}
			for _, up := range o.moveUp(now) {
				if key := up.address + dateKey(up.on.of); given[key] {
					t.Fatalf("seed %d, step %d: %s is given a place twice", seed, step, key)
				} else if before[up.address][dateKey(up.on.of)] {
					t.Fatalf("seed %d, step %d: %s is given a place that they have", seed, step, key)
				} else {
					given[key] = true
				}
			}
			has := o.placed(dates)
			for address, on := range had {
				for key := range on {
					if !has[address][key] && (address != who || answer == Yes) {
						t.Fatalf("seed %d, step %d: %s lost the place of %s by %s of %q to %v", seed, step, address, key, who, answer, of)
					}
				}
			}
			for _, d := range dates {
				n := o.reg.comingOn(d.Of)
				fewer := 0
				for _, on := range had {
					if on[dateKey(d.Of)] {
						fewer++
					}
				}
				if n > e.Places && n > fewer {
					t.Fatalf("seed %d, step %d: %d have one of %d places on %s, after %d (grew: %v)", seed, step, n, e.Places, dateKey(d.Of), fewer, grew)
				}
			}
			if o.free(now) {
				t.Fatalf("seed %d, step %d: there is a place left for who waits", seed, step)
			}
			had = has
		}
	}
}

// placed is who has a place on which dates.
func (o *occasion) placed(dates []event.Date) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for address, g := range o.reg.Guests {
		all[address] = map[string]bool{}
		for _, d := range dates {
			if answer, waits := g.on(d.Of); answer == Yes && waits.IsZero() {
				all[address][dateKey(d.Of)] = true
			}
		}
	}
	return all
}
