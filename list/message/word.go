package message

import "strings"

// maxDecode bounds how many octets of one value are decoded; the rest is kept as it is. Guard lets no field through that is nearly as long.
const maxDecode = 256 << 10

// Decode decodes the encoded-words of unstructured text (RFC 2047) and returns valid UTF-8 on one line: controls are spaces. Adjacent words of one
// charset are joined before they are decoded, since many senders split them within a character. A word of a charset that is not known stays as it is.
func Decode(s string) string {
	if !strings.Contains(s, "=?") {
		return oneLine(s)
	}
	var d wordDecoder
	pos := 0 // all before is written
	for pos < len(s) && pos < maxDecode {
		next := strings.Index(s[pos:], "=?")
		if next < 0 {
			break
		}
		start := pos + next
		w, end, ok := parseWord(s, start)
		for !ok { // text up to the next thing that looks like a word
			next = strings.Index(s[start+2:], "=?")
			if next < 0 {
				break
			}
			start += 2 + next
			w, end, ok = parseWord(s, start)
		}
		if !ok {
			break
		}
		d.text(s[pos:start])
		d.word(w, s[start:end])
		pos = end
	}
	d.text(s[pos:])
	d.flush()
	return oneLine(d.out.String())
}

// encodedWord is one encoded-word taken apart.
type encodedWord struct {
	charset  string // lower case, without the language of RFC 2231 §5
	encoding byte   // 'q' or 'b'
	text     string
}

// parseWord reads the encoded-word that starts at pos with "=?" and returns the offset behind it. It looks at no octet behind the second question
// mark that could end it, so that finding all words of a text takes linear time.
func parseWord(s string, pos int) (w encodedWord, end int, ok bool) {
	rest := s[pos+2:]
	q := strings.IndexByte(rest[:min(len(rest), 64)], '?')
	if q < 1 || len(rest) < q+3 || rest[q+2] != '?' || strings.ContainsAny(rest[:q], " \t\r\n=") {
		return w, 0, false
	}
	w.charset, _, _ = strings.Cut(strings.ToLower(rest[:q]), "*")
	w.encoding = rest[q+1] | 0x20
	if w.encoding != 'q' && w.encoding != 'b' {
		return w, 0, false
	}
	text := rest[q+3:]
	e := strings.IndexByte(text, '?')
	if e < 0 || e+1 >= len(text) || text[e+1] != '=' {
		return w, 0, false
	}
	w.text = text[:e]
	return w, pos + 2 + q + 3 + e + 2, true
}

// bytes decodes the word's text to octets of its charset.
func (w encodedWord) bytes() []byte {
	if w.encoding == 'b' {
		return appendBase64(nil, []byte(w.text), maxDecode)
	}
	return appendUnescaped(nil, strings.ReplaceAll(w.text, "_", " "), '=')
}

// wordDecoder collects text and words. Octets of adjacent words of one charset wait in pending.
type wordDecoder struct {
	out     strings.Builder
	charset string
	pending []byte
	raw     []string // the words in pending, and what stood between them
	gap     string   // what stood between the last word and what comes now
	inWords bool
}

func (d *wordDecoder) text(s string) {
	if d.inWords && strings.Trim(s, " \t\r\n") == "" {
		d.gap = s // dropped if a word follows (RFC 2047 §6.2)
		return
	}
	d.flush()
	d.out.WriteString(s)
}

func (d *wordDecoder) word(w encodedWord, raw string) {
	if d.inWords && d.charset != w.charset {
		gap := d.gap
		d.gap = ""
		_, next := decodeCharset(w.charset, nil)
		if last := d.flush(); !last || !next { // one of the two stays as it is, and so does the space between them
			d.out.WriteString(gap)
		}
	}
	if d.inWords {
		d.raw = append(d.raw, d.gap)
	}
	d.inWords, d.charset, d.gap = true, w.charset, ""
	d.pending = append(d.pending, w.bytes()...)
	d.raw = append(d.raw, raw)
}

// flush writes the words that wait and the gap behind them, and reports whether their charset was known.
func (d *wordDecoder) flush() bool {
	if !d.inWords {
		return true
	}
	s, known := decodeCharset(d.charset, d.pending)
	if known {
		d.out.WriteString(s)
	} else {
		for _, raw := range d.raw {
			d.out.WriteString(raw)
		}
	}
	d.out.WriteString(d.gap)
	d.pending, d.raw, d.gap, d.inWords = d.pending[:0], d.raw[:0], "", false
	return known
}
