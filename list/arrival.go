package list

import (
	"time"

	"convene/list/message"
)

// Envelope is what SMTP said about one message, beside its content.
type Envelope struct {
	ID       string // ours, unique: stands in Received, in the reply and in every log line
	From     string // the return path; empty is the null reverse-path <>
	Helo     string
	IP       string // the client's address, or what XFORWARD said it was; empty: unknown
	Protocol string // for Received (RFC 3848): ESMTP, ESMTPS, LMTP, UTF8SMTP, …; "local" for what the command line hands in
	// Relay is true when a trusted relay handed the message in: its Authentication-Results and spam_header are believed.
	Relay bool
	// Authenticated is true for what was handed in by the command line: its From is believed.
	Authenticated bool
	Received      time.Time
}

// ByIMAP is the Protocol of mail that was fetched from a hosted mailbox. Nobody waits for an answer to it: it cannot be refused.
const ByIMAP = "IMAP"

// Result is one verdict of RFC 8601: "pass", "fail", "none", "temperror", "permerror", "neutral", "softfail", "policy". Empty: not asked.
type Result string

// The verdicts that rules look at.
const (
	Pass      Result = "pass"
	Fail      Result = "fail"
	None      Result = "none"
	TempError Result = "temperror"
)

// Authentication is what is known about whether the From of a message is true.
type Authentication struct {
	SPF, DKIM, DMARC Result
	// SPFAligned and DKIMAligned say that a pass was for the From domain, or one of the same organisation.
	SPFAligned, DKIMAligned bool
	// Signers are the domains of the signatures by which DKIMAligned is true, in lower case with spaces between them, but for those of which another
	// signature failed.
	Signers string
	// Policy is the published DMARC policy that applies: "none", "quarantine", "reject"; empty: no record, or not known.
	Policy string
	// Strict says that receivers may refuse mail in the name of the From domain that nothing authenticates: its policy asks for it, or DNS did not
	// say what it asks for. PolicyWhy is what said so, for people; empty: nobody asked.
	Strict    bool
	PolicyWhy string
	// Source says who found it: "engine", the authserv-id believed, or "local".
	Source string
	// Detail is the Authentication-Results text behind our own authserv-id, for the trace and for people.
	Detail string
	// Results is what an ARC set says of it (RFC 8617 §4.1.1), behind the instance: it ends in what has become of the chain of sets that came with
	// the message, "arc=none", "arc=pass" or "arc=fail". Empty: nobody seals, or the chain could not be looked at.
	Results string
}

// OK reports whether the sender is authenticated: DMARC passes, or an aligned DKIM or SPF result passes where no policy is published.
func (a Authentication) OK() bool {
	if a.DMARC == Pass {
		return true
	}
	return a.DMARC == None && (a.DKIM == Pass && a.DKIMAligned || a.SPF == Pass && a.SPFAligned)
}

// FailsPolicy reports whether DMARC fails where the domain asks receivers to act on it.
func (a Authentication) FailsPolicy() bool {
	return a.DMARC == Fail && (a.Policy == "quarantine" || a.Policy == "reject")
}

// Arrival is one message at one list with every fact that a rule may ask for. Rules read it and nothing else.
type Arrival struct {
	Site     *Site
	List     *List
	Envelope *Envelope
	Message  *message.Message
	Now      time.Time

	From     message.Mailbox // the one mailbox of From; zero when there is none
	FromErr  error           // why From has no single mailbox
	GuardErr error           // which limit of message.Limits the raw bytes break, or what is malformed in them
	Auth     Authentication

	// What the store says.
	Closed      bool    // closed by command
	Member      *Member // nil: not a member
	Roles       []Role  // of the config and of the store
	Banned      string  // the pattern that bans the sender; empty: none
	Duplicate   bool    // same Message-ID and content was here before
	SameID      bool    // same Message-ID with other content was here before
	TopicID     uint32  // the topic it would join; zero: a new one
	TopicLocked bool
	TopicHeld   bool // posts to this topic are moderated
	Tagged      bool // its subject asks for it to be special, in the name of somebody who may say so
	Marks       int  // marks of ours that stood in it and were overwritten
	MarksSealed bool // marks of ours stand where nothing may be changed
	MarksMany   bool // it has more of what may be marks than is looked at

	said     string // what text returned before
	saidRead bool
}

// textLimit is how much of a post's text the rules look at, in octets.
const textLimit = 16 << 10

// text is the beginning of what the message says. It is read once, however many rules ask for it.
func (a *Arrival) text() string {
	if !a.saidRead {
		a.said, a.saidRead = a.Message.Text(textLimit), true
	}
	return a.said
}
