package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// However often a calendar program sends an event that waits, who decides gets a mail of it in ten minutes, and the last is of the event as it is.
func TestEventUpdatesAskLittle(t *testing.T) {
	s := newStage(t, alone)
	start := s.time()
	update := func(i int) {
		t.Helper()
		o := vevent("REQUEST", "UID:u1@example.org", "DTSTAMP:"+start.Add(time.Duration(i)*time.Second).UTC().Format("20060102T150405Z"), fmt.Sprint("SEQUENCE:", i), "DTSTART:20260324T130000Z",
			fmt.Sprint("SUMMARY:Circle ", i), "ORGANIZER:mailto:member1@example.org", "ATTENDEE:mailto:peers+events@lists.example.org")
		if _, err := s.object(member(1), eventsAddress, "REQUEST", o); err != nil {
			t.Fatal(err)
		}
	}
	count := func(want int, title string) {
		t.Helper()
		s.tick()
		if got := len(s.mails(amina, "draft")); got != want {
			t.Fatalf("%d drafts went to a moderator, want %d", got, want)
		}
		if got := s.last(amina, "draft").flat(); !strings.Contains(got, title) {
			t.Errorf("the last is not of %q:\n%s", title, got)
		}
	}
	for i := range 60 {
		update(i)
	}
	count(2, "Circle 1") // it, and its first change
	s.set(start.Add(11 * time.Minute))
	count(3, "Circle 59")
	s.set(start.Add(15 * time.Minute))
	count(3, "Circle 59")
	// What an old draft is answered with decides nothing; what the last one is, does.
	update(60)
	s.say(s.last(amina, "draft"), amina, "approve")
	count(4, "Circle 60")
	s.say(s.last(amina, "draft"), amina, "approve")
	s.set(start.Add(40 * time.Minute))
	count(4, "Circle 60")
	// A change of what is announced waits as well.
	update(61)
	update(62)
	count(5, "Circle 61")
	s.set(start.Add(60 * time.Minute))
	count(6, "Circle 62")
}
