package letter

import (
	"time"

	"convene/digest/plan"
)

// Morning is what the text "morning-note" is written from: what waits for those who facilitate, in order of hurry.
type Morning struct {
	Hashtag, Title string
	Drafts         []MorningDraft
	Until          time.Time // when the first of them goes out; zero: none does by itself
	Held           []MorningHeld
	Known          []MorningHeld  // held ones that an earlier note named
	More           int            // held ones beside those
	Events         []MorningEvent // that members proposed, and nobody decided on
	KnownEvents    []MorningEvent // those that an earlier note named
	Responders     []MorningResponder
	Open           []MorningQuestion
	Older          int // questions that an earlier note named, and that nobody has answered yet
	Newcomers      []string
	Left           []MorningLeft
	Today          []Step
	Minutes        int // that it may take
	Place          Place
	Voice          plan.Person
}

// MorningDraft is a draft that nobody has answered.
type MorningDraft struct {
	N     int
	Kind  plan.Kind
	Week  int
	Until time.Time // when it goes out by itself; zero: it waits for somebody's word
}

// MorningHeld is a post that waits for a moderator.
type MorningHeld struct {
	N             int
	Name, Subject string
	Since         time.Time
	First         bool // it is of somebody who agreed to answer first
}

// MorningEvent is an event that a member proposed, and that waits for a moderator.
type MorningEvent struct {
	Title   plan.Texts
	At      time.Time
	AllDay  bool
	Name    string // who proposed it
	Since   time.Time
	Changes bool // it is a change of an event that is approved
}

// MorningResponder is what is new of a first responder.
type MorningResponder struct {
	Name string
	Said string // yes, no, other day, words, pass, tomorrow; silent, away; wrote, sent (a nudge), held, bounced, too late
	For  time.Time
	Next bool // somebody else is asked in their place
}

// MorningQuestion is one that nobody has answered.
type MorningQuestion struct {
	Said
	At     time.Time
	Answer string // a link that begins an answer
}

// MorningLeft is a midweek that did not go out.
type MorningLeft struct {
	Posts, People int
	Whom          []Contact
}

// MorningDone is what the text "morning-done" is written from: what was done with an answer to it.
type MorningDone struct {
	Ruled   []MorningRuled
	Drafts  []MorningDraft // that go out as they are
	Unknown []string       // lines that nothing was done with
	Subject string
}

// MorningRuled is a held post that was decided.
type MorningRuled struct {
	Name, Subject string
	Sent          bool // it went out
	Before        bool // somebody else had decided it
}

// morningSamples are the differences that the note makes: what there is, and what each may be.
func morningSamples() (all []any) {
	all = append(all, Morning{}, Morning{Known: []MorningHeld{{}}, Older: 1},
		Morning{Events: []MorningEvent{{}, {AllDay: true, Changes: true}}, KnownEvents: []MorningEvent{{}}}, Morning{KnownEvents: []MorningEvent{{}}},
		Morning{Drafts: []MorningDraft{{}}, Events: []MorningEvent{{}}}, Morning{Held: []MorningHeld{{}}, Events: []MorningEvent{{}}}, Morning{Today: []Step{{Kind: plan.Weekly}}}, Morning{Left: []MorningLeft{{Whom: []Contact{{Why: WroteHere}, {Why: WroteBefore}}}}})
	for _, said := range []string{"yes", "no", "other day", "words", "pass", "tomorrow", "silent", "away", "wrote", "held", "bounced"} {
		all = append(all, Morning{Responders: []MorningResponder{{Said: said, Next: true}}})
	}
	return all
}
