package list

// BounceReport is what a mail to a return path says happened, as whoever knows the formats reads it (mailer.ReadBounce). It proves nothing: what
// counts is which mark it came to, and what we sent.
type BounceReport struct {
	Kind BounceKind
	// Events are one for each address it speaks of; a failure of which it names nobody has one without Address.
	Events []BounceEvent
	// MessageID and EnvelopeID are of the message that it is about, if it says so; without brackets.
	MessageID, EnvelopeID string
	// ReturnPath is where that message was sent from (RFC 5321 §4.4), as the report or what is enclosed says, and Unsubscribe is its List-Unsubscribe
	// field: marks of ours stand in them, also where a feedback report has blackened out all addresses.
	ReturnPath, Unsubscribe string
	// Format names what was recognised, for explain: "rfc3464", "qmail", "exim", "arf".
	Format string
}

// BounceKind is what sort of mail came back.
type BounceKind string

// The kinds.
const (
	BounceFailure   BounceKind = "failure"
	BounceDelay     BounceKind = "delay"     // it is still being tried
	BounceDelivered BounceKind = "delivered" // delivered, relayed or expanded
	BounceComplaint BounceKind = "complaint" // a feedback report of abuse (RFC 5965)
	BounceAutoReply BounceKind = "auto-reply"
	BounceUnknown   BounceKind = "unknown"
)

// BounceEvent is what happened to one recipient.
type BounceEvent struct {
	Address string // as the report names it; empty: it does not
	Status  string // enhanced code (RFC 3463), "5.1.1"; empty: none was given or found
	Code    int    // of the SMTP reply; zero: none
	Text    string // the diagnostic in one line
	Class   BounceClass
}

// BounceClass is what a failure means for a member.
type BounceClass string

// The classes.
const (
	ClassNone    BounceClass = ""        // no failure
	ClassHard    BounceClass = "hard"    // the address does not work
	ClassSoft    BounceClass = "soft"    // it did not work this time
	ClassContent BounceClass = "content" // this message was too large, or not wanted for what is in it
	ClassPolicy  BounceClass = "policy"  // who sends is refused, whoever it is for
	ClassOurs    BounceClass = "ours"    // we did something wrong
)
