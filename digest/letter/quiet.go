package letter

import (
	"time"

	"convene/digest/plan"
)

// Quiet is what the text "quiet" is written from: nobody has written for a while.
type Quiet struct {
	Hashtag, Title string
	Mail           string    // the subject of the last planned mail; empty: none
	Reached, Of    int       // how many have it, of how many
	Held           int       // posts that wait
	HeldSince      time.Time // the first of them
	Outside        []Said    // what was written outside of the discussion since it began
	Last           time.Time // the last post; zero: none
	Day            int       // of the discussion, from 1
	Past           int       // discussions of the list that are over and lasted so long
	PastQuiet      int       // those of them in which nobody wrote on that day
	Backups        []string  // names of those whom 1 asks
	Again          Mail      // what 2 sends to all
	Open           Said      // what 3 carries forward; an empty Text: nothing
	People         []Contact // whom one might write to oneself
	Place          Place
	Voice          plan.Person
}

// Said is something that somebody wrote.
type Said struct{ Text, By, Link string }

// Contact is somebody whom a facilitator might write to.
type Contact struct {
	Name, Address string
	Why           ContactReason
	At            time.Time // of when that is
}

// ContactReason says why somebody might have something to say; the text has the words for it.
type ContactReason string

// The reasons.
const (
	WroteHere   ContactReason = "here"   // they wrote in this discussion
	WroteBefore ContactReason = "before" // they wrote to the list before it
)

// QuietDone is what the text "quiet-done" is written from: what was done about it.
type QuietDone struct {
	Did     string    // asked, again, forward, fine, before (somebody else has answered), nothing (there is nothing of that kind), unknown
	Names   []string  // of asked
	At      time.Time // when the mail goes to all, of again and forward
	Until   time.Time // until when the alarm is off, of fine
	By      string    // who has answered before
	Subject string
	Place   Place
	Voice   plan.Person
}

// Revival is what the text "revival" is written from: a question once more, smaller, or one of a member's that nobody has answered.
type Revival struct {
	Question string
	Again    bool   // it is the facilitator's own
	By       string // whose it is otherwise; empty: nobody is named
	Link     string
	Hashtag  string
	Title    string
	Place    Place
	Voice    plan.Person
}
