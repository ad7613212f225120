package mailer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list"
)

func TestMaildir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sent")
	box := newMemoryOutbox()
	now := time.Date(2026, 3, 4, 9, 0, 0, 5000, time.UTC)
	c := NewCourier(CourierOptions{Outbox: box, Source: fixedSource(greetingMail), Now: func() time.Time { return now }},
		Delivery{Transport: &Maildir{Dir: dir, Hostname: "a/b:c", Now: func() time.Time { return now }}})
	ran := make(chan error, 1)
	go func() { ran <- c.Run() }()
	to := append(people(250, "a.example"), "x\r\nBcc: y@b.example")
	box.enqueue(list.Outgoing{ID: 1, Accepted: now, ReturnPath: "dev+bounce@lists.example.org", Recipients: to})
	if err := c.Quiesce(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "new"))
	if err != nil || len(files) != 250 {
		t.Fatalf("%d files (%v), want 250", len(files), err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, "new", f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		head, rest, _ := strings.Cut(string(b), "\nX-Envelope-To: ")
		addr, mail, _ := strings.Cut(rest, "\n")
		if head != "Return-Path: <dev+bounce@lists.example.org>\nDelivered-To: "+addr || mail != strings.ReplaceAll(greetingMail, "\r\n", "\n") {
			t.Fatalf("%s: %q", f.Name(), b)
		}
		seen[addr] = true
		if !strings.HasPrefix(f.Name(), "1772614800.M000005R") || !strings.HasSuffix(f.Name(), `.a\057b\072c`) {
			t.Fatalf("name %q", f.Name())
		}
	}
	if len(seen) != 250 {
		t.Errorf("%d recipients", len(seen))
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "tmp")); len(left) != 0 {
		t.Errorf("%d files left in tmp", len(left))
	}
	if got := box.outcomes(); got[list.Failed] != 1 || got[list.Delivered] != 250 {
		t.Errorf("outcomes %v", got)
	}
	if err := c.Stop(t.Context()); err != nil || <-ran != nil {
		t.Error(err)
	}
}
