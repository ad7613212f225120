package message

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"io"
	"math"
)

// WriteBody writes a body in that form (RFC 6376 §3.4.3 and §3.4.4), no more than the first limit octets of it (l=); negative: all. No piece is
// copied as a whole. w must be one whose Write cannot fail, as that of a hash.
func (c Canonical) WriteBody(w io.Writer, body Pieces, limit int64) {
	if limit < 0 {
		limit = math.MaxInt64
	}
	out := bodyWriter{w: bufio.NewWriterSize(&limited{w, limit}, 4<<10)}
	if c == Simple {
		for _, b := range body {
			out.write(b)
		}
	} else {
		r := relaxer{out: &out}
		for _, b := range body {
			r.write(b)
		}
		r.close()
	}
	out.close(c == Simple)
}

// SameBody reports whether a signature over the first limit octets of a body, or over all when limit is negative, reads a and b alike.
func (c Canonical) SameBody(a, b Pieces, limit int64) bool {
	if limit < 0 { // the lines that both begin with do not matter
		n := commonLines(a, b)
		_, a = a.Cut(n)
		_, b = b.Cut(n)
	}
	return c.bodySum(a, limit) == c.bodySum(b, limit)
}

func (c Canonical) bodySum(body Pieces, limit int64) [sha256.Size]byte {
	h := sha256.New()
	c.WriteBody(h, body, limit)
	return [sha256.Size]byte(h.Sum(nil))
}

// commonLines is a number of octets up to a line end with which both begin, and nearly the highest one.
func commonLines(a, b Pieces) int {
	done, lines := 0, 0
	var x, y []byte
	for {
		for ; len(x) == 0 && len(a) > 0; a = a[1:] {
			x = a[0]
		}
		for ; len(y) == 0 && len(b) > 0; b = b[1:] {
			y = b[0]
		}
		n := min(len(x), len(y))
		same := commonOctets(x[:n], y[:n])
		if end := bytes.LastIndex(x[:same], []byte("\r\n")); end >= 0 {
			lines = done + end + 2
		}
		if done += same; n == 0 || same < n {
			return lines
		}
		x, y = x[n:], y[n:]
	}
}

// commonOctets is how many octets two runs of the same length begin with alike.
func commonOctets(a, b []byte) int {
	const step = 4 << 10
	done := 0
	for len(a) > step && bytes.Equal(a[:step], b[:step]) {
		done, a, b = done+step, a[step:], b[step:]
	}
	for i := range a {
		if a[i] != b[i] {
			return done + i
		}
	}
	return done + len(a)
}

// limited passes on the first octets alone.
type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if n := min(int64(len(p)), l.left); n > 0 {
		l.left -= n
		if _, err := l.w.Write(p[:n]); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// bodyWriter leaves the empty lines at the end out. What is written to it may be broken anywhere.
type bodyWriter struct {
	w    *bufio.Writer
	ends int  // line ends that are not written: they may be the last
	cr   bool // likewise a CR, behind which an LF may come
	some bool // anything but line ends was written
}

func (o *bodyWriter) write(p []byte) {
	if len(p) == 0 {
		return
	}
	if o.cr {
		if o.cr = false; p[0] == '\n' {
			o.ends++
			p = p[1:]
		} else {
			o.put([]byte{'\r'})
		}
	}
	if n := len(p); n > 0 && p[n-1] == '\r' {
		o.cr, p = true, p[:n-1]
	}
	text := p
	for bytes.HasSuffix(text, []byte("\r\n")) {
		text = text[:len(text)-2]
	}
	if len(text) > 0 {
		o.put(text)
	}
	o.ends += (len(p) - len(text)) / 2
}

// put writes what is not empty and no line end, behind the line ends that have waited for it.
func (o *bodyWriter) put(text []byte) {
	for ; o.ends > 0; o.ends-- {
		o.w.WriteString("\r\n")
	}
	o.w.Write(text)
	o.some = true
}

// close ends the last line; one without anything has an end of its own only in the simple form.
func (o *bodyWriter) close(always bool) {
	if o.cr {
		o.put([]byte{'\r'})
	}
	if o.some || always {
		o.w.WriteString("\r\n")
	}
	o.w.Flush()
}

// relaxer makes runs of white space one space, and none at the end of a line. What is written to it may be broken anywhere.
type relaxer struct {
	out   *bodyWriter
	space bool // white space that is not written: it may end its line
	cr    bool // a CR behind it, behind which an LF may come
	line  []byte
}

func (r *relaxer) write(p []byte) {
	if len(p) == 0 {
		return
	}
	if r.cr {
		if r.cr = false; p[0] == '\n' {
			r.space, p = false, p[1:]
			r.out.write([]byte("\r\n"))
		} else {
			r.text([]byte{'\r'})
		}
	}
	clean := 0 // up to here nothing of p has to change, and nothing is written
	at := 0
	for at < len(p) {
		end := bytes.Index(p[at:], []byte("\r\n"))
		if end < 0 {
			break
		}
		line := p[at : at+end]
		n := 0
		if !r.space {
			n = relaxedLine(line)
		}
		if n < end || r.space {
			r.out.write(p[clean : at+n])
			r.text(line[n:])
			r.space, clean = false, at+end
		}
		at += end + 2
	}
	r.out.write(p[clean:at])
	rest := p[at:]
	if n := len(rest); n > 0 && rest[n-1] == '\r' {
		r.cr, rest = true, rest[:n-1]
	}
	r.text(rest)
}

// relaxedLine is how many octets at the start of a line are in the relaxed form.
func relaxedLine(line []byte) int {
	if bytes.IndexByte(line, ' ') < 0 && bytes.IndexByte(line, '\t') < 0 {
		return len(line)
	}
	return relaxedRun(line)
}

// text writes a part of a line; the space at its end waits.
func (r *relaxer) text(part []byte) {
	const most = 4 << 10
	for ; len(part) > most; part = part[most:] {
		r.text(part[:most])
	}
	line := r.line[:0]
	for len(part) > 0 {
		if c := part[0]; c == ' ' || c == '\t' {
			r.space, part = true, part[1:]
			continue
		}
		if r.space {
			line = append(line, ' ')
			r.space = false
		}
		n := relaxedRun(part)
		line, part = append(line, part[:n]...), part[n:]
	}
	r.out.write(line)
	r.line = line
}

// relaxedRun is how many octets at the start of part are in the relaxed form: words with single spaces between.
func relaxedRun(part []byte) int {
	for i, c := range part {
		if c == '\t' || c == ' ' && (i+1 == len(part) || part[i+1] == ' ' || part[i+1] == '\t') {
			return i
		}
	}
	return len(part)
}

func (r *relaxer) close() {
	if r.cr {
		r.text([]byte{'\r'})
	}
}
