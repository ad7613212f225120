package digest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
	"convene/store"
)

// TestAKillRepeatsNoRoundup: whichever transaction it comes at, and however small they are, each member gets each round-up once, and what is new in it is new in one.
func TestAKillRepeatsNoRoundup(t *testing.T) {
	for _, small := range []bool{false, true} {
		for at := 1; at <= 4; at++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%t %d %t", small, at, after), func(t *testing.T) {
					seen := 0
					s := roundStage(t, "0 8 * * MON", 2, 40, func(up *setUp) {
						up.Store = func(db *store.DB) list.Store { return killed{db, at, after, &seen} }
						up.Programme.Events = []*event.Event{dated(up, "one", "One", "2026-04-10 15:00")}
					})
					s.order(member(1), "set timezone America/La_Paz")
					if small {
						s.editor.calendar.WrittenAtOnce = 1
					}
					s.tick()
					for _, day := range []string{"2026-02-16", "2026-03-02", "2026-03-16", "2026-03-30"} {
						s.set(s.clock(day + " 08:00"))
						for range 2 { // the second time as it would after the restart
							if err := s.editor.Tick(context.Background(), s.time()); err != nil && !errors.Is(err, errKilled) {
								t.Fatal(err)
							}
						}
						s.deliver()
						if day == "2026-03-16" {
							s.withEvents(dated0(s, "one", "2026-04-10 15:00"), dated0(s, "two", "2026-04-20 15:00"))
						}
					}
					if small == (seen < 12) {
						t.Fatalf("%d transactions", seen)
					}
					want := "02 Mar 08:00 roundup: 1 event until 11 April, 1 new: One 10 April\n16 Mar 08:00 roundup: 1 event until 25 April: One 10 April\n" +
						"30 Mar 08:00 roundup: 2 events until 9 May, 1 new: Two 20 April"
					for _, who := range []string{luis, member(1), member(4)} {
						if got := s.rounds(who); got != want {
							t.Errorf("%s got\n%s\nwant\n%s", who, got, want)
						}
					}
				})
			}
		}
	}
}

// dated0 is dated for a stage that runs.
func dated0(s *stage, id, at string) *event.Event {
	return &event.Event{ID: id, List: stageList, Title: event.Texts{"": strings.ToUpper(id[:1]) + id[1:]}, Format: event.Meeting, Where: "https://meet.example.org/" + id, Start: s.clock(at), Length: time.Hour}
}
