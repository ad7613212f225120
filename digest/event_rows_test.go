package digest

import (
	"strings"
	"testing"

	"convene/list"
	"convene/list/event"
)

// The page of the events says who presents on each date, by name alone, and until when one can register for it.
func TestCalendarRowsHavePresentersAndRegistration(t *testing.T) {
	s, _ := lunchStage(t, func(_ *setUp, ev *event.Event) { ev.RegisterBy = ev.Start.AddDate(0, 0, -1) })
	s.advance("2026-03-10 13:00")
	var rows []list.CalendarRow
	err := s.editor.Engine.Store.View(func(r list.Reader) (err error) {
		rows, err = s.editor.Calendar(r, s.list, s.zone, []string{"en"}, s.time())
		return err
	})
	if err != nil || len(rows) != 4 {
		t.Fatal(err, rows)
	}
	for i, want := range []string{"Awa Diallo by 23 Mar 12:00", " by 30 Mar 12:00"} {
		if got := strings.Join(rows[i].Presenters, ", ") + rows[i].RegisterBy.Format(" by 2 Jan 15:04"); got != want {
			t.Errorf("date %d has %q, want %q", i, got, want)
		}
	}
}
