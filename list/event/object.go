package event

import "time"

// Method says what a calendar object is for (RFC 5546 §1.4). Empty: it is a file, and asks nothing.
type Method string

// The methods.
const (
	Request        Method = "REQUEST"
	Publish        Method = "PUBLISH"
	Cancel         Method = "CANCEL"
	Reply          Method = "REPLY"
	Counter        Method = "COUNTER"
	Refresh        Method = "REFRESH"
	Add            Method = "ADD"
	DeclineCounter Method = "DECLINECOUNTER"
)

// PartStat is what somebody answered to an invitation (RFC 5545 §3.2.12).
type PartStat string

// The answers.
const (
	NeedsAction PartStat = "NEEDS-ACTION" // none yet
	Accepted    PartStat = "ACCEPTED"
	Declined    PartStat = "DECLINED"
	Tentative   PartStat = "TENTATIVE"
	Delegated   PartStat = "DELEGATED"
)

// Object is a calendar object, as a mail or a file brings it (RFC 5545 §3.4).
type Object struct {
	Method  Method
	Product string         // the program that wrote it
	Name    string         // of the calendar; empty: none
	Zone    *time.Location // that of the calendar (X-WR-TIMEZONE); nil: not said, or nobody knows it
	Items   []Item         // in the order of the file, one for each UID; at least one
	Faults  []*Fault       // of events that could not be read, which are left out
}

// Item is one event of a calendar object, with what the object says beside it.
type Item struct {
	Event *Event
	// Partial says that the object brings single dates of a series that it does not bring: those in Event.Changed. Event is then as the first of them.
	Partial    bool
	Stamp      time.Time // when this was written (DTSTAMP); zero: not said
	SentBy     string    // the address that acts for Event.Organiser; empty: nobody does
	Guests     []Guest   // at most 200
	GuestCount int       // how many there are in the file
	Comment    string
	Doubts     []Doubt // what had to be guessed

	replies []reply // of an object that answers
}

// Guest is somebody an event's invitation names (RFC 5545 §3.8.4.1).
type Guest struct {
	Person
	Status PartStat // NeedsAction where nothing is said
	SentBy string   // the address that answered for them; empty: they did
	Role   string   // such as REQ-PARTICIPANT or CHAIR; empty: not said
	RSVP   bool     // an answer is asked for
}

// Doubt is something that was read by guessing. Who decides about a submission may want to know.
type Doubt struct {
	Kind DoubtKind
	Text string
}

// DoubtKind says what was guessed.
type DoubtKind string

// What may be guessed. Behind each stands what Text is.
const (
	UnknownZone DoubtKind = "zone"     // a time zone that nobody knows: its times were taken as those of the event, or of the list
	GuessedZone DoubtKind = "fixed"    // a time zone that is none of the world's: the zone of its name was taken, or its time on the event's date for all dates
	LostDates   DoubtKind = "dates"    // a property (EXDATE, RDATE, RECURRENCE-ID) of which something could not be read
	LostRule    DoubtKind = "rule"     // a further rule (RRULE, EXRULE) beside the first, which was left out
	TwoLasts    DoubtKind = "ends"     // the rule, which says both how often and until when: until when was taken
	NoZone      DoubtKind = "floating" // times that are meant wherever one is: whoever took them put them on a clock
	WideChange  DoubtKind = "range"    // nothing: a change of one date was meant for all dates behind it too, and was taken for the one
)
