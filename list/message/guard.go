package message

import "bytes"

// Limits bound what one message may make a parser do. Zero means no limit, for each of them alone.
type Limits struct {
	HeaderBytes  int64 // octets of one header block, the message's or a part's
	HeaderFields int   // fields of one header block
	Depth        int   // nesting of multiparts and enclosed messages
	Parts        int   // MIME entities in all, beside the message itself
}

const (
	maxField    = 64 << 10 // octets of one field with its line ends; no real one comes near
	maxBoundary = 200      // octets; RFC 2046 §5.1.1 allows 70
)

// GuardError says why a message cannot be taken. What is a stable word for logs and tests; Text is one plain ASCII sentence that the sender may read.
type GuardError struct {
	What string // nul, bare-cr-lf, header-size, header-fields, field-size, mime-depth, mime-parts, boundary; structure and from of Check
	Text string
}

func (e *GuardError) Error() string { return "message: " + e.What + ": " + e.Text }

// Guard checks raw bytes before any parser sees them, in linear time and without recursion: no NUL, no CR or LF outside a CRLF pair (RFC 5321
// §2.3.8), the limits, no field over 64 KiB and no multipart boundary over 200 octets. The limits on headers hold for the header of every part too.
// The error is a *GuardError.
func Guard(raw []byte, lim Limits) error {
	if err := guardOctets(raw); err != nil {
		return err
	}
	s := scanner{raw: raw, lim: lim}
	return s.scan()
}

// guardOctets refuses what makes two parsers see different lines: it is what message smuggling is made of.
func guardOctets(raw []byte) error {
	if bytes.IndexByte(raw, 0) >= 0 {
		return &GuardError{"nul", "The message contains a NUL octet."}
	}
	for len(raw) > 0 {
		lf := bytes.IndexByte(raw, '\n')
		line := raw
		if lf >= 0 {
			line = raw[:lf]
		}
		cr := bytes.IndexByte(line, '\r')
		if lf < 0 && cr < 0 {
			return nil
		}
		if lf < 1 || cr != lf-1 {
			return &GuardError{"bare-cr-lf", "The message contains a CR or LF that is not part of a CRLF line end."}
		}
		raw = raw[lf+1:]
	}
	return nil
}
