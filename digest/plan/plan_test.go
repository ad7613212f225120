package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list/event"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at is an instant as a clock of a place shows it.
func at(t testing.TB, loc *time.Location, s string) time.Time {
	t.Helper()
	when, err := ParseWhen(s)
	if err != nil {
		t.Fatal(err)
	}
	return when.From(Date{}, loc)
}

func texts(all ...string) (made []Texts) {
	for _, s := range all {
		made = append(made, Texts{"": s})
	}
	return made
}

// officeWeek is Monday to Friday, eight to six.
func officeWeek(loc *time.Location) Calendar {
	c := Calendar{Location: loc, From: 8 * 60, To: 18 * 60}
	for day := time.Monday; day <= time.Friday; day++ {
		c.Days[day] = true
	}
	return c
}

// sample is the discussion of the example: two weeks, three questions and a World Café.
func sample(t testing.TB) *Discussion {
	t.Helper()
	loc := zone(t, "Africa/Nairobi")
	return &Discussion{
		ID: "remote", List: "peers@lists.example.org", ListTitle: "Peer Learning",
		Title: Texts{"": "Facilitating at a distance"}, Start: date(t, "2026-03-02"), Weeks: 2,
		Facilitators: []Person{{Name: "Luis Prieto", Address: "luis@example.org"}, {Address: "noor@example.org"}},
		Hashtag:      "#remote",
		Questions:    texts("Think of a time when a quiet group began to talk.", "What worked?", "What will you try next?"),
		Ask:          "day -14 10:00",
		Midweek:      Lively{Cron: "0 12 * * WED", OnlyIfPosts: 10, OnlyIfPeople: 5},
		Weekly:       "0 11 * * FRI",
		Review:       6 * time.Hour, Spotlights: 3, Language: "en", Languages: []string{"en", "fr", "es"},
		Calendar: officeWeek(loc), EngineMailsPerDay: 1,
		Event: &event.Event{ID: "cafe-1", List: "peers@lists.example.org", Title: Texts{"": "World Café"}, Format: event.WorldCafe,
			Start: at(t, loc, "2026-03-17 15:00"), Length: 90 * time.Minute, RegisterBy: at(t, loc, "2026-03-16 18:00"),
			Reminders: []time.Duration{24 * time.Hour, time.Hour}},
	}
}

func rowsOf(t testing.TB, d *Discussion, ch Changes) []Row {
	t.Helper()
	rows, err := d.Rows(ch)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// lines writes rows one a line: number, key, time, questions and whatever else is said of them.
func lines(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d %s %s", r.N, r.Key, r.At.Format("Mon 2006-01-02 15:04"))
		for _, q := range r.Asks {
			fmt.Fprintf(&b, " q%d", q+1)
		}
		for _, f := range []struct {
			is   bool
			name string
		}{{r.MembersOwn, "members"}, {r.If, "if"}, {r.Fixed, "fixed"}, {r.Moved, "moved"}, {r.Skipped, "skipped"}} {
			if f.is {
				b.WriteString(" " + f.name)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got = strings.TrimSpace(got); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.TrimSpace(want))
	}
}

func never(string) bool { return false }
