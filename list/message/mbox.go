package message

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// mboxLine is a line that begins a message of an mbox file (RFC 4155): From, somebody, and a date. pipermail writes "alice at example.org" there.
var mboxLine = regexp.MustCompile(`^From \S.*(?:\d{1,2}:\d\d|\d{4})`)

// mboxQuoted is a line that would begin one, quoted once or more (mboxrd).
var mboxQuoted = regexp.MustCompile(`^>+From `)

// Mbox calls f for every message of an mbox file, in its order, with CRLF line ends; the bytes are f's own. A message begins where a line says so at the start of the
// file or behind an empty line; quoted ones within (">From ") lose one sign, as in mboxrd. Of a message with more than limit octets f gets what
// there is up to there, and whole is false. A file that begins otherwise is an error.
func Mbox(r io.Reader, limit int, f func(raw []byte, whole bool) error) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	var raw bytes.Buffer
	begun, blank, whole, part := false, true, true, false
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return fmt.Errorf("mbox: %w", err)
		}
		end := errors.Is(err, io.EOF)
		switch text := bytes.TrimRight(line, "\r\n"); {
		case !part && blank && mboxLine.Match(text):
			if begun {
				if err := f(mboxMessage(&raw), whole); err != nil {
					return err
				}
			}
			begun, whole = true, true
			raw.Reset()
			blank = false
		case !begun && len(text) > 0:
			return errors.New(`mbox: the file does not begin with a line "From ... date"`)
		case begun && len(line) > 0:
			if !part && mboxQuoted.Match(text) {
				text = text[1:]
			}
			if raw.Len()+len(text)+2 > limit {
				whole = false
			} else if raw.Write(text); bytes.HasSuffix(line, []byte("\n")) || end {
				raw.WriteString("\r\n")
			}
			blank = !part && len(text) == 0
		}
		part = errors.Is(err, bufio.ErrBufferFull)
		if !end {
			continue
		}
		if !begun {
			return nil
		}
		return f(mboxMessage(&raw), whole)
	}
}

// mboxMessage is what was read, without the empty line that divides it from the next; the one behind its header stays.
func mboxMessage(raw *bytes.Buffer) []byte {
	b := bytes.Clone(raw.Bytes())
	if end := []byte("\r\n\r\n"); bytes.HasSuffix(b, end) && bytes.Index(b, end) < len(b)-len(end) {
		b = b[:len(b)-2]
	}
	return b
}
