package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"convene/list"
	"convene/list/message"
)

// mustSub is the folder of the demo's files. The error is that its name is no path, which it is.
func mustSub(files fs.FS) fs.FS {
	sub, _ := fs.Sub(files, "demo")
	return sub
}

// demoMail is something that somebody writes at a time: a post, or an answer to a mail of ours.
type demoMail struct {
	at      time.Time
	who     string // local part of their address
	answers string // of a post: a kind of planned mail, or the name of an earlier post; of an answer: the kind of the mail
	name    string // of a post; may be empty
	text    string
	post    bool
}

// demoPlay is the discussion while it is played.
type demoPlay struct {
	d       *daemon
	smtp    string
	list    *list.List
	mails   []demoMail
	members int
	names   map[string]string // by address
	speaks  map[string]string // their language, by address
	posted  map[string]demoPost
	called  map[string]string // the subject of a planned mail, by its kind and language
	seen    uint64            // outgoings up to this one were looked at
	sent    []demoSent
}

// demoPost is a post that others may answer.
type demoPost struct{ id, subject string }

// demoSent is one mail that went out: an outgoing.
type demoSent struct {
	kind    string
	at      time.Time
	to      []string // named recipients; nil: members
	readers int      // how many members, where it names them
	post    uint32
	message *message.Message
}

func newDemoPlay(d *daemon, smtp string) (*demoPlay, error) {
	l, ok := d.engine.Site().List(d.cfg.Load().Lists[0].Address)
	if !ok {
		return nil, errors.New("the demo has no list")
	}
	p := &demoPlay{d: d, smtp: smtp, list: l, names: map[string]string{}, speaks: map[string]string{}, posted: map[string]demoPost{}, called: map[string]string{}}
	for name, post := range map[string]bool{"demo/posts.txt": true, "demo/answers.txt": false} {
		f, err := demoFiles.Open(name)
		if err != nil {
			return nil, err
		}
		mails, err := readDemo(f, d.cfg.Load().Lists[0].Location, post)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p.mails = append(p.mails, mails...)
	}
	slices.SortStableFunc(p.mails, func(a, b demoMail) int { return a.at.Compare(b.at) })
	return p, nil
}

// readDemo reads what people write: "== DATE TIME | who | what it answers | name", then the text.
func readDemo(r io.Reader, zone *time.Location, post bool) ([]demoMail, error) {
	var all []demoMail
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		head, found := strings.CutPrefix(line, "== ")
		if !found {
			if len(all) > 0 {
				all[len(all)-1].text += line + "\n"
			}
			continue
		}
		words := strings.Split(head+" | | ", "|")
		at, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(words[0]), zone)
		if err != nil {
			return nil, err
		}
		all = append(all, demoMail{at: at, who: strings.TrimSpace(words[1]), answers: strings.TrimSpace(words[2]), name: strings.TrimSpace(words[3]), post: post})
	}
	for i := range all {
		all[i].text = strings.TrimSpace(all[i].text)
	}
	return all, lines.Err()
}

func (p *demoPlay) enrol(csv io.Reader) error {
	done, err := p.d.engine.ImportMembers(p.list.Address, csv, list.ImportOptions{})
	if err == nil && len(done.Faults) > 0 {
		err = errors.Join(asErrors(done.Faults)...)
	}
	if err != nil {
		return err
	}
	all, err := p.d.engine.Members(p.list.Address)
	for _, m := range all {
		p.names[m.Address], p.speaks[m.Address] = m.Name, m.Language
	}
	p.members = len(all)
	return err
}

// demoGoesOn is how long the clock goes on behind the last mail: until what people promised came back to them.
const demoGoesOn = 25 * 24 * time.Hour

// run plays every mail at its time.
func (p *demoPlay) run(ctx context.Context) error {
	for i := range p.mails {
		m := &p.mails[i]
		if err := p.advance(ctx, m.at); err != nil {
			return err
		}
		send := p.answer
		if m.post {
			send = p.post
		}
		if err := send(m); err != nil {
			return fmt.Errorf("%s, %s: %w", m.at.Format("2 January 15:04"), m.who, err)
		}
	}
	return p.advance(ctx, p.mails[len(p.mails)-1].at.Add(demoGoesOn))
}

// advance moves the clock to a time, and looks at what went out.
func (p *demoPlay) advance(ctx context.Context, to time.Time) error {
	if _, err := p.d.advance(ctx, max(to.Sub(p.d.clock.Now()), 0)); err != nil {
		return err
	}
	return p.look()
}

// look reads the outgoings that are new.
func (p *demoPlay) look() error {
	for {
		var out list.Outgoing
		err := p.d.db.View(func(r list.Reader) (err error) { out, err = r.Outgoing(p.seen + 1); return err })
		if errors.Is(err, list.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		p.seen++
		raw, err := p.d.db.Raw(out.Ref)
		if err != nil {
			return err
		}
		s := demoSent{kind: out.Kind, at: out.Accepted, to: out.Recipients, readers: len(out.Only), post: out.Post, message: message.Parse(raw)}
		p.sent = append(p.sent, s)
		if out.Post != 0 && s.kind != "" && !out.Digest {
			p.posted[s.kind] = demoPost{s.message.MessageID(), s.message.Subject()}
			p.called[s.kind+" "+s.message.Get("Content-Language")] = s.message.Subject()
		}
	}
}

// post posts by SMTP, as a mail program would.
func (p *demoPlay) post(m *demoMail) error {
	parent, ok := p.posted[m.answers]
	if !ok {
		return fmt.Errorf("there is no %s to answer", m.answers)
	}
	subject := parent.subject
	if own := p.called[m.answers+" "+p.speaks[m.who+"@example.org"]]; own != "" { // they answer the mail that they got
		subject = own
	}
	if !strings.HasPrefix(subject, "Re: ") {
		subject = "Re: " + subject
	}
	id := fmt.Sprintf("%s.%s@example.org", m.who, m.at.UTC().Format("20060102T1504"))
	if m.name != "" {
		p.posted[m.name] = demoPost{id, subject}
	}
	return p.mail(m, p.list.Address, subject, id, parent.id)
}

// answer answers the latest mail of a kind that somebody got.
func (p *demoPlay) answer(m *demoMail) error {
	address := m.who + "@example.org"
	for _, s := range slices.Backward(p.sent) {
		if s.kind != m.answers || !slices.Contains(s.to, address) {
			continue
		}
		to := s.message.Mailboxes("Reply-To", "From")
		if len(to) == 0 {
			return errors.New("the mail has nobody to answer")
		}
		id := fmt.Sprintf("%s.%s@example.org", m.who, m.at.UTC().Format("20060102T1504"))
		return p.mail(m, to[0].Addr, "Re: "+s.message.Subject(), id, s.message.MessageID())
	}
	return fmt.Errorf("no mail of the kind %q has come to them", m.answers)
}

// mail sends a mail over SMTP.
func (p *demoPlay) mail(m *demoMail, to, subject, id, parent string) error {
	address := m.who + "@example.org"
	var b strings.Builder
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: p.names[address], Addr: address}))
	b.WriteString("To: " + to + "\r\n" + message.EncodeText("Subject", subject) + message.MakeField("Message-ID", "<"+id+">"))
	b.WriteString(message.MakeField("In-Reply-To", "<"+parent+">") + message.MakeField("References", "<"+parent+">") + "Date: " + m.at.Format(time.RFC1123Z) + "\r\n")
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.ReplaceAll(m.text, "\n", "\r\n") + "\r\n")
	conn, err := smtp.Dial(p.smtp)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SendMail(address, []string{to}, strings.NewReader(b.String())); err != nil {
		return err
	}
	return conn.Quit()
}
