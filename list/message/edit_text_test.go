package message

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplaceText(t *testing.T) {
	const plain = "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n"
	mixed := func(header string, parts ...string) string {
		return header + "Content-Type: multipart/mixed; boundary=\"B\"\n\n--B\n" + plain + "\nNew.\n\n--B\n" + strings.Join(parts, "\n--B\n") + "\n--B--\n"
	}
	const pdf = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0x\n \n"
	const photo = "Content-Type: image/jpeg\nContent-ID: <p>\nContent-Disposition: inline\n\n/9j/"
	alternative := func(last string) string {
		return "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nOld.\n--a\n" + last + "\n--a--\n"
	}
	const markup = "Content-Type: text/html\n\n<p>Old."
	for name, c := range map[string]struct{ in, want string }{ // want is empty: sealed
		"no MIME at all":                           {"Subject: x\n\nOld.\n", "Subject: x\nMIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"a text of another charset":                {"MIME-Version: 1.0\nContent-Type: text/plain;\n charset=koi8-r; format=flowed\nContent-Transfer-Encoding: base64\nX: y\n\nz8zE\n", "MIME-Version: 1.0\nX: y\n" + plain + "\nNew.\n"},
		"HTML alone":                               {"MIME-Version: 1.0\n" + markup, "MIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"signatures of the old body go":            {"DKIM-Signature: v=1;\n b=x\nMIME-Version: 1.0\nDomainKey-Signature: y\nReceived: z\nX-Google-DKIM-Signature: v\n\nOld.\n", "MIME-Version: 1.0\nReceived: z\n" + plain + "\nNew.\n"},
		"a message of a text that is a file":       {"MIME-Version: 1.0\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\nOld.\n", "MIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"two forms of the text":                    {"MIME-Version: 1.0\n" + alternative(markup), "MIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"a form for watches":                       {"MIME-Version: 1.0\n" + alternative("Content-Type: text/watch-html\n\n<b>Old."), "MIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"an attachment":                            {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\n" + pdf + "\n--m--\n", mixed("MIME-Version: 1.0\n", pdf)},
		"two forms and an attachment":              {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n" + alternative(markup) + "--m\n" + pdf + "\n--m--\n", mixed("MIME-Version: 1.0\n", pdf)},
		"a picture in the HTML":                    {"MIME-Version: 1.0\n" + alternative("Content-Type: multipart/related; boundary=r\n\n--r\n"+markup+"\n--r\n"+photo+"\n--r--\n"), mixed("MIME-Version: 1.0\n", photo)},
		"text between pictures":                    {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\n" + photo + "\n--m\n\nOld, too.\n--m--\n", mixed("MIME-Version: 1.0\n", photo)},
		"a text file":                              {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\nContent-Type: text/plain; name=a.txt\n\nNotes.\n--m--\n", mixed("MIME-Version: 1.0\n", "Content-Type: text/plain; name=a.txt\n\nNotes.")},
		"all that there is has the name of a file": {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; name=a.txt\n\nOld.\n--m\n" + photo + "\n--m--\n", mixed("MIME-Version: 1.0\n", photo)},
		"a patch among the forms":                  {"MIME-Version: 1.0\n" + alternative("Content-Type: multipart/mixed; boundary=m\n\n--m\n"+markup+"\n--m\nContent-Type: text/x-patch; name=a.patch\n\n+x\n--m--\n"), mixed("MIME-Version: 1.0\n", "Content-Type: text/x-patch; name=a.patch\n\n+x")},
		"an invitation":                            {"MIME-Version: 1.0\n" + alternative("Content-Type: text/calendar\n\nBEGIN:VCALENDAR"), mixed("MIME-Version: 1.0\n", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR")},
		"no text at all":                           {"MIME-Version: 1.0\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\nX: y\n\nJVBERi0x\n", mixed("MIME-Version: 1.0\nX: y\n", "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0x\n")},
		"an enclosed message": {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\nContent-Type: message/rfc822\n\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nSigned.\n--s--\n\n--m--\n",
			mixed("MIME-Version: 1.0\n", "Content-Type: message/rfc822\n\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nSigned.\n--s--\n")},
		"a digest": {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\nContent-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: 1\n\nOne.\n--d--\n\n--m--\n",
			mixed("MIME-Version: 1.0\n", "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: 1\n\nOne.\n--d--\n")},
		"a multipart without parts":  {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\nOld.\n", "MIME-Version: 1.0\n" + plain + "\nNew.\n"},
		"octets over 127 beside it":  {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nOld.\n--m\nContent-Type: text/csv; name=a\n\nü\n--m--\n", strings.Replace(mixed("MIME-Version: 1.0\n", "Content-Type: text/csv; name=a\n\nü"), "\n\n--B", "\nContent-Transfer-Encoding: 8bit\n\n--B", 1)},
		"signed":                     {"Content-Type: multipart/signed; boundary=s\n\n--s\n\nOld.\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n", ""},
		"encrypted":                  {"Content-Type: multipart/encrypted; boundary=s\n\n--s\n\nOld.\n--s--\n", ""},
		"of S/MIME":                  {"Content-Type: application/pkcs7-mime\n\nx\n", ""},
		"signed, with a list's foot": {"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nOld.\n--s--\n--m\n\nfoot\n--m--\n", ""},
		"OpenPGP within the text":    {"Subject: x\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOld.\n", ""},
		"the same, in base64":        {"Content-Transfer-Encoding: base64\n\nLS0tLS1CRUdJTiBQR1AgTUVTU0FHRS0tLS0tCg==\n", ""},
		"a report":                   {"Content-Type: multipart/report; boundary=r\n\n--r\n\nOld.\n--r--\n", ""},
		"more parts than are read":   {"Content-Type: multipart/mixed; boundary=m\n\n" + strings.Repeat("--m\n\nOld.\n", 1001), ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(crlf(c.in))).ReplaceText("New.\n\n")
			if c.want == "" {
				if !errors.Is(err, ErrSealedText) || p != nil {
					t.Fatalf("got %q, error %v", p.Bytes(), err)
				}
				return
			}
			got := string(p.Bytes())
			_, params := Parse([]byte(got)).ContentType()
			if b := params["boundary"]; b != "" {
				got = strings.ReplaceAll(got, b, "B")
			}
			if err != nil || got != crlf(c.want) {
				t.Errorf("got (%v)\n%s\nwant\n%s", err, got, crlf(c.want))
			}
		})
	}
}

func TestReplacedTextIsEncoded(t *testing.T) {
	for name, c := range map[string]struct{ text, encoding string }{
		"short lines of ASCII":    {"One.\n\n  Two.", "7bit"},
		"a few accents":           {"Né à Paris, où l'été est là.", "quoted-printable"},
		"a paragraph on one line": {strings.Repeat("word ", 300), "quoted-printable"},
		"another script":          {"Спасибо всем, встретимся завтра.", "base64"},
	} {
		p, err := Parse([]byte("Subject: x\r\n\r\nOld.\r\n")).ReplaceText(c.text)
		if err != nil {
			t.Fatal(err)
		}
		m := Parse(p.Bytes())
		if got := m.Text(1 << 20); strings.TrimRight(got, "\n") != strings.TrimSpace(c.text) || m.Get("Content-Transfer-Encoding") != c.encoding {
			t.Errorf("%s: %q\n%s", name, got, m.Raw)
		}
		for line := range strings.SplitSeq(string(m.Raw), "\r\n") {
			if len(line) > 78 {
				t.Errorf("%s: a line of %d octets", name, len(line))
			}
		}
	}
}

// beside are the contents of all parts but texts, with their encodings, as a reader of MIME finds them.
func beside(m *Message) (all []string) {
	for _, p := range m.Parts() {
		if p.Leaf && p.Media != "text/plain" && p.Media != "text/html" && p.e.end > p.e.body { // an empty one that ends the file ends as it can
			all = append(all, p.Media+" "+p.e.encoding+" "+string(m.Raw[p.e.body:p.e.end]))
		}
	}
	return all
}

// replaced holds what a replaced text must be, whatever the message is.
func replaced(t *testing.T, name string, raw []byte) {
	m := Parse(raw)
	p, err := m.ReplaceText("A new text.")
	if err != nil {
		if !errors.Is(err, ErrSealedText) {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	again := Parse(p.Bytes())
	if got := again.Text(1000); got != "A new text.\n" {
		t.Errorf("%s: the text is %q", name, got)
	}
	for _, id := range []string{"Message-ID", "Subject", "From", "Date", "References"} {
		if again.Get(id) != m.Get(id) {
			t.Errorf("%s: %s is %q, and was %q", name, id, again.Get(id), m.Get(id))
		}
	}
	if again.Count("DKIM-Signature") > 0 || again.Count("Content-Type") != 1 {
		t.Errorf("%s: %d signatures, %d content types", name, again.Count("DKIM-Signature"), again.Count("Content-Type"))
	}
	left := beside(again)
	for _, part := range beside(m) {
		media, _, _ := strings.Cut(part, " ")
		if strings.HasPrefix(media, "text/") { // it may be a form of the text
			continue
		}
		for len(left) > 0 && left[0] != part {
			left = left[1:]
		}
		if len(left) == 0 {
			t.Errorf("%s: %.80q is not as it was", name, part)
			return
		}
		left = left[1:]
	}
	if Guard(raw, Limits{Depth: 40, Parts: 900}) == nil && Guard(again.Raw, Limits{Depth: 41, Parts: 901}) != nil {
		t.Errorf("%s: %v", name, Guard(again.Raw, Limits{Depth: 41, Parts: 901}))
	}
}

// TestReplaceTextOfRealMail replaces the text of all mail that there is: what stands beside it stays, octet for octet.
func TestReplaceTextOfRealMail(t *testing.T) {
	dir := needShared(t, "corpora/mime")
	n := 0
	eachFile(t, dir, func(path string, raw []byte) {
		switch filepath.Ext(path) {
		case ".eml", ".msg", ".txt", "":
			replaced(t, path, raw)
			n++
		}
	})
	t.Logf("%d files", n)
}

func FuzzReplaceText(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			t.Skip("long enough to be slow, and nothing new")
		}
		if m := Parse(raw); m.Check() != nil || Guard(raw, guardLimits) != nil || m.Count("From") == 0 {
			t.Skip("no list takes it")
		}
		replaced(t, "fuzz", raw)
	})
}
