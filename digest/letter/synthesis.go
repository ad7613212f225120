package letter

import (
	"slices"
	"strings"
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
type TableNotes struct{ Name, Notes string }

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
			if s.nameless(t.Phrase) {
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

// planned is what the parts of a paper are made from that mails have as well.
func (s *Synthesis) planned() *Planned {
	return &Planned{Discussion: s.Discussion, Changes: s.Changes, Rows: s.Rows, Place: s.Place, Facts: s.Facts, Row: plan.Row{Kind: plan.Closing, At: s.Now}, Now: s.Now}
}

// data is what the text is written from.
func (s *Synthesis) data(c *composing) synthesisData {
	var all plannedData
	c.discussion(&all)
	d := synthesisData{Title: all.Title, Hashtag: all.Hashtag, Purpose: all.Purpose, Evidence: all.Evidence, Meaning: s.Meaning, CallToAction: all.CallToAction,
		Start: all.Start, Last: all.Last, Now: s.Now, Tables: s.Tables, Event: all.Event, Came: s.Came, Countries: s.Countries, Organisations: s.Organisations,
		Quoting: all.Quoting, Public: s.Public}
	for _, p := range s.Discussion.Facilitators {
		if p.Name != "" && !s.Public {
			d.Facilitators = append(d.Facilitators, p.Name)
		}
	}
	for _, r := range s.Rounds {
		d.Rounds = append(d.Rounds, s.round(c, r))
	}
	for _, one := range s.Commitments {
		if s.Public {
			one.Name = ""
		}
		if s.may(one.Text) {
			d.Commitments = append(d.Commitments, one)
		}
	}
	if s.Public {
		d.Tables = slices.DeleteFunc(slices.Clone(s.Tables), func(t TableNotes) bool { return !s.may(t.Notes) })
	}
	d.Bars = bars(s.days(), c.language)
	if s.Facts == nil {
		return d
	}
	for _, t := range s.Facts.Languages {
		d.Languages = append(d.Languages, languageName(t.Language))
	}
	d.Counts = s.Facts.Counts
	d.Open, d.Answered = s.questions(c)
	if s.Public {
		return d
	}
	d.Shared, d.Files = first(s.Facts.Links, maxPaper), first(s.Facts.Files, maxPaper)
	if s.Discussion.Attribution == "" || s.Discussion.Attribution == plan.ByName {
		for _, p := range s.Facts.Contributors {
			if p.Name != "" && !p.Private {
				d.Wrote = append(d.Wrote, p.Name)
			}
		}
	}
	d.Wrote = sorted(d.Wrote)
	return d
}

// round is what one summary told.
func (s *Synthesis) round(c *composing, r Round) roundData {
	p := *c.p
	p.Row, p.Facts, p.Edits = r.Row, r.Facts, r.Edits
	one := composing{p: &p, language: c.language, languages: c.languages, most: maxPaper}
	var all plannedData
	if p.Row.Kind == plan.Closing { // of its own week alone: the weeks before stand in their own rounds
		p.Row.Kind = plan.Weekly
	}
	one.asking(&all)
	if r.Facts != nil {
		one.said(&all, r.Facts)
	}
	d := roundData{Week: r.Row.Week, Asked: all.Asked, Say: r.Edits.Say}
	if d.Say == "" {
		d.Say = r.Edits.Prose
	}
	if s.Public && !s.may(d.Say) {
		d.Say = ""
	}
	for _, t := range all.Themes {
		var quotes []quoteData
		for _, q := range s.public(t.Quotes) {
			if q.Other {
				q.Other = false // the heading says so
				d.Differ = append(d.Differ, q)
			} else {
				quotes = append(quotes, q)
			}
		}
		if t.Quotes = quotes; s.may(t.Phrase) {
			d.Themes = append(d.Themes, t)
		}
	}
	d.Others = s.public(all.Others)
	return d
}

// questions are what members asked: what is open, and what was answered.
func (s *Synthesis) questions(c *composing) (open, answered []askedData) {
	for _, q := range s.Facts.Questions {
		if q.Ask || !s.may(q.Text) {
			continue
		}
		one := c.asked(q, "")
		if one.Answer = ""; s.Public {
			one.By, one.Link, one.Answers = "", "", nil
		}
		if q.Answered {
			answered = append(answered, one)
		} else {
			open = append(open, one)
		}
	}
	return first(open, maxPaper), first(answered, maxPaper)
}

// public is what a paper shows of quotes: in public none by name, or with a link, or that names somebody.
func (s *Synthesis) public(quotes []quoteData) (out []quoteData) {
	for _, q := range quotes {
		if !s.may(q.Text) {
			continue
		}
		if s.Public {
			q.By, q.Link = "", ""
		}
		out = append(out, q)
	}
	return out
}

// may reports whether words may stand in the paper.
func (s *Synthesis) may(words string) bool {
	return !s.Public || s.nameless(words) && !strings.Contains(words, "://") && !strings.Contains(words, "@")
}

// nameless reports whether words have no part of the name of anybody who took part, or facilitates. Names of two letters are as good as words.
func (s *Synthesis) nameless(words string) bool {
	var names []string
	for _, p := range s.Discussion.Facilitators {
		names = append(names, p.Name)
	}
	if s.Facts != nil {
		for _, p := range s.Facts.Contributors {
			names = append(names, p.Name)
		}
	}
	return !mentions(words, names)
}
