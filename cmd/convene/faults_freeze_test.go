package main

import (
	"syscall"
	"testing"
	"time"
)

// TestFrozen stops the daemon's process for seconds at random moments of intake and of a fan-out; the other sides wait. Nothing is lost, and nothing
// comes twice. CONVENE_FREEZES says how often.
func TestFrozen(t *testing.T) {
	s := newFaultSite(t, faultOptions{members: 6000, personal: true})
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	crowd := setToWork(s.crowd...)
	for range faultCount("CONVENE_FREEZES", 1) {
		if !s.feed() {
			t.Fatal("no fan-out")
		}
		pauseFor(5*time.Millisecond, 100*time.Millisecond)
		if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		pauseFor(time.Second, 3*time.Second)
		if err := s.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
	}
	crowd.stop()
	report(t, s.settle(t))
}
