package letter

import (
	"slices"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// Synthesis is what the paper of a whole discussion is written from.
type Synthesis struct {
	Discussion *plan.Discussion
	Changes    plan.Changes
	Rows       []plan.Row
	Place      Place
	// Rounds are what its summaries told, in order.
	Rounds []Round
	// Facts are those of all of it: numbers, open questions, links, files, who took part.
	Facts *facts.Facts
	// Days are its posts by day; none: they are counted from the first sentences of Facts.
	Days []DayCount
	// Meaning is the half page that the facilitator writes, in Markdown. Without it the paper is a record, and no synthesis.
	Meaning string
	// Commitments are those of people who agreed that they stand here.
	Commitments []Committed
	// Tables are what note takers of the event wrote, table by table.
	Tables []TableNotes
	// Came is how many came to the event, Countries and Organisations how many were there; zero: not known.
	Came, Countries, Organisations int
	// Public leaves out all names and what members linked to.
	Public bool
	Now    time.Time
}

// Round is one summary: the facts that it told, and what its facilitator made of them.
type Round struct {
	Row   plan.Row // of the summary
	Facts *facts.Facts
	Edits Edits
}

// DayCount is how many posts a day had.
type DayCount struct {
	Day   plan.Date
	Posts int
}

// Committed is what somebody said they will try.
type Committed struct{ Name, Text string }

// TableNotes are the notes of one table of an event.
type TableNotes struct {
	Round, Table int  // zero: of several
	Mail         bool // of the table by mail
	Notes        string
}

// Paper is a synthesis in its forms.
type Paper struct {
	Title    string
	Markdown string
	HTML     string
	Text     string
	Short    string // at most MaxShort characters, naming nobody
	Language string
}

// synthesisData is what the text "synthesis" is written from.
type synthesisData struct {
	Title, Hashtag                 string
	Purpose, Evidence, Meaning     string `letter:"markdown"`
	CallToAction                   string
	Facilitators, Languages        []string
	Start, Last, Now               time.Time
	Rounds                         []roundData
	Open, Answered                 []askedData
	Commitments                    []Committed
	Shared                         []facts.Link
	Files                          []facts.File
	Tables                         []TableNotes
	Event                          eventData
	Counts                         facts.Counts
	Came, Countries, Organisations int
	Bars                           []barData
	Wrote                          []string
	Quoting                        string
	Public                         bool
	Short                          string
}

type roundData struct {
	Week   int
	Asked  []questionData
	Say    string `letter:"markdown"`
	Themes []themeData
	Others []quoteData
	Differ []quoteData
}

// maxPaper is how many items a list of a paper has: it is no mail.
const maxPaper = 300

// Synthesis writes the paper of a discussion, or its record where nobody said what it means.
func (b *Book) Synthesis(s *Synthesis, languages []string) (Paper, error) {
	language := b.Language("synthesis", languages)
	c := composing{p: s.planned(), language: language, languages: append([]string{language}, languages...), most: maxPaper}
	d := s.data(&c)
	short := shortData{Title: d.Title, Counts: d.Counts, Event: d.Event}
	for _, r := range d.Rounds {
		for _, t := range r.Themes {
			if s.nameless(t.Phrase) && !slices.Contains(short.Phrases, t.Phrase) {
				short.Phrases = append(short.Phrases, t.Phrase)
			}
		}
	}
	short.Phrases = first(short.Phrases, maxThemes)
	for _, q := range d.Open {
		if short.Open == "" && s.nameless(q.Text) {
			short.Open = q.Text
		}
	}
	var err error
	if d.Short, err = b.shortOf(short, languages); err != nil {
		return Paper{}, err
	}
	title, doc, language, err := b.compose("synthesis", languages, d)
	if err != nil {
		return Paper{}, err
	}
	return Paper{Title: title, Markdown: doc.markdown(), HTML: doc.page(language, title), Text: doc.text(), Short: d.Short, Language: language}, nil
}
