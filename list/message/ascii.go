package message

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// International reports whether there are octets over 127 in the header of the message, or in that of a part: what only SMTPUTF8 may carry (RFC 6532).
func (m *Message) International() bool {
	header, body := m.EightBit()
	if header || !body {
		return header
	}
	found := false
	look := func(e entity) { found = found || hasHigh(m.Raw[e.header:e.body]) }
	s := scanner{raw: m.Raw, leaf: look, container: look}
	return s.scan() == nil && found
}

// ASCII is the same message for a server without SMTPUTF8 (RFC 6531 §3.6): no octet over 127 is left in its header, nor in those of its parts and of the
// messages it encloses. Text becomes encoded-words (RFC 2047), parameters those of RFC 2231, domains A-labels. What is left are addresses whose local
// part ASCII cannot say: in From stands instead for them, with the author's name when it has none; in Reply-To and Sender they are left out; elsewhere
// they become a group without members that shows them (RFC 6857 §3.1.2). Message-IDs become a hash of themselves at the domain of instead, so that answers still find
// what they answer. What else can hold no encoded-word gets question marks.
//
// Bodies are left alone, and so is what is in multipart/signed and multipart/encrypted. Without such an octet raw is returned as it is; it is not changed.
func ASCII(raw []byte, instead Mailbox) []byte {
	d := downgrade{converter{raw: raw}, instead}
	s := scanner{raw: raw, leaf: d.entity, container: d.entity}
	if err := s.scan(); err != nil { // then the parts cannot be told apart, and the header of the message can
		d.edits = nil
		d.entity(entity{body: Parse(raw).Body, whole: true})
	}
	if len(d.edits) == 0 {
		return raw
	}
	return d.bytes()
}

// downgrade collects the fields that have to change.
type downgrade struct {
	converter
	instead Mailbox
}

// entity changes the header of one entity.
func (d *downgrade) entity(e entity) {
	if e.sealed {
		return
	}
	global := e.media == "message/global" && isIdentity(e.encoding)
	if !global && !hasHigh(d.raw[e.header:e.body]) {
		return
	}
	m := Parse(d.raw[e.header:e.body])
	for _, f := range m.Fields {
		switch {
		case global && f.is("Content-Type"):
			d.replace(e.header+f.Start, e.header+f.End, []byte("Content-Type: message/rfc822\r\n"))
		case hasHigh(m.Raw[f.Start:f.End]):
			d.replace(e.header+f.Start, e.header+f.End, []byte(d.field(m, f, e.header == 0)))
		}
	}
}

// field writes a field in ASCII; empty: it is left out. top says that it is one of the message itself.
func (d *downgrade) field(m *Message, f Field, top bool) string {
	name := strings.ToLower(f.Name)
	if field, ok := m.PlainField(f); ok && name != "author" {
		return field
	}
	switch {
	case addressFields[name] || name == "author":
		if p := (addressParser{s: m.Value(f)}); p.read() {
			return d.addresses(f.Name, p.found, top)
		}
	case name == "message-id" || name == "references" || name == "in-reply-to":
		return d.ids(f.Name, m.Value(f))
	case name == "content-type" || name == "content-disposition":
		return plainParams(f.Name, m.Value(f))
	case name == "content-description":
		return EncodeText(f.Name, Decode(m.Value(f)))
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return '?'
		}
		return r
	}, string(m.Raw[f.Start:f.End]))
}

// read reads the whole list and reports whether it could.
func (p *addressParser) read() bool {
	p.list()
	return p.err == nil && len(p.found) > 0
}

// addresses writes an address field.
func (d *downgrade) addresses(name string, found []Mailbox, top bool) string {
	f := newFolder(name)
	n := 0
	next := func() {
		if n++; n > 1 {
			f.b = append(f.b, ',')
			f.col++
		}
	}
	for _, box := range found {
		addr := PlainAddr(box.Addr)
		lower := strings.ToLower(name)
		switch {
		case isASCII(addr) && writable(addr):
			next()
			f.mailbox(Mailbox{box.Name, addr})
		case lower == "from" && top:
			next()
			f.mailbox(d.author(box))
		case lower == "sender" || lower == "reply-to" || lower == "author":
		default:
			next()
			f.words(" ", strings.TrimSpace(oneLine(box.Name)+" "+box.Addr))
			f.add(" ", ":;", wordLine)
		}
	}
	if n == 0 {
		return ""
	}
	return f.line()
}

// author is who stands in From for a mailbox that cannot: never an address in the name, which would look like one that can be written to.
func (d *downgrade) author(box Mailbox) Mailbox {
	name := d.instead.Name
	if name == "" {
		name = box.Name
	}
	if at := strings.LastIndexByte(box.Addr, '@'); name == "" && at > 0 {
		name = box.Addr[:at]
	}
	return Mailbox{name, d.instead.Addr}
}

// ids writes Message-IDs.
func (d *downgrade) ids(name, value string) string {
	_, domain, _ := strings.Cut(d.instead.Addr, "@")
	ids := strings.Fields(value)
	for i, id := range ids {
		if !isASCII(id) {
			sum := sha256.Sum256([]byte(strings.Trim(id, "<>")))
			ids[i] = "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
		}
	}
	return MakeField(name, strings.Join(ids, " "))
}

// PlainAddr is an address with its domain as in DNS (A-labels, RFC 5890 §2.3.2.1). An address that has no such domain is returned as it is.
func PlainAddr(addr string) string {
	at := strings.LastIndexByte(addr, '@')
	return addr[:at+1] + PlainDomain(addr[at+1:])
}

// PlainDomain is a domain as DNS has it (A-labels, RFC 5890 §2.3.2.1). One that is ASCII already, or has no such form, is returned as it is.
func PlainDomain(domain string) string {
	if isASCII(domain) {
		return domain
	}
	if plain, err := idna.Lookup.ToASCII(domain); err == nil {
		return plain
	}
	return domain
}

// plainParams writes a field of a word and parameters (RFC 2045 §5.1, RFC 2183), the parameters in the order of their names. What the word has beyond ASCII
// makes it none.
func plainParams(name, value string) string {
	word, _, _ := strings.Cut(value, ";")
	if word = strings.TrimSpace(word); !isASCII(word) {
		word = "application/octet-stream"
	}
	_, params := parseMedia(value)
	var names []string
	for n := range params {
		names = append(names, n)
	}
	slices.Sort(names)
	f := newFolder(name)
	f.add("", word, plainLine)
	for _, n := range names {
		for _, p := range plainParam(n, params[n]) {
			f.b = append(f.b, ';')
			f.col++
			f.add(" ", p, plainLine-1)
		}
	}
	return f.line()
}

// maxPiece is how many octets one piece of a parameter has at most.
const maxPiece = 60

// plainParam writes one parameter, in as many pieces as it takes (RFC 2231 §3 and §4).
func plainParam(name, value string) []string {
	if isASCII(value) && len(value) <= maxPiece {
		if isToken(value) {
			return []string{name + "=" + value}
		}
		return []string{name + "=" + quote(value)}
	}
	var pieces []string
	piece := "utf-8''"
	for _, r := range value {
		letter := string(r)
		if !isToken(letter) || strings.ContainsRune("*'%", r) {
			letter = ""
			for _, c := range []byte(string(r)) {
				letter += "%" + string(hexDigits[c>>4]) + string(hexDigits[c&15])
			}
		}
		if len(piece)+len(letter) > maxPiece {
			pieces, piece = append(pieces, piece), ""
		}
		piece += letter
	}
	pieces = append(pieces, piece)
	if len(pieces) == 1 {
		return []string{name + "*=" + piece}
	}
	for i := range pieces {
		pieces[i] = name + "*" + strconv.Itoa(i) + "*=" + pieces[i]
	}
	return pieces
}
