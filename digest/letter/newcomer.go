package letter

import (
	"time"

	"convene/digest/plan"
)

// Newcomer is what the text "newcomer" is written from: the welcome of somebody who joins while a discussion runs.
type Newcomer struct {
	Name        string // theirs, whole
	Description string // of the list
	Charter     []string
	Title       plan.Texts
	Hashtag     string
	Start       time.Time    // of the discussion
	Week        int          // that it is in; zero: it has not begun
	Questions   []plan.Texts // that are asked now
	Mail        string       // the subject of the mail that asked; empty: none has
	Answer      string       // a link that begins an answer to it; empty: as Mail
	Themes      []Heard      // of the last summary, at most five
	Next        []Step
	Event       Step // its Title is empty: there is none to come
	Languages   []string
	Quoting     string
	Place       Place
	Voice       plan.Person
}

// Heard is a theme in a line.
type Heard struct {
	Phrase string
	People int
}

// Step is something that is to come.
type Step struct {
	Kind  plan.Kind
	Title plan.Texts
	At    time.Time
	Week  int
}

// LanguageNames are languages as they call themselves; a tag stands for itself where that is not known.
func LanguageNames(tags []string) []string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = languageName(tag)
	}
	return names
}
