package mailer

import (
	"bytes"
	"strings"
	"testing"
)

func TestDotStuff(t *testing.T) {
	for name, c := range map[string]struct {
		in, out string
		changed bool
	}{
		"nothing to do":               {"A: b\r\n\r\nx\r\n", "A: b\r\n\r\nx\r\n.\r\n", false},
		"nothing at all":              {"", ".\r\n", false},
		"a dot at the start":          {".\r\nx\r\n", "..\r\nx\r\n.\r\n", true},
		"two dots":                    {"a\r\n..x\r\n", "a\r\n...x\r\n.\r\n", true},
		"dots elsewhere":              {"a.\r\n b.c\r\n", "a.\r\n b.c\r\n.\r\n", false},
		"no line end at the end":      {"a", "a\r\n.\r\n", true},
		"a bare LF":                   {"a\nb\r\n", "a\r\nb\r\n.\r\n", true},
		"a bare CR":                   {"a\rb\r\n", "a\r\nb\r\n.\r\n", true},
		"a smuggled end behind an LF": {"x\n.\r\ny\r\n", "x\r\n..\r\ny\r\n.\r\n", true},
		"a smuggled end behind a CR":  {"x\r.\r\ny\r\n", "x\r\n..\r\ny\r\n.\r\n", true},
		"CR CR LF":                    {"x\r\r\ny\r\n", "x\r\n\r\ny\r\n.\r\n", true},
		"CR at the end":               {"x\r", "x\r\n.\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got, changed := dotStuff(nil, []byte(c.in)); string(got) != c.out || changed != c.changed {
				t.Errorf("%q, %v", got, changed)
			}
		})
	}
}

// normal is what a message is once all its line ends are CRLF.
func normal(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

func FuzzDotStuff(f *testing.F) {
	for _, seed := range []string{greetingMail, "", ".", "..", "\r\n.\r\n", "a\n.\nb", "a\r.\rb", "\r\n\r\n..\r\n.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		wire, changed := dotStuff(nil, []byte(in))
		if end := bytes.Index(append([]byte("\r\n"), wire...), []byte("\r\n.\r\n")); end != len(wire)-3 {
			t.Fatalf("%q ends at %d of %d", wire, end, len(wire))
		}
		if n := bytes.Count(wire, []byte("\r\n")); n != bytes.Count(wire, []byte("\r")) || n != bytes.Count(wire, []byte("\n")) {
			t.Fatalf("%q has bare CR or LF", wire)
		}
		if got := string(unstuff(nil, wire)); got != normal(in) {
			t.Fatalf("%q came back as %q", in, got)
		}
		if !changed && string(wire) != in+".\r\n" {
			t.Fatalf("%q is not %q", wire, in)
		}
		if got := string(NewContent([]byte(in)).Message().Bytes()); got != normal(in) {
			t.Fatalf("content %q", got)
		}
	})
}

func BenchmarkDotStuff(b *testing.B) {
	message := []byte("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("word ", 14)+"\r\n", 140))
	var wire []byte
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		wire, _ = dotStuff(wire[:0], message)
	}
}
