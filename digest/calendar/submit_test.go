package calendar

import (
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

func TestReadOrder(t *testing.T) {
	for line, want := range map[string]order{
		"cancel reading-circle":               {id: "reading-circle"},
		"Re: RE: Cancel “Reading-Circle”.":    {id: "reading-circle"},
		"annuler cercle-1 2026-04-07":         {id: "cercle-1", day: "2026-04-07"},
		"cancelar lunch.1, por favor":         {id: "lunch.1"},
		"cancel":                              {},
		"events":                              {},
		"Could you cancel lunch-1?":           {},
		"cancel the meeting of us all please": {},
	} {
		if got, ok := readOrder(line, cancelWords); got != want || ok != (want.id != "") {
			t.Errorf("%q is %+v, %t", line, got, ok)
		}
	}
}

// A mail and its object ask the same; a file takes nothing back.
func TestSameMethod(t *testing.T) {
	for _, c := range []struct {
		stated, object event.Method
		same           bool
	}{{"", "", true}, {"", "CANCEL", true}, {"REQUEST", "REQUEST", true}, {"REQUEST", "", true}, {"PUBLISH", "", true}, {"CANCEL", "", false}, {"REPLY", "", false}, {"REQUEST", "CANCEL", false},
		{"CANCEL", "REQUEST", false}} {
		if got := sameMethod(c.stated, c.object); got != c.same {
			t.Errorf("%q around %q: %t", c.stated, c.object, got)
		}
	}
}

func TestFaultOf(t *testing.T) {
	now := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	title := event.Texts{"": "Circle"}
	for name, c := range map[string]struct {
		e    event.Event
		want event.FaultKind
	}{
		"to come":                           {event.Event{Title: title, Start: now.Add(time.Hour)}, ""},
		"without a title":                   {event.Event{Title: event.Texts{"": " "}, Start: now.Add(time.Hour)}, event.NoTitle},
		"without a start":                   {event.Event{Title: title}, event.NoStart},
		"over":                              {event.Event{Title: title, Start: now.Add(-time.Hour)}, event.Over},
		"a series that has begun":           {event.Event{Title: title, Start: now.AddDate(-1, 0, 0), Rule: "FREQ=WEEKLY"}, ""},
		"a series that is over":             {event.Event{Title: title, Start: now.AddDate(-1, 0, 0), Rule: "FREQ=WEEKLY;COUNT=3"}, event.Over},
		"in six years":                      {event.Event{Title: title, Start: now.AddDate(6, 0, 0)}, event.FarAhead},
		"with a date in the year 9999":      {event.Event{Title: title, Start: now.Add(time.Hour), Extra: []time.Time{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}}, event.FarAhead},
		"that was cancelled, so that it is": {event.Event{Title: title, Start: now.Add(time.Hour), Cancelled: true}, event.Over},
	} {
		f := faultOf(&c.e, now)
		if got := f; got == nil && c.want != "" || got != nil && got.Kind != c.want {
			t.Errorf("%s: %v, want %q", name, got, c.want)
		}
	}
}

func TestVerbOf(t *testing.T) {
	for verb, want := range map[string]string{"": "approve", "approuver": "approve", "sí": "approve", "ok": "approve", "no": "reject", "non": "reject", "rechazar": "reject", "modifier": "edit",
		"perhaps": "", list.VerbUnread: ""} {
		if got := verbOf(list.Answer{Verb: verb}); got != want {
			t.Errorf("%q is %q, want %q", verb, got, want)
		}
	}
}

func TestWithoutToken(t *testing.T) {
	if got := withoutToken("peers+draft-ABCd@ and abcD", "abcd"); got != "peers+draft-xxxx@ and xxxx" {
		t.Error(got)
	}
	if got := withoutToken("as it is", ""); got != "as it is" {
		t.Error(got)
	}
}
