package event

import (
	"strings"
	"testing"
	"time"
)

// object is a calendar object of these lines within its VCALENDAR.
func object(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

func TestAnswers(t *testing.T) {
	const vevent, end = "BEGIN:VEVENT", "END:VEVENT"
	for name, c := range map[string]struct {
		lines []string
		want  string // of the answers, or the fault
	}{
		"a yes": {[]string{"METHOD:REPLY", vevent, "UID:a", "SEQUENCE:2", "DTSTAMP:20260301T100000Z", "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Ng, Ann\":MAILTO:Ann@example.org", "COMMENT:I come\\, late", end},
			"a Ann@example.org Ng, Ann ACCEPTED 2 10:00 0001-01-01 I come, late"},
		"a no for one date, by somebody else": {[]string{"METHOD:reply", vevent, "UID:a", "DTSTAMP:20260301T100000Z", "RECURRENCE-ID;TZID=Europe/Paris:20260310T090000",
			`ATTENDEE;PARTSTAT=declined;SENT-BY="mailto:bob@example.org":mailto:ann@example.org`, end}, "a ann@example.org bob@example.org DECLINED 0 10:00 2026-03-10"},
		"two dates": {[]string{"METHOD:REPLY", vevent, "UID:a", "RECURRENCE-ID:20260310T090000Z", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.org", end,
			vevent, "UID:a", "RECURRENCE-ID:20260317T090000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org", end},
			"a ann@example.org TENTATIVE 0 00:00 2026-03-10 a ann@example.org ACCEPTED 0 00:00 2026-03-17"},
		"a yes to all, and a date that was moved, with no answer of its own": {[]string{"METHOD:REPLY", vevent, "UID:a", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.org", end,
			vevent, "UID:a", "RECURRENCE-ID:20260317T090000Z", "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ann@example.org", end}, "a ann@example.org ACCEPTED 0 00:00 0001-01-01"},
		"two guests":               {[]string{"METHOD:REPLY", vevent, "UID:a", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:d@b.c", end}, "an answer is from one person, and here are several"},
		"two guests for two dates": {[]string{"METHOD:REPLY", vevent, "UID:a", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c", end, vevent, "UID:b", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:d@b.c", end}, "an answer is from one person, and here are several"},
		"nobody":                   {[]string{"METHOD:REPLY", vevent, "UID:a", end}, "this calendar file answers no invitation"},
		"an invitation":            {[]string{"METHOD:REQUEST", vevent, "UID:a", "DTSTART:20260310T090000Z", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c", end}, "this calendar file answers no invitation"},
		"no UID":                   {[]string{"METHOD:REPLY", vevent, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.c", end}, "the invitation has no identifier (UID)"},
		"no answer yet":            {[]string{"METHOD:REPLY", vevent, "UID:a", "ATTENDEE:mailto:a@b.c", end}, `"NEEDS-ACTION" is neither yes, nor no, nor maybe`},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Read(object(c.lines...), time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			all, err := o.Answers()
			var got []string
			for _, a := range all {
				got = append(got, strings.Join(strings.Fields(strings.Join([]string{a.UID, a.Guest.Address, a.Guest.Name, a.Guest.SentBy, string(a.Guest.Status),
					string(rune('0' + a.Sequence)), a.Stamp.Format("15:04"), a.Of.Format(time.DateOnly), a.Comment}, " ")), " "))
			}
			if s := strings.Join(got, " "); err == nil && s != c.want || err != nil && err.Error() != c.want {
				t.Errorf("got %q (%v), want %q", s, err, c.want)
			}
		})
	}
}

func TestAnswersCompare(t *testing.T) {
	first, later := now, now.Add(time.Hour)
	for i, c := range []struct {
		a, b Answer
		want int
	}{
		{Answer{Sequence: 1, Stamp: first}, Answer{Sequence: 0, Stamp: later}, 1},
		{Answer{Sequence: 1, Stamp: first}, Answer{Sequence: 1, Stamp: later}, -1},
		{Answer{Sequence: 1, Stamp: first}, Answer{Sequence: 1, Stamp: first}, 0},
	} {
		if got := c.a.Compare(c.b); got != c.want || c.b.Compare(c.a) != -c.want {
			t.Errorf("case %d: %d, want %d", i, got, c.want)
		}
	}
}

func TestDateOf(t *testing.T) {
	paris := mustZone(t, "Europe/Paris")
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, paris) }
	e := &Event{Start: at(3, 9), Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=5", Except: []time.Time{at(10, 9)},
		Changed: []Instance{{Of: at(17, 9), Start: at(18, 11)}, {Of: at(24, 9), Cancelled: true}}}
	for _, c := range []struct {
		of, start time.Time
		ok        bool
	}{
		{at(3, 9), at(3, 9), true}, {at(3, 0), at(3, 9), true}, {at(3, 10), time.Time{}, false}, {at(10, 9), time.Time{}, false}, {at(17, 9).UTC(), at(18, 11), true},
		{at(24, 9), at(24, 9), false}, {at(31, 9), at(31, 9), true}, {at(38, 9), time.Time{}, false},
	} {
		if d, ok := e.DateOf(c.of); ok != c.ok || ok && !d.Start.Equal(c.start) {
			t.Errorf("%s: %v %v", c.of, d, ok)
		}
	}
}
