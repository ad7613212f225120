package message

import (
	"strings"
	"testing"
)

func TestPlainField(t *testing.T) {
	for in, want := range map[string]string{
		"Subject: caf\xc3\xa9\r\n":                             "Subject: =?utf-8?q?caf=C3=A9?=\r\n",
		"Subject: caf\xe9 =?utf-8?q?=C3=A9?=\r\n":              "Subject: =?utf-8?q?caf=C3=A9_=C3=A9?=\r\n",
		"X-Note: \xff\r\n":                                     "X-Note: =?utf-8?b?w78=?=\r\n",
		"From: Zo\xeb <zoe@author.example>\r\n":                "From: =?utf-8?q?Zo=C3=AB?= <zoe@author.example>\r\n",
		"To: \"Zo\xc3\xab, A\" <z@a.example>, b@a.example\r\n": "To: =?utf-8?q?Zo=C3=AB=2C_A?= <z@a.example>, b@a.example\r\n",
		"Subject: cafe\r\n":                                    "",
		"To: zo\xc3\xab@author.example\r\n":                    "", // the address itself
		"To: zo\xeb@author.example\r\n":                        "",
		"To: Freunde \xc3\xbc: a@b.example;\r\n":               "",
		"References: <\xc3\xa9@a.example>\r\n":                 "",
		"Content-Type: text/plain; name=\xc3\xa9\r\n":          "",
		"Received: from \xc3\xa9\r\n":                          "",
		"no field \xc3\xa9\r\n":                                "",
	} {
		m := Parse([]byte(in + "\r\n"))
		got, ok := m.PlainField(m.Fields[0])
		if got != want || ok != (want != "") {
			t.Errorf("PlainField(%q) = %q, %v; want %q", in, got, ok, want)
		}
		if ok && Parse([]byte(got)).Value(Parse([]byte(got)).Fields[0]) == "" {
			t.Errorf("%q came out empty", in)
		}
	}
}

// FuzzShortField holds what is written in shorter lines against what was there: one field, of lines that may be so long, with the same people or the same text.
func FuzzShortField(f *testing.F) {
	word := strings.Repeat("x", 1100)
	for _, value := range []string{word, strings.Repeat("word ", 300), `"` + word + `" <ann@a.example>`, strings.Repeat("a@b.example, ", 100), strings.Repeat("é", 600), "=?utf-8?q?" + word + "?= x",
		word + ": a@b.example;", "<" + word + "@b.example>", strings.Repeat("a\tb\r\n ", 200) + word} {
		f.Add("To", value)
		f.Add("X-Note", value)
		f.Add("References", value)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		m := Parse([]byte(name + ": " + value + "\r\n\r\n"))
		for _, field := range m.Fields {
			short, ok := m.ShortField(field)
			if long := isLong(m.Raw[field.Start:field.End]); ok != long {
				t.Fatalf("it is long: %v, and written in shorter lines: %v", long, ok)
			}
			if short == "" {
				continue
			}
			got := Parse([]byte(short + "\r\n"))
			if len(got.Fields) != 1 || got.Body != len(short)+2 || isLong([]byte(short)) || isRagged([]byte(short)) {
				t.Fatalf("%q became %q", m.Raw[field.Start:field.End], short)
			}
			if people, err := ParseMailboxes(m.Value(field)); err == nil && addressFields[strings.ToLower(field.Name)] {
				same, err := ParseMailboxes(got.Value(got.Fields[0]))
				if err != nil || len(people) < len(same) || len(people) > 0 && len(same) == 0 {
					t.Fatalf("%v became %v, %v", people, same, err)
				}
			}
		}
	})
}
