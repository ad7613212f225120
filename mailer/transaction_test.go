package mailer

import (
	"bufio"
	"io"
	"net"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"

	"convene/mailer/mailtest"
)

// TestRSETBetweenTransactions is when the peer may still have the one before in mind.
func TestRSETBetweenTransactions(t *testing.T) {
	nobody := mailtest.Rule{Verb: "RCPT", Nth: 1, Say: "550 5.1.1 no"}
	for name, c := range map[string]struct {
		rules []mailtest.Rule
		want  bool
	}{
		"all went well":          {nil, false},
		"MAIL was refused":       {[]mailtest.Rule{{Verb: "MAIL", Nth: 1, Say: "550 5.7.1 no"}}, false},
		"every RCPT was refused": {[]mailtest.Rule{nobody}, true},
		"a lone dot was sent":    {[]mailtest.Rule{nobody, {Verb: "DATA", Nth: 1, Say: "354 go on"}}, true},
		"and MAIL was refused":   {[]mailtest.Rule{{Verb: "MAIL", Nth: 1, Say: "550 5.7.1 no"}, {Verb: "DATA", Nth: 1, Say: "354 go on"}}, true},
		"DATA was refused":       {[]mailtest.Rule{{Verb: "DATA", Nth: 1, Say: "451 4.3.0 disk"}}, true},
		"the dot was refused":    {[]mailtest.Rule{{Verb: "DOT", Nth: 1, Say: "552 5.3.4 big"}}, false},
	} {
		for _, keywords := range [][]string{piped, nil} {
			for _, lookAhead := range []bool{true, false} {
				if c.rules != nil && c.rules[len(c.rules)-1].Verb == "DATA" && len(c.rules) == 2 && keywords == nil {
					continue // in lockstep DATA is not said for nobody
				}
				talk := conversation{peer: &mailtest.Peer{Rules: c.rules, Keywords: keywords}, lookAhead: lookAhead}
				talk.add(100, 1, 1)
				talk.connect(t)
				talk.run()
				if got := slices.Contains(talk.peer.Commands(), "RSET"); got != c.want || talk.verdicts[1][0].Fate != Accepted {
					t.Errorf("%s, offering %v, announced %v: RSET %v, then %v", name, keywords, lookAhead, got, talk.verdicts[1])
				}
			}
		}
	}
}

// narrow is a connection that breaks when it has taken so many octets.
type narrow struct {
	net.Conn
	room int
}

func (n *narrow) Write(b []byte) (int, error) {
	took := min(len(b), n.room)
	if n.room -= took; took < len(b) {
		return took, io.ErrClosedPipe
	}
	return took, nil
}

// TestDotSent is the line between what is undone and what is lost: whether the last octet of the end of data has left.
func TestDotSent(t *testing.T) {
	for name, c := range map[string]struct {
		length, dot, room int
		want              bool
	}{
		"everything leaves":                         {100, 100, 100, true},
		"all but one octet":                         {100, 100, 99, false},
		"nothing":                                   {100, 100, 0, false},
		"the message and not all that follows":      {100, 60, 60, true},
		"not all of the message":                    {100, 60, 59, false},
		"no message":                                {100, 0, 100, false},
		"the first block of two":                    {block + 100, block + 100, block, false},
		"the second block but for an octet":         {block + 100, block + 100, block + 99, false},
		"two blocks":                                {block + 100, block + 100, block + 100, true},
		"a message that ends with the first block":  {block + 100, block, block, true},
		"an octet less of it":                       {block + 100, block, block - 1, false},
		"the first block of a message and no other": {3 * block, 2*block + 1, 2 * block, false},
	} {
		here, there := mailtest.Pipe(&net.TCPAddr{}, &net.TCPAddr{})
		client := newClient(&narrow{here, c.room}, Timeouts{}.withDefaults())
		err := client.write(make([]byte, c.length), c.dot)
		if got := client.dotSent.Load(); got != c.want || (err == nil) != (c.room >= c.length) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		there.Close()
		client.Abort()
	}
}

// TestLongGroupIsReadWhileItIsWritten is a peer with no buffers at all, which after a hundred commands will not take another before its
// responses are gone.
func TestLongGroupIsReadWhileItIsWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		c := newClient(here, Timeouts{}.withDefaults())
		c.ext.pipelining = true
		defer c.Abort()
		go func() {
			defer there.Close()
			in, content, due := bufio.NewReaderSize(there, 16), false, ""
			for n := 1; ; n++ {
				line, err := in.ReadString('\n')
				switch {
				case err != nil:
					return
				case line == "DATA\r\n":
					due, content = due+"354 go on\r\n", true
				case line == ".\r\n":
					due = "250 taken\r\n"
				case !content:
					due += "250 ok\r\n"
				}
				if n%100 == 0 || content {
					if _, err := io.WriteString(there, due); err != nil {
						return
					}
					due = ""
				}
			}
		}()
		to := people(300, "a.example")
		v := make([]Verdict, len(to))
		err := c.Send(&Transaction{To: to, Content: NewContent([]byte("A: b\r\n\r\nx\r\n"))}, nil, v)
		if want := slices.Repeat([]Verdict{{Fate: Accepted, Status: "250 taken"}}, len(to)); err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%v, %v", v[0], err)
		}
	})
}
