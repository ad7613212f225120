package message

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestASCII has fields that only SMTPUTF8 carries come out for servers without it. Each case stands in a message of its own.
func TestASCII(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a name in From":                       {"From: Jörg <j@a.example>", "From: =?utf-8?q?J=C3=B6rg?= <j@a.example>"},
		"an author whose address is not ASCII": {"From: 佐藤 <用户@例え.jp>", "From: =?utf-8?b?5L2Q6Jek?= <dev@lists.example.org>"},
		"an author without a name":             {"From: <用户@例え.jp>", "From: =?utf-8?b?55So5oi3?= <dev@lists.example.org>"},
		"an author at a domain in Unicode":     {"From: Ann <ann@bücher.example>", "From: Ann <ann@xn--bcher-kva.example>"},
		"a recipient that is not ASCII":        {"To: Ann <ann@a.example>, José <josé@a.example>, b@b.example", "To: Ann <ann@a.example>, =?utf-8?q?Jos=C3=A9_jos=C3=A9=40a=2Eexample?= :;,\r\n b@b.example"},
		"a copy to two that are not":           {"Cc: é@a.example, ü@b.example", "Cc: =?utf-8?q?=C3=A9=40a=2Eexample?= :;, =?utf-8?q?=C3=BC=40b=2Eexample?= :;"},
		"a group":                              {"To: Gruppe: ann@a.example, é@b.example;", "To: ann@a.example, =?utf-8?q?=C3=A9=40b=2Eexample?= :;"},
		"a reply to nobody else":               {"Reply-To: é@a.example", ""},
		"a reply to somebody else":             {"Reply-To: é@a.example, b@b.example", "Reply-To: b@b.example"},
		"a sender":                             {"Sender: é@a.example", ""},
		"an author of another field":           {"Author: 佐藤 <用户@例え.jp>", ""},
		"an address that cannot be read":       {"To: é@@", "To: ?@@"},
		"a subject":                            {"Subject: Grüße", "Subject: =?utf-8?b?R3LDvMOfZQ==?="},
		"a subject of another charset":         {"Subject: Gr\xfc\xdfe", "Subject: =?utf-8?b?R3LDvMOfZQ==?="},
		"an id":                                {"Message-ID: <日@例え.jp>", "Message-ID: <491273c0a26baed204afb54f052a5a4a@lists.example.org>"},
		"an answer":                            {"References: <1@a.example> <日@例え.jp>", "References: <1@a.example> <491273c0a26baed204afb54f052a5a4a@lists.example.org>"},
		"a trace":                              {"Received: from bücher.example by x;\r\n today", "Received: from b?cher.example by x;\r\n today"},
		"a line that is no field":              {"Grüße", "Gr??e"},
		"a file name":                          {"Content-Disposition: attachment; size=3; filename=\"写真 1.jpg\"", "Content-Disposition: attachment; filename*=utf-8''%E5%86%99%E7%9C%9F%201.jpg;\r\n size=3"},
		"a long file name":                     {"Content-Disposition: attachment; filename=\"写真写真写真写真.jpg\"", "Content-Disposition: attachment;\r\n filename*0*=utf-8''%E5%86%99%E7%9C%9F%E5%86%99%E7%9C%9F%E5%86%99;\r\n filename*1*=%E7%9C%9F%E5%86%99%E7%9C%9F.jpg"},
		"a type":                               {"Content-Type: text/plain; name=é; charset=utf-8", "Content-Type: text/plain; charset=utf-8; name*=utf-8''%C3%A9"},
		"a word that is no type":               {"Content-Type: té; a=b", "Content-Type: application/octet-stream; a=b"},
		"a description":                        {"Content-Description: Über", "Content-Description: =?utf-8?q?=C3=9Cber?="},
		"nothing":                              {"Subject: =?utf-8?q?=C3=BC?=  twice", "Subject: =?utf-8?q?=C3=BC?=  twice"},
	} {
		if c.want != "" {
			c.want += "\r\n"
		}
		in, want := "X: 1\r\n"+c.in+"\r\nY: 2\r\n\r\nä\r\n", "X: 1\r\n"+c.want+"Y: 2\r\n\r\nä\r\n"
		if got := ASCII([]byte(in), Mailbox{Addr: "dev@lists.example.org"}); string(got) != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	if got := string(ASCII([]byte("From: <用户@例え.jp>\r\n\r\n"), Mailbox{"用 via Dev", "dev@x.example"})); got != "From: =?utf-8?q?=E7=94=A8_via_Dev?= <dev@x.example>\r\n\r\n" {
		t.Errorf("with a name for authors: %s", got)
	}
}

const partsAbroad = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: image/png; name=\"é.png\"\r\n\r\n\xff\xfe\r\n" +
	"--b\r\nContent-Type: message/global\r\n\r\nFrom: é <é@a.example>\r\nSubject: ü\r\n\r\nö\r\n" +
	"--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Description: ü\r\n\r\nx\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\ny\r\n--s--\r\n" +
	"--b\r\nContent-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTog\r\n--b--\r\n"

func TestASCIIOfParts(t *testing.T) {
	want := "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: image/png; name*=utf-8''%C3%A9.png\r\n\r\n\xff\xfe\r\n" +
		"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: =?utf-8?q?=C3=A9_=C3=A9=40a=2Eexample?= :;\r\nSubject: =?utf-8?b?w7w=?=\r\n\r\nö\r\n" +
		"--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Description: ü\r\n\r\nx\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\ny\r\n--s--\r\n" +
		"--b\r\nContent-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTog\r\n--b--\r\n"
	if got := ASCII([]byte(partsAbroad), Mailbox{Addr: "dev@lists.example.org"}); string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if !Parse([]byte(partsAbroad)).International() || Parse([]byte("Subject: x\r\n\r\nä\r\n")).International() {
		t.Error("a part is international by its header, and no message by its body")
	}
}

func FuzzASCII(f *testing.F) {
	f.Add([]byte(partsAbroad))
	f.Add([]byte("From: 佐藤 <用户@例え.jp>\r\nTo: é@b; Grüße: a@b, é@c;\r\nContent-Type: é; a*0*=é\r\n\r\n"))
	files, _ := filepath.Glob("../../../shared/corpora/mime/*/*.eml")
	for _, file := range files[:min(len(files), 100)] {
		if raw, err := os.ReadFile(file); err == nil {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		out := ASCII(raw, Mailbox{Addr: "dev@lists.example.org"})
		if !bytes.Equal(raw, before) {
			t.Fatal("what came was changed")
		}
		m, was := Parse(out), Parse(before)
		if hasHigh(out[:m.Body]) {
			t.Errorf("octets over 127 in\n%q\nof\n%q", out[:m.Body], before)
		}
		if !hasHigh(before) && !bytes.Contains(bytes.ToLower(before), []byte("message/global")) && !bytes.Equal(out, before) {
			t.Errorf("%q became %q", before, out)
		}
		if len(m.Fields) > len(was.Fields) {
			t.Errorf("%d fields became %d: %q", len(was.Fields), len(m.Fields), out)
		}
	})
}

func TestPlainDomain(t *testing.T) {
	for domain, want := range map[string]string{
		"bücher.example": "xn--bcher-kva.example", "BÜCHER.example": "xn--bcher-kva.example", "xn--bcher-kva.example": "xn--bcher-kva.example", "Plain.Example": "Plain.Example",
		"": "", "ü_.example": "ü_.example", "bücher.example.": "xn--bcher-kva.example.",
	} {
		if got := PlainDomain(domain); got != want {
			t.Errorf("%q becomes %q, want %q", domain, got, want)
		}
	}
}
