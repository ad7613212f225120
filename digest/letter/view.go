package letter

import (
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// plannedData is what the texts of planned emails are written from: everything in the language of the mail, and chosen, so that a text has little to decide.
type plannedData struct {
	Title   string
	Hashtag string
	Subject string // that a facilitator wrote; empty: the text's
	Place   Place
	Voice   plan.Person

	// Draft says that this is shown to the facilitator first: what is made automatically and what is theirs is marked, and everything is numbered.
	Draft bool
	Say   string `letter:"markdown"` // the opening
	Prose bool   // Say is a program's
	// Foreign says that Say, or Content, is in another language than the mail, ForeignIn what that calls itself; empty: nobody can tell.
	Foreign   bool
	ForeignIn string

	Purpose, Intro, Evidence           string `letter:"markdown"`
	Introduction, Effort, CallToAction string
	Introduce                          bool     // the kick-off asks people to introduce themselves, in our words
	Languages                          []string // of the list, as they call themselves
	Quoting                            string   // names, organisations, none
	Start, Last                        time.Time
	Kind                               string // of the row
	Week, Weeks                        int
	Begun                              bool // colleagues agreed to begin

	Questions []questionData // that this mail asks
	Asked     []questionData // that were asked in the time that it tells of
	Taken     []askedData    // members' own, which it takes up
	Further   []string       // that the facilitator asks besides
	Offered   []askedData    // members' own that the draft offers
	Own       bool           // there are no questions of the plan left

	Themes     []themeData
	Threads    []threadData
	Others     []quoteData // one in each language that no theme speaks
	Open       []askedData
	Answered   []askedData
	Shared     []facts.Link
	Files      []facts.File
	Thanked    []string
	Everybody  bool // they are thanked without names
	Spotlights []spotlightData
	Counts     facts.Counts
	Lines      []lineData // the plain form's
	Since      time.Time  // when the summary before it ended, for a plain form that begins there; zero: there was none
	More       int        // lines that there was no room for
	Wrote      []string   // who wrote, for the plain form
	Also       []string   // of them, those of whom it has no line
	Settled    int        // questions that were answered and are not told, for the sake of the mail's length
	Cut        bool       // something was left out for that

	Next      []stepData
	Moved     []stepData
	Event     eventData
	OpenUntil time.Time
	Content   string       `letter:"markdown"`
	Notes     []TableNotes // shortened, so that there is room for each
	NotesCut  bool         // they were, and some may be left out
	// Hosts and Takers are who hosted the tables of the event and who took their notes, with a number before each in a draft; Helped says that some did, who are thanked without names where there are none here.
	Hosts, Takers []string
	Helped        bool
	Now           time.Time
}

type questionData struct {
	N    int
	Text string
}

type askedData struct {
	Label, Text, By, Link, Answer string
	Answers                       []string
	Ask                           bool // who asked wants to be asked before they are quoted: for the draft
}

type themeData struct {
	Label, Phrase string
	Own           bool // the facilitator's words, which are quoted from nobody
	Posts, People int
	Quotes        []quoteData
	Link          string // to the first message, where nothing of the theme can be quoted
}

type quoteData struct {
	Label, Text, By, Link string
	Other                 bool // "Another experience:"
	Proposed              bool // may be one: for the draft
	Ask                   bool // its author wants to be asked: for the draft
}

type threadData struct {
	Label, Subject, Answer string
	By                     string // who began it, where that says more than the subject; empty: it does not
	Posts, People          int
	Quotes                 []quoteData
}

type spotlightData struct {
	Name string
	For  facts.Reason
	Many bool
}

type lineData struct {
	Text, By, Link string
	At             time.Time
	Begins         bool // its day
}

type stepData struct {
	Kind plan.Kind
	At   time.Time
	Week int
}

// eventData is the event that a discussion leads to. Its zero value is none.
type eventData struct {
	ID, Title, Where  string
	Start, RegisterBy time.Time
	Minutes           int
	Agenda            []string
	Ahead             bool // it is still to come
	Cafe              bool // there is a table by mail
}
