package message

import (
	"strings"
	"testing"
)

func TestMbox(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"two messages": {"From a at b.example  Fri Jul  1 03:04:57 2005\nSubject: one\n\nbody\n\nFrom c@d.example Fri Jul  1 03:04:57 2005\nSubject: two\n\nmore\n",
			[]string{"Subject: one\r\n\r\nbody\r\n", "Subject: two\r\n\r\nmore\r\n"}},
		"a quoted line loses one sign":              {"From a@b 2005\nX: y\n\n>From here\n>>From there\n", []string{"X: y\r\n\r\nFrom here\r\n>From there\r\n"}},
		"From within a sentence begins nothing":     {"From a@b 2005\nX: y\n\nsaid\nFrom a@b Fri Jul  1 03:04:57 2005\n", []string{"X: y\r\n\r\nsaid\r\nFrom a@b Fri Jul  1 03:04:57 2005\r\n"}},
		"a paragraph that begins with From is none": {"From a@b 2005\nX: y\n\nFrom my window\n", []string{"X: y\r\n\r\nFrom my window\r\n"}},
		"CRLF":           {"From a@b 2005\r\nX: y\r\n\r\nz\r\n\r\nFrom a@b 2006\r\nX: z\r\n\r\n", []string{"X: y\r\n\r\nz\r\n", "X: z\r\n\r\n"}},
		"no end of line": {"From a@b 2005\nX: y\n\nz", []string{"X: y\r\n\r\nz\r\n"}},
		"an empty file":  {"", nil},
		"a long line":    {"From a@b 2005\nX: y\n\n" + strings.Repeat("x", 200_000) + "\n", []string{"X: y\r\n\r\n" + strings.Repeat("x", 200_000) + "\r\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			err := Mbox(strings.NewReader(c.in), 1<<20, func(raw []byte, whole bool) error {
				if !whole {
					t.Error("a message was cut")
				}
				got = append(got, string(raw))
				return nil
			})
			if err != nil || len(got) != len(c.want) {
				t.Fatalf("%d messages, %v: %q", len(got), err, got)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("message %d is %.200q, want %.200q", i, got[i], c.want[i])
				}
			}
		})
	}
	if err := Mbox(strings.NewReader("Subject: x\n\n"), 1000, nil); err == nil {
		t.Error("what is no mbox was read as one")
	}
	cut := 0
	err := Mbox(strings.NewReader("From a@b 2005\nX: y\n\n"+strings.Repeat("0123456789\n", 1000)), 1000, func(raw []byte, whole bool) error {
		if !whole && len(raw) <= 1000 {
			cut++
		}
		return nil
	})
	if err != nil || cut != 1 {
		t.Errorf("a message over the limit: cut %d, %v", cut, err)
	}
}
