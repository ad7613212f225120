package message

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const markupMail = "Content-Type: text/html; charset=utf-8\n\n"

func TestReadable(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"a paragraph that flows":                      {"Content-Type: text/plain; format=flowed\n\nOne \ntwo \nthree.\n\n> quoted \n> too\n\n-- \nDede\n", "One two three.\n\n> quoted too\n\n-- \nDede"},
		"without the spaces that it flowed by":        {"Content-Type: text/plain; format=flowed; delsp=yes\n\n日本 \n語\n", "日本語"},
		"one that only looks so":                      {"Content-Type: text/plain\n\nOne \ntwo\n", "One \ntwo"},
		"text on both sides of a file":                {"Content-Type: multipart/mixed; boundary=q\n\n--q\n\nabove\n--q\nContent-Type: image/png; name=a.png\n\nxx\n--q\n\nbelow\n--q--\n", "above\n\nbelow"},
		"a file of text is none of it":                {"Content-Type: multipart/mixed; boundary=q\n\n--q\n\nabove\n--q\nContent-Type: text/plain; name=notes.txt\n\nnotes\n--q--\n", "above"},
		"the plain one of two forms":                  {"Content-Type: multipart/alternative; boundary=q\n\n--q\n\nplain\n--q\nContent-Type: text/html\n\n<p>html\n--q--\n", "plain"},
		"the plain one, though it comes last":         {"Content-Type: multipart/alternative; boundary=q\n\n--q\nContent-Type: text/html\n\n<p>html\n--q\n\nplain\n--q--\n", "plain"},
		"the other where the plain one is empty":      {"Content-Type: multipart/alternative; boundary=q\n\n--q\n\n \n--q\nContent-Type: text/html\n\n<p>html\n--q--\n", "html"},
		"a footer beside two forms":                   {"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=q\n\n--q\n\nplain\n--q\nContent-Type: text/html\n\n<p>html\n--q--\n--o\n\nfooter\n--o--\n", "plain\n\nfooter"},
		"text that is signed within itself":           {"Subject: x\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- \nDede\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "Hello\n-- \nDede"},
		"a multipart without any delimiter":           {"Content-Type: multipart/mixed; boundary=q\n\njust text\n", "just text\n"},
		"an enclosed message is not the text":         {"Content-Type: multipart/mixed; boundary=q\n\n--q\nContent-Type: message/rfc822\n\nSubject: x\n\nenclosed\n--q\n\ntext\n--q--\n", "text"},
		"paragraphs of HTML":                          {markupMail + "<title>no</title><p>One\n  two</p>\n<p>three<br>four</p><div>five</div><div><br></div><div>six</div>", "One two\n\nthree\nfour\n\nfive\n\nsix"},
		"headings, and items of lists in lists":       {markupMail + "<h2>Plan</h2><ul><li>one</li><li><p>two</p><ol><li>first</li><li>second</ol></li></ul><p>end", "Plan\n\n- one\n- two\n  1. first\n  2. second\n\nend"},
		"quotations":                                  {markupMail + "<p>yes</p><blockquote>why<blockquote><p>because</p></blockquote>not?</blockquote>so", "yes\n\n> why\n>\n>> because\n>\n> not?\n\nso"},
		"what Outlook quotes":                         {markupMail + "<p>Mine.</p><div id=\"divRplyFwdMsg\"><b>From:</b> Dede</div><p>Theirs.</p>", "Mine.\n\n> From: Dede\n>\n> Theirs."},
		"a link, with its target":                     {markupMail + `See <a href="https://example.org/a?b=1&amp;c=2">the notes</a>, <a href="https://example.org/">example.org</a>.`, "See the notes <https://example.org/a?b=1&c=2>, https://example.org/."},
		"a link that says something else":             {markupMail + `<a href="https://bank.test" onclick=x(1)>https://real.test</a>`, "https://real.test <https://bank.test>"},
		"links that lead nowhere":                     {markupMail + `<a href="java&#9;script:x(1)">a</a> <a href="data:text/html,x">b</a> <a href="//t.test">c</a> <a href=x>d</a> <a name=e>e</a>`, "a b c d e"},
		"an address":                                  {markupMail + `<a href="mailto:dede@example.org">dede@example.org</a>, <a href="mailto:noor@example.org?subject=x">Noor</a>`, "dede@example.org, Noor <noor@example.org>"},
		"a table":                                     {markupMail + "<table><tr><th>Day<th>Place</tr><tr><td>Monday</td><td>Lomé</td></tr><tr><td></td><td>here</td></tr></table>after", "Day | Place\nMonday | Lomé\nhere\n\nafter"},
		"a table that only arranges":                  {markupMail + "<table><tr><td><p>One</p></td><td><div>Two</div></td></tr></table>", "One\n\nTwo"},
		"what is preformatted":                        {markupMail + "<p>code</p><pre>if x {\n  y\n\n}</pre>end", "code\n\n    if x {\n      y\n\n    }\n\nend"},
		"a picture, by what it says of itself":        {markupMail + `<img alt="A chart" src=cid:x> <img src=y> <a href="https://example.org/z"><img alt="" src=z></a>`, "[A chart] <https://example.org/z>"},
		"what is hidden":                              {markupMail + `<div style="display:none">overview</div><p style="font-size:0">no</p><span style="color:#fff">white</span><script>x(1)</script>`, "white"},
		"a signature":                                 {markupMail + `<div>Hello</div><div>-- <br></div><div>Dede</div>`, "Hello\n-- \nDede"},
		"a script that never ends":                    {markupMail + "<p>hi</p><script>x(1)\n", "hi"},
		"text that nobody marked up, behind the tags": {markupMail + "a &lt;script&gt; b", "a <script> b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.TrimSuffix(Parse(crlfOf(c.raw)).Readable(10_000), "\n"); got != strings.TrimSuffix(c.want, "\n") {
				t.Error(cmp.Diff(c.want, got))
			}
		})
	}
}

func crlfOf(s string) []byte { return []byte(crlf(s)) }

// TestReadableOfRealMail holds that whatever Text finds in real mail Readable does, too, and that both keep their limit.
func TestReadableOfRealMail(t *testing.T) {
	root := needShared(t, "corpora")
	files := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".eml" || files > 3000 {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		m := Parse(raw)
		text, readable := m.Text(5000), m.Readable(5000)
		if len(readable) > 5000 || !utf8.ValidString(readable) || strings.ContainsAny(readable, "\x00\x1b\r") {
			t.Errorf("%s: %d octets: %.200q", path, len(readable), readable)
		}
		if strings.TrimSpace(readable) == "" && strings.TrimSpace(strings.Trim(text, "\u00a0 \n")) != "" {
			t.Errorf("%s: nothing of %.200q", path, text)
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files, %v", files, err)
	}
}

func FuzzReadable(f *testing.F) {
	f.Add("text/html", "<p>a<blockquote>b<ul><li>c<a href=https://d.test>e</a></ul></blockquote><pre>f\n g</pre>", 100)
	f.Add("text/plain; format=flowed; delsp=yes", "> a \n>> b \n-- \nc", 7)
	f.Add("multipart/alternative; boundary=q", "--q\n\na\n--q\nContent-Type: text/html\n\n<b>b\n--q--\n", 50)
	f.Fuzz(func(t *testing.T, media, body string, limit int) {
		limit %= 1 << 16
		text := Parse([]byte("Content-Type: " + media + "\n\n" + body)).Readable(limit)
		if len(text) > max(limit, 0) || !utf8.ValidString(text) {
			t.Errorf("%d octets of %d: %q", len(text), limit, text)
		}
	})
}
