package message

import "strings"

// Mailbox is a display name and an address (RFC 5322 §3.4). Addr is local@domain with the domain in lower case and the local part quoted only where
// it must be; it is empty in the zero Mailbox.
type Mailbox struct {
	Name string // decoded, valid UTF-8, without control characters
	Addr string
}

// maxMailbox is the most octets an address can have and still be mailed to (RFC 5321 §4.5.3.1): 64, an at sign and 255.
const maxMailbox = 320

// From is the author: the one mailbox of the one From field (RFC 5322 §3.6.2 allows several; lists cannot). It is what rules decide on and what is
// shown, so that no second parser can see another author. The error is a *GuardError with What "from".
func (m *Message) From() (Mailbox, error) {
	values := m.Values("From")
	switch len(values) {
	case 0:
		return Mailbox{}, &GuardError{"from", "The message has no From field."}
	case 1:
	default:
		return Mailbox{}, &GuardError{"from", "The message has more than one From field."}
	}
	p := addressParser{s: values[0]}
	p.list()
	switch {
	case p.groups > 0:
		return Mailbox{}, &GuardError{"from", "The From field names a group instead of one address."}
	case len(p.found) > 1:
		return Mailbox{}, &GuardError{"from", "The From field has more than one address."}
	case p.err != nil || len(p.found) == 0:
		return Mailbox{}, &GuardError{"from", "The From field has no address that can be read."}
	case len(p.found[0].Addr) > maxMailbox:
		return Mailbox{}, &GuardError{"from", "The address in the From field is too long."}
	}
	return p.found[0], nil
}

// Mailboxes are those of all fields of these names, in the order of the names. What cannot be read is left out.
func (m *Message) Mailboxes(names ...string) []Mailbox {
	var all []Mailbox
	for _, name := range names {
		for _, v := range m.Values(name) {
			p := addressParser{s: v}
			p.list()
			all = append(all, p.found...)
		}
	}
	return all
}

// ParseMailboxes reads an address-list (RFC 5322 §3.4 with the obsolete forms of §4.4): comments, groups, routes, quoted local parts. It takes linear
// time and no recursion. Names are decoded after parsing: no encoded-word can make an address. With an error come the mailboxes that could be read.
func ParseMailboxes(value string) ([]Mailbox, error) {
	p := addressParser{s: value}
	p.list()
	return p.found, p.err
}

// EncodeMailboxes writes a whole address field, folded and with its line end. Names are quoted or encoded as they need; a mailbox whose address
// cannot be written safely is left out, and without any the result is empty.
func EncodeMailboxes(name string, m ...Mailbox) string {
	f := newFolder(name)
	n := 0
	for _, box := range m {
		if !writable(box.Addr) {
			continue
		}
		if n++; n > 1 {
			f.b = append(f.b, ',')
			f.col++
		}
		f.mailbox(box)
	}
	if n == 0 {
		return ""
	}
	return f.line()
}

// writable reports whether addr reads back as itself and as nothing else.
func writable(addr string) bool {
	p := addressParser{s: "<" + addr + ">"}
	p.list()
	return p.err == nil && p.groups == 0 && len(p.found) == 1 && p.found[0].Name == "" && strings.EqualFold(p.found[0].Addr, addr)
}

func (f *folder) mailbox(m Mailbox) {
	const width = plainLine - len(",")
	name := strings.Join(strings.Fields(oneLine(m.Name)), " ")
	if name == "" {
		f.add(" ", m.Addr, width)
		return
	}
	addr := "<" + m.Addr + ">"
	room := width - len(" ")
	if f.col == f.start { // beside the field's name
		room -= f.start
	}
	quoted, ok := quotePhrase(name)
	switch {
	case ok && len(quoted+" "+addr) <= room:
		f.add(" ", quoted+" "+addr, width)
		return
	case ok && len(quoted) <= room:
		f.add(" ", quoted, width)
	default:
		f.words(" ", name)
	}
	f.add(" ", addr, wordLine)
}

// quotePhrase writes name as atoms or as a quoted-string; it reports false if it takes encoded-words.
func quotePhrase(name string) (string, bool) {
	atoms := true
	for i := 0; i < len(name); i++ {
		if name[i] >= 0x7f {
			return "", false
		}
		atoms = atoms && (name[i] == ' ' || isAtext(name[i]))
	}
	if strings.Contains(name, "=?") {
		return "", false
	}
	if atoms {
		return name, true
	}
	return quote(name), true
}

// quote writes s as a quoted-string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
	return b.String()
}

// isAtext reports whether c can stand in an atom (RFC 5322 §3.2.3), octets of UTF-8 included (RFC 6532 §3.2).
func isAtext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80 || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}
