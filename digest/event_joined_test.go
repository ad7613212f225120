package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// Who joins a list with several events is invited to one of them a day, to the next one first; to one that is tomorrow at once. Who joins meanwhile gets their turn.
func TestWhoJoinsIsInvitedToOneEventADay(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		circles(up, 4, time.Time{}, 24*time.Hour)
	})
	s.advance("2026-03-16 12:00")
	join := func(address string) {
		t.Helper()
		if err := s.AddMembers(stageList, []list.Member{{Address: address, Name: "Late"}}); err != nil {
			t.Fatal(err)
		}
	}
	join("late@example.org")
	s.advance("2026-03-17 12:00")
	join("later@example.org")
	s.advance("2026-03-22 16:00")
	join("last@example.org")
	s.advance("2026-03-25 20:00")
	join("night@example.org")
	s.advance("2026-03-28 08:00")
	for who, want := range map[string]string{
		"late@example.org":  "17 Mar 09:00 24, 18 Mar 09:00 25, 19 Mar 09:00 26, 20 Mar 09:00 27",
		"later@example.org": "18 Mar 09:00 25, 19 Mar 09:00 26, 20 Mar 09:00 27, 21 Mar 09:00 24",
		"last@example.org":  "23 Mar 09:00 24, 24 Mar 09:00 25, 25 Mar 09:00 26, 26 Mar 09:00 27",
		"night@example.org": "25 Mar 20:00 26, 26 Mar 09:00 27",
	} {
		var got []string
		for _, m := range s.mails(who, "invitation") {
			got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+objectOf(t, m).Items[0].Event.Start.Format("02"))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s was invited\n%q\nwant\n%s", who, got, want)
		}
	}
}
