package letter

import (
	"time"

	"convene/digest/plan"
)

// CatchUp is what the text "catchup" is written from: what somebody missed who was away.
type CatchUp struct {
	Name      string
	Since     time.Time
	Back      bool // a break of theirs is over
	Replies   []Missed
	Open      []Missed // questions that nobody answered, in topics that they wrote in
	Summaries []MissedSummary
	Events    []MissedEvent
	Topics    []MissedTopic
	More      int // topics that are not named
	Digest    bool
	Place     Place
}

// Missed is one thing that somebody wrote.
type Missed struct {
	By, Subject, Text string // Text is a whole sentence of theirs; empty: they are not quoted
	Answer, Link      string // URLs; empty: there is none
}

// MissedSummary is a summary that went out, as its plain text.
type MissedSummary struct {
	Subject, Text, Link string
	At                  time.Time
	Cut                 bool // there is more of it
}

// MissedEvent is an event to come.
type MissedEvent struct {
	Title plan.Texts
	At    time.Time
	Where string
}

// MissedTopic is a topic in which others wrote.
type MissedTopic struct {
	Subject      string
	Posts        int
	People       []string
	Text         string // a sentence of the first of these posts; empty: none is quoted
	Answer, Link string
}
