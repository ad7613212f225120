package letter

import (
	"time"

	"convene/digest/plan"
)

// PlanMail is what the text "plan" is written from: a plan as its facilitators get it.
type PlanMail struct {
	// Why it is sent: "known", "changed" (by By), "answer" to what somebody asked for in Done, "proposed": somebody mailed it and it is not started yet,
	// "started", "cancelled".
	Why   string
	By    string // who changed it
	Title plan.Texts
	Rows  []PlanRow
	Done  []PlanDone
	// Unread are lines of an answer that were no words for a plan.
	Unread  []string
	Odd     []PlanOdd
	Advice  []string // what may not be meant so, in English sentences
	Event   plan.Texts
	EventAt time.Time // zero: there is no event
	// Least and Most are how many of these mails one member gets.
	Least, Most int
	Place       Place
	Voice       plan.Person
}

// PlanRow is one planned email as the plan shows it.
type PlanRow struct {
	N          int
	Kind       string
	Week       int // zero: of none
	Subject    plan.Texts
	Questions  []PlanQuestion
	MembersOwn bool // its questions are to come from members
	If         bool // it goes out only if there is enough
	At         time.Time
	Planned    time.Time // where it was, of one that was moved
	Moved      bool
	Off        bool // its day is no working day
	State      string
	By         string // in whose name
	Responders []PlanResponder
}

// PlanQuestion is a question with its number.
type PlanQuestion struct {
	N    int
	Text plan.Texts
}

// PlanResponder is somebody who is asked to answer first.
type PlanResponder struct {
	Name  string
	State string // "", "asked", "yes", "no", "other day", "written", "backup"
}

// PlanDone is what became of one line of an answer.
type PlanDone struct {
	// What was done: "postponed", "moved", "skipped", "unskipped", "added", "handed", "preview", "preview core", "meaning", "synthesis", "started", "cancelled"; or why nothing was: "no
	// row", "out", "no shift", "no round", "nobody", "nothing left", "no question", "no meaning", "more to start", "is out", "no event" (it was cancelled).
	What string
	N    int // of the row
	Kind string
	Was  time.Time
	At   time.Time
	Text string // of a question; whom it was handed to; what could not be read
}

// PlanOdd is something about a date that a person should know.
type PlanOdd struct {
	N    int
	Kind string
	At   time.Time
	What string // a plan.ClashKind
}

// planSamples try every reason, every state and every word of the text "plan".
func planSamples() []any {
	m, done := PlanMail{Why: "answer"}, PlanMail{Why: "answer"}
	for _, kind := range []string{"announcement", "kickoff", "questions", "midweek", "weekly", "closing", "event_content", "event_summary", "follow_up", "message"} {
		m.Rows = append(m.Rows, PlanRow{Kind: kind})
	}
	for _, state := range []string{"drafted", "approved", "held", "skipped", "quiet", "sent"} {
		m.Rows = append(m.Rows, PlanRow{Kind: "weekly", State: state})
	}
	for _, what := range []string{"postponed", "moved", "skipped", "unskipped", "added", "handed", "preview", "preview core", "no row", "is out", "no event", "no shift", "no round",
		"no question", "nobody", "nothing left", "past", "started", "more to start", "meaning", "no meaning", "synthesis"} {
		done.Done = append(done.Done, PlanDone{What: what, Kind: "weekly"})
	}
	for _, what := range []plan.ClashKind{plan.OffDay, plan.AfterEvent, plan.BeforeEvent, plan.OutOfOrder} {
		m.Odd = append(m.Odd, PlanOdd{What: string(what), Kind: "closing"})
	}
	return []any{m, done, PlanMail{Why: "known"}, PlanMail{Why: "changed"}, PlanMail{Why: "proposed"}, PlanMail{Why: "started"}, PlanMail{Why: "cancelled"}}
}

// PlanFaults is what the text "plan-faults" is written from: why no plan was made of a mail.
type PlanFaults struct {
	Faults []PlanFault
	Text   string // what was written
	Place  Place
}

// PlanFault is one of them.
type PlanFault struct {
	Line int // from 1; zero: it is about the whole
	// Kind is a plan.MailFaultKind, or "past": Text is a day that is over.
	Kind, Text, Hint string
}

// planFaultSamples try every kind of fault.
func planFaultSamples() []any {
	var m PlanFaults
	for _, kind := range []string{"missing", "unknown", "twice", "empty", "date", "weekday", "time", "weeks", "hashtag", "long", "many", "plan", "past"} {
		m.Faults = append(m.Faults, PlanFault{Kind: kind}, PlanFault{Kind: kind, Hint: "Monday"})
	}
	return []any{m, PlanFaults{}}
}
