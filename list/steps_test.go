package list

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldenStyle is the settings that the golden files go out with; a README beside each says what it shows.
func goldenStyle(name string) (Style, []Step) {
	site := testSite()
	l := *site.Lists[0]
	steps := PostSteps()
	switch {
	case strings.Contains(name, "transparent"):
		l.SubjectPrefix, l.ReplyTo = "", ReplySender
	case strings.Contains(name, "to-sender"):
		l.ReplyTo = ReplySender
	case strings.Contains(name, "announce"):
		l = *site.Lists[1]
		l.Name = `Ünïcode, "q"`
	case strings.Contains(name, "forward"):
		steps = ForwardSteps()
	}
	env := &Envelope{ID: "01j8z", From: "dede@example.org", Helo: "out.example.org", IP: "192.0.2.7", Protocol: "ESMTPS", Received: testNow}
	if strings.Contains(name, "ipv6") {
		env.IP, env.Helo = "2001:db8::7", "evil (x) by\r\n somebody"
	}
	p := pending{site: site, list: &l, post: Post{Envelope: *env}}
	p.arrival = &Arrival{Message: &message.Message{}}
	s := newStyle(site, &l, env, message.Parse([]byte("Date: x\r\n\r\n")))
	if strings.Contains(name, "munged") {
		s.Munge, s.MungeWhy, s.FromName = true, "p=reject at _dmarc.author.example", "Ann Author via Peer Learning"
	}
	if strings.Contains(name, "forward") {
		s = Style{List: "peers+owner@lists.example.org", Hostname: site.Hostname, Received: receivedValue(site.Hostname, env), AuthservIDs: []string{site.Hostname}}
	}
	return s, steps
}

func TestGoldenCopies(t *testing.T) {
	dirs, err := filepath.Glob("testdata/copies/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no golden copies: ", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			in, err := os.ReadFile(filepath.Join(dir, "in.eml"))
			if err != nil {
				t.Fatal(err)
			}
			in = bytes.ReplaceAll(in, []byte("\n"), []byte("\r\n"))
			style, steps := goldenStyle(filepath.Base(dir))
			if m := message.Parse(in); m.MessageID() == "" {
				style.MessageID, style.Date = "<made@lists.example.org>", testNow.Format(dateFormat)
			}
			got := transformed(steps, in, style)
			again := transformed(steps, in, style)
			if !bytes.Equal(got, again) {
				t.Error("the same copy made twice differs")
			}
			checkWire(t, in, got, true)
			want := filepath.Join(dir, "want.eml")
			plain := bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
			if *update {
				if err := os.WriteFile(want, plain, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(want)
			if err != nil || !bytes.Equal(b, plain) {
				t.Errorf("the copy is not %s (%v):\n%s", want, err, plain)
			}
		})
	}
}

func transformed(steps []Step, raw []byte, style Style) []byte {
	p, _ := Transform(steps, raw, style, Form{})
	return p.Bytes()
}

// checkWire is what holds for every copy: no field twice that may stand once, one From, no line over 998 octets, no bare CR or LF that was
// not there, and, where nothing has to be encoded anew, the body as it came.
func checkWire(t *testing.T, in, out []byte, same bool) {
	t.Helper()
	a, b := message.Parse(in), message.Parse(out)
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id",
		"List-Post", "List-Owner", "Precedence", "Return-Path"} {
		if n := b.Count(name); n > 1 && n > a.Count(name) {
			t.Errorf("%d fields %s", n, name)
		}
	}
	if same && !bytes.Equal(in[a.Body:], out[b.Body:]) {
		t.Error("the body changed")
	}
	for _, line := range bytes.SplitAfter(out[:b.Body], []byte("\r\n")) {
		if len(line) > 1000 && !bytes.Contains(in, line) {
			t.Errorf("a line of %d octets", len(line))
		}
		if i := bytes.IndexAny(bytes.TrimSuffix(line, []byte("\r\n")), "\r\n\x00"); i >= 0 {
			t.Errorf("a bare CR, LF or NUL in %q", line)
		}
	}
}

func TestCorpusThroughAList(t *testing.T) {
	root := filepath.Join("..", "..", "shared", "corpora", "mime")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus here: ", err)
	}
	site := testSite()
	lim := message.Limits{HeaderBytes: 256_000, HeaderFields: 1000, Depth: 50, Parts: 1000}
	mails := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".eml") && !strings.HasSuffix(path, ".msg") && !strings.HasSuffix(path, ".txt") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
		m := message.Parse(raw)
		if message.Guard(raw, lim) != nil || m.Check() != nil {
			return nil
		}
		mails++
		for _, l := range site.Lists {
			out := transformed(PostSteps(), raw, newStyle(site, l, &Envelope{ID: "x", Protocol: "ESMTP", Received: testNow}, m))
			checkWire(t, raw, out, !longLine(raw[m.Body:]))
			if b := message.Parse(out); len(b.Values("List-Id")) != 1 || b.Count("Received") != m.Count("Received")+1 {
				t.Errorf("%s: %d List-Id, %d Received", path, b.Count("List-Id"), b.Count("Received"))
			}
			if t.Failed() {
				t.Fatalf("first at %s", path)
			}
		}
		if err := message.Guard(raw, lim); err == nil {
			transparent := Style{List: "peers@lists.example.org", ListName: "Peers", Hostname: "mx.example.org", Received: "by x; y"}
			untouched(t, path, raw, transparent)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if mails < 100 {
		t.Errorf("only %d mails went through", mails)
	}
	t.Logf("%d mails", mails)
}

func longLine(body []byte) bool {
	for line := range bytes.SplitSeq(body, []byte("\r\n")) {
		if len(line) > 998 {
			return true
		}
	}
	return false
}

// untouched checks that a list which rewrites nothing leaves every field of the author's as it was, in its order.
func untouched(t *testing.T, path string, raw []byte, s Style) {
	t.Helper()
	out := transformed(PostSteps(), raw, s)
	a, b := message.Parse(raw), message.Parse(out)
	if !bytes.Equal(out[b.Body:], raw[a.Body:]) {
		t.Errorf("%s: the body changed", path)
	}
	rest := b.Fields
	for _, f := range a.Fields {
		switch strings.ToLower(f.Name) {
		case "from", "to", "cc", "subject", "date", "message-id", "references", "in-reply-to", "content-type", "mime-version", "dkim-signature",
			"received", "sender", "reply-to", "x-mailer":
		default:
			continue
		}
		field := raw[f.Start:f.End]
		i := 0
		for i < len(rest) && !bytes.Equal(out[rest[i].Start:rest[i].End], field) {
			i++
		}
		if i == len(rest) {
			t.Errorf("%s: the field %q changed or moved", path, field)
			return
		}
		rest = rest[i+1:]
	}
}

func TestReceivedSaysNothingForged(t *testing.T) {
	got := receivedValue("mx.example.org", &Envelope{ID: "id1", Helo: "a) by evil; Mon\r\nX: y", IP: "192.0.2.1", Protocol: "ESMTP", Received: testNow})
	if want := "from abyevilMonX:y ([192.0.2.1]) by mx.example.org with ESMTP id id1; Mon, 02 Mar 2026 10:00:00 +0000"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	local := receivedValue("mx.example.org", &Envelope{ID: "id1", Protocol: "local", Received: testNow.In(time.FixedZone("", 3*3600))})
	if !strings.HasSuffix(local, "local id id1; Mon, 02 Mar 2026 13:00:00 +0300") {
		t.Errorf("%q", local)
	}
}

func TestNoRawOctetsInTheHeaderOfARewritingList(t *testing.T) {
	raw := []byte("From: Zo\xeb <zoe@author.example>\r\nTo: peers@lists.example.org\r\nSubject: caf\xc3\xa9\r\nX-Note: \xff\r\nErrors-To: \xff\r\n\r\ncaf\xe9\r\n")
	for _, s := range []Style{{SubjectPrefix: "[peers]"}, {ReplyTo: ReplyList}} {
		s.List, s.ListName, s.Hostname, s.Received = "peers@lists.example.org", "Peers", "mx.example.org", "by x; y"
		out := transformed(PostSteps(), raw, s)
		m := message.Parse(out)
		if header, body := m.EightBit(); header || !body {
			t.Errorf("octets over 127: header %v, body %v:\n%s", header, body, out)
		}
		from, err := m.From()
		if err != nil || from.Name != "Zoë" || from.Addr != "zoe@author.example" || !strings.HasSuffix(m.Subject(), "café") || m.Count("Errors-To") > 0 {
			t.Errorf("%v, %v, %q:\n%s", from, err, m.Subject(), out)
		}
	}
	out := transformed(PostSteps(), raw, Style{List: "peers@lists.example.org", Received: "by x; y", ReplyTo: ReplySender})
	if !bytes.Contains(out, []byte("Subject: caf\xc3\xa9\r\n")) {
		t.Errorf("a list that changes nothing changed it:\n%s", out)
	}
}

func TestAuthservID(t *testing.T) {
	for v, want := range map[string]string{
		"mx.example.org; dkim=pass": "mx.example.org", " (a (nested) comment) MX.example.org 1; none": "MX.example.org", `"mx.example.org"; spf=pass`: "mx.example.org",
		"": "", "((": "", "mx.example.org(comment); x": "mx.example.org",
	} {
		if got := authservID(v); got != want {
			t.Errorf("authservID(%q) = %q, want %q", v, got, want)
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	raw := testMail("\n" + strings.Repeat("What helped the quiet group to talk, and who began?\r\n", 190))
	style, steps := goldenStyle("prefix")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Transform(steps, raw, style, Form{})
	}
}
