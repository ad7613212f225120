package message

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMailboxes(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []Mailbox
		bad  bool
	}{
		"an address alone":                            {"ann@author.example", []Mailbox{{"", "ann@author.example"}}, false},
		"a name and an address":                       {"Ann Author <ann@author.example>", []Mailbox{{"Ann Author", "ann@author.example"}}, false},
		"the domain goes to lower case":               {"<Ann@AUTHOR.Example>", []Mailbox{{"", "Ann@author.example"}}, false},
		"a quoted name with a comma":                  {`"Author, Ann" <ann@author.example>, b@c.example`, []Mailbox{{"Author, Ann", "ann@author.example"}, {"", "b@c.example"}}, false},
		"a quoted name with an address in it":         {`"m@lists.test" <evil@x.test>`, []Mailbox{{"m@lists.test", "evil@x.test"}}, false},
		"a name in a comment":                         {"ann@author.example (Ann Author)", []Mailbox{{"Ann Author", "ann@author.example"}}, false},
		"an address in a comment is a name":           {"evil@x.test (m@lists.test)", []Mailbox{{"m@lists.test", "evil@x.test"}}, false},
		"comments nest":                               {"a@b.example (x (y) z)", []Mailbox{{"x (y) z", "a@b.example"}}, false},
		"an initial keeps its dot":                    {"John Q. Public <j@p.example>", []Mailbox{{"John Q. Public", "j@p.example"}}, false},
		"a tag in brackets is part of the name":       {"[dev] Ann <a@b.example>", []Mailbox{{"[dev] Ann", "a@b.example"}}, false},
		"an encoded name is decoded after parsing":    {"=?utf-8?q?J=C3=B6rg_=22J=22?= <j@m.example>", []Mailbox{{`Jörg "J"`, "j@m.example"}}, false},
		"an encoded address stays a name":             {"=?utf-8?q?=3Cm@lists.test=3E?= <evil@x.test>", []Mailbox{{"<m@lists.test>", "evil@x.test"}}, false},
		"an encoded comma separates nothing":          {"=?utf-8?q?a=2C_b?= <a@b.example>", []Mailbox{{"a, b", "a@b.example"}}, false},
		"encoded line ends become space":              {"=?utf-8?q?A=0D=0ABcc:_v@v.test?= <a@b.example>", []Mailbox{{"A Bcc: v@v.test", "a@b.example"}}, false},
		"encoded words in quotes are decoded too":     {`"=?utf-8?q?J=C3=B6rg?=" <j@m.example>`, []Mailbox{{"Jörg", "j@m.example"}}, false},
		"a source route is passed over":               {"<@x.test,@y.test:m@lists.test>", []Mailbox{{"", "m@lists.test"}}, false},
		"a quoted local part that need not be":        {`"dev"@lists.example.org`, []Mailbox{{"", "dev@lists.example.org"}}, false},
		"a quoted local part that must be":            {`"a b\"c"@x.test`, []Mailbox{{"", `"a b\"c"@x.test`}}, false},
		"an at sign in a quoted local part":           {`"m@lists.test "@x.test`, []Mailbox{{"", `"m@lists.test "@x.test`}}, false},
		"two dots make a local part that is quoted":   {"a..b@docomo.example", []Mailbox{{"", `"a..b"@docomo.example`}}, false},
		"space around dots is allowed":                {"a . b@c . example", []Mailbox{{"", "a.b@c.example"}}, false},
		"a group is flattened":                        {"Team: a@b.example, C <c@d.example>;, e@f.example", []Mailbox{{"", "a@b.example"}, {"C", "c@d.example"}, {"", "e@f.example"}}, false},
		"an empty group":                              {"undisclosed-recipients:;", nil, false},
		"empty places in a list":                      {", a@b.example,,", []Mailbox{{"", "a@b.example"}}, false},
		"semicolons between addresses":                {"a@b.example; c@d.example", []Mailbox{{"", "a@b.example"}, {"", "c@d.example"}}, false},
		"a domain-literal":                            {"a@[192.0.2.1]", []Mailbox{{"", "a@[192.0.2.1]"}}, false},
		"UTF-8 addresses":                             {"用户@例え.jp", []Mailbox{{"", "用户@例え.jp"}}, false},
		"an address as the name of itself":            {"a@b.example <A@b.example>", []Mailbox{{"a@b.example", "A@b.example"}}, false},
		"nothing":                                     {"", nil, false},
		"another address as the name is an error":     {"m@lists.test <evil@x.test>", []Mailbox{{"m@lists.test", "evil@x.test"}}, true},
		"a name without an address":                   {"Ann Author", nil, true},
		"a name without an address among others":      {"Ann Author, a@b.example", []Mailbox{{"", "a@b.example"}}, true},
		"an empty address":                            {"Ann <>", nil, true},
		"a missing bracket":                           {"Ann <a@b.example", []Mailbox{{"Ann", "a@b.example"}}, true},
		"two brackets":                                {"<<a@b.example>>", []Mailbox{{"", "a@b.example"}}, true},
		"two at signs":                                {"a@b@c.example, d@e.example", []Mailbox{{"", "d@e.example"}}, true},
		"two words before the at sign":                {"a b@c.example", nil, true},
		"no domain":                                   {"a@, d@e.example", []Mailbox{{"", "d@e.example"}}, true},
		"text behind the address":                     {"<a@b.example> x, d@e.example", []Mailbox{{"", "a@b.example"}, {"", "d@e.example"}}, true},
		"an open comment":                             {"a@b.example (x", []Mailbox{{"", "a@b.example"}}, true},
		"an open quote":                               {`a@b.example, "x`, []Mailbox{{"", "a@b.example"}}, true},
		"a group in a group":                          {"g:h:a@b.example;;", []Mailbox{{"", "a@b.example"}}, true},
		"a control character":                         {"a\x01@b.example", []Mailbox{{"", ""}}[:0], true},
		"an octet that is no UTF-8":                   {"a\xff@b.example", nil, true},
		"a local part with brackets":                  {"[a]@b.example", nil, true},
		"an encoded word as local part has no syntax": {"=?utf-8?q?a@b?=@c.example", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseMailboxes(c.in)
			if len(got) != len(c.want) || len(got) > 0 && !cmp.Equal(got, c.want) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(c.want, got))
			}
			if (err != nil) != c.bad {
				t.Errorf("error %v, want one: %v", err, c.bad)
			}
		})
	}
}

func TestFrom(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want Mailbox
		bad  string // part of the sentence
	}{
		"one mailbox":                         {"From: Ann <ann@A.example>\r\n\r\n", Mailbox{"Ann", "ann@a.example"}, ""},
		"no From":                             {"To: x@y.example\r\n\r\n", Mailbox{}, "no From field"},
		"an empty From":                       {"From:\r\n\r\n", Mailbox{}, "no address"},
		"two From fields":                     {"From: a@b.example\r\nFROM: a@b.example\r\n\r\n", Mailbox{}, "more than one From"},
		"two addresses":                       {"From: evil@x.test, m@lists.test\r\n\r\n", Mailbox{}, "more than one address"},
		"two addresses with a semicolon":      {"From: evil@x.test; m@lists.test\r\n\r\n", Mailbox{}, "more than one address"},
		"a group":                             {"From: A: b@c.example;\r\n\r\n", Mailbox{}, "group"},
		"an address that is hidden by a fold": {"From:\r\n evil@x.test\r\nFrom : m@lists.test\r\n\r\n", Mailbox{"", "evil@x.test"}, ""},
		"an address as the name of another":   {"From: m@lists.test <evil@x.test>\r\n\r\n", Mailbox{}, "no address that can be read"},
		"one good address and one bad":        {"From: evil, m@lists.test\r\n\r\n", Mailbox{}, "no address that can be read"},
		"an address that is far too long":     {"From: a@" + strings.Repeat("b.", 200) + "example\r\n\r\n", Mailbox{}, "too long"},
		"a homoglyph is another address":      {"From: m\u0435mber@lists.test\r\n\r\n", Mailbox{"", "m\u0435mber@lists.test"}, ""},
		"Sender and Reply-To do not count":    {"Sender: m@l.test\r\nReply-To: m@l.test\r\nResent-From: m@l.test\r\nFrom: e@x.test\r\n\r\n", Mailbox{"", "e@x.test"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(c.raw)).From()
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if c.bad == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			var g *GuardError
			if !errors.As(err, &g) || g.What != "from" || !strings.Contains(g.Text, c.bad) {
				t.Errorf("got %v, want a sentence about %q", err, c.bad)
			}
		})
	}
}

func TestMailboxes(t *testing.T) {
	m := Parse([]byte("Cc: broken <, c@d.example\r\nTo: A <a@b.example>\r\nTo: e@f.example\r\n\r\n"))
	want := []Mailbox{{"A", "a@b.example"}, {"", "e@f.example"}, {"", "c@d.example"}}
	if d := cmp.Diff(want, m.Mailboxes("To", "Cc", "Bcc")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestParseAddr(t *testing.T) {
	long := strings.Repeat("a", 64)
	for name, c := range map[string]struct{ in, want string }{
		"as it is":                          {"ann@author.example", "ann@author.example"},
		"the domain in lower case":          {"Ann@AUTHOR.Example", "Ann@author.example"},
		"needless quotes go":                {`"dev"@LISTS.example.org`, "dev@lists.example.org"},
		"needed quotes stay":                {`"a@b"@c.example`, `"a@b"@c.example`},
		"escapes in quotes":                 {`"a\"b>c"@y.example`, `"a\"b>c"@y.example`},
		"needless escapes go":               {`"\d\e\v"@y.example`, "dev@y.example"},
		"two dots in quotes":                {`"a..b"@y.example`, `"a..b"@y.example`},
		"signs that atoms may have":         {"a+b=c%d|/e@y.example", "a+b=c%d|/e@y.example"},
		"one label":                         {"root@localhost", "root@localhost"},
		"64 octets before the at sign":      {long + "@b.example", long + "@b.example"},
		"UTF-8 on both sides":               {"用户@例え.jp", "用户@例え.jp"},
		"an A-label":                        {"a@xn--r8jz45g.jp", "a@xn--r8jz45g.jp"},
		"a capital umlaut":                  {"a@M\u00dcNCHEN.example", "a@m\u00fcnchen.example"},
		"65 octets before the at sign":      {long + "a@b.example", ""},
		"over 254 octets":                   {long + "@" + strings.Repeat(strings.Repeat("b", 62)+".", 3) + "example", ""},
		"a label of 64 octets":              {"a@" + long + ".example", ""},
		"an empty text":                     {"", ""},
		"no at sign":                        {"ann", ""},
		"nothing before the at sign":        {"@b.example", ""},
		"nothing behind the at sign":        {"ann@", ""},
		"empty quotes":                      {`""@b.example`, ""},
		"two at signs":                      {"a@b@c.example", ""},
		"a dot first":                       {".a@b.example", ""},
		"a dot last":                        {"a.@b.example", ""},
		"two dots":                          {"a..b@c.example", ""},
		"an open quote":                     {`"a@b.example`, ""},
		"an escaped closing quote":          {`"a\"@b.example`, ""},
		"a space":                           {"a b@c.example", ""},
		"a space in quotes":                 {`"a b"@c.example`, ""},
		"a no-break space":                  {"a\u00a0b@c.example", ""},
		"a NUL":                             {"a\x00@c.example", ""},
		"a NUL in the domain":               {"a@c.example\x00", ""},
		"CR and LF":                         {"a@c.example\r\nRCPT TO:<b@c.example>", ""},
		"a parameter behind it":             {"x@y.example> NOTIFY=NEVER", ""},
		"angle brackets":                    {"<a@b.example>", ""},
		"an octet that is no UTF-8":         {"a\xff@b.example", ""},
		"a C1 control":                      {"a\u0085@b.example", ""},
		"an address literal":                {"a@[192.0.2.1]", ""},
		"an empty label":                    {"a@b..example", ""},
		"a dot at the end of the domain":    {"a@b.example.", ""},
		"a hyphen at the end of a label":    {"a@b-.example", ""},
		"an underscore in a label":          {"a@b_c.example", ""},
		"a broken A-label":                  {"a@xn--\x2d.example", ""},
		"a full-width dot":                  {"a@b\uff0eexample", ""},
		"a ligature that maps to two":       {"a@\ufb01x.example", ""},
		"two addresses":                     {"a@b.example,c@d.example", ""},
		"an address in a name":              {"Ann <a@b.example>", ""},
		"a zero-width joiner out of place":  {"a@b\u200d.example", ""},
		"a line separator":                  {"a\u2028@b.example", ""},
		"a route":                           {"@a.example:b@c.example", ""},
		"a very long text is not looked at": {strings.Repeat("a", 1<<20), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseAddr(c.in)
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestEncodeMailboxes(t *testing.T) {
	for name, c := range map[string]struct {
		in   []Mailbox
		want string
	}{
		"an address":                      {[]Mailbox{{"", "a@b.example"}}, "To: a@b.example\r\n"},
		"a plain name":                    {[]Mailbox{{"Ann Author", "a@b.example"}}, "To: Ann Author <a@b.example>\r\n"},
		"a name with specials":            {[]Mailbox{{"Author, Ann (x)", "a@b.example"}}, "To: \"Author, Ann (x)\" <a@b.example>\r\n"},
		"a name with a dot":               {[]Mailbox{{"John Q. Public", "a@b.example"}}, "To: \"John Q. Public\" <a@b.example>\r\n"},
		"quotes and a backslash":          {[]Mailbox{{`a "b" \c`, "a@b.example"}}, `To: "a \"b\" \\c" <a@b.example>` + "\r\n"},
		"a name that is not ASCII":        {[]Mailbox{{`Jörg "J" Müller`, "j@m.example"}}, "To: =?utf-8?q?J=C3=B6rg_=22J=22_M=C3=BCller?= <j@m.example>\r\n"},
		"a name that looks encoded":       {[]Mailbox{{"=?utf-8?q?x?=", "a@b.example"}}, "To: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?= <a@b.example>\r\n"},
		"line ends in a name":             {[]Mailbox{{"A\r\nBcc: v@v.example\x00", "a@b.example"}}, "To: \"A Bcc: v@v.example\" <a@b.example>\r\n"},
		"an address that would add more":  {[]Mailbox{{"", "a@b.example, v@v.example"}, {"", "c@d.example"}}, "To: c@d.example\r\n"},
		"line ends in an address":         {[]Mailbox{{"x", "a@b.example\r\nBcc: v@v.example"}}, ""},
		"an angle bracket in an address":  {[]Mailbox{{"x", "a@b.example>, <v@v.example"}}, ""},
		"a comment in an address":         {[]Mailbox{{"x", "a@b.example(x)"}}, ""},
		"no mailbox":                      {nil, ""},
		"long lists are folded":           {[]Mailbox{{"A Rather Long Name", "somebody@long.example"}, {"Another Rather Long Name", "else@long.example"}}, "To: A Rather Long Name <somebody@long.example>,\r\n Another Rather Long Name <else@long.example>\r\n"},
		"a quoted local part":             {[]Mailbox{{"", `"a b"@c.example`}}, "To: \"a b\"@c.example\r\n"},
		"a name that no quotes can break": {[]Mailbox{{strings.Repeat("a.", 40), "a@b.example"}}, "To: =?utf-8?q?" + strings.Repeat("a=2E", 15) + "?=\r\n =?utf-8?q?" + strings.Repeat("a=2E", 15) + "a?=\r\n =?utf-8?q?=2E" + strings.Repeat("a=2E", 9) + "?= <a@b.example>\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := EncodeMailboxes("To", c.in...); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}
