package mailer

import (
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

func TestParsePath(t *testing.T) {
	for arg, want := range map[string]string{
		"<>":                                     "",
		"<> SIZE=1":                              "| SIZE=1",
		"<a@b.example>":                          "a@b.example",
		"<A@B.Example> X":                        "A@b.example| X",
		`<"a"@b>`:                                "a@b",
		`<"a b\"c\\d"@b>`:                        `"a b\"c\\d"@b`,
		`<"a@b"@c>`:                              `"a@b"@c`,
		`<"a>"@c>`:                               `"a>"@c`,
		"<@x,@y:a@b>":                            "a@b",
		"<Postmaster>":                           "postmaster",
		"<dev>":                                  "!",
		`<"@">`:                                  "!",
		"<a@[192.0.2.1]>":                        "a@[192.0.2.1]",
		"<a@[IPv6:2001:db8::1]>":                 "a@[ipv6:2001:db8::1]",
		"<" + strings.Repeat("a", 64) + "@b>":    strings.Repeat("a", 64) + "@b",
		"<" + strings.Repeat("a", 65) + "@b>":    "!",
		"<a@" + strings.Repeat("b.", 127) + "b>": "a@" + strings.Repeat("b.", 127) + "b",
		"<a@" + strings.Repeat("b.", 128) + "b>": "!",
		"":                                       "!",
		"<":                                      "!",
		"a@b":                                    "!",
		"<a@b":                                   "!",
		"<@x>":                                   "!",
		"<@x:>":                                  "!",
		"<@>":                                    "!",
		"<a@>":                                   "!",
		"<@b>":                                   "!",
		"<a@b>x":                                 "!",
		"<a@b@c>":                                "!",
		"<a..b@c>":                               "!",
		"<.a@c>":                                 "!",
		"<a b@c>":                                "!",
		`<""@c>`:                                 "!",
		`<"a"b@c>`:                               "!",
		`<"a@c>`:                                 "!",
		"<a@b_c.d>":                              "a@b_c.d",
		"<a@-b>":                                 "!",
		"<a@b..c>":                               "!",
		"<a@[]>":                                 "!",
		"<a@[x>":                                 "!",
		"<ä@b>":                                  "ä@b",
		"<a@bücher.EXAMPLE> x":                   "a@xn--bcher-kva.example| x",
		"<\xe4@b>":                               "!",
		"<a\u200b@b>":                            "!",
		"<a@-ü.b>":                               "!",
		"<a@b\xff>":                              "!",
	} {
		mailbox, rest, err := parsePath(arg)
		got := mailbox
		if rest != "" {
			got += "|" + rest
		}
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q (%v)", arg, got, want, err)
		}
	}
}

// FuzzPath: what comes out is read again as itself, and survives go-smtp, which drops the quotes.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"<a@b>", `<"a b\"c"@d>`, "<@x:a@b>", "<a@[1.2.3.4]>", `<"@"@d> X`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		mailbox, _, err := parsePath(arg)
		if err != nil || !strings.Contains(mailbox, "@") {
			return
		}
		again, rest, err := parsePath("<" + mailbox + ">")
		if err != nil || again != mailbox || rest != "" {
			t.Fatalf("%q became %q, then %q, %v", arg, mailbox, again, err)
		}
		if strings.ContainsAny(mailbox, "\r\n\x00") {
			t.Fatalf("%q has control characters", mailbox)
		}
		local, domain, _ := cutLast(mailbox)
		if unquoted, _, err := parseLocal(local + "@"); err != nil || requote(unquoted+"@"+domain) != mailbox {
			t.Fatalf("%q does not come back from go-smtp: %v", mailbox, err)
		}
	})
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '@')
	return s[:i], s[i+1:], true
}

func TestPlainText(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"a":                       "a",
		"a\r\n250 2.0.0 b":        "a 250 2.0.0 b",
		"a\x00\x1b\x7fb":          "a???b",
		"für  Sie":                "f?r Sie",
		strings.Repeat("x", 400):  strings.Repeat("x", 400),
		strings.Repeat("x ", 300): strings.TrimRight(strings.Repeat("x ", 199)[:397], " ") + "...",
	} {
		if got := plain(text); got != want || len(got) > maxReplyText {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The type of go-smtp's error must be exactly this one, not wrapped: anything else becomes a permanent 554 with its text.
var _ error = (*smtp.SMTPError)(reply{}.smtp())
