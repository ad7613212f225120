package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// book keeps count of the connections and of the requests that are being answered. When it is full, a newcomer takes the place of the
// connection that has been without use for longest: thousands of connections that send an octet now and then keep nobody out.
type book struct {
	mu        sync.Mutex
	conns     map[*conn]bool
	near      map[netip.Prefix]int
	turn      uint64 // grows with every connection and every answer: the order of last use, without a clock
	answering int
	stopped   bool
	quiet     chan struct{} // closed once stopped and answering is zero
}

func newBook() *book {
	return &book{conns: map[*conn]bool{}, near: map[netip.Prefix]int{}, quiet: make(chan struct{})}
}

// conn is a connection in the book; its fields are under the book's lock.
type conn struct {
	net.Conn
	book      *book
	near      netip.Prefix // zero: not counted
	used      uint64       // the turn of its last use
	answering int          // requests of it that have come whole and are not answered yet
}

// admit enters a connection, or reports false. It closes another if need be.
func (b *book) admit(raw net.Conn, near netip.Prefix) (*conn, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if near.IsValid() && b.near[near] >= maxPerNeighbour {
		return nil, false
	}
	if len(b.conns) >= maxConnections {
		idle := b.idlest()
		if idle == nil {
			return nil, false
		}
		b.strike(idle)
		idle.Conn.Close()
	}
	b.turn++
	c := &conn{Conn: raw, book: b, near: near, used: b.turn}
	b.conns[c] = true
	if near.IsValid() {
		b.near[near]++
	}
	return c, true
}

// idlest is the connection of the oldest use of those that wait for their peer; nil when all are being answered.
func (b *book) idlest() *conn {
	var idle *conn
	for c := range b.conns {
		if c.answering == 0 && (idle == nil || c.used < idle.used) {
			idle = c
		}
	}
	return idle
}

func (b *book) strike(c *conn) {
	if !b.conns[c] {
		return
	}
	delete(b.conns, c)
	if c.near.IsValid() {
		if b.near[c.near]--; b.near[c.near] == 0 {
			delete(b.near, c.near)
		}
	}
}

// begin notes that a request has come whole: until end, Shutdown waits for it and its connection gives way to no other. It reports false
// once the book is closed. c is nil for a request that came by no listener of ours.
func (b *book) begin(c *conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return false
	}
	b.answering++
	if c != nil {
		c.answering++
	}
	return true
}

func (b *book) end(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.answering--; b.stopped && b.answering == 0 {
		close(b.quiet)
	}
	if c != nil {
		b.turn++
		c.answering--
		c.used = b.turn
	}
}

// stop lets nothing begin any more, ends the patience with what is still being sent to us, and waits for what has begun.
func (b *book) stop(ctx context.Context) error {
	b.mu.Lock()
	if !b.stopped {
		b.stopped = true
		if b.answering == 0 {
			close(b.quiet)
		}
	}
	for c := range b.conns {
		_ = c.Conn.SetReadDeadline(time.Unix(1, 0)) // long ago; answers still go out
	}
	b.mu.Unlock()
	select {
	case <-b.quiet:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close takes the connection out of the book.
func (c *conn) Close() error {
	c.book.mu.Lock()
	c.book.strike(c)
	c.book.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite lets net/http end an answer gently while the peer is still sending what we will not read.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

type connKey struct{}

// withConn is for http.Server.ConnContext: every request knows its connection.
func withConn(ctx context.Context, raw net.Conn) context.Context {
	if secure, ok := raw.(*tls.Conn); ok {
		raw = secure.NetConn()
	}
	return context.WithValue(ctx, connKey{}, raw)
}

func connOf(r *http.Request) *conn {
	c, _ := r.Context().Value(connKey{}).(*conn)
	return c
}

// listener enters what a real listener accepts into the book, and speaks TLS on it where the settings of that moment say so.
type listener struct {
	net.Listener
	server *Server
}

// busy is the whole answer to a plain connection that is one too many. Nothing of its request was read.
const busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Content-Length: 42\r\n\r\nToo many connections. Please try it later."

// turnAwayTime bounds how long saying so may take. The socket's buffer is empty, so it takes no time.
const turnAwayTime = time.Second

// Accept waits for the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		settings := l.server.settings.Load()
		c, ok := l.server.book.admit(raw, settings.counted(raw.RemoteAddr()))
		switch {
		case ok && settings.TLS != nil:
			return tls.Server(c, settings.TLS), nil
		case ok:
			return c, nil
		case settings.TLS == nil:
			_ = raw.SetWriteDeadline(time.Now().Add(turnAwayTime))
			_, _ = raw.Write([]byte(busy))
		}
		raw.Close()
	}
}
