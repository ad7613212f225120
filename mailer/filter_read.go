package mailer

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"time"
)

// Why reading a command or a message ended.
var (
	errStopping = errors.New("mailer: shutting down")
	errSilence  = errors.New("mailer: peer silent for too long")
	errTooLong  = errors.New("mailer: command line too long")
	errTLSHello = errors.New("mailer: TLS without STARTTLS")
)

// readCommand reads one line without its CRLF. The line is good until the next read.
func (f *filterConn) readCommand() ([]byte, error) {
	f.begin(false, f.config.Limits.IdleTimeout)
	if f.isStopping() {
		return nil, errStopping
	}
	if !f.secure {
		first, err := f.in.Peek(1)
		if err != nil {
			return nil, err
		}
		if first[0] == 0x16 { // a TLS handshake record; no command begins with it
			return nil, errTLSHello
		}
	}
	line, err := f.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return nil, errTooLong
	}
	return bytes.TrimSuffix(line, []byte("\n")), err
}

// begin sets what is read next and how long that may take in all.
func (f *filterConn) begin(message bool, within time.Duration) {
	f.until = time.Now().Add(within)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inMessage = message
}

func (f *filterConn) isStopping() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stopping
}

// stop asks the session to end: at once when it waits for a command, else after the message.
func (f *filterConn) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopping = true
	if !f.inMessage {
		_ = f.raw.SetReadDeadline(time.Unix(1, 0))
	}
}

// arm sets the deadline for one read.
func (f *filterConn) arm() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	until := f.until
	if f.inMessage {
		if quiet := time.Now().Add(f.config.Limits.IdleTimeout); quiet.Before(until) {
			until = quiet
		}
	} else if f.stopping {
		return errStopping
	}
	return f.raw.SetReadDeadline(until)
}

// socketReader reads from the peer. Whoever waits for the peer must have answered it first: all replies go out before.
type socketReader struct{ f *filterConn }

func (r socketReader) Read(p []byte) (int, error) {
	if err := r.f.out.Flush(); err != nil {
		return 0, err
	}
	if err := r.f.arm(); err != nil {
		return 0, err
	}
	n, err := r.f.stream.Read(p)
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		err = errSilence
		if r.f.isStopping() {
			err = errStopping
		}
	}
	return n, err
}

type socketWriter struct{ f *filterConn }

func (w socketWriter) Write(p []byte) (int, error) {
	if err := w.f.raw.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return 0, err
	}
	return w.f.stream.Write(p)
}
