package list

import (
	"context"

	"convene/list/message"
)

// Kind is what an address of ours is for.
type Kind string

// The kinds of address that this version takes mail for.
const (
	KindPost       Kind = "post"       // peers@
	KindOwner      Kind = "owner"      // peers+owner@
	KindModerators Kind = "moderators" // peers+moderators@
	KindBounce     Kind = "bounce"     // peers+bounce@: return path of shared copies and notices
	KindAdmin      Kind = "admin"      // postmaster@, abuse@, mailer-daemon@
)

// Target is what a recipient address of ours turned out to be.
type Target struct {
	Kind    Kind
	List    *List  // nil for KindAdmin
	Address string // as in RCPT TO, domain in lower case
}

// Incoming is one message as a transport hands it to the engine.
type Incoming struct {
	Envelope
	Targets []Target // at least one; of one list at most
	Raw     []byte   // content with CRLF line ends and without dot-stuffing; the engine keeps it
	// Auth finds out whether the sender is who they say. It is called at most once, and only when a rule or a step needs the answer.
	// nil means that nothing can be found out.
	Auth func(context.Context, *message.Message) Authentication
}

// Receipt is the answer to a message that was taken: responsibility for it is ours.
type Receipt struct {
	ID     string // the envelope's
	Action string // accept, hold, discard, forward
}
