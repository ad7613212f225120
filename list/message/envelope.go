package message

import (
	"strings"
	"time"
)

// Envelope is what a mail program shows of a message in its index (RFC 9051 §7.5.2), read leniently.
type Envelope struct {
	Date    time.Time // zero: there is none that can be read
	Subject string    // decoded
	// From, Sender, ReplyTo, To, Cc and Bcc are the fields of those names. That the first stands for the next two where they are missing is for the server to say.
	From, Sender, ReplyTo, To, Cc, Bcc []Correspondent
	InReplyTo                          []string // without brackets
	MessageID                          string   // without brackets
}

// Correspondent is one address of an Envelope. A name that no address could be read beside has neither mailbox nor host.
type Correspondent struct {
	Name, Mailbox, Host string
}

// mostCorrespondents bounds what an envelope has of one field: nobody reads so many names in an index.
const mostCorrespondents = 1000

// Envelope reads the envelope of a message. It never fails, and takes linear time.
func (m *Message) Envelope() Envelope {
	e := Envelope{Subject: m.Subject(), From: m.correspondents("From"), Sender: m.correspondents("Sender"), ReplyTo: m.correspondents("Reply-To"),
		To: m.correspondents("To"), Cc: m.correspondents("Cc"), Bcc: m.correspondents("Bcc"), MessageID: m.MessageID()}
	e.Date, _ = m.Date()
	for _, v := range m.Values("In-Reply-To") {
		e.InReplyTo = appendIDs(e.InReplyTo, v)
	}
	e.InReplyTo = limitIDs(e.InReplyTo)
	return e
}

// correspondents are the addresses of a field; what says something and has none is there as a name.
func (m *Message) correspondents(field string) []Correspondent {
	var all []Correspondent
	for _, box := range m.Mailboxes(field) {
		at := strings.LastIndexByte(box.Addr, '@')
		if at < 0 || len(all) == mostCorrespondents {
			break
		}
		all = append(all, Correspondent{box.Name, box.Addr[:at], box.Addr[at+1:]})
	}
	if name := tidyName(m.Get(field)); len(all) == 0 && name != "" {
		all = append(all, Correspondent{Name: name})
	}
	return all
}
