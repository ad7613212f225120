package mailer

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"convene/list"
)

// TestAnswers is what the engine's errors look like on the wire: nothing of an inner error, and never 5xx for one.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		action string
		want   string
	}{
		"accepted":            {nil, "accept", "250 2.0.0 Queued as "},
		"held":                {nil, "hold", "250 2.0.0 Held for a moderator as "},
		"discarded":           {nil, "discard", "250 2.0.0 Taken and not passed on, as "},
		"forwarded":           {nil, "forward", "250 2.0.0 Queued as "},
		"no member":           {list.Refuse(list.NotMember, "Only members may post"), "", "550 5.7.2 Only members may post"},
		"wrapped refusal":     {fmt.Errorf("list: x: %w", list.Refuse(list.TooManyHops, "Been here before")), "", "554 5.4.6 Been here before"},
		"text of many a sort": {list.Refuse(list.Unreadable, "zwei\r\nZeilen\x00 für %s", strings.Repeat("x", 600)), "", "550 5.6.0 zwei Zeilen? f?r xxx"},
		"unknown reason":      {list.Refuse("new-reason", "Nobody knows"), "", "451 4.3.0 Something went wrong on our side; please try again later"},
		"unknown error":       {errors.New("open /data/secret: no such file"), "", "451 4.3.0 Something went wrong on our side; please try again later"},
		"full":                {fmt.Errorf("store: %w", list.ErrFull), "", "452 4.3.1 There is no room for mail here now; please try again later"},
		"temporarily down":    {list.Refuse(list.TemporarilyDown, "Later"), "", "451 4.3.0 Later"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &inbox{receive: func(_ context.Context, in *list.Incoming) (list.Receipt, error) {
				return list.Receipt{ID: in.ID, Action: c.action}, c.err
			}}
			p := newSite(t, b, nil).dial(t, "192.0.2.1")
			p.play(opened + "-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n")
			if got := p.reply(); !strings.HasPrefix(got, c.want) || len(got) > 510 {
				t.Errorf("got %s, want %s…", got, c.want)
			}
		})
	}
}

// TestEveryReasonHasAnAnswer keeps the table complete, and each row's codes of one class.
func TestEveryReasonHasAnAnswer(t *testing.T) {
	for _, why := range []list.Reason{list.NoSuchAddress, list.NotBuilt, list.ListClosed, list.NotMember, list.NotAllowed, list.BannedSender, list.TopicLocked, list.TooBig,
		list.Unreadable, list.TooManyHops, list.NullSenderPost, list.TooManyLists, list.StorageFull, list.TemporarilyDown} {
		r, told := answer(list.Refuse(why, "x"))
		if !told || r.text != "x" || r.code/100 != r.enhanced[0] {
			t.Errorf("%s: %+v", why, r)
		}
	}
}

func TestEngineErrorsBeforeTheMessage(t *testing.T) {
	full := func(size int64) error {
		if size > 1000 {
			return list.ErrFull
		}
		if size == 999 {
			return errors.New("store: secret")
		}
		return nil
	}
	newSite(t, &inbox{room: full}, nil).dial(t, "192.0.2.1").play(introduced + `
		-> MAIL FROM:<a@b.example> SIZE=5000
		<- 452 4.3.1…
		-> MAIL FROM:<a@b.example> SIZE=999
		<- 451 4.3.0 Something went wrong on our side; please try again later
		-> MAIL FROM:<a@b.example> SIZE=100
		<- 250…
		-> RCPT TO:<broken@lists.example.org>
		<- 451 4.3.0 Something went wrong on our side; please try again later
		-> RCPT TO:<dev@lists.example.org>
		<- 250…`)
}

func TestPanicInTheEngine(t *testing.T) {
	b := &inbox{receive: func(context.Context, *list.Incoming) (list.Receipt, error) { panic("on purpose") }}
	s := newSite(t, b, nil)
	s.dial(t, "192.0.2.1").play(opened + "-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 421 4.0.0 Internal server error\n<!")
	s.dial(t, "192.0.2.1").play(introduced)
	if n := s.Busy(); n != 0 {
		t.Errorf("%d sessions are busy, want none", n)
	}
}

// TestEnhancedCodes is S27 over everything a session can be answered.
func TestEnhancedCodes(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	p := s.dial(t, "192.0.2.1")
	p.play(introduced)
	p.send("NOOP\r\nVRFY x\r\nFOO\r\nRSET\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<x@v.test>\r\nRCPT TO:<dev@lists.example.org>\r\nMAIL\r\nHELP\r\nDATA\r\nx\r\n.\r\nSTARTTLS\r\nAUTH X\r\nBDAT 0\r\nQUIT\r\n")
	code := regexp.MustCompile(`^([245])\d\d[ -]([245])\.\d{1,3}\.\d{1,3} \S`)
	lines := strings.Split(strings.TrimSuffix(p.rest(), "\r\n"), "\r\n")
	if len(lines) != 15 {
		t.Fatalf("%d replies, want 15: %q", len(lines), lines)
	}
	for _, line := range lines {
		m := code.FindStringSubmatch(line)
		if strings.HasPrefix(line, "354 ") != (m == nil) || m != nil && m[1] != m[2] {
			t.Errorf("reply %q", line)
		}
	}
}

func TestEnvelope(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	s.dial(t, "192.0.2.1").play(`
		<- 220…
		-> EHLO Client.Example
		<- 250-…
		-> MAIL FROM:<"Ann"@Author.EXAMPLE>
		<- 250…
		-> RCPT TO:<"dev"@LISTS.example.org>
		<- 250…
		-> DATA
		<- 354…
		=> x\r\n.\r\n
		<- 250…`)
	got := s.messages()[0]
	want := list.Envelope{ID: got.ID, From: "Ann@author.example", Helo: "Client.Example", IP: "192.0.2.1", Protocol: "ESMTP", Received: testTime}
	if got.Envelope != want {
		t.Errorf("got %+v\nwant %+v", got.Envelope, want)
	}
	if len(got.ID) != 26 || strings.ToLower(got.ID) != got.ID {
		t.Errorf("id %q", got.ID)
	}
	if got.Targets[0].Address != "dev@lists.example.org" {
		t.Errorf("target %q", got.Targets[0].Address)
	}
}

// TestXForward is what a trusted relay says of its client; it holds for one message.
func TestXForward(t *testing.T) {
	s := newSite(t, &inbox{}, nil)
	message := "-> MAIL FROM:<a@b.example>\n<- 250…\n-> RCPT TO:<dev@lists.example.org>\n<- 250…\n-> DATA\n<- 354…\n=> x\\r\\n.\\r\\n\n<- 250…\n"
	s.dial(t, "127.0.0.1").play(introduced + message + `
		-> XFORWARD NAME=spike.example ADDR=IPv6:2001:db8::7 PORT=4711 PROTO=ESMTP
		<- 250 2.0.0 OK
		-> XFORWARD HELO=spike+2Eexample SOURCE=REMOTE
		<- 250 2.0.0 OK
		` + message + message + `
		-> XFORWARD ADDR=[UNAVAILABLE] HELO=[UNAVAILABLE]
		<- 250…
		` + message + `
		-> XFORWARD ADDR=x
		<- 501 5.5.4…
		-> XFORWARD FOO=x
		<- 501 5.5.4…
		-> XFORWARD HELO=a+2
		<- 501 5.5.4…
		-> XFORWARD HELO=a+0D
		<- 501 5.5.4…
		-> XFORWARD
		<- 501 5.5.4…
		-> MAIL FROM:<>
		<- 250…
		-> XFORWARD ADDR=192.0.2.4
		<- 503 5.5.1…`)
	var got []string
	for _, in := range s.messages() {
		got = append(got, fmt.Sprint(in.IP, " ", in.Helo, " ", in.Relay))
	}
	want := []string{"127.0.0.1 client.example true", "2001:db8::7 spike.example true", "127.0.0.1 client.example true", "  true"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
