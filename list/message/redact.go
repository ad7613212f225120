package message

import (
	"bytes"
	"slices"
	"strings"
)

// Range is a run of octets: from Start up to but not including End.
type Range struct{ Start, End int }

// Redact overwrites with x, octet by octet, what find points to, wherever in a message it is written: the result is as long as raw, and all else in
// it is as it was. find is shown the message as it is, and then, decoded, every run of encoded-words in a header (RFC 2047), every quoted-printable
// part and every base64 part that may hold text (RFC 2045 §6); of a whole message that is encoded so, all of that again. It returns ranges of what it
// is shown, and may be shown one place twice.
//
// Nothing is overwritten in what is signed or encrypted as a whole (RFC 1847, RFC 8551): sealed reports that find pointed there. Without anything to
// overwrite the result is raw itself. It takes linear time, and raw is not changed.
func Redact(raw []byte, find func(text []byte) []Range) (out []byte, sealed bool) {
	return redact(raw, find, 0)
}

// redactDepth is how many encoded messages within encoded messages are read as messages. Each is decoded anew, so that there must be an end.
const redactDepth = 4

// redactor overwrites in one message.
type redactor struct {
	raw, out []byte // out is nil as long as nothing has changed
	find     func(text []byte) []Range
	depth    int
	seals    []span // what must not change
	open     int    // number of the seal that goes on, from 1; zero: none does
	sealed   bool   // find pointed into one of them
}

func redact(raw []byte, find func([]byte) []Range, depth int) ([]byte, bool) {
	r := redactor{raw: raw, find: find, depth: depth}
	s := scanner{raw: raw, leaf: r.leaf, container: r.container}
	_ = s.scan() // what stands before the place where a limit is broken was read
	for _, found := range find(raw) {
		if slices.ContainsFunc(r.seals, func(s span) bool { return found.Start < s.end && s.start < found.End }) {
			r.sealed = true
			continue
		}
		for i := found.Start; i < found.End; i++ {
			r.write(i, 'x')
		}
	}
	if r.out == nil {
		return raw, r.sealed
	}
	return r.out, r.sealed
}

func (r *redactor) write(i int, c byte) {
	if r.out == nil {
		r.out = bytes.Clone(r.raw)
	}
	r.out[i] = c
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
	piece := encodedPiece{span{e.body, e.end}, e.encoding == "base64"}
	switch {
	case e.encoding == "base64" && mayHoldText(e.media):
	case e.encoding == "quoted-printable" && bytes.IndexByte(r.raw[e.body:e.end], '=') >= 0:
	default:
		return // it reads as it is written
	}
	r.edit([]encodedPiece{piece}, sealed, func(text []byte) []byte {
		if enclosesMessage(e.media) && r.depth < redactDepth {
			out, within := redact(text, r.find, r.depth+1)
			r.sealed = r.sealed || within
			return out
		}
		return overwrite(text, r.find(text))
	})
}

// mayHoldText spares what is large and has no text that stands there as octets: it is a picture, or compressed.
func mayHoldText(media string) bool {
	switch kind, name, _ := strings.Cut(media, "/"); kind {
	case "image", "audio", "video", "font":
		return false
	case "application":
		return name != "pdf" && name != "msword" && name != "zip" && name != "gzip" && name != "x-zip-compressed" && !strings.HasPrefix(name, "vnd.")
	}
	return true
}

// header overwrites in the encoded-words of an entity's header. Words with nothing but white space between them read as one text.
func (r *redactor) header(e entity) {
	if r.open > 0 && !e.sealed {
		r.seals[r.open-1].end, r.open = e.header, 0
	}
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
		r.edit(run, sealed, func(text []byte) []byte { return overwrite(text, r.find(text)) })
	}
}

// overwrite returns text itself when there is nothing to do.
func overwrite(text []byte, ranges []Range) []byte {
	if len(ranges) == 0 {
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
