package mailer

import (
	"bufio"
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// The bounds of one response of a peer (RFC 5321 §4.5.3.1.5 asks for 512 octets a line): whoever says more is cut off.
const (
	responseLine  = 4 << 10
	responseLines = 100
	responseBytes = 64 << 10
)

// response is what a peer answered. Its text is only good until the next one is read.
type response struct {
	code int
	text []byte // the lines without their codes, joined by LF
}

var (
	errResponseSyntax = errors.New("not an SMTP reply")
	errResponseLong   = errors.New("reply without end")
)

// readResponse reads one response. r must have a buffer of responseLine octets. A line may end in a bare LF, as some peers' do.
func readResponse(r *bufio.Reader, into *response) error {
	into.code, into.text = 0, into.text[:0]
	for total, lines := 0, 0; lines < responseLines; lines++ {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return errResponseLong
		}
		if err != nil {
			return err
		}
		if total += len(line); total > responseBytes {
			return errResponseLong
		}
		code, more, text, ok := responseParts(line)
		if !ok || into.code != 0 && code != into.code {
			return errResponseSyntax
		}
		if into.code = code; lines > 0 {
			into.text = append(into.text, '\n')
		}
		into.text = append(into.text, text...)
		if !more {
			return nil
		}
	}
	return errResponseLong
}

// responseParts takes one line of a response apart: three digits, then a hyphen when more lines follow, or a space, or nothing.
func responseParts(line []byte) (code int, more bool, text []byte, ok bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) < 3 || line[0] < '2' || line[0] > '5' {
		return 0, false, nil, false
	}
	for _, digit := range line[:3] {
		if digit < '0' || digit > '9' {
			return 0, false, nil, false
		}
		code = code*10 + int(digit-'0')
	}
	if len(line) == 3 {
		return code, false, nil, true
	}
	if line[3] != ' ' && line[3] != '-' {
		return 0, false, nil, false
	}
	return code, line[3] == '-', line[4:], true
}

// class is the first digit of the code: 2 done, 3 go on, 4 not now, 5 no.
func (r *response) class() int { return r.code / 100 }

// status is the response in one line for logs and people.
func (r *response) status() string {
	var b [statusBytes]byte
	line := append(strconv.AppendInt(b[:0], int64(r.code), 10), ' ')
	return string(appendLine(line, r.text))
}

// statusBytes is how long a status may be; peers write essays.
const statusBytes = 400

// oneLine makes any text fit for a Settled.Status: one line of printable ASCII, not too long.
func oneLine(s string) string { return string(appendLine(nil, []byte(s))) }

// appendLine appends what oneLine makes of text to b, which holds the line's beginning.
func appendLine(b, text []byte) []byte {
	for len(text) > 0 && len(b) < statusBytes {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case r == '\n' || r == '\t' || r == ' ':
			b = append(b, ' ')
		case r < ' ' || r == 0x7f:
		case r > 0x7f:
			b = append(b, '?')
		default:
			b = append(b, byte(r))
		}
	}
	return b
}
