package message

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
)

// filed is a mail with one text and these further parts, each its header and its body.
func filed(parts ...string) []byte {
	var b strings.Builder
	b.WriteString("From: ann@author.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nHello\n")
	for _, p := range parts {
		b.WriteString("--x\n" + p + "\n")
	}
	b.WriteString("--x--\n")
	return []byte(crlf(b.String()))
}

// wire is a mail as it comes.
func wire(s string) []byte { return []byte(crlf(s)) }

func TestAttachments(t *testing.T) {
	const inner = "--y\nContent-Type: text/html\n\n<p>Hi\n--y\nContent-Type: image/png\nContent-ID: <i@x>\n\n12345\n--y--\n"
	for name, c := range map[string]struct {
		raw  []byte
		want string // of each: index name media size and marks
	}{
		"a file beside the text":                     {filed("Content-Type: image/jpeg; name=photo.jpg\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\nAAECAw==\n"), "1 photo.jpg image/jpeg 4"},
		"text with a file name that is not the text": {filed("Content-Type: text/plain; name=notes.txt\n\nnotes"), "1 notes.txt text/plain 5"},
		"the one text is text whatever its name is": {
			wire("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; name=mail.txt\nContent-Disposition: inline\n\nHello\n--x\nContent-Type: image/gif\n\nGIF\n--x--\n"), "1 attachment-1.gif image/gif 3"},
		"a message of one text that calls itself an attachment": {wire("Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nHello\n"), ""},
		"a message that is a picture":                           {wire("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAEC\n"), "1 attachment-1.png image/png 3"},
		"a picture within the text":                             {filed("Content-Type: multipart/related; boundary=y\n\n" + inner), "1 attachment-1.png image/png 5 inline i@x"},
		"an enclosed message is one file":                       {filed("Content-Type: message/rfc822\n\nSubject: in\nContent-Type: image/png; name=p.png\n\n123"), "1 attachment-1.eml message/rfc822 55"},
		"signatures and invitations are none":                   {filed("Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx", "Content-Type: text/calendar; name=i.ics\n\nx", "Content-Type: application/ics; name=i.ics\n\nx", "Content-Type: application/pgp-signature\n\nx"), ""},
		"what is signed says so":                                {wire("Content-Type: multipart/signed; boundary=s\n\n--s\nContent-Type: multipart/mixed; boundary=y\n\n" + inner + "\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n"), "1 attachment-1.png image/png 5 i@x signed"},
		"what is encrypted is none":                             {wire("Content-Type: multipart/encrypted; boundary=s\n\n--s\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--s\nContent-Type: application/octet-stream\n\nx\n--s--\n"), ""},
		"the parts of a report are none":                        {wire("Content-Type: multipart/report; boundary=s\n\n--s\n\ntext\n--s\nContent-Type: message/rfc822\n\nSubject: a\n\nb\n--s\nContent-Type: image/png\n\nx\n--s--\n"), ""},
		"quoted-printable and a missing end":                    {wire("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n--x\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: quoted-printable\n\n=00=01a=\nb"), "1 a.pdf application/pdf 4"},
		"no message at all":                                     {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range Parse(c.raw).Attachments() {
				s := fmt.Sprintf("%s %s %s %d", a.Path(), a.Name, a.Media, a.Size)
				if a.Inline {
					s += " inline"
				}
				if a.ContentID != "" {
					s += " " + a.ContentID
				}
				if a.Signed {
					s += " signed"
				}
				got = append(got, s)
				var b bytes.Buffer
				if n, err := a.WriteTo(&b); err != nil || n != a.Size || int64(b.Len()) != n {
					t.Errorf("%s: %d octets of %d, %v", a.Name, n, a.Size, err)
				}
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

func TestAttachmentNames(t *testing.T) {
	for header, want := range map[string]string{
		`Content-Disposition: attachment; filename="photo.jpg"`:                                      "photo.jpg",
		"Content-Disposition: attachment; filename*0=\"a.e\"; filename*1=\"xe\"":                     "a.exe",
		"Content-Disposition: attachment; filename=\"=?utf-8?q?a.exe?=\"":                            "a.exe",
		"Content-Disposition: attachment; filename=\"a.exe.\"":                                       "a.exe",
		"Content-Disposition: attachment; filename=\"A.EXE \"":                                       "A.EXE",
		"Content-Disposition: attachment; filename*=UTF-8''caf%C3%A9.pdf; filename=\"caf.pdf\"":      "café.pdf",
		"Content-Disposition: attachment; filename*0*=iso-8859-1'fr'caf%E9; filename*1*=%20noir.pdf": "café noir.pdf",
		"Content-Type: image/png; name=\"=?utf-8?b?w6kucG5n?=\"":                                     "é.png",
		"Content-Disposition: attachment\r\nContent-Type: image/png; name=a.png":                     "a.png",
		"Content-Disposition: attachment; filename=\"../../etc/passwd\"":                             "passwd",
		"Content-Disposition: attachment; filename*=UTF-8''a%2Fb%5Cc.txt":                            "c.txt",
		"Content-Disposition: attachment; filename*=UTF-8''ab%E2%80%AEgpj.exe":                       "abgpj.exe",
		"Content-Disposition: attachment; filename*=UTF-8''a%0D%0AX:%20b.txt":                        "a X_ b.txt",
		"Content-Disposition: attachment; filename=\"<b>|?*.txt\"":                                   "_b____.txt",
		"Content-Disposition: attachment; filename=\"caf\xe9.txt\"":                                  "café.txt",
		"Content-Disposition: attachment; filename=\"" + strings.Repeat("é", 200) + ".jpeg\"":        strings.Repeat("é", 57) + ".jpeg",
		"Content-Disposition: attachment; filename=\"...\"":                                          "attachment-1.png",
		"Content-Disposition: attachment; filename=\"a\"; x=\"y\"":                                   "a",
	} {
		if !strings.Contains(header, "Content-Type") {
			header += "\r\nContent-Type: image/png"
		}
		all := Parse(filed(strings.ReplaceAll(header, "\r\n", "\n") + "\n\nx")).Attachments()
		if len(all) != 1 || all[0].Name != want {
			t.Errorf("%q: %+v, want %q", header, all, want)
		}
	}
}

// TestDecodedIsWhatIsCounted compares the decoder that streams with the one that does not.
func TestDecodedIsWhatIsCounted(t *testing.T) {
	long := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("0123456789abcdef"), 10_000))
	for _, src := range []string{"", "A", "AA", "AAE=", "AA==AA==", "A A\r\nE\tC!", "AAEC=AAEC", long, "=\r\n", long[:1001], inLines(long, 76, "\r\n"), strings.Repeat("=41=\r\n", 30_000), "caf=C3=A9  \r\nx"} {
		for _, encoding := range []string{"base64", "quoted-printable", "7bit"} {
			want := []byte(src)
			switch encoding {
			case "base64":
				want = appendBase64(nil, want, len(want))
			case "quoted-printable":
				want = appendQuotedPrintable(nil, want, 2*len(want))
			}
			var b bytes.Buffer
			n, err := writeDecoded(&b, []byte(src), encoding)
			if err != nil || n != int64(len(want)) || decodedSize([]byte(src), encoding) != n || !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s of %.40q: %d octets, counted %d, want %d (%v)", encoding, src, n, decodedSize([]byte(src), encoding), len(want), err)
			}
		}
	}
	if n, err := writeDecoded(failingWriter{}, []byte(long), "base64"); err != io.ErrShortWrite || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
