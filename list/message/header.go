package message

import (
	"crypto/sha256"
	"encoding/binary"
	"net/mail"
	"strings"
	"time"
)

// Subject is the decoded subject on one line; empty if there is none.
func (m *Message) Subject() string { return strings.TrimSpace(Decode(m.Get("Subject"))) }

// dateLayouts are forms of Date that net/mail does not read: asctime, and what programs write that never heard of RFC 5322.
var dateLayouts = []string{time.ANSIC, time.UnixDate, time.RFC3339, "2006-01-02 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05"}

// Date is when the author says that it was written. It reports false for a date that is missing, cannot be read, or lies before 1970 or after 9999.
func (m *Message) Date() (time.Time, bool) {
	v, _, _ := strings.Cut(m.Get("Date"), "(") // the name of a zone stands in a comment
	v = strings.Join(strings.Fields(v), " ")
	if v == "" || len(v) > 100 {
		return time.Time{}, false
	}
	t, err := mail.ParseDate(v)
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		t, err = time.Parse(dateLayouts[i], v)
	}
	if err != nil || t.Unix() < 0 || t.UTC().Year() > 9999 {
		return time.Time{}, false
	}
	return t, true
}

// EightBit reports whether header and body hold octets over 127: what SMTPUTF8 (RFC 6531) and 8BITMIME (RFC 6152) are needed for.
func (m *Message) EightBit() (header, body bool) {
	return hasHigh(m.Raw[:m.Body]), hasHigh(m.Raw[m.Body:])
}

// hasHigh looks at eight octets at a time: bodies are long.
func hasHigh(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return true
		}
	}
	for _, c := range b {
		if c >= 0x80 {
			return true
		}
	}
	return false
}

// traceFields are added or changed on the way and say nothing about which message it is. They are in lower case; those of tracePrefixes start so.
var traceFields = map[string]bool{
	"received": true, "return-path": true, "delivered-to": true, "x-delivered-to": true, "x-original-to": true, "envelope-to": true,
	"x-envelope-to": true, "x-envelope-from": true, "x-received": true, "received-spf": true, "x-received-spf": true, "delivery-date": true,
	"authentication-results": true, "x-authentication-results": true, "authentication-results-original": true, "dkim-signature": true,
	"domainkey-signature": true, "x-dkim": true, "x-google-dkim-signature": true, "x-google-smtp-source": true, "x-gm-message-state": true,
	"x-virus-scanned": true, "x-virus-status": true, "x-greylist": true, "x-loop": true, "lines": true, "x-uidl": true,
	"x-forefront-antispam-report": true, "x-eopattributedmessage": true,
}

var tracePrefixes = []string{"arc-", "x-arc-", "x-spam", "x-rspamd-", "x-ms-exchange-", "x-microsoft-antispam", "x-mailscanner", "x-proofpoint-", "x-ironport-",
	"x-barracuda-", "x-scanned-"}

func isTrace(name string) bool {
	name = strings.ToLower(name)
	if traceFields[name] {
		return true
	}
	for _, p := range tracePrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// ContentKey identifies what was sent, however it came: the first 16 octets of SHA-256 over all fields but trace fields, and the body. A sender who
// never got our reply sends again over another relay; the key is the same (RFC 1047).
func (m *Message) ContentKey() [16]byte {
	h := sha256.New()
	from := 0 // fields that follow each other are hashed in one go
	for _, f := range m.Fields {
		if f.Name != "" && isTrace(f.Name) {
			h.Write(m.Raw[from:f.Start])
			from = f.End
		}
	}
	h.Write(m.Raw[from:])
	return [16]byte(h.Sum(nil))
}

// single are the fields that may stand in a header once (RFC 5322 §3.6).
var single = []string{"Subject", "Date", "To", "Cc", "Message-ID", "Reply-To", "Sender", "In-Reply-To", "References"}

// Check says what makes a message unfit to be posted, as its sender can be told: no single author, a field twice that may stand once, a header line
// that is no field. A missing Date or Message-ID is no fault. The error is a *GuardError with What "structure" or "from".
func (m *Message) Check() error {
	if m.Malformed > 0 {
		return &GuardError{"structure", "The message has a header line that is not of the form 'Name: value'."}
	}
	for _, name := range single {
		if m.Count(name) > 1 {
			return &GuardError{"structure", "The message has more than one " + name + " field."}
		}
	}
	_, err := m.From()
	return err
}
