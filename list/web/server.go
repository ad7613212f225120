package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"convene/list"
)

// Engine is what the pages act through: list.Engine. An error that wraps list.ErrNotFound means that the token is none of ours; any other is
// temporary. Errors go to the log, so they hold neither a token nor a member's address. All may be called at once from many goroutines.
type Engine interface {
	// Leaving says whom a token of an unsubscribe link would take off which list. It changes nothing.
	Leaving(token string) (list.Leaving, error)
	// Leave takes that member off the list; a second time it changes nothing. how is HowOneClick or HowPage.
	Leave(token, how string) (list.Leaving, error)
	// Confirming says what a token of a confirmation would do, or what came of it. It changes nothing.
	Confirming(token string) (list.Confirmation, error)
	// Confirm does it, once; a second time it says what came of it. how is HowPage.
	Confirm(token, how string) (list.Confirmation, error)
	// Answer takes "yes", "no" or "maybe" to an invitation, as often as somebody answers; Confirming tells of it.
	Answer(token, answer string) (list.Confirmation, error)
	Archive
	Library
	Calendars
	Feeds
	Membership
}

// Archive is what the pages of an archive are read through. A session is what the browser of who is signed in keeps; an empty one is a stranger's.
type Archive interface {
	PublicLists() []list.Shelf
	TopicsFrom(session, address, before, after string) (list.TopicsPage, error)
	TopicPage(session, address string, id uint32, page int) (list.TopicPage, error)
	PostPage(session, messageID string) (list.PostPage, error)
	SearchPage(session, address, query string, page int) (list.SearchPage, error)
	// MarkRead writes down that a member has read a topic, or all of a list where topic is zero, up to a post.
	MarkRead(session, address string, topic, upTo uint32) error
	// AskSignIn mails a link that signs in, if the address is one that it is for; who asks learns nothing of that.
	AskSignIn(address, next string, ip netip.Addr) error
	// SigningIn says whom a token of such a link signs in. It changes nothing.
	SigningIn(token string) (list.SignIn, error)
	// SignIn does so, once.
	SignIn(token string) (session string, who list.SignIn, err error)
	// SignedIn is the address that a session is of.
	SignedIn(session string) (address string, err error)
	SignOut(session string) error
}

// How a member left, or somebody confirmed, as the engine is told.
const (
	HowOneClick = "one-click" // RFC 8058: the mail service asked, at the press of its button
	HowPage     = "page"      // the button of our page
)

// Settings are what a reload may change. They are swapped whole; a request goes by those that were in force when it came.
type Settings struct {
	// BaseURL is how links begin, without a slash at the end: "https://lists.example.org". Its path, if it has one, may stand before the
	// path of a request or not, as the proxy in front passes it on.
	BaseURL string
	// Hostname is the name the site goes by on its pages.
	Hostname string
	// TrustedProxies are the networks whose X-Forwarded-For is believed, and whose connections are not counted by address. Who connects
	// through a Unix socket is one of them.
	TrustedProxies []netip.Prefix
	// TLS is spoken on every connection when it is there, HTTP/2 included; nil: plain HTTP/1.1. Certificates may come from its callbacks.
	TLS *tls.Config

	prefix string // path of BaseURL
}

// Options are what a Server is made of.
type Options struct {
	Settings
	Engine Engine
	// Health answers GET and HEAD of /healthz; nil: there is no such page.
	Health http.Handler
	// Log takes one line for each request; nil: none.
	Log *slog.Logger
	// Now is the real clock also where the lists live by a virtual one: it measures how long an answer took, and how long who guesses
	// tokens has to wait.
	Now func() time.Time
}

const (
	// maxConnections is how many connections are open at once; one more closes the one that has been of no use for longest.
	maxConnections = 200
	// maxPerNeighbour is how many of them one IPv4 address, or one IPv6 /64, may have. Trusted proxies are not counted.
	maxPerNeighbour = 20
	// maxHeader bounds a request's header, in octets. net/http reads 4096 more than it is told.
	maxHeader = 16<<10 - 4096
	// maxStreams is how many requests an HTTP/2 connection may have open at once.
	maxStreams = 20

	readTimeout  = 10 * time.Second // for a whole request, TLS handshake and body included
	writeTimeout = 20 * time.Second // for an answer, from when its request's header was there: longer, so that who was too slow is told so
	idleTimeout  = time.Minute      // between two requests of a connection
	// stopGrace is how long, after Shutdown, a request that is still being sent to us may take.
	stopGrace = 3 * time.Second
)

// Server serves the pages of a site on any number of listeners.
type Server struct {
	engine   Engine
	health   http.Handler
	log      *slog.Logger
	now      func() time.Time
	settings atomic.Pointer[Settings]
	pages    func() *pages
	guard    *guard
	book     *book
	// reads has a token for each page that is being made of posts.
	reads     chan struct{}
	downloads downloads
	atoms     atoms
	http      *http.Server
}

// New makes a server that listens nowhere yet.
func New(o Options) *Server {
	s := &Server{engine: o.Engine, health: o.Health, log: o.Log, now: o.Now, pages: builtPages, guard: newGuard(), book: newBook(), reads: make(chan struct{}, maxReads), downloads: downloads{near: map[netip.Prefix]int{}}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.Configure(o.Settings)
	s.http = &http.Server{
		Handler:                      s,
		DisableGeneralOptionsHandler: true,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeader,
		HTTP2:                        &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:                     slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // failed handshakes of whoever passes by
		ConnContext:                  withConn,
	}
	return s
}

// Configure swaps the settings. Connections that are open keep the TLS they were opened with.
func (s *Server) Configure(c Settings) {
	if u, err := url.Parse(c.BaseURL); err == nil {
		c.prefix = u.Path
	}
	c.TrustedProxies = slices.Clone(c.TrustedProxies)
	if c.TLS != nil {
		c.TLS = c.TLS.Clone()
		c.TLS.NextProtos = []string{"h2", "http/1.1"}
	}
	s.settings.Store(&c)
}

// Handler answers requests that come in some other way than through Serve, in a test for example.
func (s *Server) Handler() http.Handler { return s }

// Serve answers the connections of l until Shutdown, and then returns nil. It closes l.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(&listener{Listener: l, server: s}); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("web: accept on %s: %w", l.Addr(), err)
	}
	return nil
}

// Shutdown closes the listeners and the connections that wait. A request that has come whole is answered; one of which the header has come
// has three seconds for the rest. When Shutdown returns nil the engine is done; ctx.Err() means that it is still at an answer.
func (s *Server) Shutdown(ctx context.Context) error {
	grace, done := context.WithTimeout(ctx, stopGrace)
	defer done()
	if s.http.Shutdown(grace) == nil {
		return s.book.stop(ctx)
	}
	quiet := s.book.stop(ctx)
	if s.http.Shutdown(ctx) != nil { // answers on their way; who does not read theirs is cut off
		s.http.Close()
	}
	return quiet
}
