package letter

import (
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// Mail is a mail without its header: a subject on one line, and the two forms of its text, LF line ends.
type Mail struct {
	Subject  string
	Text     string
	HTML     string
	Language string // of the text that it was written from
}

// Place is where the list is, for the last lines of every mail.
type Place struct {
	Title       string // of the list
	Address     string // posts
	Facilitator string // peers+facilitator@…
	Settings    string // peers+settings@…
	Summary     string // peers+summary@…
	CatchUp     string // peers+catchup@…
	Events      string
	Record      string
	Page        string // the list's page; empty: there is none
	Archive     string // who may read the archive: members, public, none
	Moderated   bool   // a new member's first post is read by a moderator first
}

// Planned is what a planned email is written from.
type Planned struct {
	Discussion *plan.Discussion
	Changes    plan.Changes
	Row        plan.Row
	Rows       []plan.Row // the whole plan
	Facts      *facts.Facts
	Edits      Edits
	Place      Place
	Voice      plan.Person // who speaks: the row's sender
	Now        time.Time   // when it is written, or goes out
	// Open are the questions that members raised and nobody answered: what a second round may take up.
	Open []facts.Question
	// Notes are what note takers wrote, and Content what the facilitator answered, for the mails behind an event.
	Notes   []TableNotes
	Content string // Markdown
	// Helpers are who hosted the tables of an event and took notes, as the draft numbers them.
	Helpers []Helper
	Short   string // the short form of the synthesis, for the draft
	// OpenUntil is until when posts enter the synthesis, for the closing; zero: it is not said.
	OpenUntil time.Time
	// Begun says that somebody agreed to answer first.
	Begun bool
	// Since is when the last summary ended that went out, for the plain form of a closing: what it lists begins there. Zero: it lists all.
	Since time.Time
	// Moved says that members were told of another date before.
	Moved []plan.Row
}

// Edits are what a facilitator's answers to a draft changed. Numbers are those that the first draft showed, from 1, whatever was dropped since.
type Edits struct {
	Say         string            `json:"say,omitempty"`
	SayIn       map[string]string `json:"say_in,omitempty"`      // the same in the language of another edition
	Drop        []int             `json:"drop,omitempty"`        // themes
	DropQuotes  []int             `json:"drop_quotes,omitempty"` // of all themes together
	Rename      map[int]string    `json:"rename,omitempty"`      // themes
	Other       []int             `json:"other,omitempty"`       // quotes that stand as "another experience"
	Ask         []string          `json:"ask,omitempty"`         // further questions
	Add         []int             `json:"add,omitempty"`         // of Planned.Open
	Thanks      map[int]string    `json:"thanks,omitempty"`      // lines of Facts.Thanks in their own words
	DropThanks  []int             `json:"drop_thanks,omitempty"`
	Spotlight   []string          `json:"spotlight,omitempty"` // addresses that were added
	NoSpotlight bool              `json:"no_spotlight,omitempty"`
	Whole       map[string]string `json:"whole,omitempty"` // the text instead of ours, by language: Markdown or plain
	Subject     string            `json:"subject,omitempty"`
	Prose       string            `json:"prose,omitempty"` // what [summary] command made of the facts: stands for the opening unless Say does
}
