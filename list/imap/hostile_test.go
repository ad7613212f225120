package imap

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHostileInput(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	long := strings.Repeat("x", 100_000)
	for name, c := range map[string]struct {
		signed     bool
		said, want string
	}{
		"a browser":                            {false, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET BAD Unknown command\n* BYE This is an IMAP server"},
		"nothing":                              {false, "\r\n", "* BAD No command\n* BYE This is an IMAP server"},
		"a line without end":                   {false, long + "\r\n", "* BAD The command is too long\n* BYE Too long"},
		"a literal that is too large":          {false, "a LOGIN {100000000}\r\n", "a BAD The command is too long\n* BYE Too long"},
		"one that is sent at once":             {false, "a LOGIN {100000000+}\r\n", "* BYE [TOOBIG] Too long"},
		"a size beyond all":                    {false, "a LOGIN {99999999999999999999999}\r\n", "a BAD The command is too long\n* BYE Too long"},
		"a line break in a name":               {false, "a LOGIN {4+}\r\nx\r\ny z\r\nb NOOP\r\nc LOGOUT\r\n", "a BAD A string has a line break, or NUL\nb OK Done\n* BYE Goodbye\nc OK Done"},
		"NUL":                                  {false, "a LOGIN x\x00 y\r\nc LOGOUT\r\n", "a BAD A string has a line break, or NUL\n* BYE Goodbye\nc OK Done"},
		"a string without end":                 {true, "a SELECT \"x\r\nb NOOP\r\nc LOGOUT\r\n", "a BAD A string has a line break, or NUL\nb OK NOOP completed\n* BYE"},
		"a long line of somebody":              {true, "a NOOP " + long + "\r\nb NOOP\r\nc LOGOUT\r\n", "a BAD The command is too long\nb OK NOOP completed\n* BYE Goodbye\nc OK Done"},
		"a set of nothing":                     {true, "a EXAMINE INBOX\r\nb FETCH 1:* (UID)\r\nc UID FETCH 4294967295 UID\r\nd FETCH 0 UID\r\ne LOGOUT\r\n", ""},
		"many sets":                            {true, "a UID FETCH " + strings.Repeat("1,", 10_000) + "1 UID\r\nc LOGOUT\r\n", ""},
		"many parts":                           {true, "a EXAMINE Lists/" + peers + "\r\nb FETCH 1 BODY[" + strings.Repeat("1.", 5000) + "1]\r\nc FETCH 1 BODY[]<9223372036854775807.9223372036854775807>\r\nd LOGOUT\r\n", ""},
		"something else than DONE":             {true, "a EXAMINE INBOX\r\nb IDLE\r\nc NOOP\r\nd LOGOUT\r\n", ""},
		"a literal within a literal of APPEND": {true, "a APPEND INBOX {3+}\r\nxxx {3+}\r\nyyy\r\nc LOGOUT\r\n", "a NO [NOPERM] Nothing can be put here: write to the list\n* BYE Goodbye\nc OK Done"},
		"a search nested without end":          {true, "a EXAMINE INBOX\r\nb SEARCH " + strings.Repeat("(", 15_000) + "ALL" + strings.Repeat(")", 15_000) + "\r\nc SEARCH " + strings.Repeat("NOT ", 9000) + "ALL\r\nd LOGOUT\r\n", ""},
		"a list of parentheses":                {true, "a LIST " + strings.Repeat("(", 15_000) + "\r\nd LOGOUT\r\n", ""},
		"wildcards":                            {true, "a LIST \"\" \"" + strings.Repeat("*%", 150) + "x\"\r\nb LOGOUT\r\n", "a OK LIST completed\n* BYE"},
		"a literal of a negative size":         {false, "a LOGIN {-1}\r\nb LOGOUT\r\n", "a BAD"},
		"UTF-7 that is none":                   {true, "a SELECT \"&&&-&AAA-&\"\r\nb LOGOUT\r\n", "a "},
		"a literal with a space behind it":     {true, "a CLOSE {1+} \r\nb SEARCH TEXT {1+} \r\nc NOOP\r\nd LOGOUT\r\n", "a BAD Something stands behind the size of a literal\nb BAD Something stands behind the size of a literal\nc OK NOOP completed\n* BYE"},
		"many errors":                          {true, strings.Repeat("a FOO\x00\r\n", 60), ""},
	} {
		t.Run(name, func(t *testing.T) {
			conn := h.dial()
			conn.TB = t
			if c.signed {
				conn.ok("LOGIN anonymous x")
			}
			go io.WriteString(conn, c.said)
			var lines []string
			for line := conn.line(); line != ""; line = conn.line() {
				if lines = append(lines, line); strings.HasPrefix(line, "* BYE") && c.want == "" || len(lines) == strings.Count(c.want, "\n")+1 && c.want != "" {
					break
				}
			}
			got := strings.Join(lines, "\n")
			if c.want != "" && !strings.HasPrefix(got, c.want) || c.want == "" && !strings.Contains(got, "* BYE") {
				t.Errorf("said was\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	h.anonymous().ok("EXAMINE Lists/" + peers)
}

// Messages that no grammar allows are served whole, and said of in lines that are right.
func TestHostileMail(t *testing.T) {
	h := newHouse(t)
	nested := strings.Repeat("Content-Type: message/rfc822\n\n", 2000)
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 3000)
	all := []string{"", "\n", "no header at all", nested, many, "Content-Type: multipart/mixed\n\nx", "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n",
		"Subject: \"quotes\\ and {5}\n\tand more\nFrom: \"a\\\"b\" <\"x y\"@example.org>\nTo: @, <>, ;:\nDate: never\nContent-Type: text/\"; x=\"\ny: z\n\n)\n", "Subject: =?utf-8?q?=0D=0A*_BYE?=\nFrom: =?utf-8?q?=22=0D=0A?= <a@b>\n\nx\n"}
	for _, raw := range all {
		h.post(peers, raw)
	}
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpora", "messages", "*", "*.eml"))
	for i, name := range files {
		if i%5 == 0 {
			raw, err := os.ReadFile(name)
			h.check(err)
			h.post(peers, string(raw))
		}
	}
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	lines, end := c.do("FETCH 1:* (UID ENVELOPE BODYSTRUCTURE BODY)")
	if !strings.HasPrefix(end, "OK") || len(lines) < len(all) {
		t.Fatalf("%d lines, %s", len(lines), end)
	}
	for i, line := range lines {
		if err := balanced(line); err != nil || !strings.HasPrefix(line, fmt.Sprintf("* %d FETCH (UID %d ENVELOPE (", i+1, i+1)) {
			t.Errorf("line %d: %v: %.300q", i, err, line)
		}
	}
	for i, raw := range all {
		want := strings.ReplaceAll(raw, "\n", "\r\n")
		if got := c.ok(fmt.Sprintf("UID FETCH %d BODY.PEEK[]", i+1)); got != fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\r\n%s)", i+1, i+1, len(want), want) {
			t.Errorf("message %d came as %.200q", i+1, got)
		}
	}
	c.ok("SEARCH TEXT nowhere")
}

// balanced reports whether parentheses, strings and literals of a line fit.
func balanced(line string) error {
	depth := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '"':
			for i++; i < len(line) && line[i] != '"'; i++ {
				if line[i] == '\\' {
					i++
				}
				if i < len(line) && (line[i] == '\r' || line[i] == '\n') {
					return fmt.Errorf("a line break in a string at %d", i)
				}
			}
		case '{':
			size, end := 0, strings.IndexByte(line[i:], '}')
			if _, err := fmt.Sscanf(line[i:], "{%d}", &size); err != nil {
				return err
			}
			i += end + 2 + size
		}
	}
	if depth != 0 {
		return fmt.Errorf("%d parentheses are open", depth)
	}
	return nil
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{"INBOX", "inbox", true}, {"INBOX", "*", true}, {"Lists/a@b", "%", false}, {"Lists/a@b", "Lists/%", true}, {"Lists/a@b", "*b", true}, {"Lists/a@b", "L%/a*", true}, {"Lists", "Lists/%", false},
		{"Lists/a@b", "", false}, {"Lists/a@b", "Lists/a@b", true}, {"Lists/a@b", "lists/a@b", false}, {"Lists", "%", true},
	} {
		if matchesOne(c.name, c.pattern) != c.want {
			t.Errorf("%q and %q: not %t", c.name, c.pattern, c.want)
		}
	}
}
