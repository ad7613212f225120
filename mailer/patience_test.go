package mailer

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// slowly is a peer that greets nobody: it says its lines one after the other, each when it has read so many octets and waited.
type slowly []struct {
	read  int
	every time.Duration // waited before each 64 KiB is read
	wait  time.Duration // and before it says
	say   string
}

func (s slowly) serve(conn net.Conn) {
	defer conn.Close()
	for _, step := range s {
		for left := step.read; left > 0; left -= block {
			time.Sleep(step.every)
			if _, err := io.CopyN(io.Discard, conn, int64(min(left, block))); err != nil {
				return
			}
		}
		time.Sleep(step.wait)
		if _, err := io.WriteString(conn, step.say); err != nil {
			return
		}
	}
	_, _ = io.Copy(io.Discard, conn) // until the client leaves
}

// TestPatience is C10: each response has its own time, which begins when the peer has what it needs for it.
func TestPatience(t *testing.T) {
	tr := &Transaction{To: []string{"bob@a.example"}, Content: NewContent(bytes.Repeat([]byte("0123456789abcd\r\n"), 64<<10))}
	wire := tr.Content.length
	const envelope = len("MAIL FROM:<>\r\nRCPT TO:<bob@a.example>\r\nDATA\r\n")
	const mail, rcpt, data = len("MAIL FROM:<>\r\n"), len("RCPT TO:<bob@a.example>\r\n"), len("DATA\r\n")
	const m = time.Minute
	for name, c := range map[string]struct {
		keywords string
		peer     slowly
		want     Fate
		took     time.Duration
	}{
		"every response at the last moment, one by one": {"", slowly{{mail, 0, 4 * m, "250 ok\r\n"}, {rcpt, 0, 4 * m, "250 ok\r\n"}, {data, 0, m, "354 go\r\n"}, {wire, 0, 9 * m, "250 ok\r\n"}}, Accepted, 18 * m},
		"and in a group":                {"PIPELINING", slowly{{envelope, 0, 4 * m, "250 ok\r\n"}, {0, 0, 4 * m, "250 ok\r\n"}, {0, 0, m, "354 go\r\n"}, {wire, 0, 9 * m, "250 ok\r\n"}}, Accepted, 18 * m},
		"half an hour for the content":  {"PIPELINING", slowly{{envelope, 0, 0, "250 ok\r\n250 ok\r\n354 go\r\n"}, {wire, 2 * m, 7 * m, "250 ok\r\n"}}, Accepted, 41 * m},
		"MAIL takes more than 5":        {"PIPELINING", slowly{{envelope, 0, 6 * m, "250 ok\r\n"}}, Undone, 5 * m},
		"DATA takes more than 2":        {"PIPELINING", slowly{{envelope, 0, 0, "250 ok\r\n250 ok\r\n"}, {0, 0, 3 * m, "354 go\r\n"}}, Undone, 2 * m},
		"a block takes more than 3":     {"PIPELINING", slowly{{envelope, 0, 0, "250 ok\r\n250 ok\r\n354 go\r\n"}, {wire, 4 * m, 0, "250 ok\r\n"}}, Undone, 3 * m},
		"the dot takes more than 10":    {"PIPELINING", slowly{{envelope, 0, 0, "250 ok\r\n250 ok\r\n354 go\r\n"}, {wire, 0, 11 * m, "250 ok\r\n"}}, Lost, 10 * m},
		"an octet a minute is no reply": {"PIPELINING", slowly{{envelope, 0, m, "2"}, {0, 0, m, "5"}, {0, 0, m, "0"}, {0, 0, m, " "}, {0, 0, m + 1, "\r\n"}}, Undone, 5 * m},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn, peer := pair(t, c.keywords)
				go c.peer.serve(peer)
				start := time.Now()
				v := make([]Verdict, 1)
				err := conn.Send(tr, nil, v)
				if v[0].Fate != c.want || (err == nil) != (c.want == Accepted) {
					t.Errorf("%v, %v; want fate %d", v, err, c.want)
				}
				if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, net.ErrClosed) {
					t.Errorf("error %v", err)
				}
				if took := time.Since(start); took < c.took || took > c.took+time.Minute {
					t.Errorf("it took %v, want %v", took, c.took)
				}
				time.Sleep(time.Hour) // the peer finds out late
			})
		})
	}
}

// TestUnaskedResponse is a peer that speaks while nothing was said to it, as one does that leaves an idle connection.
func TestUnaskedResponse(t *testing.T) {
	for say, want := range map[string]error{"421 4.4.2 too long idle\r\n": errShutdown, "250 ok\r\n": errOutOfStep, "garbage\r\n": errResponseSyntax} {
		synctest.Test(t, func(t *testing.T) {
			conn, peer := pair(t, "PIPELINING")
			tr := &Transaction{To: []string{"bob@a.example"}, Content: NewContent([]byte("A: b\r\n\r\nx\r\n"))}
			go slowly{{45, 0, 0, "250 ok\r\n250 ok\r\n354 go\r\n"}, {tr.Content.length, 0, 0, "250 taken\r\n" + say}}.serve(peer)
			v := make([]Verdict, 1)
			if err := conn.Send(tr, nil, v); err != nil || v[0].Fate != Accepted {
				t.Fatal(v, err)
			}
			v = make([]Verdict, 1)
			if err := conn.Send(tr, nil, v); !errors.Is(err, want) || v[0].Fate != Undone {
				t.Errorf("%q: %v, %v", say, v, err)
			}
			if _, err := conn.conn.Write([]byte("QUIT\r\n")); err == nil {
				t.Error("the connection is open")
			}
			synctest.Wait()
		})
	}
}
