package message

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds adds real mail, where there is some.
func seeds(f *testing.F) {
	for _, pattern := range []string{"corpora/mime/stalwartlabs+mail-parser/resources/eml/*/*.eml", "corpora/bounces/livebg+bounce_email/*/*.txt", "corpora/bounces/mikel+mail/*/*/*/*.eml"} {
		paths, err := filepath.Glob(filepath.Join(shared, pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range paths[:min(len(paths), 40)] {
			if raw, err := os.ReadFile(p); err == nil && len(raw) < 1<<15 {
				f.Add(raw)
			}
		}
	}
	for _, s := range []string{editSample, "", "\r\n", " \r\n", "A", "A:\r\n \r\n", "From x\n\nb", nested(3)} {
		f.Add([]byte(s))
	}
}

func FuzzSplit(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			t.Skip("long enough to be slow, and nothing new")
		}
		readAll(t, "fuzz", raw)
		m := Parse(raw)
		e := NewEdit(m)
		for i := range m.Fields { // replacing each field by itself may tidy it, but adds none and loses none that has a name
			e.Replace(i, string(raw[m.Fields[i].Start:m.Fields[i].End]))
		}
		again := Parse(e.Bytes())
		if got, want := len(again.Fields), len(m.Fields)-m.Malformed; got != want {
			t.Errorf("%d fields, want %d", got, want)
		}
	})
}

func FuzzMailboxes(f *testing.F) {
	for _, s := range []string{`"Author, Ann" <ann@author.example>, b@c.example (x (y))`, "g:h:a@b.example;;", "<@x.test,@y.test:m@lists.test>", "a@b.example <A@b.example>",
		"=?utf-8?q?=3Ca@b=3E?= <e@x.test>", `"a b\"c"@x.test`, "a . b@c . example", "a@[192.0.2.1]", "(((", `"`, "<", "a@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		boxes, _ := ParseMailboxes(s)
		line := EncodeMailboxes("To", boxes...)
		if strings.Count(line, "\r\n") != strings.Count(line, "\r\n ")+min(1, len(line)) {
			t.Fatalf("%q is more than one field", line)
		}
		if len(boxes) == 0 {
			return
		}
		for _, b := range boxes {
			mustLine(t, "name", b.Name)
			if !writable(b.Addr) {
				t.Errorf("%q was read and cannot be written", b.Addr)
			}
		}
		m := Parse([]byte(line + "\r\n"))
		again, err := ParseMailboxes(m.Get("To"))
		if err != nil || len(again) != len(boxes) {
			t.Fatalf("%+v is written as %q and read as %+v: %v", boxes, line, again, err)
		}
		for i := range boxes {
			if again[i] != boxes[i] {
				t.Errorf("%+v is written as %q and read as %+v", boxes[i], line, again[i])
			}
		}
	})
}

func FuzzAddr(f *testing.F) {
	for _, s := range []string{"ann@author.example", `"a\"b>c"@y.example`, "用户@例え.jp", "a@xn--r8jz45g.jp", "a@b..c", `""@b`, "a@[1]", "a@M\u00dcNCHEN.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddr(s)
		if err != nil {
			if a != "" {
				t.Errorf("%q with error %v", a, err)
			}
			return
		}
		if again, err := ParseAddr(a); err != nil || again != a {
			t.Errorf("%q is read as %q, that as %q: %v", s, a, again, err)
		}
		if len(a) > 254 || strings.ContainsAny(a, " \r\n\x00") || !writable(a) {
			t.Errorf("%q is not safe to write", a)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "=?x-unknown?q?a?= =?utf-8?b?w7w?=", "a =? b ?=", "=?iso-2022-jp?b?GyRCJWEhPCVrJV4lcxsoQg==?=", "Bücher \xff",
		"[dev] Re: x (was: y)", "a  b", "=?utf-8?q?=0D=0A?="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := Decode(s)
		mustLine(t, "decoded", text)
		text = strings.Trim(text, " ")
		line := EncodeText("Subject", text)
		checkLines(t, line)
		m := Parse([]byte(line + "\r\n"))
		if len(m.Fields) != 1 {
			t.Fatalf("%q is written as %q", text, line)
		}
		if got := Decode(m.Get("Subject")); got != text && !strings.Contains(text, strings.Repeat(" ", wordLine/2)) {
			t.Errorf("%q is written as %q and read as %q", text, line, got)
		}
		prefixed := PrefixSubject(text, "[dev]")
		if again := PrefixSubject(prefixed, "[dev]"); again != prefixed {
			t.Errorf("prefixing is not idempotent: %q, then %q", prefixed, again)
		}
		base := BaseSubject(text)
		if again := BaseSubject(base); again != base && !strings.HasPrefix(base, "[") {
			t.Errorf("the base of %q is %q, and of that %q", text, base, again)
		}
	})
}

func BenchmarkGuard(b *testing.B)      { benchmark(b, func(raw []byte) { _ = Guard(raw, guardLimits) }) }
func BenchmarkParse(b *testing.B)      { benchmark(b, func(raw []byte) { Parse(raw) }) }
func BenchmarkContentKey(b *testing.B) { benchmark(b, func(raw []byte) { Parse(raw).ContentKey() }) }
func BenchmarkText(b *testing.B)       { benchmark(b, func(raw []byte) { Parse(raw).Text(4096) }) }

func BenchmarkEdit(b *testing.B) {
	benchmark(b, func(raw []byte) {
		m := Parse(raw)
		e := NewEdit(m)
		e.Remove(func(name, _ string) bool { return strings.HasPrefix(name, "List-") || name == "Subject" })
		e.Append(EncodeText("Subject", PrefixSubject(m.Subject(), "[dev]")))
		e.Append(MakeField("List-Id", "Dev <dev.lists.example.org>"))
		e.Bytes()
	})
}

// benchmark runs f over a post of about 10 kB: 20 fields, two alternatives.
func benchmark(b *testing.B, f func(raw []byte)) {
	raw := samplePost()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		f(raw)
	}
}

func samplePost() []byte {
	var b bytes.Buffer
	for range 8 {
		b.WriteString("Received: from out.author.example (out.author.example [192.0.2.7])\r\n\tby mx.lists.example.org with ESMTPS id 01J8Z;\r\n\tThu, 01 Jan 2026 10:00:01 +0000\r\n")
	}
	b.WriteString(crlf(`From: Ann Author <ann@author.example>
To: dev@lists.example.org
Subject: Re: [dev] =?utf-8?q?B=C3=BCcher_und_mehr?=
Date: Thu, 01 Jan 2026 10:00:00 +0000
Message-ID: <abc@author.example>
In-Reply-To: <root@other.example>
References: <root@other.example>
List-Id: <dev.lists.example.org>
List-Post: <mailto:dev@lists.example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_boundary_0123456789"

--=_boundary_0123456789
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

`))
	b.WriteString(strings.Repeat("A line of text as people write them, with B=C3=BCcher and all that.\r\n", 60))
	b.WriteString("--=_boundary_0123456789\r\nContent-Type: text/html; charset=utf-8\r\n\r\n")
	b.WriteString(strings.Repeat("<p>A line of text as people write them, with <b>much</b> markup.</p>\r\n", 60))
	b.WriteString("--=_boundary_0123456789--\r\n")
	return b.Bytes()
}
