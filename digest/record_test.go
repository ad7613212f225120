package digest

import (
	"strings"
	"testing"

	"convene/list"
)

// TestRecord: what a member did comes to them alone, and to nobody who is none.
func TestRecord(t *testing.T) {
	s := newStage(t, func(up *setUp) { up.Now = "2026-03-03 10:00" })
	s.tick()
	s.post(member(1), "My group #remote", "They began to talk when the tea came.", "")
	s.post(member(1), "Bread", "How do you bake it?", "")
	s.post(member(4), "Mine #remote", "Ours sang first.", "")
	err := s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
		a.course.Responders = map[string]*ResponderState{"remote/kickoff/1 " + member(1): {Said: "yes"}}
		a.course.Commitments = []Commitment{{Address: member(1), Text: "Serve tea first."}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.tick()
	record := func(from string) string {
		t.Helper()
		before := len(s.mails("", ""))
		if _, err := s.hand(from, "peers+record@lists.example.org", rawMail("", from, "", "Message-ID: <record."+s.id()+"@example.org>")); err != nil {
			t.Fatal(err)
		}
		s.tick()
		var text strings.Builder
		for _, m := range s.mails("", "")[before:] {
			if m.To != from {
				t.Errorf("a mail to %s: %s", m.To, m.Subject)
			}
			if strings.Contains(m.Subject, "record") || strings.Contains(m.Subject, "traces") {
				text.WriteString(m.text())
			}
		}
		return text.String()
	}
	text := record(member(1))
	saysAll(t, "the record", text, "It goes to you alone", "2 posts", "*Facilitating at a distance*, Monday 2 March – Friday 13 March 2026, 1 post of yours; you were one of those who answer first",
		`you said you would try: "Serve tea first."`, "World Café: what we learned, Tuesday 17 March 2026", "My group #remote", "Bread")
	if strings.Contains(text, "Mine #remote") {
		t.Errorf("it has the posts of others:\n%s", text)
	}
	saysAll(t, "the record of who facilitates", record(luis), "You have not written yet", "you facilitated it", "You are a facilitator of this list")
	saysAll(t, "the record of one who only reads, in French", record(member(2)), "Lire, c’est participer.")
	if text := record("eve@evil.example"); text != "" {
		t.Errorf("a stranger got\n%s", text)
	}
}
