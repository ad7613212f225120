package digest

import (
	"testing"
	"time"

	"convene/list"
)

// Whoever offers to present in a member's name, again and again, has no more sent to them than other questions: one in ten minutes, and three in a day.
func TestEventForgedOffersAskLittle(t *testing.T) {
	for _, words := range []string{"present 2026-04-14", "present 2026-04-15", "present lunch"} { // one that is free, one that is none, and none at all
		t.Run(words, func(t *testing.T) {
			s, _ := lunchStage(t, nil)
			s.advance("2026-03-10 13:00")
			before := len(s.mails(member(8), ""))
			for range 60 {
				raw := rawMail("Ibrahim Koné", member(8), words, "To: "+eventsAddress, "Subject: lunch", "Message-ID: <"+s.id()+"@example.org>")
				if _, err := s.handAs(member(8), eventsAddress, raw, list.Authentication{DMARC: list.None}); err != nil {
					t.Fatal(err)
				}
				s.tick()
				s.set(s.time().Add(time.Minute))
			}
			if got := len(s.mails(member(8), "")) - before; got != 3 {
				t.Errorf("%d mails went to whom they were forged for", got)
			}
		})
	}
}
