package list

import "time"

// Note is a notice that is owed to one person: kept in the transaction that gave the reason for it, so that a kill can lose neither or both. What
// it says is written when it is sent, which is at once: Engine.sendNotes makes the mail, the secret it asks for, and its record in the outbox
// in one transaction that ends the note.
type Note struct {
	ID   uint64 // in order of creation
	List uint32 // zero: the site's own
	// Text names the template: "welcome", "held". It is looked for in Language, then in the list's, then in English.
	Text     string
	To       string // whom it goes to
	ToName   string
	Language string // BCP 47; empty: the list's
	// Values are what the template may say beside the list's own facts. Lines divided by LF are allowed; nothing in them becomes a header field.
	Values map[string]string
	// Secret asks for an address that only this mail names, for the answer; nil: a reply goes to the owners.
	Secret *Secret
	// Enclosed is a message to attach as message/rfc822; zero: none.
	Enclosed Ref
	// InReplyTo and Thread are Message-IDs without brackets: what it answers, and what it stands under in a mail program (References).
	InReplyTo, Thread string
	// MessageID is its own, without brackets; empty: a new one. A fixed one puts later notes under it.
	MessageID string
	// Answers says that it answers a mail (auto-replied, RFC 3834 §5) and was not sent of our own accord (auto-generated).
	Answers bool
	// ReturnPath is where a bounce of it goes; empty: <>, as of nearly all notices. It never holds a secret: what answers a return path is
	// automatic.
	ReturnPath string
	Created    time.Time
	// Letter is what it says when package digest has written it; nil: the text named Text.
	Letter *Letter
}

// Letter is a mail that was written before it is sent. Where its texts, or what is attached, have ReplyPlace, the address for the answer stands when it goes out.
type Letter struct {
	Subject, Text, HTML string // LF line ends; HTML may be empty
	Language            string
	// Kind is what the schedule calls it: "draft", "thanks", "morning_note".
	Kind string
	// FromName is in whose name it comes; empty: the list's. Word names the address of the list that it comes from and that takes the answer, unless a
	// secret of its own does: "facilitator"; empty: the owners'.
	FromName, Word string
	// Answer is the address of the person whom an answer goes to, with AnswerName; empty: the address that it comes from.
	Answer, AnswerName string
	Attached           []Attached
	// Calendar is a calendar object that the mail is about (RFC 5545): the last form of its text, by which programs know an invitation (RFC 6047 §2.4), and attached
	// for those that look there. Method is the object's, "REQUEST". Nil: there is none.
	Calendar []byte
	Method   string
	// Enclosed are whole messages that follow the text in a multipart/digest (RFC 2046 §5.1.5).
	Enclosed [][]byte
}

// Attached is something that goes along with a letter.
type Attached struct {
	Name, Media string // "plan.ics", "text/calendar; method=PUBLISH"
	Content     []byte
}

// ReplyPlace stands in a Letter for the address that takes the answer: private characters that nobody writes.
const ReplyPlace = "\uE000reply\uE001"

// Purpose is what a Secret is for. One for one purpose is worth nothing for another.
type Purpose string

// The purposes.
const (
	ForConfirm Purpose = "confirm" // +confirm-TOKEN@ and /c/TOKEN: does what Data says for Address
	ForHeld    Purpose = "held"    // +held-TOKEN@: Address decides on the held post Subject
	ForAlso    Purpose = "also"    // the same, for a further address of a member
	ForInvite  Purpose = "invite"  // the same: Address is invited to join; Subject is the address's
	ForBack    Purpose = "back"    // the same: Address was a member, and comes back with their settings
	ForDraft   Purpose = "draft"   // +draft-TOKEN@: what becomes of a mail of the schedule; Data says which
	ForPlan    Purpose = "plan"    // +plan-TOKEN@: changes to the plan of a discussion; Data says which
	ForRSVP    Purpose = "rsvp"    // +rsvp-TOKEN@: whether somebody comes (also at /c/TOKEN), or answers first; Data says to what
	ForRemove  Purpose = "remove"  // the same: Address, an owner, removes a post, or its attachments
	ForProbe   Purpose = "probe"   // the reply to a probe: the address works
	ForSignIn  Purpose = "signin"  // /signin/c/TOKEN: signs Address in; Data is the path that was asked for
	ForFeed    Purpose = "feed"    // /LIST/feed-TOKEN.ics: the calendar program of the member with the number Subject reads the events
	ForPosts   Purpose = "posts"   // /LIST/feed-TOKEN.atom: their feed reader reads the posts
	ForSession Purpose = "session" // what the browser of Address keeps while it is signed in
	ForMailbox Purpose = "mailbox" // what a mail program of Address signs in with, to read the lists; Subject is the address's
)

// Secret is a token that gives whoever has it a right: 128 random bits, of which only the SHA-256 is kept.
type Secret struct {
	Hash    [32]byte
	Purpose Purpose
	List    uint32
	Address string // whose it is
	Subject uint64 // of ForHeld: the id of the held post; of ForFeed and ForPosts: the member's number
	// Data is what a confirmation does, as the one who asked for it wrote it down.
	Data    []byte
	Expires time.Time
	// Spent says what was decided with it, or with another for the same thing, in words for whoever answers late; empty: nothing yet.
	Spent string
	// Note is the notice that it went out in, without its own Secret, so that it can be sent again with another token when this one has leaked;
	// nil: as long as it has not gone out, and where it is not sent again.
	Note *Note
}

// Asking is one confirmation that somebody was asked for: for which list, and when. The caps on such mail are counted from them.
type Asking struct {
	List uint32
	At   time.Time
}
