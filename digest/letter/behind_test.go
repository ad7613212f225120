package letter

import (
	"strings"
	"testing"

	"convene/digest/plan"
)

// TestNotesWhole: the file beside a summary that shows notes shortened has them whole, up to what a mail can carry; without need for it there is none.
func TestNotesWhole(t *testing.T) {
	for name, c := range map[string]struct {
		tables, words int
		cut, whole    bool
	}{
		"few lines":            {4, 10, false, false},
		"long ones":            {6, 1200, true, true},
		"more than is carried": {100, 1500, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := planned(t, len(remoteRows(t)))
			for i, row := range p.Rows {
				if row.Kind == plan.EventSummary {
					p = planned(t, i+1)
				}
			}
			p.Notes = nil
			for range c.tables {
				p.Notes = append(p.Notes, TableNotes{Round: 1, Table: len(p.Notes) + 1, Notes: strings.Repeat("words ", c.words-1) + "end."})
			}
			m, cut, err := builtBook().NotesWhole(p, []string{"en"})
			if err != nil || cut != c.cut {
				t.Fatalf("cut is %v, %v", cut, err)
			}
			if got := strings.Count(m.Text, "end."); c.cut && (got == c.tables) != c.whole || strings.Count(m.Text, "Round 1, table ") != map[bool]int{true: c.tables}[c.cut] {
				t.Errorf("%d of %d are whole in %d octets", got, c.tables, len(m.Text))
			}
		})
	}
}
