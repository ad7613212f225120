package letter

import (
	"strings"
	"testing"
)

// TestUnder: one mail of two, whose subject and first words are the head's.
func TestUnder(t *testing.T) {
	b := Built()
	head, err := b.Write("preview", []string{"en"}, Preview{N: 2, Of: 9, Kind: "kickoff"})
	if err != nil {
		t.Fatal(err)
	}
	mail, err := b.Write("message", []string{"en"}, messageData{Subject: "A short reading", Body: "Read **this**."})
	if err != nil {
		t.Fatal(err)
	}
	m := mail.Under(head)
	if m.Subject != "Preview 2 of 9: A short reading" {
		t.Errorf("the subject is %q", m.Subject)
	}
	if !strings.HasPrefix(m.Text, "*This is a preview, and goes to you alone.*") || !strings.Contains(m.Text, "\n"+strings.Repeat("=", 72)+"\n\nRead *this*.") {
		t.Errorf("the text is %s", m.Text)
	}
	inert(t, "a preview", m)
	for _, once := range []string{"<html", "<main>", "</main>", "</html>"} {
		if strings.Count(m.HTML, once) != 1 {
			t.Errorf("%s stands there %d times", once, strings.Count(m.HTML, once))
		}
	}
	if i, j := strings.Index(m.HTML, "This is a preview"), strings.Index(m.HTML, "Read <strong>"); i < 0 || j < i {
		t.Errorf("the page is %s", m.HTML)
	}
}
