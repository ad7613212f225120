package list

import (
	"bytes"
	"net/textproto"
	"slices"
	"strings"

	"convene/list/message"
)

// coverage compares what signatures cover before the edits and after them.
type coverage struct {
	before, after         *message.Message
	old, now              map[string][]message.Field // by name
	bodyBefore, bodyAfter message.Pieces
	later                 []string
	rewritten             bool
	plain                 bool // in the header goes out nothing but ASCII
	passes                int
}

// see takes the message as it is now.
func (c *coverage) see(p message.Pieces) {
	c.after, c.bodyAfter = p.Split()
	c.now = c.after.ByName()
}

// out takes field i out if there is a reason.
func (c *coverage) out(d *Draft, i int, why string) bool {
	if why == "" {
		return false
	}
	d.edit.Replace(i, "")
	whose := ""
	if tags, ok := message.Tags(d.Message.Value(d.Message.Fields[i])); ok && isDomainText(tags["d"]) {
		whose = " of " + tags["d"]
	}
	d.note("removed the signature" + whose + ": " + why)
	return true
}

// isDomainText reports whether a name from a stranger's mail may stand in a sentence.
func isDomainText(s string) bool {
	return s != "" && len(s) <= 253 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-._") == ""
}

// broken says why a signature cannot stay; empty: it can. What costs least is asked first.
func (c *coverage) broken(f message.Field) string {
	if why := c.changedHeader(f); why != "" {
		return why
	}
	if c.plain && !isASCII(string(c.before.Raw[f.Start:f.End])) {
		return "it is not in ASCII"
	}
	s, ok := message.ParseSignature(c.before.Value(f))
	if isDomainKey(f) {
		s.Body, s.Length = message.Simple, -1
	} else if c.rewritten && (!ok || !s.Usable()) {
		return "no server accepts one of that kind"
	} else if !ok {
		return "" // nobody knows what it covers
	}
	const many = "there are more signatures than servers look at"
	if !slices.EqualFunc(c.bodyBefore, c.bodyAfter, bytes.Equal) {
		if c.passes++; c.passes > maxPasses {
			return many
		}
		if !s.Body.SameBody(c.bodyBefore, c.bodyAfter, s.Length) {
			return "it covered the body, which changed"
		}
	}
	if !c.rewritten || isDomainKey(f) {
		return ""
	}
	if c.passes++; c.passes > maxPasses {
		return many
	}
	if !s.Fits(c.bodyBefore) {
		return "its hash of the body was wrong when it came"
	}
	return ""
}

// changedHeader names a field that a signature covers and that is not what it was; empty: there is none.
func (c *coverage) changedHeader(f message.Field) string {
	if isDomainKey(f) {
		return c.changedBelow(f)
	}
	s, ok := message.ParseSignature(c.before.Value(f))
	if !ok {
		return ""
	}
	times := make(map[string]int, len(s.Names))
	for _, name := range s.Names {
		times[name]++
	}
	for _, name := range s.Names {
		if n := times[name]; n > 0 {
			times[name] = 0
			if why := c.changedField(s.Header, name, n); why != "" {
				return why
			}
		}
	}
	return ""
}

// changedField says what happened to the last n fields of a name, which is how a signature that has the name n times counts them; those that there
// are not must not be there either (RFC 6376 §5.4.2).
func (c *coverage) changedField(form message.Canonical, name string, n int) string {
	was, is := c.old[name], c.now[name]
	label := textproto.CanonicalMIMEHeaderKey(name)
	for _, f := range [][]message.Field{is, was} {
		if len(f) > 0 && f[0].Name != "" {
			label = f[0].Name
		}
	}
	if n > len(was) && len(is) > len(was) || n > len(is) && slices.Contains(c.later, name) {
		return "it ruled out a further " + label + ", and one was added"
	}
	was, is = was[max(len(was)-n, 0):], is[max(len(is)-n, 0):]
	if len(is) < len(was) {
		return "it covered " + label + ", which was removed"
	}
	same := slices.EqualFunc(was, is, func(a, b message.Field) bool {
		old, now := c.before.Raw[a.Start:a.End], c.after.Raw[b.Start:b.End]
		return bytes.Equal(old, now) || form == message.Relaxed && bytes.Equal(form.AppendField(nil, old), form.AppendField(nil, now))
	})
	if !same {
		return "it covered " + label + ", which changed"
	}
	return ""
}

func isDomainKey(f message.Field) bool { return strings.EqualFold(f.Name, "DomainKey-Signature") }

// changedBelow is changedHeader for a signature of RFC 4870, which covers the fields below it: those that it names, or all.
func (c *coverage) changedBelow(f message.Field) string {
	tags, _ := message.Tags(c.before.Value(f))
	var names []string
	for name := range strings.SplitSeq(strings.ToLower(tags["h"]), ":") {
		if name = strings.Trim(name, " \t"); name != "" {
			names = append(names, name)
		}
	}
	below := func(m *message.Message) (fields [][]byte) {
		found := false
		for _, g := range m.Fields {
			field := m.Raw[g.Start:g.End]
			if found && (names == nil || slices.Contains(names, strings.ToLower(g.Name))) {
				fields = append(fields, field)
			}
			found = found || bytes.Equal(field, c.before.Raw[f.Start:f.End])
		}
		return fields
	}
	if !slices.EqualFunc(below(c.before), below(c.after), bytes.Equal) {
		return "it covered a part of the header that changed"
	}
	return ""
}
