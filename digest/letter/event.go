package letter

import (
	"slices"
	"time"

	"convene/digest/plan"
)

// Coming is an event as one reader is told of it: its instants are on their clock.
type Coming struct {
	ID      string
	Title   plan.Texts
	At      time.Time
	Until   time.Time // of one of whole days: its last day
	AllDay  bool
	Minutes int
	Here    time.Time // At on the list's clock; zero: it is the same
	// AtName and HereName are the places whose clocks these are, "La Paz" and "Nairobi"; HereName where Here is not zero.
	AtName, HereName string
	Where            string
	About            plan.Texts
	Agenda           []plan.Texts
	By               string   // who offers it; empty: the list
	Presenters       []string // names
	RegisterBy       time.Time
	Again            string       // when else it takes place, in words; empty: once
	AgainIn          string       // the place whose days those words name; empty: they are the reader's too
	More             int          // how many further dates there are to come
	Dates            []ComingDate // of a series: the first to come
	Offer            string       // a date that nobody presents on yet, as a mail that offers to names it; empty: there is none
	Lunch            bool         // each date has a presenter of its own, who may offer
	Cafe             bool         // there is a table by mail
	Places           int          // zero: no limit
	Free             int          // of Places
	Answer           string       // of the reader: "yes", "no", "maybe"; empty: none
	Waiting          int          // the reader's place in the waiting list, from 1; zero: not in it
	State            string       // "new", "changed", "cancelled"; empty: as they know it
	Going            bool         // it has begun, and is not over
	Page             string       // where it is answered on a page, as far as before its token; empty: by mail alone
}

// ComingDate is one date of a series.
type ComingDate struct {
	At         time.Time
	Presenters []string // names
}

// ChangedDate is what became of one date of a series.
type ChangedDate struct {
	Was   time.Time // zero: it is one more
	At    time.Time // zero: it does not take place
	Moved bool      // to At
	Where string    // where it is now; empty: as it was
}

// Invitation is what the text "invitation" is written from: an invitation, or what became of it.
type Invitation struct {
	Event   Coming
	Changes []string  // what is otherwise than they were told: "time", "end", "place", "title", "dates", "about", "presenters", "register", "places"
	Was     time.Time // when it was to be, where that changed
	// Ends is when it ends, where that alone is otherwise ("end"), and Ended when it was to; zero: on another day than it begins on, or nobody knew.
	Ends, Ended time.Time
	Dates       []ChangedDate
	Place       Place
}

// Reminder is what the text "event-reminder" is written from.
type Reminder struct {
	Event Coming
	Links []string // to it, of what it is about, where its place has none
	OneOf bool     // it is one date of a series
	Hours int      // until then, rounded; under 20 it begins soon
	Today bool     // it is on the day that it is for the reader as this is sent
	// Tables are the numbers of their tables, round by round; none: they have none, or nobody has yet.
	Tables []int
	Also   []AlsoReminded
	Place  Place
}

// AlsoReminded is another event, or date of one, that the same mail reminds of.
type AlsoReminded struct {
	Coming
	Ref string // what an answer names it by: "circle", "lunch 2026-04-07"
}

// RSVP is what the text "rsvp" is written from: what became of somebody's answer.
type RSVP struct {
	Event Coming
	// Said is the answer, "yes", "no", "maybe", or what it came to: "waiting", "place" (they waited, and have one now), "free" (they wait, and one is theirs who
	// answers first), "closed", "over", "cancelled", "unknown" (a date that is
	// none of its), "unclear" (it is asked back), "several" (see Heard), "offers" (to host or to take notes), "pass", "no notes", "pass late", "mail", "no tables".
	Said  string
	Heard []HeardDate
	Place Place
}

// Changed reports whether an answer to several dates has changed anything.
func (r RSVP) Changed() bool {
	return slices.ContainsFunc(r.Heard, func(h HeardDate) bool {
		return slices.Contains([]string{"yes", "no", "maybe", "waiting", "place"}, h.Said)
	})
}

// HeardDate is what became of an answer to one date of several.
type HeardDate struct {
	At   time.Time // zero: it is of all dates
	Said string    // as that of an RSVP
}

// rsvpSamples try every outcome that the text has words for.
func rsvpSamples() (all []any) {
	for _, said := range []string{"", "yes", "no", "maybe", "waiting", "place", "free", "closed", "over", "cancelled", "unknown", "unclear", "offers", "pass", "no notes", "pass late", "mail", "no tables"} {
		all = append(all, RSVP{Said: said}, RSVP{Said: "several", Heard: []HeardDate{{Said: said}, {Said: said}}})
	}
	return all
}

// invitationSamples try every state and every change that the text has words for.
func invitationSamples() (all []any) {
	for _, state := range []string{"new", "changed", "cancelled"} {
		for _, answer := range []string{"yes", "no", "maybe"} {
			all = append(all, Invitation{Event: Coming{State: state, Answer: answer}, Changes: []string{"time", "end", "place", "title", "dates", "about", "presenters", "register", "places"}, Dates: []ChangedDate{{Moved: true}, {}}})
		}
	}
	return all
}

func reminderSamples() (all []any) {
	for _, answer := range []string{"yes", "maybe"} {
		all = append(all, Reminder{Event: Coming{Answer: answer}, Links: []string{"https://meet.example.org/1"}, Hours: 1, Today: true}, Reminder{Event: Coming{Answer: answer}, Hours: 24},
			Reminder{Event: Coming{Answer: answer}, Also: []AlsoReminded{{Coming: Coming{Answer: answer}, Ref: "circle"}}})
	}
	return all
}
