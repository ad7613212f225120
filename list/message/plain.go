package message

import (
	"slices"
	"strings"
)

// addressFields are the fields of addresses, whose names are all that may be encoded in them (RFC 2047 §5 (3)).
var addressFields = map[string]bool{"from": true, "sender": true, "reply-to": true, "to": true, "cc": true, "resent-from": true, "resent-sender": true,
	"resent-to": true, "resent-cc": true, "mail-followup-to": true}

// exactFields, and those that begin with one of exactPrefixes, are fields in which no encoded-word may stand, or whose octets others have signed.
var exactFields = map[string]bool{"message-id": true, "date": true, "references": true, "in-reply-to": true, "received": true, "received-spf": true,
	"return-path": true, "mime-version": true, "authentication-results": true, "autocrypt": true, "thread-index": true, "domainkey-signature": true}

var exactPrefixes = []string{"content-", "dkim-", "arc-", "list-", "resent-"}

// PlainField writes a field that holds octets over 127 in ASCII, with encoded-words (RFC 2047): only a server with SMTPUTF8 takes it otherwise
// (RFC 6531 §3.6). ok is false for a field that is ASCII already, and for one that cannot be said in ASCII: it has an address that is not, or
// is one in which no encoded-word may stand.
func (m *Message) PlainField(f Field) (field string, ok bool) {
	if f.Name == "" || !hasHigh(m.Raw[f.Start:f.End]) {
		return "", false
	}
	name := strings.ToLower(f.Name)
	if addressFields[name] {
		return m.plainAddresses(f)
	}
	if isExact(name) {
		return "", false
	}
	return EncodeText(f.Name, Decode(m.Value(f))), true
}

// isExact reports whether no encoded-word may stand in the field of a name in lower case.
func isExact(name string) bool {
	return exactFields[name] || slices.ContainsFunc(exactPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// ShortField writes a field with a line of more than 998 octets, which none may have (RFC 5322 §2.1.1), in shorter ones. It is empty if the field has a word
// that long, which cannot stand there otherwise. ok is false for a field that needs none of this.
func (m *Message) ShortField(f Field) (field string, ok bool) {
	if !isLong(m.Raw[f.Start:f.End]) {
		return "", false
	}
	if f.Name == "" {
		return "", true
	}
	name := strings.ToLower(f.Name)
	if addressFields[name] {
		if field, ok = m.plainAddresses(f); ok && !isLong([]byte(field)) {
			return field, true
		}
	}
	if field = MakeField(f.Name, m.Value(f)); !isLong([]byte(field)) {
		return field, true
	}
	if addressFields[name] || isExact(name) {
		return "", true
	}
	return EncodeText(f.Name, Decode(m.Value(f))), true
}

// plainAddresses leaves alone what could come out as other addresses than went in.
func (m *Message) plainAddresses(f Field) (string, bool) {
	p := addressParser{s: m.Value(f)}
	p.list()
	if p.err != nil || p.groups > 0 || len(p.found) == 0 {
		return "", false
	}
	for _, box := range p.found {
		if !isASCII(box.Addr) || !writable(box.Addr) {
			return "", false
		}
	}
	return EncodeMailboxes(f.Name, p.found...), true
}
