package mailer

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convene/mailer/mailtest"
)

// oddServer is an IMAP server with the habits of servers that there are. It knows the commands that a Pickup sends, and no others.
type oddServer struct {
	mu       sync.Mutex
	validity int
	mails    []string // the first has UID 1
	shy      int      // so many times a new message is told of and not there
	none     int      // so many times a body is NIL
	lie      int      // added to what it says of sizes
	bye      bool     // says BYE in the next IDLE
	read     int      // the first so many are marked as read
	gone     int      // the UID of one that is listed, and deleted before it is fetched
	refuse   string   // a verb that is answered NO
	said     []string // commands that came, without their tags
	stored   []string
	idled    []time.Duration // how long each IDLE lasted
}

var uidRange = regexp.MustCompile(`UID FETCH (\d+)(:\*)? `)
var partial = regexp.MustCompile(`<(\d+)\.(\d+)>`)

func (s *oddServer) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(format string, args ...any) { fmt.Fprintf(conn, format+"\r\n", args...) }
	say("* OK hello") // and no capabilities until it is asked, others before and after the login
	caps := "IMAP4rev1"
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, cmd, _ := strings.Cut(strings.TrimSpace(line), " ")
		verb, _, _ := strings.Cut(cmd, " ")
		s.mu.Lock()
		s.said = append(s.said, cmd)
		refuse := s.refuse != "" && strings.HasPrefix(cmd, s.refuse)
		s.mu.Unlock()
		if refuse {
			say("%s NO [UNAVAILABLE] not now", tag)
			continue
		}
		switch verb {
		case "CAPABILITY":
			say("* CAPABILITY %s", caps)
		case "LOGIN":
			caps = "IMAP4rev1 IDLE"
		case "SELECT":
			s.mu.Lock()
			say("* FLAGS (\\Seen)")
			say("* %d EXISTS", len(s.mails))
			say("* 0 RECENT")
			say("* OK [UIDVALIDITY %d] here", s.validity)
			s.mu.Unlock()
		case "IDLE":
			say("+ idling")
			s.mu.Lock()
			bye := s.bye
			s.bye = false
			s.mu.Unlock()
			if bye {
				say("* BYE the server goes down")
				return
			}
			began := time.Now()
			_, err := in.ReadString('\n')
			s.mu.Lock()
			s.idled = append(s.idled, time.Since(began))
			s.mu.Unlock()
			if err != nil {
				return
			}
		case "UID":
			s.uid(say, cmd)
		}
		say("%s OK done", tag)
	}
}

func (s *oddServer) uid(say func(string, ...any), cmd string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(cmd, "UID STORE ") {
		s.stored = append(s.stored, cmd)
		return
	}
	m := uidRange.FindStringSubmatch(cmd)
	from, _ := strconv.Atoi(m[1])
	if p := partial.FindStringSubmatch(cmd); p != nil {
		if from == s.gone {
			return // OK, and nothing: that is what a UID that is not there any more gives
		}
		if s.none > 0 {
			s.none--
			say("* %d FETCH (UID %d BODY[]<0> NIL)", from, from)
			return
		}
		at, _ := strconv.Atoi(p[1])
		size, _ := strconv.Atoi(p[2])
		raw := s.mails[from-1]
		raw = raw[min(at, len(raw)):min(at+size, len(raw))]
		say("* %d FETCH (UID %d BODY[]<%d> {%d}\r\n%s)", from, from, at, len(raw), raw)
		return
	}
	if s.shy > 0 && from <= len(s.mails) {
		s.shy--
		return
	}
	from = min(from, len(s.mails)) // * is the last message there is, also where that is below the range
	last := len(s.mails)
	if m[2] == "" {
		last = from
	}
	for uid := max(from, 1); uid <= last; uid++ {
		if uid == s.gone && m[2] == "" {
			continue
		}
		flags := ""
		if uid <= s.read {
			flags = "\\Seen"
		}
		say("* %d FETCH (UID %d FLAGS (%s) INTERNALDATE \" 2-Mar-2026 09:00:00 +0000\" RFC822.SIZE %d)", uid, uid, flags, len(s.mails[uid-1])+s.lie)
	}
}

func TestServersWithHabits(t *testing.T) {
	large := func(n int) string {
		return strings.Replace(mail(n, ""), "hello", strings.Repeat(strings.Repeat("x", 70)+"\r\n", 10_000)+"hello", 1)
	}
	for name, c := range map[string]struct {
		server *oddServer
		want   []string
		marked int
		dials  int
	}{
		"a message that is told of can be fetched only later":         {&oddServer{validity: 1, mails: []string{mail(1, ""), mail(2, "")}, shy: 2}, []string{"m1", "m2"}, 1, 1},
		"a body that is not there yet is asked for again":             {&oddServer{validity: 1, mails: []string{mail(1, ""), mail(2, "")}, none: 2}, []string{"m1", "m2"}, 0, 1},
		"BYE ends the connection, and another is made":                {&oddServer{validity: 1, mails: []string{mail(1, "")}, bye: true}, []string{"m1"}, 1, 2},
		"without a UIDVALIDITY what was taken is told by its content": {&oddServer{mails: []string{mail(1, ""), mail(2, "")}, bye: true}, []string{"m1", "m2"}, 2, 2},
		"a size that is too small does not cut the message":           {&oddServer{validity: 1, mails: []string{large(1)}, lie: -600_000}, []string{"m1"}, 1, 1},
		"a large message comes in pieces":                             {&oddServer{validity: 1, mails: []string{large(1), mail(2, "")}}, []string{"m1", "m2"}, 1, 1},
		"a mailbox that cannot be marked is read all the same":        {&oddServer{validity: 1, mails: []string{mail(1, "")}, refuse: "UID STORE"}, []string{"m1"}, 0, 1},
		"an empty mailbox": {&oddServer{validity: 1}, nil, 0, 1},
		"one message more than once, by two ways, is one": {&oddServer{validity: 1, mails: []string{mail(1, ""), mail(1, "X-Spam-Level: 1\r\n")}}, []string{"m1"}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newIMAPHost(t)
				p := o.pickup()
				dials := 0
				p.Dial = pipeTo(c.server, &dials)
				long := 30 * time.Minute
				if c.server.shy > 0 {
					long = 20 * time.Second
				}
				stop := o.run(p)
				time.Sleep(long)
				synctest.Wait()
				if got := o.desk.subjects(); !sameSorted(got, c.want) {
					t.Errorf("taken %q, want %q", got, c.want)
				}
				c.server.mu.Lock()
				if len(c.server.stored) < c.marked || dials < c.dials {
					t.Errorf("marked by %q over %d connections", c.server.stored, dials)
				}
				if i := slices.IndexFunc(c.server.said, func(cmd string) bool { return strings.Contains(cmd, "BODY[") }); i >= 0 {
					t.Errorf("%q marks a message as read before it is taken", c.server.said[i])
				}
				c.server.mu.Unlock()
				for _, in := range o.desk.got {
					if n := strings.Index(string(in.Raw), "Subject: m1\r\n"); n >= 0 && !strings.HasSuffix(string(in.Raw), "hello 1\r\n") {
						t.Errorf("the message of %d octets is cut", len(in.Raw))
					}
				}
				stop()
			})
		})
	}
}

func sameSorted(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// pipeTo dials a server without a network.
func pipeTo(s *oddServer, dials *int) func(context.Context, string) (net.Conn, error) {
	return func(context.Context, string) (net.Conn, error) {
		*dials++
		here, there := mailtest.Pipe(&net.TCPAddr{}, &net.TCPAddr{})
		go s.serve(there)
		return here, nil
	}
}
