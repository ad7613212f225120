package list

import (
	"context"
	"strings"

	"convene/list/message"
)

// Kind is what an address of ours is for.
type Kind string

// The kinds of address that this version takes mail for.
const (
	KindPost        Kind = "post"        // peers@
	KindOwner       Kind = "owner"       // peers+owner@
	KindModerators  Kind = "moderators"  // peers+moderators@
	KindBounce      Kind = "bounce"      // peers+bounce@: return path of shared copies and notices
	KindAdmin       Kind = "admin"       // postmaster@, abuse@, mailer-daemon@
	KindLeave       Kind = "leave"       // peers+leave-TOKEN@: ends the membership that the token names
	KindCommand     Kind = "command"     // peers+subscribe@, peers+settings@, peers-request@ …: does what its Word says
	KindConfirm     Kind = "confirm"     // peers+confirm-TOKEN@: answers a confirmation
	KindHeldAnswer  Kind = "held"        // peers+held-TOKEN@: a moderator's answer to a notice about held posts
	KindFacilitator Kind = "facilitator" // peers+facilitator@: who facilitates the running discussion, else the owners
	KindCore        Kind = "core"        // peers+core@: the core group
	KindSchedule    Kind = "schedule"    // peers+plan@, peers+anonymous@, and +draft-TOKEN@, +plan-TOKEN@, +rsvp-TOKEN@: for Engine.Schedule
	KindBounceMark  Kind = "mark"        // peers+bounce-TOKEN@: return path of one member's copy of one post
)

// Target is what a recipient address of ours turned out to be.
type Target struct {
	Kind    Kind
	List    *List  // nil for KindAdmin
	Address string // as in RCPT TO, domain in lower case
	Word    string // of KindSchedule: "plan", "anonymous", "draft", "rsvp"; of KindCommand: "subscribe", "settings", "mute-12", …; wordRequest for -request@
	Token   string // of KindLeave, KindBounceMark, KindConfirm, KindHeldAnswer and, where it has one, KindSchedule, in lower case
}

// String is the address as logs may show it.
func (t Target) String() string { return WithoutToken(t.Address) }

// Nameless reports whether nothing may tell who wrote there: no log has the sender of such a mail, and nothing of it is kept but its words.
func (t Target) Nameless() bool {
	return t.Kind == KindSchedule && t.Word == "anonymous" && t.Token == ""
}

// WithoutToken is an address as logs may show it: a token in it, good or not, is left out.
func WithoutToken(address string) string {
	name, word, _ := strings.Cut(address, "+")
	word, token, ok := strings.Cut(word, "-")
	token, domain, _ := strings.Cut(token, "@")
	if !ok || len(token) < tokenLength {
		return address
	}
	return name + "+" + word + "-…@" + domain
}

// Incoming is one message as a transport hands it to the engine.
type Incoming struct {
	Envelope
	Targets []Target // at least one; of one list at most
	Raw     []byte   // content with CRLF line ends and without dot-stuffing; the engine keeps it
	// Auth finds out whether the sender is who they say. It is called at most once, and only when a rule or a step needs the answer.
	// nil means that nothing can be found out.
	Auth func(context.Context, *message.Message) Authentication
	// Policy looks up what the From domain asks of receivers, where a step needs it and Auth has not said it: Strict and PolicyWhy of an
	// Authentication. nil means that nobody can be asked.
	Policy func(ctx context.Context, domain string) (strict bool, why string)
	// Also is done in the transaction that takes the message, where there is one: in that which keeps a post or a report, passes mail on, or confirms. What
	// else is asked by mail is as well done twice. It touches nothing but its Tx. nil: nothing.
	Also func(Tx) error
}

// also does what is to be done together with taking the message.
func (in *Incoming) also(tx Tx) error {
	if in.Also == nil {
		return nil
	}
	return in.Also(tx)
}

// Receipt is the answer to a message that was taken: responsibility for it is ours.
type Receipt struct {
	ID     string // the envelope's
	Action string // accept, hold, discard, forward; leave, report, confirm, decide, command: of what went to a mark, to a secret or to commands, and nowhere else
}
