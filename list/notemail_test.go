package list

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

// noteMailTime is when the notes of these tests are written.
var noteMailTime = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

// aboutNote is a note of a list in Nairobi on its way into mail.
func aboutNote(t *testing.T, n Note) *noteAbout {
	t.Helper()
	l := &List{Address: "peers@lists.example.org", Name: "Pärs", Location: zoneOf(t, "Africa/Nairobi"), Language: "en"}
	site := NewSite(Site{Hostname: "mx.example.org", BaseURL: "https://lists.example.org", Lists: []*List{l}})
	n.List, n.Created = 1, noteMailTime
	return &noteAbout{Note: &n, site: site, list: l, domain: l.Domain(), now: noteMailTime.In(l.zone())}
}

func written(t *testing.T, a *noteAbout, enclosed []byte) []byte {
	t.Helper()
	raw, err := a.bytes("notice.id1@lists.example.org", enclosed)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestGoldenNotes holds the notices that belong to no other room, in every language.
func TestGoldenNotes(t *testing.T) {
	for name, n := range map[string]Note{
		"rejected": {Text: "rejected", To: "dede@example.org", ToName: "Dede Owusu", InReplyTo: "1@x.example", Thread: "1@x.example", Answers: true,
			Values: map[string]string{"subject": "Grüße aus Köln", "reason": "Please send it again without the attachment: it is too large for people who read on a phone, and many of us do.\r\n\r\nBcc: victim@example.org\n."}},
		"rejected-silently": {Text: "rejected", To: "dede@example.org", Answers: true},
		"goodbye":           {Text: "goodbye", To: "dede@example.org", ToName: "Dédé"},
		"already":           {Text: "already", To: "dede@example.org", Answers: true, Values: map[string]string{"said": "You are a member of the list now."}},
		"unclear":           {Text: "unclear", To: "dede@example.org", Answers: true, Values: map[string]string{"what": "subscribe\nset language", "expires": "2026-03-05T12:00:00+03:00"}},
	} {
		for _, language := range []string{"en", "fr", "es"} {
			n.Language = language
			raw := written(t, aboutNote(t, n), nil)
			m := message.Parse(raw)
			if err := m.Check(); err != nil || m.Count("Bcc") != 0 {
				t.Errorf("%s in %s: %v\n%s", name, language, err, raw)
			}
			for line := range strings.SplitSeq(string(raw), "\r\n") {
				if strings.ContainsAny(line, "\r\n") || len([]rune(line)) > 78 {
					t.Errorf("%s in %s: line %q", name, language, line)
				}
			}
			file := filepath.Join("testdata", "notices", name+"."+language+".eml")
			if *update {
				if err := os.WriteFile(file, raw, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(file); err != nil || !bytes.Equal(raw, want) {
				t.Errorf("%s is (%v)\n%s", file, err, raw)
			}
		}
	}
}

// TestEveryTextIsMail holds that every notice there is becomes a mail that can be sent, with its values and without, in every language.
func TestEveryTextIsMail(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(noticeValues)) {
		for _, language := range []string{"en", "fr", "es"} {
			for _, value := range []string{"", "Grüße\r\nBcc: victim@example.org\n.\nFrom x", strings.Repeat("long ", 500), strings.Repeat("x", 5000)} {
				n := Note{Text: name, To: "dede@example.org", Language: language, Values: map[string]string{}}
				for _, v := range noticeValues[name] {
					n.Values[v] = value
				}
				raw := written(t, aboutNote(t, n), nil)
				m := message.Parse(raw)
				if err := m.Check(); err != nil || m.Count("Bcc") != 0 || m.Subject() == "" || m.Get("Content-Language") != language {
					t.Errorf("%s in %s: %v\n%s", name, language, err, raw[:m.Body])
				}
				for line := range strings.SplitSeq(string(raw), "\r\n") {
					if len(line) > longestLine || strings.ContainsAny(line, "\r\n") {
						t.Errorf("%s in %s: a line of %d octets", name, language, len(line))
					}
				}
			}
		}
	}
}

func TestHeaderOfANote(t *testing.T) {
	const token = "abcdefghijklmnopqrstuvwxyz"
	secret := func(p Purpose) *Secret { return &Secret{Purpose: p, List: 1, Address: "dede@example.org"} }
	for name, c := range map[string]struct {
		note Note
		want map[string]string
	}{
		"one of our own accord": {Note{}, map[string]string{"From": "peers+owner@lists.example.org", "Reply-To": "", "Auto-Submitted": "auto-generated", "In-Reply-To": "",
			"References": "", "X-Auto-Response-Suppress": "All", "Precedence": "bulk", "Date": "Mon, 02 Mar 2026 09:00:00 +0300", "Message-ID": "<notice.id1@lists.example.org>"}},
		"an answer": {Note{Answers: true, InReplyTo: "a@x", Thread: "b@x"}, map[string]string{"Auto-Submitted": "auto-replied", "In-Reply-To": "<a@x>", "References": "<b@x> <a@x>"}},
		"a confirmation comes from where its answer goes": {Note{Secret: secret(ForConfirm)}, map[string]string{"From": "peers+confirm-" + token + "@lists.example.org",
			"Reply-To": "peers+confirm-" + token + "@lists.example.org"}},
		"a moderator's notice": {Note{Secret: secret(ForHeld)}, map[string]string{"From": "peers+held-" + token + "@lists.example.org", "Reply-To": "peers+held-" + token + "@lists.example.org"}},
		"one whose bounce is waited for": {Note{Secret: secret(ForProbe), ReturnPath: "peers+bounce@lists.example.org"},
			map[string]string{"X-Auto-Response-Suppress": "OOF, AutoReply", "Reply-To": "peers+confirm-" + token + "@lists.example.org"}},
		"ids that are none":         {Note{InReplyTo: "a@x>\r\nBcc: v@x", Thread: "ä@x"}, map[string]string{"In-Reply-To": "", "References": "", "Bcc": ""}},
		"one id twice":              {Note{InReplyTo: "a@x", Thread: "a@x"}, map[string]string{"References": "<a@x>"}},
		"a name with a line in it":  {Note{ToName: "Dede\r\nBcc: v@x"}, map[string]string{"Bcc": "", "To": "dede@example.org"}},
		"a name like a secret word": {Note{ToName: "=?utf-8?q?Bcc=3A?="}, map[string]string{"To": "dede@example.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.note.Text, c.note.To = "goodbye", "dede@example.org"
			a := aboutNote(t, c.note)
			if c.note.Secret != nil {
				if s := a.seal(token); s.Hash != hashToken(token) || s.Note == nil || s.Note.Secret != nil || c.note.Secret.Note != nil {
					t.Errorf("sealed as %+v", s)
				}
			}
			raw := written(t, a, nil)
			m := message.Parse(raw)
			for field, want := range c.want {
				got := m.Get(field)
				if boxes := m.Mailboxes(field); (field == "From" || field == "To" || field == "Reply-To") && len(boxes) == 1 {
					got = boxes[0].Addr
				}
				if got != want {
					t.Errorf("%s: %q, want %q", field, got, want)
				}
			}
			if m.Check() != nil || m.Count("List-Id") != 1 {
				t.Errorf("%v\n%s", m.Check(), raw)
			}
		})
	}
}

// TestLinkOfANote holds that a page is named only where it can be reached safely, and never for a moderator's decision.
func TestLinkOfANote(t *testing.T) {
	for name, c := range map[string]struct {
		base    string
		purpose Purpose
		want    string
	}{
		"a confirmation": {"https://lists.example.org", ForConfirm, "https://lists.example.org/c/abc"},
		"no pages":       {"", ForConfirm, ""},
		"without TLS":    {"http://127.0.0.1:8025", ForConfirm, ""},
		"a held post":    {"https://lists.example.org", ForHeld, ""},
	} {
		a := aboutNote(t, Note{Secret: &Secret{Purpose: c.purpose}})
		a.site.BaseURL = c.base
		if a.seal("abc"); a.link != c.want {
			t.Errorf("%s: %q, want %q", name, a.link, c.want)
		}
	}
}

func TestEnclosedMessage(t *testing.T) {
	for name, enclosed := range map[string]string{
		"plain":                   "From: a@x.example\r\nSubject: One\r\n\r\nHello.\r\n",
		"with eight bits":         "From: a@x.example\r\nSubject: Gr\xfc\xdfe\r\n\r\nHell\xf6.\r\n",
		"without an end of line":  "From: a@x.example\r\n\r\nHello.",
		"with a multipart inside": "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			a := aboutNote(t, Note{Text: "goodbye", To: "dede@example.org"})
			raw := written(t, a, []byte(enclosed))
			m := message.Parse(raw)
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(raw, []byte("Content-Type: message/rfc822\r\n")) || !bytes.Contains(raw, []byte("\r\n\r\n"+enclosed+"\r\n--=_")) {
				t.Errorf("not as it came:\n%s", raw)
			}
			eight := hasEightBit([]byte(enclosed))
			if bytes.Contains(raw, []byte("filename=\"message.eml\"\r\nContent-Transfer-Encoding: 8bit")) != eight {
				t.Errorf("eight bits %v:\n%s", eight, raw)
			}
			if text := m.Text(1000); !strings.HasPrefix(text, "You have left") {
				t.Errorf("the text is %q", text)
			}
			if seven, err := message.SevenBit(raw); err != nil || hasEightBit(seven[m.Body:]) && !strings.Contains(name, "eight") {
				t.Errorf("for a server without 8BITMIME: %v\n%s", err, seven)
			}
		})
	}
	boundary := boundaryFor("id", nil, "")
	if other := boundaryFor("id", []byte("x\r\n--"+boundary+"\r\n"), ""); other == boundary {
		t.Error("a boundary that stands in what it divides")
	}
}

func TestTextPart(t *testing.T) {
	for name, c := range map[string]struct{ body, encoding string }{
		"ASCII":            {"Hello.\n", "7bit"},
		"UTF-8":            {"Grüße.\n", "8bit"},
		"a line too long":  {"See https://x.example/" + strings.Repeat("ä", 600) + " \n", "quoted-printable"},
		"a line of dashes": {strings.Repeat("-", 998) + "\n", "7bit"},
	} {
		var b strings.Builder
		writeText(&b, c.body)
		m := message.Parse([]byte("MIME-Version: 1.0\r\n" + b.String()))
		if got := m.Get("Content-Transfer-Encoding"); got != c.encoding || m.Text(5000) != strings.TrimRight(c.body, "\n")+"\n" && m.Text(5000) != c.body {
			t.Errorf("%s: %s, %q", name, got, m.Text(5000))
		}
	}
}
