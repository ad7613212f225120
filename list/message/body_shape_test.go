package message

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// multi is a multipart whose parts are divided by b.
func multi(kind, b string, parts ...string) string {
	return "Content-Type: multipart/" + kind + "; boundary=" + b + "\n\n--" + b + "\n" + strings.Join(parts, "\n--"+b+"\n") + "\n--" + b + "--\n"
}

const (
	plainPart = "Content-Type: text/plain\n\nHello"
	htmlPart  = "Content-Type: text/html\n\n<html><body><p>Hello <img src=\"cid:i@x\"></p></body></html>"
	imagePart = "Content-Type: image/png\nContent-ID: <i@x>\nContent-Transfer-Encoding: base64\n\nAAECAw=="
	filePart  = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: base64\n\nAAECAw=="
)

func TestWhereTheFooterStands(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		shape string
		with  []int // the leaves that have the footer
	}{
		"an alternative has it in each of its two parts": {multi("alternative", "x", plainPart, htmlPart), "multipart/alternative{text/plain, text/html}", []int{0, 1}},
		"the root of a related, which is the first":      {multi("related", "x", htmlPart, imagePart), "multipart/related{text/html, image/png}", []int{0}},
		"the root of a related that start names": {strings.Replace(multi("related", "x", "Content-Type: text/html; charset=us-ascii\n\n<p>frame", "Content-Type: text/html\nContent-ID: <r@x>\n\n<p>root"), "boundary=", "start=\"<r@x>\"; boundary=", 1),
			"multipart/related{text/html, text/html}", []int{1}},
		"the text of a mixed":                           {multi("mixed", "x", plainPart, filePart), "multipart/mixed{text/plain, application/pdf}", []int{0}},
		"the text of a mixed that is last":              {multi("mixed", "x", filePart, plainPart), "multipart/mixed{application/pdf, text/plain}", []int{1}},
		"all forms of the text of a mixed":              {multi("mixed", "x", multi("alternative", "y", plainPart, multi("related", "z", htmlPart, imagePart)), filePart), "multipart/mixed{multipart/alternative{text/plain, multipart/related{text/html, image/png}}, application/pdf}", []int{0, 1}},
		"several texts have it at the end":              {multi("mixed", "x", plainPart, filePart, plainPart), "multipart/mixed{text/plain, application/pdf, text/plain, text/plain}", []int{3}},
		"files alone have it at the end":                {multi("mixed", "x", filePart, filePart), "multipart/mixed{application/pdf, application/pdf, text/plain}", []int{2}},
		"a picture gets it beside it":                   {imagePart + "\n", "multipart/mixed{image/png, text/plain}", []int{1}},
		"an invitation is left as it is":                {multi("alternative", "x", plainPart, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"), "multipart/alternative{text/plain, text/calendar}", []int{0}},
		"a calendar alone has none":                     {"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n", "text/calendar", nil},
		"a report has none":                             {multi("report", "x", plainPart, "Content-Type: message/delivery-status\n\nAction: failed"), "multipart/report{text/plain, message/delivery-status}", nil},
		"a signed message has none":                     {multi("signed", "x", plainPart, "Content-Type: application/pgp-signature\n\nx"), "multipart/signed{text/plain, application/pgp-signature}", nil},
		"an encrypted message has none":                 {multi("encrypted", "x", "Content-Type: application/pgp-encrypted\n\nVersion: 1", "Content-Type: application/octet-stream\n\nx"), "multipart/encrypted{application/pgp-encrypted, application/octet-stream}", nil},
		"S/MIME in one part has none":                   {"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n", "application/pkcs7-mime", nil},
		"text signed in itself has none":                {"Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n", "text/plain", nil},
		"an enclosed message has none":                  {multi("mixed", "x", plainPart, "Content-Type: message/rfc822\n\nSubject: in\n\ninner"), "multipart/mixed{text/plain, message/rfc822{text/plain}}", []int{0}},
		"what another list has put around a signed one": {multi("mixed", "x", multi("signed", "y", plainPart, "Content-Type: application/pgp-signature\n\nx"), plainPart), "multipart/mixed{multipart/signed{text/plain, application/pgp-signature}, text/plain}", []int{2}},
		"an unlabelled message":                         {"\nHello\n", "text/plain", []int{0}},
		"an empty message":                              {"\n", "text/plain", []int{0}},
		"a missing last line":                           {strings.TrimSuffix(multi("mixed", "x", plainPart, filePart), "--x--\n"), "multipart/mixed{text/plain, application/pdf}", []int{0}},
		"a message that ends in the text":               {"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n", "multipart/mixed{text/plain}", []int{0}},
		"a message that ends in a header":               {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n", "multipart/mixed{text/plain}", nil},
		"a multipart without any part":                  {"Content-Type: multipart/mixed; boundary=x\n\nHello\n", "multipart/mixed}", nil},
		"a mixed with files that has no end":            {strings.TrimSuffix(multi("mixed", "x", filePart), "--x--\n"), "multipart/mixed{application/pdf}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			raw := []byte("From: a@b.example\r\nMIME-Version: 1.0\r\n" + crlf(c.in))
			out := changed(raw, BodyChange{Footer: testFooter, Fit: true})
			if got := shape(out); got != c.shape {
				t.Errorf("%s, want %s\n%s", got, c.shape, out)
			}
			var with []int
			for i, text := range texts(out) {
				if strings.Contains(text, "Peers, the list") {
					with = append(with, i)
				}
				if n := strings.Count(text, "Peers, the list"); n > 1 {
					t.Errorf("%d footers in %q", n, text)
				}
			}
			if !slices.Equal(with, c.with) {
				t.Errorf("the footer is in %v, want %v:\n%s", with, c.with, out)
			}
			if c.with == nil && !bytes.Equal(out, raw) {
				t.Errorf("it has no footer, and changed:\n%s", out)
			}
			checkChange(t, name, raw, BodyChange{Footer: testFooter, Fit: true})
		})
	}
}

func TestFooterInMarkup(t *testing.T) {
	footer := "Tom & \"Jerry\" <b>\nhttps://l.example/u?a=1&b=2. Or peers@l.example"
	mark := `<div class="convene-footer" dir="auto" style="clear:both"><hr>Tom &amp; &#34;Jerry&#34; &lt;b&gt;<br>` + "\r\n" +
		styled(`<a href="https://l.example/u?a=1&amp;b=2">https://l.example/u?a=1&amp;b=2</a>. Or <a href="mailto:peers@l.example">peers@l.example</a></div>`) + "\r\n"
	for in, want := range map[string]string{
		"<body>hi</body>":                "<body>hi" + mark + "</body>",
		"<BODY>hi</bOdY class=x></HTML>": "<BODY>hi" + mark + "</bOdY class=x></HTML>",
		"<html>hi</html>":                "<html>hi" + mark + "</html>",
		"hi":                             "hi" + mark,
		"<body>hi<!-- </body> --></body><!-- </body> -->":                "<body>hi<!-- </body> -->" + mark + "</body><!-- </body> -->",
		"<body>hi<script>'</body>'</script><style></body></style>":       "<body>hi<script>'</body>'</script><style></body></style>" + mark,
		"<body><div></body></div> quoted <blockquote>x</body></html>end": "<body><div></body></div> quoted <blockquote>x" + mark + "</body></html>end",
	} {
		raw := []byte("Content-Type: text/html\r\nMIME-Version: 1.0\r\n\r\n" + in + "\r\n")
		out := changed(raw, BodyChange{Footer: footer})
		got := strings.TrimSuffix(string(out[Parse(out).Body:]), "\r\n")
		if strings.ReplaceAll(got, "\r\n", "") != strings.ReplaceAll(want, "\r\n", "") {
			t.Errorf("%q:\n%s\nwant\n%s", in, got, want)
		}
		if again := changed(out, BodyChange{Footer: footer}); !bytes.Equal(again, out) {
			t.Errorf("%q the second time:\n%s", in, again)
		}
	}
	for _, in := range []string{"hi<!-- open", "<script>x", "<title>x", "hi<a href='x"} { // what is put at the end would not be seen
		out := changed([]byte("Content-Type: text/html\r\n\r\n"+in+"\r\n"), BodyChange{Footer: footer})
		if shape(out) != "multipart/mixed{text/html, text/plain}" {
			t.Errorf("%q: %s", in, out)
		}
	}
}

func TestContentThatIsWrappedStays(t *testing.T) {
	raw := []byte("From: a@b.example\r\nContent-Type: image/png;\r\n name=\"p.png\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline;\r\n filename=p.png\r\nX-Y: z\r\n\r\nAAECAw==\r\n")
	out := changed(raw, BodyChange{Footer: "us"})
	m := Parse(out)
	if m.Count("Content-Type") != 1 || m.Count("Content-Transfer-Encoding") != 0 || m.Count("Content-Disposition") != 0 || m.Get("X-Y") != "z" || m.Get("MIME-Version") != "1.0" {
		t.Errorf("the header:\n%s", out)
	}
	part := "Content-Type: image/png;\r\n name=\"p.png\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline;\r\n filename=p.png\r\n\r\nAAECAw==\r\n\r\n--"
	if !bytes.Contains(out, []byte(part)) {
		t.Errorf("the part:\n%s", out)
	}
	_, params := m.ContentType()
	if b := params["boundary"]; bytes.Contains(raw, []byte(b)) || bytes.Count(out, []byte(b)) != 4 {
		t.Errorf("the boundary %q:\n%s", b, out)
	}
}

func TestLightForm(t *testing.T) {
	taken := func(a Attachment) string { return "[" + a.Name + "]" }
	for name, c := range map[string]struct{ in, shape, text string }{
		"plain text stays":                  {plainPart + "\n", "text/plain", "Hello\r\n"},
		"the plain form of two":             {multi("alternative", "x", plainPart, htmlPart), "text/plain", "Hello\r\n"},
		"with a picture and a file":         {multi("mixed", "x", multi("alternative", "y", plainPart, multi("related", "z", htmlPart, imagePart)), filePart), "text/plain", "Hello\r\n\r\n[attachment-1.png]\r\n[a.pdf]\r\n"},
		"HTML alone loses its pictures":     {multi("related", "x", htmlPart, imagePart), "text/html", "<html><body><p>Hello </p><div>[attachment-1.png]</div>\r\n</body></html>\r\n"},
		"a picture alone":                   {imagePart + "\n", "text/plain", "[attachment-1.png]\r\n"},
		"two texts and a file between them": {multi("mixed", "x", plainPart, filePart, plainPart), "multipart/mixed{text/plain, text/plain, text/plain}", "Hello"},
		"an invitation stays":               {multi("alternative", "x", plainPart, htmlPart, "Content-Type: text/calendar\n\nBEGIN"), "multipart/alternative{text/plain, text/calendar}", "Hello"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := []byte("From: a@b.example\r\nMIME-Version: 1.0\r\n" + crlf(c.in))
			out := changed(raw, BodyChange{Light: true, Taken: taken, Fit: true})
			if got := texts(out); shape(out) != c.shape || got[0] != c.text {
				t.Errorf("%s, want %s; %q, want %q\n%s", shape(out), c.shape, got, c.text, out)
			}
			if bytes.Contains(out, []byte("AAECAw")) || bytes.Contains(out, []byte("cid:")) && c.shape != "multipart/alternative{text/plain, text/calendar}" {
				t.Errorf("there is a file in it:\n%s", out)
			}
		})
	}
}

func TestLongLinesAreEncoded(t *testing.T) {
	long := strings.Repeat("long line ", 150)
	for name, c := range map[string]struct{ in, want string }{
		"plain text":           {"Content-Type: text/plain\n\n" + long + "\nend\n", "quoted-printable"},
		"text of two octets":   {"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + strings.Repeat("при", 500) + "\n", "base64"},
		"HTML with a footer":   {"Content-Type: text/html\n\n<body>" + long + "</body>\n", "quoted-printable"},
		"a file as it is":      {"Content-Type: application/x\nContent-Transfer-Encoding: binary\n\n" + long + "\n", "base64"},
		"base64 in one line":   {"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + strings.Repeat("QUJD", 400) + "\n", "base64"},
		"quoted-printable":     {"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + long + "\n", "quoted-printable"},
		"in an enclosed mail":  {multi("mixed", "x", plainPart, "Content-Type: message/rfc822\n\nSubject: in\n\n"+long), "quoted-printable"},
		"outside of parts":     {strings.Replace(multi("mixed", "x", plainPart), "\n\n--x", "\n\n"+long+"\n--x", 1), ""},
		"in a field of a part": {multi("mixed", "x", "Content-Type: text/plain\nContent-Description: "+long+"\n\nHello"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			raw := []byte("From: a@b.example\r\nMIME-Version: 1.0\r\n" + crlf(c.in))
			for _, footer := range []string{"", testFooter} {
				out := changed(raw, BodyChange{Footer: footer, Fit: true})
				checkLinesOut(t, out)
				if !bytes.Contains(out, []byte("Content-Transfer-Encoding: "+c.want)) && c.want != "" {
					t.Errorf("it is not in %s:\n%s", c.want, out)
				}
				checkChange(t, name, raw, BodyChange{Footer: footer, Fit: true})
			}
			if out := changed(raw, BodyChange{}); !bytes.Equal(out, raw) {
				t.Errorf("nobody asked for it:\n%s", out)
			}
		})
	}
}

// TestWhatIsLeftAloneIsNotCopied looks at where the octets of a large attachment are.
func TestWhatIsLeftAloneIsNotCopied(t *testing.T) {
	file := strings.Repeat(strings.Repeat("A", 76)+"\r\n", 10_000)
	raw := []byte(crlf("MIME-Version: 1.0\n" + multi("mixed", "x", plainPart, "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nFILE")))
	raw = bytes.Replace(raw, []byte("FILE"), []byte(file), 1)
	own := 0
	for _, p := range Parse(raw).ChangeBody(BodyChange{Footer: testFooter, Fit: true}).Pieces {
		if at := bytes.Index(raw, p); at < 0 || &raw[at] != &p[0] {
			own += len(p)
		}
	}
	if own == 0 || own > 1000 {
		t.Errorf("%d octets of the body are new", own)
	}
}
