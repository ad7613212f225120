package mailer

import (
	"log/slog"
	"time"

	"convene/list"
	"convene/list/message"
)

// Outbox is where a Courier gets its work from. Its methods are called from many goroutines.
type Outbox interface {
	// Claim gives copies of one message for one hop, up to max: whose due time is not after now, and whose hop is ready. hop names the
	// next hop of a recipient's domain. The two functions may be called often, and take no longer than a lock. ok is false when there is
	// nothing to claim. What was claimed is not given again until it is settled or released, or the process ends.
	Claim(now time.Time, hop func(domain string) string, ready func(hop string) bool, max int) (claim list.Claim, ok bool, err error)
	// Settle records what became of copies of a claim: all of them, or a part. Attempts of the results are as they were claimed. results are
	// only good until it returns.
	Settle(now time.Time, claim uint64, results []list.Settled) error
	// Release makes what was not settled of a claim claimable again, as if it had never been claimed.
	Release(claim uint64)
	// NextDue is when a copy comes due that was not yet due at the last Claim; false: there is none.
	NextDue() (time.Time, bool)
	// Wake returns a channel that can be received from when there is something new to claim.
	Wake() <-chan struct{}
	// Reroute says that hop answers otherwise from the next Claim on.
	Reroute()
	// Poison sets a message aside until a person has looked at it.
	Poison(outgoing uint64, reason string) error
}

// Source makes finished messages.
type Source interface {
	// Copy returns the message as it is sent, with CRLF line ends and without dot-stuffing: the same octets every time. An error that wraps
	// list.ErrBroken stops the courier; any other, and a panic, is the message's own fault.
	Copy(out list.Outgoing, form list.Form) (message.Pieces, error)
	// Personal returns what the copy of one member has of its own, the same octets every time. It is called for each copy of an Outgoing
	// that is Personal, by many goroutines.
	Personal(out *list.Outgoing, copy *list.Copy) (list.Personal, error)
}

// Delivery is how a Courier delivers: the [delivery] section of the configuration. A zero number means what is said at the field.
type Delivery struct {
	Transport Transport
	// Connections is how many connections are open at once; 20.
	Connections int
	// PerHop is how many of them go to one hop; 4.
	PerHop int
	// Recipients is how many recipients a transaction has at most; 100. A hop may ask for fewer.
	Recipients int
	// Signer signs what leaves; nil: nothing is signed.
	Signer *Signer
	// Hostname is whose domain signs what belongs to no list.
	Hostname string
	// Rate limits recipients over all hops. Waiting for it is no attempt.
	Rate Rate
	// Retry is the wait after each attempt, the last one repeating; 15 min, 30 min, 1 h, 2 h, 3 h. Each is taken within 10%.
	Retry []time.Duration
	// RetryFor is how long after a message was accepted it is tried; 5 days.
	RetryFor time.Duration
}

func (d Delivery) withDefaults() Delivery {
	for _, n := range []struct {
		field    *int
		standard int
	}{{&d.Connections, 20}, {&d.PerHop, 4}, {&d.Recipients, 100}} {
		if *n.field <= 0 {
			*n.field = n.standard
		}
	}
	if len(d.Retry) == 0 {
		d.Retry = []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour}
	}
	if d.RetryFor <= 0 {
		d.RetryFor = 5 * 24 * time.Hour
	}
	return d
}

// CourierOptions are what a Courier works with for its whole life. Outbox and Source must be there.
type CourierOptions struct {
	Outbox Outbox
	Source Source
	Log    *slog.Logger // nil: nothing is logged
	// Now is the clock of everything that is stored or scheduled; nil is time.Now.
	Now func() time.Time
	// Timer returns a channel that can be received from at that time by Now; nil is the real clock's. One for a clock that is moved by hand
	// may return nil, if Kick is called after each move.
	Timer func(at time.Time) <-chan time.Time
	// Observer is told what happens; its nil functions are not called.
	Observer Observer
	// Jitter gives numbers in [0,1), from many goroutines; nil is a random one.
	Jitter func() float64
	// Idle is how long a connection with nothing to do is kept, in real time; zero is 3 s.
	Idle time.Duration
}

// Observer is told what happens to deliveries. Its functions are called from many goroutines, without a lock held, and should be quick.
type Observer struct {
	// Settled gets what was settled of a claim. results are only good until it returns.
	Settled func(claim *list.Claim, results []list.Settled)
	// Tripped: a hop refuses one post for policy, whoever it is for. What is left of it waits, and so does other mail for that hop.
	Tripped func(out list.Outgoing, hop, status string)
	// Frozen: a hop refuses our credentials, or cannot be given them. Mail for it waits until the configuration is changed.
	Frozen func(hop, status string)
}
