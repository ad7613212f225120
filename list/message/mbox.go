package message

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// MboxMessage is one message of an mbox file. Its bytes are the receiver's own.
type MboxMessage struct {
	Raw    []byte    // with CRLF line ends, without the separator and the empty line ahead of the next
	Whole  bool      // false: it has more octets than the limit, and Raw is what there is up to there
	Mended bool      // NUL octets were left out of it, or CRs that end no line were made into line ends
	From   string    // whom the separator names; empty: nobody
	At     time.Time // what the separator says; in UTC where it names no zone, and zero where it cannot be read
	Offset int64     // of the separator in the file, in octets
}

// mboxAhead is how far the reader looks ahead, in octets: a Content-Length over that is not looked at.
const mboxAhead = 1 << 20

// mboxRoom is how much room is kept for the next message, in octets.
const mboxRoom = 4 << 20

// Mbox calls f for every message of an mbox file, in its order. It reads mboxo and mboxrd (quoted lines, ">From ", lose one sign), mboxcl and mboxcl2 (a Content-Length
// counts where it ends at a separator or at the end of the file), with whatever line ends. A message begins at the start of the file, or where a separator of the full
// form stands behind an empty line and ahead of a header field; where the empty line is missing, only ahead of a field that mail begins with. A file that begins
// with no separator is an error; nothing else in it is.
func Mbox(r io.Reader, limit int, f func(MboxMessage) error) error {
	s := &mboxScanner{r: bufio.NewReaderSize(r, mboxAhead), limit: limit, blank: true}
	for {
		end, err := s.line()
		if err != nil {
			return fmt.Errorf("mbox: %w", err)
		}
		if s.ready != nil {
			m := s.ready
			s.ready = nil
			if err := f(*m); err != nil {
				return err
			}
		}
		if !end {
			continue
		}
		if s.now == nil {
			return nil
		}
		return f(*s.finish())
	}
}

// mboxScanner reads an mbox file by lines, or by the parts of lines that are longer than its buffer.
type mboxScanner struct {
	r      *bufio.Reader
	limit  int
	offset int64
	now    *MboxMessage // the one that is read; nil: none has begun
	raw    bytes.Buffer // of it
	ready  *MboxMessage // one that was ended by the last line
	blank  bool         // the line before was empty, or there was none
	part   bool         // what comes goes on with a line
	body   bool         // the header is behind
	length int          // of the body, as the header says; -1: it does not
}

// line reads one line; end is true behind the last.
func (s *mboxScanner) line() (end bool, err error) {
	at := s.offset
	line, err := s.r.ReadSlice('\n')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
		return false, err
	}
	part, more := s.part, errors.Is(err, bufio.ErrBufferFull)
	end = errors.Is(err, io.EOF)
	s.offset += int64(len(line))
	s.part = more
	if !part && bytes.HasPrefix(line, []byte("From ")) {
		line = bytes.Clone(line) // looking ahead moves what it points to
		if s.begins(line) {
			s.begin(line, at)
			return end, nil
		}
	}
	if s.now == nil {
		if len(bytes.TrimSpace(line)) == 0 {
			return end, nil
		}
		return false, errors.New(`the file does not begin with a line "From ... date"`)
	}
	if len(line) == 0 {
		return end, nil
	}
	text := line
	if !more {
		text = bytes.TrimRight(line, "\r\n")
	}
	s.blank = !part && len(text) == 0
	if !part && s.body && mboxQuoted(text) {
		text = text[1:]
	}
	if !s.body && !part {
		s.field(text)
	}
	s.write(text, !more)
	if s.blank && !s.body {
		s.body = true
		if s.length > 0 {
			return end, s.counted()
		}
	}
	return end, nil
}

// begin ends the message that was read, if there is one, and begins another.
func (s *mboxScanner) begin(line []byte, at int64) {
	if s.now != nil {
		s.ready = s.finish()
	}
	from, date, _ := mboxSeparator(bytes.TrimRight(line, "\r\n"))
	s.now = &MboxMessage{Whole: true, From: from, At: date, Offset: at}
	if s.raw.Reset(); s.raw.Cap() > mboxRoom {
		s.raw = bytes.Buffer{}
	}
	s.blank, s.body, s.length = false, false, -1
}

// write adds text to the message, as long as there is room in it.
func (s *mboxScanner) write(text []byte, ends bool) {
	if bytes.IndexByte(text, 0) >= 0 {
		text, s.now.Mended = bytes.ReplaceAll(text, []byte{0}, nil), true
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text, s.now.Mended = bytes.ReplaceAll(text, []byte("\r"), []byte("\r\n")), true
	}
	if !s.now.Whole || s.raw.Len()+len(text)+2 > s.limit {
		s.now.Whole = false
		return
	}
	s.raw.Write(text)
	if ends {
		s.raw.WriteString("\r\n")
	}
}

// counted takes a body by its Content-Length, where that ends at a separator or at the end of the file.
func (s *mboxScanner) counted() error {
	ahead, err := s.r.Peek(min(s.length+mboxLongest, mboxAhead))
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	if len(ahead) < s.length {
		return nil
	}
	rest := bytes.TrimLeft(ahead[s.length:], "\r\n")
	line, _, whole := bytes.Cut(rest, []byte("\n"))
	if _, _, ok := mboxSeparator(bytes.TrimRight(line, "\r")); len(rest) > 0 && !(ok && whole) || len(rest) == 0 && err == nil {
		return nil
	}
	content := ahead[:s.length]
	quoted := !bytes.HasPrefix(content, []byte("From ")) && !bytes.Contains(content, []byte("\nFrom ")) // else nothing in it is quoted
	for len(content) > 0 {
		text, after, ends := bytes.Cut(content, []byte("\n"))
		if text = bytes.TrimRight(text, "\r"); quoted && mboxQuoted(text) {
			text = text[1:]
		}
		s.write(text, ends || len(text) > 0)
		content = after
	}
	n, err := s.r.Discard(s.length)
	s.offset += int64(n)
	s.blank = true
	return err
}

// finish is what was read, without the empty line that divides it from the next; the one behind its header stays.
func (s *mboxScanner) finish() *MboxMessage {
	b := bytes.Clone(s.raw.Bytes())
	if end := []byte("\r\n\r\n"); bytes.HasSuffix(b, end) && bytes.Index(b, end) < len(b)-len(end) {
		b = b[:len(b)-2]
	}
	s.now.Raw = b
	return s.now
}
