package main

import (
	"path/filepath"
	"testing"
	"time"
)

// TestFullDisk fills the disk under the daemon while posts come in and a fan-out is under way. It answers 452 before a write can fail, delivers on
// with no room at all, and takes posts again in the same process once there is room. It needs root.
func TestFullDisk(t *testing.T) {
	v := newMemoryVolume(t, 256<<20)
	s := newFaultSite(t, faultOptions{members: 6000, personal: true, data: filepath.Join(v.dir, "data"), text: 20000})
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	for range faultCount("CONVENE_FILLS", 1) {
		fill(t, s, v)
	}
	if !s.running() {
		t.Error("it stopped")
	}
	report(t, s.settle(t))
}

// fill fills a site's disk while it is at work, and gives the room back. The steps are those in which the store gives up writing what can wait
// (store/room.go): only then can it be told that there is no room, rather than find out in the middle of a write.
func fill(t *testing.T, s *faultSite, v *volume) {
	crowd := setToWork(s.crowd...)
	s.slow.Store(true) // the fan-out has to last until the disk is full, however busy the machine
	if !s.feed() {
		t.Fatal("no fan-out")
	}
	leave := func(octets int64) {
		if err := v.leave(octets); err != nil {
			t.Fatal(err)
		}
	}
	all := func(code int) {
		for _, c := range s.crowd {
			if !c.await(code) {
				t.Fatalf("a sender gave up before it was answered %d", code)
			}
		}
	}
	leave(48 << 20) // new posts are refused; those that are being written have room
	all(452)
	leave(6 << 20) // what was delivered is no longer brought into the index
	pauseFor(200*time.Millisecond, 300*time.Millisecond)
	leave(0) // and there is no room for the journal
	before, of := s.progress(s.latest)
	s.slow.Store(false)
	if before == of {
		t.Error("the fan-out was over before the disk was full")
	}
	for got, deadline := before, time.Now().Add(patience); got < of; got, _ = s.progress(s.latest) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d copies of a post were delivered with no room on the disk", got, of)
		}
		<-time.After(10 * time.Millisecond)
	}
	all(452)
	room := time.Now()
	if err := v.clear(); err != nil {
		t.Fatal(err)
	}
	all(250)
	t.Logf("with the disk full %d copies went out; %s after there was room posts were taken again", of-before, time.Since(room).Round(time.Millisecond))
	crowd.stop()
}
