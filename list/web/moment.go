package web

import "time"

// momentView is a moment as it is shown in words, and as a program reads it.
type momentView struct {
	Shown, Stamp string
	Day, Year    int // Day is zero where Shown says it all
	Month        time.Month
	Clock        string // empty: the day alone counts
}

// moment is a day and its clock.
func moment(t time.Time) momentView {
	m := dayOf(t)
	m.Shown, m.Stamp, m.Clock = t.Format("2006-01-02 15:04"), t.Format(time.RFC3339), t.Format("15:04")
	return m
}

// dayOf is a day.
func dayOf(t time.Time) momentView {
	stamp := t.Format(time.DateOnly)
	return momentView{Shown: stamp, Stamp: stamp, Day: t.Day(), Month: t.Month(), Year: t.Year()}
}
