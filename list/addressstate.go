package list

import "time"

// AddressState is what is known of an address that mail could not be delivered to, over all lists: it is the address that works or does not, and
// not the membership. An address about which there is nothing to say has none.
type AddressState struct {
	Address string // in lower case
	// State is Active while failures are only counted; Bouncing: no list mail, and probes; Disabled: those failed, too.
	State State
	// Since is when State became what it is; of an Active one, when it came back: what was mailed before says nothing any more. Zero: it was never
	// anything else.
	Since time.Time
	// Days are those on which it was mailed in vain, the oldest first. None before the last day on which all went well.
	Days []BounceDay
	// List is the one whose mail failed last, and Status what was said of it, in a line.
	List   uint32
	Status string
	// Probes are the questions whether it works that were sent since it is Bouncing, the oldest first. They are known for a while after it came back
	// because nothing was heard of one: some servers try for five days, and say so then.
	Probes []Probe
	// Complaints are the lists whose mail was reported as spam from there (RFC 5965). What brings the address back does not bring these back.
	Complaints []uint32
	// Due is when there is something to do about it; zero: never.
	Due time.Time
}

// BounceDay is one day, of UTC, on which an address was mailed and the mail failed. However often it did, it is one day.
type BounceDay struct {
	Day  time.Time // its first moment
	List uint32    // of the first failure
	Hard bool      // one of the failures at least was of ClassHard
}

// Probe is one mail that asks whether an address works.
type Probe struct {
	Sent     time.Time
	Failed   bool   // it came back, for a reason that is the address's
	Void     bool   // it says nothing: it came back for another reason, or never left; another one is sent in its place
	Outgoing uint64 // the mail; zero: it has not been written yet
	// List and Member, the number, are whom it was sent to.
	List, Member uint32
}

// AddressChange is something that the owners of a list are to be told of an address, once a day with all the others. List, At and Address name it.
type AddressChange struct {
	List    uint32
	At      time.Time
	Address string // as the member's record, or the config, has it
	What    ChangeKind
	Why     string // what a server said, in a line; empty: nobody said anything
}

// ChangeKind is what happened to an address.
type ChangeKind string

// The changes. They are on disk.
const (
	ChangeBouncing    ChangeKind = "bouncing"    // it gets no more mail until a probe shows that it works
	ChangeBack        ChangeKind = "back"        // it works again
	ChangeDisabled    ChangeKind = "disabled"    // all probes failed
	ChangeComplaint   ChangeKind = "complaint"   // its mail program called a post spam
	ChangeUnreachable ChangeKind = "unreachable" // it is an owner's or a moderator's, and a notice to it failed
)
