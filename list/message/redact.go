package message

import (
	"bytes"
	"slices"
	"strings"
)

// Range is a run of octets: from Start up to but not including End.
type Range struct{ Start, End int }

// Find points to what is to be overwritten in a text. loose says that this is something that a person may be shown, as a program shows it or near to
// that, where what is looked for may be written in more than one way; else it is a whole message as it stands.
type Find func(text []byte, loose bool) []Range

// Redactor overwrites in one message with x, octet by octet, what a Find points to, wherever it is written: the result is as long as the message, and
// all else in it is as it was. Find is shown the message as it is, and then each header, each text in a part and what stands beside the parts, and,
// decoded, every run of encoded-words in a header (RFC 2047), every quoted-printable part and every base64 part that may hold text (RFC 2045 §6); of
// a whole message that is encoded so, or attached as a file, all of that again. It may be shown one place twice.
//
// Nothing is overwritten in what is signed or encrypted as a whole (RFC 1847, RFC 8551), nor in a text whose charset has no ASCII in it.
type Redactor struct {
	raw  []byte
	cold map[int]bool // parts, by where their bodies begin, in which Look found nothing: they need not be decoded again
}

// NewRedactor makes a Redactor of a message, which it does not change.
func NewRedactor(raw []byte) *Redactor { return &Redactor{raw: raw, cold: map[int]bool{}} }

// Look shows find all that Redact does and changes nothing. Parts in which find pointed to nothing are not decoded again by this Redactor, so that
// the find of a later Redact may point to no more than this one.
func (m *Redactor) Look(find Find) {
	r := redactor{raw: m.raw, find: find, cold: m.cold, look: true}
	r.run()
}

// Redact overwrites what find points to. sealed reports that it pointed to what cannot be overwritten. Without anything to overwrite the result is
// the message itself, and otherwise the Redactor is of the result from now on. It takes linear time.
func (m *Redactor) Redact(find Find) (out []byte, sealed bool) {
	r := redactor{raw: m.raw, find: find, cold: m.cold}
	m.raw, sealed = r.run()
	return m.raw, sealed
}

// redactDepth is how many encoded messages within encoded messages are read as messages. Each is decoded anew, so that there must be an end.
const redactDepth = 4

// redactor overwrites in one message, once.
type redactor struct {
	raw, out []byte // out is nil as long as nothing has changed
	find     Find
	cold     map[int]bool // of a Redactor; nil in a message within
	look     bool         // nothing is to be changed
	depth    int
	found    []Range
	pointed  bool   // find pointed to something
	seals    []span // what must not change
	open     int    // number of the seal that goes on, from 1; zero: none does
	sealed   bool   // find pointed into one of them
}

func (r *redactor) run() ([]byte, bool) {
	s := scanner{raw: r.raw, leaf: r.leaf, container: r.container, aside: func(at span, _ bool) { r.loose(at) }}
	_ = s.scan() // what stands before the place where a limit is broken was read
	r.found = append(r.found, r.find(r.raw, false)...)
	r.pointed = r.pointed || len(r.found) > 0
	for _, found := range r.found {
		if slices.ContainsFunc(r.seals, func(s span) bool { return found.Start < s.end && s.start < found.End }) {
			r.sealed = true
			continue
		}
		for i := found.Start; i < found.End; i++ {
			r.write(i, 'x')
		}
	}
	if r.out == nil {
		return r.raw, r.sealed
	}
	return r.out, r.sealed
}

func (r *redactor) write(i int, c byte) {
	if r.look {
		return
	}
	if r.out == nil {
		r.out = bytes.Clone(r.raw)
	}
	r.out[i] = c
}

// loose shows find a piece of the message as it stands.
func (r *redactor) loose(at span) {
	for _, found := range r.find(r.raw[at.start:at.end], true) {
		r.found = append(r.found, Range{found.Start + at.start, found.End + at.start})
	}
}

// container reads the header of a multipart or of what encloses a message, and notes where what it seals begins.
func (r *redactor) container(e entity) {
	r.header(e)
	if !e.sealed && isSealed(e.media) {
		r.seals = append(r.seals, span{e.body, len(r.raw)})
		r.open = len(r.seals)
	}
}

// armour begins what is signed or encrypted within a text (RFC 9580 §6.2).
const armour = "-----BEGIN PGP "

// leaf reads the header and the content of a part.
func (r *redactor) leaf(e entity) {
	r.header(e)
	sealed := e.sealed
	if e.media == "application/pkcs7-mime" || e.media == "application/x-pkcs7-mime" || bytes.Contains(r.raw[e.body:e.end], []byte(armour)) {
		r.seals, sealed = append(r.seals, span{e.body, e.end}), true
	}
	switch at := (span{e.body, e.end}); {
	case r.cold[e.body]:
	case e.encoding == "base64" && mayHoldText(e.media), e.encoding == "quoted-printable" && bytes.IndexByte(r.raw[e.body:e.end], '=') >= 0:
		r.encoded(e, at, sealed)
	case e.encoding == "base64": // a picture
	default: // it reads as it is written
		r.loose(at)
		r.foreign(&e, r.raw[e.body:e.end])
		if text := r.raw[e.body:e.end]; isAttachedMessage(text) && r.depth < redactDepth {
			r.changed(at.start, text, r.within(text), sealed)
		}
	}
}

// encoded reads what an encoded part says.
func (r *redactor) encoded(e entity, at span, sealed bool) {
	before := r.pointed
	r.pointed = false
	r.edit([]encodedPiece{{at, e.encoding == "base64"}}, sealed, func(text []byte) []byte {
		r.foreign(&e, text)
		if (enclosesMessage(e.media) || isAttachedMessage(text)) && r.depth < redactDepth {
			return r.within(text)
		}
		return r.overwrite(text, strings.HasPrefix(e.media, "text/") || !isBinary(text))
	})
	if r.look && r.cold != nil && !r.pointed {
		r.cold[e.body] = true
	}
	r.pointed = r.pointed || before
}

// within overwrites in a message that is a part of this one.
func (r *redactor) within(text []byte) []byte {
	inner := redactor{raw: text, find: r.find, look: r.look, depth: r.depth + 1}
	out, sealed := inner.run()
	r.sealed, r.pointed = r.sealed || sealed, r.pointed || inner.pointed
	return out
}

// changed writes what has become of a piece that stands in the message as it is.
func (r *redactor) changed(start int, was, is []byte, sealed bool) {
	for i := range was {
		if was[i] == is[i] {
			continue
		}
		if sealed {
			r.sealed = true
			return
		}
		r.write(start+i, is[i])
	}
}

// foreign shows find a text whose charset has no ASCII in it, in UTF-8. What it finds there cannot be overwritten.
func (r *redactor) foreign(e *entity, text []byte) {
	name := strings.ToLower(e.params["charset"])
	if !foreignCharset.MatchString(name) {
		return
	}
	if s, ok := decodeCharset(name, text); ok && len(r.find([]byte(s), true)) > 0 {
		r.pointed, r.sealed = true, true
	}
}

// header overwrites in the encoded-words of an entity's header. Words with nothing but white space between them read as one text.
func (r *redactor) header(e entity) {
	if r.open > 0 && !e.sealed {
		r.seals[r.open-1].end, r.open = e.header, 0
	}
	r.loose(span{e.header, e.body})
	if !bytes.Contains(r.raw[e.header:e.body], []byte("=?")) {
		return
	}
	h := string(r.raw[e.header:e.body])
	var run []encodedPiece
	last := 0 // behind the last word of the run
	for pos := 0; ; {
		next := strings.Index(h[pos:], "=?")
		if next < 0 {
			break
		}
		start := pos + next
		w, end, ok := parseWord(h, start)
		if !ok {
			pos = start + 2
			continue
		}
		if strings.Trim(h[last:start], " \t\r\n") != "" {
			r.words(run, e.sealed)
			run = run[:0]
		}
		text := e.header + end - len("?=") - len(w.text)
		run = append(run, encodedPiece{span{text, text + len(w.text)}, w.encoding == 'b'})
		pos, last = end, end
	}
	r.words(run, e.sealed)
}

func (r *redactor) words(run []encodedPiece, sealed bool) {
	if len(run) > 0 {
		r.edit(run, sealed, func(text []byte) []byte { return r.overwrite(text, true) })
	}
}

// overwrite returns text itself when there is nothing to do.
func (r *redactor) overwrite(text []byte, loose bool) []byte {
	ranges := r.find(text, loose)
	if len(ranges) == 0 {
		return text
	}
	r.pointed = true
	if r.look {
		return text
	}
	text = bytes.Clone(text)
	for _, found := range ranges {
		for i := found.Start; i < found.End; i++ {
			text[i] = 'x'
		}
	}
	return text
}

// edit shows change what pieces say together, and writes back what it returns, which must be as long.
func (r *redactor) edit(pieces []encodedPiece, sealed bool, change func(text []byte) []byte) {
	size := 0
	for _, p := range pieces {
		size += p.at.end - p.at.start
	}
	text, ends := make([]byte, 0, size), make([]int, len(pieces))
	for i, p := range pieces {
		text = p.decode(text, r.raw)
		ends[i] = len(text)
	}
	changed := change(text)
	if bytes.Equal(text, changed) {
		return
	}
	if sealed {
		r.sealed = true
		return
	}
	from := 0
	for i, p := range pieces {
		p.rewrite(r.raw, text[from:ends[i]], changed[from:ends[i]], r.write)
		from = ends[i]
	}
}
