package event

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
	"github.com/google/go-cmp/cmp"
)

// calendarOf is the first calendar object in a mail, by its type alone (RFC 6047 §2.6); nil: there is none.
func calendarOf(b []byte) []byte {
	m, err := message.Read(bytes.NewReader(b))
	if err != nil && !message.IsUnknownCharset(err) {
		return nil
	}
	var found []byte
	m.Walk(func(_ []int, part *message.Entity, err error) error {
		if part == nil {
			return err
		}
		if kind, _, _ := part.Header.ContentType(); kind == "text/calendar" && found == nil {
			found, _ = io.ReadAll(part.Body)
		}
		return nil
	})
	return found
}

// told is an event in a line: when it is by itself, and on which dates it is otherwise.
func told(e *Event) string {
	s := fmt.Sprintf("%s %s", e.Title.In(), e.Start.Format("2006-01-02 15:04 MST"))
	if e.Rule != "" {
		s += " " + e.Rule
	}
	if e.Cancelled {
		s += " cancelled"
	}
	for _, c := range e.Changed {
		d := e.date(c.Of, &c)
		s += fmt.Sprintf("; of %s: %s", c.Of.Format("01-02 15:04"), d.Start.Format("01-02 15:04"))
		if c.Title != nil || c.Where != "" {
			s += fmt.Sprintf(" %s %s", c.Title.In(), c.Where)
		}
		if c.Cancelled {
			s += " cancelled"
		}
	}
	for _, t := range e.Except {
		s += t.Format("; not 01-02 15:04")
	}
	return s
}

// follow reads calendar objects one after the other, as who keeps the event would, and says what became of it.
func follow(t *testing.T, objects [][]byte) string {
	var e *Event
	var said []string
	for _, b := range objects {
		o, err := Read(b, time.UTC)
		var f *Fault
		if errors.As(err, &f) {
			return f.Error()
		} else if err != nil {
			t.Fatal(err)
		}
		i := &o.Items[0]
		if o.Method == Reply {
			answers, err := o.Answers()
			if err != nil {
				return err.Error()
			}
			for _, a := range answers {
				s := string(a.Guest.Status) + " " + a.Guest.Address
				if e == nil {
					s += " for what is not known"
				} else if d, ok := e.DateOf(a.Of); ok {
					s += d.Start.Format(" for 2006-01-02 15:04 MST")
				} else if !a.Of.IsZero() {
					s += " for no date"
				}
				said = append(said, s)
			}
			continue
		}
		if e == nil {
			if o.Method == Cancel {
				said = append(said, "nothing to cancel")
				continue
			}
			e = i.Event
			continue
		}
		taken := false
		if e, taken = e.Take(o.Method, i); !taken {
			said = append(said, "nothing new")
		}
	}
	if e == nil {
		return strings.Join(said, ", ")
	}
	return strings.Join(append([]string{told(e)}, said...), ", ")
}

// What becomes of Cyrus's mails.
func TestCyrusIMIP(t *testing.T) {
	dir := corpus + "/cyrusimap+cyrus-imapd/imip/"
	b, err := os.ReadFile(dir + "index.jsonl")
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	var table []string
	for line := range bytes.Lines(b) {
		var c struct {
			Case  string
			Parts []string
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		var objects [][]byte
		for _, part := range c.Parts {
			b, err := os.ReadFile(dir + part)
			if err != nil {
				break
			}
			if strings.HasSuffix(part, ".eml") {
				b = calendarOf(b)
			}
			objects = append(objects, b)
		}
		if len(objects) < len(c.Parts) {
			table = append(table, c.Case+": not followed, since not all of its mails are in the corpus")
			continue
		}
		table = append(table, c.Case+": "+follow(t, objects))
	}
	golden(t, "cyrus", table)
}

// golden compares a table with that in testdata, and prints it.
func golden(t *testing.T, name string, table []string) {
	t.Helper()
	got, path := strings.Join(table, "\n")+"\n", "testdata/"+name+".txt"
	t.Log("\n" + got)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Error(d)
	}
}

var update = flag.Bool("update", false, "write the tables in testdata anew")

// started is a calendar of sabre's with the start that it leaves out where it does not matter there.
func started(s string) string {
	if strings.Contains(s, "DTSTART") || strings.Contains(s, "METHOD:CANCEL") || strings.Contains(s, "METHOD:REPLY") {
		return s
	}
	return strings.ReplaceAll(s, "UID:", "DTSTART:20140716T120000Z\nUID:")
}

// What becomes of sabre's messages and calendars.
func TestSabreITIP(t *testing.T) {
	f, err := os.Open(corpus + "/sabre-io+vobject/itip-cases.jsonl")
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	defer f.Close()
	var table []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c struct {
			Case     string
			Before   string                     `json:"calendar_before"`
			Incoming string                     `json:"incoming_itip"`
			Messages []struct{ Message string } `json:"expected_messages"`
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		var got []string
		c.Before, c.Incoming = started(c.Before), started(c.Incoming)
		if c.Incoming != "" {
			objects := [][]byte{[]byte(c.Incoming)}
			if c.Before != "" {
				objects = [][]byte{[]byte(c.Before), []byte(c.Incoming)}
			}
			got = append(got, follow(t, objects))
		}
		for _, m := range c.Messages {
			if m.Message == "" {
				continue
			}
			objects := [][]byte{[]byte(m.Message)}
			if c.Before != "" {
				objects = [][]byte{[]byte(c.Before), []byte(m.Message)}
			}
			got = append(got, follow(t, objects))
		}
		if len(got) == 0 {
			got = []string{"not followed, since it has no message"}
		}
		table = append(table, c.Case+": "+strings.Join(got, " | "))
	}
	golden(t, "sabre", table)
}
