package plan

import (
	"time"

	"convene/list/event"
)

// Kind is what a planned email is for.
type Kind string

// The kinds, in the order in which those of one moment go out.
const (
	Announcement Kind = "announcement"
	Kickoff      Kind = "kickoff"
	Questions    Kind = "questions" // the next round
	Midweek      Kind = "midweek"
	Weekly       Kind = "weekly"
	Closing      Kind = "closing"
	EventContent Kind = "event_content"
	EventSummary Kind = "event_summary"
	FollowUp     Kind = "follow_up"
	Message      Kind = "message" // written in the config
)

// Summary reports whether an email is written from what members posted.
func (k Kind) Summary() bool { return k == Midweek || k == Weekly || k == Closing }

// Texts is a text by language.
type Texts = event.Texts

// Person is somebody with a name and an address.
type Person = event.Person

// Date is a day of the list's zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Discussion is an e-discussion as it was planned. The zero values of its settings are no defaults: whoever makes one fills them in.
type Discussion struct {
	ID           string
	List         string // posting address
	ListTitle    string
	Title        Texts
	Start        Date // day 1
	Weeks        int
	Facilitators []Person // the first is the voice, the next steps in
	Intro        Texts    // two sentences on who facilitates
	Introduction Texts    // what the kick-off asks people to say of themselves; nil: nothing
	// IntroductionDefault says that the kick-off has our own words for it.
	IntroductionDefault bool
	Hashtag             string // with its #; empty: none
	Purpose             Texts
	Evidence            Texts
	CallToAction        Texts
	Effort              Texts
	Questions           []Texts
	Ask                 string // when first responders are asked, as send = "…" says it
	Midweek             Lively
	Weekly              string        // cron line in the list's zone
	QuietAfter          time.Duration // working time without a post
	Review              time.Duration // how long ahead drafts go out; zero: there are none
	OnSilence           OnSilence
	Thanks              Thanks
	Spotlights          int
	Attribution         Attribution
	Responders          []Responders
	Emails              []Email
	Event               *event.Event // nil: none

	Language  string   // of the list
	Languages []string // of plan and summaries, the list's first
	Calendar  Calendar
	// EngineMailsPerDay is the most that one member gets of us in a day, but on the day of an event.
	EngineMailsPerDay int
}

// Lively says when the midweek goes out, and how much must have been written since the last question by how many people.
type Lively struct {
	Cron                      string
	OnlyIfPosts, OnlyIfPeople int
}

// OnSilence says what becomes of a summary whose draft nobody answered.
type OnSilence string

// What silence means.
const (
	SilencePlain OnSilence = "plain" // the safe form goes out
	SilenceSend  OnSilence = "send"  // the draft does
	SilenceHold  OnSilence = "hold"  // nothing does
)

// Thanks says how people are thanked.
type Thanks string

// The ways.
const (
	ThanksSummary  Thanks = "summary"
	ThanksPersonal Thanks = "personal"
	ThanksBoth     Thanks = "both"
)

// Attribution says how people are quoted.
type Attribution string

// The ways.
const (
	ByName         Attribution = "names"
	ByOrganisation Attribution = "organisations"
	ByNobody       Attribution = "none"
)

// Responders are those who agreed, or are asked, to answer a planned email first.
type Responders struct {
	Question int // from 1; zero: Email says which
	Email    int // number of the row that plan show prints, from 1
	Members  []Responder
	Backup   []string // addresses, in the order in which they are asked
}

// Responder is one of them.
type Responder struct {
	Address string
	Why     Texts // why they are asked, in a sentence
}

// Email is a [[discussion.email]]: it replaces the row of its kind (and week), or adds one.
type Email struct {
	Kind    Kind
	Send    string // "2026-02-23 09:00", "day 3 09:00", "week 1 FRI 11:00"
	SentBy  Person // zero: the first facilitator
	Subject Texts
	Body    Texts // Markdown
}

// Changes are what facilitators changed by mail since. The zero Changes are none.
type Changes struct {
	// Moved is where rows are now, by key; Skipped those that are left out, by key.
	Moved   map[string]time.Time `json:"moved,omitempty"`
	Skipped map[string]bool      `json:"skipped,omitempty"`
	// Added are further questions, behind those of the config.
	Added []string `json:"added,omitempty"`
	// AddedTo are the keys of the rounds that they go with, in the same order; left out, empty or gone: the last round.
	AddedTo []string `json:"added_to,omitempty"`
	// Voice is who speaks instead of the first facilitator; zero: nobody.
	Voice Person `json:"voice,omitzero"`
}

// Row is one planned email: a line of plan show.
type Row struct {
	N      int    // its number, from 1, in the order of time at which the plan was first made; it stays when rows move
	Key    string // "remote/weekly/1": what it is known by in the store
	Kind   Kind
	At     time.Time // in the list's zone
	SentBy Person
	// Subject and Body are what the config says; nil: it is composed.
	Subject, Body Texts
	Week          int   // of the plan, from 1; zero: before it begins, or after it ends
	Asks          []int // of kickoff and questions: which of Discussion.Questions and then Changes.Added, from 0
	// MembersOwn says that its questions are to come from what members asked, since there are fewer questions than weeks.
	MembersOwn bool
	// If says that it goes out only when there was enough to report.
	If      bool
	Skipped bool
	Moved   bool
	// Planned is where a moved row was planned to be; zero: it was not moved.
	Planned time.Time
	// Fixed says that it is counted from the event, and moves with nothing.
	Fixed bool
}
