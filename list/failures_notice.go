package list

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"convene/list/message"
)

// notice is a mail of ours to the people who run a list, or the site. It comes from postmaster@ so that a reply reaches who runs the server.
type notice struct {
	domain  string          // whose postmaster writes; also of the Message-ID
	to      message.Mailbox // may stand for several recipients
	list    *List           // nil: it is about none
	subject string
	id      string // local part of the Message-ID: the same for what is told once
	date    time.Time
	text    string // lines end in LF
}

// bytes is the mail. Nothing answers it: it says that it is automatic (RFC 3834 §5), and is sent with a null return path.
func (n *notice) bytes() []byte {
	var b strings.Builder
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: "Postmaster", Addr: "postmaster@" + n.domain}))
	b.WriteString(message.EncodeMailboxes("To", n.to))
	b.WriteString(message.EncodeText("Subject", n.subject))
	b.WriteString(message.MakeField("Date", n.date.Format(dateFormat)))
	b.WriteString(message.MakeField("Message-ID", "<"+n.id+"@"+n.domain+">"))
	b.WriteString("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n")
	if n.list != nil {
		b.WriteString(listIDField(n.list.Title(), n.list.ID()))
	}
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
	b.WriteString(strings.ReplaceAll(n.text, "\n", "\r\n"))
	return []byte(b.String())
}

// owners is the mailbox that stands for the owners of a list.
func (l *List) owners() message.Mailbox {
	return message.Mailbox{Name: "Owners of " + l.Title(), Addr: l.Word("owner")}
}

// oneLine makes what others wrote fit to be quoted on one line, cut to so many characters.
func oneLine(s string, most int) string {
	s = strings.TrimSpace(plainLine(strings.ToValidUTF8(s, "?")))
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// How many characters of what others wrote a notice quotes.
const (
	subjectQuoted = 100
	nameQuoted    = 60
	statusQuoted  = 400
	addressQuoted = 254 // RFC 5321 §4.5.3.1.3 leaves no more for an address
)

// counted is a number with its noun.
func counted[N int | uint64](n N, one, many string) string {
	if n == 1 {
		many = one
	}
	return strconv.FormatUint(uint64(n), 10) + " " + many
}

// notice tells the owners. Its Message-ID has the morning that it is for, so that there is one for each day.
func (r *failureReport) notice(now time.Time) *notice {
	l := r.list
	copies := len(r.all)
	var b strings.Builder
	fmt.Fprintf(&b, "Some copies of mail from the list\n  %s <%s>\ndid not reach the members they were for. Their mail servers refused them, or could\n"+
		"not take them for too long, so they are not tried again. Everybody else has the\nmail, or gets it as usual.\n", l.Title(), l.Address)
	for _, p := range r.reported() {
		p.write(&b, l)
	}
	if more := len(r.posts) - postsReported; more > 0 {
		rest := copies
		for _, p := range r.reported() {
			rest -= p.copies
		}
		fmt.Fprintf(&b, "\nAnd %s of %s.\n", counted(rest, "copy", "copies"), counted(more, "other post", "other posts"))
	}
	b.WriteString("\nWhat you can do\n\n" +
		"- If somebody has a new address, ask them for it: the new one is added, and the\n  old one removed.\n" +
		"- If an address is gone for good, have it removed. Mail servers trust a list\n  less that keeps writing to addresses which do not exist. Who runs the server\n" +
		"  does it with\n    convene member remove " + l.Address + " ADDRESS\n" +
		"- If a server did not want the post itself, the members can do nothing about it:\n  show this mail to who runs the server.\n" +
		"- If it happened once, nothing needs to be done.\n\n" +
		"A reply to this mail reaches who runs the server.\n")
	return &notice{
		domain: l.Domain(), to: l.owners(), list: l, date: now.In(l.zone()), text: b.String(),
		subject: fmt.Sprintf("%s: %s could not be delivered", l.Title(), counted(copies, "copy", "copies")),
		id:      "failures." + r.morning.In(l.zone()).Format("20060102") + "." + l.Local(),
	}
}

// write tells of one post: which, how many have it, and who does not and why.
func (p *postFailures) write(b *strings.Builder, l *List) {
	fmt.Fprintf(b, "\n%s\n", about(&p.post, l))
	parts := []string{counted(p.tally.Delivered, "copy", "copies") + " delivered", counted(p.tally.Failed, "failed", "failed")}
	if p.tally.Deferred > 0 {
		parts = append(parts, counted(p.tally.Deferred, "is", "are")+" still being tried")
	}
	fmt.Fprintf(b, "%s.\n", strings.Join(parts, ", "))
	for _, g := range p.groups {
		fmt.Fprintf(b, "\n  %s\n", g.meaning())
		if status := oneLine(g.status, statusQuoted); status != "" {
			fmt.Fprintf(b, "  %s\n", status)
		}
		for _, a := range g.addresses {
			fmt.Fprintf(b, "    %s\n", oneLine(a, addressQuoted))
		}
		if more := g.copies - len(g.addresses); more > 0 && len(g.addresses) > 0 {
			fmt.Fprintf(b, "    and %d more\n", more)
		} else if more > 0 {
			fmt.Fprintf(b, "    %s\n", counted(more, "address", "addresses"))
		}
	}
}

// about names a post in one line.
func about(p *Post, l *List) string {
	subject := "(no subject)"
	if s := oneLine(p.Subject, subjectQuoted); s != "" {
		subject = `"` + s + `"`
	}
	from := ""
	if p.From != "" {
		from = ", from " + strings.TrimSpace(oneLine(p.FromName, nameQuoted)+" <"+oneLine(p.From, addressQuoted)+">")
	}
	return fmt.Sprintf("%s, post %d%s, %s", subject, p.Number, from, p.Accepted.In(l.zone()).Format("2 January 2006 15:04 MST"))
}

// meanings says what an enhanced code means (RFC 3463 §3, and what servers use it for), by its last two numbers and then by the first of
// them.
var meanings = map[string]string{
	"1": "The address is not right:", "1.1": "There is no such mailbox:", "1.2": "There is no such domain:", "1.6": "The mailbox has moved:",
	"1.7": "The server does not accept the return path:", "1.8": "The server does not accept our domain:", "1.10": "The domain takes no mail:",
	"2": "The mailbox takes no mail:", "2.1": "The mailbox is closed:", "2.2": "The mailbox is full:", "2.3": "The post is too big for the mailbox:",
	"3": "The server could not take it:", "3.4": "The post is too big for the server:",
	"4.7": "It was tried for too long:",
	"6":   "The server cannot take a post of this kind:",
	"7":   "The server does not want this post, or not from us:",
}

// meaning is what the code of a group comes to, in plain words.
func (g *statusGroup) meaning() string {
	if g.code == "" {
		return "For other reasons, the first being:"
	}
	enhanced := g.code[strings.LastIndexByte(g.code, ' ')+1:]
	if _, detail, ok := strings.Cut(enhanced, "."); ok {
		if m := meanings[detail]; m != "" {
			return m
		}
		subject, _, _ := strings.Cut(detail, ".")
		if m := meanings[subject]; m != "" {
			return m
		}
	}
	return "The server refused it:"
}
