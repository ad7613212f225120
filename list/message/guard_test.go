package message

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// crlf makes the line ends of a literal those of mail.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// nested is a message of n multiparts in each other.
func nested(n int) string {
	var b strings.Builder
	b.WriteString("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i-1, i)
	}
	fmt.Fprintf(&b, "--b%d\r\n\r\ndeep\r\n", n-1)
	return b.String()
}

func TestGuard(t *testing.T) {
	lim := Limits{HeaderBytes: 1000, HeaderFields: 20, Depth: 5, Parts: 10}
	multi := "Content-Type: multipart/mixed; boundary=q\r\n\r\n"
	enclosed := "Content-Type: message/rfc822\r\n\r\n"
	for name, c := range map[string]struct {
		raw  string
		want string
	}{
		"a plain message passes":                               {"From: a@b.example\r\n\r\nhello\r\n", ""},
		"an empty message passes":                              {"", ""},
		"a message without a last line end passes":             {"From: a@b.example\r\n\r\nhello", ""},
		"a form feed in the body passes":                       {"From: a@b.example\r\n\r\na\fb\r\n", ""},
		"a NUL in the body is refused":                         {"From: a@b.example\r\n\r\na\x00b\r\n", "nul"},
		"a NUL in the header is refused":                       {"From: a\x00@b.example\r\n\r\nx\r\n", "nul"},
		"a bare LF in the body is refused":                     {"From: a@b.example\r\n\r\na\nb\r\n", "bare-cr-lf"},
		"a bare LF in the header is refused":                   {"From: a@b.example\nTo: x\r\n\r\nb\r\n", "bare-cr-lf"},
		"a bare CR in the body is refused":                     {"From: a@b.example\r\n\r\na\rb\r\n", "bare-cr-lf"},
		"a bare CR before a CRLF is refused":                   {"From: a@b.example\r\n\r\na\r\r\n", "bare-cr-lf"},
		"a bare CR at the very end is refused":                 {"From: a@b.example\r\n\r\na\r", "bare-cr-lf"},
		"a LF as the first octet is refused":                   {"\nFrom: a@b.example\r\n", "bare-cr-lf"},
		"a header over the limit is refused":                   {strings.Repeat("X: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n", 15) + "\r\nx", "header-size"},
		"twenty fields pass":                                   {strings.Repeat("A: b\r\n", 20) + "\r\nx", ""},
		"twenty-one fields are refused":                        {strings.Repeat("A: b\r\n", 21) + "\r\nx", "header-fields"},
		"folded lines are one field":                           {strings.Repeat("A: b\r\n c\r\n", 20) + "\r\nx", ""},
		"lines without a colon count as fields":                {strings.Repeat("junk\r\n", 21) + "\r\nx", "header-fields"},
		"a part header over the limit is refused":              {multi + "--q\r\n" + strings.Repeat("a:\r\n", 21) + "\r\nx\r\n--q--\r\n", "header-fields"},
		"five multiparts in each other pass":                   {nested(5), ""},
		"six multiparts in each other are refused":             {nested(6), "mime-depth"},
		"five enclosed messages in each other pass":            {strings.Repeat(enclosed, 5) + "Subject: x\r\n\r\nx", ""},
		"six enclosed messages in each other are refused":      {strings.Repeat(enclosed, 6) + "Subject: x\r\n\r\nx", "mime-depth"},
		"enclosed messages and multiparts count together":      {strings.Repeat(enclosed, 3) + nested(3), "mime-depth"},
		"parts of a digest are messages without saying so":     {"Content-Type: multipart/digest; boundary=q\r\n\r\n--q\r\n\r\n" + strings.Repeat(enclosed, 4) + "\r\n", "mime-depth"},
		"an encoded enclosed message is opaque":                {"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(enclosed, 9), ""},
		"ten parts pass":                                       {multi + strings.Repeat("--q\r\n\r\nx\r\n", 10) + "--q--\r\n", ""},
		"eleven parts are refused":                             {multi + strings.Repeat("--q\r\n\r\nx\r\n", 11) + "--q--\r\n", "mime-parts"},
		"parts that end within their header count":             {multi + strings.Repeat("--q\r\n", 11), "mime-parts"},
		"a delimiter with space behind it counts":              {multi + strings.Repeat("--q \t\r\n\r\nx\r\n", 11), "mime-parts"},
		"lines that only start like a delimiter do not count":  {multi + strings.Repeat("--qq\r\n\r\nx\r\n", 11), ""},
		"what follows the closing delimiter does not count":    {multi + "--q\r\n\r\nx\r\n--q--\r\n" + strings.Repeat("--q\r\n", 20), ""},
		"a multipart without a boundary counts bare dashes":    {"Content-Type: multipart/mixed\r\n\r\n" + strings.Repeat("--\r\n\r\nx\r\n", 11), "mime-parts"},
		"a boundary of 200 octets passes":                      {"Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 200) + "\r\n\r\nx", ""},
		"a boundary of 201 octets is refused":                  {"Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 201) + "\r\n\r\nx", "boundary"},
		"a boundary in pieces is put together":                 {"Content-Type: multipart/mixed; boundary*0=" + strings.Repeat("b", 150) + ";\r\n boundary*1=" + strings.Repeat("b", 51) + "\r\n\r\nx", "boundary"},
		"the first Content-Type counts":                        {"Content-Type: text/plain\r\n" + multi + strings.Repeat("--q\r\n\r\nx\r\n", 11), ""},
		"an inner boundary that is taken belongs to the outer": {multi + "--q\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n" + strings.Repeat("--q\r\n\r\nx\r\n", 9), ""},
		"a field over 64 KiB in a part is refused":             {multi + "--q\r\nX: " + strings.Repeat("a", maxField) + "\r\n\r\nx\r\n", "header-size"},
	} {
		t.Run(name, func(t *testing.T) { checkGuard(t, Guard([]byte(c.raw), lim), c.want) })
	}
}

func TestGuardWithoutLimits(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"depth is free":                           {nested(2000), ""},
		"the number of fields is free":            {strings.Repeat("A: b\r\n", 5000) + "\r\nx", ""},
		"a field of 64 KiB passes":                {"X: " + strings.Repeat("a", maxField-5) + "\r\n\r\nx", ""},
		"a field over 64 KiB is refused":          {"X: " + strings.Repeat("a", maxField-4) + "\r\n\r\nx", "field-size"},
		"a folded field over 64 KiB is refused":   {"X: a" + strings.Repeat("\r\n b", maxField/4) + "\r\n\r\nx", "field-size"},
		"an endless last field is refused":        {"X: " + strings.Repeat("a", maxField), "field-size"},
		"NUL is refused whatever the limits are":  {"\x00", "nul"},
		"boundaries are bounded without any word": {"Content-Type: multipart/x; boundary=\"" + strings.Repeat("b", 1000) + "\"\r\n\r\n", "boundary"},
	} {
		t.Run(name, func(t *testing.T) { checkGuard(t, Guard([]byte(c.raw), Limits{}), c.want) })
	}
}

// checkGuard compares the word of a GuardError and looks at its sentence.
func checkGuard(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Fatalf("got %v, want no error", err)
		}
		return
	}
	var g *GuardError
	if !errors.As(err, &g) {
		t.Fatalf("got %v, want a GuardError %q", err, want)
	}
	if g.What != want {
		t.Errorf("got %q (%s), want %q", g.What, g.Text, want)
	}
	if !isASCII(g.Text) || !strings.HasSuffix(g.Text, ".") || strings.ContainsAny(g.Text, "\r\n") {
		t.Errorf("%q is no plain sentence", g.Text)
	}
}
