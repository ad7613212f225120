package list

import (
	"strings"
	"testing"
	"unicode/utf8"

	"convene/list/message"
)

// TestNameOnly is D05 and D07: no address and no trick is left in a display name.
func TestNameOnly(t *testing.T) {
	for name, want := range map[string]string{
		"Ann Author": "Ann Author", "": "", "ann@author.example": "ann---", "x@bank.com": "x---", "Ann (x@bank.com) Author": "Ann (x---) Author",
		"x＠bank.com": "x---", "x @ bank.com": "x---", "x@\u200bbank.com": "x---", "x\u200b@bank。com": "x---", "x﹫bank．com": "x---", "@bank.com": "", "@": "",
		"Ann @ Greenpeace": "Ann Greenpeace", "@ann": "", "Ann @home": "Ann ---", "ann@localhost": "ann---", "a@b@c.example": "a------",
		"<x@bank.com>, y@bank.com": "<x--->, y---", "\u202eeman\u202c": "eman", "A\r\nBcc: b\x00c": "A Bcc: b c", "  A   B\t": "A B", "A\u00a0B\u3000C": "A B C",
		"Jörg \"J\" Müller": "Jörg \"J\" Müller", "نرگس\u200cها": "نرگس\u200cها", "a\xffb": "ab", "---": "",
		strings.Repeat("é", 200): strings.Repeat("é", maxFromName),
	} {
		if got := nameOnly(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzNameOnly(f *testing.F) {
	for _, s := range []string{"x@bank.com", "a @ b . c", "＠.＠.", "=?utf-8?q?x=40y.z?=", "@\u200d@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := nameOnly(s)
		if strings.ContainsAny(name, "@＠﹫\r\n\x00") || utf8.RuneCountInString(name) > maxFromName || !utf8.ValidString(name) || strings.TrimSpace(name) != name {
			t.Errorf("%q: %q", s, name)
		}
		field := message.EncodeMailboxes("From", message.Mailbox{Name: name, Addr: "peers@lists.example.org"})
		m := message.Parse([]byte(field + "\r\n"))
		if from, err := m.From(); err != nil || from.Name != name || from.Addr != "peers@lists.example.org" {
			t.Errorf("%q: %q is read as %+v, %v", s, field, from, err)
		}
	})
}

func TestAuthorName(t *testing.T) {
	ann := &Member{Name: "Ann of the Members", Number: 1}
	for name, c := range map[string]struct {
		from   message.Mailbox
		member *Member
		want   string
	}{
		"the name in the message": {message.Mailbox{Name: "Ann Author", Addr: "ann@author.example"}, ann, "Ann Author"},
		"the member's name":       {message.Mailbox{Addr: "ann@author.example"}, ann, "Ann of the Members"},
		"an address is no name":   {message.Mailbox{Name: " Ann@author.example", Addr: "ann@author.example"}, ann, "Ann of the Members"},
		"a member without one":    {message.Mailbox{Addr: "ann@author.example"}, &Member{Number: 1}, "ann---"},
		"no member":               {message.Mailbox{Addr: "ann@author.example"}, nil, "ann---"},
		"a quoted local part":     {message.Mailbox{Addr: `"ann b"@author.example`}, nil, "ann b---"},
		"with an @ in it":         {message.Mailbox{Addr: `"x@bank.com"@author.example`}, nil, "x---"},
		"a name that is nothing":  {message.Mailbox{Name: "@bank.com", Addr: "ann@author.example"}, nil, "ann---"},
		"somebody else's address": {message.Mailbox{Name: "x@bank.com", Addr: "ann@author.example"}, nil, "x---"},
	} {
		if got := authorName(c.from, c.member); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestViaName is how the name reads in each language, and on the wire.
func TestViaName(t *testing.T) {
	site := testSite()
	for lang, want := range map[string]string{"en": "Ann via Peers", "fr": "Ann via Peers", "es": "Ann vía Peers", "xx": "Ann via Peers", "es-MX": "Ann vía Peers"} {
		if got := viaName(site, &List{Name: "Peers", Address: "p@lists.example.org", Language: lang}, "Ann"); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	for list, want := range map[string]string{"": "Ann via p", "x@bank.com": "Ann via x---", "{{.Values.name}}": "Ann via {{.Values.name}}"} {
		if got := viaName(site, &List{Name: list, Address: "p@lists.example.org", Language: "en"}, "Ann"); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
	if got := viaName(&Site{}, &List{Name: "Peers"}, "Ann"); got != "Ann via Peers" {
		t.Errorf("without texts: %q", got)
	}
	name := viaName(site, &List{Name: "Peers", Language: "en"}, `Jörg "J" Müller`)
	m := message.Parse([]byte(message.EncodeMailboxes("From", message.Mailbox{Name: name, Addr: "p@lists.example.org"}) + "\r\n"))
	if from, err := m.From(); err != nil || from.Name != `Jörg "J" Müller via Peers` {
		t.Errorf("D07: %+v, %v", from, err)
	}
}
