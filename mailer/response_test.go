package mailer

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadResponse(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		code int
		text string
		err  error
	}{
		"one line":               {"250 2.1.0 ok\r\n", 250, "2.1.0 ok", nil},
		"several lines":          {"250-a\r\n250-b\r\n250 c\r\n", 250, "a\nb\nc", nil},
		"a code alone":           {"354\r\n", 354, "", nil},
		"an LF alone":            {"250 ok\n", 250, "ok", nil},
		"an empty text":          {"250 \r\n", 250, "", nil},
		"an end too soon":        {"250-a\r\n", 0, "", io.EOF},
		"half a line":            {"250 o", 0, "", io.EOF},
		"codes that differ":      {"250-a\r\n550 b\r\n", 0, "", errResponseSyntax},
		"a code out of range":    {"150 a\r\n", 0, "", errResponseSyntax},
		"a word":                 {"OK fine\r\n", 0, "", errResponseSyntax},
		"an empty line":          {"\r\n", 0, "", errResponseSyntax},
		"a code run into a word": {"250ok\r\n", 0, "", errResponseSyntax},
		"a line of 5 KiB":        {"250 " + strings.Repeat("x", 5<<10) + "\r\n", 0, "", errResponseLong},
		"101 lines":              {strings.Repeat("250-x\r\n", 101) + "250 x\r\n", 0, "", errResponseLong},
		"70 KiB":                 {strings.Repeat("250-"+strings.Repeat("x", 1020)+"\r\n", 70) + "250 x\r\n", 0, "", errResponseLong},
	} {
		t.Run(name, func(t *testing.T) {
			var r response
			err := readResponse(bufio.NewReaderSize(strings.NewReader(c.in), responseLine), &r)
			if !errors.Is(err, c.err) || c.err == nil && (r.code != c.code || string(r.text) != c.text) {
				t.Errorf("%d %q, %v", r.code, r.text, err)
			}
		})
	}
}

func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		"250 2.0.0 Ok: queued as 4F3D\r\n", "250-mx.google.com at your service, [192.0.2.1]\r\n250-SIZE 157286400\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
		"550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser\r\n",
		"452-4.5.3 Your message has too many recipients.\r\n452 4.5.3 x\r\n", "421\n", "\xff\xfe250", "250-\r\n250-LIMITS RCPTMAX=\r\n250 SIZE -1\r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r := bufio.NewReaderSize(strings.NewReader(in), responseLine)
		var resp response
		for readResponse(r, &resp) == nil {
			if resp.code < 200 || resp.code > 599 || len(resp.text) > responseBytes {
				t.Fatalf("%d with %d octets", resp.code, len(resp.text))
			}
			for _, c := range resp.status() {
				if c < ' ' || c > '~' {
					t.Fatalf("status %q", resp.status())
				}
			}
			if x := parseExtensions(resp.text); x.size < 0 || x.rcptMax < 0 {
				t.Fatalf("%+v", x)
			}
		}
	})
}
