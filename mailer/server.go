package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"convene/list"
)

// Receiver is who takes the mail: list.Engine. Its errors are *list.Refusal, or temporary.
type Receiver interface {
	// Route says what an address is for. It is asked at RCPT, so it must be quick.
	Route(rcpt string) (list.Target, error)
	// RouteFrom is Route for what a client names at RCPT; it may refuse one that named too much that is not there.
	RouteFrom(env *list.Envelope, rcpt string) (list.Target, error)
	// Receive takes responsibility for a message, which must be on disk when it returns without an error.
	Receive(ctx context.Context, in *list.Incoming) (list.Receipt, error)
	// Room reports list.ErrFull when a message of size octets would not be taken now; zero is a message of unknown size.
	Room(size int64) error
}

// ServerConfig is what a session goes by. It is asked for once for each connection, so that a reload holds for the connections after it.
type ServerConfig struct {
	Hostname string // for the greeting, EHLO, and <postmaster> without a domain
	// MaxMessage is the largest message taken, in octets of content; zero means 25 MiB.
	MaxMessage int64
	// MaxConnections is how many sessions may be open at once, on all listeners; zero means 1000.
	MaxConnections int
	// Limits are RcptPerMessage (zero means 1000), ErrorsPerSession (20), ConnectionsPerIP (20) and IdleTimeout (5 minutes).
	Limits list.Limits
	// TrustedRelays may use XFORWARD, are not counted by address, and their Authentication-Results are believed. Who connects through a Unix
	// socket is one of them: its directory says who may.
	TrustedRelays []netip.Prefix
	// TLS is for STARTTLS; nil: not offered.
	TLS *tls.Config
	// Auth finds out who sent a message; nil: nothing is asked of DNS, neither for the sender's domain.
	Auth *Authenticator
}

const (
	defaultMaxMessage     = 25 << 20
	defaultMaxConnections = 1000
	defaultRcpts          = 1000
	defaultErrors         = 20
	defaultPerIP          = 20
	defaultIdle           = 5 * time.Minute

	// bytesInFlight bounds the memory of all messages that are being received, in octets.
	bytesInFlight = 256 << 20
	// forceGrace is how long sessions whose socket was closed under them may take to notice.
	forceGrace = 2 * time.Second
)

func (c ServerConfig) withDefaults() ServerConfig {
	fill := func(n *int, def int) {
		if *n <= 0 {
			*n = def
		}
	}
	if c.MaxMessage <= 0 {
		c.MaxMessage = defaultMaxMessage
	}
	if c.Limits.IdleTimeout <= 0 {
		c.Limits.IdleTimeout = defaultIdle
	}
	fill(&c.MaxConnections, defaultMaxConnections)
	fill(&c.Limits.RcptPerMessage, defaultRcpts)
	fill(&c.Limits.ErrorsPerSession, defaultErrors)
	fill(&c.Limits.ConnectionsPerIP, defaultPerIP)
	return c
}

// trusts reports whether ip is a trusted relay's.
func (c *ServerConfig) trusts(ip netip.Addr) bool {
	for _, p := range c.TrustedRelays {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// Server receives mail by SMTP and LMTP on any number of listeners and hands it to a Receiver.
type Server struct {
	receiver Receiver
	config   func() ServerConfig
	log      *slog.Logger
	now      func() time.Time
	ids      IDs
	memory   budget
	busy     atomic.Int64

	smtp, lmtp *smtp.Server
	ctx        context.Context // of all Receive calls; ends when Shutdown has run out of patience
	cancel     context.CancelFunc

	mu        sync.Mutex
	listeners map[net.Listener]bool
	sessions  map[*filterConn]bool
	perIP     map[netip.Addr]int
	stopping  bool
	quiet     chan struct{} // closed when stopping and no session is left
}

// NewServer makes a server; random is read for envelope ids. now is what messages are stamped with, socket deadlines go by the real clock.
func NewServer(r Receiver, config func() ServerConfig, log *slog.Logger, now func() time.Time, random io.Reader) *Server {
	s := &Server{
		receiver:  r,
		config:    config,
		log:       log,
		now:       now,
		ids:       IDs{now: now, random: random},
		memory:    budget{limit: bytesInFlight},
		listeners: map[net.Listener]bool{},
		sessions:  map[*filterConn]bool{},
		perIP:     map[netip.Addr]int{},
		quiet:     make(chan struct{}),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.smtp, s.lmtp = s.library(false), s.library(true)
	return s
}

// library sets go-smtp up for life behind the filter: it gets one clean command at a time, and every limit of its own is off.
func (s *Server) library(lmtp bool) *smtp.Server {
	l := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c.Conn().(*filterConn)}, nil
	}))
	l.LMTP = lmtp
	l.MaxLineLength = 0
	l.ErrorLog = libraryLog{s.log}
	return l
}

// Serve accepts connections from l until Shutdown, and then returns nil. It closes l. Several Serves may run at once.
func (s *Server) Serve(l net.Listener, lmtp bool) error {
	defer l.Close()
	if !s.addListener(l) {
		return nil
	}
	library := s.smtp
	if lmtp {
		library = s.lmtp
	}
	err := library.Serve(&listener{Listener: l, server: s, lmtp: lmtp})
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
	if s.stopping || err == nil {
		return nil
	}
	return fmt.Errorf("mailer: accept on %s: %w", l.Addr(), err)
}

func (s *Server) addListener(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopping {
		s.listeners[l] = true
	}
	return !s.stopping
}

// Shutdown closes the listeners, says 421 to every session that waits for a command, and lets those that are sending a message finish and learn
// what became of it. When ctx ends first, their sockets are closed: who has no 250 then may send again. It returns when no session runs any
// more, ctx.Err() if it came to force.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopping {
		s.stopping = true
		for l := range s.listeners {
			l.Close()
		}
		if len(s.sessions) == 0 {
			close(s.quiet)
		}
	}
	for f := range s.sessions {
		f.stop()
	}
	s.mu.Unlock()
	defer s.cancel()
	select {
	case <-s.quiet:
		return nil
	case <-ctx.Done():
	}
	s.cancel()
	s.mu.Lock()
	for f := range s.sessions {
		f.raw.Close()
	}
	s.mu.Unlock()
	grace := time.NewTimer(forceGrace)
	defer grace.Stop()
	select {
	case <-s.quiet:
	case <-grace.C:
		return errors.Join(ctx.Err(), errors.New("mailer: sessions still running after their sockets were closed"))
	}
	return ctx.Err()
}

// Open is how many sessions are open now.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// Busy is how many sessions are inside a transaction: between MAIL and the answer to the message.
func (s *Server) Busy() int { return int(s.busy.Load()) }

// libraryLog takes what go-smtp says: a panic of ours with its stack, or trouble with accepting.
type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Printf(format string, args ...any) { l.log.Error(fmt.Sprintf(format, args...)) }
func (l libraryLog) Println(args ...any)               { l.log.Error(fmt.Sprintln(args...)) }
