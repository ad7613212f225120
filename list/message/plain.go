package message

import "strings"

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
	if exactFields[name] {
		return "", false
	}
	for _, p := range exactPrefixes {
		if strings.HasPrefix(name, p) {
			return "", false
		}
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
