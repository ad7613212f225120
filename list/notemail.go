package list

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"convene/list/message"
)

// noteMail is a note written out.
type noteMail struct {
	id     string // Message-ID without brackets
	raw    []byte
	out    Outgoing
	secret *Secret // nil: it asks for no answer
}

// noteAbout is what a note is written from.
type noteAbout struct {
	*Note
	site   *Site
	list   *List // nil: the site's own
	reply  string
	link   string
	token  string // of a secret that a page takes, too
	domain string
	now    time.Time
}

// compose writes a note. Every call makes another token: only the one that is kept with the mail counts.
func (e *Engine) compose(n *Note, now time.Time) (*noteMail, error) {
	site := e.Site()
	l, err := e.listOf(n.List)
	if errors.Is(err, ErrNotFound) {
		return nil, noteFault{err}
	} else if err != nil {
		return nil, err
	}
	if l == nil && n.Secret != nil {
		return nil, noteFault{fmt.Errorf("list: a notice of the site has no address for an answer")}
	}
	a := &noteAbout{Note: n, site: site, list: l, domain: site.Hostname, now: now.UTC()}
	if l != nil {
		a.domain, a.now = l.Domain(), now.In(l.zone())
	}
	mail := &noteMail{id: n.MessageID}
	if mail.id == "" {
		mail.id = "notice." + e.NewID() + "@" + a.domain
	}
	if n.Secret != nil {
		mail.secret = a.seal(newToken())
	}
	enclosed, err := e.enclosed(n)
	if err != nil {
		return nil, err
	}
	if n.Letter != nil {
		mail.raw, err = a.letterBytes(mail.id)
	} else {
		mail.raw, err = a.bytes(mail.id, enclosed)
	}
	if err != nil {
		return nil, noteFault{err}
	}
	m := message.Parse(mail.raw)
	header, body := m.EightBit()
	mail.out = Outgoing{List: n.List, ReturnPath: n.ReturnPath, Recipients: []string{n.To}, EightBit: header || body, UTF8: m.International(),
		Size: int64(len(mail.raw)), Accepted: now, Style: Style{Hostname: site.Hostname}}
	if n.Letter != nil {
		mail.out.Kind = n.Letter.Kind
	}
	if l != nil {
		mail.out.Address, mail.out.Style.List = l.Address, l.Address
	}
	return mail, nil
}

// listOf is the list with that id as it is configured now; nil for id zero. ErrNotFound: it is gone from the config.
func (e *Engine) listOf(id uint32) (*List, error) {
	if id == 0 {
		return nil, nil
	}
	var rec Record
	err := e.Store.View(func(r Reader) (err error) { rec, err = r.ListByID(id); return err })
	if err != nil {
		return nil, err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok {
		return nil, fmt.Errorf("list: %s is not in the config: %w", rec.Address, ErrNotFound)
	}
	return l, nil
}

func (e *Engine) enclosed(n *Note) ([]byte, error) {
	if n.Enclosed == (Ref{}) {
		return nil, nil
	}
	raw, err := e.Store.Raw(n.Enclosed)
	if err != nil && !errors.Is(err, ErrBroken) {
		err = noteFault{err}
	}
	if err == nil && n.Text == notePost {
		raw = enclosable(raw)
	}
	return raw, err
}

// seal makes the secret of a note, and the places where its token stands. It remembers the note without the secret, for when it has to be sent
// again.
func (a *noteAbout) seal(token string) *Secret {
	s, note := *a.Secret, *a.Note
	note.Secret = nil
	s.Hash, s.Note = hashToken(token), &note
	if s.Purpose == ForSignIn { // it is for a browser: a mail that answers it signs nobody in
		a.link = a.site.BaseURL + pathSignIn + token
		return &s
	}
	if s.Purpose == ForFeed { // for a calendar program; should it leak, nobody is sent another: they ask for one
		s.Note, a.link = nil, a.site.BaseURL+ownFeedPath(a.list.Address, token, ForFeed)
		return &s
	}
	if s.Purpose == ForMailbox { // it is for a mail program
		a.token = token
		return &s
	}
	a.reply = a.list.Word(s.Purpose.word() + "-" + token)
	if s.Purpose == ForRSVP { // where the letter has a place for it: who answers first is asked by mail alone
		a.token = token
	}
	if !s.Purpose.decides() && strings.HasPrefix(a.site.BaseURL, "https://") {
		a.link = a.site.BaseURL + pathConfirm + token
	}
	return &s
}

// bytes is the mail.
func (a *noteAbout) bytes(id string, enclosed []byte) ([]byte, error) {
	data := &textData{List: newTextList(a.list, a.site), Name: oneLine(a.ToName, subjectQuoted), Address: a.To, Reply: a.reply, Link: a.link,
		Enclosed: enclosed != nil, Values: a.Values}
	if a.Secret != nil && a.Secret.Purpose == ForMailbox {
		data.Values = maps.Clone(a.Values)
		data.Values["password"] = passwordMark + a.token
	}
	languages := []string{a.Language}
	if a.list != nil {
		languages = append(languages, a.list.Language)
	}
	subject, body, language, err := a.site.Texts.write(a.Text, languages, data)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := a.header(&b, id, subject); err != nil {
		return nil, err
	}
	b.WriteString("Content-Language: " + language + "\r\nMIME-Version: 1.0\r\n")
	if enclosed == nil {
		writeText(&b, body)
		return []byte(b.String()), nil
	}
	boundary := boundaryFor(id, enclosed, body)
	b.WriteString("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n")
	writeText(&b, body)
	encoding := "7bit"
	if hasEightBit(enclosed) {
		encoding = "8bit"
	}
	b.WriteString("\r\n--" + boundary + "\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"message.eml\"\r\n" +
		"Content-Transfer-Encoding: " + encoding + "\r\n\r\n")
	b.Write(enclosed)
	b.WriteString("\r\n--" + boundary + "--\r\n")
	return []byte(b.String()), nil
}

// header writes the fields but those of MIME. What asks something comes from the address that takes the answer: some programs (s-nail) answer From
// whatever Reply-To says, and a decision that goes to the owners decides nothing. To the return path an answer would be a machine's.
func (a *noteAbout) header(b *strings.Builder, id, subject string) error {
	from, name := "postmaster@"+a.domain, "Postmaster"
	if a.list != nil {
		from, name = a.list.Word("owner"), a.list.Title()
	}
	if a.Letter != nil && a.list != nil {
		if a.Letter.FromName != "" {
			name = via(a.Letter.FromName, a.list)
		}
		if a.Letter.Word != "" {
			from = a.list.Word(a.Letter.Word)
		}
	}
	if a.reply != "" && (a.Letter == nil || a.Letter.Calendar == nil) { // an invitation is from the address that its object has as organiser: a program may want them to be the same
		from = a.reply
	}
	to := message.EncodeMailboxes("To", message.Mailbox{Name: plainText(a.ToName), Addr: a.To})
	if to == "" {
		return fmt.Errorf("list: %q is no address", a.To)
	}
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: name, Addr: from}))
	b.WriteString(to)
	switch {
	case a.reply != "":
		b.WriteString(message.EncodeMailboxes("Reply-To", message.Mailbox{Name: name, Addr: a.reply}))
	case a.Letter != nil && a.Letter.Answer != "":
		b.WriteString(message.EncodeMailboxes("Reply-To", message.Mailbox{Name: plainText(a.Letter.AnswerName), Addr: a.Letter.Answer}))
	}
	b.WriteString(message.EncodeText("Subject", oneLine(subject, 2*subjectQuoted)))
	b.WriteString(message.MakeField("Date", a.now.Format(dateFormat)))
	b.WriteString(message.MakeField("Message-ID", "<"+id+">"))
	if writableID(a.InReplyTo) {
		b.WriteString(message.MakeField("In-Reply-To", "<"+a.InReplyTo+">"))
	}
	if refs := a.references(); refs != "" {
		b.WriteString(message.MakeField("References", refs))
	}
	automatic, suppress := "auto-generated", "All"
	if a.Answers {
		automatic = "auto-replied"
	}
	if a.ReturnPath != "" {
		suppress = "OOF, AutoReply" // All would keep Exchange from bouncing it, and a bounce is what is waited for
	}
	b.WriteString("Auto-Submitted: " + automatic + "\r\nX-Auto-Response-Suppress: " + suppress + "\r\n")
	if a.Secret == nil || a.Secret.Purpose != ForProbe { // some keep bulk mail from people, and some return none of it: a probe is to be treated as any mail
		b.WriteString("Precedence: bulk\r\n")
	}
	if a.list != nil {
		b.WriteString(listIDField(a.list.Title(), a.list.ID()))
	}
	return nil
}

// references are the ids under which the mail stands: the thread, and what it answers.
func (a *noteAbout) references() string {
	var all []string
	for _, id := range []string{a.Thread, a.InReplyTo} {
		if writableID(id) && (len(all) == 0 || all[0] != "<"+id+">") {
			all = append(all, "<"+id+">")
		}
	}
	return strings.Join(all, " ")
}

// writableID reports whether a Message-ID can be written into a field of ours.
func writableID(id string) bool {
	return id != "" && len(id) <= 900 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' })
}
