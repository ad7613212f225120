package letter

import (
	"strings"
	"time"

	"convene/digest/plan"
)

// Preview is what the text "preview" is written from: the head of a planned email that somebody sees before anybody else does.
type Preview struct {
	N, Of  int // its number in the plan, and how many there are
	Kind   string
	At     time.Time
	By     string // in whose name it goes out
	Sample bool   // what it says of posts is made up, since nobody has written yet
	Test   bool   // it goes to the core group, whose answer says that mail arrives
	Own    bool   // the facilitator's own text stands where this has a placeholder
	Place  Place
}

// Under is a mail with another above it, as one: for a head that says what it is. Its subject begins the subject.
func (m Mail) Under(head Mail) Mail {
	m.Text = strings.TrimRight(head.Text, "\n") + "\n\n" + strings.Repeat("=", foldAt) + "\n\n" + m.Text
	m.Subject = subjectLine(head.Subject + ": " + m.Subject)
	_, begins, ok := strings.Cut(head.HTML, "<main>\n")
	if page, end, found := strings.Cut(m.HTML, "<main>\n"); ok && found {
		m.HTML = page + "<main>\n" + strings.TrimSuffix(begins, pageFoot) + "<hr>\n" + end
	}
	return m
}

// previewSamples are the previews that differ.
func previewSamples() []any {
	return []any{Preview{Kind: string(plan.Weekly)}, Preview{Kind: string(plan.EventContent), Own: true}, Preview{Kind: string(plan.Weekly), Test: true}}
}
