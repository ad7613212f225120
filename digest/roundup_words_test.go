package digest

import (
	"strings"
	"testing"

	"convene/list/event"
)

// The round-up shows how to add an event in the reader's own words, which are read; and places are called as everywhere.
func TestRoundupShowsTheReadersOwnWords(t *testing.T) {
	s := roundStage(t, "0 8 * * MON", 1, 30, func(up *setUp) {
		e := dated(up, "talk", "Talk", "2026-03-17 15:00")
		e.Places = 12
		up.Programme.Events = []*event.Event{e}
	})
	s.advance("2026-03-02 08:01")
	for n, want := range map[int][]string{2: {"Titre", "Quand"}, 3: {"Título", "Cuándo", "Hay 12 plazas"}} {
		text := s.last(member(n), "roundup").text()
		saysAll(t, "the round-up of "+member(n), text, want...)
		if strings.Contains(text, "Title:") || strings.Contains(text, "lugares") {
			t.Errorf("it says\n%s", text)
		}
		i := strings.Index(text, want[0])
		e, err := event.ReadLines(strings.ReplaceAll(strings.SplitN(text[i:], "\n\n", 2)[0], "\\", ""), s.zone, s.time())
		if err != nil || e.Where == "" {
			t.Errorf("the lines of %s are read as %+v: %v", member(n), e, err)
		}
	}
}
