package imap

import (
	goimap "github.com/emersion/go-imap/v2"

	"convene/list/message"
)

// unread stands where an address could not be read: without it an entry would end a group (RFC 9051 §7.5.2).
const (
	unreadMailbox = "MISSING_MAILBOX"
	unreadHost    = "MISSING_DOMAIN"
)

func envelopeOf(e *message.Envelope) *goimap.Envelope {
	return &goimap.Envelope{Date: e.Date, Subject: e.Subject, From: addressesOf(e.From), Sender: addressesOf(e.Sender), ReplyTo: addressesOf(e.ReplyTo), To: addressesOf(e.To),
		Cc: addressesOf(e.Cc), Bcc: addressesOf(e.Bcc), InReplyTo: e.InReplyTo, MessageID: e.MessageID}
}

func addressesOf(all []message.Correspondent) []goimap.Address {
	var out []goimap.Address
	for _, c := range all {
		if c.Host == "" {
			c.Mailbox, c.Host = unreadMailbox, unreadHost
		}
		out = append(out, goimap.Address{Name: c.Name, Mailbox: c.Mailbox, Host: c.Host})
	}
	return out
}

func structureOf(s *message.Structure) goimap.BodyStructure {
	var disposition *goimap.BodyStructureDisposition
	if s.Disposition != "" {
		disposition = &goimap.BodyStructureDisposition{Value: s.Disposition, Params: s.DispositionParams}
	}
	if s.Multipart() {
		m := &goimap.BodyStructureMultiPart{Subtype: s.Subtype, Extended: &goimap.BodyStructureMultiPartExt{Params: s.Params, Disposition: disposition, Language: s.Language, Location: s.Location}}
		for i := range s.Parts {
			m.Children = append(m.Children, structureOf(&s.Parts[i]))
		}
		return m
	}
	one := &goimap.BodyStructureSinglePart{Type: s.Type, Subtype: s.Subtype, Params: s.Params, ID: s.ID, Description: s.Description, Encoding: s.Encoding, Size: uint32(s.Size),
		Extended: &goimap.BodyStructureSinglePartExt{Disposition: disposition, Language: s.Language, Location: s.Location}}
	switch {
	case s.Envelope != nil:
		one.MessageRFC822 = &goimap.BodyStructureMessageRFC822{Envelope: envelopeOf(s.Envelope), BodyStructure: structureOf(&s.Parts[0]), NumLines: s.Lines}
	case s.Type == "text":
		one.Text = &goimap.BodyStructureText{NumLines: s.Lines}
	case s.Type == "message" && (s.Subtype == "rfc822" || s.Subtype == "global"): // encoded, so that nothing in it can be told
		one.Type, one.Subtype = "application", "octet-stream"
	}
	return one
}
