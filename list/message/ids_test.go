package message

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMessageID(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"an id":                           {"Message-ID: <a@x.example>\r\n\r\n", "a@x.example"},
		"case is kept":                    {"message-id: <A@X.example>\r\n\r\n", "A@X.example"},
		"an id on the next line":          {"Message-ID:\r\n <a@x.example>\r\n\r\n", "a@x.example"},
		"needless quotes go":              {"Message-ID: <\"a\"@x>\r\n\r\n", "a@x"},
		"needed quotes stay":              {"Message-ID: <\"a..b\"@x>\r\n\r\n", `"a..b"@x`},
		"a comment behind it":             {"Message-ID: <a@x> (added by relay)\r\n\r\n", "a@x"},
		"an address literal":              {"Message-ID: <a@[192.0.2.1]>\r\n\r\n", "a@[192.0.2.1]"},
		"an at sign too many":             {"Message-ID: <a@b@c>\r\n\r\n", "a@b@c"},
		"none":                            {"Subject: x\r\n\r\n", ""},
		"two fields":                      {"Message-ID: <a@x>\r\nMessage-Id: <b@x>\r\n\r\n", ""},
		"the same twice":                  {"Message-ID: <a@x>\r\nMessage-Id: <a@x>\r\n\r\n", ""},
		"two ids in one field":            {"Message-ID: <a@x> <b@x>\r\n\r\n", ""},
		"no brackets":                     {"Message-ID: a@x\r\n\r\n", ""},
		"empty brackets":                  {"Message-ID: <>\r\n\r\n", ""},
		"no at sign":                      {"Message-ID: <abc>\r\n\r\n", ""},
		"nothing before the at sign":      {"Message-ID: <@x>\r\n\r\n", ""},
		"nothing behind the at sign":      {"Message-ID: <a@>\r\n\r\n", ""},
		"a space":                         {"Message-ID: <a b@c>\r\n\r\n", ""},
		"a space in quotes":               {"Message-ID: <\"a b\"@c>\r\n\r\n", ""},
		"an open bracket":                 {"Message-ID: <a@x\r\n\r\n", ""},
		"a control character":             {"Message-ID: <a\x01@x>\r\n\r\n", ""},
		"an octet that is no UTF-8":       {"Message-ID: <a\xff@x>\r\n\r\n", ""},
		"more than a line could hold":     {"Message-ID: <" + strings.Repeat("a", 1000) + "@x>\r\n\r\n", ""},
		"a closing bracket within quotes": {"Message-ID: <\"a>b\"@x>\r\n\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parse([]byte(c.raw)).MessageID(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	var many []string
	for i := range 200 {
		many = append(many, fmt.Sprintf("<%d@r.example>", i))
	}
	kept := []string{"0@r.example"}
	for i := 151; i < 200; i++ {
		kept = append(kept, fmt.Sprintf("%d@r.example", i))
	}
	for name, c := range map[string]struct {
		raw  string
		want []string
	}{
		"References in order":                       {"References: <a@x> <b@x>\r\n <c@x>\r\n\r\n", []string{"a@x", "b@x", "c@x"}},
		"References win":                            {"In-Reply-To: <z@x>\r\nReferences: <a@x>\r\n\r\n", []string{"a@x"}},
		"In-Reply-To without References":            {"In-Reply-To: Ann's mail of Mon <ann@x> <id1@h>\r\n\r\n", []string{"ann@x", "id1@h"}},
		"In-Reply-To where References hold no id":   {"References: <>, foo\r\nIn-Reply-To: <z@x>\r\n\r\n", []string{"z@x"}},
		"ids need no space between them":            {"References: <a@x><b@x>,<c@x>\r\n\r\n", []string{"a@x", "b@x", "c@x"}},
		"malformed ids are passed over":             {"References: <a@b<c@d> foo <e@f>\r\n\r\n", []string{"e@f"}},
		"other malformed ids":                       {"References: <a b@c> d@e <> <f@g>\r\n\r\n", []string{"f@g"}},
		"quoting is made the same":                  {"References: <\"a\"@x> <a@x>\r\n\r\n", []string{"a@x"}},
		"an open quote swallows nothing":            {"References: <\"a@x> <b@x> <c@x>\r\n\r\n", []string{"b@x", "c@x"}},
		"an id that comes twice":                    {"References: <a@x> <b@x> <a@x> <c@x>\r\n\r\n", []string{"a@x", "b@x", "c@x"}},
		"the parent stays last":                     {"References: <a@x> <b@x> <c@x> <b@x>\r\n\r\n", []string{"a@x", "c@x", "b@x"}},
		"an id twice in In-Reply-To":                {"In-Reply-To: <a@x> <b@x> <a@x>\r\n\r\n", []string{"a@x", "b@x"}},
		"two References fields":                     {"References: <a@x>\r\nReferences: <b@x>\r\n\r\n", []string{"a@x", "b@x"}},
		"case matters":                              {"References: <A@x> <a@x>\r\n\r\n", []string{"A@x", "a@x"}},
		"none":                                      {"Subject: Re: x\r\n\r\n", nil},
		"of very many the first and the last count": {"References: " + strings.Join(many, "\r\n ") + "\r\n\r\n", kept},
		"of fifty all count":                        {"References: " + strings.Join(many[150:], " ") + "\r\n\r\n", append([]string{"150@r.example"}, kept[1:]...)},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Parse([]byte(c.raw)).References()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
