package digest

import (
	"encoding/base64"
	"strings"
	"testing"
)

// Who means to add an event in a way that is not taken is told so, and what to do; who has none in their mail gets what is to come.
func TestEventNotTaken(t *testing.T) {
	object := vevent("REQUEST", "UID:z@z.example", "DTSTAMP:20260210T030000Z", "SEQUENCE:0", "DTSTART:20260226T100000Z", "DTEND:20260226T110000Z", "SUMMARY:A call", "ORGANIZER:mailto:no-reply@z.example")
	file := func(header string) string {
		return "--m\r\n" + header + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(object)) + "\r\n--m--\r\n"
	}
	mixed := func(header string) string {
		return "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nPlease share.\r\n" + file(header)
	}
	plain := func(text string) string {
		return "Content-Type: text/plain\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n")
	}
	const (
		none      = "Events to come"
		marked    = "was not taken as an invitation, since your mail program does not mark it as one (text/calendar)"
		forwarded = "an invitation within a mail that is forwarded is not taken"
		quoted    = "the lines of an event stand in what you forward or quote"
	)
	for name, c := range map[string]struct{ body, want string }{
		"a file as any other":          {mixed("Content-Type: application/octet-stream; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics"), `"invite.ics" ` + marked},
		"a file as a text":             {mixed("Content-Type: text/plain; name=x.ics\r\nContent-Disposition: attachment; filename=x.ICS"), `"x.ICS" ` + marked},
		"a file of an older form":      {mixed("Content-Type: text/x-vcalendar"), `"text/x-vcalendar" ` + marked},
		"an invitation as it is to be": {mixed("Content-Type: text/calendar; name=invite.ics"), "Thank you. A moderator looks at it"},
		"another file":                 {mixed("Content-Type: application/pdf; name=invite.pdf"), none},
		"an invitation that is forwarded": {"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nFYI\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" +
			"From: A <a@z.example>\r\nSubject: A call\r\nMIME-Version: 1.0\r\n" + mixed("Content-Type: text/calendar; method=REQUEST") + "\r\n--o--\r\n", forwarded},
		"lines that are quoted":       {plain("> Title: Circle\n> When: 2026-02-20 15:00\n"), quoted},
		"lines that are forwarded":    {plain("Please announce\n\n---------- Forwarded message ---------\nFrom: X <x@example.org>\nDate: Tue\nSubject: y\nTo: z\n\nTitle: Circle\nWhen: 2026-02-20 15:00\n"), quoted},
		"our own example, in a reply": {"In-Reply-To: <events.1@lists.example.org>\r\n" + plain("What is on?\n\n> Title: Reading circle\n> When: 2026-02-20 15:00\n"), none},
		"a word":                      {plain("What is on?"), none},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, alone)
			raw := "From: Dede <" + member(1) + ">\r\nTo: " + eventsAddress + "\r\nSubject: A call\r\nMessage-ID: <t1@example.org>\r\nMIME-Version: 1.0\r\n" + c.body
			if _, err := s.hand(member(1), eventsAddress, []byte(raw)); err != nil {
				t.Fatal(err)
			}
			s.tick()
			m := s.last(member(1), "notice")
			said := m.Subject + " " + m.flat()
			if !strings.Contains(said, c.want) {
				t.Errorf("they read %q:\n%s", m.Subject, m.text())
			}
			if refused := c.want != none && !strings.HasPrefix(c.want, "Thank"); refused && (!strings.Contains(said, "Nothing was added to the calendar") || len(s.mails(amina, "draft")) > 0) {
				t.Errorf("something was taken:\n%s", m.text())
			}
		})
	}
}
