package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ErrSealedText says that the text of a message cannot be replaced: it is signed or encrypted, or a report, whose text has a meaning for machines.
var ErrSealedText = errors.New("message: a text that may not change")

// ReplaceText is the message with another text, in UTF-8 with LF line ends: text/plain, in whatever forms and parts the old one stood. All else stays as it
// is, byte for byte: the header but for what described or signed the old body (Content-Type, Content-Transfer-Encoding, DKIM-Signature, …), and every
// attachment, picture and enclosed message with its own header, in multipart/mixed behind the text. An HTML form of the old text is left out, since it
// would go on saying that.
//
// The error wraps ErrSealedText where it is signed or encrypted (RFC 1847, RFC 8551, or OpenPGP within the text), a report (RFC 6522), or of more parts
// than are looked at.
func (m *Message) ReplaceText(text string) (Pieces, error) {
	t := textReplacer{s: scanner{raw: m.Raw, lim: Limits{Depth: textDepth, Parts: textParts}}, m: m}
	t.s.leaf, t.s.container = t.leaf, t.container
	if err := t.s.scan(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSealedText, err)
	}
	if t.sealed {
		return nil, ErrSealedText
	}
	t.settleNamed()
	edit := NewEdit(m)
	edit.Remove(func(name, _ string) bool { return describesBody[strings.ToLower(name)] })
	if m.Count("MIME-Version") == 0 {
		edit.Append("MIME-Version: 1.0\r\n")
	}
	header, body := writeText(text)
	if len(t.kept) == 0 {
		for field := range strings.SplitAfterSeq(header, "\r\n") {
			edit.Append(field)
		}
		edit.SetBody(Pieces{body})
		return edit.Pieces(), nil
	}
	boundary := t.boundary(body)
	parts := Pieces{[]byte("--" + boundary + "\r\n" + header + "\r\n"), body}
	high := false
	for _, k := range t.kept {
		parts = append(parts, []byte("\r\n--"+boundary+"\r\n"), k.header, m.Raw[k.at.start:k.at.end])
		high = high || hasHigh(m.Raw[k.at.start:k.at.end])
	}
	edit.Append("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n")
	if high {
		edit.Append("Content-Transfer-Encoding: 8bit\r\n")
	}
	edit.SetBody(append(parts, []byte("\r\n--"+boundary+"--\r\n")))
	return edit.Pieces(), nil
}

// describesBody are the fields, in lower case, that say how the body is written or are a signature of it.
var describesBody = map[string]bool{"content-type": true, "content-transfer-encoding": true, "content-disposition": true, "content-md5": true, "content-length": true,
	"content-id": true, "content-description": true, "content-base": true, "content-location": true, "lines": true,
	"dkim-signature": true, "domainkey-signature": true, "x-google-dkim-signature": true}

// armoured finds what OpenPGP signed or encrypted within a text (RFC 9580 §6.2, §7).
var armoured = regexp.MustCompile(`(?m)^-----BEGIN PGP (?:SIGNED )?MESSAGE-----`)

// textReplacer sorts the parts of a message into its text and what stands beside it.
type textReplacer struct {
	m      *Message
	s      scanner
	kept   []keptPart
	media  []string // of the multiparts that are open
	whole  int      // where the last part ends that is kept with all that is in it
	texts  int
	sealed bool
}

// keptPart is a part that stays as it is. Of one that was the whole message the header is made of the message's.
type keptPart struct {
	header []byte
	at     span
	named  bool // a text that has the name of a file
}

func (t *textReplacer) leaf(e entity) {
	switch {
	case e.header < t.whole:
	case e.media == "application/pkcs7-mime" || e.media == "application/x-pkcs7-mime":
		t.sealed = true
	case t.isText(&e):
		part := Part{Media: e.media, Params: e.params, Fields: Parse(t.m.Raw[e.header:e.body])}
		if part.isFile() && e.header > 0 && !t.alternative() {
			t.keep(&e, true)
			return
		}
		t.texts++
		t.sealed = t.sealed || armoured.MatchString(t.m.decode(&e, e.end-e.body))
	default:
		t.keep(&e, false)
	}
}

func (t *textReplacer) container(e entity) {
	t.media = append(t.media[:min(len(t.s.levels), len(t.media))], e.media)
	switch {
	case e.header < t.whole:
	case isSealed(e.media) || e.media == "multipart/report":
		t.sealed = true
	case e.media == "multipart/digest" || enclosesMessage(e.media): // parts of it are messages without saying so, or it is one
		e.end = t.s.until(e.body)
		t.whole = e.end
		t.keep(&e, false)
	}
}

// isText reports whether a leaf is the text, or another form of it.
func (t *textReplacer) isText(e *entity) bool {
	if e.attachment && e.header > 0 {
		return false
	}
	return e.media == "text/plain" || e.media == "text/html" || t.alternative() && strings.HasPrefix(e.media, "text/") && e.media != "text/calendar"
}

// alternative reports whether what stands here is one of several forms of the same thing, or comes with one.
func (t *textReplacer) alternative() bool {
	for i := min(len(t.s.levels), len(t.media)) - 1; i >= 0; i-- {
		if t.media[i] != "multipart/related" {
			return t.media[i] == "multipart/alternative"
		}
	}
	return false
}

func (t *textReplacer) keep(e *entity, named bool) {
	k := keptPart{at: span{e.header, e.end}, named: named}
	if e.header == 0 { // the message itself: what says what it is goes with it
		for _, f := range t.m.Fields {
			if name := strings.ToLower(f.Name); strings.HasPrefix(name, "content-") && describesBody[name] {
				k.header = append(k.header, t.m.Raw[f.Start:f.End]...)
			}
		}
		k.header = append(k.header, "\r\n"...)
		k.at.start = e.body
	}
	t.kept = append(t.kept, k)
}

// settleNamed takes the first text with the name of a file for the text where there is no other: some programs name all that they send.
func (t *textReplacer) settleNamed() {
	for i, k := range t.kept {
		if k.named && t.texts == 0 {
			t.kept = append(t.kept[:i], t.kept[i+1:]...)
			return
		}
	}
}

// boundary is one that nothing of the message has. The same header and text have the same.
func (t *textReplacer) boundary(text []byte) string {
	sum := sha256.New()
	sum.Write(t.m.Raw[:t.m.Body])
	sum.Write(text)
	for {
		b := "edited-" + hex.EncodeToString(sum.Sum(nil)[:12])
		if !bytes.Contains(t.m.Raw, []byte(b)) && !bytes.Contains(text, []byte(b)) {
			return b
		}
		sum.Write([]byte{0})
	}
}

// until is where what begins at pos ends: before the next delimiter of the multiparts that are open.
func (s *scanner) until(pos int) int {
	for next := pos; next < len(s.raw); {
		if next = s.nextDashes(next); next < 0 {
			break
		}
		end := lineEnd(s.raw, next)
		if _, _, ok := s.delimiter(s.raw[next:end]); ok {
			return max(trimLineEnd(s.raw, next), pos)
		}
		next = end
	}
	return len(s.raw)
}

// maxPlainLine is how long lines are that need no encoding, without CRLF (RFC 5322 §2.1.1).
const maxPlainLine = 78

// writeText writes a text as a text/plain part: its header without the empty line, and its body with CRLF ends. ASCII of short lines stands as it is;
// else it is quoted-printable, and base64 where hardly a letter would stay readable.
func writeText(text string) (header string, body []byte) {
	text = strings.TrimRight(tidyText(strings.ToValidUTF8(text, "\uFFFD"), len(text)+3), "\n \t")
	lines := strings.Split(text, "\n")
	plain := true
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t")
		plain = plain && len(line) <= maxPlainLine && isASCII(line)
	}
	crlf := []byte(strings.Join(lines, "\r\n") + "\r\n")
	charset, encoding, body := "utf-8", "quoted-printable", encodeQuotedPrintable(crlf)
	if plain {
		charset, encoding, body = "us-ascii", "7bit", crlf
	} else if len(body) > 2*len(crlf) {
		encoding, body = "base64", append(encodeBase64(crlf), "\r\n"...)
	}
	return "Content-Type: text/plain; charset=" + charset + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n", body
}
