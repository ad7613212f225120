package digest

import (
	"strings"
	"testing"

	"convene/list"
)

// The announcement and the closing bring the event as a file, in their language and under the name of the invitation, whatever a list does with files; other mails do not.
func TestEventFile(t *testing.T) {
	for _, kept := range []list.Attachments{list.KeepAttachments, list.StripAttachments, list.LibraryAttachments} {
		s := newStage(t, func(up *setUp) { up.List.Attachments = kept; up.Discussion.Event.Title["fr"] = "Café du monde" })
		s.advance("2026-03-14 12:00")
		for _, kind := range []string{"announcement", "closing"} {
			o := objectOf(t, s.last(member(2), kind))
			if e := o.Items[0].Event; e.UID != "cafe-1.peers@lists.example.org" || e.Title.In() != "Café du monde" || e.Organiser.Address != "peers+events@lists.example.org" || o.Method != "PUBLISH" {
				t.Errorf("with attachments %s the %s has %+v", kept, kind, e)
			}
		}
		if m := s.last(member(2), "kickoff"); strings.Contains(string(m.Raw), "text/calendar") {
			t.Error("the kick-off has a file")
		}
	}
}
