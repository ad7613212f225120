package list

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// notice is a mail of ours to the people who run a list, or the site. It comes from postmaster@ so that a reply reaches who runs the server.
type notice struct {
	site    *Site
	built   bool   // it is said by what is built in, and not by what the site wrote
	domain  string // whose postmaster writes; also of the Message-ID
	list    *List  // nil: it is about none
	text    string // names the template, as that of a Note
	id      string // local part of the Message-ID: the same for what is told once
	date    time.Time
	values  map[string]string
	changes []textChange
	// posts are what it says of posts in the first of these languages that there is; nil: nothing.
	posts func(languages []string) ([]textPost, error)
}

// noticeMail is a notice written out for some of those it is for: who read the same language.
type noticeMail struct {
	to  []string
	raw []byte
}

// languages are those that a notice is looked for in for somebody who prefers one; empty: no preference.
func (n *notice) languages(preferred string) []string {
	if n.list == nil {
		return []string{preferred}
	}
	return []string{preferred, n.list.Language}
}

// texts are what it is written from.
func (n *notice) texts() *Texts {
	if n.built {
		return builtTexts()
	}
	return n.site.Texts
}

// bytes is the mail for who prefers a language. Nothing answers it: it says that it is automatic (RFC 3834 §5), and is sent with a null return path.
// What is in another language than the list's own has a Message-ID of its own, so that no mail program takes the two for one.
func (n *notice) bytes(preferred string) ([]byte, error) {
	texts, languages := n.texts(), n.languages(preferred)
	data := &textData{List: newTextList(n.list, n.site), Values: n.values, Changes: n.changes}
	to := message.Mailbox{Addr: n.site.Admin}
	var err error
	if n.list != nil {
		to.Addr = n.list.Word("owner")
		if to.Name, err = texts.phrase("owners-of", languages, map[string]string{"title": n.list.Title()}); err != nil {
			return nil, err
		}
	}
	if n.posts != nil {
		if data.Posts, err = n.posts(languages); err != nil {
			return nil, err
		}
	}
	subject, body, language, err := texts.write(n.text, languages, data)
	if err != nil {
		return nil, err
	}
	id := n.id
	if language != texts.languageOf(n.text, n.languages("")) {
		id += "." + language
	}
	var b strings.Builder
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: "Postmaster", Addr: "postmaster@" + n.domain}))
	b.WriteString(message.EncodeMailboxes("To", to))
	b.WriteString(message.EncodeText("Subject", subject))
	b.WriteString(message.MakeField("Date", n.date.Format(dateFormat)))
	b.WriteString(message.MakeField("Message-ID", "<"+id+"@"+n.domain+">"))
	b.WriteString("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n")
	if n.list != nil {
		b.WriteString(listIDField(n.list.Title(), n.list.ID()))
	}
	b.WriteString("Content-Language: " + language + "\r\nMIME-Version: 1.0\r\n")
	writeText(&b, body)
	return []byte(b.String()), nil
}

// writeNotice writes a notice in every language that those it is for read: their own where they are members, else the list's.
func (e *Engine) writeNotice(n *notice, id uint32, to []string) (mails []noticeMail, err error) {
	var languages []string // of mails
	for _, address := range to {
		var p person
		if id != 0 {
			if err := e.Store.View(func(r Reader) (err error) { p, err = personOf(r, id, address); return err }); err != nil {
				return nil, err
			}
		}
		language := n.texts().languageOf(n.text, n.languages(p.Language))
		i := slices.Index(languages, language)
		if i < 0 {
			raw, err := n.bytes(p.Language)
			if err != nil {
				return nil, fmt.Errorf("list: notice %s: %w", n.id, err)
			}
			i, languages, mails = len(mails), append(languages, language), append(mails, noticeMail{raw: raw})
		}
		mails[i].to = append(mails[i].to, address)
	}
	return mails, nil
}

// sendNotice puts a notice of ours into the outbox, after what f does in the same transaction. id is the list's, zero for one of the site itself.
// It goes out with a null return path: nothing answers it, and when it fails nobody is told (RFC 5321 §4.5.5, §6.1).
func (e *Engine) sendNotice(n *notice, id uint32, to []string, f func(Tx) error) error {
	mails, err := e.writeNotice(n, id, to)
	if err != nil {
		return err
	}
	refs := make([]Ref, len(mails))
	for i := range mails[1:] { // kept first, so that one transaction has them all
		if err := e.Store.Keep(mails[i].raw, func(_ Tx, ref Ref) error { refs[i] = ref; return nil }); err != nil {
			return err
		}
	}
	last := len(mails) - 1
	return e.Store.Keep(mails[last].raw, func(tx Tx, ref Ref) error {
		if err := f(tx); err != nil {
			return err
		}
		refs[last] = ref
		for i, m := range mails {
			out := Outgoing{List: id, Ref: refs[i], Recipients: m.to, EightBit: hasEightBit(m.raw), Size: int64(len(m.raw)), Accepted: n.date,
				Style: Style{Hostname: n.site.Hostname}}
			if n.list != nil {
				out.Address, out.Style.List = n.list.Address, n.list.Address
			}
			if _, err := tx.Enqueue(out); err != nil {
				return err
			}
		}
		return nil
	})
}
