package mailer

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	wholeReply = regexp.MustCompile(`^\d{3}([ -][ -~]*)?\r\n$`)
	finalReply = regexp.MustCompile(`(?m)^250 2\.0\.0 (?:Queued|Held|Taken)`)
)

// burst throws octets at the server without listening, half-closes, and returns all it said; the server must come to an end by itself.
func burst(t testing.TB, s *site, ip string, octets []byte) string {
	t.Helper()
	p := s.dial(t, ip)
	conn := p.conn.(interface{ CloseWrite() error })
	wrote := make(chan struct{})
	go func() {
		defer close(wrote)
		_, _ = p.conn.Write(octets) // the server may hang up first
		_ = conn.CloseWrite()
	}()
	said := p.rest()
	p.conn.Close()
	<-wrote
	for line := range strings.Lines(said) {
		if !wholeReply.MatchString(line) {
			t.Errorf("not a reply: %q", line)
		}
	}
	return said
}

// TestSmuggling is T29: whatever stands in for CRLF.CRLF, at most one message comes of it, and it is a refusal that says so.
func TestSmuggling(t *testing.T) {
	for _, eod := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\rx", "\r.\r\n", "\r\n\x00.\r\n"} {
		s := newSite(t, &inbox{}, nil)
		said := burst(t, s, "192.0.2.1", []byte("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\nSubject: a\r\n\r\nx"+eod+
			"MAIL FROM:<e@x.example>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\nevil\r\n.\r\n"))
		if len(s.messages()) != 0 {
			t.Errorf("%q: %d messages stored, want none", eod, len(s.messages()))
		}
		_, after, _ := strings.Cut(said, "354 ")
		if n := strings.Count(after, "\r\n"); n != 2 { // the 354 itself, and the refusal
			t.Errorf("%q: %d replies after DATA, want one: %q", eod, n-1, after)
		}
	}
}

// TestBattery throws every hostile session at the server: one defined outcome each, in bounded work.
func TestBattery(t *testing.T) {
	gen := shared(t, "battery/gen.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, gen, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sessions, err := filepath.Glob(filepath.Join(dir, "smtp", "*.burst"))
	if err != nil || len(sessions) == 0 {
		t.Fatalf("no sessions: %v", err)
	}
	// What must, and what must not be in the answers.
	want := map[string]string{"noop-100k": "421 4.7.0 ", "bad-1000": "421 4.7.0 Too many errors", "rcpt-10000": "452 4.5.3 ", "line-64k": "500 5.5.2 ", "zeros-8MiB": "500 5.5.2 ",
		"data-no-rcpt": "503 5.5.1 ", "bdat-mix": "503 5.5.1 ", "bdat-huge": "552 5.3.4 ", "size-huge": "552 5.3.4 ", "size-lie": "250 2.0.0 Queued", "http-on-smtp": "421 4.7.0 ",
		"tls-on-plain": "500 5.5.2 ", "early-talker": "250 2.0.0 Queued", "drop-after-dot": "250 2.0.0 Queued", "vrfy-expn": "252 2.5.2 ", "crlf-in-mailfrom": "501 5.5.2 ",
		"quoted-crlf": "501 ", "null-in-addr": "501 ", "percent-hack": "550 5.1.1 ", "pipe-rcpt": "550 5.1.1 "}
	for _, name := range sessions {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		short := strings.TrimSuffix(filepath.Base(name), ".burst")
		raw = []byte(strings.NewReplacer("@LIST@", "dev@lists.example.org", "@LISTDOM@", "lists.example.org", "@MEMBER@", "ann@author.example").Replace(string(raw)))
		t.Run(short, func(t *testing.T) {
			s := newSite(t, &inbox{}, nil)
			said := burst(t, s, "192.0.2.1", raw)
			if n := len(s.messages()); n > 1 || n != len(finalReply.FindAllString(said, -1)) || short == "drop-before-dot" && n != 0 {
				t.Errorf("%d messages stored, said %.2000q", n, said)
			}
			for _, in := range s.messages() {
				if bytes.Contains(in.Raw, []byte("smuggled")) && bytes.Contains(in.Raw, []byte("outer")) {
					t.Errorf("two messages in one: %q", in.Raw)
				}
			}
			if !strings.Contains(said, want[short]) {
				t.Errorf("no %q in %.2000q", want[short], said)
			}
			if n := s.memory.used.Load(); n != 0 || s.Busy() != 0 {
				t.Errorf("%d octets held, %d sessions busy", n, s.Busy())
			}
		})
	}
}

// TestRealMail posts every mail there is: one answer each, and what was taken is what was sent.
func TestRealMail(t *testing.T) {
	for _, corpus := range []string{"corpora/mime", "corpora/bounces"} {
		root := shared(t, corpus)
		s := newSite(t, &inbox{}, func(c *ServerConfig) { c.MaxMessage = 25 << 20 })
		sent := 0
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			raw, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, raw := range [][]byte{raw, crlf(raw)} {
				sent++
				_, fault, _, _ := naive(stuffed(raw), 25<<20)
				before := len(s.messages())
				said := burst(t, s, "127.0.0.1", append([]byte("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\n"), stuffed(raw)...))
				_, after, _ := strings.Cut(said, "354 ")
				stored := s.messages()[before:]
				if strings.Count(after, "\r\n") != 2 || (len(stored) == 1) != (fault == nil) {
					t.Errorf("%s: fault %v, %d stored, said %q", name, fault, len(stored), after)
				}
				if len(stored) == 1 && !bytes.Equal(bytes.TrimSuffix(stored[0].Raw, []byte("\r\n")), bytes.TrimSuffix(raw, []byte("\r\n"))) {
					t.Errorf("%s: stored something else", name)
				}
				s.inbox.mu.Lock()
				s.inbox.got = nil
				s.inbox.mu.Unlock()
			}
			return nil
		})
		if err != nil || sent == 0 {
			t.Fatalf("%s: %d sent, %v", corpus, sent, err)
		}
	}
}

// TestCutSessions is T20: a session may end after any octet; there is a message exactly when the dot came.
func TestCutSessions(t *testing.T) {
	const whole = "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dev@lists.example.org>\r\nDATA\r\nx: y\r\n\r\nz\r\n.\r\n"
	for n := range len(whole) + 1 {
		s := newSite(t, &inbox{}, nil)
		burst(t, s, "192.0.2.1", []byte(whole[:n]))
		if got, want := len(s.messages()), n/len(whole); got != want {
			t.Errorf("after %d of %d octets: %d messages, want %d", n, len(whole), got, want)
		}
		s.end()
	}
}

// ends counts the places where a message can end, at most: true ends of DATA and last chunks.
func ends(octets []byte) int {
	return bytes.Count(octets, []byte("\r\n.\r\n")) + strings.Count(strings.ToUpper(string(octets)), "LAST")
}

func FuzzSession(f *testing.F) {
	const begin = "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<dev@lists.example.org>\r\n"
	f.Add([]byte(begin + "DATA\r\nx\r\n.\r\nQUIT\r\n"))
	f.Add([]byte(begin + "BDAT 3\r\na\r\nBDAT 0 LAST\r\nRSET\r\nNOOP\r\n"))
	f.Add([]byte(begin + "DATA\r\nx\n.\n" + begin + "DATA\r\nx\r\n.\r\n"))
	f.Add([]byte("EHLO c\r\nMAIL FROM:<\"a\\\r\nDATA\"@b.test> SIZE=1\r\nRCPT TO:<@a,@b:\"dev\"@lists.example.org>\r\nXFORWARD ADDR=1.2.3.4\r\n"))
	f.Add([]byte("\x16\x03\x01"))
	f.Fuzz(func(t *testing.T, octets []byte) {
		s := newSite(t, &inbox{}, nil)
		said := burst(t, s, "127.0.0.1", octets)
		s.end()
		if n := len(s.messages()); n > ends(octets) || n != len(finalReply.FindAllString(said, -1)) {
			t.Errorf("%d messages of %d ends, said %q", n, ends(octets), said)
		}
		if s.memory.used.Load() != 0 || s.Busy() != 0 || s.Open() != 0 {
			t.Errorf("left behind: %d octets, %d busy, %d open", s.memory.used.Load(), s.Busy(), s.Open())
		}
	})
}
