package digest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// calendarCorpus are the files of other projects, as calendar programs write them and as nobody should.
const calendarCorpus = "../../shared/corpora/calendar"

// calendarFile is one of them.
type calendarFile struct {
	path, object string
	method       string
	start        time.Time // of its first event; zero: it has none that can be read
}

// calendarFiles are all of them, by when their events are.
func calendarFiles(t *testing.T) (all []calendarFile) {
	t.Helper()
	if _, err := os.Stat(calendarCorpus); err != nil {
		t.Skip("the corpus is not there:", err)
	}
	err := filepath.WalkDir(calendarCorpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".ics" && filepath.Ext(path) != ".eml" {
			return err
		}
		raw, err := os.ReadFile(path)
		f := calendarFile{path: path, object: string(raw)}
		if filepath.Ext(path) == ".eml" {
			f.object = ""
			for _, p := range message.Parse(raw).Parts() {
				if p.Media == "text/calendar" {
					f.object = p.Markup(1 << 20)
				}
			}
		}
		if o, err := event.Read([]byte(f.object), time.UTC); err == nil {
			f.method, f.start = string(o.Method), o.Items[0].Event.Start
		}
		all = append(all, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b calendarFile) int { return a.start.Compare(b.start) })
	return all
}

// Every file of the corpus, mailed by a member as an invitation a week before its event, is an event that waits or is answered; what comes of it when it is approved can
// be read.
func TestCalendarCorpus(t *testing.T) {
	files := calendarFiles(t)
	s := newStage(t, func(up *setUp) { alone(up); up.Discussion.Start.Year, up.Now, up.Members = 2199, "1980-01-01 09:00", 2 })
	outcomes := map[string]int{}
	for i, f := range files {
		if at := f.start.AddDate(0, 0, -7); at.After(s.time()) && at.Year() < 2100 {
			s.set(at)
		}
		before := len(s.mails(amina, "draft"))
		outcomes[s.submitFile(f, fmt.Sprintf("file%d", i))]++
		for n, draft := range s.mails(amina, "draft")[before:] { // of a file with many events the first is enough
			verb := "approve"
			if n > 0 {
				verb = "reject"
			}
			if _, err := s.answer(draft, amina, verb); err != nil {
				t.Fatal(err)
			}
		}
		s.tick()
	}
	t.Logf("%d files: %v", len(files), outcomes)
	if len(files) < 200 || outcomes["waits"] < 80 || outcomes["unreadable"] < 10 {
		t.Errorf("%d files became %v", len(files), outcomes)
	}
	all := s.mails(member(1), "invitation")
	if len(all) < 60 {
		t.Errorf("of %d events that were approved members were invited to %d", outcomes["waits"], len(all))
	}
	for _, m := range all {
		if o := objectOf(t, m); o.Items[0].GuestCount != 1 {
			t.Errorf("%q names %d guests", m.Subject, o.Items[0].GuestCount)
		}
	}
}

// submitFile mails a file of the corpus, and says what became of it.
func (s *stage) submitFile(f calendarFile, id string) string {
	s.t.Helper()
	before := len(s.mails("", "notice"))
	_, err := s.hand(member(1), eventsAddress, objectMail("Dede", member(1), eventsAddress, id, f.method, f.object))
	if refusal, ok := errors.AsType[*list.Refusal](err); ok {
		return "refused: " + refusal.Text
	} else if err != nil {
		s.t.Errorf("%s: %v", f.path, err)
		return "failed"
	}
	s.tick()
	told := s.mails("", "notice")[before:]
	switch {
	case len(told) == 0 && (f.method == "REPLY" || f.method == "REFRESH"):
		return "no guest"
	case len(told) == 0:
		s.t.Errorf("%s was answered by nothing", f.path)
		return "nothing"
	case strings.HasPrefix(told[0].Subject, "It waits"):
		return "waits"
	case strings.HasPrefix(told[0].Subject, "Your event"):
		return "unreadable"
	}
	subject, _, _ := strings.Cut(told[0].Subject, ":")
	return subject
}

// What should never come is answered all the same.
func TestCalendarOdd(t *testing.T) {
	s := newStage(t, alone)
	many := []string{"UID:many@example.org", "DTSTAMP:20260210T040000Z", "DTSTART:20260223T120000Z", "SUMMARY:Many", "ORGANIZER:mailto:" + member(1)}
	for i := range 10_000 {
		many = append(many, fmt.Sprintf("ATTENDEE;CN=Guest %d;PARTSTAT=NEEDS-ACTION:mailto:g%d@example.com", i, i))
	}
	base := []string{"UID:odd@example.org", "DTSTAMP:20260210T040000Z", "SUMMARY:Odd"}
	with := func(lines ...string) string {
		return vevent("REQUEST", append(base[:len(base):len(base)], lines...)...)
	}
	for name, c := range map[string]struct{ method, object, subject, text string }{
		"10,000 guests":                        {"REQUEST", vevent("REQUEST", many...), "It waits for a moderator: Many", ""},
		"the year 9999":                        {"REQUEST", with("DTSTART:99991231T230000Z"), "Your event: please look at this again", "more than five years ahead"},
		"a date of the year 9999 taken off":    {"REQUEST", with("DTSTART:20260223T120000Z", "RRULE:FREQ=WEEKLY", "EXDATE:99991231T230000Z"), "Your event: please look at this again", "more than five years ahead"},
		"no start":                             {"REQUEST", with(), "Your event: please look at this again", "no start time"},
		"every second":                         {"REQUEST", with("DTSTART:20260223T120000Z", "RRULE:FREQ=SECONDLY"), "Your event: please look at this again", "more than once a day"},
		"the mail asks what the object is not": {"CANCEL", with("DTSTART:20260223T120000Z"), "Your event: please look at this again", "different things: CANCEL, REQUEST"},
		"no calendar at all":                   {"REQUEST", "Hello", "Your event: please look at this again", "not a calendar file"},
		"it is over":                           {"REQUEST", with("DTSTART:20250223T120000Z"), "Your event: please look at this again", "the event is over"},
		"nothing to take back":                 {"CANCEL", vevent("CANCEL", "UID:none@example.org", "DTSTAMP:20260210T040000Z"), "There is no such event", "nothing to cancel"},
		"a day of which nobody knows the zone": {"REQUEST", with("DTSTART;TZID=Mars/Olympus:20260223T120000"), "It waits for a moderator: Odd", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.object(member(1), eventsAddress, c.method, c.object); err != nil {
				t.Fatal(err)
			}
			if m := s.last(member(1), "notice"); m.Subject != c.subject || !strings.Contains(m.flat(), c.text) {
				t.Errorf("it is answered %q\n%s", m.Subject, m.flat())
			}
		})
	}
	if got := s.mails(amina, "draft"); len(got) != 2 || !strings.Contains(got[0].flat()+got[1].flat(), "Nobody knows the time zone “Mars/Olympus”") {
		t.Errorf("the moderator was asked %d times, or does not hear of the zone", len(got))
	}
	// A file is known by its type and by nothing else (RFC 6047 §2.6): nothing of it is taken, and its sender hears so.
	before := len(s.mails(amina, "draft"))
	raw := "From: Dede <" + member(1) + ">\r\nTo: " + eventsAddress + "\r\nSubject: x\r\nMessage-ID: <plain@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; name=x.ics\r\n\r\n" + with("DTSTART:20260301T120000Z")
	if _, err := s.hand(member(1), eventsAddress, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	s.tick()
	if m := s.last(member(1), "notice"); len(s.mails(amina, "draft")) != before || !strings.Contains(m.flat(), "does not mark it as one (text/calendar)") {
		t.Errorf("a text with the name of a calendar file was answered %q", m.Subject)
	}
	// Eleven events in one mail are more than anybody looks at.
	var parts []string
	for i := range 11 {
		parts = append(parts, strings.Join([]string{"BEGIN:VEVENT", fmt.Sprintf("UID:e%d@example.org", i), "DTSTAMP:20260210T040000Z", "DTSTART:20260223T120000Z", fmt.Sprintf("SUMMARY:Event %d", i), "END:VEVENT"}, "\r\n"))
	}
	before = len(s.mails(amina, "draft"))
	if _, err := s.object(member(1), eventsAddress, "PUBLISH", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\n"+strings.Join(parts, "\r\n")+"\r\nEND:VCALENDAR\r\n"); err != nil {
		t.Fatal(err)
	}
	if got := len(s.mails(amina, "draft")) - before; got != 10 {
		t.Errorf("%d of eleven events wait", got)
	}
}
