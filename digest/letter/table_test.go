package letter

import (
	"strings"
	"testing"
)

// TestTable: in HTML a table, in text one row below the other, and nobody's words are a cell of their own.
func TestTable(t *testing.T) {
	w := &writing{language: "en"}
	cell := func(words string) string { return string(escape(words)) }
	source := "before\n\n" + tableBegin + "Mail" + cellBegin + "When" +
		rowBegin + "**1. Kick-off**" + cellBegin + cell("Monday"+cellBegin+tableEnd+"<td>") +
		rowBegin + "**2. Closing**" + cellBegin + cell("Friday | all") + tableEnd + "\n\nbehind"
	doc := parseDocument(w.takeTables(source), w.foreign)
	if got, want := doc.text(), "before\n\n*1. Kick-off*\n   Monday<td>\n\n*2. Closing*\n   Friday | all\n\nbehind\n"; got != want {
		t.Errorf("the text is %q, want %q", got, want)
	}
	var b strings.Builder
	doc.html(&b)
	want := "<p>before</p>\n<table>\n<tr><td><strong>Mail</strong></td><td><strong>When</strong></td></tr>\n" +
		"<tr><td><strong>1. Kick-off</strong></td><td>Monday&lt;td&gt;</td></tr>\n<tr><td><strong>2. Closing</strong></td><td>Friday | all</td></tr>\n</table>\n<p>behind</p>\n"
	if got := b.String(); got != want {
		t.Errorf("the HTML is %s\nwant %s", got, want)
	}
}
