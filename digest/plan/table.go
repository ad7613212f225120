package plan

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The columns of a plan and their widths in characters. The first responders' is as wide as they are.
var (
	tableHead   = []string{"email and topic", "content and questions", "send date and sent by", "first responders"}
	tableWidths = []int{28, 44, 26, 0}
)

// Table is a plan for who reads it in a terminal: four columns, a blank line between mails, then how many mails one member will get.
func (d *Discussion) Table(lines []Line) string {
	var b strings.Builder
	tableRow(&b, [][]string{{tableHead[0]}, {tableHead[1]}, {tableHead[2]}, {tableHead[3]}})
	for _, l := range lines {
		when := []string{l.At.Format("Mon 2 Jan 2006 15:04"), nameOf(l.Row.SentBy)}
		if l.State != "waiting" {
			when = append(when, l.State)
		}
		if l.Row.Moved {
			when = append(when, "moved from "+l.Row.Planned.Format("2 Jan 15:04"))
		}
		var people []string
		for _, p := range l.Responders {
			people = append(people, p.Address+": "+p.State)
		}
		b.WriteByte('\n')
		name := []string{fmt.Sprintf("%d %s", l.N, l.Kind)}
		if l.Topic != string(l.Kind) {
			name = append(name, l.Topic)
		}
		tableRow(&b, [][]string{name, l.Content, when, people})
	}
	load := d.Load(rowsOfLines(lines))
	fmt.Fprintf(&b, "\nmails to one member: %s (%s to who only reads)\ntimes are those of %s\n", span(load.Least, load.Most),
		span(load.ReadingLeast, load.ReadingMost), d.Calendar.Location)
	return b.String()
}

func rowsOfLines(lines []Line) []Row {
	rows := make([]Row, len(lines))
	for i, l := range lines {
		rows[i] = l.Row
	}
	return rows
}

func span(least, most int) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

func nameOf(p Person) string {
	if p.Name == "" {
		return p.Address
	}
	return p.Name
}

// tableRow writes the cells of one row beside each other, each wrapped at the width of its column.
func tableRow(b *strings.Builder, cells [][]string) {
	var columns [][]string
	height := 0
	for i, cell := range cells {
		var wrapped []string
		for _, s := range cell {
			wrapped = append(wrapped, wrap(s, tableWidths[i])...)
		}
		columns = append(columns, wrapped)
		height = max(height, len(wrapped))
	}
	for n := range height {
		var line strings.Builder
		for i, column := range columns {
			s := ""
			if n < len(column) {
				s = column[n]
			}
			line.WriteString(s)
			if i < len(columns)-1 {
				line.WriteString(strings.Repeat(" ", max(0, tableWidths[i]-utf8.RuneCountInString(s))+2))
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// wrap breaks a text into lines of a width at most, between words where it can; zero is no width. What a terminal would take for a command is a space.
func wrap(s string, width int) (lines []string) {
	line, n := "", 0
	words := strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	for _, word := range words {
		size := utf8.RuneCountInString(word)
		if n > 0 && width > 0 && n+1+size > width {
			lines, line, n = append(lines, line), "", 0
		}
		for width > 0 && size > width {
			runes := []rune(word)
			lines, word, size = append(lines, string(runes[:width])), string(runes[width:]), size-width
		}
		if n > 0 {
			line, n = line+" ", n+1
		}
		line, n = line+word, n+size
	}
	if n > 0 {
		lines = append(lines, line)
	}
	return lines
}
