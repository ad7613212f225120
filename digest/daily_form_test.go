package digest

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// updateGolden writes what digests look like anew.
var updateGolden = flag.Bool("update-digests", false, "write the golden digests anew")

// hostile is a post with what a digest must not pass on, beside what it must.
const hostile = "From: =?utf-8?q?Dede_Mens=C3=A4h?= <member4@example.org>\nTo: peers@lists.example.org\nBcc: secret@example.org\nX-Token: T\nList-Unsubscribe: <mailto:x@example.org>\n" +
	"Received: from a by b; Mon, 4 May 2026 06:00:00 +0000\nSubject: [peers] =?utf-8?b?UXVpZXQgZ3JvdXBzIOKAlCBhIHF1ZXN0aW9u?=\nMessage-ID: <one@example.org>\nDate: Mon, 4 May 2026 06:00:00 +0000\nMIME-Version: 1.0\n" +
	"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" +
	"What makes them talk?\n\nOn Sunday, Awa wrote:\n> one\n> two\n> three\n> four\n> five\n> six\n> seven\n\nI do not know.\n------------------------------\n" +
	"----------------------------------------------------------------------\n--\nnot a signature\n-- \nDede\n\n--a\nContent-Type: text/html\n\n" +
	"<p>What makes <b>them</b> talk?<script>alert(1)</script><img src=\"https://spy.example/x.gif\"></p><p><a href=\"javascript:alert(2)\">click</a> <a href=\"https://example.org/a?b=1&amp;c=2\">read</a></p></div></main>\n" +
	"--a--\n--m\nContent-Type: application/pdf; name=\"plan.pdf\"\nContent-Disposition: attachment; filename=\"plan.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--m--\n"

// others are posts in other charsets, one of which there is not.
var others = []string{
	"From: Ken <member1@example.org>\nTo: peers@lists.example.org\nSubject: =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\nMessage-ID: <two@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$3$s$K$A$O\x1b(B\n",
	"From: Olga <member2@example.org>\nTo: peers@lists.example.org\nSubject: Re: Quiet groups\nIn-Reply-To: <one@example.org>\nMessage-ID: <three@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\xf0\xd2\xc9\xd7\xc5\xd4\n",
	"From: Bo <member3@example.org>\nTo: peers@lists.example.org\nSubject: Bogus\nMessage-ID: <four@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=x-bogus\nContent-Transfer-Encoding: 8bit\n\nA \xff octet.\n",
}

// anyID is what differs from run to run.
var anyID = regexp.MustCompile(`\bid\d+\b|=_[a-z2-7]{26}`)

// TestGoldenDigests has the digest of a day in every form and language.
func TestGoldenDigests(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.order(member(2), "set digest", "set format html")
	s.order(member(3), "set digest", "set format mime")
	s.order(luis, "set digest", "set format html")
	for i, raw := range append([]string{hostile}, others...) {
		from := []string{member(4), member(1), member(2), member(3)}[i]
		if r, err := s.hand(from, stageList, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil || r.Action != "accept" {
			t.Fatalf("%+v, %v", r, err)
		}
		s.tick()
	}
	s.advance("2026-05-05 08:00")
	for name, to := range map[string]string{"text-en": member(1), "html-fr": member(2), "mime-es": member(3), "html-en": luis} {
		t.Run(name, func(t *testing.T) {
			m := s.last(to, list.KindDigest)
			got := anyID.ReplaceAllString(string(m.Raw), "ID")
			checkDigest(t, m)
			path := filepath.Join("testdata", "digests", name+".eml")
			if *updateGolden {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || got != string(want) {
				t.Errorf("%v; %s is other than it was:\n%s", err, path, got)
			}
		})
	}
	checkPlain(t, s.last(member(1), list.KindDigest).text(), 4)
	checkWhole(t, s.last(member(3), list.KindDigest))
}

// checkDigest holds what every digest must be.
func checkDigest(t *testing.T, m sentMail) {
	t.Helper()
	msg := m.message()
	for field, want := range map[string]string{"Auto-Submitted": "auto-generated", "Precedence": "list", "X-Auto-Response-Suppress": "All", "Reply-To": "Peer Learning <" + stageList + ">",
		"List-Id": "Peer Learning <peers.lists.example.org>"} {
		if got := msg.Get(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	nevers := []string{"secret@example.org", "X-Token", "mailto:x@example.org", "from a by b"}
	if !strings.Contains(string(m.Raw), "multipart/digest") { // which has every post as it came
		nevers = append(nevers, "<script", "<img", "javascript:")
	}
	all := decoded(msg)
	for _, never := range nevers {
		if strings.Contains(all, never) {
			t.Errorf("it has %q", never)
		}
	}
	if msg.MessageID() == "" || !strings.HasPrefix(msg.MessageID(), "digest.") {
		t.Errorf("its Message-ID is %q", msg.MessageID())
	}
}

// decoded is all that a message says, in its header and its texts.
func decoded(m *message.Message) string {
	var b strings.Builder
	for _, p := range m.Parts() {
		b.Write(p.Fields.Raw[:p.Fields.Body])
		b.WriteString(p.Markup(1 << 20))
	}
	return b.String()
}

// checkPlain takes a plain digest apart as programs do that know RFC 1153.
func checkPlain(t *testing.T, text string, posts int) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	heads, ends, listed := 0, 0, 0
	for i, l := range lines {
		switch {
		case l == headLine:
			heads++
		case l == postLine:
			ends++
			if lines[i-1] != "" || lines[i+1] != "" {
				t.Errorf("line %d: a separator without empty lines around it", i)
			}
		case heads == 0 && regexp.MustCompile(`^ +\d+\. `).MatchString(l):
			listed++
		}
	}
	if heads != 1 || ends != posts || listed != posts {
		t.Errorf("%d heads, %d ends, %d entries for %d posts:\n%s", heads, ends, listed, posts, text)
	}
	end, stars := lines[len(lines)-2], lines[len(lines)-1]
	if !strings.HasPrefix(end, "End of Peer Learning Digest") || stars != strings.Repeat("*", len([]rune(end))) {
		t.Errorf("it ends in\n%s\n%s", end, stars)
	}
}

// checkWhole takes a MIME digest apart.
func checkWhole(t *testing.T, m sentMail) {
	t.Helper()
	enclosed := 0
	for _, p := range m.message().Parts() {
		if p.Media != "message/rfc822" {
			continue
		}
		enclosed++
	}
	if enclosed != 4 {
		t.Errorf("%d messages are enclosed", enclosed)
	}
	for _, one := range append([]string{hostile}, others...) { // to the octet: so a signature in it holds
		_, body, _ := strings.Cut(strings.ReplaceAll(one, "\n", "\r\n"), "\r\n\r\n")
		if !strings.Contains(string(m.Raw), "\r\n\r\n"+body) {
			t.Errorf("this is not enclosed as it came:\n%q", body)
		}
	}
	if !strings.Contains(string(m.Raw), "\r\n\r\nFrom: =?utf-8?q?Dede_Mens=C3=A4h?= <member4@example.org>\r\n") {
		t.Errorf("the first message does not follow an empty header:\n%s", m.Raw)
	}
	if h := m.message().Get("Content-Transfer-Encoding"); h != "8bit" {
		t.Errorf("with 8-bit messages in it, it says %q", h)
	}
}

// TestTrimmed: what a digest shows of a text.
func TestTrimmed(t *testing.T) {
	w := wordsOf("en")
	long := strings.Repeat("> quoted\n", 9)
	for name, c := range map[string]struct{ text, want string }{
		"a short quotation stays":                     {"> a\n> b\n\nYes.", "> a\n> b\n\nYes."},
		"of a long one the beginning":                 {"Awa wrote:\n" + long + "Yes.", "Awa wrote:\n> quoted\n> quoted\n> [… 7 lines quoted]\nYes."},
		"a signature is left out":                     {"Yes.\n-- \nDede", "Yes."},
		"the last one counts":                         {"a\n-- \nb\n-- \nc", "a\n-- \nb"},
		"two hyphens without a space are none":        {"Yes.\n--\nDede", "Yes.\n--\nDede"},
		"a quoted signature is none":                  {"Yes.\n> -- \n> Awa", "Yes.\n> -- \n> Awa"},
		"a text of nothing but a signature stays":     {"\n-- \nDede", "-- \nDede"},
		"nothing but a quotation leaves some of it":   {long, "> quoted\n> quoted\n> [… 7 lines quoted]"},
		"a message below is cut":                      {"Yes.\n\n-----Original Message-----\nFrom: Awa\nSent: Monday\nTo: me\n\nlong\nwords\n", "Yes.\n\n[… 7 lines quoted]"},
		"by its header alone":                         {"Oui.\n\nDe : Awa <a@example.org>\nEnvoyé : lundi\nÀ : moi\nObjet : x\n\ntexte\n", "Oui.\n\n[… 6 lines quoted]"},
		"one that was passed on without a word stays": {"---------- Forwarded message ----------\nFrom: Awa\nDate: Monday\nTo: me\n\nlong\nwords", "---------- Forwarded message ----------\nFrom: Awa\nDate: Monday\nTo: me\n\nlong\nwords"},
		"From: in a sentence is none":                 {"a\nFrom: here to there\nb\nc\nd\ne\nf\ng", "a\nFrom: here to there\nb\nc\nd\ne\nf\ng"},
		"a very long text is cut":                     {strings.Repeat("word ", 8<<10), strings.TrimRight(strings.Repeat("word ", 4<<10), "\n") + "\n\n[… the post goes on]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.trimmed(c.text); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestSafeHTML: what a digest shows of a post's HTML.
func TestSafeHTML(t *testing.T) {
	w, policy := wordsOf("en"), safePolicy()
	quote := strings.Repeat("many words ", 60)
	for name, c := range map[string]struct{ markup, want string }{
		"scripts and pictures go":         {`<p onclick="x()">a<script>b</script><img src="http://x.example/i.gif"></p>`, `<p>a</p>`},
		"links that run something go":     {`<p><a href="JaVaScRiPt:x()">a</a> <a href="data:text/html,x">b</a></p>`, `<p>a b</p>`},
		"links stay":                      {`<a href="https://example.org/?a=1&amp;b=2">a</a>`, `<a href="https://example.org/?a=1&amp;b=2">a</a>`},
		"what is open is closed":          {`<ul><li><b>a`, `<ul><li><b>a</b></li></ul>`},
		"what was never open closes none": {`a</div></main></body>b`, `ab`},
		"styles go":                       {`<div style="background:url(http://x.example/)">a</div><style>b</style>`, `<div>a</div>`},
		"a long quotation is cut":         {`<p>Yes.</p><blockquote>` + quote + `</blockquote>`, `<p>Yes.</p><blockquote>` + strings.TrimSpace(quote)[:160] + ` […]</blockquote>`},
		"where it is all, it stays":       {`<blockquote>` + quote + `</blockquote>`, `<blockquote>` + quote + `</blockquote>`},
		"a signature is left out":         {`<p>Yes.</p><div>-- <br>Dede</div>`, `<p>Yes.</p><div></div>`},
		"nothing to read is nothing":      {`<div><img src=x> &nbsp; </div>`, ``},
		"too much is nothing":             {strings.Repeat("<p>a</p>", 20_000), ``},
	} {
		t.Run(name, func(t *testing.T) {
			if got := w.trimmedHTML(safeHTML(policy, c.markup)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestTextHTML: a plain text as HTML.
func TestTextHTML(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\n\nc":                          "<p>a<br>\nb</p>\n<p>c</p>\n",
		"> a\n> b\nc":                        "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<p>c</p>\n",
		"<b> & \"x\"":                        "<p>&lt;b&gt; &amp; &#34;x&#34;</p>\n",
		"See (https://example.org/a?b=1&c).": "<p>See (<a href=\"https://example.org/a?b=1&amp;c\">https://example.org/a?b=1&amp;c</a>).</p>\n",
		"> a":                                "<blockquote>\n<p>a</p>\n</blockquote>\n",
	} {
		if got := textHTML(text); got != want {
			t.Errorf("%q is\n%q, want\n%q", text, got, want)
		}
	}
}

// FuzzIssue: whatever members write, a digest of it can be taken apart again, and what runs or loads is in none.
func FuzzIssue(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(hostile, "\n", "\r\n")))
	for _, o := range others {
		f.Add([]byte(o))
	}
	seeds := 0
	err := filepath.WalkDir(filepath.Join("..", "..", "shared", "corpora", "replies"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || seeds > 300 {
			return nil // a machine without them fuzzes from what stands above
		}
		raw, err := os.ReadFile(path)
		switch filepath.Ext(path) {
		case ".txt":
			f.Add(append([]byte("Subject: Re: a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"), raw...))
		case ".html":
			f.Add(append([]byte("Subject: Re: a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"), raw...))
		case ".eml":
			f.Add(raw)
		}
		seeds++
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	policy := safePolicy()
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := message.Parse(raw)
		p := &issuePost{number: 1, subject: strings.Join(strings.Fields(m.Subject()), " "), author: "A", from: mailboxes(m, "From"), to: mailboxes(m, "To"), text: m.Text(textRead)}
		for _, part := range m.Parts() {
			if part.Media == "text/html" {
				p.markup = safeHTML(policy, part.Markup(markupShown+1))
			}
		}
		i := &issue{words: wordsOf("en"), title: "Peer Learning", volume: 2026, number: 1, topics: []issueTopic{{"Topic", []*issuePost{p, p}}}}
		i.mail.Text, i.mail.HTML = "Head\n"+textRule+"Foot", "<main>\n<hr>\n</main>"
		checkPlain(t, i.text(), 2)
		page := strings.ToLower(i.html())
		for _, never := range []string{"<script", "<img", "<style", "<iframe", " onclick=", " style=", "href=\"javascript:", "href=\"data:"} {
			if strings.Contains(page, never) {
				t.Errorf("the page has %s:\n%s", never, page)
			}
		}
		if fmt.Sprint(strings.Count(page, "<main>"), strings.Count(page, "</main>")) != "1 1" {
			t.Errorf("the frame is broken:\n%s", page)
		}
	})
}
