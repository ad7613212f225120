package letter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"convene/digest/plan"
)

// barData is a bar of a chart.
type barData struct {
	Label string
	N     int
}

// longestBar is the longest bar of a chart, in characters: it fits on a telephone beside its label and number.
const longestBar = 16

// days are the posts by day.
func (s *Synthesis) days() []DayCount {
	if len(s.Days) > 0 || s.Facts == nil {
		return s.Days
	}
	count := map[plan.Date]int{}
	for _, l := range s.Facts.Opening {
		at := l.At
		if zone := s.Discussion.Calendar.Location; zone != nil {
			at = at.In(zone)
		}
		count[plan.DateOf(at)]++
	}
	var days []DayCount
	for _, d := range slices.SortedFunc(maps.Keys(count), plan.Date.Compare) {
		days = append(days, DayCount{d, count[d]})
	}
	return days
}

// bars are the days as bars, with those between them on which nobody wrote.
func bars(days []DayCount, language string) (all []barData) {
	for i, d := range days {
		if i > 0 {
			for gap := days[i-1].Day.AddDays(1); gap.Compare(d.Day) < 0 && len(all) < maxPaper; gap = gap.AddDays(1) {
				all = append(all, barData{shortDay(language, gap), 0})
			}
		}
		all = append(all, barData{shortDay(language, d.Day), d.Posts})
	}
	return all
}

// shortDay is a day by its first letters and number.
func shortDay(language string, d plan.Date) string {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	c, ok := calendarOf(language)
	if !ok {
		return t.Format("01-02")
	}
	return fmt.Sprintf("%s %d", string([]rune(c.days[t.Weekday()])[:3]), d.Day)
}

// chart is bars as preformatted text, the longest of which is whole.
func chart(all []barData) markdown {
	longest, width := 1, 0
	for _, b := range all {
		longest, width = max(longest, b.N), max(width, utf8.RuneCountInString(b.Label))
	}
	var lines strings.Builder
	for _, b := range first(all, maxPaper) {
		label := oneLine(b.Label, 30)
		fmt.Fprintf(&lines, "    %s%s  %s %d\n", label, strings.Repeat(" ", max(min(width, 30)-utf8.RuneCountInString(label), 0)),
			strings.Repeat("█", (b.N*longestBar+longest-1)/longest), b.N)
	}
	return markdown("\n\n" + lines.String() + "\n")
}
