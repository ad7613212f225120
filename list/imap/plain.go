package imap

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// sought is a text that is looked for in messages: folded, with what of it stands in one line and one word wherever the whole stands.
type sought struct {
	text  string
	key   []byte // the longest word in it; empty: there is none
	ascii bool

	lower []byte // of the message that was looked at last
}

func seek(text string) *sought {
	s := &sought{text: fold(text), ascii: true}
	for i := 0; i < len(s.text); i++ {
		s.ascii = s.ascii && s.text[i] < utf8.RuneSelf
	}
	// A field may be folded where there is a space, and its name has been written with spaces before the colon.
	for word := range strings.FieldsFuncSeq(s.text, func(r rune) bool { return r <= ' ' || r == ':' || r == 0x7f }) {
		if len(word) > len(s.key) {
			s.key = []byte(word)
		}
	}
	return s
}

// lacks reports that a text is not in a message, nor in a field of it, however it is decoded, from the octets alone: many times as fast as to decode it. It is sure where all that decoding
// would do is to take away line breaks; of all other messages it says nothing. The index of words that pages are searched by can not say so much: it has no part of a word, nothing quoted,
// and little of the header.
func (s *sought) lacks(raw []byte) bool {
	if len(s.key) == 0 && s.ascii {
		return false
	}
	s.lower = append(s.lower[:0], raw...)
	for i, c := range s.lower {
		switch {
		case c >= 'A' && c <= 'Z':
			s.lower[i] = c + 'a' - 'A'
		case c >= 0x7f || c < ' ' && c != '\n' && c != '\r' && c != '\t':
			return false
		}
	}
	if s.ascii && bytes.Contains(s.lower, s.key) {
		return false
	}
	return !bytes.Contains(s.lower, []byte("=?")) && !bytes.Contains(s.lower, []byte("html")) &&
		always(s.lower, "transfer-encoding", "7bit", "8bit", "binary") && always(s.lower, "charset", "us-ascii", "utf-8", "iso-8859-", "windows-125")
}

// always reports whether one of some values stands behind a name, wherever it is.
func always(text []byte, name string, values ...string) bool {
	for {
		at := bytes.Index(text, []byte(name))
		if at < 0 {
			return true
		}
		text = text[at+len(name):]
		value, found := bytes.TrimLeft(text[:min(len(text), 80)], " \t\r\n:=\"'"), false
		for _, v := range values {
			found = found || bytes.HasPrefix(value, []byte(v))
		}
		if !found {
			return false
		}
	}
}
