package mailer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// What can be wrong with the content of a message. Each is reported only after the true end of the content was read.
var (
	errBareLine = errors.New("mailer: CR or LF alone in the message")
	errNUL      = errors.New("mailer: NUL in the message")
	errTooLarge = errors.New("mailer: message over the size limit")
	errNoMemory = errors.New("mailer: too many messages in flight")
)

// bodyStart is what the buffer of a message has at first, in octets: most posts fit into it, and growing it is paid for by what came.
const bodyStart = 16 << 10

// body is the content of one message as it comes in: bounded by the message limit and by the budget that all sessions share.
// After the first fault it keeps nothing more, so that reading on to the end costs no memory.
type body struct {
	raw    []byte
	limit  int64
	budget *budget
	held   int64 // octets of the budget
	fault  error // the first one
}

// add appends p unless there is a fault already.
func (b *body) add(p []byte) {
	if b.fault != nil {
		return
	}
	need := int64(len(b.raw) + len(p))
	if need > b.limit {
		b.fail(errTooLarge)
		return
	}
	if need > int64(cap(b.raw)) && !b.grow(need) {
		b.fail(errNoMemory)
		return
	}
	b.raw = append(b.raw, p...)
}

// grow makes room for need octets, doubling, and never more than the limit allows to be used.
func (b *body) grow(need int64) bool {
	size := max(2*int64(cap(b.raw)), need, bodyStart)
	if size > b.limit {
		size = b.limit
	}
	if !b.budget.take(size - b.held) {
		return false
	}
	b.held = size
	raw := make([]byte, len(b.raw), size)
	copy(raw, b.raw)
	b.raw = raw
	return true
}

// fail notes the first fault and drops the content.
func (b *body) fail(err error) {
	if b.fault == nil {
		b.fault = err
	}
	b.release()
}

// release drops the content and gives its octets back to the budget.
func (b *body) release() {
	b.raw = nil
	b.budget.give(b.held)
	b.held = 0
}

// readData reads the content of DATA from r into b, without the dots of RFC 5321 §4.5.2, up to and including the line with the lone dot.
// Only CRLF.CRLF ends it (§4.1.1.4); CR or LF alone and NUL are faults of the body, found out about and read over. The error is r's.
func readData(r *bufio.Reader, b *body) error {
	start := true // at the start of a line, which only CRLF makes
	cr := false   // the piece before this one ended in CR
	for {
		piece, err := r.ReadSlice('\n')
		if err != nil && err != bufio.ErrBufferFull {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		whole := err == nil
		if start && whole && string(piece) == ".\r\n" {
			return nil
		}
		ended := checkPiece(b, piece, whole, cr)
		cr = !whole && piece[len(piece)-1] == '\r'
		if start && piece[0] == '.' {
			piece = piece[1:]
		}
		b.add(piece)
		start = ended
	}
}

// checkPiece finds faults in a line, or in a piece of one that is longer than the reader's buffer, and reports whether it ends in CRLF.
// whole says that piece ends in LF, cr that what stood before it ended in CR.
func checkPiece(b *body, piece []byte, whole, cr bool) (ended bool) {
	if b.fault == nil && bytes.IndexByte(piece, 0) >= 0 {
		b.fail(errNUL)
	}
	text := piece
	if whole {
		text = piece[:len(piece)-1]
	}
	switch {
	case whole && len(text) == 0:
		ended = cr
	case whole:
		ended = text[len(text)-1] == '\r'
	}
	if b.fault != nil {
		return ended
	}
	if cr && len(text) > 0 || whole && !ended {
		b.fail(errBareLine)
		return ended
	}
	// The CR that may stand: the last octet, before the LF here or (in an unfinished piece) before an LF that is still to come.
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		b.fail(errBareLine)
	}
	return ended
}

// checkLines finds the faults of content that came in chunks (BDAT, RFC 3030), where length and not a dot marks the end.
func checkLines(b *body) {
	for rest := b.raw; len(rest) > 0 && b.fault == nil; {
		line := rest
		i := bytes.IndexByte(rest, '\n')
		if i >= 0 {
			line = rest[:i+1]
		}
		rest = rest[len(line):]
		checkPiece(b, line, i >= 0, false)
		if i < 0 && b.fault == nil && line[len(line)-1] == '\r' {
			b.fail(errBareLine)
		}
	}
}
