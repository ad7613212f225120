package digest

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"convene/list/event"
)

// A member invites the address of the events from Thunderbird, moves the event to another place and deletes it: these are the mails that it sent.
func TestThunderbirdInvitesTheList(t *testing.T) {
	s := newStage(t, func(up *setUp) {
		alone(up)
		up.Now = "2026-11-22 17:45"
	})
	step := func(name string) sentMail {
		t.Helper()
		raw, err := os.ReadFile("testdata/invited/thunderbird-" + name + ".eml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.hand(member(2), eventsAddress, bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s.tick()
		return s.last(member(2), "notice")
	}
	if m := step("new"); m.Subject != "Il attend un modérateur : Küche für alle" {
		t.Errorf("the event was answered %q", m.Subject)
	}
	draft := s.last(amina, "draft")
	if text := draft.flat(); !strings.Contains(text, "Thursday 3 December, 20:00 in Nairobi") || !strings.Contains(text, "every Thursday, 4 times") || !strings.Contains(text, "At Ann's") {
		t.Errorf("the draft reads\n%s", text)
	}
	s.say(draft, amina, "approve")
	first := objectOf(t, s.last(member(4), "invitation")).Items[0].Event
	if first.Where != "At Ann's" || first.Rule != "FREQ=WEEKLY;COUNT=4" || first.Start.Location().String() != "Europe/Berlin" || first.Title[""] != "Küche für alle" {
		t.Errorf("the invitation is %+v", first)
	}
	step("change")
	draft = s.last(amina, "draft")
	if text := draft.flat(); !strings.Contains(text, "At Bob's") {
		t.Errorf("the draft of the change reads\n%s", text)
	}
	s.say(draft, amina, "approve")
	if e := objectOf(t, s.last(member(4), "invitation")).Items[0].Event; e.Where != "At Bob's" || e.Sequence != 1 || e.UID != first.UID {
		t.Errorf("the change is %+v", e)
	}
	step("cancel")
	if o := objectOf(t, s.last(member(4), "invitation")); o.Method != event.Cancel || o.Items[0].Event.Sequence != 2 || o.Items[0].Event.UID != first.UID {
		t.Errorf("the end is %s %+v", o.Method, o.Items[0].Event)
	}
}
