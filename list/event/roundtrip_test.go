package event

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// What is written of an event is what is read of it, whatever the event.
func TestRoundTrip(t *testing.T) {
	zones := []*time.Location{time.UTC, fixed(-12600)}
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Jerusalem", "America/Santiago", "Asia/Kathmandu"} {
		zones = append(zones, mustZone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, drawEvent(t, zones)) })
}

func drawEvent(t *rapid.T, zones []*time.Location) *Event {
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	text := func(name string) string {
		return strings.TrimSpace(rapid.StringMatching(`[ -~éñ漢\n;,\\]{0,120}`).Draw(t, name))
	}
	one := func(name string) string { return strings.Join(strings.Fields(text(name)), " ") }
	e := &Event{UID: rapid.StringMatching(`[a-z0-9]{1,90}@x`).Draw(t, "uid"), List: "a@x.org", Title: plain(one("title")), About: plain(text("about")), Where: one("where"), Format: Meeting,
		Organiser: Person{Address: "a+events@x.org"}, Sequence: rapid.IntRange(0, 9).Draw(t, "sequence"), Floating: rapid.Bool().Draw(t, "floating")}
	wall := time.Date(2026, 1, rapid.IntRange(1, 400).Draw(t, "day"), rapid.IntRange(3, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC)
	e.Length = time.Duration(rapid.IntRange(1, 3000).Draw(t, "length")) * time.Minute
	if e.AllDay = !e.Floating && rapid.Bool().Draw(t, "days"); e.AllDay {
		wall, e.Length = midnight(wall), time.Duration(rapid.IntRange(1, 5).Draw(t, "many"))*24*time.Hour
	}
	e.Start = atWall(wall, zone)
	e.Rule = rapid.SampledFrom([]string{"", "FREQ=DAILY", "FREQ=WEEKLY;COUNT=12", "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271231;BYDAY=MO,WE;WKST=SU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;COUNT=3;BYMONTHDAY=31"}).Draw(t, "rule")
	day := func(n int) time.Time { return atWall(wall.AddDate(0, 0, n), zone) }
	if e.Rule == "" {
		return e
	}
	r, _ := readRule(e.Rule)
	e.Rule = r.fit(e).String()
	for i := range rapid.IntRange(0, 3).Draw(t, "dates") {
		e.Except, e.Extra = append(e.Except, day(7*i+7)), append(e.Extra, day(7*i+3))
		x := Instance{Of: day(7*i + 70), Title: Texts{"": fmt.Sprint("changed ", i)}}
		if rapid.Bool().Draw(t, "moved") {
			x.Start, x.Length = day(7*i+71), e.Length+24*time.Hour
		}
		e.Changed = append(e.Changed, x)
	}
	return e
}

func checkRoundTrip(t *rapid.T, e *Event) {
	b := e.Calendar(now)
	o, err := Read(b, e.Start.Location())
	if err != nil || len(o.Items) != 1 {
		t.Fatalf("%v in\n%s", err, b)
	}
	want := *e
	want.List = ""
	instant := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && wallOf(a).Equal(wallOf(b)) })
	if d := cmp.Diff(&want, o.Items[0].Event, instant, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s\n%s", d, b)
	}
	if len(o.Items[0].Doubts) > 0 {
		t.Fatalf("%v in\n%s", o.Items[0].Doubts, b)
	}
	mine, _ := e.Dates(e.Start, time.Time{}, 200)
	read, _ := o.Items[0].Event.Dates(e.Start, time.Time{}, 200)
	if d := cmp.Diff(mine, read, instant, cmpopts.IgnoreFields(Date{}, "Change")); d != "" {
		t.Fatalf("%s\n%s", d, b)
	}
}
