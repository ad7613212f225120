package mailer

import (
	"reflect"
	"strings"
	"testing"

	"convene/mailer/mailtest"
)

// TestDSNParameters is C04: what a peer that offers DSN is asked for, and that no other is.
func TestDSNParameters(t *testing.T) {
	const offered = "8BITMIME, SMTPUTF8, dsn"
	for name, c := range map[string]struct {
		keywords, from, id, to string
		mail, rcpt             string
	}{
		"offered":                 {offered, "dev@x.example", "17-3", "bob@a.example", "MAIL FROM:<dev@x.example> RET=HDRS ENVID=17-3", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
		"not offered":             {"PIPELINING", "dev@x.example", "17-3", "bob@a.example", "MAIL FROM:<dev@x.example>", "RCPT TO:<bob@a.example>"},
		"without an envelope id":  {offered, "dev@x.example", "", "bob@a.example", "MAIL FROM:<dev@x.example> RET=HDRS", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
		"the null reverse-path":   {offered, "", "17", "bob@a.example", "MAIL FROM:<> RET=HDRS ENVID=17", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
		"plus and equals sign":    {offered, "dev@x.example", "a+b=c", "bob+x=y@a.example", "MAIL FROM:<dev@x.example> RET=HDRS ENVID=a+2Bb+3Dc", "RCPT TO:<bob+x=y@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob+2Bx+3Dy@a.example"},
		"a space in quotes":       {offered, "dev@x.example", "a b\x7f", `"b c"@a.example`, "MAIL FROM:<dev@x.example> RET=HDRS ENVID=a+20b+7F", `RCPT TO:<"b c"@a.example> NOTIFY=FAILURE ORCPT=rfc822;"b+20c"@a.example`},
		"beyond ASCII":            {offered, "dev@x.example", "17", "caf\u00e9@a.example", "MAIL FROM:<dev@x.example> SMTPUTF8 RET=HDRS ENVID=17", "RCPT TO:<caf\u00e9@a.example> NOTIFY=FAILURE ORCPT=utf-8;caf\u00e9@a.example"},
		"beyond ASCII, with plus": {offered, "dev@x.example", "17", "caf\u00e9+x=y@a.example", "MAIL FROM:<dev@x.example> SMTPUTF8 RET=HDRS ENVID=17", `RCPT TO:<café+x=y@a.example> NOTIFY=FAILURE ORCPT=utf-8;café\x{2B}x\x{3D}y@a.example`},
		"an id of 100 octets":     {offered, "dev@x.example", strings.Repeat("+", 33) + "x", "bob@a.example", "MAIL FROM:<dev@x.example> RET=HDRS ENVID=" + strings.Repeat("+2B", 33) + "x", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
		"an id of 101 octets":     {offered, "dev@x.example", strings.Repeat("+", 33) + "xx", "bob@a.example", "MAIL FROM:<dev@x.example> RET=HDRS", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
		"no control gets through": {offered, "dev@x.example", "1\r\nDATA", "bob@a.example", "MAIL FROM:<dev@x.example> RET=HDRS ENVID=1+0D+0ADATA", "RCPT TO:<bob@a.example> NOTIFY=FAILURE ORCPT=rfc822;bob@a.example"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mailtest.Peer{Keywords: strings.Split(c.keywords, ", ")}
			conn, err := dial(t, p, nil)
			if err != nil {
				t.Fatal(err)
			}
			v := make([]Verdict, 1)
			err = conn.Send(&Transaction{From: c.from, To: []string{c.to}, EnvelopeID: c.id, Content: NewContent([]byte("A: b\r\n\r\n"))}, nil, v)
			if err != nil || v[0].Fate != Accepted {
				t.Fatal(v, err)
			}
			if got := p.Commands()[1:3]; !reflect.DeepEqual(got, []string{c.mail, c.rcpt}) {
				t.Errorf("commands\n%q, want\n%q", got, []string{c.mail, c.rcpt})
			}
		})
	}
}

func TestHeadStandsBeforeTheContent(t *testing.T) {
	body := strings.Repeat(".a line\r\n", 10)
	large := strings.Repeat("a line\r\n", 20000)
	for name, c := range map[string]struct {
		head, content, want string
		size                string // what SIZE says
	}{
		"no head":                         {"", "A: b\r\n\r\n" + body, "A: b\r\n\r\n" + body, "98"},
		"a field":                         {"X: y\r\n", "A: b\r\n\r\n" + body, "X: y\r\nA: b\r\n\r\n" + body, "104"},
		"before a large content":          {"X: y\r\n", "A: b\r\n\r\n" + large, "X: y\r\nA: b\r\n\r\n" + large, "160014"},
		"a content that begins with dots": {"X: y\r\n", "..\r\n", "X: y\r\n..\r\n", "10"},
		"a line that begins with a dot":   {"X: y\r\n.\r\n", "A: b\r\n", "X: y\r\n.\r\nA: b\r\n", "15"},
		"a line without its end":          {"X: y", "A: b\r\n", "X: y\r\nA: b\r\n", "10"},
		"a bare line feed":                {"X: y\n.\nZ: z\r\n", "A: b\r\n", "X: y\r\n.\r\nZ: z\r\nA: b\r\n", "19"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &mailtest.Peer{Keywords: []string{"PIPELINING", "SIZE"}}
			conn, err := dial(t, p, nil)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second finds buffers that were used
				v := make([]Verdict, 1)
				err = conn.Send(&Transaction{To: []string{"bob@a.example"}, Head: []byte(c.head), Content: NewContent([]byte(c.content))}, nil, v)
				if err != nil || v[0].Fate != Accepted {
					t.Fatal(v, err)
				}
			}
			for _, m := range p.Mails() {
				if string(m.Content) != c.want {
					t.Errorf("%d octets arrived: %.80q", len(m.Content), m.Content)
				}
				if m.From != "<> SIZE="+c.size {
					t.Errorf("MAIL FROM:%s, want SIZE=%s", m.From, c.size)
				}
			}
		})
	}
}

func TestHeadCountsForSIZE(t *testing.T) {
	p := &mailtest.Peer{Keywords: []string{"SIZE 20"}}
	conn, err := dial(t, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for head, want := range map[string]Fate{"X: yyyyyyy\r\n": Accepted, "X: yyyyyyyy\r\n": Never} {
		v := make([]Verdict, 1)
		err = conn.Send(&Transaction{To: []string{"bob@a.example"}, Head: []byte(head), Content: NewContent([]byte("A: b\r\n\r\n"))}, nil, v)
		if err != nil || v[0].Fate != want {
			t.Errorf("%d octets of head: %v, %v", len(head), v, err)
		}
	}
}

func TestParseExtensions(t *testing.T) {
	for text, want := range map[string]extensions{
		"peer":                            {},
		"PIPELINING":                      {}, // the first line is a name
		"peer\npipelining\n8BitMime\nDsn": {pipelining: true, eightBit: true, dsn: true},
		"peer\nSMTPUTF8\nSTARTTLS":        {utf8: true, startTLS: true},
		"peer\nAUTH LOGIN PLAIN":          {authPlain: true, authLogin: true},
		"peer\nAUTH=PLAIN":                {}, // QUIRK: the spelling of Outlook Express 4, which servers still give beside the right one
		"peer\nSIZE":                      {sized: true},
		"peer\nSIZE 100":                  {sized: true, size: 100},
		"peer\nSIZE -1":                   {sized: true},
		"peer\nSIZE x":                    {sized: true},
		"peer\nLIMITS RCPTMAX=5":          {rcptMax: 5},
		"peer\nLIMITS MAILMAX=7 RCPTMAX=5 RCPTDOMAINMAX=1": {rcptMax: 5, mailMax: 7},
		"peer\nlimits mailmax=0 rcptmax=-3":                {},
		"peer\nLIMITS MAILMAX=x RCPTMAX":                   {},
		"peer\n\n \nXYZZY":                                 {},
	} {
		if got := parseExtensions([]byte(text)); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzXtext(f *testing.F) {
	for _, seed := range []string{"", "17-3", "bob+tag@a.example", `"a b"=c@x`, "\r\n\x00\xff+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		b := appendXtext(nil, "", value, 3*len(value))
		for _, c := range b {
			if c < '!' || c > '~' || c == '=' {
				t.Fatalf("%q became %q", value, b)
			}
		}
		if back, ok := unxtext(string(b)); !ok || back != value {
			t.Fatalf("%q became %q and that %q", value, b, back)
		}
		if short := appendXtext([]byte("x"), " A=", value, len(b)-1); len(b) > 0 && string(short) != "x" {
			t.Fatalf("%q is too long and became %q", value, short)
		}
	})
}
