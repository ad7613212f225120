package list

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"net/url"
	"strings"
	"time"

	"convene/list/message"
)

// place puts the address for the answer where a letter has ReplyPlace: as it is in the text and behind mailto: percent-encoded as a part of a URL; and the token of its
// secret where it has TokenPlace.
func (l *Letter) place(reply, token string) Letter {
	done := *l
	put := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, TokenPlace, token), url.PathEscape(TokenPlace), token)
		if !strings.Contains(s, ReplyPlace) {
			return s
		}
		s = strings.ReplaceAll(s, "mailto:"+url.PathEscape(ReplyPlace), "mailto:"+mailtoAddress(reply))
		return strings.ReplaceAll(strings.ReplaceAll(s, "mailto:"+ReplyPlace, "mailto:"+mailtoAddress(reply)), ReplyPlace, reply)
	}
	done.Subject, done.Text = oneLine(put(l.Subject), 2*subjectQuoted), put(l.Text)
	if l.HTML != "" {
		done.HTML = strings.ReplaceAll(put(l.HTML), ReplyPlace, html.EscapeString(reply))
	}
	done.Attached = nil
	for _, a := range l.Attached {
		a.Content = []byte(strings.ReplaceAll(string(a.Content), ReplyPlace, reply))
		done.Attached = append(done.Attached, a)
	}
	return done
}

// mailtoAddress is an address as a mailto: URL has it (RFC 6068 §2): a + may stand there, and some programs take it for a space all the same.
func mailtoAddress(address string) string {
	return strings.ReplaceAll(url.PathEscape(address), "+", "%2B")
}

// write writes the MIME fields and the body: text, or text and HTML, and what is attached beside them.
func (l *Letter) write(b *strings.Builder, id string) {
	if l.Language != "" {
		b.WriteString("Content-Language: " + l.Language + "\r\n")
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	if len(l.Enclosed) > 0 {
		l.writeDigest(b, id)
		return
	}
	if len(l.Attached) == 0 && l.Calendar == nil {
		l.writeTexts(b, id)
		return
	}
	boundary := boundaryFor("mixed "+id, nil, l.Text+l.HTML)
	b.WriteString("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n")
	l.writeTexts(b, id)
	for _, a := range l.Attached {
		b.WriteString("\r\n--" + boundary + "\r\n")
		a.write(b)
	}
	if l.Calendar != nil {
		b.WriteString("\r\n--" + boundary + "\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics\r\n")
		writeBase64(b, l.Calendar)
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
}

// writeDigest writes the text and behind it the messages, whole: what signs one holds on. Where one has octets over 127 all around it say so
// (RFC 2045 §6.4).
func (l *Letter) writeDigest(b *strings.Builder, id string) {
	size, eight := 0, hasEightBit([]byte(l.Text))
	for _, m := range l.Enclosed {
		size += len(m)
		eight = eight || hasEightBit(m)
	}
	encoding := "7bit"
	if eight {
		encoding = "8bit"
	}
	b.Grow(size + size/8)
	all := bytes.Join(l.Enclosed, []byte("\n"))
	outer, inner := boundaryFor("mixed "+id, all, l.Text), boundaryFor("digest "+id, all, l.Text)
	fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=\"%s\"\r\nContent-Transfer-Encoding: %s\r\n\r\n--%[1]s\r\n", outer, encoding)
	writeText(b, l.Text)
	fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: multipart/digest; boundary=\"%s\"\r\nContent-Transfer-Encoding: %s\r\n", outer, inner, encoding)
	for _, m := range l.Enclosed {
		b.WriteString("\r\n--" + inner + "\r\n")
		if hasEightBit(m) {
			b.WriteString("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n")
		}
		b.WriteString("\r\n")
		b.Write(m)
	}
	b.WriteString("\r\n--" + inner + "--\r\n\r\n--" + outer + "--\r\n")
}

func (l *Letter) writeTexts(b *strings.Builder, id string) {
	if l.HTML == "" && l.Calendar == nil {
		writeText(b, l.Text)
		return
	}
	boundary := boundaryFor(id, []byte(l.HTML), l.Text)
	b.WriteString("Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n")
	writeText(b, l.Text)
	if l.HTML != "" {
		b.WriteString("\r\n--" + boundary + "\r\n")
		writePart(b, "text/html", l.HTML)
	}
	if l.Calendar != nil { // last: a program that knows what it is takes it for the mail
		b.WriteString("\r\n--" + boundary + "\r\nContent-Type: text/calendar; method=" + l.Method + "; charset=utf-8\r\n")
		writeBase64(b, l.Calendar)
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
}

func (a *Attached) write(b *strings.Builder) {
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": a.Name})
	if disposition == "" {
		disposition = "attachment"
	}
	media := a.Media
	if strings.HasPrefix(media, "text/") && !strings.Contains(media, "charset=") {
		media += "; charset=utf-8"
	}
	fmt.Fprintf(b, "Content-Type: %s\r\nContent-Disposition: %s\r\n", media, disposition)
	writeBase64(b, a.Content)
}

// writeBase64 ends the header of a part and writes its content, octet for octet.
func writeBase64(b *strings.Builder, content []byte) {
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	for text := base64.StdEncoding.EncodeToString(content); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
}

// via is the name that stands for somebody whose mail comes by way of a list.
func via(name string, l *List) string {
	if name == "" {
		return l.Title()
	}
	return name + " via " + l.Title()
}

// letterBytes is a note with a letter as mail.
func (a *noteAbout) letterBytes(id string) ([]byte, error) {
	reply := a.reply
	if reply == "" && a.list != nil && a.Letter.Word != "" {
		reply = a.list.Word(a.Letter.Word)
	}
	letter := a.Letter.place(reply, a.token)
	var b strings.Builder
	if err := a.header(&b, id, letter.Subject); err != nil {
		return nil, err
	}
	letter.write(&b, id)
	return []byte(b.String()), nil
}

// publicationBytes is one edition of a post of the schedule as it is stored.
func publicationBytes(p *Publication, e *Edition, id, date string) []byte {
	letter := e.Letter.place(p.List.Word("facilitator"), "")
	var b strings.Builder
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: via(p.By.Name, p.List), Addr: p.List.Address}))
	b.WriteString(message.EncodeMailboxes("To", message.Mailbox{Name: p.List.Title(), Addr: p.List.Address}))
	b.WriteString(message.EncodeText("Subject", letter.Subject))
	b.WriteString(message.MakeField("Date", date))
	b.WriteString(message.MakeField("Message-ID", "<"+id+">"))
	b.WriteString("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n")
	letter.write(&b, id)
	return []byte(b.String())
}

// digestBytes is a letter to members that is no post.
func digestBytes(l *List, letter *Letter, reply, id string, now time.Time) []byte {
	name := l.Title()
	if letter.FromName != "" {
		name = via(letter.FromName, l)
	}
	placed := letter.place(reply, "")
	var b strings.Builder
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: name, Addr: reply}))
	b.WriteString(message.EncodeMailboxes("To", message.Mailbox{Name: l.Title(), Addr: l.Address}))
	b.WriteString(message.EncodeMailboxes("Reply-To", message.Mailbox{Name: name, Addr: reply}))
	b.WriteString(message.EncodeText("Subject", placed.Subject))
	b.WriteString(message.MakeField("Date", now.In(l.zone()).Format(dateFormat)))
	b.WriteString(message.MakeField("Message-ID", "<"+id+">"))
	b.WriteString("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n")
	placed.write(&b, id)
	return []byte(b.String())
}
