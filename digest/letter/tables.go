package letter

import (
	"time"

	"convene/digest/plan"
)

// Tables is what the text "tables" is written from: who somebody sits with at a World Café.
type Tables struct {
	Event  Coming
	Rounds []TableRound
	// HostIn and NotesIn are the numbers of the rounds in which the reader hosts, and takes notes.
	HostIn, NotesIn []string
	// Changes are what is otherwise than they were told, by round; empty: they are told for the first time.
	Changes []TableChange
	// Late says that everybody else had their tables already: these have room.
	Late bool
	// Far says that it is a week ahead or more, where a weekday alone would be another one.
	Far bool
	// Open is until when the table by mail is, on the reader's clock.
	Open  time.Time
	Place Place
}

// TableRound is one round as somebody at a table has it.
type TableRound struct {
	N           int       // from 1
	From, Until time.Time // on the reader's clock; zero: nobody said
	Question    plan.Texts
	Table       int
	Language    string // that is spoken there; empty: it goes without saying
	With        []TablePerson
	More        int // who sit there beside With and whose names are not known
	// Host and Notes say that the reader hosts the table, or takes its notes.
	Host, Notes bool
}

// TablePerson is somebody at a table.
type TablePerson struct {
	Name        string
	Host, Notes bool
}

// TableChange is one thing that is otherwise.
type TableChange struct {
	Round, Table, Was int
	What              string // "table": another than Was; "with": others at the same; "host", "notes": it is theirs now; "no host", "no notes": no longer
}

// TableSheet is what the text "table-sheet" is written from: all tables, for who facilitates.
type TableSheet struct {
	Event  Coming
	Rounds []SheetRound
	People int      // who have a table
	Maybe  []string // who said maybe
	Mail   []string // who take part by mail
	Again  bool     // tables changed since they had the first
	Place  Place
}

// SheetRound is one round of it.
type SheetRound struct {
	N           int
	From, Until time.Time
	Question    plan.Texts
	Tables      []SheetTable
}

// SheetTable is one table of it.
type SheetTable struct {
	N           int
	Language    string
	Host, Notes string // empty: nobody would
	Guests      []string
}

// NotesAsked is what the text "table-notes" is written from: it asks somebody for what they wrote down.
type NotesAsked struct {
	Event  Coming
	Tables []TableRound // those whose notes were theirs
	Place  Place
}

// TableByMail is what the text "table-mail" is written from: the questions, for who takes part by mail.
type TableByMail struct {
	Event     Coming
	Questions []plan.Texts
	With      []string  // who else sits there
	More      int       // who do beside With and whose names are not known
	Shared    bool      // they read what is answered, with the writer's name
	Open      time.Time // until when it takes answers
	Place     Place
}

// TableLetters is what the text "table-letters" is written from: what others wrote at the table by mail.
type TableLetters struct {
	Event  Coming
	Said   []TableSaid
	Open   time.Time // until when it takes answers
	Closed bool      // it takes none any more: this is the last
	Place  Place
}

// TableSaid is what one of them wrote.
type TableSaid struct {
	Name string // empty: nobody knows it
	Text string
}

// lettersWords is how many words of others one mail of the table by mail has, and leastSaid how many there always are of each who wrote: it is read on a line that is weak.
const (
	lettersWords = 600
	leastSaid    = 20
)

// Fitted has what was said, the longest shortened, so that it can be read on a phone.
func (t TableLetters) Fitted() (all []TableSaid) {
	texts := make([]string, len(t.Said))
	for i, s := range t.Said {
		texts[i] = s.Text
	}
	for i, text := range fairly(texts, lettersWords, leastSaid) {
		all = append(all, TableSaid{t.Said[i].Name, text})
	}
	return all
}

// NotesHeard is what the text "table-heard" is written from.
type NotesHeard struct {
	Event Coming
	Mail  bool // it was said at the table by mail
	None  bool // there are none
	// Shared says that the others at the table by mail read it, with the writer's name.
	Shared bool
	Place  Place
}

// tablesSamples try every change that the text has words for.
func tablesSamples() (all []any) {
	changes := []TableChange{{What: "table"}, {What: "with"}, {What: "host"}, {What: "notes"}, {What: "no host"}, {What: "no notes"}}
	for _, late := range []bool{false, true} {
		all = append(all, Tables{Late: late}, Tables{Late: late, Rounds: []TableRound{{}}}, Tables{Late: late, Far: true})
	}
	return append(all, Tables{Changes: changes})
}

func notesHeardSamples() []any {
	return []any{NotesHeard{}, NotesHeard{Mail: true}, NotesHeard{None: true}, NotesHeard{Mail: true, None: true}, NotesHeard{Mail: true, Shared: true}}
}
