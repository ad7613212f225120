package mailtest

import (
	"crypto/tls"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// rule finds what is to happen at this moment, or nil.
func (s *session) rule(verb, arg string) *Rule {
	s.seen[verb]++
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.Rules {
		r := s.Rules[i]
		if r.Verb == verb && (r.Session == 0 || r.Session == s.number) && (r.Nth == 0 || r.Nth == s.seen[verb]) && strings.Contains(arg, r.Match) {
			return &r
		}
	}
	return nil
}

// forced says whether a rule speaks about the verb at all, so that the usual order of commands does not matter.
func (s *session) forced(verb string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.Rules {
		if r.Verb == verb {
			return true
		}
	}
	return false
}

// respond says what a rule wants, else usual. s.args keeps the code that was said.
func (s *session) respond(verb, arg, usual string) error {
	s.watch()
	if len(s.Rules) > 0 {
		if r := s.rule(verb, arg); r != nil {
			return s.obey(r)
		}
	}
	s.args = append(s.args[:0], usual[:3]...)
	return s.say(usual)
}

func (s *session) said2() bool { return len(s.args) > 0 && s.args[0] == '2' }

func (s *session) obey(r *Rule) error {
	s.args = s.args[:0]
	if r.Say != "" {
		s.args = append(s.args, r.Say[:3]...)
		if err := s.say(r.Say); err != nil {
			return err
		}
	}
	if r.Then != GoOn {
		if err := s.out.Flush(); err != nil {
			return err
		}
	}
	switch r.Then {
	case Close:
		return errOver
	case Hang:
		// Read on, since that is how the client's leaving is seen.
		for {
			if _, err := s.in.Peek(s.in.Buffered() + 1); err != nil {
				return errOver
			}
			if _, err := s.in.Discard(s.in.Buffered()); err != nil {
				return errOver
			}
		}
	case Flood:
		for {
			if _, err := io.WriteString(s.conn, "250-and another thing\r\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// say writes a response.
func (s *session) say(text string) error {
	text = strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"
	if !s.OneByte {
		_, err := s.out.WriteString(text)
		return err
	}
	for i := range len(text) {
		time.Sleep(s.Pause)
		if _, err := s.conn.Write([]byte{text[i]}); err != nil {
			return err
		}
	}
	return nil
}

// watch counts a client that does not wait for its response.
func (s *session) watch() {
	if s.Watch == 0 {
		return
	}
	s.out.Flush()
	if s.in.Buffered() == 0 {
		s.conn.SetReadDeadline(time.Now().Add(s.Watch))
		defer s.conn.SetReadDeadline(time.Time{})
		if _, err := s.in.Peek(1); errors.Is(err, os.ErrDeadlineExceeded) {
			return
		} else if err != nil {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.early++
}

// startTLS answers STARTTLS and shakes hands; without a certificate it answers the client's first octets with what is no TLS.
func (s *session) startTLS() error {
	if err := s.respond("STARTTLS", "", "220 2.0.0 go on"); err != nil || !s.said2() {
		return err
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if s.TLS == nil {
		if _, err := s.in.Peek(1); err != nil {
			return err
		}
		_, err := io.WriteString(s.conn, "454 4.7.0 no certificate today\r\n")
		return errors.Join(err, errOver)
	}
	conn := tls.Server(s.conn, s.TLS)
	if err := conn.Handshake(); err != nil {
		return err
	}
	s.use(conn)
	s.tls = true
	return nil
}
