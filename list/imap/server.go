package imap

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list"
)

// Rights says who may read what. list.Engine has them.
type Rights interface {
	// SignInMail is the address of whom a name and a password let in, empty for a stranger; list.ErrNotFound: they let nobody in.
	SignInMail(name, password string) (address string, err error)
	// Mailboxes are the lists that somebody may read now, and Mailbox one of them; list.ErrNotFound: there is none, for them.
	Mailboxes(address string) ([]list.Mailbox, error)
	Mailbox(address, list string) (list.Mailbox, error)
	// Seen and ChangeSeen keep what a member has read.
	Seen(list.Mailbox) ([]byte, error)
	ChangeSeen(m list.Mailbox, change func(seen []byte) []byte) error
}

// Store is what is read of list.Store.
type Store interface {
	View(f func(list.Reader) error) error
	Raw(list.Ref) ([]byte, error)
	Watch() (filed <-chan struct{}, stop func())
}

// Cards has what clients ask about posts that they do not have, as message.Card encodes it. archive.File has them.
type Cards interface {
	// Cards calls f for each of these UIDs, which ascend, of which there is one. f must not wait for anything, and card is good within it alone.
	Cards(list uint32, uids []uint32, f func(i int, card []byte) error) error
}

// Settings are what a reload may change. They hold for connections after it.
type Settings struct {
	Hostname string
	// TLS is the certificate; nil: there is none, and nobody can sign in but from this machine.
	TLS *tls.Config
	// MaxConnections are open at once (zero: 1000), and PerIP from one address (zero: 20).
	MaxConnections, PerIP int
}

// Options are what New needs.
type Options struct {
	Settings func() Settings // asked for once for each connection
	Rights   Rights
	Store    Store
	// UIDValidity is the same as long as the UIDs of the store mean the same (RFC 9051 §2.3.1.1).
	UIDValidity uint32
	// Cards keeps the cards of posts; nil: each is made when it is asked for.
	Cards Cards
	Log   *slog.Logger
	Now   func() time.Time
}

// Server serves mailboxes on listeners.
type Server struct {
	Options
	shelf  *shelf
	guard  *guard
	engine *imapserver.Server
	ctx    context.Context // until Shutdown
	stop   context.CancelFunc

	mu       sync.Mutex
	conns    map[*conn]bool
	perIP    map[netip.Addr]int
	sockets  map[net.Listener]bool
	stopping bool
	quiet    chan struct{} // closed when it stops and there is no connection left
	followed sync.WaitGroup
}

// The defaults of Settings.
const (
	defaultMaxConnections = 1000
	defaultPerIP          = 20
)

// New makes a server. It follows the store until Shutdown.
func New(o Options) *Server {
	s := &Server{Options: o, shelf: newShelf(o.Store), guard: newGuard(o.Now), conns: map[*conn]bool{}, perIP: map[netip.Addr]int{}, sockets: map[net.Listener]bool{}, quiet: make(chan struct{})}
	s.Log = cmp.Or(o.Log, slog.Default())
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.engine = imapserver.New(&imapserver.Options{NewSession: s.newSession, Caps: served(), Logger: engineLog{s.Log}, InsecureAuth: true})
	filed, end := o.Store.Watch()
	s.followed.Go(func() {
		defer end()
		for {
			if err := s.shelf.warm(s.ctx); err != nil && s.ctx.Err() == nil {
				s.Log.Warn("imap: reading which posts there are", "error", err) // it is tried again for whoever asks
			}
			select {
			case <-s.ctx.Done():
				return
			case <-filed:
				s.shelf.ring()
			}
		}
	})
	return s
}

// served are the extensions that go-imap is to serve. What clients are told is in capabilities.
func served() goimap.CapSet {
	return goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapNamespace: {}, goimap.CapESearch: {}, goimap.CapSearchRes: {}, goimap.CapListExtended: {}, goimap.CapListStatus: {},
		goimap.CapStatusSize: {}, goimap.CapBinary: {}, goimap.CapChildren: {}, goimap.CapUIDPlus: {}}
}

// Serve accepts connections until Shutdown, for which it returns nil. Under implicit, TLS begins at once (RFC 8314).
func (s *Server) Serve(l net.Listener, implicit bool) error {
	s.mu.Lock()
	stopping := s.stopping
	s.sockets[l] = true
	s.mu.Unlock()
	if stopping {
		return l.Close()
	}
	err := s.engine.Serve(&listener{l, s, implicit})
	if s.ctx.Err() != nil {
		return nil
	}
	return err
}

// Open is how many connections there are.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// Shutdown takes no more connections, lets commands that have begun come to their end, and says goodbye to all others. When ctx ends it closes what is left.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopping {
		s.stopping = true
		if len(s.conns) == 0 {
			close(s.quiet)
		}
	}
	for l := range s.sockets {
		_ = l.Close()
	}
	s.stop()
	for c := range s.conns {
		c.end()
	}
	s.mu.Unlock()
	s.followed.Wait()
	select {
	case <-s.quiet:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	for c := range s.conns {
		_ = c.raw.Close()
	}
	s.mu.Unlock()
	<-s.quiet
	return ctx.Err()
}

// leave takes a connection that is over out of the books.
func (s *Server) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.conns[c] {
		return
	}
	delete(s.conns, c)
	if s.perIP[c.ip]--; s.perIP[c.ip] == 0 {
		delete(s.perIP, c.ip)
	}
	if s.stopping && len(s.conns) == 0 {
		close(s.quiet)
	}
}

func (s *Server) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	mine, ok := c.NetConn().(*conn)
	if !ok {
		return nil, nil, errors.New("imap: a connection that is none of ours")
	}
	mine.session.server, mine.session.conn = s, mine
	return &mine.session, nil, nil
}

// engineLog passes on what go-imap says: clients that break off, mostly.
type engineLog struct{ log *slog.Logger }

func (l engineLog) Printf(format string, args ...any) {
	level := slog.LevelDebug
	if strings.HasPrefix(format, "panic") { // what it says then is a fault of ours, or of its own
		level = slog.LevelError
	}
	l.log.Log(context.Background(), level, "imap: "+fmt.Sprintf(format, args...))
}
