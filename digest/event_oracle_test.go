package digest

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"testing"
	"time"

	"convene/list/event"

	"github.com/google/go-cmp/cmp"
)

// invited is what Python reads in an invitation.
type invited struct {
	Kinds, Defects []string
	Last           string // of the forms of the text
	Param, Method  string
	Charset, File  string
	Same           bool // the part and the file are the same octets
	Long, Bare     int  // the longest line, and ends of lines that are no CRLF
	Events         []invitedTo
}

type invitedTo struct {
	UID, Stamp, Start, End, Of, Organiser, Status string
	Sequence                                      int
	Guests, Dates                                 []string
}

// inPython is what Python's email, icalendar and vobject read in mails. They are looked for in the system's own Python too.
func inPython(t *testing.T, mails ...sentMail) (all []invited) {
	t.Helper()
	var raw [][]byte
	for _, m := range mails {
		raw = append(raw, m.Raw)
	}
	in, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(program, "-c", "import icalendar, vobject").Run() != nil {
			continue
		}
		cmd := exec.Command(program, "-W", "ignore", "testdata/invited.py")
		var said bytes.Buffer
		cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, said.Bytes())
		}
		if err := json.Unmarshal(out, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	t.Skip("no Python here has icalendar and vobject")
	return nil
}

// walk is a weekly walk at three in a zone where the clocks change, over the change; the third of its dates is two hours later.
func walk(id, zone string, year int, month time.Month, day int) *event.Event {
	z, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	at := time.Date(year, month, day, 15, 0, 0, 0, z)
	third := at.AddDate(0, 0, 14)
	return &event.Event{ID: id, List: stageList, Title: event.Texts{"": "A walk; with \"you\", and 日本語 in a title that is so long that it has to be folded"}, Format: event.Meeting, Where: "At the well",
		Start: at, Length: 90 * time.Minute, Invite: 40 * 24 * time.Hour, Rule: "FREQ=WEEKLY;COUNT=5",
		Changed: []event.Instance{{Of: third, Start: third.Add(2 * time.Hour), Length: time.Hour}}}
}

// What goes out of an event from the invitation to its end is the same for Python: one guest, a stable UID, a sequence that rises, dates that are right on both sides of a
// change of the clocks, and an attached file that is the part octet by octet.
func TestEventsInPython(t *testing.T) {
	var events []*event.Event
	s := newStage(t, func(up *setUp) {
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(200)
		events = []*event.Event{circle(up), walk("berlin", "Europe/Berlin", 2026, time.March, 17), walk("york", "America/New_York", 2026, time.February, 26)}
		up.Programme.Events = slices.Clone(events)
	})
	round := func(at string) []sentMail {
		before := len(s.mails(member(2), "invitation"))
		s.advance(at)
		return s.mails(member(2), "invitation")[before:]
	}
	change := func(i int, f func(*event.Event)) {
		e := *events[i]
		f(&e)
		events[i] = &e
		p := *s.editor.programme.Load()
		p.Events = slices.Clone(events)
		s.editor.Configure(&p)
	}
	first := round("2026-03-10 15:01")
	s.say(s.last(member(2), "invitation"), member(2), "oui")
	change(0, func(e *event.Event) { e.Start = e.Start.AddDate(0, 0, 7) })
	change(1, func(e *event.Event) {
		e.Changed = append(slices.Clone(e.Changed), event.Instance{Of: e.Start.AddDate(0, 0, 21), Cancelled: true})
	})
	second := round("2026-03-11 10:00")
	change(0, func(e *event.Event) { e.Cancelled = true })
	change(1, func(e *event.Event) { e.Cancelled = true })
	third := round("2026-03-12 10:00")
	if len(first) != 3 || len(second) != 2 || len(third) != 2 {
		t.Fatalf("%d, %d and %d mails went out:\n%s", len(first), len(second), len(third), s.outline())
	}

	const berlin, york, organiser, guest = "berlin.peers@lists.example.org", "york.peers@lists.example.org", "mailto:peers+events@lists.example.org", "mailto:member2@example.org"
	berlinDates := []string{"2026-03-17T14:00:00Z", "2026-03-24T14:00:00Z", "2026-03-31T13:00:00Z", "2026-04-07T13:00:00Z", "2026-04-14T13:00:00Z"} // from the 29th it is summer
	yorkDates := []string{"2026-02-26T20:00:00Z", "2026-03-05T20:00:00Z", "2026-03-12T19:00:00Z", "2026-03-19T19:00:00Z", "2026-03-26T19:00:00Z"}   // from the 8th
	one := func(m sentMail, uid string, sequence int, status, start, end, of, answer string, dates []string) invitedTo {
		return invitedTo{uid, m.At.UTC().Format(time.RFC3339), start, end, of, organiser, status, sequence, []string{guest + " " + answer}, append([]string{}, dates...)}
	}
	all := append(append(slices.Clone(first), second...), third...)
	byUID := map[string]func(m sentMail) [][]invitedTo{
		"circle.peers@lists.example.org": func(m sentMail) [][]invitedTo {
			const uid = "circle.peers@lists.example.org"
			return [][]invitedTo{
				{one(m, uid, 0, "CONFIRMED", "2026-03-24T12:00:00Z", "2026-03-24T13:00:00Z", "", "NEEDS-ACTION", nil)},
				{one(m, uid, 1, "CONFIRMED", "2026-03-31T12:00:00Z", "2026-03-31T13:00:00Z", "", "ACCEPTED", nil)},
				{one(m, uid, 2, "CANCELLED", "2026-03-31T12:00:00Z", "2026-03-31T13:00:00Z", "", "", nil)},
			}
		},
		berlin: func(m sentMail) [][]invitedTo {
			moved := one(m, berlin, 0, "CONFIRMED", "2026-03-31T15:00:00Z", "2026-03-31T16:00:00Z", berlinDates[2], "NEEDS-ACTION", nil)
			return [][]invitedTo{
				{one(m, berlin, 0, "CONFIRMED", berlinDates[0], "2026-03-17T15:30:00Z", "", "NEEDS-ACTION", berlinDates), moved},
				{one(m, berlin, 1, "CANCELLED", berlinDates[3], "2026-04-07T14:30:00Z", berlinDates[3], "", nil)},
				{one(m, berlin, 2, "CANCELLED", berlinDates[0], "2026-03-17T15:30:00Z", "", "", slices.Delete(slices.Clone(berlinDates), 3, 4))},
			}
		},
		york: func(m sentMail) [][]invitedTo {
			return [][]invitedTo{{one(m, york, 0, "CONFIRMED", yorkDates[0], "2026-02-26T21:30:00Z", "", "NEEDS-ACTION", yorkDates),
				one(m, york, 0, "CONFIRMED", "2026-03-12T21:00:00Z", "2026-03-12T22:00:00Z", yorkDates[2], "NEEDS-ACTION", nil)}}
		},
	}
	seen := map[string]int{}
	for i, got := range inPython(t, all...) {
		m := all[i]
		method := map[bool]string{true: "CANCEL", false: "REQUEST"}[i >= len(first)+len(second) || i >= len(first) && got.Events[0].UID == berlin]
		if got.Param != method || got.Method != method || got.Charset != "utf-8" || got.Last != "text/calendar" || !got.Same || got.File == "" || len(got.Defects) > 0 || got.Bare > 0 || got.Long > 75 {
			t.Errorf("%q is %+v", m.Subject, got)
		}
		if d := cmp.Diff([]string{"text/plain", "text/html", "text/calendar", "application/ics"}, got.Kinds); d != "" {
			t.Errorf("%q: %s", m.Subject, d)
		}
		uid := got.Events[0].UID
		if d := cmp.Diff(byUID[uid](m)[seen[uid]], got.Events); d != "" {
			t.Errorf("%q, %s for the %d. time: %s", m.Subject, uid, seen[uid]+1, d)
		}
		seen[uid]++
	}
}
