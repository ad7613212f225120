package letter

import "time"

// EventDraft is what the text "event-draft" is written from: an event that a member mailed, for who decides on it, as it would be announced.
type EventDraft struct {
	Event       Coming // State is "new" or "changed"
	By, Address string // who mailed it
	Changes     []string
	Was         time.Time // as in Invitation
	Ends, Ended time.Time // as well
	Dates       []time.Time
	More        bool // there are further dates behind these
	Doubts      []EventDoubt
	// Remark is what is to be said before: "unread" (the answer fits no word), "changed" (it was changed since the mail that was answered), "waits"
	// (they were asked before).
	Remark string
	When   string // its time as a line has it, for who changes it; empty: it takes whole days
	Place  Place
}

// EventDoubt is something of a mailed event that was guessed: "zone", "fixed", "dates", "rule", "range", "floating", and what it was.
type EventDoubt struct{ Kind, Text string }

// EventMissing is what the text "event-missing" is written from: an event that the config has no longer, for who decides whether it is off.
type EventMissing struct {
	Event        Coming
	Invited, Yes int    // how many were invited, and said yes
	Remark       string // "unread": the answer fits no word
	Place        Place
}

// EventTold is what the text "event-told" is written from: what became of events that somebody mailed, changed or decided on.
type EventTold struct {
	Events []ToldEvent
	Place  Place
}

// ToldEvent is what became of one.
type ToldEvent struct {
	Event Coming
	// What is "waits", "announced", "declined", "change waits", "changed", "change declined", "withdrawn", "cancelled", "date cancelled", "off" (it was cancelled before, or never announced where Before is not empty), "no date" (it does not take place on the day that was
	// to be cancelled), "same", "twice" (they have one of that title on another day), "taken" (it is somebody
	// else's), "ours" (the list's own), "config date" (one date of the list's own), "gone" (there is none), "over", "expired" (nobody decided in time), "back" (it is in the config again), "before" (somebody decided before, as Before says: "approved" or "declined").
	What, Before string
	Other        bool   // somebody else than the reader decided
	By           string // who; empty: they have no name
	Reason       string
	Until        time.Time // when the invitations go out; zero: at once
	Clock        string    // the place on whose clock its times were taken that came without a zone; empty: they came with one
	On           time.Time // the date that does not take place
	// Change is how its owner changes it who answers: "lines" (in answer to this mail), "calendar" (there); empty: not by this. When is its time as a line has it; empty: it
	// takes whole days.
	Change, When string
}

// EventFaults is what the text "event-faults" is written from: why a mail is no event.
type EventFaults struct {
	Faults  []string  // sentences without a full stop
	Example time.Time // when an event may be
	Edit    bool      // it was to change one that waits, by who decides on it
	Change  bool      // it was to change one of their own
	Place   Place
}

// EventIndex is what the text "events" is written from: all that is to come.
type EventIndex struct {
	Events  []Coming
	Further int // how many more there are
	Example time.Time
	Feed    string // where a calendar program reads them; empty: nobody's does, or each member has an address of their own
	OwnFeed bool   // the reader may ask for one
	Place   Place
}

func eventDraftSamples() (all []any) {
	doubts := []EventDoubt{{Kind: "zone"}, {Kind: "fixed"}, {Kind: "dates"}, {Kind: "rule"}, {Kind: "range"}, {Kind: "floating"}}
	for _, remark := range []string{"unread", "changed", "waits"} {
		for _, state := range []string{"new", "changed"} {
			all = append(all, EventDraft{Event: Coming{State: state}, Changes: []string{"time", "end", "place", "title", "dates", "about", "presenters", "register", "places", "cancelled"}, Doubts: doubts, Remark: remark})
		}
	}
	return all
}

func eventToldSamples() (all []any) {
	for _, what := range []string{"waits", "announced", "declined", "change waits", "changed", "change declined", "withdrawn", "cancelled", "date cancelled", "same", "taken", "ours", "config date", "gone",
		"over", "expired", "back", "twice"} {
		all = append(all, EventTold{Events: []ToldEvent{{What: what}}}, EventTold{Events: []ToldEvent{{What: what, Change: "lines", When: "2026-03-17 15:00"}}}, EventTold{Events: []ToldEvent{{What: what, Change: "calendar"}}})
	}
	all = append(all, EventTold{Events: []ToldEvent{{What: "off"}}}, EventTold{Events: []ToldEvent{{What: "off", Before: "declined"}}}, EventTold{Events: []ToldEvent{{What: "no date"}}})
	for _, before := range []string{"approved", "declined"} {
		all = append(all, EventTold{Events: []ToldEvent{{What: "before", Before: before}}})
	}
	return append(all, EventTold{Events: []ToldEvent{{What: "waits"}, {What: "same"}}})
}
