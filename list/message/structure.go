package message

import (
	"bytes"
	"fmt"
	"strings"
)

// entity is one MIME entity. One that is neither a multipart nor an enclosed message is a leaf; of the others, end is not known.
type entity struct {
	header, body, end int // offsets in raw; end is behind the last octet, without the line end that belongs to the delimiter
	media             string
	params            map[string]string
	encoding          string // Content-Transfer-Encoding, lower case
	attachment        bool   // Content-Disposition says so
	enclosed          bool   // within a message/rfc822
	whole             bool   // a message: the one that is scanned, or one that is enclosed
	sealed            bool   // within a multipart that is signed or encrypted
}

// level is one multipart, or one enclosed message, that is open where the scanner stands.
type level struct {
	boundary string // of a multipart
	digest   bool   // parts are messages unless they say otherwise (RFC 2046 §5.1.5)
	message  bool   // an enclosed message: has no boundary of its own
	sealed   bool   // signed or encrypted
}

// span is a range of raw.
type span struct{ start, end int }

// scanner walks the MIME structure of raw line by line: one pass, no recursion, a map look-up for each line that starts with "--". Guard and Text
// share it, so that what Guard let pass is what Text finds.
type scanner struct {
	raw  []byte
	lim  Limits
	leaf func(entity) // called for each leaf once it has ended; may be nil
	// container is called for each multipart and for what encloses a message, when its header has ended; may be nil.
	container func(entity)
	// aside is called for what stands before the first and behind the last part of a multipart (RFC 2046 §5.1.1); may be nil. idle says that
	// nobody reads it and nothing covers it: there are parts, and it is not within what is signed.
	aside func(at span, idle bool)
	// divide is called for each line that divides the parts of the level i, or closes it, when what ends there has been reported; may be nil.
	divide func(i int, closing bool, at span)

	levels    []level
	open      map[string]int // boundary to the outermost level that has it: the outer delimiter ends the inner part
	messages  int            // levels that are enclosed messages
	seals     int            // levels that are signed or encrypted
	parts     int
	inHeader  bool
	inLeaf    bool
	cur       entity
	fields    int
	field     int // start of the field that is being read; -1: none yet
	ctype     span
	transfer  span
	placement span
	between   int  // start of what is outside of all parts; -1: none
	epilogue  bool // it is behind the last part
}

// scan returns a *GuardError for the first limit that is broken. What was found before has been reported to leaf.
func (s *scanner) scan() error {
	s.begin(0)
	for pos := 0; pos < len(s.raw); {
		if !s.inHeader {
			next := s.nextDashes(pos)
			if next < 0 {
				break
			}
			pos = next
		}
		end := lineEnd(s.raw, pos)
		line := s.raw[pos:end]
		if i, closing, ok := s.delimiter(line); ok {
			if err := s.atDelimiter(i, closing, pos, end); err != nil {
				return err
			}
		} else if s.inHeader {
			if err := s.headerLine(line, pos, end); err != nil {
				return err
			}
		}
		pos = end
	}
	if s.inHeader {
		if err := s.endHeader(len(s.raw), len(s.raw)); err != nil {
			return err
		}
	}
	s.endLeaf(len(s.raw))
	s.endBetween(len(s.raw), -1)
	return nil
}

// nextDashes finds the next line from pos on that could be a delimiter; -1 when there is none.
func (s *scanner) nextDashes(pos int) int {
	if len(s.levels) == 0 {
		return -1
	}
	if bytes.HasPrefix(s.raw[pos:], []byte("--")) {
		return pos
	}
	i := bytes.Index(s.raw[pos:], []byte("\n--"))
	if i < 0 {
		return -1
	}
	return pos + i + 1
}

// delimiter reports whether line is a boundary line of an open multipart, and of which level.
func (s *scanner) delimiter(line []byte) (i int, closing, ok bool) {
	if len(s.open) == 0 || len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return 0, false, false
	}
	b := bytes.TrimRight(line[2:], " \t\r\n")
	if len(b) > maxBoundary+2 {
		return 0, false, false
	}
	if i, ok = s.open[string(b)]; ok {
		return i, false, true
	}
	if b, closing = bytes.CutSuffix(b, []byte("--")); closing {
		i, ok = s.open[string(b)]
	}
	return i, closing, ok
}

func (s *scanner) atDelimiter(i int, closing bool, pos, end int) error {
	if s.inHeader { // a part that ends within its header
		if err := s.endField(pos); err != nil {
			return err
		}
		s.inHeader, s.inLeaf = false, false
	}
	s.endLeaf(pos)
	if s.divide != nil {
		s.divide(i, closing, span{pos, end})
	}
	if closing {
		s.endBetween(pos, -1)
		s.pop(i)
		s.between, s.epilogue = end, true
		return nil
	}
	s.endBetween(pos, i)
	s.pop(i + 1)
	return s.beginPart(end)
}

// pop closes the levels from n on.
func (s *scanner) pop(n int) {
	for i := len(s.levels) - 1; i >= n; i-- {
		l := s.levels[i]
		if l.sealed {
			s.seals--
		}
		if l.message {
			s.messages--
		} else if s.open[l.boundary] == i {
			delete(s.open, l.boundary)
		}
	}
	s.levels = s.levels[:n]
}

func (s *scanner) push(l level) error {
	if s.container != nil {
		s.container(s.cur)
	}
	if l.sealed {
		s.seals++
	}
	if l.message {
		s.messages++
	} else if _, taken := s.open[l.boundary]; !taken {
		if s.open == nil {
			s.open = make(map[string]int)
		}
		s.open[l.boundary] = len(s.levels)
	}
	s.levels = append(s.levels, l)
	if s.lim.Depth > 0 && len(s.levels) > s.lim.Depth {
		return &GuardError{"mime-depth", fmt.Sprintf("The message nests its MIME parts more than %d deep.", s.lim.Depth)}
	}
	return nil
}

func (s *scanner) beginPart(pos int) error {
	s.parts++
	if s.lim.Parts > 0 && s.parts > s.lim.Parts {
		return &GuardError{"mime-parts", fmt.Sprintf("The message has more than %d MIME parts.", s.lim.Parts)}
	}
	s.begin(pos)
	return nil
}

// begin starts the header of an entity.
func (s *scanner) begin(pos int) {
	n := len(s.levels)
	s.cur = entity{header: pos, enclosed: s.messages > 0, whole: n == 0 || s.levels[n-1].message, sealed: s.seals > 0}
	s.inHeader, s.inLeaf, s.between = true, false, -1
	s.fields, s.field = 0, -1
	s.ctype, s.transfer, s.placement = span{}, span{}, span{}
}

func (s *scanner) headerLine(line []byte, pos, end int) error {
	if s.lim.HeaderBytes > 0 && int64(end-s.cur.header) > s.lim.HeaderBytes {
		return &GuardError{"header-size", fmt.Sprintf("The message has a header of more than %d octets.", s.lim.HeaderBytes)}
	}
	if isBlank(line) {
		return s.endHeader(pos, end)
	}
	if (line[0] == ' ' || line[0] == '\t') && s.field >= 0 {
		return nil
	}
	if err := s.endField(pos); err != nil {
		return err
	}
	s.field = pos
	s.fields++
	if s.lim.HeaderFields > 0 && s.fields > s.lim.HeaderFields {
		return &GuardError{"header-fields", fmt.Sprintf("The message has a header of more than %d fields.", s.lim.HeaderFields)}
	}
	return nil
}

// endField looks at the field that ends at pos.
func (s *scanner) endField(pos int) error {
	if s.field < 0 {
		return nil
	}
	if pos-s.field > maxField {
		return &GuardError{"field-size", fmt.Sprintf("The message has a header field of more than %d octets.", maxField)}
	}
	f := s.raw[s.field:pos]
	if f[0]|0x20 != 'c' { // all three that matter start with "Content-"
		return nil
	}
	colon := bytes.IndexByte(f, ':')
	if colon < 0 {
		return nil
	}
	value := span{s.field + colon + 1, pos}
	var keep *span
	switch name := f[:colon]; {
	case bytes.EqualFold(name, []byte("Content-Type")):
		keep = &s.ctype
	case bytes.EqualFold(name, []byte("Content-Transfer-Encoding")):
		keep = &s.transfer
	case bytes.EqualFold(name, []byte("Content-Disposition")):
		keep = &s.placement
	}
	if keep != nil && keep.end == 0 { // the first of several counts, as for Message.Get
		*keep = value
	}
	return nil
}

// endHeader decides what the entity is whose header ends at pos and whose body starts at body.
func (s *scanner) endHeader(pos, body int) error {
	if err := s.endField(pos); err != nil {
		return err
	}
	s.inHeader = false
	s.cur.body = body
	s.cur.media, s.cur.params = "text/plain", nil
	if n := len(s.levels); n > 0 && s.levels[n-1].digest {
		s.cur.media = "message/rfc822"
	}
	if s.ctype.end > 0 {
		s.cur.media, s.cur.params = parseMedia(s.value(s.ctype))
	}
	s.cur.encoding = transferEncoding(s.value(s.transfer))
	s.cur.attachment = strings.HasPrefix(strings.ToLower(s.value(s.placement)), "attachment")
	if strings.HasPrefix(s.cur.media, "multipart/") {
		b := strings.TrimRight(s.cur.params["boundary"], " \t")
		if len(b) > maxBoundary {
			return &GuardError{"boundary", fmt.Sprintf("The message has a MIME boundary of more than %d octets.", maxBoundary)}
		}
		s.between, s.epilogue = body, false
		return s.push(level{boundary: b, digest: s.cur.media == "multipart/digest", sealed: isSealed(s.cur.media)})
	}
	if enclosesMessage(s.cur.media) && isIdentity(s.cur.encoding) {
		if err := s.push(level{message: true}); err != nil {
			return err
		}
		return s.beginPart(body)
	}
	s.inLeaf = true
	return nil
}

func (s *scanner) value(p span) string { return unfold(s.raw[p.start:p.end]) }

// endLeaf reports the leaf that ends before the delimiter line at pos.
func (s *scanner) endLeaf(pos int) {
	if !s.inLeaf {
		return
	}
	s.inLeaf = false
	if s.leaf == nil {
		return
	}
	if pos < len(s.raw) {
		pos = trimLineEnd(s.raw, pos)
	}
	s.cur.end = max(pos, s.cur.body)
	s.leaf(s.cur)
}

// endBetween reports what is outside of all parts and ends at pos, where a part of level next begins, or none (-1).
func (s *scanner) endBetween(pos, next int) {
	if s.between < 0 || s.aside == nil {
		return
	}
	idle := s.seals == 0
	if !s.epilogue { // what stands before the parts of the last level: it is not in what that one has signed
		last := len(s.levels) - 1
		idle = next == last && (idle || s.seals == 1 && s.levels[last].sealed)
	}
	s.aside(span{s.between, pos}, idle)
	s.between = -1
}

// isSealed reports whether no octet of the parts of such a multipart may change (RFC 1847).
func isSealed(media string) bool {
	return media == "multipart/signed" || media == "multipart/encrypted"
}

func enclosesMessage(media string) bool {
	return media == "message/rfc822" || media == "message/global"
}

// transferEncoding is the lower-case word of a Content-Transfer-Encoding value, without the comments and parameters that some put behind it.
func transferEncoding(value string) string {
	if i := strings.IndexAny(value, " \t;("); i >= 0 {
		value = value[:i]
	}
	return strings.ToLower(value)
}

func isIdentity(encoding string) bool { return encoding != "base64" && encoding != "quoted-printable" }

// lineEnd is the offset behind the line that starts at pos.
func lineEnd(raw []byte, pos int) int {
	if i := bytes.IndexByte(raw[pos:], '\n'); i >= 0 {
		return pos + i + 1
	}
	return len(raw)
}

// trimLineEnd steps back over one CRLF or LF before pos.
func trimLineEnd(raw []byte, pos int) int {
	if pos > 0 && raw[pos-1] == '\n' {
		pos--
		if pos > 0 && raw[pos-1] == '\r' {
			pos--
		}
	}
	return pos
}

// isBlank reports whether line is nothing but a line end.
func isBlank(line []byte) bool {
	return len(line) == 1 && line[0] == '\n' || len(line) == 2 && line[0] == '\r' && line[1] == '\n'
}
