package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func mustShift(t *testing.T, s string) Shift {
	t.Helper()
	shift, err := ParseShift(s)
	if err != nil {
		t.Fatal(err)
	}
	return shift
}

func TestWindows(t *testing.T) {
	d := sample(t)
	d.Weeks, d.Event = 3, nil
	for name, c := range map[string]struct {
		ch   Changes
		want string
	}{
		"weekly and closing tile, a midweek looks at its week": {Changes{}, `
midweek/1 02 Mar 00:00 - 04 Mar 12:00
weekly/1 02 Mar 00:00 - 06 Mar 11:00
midweek/2 06 Mar 11:00 - 11 Mar 12:00
weekly/2 06 Mar 11:00 - 13 Mar 11:00
midweek/3 13 Mar 11:00 - 18 Mar 12:00
closing/1 13 Mar 11:00 - 20 Mar 11:00`},
		"what a skipped weekly would have had is in the next": {Changes{Skipped: map[string]bool{"remote/weekly/1": true}}, `
midweek/1 02 Mar 00:00 - 04 Mar 12:00
midweek/2 02 Mar 00:00 - 11 Mar 12:00
weekly/2 02 Mar 00:00 - 13 Mar 11:00
midweek/3 13 Mar 11:00 - 18 Mar 12:00
closing/1 13 Mar 11:00 - 20 Mar 11:00`},
	} {
		rows := rowsOf(t, d, c.ch)
		var b strings.Builder
		for _, r := range rows {
			if r.Kind.Summary() && !r.Skipped {
				from, until := d.Window(rows, r)
				fmt.Fprintf(&b, "%s %s - %s\n", strings.TrimPrefix(r.Key, "remote/"), from.Format("02 Jan 15:04"), until.Format("02 Jan 15:04"))
			}
		}
		t.Run(name, func(t *testing.T) { same(t, b.String(), c.want) })
	}
}

func TestCourse(t *testing.T) {
	d := sample(t)
	loc := d.Calendar.Location
	plain := rowsOf(t, d, Changes{})
	later, _, err := d.Postpone(Changes{}, mustShift(t, "+2d"), func(key string) bool { return key == "remote/announcement/1" })
	if err != nil {
		t.Fatal(err)
	}
	half, _, err := d.Postpone(Changes{}, mustShift(t, "+3d"), func(key string) bool { return strings.HasSuffix(key, "/1") && !strings.Contains(key, "closing") })
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rows         []Row
		begins, ends string
		weeks        map[string]int
	}{
		"as planned": {plain, "2026-03-02 00:00", "2026-03-13 11:00",
			map[string]int{"2026-03-01 23:59": 0, "2026-03-02 00:00": 1, "2026-03-08 23:59": 1, "2026-03-09 00:00": 2, "2026-03-15 23:59": 2, "2026-03-16 00:00": 0}},
		"postponed before it began": {rowsOf(t, d, later), "2026-03-04 00:00", "2026-03-15 11:00",
			map[string]int{"2026-03-03 23:59": 0, "2026-03-10 23:59": 1, "2026-03-11 00:00": 2, "2026-03-17 23:59": 2, "2026-03-18 00:00": 0}},
		"postponed in the middle": {rowsOf(t, d, half), "2026-03-02 00:00", "2026-03-16 11:00",
			map[string]int{"2026-03-02 00:00": 1, "2026-03-11 23:59": 1, "2026-03-12 00:00": 2, "2026-03-19 00:00": 0}},
		"without a closing": {rowsOf(t, d, Changes{Skipped: map[string]bool{"remote/closing/1": true}}), "2026-03-02 00:00", "2026-03-16 00:00", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := d.Begins(c.rows).Format(minuteText); got != c.begins {
				t.Errorf("it begins %s, want %s", got, c.begins)
			}
			if got := d.Ends(c.rows).Format(minuteText); got != c.ends {
				t.Errorf("it ends %s, want %s", got, c.ends)
			}
			for when, week := range c.weeks {
				if got := d.WeekOf(c.rows, at(t, loc, when)); got != week {
					t.Errorf("%s is in week %d, want %d", when, got, week)
				}
			}
		})
	}
}

const minuteText = "2006-01-02 15:04"

func TestRoundAndNext(t *testing.T) {
	d := sample(t)
	rows := rowsOf(t, d, Changes{Skipped: map[string]bool{"remote/midweek/1": true}})
	for _, r := range rows {
		asked, ok := Round(rows, r)
		want := map[string]string{"remote/announcement/1": "", "remote/kickoff/1": "", "remote/midweek/1": "remote/kickoff/1", "remote/weekly/1": "remote/kickoff/1",
			"remote/questions/2": "remote/kickoff/1"}[r.Key]
		if r.N > 5 {
			want = "remote/questions/2"
		}
		if asked.Key != want || ok != (want != "") {
			t.Errorf("%s answers to %q, want %q", r.Key, asked.Key, want)
		}
	}
	if next, ok := Next(rows, rows[1].At); !ok || next.Key != "remote/weekly/1" {
		t.Errorf("behind the kick-off comes %q", next.Key)
	}
	if next, ok := Next(rows, rows[8].At); ok {
		t.Errorf("behind the last comes %q", next.Key)
	}
}

func TestPostpone(t *testing.T) {
	for name, c := range map[string]struct {
		by, sent string // keys begin so
		want     string
		clashes  string
	}{
		"by two days moves what is left, and neither the event's rows nor what is out": {"+2d", "remote/announcement remote/kickoff", `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Fri 2026-03-06 12:00 if moved
4 remote/weekly/1 Sun 2026-03-08 11:00 moved
5 remote/questions/2 Wed 2026-03-11 09:00 q2 q3 moved
6 remote/midweek/2 Fri 2026-03-13 12:00 if moved
7 remote/closing/1 Sun 2026-03-15 11:00 moved
8 remote/event_content/1 Thu 2026-03-19 09:00 fixed
9 remote/event_summary/1 Tue 2026-03-24 09:00 fixed`, "remote/weekly/1 no_working_day, remote/closing/1 no_working_day"},
		"by a week collides with the event": {"+1w", "remote/announcement remote/kickoff remote/midweek/1 remote/weekly remote/questions remote/midweek/2", `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3
6 remote/midweek/2 Wed 2026-03-11 12:00 if
8 remote/event_content/1 Thu 2026-03-19 09:00 fixed
7 remote/closing/1 Fri 2026-03-20 11:00 moved
9 remote/event_summary/1 Tue 2026-03-24 09:00 fixed`, "remote/closing/1 after_event"},
		"to a weekday moves the next mail there, and the rest as far": {"tuesday", "remote/announcement", `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Tue 2026-03-03 09:00 q1 moved
3 remote/midweek/1 Thu 2026-03-05 12:00 if moved
4 remote/weekly/1 Sat 2026-03-07 11:00 moved
5 remote/questions/2 Tue 2026-03-10 09:00 q2 q3 moved
6 remote/midweek/2 Thu 2026-03-12 12:00 if moved
7 remote/closing/1 Sat 2026-03-14 11:00 moved
8 remote/event_content/1 Thu 2026-03-19 09:00 fixed
9 remote/event_summary/1 Tue 2026-03-24 09:00 fixed`, "remote/weekly/1 no_working_day, remote/closing/1 no_working_day"},
	} {
		t.Run(name, func(t *testing.T) {
			d := sample(t)
			before := Changes{Moved: map[string]time.Time{}}
			ch, clashes, err := d.Postpone(before, mustShift(t, c.by), func(key string) bool {
				for _, prefix := range strings.Fields(c.sent) {
					if strings.HasPrefix(key, prefix) {
						return true
					}
				}
				return false
			})
			if err != nil || len(before.Moved) != 0 {
				t.Fatalf("the changes before have %v moved, and the error is %v", before.Moved, err)
			}
			same(t, lines(rowsOf(t, d, ch)), c.want)
			var odd []string
			for _, x := range clashes {
				odd = append(odd, x.Row.Key+" "+string(x.What))
			}
			same(t, strings.Join(odd, ", "), c.clashes)
		})
	}
}

func TestPostponeTwiceAddsUpAcrossAClockChange(t *testing.T) {
	d := sample(t)
	d.Calendar.Location = zone(t, "Europe/Berlin")
	d.Start, d.Event = date(t, "2026-03-23"), nil
	ch := Changes{}
	for range 2 {
		var err error
		if ch, _, err = d.Postpone(ch, mustShift(t, "+1w"), never); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range rowsOf(t, d, ch) {
		plain := rowsOf(t, d, Changes{})[i]
		if r.Key != plain.Key || r.At.Format("Mon 15:04") != plain.At.Format("Mon 15:04") || DateOf(r.At).Sub(DateOf(plain.At)) != 14 || !r.Planned.Equal(plain.At) {
			t.Errorf("%s was %s and is %s", r.Key, plain.At, r.At)
		}
	}
	if _, _, err := d.Postpone(ch, mustShift(t, "+1w"), func(string) bool { return true }); err == nil {
		t.Error("a plan of which all is out was postponed")
	}
}

func TestPostponeToAWeekdayCountsFromTheNextMailThatGoesOut(t *testing.T) {
	d := sample(t)
	ch, _, err := d.Postpone(Changes{Skipped: map[string]bool{"remote/midweek/1": true}}, mustShift(t, "monday"), func(key string) bool {
		return key == "remote/announcement/1" || key == "remote/kickoff/1"
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := ch.Moved["remote/weekly/1"].Format("Mon 2006-01-02 15:04"); got != "Mon 2026-03-09 11:00" {
		t.Errorf("the weekly goes out %s", got)
	}
}

func TestClashesOfOrder(t *testing.T) {
	d := sample(t)
	loc := d.Calendar.Location
	for key, when := range map[string]string{
		"remote/announcement/1": "2026-03-03 09:00", "remote/weekly/1": "2026-03-16 11:00", "remote/questions/2": "2026-03-02 08:00", "remote/closing/1": "2026-02-27 11:00",
	} {
		rows := rowsOf(t, d, Changes{Moved: map[string]time.Time{key: at(t, loc, when)}})
		found := false
		for _, c := range d.Clashes(rows, nil) {
			found = found || c.Row.Key == key && c.What == OutOfOrder
		}
		if !found {
			t.Errorf("%s at %s is in order", key, when)
		}
	}
	early := rowsOf(t, d, Changes{Moved: map[string]time.Time{"remote/event_content/1": at(t, loc, "2026-03-17 15:30")}})
	if c := d.Clashes(early, nil); len(c) != 1 || c[0].What != BeforeEvent {
		t.Errorf("what is said of the event while it lasts clashes as %v", c)
	}
	if c := d.Clashes(rowsOf(t, d, Changes{}), nil); len(c) != 0 {
		t.Errorf("the sample clashes: %v", c)
	}
}
