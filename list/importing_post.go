package list

import (
	"bytes"
	"errors"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"convene/list/message"
)

// ProtocolImport is the Envelope.Protocol of what came from another archive.
const ProtocolImport = "import"

// hiddenFrom is a From as archives show it to the web: "jjl at pobox.com (John J. Lee)".
var hiddenFrom = regexp.MustCompile(`^([^\s@<>()]+) at ([A-Za-z0-9][A-Za-z0-9.-]*)(?: \((.*)\))?$`)

// describe makes a post of a message. What is wrong with it is in why.
func (i *importer) describe(m *arrived) {
	if !m.Whole {
		m.why = "it is larger than what is taken"
		return
	}
	m.Raw = i.beheaded(m)
	env := &Envelope{ID: i.engine.NewID(), From: m.From, Protocol: ProtocolImport}
	if !strings.Contains(m.From, "@") {
		env.From = ""
	}
	p := newPending(i.site, i.list, env, m.Raw)
	m.pending = p
	if m.why = p.forgive(); m.why != "" {
		return
	}
	env.Received, m.dated = i.arrivedAt(m, p.arrival.Message)
	leaked, err := i.engine.scrub(p)
	if err == nil && p.arrival.MarksSealed {
		err = errors.New("a token of this site stands in it where nothing may be changed")
	}
	if err != nil {
		m.why = err.Error()
		return
	}
	if m.why = p.forgive(); m.why != "" {
		return
	}
	m.Raw, m.leaked = p.arrival.Message.Raw, leaked
	p.arrival.From = authorOf(p.arrival, m.From)
	p.links.reply = false // subjects are for the end, when all is here
	p.describe(i.rec, Decision{Trace: []Opinion{{Rule: ProtocolImport, Action: string(ActAccept)}}}, Ref{})
	m.files = p.files(&Style{Attachments: i.list.Attachments, AttachmentsOver: i.list.AttachmentsOver})
	p.post.Imported, p.post.Accepted, p.post.Special = i.now, env.Received, false
}

// forgive has a message taken that would be refused as mail, where only its author could help: it says why not.
func (p *pending) forgive() (why string) {
	var fault *message.GuardError
	if err := p.arrival.GuardErr; err != nil && (!errors.As(err, &fault) || fault.What != "structure" && fault.What != "from") {
		return err.Error()
	}
	if m := p.arrival.Message; m.Count("From")+m.Count("Date")+m.Count("Subject")+m.Count("Message-ID") == 0 {
		return "it has no header of a mail"
	}
	if p.arrival.GuardErr != nil {
		key, id := p.key, p.id
		if p.identify(); key != ([16]byte{}) { // it was identified before tokens were overwritten
			p.key = key
			if p.made {
				p.id = id
			}
		}
		p.arrival.GuardErr = nil
	}
	return ""
}

// authorOf is who wrote a message, as far as can be told.
func authorOf(a *Arrival, separator string) message.Mailbox {
	if a.FromErr == nil {
		return a.From
	}
	if g := hiddenFrom.FindStringSubmatch(strings.TrimSpace(message.Decode(a.Message.Get("From")))); g != nil {
		return message.Mailbox{Name: g[3], Addr: g[1] + "@" + g[2]}
	}
	if all := a.Message.Mailboxes("From", "Sender"); len(all) > 0 {
		return all[0]
	}
	name := strings.TrimSpace(message.Decode(a.Message.Get("From")))
	words := strings.Fields(name)
	if last := len(words) - 1; last >= 0 && strings.Contains(words[last], "@") {
		name, separator = strings.Join(words[:last], " "), words[last]
	}
	if from, err := mail.ParseAddress(separator); err == nil {
		return message.Mailbox{Name: name, Addr: from.Address}
	}
	return message.Mailbox{Name: name}
}

// arrivedAt is when a message came to the archive that it is from: what the separator says, or the last server that it went through, or its author.
func (i *importer) arrivedAt(m *arrived, parsed *message.Message) (at time.Time, dated bool) {
	sane := func(t time.Time) bool { return t.Year() >= 1970 && !t.After(i.now) }
	date, written := parsed.Date()
	if sane(m.At) {
		return m.At, written
	}
	for _, v := range parsed.Values("Received") {
		if n := strings.LastIndexByte(v, ';'); n >= 0 {
			v, _, _ := strings.Cut(v[n+1:], "(")
			if t, err := mail.ParseDate(strings.TrimSpace(v)); err == nil && sane(t) {
				return t.UTC(), written
			}
		}
	}
	if written && sane(date) {
		return date.UTC(), true
	}
	return i.now, written
}

// madeID is a Message-ID that a post without one got here.
var madeID = regexp.MustCompile(`^[0-9a-f]{32}@`)

// beheaded is a message without what an export of this list had put before it (Post.Head), so that it is known for what it was.
func (i *importer) beheaded(m *arrived) []byte {
	local, domain, _ := strings.Cut(i.list.Address, "@")
	if own := "<" + local + "." + domain + ">"; !bytes.HasPrefix(m.Raw, []byte("List-Id:")) || !strings.Contains(firstLines(m.Raw), own) {
		return m.Raw
	}
	parsed := message.Parse(m.Raw[:min(len(m.Raw), 64<<10)])
	end, last := 0, "list-id"
	for n, f := range parsed.Fields {
		name := strings.ToLower(f.Name)
		value := strings.TrimSpace(string(parsed.Raw[min(f.Start+len(f.Name)+1, f.End):f.End]))
		ours := n == 0
		switch name {
		case "list-post":
			ours = last == "list-id"
		case "archived-at":
			ours = last == "list-post"
		case "message-id":
			ours = (last == "list-post" || last == "archived-at") && madeID.MatchString(strings.TrimPrefix(value, "<")) && strings.HasSuffix(value, "@"+i.list.Domain()+">")
		case "date":
			t, err := mail.ParseDate(value)
			ours = n > 0 && err == nil && t.Equal(m.At)
		}
		if !ours {
			break
		}
		end, last = f.End, name
	}
	return m.Raw[end:]
}

// firstLines is the first field of a message.
func firstLines(raw []byte) string {
	for at := 0; ; {
		n := bytes.Index(raw[at:], []byte("\r\n"))
		if n < 0 {
			return string(raw)
		}
		if at += n + 2; at >= len(raw) || raw[at] != ' ' && raw[at] != '\t' {
			return string(raw[:at])
		}
	}
}
