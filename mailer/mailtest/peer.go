package mailtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Peer is the SMTP server at the other end of what is tested; LHLO makes it one for LMTP (RFC 2033). It takes everything and remembers it, but for
// what its Rules say. It reads the end of data strictly. Set the fields before the first connection; Set changes rules later.
type Peer struct {
	Greeting string        // empty: 220 peer.example ESMTP
	Keywords []string      // of EHLO, sent as they are written
	Rules    []Rule        // the first one that fits a moment is what happens
	TLS      *tls.Config   // for STARTTLS; nil breaks the handshake
	OneByte  bool          // every response comes an octet at a time
	Pause    time.Duration // between those octets
	Watch    time.Duration // before each response, wait so long and count a client that goes on talking as Early
	Count    bool          // remember how many recipients there were, and nothing else
	Refuse   bool          // connections are refused
	Delay    time.Duration // before a connection is made

	mu       sync.Mutex
	dials    int
	sessions int
	open     int
	peak     int
	early    int
	rcpts    int
	mails    []Mail
	commands []string
}

// Rule is what a Peer does at one moment of a session.
type Rule struct {
	Verb    string // CONNECT, EHLO, HELO, LHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT, DOT (LMTP: once for each recipient), RSET, QUIT
	Session int    // the how manyth connection, from 1; zero: any
	Nth     int    // the how manyth time in the session, from 1; zero: any
	Match   string // has to stand in the command; empty: anything
	Say     string // the response, lines divided by LF; empty says nothing
	Then    Act
	After   int // CONTENT: octets to read first
}

// Act is what a Peer does when it has responded.
type Act int

// The acts.
const (
	GoOn  Act = iota
	Close     // close the connection
	Hang      // say nothing more; what the client says is lost
	Flood     // continue the response for ever
)

// Mail is one transaction that a Peer took.
type Mail struct {
	Session int
	From    string   // the argument of MAIL, with its parameters
	To      []string // the accepted forward-paths
	Content []byte   // without dot-stuffing
	Wire    []byte   // as it came, with the end of data
	TLS     bool
	At      time.Time
}

// Net is a network of Peers by host:port.
type Net map[string]*Peer

// Connect makes a connection to a Peer; its signature is that of mailer.SMTP.Connect.
func (n Net) Connect(ctx context.Context, hop string) (net.Conn, error) {
	if p := n[hop]; p != nil {
		return p.Connect(ctx)
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.EHOSTUNREACH}
}

// Connect makes a connection in memory and serves it.
func (p *Peer) Connect(ctx context.Context) (net.Conn, error) {
	p.mu.Lock()
	p.dials++
	refuse := p.Refuse
	p.mu.Unlock()
	if p.Delay > 0 {
		select {
		case <-time.After(p.Delay):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if refuse {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	client, server := Pipe(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 25})
	go p.Serve(server)
	return client, nil
}

// Set changes the peer's mind while it is in use.
func (p *Peer) Set(f func(*Peer)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(p)
}

// Mails are the transactions that were taken, in order.
func (p *Peer) Mails() []Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Mail(nil), p.mails...)
}

// Commands are all command lines, of all sessions.
func (p *Peer) Commands() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.commands...)
}

// Recipients counts the recipients of all mails.
func (p *Peer) Recipients() int { return p.count(&p.rcpts) }

// Dials counts attempts to connect.
func (p *Peer) Dials() int { return p.count(&p.dials) }

// Sessions counts connections that were made.
func (p *Peer) Sessions() int { return p.count(&p.sessions) }

// Open counts connections that are open.
func (p *Peer) Open() int { return p.count(&p.open) }

// Peak is how many connections were open at once.
func (p *Peer) Peak() int { return p.count(&p.peak) }

// Early counts commands behind which the client talked on before it had its response.
func (p *Peer) Early() int { return p.count(&p.early) }

func (p *Peer) count(n *int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *n
}

// errOver ends a session by the will of a rule.
var errOver = errors.New("over")

// session is one connection to a Peer.
type session struct {
	*Peer
	number int
	conn   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	tls    bool
	lmtp   bool
	seen   map[string]int
	mail   Mail
	begun  bool
	args   []byte
}

// Serve speaks with one client until it leaves or a rule ends it.
func (p *Peer) Serve(conn net.Conn) {
	p.mu.Lock()
	p.sessions++
	p.open++
	p.peak = max(p.peak, p.open)
	s := &session{Peer: p, number: p.sessions, seen: map[string]int{}}
	p.mu.Unlock()
	s.use(conn)
	defer func() {
		s.conn.Close()
		p.mu.Lock()
		p.open--
		p.mu.Unlock()
	}()
	greeting := p.Greeting
	if greeting == "" {
		greeting = "220 peer.example ESMTP"
	}
	err := s.respond("CONNECT", "", greeting)
	for err == nil {
		err = s.command()
	}
}

func (s *session) use(conn net.Conn) {
	s.conn, s.in, s.out = conn, bufio.NewReaderSize(conn, 32<<10), bufio.NewWriterSize(conn, 8<<10)
}

// command reads one command and responds.
func (s *session) command() error {
	if s.in.Buffered() == 0 {
		if err := s.out.Flush(); err != nil {
			return err
		}
	}
	line, err := s.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	line = bytes.TrimSuffix(line, []byte("\r\n"))
	if !s.Count {
		s.mu.Lock()
		s.commands = append(s.commands, string(line))
		s.mu.Unlock()
	}
	verb, arg, _ := bytes.Cut(line, []byte(" "))
	switch hello := strings.ToUpper(string(verb)); hello {
	case "EHLO", "LHLO":
		s.lmtp = hello == "LHLO"
		lines := append([]string{"peer.example"}, s.Keywords...)
		for i := range lines {
			lines[i] = "250" + map[bool]string{true: " ", false: "-"}[i == len(lines)-1] + lines[i]
		}
		return s.respond(hello, string(arg), strings.Join(lines, "\n"))
	case "HELO":
		return s.respond("HELO", string(arg), "250 peer.example")
	case "STARTTLS":
		return s.startTLS()
	case "AUTH":
		return s.respond("AUTH", string(arg), "235 2.7.0 welcome")
	case "MAIL":
		return s.mailFrom(arg)
	case "RCPT":
		return s.rcptTo(arg)
	case "DATA":
		return s.data()
	case "RSET":
		s.mail, s.begun = Mail{}, false
		return s.respond("RSET", "", "250 2.0.0 reset")
	case "QUIT":
		if err := s.respond("QUIT", "", "221 2.0.0 bye"); err != nil {
			return err
		}
		s.out.Flush()
		return errOver
	}
	return s.respond(string(verb), string(arg), "500 5.5.2 what?")
}

func (s *session) mailFrom(arg []byte) error {
	if s.begun {
		return s.respond("MAIL", string(arg), "503 5.5.1 one at a time")
	}
	if err := s.respond("MAIL", string(arg), "250 2.1.0 ok"); err != nil || !s.said2() {
		return err
	}
	from, _ := bytes.CutPrefix(arg, []byte("FROM:"))
	s.mail, s.begun = Mail{Session: s.number, From: string(from), TLS: s.tls, To: s.mail.To[:0]}, true
	return nil
}

func (s *session) rcptTo(arg []byte) error {
	if !s.begun {
		return s.respond("RCPT", string(arg), "503 5.5.1 MAIL first")
	}
	if s.Count && len(s.Rules) == 0 {
		s.mail.To = append(s.mail.To, "")
		_, err := s.out.WriteString("250 2.1.5 ok\r\n")
		return err
	}
	if err := s.respond("RCPT", string(arg), "250 2.1.5 ok"); err != nil || !s.said2() {
		return err
	}
	to, _ := strings.CutPrefix(string(arg), "TO:<")
	s.mail.To = append(s.mail.To, strings.TrimSuffix(to, ">"))
	return nil
}
