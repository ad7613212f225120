package mailtest

import (
	"net"
	"sync"
	"sync/atomic"
)

// Listener is a net.Listener without a network. Its connections buffer and honour deadlines, and everything in it that waits does so in a way
// that testing/synctest understands.
type Listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
	port   atomic.Int32
}

var _ net.Listener = (*Listener)(nil)

// Listen makes a Listener at 127.0.0.1:25.
func Listen() *Listener {
	return &Listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Accept waits for the next Dial; net.ErrClosed after Close.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "accept", Net: "mailtest", Addr: l.Addr(), Err: net.ErrClosed}
	}
}

// Close stops accepting; connections that exist live on.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is 127.0.0.1:25.
func (l *Listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 25} }

// Dial connects from 127.0.0.1.
func (l *Listener) Dial() (net.Conn, error) { return l.DialFrom("127.0.0.1") }

// DialFrom connects from an IP address, as the other side's RemoteAddr will show it.
func (l *Listener) DialFrom(ip string) (net.Conn, error) {
	here, there := Pipe(&net.TCPAddr{IP: net.ParseIP(ip), Port: 40000 + int(l.port.Add(1))}, l.Addr())
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: "mailtest", Addr: l.Addr(), Err: net.ErrClosed}
	}
}
