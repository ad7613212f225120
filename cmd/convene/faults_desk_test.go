package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"sync"
	"time"

	"convene/list/message"
)

// The list that people come to and go from, and who decides on what strangers post to it.
const (
	deskList   = "l@lists.test.example"
	moderators = 2
	observers  = 3
	personal   = "@people.test" // people's own mails, by Message-ID
)

func moderator(i int) string { return fmt.Sprintf("mod%d@d%d.test", i, i) }
func observer(i int) string  { return fmt.Sprintf("observer%d@d%d.test", i, i) }

// desk is the people around a list, while the program is killed: who joins, takes a break, leaves or declines, strangers who post, and moderators
// who decide. Each does the next thing when the mail comes that asks for it, and sends a mail that was not answered again. The ledger under it knows
// of connections and crashes; its lock guards all of this.
type desk struct {
	*ledger
	more    *sync.Cond // of errands, or no more are to be done
	waiting []*deskMail
	out     int // that are being sent
	written int
	closing bool

	people    []*newcomer
	byAddress map[string]*newcomer
	held      map[string]*strangerPost // by subject
	arrived   map[string]*arrival      // by addressee and Message-ID
	tokens    map[string]*tokenHolder
}

// deskMail is a mail that somebody sends until it is answered.
type deskMail struct {
	from, to, content string
	tried             int  // how often its content was sent
	answered          bool // 250
}

// newcomer is somebody who asks to join, and what they do then.
type newcomer struct {
	address string
	then    string    // pause, unsubscribe, or nothing; "no": they decline
	join    *deskMail // the request
	confirm *deskMail // nil: they were not asked yet
	next    *deskMail
}

// strangerPost is a post that is held.
type strangerPost struct {
	subject, from string
	authentic     bool
	mail          *deskMail
	words         [moderators]string // what each moderator says; empty: nothing
	decisions     [moderators]*deskMail
}

// arrival is a mail that the program delivered.
type arrival struct {
	to, id, subject string
	last            *transaction
}

// tokenHolder is what a token that came in a notice is about: one of the two.
type tokenHolder struct {
	person *newcomer
	post   *strangerPost
}

func newDesk() *desk {
	d := &desk{ledger: newLedger(true, 3*time.Millisecond), byAddress: map[string]*newcomer{}, held: map[string]*strangerPost{},
		arrived: map[string]*arrival{}, tokens: map[string]*tokenHolder{}}
	d.more = sync.NewCond(&d.mu)
	return d
}

// write makes a mail and has it sent. The lock is held.
func (d *desk) write(from, to, subject, inReplyTo, body string, authentic bool) *deskMail {
	auth := "dmarc=none; spf=none; dkim=none"
	if authentic {
		auth = "dmarc=pass"
	}
	thread := ""
	if inReplyTo != "" {
		thread = "In-Reply-To: <" + inReplyTo + ">\r\n"
	}
	d.written++
	m := &deskMail{from: from, to: to, content: fmt.Sprintf("Authentication-Results: mx.test; %s\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%d.%d%s>\r\n%s\r\n%s\r\n",
		auth, from, to, subject, d.life, d.written, personal, thread, body)}
	d.waiting = append(d.waiting, m)
	d.more.Signal()
	return m
}

// arrive lets so many people ask to join and so many strangers post.
func (d *desk) arrive(people, posts int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range people {
		n := len(d.people)
		p := &newcomer{address: fmt.Sprintf("p%d@d%d.test", n, n%domains), then: []string{"", "pause", "unsubscribe", "no"}[n%4]}
		p.join = d.write(p.address, "l+subscribe@lists.test.example", "join", "", "", false)
		d.people, d.byAddress[p.address] = append(d.people, p), p
	}
	words := []string{"approve", "reject Not here.", "discard", "edit\r\nAnother text.", "special"}
	for range posts {
		n := len(d.held)
		p := &strangerPost{subject: fmt.Sprintf("Post %d.", n), from: fmt.Sprintf("s%d@d%d.test", n, n%domains), authentic: n%2 == 0}
		p.words[0] = words[n%len(words)]
		if n%4 < 2 { // both decide, and not the same
			p.words[1] = words[(n+1)%len(words)]
		}
		p.mail = d.write(p.from, deskList, p.subject, "", "Hello from outside.", p.authentic)
		d.held[p.subject] = p
	}
}

// take notes what the program delivers, and has people do what it asks.
func (d *desk) take(in *inbound, from string, to []string, content []byte) {
	m := message.Parse(content)
	exact := sha256.Sum256(append([]byte(from+"\n"), content...))
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &transaction{life: in.life, at: time.Now(), exact: exact}
	in.last = t
	d.taken = append(d.taken, t)
	for _, address := range to {
		d.copies++
		key := address + " " + m.MessageID()
		if a := d.arrived[key]; a != nil {
			d.again(a.last, t, key)
			a.last = t
			continue
		}
		d.arrived[key] = &arrival{address, m.MessageID(), m.Subject(), t}
		d.react(address, m)
	}
}

// react has somebody do what a mail to them asks.
func (d *desk) react(address string, m *message.Message) {
	var answerTo string
	for _, r := range m.Mailboxes("Reply-To") {
		answerTo = r.Addr
	}
	_, token, _ := strings.Cut(strings.TrimSuffix(answerTo, "@lists.test.example"), "-")
	p := d.byAddress[address]
	subject := m.Subject()
	switch {
	case p != nil && strings.HasSuffix(subject, ": was this you?"):
		word := "yes"
		if p.then == "no" {
			word = "no"
		}
		d.tokens[token] = &tokenHolder{person: p}
		if p.confirm != nil {
			d.wrong.add("a question asked twice", "%s", address)
			return
		}
		p.confirm = d.write(address, answerTo, "Re: "+subject, m.MessageID(), word, false)
	case p != nil && strings.HasPrefix(subject, "Welcome to ") && p.then != "":
		if p.next != nil || p.then == "no" {
			d.wrong.add("a welcome that was not due", "%s", address)
			return
		}
		p.next = d.write(address, "l-request@lists.test.example", "", "", p.then, true)
	case strings.HasPrefix(subject, "To decide: "):
		post := d.held[strings.TrimPrefix(subject, "To decide: ")]
		for i := range moderators {
			if post == nil || address != moderator(i) {
				continue
			}
			d.tokens[token] = &tokenHolder{post: post}
			if post.decisions[i] != nil {
				d.wrong.add("a moderator asked twice", "%s of %s", address, post.subject)
			} else if post.words[i] != "" {
				post.decisions[i] = d.write(address, answerTo, "Re: "+subject, m.MessageID(), post.words[i], true)
			}
		}
	}
}

// next waits for a mail to send; nil: there is none any more.
func (d *desk) next() *deskMail {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.waiting) == 0 && !d.closing {
		d.more.Wait()
	}
	if d.closing {
		return nil
	}
	m := d.waiting[0]
	d.waiting = d.waiting[1:]
	d.out++
	return m
}

// heard notes the answer to a mail; code zero: there was none. What is not done is sent again before anything else.
func (d *desk) heard(m *deskMail, code int, reply string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out--
	switch code / 100 {
	case 2:
		m.answered = true
	case 5:
		d.wrong.add("a mail refused for good", "%s to %s: %d %s", m.from, m.to, code, reply)
	default:
		d.waiting = append([]*deskMail{m}, d.waiting...)
		d.more.Signal()
	}
	d.more.Broadcast()
}

// errRefused ends a connection on which a mail was refused.
var errRefused = errors.New("refused")

// send sends a mail over a connection. After an error that has to be another one.
func (d *desk) send(conn *textproto.Conn, m *deskMail) (code int, reply string, err error) {
	for _, step := range []struct {
		command string
		class   int
	}{{"MAIL FROM:<" + m.from + ">", 2}, {"RCPT TO:<" + m.to + ">", 2}, {"DATA", 3}} {
		if err := conn.PrintfLine("%s", step.command); err != nil {
			return 0, "", err
		}
		if code, reply, err = conn.ReadResponse(step.class); code/100 == 4 || code/100 == 5 {
			return code, reply, errRefused
		} else if err != nil {
			return 0, "", err
		}
	}
	d.mu.Lock()
	m.tried++
	d.mu.Unlock()
	w := conn.DotWriter()
	fmt.Fprint(w, m.content)
	if err := w.Close(); err != nil {
		return 0, "", err
	}
	if code, reply, err = conn.ReadResponse(2); code/100 >= 4 {
		err = nil
	}
	return code, reply, err
}
