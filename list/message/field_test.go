package message

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	type field struct{ Name, Value string }
	for name, c := range map[string]struct {
		raw       string
		fields    []field
		body      string
		malformed int
	}{
		"fields and body":                       {"A: 1\r\nB:2\r\n\r\nbody\r\n", []field{{"A", "1"}, {"B", "2"}}, "body\r\n", 0},
		"folding is undone":                     {"A: 1\r\n 2\r\n\t3\r\n\r\n", []field{{"A", "1 2\t3"}}, "", 0},
		"a value that starts on the next line":  {"A:\r\n 1\r\n\r\n", []field{{"A", "1"}}, "", 0},
		"LF alone ends lines in files":          {"A: 1\n 2\nB: 3\n\nbody\n", []field{{"A", "1 2"}, {"B", "3"}}, "body\n", 0},
		"an mbox From_ line is kept":            {"From ann@a.example Thu Jan  1 00:00:00 2026\nA: 1\n\nx", []field{{"", "From ann@a.example Thu Jan  1 00:00:00 2026"}, {"A", "1"}}, "x", 1},
		"a line without a colon is kept":        {"A: 1\r\nBAD\r\nB: 2\r\n\r\nx", []field{{"A", "1"}, {"", "BAD"}, {"B", "2"}}, "x", 1},
		"space before the colon makes no field": {"From : e@x.example\r\n\r\nx", []field{{"", "From : e@x.example"}}, "x", 1},
		"a colon first makes no field":          {": x\r\n\r\nx", []field{{"", ": x"}}, "x", 1},
		"an 8-bit name makes no field":          {"S\xc3\xbcbject: x\r\n\r\nx", []field{{"", "S\xc3\xbcbject: x"}}, "x", 1},
		"a continuation without a field":        {" x: y\r\nA: 1\r\n\r\n", []field{{"", "x: y"}, {"A", "1"}}, "", 1},
		"a line of space alone is folding":      {"A: 1\r\n \r\nB: 2\r\n\r\nx", []field{{"A", "1"}, {"B", "2"}}, "x", 0},
		"no empty line means no body":           {"A: 1\r\nB: 2", []field{{"A", "1"}, {"B", "2"}}, "", 0},
		"a body without a header":               {"\r\nhello", nil, "hello", 0},
		"nothing at all":                        {"", nil, "", 0},
		"a lone CR in a value becomes a space":  {"A: 1\r2\r\n\r\n", []field{{"A", "1 2"}}, "", 0},
		"names are kept as written":             {"sUBJECT: x\r\n\r\n", []field{{"sUBJECT", "x"}}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.raw))
			var got []field
			for _, f := range m.Fields {
				got = append(got, field{f.Name, m.Value(f)})
			}
			if d := cmp.Diff(c.fields, got); d != "" {
				t.Errorf("fields (-want +got):\n%s", d)
			}
			if body := string(m.Raw[m.Body:]); body != c.body {
				t.Errorf("body %q, want %q", body, c.body)
			}
			if m.Malformed != c.malformed {
				t.Errorf("%d malformed lines, want %d", m.Malformed, c.malformed)
			}
			checkTiles(t, m)
		})
	}
}

// checkTiles fails unless the fields cover the header without gap or overlap.
func checkTiles(t *testing.T, m *Message) {
	t.Helper()
	pos := 0
	for i, f := range m.Fields {
		if f.Start != pos || f.Value < f.Start || f.End < f.Value || f.End == f.Start {
			t.Fatalf("field %d is %+v, the one before ends at %d", i, f, pos)
		}
		pos = f.End
	}
	if m.Body < pos || m.Body > len(m.Raw) {
		t.Fatalf("the body starts at %d, the fields end at %d of %d", m.Body, pos, len(m.Raw))
	}
	if blank := m.Raw[pos:m.Body]; len(blank) > 0 && !isBlank(blank) {
		t.Fatalf("%q stands between header and body", blank)
	}
}

func TestFieldsByName(t *testing.T) {
	m := Parse([]byte("To: a\r\nX: y\r\ntO: b\r\nToo: c\r\n\r\nTo: d\r\n"))
	if got := m.Get("TO"); got != "a" {
		t.Errorf("Get is %q, want the first", got)
	}
	if d := cmp.Diff([]string{"a", "b"}, m.Values("to")); d != "" {
		t.Errorf("Values (-want +got):\n%s", d)
	}
	if n := m.Count("To"); n != 2 {
		t.Errorf("Count is %d, want 2", n)
	}
	if m.Get("Cc") != "" || m.Count("Cc") != 0 || m.Values("Cc") != nil {
		t.Error("there is a Cc where there is none")
	}
	if m.Get("") != "" {
		t.Error("the empty name finds a field")
	}
}
