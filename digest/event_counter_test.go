package digest

import (
	"strings"
	"testing"

	"convene/list"
)

// What a calendar program would have otherwise is passed on from a member alone, in a mail that is proven to be theirs: nobody else has us send anything.
func TestEventCounterIsAMembers(t *testing.T) {
	pass, none := list.Authentication{DMARC: list.Pass}, list.Authentication{DMARC: list.None}
	for name, c := range map[string]struct {
		from, method string
		auth         list.Authentication
		fault        string
	}{
		"a stranger's":                       {"victim@elsewhere.example", "COUNTER", none, "Only members"},
		"a stranger's who is proven":         {"victim@elsewhere.example", "COUNTER", pass, "Only members"},
		"a stranger's who takes it back":     {"victim@elsewhere.example", "DECLINECOUNTER", none, "Only members"},
		"one in a member's name":             {member(2), "COUNTER", none, "Nothing shows"},
		"a member's is passed on":            {member(2), "COUNTER", pass, ""},
		"a stranger's who asks for it again": {"victim@elsewhere.example", "REFRESH", pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			before := len(s.mails("", ""))
			object := vevent(c.method, "UID:circle.peers@lists.example.org", "DTSTAMP:20260310T130000Z", "SEQUENCE:0", "DTSTART:20260324T130000Z", "SUMMARY:Later",
				"ORGANIZER:mailto:peers+events@lists.example.org", "ATTENDEE:mailto:"+c.from)
			raw := strings.Replace(string(objectMail("Somebody", c.from, eventsAddress, "c", c.method, object)), "Auto-Submitted: auto-generated\r\n", "", 1)
			_, err := s.handAs(c.from, eventsAddress, []byte(raw), c.auth)
			s.tick()
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Errorf("the fault is %v, want %q", err, c.fault)
			}
			if got, want := len(s.mails("", "")) > before, c.from == member(2) && c.fault == ""; got != want {
				t.Errorf("mails go out: %v\n%s", got, s.outline())
			}
		})
	}
}
