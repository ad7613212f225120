package list

import "time"

// Outgoing is one message in the outbox: a post on its way to the members of its list, or mail for a few named recipients.
type Outgoing struct {
	ID   uint64 // in order of acceptance
	List uint32 // zero: the site's own
	Post uint32 // zero: not a post
	// Address is the list's address at acceptance, for logs and rows; empty: the site's.
	Address    string
	Ref        Ref
	Style      Style
	ReturnPath string // reverse-path of every copy; empty is <>
	// Forward is set for mail that is passed on to people as it came (owners, admin): only trace fields are added.
	Forward bool
	// Recipients are whom it is for; empty: the members of List up to number MaxMember who receive it when their copy is claimed.
	Recipients []string
	MaxMember  uint32
	Except     string // address that gets no copy (the author, where the list says so); compared without case
	EightBit   bool   // content has octets over 127
	UTF8       bool   // header has octets over 127: needs SMTPUTF8
	Special    bool   // a moderator has marked it special: it goes to members in ModeSpecial, too
	Size       int64  // octets of the content, about: for SIZE
	Accepted   time.Time
	State      OutState
	// Topic is the topic at acceptance, zero: none; where the post is in another by now, that one counts. First says that it began the topic.
	Topic uint32
	First bool
	// Only are the numbers of the members it is for, rising, whatever mode they are in but ModeNoMail; nil: those whose mode and interest asks for it.
	Only []uint32
	// Digest says that it is a mail of the schedule's to members, made of posts up to Post, and no post itself: it goes out as it is, with the fields that
	// name the list.
	Digest bool
	// Kind is what the schedule calls it ("weekly", "thanks", "draft"); empty: a post, or a notice.
	Kind string
	// Bare says that the post is text alone, so that its light form is the whole.
	Bare bool
	// Direct are the numbers of the members who stand in To or Cc.
	Direct []uint32
	// Elsewhere are the outgoings of the same message on other lists, which were accepted before.
	Elsewhere []uint64
}

// Personal reports whether every copy is one member's own.
func (o *Outgoing) Personal() bool { return o.Style.Personal && len(o.Recipients) == 0 }

// OutState is where an Outgoing stands.
type OutState string

// The states of an Outgoing.
const (
	OutWaiting OutState = "waiting" // copies are due, or will be
	OutPoison  OutState = "poison"  // making its copies failed again and again: waits for a person
	OutDone    OutState = "done"    // every copy was delivered, failed or dropped
)

// Copy is one recipient's copy of an Outgoing.
type Copy struct {
	Number   uint32 // the member's number, or the position in Recipients from 1
	Address  string
	Attempts int // how often it was tried before
	// Generation is that of the member's marks.
	Generation uint32
	// Light is set for the form without attachments.
	Light bool
}

// Personal is what one member's copy has of its own.
type Personal struct {
	ReturnPath string
	// Fields are whole header fields with CRLF ends, to stand behind the first field of the message; List-Unsubscribe and
	// List-Unsubscribe-Post, no other.
	Fields []byte
}

// Claim is what one worker delivers next: copies of one message for one next hop. It is the worker's until it settles or releases it;
// if the process dies first, the copies are claimable again.
type Claim struct {
	ID     uint64
	Out    Outgoing
	Hop    string
	Copies []Copy
}

// Outcome is what became of one copy.
type Outcome string

// The outcomes.
const (
	Delivered Outcome = "delivered" // the next hop took responsibility
	Deferred  Outcome = "deferred"  // try again at Due
	Failed    Outcome = "failed"    // never try again
	Dropped   Outcome = "dropped"   // by an admin's command
)

// Settled is the result for one copy of a claim.
type Settled struct {
	Copy
	Outcome Outcome
	Status  string    // the reply or error in one line, ASCII; may be empty for Delivered
	Due     time.Time // of Deferred
}

// QueueRow is one copy that is still to be delivered, or failed: what queue ls and explain show.
type QueueRow struct {
	ID        string // "<outgoing>-<number>"
	Outgoing  uint64
	List      string
	Recipient string
	Attempts  int
	Next      time.Time // zero: as soon as there is a connection
	Status    string
	State     string // waiting, paused, poison, failed, delivered, dropped
	// Light says that it is the form without attachments, by the settings that its member has now.
	Light bool
}
