package mailer

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"
)

// approach is how a session with one host is begun, up to where MAIL can be said. Every Transport that speaks SMTP comes through here.
type approach struct {
	hostname string                                      // what EHLO says
	connect  func(ctx context.Context) (net.Conn, error) // bounded by wait.Connect
	wait     Timeouts                                    // with defaults
	roots    *x509.CertPool
	lmtp     bool // LMTP (RFC 2033) is spoken
	stranger bool // a host that greets with our own name is an error
	yield    bool // a session in the clear follows a TLS handshake that failed
	who      credentials
	security
}

// unreachableError is a host that could not be spoken to, and is best left alone for a while, whoever the mail is for.
type unreachableError struct {
	rest time.Duration
	err  error
}

func (e *unreachableError) Error() string { return e.err.Error() }
func (e *unreachableError) Unwrap() error { return e.err }

// How long hosts are left alone. The courier waits longer before it tries a hop again; this is for other hops that come to the same host.
const (
	restDown  = 5 * time.Minute // no connection, or no greeting
	restBusy  = time.Minute     // 4yz as greeting
	restNever = time.Hour       // 521 or 554: it takes no mail at all (RFC 7504)
)

// errNoConnection is a host that was never spoken to.
var errNoConnection = errors.New("4.4.1 no connection")

// errOurselves is a host that turned out to be us.
var errOurselves = errors.New("4.4.6 the host greets with our own name")

// plainFor is how long a host whose TLS handshake failed is spoken to in the clear, in opportunistic mode.
const plainFor = time.Hour

// open begins a session. With yield, a failed handshake is followed at once by a second connection in the clear, since what was negotiated on
// the first cannot be known; plain remembers that under key. verified is true when the peer proved to be who was meant.
func (a approach) open(ctx context.Context, plain *expiring[struct{}], key string, now time.Time) (c *client, verified bool, err error) {
	if a.yield && a.ask {
		_, failed := plain.get(key, now)
		a.ask = !failed
	}
	c, verified, err = a.begin(ctx)
	if _, failed := errors.AsType[*handshakeError](err); failed && a.yield && ctx.Err() == nil {
		plain.put(key, struct{}{}, now, now.Add(plainFor))
		a.ask = false
		return a.begin(ctx)
	}
	return c, verified, err
}

// begin makes one connection.
func (a *approach) begin(ctx context.Context) (c *client, verified bool, err error) {
	conn, err := a.dial(ctx)
	if err != nil {
		return nil, false, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		// The default of package net, said here because an engine that waits for delayed acknowledgements sends 25 messages a second.
		_ = tcp.SetNoDelay(true)
	}
	c = newClient(conn, a.wait)
	c.lmtp = a.lmtp
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() {
		if !stop() {
			err = fmt.Errorf("4.4.2 not ready in time: %w", ctx.Err())
		}
		if err != nil {
			conn.Close()
			c = nil
		}
	}()
	if err := c.greet(); err != nil {
		return nil, false, &unreachableError{greetingRest(c.resp.code), err}
	}
	if who, _, _ := bytes.Cut(c.resp.text, []byte(" ")); a.stranger && strings.EqualFold(string(who), a.hostname) {
		return nil, false, errOurselves
	}
	if err := c.hello(a.hostname); err != nil {
		return nil, false, err
	}
	if verified, err = a.encrypt(ctx, c); err == nil && a.who.username != "" {
		err = a.who.authenticate(c, verified)
	}
	return c, verified, err
}

// dial makes the connection itself.
func (a *approach) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, a.wait.Connect)
	defer cancel()
	conn, err := a.connect(ctx)
	if err == nil {
		return conn, nil
	}
	wrapped := fmt.Errorf("%w: %w", errNoConnection, err)
	slow, ok := errors.AsType[net.Error](err)
	// Only what says something about the host: that we have no network, or no file descriptor left, is no fault of its own.
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || ok && slow.Timeout() {
		return nil, &unreachableError{restDown, wrapped}
	}
	return nil, wrapped
}

// greetingRest is how long a host is left alone that did not greet with 220; code is what it said instead, zero for nothing.
func greetingRest(code int) time.Duration {
	switch {
	case code == 521 || code == 554:
		return restNever
	case code/100 == 4:
		return restBusy
	}
	return restDown
}
