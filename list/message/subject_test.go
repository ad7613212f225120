package message

import (
	"strings"
	"testing"
)

func TestPrefixSubject(t *testing.T) {
	for name, c := range map[string]struct{ in, prefix, want string }{
		"a new subject":                           {"Hello", "[dev]", "[dev] Hello"},
		"a reply":                                 {"Re: [dev] Hello", "[dev]", "[dev] Re: Hello"},
		"a reply to a reply":                      {"[dev] Re: [dev] Re: Hello", "[dev]", "[dev] Re: Hello"},
		"a counted reply":                         {"RE[2]: Hello", "[dev]", "[dev] Re: Hello"},
		"two Scandinavian replies":                {"SV: VS: Hello", "[dev]", "[dev] Re: Hello"},
		"a German reply to something forwarded":   {"AW: WG: [dev] x", "[dev]", "[dev] Re: WG: x"},
		"a subject that was encoded":              {Decode("=?utf-8?B?UmU6IFtkZXZdIELDvGNoZXI=?="), "[dev]", "[dev] Re: Bücher"},
		"a Chinese reply":                         {"回复：[dev] 测试", "[dev]", "[dev] Re: 测试"},
		"the prefix of another list":              {"[dev-announce] x", "[dev]", "[dev] [dev-announce] x"},
		"the prefix in capitals":                  {"[DEV] x", "[dev]", "[dev] x"},
		"the prefix alone":                        {"[dev]", "[dev]", "[dev] (no subject)"},
		"no subject":                              {"", "[dev]", "[dev] (no subject)"},
		"a marker alone":                          {"Re:", "[dev]", "[dev] Re: (no subject)"},
		"a word that starts like a marker":        {"Regarding x", "[dev]", "[dev] Regarding x"},
		"a letter that is no marker":              {"R&D: x", "[dev]", "[dev] R&D: x"},
		"another word that starts like one":       {"Award: x", "[dev]", "[dev] Award: x"},
		"a prefix with the number of a post":      {"Re: [dev 41] x", "[dev 42]", "[dev 42] Re: x"},
		"a digit that is part of the list's name": {"[dev3] x", "[dev2]", "[dev2] [dev3] x"},
		"the prefix in the middle":                {"Fwd: [dev] Hello [dev] you", "[dev]", "[dev] Fwd: Hello you"},
		"a prefix without space behind it":        {"[dev]Hello", "[dev]", "[dev] Hello"},
		"a prefix that is a word":                 {"Re: dev: webdev: x", "dev:", "dev: Re: webdev: x"},
		"a prefix that removal leaves behind":     {"[a [a b]b] x", "[a b]", "[a b] x"},
		"an unknown encoded word stays":           {"=?x-unknown?q?abc?=", "[dev]", "[dev] =?x-unknown?q?abc?="},
		"a line end":                              {"a\r\nBcc: x", "[dev]", "[dev] a  Bcc: x"},
		"no prefix":                               {"Re:  AW: x", "", "Re:  AW: x"},
		"a prefix of space":                       {"A test message", "    ", "A test message"},
		"a word that ends like the prefix":        {"Re: dev devel x", "dev", "dev Re: devel x"},
		"a numbered prefix without a number":      {"[dev ] x", "[dev 42]", "[dev 42] [dev ] x"},
		"letters that fold outside ASCII":         {"[Ünïcode] x", "[ünÏCODE]", "[ünÏCODE] x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := PrefixSubject(c.in, c.prefix)
			if got != c.want {
				t.Errorf("PrefixSubject(%q, %q) = %q, want %q", c.in, c.prefix, got, c.want)
			}
			if again := PrefixSubject(got, c.prefix); again != got {
				t.Errorf("the second time it is %q", again)
			}
		})
	}
}

func TestReplyMarker(t *testing.T) {
	for _, in := range []string{"Re: x", "RE : x", "re:x", "Re[2]: x", "Re(2): x", "Re*2: x", "Re^2: x", "Re [2]: x", "AW: x", "Antw: x", "SV: x", "VS: x", "REF: x",
		"RES: x", "Rif: x", "R: x", "Odp: x", "YNT: x", "ATB: x", "VÁ: x", "vá: x", "ΑΠ: x", "Απ: x", "ΣΧΕΤ: x", "Σχετ: x", "НА: x", "на: x", "השב: x", "回复：x",
		"回覆: x", " \tRe: x", "Re： x"} {
		t.Run(in, func(t *testing.T) {
			if rest, ok := ReplyMarker(in); !ok || rest != "x" {
				t.Errorf("got %q, %v", rest, ok)
			}
		})
	}
	for _, in := range []string{"", "x", "Re", "Re x", "Regarding: x", "Re[]: x", "Re[a]: x", "Re[2: x", "Re(2: x", "Fwd: x", "R&D: x", ": x", "Reee: x", "Aw, no: x", "2: x"} {
		t.Run("not "+in, func(t *testing.T) {
			if rest, ok := ReplyMarker(in); ok || rest != in {
				t.Errorf("got %q, %v", rest, ok)
			}
		})
	}
	if rest, _ := ReplyMarker("Re: AW: x"); rest != "AW: x" {
		t.Errorf("more than one marker went: %q is left", rest)
	}
}

func TestBaseSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Re: [x] Fwd: test (fwd)":           "test",
		"[Fwd: Re: test]":                   "test",
		"Re[2]: foo":                        "foo",
		"RE : foo":                          "foo",
		"[dev] Re: [dev] foo":               "foo",
		"Re: [dev]":                         "[dev]",
		"[blob]":                            "[blob]",
		"[a][b]":                            "[b]",
		"fwd[1]: [a][b] x":                  "x",
		"FW: re: Hello  World (fwd) (FWD)":  "Hello World",
		"Re:":                               "",
		"AW: foo":                           "AW: foo",
		"Re：foo":                            "Re：foo",
		"[fwd: [fwd: x]]":                   "x",
		"[fwd: a] b":                        "b",
		"[open x":                           "[open x",
		"":                                  "",
		strings.Repeat("[a]", 20000) + "x":  "x",
		strings.Repeat("[a]", 20000):        "[a]",
		strings.Repeat("re: ", 16000) + "x": "x",
		strings.Repeat("[fwd:", 9000) + "x" + strings.Repeat("]", 9000): "x",
	} {
		if got := BaseSubject(in); got != want {
			t.Errorf("BaseSubject(%.60q) = %.60q, want %q", in, got, want)
		}
	}
}

func TestTopicSubject(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		base  string
		reply bool
		was   string
	}{
		"a new subject":                              {"Hello", "Hello", false, ""},
		"a reply":                                    {"[dev] Re: Hello", "Hello", true, ""},
		"a reply in German":                          {"AW: foo", "foo", true, ""},
		"many markers":                               {"Re: WG: AW: [dev] Fwd: Hello (fwd)", "Hello", true, ""},
		"something forwarded is no reply":            {"Fwd: Hello", "Hello", false, ""},
		"something wrapped":                          {"[Fwd: Re: Hello]", "Hello", true, ""},
		"a tag of one's own stays":                   {"Re: [RFC] new  parser", "[RFC] new parser", true, ""},
		"a changed subject":                          {"Re: Wine (was: Cheese)", "Wine", true, "Cheese"},
		"a changed subject in German":                {"Wein (war: AW: [dev] Käse)", "Wein", false, "Käse"},
		"a changed subject in brackets":              {"[dev] Wine [was: Re: Cheese]", "Wine", false, "Cheese"},
		"a change in capitals":                       {"Wine (WAS : Cheese)", "Wine", false, "Cheese"},
		"a change of a change":                       {"Bread (was: Re: Wine (was: Cheese))", "Bread", false, "Wine"},
		"brackets in the old subject":                {"Wine (was: Cheese (and ham))", "Wine", false, "Cheese (and ham)"},
		"brackets that do not match":                 {"Wine (was: Cheese :-) )", "Wine", false, "Cheese :-)"},
		"a plain past tense changes nothing":         {"The party (was great)", "The party (was great)", false, ""},
		"the old subject in the middle":              {"a (was: b) c", "a (was: b) c", false, ""},
		"nothing but the old subject":                {"(was: Cheese)", "", false, "Cheese"},
		"nothing":                                    {"", "", false, ""},
		"nothing but markers":                        {"Re: AW: Fwd:", "", true, ""},
		"nothing but the prefix":                     {"Re: [dev]", "", true, ""},
		"a control character":                        {"Re: a\x00b", "a b", true, ""},
		"a marker behind a trailer that was wrapped": {"[fwd: Hello (fwd)] (fwd)", "Hello", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			base, reply, was := TopicSubject(c.in, "[dev]")
			if base != c.base || reply != c.reply || was != c.was {
				t.Errorf("TopicSubject(%q) = %q, %v, %q; want %q, %v, %q", c.in, base, reply, was, c.base, c.reply, c.was)
			}
		})
	}
}
