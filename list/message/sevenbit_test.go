package message

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestSevenBit(t *testing.T) {
	const signed = "Content-Type: multipart/signed; boundary=s\n\n--s\nContent-Transfer-Encoding: 8bit\n\nBücher\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n"
	for name, c := range map[string]struct{ in, want string }{ // want is empty: sealed
		"text without MIME becomes MIME":                {"Subject: x\n\nBücher\n", "Subject: x\nContent-Transfer-Encoding: quoted-printable\nMIME-Version: 1.0\n\nB=C3=BCcher\n"},
		"a label is replaced where it stands, and once": {"MIME-Version: 1.0\ncontent-transfer-encoding:\n 8bit\nX: y\nContent-Transfer-Encoding: 8bit\n\nü\n", "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\nX: y\n\n=C3=BC\n"},
		"a header that is not ASCII stays":              {"MIME-Version: 1.0\nSubject: ü\n\nü\n", "MIME-Version: 1.0\nSubject: ü\nContent-Transfer-Encoding: quoted-printable\n\n=C3=BC\n"},
		"ASCII under a label of 8bit stays":             {"Subject: ü\nContent-Transfer-Encoding: 8bit\n\nplain = \n", "Subject: ü\nContent-Transfer-Encoding: 8bit\n\nplain = \n"},
		"other content becomes base64":                  {"MIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: binary\n\n\xff\xfe\n", "MIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n//4NCg==\n"},
		"in lines of 76": {"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\n" + strings.Repeat("\xff", 115) + "\n--b--\n",
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n" +
				strings.Repeat(strings.Repeat("/", 76)+"\n", 2) + "/w==\n--b--\n"},
		"encrypted mail of S/MIME may be encoded": {"MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\n\n\xff\n", "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n/w0K\n"},
		"quoted-printable that is not quite it is made so": {"MIME-Version: 1.0\nContent-Transfer-Encoding: Quoted-Printable (sic)\n\n=C3=BC=\n ü \n",
			"MIME-Version: 1.0\nContent-Transfer-Encoding: Quoted-Printable (sic)\n\n=C3=BC =C3=BC\n"},
		"base64 loses what no reader decodes": {"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nYW\xffJj\n", "MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nYWJj\n"},
		"a delivery report stays readable":    {"MIME-Version: 1.0\nContent-Type: message/delivery-status\n\nX: ü\n", "MIME-Version: 1.0\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\nX: =C3=BC\n"},
		"only the parts that need it, and what they are in": {
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 8bit\n\npré\n--b\n\nplain\n--b\nContent-Type: text/html\n\nü \n--b--\nrésumé\n",
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 7bit\n\npr??\n--b\n\nplain\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n=C3=BC=20\n--b--\nr??sum??\n"},
		"an enclosed message is not encoded, and what is in it is": {
			"MIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: binary\n\nSubject: x\n\nü\n",
			"MIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n\nSubject: x\nContent-Transfer-Encoding: quoted-printable\nMIME-Version: 1.0\n\n=C3=BC\n"},
		"messages of a digest": {
			"MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\nMIME-Version: 1.0\n\nü\n--b--\n",
			"MIME-Version: 1.0\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n=C3=BC\n--b--\n"},
		"a signed part stays":                        {signed, ""},
		"a signed part in an enclosed message stays": {"Content-Type: message/rfc822\n\n" + signed, ""},
		"a message in a signed part stays":           {strings.Replace(signed, "--s\nContent-", "--s\nContent-Type: message/rfc822\n\nContent-", 1), ""},
		"an encrypted part stays":                    {strings.Replace(signed, "signed", "encrypted", 1), ""},
		"what is beside a signed part is encoded": {
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n" + strings.Replace(signed, "Bücher", "Books", 1) + "--m\n\nü\n--m--\n",
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\n" + strings.Replace(signed, "Bücher", "Books", 1) + "--m\nContent-Transfer-Encoding: quoted-printable\n\n=C3=BC\n--m--\n"},
		"what stands before signed parts is not signed": {
			strings.Replace(strings.Replace(signed, "Bücher", "Books", 1), "\n\n--s", "\n\nü\n--s", 1), strings.Replace(strings.Replace(signed, "Bücher", "Books", 1), "\n\n--s", "\n\n??\n--s", 1)},
		"what stands before parts in a signed part is": {"Content-Type: multipart/signed; boundary=s\n\n--s\nContent-Type: multipart/mixed; boundary=m\n\nü\n--m\n\nx\n--m--\n--s--\n", ""},
		"what stands behind parts in a signed part is": {"Content-Type: multipart/signed; boundary=s\n\n--s\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nx\n--m--\nü\n--s--\n", ""},
		"a multipart without parts cannot be told":     {"Content-Type: multipart/mixed; boundary=b\n\nü\n", ""},
		"nor one that ends before its first":           {"Content-Type: multipart/mixed; boundary=b\n\nü\n--b--\n", ""},
		"nor a boundary that nobody looks for":         {"Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 201) + "\n\nü\n", ""},
		"a piece of a message stays":                   {"Content-Type: message/partial; id=x; number=1\n\nü\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			raw := []byte(crlf(c.in))
			got, err := SevenBit(raw)
			if c.want == "" {
				if !errors.Is(err, ErrSealed) || got != nil {
					t.Fatalf("got %q, error %v", got, err)
				}
				return
			}
			if err != nil || string(got) != crlf(c.want) {
				t.Fatalf("error %v, got\n%s\nwant\n%s", err, got, c.want)
			}
			checkSevenBit(t, name, raw)
		})
	}
}

func TestQuotedPrintable(t *testing.T) {
	long := strings.Repeat("x", 75)
	for name, c := range map[string]struct{ in, want string }{
		"line ends stay":                          {"a\r\n\r\nb", "a\r\n\r\nb"},
		"CR and LF alone are octets":              {"a\rb\nc\r", "a=0Db=0Ac=0D"},
		"white space at the end of a line":        {"a \r\n\t\r\n ", "a=20\r\n=09\r\n=20"},
		"white space elsewhere":                   {" a\tb", " a\tb"},
		"76 octets are a line":                    {long + "x\r\n", long + "x\r\n"},
		"77 are two":                              {long + "xx\r\n", long + "=\r\nxx\r\n"},
		"an escape is not split":                  {long[:73] + "=\r\n" + long[:74] + "=\r\n", long[:73] + "=3D\r\n" + long[:74] + "=\r\n=3D\r\n"},
		"no line looks like a boundary":           {"--b\r\n-- \r\n-b\r\n" + long + "--b", "=2D-b\r\n=2D-=20\r\n-b\r\n" + long + "=\r\n=2D-b"},
		"nor like an mbox, nor like the last dot": {"From a\r\nFrom\r\n.\r\n" + long + ".x", "=46rom a\r\nFrom\r\n=2E\r\n" + long + "=\r\n=2Ex"},
		"controls and DEL":                        {"\x00\x1b\x7f", "=00=1B=7F"},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(encodeQuotedPrintable([]byte(c.in)))
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if back := string(appendQuotedPrintable(nil, []byte(got), 1<<20)); back != c.in {
				t.Errorf("%q is read as %q", got, back)
			}
		})
	}
}

// decodedLeaf is a part as its reader gets it.
type decodedLeaf struct{ media, content string }

func leavesOf(raw []byte) (all []decodedLeaf) {
	s := scanner{raw: raw}
	s.leaf = func(e entity) {
		content := raw[e.body:e.end]
		switch e.encoding {
		case "base64":
			content = appendBase64(nil, content, 1<<30)
		case "quoted-printable":
			content = appendQuotedPrintable(nil, content, 1<<30)
		}
		all = append(all, decodedLeaf{e.media, string(content)})
	}
	_ = s.scan() // what a parser gives up on is given up on in both
	return all
}

// checkSevenBit fails where SevenBit breaks what it promises for any message in wire form; it reports whether the message could be converted, and
// whether there was something to convert.
func checkSevenBit(t *testing.T, name string, raw []byte) (converted, changed bool) {
	t.Helper()
	was := bytes.Clone(raw)
	got, err := SevenBit(raw)
	if !bytes.Equal(raw, was) {
		t.Fatalf("%s: the message itself was changed", name)
	}
	if err != nil {
		if !errors.Is(err, ErrSealed) || !hasHigh(raw) {
			t.Errorf("%s: %v", name, err)
		}
		return false, false
	}
	if _, body := Parse(raw).EightBit(); !body && !bytes.Equal(got, raw) {
		t.Errorf("%s: a 7-bit body has changed", name)
	}
	before, after := leavesOf(raw), leavesOf(got)
	if len(before) != len(after) {
		t.Fatalf("%s: %d parts have become %d", name, len(before), len(after))
	}
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("%s: part %d has changed: %.200q, then %.200q", name, i, before[i], after[i])
		}
	}
	if again, err := SevenBit(got); err != nil || !bytes.Equal(again, got) {
		t.Errorf("%s: it is not the same when done again: %v", name, err)
	}
	for _, s := range highOutsideHeaders(got) {
		t.Errorf("%s: %.100q still has octets over 127", name, s)
	}
	return true, !bytes.Equal(got, raw)
}

// highOutsideHeaders are the places of content that are not 7-bit.
func highOutsideHeaders(raw []byte) (found []string) {
	look := func(s []byte) {
		if hasHigh(s) {
			found = append(found, string(s))
		}
	}
	s := scanner{raw: raw, leaf: func(e entity) { look(raw[e.body:e.end]) }, aside: func(at span, _ bool) { look(raw[at.start:at.end]) }}
	_ = s.scan()
	return found
}

// wireForm makes all line ends CRLF: those of files are often LF.
func wireForm(raw []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

func TestSevenBitOfRealMail(t *testing.T) {
	for _, dir := range []string{"corpora/mime", "corpora/bounces", "corpora/threads"} {
		t.Run(dir, func(t *testing.T) {
			seen, changed, sealed := 0, 0, 0
			eachFile(t, needShared(t, dir), func(path string, raw []byte) {
				raw = wireForm(raw)
				if len(raw) > 1<<20 || Guard(raw, guardLimits) != nil {
					return
				}
				seen++
				switch ok, was := checkSevenBit(t, path, raw); {
				case was:
					changed++
				case !ok:
					sealed++
					t.Logf("%s is sealed", path)
				}
			})
			t.Logf("%d files, %d were changed, %d are sealed", seen, changed, sealed)
			if sealed*20 > seen {
				t.Errorf("%d of %d real mails cannot be converted", sealed, seen)
			}
		})
	}
}

func FuzzSevenBit(f *testing.F) {
	seeds(f)
	for _, s := range []string{"\r\n\xff", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\xff-\r\n--b--\r\n", "Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\n\xff\r\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = wireForm(raw)
		if len(raw) > 1<<16 || Guard(raw, guardLimits) != nil {
			t.Skip("is not let in")
		}
		checkSevenBit(t, "fuzz", raw)
	})
}

func BenchmarkSevenBit(b *testing.B) {
	raw := bytes.ReplaceAll(samplePost(), []byte("<b>"), []byte("<ü>"))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := SevenBit(raw); err != nil {
			b.Fatal(err)
		}
	}
}
