package list

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"convene/list/message"
)

// letters is where the letters of a token stand in a text: each in its own range, which is longer than an octet where the letter is written as "%61" or
// "&#97;", with whatever else between them.
type letters [tokenLength]message.Range

// What an octet is to eachDisguised.
const (
	octetNoise   = iota // stands between the letters of a token, for a reader who sees none of it
	octetWord           // a letter or a digit
	octetSign           // in front of a token
	octetSpecial        // begins something: see glyphAt
	octetOther          // no token goes on behind it
)

// octetKinds says of each octet which it is. Noise is white space, the marks of quotation and emphasis, and all of other alphabets.
var octetKinds = func() (kinds [256]uint8) {
	for i := range kinds {
		switch c := byte(i); {
		case strings.IndexByte("&%=<\x96\x97\xE2\xEF", c) >= 0: // the last two begin most dashes
			kinds[i] = octetSpecial
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9':
			kinds[i] = octetWord
		case c == '-' || c == '/':
			kinds[i] = octetSign
		case c > ' ' && c < 0x7f && strings.IndexByte(">|*_\\`'\"~^", c) < 0:
			kinds[i] = octetOther
		}
	}
	return kinds
}()

// eachDisguised calls f for what looks like a token once all is read as a person reads it: with nothing of white space, marks of quotation, soft
// hyphens, letters without width and soft line breaks, with entities and percent escapes decoded however often they are encoded, with all sorts of
// dashes as one, and once with and once without the tags of HTML. It takes one or two passes.
func eachDisguised(text []byte, f func(c candidate, at *letters)) {
	if narrowed, octets := narrow(text); octets != nil {
		eachDisguised(narrowed, func(c candidate, at *letters) {
			for i, r := range at {
				at[i] = message.Range{Start: octets[r.Start], End: octets[r.End-1] + 1}
			}
			f(c, at)
		})
		return
	}
	if !mayDisguise(text) {
		return
	}
	r := disguiseReader{text: text, found: f}
	r.read()
	if bytes.IndexByte(text, '<') >= 0 {
		r = disguiseReader{text: text, found: f, tags: true}
		r.read()
	}
}

// narrow makes ASCII of what is written in two or four octets a letter, as text in UTF-16 and UTF-32 is, by the zeros in it: whether it says so, and
// which comes first, is often wrong. All else in it is noise, but dashes. octets says where each octet stood; nil: it is nothing of that kind.
func narrow(text []byte) (narrowed []byte, octets []int) {
	const sample, longest = 4096, 4 << 20
	begin := text[:min(len(text), sample)]
	if len(text) > longest || bytes.Count(begin, []byte{0}) <= len(begin)/3 {
		return nil, nil
	}
	zeros := [2]int{}
	for i, c := range begin {
		if c == 0 {
			zeros[i%2]++
		}
	}
	high, low := 0, 1
	if zeros[1] > zeros[0] {
		high, low = 1, 0
	}
	octets = []int{}
	for i := 0; i+1 < len(text); i += 2 {
		char := rune(text[i+high])<<8 | rune(text[i+low])
		switch {
		case isDash(char):
			narrowed, octets = append(narrowed, '-'), append(octets, i)
		case char != 0 && char < utf8.RuneSelf:
			narrowed, octets = append(narrowed, byte(char)), append(octets, i+low)
		}
	}
	return narrowed, octets
}

// disguiseReader reads a text octet by octet.
type disguiseReader struct {
	text  []byte
	found func(c candidate, at *letters)
	tags  bool // those of HTML are noise, with all in them

	last    uint64 // the last eight octets that were read, in lower case
	open    bool   // a token may go on
	purpose purpose
	sign    int // where the sign in front of it begins
	n       int
	token   [tokenLength]byte
	at      letters
	endless [2]bool // no tag, or no comment, ends behind where the reader stands
}

func (r *disguiseReader) read() {
	for i := 0; i < len(r.text); {
		c := r.text[i]
		switch octetKinds[c] {
		case octetNoise:
			i++
		case octetWord:
			r.word(c, i, i+1)
			i++
		case octetSpecial:
			i = r.special(i)
		default:
			r.mark(c, i)
			i++
		}
	}
}

// word takes a letter or a digit.
func (r *disguiseReader) word(c byte, start, end int) {
	r.last = r.last<<8 | uint64(c|0x20)
	if !r.open {
		return
	}
	if r.open = isTokenByte(c); !r.open {
		return
	}
	r.token[r.n], r.at[r.n] = c|0x20, message.Range{Start: start, End: end}
	if r.n++; r.n == tokenLength {
		r.open = false
		at := r.at
		r.found(r.candidate(end), &at)
	}
}

// mark takes what is no word.
func (r *disguiseReader) mark(c byte, at int) {
	if r.open = false; c == '-' || c == '/' {
		r.purpose, r.open = anchor(r.last, c)
		r.n, r.sign = 0, at
	}
	r.last = r.last<<8 | uint64(c)
}

// anchor reports whether a token follows a sign, by the eight octets in front of it.
func anchor(last uint64, sign byte) (purpose, bool) {
	const five, six, seven = 1<<40 - 1, 1<<48 - 1, 1<<56 - 1
	if sign == '/' {
		switch last & 0xffff {
		case '/'<<8 | 'u':
			return forLeave, true
		case '/'<<8 | 'c':
			return forSecret, true
		}
		return 0, false
	}
	switch {
	case last&0xffffffff == 'h'<<24|'e'<<16|'l'<<8|'d', last&0xffffffff == 'i'<<24|'m'<<16|'a'<<8|'p':
		return forSecret, true
	case last&five == 'l'<<32|'e'<<24|'a'<<16|'v'<<8|'e':
		return forLeave, true
	case last&six == 'b'<<40|'o'<<32|'u'<<24|'n'<<16|'c'<<8|'e':
		return forBounce, true
	case last&seven == 'c'<<48|'o'<<40|'n'<<32|'f'<<24|'i'<<16|'r'<<8|'m':
		return forSecret, true
	}
	return 0, false
}

// candidate is the token that was read up to end. The address of the list that a bounce mark says it is of stands around it,
// with whatever is written before and behind: see Engine.listAt.
func (r *disguiseReader) candidate(end int) candidate {
	const longest = 400
	c := candidate{purpose: r.purpose, token: string(r.token[:])}
	if c.purpose == forBounce {
		before := plainOctets(r.text[max(0, r.sign-longest):r.sign], r.tags)
		after := plainOctets(r.text[end:min(len(r.text), end+longest)], r.tags)
		c.address = listAround(before[:max(len(before)-len("bounce"), 0)], after)
	}
	return c
}

// plainOctets is a text as disguiseReader reads it.
func plainOctets(text []byte, tags bool) (plain []byte) {
	r := disguiseReader{text: text, tags: tags}
	for i := 0; i < len(text); {
		kind := octetKinds[text[i]]
		if kind == octetSpecial {
			c, size := r.glyphAt(i)
			if c != 0 {
				plain = append(plain, c)
			}
			i += size
			continue
		}
		if kind != octetNoise {
			plain = append(plain, text[i])
		}
		i++
	}
	return plain
}

// special takes what begins at i, and returns where it ends.
func (r *disguiseReader) special(i int) int {
	c, size := r.glyphAt(i)
	switch octetKinds[c] {
	case octetNoise:
	case octetWord:
		r.word(c, i, i+size)
	default:
		r.mark(c, i)
	}
	return i + size
}
