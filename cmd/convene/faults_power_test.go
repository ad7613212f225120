package main

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// settledWithin is how soon what became of a copy survives a loss of power. Until then it is only where a process that is killed finds it again.
const settledWithin = 1200 * time.Millisecond

// TestPowerCut takes the power away under the daemon at random moments of intake and of fan-outs. Every post that was answered 250 reaches every
// member; twice comes only what was on the wire, or was delivered in the last moment before. It needs root and loop devices. CONVENE_CUTS says how
// often.
func TestPowerCut(t *testing.T) {
	for name, c := range map[string]struct {
		fs, options string
		personal    bool
	}{
		"ext4, commit every second, with copies that members share": {"ext4", "commit=1", false},
		"ext4, commit every 5 seconds, with a copy for each member": {"ext4", "commit=5", true},
		"xfs, with a copy for each member":                          {"xfs", "defaults", true},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVolume(t, c.fs, c.options)
			s := newFaultSite(t, faultOptions{members: 4000, personal: c.personal, data: filepath.Join(v.dir, "data")})
			report(t, powerCut(t, s, v, faultCount("CONVENE_CUTS", 1)))
			if s.inFlight == 0 {
				t.Error("no cut hit a delivery")
			}
		})
	}
}

// powerCut takes the power from a site's volume so often and returns all that was wrong then.
func powerCut(t *testing.T, s *faultSite, v *volume, cuts int) []string {
	if err := v.sync(); err != nil { // the members were there long before
		t.Fatal(err)
	}
	for range cuts {
		if err := s.begin(); err != nil {
			s.add("a program that does not start", "%v", err)
			break
		}
		crowd := setToWork(s.crowd...)
		s.feed()
		pauseFor(50*time.Millisecond, time.Second)
		at := time.Now()
		if err := v.cutPower(); err != nil {
			t.Fatal(err)
		}
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // it, and whatever it may have started
		s.died(at, settledWithin)
		crowd.stop()
		if err := v.restore(); err != nil {
			t.Fatal(err)
		}
	}
	return s.settle(t)
}
