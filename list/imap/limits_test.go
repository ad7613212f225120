package imap

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
)

func TestPushesPostsAndRemovalsInIdle(t *testing.T) {
	h := newHouse(t)
	first := h.post(peers, mail)
	h.post(peers, mail)
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	fmt.Fprint(c, "i IDLE\r\n")
	c.wants("+ idling")
	h.post(peers, mail)
	c.wants("* 3 EXISTS")
	h.remove(first)
	c.wants("* 1 EXPUNGE")
	fmt.Fprint(c, "done\r\n")
	c.wants("i OK IDLE completed")
	c.has("UID FETCH 1:* UID", "* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)")
}

func (c *client) wants(line string) {
	c.Helper()
	if got := c.line(); got != line {
		c.Fatalf("%q was said, not %q", got, line)
	}
}

// What is gone is told where sequence numbers may change, and nowhere else.
func TestTellsOfRemovalsWhereItMay(t *testing.T) {
	h := newHouse(t)
	var all []list.Post
	for range 4 {
		all = append(all, h.post(peers, mail))
	}
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	h.remove(all[1])
	h.post(peers, mail)
	lines, end := c.do("FETCH 1:* (UID RFC822.SIZE)")
	if said := strings.Join(lines, "\n"); strings.Contains(said, "EXPUNGE") || strings.Contains(said, "UID 2 ") || !strings.Contains(said, "* 3 FETCH (UID 3 ") || !strings.HasPrefix(end, "NO [EXPUNGEISSUED]") {
		t.Errorf("FETCH: %s %s", said, end)
	}
	if said := c.ok("SEARCH ALL"); said != "* SEARCH 1 3 4\n* 5 EXISTS" {
		t.Errorf("SEARCH: %q", said)
	}
	if said := c.ok("NOOP"); said != "* 2 EXPUNGE" {
		t.Errorf("NOOP: %q", said)
	}
	c.has("FETCH 1:* UID", "* 4 FETCH (UID 5)")
}

// A post whose attachments were withdrawn is another message, under another UID.
func TestWithdrawnAttachmentsAreAnotherMessage(t *testing.T) {
	h := newHouse(t)
	p := h.post(peers, mail)
	h.post(peers, mail)
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	h.check(h.db.Keep([]byte("Subject: less\r\n\r\nx\r\n"), func(tx list.Tx, ref list.Ref) error {
		now := p
		now.Ref, now.UID = ref, 3
		if _, err := tx.PutPost(now); err != nil {
			return err
		}
		_, err := tx.PutRemoval(list.Removal{List: p.List, Post: p.Number, UID: 1, At: h.now, Attachments: true})
		return err
	}))
	if said := c.ok("NOOP"); said != "* 1 EXPUNGE\n* 2 EXISTS" {
		t.Errorf("NOOP: %q", said)
	}
	c.has("UID FETCH 3 BODY.PEEK[HEADER]", "* 2 FETCH (UID 3 BODY[HEADER]", "Subject: less\r\n")
	other := h.anonymous()
	other.has("EXAMINE Lists/"+peers, "[UIDNEXT 4]", "* 2 EXISTS")
}

func TestAccess(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	h.post(inner, mail)
	h.post(quiet, mail)
	former := h.member("former@example.net", inner)
	former.ok("EXAMINE Lists/" + inner)
	h.check(h.db.Update(func(tx list.Tx) error {
		rec, err := tx.List(inner)
		if err != nil {
			return err
		}
		return tx.DeleteMember(rec.ID, "former@example.net")
	}))
	former.no("FETCH 1 BODY[]", "NO [NOPERM]")
	former.no("SEARCH ALL", "NO [NOPERM]")
	for name, c := range map[string]struct {
		*client
		sees string
	}{
		"a member":                 {h.member("dede@example.org", inner), peers + " " + inner},
		"a former member":          {former, peers},
		"a stranger":               {h.member("zoe@example.net"), peers},
		"a member of another list": {h.member("noor@example.net", quiet), peers},
		"anonymous":                {h.anonymous(), peers},
	} {
		t.Run(name, func(t *testing.T) {
			listed := c.ok(`LIST "" *`) + c.ok(`LSUB "" *`)
			for _, address := range []string{peers, inner, quiet} {
				may := strings.Contains(c.sees, address)
				if strings.Contains(listed, address) != may {
					t.Errorf("%s is listed, or is not: %s", address, listed)
				}
				for _, command := range []string{"SELECT", "EXAMINE", "STATUS"} {
					rest := " Lists/" + address
					if command == "STATUS" {
						rest += " (MESSAGES)"
					}
					lines, end := c.do(command + rest)
					if strings.HasPrefix(end, "OK") != may || !may && !strings.HasPrefix(end, "NO [NONEXISTENT]") {
						t.Errorf("%s%s: %q %s", command, rest, lines, end)
					}
				}
			}
			c.no("SELECT Lists/missing@lists.example.org", "NO [NONEXISTENT]")
			c.no(`SELECT "Lists/../data"`, "NO [NONEXISTENT]")
		})
	}
}

// Whatever a stranger tries, nothing is changed.
func TestReadOnly(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	state := func() string {
		var b bytes.Buffer
		h.check(h.db.View(func(r list.Reader) error {
			return r.Posts(1, 1, func(p list.Post) error {
				fmt.Fprintf(&b, "%+v", p)
				return r.Papers(1, "", func(name string, v []byte) error { fmt.Fprint(&b, name, v); return nil })
			})
		}))
		return b.String()
	}
	before := state()
	for _, c := range []*client{h.anonymous(), h.member("dede@example.org", peers)} {
		for _, open := range []string{"SELECT", "EXAMINE"} {
			c.ok(open + " Lists/" + peers)
			for _, command := range []string{`STORE 1 +FLAGS (\Deleted)`, `UID STORE 1 FLAGS.SILENT (\Flagged)`, "EXPUNGE", "UID EXPUNGE 1", "COPY 1 INBOX", "UID COPY 1 Lists/" + peers, "CREATE x",
				"DELETE Lists/" + peers, "RENAME Lists/" + peers + " x", "SUBSCRIBE x", "UNSUBSCRIBE Lists/" + peers, "APPEND INBOX {5}", "APPEND INBOX {5+}\r\nhello"} {
				c.no(command, "NO [NOPERM]")
			}
			c.no("MOVE 1 INBOX", "")
			c.ok("CLOSE")
		}
	}
	if after := state(); after != before {
		t.Errorf("the store was changed:\n%s\n%s", before, after)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	password := h.password("dede@example.org")
	c := h.dial()
	c.no("SELECT INBOX", "BAD")
	c.no("AUTHENTICATE CRAM-MD5", "NO")
	c.no("AUTHENTICATE PLAIN AA", "BAD")
	c.has("ID (\"name\" \"x\")", `* ID ("name" "convene")`)
	fmt.Fprint(c, "a AUTHENTICATE PLAIN\r\n")
	c.wants("+ ")
	fmt.Fprint(c, "AGRlZGVAZXhhbXBsZS5vcmcA\r\n") // an empty password
	c.wants("a NO [AUTHENTICATIONFAILED] Authentication failed")
	c.ok(fmt.Sprintf("LOGIN {16+}\r\ndede@example.org {%d+}\r\n%s", len(password), password))
	c.no("LOGIN anonymous x", "BAD")
	c.no("STARTTLS", "BAD")
}

func TestTenFailedSignInsEndTheSession(t *testing.T) {
	h := newHouse(t)
	c := h.dial()
	for i := range mostFailed {
		c.no(fmt.Sprintf("LOGIN name%d@example.org wrong", i), "NO [AUTHENTICATIONFAILED]")
		h.server.guard.pass(fmt.Sprintf("name%d@example.org", i))
		h.server.guard.mu.Lock()
		clear(h.server.guard.failed) // the waits are another test's
		h.server.guard.mu.Unlock()
	}
	c.wants("* BYE Too many failed sign-ins")
	c.wants("")
}

func TestGuardSlowsDown(t *testing.T) {
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	g := newGuard(func() time.Time { return now })
	here, near, far := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.200"), netip.MustParseAddr("2001:db8::1")
	var waits []time.Duration
	for range 12 {
		waits = append(waits, g.wait("Dede@example.org", here))
		g.fail("dede@example.org", here)
	}
	if got := fmt.Sprint(waits); got != "[0s 0s 0s 1s 2s 4s 8s 8s 8s 8s 8s 8s]" {
		t.Errorf("the waits are %v", got)
	}
	if g.wait("nobody@example.org", near) != 4*time.Second || g.wait("nobody@example.org", far) != 0 || g.wait("dede@example.org", far) != longestWait {
		t.Error("a network, or a name, waits otherwise")
	}
	g.pass("dede@example.org")
	if g.wait("dede@example.org", far) != 0 {
		t.Error("who has signed in waits")
	}
	now = now.Add(failuresCount)
	if g.wait("x", near) != 0 {
		t.Error("it is not forgotten")
	}
	for i := range mostGuarded * 2 {
		g.fail(fmt.Sprint(i), here)
	}
	if len(g.failed) > mostGuarded+2 {
		t.Errorf("%d are remembered", len(g.failed))
	}
}

func TestHostileInput(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	long := strings.Repeat("x", 100_000)
	for name, c := range map[string]struct {
		signed     bool
		said, want string
	}{
		"a browser":                            {false, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET BAD Unknown command\n* BYE This is an IMAP server"},
		"nothing":                              {false, "\r\n", "* BAD No command\n* BYE This is an IMAP server"},
		"a line without end":                   {false, long + "\r\n", "* BAD The command is too long\n* BYE Too long"},
		"a literal that is too large":          {false, "a LOGIN {100000000}\r\n", "a BAD The command is too long\n* BYE Too long"},
		"one that is sent at once":             {false, "a LOGIN {100000000+}\r\n", "* BYE [TOOBIG] Too long"},
		"a size beyond all":                    {false, "a LOGIN {99999999999999999999999}\r\n", "a BAD The command is too long\n* BYE Too long"},
		"a line break in a name":               {false, "a LOGIN {4+}\r\nx\r\ny z\r\nb NOOP\r\nc LOGOUT\r\n", "a BAD A string has a line break, or NUL\nb OK Done\n* BYE Goodbye\nc OK Done"},
		"NUL":                                  {false, "a LOGIN x\x00 y\r\nc LOGOUT\r\n", "a BAD A string has a line break, or NUL\n* BYE Goodbye\nc OK Done"},
		"a long line of somebody":              {true, "a NOOP " + long + "\r\nb NOOP\r\nc LOGOUT\r\n", "a BAD The command is too long\nb OK NOOP completed\n* BYE Goodbye\nc OK Done"},
		"a set of nothing":                     {true, "a EXAMINE INBOX\r\nb FETCH 1:* (UID)\r\nc UID FETCH 4294967295 UID\r\nd FETCH 0 UID\r\ne LOGOUT\r\n", ""},
		"many sets":                            {true, "a UID FETCH " + strings.Repeat("1,", 10_000) + "1 UID\r\nc LOGOUT\r\n", ""},
		"many parts":                           {true, "a EXAMINE Lists/" + peers + "\r\nb FETCH 1 BODY[" + strings.Repeat("1.", 5000) + "1]\r\nc FETCH 1 BODY[]<9223372036854775807.9223372036854775807>\r\nd LOGOUT\r\n", ""},
		"something else than DONE":             {true, "a EXAMINE INBOX\r\nb IDLE\r\nc NOOP\r\nd LOGOUT\r\n", ""},
		"a literal within a literal of APPEND": {true, "a APPEND INBOX {3+}\r\nxxx {3+}\r\nyyy\r\nc LOGOUT\r\n", "a NO [NOPERM] Nothing can be put here: write to the list\n* BYE Goodbye\nc OK Done"},
		"a search nested without end":          {true, "a EXAMINE INBOX\r\nb SEARCH " + strings.Repeat("(", 15_000) + "ALL" + strings.Repeat(")", 15_000) + "\r\nc SEARCH " + strings.Repeat("NOT ", 9000) + "ALL\r\nd LOGOUT\r\n", ""},
		"a list of parentheses":                {true, "a LIST " + strings.Repeat("(", 15_000) + "\r\nd LOGOUT\r\n", ""},
		"wildcards":                            {true, "a LIST \"\" \"" + strings.Repeat("*%", 150) + "x\"\r\nb LOGOUT\r\n", "a OK LIST completed\n* BYE"},
		"a literal of a negative size":         {false, "a LOGIN {-1}\r\nb LOGOUT\r\n", "a BAD"},
		"UTF-7 that is none":                   {true, "a SELECT \"&&&-&AAA-&\"\r\nb LOGOUT\r\n", "a "},
		"many errors":                          {true, strings.Repeat("a FOO\x00\r\n", 60), ""},
	} {
		t.Run(name, func(t *testing.T) {
			conn := h.dial()
			conn.TB = t
			if c.signed {
				conn.ok("LOGIN anonymous x")
			}
			go io.WriteString(conn, c.said)
			var lines []string
			for line := conn.line(); line != ""; line = conn.line() {
				if lines = append(lines, line); strings.HasPrefix(line, "* BYE") && c.want == "" || len(lines) == strings.Count(c.want, "\n")+1 && c.want != "" {
					break
				}
			}
			got := strings.Join(lines, "\n")
			if c.want != "" && !strings.HasPrefix(got, c.want) || c.want == "" && !strings.Contains(got, "* BYE") {
				t.Errorf("said was\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	h.anonymous().ok("EXAMINE Lists/" + peers)
}

// Messages that no grammar allows are served whole, and said of in lines that are right.
func TestHostileMail(t *testing.T) {
	h := newHouse(t)
	nested := strings.Repeat("Content-Type: message/rfc822\n\n", 2000)
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 3000)
	all := []string{"", "\n", "no header at all", nested, many, "Content-Type: multipart/mixed\n\nx", "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n",
		"Subject: \"quotes\\ and {5}\n\tand more\nFrom: \"a\\\"b\" <\"x y\"@example.org>\nTo: @, <>, ;:\nDate: never\nContent-Type: text/\"; x=\"\ny: z\n\n)\n", "Subject: =?utf-8?q?=0D=0A*_BYE?=\nFrom: =?utf-8?q?=22=0D=0A?= <a@b>\n\nx\n"}
	for _, raw := range all {
		h.post(peers, raw)
	}
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "messages", "*", "*.eml"))
	for i, name := range files {
		if i%5 == 0 {
			raw, err := os.ReadFile(name)
			h.check(err)
			h.post(peers, string(raw))
		}
	}
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	lines, end := c.do("FETCH 1:* (UID ENVELOPE BODYSTRUCTURE BODY)")
	if !strings.HasPrefix(end, "OK") || len(lines) < len(all) {
		t.Fatalf("%d lines, %s", len(lines), end)
	}
	for i, line := range lines {
		if err := balanced(line); err != nil || !strings.HasPrefix(line, fmt.Sprintf("* %d FETCH (UID %d ENVELOPE (", i+1, i+1)) {
			t.Errorf("line %d: %v: %.300q", i, err, line)
		}
	}
	for i, raw := range all {
		want := strings.ReplaceAll(raw, "\n", "\r\n")
		if got := c.ok(fmt.Sprintf("UID FETCH %d BODY.PEEK[]", i+1)); got != fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\r\n%s)", i+1, i+1, len(want), want) {
			t.Errorf("message %d came as %.200q", i+1, got)
		}
	}
	c.ok("SEARCH TEXT nowhere")
}

// balanced reports whether parentheses, strings and literals of a line fit.
func balanced(line string) error {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '"':
			for i++; i < len(line) && line[i] != '"'; i++ {
				if line[i] == '\\' {
					i++
				}
				if i < len(line) && (line[i] == '\r' || line[i] == '\n') {
					return fmt.Errorf("a line break in a string at %d", i)
				}
			}
		case '{':
			size, end := 0, strings.IndexByte(line[i:], '}')
			if _, err := fmt.Sscanf(line[i:], "{%d}", &size); err != nil {
				return err
			}
			i += end + 2 + size
		}
	}
	if depth != 0 {
		return fmt.Errorf("%d parentheses are open", depth)
	}
	return nil
}

func certificate(t testing.TB) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// elsewhere is a listener whose clients come from another machine.
type elsewhere struct{ net.Listener }

type far struct{ net.Conn }

func (l elsewhere) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return far{c}, err
}

func (far) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 9} }

func (h *house) serveElsewhere(implicit bool) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.check(err)
	go h.server.Serve(elsewhere{l}, implicit)
	return l.Addr().String()
}

func TestTLS(t *testing.T) {
	h := newHouse(t)
	h.tls = &tls.Config{Certificates: []tls.Certificate{certificate(t)}}
	trusting := &tls.Config{InsecureSkipVerify: true}
	h.at = h.serveElsewhere(false)
	c := h.dial()
	c.has("CAPABILITY", "LOGINDISABLED STARTTLS")
	c.no("LOGIN anonymous x", "NO [PRIVACYREQUIRED]")
	c.no("AUTHENTICATE PLAIN", "NO [PRIVACYREQUIRED]")
	c.ok("STARTTLS")
	under := tls.Client(c.Conn, trusting)
	h.check(under.Handshake())
	c.Conn = under
	c.in.Reset(under)
	c.has("CAPABILITY", "AUTH=PLAIN")
	c.no("STARTTLS", "BAD")
	c.ok("LOGIN anonymous x")
	c.ok("EXAMINE INBOX")
	injected := h.dial()
	fmt.Fprint(injected, "a STARTTLS\r\nb LOGIN anonymous x\r\n")
	injected.wants("a BAD Something was sent behind STARTTLS")
	injected.wants("* BYE Wait for the answer")

	at := h.serveElsewhere(true)
	conn, err := tls.Dial("tcp", at, trusting)
	h.check(err)
	defer conn.Close()
	p := make([]byte, 200)
	n, err := conn.Read(p)
	if err != nil || !strings.Contains(string(p[:n]), "AUTH=PLAIN") || strings.Contains(string(p[:n]), "STARTTLS") {
		t.Errorf("under TLS the greeting is %q, %v", p[:n], err)
	}
	plain, err := net.Dial("tcp", at)
	h.check(err)
	defer plain.Close()
	fmt.Fprint(plain, "a NOOP\r\n")
	h.check(plain.SetDeadline(time.Now().Add(20 * time.Second)))
	if rest, err := io.ReadAll(plain); err == nil && bytes.Contains(rest, []byte("OK")) {
		t.Errorf("without TLS it says %q", rest)
	}
}

func TestStopSaysGoodbye(t *testing.T) {
	h := newHouse(t)
	waits, idles := h.anonymous(), h.anonymous()
	idles.ok("EXAMINE INBOX")
	fmt.Fprint(idles, "i IDLE\r\n")
	idles.wants("+ idling")
	h.check(h.server.Shutdown(context.Background()))
	for _, c := range []*client{waits, idles} {
		c.wants("* BYE [UNAVAILABLE] Shutting down; please connect again in a moment")
	}
	if n := h.server.Open(); n != 0 {
		t.Errorf("%d connections are open", n)
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	h := newHouse(t)
	at := h.serveElsewhere(false)
	var open []net.Conn
	said := func() string {
		c, err := net.Dial("tcp", at)
		h.check(err)
		t.Cleanup(func() { c.Close() })
		h.check(c.SetDeadline(time.Now().Add(20 * time.Second)))
		open = append(open, c)
		p := make([]byte, 300)
		n, err := c.Read(p)
		h.check(err)
		return string(p[:n])
	}
	for range defaultPerIP {
		if got := said(); !strings.HasPrefix(got, "* OK ") {
			t.Fatal(got)
		}
	}
	if got := said(); got != "* BYE [UNAVAILABLE] Too many connections from your address\r\n" {
		t.Error(got)
	}
}

// silent is a connection on which nothing comes.
func TestSilenceEndsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{Options: Options{Log: slog.New(slog.DiscardHandler)}, conns: map[*conn]bool{}, perIP: map[netip.Addr]int{}}
		ours, theirs := net.Pipe()
		c := newConn(s, ours, Settings{}, netip.MustParseAddr("127.0.0.1"), false)
		begun := time.Now()
		go func() { io.Copy(io.Discard, theirs) }()
		if _, err := c.Read(make([]byte, 10)); err != io.EOF || time.Since(begun) != commandTime {
			t.Errorf("it ended after %v, %v", time.Since(begun), err)
		}
		ours.Close()
	})
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{"INBOX", "inbox", true}, {"INBOX", "*", true}, {"Lists/a@b", "%", false}, {"Lists/a@b", "Lists/%", true}, {"Lists/a@b", "*b", true}, {"Lists/a@b", "L%/a*", true}, {"Lists", "Lists/%", false},
		{"Lists/a@b", "", false}, {"Lists/a@b", "Lists/a@b", true}, {"Lists/a@b", "lists/a@b", false}, {"Lists", "%", true},
	} {
		if matchesOne(c.name, c.pattern) != c.want {
			t.Errorf("%q and %q: not %t", c.name, c.pattern, c.want)
		}
	}
}
