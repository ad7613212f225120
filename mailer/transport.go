package mailer

import (
	"context"
	"errors"
)

// A Transport brings messages to next hops. Its methods are called from many goroutines. SMTP, Maildir and Routes are the ones there are.
type Transport interface {
	// Hop names the next hop for a recipient domain (lower case). Domains with the same hop share connections, claims and back-off.
	Hop(domain string) string
	// Dial opens a connection to a hop, ready for Send. An error means that the hop cannot be used now, never that a message is at fault;
	// one that wraps ErrCredentials means that it cannot be used until a person changes the configuration. Dial ends early with ctx.
	Dial(ctx context.Context, hop string) (Conn, error)
}

// A Conn is a connection to one hop. One goroutine uses it, but for Abort.
type Conn interface {
	// Send carries out one transaction and writes what became of recipient i into verdicts[i], which it gets zeroed. An error means that
	// the connection is of no more use and has to be aborted; the verdicts hold nevertheless. next, unless it is nil, is what will be sent
	// after it: its envelope may go out behind the content of t, but nothing of its own content before it is sent. It must not change until
	// then; whoever does not send it has to Quit or Abort.
	Send(t, next *Transaction, verdicts []Verdict) error
	// MaxRecipients is how many recipients the hop takes in one transaction; zero: it did not say.
	MaxRecipients() int
	// EightBit reports whether the hop takes content with octets over 127 (8BITMIME, RFC 6152).
	EightBit() bool
	// UTF8 reports whether it takes headers and addresses beyond ASCII (RFC 6531).
	UTF8() bool
	// Quit ends the connection politely. It may wait for the peer for a few seconds.
	Quit()
	// Abort closes the connection at once, whatever it is doing. Any goroutine may call it, more than once.
	Abort()
}

// Transaction is one message for some recipients of one hop: Head and then Content.
type Transaction struct {
	From string   // the reverse-path; empty is <>
	To   []string // forward-paths, all different
	// EnvelopeID is what a DSN is to name the transaction by (RFC 3461 §4.4), of printable ASCII; empty: none.
	EnvelopeID string
	// Head are whole header fields in ASCII with CRLF ends that stand before Content: signatures, and what is one recipient's own. May be empty.
	Head    []byte
	Content *Content
}

// size is the message's length in octets as RFC 1870 counts it.
func (t *Transaction) size() int64 { return int64(len(t.Head)) + t.Content.Size() }

// Verdict is what became of one recipient in a transaction.
type Verdict struct {
	Fate   Fate
	Status string // the reply or the error in one line of ASCII
	Sender bool   // refused at MAIL: whoever it is for
}

// Fate is the kind of a Verdict.
type Fate uint8

// The fates. The zero value is the one that is safe to assume before anything was said.
const (
	Undone   Fate = iota // certainly not delivered, for no reason of its own: the connection ended before the message was complete
	Lost                 // the connection ended after the message was complete and before it was answered: nobody knows
	Accepted             // the hop took responsibility
	Later                // refused for now (4yz)
	Never                // refused for good (5yz, or what the hop can never be sent)
	Again                // put off to a transaction of its own, at once (452 or 552 after others were accepted; RFC 5321 §4.5.3.1.10)
)

// ErrCredentials is wrapped by errors that only a change of the configuration can end: the hop refuses our credentials, or cannot be given
// them safely. Copies are not failed for it.
var ErrCredentials = errors.New("credentials")

// NoRouteError is Dial's answer for a hop that no mail can be brought to, as DNS says for certain: copies for it fail with Status.
type NoRouteError struct {
	Status string // begins with the enhanced code (RFC 3463)
}

// Error implements error.
func (e *NoRouteError) Error() string { return e.Status }

// Routes sends some recipient domains to hops of their own and all others by another transport.
type Routes struct {
	// Next maps a recipient domain (lower case) to the host:port that takes its mail.
	Next map[string]string
	// SMTP brings mail to the hosts of Next.
	SMTP *SMTP
	// Rest takes every domain that is not in Next.
	Rest Transport
}

// Hop implements Transport.
func (r *Routes) Hop(domain string) string {
	if hop, ok := r.Next[domain]; ok {
		return hop
	}
	return r.Rest.Hop(domain)
}

// Dial implements Transport.
func (r *Routes) Dial(ctx context.Context, hop string) (Conn, error) {
	for _, next := range r.Next {
		if next == hop {
			return r.SMTP.Dial(ctx, hop)
		}
	}
	return r.Rest.Dial(ctx, hop)
}
