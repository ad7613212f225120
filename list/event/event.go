// Package event is what an event of a list is: a date that people of the list come together at, on the telephone, on a screen or in a room, and what
// a calendar program has to be told of it.
//
// An event is a value that was read from the config, or made of what a member submitted; who it invites and who answered is in the store. Nothing here reads or sends mail, keeps anything or
// looks at a clock: now comes in. Times are instants in the zone of the event's list, so that they print as they were written.
//
// It knows RFC 5545 (iCalendar) and RFC 5546 (iTIP) as far as an event of a list needs them: Read makes events of what a mail or a file brings, whoever wrote
// it, and Calendar writes one. Dates says when an event takes place that does so again and again.
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
	Start      time.Time // in the list's zone, or the one whose clock the dates of a series keep to; Zone knows its name
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

	About     Texts  // what it is about, in a few lines
	UID       string // what calendar programs know it by; empty: one made of ID and List
	Organiser Person // who offers it; zero: the list
	// From is the address that calendar programs know as its organiser, which stays when its list gets another one; empty: that of List for events.
	From string
	// AllDay says that it takes whole days: Start is the midnight that the first begins with, and Length a number of days of 24 hours. Floating says that it
	// takes place at its time of day wherever somebody is (RFC 5545 §3.3.5): Start has that time in the list's zone.
	AllDay, Floating bool
	// Rule is by which it takes place again, an RRULE without its name (RFC 5545 §3.3.10); empty: it takes place once. Except are dates of the rule on which it does
	// not, Extra further ones, and Changed those on which something of it is otherwise.
	Rule          string
	Except, Extra []time.Time
	Changed       []Instance
	Cancelled     bool
	Sequence      int // counts the changes that who was invited had to be told of

	Rounds         int
	RoundQuestions []Texts
	TableSize      int
	ExpectShow     float64
}

// Instance is one date of an event that takes place more than once, as far as it is otherwise than the rest (RFC 5545 §3.8.4.4).
type Instance struct {
	Of         time.Time // when it would start by the rule
	Start      time.Time // when it starts; zero: as the rule has it
	Length     time.Duration
	Title      Texts  // nil: as ever
	Where      string // empty: as ever
	About      Texts
	Presenters []Person
	Cancelled  bool
}

// Person is somebody with a name and an address; the name may be empty.
type Person struct{ Name, Address string }

// Check says what is the matter with when the event takes place, if anything: that it has no start, that it takes too long, or that its rule cannot be followed.
func (e *Event) Check() error {
	switch {
	case e.Start.IsZero():
		return fault(NoStart, "")
	case e.Length < 0:
		return fault(EndsFirst, "")
	case e.Length > maxLength:
		return fault(TakesLong, "")
	case e.Rule == "":
		return nil
	}
	r, f := readRule(e.Rule)
	switch {
	case f != nil:
		return f
	case r.both:
		return fault(TwoEnds, e.Rule)
	case !r.matches(wallOf(e.Start)):
		return fault(NeverOn, e.Rule)
	}
	return nil
}

// End is when it is over.
func (e *Event) End() time.Time { return e.Start.Add(e.Length) }
