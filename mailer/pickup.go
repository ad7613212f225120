package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"

	"convene/list"
)

// PickupOptions are what a Pickup works with for its whole life. All but those that say what zero means must be there.
type PickupOptions struct {
	// Server is where the mailbox is: "imaps://imap.example.org" (port 993), or "imap://imap.example.org" (port 143), where TLS is begun by STARTTLS.
	// A server without TLS is spoken to on this machine only. Certificates are always verified.
	Server   string
	Username string
	Mailbox  string
	// Password is asked at every login, so that one that was changed is known without a restart.
	Password func() (string, error)
	// Store keeps how far the mailbox was read.
	Store    list.Store
	Receiver Receiver
	// Settings are asked for at every message, so that a reload holds from the next one on.
	Settings func() PickupSettings
	Log      *slog.Logger
	Now      func() time.Time // of what is stored
	Rand     io.Reader        // for the ids of messages
	// TLS is for the connection; nil: the roots of the system.
	TLS *tls.Config
	// Dial opens the connection; nil: TCP with keepalive.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Jitter gives numbers in [0,1); nil is a random one.
	Jitter func() float64
}

// PickupSettings are what may change under a running Pickup.
type PickupSettings struct {
	// MaxMessage is the largest message that is fetched, in octets; zero means 25 MiB.
	MaxMessage int64
	// Auth finds out who sent a message; nil: nobody does. Its AuthservID is whose results are believed of those that the host put into the header.
	Auth *Authenticator
}

// Pickup fetches list mail from a hosted mailbox over IMAP and hands it to a Receiver, as the SMTP server does: for lists without a server that
// others could hand mail to. How far the mailbox was read is stored in the transaction that takes a message, so that each is taken once, whatever
// is killed when. It deletes nothing: what was taken is marked as read, and what was not stays as it is for whoever looks.
type Pickup struct {
	PickupOptions
	ids  *IDs
	back backoff

	mu     sync.Mutex
	status PickupStatus
}

// PickupStatus is how a Pickup stands. Counts are since the start.
type PickupStatus struct {
	Server  string `json:"server"` // its name, without the port
	Mailbox string `json:"mailbox"`
	// Connected says that the mailbox is being watched.
	Connected bool `json:"connected"`
	// Looked is when the mailbox was last found to have nothing further; zero: not since the start.
	Looked time.Time `json:"looked"`
	// Problem is why it is not watched, in one line; empty while it is.
	Problem    string `json:"problem,omitempty"`
	Taken      uint64 `json:"taken"`
	Duplicates uint64 `json:"duplicates"` // had been taken before
	Refused    uint64 `json:"refused"`    // a server of our own would have refused them
	Left       uint64 `json:"left"`       // too large, or for nobody here
	Waiting    int    `json:"waiting"`    // to be tried again
}

const (
	// idleFor is how long one IDLE lasts: servers and the routers between may forget a connection that is quiet for 29 minutes, or five (RFC 2177), and
	// a connection that is dead is noticed at the end of it.
	idleFor = 4 * time.Minute
	// pollEvery is how often a server without IDLE is asked.
	pollEvery = time.Minute
	// answerWithin is how long one answer of the server may take.
	answerWithin = time.Minute
	// pickupPiece is how much of a message is asked for at once.
	pickupPiece = 256 << 10
)

// NewPickup makes a Pickup; nothing is connected before Run.
func NewPickup(o PickupOptions) *Pickup {
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Dial == nil {
		o.Dial = func(ctx context.Context, address string) (net.Conn, error) {
			d := net.Dialer{Timeout: answerWithin, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 15 * time.Second, Count: 4}}
			return d.DialContext(ctx, "tcp", address)
		}
	}
	p := &Pickup{PickupOptions: o, ids: NewIDs(o.Now, o.Rand)}
	p.back = backoff{steps: []time.Duration{2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}, jitter: o.Jitter}
	p.status = PickupStatus{Server: p.host(), Mailbox: o.Mailbox, Problem: "not connected yet"}
	return p
}

// host is the server's name.
func (p *Pickup) host() string {
	u, err := url.Parse(p.Server)
	if err != nil {
		return p.Server
	}
	return u.Hostname()
}

// Status tells how it stands.
func (p *Pickup) Status() PickupStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

func (p *Pickup) note(f func(s *PickupStatus)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.status)
}

// Run watches the mailbox until ctx ends. It connects again whatever happens, ever later while nothing works.
func (p *Pickup) Run(ctx context.Context) {
	log := p.Log.With("imap", p.host(), "mailbox", p.Mailbox)
	for failures := 0; ; failures++ {
		looked, err := p.session(ctx, log)
		if ctx.Err() != nil {
			return
		}
		if looked {
			failures = 0
		}
		wait := p.back.after(failures)
		if e, ok := errors.AsType[*imap.Error](err); ok && e.Type == imap.StatusResponseTypeNo {
			wait = max(wait, time.Minute) // a password that is wrong stays wrong for a while, and who tries often is locked out
		}
		problem := oneLine(err.Error())
		p.note(func(s *PickupStatus) { s.Connected, s.Problem = false, problem })
		log.Warn("mailbox not watched", "error", problem, "again_in", wait.Round(time.Second).String())
		if !sleep(ctx, wait) {
			return
		}
	}
}

// sleep waits, and reports whether ctx let it.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
