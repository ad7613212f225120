package mailer

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// signAll signs each message of standard input as its author would, with dkimpy, and prints it.
const signAll = `
import base64, dkim, json, sys
task = json.load(sys.stdin)
for m in task["messages"]:
    raw = base64.b64decode(m["Raw"])
    field = dkim.sign(raw, b"author", b"author.example", task["key"].encode(), include_headers=[h.encode() for h in m["Names"]],
                      canonicalize=(m["Header"].encode(), m["Body"].encode()), length=m["Length"])
    print(base64.b64encode(field + raw).decode())
`

// authored is a mail that its author signs.
type authored struct {
	Raw          []byte
	Names        []string
	Header, Body string
	Length       bool
}

// dkimpy runs a program with a Python that has dkimpy (Debian: python3-dkim).
func dkimpy(t *testing.T, program string, task any) []string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import dkim, nacl").Run() != nil {
			continue
		}
		in, err := json.Marshal(task)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(name, "-c", program)
		cmd.Stdin = bytes.NewReader(in)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	t.Skip("no python3 with dkim and nacl")
	return nil
}

// transformed is a Source that makes copies as a list does.
type transformed struct{ raw []byte }

func (s transformed) Copy(out list.Outgoing, form list.Form) (message.Pieces, error) {
	p, _ := list.Transform(list.PostSteps(), s.raw, out.Style, form)
	return p, nil
}

func (s transformed) Personal(*list.Outgoing, *list.Copy) (list.Personal, error) {
	return list.Personal{Fields: []byte(oneClick)}, nil
}

// TestDkimpyAgreesWhichSignaturesHold has mail signed by dkimpy as its author, taken through lists, and every signature that is left verified by it: ours
// and the author's.
func TestDkimpyAgreesWhichSignaturesHold(t *testing.T) {
	const dinnerBody = "Hi.\r\n\r\nWe lost  the game. \r\n\r\n\r\n"
	header := "From: Joe <joe@author.example>\r\nTo: dev@football.example.com\r\nSubject: Is  dinner\r\n\tready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\n" +
		"Message-ID: <1@author.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
	usual := []string{"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}
	plain, prefix, footer := list.Style{}, list.Style{SubjectPrefix: "[dev]"}, list.Style{Footer: "You get this as a member of dev.\n"}
	cases := []struct {
		name  string
		mail  authored
		style list.Style
		stays bool
		hop   shape
	}{
		{"transparent, relaxed", authored{Names: usual, Header: "relaxed", Body: "relaxed"}, plain, true, shape{}},
		{"transparent, simple", authored{Names: usual, Header: "simple", Body: "simple"}, plain, true, shape{}},
		{"transparent, with what is not there ruled out", authored{Names: append(usual, "from", "subject", "reply-to", "cc"), Header: "relaxed", Body: "simple"}, plain, true, shape{}},
		{"transparent, with a further list ruled out", authored{Names: append(usual, "list-id"), Header: "relaxed", Body: "relaxed"}, plain, false, shape{}},
		{"a prefix", authored{Names: usual, Header: "relaxed", Body: "relaxed"}, prefix, false, shape{}},
		{"a prefix, and a Subject that is not covered", authored{Names: []string{"from", "date", "to"}, Header: "relaxed", Body: "relaxed"}, prefix, true, shape{}},
		{"the same in the simple form", authored{Names: []string{"from", "date", "to"}, Header: "simple", Body: "simple"}, prefix, true, shape{}},
		{"the same with a length", authored{Names: []string{"from", "date", "to"}, Header: "relaxed", Body: "simple", Length: true}, prefix, true, shape{}},
		{"a footer", authored{Names: []string{"from", "date"}, Header: "relaxed", Body: "relaxed"}, footer, false, shape{}},
		{"a footer below the length that is covered", authored{Names: []string{"from", "date"}, Header: "relaxed", Body: "simple", Length: true}, footer, true, shape{}},
		{"a prefix, and a way to leave ruled out", authored{Names: []string{"from", "date", "list-unsubscribe"}, Header: "relaxed", Body: "relaxed"}, prefix, false, shape{}},
		{"8-bit text to a hop that takes it", authored{Raw: []byte(header + "Où est-ce?\r\n"), Names: usual, Header: "relaxed", Body: "relaxed"}, plain, true, shape{}},
		{"8-bit text to one that does not", authored{Raw: []byte(header + "Où est-ce?\r\n"), Names: usual, Header: "relaxed", Body: "relaxed"}, plain, false, shape{sevenBit: true}},
		{"a Subject in UTF-8 to one that does not", authored{Raw: []byte(strings.Replace(header, "dinner", "dîner", 1) + dinnerBody), Names: usual, Header: "relaxed", Body: "relaxed"}, plain, false, shape{ascii: true}},
	}
	var mails []authored
	for i := range cases {
		if cases[i].mail.Raw == nil {
			cases[i].mail.Raw = []byte(header + dinnerBody)
		}
		mails = append(mails, cases[i].mail)
	}
	signed := dkimpy(t, signAll, map[string]any{"messages": mails, "key": exampleRSA})
	if len(signed) != len(cases) {
		t.Fatalf("dkimpy said:\n%s", strings.Join(signed, "\n"))
	}

	records := exampleRecords(t)
	records["author._domainkey.author.example"] = SigningKey{"author.example", "author", rsaKey(t)}.Record()
	var copies [][]byte
	var want []string
	for i, c := range cases {
		raw, err := base64.StdEncoding.DecodeString(signed[i])
		if err != nil {
			t.Fatalf("dkimpy said %s", signed[i])
		}
		for _, personal := range []bool{false, true} {
			style := c.style
			style.List, style.Received, style.Personal = "dev@football.example.com", "by lists.example.org; Mon, 02 Mar 2026 09:00:00 +0000", personal
			for _, k := range exampleKeys(t) {
				style.Signing = append(style.Signing, k.RecordName())
			}
			copies = append(copies, signedCopy(t, raw, style, c.hop))
			holds := "[true, true]"
			if c.stays {
				holds = "[true, true, true]"
			}
			want = append(want, fmt.Sprintf("%s, personal %v: %s", c.name, personal, holds))
		}
	}
	for i, line := range dkimpy(t, verifyEach, map[string]any{"messages": copies, "records": records}) {
		if !strings.HasSuffix(want[i], ": "+line) {
			t.Errorf("%s, and dkimpy says %s of\n%s", want[i], line, copies[i])
		}
	}
}

// verifyEach prints for each message whether each of its signatures holds.
const verifyEach = `
import base64, dkim, json, re, sys
task = json.load(sys.stdin)
def txt(name, timeout=5):
    return task["records"].get(name.decode().rstrip("."), "").encode()
for message in task["messages"]:
    raw = base64.b64decode(message)
    n = len(re.findall(rb"(?im)^dkim-signature:", raw.split(b"\r\n\r\n")[0]))
    print(json.dumps([dkim.DKIM(raw, minkey=1024).verify(idx=i, dnsfunc=txt) for i in range(n)]))
`

// signedCopy is what one member gets.
func signedCopy(t *testing.T, raw []byte, style list.Style, hop shape) []byte {
	t.Helper()
	source := transformed{raw}
	cs := contents{source: source}
	header, body := message.Parse(raw).EightBit()
	out := &list.Outgoing{ID: 1, List: 1, Post: 1, Address: style.List, Accepted: time.Unix(1528637909, 0), Style: style, EightBit: body, UTF8: header}
	made, _, err := cs.get(out, &settings{Delivery: Delivery{Signer: NewSigner(exampleKeys(t)), Hostname: "football.example.com"}}, hop)
	if err != nil {
		t.Fatal(err)
	}
	head, own := made.head, []byte(nil)
	if style.Personal {
		own = []byte(oneClick)
		if head, err = made.seal.Sign(own); err != nil {
			t.Fatal(err)
		}
	}
	return bytes.Join([][]byte{head, made.trace, own, made.content.Message().Bytes()}, nil)
}
