package message

import (
	"strings"
	"testing"
)

const sep = "From c@d.example Fri Jul  1 03:04:57 2005\n"

func TestMbox(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"two messages": {"From a at b.example  Fri Jul  1 03:04:57 2005\nSubject: one\n\nbody\n\nFrom c@d.example Fri Jul  1 03:04:57 2005\nSubject: two\n\nmore\n",
			[]string{"Subject: one\r\n\r\nbody\r\n", "Subject: two\r\n\r\nmore\r\n"}},
		"a quoted line loses one sign":                   {"From a@b 2005\nX: y\n\n>From here\n>>From there\n", []string{"X: y\r\n\r\nFrom here\r\n>From there\r\n"}},
		"From within a sentence begins nothing":          {"From a@b 2005\nX: y\n\nsaid\nFrom a@b Fri Jul  1 03:04:57 2005\n", []string{"X: y\r\n\r\nsaid\r\nFrom a@b Fri Jul  1 03:04:57 2005\r\n"}},
		"a paragraph that begins with From is none":      {"From a@b 2005\nX: y\n\nFrom my window\n", []string{"X: y\r\n\r\nFrom my window\r\n"}},
		"a separator without the empty line ahead of it": {sep + "X: y\n\nz\n" + sep + "Date: x\n\nmore\n", []string{"X: y\r\n\r\nz\r\n", "Date: x\r\n\r\nmore\r\n"}},
		"a separator that is quoted mail":                {sep + "X: y\n\nsaid\n\n" + sep + "that was it\n", []string{"X: y\r\n\r\nsaid\r\n\r\n" + strings.TrimSpace(sep) + "\r\nthat was it\r\n"}},
		"a Content-Length that ends at a separator":      {sep + "Content-Length: 59\n\na\n\n" + sep + "X: z\n\n>From b\n\n" + sep + "X: z\n\n", []string{"Content-Length: 59\r\n\r\na\r\n\r\n" + strings.TrimSpace(sep) + "\r\nX: z\r\n\r\n>From b\r\n", "X: z\r\n\r\n"}},
		"a Content-Length that does not":                 {sep + "Content-Length: 50\n\na\n\n" + sep + "X: z\n\nb\n", []string{"Content-Length: 50\r\n\r\na\r\n", "X: z\r\n\r\nb\r\n"}},
		"NUL, CR and 8 bits":                             {sep + "X: y\n\na\x00b\rc \xff\r\n", []string{"X: y\r\n\r\nab\r\nc \xff\r\n"}},
		"CRLF":                                           {"From a@b 2005\r\nX: y\r\n\r\nz\r\n\r\nFrom a@b Fri Jul  1 03:04:57 2005\r\nX: z\r\n\r\n", []string{"X: y\r\n\r\nz\r\n", "X: z\r\n\r\n"}},
		"no end of line":                                 {"From a@b 2005\nX: y\n\nz", []string{"X: y\r\n\r\nz\r\n"}},
		"an empty file":                                  {"", nil},
		"a long line":                                    {"From a@b 2005\nX: y\n\n" + strings.Repeat("x", 200_000) + "\n", []string{"X: y\r\n\r\n" + strings.Repeat("x", 200_000) + "\r\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			err := Mbox(strings.NewReader(c.in), 1<<20, func(m MboxMessage) error {
				if !m.Whole {
					t.Error("a message was cut")
				}
				got = append(got, string(m.Raw))
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
	err := Mbox(strings.NewReader("From a@b 2005\nX: y\n\n"+strings.Repeat("0123456789\n", 1000)), 1000, func(m MboxMessage) error {
		if !m.Whole && len(m.Raw) <= 1000 {
			cut++
		}
		return nil
	})
	if err != nil || cut != 1 {
		t.Errorf("a message over the limit: cut %d, %v", cut, err)
	}
}

func TestMboxSeparators(t *testing.T) {
	for line, want := range map[string]string{
		"From ann@author.example Thu Jan  1 00:00:00 2026":          "ann@author.example 2026-01-01T00:00:00Z",
		"From - Thu Jan  1 00:00:00 2026":                           " 2026-01-01T00:00:00Z",
		"From Thu Jan  1 00:00:00 2026":                             " 2026-01-01T00:00:00Z",
		"From ann at author.example  Thu Jan  1 00:00 2026":         "ann at author.example 2026-01-01T00:00:00Z",
		"From 176@xxx Thu Jan 01 00:00:00 +0200 2026":               "176@xxx 2025-12-31T22:00:00Z",
		"From ann@a.example Thu Jan  1 00:00:00 CEST 2026":          "ann@a.example 2026-01-01T00:00:00Z",
		"From ann@a.example Thu Jan  1 00:00:00 98":                 "ann@a.example 1998-01-01T00:00:00Z",
		"From ann@a.example Thu, 1 Jan 2026 00:00:00 +0100":         "ann@a.example 2025-12-31T23:00:00Z",
		"From ann@a.example Thu Jan  1 00:00:00 2026 remote from b": "ann@a.example 2026-01-01T00:00:00Z",
		"From ann@a.example Tue, 3 Aug 1999 22:57:51 -0400 (EDT)":   "ann@a.example 1999-08-04T02:57:51Z",
		"From my window I saw, on Thursday at 10:30, 2026 of them":  "none",
		"From Thursday on, Jan  1 00:00:00 2026":                    "none",
		"From ann@a.example Thu Foo 99 00:00:00 2026":               "none",
		"From ann@a.example Thu Jan  1 00:00:00":                    "none",
	} {
		from, at, ok := mboxSeparator([]byte(line))
		got := from + " " + at.Format("2006-01-02T15:04:05Z07:00")
		if !ok {
			got = "none"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}

func FuzzMbox(f *testing.F) {
	f.Add([]byte(sep+"Content-Length: 4\n\nabc\n\n"+sep+"X: y\n"), 100)
	f.Add([]byte(sep+"X: y\r\n\r\n>From a\x00\r"+sep), 20)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		last := int64(-1)
		Mbox(strings.NewReader(string(in)), limit, func(m MboxMessage) error { //nolint:errcheck // any answer is good
			if m.Offset <= last || len(m.Raw) > max(limit, 0) && m.Whole {
				t.Fatalf("a message at %d behind one at %d, %d octets", m.Offset, last, len(m.Raw))
			}
			last = m.Offset
			return nil
		})
	})
}
