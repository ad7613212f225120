package letter

import "time"

// Presenting is what the texts "presenting" and "presenter-reminder" are written from: what became of an offer to present on a date of a series, and what who presents
// has to know of it.
type Presenting struct {
	Event Coming   // the date alone
	Links []string // to it, as in Reminder
	Date  string   // "2026-04-07", as an answer names it
	Days  int      // until then, rounded
	// Coming and Waiting are how many people have a place, and how many wait for one.
	Coming, Waiting int
	Name            string // who presents
	// Said is what became of it: "presents", "back" (they do not any more), "taken" (by Name), "not theirs" (they did not present), "unknown" (on that date it does not take
	// place), "over", "ask" (nothing shows that it is theirs), "nobody" (to who facilitates: the date has no presenter),
	// "which" (they name no date), "asked" (Name, who offers the event, says that they present; empty: somebody does).
	Said    string
	Back    bool // they took it back, as far as they are asked whether they did
	Free    []FreeDate
	Place   Place
	Answers string // the Message-ID of the mail that it answers
}

// FreeDate is one on which nobody presents.
type FreeDate struct {
	At   time.Time
	Date string // "2026-04-07"
}

// Going is what the text "going" is written from: who comes to an event, in the order of their names.
type Going struct {
	Event               Coming // the date alone
	Yes, Maybe, Waiting []Guest
	No                  int
	Place               Place
}

// Guest is somebody who answered.
type Guest struct {
	Name, Address      string // Address is empty where the reader is not to know it
	Hosts, Notes, Mail bool   // what they offered, and that they take part by mail
	Comment            string
}

func presentingSamples() (all []any) {
	for _, said := range []string{"presents", "back", "taken", "not theirs", "unknown", "over", "ask", "nobody", "which", "asked"} {
		all = append(all, Presenting{Said: said})
	}
	return all
}
