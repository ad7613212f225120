package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// diskError is a system call on one of the store's files that is made to fail, without being carried out.
type diskError struct {
	file, call, errno string
	from              int  // the first that fails, counted in each thread
	goesOn            bool // the daemon may go on after it
}

func (e diskError) String() string {
	return fmt.Sprintf("%s of %s from the %d. on: %s", e.call, e.file, e.from, e.errno)
}

const segmentFile = "segments/00000001.seg"

// diskErrors are all ways in which a write and a sync of each file can fail.
var diskErrors = []diskError{
	{file: segmentFile, call: "fdatasync", errno: "EIO", from: 2},
	{file: segmentFile, call: "fdatasync", errno: "EIO", from: 5},
	{file: segmentFile, call: "pwrite64", errno: "EIO", from: 3},
	{file: segmentFile, call: "pwrite64", errno: "ENOSPC", from: 2},
	{file: "index.db", call: "fdatasync", errno: "EIO", from: 1},
	{file: "index.db", call: "fdatasync", errno: "EIO", from: 4},
	{file: "index.db", call: "fdatasync", errno: "EIO", from: 9},
	{file: "index.db", call: "pwrite64", errno: "EIO", from: 10},
	{file: "index.db", call: "pwrite64", errno: "ENOSPC", from: 20},
	{file: "journal.0", call: "pwrite64", errno: "EIO", from: 1},
	{file: "journal.1", call: "pwrite64", errno: "EIO", from: 5},
	{file: "journal.0", call: "pwrite64", errno: "ENOSPC", from: 1, goesOn: true},
}

// TestWriteErrors makes writes and syncs fail under the daemon, by strace. After the first one nothing is answered 250 any more, the daemon stops
// by itself, and after the next start nothing that was answered 250 is lost.
func TestWriteErrors(t *testing.T) {
	s := newFaultSite(t, faultOptions{members: 1000})
	report(t, failed(t, s, diskErrors))
}

// failed makes a site's disk fail in each of these ways and returns all that was wrong then.
func failed(t *testing.T, s *faultSite, errors []diskError) []string {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace here")
	}
	if err := exec.Command(strace, "-D", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skip("strace may not trace here: ", err)
	}
	for n, e := range errors {
		trace := filepath.Join(s.dir, fmt.Sprint("trace", n))
		one := s.crowd[0] // no others, so that no answer is on its way when another's write fails
		var end time.Time
		err := s.begin(strace, "-D", "-f", "-ttt", "-o", trace, "-P", filepath.Join(s.dir, "data", e.file), "-e", "trace="+e.call,
			"-e", fmt.Sprintf("inject=%s:error=%s:when=%d+", e.call, e.errno, e.from))
		switch {
		case err == nil:
			s.feed()
			work := setToWork(one)
			if e.goesOn {
				s.awaitTaken(outgoing+1, s.gone) // so that one connection at least has settled something
				pauseFor(300*time.Millisecond, 400*time.Millisecond)
			} else if !s.stopsItself(one) {
				s.add("a program that goes on after an error of the disk", "%s", e)
			}
			end = time.Now()
			s.kill()
			work.stop()
		case s.running(): // else it came to the error while it started
			t.Fatal(err)
		}
		at, ok := injected(t, trace)
		if !ok {
			t.Fatalf("%s: never came to it", e)
		}
		window := time.Duration(0)
		if e.goesOn { // what there was no room for in the journal is known to the process alone until the index has it
			at, window = end, settledWithin
		}
		s.died(at, window)
		s.judge(e, one.answeredAfter(at))
	}
	return s.settle(t)
}

// judge sees whether the program did right by an error of the disk. One answer may have been on its way then; but none for a message that was
// not synced.
func (s *faultSite) judge(e diskError, late int) {
	if !e.goesOn && (late > 1 || late > 0 && e.file == segmentFile) {
		s.add("a 250 after an error of the disk", "%s: %d", e, late)
	}
	if code := s.cmd.ProcessState.ExitCode(); !e.goesOn && code != exitFailed {
		s.add("an exit that does not tell of an error of the disk", "%s: %s", e, s.cmd.ProcessState)
	}
}

// injected is when the first call in a trace was made to fail.
func injected(t *testing.T, trace string) (time.Time, bool) {
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); strings.Contains(lines.Text(), "(INJECTED)") {
			seconds, err := strconv.ParseFloat(fields[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return time.UnixMicro(int64(seconds * 1e6)), true
		}
	}
	return time.Time{}, false
}
