package mailer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"convene/list/message"
)

// The three fields of an ARC set (RFC 8617 §4.1), in lower case.
const (
	arcResults = "arc-authentication-results"
	arcMessage = "arc-message-signature"
	arcSeal    = "arc-seal"
)

// maxInstances is how many sets a chain has at most (RFC 8617 §5.1).
const maxInstances = 50

// arcSet is what one hop added: what it found (AAR), its signature over the message (AMS), and its seal over all sets up to its own (AS).
type arcSet struct {
	results, message, seal message.Field
	messageTags, sealTags  tags
}

// arcChain is the chain of sets in a message, by instance less one. No sets and no error: the message has none. An error says in which way the
// chain is broken (RFC 8617 §5.2 steps 1 to 3, but for what the last seal says of it).
func arcChain(m *message.Message) ([]arcSet, error) {
	sets := map[int]*arcSet{}
	for _, f := range m.Fields {
		name := strings.ToLower(f.Name)
		if name != arcResults && name != arcMessage && name != arcSeal {
			continue
		}
		n, t, err := readInstance(name, fieldValue(m.Raw, f))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		if sets[n] == nil {
			sets[n] = &arcSet{}
		}
		if !sets[n].take(name, f, t) {
			return nil, fmt.Errorf("set %d has two %s", n, f.Name)
		}
	}
	chain := make([]arcSet, len(sets))
	for i := range chain {
		s := sets[i+1]
		if s == nil {
			return nil, fmt.Errorf("there is no set %d", i+1)
		}
		if s.results.Name == "" || s.message.Name == "" || s.seal.Name == "" {
			return nil, fmt.Errorf("set %d is not whole", i+1)
		}
		chain[i] = *s
	}
	return chain, nil
}

// take puts a field in its place, which must be free.
func (s *arcSet) take(name string, f message.Field, t tags) bool {
	at := &s.results
	switch name {
	case arcMessage:
		at, s.messageTags = &s.message, t
	case arcSeal:
		at, s.sealTags = &s.seal, t
	}
	free := at.Name == ""
	*at = f
	return free
}

// readInstance reads which set a field belongs to, and the tags of a signature. In the results the instance stands first, before what
// Authentication-Results has.
func readInstance(name, value string) (int, tags, error) {
	var t tags
	text := ""
	if name == arcResults {
		first, _, found := strings.Cut(value, ";")
		key, number, ok := strings.Cut(first, "=")
		if !found || !ok || strings.Trim(key, foldingSpace) != "i" {
			return 0, nil, errors.New("it does not begin with its instance")
		}
		text = strings.Trim(number, foldingSpace)
	} else {
		var err error
		if t, err = readTags(value); err != nil {
			return 0, nil, err
		}
		text = t["i"]
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxInstances || strings.ContainsAny(text, "+-") {
		return 0, nil, fmt.Errorf("%q is no instance", text)
	}
	return n, t, nil
}

// tags are the tags of a signature or of a key record (RFC 6376 §3.2), without the white space around them.
type tags map[string]string

const foldingSpace = " \t\r\n"

// readTags reads tags: each once, with a name, and nothing between them but semicolons.
func readTags(text string) (tags, error) {
	t := tags{}
	specs := strings.Split(text, ";")
	for i, spec := range specs {
		name, value, found := strings.Cut(spec, "=")
		name, value = strings.Trim(name, foldingSpace), strings.Trim(value, foldingSpace)
		if !found && name == "" && i == len(specs)-1 && i > 0 {
			break
		}
		if _, twice := t[name]; !found || twice || !isTagName(name) {
			return nil, fmt.Errorf("%q is no tag, or one that was there", strings.TrimSpace(spec))
		}
		t[name] = value
	}
	return t, nil
}

func isTagName(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// without is the text of a tag with all white space taken out, as base64 and lists of names have it.
func (t tags) without(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(foldingSpace, r) {
			return -1
		}
		return r
	}, t[name])
}

// fieldValue is the raw value of a field, behind its colon.
func fieldValue(raw []byte, f message.Field) string {
	_, value, _ := strings.Cut(string(raw[f.Start:f.End]), ":")
	return value
}
