package list

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"convene/list/message"
)

// bodyStyle is a list with a footer, and the words of its language.
func bodyStyle(language string) Style {
	s := Style{List: "peers@lists.example.org", ListName: "Peers", Hostname: "mx.example.org", Received: "by x; y", SubjectPrefix: "[peers]",
		Footer: "______________________________\nPeers: https://lists.example.org/m/1\nTo leave the list: <mailto:peers+unsubscribe@lists.example.org>\n"}
	s.freezeWords(nil, language)
	return s
}

func lines(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func transformedAs(raw []byte, s Style, form Form) (*message.Message, string) {
	p, changes := Transform(PostSteps(), raw, s, form)
	var notes []string
	for _, c := range changes {
		if c.Step == "body" {
			notes = c.Notes
		}
	}
	return message.Parse(p.Bytes()), strings.Join(notes, "; ")
}

const mailWithFile = `From: ann@author.example
Subject: hi
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Hello
--x
Content-Type: image/jpeg
Content-Disposition: attachment; filename="photo.jpg"
Content-Transfer-Encoding: base64

` + "%s" + `
--x--
`

func TestAttachmentPolicy(t *testing.T) {
	large, small := strings.TrimSuffix(strings.Repeat("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n", 25_000), "\n"), "AAEC"
	for name, c := range map[string]struct {
		content     string
		policy      Attachments
		over        int64
		files, lang string
		light       bool
		want        string // of the text, above the footer; empty: the attachment stays
	}{
		"kept":                               {content: small, policy: KeepAttachments},
		"kept below the limit":               {content: small, policy: KeepAttachments, over: 3, files: "https://l.example/f/"},
		"over the limit":                     {content: large, policy: KeepAttachments, over: 200_000, files: "https://l.example/f/", want: "[photo.jpg, 1.2 MB, was taken out: https://l.example/f/1]"},
		"to the library":                     {content: small, policy: LibraryAttachments, files: "https://l.example/f/", want: "[photo.jpg, 3 bytes, was taken out: https://l.example/f/1]"},
		"to a library without a page":        {content: small, policy: LibraryAttachments, want: "[photo.jpg, 3 bytes, was taken out]"},
		"stripped":                           {content: small, policy: StripAttachments, files: "https://l.example/f/", want: "[photo.jpg, 3 bytes, was taken out]"},
		"stripped, the large to the library": {content: large, policy: StripAttachments, over: 5, files: "https://l.example/f/", want: "[photo.jpg, 1.2 MB, was taken out: https://l.example/f/1]"},
		"in French":                          {content: large, policy: StripAttachments, lang: "fr", want: "[photo.jpg, 1,2 Mo, a été retiré]"},
		"in Spanish":                         {content: large, policy: LibraryAttachments, lang: "es", files: "https://l.example/f/", want: "[photo.jpg, 1,2 MB, se quitó: https://l.example/f/1]"},
		"light":                              {content: small, policy: KeepAttachments, files: "https://l.example/f/", light: true, want: "[photo.jpg, 3 bytes, was taken out: https://l.example/f/1]"},
		"for a post from before":             {content: small, policy: StripAttachments, lang: "none", want: " "},
	} {
		t.Run(name, func(t *testing.T) {
			s := bodyStyle(c.lang)
			if c.lang == "none" {
				s.Taken, s.TakenLinked, s.Sizes = "", "", ""
			}
			s.Attachments, s.AttachmentsOver, s.Files = c.policy, c.over, c.files
			m, notes := transformedAs(lines(fmt.Sprintf(mailWithFile, c.content)), s, Form{Light: c.light})
			text := m.Text(10_000)
			if c.want == "" {
				if len(m.Attachments()) != 1 || !strings.HasPrefix(text, "Hello\n\n____") {
					t.Errorf("%d attachments, %q", len(m.Attachments()), text)
				}
				return
			}
			want := "Hello\n\n" + c.want + "\n\n" + s.Footer
			if c.want == " " {
				want = "Hello\n\n" + s.Footer
			}
			if media, _ := m.ContentType(); media != "text/plain" || text != want || len(m.Attachments()) != 0 {
				t.Errorf("%s, %q, want %q\n%s", media, text, want, notes)
			}
			if !strings.Contains(notes, "photo.jpg") {
				t.Errorf("the notes do not name what was taken: %s", notes)
			}
		})
	}
}

// TestNotesSayWhatAndWhy reads what is said of a copy to who looks into the matter.
func TestNotesSayWhatAndWhy(t *testing.T) {
	html := "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hi <img src=\"cid:p\"></p>\n" +
		"--b\nContent-Type: image/png; name=p.png\nContent-ID: <p>\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("AAAA\n", 500) + "\n--b--\n"
	for name, c := range map[string]struct {
		raw    string
		change func(*Style)
		want   string
	}{
		"a footer": {"\nHi\n", func(*Style) {}, "put the footer below the text/plain"},
		"a footer that was quoted": {"\n> ______________________________\n> Peers\n", func(s *Style) { s.Footer = "______________________________\nPeers\n" },
			"took an earlier footer of the list out of the text/plain; put the footer below the text/plain"},
		"a picture that is too large": {html, func(s *Style) { s.AttachmentsOver = 1000 },
			"took out p.png (image/png): it has 1.5 kB, and attachments_over is 1 kB; took the place of a picture that is gone out of the text/html; " +
				"put a line about what was taken out, and the footer, below the text/html"},
		"a policy": {html, func(s *Style) { s.Attachments, s.Footer = StripAttachments, "" },
			"took out p.png (image/png): the list has attachments = \"strip\"; took the place of a picture that is gone out of the text/html; " +
				"put a line about what was taken out below the text/html"},
		"what is signed": {"Content-Type: multipart/signed; boundary=b\n\n--b\n\nHi\n--b\n\nx\n--b--\n", func(*Style) {}, "left the body as it is: nothing can be added to multipart/signed"},
	} {
		s := bodyStyle("en")
		s.Attachments, s.AttachmentsOver = KeepAttachments, 0
		c.change(&s)
		_, notes := transformedAs(lines("From: a@b.example\nMIME-Version: 1.0\n"+c.raw), s, Form{})
		if notes != c.want {
			t.Errorf("%s: %s\nwant %s", name, notes, c.want)
		}
	}
}

func TestSizesForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1 kB", 1234: "1.2 kB", 9_960: "10 kB", 850_400: "850 kB", 999_999: "1 MB", 20_000_000: "20 MB", 3_400_000_000: "3.4 GB", 9_000_000_000_000: "9000 GB"} {
		if got := sizeIn(n, ""); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// TestOneFooterHoweverOftenItIsQuoted sends replies to replies through the list: in plain text quoted below and above, and in HTML.
func TestOneFooterHoweverOftenItIsQuoted(t *testing.T) {
	s := bodyStyle("en")
	quote := func(text string) string {
		return "> " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n> ") + "\n"
	}
	text := "first\n"
	for round := range 3 {
		s.Footer = strings.Replace(s.Footer, "/m/", fmt.Sprintf("/m/%d", round), 1) // each post has its own page
		m, _ := transformedAs(lines("From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"+text), s, Form{})
		got := m.Text(100_000)
		if n := strings.Count(got, "_____\n"); n != 1 || !strings.HasSuffix(got, "\n\n"+s.Footer) || !strings.Contains(got, "first\n") {
			t.Fatalf("round %d: %d footers:\n%s", round, n, got)
		}
		switch round {
		case 0: // above what is quoted
			text = "second\n\nOn Monday, Ann wrote:\n" + quote(got)
		default: // below it
			text = "On Monday, Ann wrote:\n" + quote(got) + "\nthird\n"
		}
	}
	markup := "<p>first</p>"
	for round := range 3 {
		m, _ := transformedAs(lines("From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n<html><body>"+markup+"</body></html>\n"), s, Form{})
		body := string(m.Raw[m.Body:])
		if strings.Count(body, "<hr>") != 1 || strings.Count(body, "To leave the list") != 1 || strings.Count(body, "<p>first</p>") != 1 || strings.Count(body, "&gt;") != 0 || strings.Count(body, "</a>") != 2 {
			t.Fatalf("round %d:\n%s", round, body)
		}
		inner := body[strings.Index(body, "<body>")+6 : strings.Index(body, "</body>")]
		// as programs quote it: with the names of classes changed, or gone
		inner = strings.ReplaceAll(inner, `class="convene-footer"`, []string{`class="m_-12convene-footer"`, `style="margin:0"`, ""}[round])
		markup = "<div>reply</div><blockquote>" + inner + "</blockquote>"
	}
}

func TestTransparentListTouchesNoBody(t *testing.T) {
	raw := lines("From: ann@author.example\nSubject: hi\nDate: x\nMessage-ID: <a@b>\n\n" + strings.Repeat("long ", 300) + "\n\n______________________________\nPeers: https://lists.example.org/m/1\n")
	m, notes := transformedAs(raw, Style{List: "peers@lists.example.org", Received: "by x; y", Attachments: KeepAttachments}, Form{})
	if want := message.Parse(raw); notes != "" || !bytes.Equal(m.Raw[m.Body:], raw[want.Body:]) {
		t.Errorf("%s:\n%s", notes, m.Raw)
	}
}

// BenchmarkTransformFooter makes copies with a prefix and a footer, of a short post and of one with a large attachment.
func BenchmarkTransformFooter(b *testing.B) {
	text := strings.Repeat("What helped the quiet group to talk, and who began?\n", 190)
	line := strings.Repeat("A", 76) + "\n"
	html := "<html><body>" + strings.Repeat("<p>What helped the quiet <b>group</b> to talk?</p>\n", 190) + "</body></html>"
	for name, raw := range map[string][]byte{
		"10kB":      lines("From: a@b.example\nSubject: x\n\n" + text),
		"10kB-html": lines("From: a@b.example\nSubject: x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n" + strings.ReplaceAll(html, "=", "=3D") + "\n"),
		"20MB":      lines(fmt.Sprintf(mailWithFile, strings.Repeat(line, 20<<20/78))),
	} {
		b.Run(name, func(b *testing.B) {
			s := bodyStyle("en")
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				Transform(PostSteps(), raw, s, Form{})
			}
		})
	}
}
