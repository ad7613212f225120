package digest

import (
	"testing"

	"convene/list"
)

// Nobody is invited again to what does not take place, whoever says yes to it in their name.
func TestEventCancelledIsNotInvitedToAgain(t *testing.T) {
	s := answering(t)
	if _, err := s.mail(amina, eventsAddress, "cancel circle", "cancel circle"); err != nil {
		t.Fatal(err)
	}
	s.tick()
	before := len(s.mails(member(1), ""))
	raw := rawMail("Dede Mensah", member(1), "yes circle", "To: "+eventsAddress, "Subject: yes circle", "Message-ID: <forged@example.org>")
	if _, err := s.handAs(member(1), eventsAddress, raw, list.Authentication{DMARC: list.None}); err != nil {
		t.Fatal(err)
	}
	s.tick()
	for _, m := range s.mails(member(1), "")[before:] {
		t.Errorf("they get %q:\n%s", m.Subject, m.text())
	}
}
