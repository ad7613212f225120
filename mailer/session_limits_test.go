package mailer

import (
	"fmt"
	"strings"
	"testing"
)

func TestIntroduction(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	p := s.dial(t, "192.0.2.1")
	p.play(`
		<- 220 mx.lists.example.org ESMTP
		-> EHLO c
		<- 250-mx.lists.example.org/250-PIPELINING/250-SIZE 1000000/250-8BITMIME/250-SMTPUTF8/250-ENHANCEDSTATUSCODES/250-CHUNKING/250 LIMITS RCPTMAX=100`)
	s.dial(t, "127.0.0.1").play(`
		<- 220…
		-> EHLO c
		<- 250-mx.lists.example.org/250-PIPELINING/250-SIZE 1000000/250-8BITMIME/250-SMTPUTF8/250-ENHANCEDSTATUSCODES/250-CHUNKING/250-LIMITS RCPTMAX=100/250 XFORWARD NAME ADDR PORT PROTO HELO SOURCE`)
}

// TestRecipientLimit is S10, S11: all that fit are taken, and stay valid when one more is put off.
func TestRecipientLimit(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	p := s.dial(t, "192.0.2.1")
	p.play(introduced + "-> MAIL FROM:<a@b.example>\n<- 250…")
	for i := range 100 {
		p.play(fmt.Sprintf("-> RCPT TO:<dev+owner@LISTS.example.org>\n<- 250 2.1.5 OK\n# %d", i))
	}
	for range 30 { // more than errors_per_session
		p.play("-> RCPT TO:<dev@lists.example.org>\n<- 452 4.5.3 A message may have 100 recipients here; send the others another")
	}
	p.play("-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 250…")
	if got := s.messages(); len(got) != 1 || len(got[0].Targets) != 1 {
		t.Errorf("got %d messages, want one with one target", len(got))
	}
}

// TestOversize is S13: too much is read to its end, in bounded memory, and answered once.
func TestOversize(t *testing.T) {
	for name, send := range map[string]func(p *peer){
		"DATA": func(p *peer) {
			p.play("-> DATA\n<- 354…")
			line := strings.Repeat("x", 9998) + "\r\n"
			for range 1000 {
				p.send(line)
			}
			p.send(".\r\n")
			p.play("<- 552 5.3.4 Messages may have 1000000 octets here")
		},
		"one chunk": func(p *peer) {
			p.send("BDAT 10000000 LAST\r\n")
			for range 1000 {
				p.send(strings.Repeat("x", 10000))
			}
			p.play("<- 552 5.3.4…")
		},
		"a chunk in the middle": func(p *peer) {
			p.send("BDAT 2000000\r\n" + strings.Repeat("QUIT\r\nXX", 250000))
			p.play("<- 552 5.3.4…\n=> BDAT 6 LAST\\r\\nQUIT\\r\\n\n<- 503 5.5.1…")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, &inbox{}, nil)
			p := s.dial(t, "192.0.2.1")
			p.play(opened)
			send(p)
			p.play("-> MAIL FROM:<a@b.example>\n<- 250…\n-> RCPT TO:<dev@lists.example.org>\n<- 250…\n-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 250…")
			if n := s.memory.used.Load(); n != 0 {
				t.Errorf("%d octets of the budget are not given back", n)
			}
			if len(s.messages()) != 1 {
				t.Errorf("%d messages, want 1", len(s.messages()))
			}
		})
	}
}

func TestMessageOfExactlyTheLimitIsTaken(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	p := s.dial(t, "192.0.2.1")
	p.play(opened + "-> DATA\n<- 354…")
	p.send(strings.Repeat("x", 999998) + "\r\n.\r\n")
	p.play("<- 250…")
}

func TestTooManyMessagesInFlight(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	s.memory.limit = 50000
	p := s.dial(t, "192.0.2.1")
	p.play(opened + "-> DATA\n<- 354…")
	p.send(strings.Repeat("x", 60000) + "\r\n.\r\n")
	p.play("<- 452 4.3.1…\n-> NOOP\n<- 250…")
	if n := s.memory.used.Load(); n != 0 {
		t.Errorf("%d octets of the budget are not given back", n)
	}
}
