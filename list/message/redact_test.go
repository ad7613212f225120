package message

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// secret is what the tests redact: they look for it as a reader would.
const secret = "secret-7abcdef"

func findSecret(text []byte, _ bool) (all []Range) {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(secret))
		if i < 0 {
			return all
		}
		all = append(all, Range{from + i, from + i + len(secret)})
		from += i + len(secret)
	}
}

// inLines encodes s in base64 with lines of width characters that end with eol.
func inLines(s string, width int, eol string) string {
	e := base64.StdEncoding.EncodeToString([]byte(s))
	var b strings.Builder
	for len(e) > width {
		b.WriteString(e[:width] + eol)
		e = e[width:]
	}
	return b.String() + e
}

func TestRedact(t *testing.T) {
	hidden := strings.Repeat("x", len(secret))
	part := func(header, body string) string {
		return "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nbefore\r\n--b\r\n" + header +
			"\r\n\r\n" + body + "\r\n--b\r\n\r\nafter\r\n--b--\r\n"
	}
	coded := "Content-Type: text/plain\r\nContent-Transfer-Encoding: "
	signed := func(body string) string {
		return "Content-Type: multipart/signed; boundary=s; protocol=\"application/pgp-signature\"\r\n\r\n--s\r\nContent-Type: text/plain\r\n\r\n" + body +
			"\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n"
	}
	for name, c := range map[string]struct {
		in, want string // want empty: as it came
		sealed   bool
	}{
		"a text that is signed within": {part(coded+"7bit", "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n"+secret), "", true},
		"nothing to do":                {"Subject: x\r\n\r\nbody\r\n", "", false},
		"header and body, as often as it is there": {"Subject: " + secret + "\r\nTo: \"" + secret + "\" <a@b>\r\n\r\n" + secret + secret + "!\r\n",
			"Subject: " + hidden + "\r\nTo: \"" + hidden + "\" <a@b>\r\n\r\n" + hidden + hidden + "!\r\n", false},
		"the second part":          {part("Content-Type: text/html", "<b>"+secret+"</b>"), part("Content-Type: text/html", "<b>"+hidden+"</b>"), false},
		"the header of a part":     {part("Content-Type: text/plain; name="+secret, "x"), part("Content-Type: text/plain; name="+hidden, "x"), false},
		"an enclosed message":      {part("Content-Type: message/rfc822", "Subject: "+secret+"\r\n\r\nx"), part("Content-Type: message/rfc822", "Subject: "+hidden+"\r\n\r\nx"), false},
		"a soft line break in it":  {part(coded+"quoted-printable", "sec=\r\nret-7=  \r\nabcdef=3D"), part(coded+"quoted-printable", "xxx=\r\nxxxxx=  \r\nxxxxxx=3D"), false},
		"octets of it in hex":      {part(coded+"Quoted-Printable", "=73ecret=2D7abcde=66="), part(coded+"Quoted-Printable", "=78xxxxx=78xxxxxx=78="), false},
		"base64 in lines":          {part(coded+"base64", inLines("1"+secret+"23", 8, "\r\n")), part(coded+"base64", inLines("1"+hidden+"23", 8, "\r\n")), false},
		"base64 with other things": {part(coded+"base64", inLines("12"+secret+"3", 5, " * \r\n")), part(coded+"base64", inLines("12"+hidden+"3", 5, " * \r\n")), false},
		"base64 in two runs":       {part(coded+"base64", inLines(secret, 76, "")+"\r\n"+inLines(secret, 76, "")), part(coded+"base64", inLines(hidden, 76, "")+"\r\n"+inLines(hidden, 76, "")), false},
		"base64 without padding":   {part(coded+"base64", strings.TrimRight(inLines(secret, 76, ""), "=")), part(coded+"base64", strings.TrimRight(inLines(hidden, 76, ""), "=")), false},
		"an encoded message in base64, encoded inside": {
			part("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", inLines(part(coded+"quoted-printable", "secret=2D7abcdef"), 76, "\r\n")),
			part("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", inLines(part(coded+"quoted-printable", "xxxxxx=78xxxxxxx"), 76, "\r\n")), false},
		"a word of Q": {"To: =?utf-8?q?a_secret=2D7abcdef?= <a@b>\r\n\r\n", "To: =?utf-8?q?a_xxxxxx=78xxxxxxx?= <a@b>\r\n\r\n", false},
		"a word of B": {"To: =?utf-8?B?" + inLines("ü"+secret, 99, "") + "?= <a@b>\r\n\r\n", "To: =?utf-8?B?" + inLines("ü"+hidden, 99, "") + "?= <a@b>\r\n\r\n", false},
		"two words that it is split over": {"Subject: x =?utf-8?b?" + inLines("secret-", 99, "") + "?=\r\n =?us-ascii?q?7ab=63def?= y\r\n\r\n",
			"Subject: x =?utf-8?b?" + inLines("xxxxxxx", 99, "") + "?=\r\n =?us-ascii?q?xxx=78xxx?= y\r\n\r\n", false},
		"two words with another between are not one": {"Subject: =?utf-8?q?secret-?= x =?utf-8?q?7abcdef?=\r\n\r\n", "", false},
		"a word in the header of a part":             {part("Content-Description: =?utf-8?q?=73ecret-7abcdef?=", "x"), part("Content-Description: =?utf-8?q?=78xxxxxxxxxxxxx?=", "x"), false},
		"a picture is not read":                      {part("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", inLines(secret, 76, "")), "", false},
		"nor is what is compressed":                  {part("Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64", inLines(secret, 76, "")), "", false},
		"what may be anything is":                    {part("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64", inLines(secret, 76, "")), part("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64", inLines(hidden, 76, "")), false},
		"signed text stays":                          {"Subject: x\r\n" + signed(secret), "", true},
		"signed text stays when it is encoded":       {strings.Replace(signed("secret=2D7abcdef"), "text/plain", "text/plain\r\nContent-Transfer-Encoding: quoted-printable", 1), "", true},
		"the header over it does not":                {"Subject: " + secret + "\r\n" + signed("x"), "Subject: " + hidden + "\r\n" + signed("x"), false},
		"both":                                       {"Subject: " + secret + "\r\n" + signed(secret), "Subject: " + hidden + "\r\n" + signed(secret), true},
		"a signed part beside others":                {strings.Replace(part(strings.TrimRight(strings.SplitN(signed(secret), "\r\n\r\n", 2)[0], "\r\n"), strings.SplitN(signed(secret), "\r\n\r\n", 2)[1]), "after", secret, 1), strings.Replace(part(strings.TrimRight(strings.SplitN(signed(secret), "\r\n\r\n", 2)[0], "\r\n"), strings.SplitN(signed(secret), "\r\n\r\n", 2)[1]), "after", hidden, 1), true},
		"the header of a message in what is signed":  {strings.Replace(signed("Subject: "+secret+"\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nx\r\n--i--"), "text/plain", "message/rfc822", 1), "", true},
		"pkcs7 stays":                                {"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inLines("\x30\x80"+secret, 64, "\r\n"), "", true},
		"signed within an encoded message":           {part("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", inLines(signed(secret), 76, "\r\n")), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want == "" {
				c.want = c.in
			}
			raw := []byte(c.in)
			got, sealed := NewRedactor(raw).Redact(findSecret)
			if string(got) != c.want || sealed != c.sealed {
				t.Errorf("sealed %v\n%s\nwant %v\n%s", sealed, got, c.sealed, c.want)
			}
			if string(raw) != c.in {
				t.Error("raw was changed")
			}
			if again, _ := NewRedactor(got).Redact(findSecret); !c.sealed && &again[0] != &got[0] {
				t.Error("something is left")
			}
		})
	}
}

// TestRedactWhateverItIsWrittenIn: however a text is encoded, what is pointed to is gone, and all else reads as before.
func TestRedactWhateverItIsWrittenIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		filler := rapid.StringMatching(`[ -~üé]{0,40}`)
		text := filler.Draw(t, "before") + secret + filler.Draw(t, "after")
		header, body := "", ""
		switch rapid.IntRange(0, 2).Draw(t, "encoding") {
		case 0:
			header, body = "base64", inLines(text, rapid.IntRange(1, 80).Draw(t, "width"), rapid.SampledFrom([]string{"\r\n", " \r\n", "\r\n\r\n"}).Draw(t, "eol"))
		case 1:
			header = "quoted-printable"
			for _, c := range []byte(text) {
				if c == '=' || c >= 0x80 || rapid.Bool().Draw(t, "hex") {
					body += "=" + string(hexDigits[c>>4]) + string(hexDigits[c&15])
				} else {
					body += string(rune(c))
				}
				if rapid.IntRange(0, 9).Draw(t, "break") == 0 {
					body += "=\r\n"
				}
			}
		case 2:
			header, body = "8bit", text
		}
		raw := []byte("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + header + "\r\n\r\n" + body)
		got, sealed := NewRedactor(raw).Redact(findSecret)
		if sealed || len(got) != len(raw) {
			t.Fatalf("sealed %v, %d octets of %d", sealed, len(got), len(raw))
		}
		want := strings.ReplaceAll(Parse(raw).Text(1000), secret, strings.Repeat("x", len(secret)))
		if said := Parse(got).Text(1000); said != want {
			t.Fatalf("it says %q, want %q:\n%s", said, want, got)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add([]byte("Subject: =?utf-8?q?=73ecret-7abcdef?=\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inLines("\r\n"+secret, 7, "\r\n")))
	f.Add([]byte("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=73ecret-7=\r\nabcdef=\r\n"))
	f.Add([]byte("Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n" + secret + "\r\n--s--\r\n" + secret))
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		got, sealed := NewRedactor(raw).Redact(findSecret)
		if !bytes.Equal(raw, before) || len(got) != len(raw) {
			t.Fatalf("%d octets became %d", len(raw), len(got))
		}
		if again, _ := NewRedactor(got).Redact(findSecret); !bytes.Equal(again, got) {
			t.Fatalf("redacted twice it is another:\n%q\n%q", got, again)
		}
		if !sealed && bytes.Contains(got, []byte(secret)) {
			t.Fatalf("%q is left in %q", secret, got)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	text := strings.Repeat("Some words of a text - and a/b - and more.\r\n", 1200)
	for name, raw := range map[string]string{
		"text 52 kB":        "Content-Type: text/plain\r\n\r\n" + text,
		"attachment 1.4 MB": "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inLines(strings.Repeat(text, 20), 76, "\r\n"),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				NewRedactor([]byte(raw)).Redact(findSecret)
			}
		})
	}
}
