package mailtest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"
)

// data answers DATA, reads the content and answers that.
func (s *session) data() error {
	if len(s.mail.To) == 0 && !s.forced("DATA") {
		return s.respond("DATA", "", "503 5.5.1 RCPT first")
	}
	if err := s.respond("DATA", "", "354 go on"); err != nil || string(s.args) != "354" {
		return err
	}
	if err := s.out.Flush(); err != nil {
		return err
	}
	if r := s.rule("CONTENT", ""); r != nil {
		if _, err := io.CopyN(io.Discard, s.in, int64(r.After)); err != nil {
			return err
		}
		return s.obey(r)
	}
	wire, err := s.content()
	if err != nil {
		return err
	}
	defer func() { s.mail, s.begun = Mail{To: s.mail.To[:0]}, false }()
	if s.lmtp {
		return s.answerEach(wire)
	}
	usual := "250 2.0.0 taken"
	if len(s.mail.To) == 0 {
		usual = "554 5.5.1 nobody to take it for"
	}
	err = s.respond("DOT", "", usual)
	if s.said2() && (err == nil || errors.Is(err, errOver)) {
		s.take(wire)
	}
	return err
}

// answerEach responds to the end of data once for each recipient, and takes the mail for those who heard a 2yz.
func (s *session) answerEach(wire []byte) (err error) {
	all := s.mail.To
	s.mail.To = s.mail.To[:0]
	for _, to := range all {
		err = s.respond("DOT", to, "250 2.0.0 taken")
		if s.said2() && (err == nil || errors.Is(err, errOver)) {
			s.mail.To = append(s.mail.To, to)
		}
		if err != nil {
			break
		}
	}
	if len(s.mail.To) > 0 {
		s.take(wire)
	}
	return err
}

// take remembers a mail.
func (s *session) take(wire []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rcpts += len(s.mail.To)
	if s.Count {
		return
	}
	m := s.mail
	m.At, m.Wire = time.Now(), wire
	m.To = append([]string(nil), m.To...)
	for _, line := range bytes.SplitAfter(bytes.TrimSuffix(wire, []byte(".\r\n")), []byte("\r\n")) {
		m.Content = append(m.Content, bytes.TrimPrefix(line, []byte("."))...)
	}
	s.mails = append(s.mails, m)
}

// content reads up to CRLF.CRLF, and to nothing that only looks like it.
func (s *session) content() (wire []byte, err error) {
	ended := true // the line before ended in CRLF
	for {
		part, err := s.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if !s.Count {
			wire = append(wire, part...)
		}
		if ended && string(part) == ".\r\n" {
			return wire, nil
		}
		ended = bytes.HasSuffix(part, []byte("\r\n"))
	}
}
