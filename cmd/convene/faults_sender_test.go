package main

import (
	"fmt"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// sender posts to one list, one post after the other. A post that was not answered 250 is sent again before any other, as a mail server does.
type sender struct {
	ledger  *ledger
	addr    string
	roster  *roster
	name    string
	text    string // of each body
	count   int
	waiting *sentPost

	mu      sync.Mutex
	heard   *sync.Cond
	answers []smtpAnswer
	atWork  bool
}

// smtpAnswer is the code of an answer that decided on a post.
type smtpAnswer struct {
	code int
	at   time.Time
}

func newSender(l *ledger, addr string, r *roster, name, text string) *sender {
	s := &sender{ledger: l, addr: addr, roster: r, name: name, text: text}
	s.heard = sync.NewCond(&s.mu)
	return s
}

// note keeps an answer.
func (s *sender) note(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, smtpAnswer{code, time.Now()})
	s.heard.Broadcast()
}

// work says that the sender is at work, or is not.
func (s *sender) work(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.atWork = on
	s.heard.Broadcast()
}

// await waits for a further answer with that code. It is false when the sender stopped work without one.
func (s *sender) await(code int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := len(s.answers); ; s.heard.Wait() {
		for ; n < len(s.answers); n++ {
			if s.answers[n].code == code {
				return true
			}
		}
		if !s.atWork {
			return false
		}
	}
}

// next is the post to be sent now.
func (s *sender) next() *sentPost {
	if s.waiting == nil {
		s.count++
		id := fmt.Sprintf("%s.%d@test.example", s.name, s.count)
		s.waiting = &sentPost{id: id, body: id + "\r\n.dots\r\n.\r\n" + s.text, roster: s.roster}
	}
	return s.waiting
}

// post sends one post over a connection and returns the answer that decided: of the end of its content, or the first that was no yes.
func (s *sender) post(conn *textproto.Conn) (code int, reply string, err error) {
	p := s.next()
	for _, step := range []struct {
		command string
		class   int
	}{{"MAIL FROM:<a@d0.test>", 2}, {"RCPT TO:<" + s.roster.list + ">", 2}, {"DATA", 3}} {
		if err := conn.PrintfLine("%s", step.command); err != nil {
			return 0, "", err
		}
		code, reply, err := conn.ReadResponse(step.class)
		if code/100 == 4 || code/100 == 5 {
			s.refused(code, reply)
			return code, reply, nil
		} else if err != nil {
			return 0, "", err
		}
	}
	s.ledger.offer(p)
	w := conn.DotWriter()
	fmt.Fprintf(w, "From: a@d0.test\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\n\r\n%s", s.roster.list, s.name, p.id, p.body)
	if err := w.Close(); err != nil {
		return 0, "", err
	}
	code, reply, err = conn.ReadResponse(2)
	switch {
	case code/100 == 2:
		s.ledger.answer(p)
		s.waiting = nil
		return code, reply, nil
	case code/100 == 4, code/100 == 5:
		s.refused(code, reply)
		return code, reply, nil
	}
	return 0, "", err
}

// refused notes a permanent refusal: no fault of the store's is the message's fault.
func (s *sender) refused(code int, reply string) {
	if code/100 == 5 {
		s.ledger.add("a post refused for good", "%s: %d %s", s.next().id, code, reply)
	}
}

// deliver makes a connection and posts until limit posts were answered 250, or one was answered otherwise, or the connection broke. It returns
// the last answer's code; zero: there was none.
func (s *sender) deliver(limit int) (code int) {
	conn, err := greeted(s.addr)
	if err != nil {
		return 0
	}
	defer conn.Close()
	for range limit {
		if code, _, err = s.post(conn); err != nil {
			return 0
		}
		s.note(code)
		if code/100 != 2 {
			return code
		}
	}
	return code
}

// answeredAfter is how many posts were answered 250 after a moment.
func (s *sender) answeredAfter(at time.Time) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.answers {
		if a.code == 250 && a.at.After(at) {
			n++
		}
	}
	return n
}

// traffic are senders at work.
type traffic struct {
	wg   sync.WaitGroup
	done atomic.Bool
}

// setToWork sets senders to work, each over connection after connection until stop, or until the program is gone.
func setToWork(senders ...*sender) *traffic {
	t := &traffic{}
	for _, s := range senders {
		s.work(true)
		t.wg.Go(func() {
			defer s.work(false)
			for !t.done.Load() {
				switch s.deliver(50) {
				case 0:
					return
				case 250:
				default:
					pauseFor(5*time.Millisecond, 10*time.Millisecond)
				}
			}
		})
	}
	return t
}

// stop ends the senders after what they are about.
func (t *traffic) stop() {
	t.done.Store(true)
	t.wg.Wait()
}

// loadText is so many octets of lines to fill a body with.
func loadText(octets int) string {
	var b strings.Builder
	for i := 0; b.Len() < octets; i++ {
		b.WriteString("What helped the quiet group to talk, and who began? " + strconv.Itoa(i) + "\r\n")
	}
	return b.String()
}
