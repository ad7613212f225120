package list

import (
	"slices"
	"strings"

	"convene/list/message"
)

// munged reports whether this copy goes out From the list: the author's domain asks receivers to refuse what bears no signature of its own, and
// this copy has lost it. It has an answer once all steps that change the body are through.
func (d *Draft) munged() bool { return d.Style.Munge && d.breaks() && !d.keeps() }

// keeps reports whether a signature that speaks for the author's domain still holds on this copy if From stays as it came (D04). That is found out by
// making the copy so. With another body it is not asked: a signature can hold over the beginning of one, which some receivers do not count.
func (d *Draft) keeps() bool {
	switch {
	case d.trial:
		return true
	case d.Style.Signers == "" || d.edit.BodyChanged():
		return false
	case !d.tried:
		d.tried, d.kept = true, d.try()
	}
	return d.kept
}

func (d *Draft) try() bool {
	t := &Draft{Message: d.Message, Style: d.Style, Form: d.Form, edit: message.NewEdit(d.Message), trial: true}
	for _, s := range d.steps {
		s.Apply(t)
	}
	m, _ := t.encoded(new([]Change)).Split()
	signers := strings.Fields(d.Style.Signers)
	return slices.ContainsFunc(m.Values("DKIM-Signature"), func(v string) bool {
		tags, ok := message.Tags(v)
		return ok && slices.Contains(signers, strings.ToLower(tags["d"]))
	})
}

// breaks reports whether the draft differs from what came in something that authors sign.
func (d *Draft) breaks() bool {
	if d.Style.Edited || d.Style.SubjectPrefix != "" || d.Style.repliesToList() || d.edit.BodyChanged() {
		return true
	}
	if d.Form.SevenBit {
		if _, body := d.Message.EightBit(); body {
			return true
		}
	}
	return d.Form.ASCII && d.Message.International()
}

// from puts the list in the place of the author, who stays in Author (RFC 9057 §3), and takes out a Sender that would stand for somebody else.
func from(d *Draft) {
	author, err := d.Message.From()
	if err != nil || !d.munged() {
		switch {
		case err != nil || d.Style.MungeWhy == "":
		case !d.Style.Munge && d.breaks():
			d.note("left From as it is: " + d.Style.MungeWhy)
		case d.Style.Munge && d.breaks():
			d.note("left From as it is, since the author's signature still holds, although " + d.Style.MungeWhy)
		case d.Style.Munge:
			d.note("left From as it is, since nothing is changed that its author signs, although " + d.Style.MungeWhy)
		}
		return
	}
	field := message.EncodeMailboxes("From", message.Mailbox{Name: d.Style.FromName, Addr: d.Style.List})
	d.note("the list stands in From: " + d.Style.MungeWhy)
	if d.Message.Count("Author") == 0 && (!d.Form.ASCII || isASCII(author.Addr)) {
		d.edit.Append(d.authorField(author))
		d.note("kept the author in Author")
	}
	d.set("From", field)
	d.remove("sender")
}

// authorField is the From field under another name: the same octets, as long as they are ASCII, in lines that may be so long.
func (d *Draft) authorField(author message.Mailbox) string {
	for _, f := range d.Message.Fields {
		if value := string(d.Message.Raw[f.Value:f.End]); strings.EqualFold(f.Name, "From") && isASCII(value) {
			if _, long := d.Message.ShortField(f); !long {
				return "Author:" + value
			}
		}
	}
	return message.EncodeMailboxes("Author", author)
}

// answers is where the answers to a copy go.
type answers struct {
	replyTo []message.Mailbox // empty: the field stays as it came
	cc      bool              // the author joins those in Cc
}

// answersTo is the whole policy of Reply-To and Cc; docs/admin.md has it as a table. own is the author's Reply-To, named are To and Cc. Everybody
// stands there once, and the list last, where it is easiest to take out.
func answersTo(s *Style, munged bool, author message.Mailbox, own, named []message.Mailbox) answers {
	toList := s.repliesToList()
	if !toList && !munged {
		return answers{}
	}
	var a answers
	add := func(m message.Mailbox) {
		if !hasMailbox(a.replyTo, m.Addr) {
			a.replyTo = append(a.replyTo, m)
		}
	}
	for _, m := range own {
		if !strings.EqualFold(m.Addr, s.List) {
			add(m)
		}
	}
	if munged && !toList {
		add(author)
	}
	if toList || hasMailbox(own, s.List) {
		add(message.Mailbox{Addr: s.List})
	}
	a.cc = munged && toList && !hasMailbox(a.replyTo, author.Addr) && !hasMailbox(named, author.Addr)
	return a
}

// replyTo points the answers where the policy says.
func replyTo(d *Draft) {
	author, err := d.Message.From()
	if err != nil {
		author = message.Mailbox{}
	}
	munged := d.munged() && err == nil
	if munged && d.Form.ASCII && !isASCII(author.Addr) { // it cannot be said in this form
		author = message.Mailbox{Addr: d.Style.List}
	}
	a := answersTo(d.Style, munged, author, d.Message.Mailboxes("Reply-To"), d.Message.Mailboxes("To", "Cc"))
	if field := message.EncodeMailboxes("Reply-To", a.replyTo...); field != "" {
		d.set("Reply-To", field)
	}
	if a.cc {
		d.set("Cc", d.longerCc(author))
		d.note("put the author into Cc, for who replies to all")
	}
}

// longerCc is the Cc field with the author at its end. Those who stand there stay as they were written.
func (d *Draft) longerCc(author message.Mailbox) string {
	alone := message.EncodeMailboxes("Cc", author)
	for _, f := range d.Message.Fields {
		if !strings.EqualFold(f.Name, "Cc") {
			continue
		}
		named, err := message.ParseMailboxes(d.Message.Value(f))
		if err != nil || len(named) == 0 {
			return message.EncodeMailboxes("Cc", append(named, author)...)
		}
		field, ok := d.Message.PlainField(f)
		if short, long := d.Message.ShortField(f); !ok && long {
			field, ok = short, true
		}
		if !ok {
			field = string(d.Message.Raw[f.Start:f.End])
		} else if field == "" {
			return message.EncodeMailboxes("Cc", append(named, author)...)
		}
		return strings.TrimRight(field, "\r\n \t,") + ",\r\n" + strings.TrimPrefix(alone, "Cc:")
	}
	return alone
}

func hasMailbox(all []message.Mailbox, addr string) bool {
	for _, m := range all {
		if strings.EqualFold(m.Addr, addr) {
			return true
		}
	}
	return false
}
