package digest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

const (
	passedMost   = 20_000   // of a text that is passed on, in octets
	attachedMost = 10 << 20 // of the files that go along, together
	calendarMost = 1 << 20  // of what a calendar program says
)

// passOn sends what a person wrote, and what fits no verb, to who facilitates the discussion, else to the moderators, and tells the writer so: all in the
// caller's transaction. to is whom they were told of; empty: there is nobody but the writer, who is to be answered in another way. What machines send
// never comes here: list.Engine discards it before.
func (e *Editor) passOn(tx list.Tx, a *affair, h *list.Handed) (to string, err error) {
	said, err := e.passTo(tx, a, h, false)
	if err != nil || said.Voice.Address == "" {
		return "", err
	}
	return cmp.Or(said.Voice.Name, said.Voice.Address), e.tellPassed(tx, a, h, said)
}

// tellPassed tells who wrote that a person has it.
func (e *Editor) tellPassed(tx list.Tx, a *affair, h *list.Handed, said letter.PassedOn) error {
	mail, err := e.write(tx, a, h.From.Addr, "passed-told", said)
	if err != nil {
		return err
	}
	return a.owe(tx, owed{to: h.From.Addr, mail: mail, kind: "notice", answers: h.Message.MessageID()}, e.Engine.Now())
}

// passTo is passOn without a word to the writer, who is to hear of it otherwise. known says that what it decides was understood besides. Without a Voice it
// went to nobody.
func (e *Editor) passTo(tx list.Tx, a *affair, h *list.Handed, known bool) (said letter.PassedOn, err error) {
	people, err := e.reached(tx, a, h.From.Addr)
	if err != nil || len(people) == 0 {
		return said, err
	}
	now := e.Engine.Now()
	writer, err := a.person(tx, h.From.Addr)
	if err != nil {
		return said, err
	}
	files := attachedTo(h.Message)
	said = letter.PassedOn{Known: known, Name: cmp.Or(writer.Name, h.From.Name, h.From.Addr), Address: h.From.Addr, Subject: bareSubject(h.Message.Subject()), Text: wroteOf(h),
		Files: len(files), Place: a.place(e.Engine.Site().BaseURL), Voice: people[0]}
	for _, p := range people {
		mail, err := e.write(tx, a, p.Address, "passed-on", said)
		if err != nil {
			return said, err
		}
		if err := a.owe(tx, owed{to: p.Address, mail: mail, kind: "notice", from: said.Name, answer: plan.Person{Name: said.Name, Address: h.From.Addr}, attached: files}, now); err != nil {
			return said, err
		}
	}
	return said, nil
}

// reached are whom a person's own words go to: the voice of the discussion, or the next who facilitates; failing them all, the moderators. Never who wrote them.
func (e *Editor) reached(r list.Reader, a *affair, writer string) ([]plan.Person, error) {
	others := func(all []string) []string {
		return slices.DeleteFunc(all, func(o string) bool { return list.SameAddress(o, writer) })
	}
	all := others(a.facilitators())
	if len(all) > 0 {
		all = all[:1]
	} else {
		moderators, err := e.Engine.Reached(r, a.list, list.KindModerators)
		if err != nil {
			return nil, err
		}
		all = others(moderators)
	}
	people := make([]plan.Person, 0, len(all))
	for _, address := range all {
		p, err := a.person(r, address)
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

// person is an address with the name that the plan has for it, else the list; the name may be empty.
func (a *affair) person(r list.Reader, address string) (plan.Person, error) {
	for _, p := range append([]plan.Person{a.course.Changes.Voice}, a.Discussion.Facilitators...) {
		if p.Name != "" && list.SameAddress(p.Address, address) {
			return p, nil
		}
	}
	m, err := r.Member(a.rec.ID, address)
	if errors.Is(err, list.ErrNotFound) {
		err = nil
	}
	return plan.Person{Name: m.Name, Address: address}, err
}

// write writes a letter to somebody in their language.
func (e *Editor) write(r list.Reader, a *affair, to, name string, data any) (letter.Mail, error) {
	m, err := r.Member(a.rec.ID, to)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return letter.Mail{}, err
	}
	return e.programme.Load().Book.Write(name, a.languagesOf(m.Language), data)
}

// wroteOf is what somebody wrote themselves, without the token of the address that they wrote to, which is theirs alone.
func wroteOf(h *list.Handed) string {
	text, _ := h.Message.Written()
	if text == "" {
		text = h.Message.Text(passedMost)
	}
	if len(text) > passedMost {
		text = strings.ToValidUTF8(text[:passedMost], "") + " …"
	}
	return withoutToken(text, h.Target.Token)
}

// withoutToken puts x in the place of every letter of a token, in whatever case it stands.
func withoutToken(text, token string) string {
	if token == "" {
		return text
	}
	folded := asciiLower(text)
	for from := 0; ; {
		at := strings.Index(folded[from:], token)
		if at < 0 {
			return text
		}
		from += at
		text = text[:from] + strings.Repeat("x", len(token)) + text[from+len(token):]
		from += len(token)
	}
}

// asciiLower makes lower case of what is ASCII, so that nothing changes its place.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// bareSubject is a subject without the marks of replies.
func bareSubject(s string) string {
	for {
		rest, ok := message.ReplyMarker(s)
		if !ok {
			return strings.TrimSpace(s)
		}
		s = rest
	}
}

// attachedTo are the files of a mail, as far as they are little enough to go along, and what a calendar program says in it, which counts as none of its files.
func attachedTo(m *message.Message) []list.Attached {
	var all []list.Attached
	left := int64(attachedMost)
	for _, f := range m.Attachments() {
		if left -= f.Size; left < 0 {
			break
		}
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err == nil {
			all = append(all, list.Attached{Name: f.Name, Media: attachable(f.Media), Content: b.Bytes()})
		}
	}
	for _, p := range m.Parts() {
		if p.Leaf && !p.Enclosed && (p.Media == "text/calendar" || p.Media == "application/ics") {
			if object := p.Markup(calendarMost); int64(len(object)) <= left {
				all = append(all, list.Attached{Name: "invitation.ics", Media: "application/ics", Content: []byte(object)})
			}
			break // the others say the same in another form
		}
	}
	return all
}

// attachable is the media type under which a file goes along as base64, which is for no message (RFC 2046 §5.2) and whose charset is not known.
func attachable(media string) string {
	if strings.HasPrefix(media, "message/") || strings.HasPrefix(media, "multipart/") || strings.HasPrefix(media, "text/") {
		return "application/octet-stream"
	}
	return media
}
