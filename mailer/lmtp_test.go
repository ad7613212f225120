package mailer

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"testing"

	"convene/list"
)

const lmtpHello = `
<- 220 lmtp.lists.example.org LMTP
-> LHLO front.example
<- 250-lmtp.lists.example.org/250-PIPELINING…
-> MAIL FROM:<a@b.example>
<- 250 2.1.0 OK
-> RCPT TO:<dev@lists.example.org>
<- 250 2.1.5 OK
-> RCPT TO:<nolist@lists.example.org>
<- 550 5.1.1…
`

// TestLMTP is S53.
func TestLMTP(t *testing.T) {
	closed := func(_ context.Context, in *list.Incoming) (list.Receipt, error) {
		if in.Targets[0].Address == "other@lists.example.org" {
			return list.Receipt{}, list.Refuse(list.ListClosed, "This list is closed")
		}
		return list.Receipt{}, nil
	}
	for name, c := range map[string]struct {
		script string
		want   int
	}{
		"only LHLO opens a session": {`
			<- 220…
			-> EHLO x
			<- 500 5.5.1…
			-> HELO x
			<- 500 5.5.1…
			-> MAIL FROM:<a@b.example>
			<- 503 5.5.1…`, 0},
		"each accepted recipient is answered, even twice": {lmtpHello + `
			-> RCPT TO:<dev@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> x\r\n.\r\n
			<- 250 2.0.0 <dev@lists.example.org> Queued as …
			<- 250 2.0.0 <dev@lists.example.org> Queued as …
			-> NOOP
			<- 250 2.0.0 OK`, 1},
		"each list decides for itself": {lmtpHello + `
			-> RCPT TO:<other@lists.example.org>
			<- 250…
			-> RCPT TO:<small@lists.example.org>
			<- 250…
			-> RCPT TO:<dev+owner@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> x\r\n.\r\n
			<- 250 2.0.0 <dev@lists.example.org> Queued as …
			<- 550 5.7.1 <other@lists.example.org> This list is closed
			<- 250 2.0.0 <small@lists.example.org> Queued as …
			<- 250 2.0.0 <dev+owner@lists.example.org> Queued as …
			-> NOOP
			<- 250 2.0.0 OK`, 2},
		"a last chunk is answered for each": {lmtpHello + `
			-> RCPT TO:<small@lists.example.org>
			<- 250…
			=> BDAT 3\r\nx\r\n
			<- 250 2.0.0 Chunk taken
			-> BDAT 0 LAST
			<- 250 2.0.0 <dev@lists.example.org>…
			<- 250 2.0.0 <small@lists.example.org>…
			-> QUIT
			<- 221…`, 2},
		"a broken message is refused for each": {lmtpHello + `
			-> RCPT TO:<small@lists.example.org>
			<- 250…
			-> DATA
			<- 354…
			=> x\ny\r\n.\r\n
			<- 550 5.5.2…
			<- 550 5.5.2…
			<!`, 0},
		"without a recipient there is no message": {`
			<- 220…
			-> LHLO x
			<- 250-…
			-> MAIL FROM:<a@b.example>
			<- 250…
			-> RCPT TO:<nolist@lists.example.org>
			<- 550…
			-> DATA
			<- 503 5.5.1…`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, &inbox{receive: closed}, func(c *ServerConfig) { c.Hostname = "lmtp.lists.example.org" })
			s.dial(t, "127.0.0.1").play(c.script)
			ids := map[string]bool{}
			for _, in := range s.messages() {
				ids[in.ID] = true
			}
			if len(s.messages()) != c.want || len(ids) != c.want {
				t.Errorf("%d messages with %d ids, want %d", len(s.messages()), len(ids), c.want)
			}
		})
	}
}

func TestSMTPDoesNotSpeakLMTP(t *testing.T) {
	newSite(t, &inbox{}, nil).dial(t, "192.0.2.1").play("<- 220…\n-> LHLO x\n<- 500 5.5.1…")
}

// TestUnixSocket is LMTP as a mail server on the same machine speaks it; who may connect is trusted.
func TestUnixSocket(t *testing.T) {
	s := newSite(t, &inbox{}, func(c *ServerConfig) { c.Hostname = "lmtp.lists.example.org"; c.TrustedRelays = nil })
	name := filepath.Join(t.TempDir(), "lmtp")
	l, err := net.Listen("unix", name)
	if err != nil {
		t.Skip("no Unix sockets:", err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l, true) }()
	conn, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t, conn)
	p.play(lmtpHello + `
		-> DATA
		<- 354…
		=> x\r\n.\r\n
		<- 250…
		-> QUIT
		<- 221…
		<!`)
	in := s.messages()[0]
	if got := fmt.Sprint(in.Relay, in.IP, in.Protocol); got != "trueLMTP" {
		t.Errorf("got %s", got)
	}
	s.end()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if _, err := net.Dial("unix", name); err == nil {
		t.Error("the listener is still there")
	}
}
