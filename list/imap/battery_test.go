package imap

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// answers are what is to be said to each burst of hostile input.
var answers = map[string]struct {
	signed bool   // after a sign-in
	want   string // a regular expression for all that is said about it
}{
	"literal-4GiB":        {false, `^a BAD The command is too long\n\* BYE Too long$`},
	"literal-neg":         {false, `^a BAD .*$`},
	"literal-plus-huge":   {false, `^\* BYE \[TOOBIG\] Too long$`},
	"nest-search":         {true, `^a BAD The command is too long$`},
	"not-chain":           {true, `^a BAD The command is too long$`},
	"fetch-range":         {true, `(?s)^\* 1 FETCH \(BODY\[\] .*\na OK FETCH completed$`},
	"fetch-section-depth": {true, `^\* 1 FETCH \(BODY\[[1.]+\] (""|\{0\}\n)\)\na OK FETCH completed$`},
	"fetch-partial":       {true, `^(\* 1 FETCH \(BODY\[\]<4294967295> (""|\{0\}\n)\)\na OK FETCH completed|a BAD .*)$`},
	"seqset-1M":           {true, `^a BAD The command is too long$`},
	"mbox-traversal":      {true, `^\* OK \[CLOSED\] [^\n]*\na NO \[NONEXISTENT\] [^\n]*\nb NO \[NONEXISTENT\] [^\n]*\nc OK LIST completed$`},
	"mutf7":               {true, `^a (NO|BAD) [^\n]*$`},
	"readonly":            {true, `^a NO \[NOPERM\] [^\n]*\nb NO \[NOPERM\] [^\n]*\nc NO \[NOPERM\] [^\n]*\nd NO \[NOPERM\] [^\n]*\ne NO \[NOPERM\] [^\n]*\nf NO \[NOPERM\] [^\n]*$`},
	"other-list":          {true, `(?s)^\* OK \[CLOSED\] [^\n]*\na NO \[NONEXISTENT\] There is no such mailbox, or it is not for you\n\* LIST .*\nb OK LIST completed$`},
	"login-brute":         {false, `(?s)^a0 NO \[AUTHENTICATIONFAILED\] .*\na9 NO \[AUTHENTICATIONFAILED\] [^\n]*\n\* BYE Too many failed sign-ins$`},
	"crlf-quoted":         {false, `^a BAD A string has a line break, or NUL\n\* BAD A string has a line break, or NUL$`},
	"no-newline":          {false, `^a BAD The command is too long\n\* BYE Too long$`},
	"idle-hold":           {true, `^\+ idling$`},
}

// battery are the bursts that the generator of hostile input makes.
func battery(t *testing.T) map[string]string {
	t.Helper()
	gen := filepath.Join("..", "..", "..", "shared", "battery", "gen.py")
	if _, err := os.Stat(gen); err != nil {
		t.Skip("the generator of hostile input is not there")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), python, gen, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	names, err := filepath.Glob(filepath.Join(dir, "imap", "*.burst"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d bursts, %v", len(names), err)
	}
	all := map[string]string{}
	for _, name := range names {
		said, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".burst")] = filled(string(said))
	}
	return all
}

var inBase64 = regexp.MustCompile(`(?s)@B64\{(.*?)\}@`)

func filled(said string) string {
	return inBase64.ReplaceAllStringFunc(said, func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte(inBase64.FindStringSubmatch(s)[1]))
	})
}

func TestBattery(t *testing.T) {
	for name, burst := range battery(t) {
		c, ok := answers[name]
		if !ok {
			t.Errorf("nothing is said of %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.post(peers, mail)
			h.post(inner, mail)
			h.hurry.Store(int64(failuresCount)) // that sign-ins wait for each other is another test's
			conn := h.dial()
			if c.signed {
				conn = h.member("zoe@example.net", peers)
				open := "EXAMINE"
				if name == "readonly" { // and what is fetched in the others shall not be marked as read
					open = "SELECT"
				}
				conn.ok(open + " Lists/" + peers)
			}
			before := h.contents()
			h.check(conn.SetDeadline(time.Now().Add(5 * time.Second)))
			go io.WriteString(conn, burst)
			want, said := regexp.MustCompile(c.want), ""
			for begun := time.Now(); !want.MatchString(said); {
				line := conn.line()
				if line == "" || time.Since(begun) > 15*time.Second {
					t.Fatalf("%.1000q was said", said)
				}
				said = strings.TrimPrefix(said+"\n"+strings.ReplaceAll(line, "\r\n", "\n"), "\n")
			}
			if strings.Contains(said, inner) || strings.Contains(said, "SERVERBUG") {
				t.Errorf("%.1000q was said", said)
			}
			if after := h.contents(); after != before {
				t.Errorf("the store was changed:\n%s\n%s", before, after)
			}
			h.anonymous().ok("EXAMINE Lists/" + peers)
		})
	}
}

// contents are all posts, and all that is written down beside them.
func (h *house) contents() string {
	var b bytes.Buffer
	h.check(h.db.View(func(r list.Reader) error {
		return r.Lists(func(rec list.Record) error {
			fmt.Fprintf(&b, "%+v", rec)
			if err := r.Posts(rec.ID, 1, func(p list.Post) error { fmt.Fprintf(&b, "%+v", p); return nil }); err != nil {
				return err
			}
			return r.Papers(rec.ID, "", func(name string, v []byte) error { fmt.Fprint(&b, name, v); return nil })
		})
	}))
	return b.String()
}

// A thousand connections that idle cost little, and a new post reaches them all.
func TestThousandIdle(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	const many = 1000
	before := heap()
	all := make([]net.Conn, many)
	wait := func(c net.Conn, what string) {
		var p [1024]byte
		for said := ""; !strings.Contains(said, what); {
			n, err := c.Read(p[:])
			h.check(err)
			said += string(p[:n])
		}
	}
	for i := range all {
		c, err := net.Dial("tcp", h.at)
		h.check(err)
		defer c.Close()
		h.check(c.SetDeadline(time.Now().Add(time.Minute)))
		_, err = io.WriteString(c, "a LOGIN anonymous x\r\nb EXAMINE Lists/"+peers+"\r\nc IDLE\r\n")
		h.check(err)
		wait(c, "idling")
		all[i] = c
	}
	if each := int64(heap()-before) / many; each > 100<<10 {
		t.Errorf("a connection costs %d octets", each)
	} else {
		t.Logf("a connection costs %d octets", each)
	}
	h.post(peers, mail)
	for _, c := range all {
		wait(c, "* 2 EXISTS")
	}
}
