package main

import (
	"testing"
	"time"
)

// TestKilled kills the daemon at random moments of intake and of fan-outs to 10,000 members, and sometimes while it starts. Every post that was
// answered 250 reaches every member; only what was on the wire at a kill comes twice, and then with the same octets. CONVENE_KILLS says how
// often.
func TestKilled(t *testing.T) {
	for name, personal := range map[string]bool{"with copies that members share": false, "with a copy for each member": true} {
		t.Run(name, func(t *testing.T) {
			kills, members := faultCount("CONVENE_KILLS", 3), 10_000
			if testing.Short() {
				members = 2000
			}
			s := newFaultSite(t, faultOptions{members: members, personal: personal})
			report(t, killed(t, s, kills))
			if s.inFlight == 0 {
				t.Errorf("none of %d kills hit a delivery", kills)
			}
		})
	}
}

// killed kills a site so often and returns all that was wrong then.
func killed(t *testing.T, s *faultSite, kills int) []string {
	for n := range kills {
		if n%10 == 1 {
			s.shift(t)
		}
		if n%5 == 4 { // at its start, while it looks at what the kill before has left
			if err := s.launch(); err != nil {
				t.Fatal(err)
			}
			pauseFor(0, 60*time.Millisecond)
			s.died(time.Now(), 0)
			continue
		}
		if err := s.begin(); err != nil {
			s.add("a program that does not start", "%v", err)
			break
		}
		crowd := setToWork(s.crowd...)
		s.feed()
		if n%2 == 0 { // in the middle of deliveries, however long they take to begin
			s.awaitTaken(1, s.gone)
		}
		pauseFor(5*time.Millisecond, 500*time.Millisecond)
		at := time.Now()
		s.died(at, 0)
		crowd.stop()
	}
	return s.settle(t)
}
