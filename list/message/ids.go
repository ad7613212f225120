package message

import (
	"slices"
	"strings"
)

const (
	maxID         = 900 // octets: one that is longer cannot stand on a line (RFC 5322 §2.1.1)
	maxReferences = 50
)

// MessageID is the message's identity without its angle brackets, as in References. It is empty if there is none that others could refer to: no
// Message-ID field, several of them, or one that does not hold exactly one valid msg-id (RFC 5322 §3.6.4).
func (m *Message) MessageID() string {
	values := m.Values("Message-ID")
	if len(values) != 1 {
		return ""
	}
	ids := appendIDs(nil, values[0])
	if len(ids) != 1 {
		return ""
	}
	return ids[0]
}

// References are the ids, without brackets, that the message says it follows, oldest first: those of References, or if that has none those of
// In-Reply-To (RFC 5256 §3 takes the first of these; all are here for the caller to pick one that it knows). The last id of References is the
// parent and stays last; of other ids that come twice the first place counts. Of more than 50 the first and the last 49 are kept.
func (m *Message) References() []string {
	for _, name := range []string{"References", "In-Reply-To"} {
		var ids []string
		for _, v := range m.Values(name) {
			ids = appendIDs(ids, v)
		}
		if len(ids) > 0 {
			return limitIDs(dropTwice(ids, name == "References"))
		}
	}
	return nil
}

// dropTwice drops ids that come more than once.
func dropTwice(ids []string, keepLast bool) []string {
	seen := make(map[string]bool, len(ids))
	last := ids[len(ids)-1]
	seen[last] = keepLast
	kept := ids[:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	if keepLast {
		kept = append(kept, last)
	}
	return kept
}

func limitIDs(ids []string) []string {
	if len(ids) <= maxReferences {
		return ids
	}
	return slices.Concat(ids[:1], ids[len(ids)-maxReferences+1:])
}

// appendIDs appends the valid ids of value. What stands between them, and ids that are none, is passed over.
func appendIDs(ids []string, value string) []string {
	for {
		open := strings.IndexByte(value, '<')
		if open < 0 {
			return ids
		}
		id, end := nextID(value, open+1)
		if id != "" {
			ids = append(ids, id)
		}
		value = value[end:]
	}
}

// nextID reads the id that starts at pos, behind '<', and returns the offset behind it; the id is empty if it is not valid.
func nextID(s string, pos int) (string, int) {
	local, start := "", pos
	if pos < len(s) && s[pos] == '"' {
		l, end := quotedString(s, pos)
		if end >= len(s) || s[end] != '@' { // an open quote must not swallow the ids behind it
			return "", pos
		}
		local, pos = quoteLocal(l), end
		start = end
	}
	end := strings.IndexByte(s[pos:], '>')
	if end < 0 {
		return "", len(s)
	}
	id := local + s[start:pos+end]
	return validID(id), pos + end + 1
}

// validID returns id if it can be one: something on both sides of an at sign, no white space, no angle brackets, no controls. More is not asked:
// people thread by ids that break the grammar in every other way.
func validID(id string) string {
	at := strings.LastIndexByte(id, '@')
	if at < 1 || at == len(id)-1 || len(id) > maxID || strings.ContainsAny(id, " \t<>") || !isText(id) {
		return ""
	}
	return id
}
