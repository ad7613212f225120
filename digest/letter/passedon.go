package letter

import "convene/digest/plan"

// PassedOn is what the texts "passed-on", to a person, and "passed-told", to who wrote, are written from: what somebody answered that fits no verb.
type PassedOn struct {
	Name, Address string // who wrote
	Subject, Text string // of their mail
	Files         int    // how many files go along
	Known         bool   // it also had a word that was understood, and counts
	Place         Place
	Voice         plan.Person // whom it goes to
}
