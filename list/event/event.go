// Package event is what an event of a list is: a date that people of the list come together at, on the telephone, on a screen or in a room, and what
// a calendar program has to be told of it.
//
// An event is a value that was read from the config; who it invites and who answered is in the store. Nothing here reads or sends mail, keeps anything or
// looks at a clock: now comes in. Times are instants in the zone of the event's list, so that they print as they were written.
//
// It knows RFC 5545 (iCalendar) as far as one event needs it: Calendar writes one.
package event

import "time"

// Format says what happens at an event.
type Format string

// The formats.
const (
	WorldCafe     Format = "world_cafe"      // rounds at small tables
	LunchAndLearn Format = "lunch_and_learn" // one presenter, few people
	Meeting       Format = "meeting"         // anything else
)

// Texts is a text by language (BCP 47); under the empty language is what was written without one.
type Texts map[string]string

// In is the text in the first of these languages that it is in; failing them all what was written without one, else in English, else any, by the order
// of their tags. Of a tag such as pt-BR the language alone (pt) counts when the whole is not there.
func (t Texts) In(languages ...string) string { return pick(t, languages) }

// Event is one event.
type Event struct {
	ID         string
	List       string // posting address
	Discussion string // id of the discussion that it belongs to; empty: none
	Title      Texts
	Start      time.Time // in the list's zone
	Length     time.Duration
	Format     Format
	Where      string    // a link or a place
	RegisterBy time.Time // zero: until it starts
	Invite     time.Duration
	Reminders  []time.Duration
	Agenda     []Texts
	Presenters []Person
	Places     int // zero: no limit
	Languages  []string

	Rounds         int
	RoundQuestions []Texts
	TableSize      int
	ExpectShow     float64
}

// Person is somebody with a name and an address; the name may be empty.
type Person struct{ Name, Address string }

// End is when it is over.
func (e *Event) End() time.Time { return e.Start.Add(e.Length) }
