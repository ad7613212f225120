package plan

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"convene/list/event"
)

var update = flag.Bool("update", false, "write testdata anew")

// shown is the sample with first responders, a message, a mail that was moved and one that is skipped.
func shown(t *testing.T) (*Discussion, Changes, []Line) {
	t.Helper()
	d := sample(t)
	d.Thanks, d.IntroductionDefault = ThanksBoth, true
	d.Responders = []Responders{{Question: 1, Members: []Responder{{Address: "dede@example.org"}, {Address: "tomas@example.org"}}}}
	d.Emails = []Email{{Kind: Message, Send: "day 3 09:00", Subject: Texts{"": "A short reading", "fr": "Une lecture"}, Body: Texts{"": "\n# Read this\n\nand that"}}}
	d.Questions[1] = Texts{"en": "What worked?", "fr": "Qu'est-ce qui a marché ?"}
	ch := Changes{
		Moved:   map[string]time.Time{"remote/closing/1": at(t, d.Calendar.Location, "2026-03-16 09:00")},
		Skipped: map[string]bool{"remote/midweek/2": true}, Added: []string{"And why?"},
	}
	return d, ch, d.Lines(rowsOf(t, d, ch), ch, Show{
		Topic: func(r Row) string {
			if r.Kind == Kickoff {
				return "Question 1: what made people answer? #remote"
			}
			return ""
		},
		State: func(r Row) string {
			if r.Kind == Announcement {
				return "sent"
			}
			return ""
		},
		Responder: func(_ Row, address string) string {
			if address == "dede@example.org" {
				return "yes"
			}
			return ""
		},
	}, "fr", "en")
}

func TestTable(t *testing.T) {
	d, _, lines := shown(t)
	got := d.Table(lines)
	const path = "testdata/table.txt"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%v: the table is\n%s", err, got)
	}
}

func TestWrap(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"one two three":           "one two|three",
		"unbreakablelonger x":     "unbreaka|blelonge|r x",
		"a unbreakablelonger":     "a|unbreaka|blelonge|r",
		"é\x1b[31mé \r\n\u202e ü": "é [31mé|ü",
	} {
		got := wrap(in, 8)
		if strings.Join(got, "|") != want {
			t.Errorf("%q is wrapped as %q, want %q", in, got, want)
		}
		for _, line := range got {
			if utf8.RuneCountInString(line) > 8 {
				t.Errorf("%q is too long", line)
			}
		}
	}
	if got := wrap("one two  three", 0); len(got) != 1 || got[0] != "one two three" {
		t.Errorf("without a width: %q", got)
	}
}

func TestLinesAsJSON(t *testing.T) {
	_, _, lines := shown(t)
	b, err := json.Marshal(lines[:3])
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(b), `[{"n":1,"kind":"announcement","topic":"announcement","at":"2026-02-23T09:00:00+03:00","sent_by":"Luis Prieto \u003cluis@example.org\u003e","state":"sent","first_responders":[],"content":["what starts, why, who facilitates; how to take part","World Café, Tue 17 Mar 2026 15:00"]},`+
		`{"n":2,"kind":"kickoff","topic":"Question 1: what made people answer? #remote","at":"2026-03-02T09:00:00+03:00","sent_by":"Luis Prieto \u003cluis@example.org\u003e","state":"waiting","first_responders":[{"address":"dede@example.org","state":"yes"},{"address":"tomas@example.org","state":"not asked"}],"content":["introduce yourself","1. Think of a time when a quiet group began to talk."]},`+
		`{"n":3,"kind":"message","topic":"Une lecture","at":"2026-03-04T09:00:00+03:00","sent_by":"Luis Prieto \u003cluis@example.org\u003e","state":"waiting","first_responders":[],"content":["# Read this"]}]`)
}

func TestCalendarFile(t *testing.T) {
	d, _, lines := shown(t)
	b := d.CalendarFile(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), lines, "en")
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	uids := map[string]bool{}
	for i, e := range cal.Events() {
		uid := e.Props.Get(ical.PropUID).Value
		if uids[uid] {
			t.Errorf("%s is there twice", uid)
		}
		uids[uid] = true
		if i < len(lines) {
			start, err := e.DateTimeStart(nil)
			cancelled := e.Props.Get(ical.PropStatus) != nil
			if err != nil || !start.Equal(lines[i].At) || cancelled != lines[i].Row.Skipped {
				t.Errorf("%s is at %s, cancelled %v (%v), want %s", uid, start, cancelled, err, lines[i].At)
			}
		}
	}
	if len(uids) != len(lines)+1 || !uids["cafe-1.peers@lists.example.org"] || !uids["remote.weekly.1@lists.example.org"] {
		t.Errorf("the calendar has %v", uids)
	}
}

func TestLoad(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Discussion)
		ch     Changes
		want   Load
	}{
		"the sample":              {func(*Discussion) {}, Changes{}, Load{11, 15, 8, 10}},
		"without personal thanks": {func(d *Discussion) { d.Thanks = ThanksSummary }, Changes{}, Load{11, 13, 8, 10}},
		"without an event":        {func(d *Discussion) { d.Event = nil }, Changes{}, Load{6, 10, 5, 7}},
		"a reminder soon after the closing is in it": {func(d *Discussion) {
			d.Event.Format, d.Event.Reminders = event.Meeting, []time.Duration{24 * time.Hour, time.Hour, 3 * 24 * time.Hour}
		}, Changes{}, Load{11, 15, 8, 10}},
		"without an announcement there is one mail less":   {func(*Discussion) {}, Changes{Skipped: map[string]bool{"remote/announcement/1": true}}, Load{10, 14, 7, 9}},
		"without a closing nobody says what they will try": {func(*Discussion) {}, Changes{Skipped: map[string]bool{"remote/closing/1": true}}, Load{9, 13, 7, 9}},
	} {
		d := sample(t)
		d.Thanks = ThanksBoth
		c.change(d)
		if got := d.Load(rowsOf(t, d, c.ch)); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
