package message

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	alternative := "Content-Type: multipart/alternative; boundary=\"b b\"\n\npreamble\n--b b\nContent-Type: text/html\n\n<p>html</p>\n--b b\nContent-Type: text/plain\n\nplain\n--b b--\nepilogue\n"
	for name, c := range map[string]struct{ raw, want string }{
		"a message without MIME":    {"Subject: x\n\nhello\nyou\n", "hello\nyou\n"},
		"nothing":                   {"", ""},
		"no body":                   {"Subject: x\n", ""},
		"plain text behind HTML":    {alternative, "plain"},
		"quoted-printable":          {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable\n\nB=C3=BCcher=20 \nsoft=\n break =ZZ\n", "Bücher \nsoft break =ZZ\n"},
		"base64":                    {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nQsO8\nY2hlcg==\n", "Bücher"},
		"base64 with rubbish in it": {"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!aG@Vs\nbG8=***\n", "hello"},
		"latin-1":                   {"Content-Type: text/plain; charset=\"ISO-8859-1\"\n\ncaf\xe9\n", "café\n"},
		"iso-2022-jp":               {"Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B%a!<%k%^%s\x1b(B\n", "メールマン\n"},
		"an unknown charset is shown as it can be":    {"Content-Type: text/plain; charset=x-unknown\n\ncaf\xc3\xa9 \x80\n", "café €\n"},
		"no charset and 8 bits":                       {"Subject: x\n\ncaf\xe9\n", "café\n"},
		"controls go, tabs stay":                      {"Subject: x\n\na\x01b\tc\x7f\ufeffd\n", "ab\tcd\n"},
		"HTML alone":                                  {"Content-Type: text/html; charset=utf-8\n\n<html><head><title>t</title><style>p{}</style></head><body><p>Hello&nbsp;&lt;you&gt;,<br>B&uuml;cher</p><script>x(1)</script><ul><li>one</li><li>two</li></ul></body></html>\n", "Hello\u00a0<you>,\nBücher\none\ntwo"},
		"HTML with a script that never ends":          {"Content-Type: text/html\n\n<p>hi</p><script>x(1)\n", "hi"},
		"a comment in HTML":                           {"Content-Type: text/html\n\na<!-- <b>no</b> -->b <i>c</i>  d\n", "ab c d"},
		"an attachment is not the text":               {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Disposition: ATTACHMENT; filename=a.txt\n\nattached\n--q\n\ntext\n--q--\n", "text"},
		"an enclosed message is not the text":         {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: message/rfc822\n\nSubject: x\n\nenclosed\n--q\n\ntext\n--q--\n", "text"},
		"an enclosed message alone":                   {"Content-Type: message/rfc822\n\nSubject: x\n\nenclosed\n", ""},
		"a part in a part":                            {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: multipart/alternative; boundary=qr\n\n--qr\n\ninner\n--qr--\n--q\n\nouter\n--q--\n", "inner"},
		"no closing delimiter":                        {"Content-Type: multipart/mixed; boundary=q\n\n--q\n\ntext\nto the end", "text\nto the end"},
		"the outer delimiter ends the inner part":     {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: multipart/alternative; boundary=r\n\n--r\nContent-Type: text/html\n\nhtml\n--q\n\nplain\n--q--\n", "plain"},
		"a multipart without any delimiter":           {"Content-Type: multipart/mixed; boundary=q\n\njust text\n", "just text\n"},
		"a multipart without a boundary":              {"Content-Type: multipart/mixed\n\njust text\n", "just text\n"},
		"nothing but an image":                        {"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n", ""},
		"a Content-Type that cannot be read":          {"Content-Type: rubbish\n\ntext\n", "text\n"},
		"a part whose header never ends is passed":    {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: text/plain\n--q\n\ntext\n--q--\n", "text"},
		"text before the 51st level is found":         {nested(50), "deep\n"},
		"text beyond the 50th level is not looked at": {nested(51), ""},
	} {
		for end, raw := range map[string]string{"LF": strings.ReplaceAll(c.raw, "\r\n", "\n"), "CRLF": crlf(strings.ReplaceAll(c.raw, "\r\n", "\n"))} {
			t.Run(name+" with "+end, func(t *testing.T) {
				if got := Parse([]byte(raw)).Text(1000); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	}
}

func TestTextIsCut(t *testing.T) {
	m := Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("é", 1000)))
	for max, want := range map[int]int{-1: 0, 0: 0, 1: 0, 2: 1, 3: 1, 999: 499, 5000: 1000} {
		got := m.Text(max)
		if n := utf8.RuneCountInString(got); n != want || !utf8.ValidString(got) {
			t.Errorf("Text(%d) has %d characters, want %d", max, n, want)
		}
	}
	for _, encoding := range []string{"base64", "quoted-printable", "8bit"} {
		m := Parse([]byte("Content-Transfer-Encoding: " + encoding + "\r\n\r\n" + strings.Repeat("YWFh\r\n", 1<<16)))
		if got := m.Text(100); len(got) != 100 {
			t.Errorf("%s: %d octets, want 100", encoding, len(got))
		}
	}
}

func TestContentType(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		media  string
		params map[string]string
	}{
		"plain":                             {"text/plain", "text/plain", nil},
		"capitals":                          {"TEXT/HTML; CharSet=UTF-8", "text/html", map[string]string{"charset": "UTF-8"}},
		"a quoted value":                    {`multipart/mixed; boundary="a;b \"c\""`, "multipart/mixed", map[string]string{"boundary": `a;b "c"`}},
		"a comment":                         {"text/plain; charset=us-ascii (Plain text)", "text/plain", map[string]string{"charset": "us-ascii"}},
		"a comment behind the type":         {"text/plain (x); charset=utf-8", "text/plain", map[string]string{"charset": "utf-8"}},
		"stray semicolons":                  {"text/plain;; charset=utf-8;", "text/plain", map[string]string{"charset": "utf-8"}},
		"a parameter without a value":       {"text/plain; foo; charset=utf-8", "text/plain", map[string]string{"charset": "utf-8"}},
		"spaces around the equals sign":     {"text/plain; charset = utf-8", "text/plain", map[string]string{"charset": "utf-8"}},
		"a file name with spaces":           {"application/x; name=my file.txt", "application/x", map[string]string{"name": "my file.txt"}},
		"an open quote":                     {`multipart/mixed; boundary="abc`, "multipart/mixed", map[string]string{"boundary": "abc"}},
		"the first of two":                  {"text/plain; charset=a; charset=b", "text/plain", map[string]string{"charset": "a"}},
		"pieces":                            {`application/x; name*0="a.e"; name*1="xe"`, "application/x", map[string]string{"name": "a.exe"}},
		"pieces out of order":               {`application/x; name*1="xe"; name*0="a.e"`, "application/x", map[string]string{"name": "a.exe"}},
		"pieces with a gap":                 {`application/x; name*0=a; name*2=c; name*999999999999999999999=d; name*-1=e`, "application/x", map[string]string{"name": "a"}},
		"a charset in a parameter":          {"application/x; name*=iso-8859-1'de'B%FCcher", "application/x", map[string]string{"name": "Bücher"}},
		"a charset in the first piece":      {"application/x; name*0*=utf-8''B%C3; name*1*=%BCcher; name*2=%20", "application/x", map[string]string{"name": "Bücher%20"}},
		"an unknown charset in a parameter": {"application/x; name*=x-y''B%C3%BCcher", "application/x", map[string]string{"name": "Bücher"}},
		"no subtype":                        {"text; charset=utf-8", "text/plain", map[string]string{"charset": "utf-8"}},
		"a type that is no token":           {"te(xt/pl@in", "text/plain", nil},
		"nothing":                           {"", "text/plain", nil},
		"a folded boundary":                 {"multipart/mixed;\r\n boundary=\"a\r\n b\"", "multipart/mixed", map[string]string{"boundary": "a b"}},
	} {
		t.Run(name, func(t *testing.T) {
			media, params := Parse([]byte("Content-Type: " + c.in + "\r\n\r\n")).ContentType()
			if media != c.media {
				t.Errorf("media type %q, want %q", media, c.media)
			}
			if len(params)+len(c.params) > 0 && !cmp.Equal(c.params, params) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(c.params, params))
			}
		})
	}
	if media, _ := Parse([]byte("Subject: x\r\n\r\n")).ContentType(); media != "text/plain" {
		t.Errorf("without the field it is %q", media)
	}
	_, params := parseMedia("application/x; " + strings.Repeat("name*0*=a; ", 100000) + "last=x")
	if _, far := params["last"]; far || params["name"] != "a" {
		t.Errorf("the number of parameters is not bounded: %d", len(params))
	}
}

func TestSigned(t *testing.T) {
	for media, want := range map[string]bool{
		"multipart/signed; protocol=x": true, "multipart/encrypted": true, "Application/PKCS7-MIME": true, "application/x-pkcs7-mime": true,
		"application/pkcs7-signature": false, "multipart/mixed": false, "text/plain": false, "": false,
	} {
		if got := Parse([]byte("Content-Type: " + media + "\r\n\r\n")).Signed(); got != want {
			t.Errorf("%q is signed: %v, want %v", media, got, want)
		}
	}
}
