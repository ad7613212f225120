package letter

import (
	"errors"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// ErrNothing says that there is nothing specific to thank somebody for, so that no mail is better.
var ErrNothing = errors.New("letter: there is nothing specific to say")

// Thanked is what a thank-you to one person is written from.
type Thanked struct {
	Thank facts.Thank
	Line  string    // the facilitator's own words, Markdown: stand in the place of ours
	Title string    // of the discussion
	Next  time.Time // when the next summary goes out, for a question that is still open; zero: there is none
	Last  bool      // it is the discussion's last, and asks whether it was worth the time
	Place Place
	Voice plan.Person
}

// thanksData is what the text "thanks" is written from.
type thanksData struct {
	Name, Text string
	Line       string `letter:"markdown"`
	TakenUpBy  []string
	More       int  // who took it up besides
	Asked      bool // it was a question
	Open, Last bool
	Next       time.Time
	Title      string
	Place      Place
	Voice      plan.Person
}

// Thanks writes a thank-you in 40 to 70 words. The error is ErrNothing where nobody took up what they said, nothing of it is open, and the facilitator
// wrote no line of their own.
func (b *Book) Thanks(t *Thanked, languages []string) (Mail, error) {
	k := t.Thank
	if t.Line == "" && (k.Quote.Text == "" || len(k.TakenUpBy) == 0 && !k.Open) {
		return Mail{}, ErrNothing
	}
	d := thanksData{Name: k.Name, Text: k.Quote.Text, Line: t.Line, TakenUpBy: k.TakenUpBy, Asked: k.Asked, Open: k.Open, Last: t.Last, Next: t.Next, Title: t.Title,
		Place: t.Place, Voice: t.Voice}
	if len(d.TakenUpBy) > 3 {
		d.TakenUpBy, d.More = d.TakenUpBy[:2], len(d.TakenUpBy)-2
	}
	return b.Write("thanks", languages, d)
}
