package imap

import (
	"errors"
	"strings"

	"convene/list"
	"convene/list/message"
)

// mostSearched is how much of the text of one message is looked through, in octets.
const mostSearched = 4 << 20

// fold is a text in the form in which texts are compared: without case.
func fold(s string) string { return strings.ToLower(s) }

// headerHas reports whether a field of that name, or without a name any, has a text in it, decoded. An empty text is in every field that there is.
func headerHas(m *message.Message, name, want string) bool {
	for _, f := range m.Fields {
		if name != "" && !strings.EqualFold(f.Name, name) {
			continue
		}
		value := message.Decode(m.Value(f))
		if name == "" {
			value = f.Name + ": " + value
		}
		if strings.Contains(fold(value), want) {
			return true
		}
	}
	if addressField(name) {
		for _, box := range m.Mailboxes(name) {
			if strings.Contains(fold(box.Name+" <"+box.Addr+">"), want) {
				return true
			}
		}
	}
	return false
}

// addressField reports whether addresses stand in a field, which may be written with spaces and comments in them.
func addressField(name string) bool {
	switch strings.ToLower(name) {
	case "from", "sender", "reply-to", "to", "cc", "bcc":
		return true
	}
	return false
}

// textHas reports whether a message has a text anywhere in it.
func textHas(m *message.Message, want string) bool { return headerHas(m, "", want) || bodyHas(m, want) }

// bodyHas reports whether the text of a message has a text in it: of all parts that are text, decoded, without the tags of HTML, and of the headers of messages that it encloses.
func bodyHas(m *message.Message, want string) bool {
	left := mostSearched
	for _, p := range m.Parts() {
		if p.Enclosed && p.Whole && headerHas(p.Fields, "", want) {
			return true
		}
		if !p.Leaf || !strings.HasPrefix(p.Media, "text/") {
			continue
		}
		text := p.Text(left)
		if strings.Contains(fold(text), want) {
			return true
		}
		if left -= len(text); left <= 0 {
			break
		}
	}
	return false
}

// notGone is an error, unless it says that a message is there no more: then it is not found.
func notGone(err error) error {
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	return err
}
