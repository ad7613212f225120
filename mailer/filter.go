package mailer

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// readBuffer holds a command line many times over, and most lines of a message.
	readBuffer  = 16 << 10
	writeBuffer = 4 << 10
	// maxCommand is the longest command line taken, in octets with its CRLF. RFC 5321 §4.5.3.1.4 asks for 512 and more with extensions.
	maxCommand = 2 << 10
	// maxIdleCommands is how many commands may go by without a message, beyond one for each recipient that a message may have.
	maxIdleCommands = 1000
	// dataTime bounds the reading of one message: silence is bounded by the idle timeout, but an octet now and then is no silence.
	dataTime = 30 * time.Minute
	// writeTime bounds the writing of replies to a peer that does not read them.
	writeTime = time.Minute
	// A session that is closed over an error reads on for this long and this many octets, lest the reply be lost: TCP throws away what the peer
	// has not read yet when a socket is closed on data that nobody read.
	lingerTime   = 2 * time.Second
	lingerOctets = 1 << 20
)

// filterConn stands between the socket and go-smtp. It reads and judges every command and every message itself, answers what go-smtp would answer
// wrongly or not at all, and feeds it one clean command at a time; what go-smtp answers comes by here on its way out. So the wire is ours, and
// go-smtp's part is to drive a session.
//
// All of it runs in go-smtp's goroutine for the connection, inside Read; only stop is called by others. When go-smtp reads again, its answer to
// the command before is complete: that is what settle relies on.
type filterConn struct {
	net.Conn // the socket; under TLS too

	server *Server
	config ServerConfig
	log    *slog.Logger
	raw    net.Conn // the same socket, for those who close it
	ip     netip.Addr
	relay  bool // a trusted one
	lmtp   bool

	mu        sync.Mutex // guards what stop shares with the session
	stopping  bool
	inMessage bool

	stream net.Conn // the socket, or TLS on it
	in     *bufio.Reader
	out    *bufio.Writer
	until  time.Time // when reading the command or message must be done

	feed  []byte             // what go-smtp is to read next
	heard []byte             // what it has written since
	await func(heard string) // what to make of that

	closing bool // nothing more is read
	linger  bool

	helo   string // empty: none since the session or its TLS began
	esmtp  bool   // EHLO or LHLO, not HELO
	secure bool   // under TLS
	inMail bool
	// international says that MAIL asked for SMTPUTF8.
	international bool
	rcpts         int   // accepted
	chunks        *body // BDAT has begun
	message       *body // complete and checked, for the session to take
	forward       xforward
	errors        int
	commands      int // since the last message
}

func newFilterConn(s *Server, raw net.Conn, config ServerConfig, ip netip.Addr, relay, lmtp bool) *filterConn {
	f := &filterConn{Conn: raw, server: s, config: config, raw: raw, stream: raw, ip: ip, relay: relay, lmtp: lmtp}
	f.log = s.log.With("ip", f.peer())
	f.in = bufio.NewReaderSize(socketReader{f}, readBuffer)
	f.out = bufio.NewWriterSize(socketWriter{f}, writeBuffer)
	f.await = f.greeted
	return f
}

// peer names the other end for logs.
func (f *filterConn) peer() string {
	if f.ip.IsValid() {
		return f.ip.String()
	}
	return "local"
}

// Read gives go-smtp its next command; io.EOF when the session is over.
func (f *filterConn) Read(p []byte) (int, error) {
	for len(f.feed) == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, f.feed)
	f.feed = f.feed[n:]
	return n, nil
}

// Write takes what go-smtp answers.
func (f *filterConn) Write(p []byte) (int, error) {
	f.heard = append(f.heard, p...)
	return len(p), nil
}

// Close ends the session: what was answered goes out, the socket is closed, and the server forgets us. go-smtp calls it more than once.
func (f *filterConn) Close() error {
	f.settle()
	f.endTransaction()
	_ = f.out.Flush()
	if f.linger {
		f.linger = false
		f.drain()
	}
	err := f.stream.Close()
	f.server.leave(f)
	return err
}

// drain waits for the peer to see our last reply and close.
func (f *filterConn) drain() {
	half, ok := f.raw.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	_ = f.raw.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, f.raw, lingerOctets)
}

// next does one step: it settles what go-smtp answered, and reads and carries out one command. The command may have left something to feed.
func (f *filterConn) next() error {
	f.settle()
	if f.closing {
		return io.EOF
	}
	switch {
	case f.errors >= f.config.Limits.ErrorsPerSession:
		f.log.Info("session closed: errors_per_session", "errors", f.errors)
		f.hangUp(reply{421, [3]int{4, 7, 0}, "Too many errors; closing"})
		return io.EOF
	case f.commands >= maxIdleCommands+f.config.Limits.RcptPerMessage:
		f.log.Info("session closed: too many commands without a message", "commands", f.commands)
		f.hangUp(reply{421, [3]int{4, 7, 0}, "Too many commands without a message; closing"})
		return io.EOF
	}
	line, err := f.readCommand()
	if err != nil {
		f.lost(err)
		return io.EOF
	}
	f.commands++
	f.command(line)
	return nil
}

// settle makes of go-smtp's answer what the peer is told.
func (f *filterConn) settle() {
	if f.await == nil {
		return
	}
	then := f.await
	f.await = nil
	then(string(f.heard))
	f.heard = f.heard[:0]
}

// pass feeds go-smtp a command; then gets the answer.
func (f *filterConn) pass(command string, then func(heard string)) {
	f.feed = []byte(command + "\r\n")
	f.await = then
}

// swallow is for answers that the peer is not told.
func (f *filterConn) swallow(string) {}

// relayed tells the peer what go-smtp said, and reports whether that was yes.
func (f *filterConn) relayed(heard string) bool {
	ok := false
	for line := range strings.SplitSeq(strings.TrimSuffix(heard, "\r\n"), "\r\n") {
		if len(line) > 510 {
			line = line[:510] // RFC 5321 §4.5.3.1.5
		}
		ok = strings.HasPrefix(line, "2")
		if !ok {
			f.count(line)
		}
		f.closing = f.closing || strings.HasPrefix(line, "421")
		f.write(line + "\r\n")
	}
	return ok
}

// say answers the peer ourselves.
func (f *filterConn) say(code, class, subject, detail int, text string) {
	line := reply{code, [3]int{class, subject, detail}, text}.line()
	if class != 2 {
		f.count(line)
	}
	f.write(line)
}

// count counts a refused command. Too many recipients is not an error: the sender sends the rest in another transaction (RFC 5321 §4.5.3.1.10).
func (f *filterConn) count(line string) {
	if !strings.HasPrefix(line, "452 4.5.3") {
		f.errors++
	}
}

// hangUp says why, and that is the end.
func (f *filterConn) hangUp(r reply) {
	f.write(r.line())
	f.closing, f.linger = true, true
}

// lost ends the session after reading failed; who can still read is told why.
func (f *filterConn) lost(err error) {
	f.closing = true
	switch err {
	case errStopping:
		f.write(reply{421, [3]int{4, 3, 2}, f.config.Hostname + " is shutting down; please try again later"}.line())
	case errSilence:
		f.write(reply{421, [3]int{4, 4, 2}, "Nothing heard for too long; closing"}.line())
	case errTooLong:
		f.hangUp(reply{500, [3]int{5, 5, 2}, "Line too long; closing"})
	case errTLSHello:
		f.hangUp(reply{500, [3]int{5, 5, 2}, "TLS begins with STARTTLS here"})
	default:
		f.log.Debug("connection ended", "error", err)
	}
}

// write puts a reply with the others, to go out when we would wait for the peer. An error shows when we flush.
func (f *filterConn) write(line string) { _, _ = f.out.WriteString(line) }

// endTransaction forgets the transaction; what XFORWARD said goes with it.
func (f *filterConn) endTransaction() {
	if f.inMail {
		f.server.busy.Add(-1)
	}
	if f.chunks != nil {
		f.chunks.release()
	}
	if f.message != nil {
		f.message.release()
	}
	f.inMail, f.rcpts, f.chunks, f.message = false, 0, nil, nil
	f.forward = xforward{}
}
