package message

import (
	"strings"
	"testing"
	"time"
)

func TestSubject(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"plain":                      {"Subject: Hello\r\n\r\n", "Hello"},
		"folded and encoded":         {"Subject: =?utf-8?q?a?=\r\n =?utf-8?q?b?=\r\n\r\n", "ab"},
		"none":                       {"X: y\r\n\r\n", ""},
		"the first of two":           {"Subject: a\r\nSubject: b\r\n\r\n", "a"},
		"encoded line ends":          {"Subject: =?utf-8?q?hi=0D=0ABcc:_v?=\r\n\r\n", "hi  Bcc: v"},
		"space around what it holds": {"Subject: =?utf-8?q?_a_?=\r\n\r\n", "a"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parse([]byte(c.raw)).Subject(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"as it should be":          {"Mon, 02 Mar 2026 10:00:00 +0100", "2026-03-02T09:00:00Z"},
		"without the day":          {"2 Mar 2026 10:00 +0000", "2026-03-02T10:00:00Z"},
		"with the zone's name":     {"Mon, 02 Mar 2026 10:00:00 +0100 (CET)", "2026-03-02T09:00:00Z"},
		"with a named zone":        {"Mon, 02 Mar 2026 10:00:00 GMT", "2026-03-02T10:00:00Z"},
		"folded":                   {"Mon,\r\n 02 Mar 2026\r\n 10:00:00 +0000", "2026-03-02T10:00:00Z"},
		"asctime":                  {"Mon Mar  2 10:00:00 2026", "2026-03-02T10:00:00Z"},
		"RFC 3339":                 {"2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"},
		"empty":                    {"", ""},
		"words":                    {"yesterday", ""},
		"a year beyond all":        {"Mon, 02 Mar 99999999999 10:00:00 +0000", ""},
		"before mail":              {"Mon, 02 Mar 1926 10:00:00 +0000", ""},
		"beyond what is written":   {"9999-12-31T23:59:59-12:00", ""},
		"a comment and nothing":    {"(((((", ""},
		"a very long text":         {strings.Repeat("Mon, ", 1000), ""},
		"a 32nd":                   {"Mon, 32 Mar 2026 10:00:00 +0000", ""},
		"two digits for a year":    {"02 Mar 26 10:00:00 +0000", "2026-03-02T10:00:00Z"},
		"too much space in places": {"Mon,  2  Mar 2026   10:00:00  +0000", "2026-03-02T10:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := Parse([]byte("Date: " + c.in + "\r\n\r\n")).Date()
			if ok != (c.want != "") || ok && got.UTC().Format(time.RFC3339) != c.want {
				t.Errorf("got %v, %v; want %q", got, ok, c.want)
			}
		})
	}
}

func TestContentKey(t *testing.T) {
	base := "Received: one\r\n\tby two\r\nFrom: a@b.example\r\nMessage-ID: <a@b>\r\nSubject: x\r\n\r\nbody\r\n"
	key := Parse([]byte(base)).ContentKey()
	for name, c := range map[string]struct {
		raw  string
		same bool
	}{
		"another route":            {strings.Replace(base, "one\r\n\tby two", "three", 1), true},
		"no route":                 {strings.Replace(base, "Received: one\r\n\tby two\r\n", "", 1), true},
		"trace fields of all kind": {"Return-Path: <x>\r\nDelivered-To: y\r\nX-Original-To: z\r\nARC-Seal: i=1\r\nAuthentication-Results: h\r\nDKIM-Signature: v\r\nreceived-spf: pass\r\nX-Spam-Flag: NO\r\nX-RECEIVED: q\r\n" + base, true},
		"trace fields in between":  {strings.Replace(base, "Subject", "X-Spam-Score: 1\r\n 2\r\nSubject", 1), true},
		"another subject":          {strings.Replace(base, "Subject: x", "Subject: y", 1), false},
		"another id":               {strings.Replace(base, "<a@b>", "<c@b>", 1), false},
		"another body":             {base + "more\r\n", false},
		"a field more":             {"X-Loose: y\r\n" + base, false},
		"a malformed line more":    {"Received by\r\n" + base, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parse([]byte(c.raw)).ContentKey() == key; got != c.same {
				t.Errorf("the key is the same: %v, want %v", got, c.same)
			}
		})
	}
}

func TestEightBit(t *testing.T) {
	for name, c := range map[string]struct {
		raw          string
		header, body bool
	}{
		"ASCII":            {"Subject: x\r\n\r\nhello, this is ASCII\r\n", false, false},
		"an 8-bit body":    {"Subject: x\r\n\r\nhello, this is \xe9\r\n", false, true},
		"a last octet":     {"Subject: x\r\n\r\n1234567\xe9", false, true},
		"an 8-bit header":  {"Subject: caf\xc3\xa9\r\n\r\nx\r\n", true, false},
		"both":             {"Subject: \xc3\xa9\r\n\r\n\xe9\r\n", true, true},
		"nothing":          {"", false, false},
		"a header only":    {"Subject: \x80", true, false},
		"the highest of 7": {"Subject: \x7f\r\n\r\n\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			if h, b := Parse([]byte(c.raw)).EightBit(); h != c.header || b != c.body {
				t.Errorf("got %v, %v; want %v, %v", h, b, c.header, c.body)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	good := "From: a@b.example\r\nTo: x@y.example\r\nSubject: s\r\nDate: d\r\nMessage-ID: <a@b>\r\nReceived: 1\r\nReceived: 2\r\n"
	for name, c := range map[string]struct{ raw, want string }{
		"a good message":                     {good + "\r\nx", ""},
		"neither Date nor Message-ID":        {"From: a@b.example\r\n\r\nx", ""},
		"no From":                            {"To: x@y.example\r\n\r\nx", "from"},
		"two From":                           {good + "From: c@d.example\r\n\r\nx", "from"},
		"two mailboxes in From":              {"From: a@b.example, c@d.example\r\n\r\nx", "from"},
		"two Subject":                        {good + "subject: y\r\n\r\nx", "structure"},
		"two To":                             {good + "To: y\r\n\r\nx", "structure"},
		"two Cc":                             {good + "Cc: y\r\nCC: z\r\n\r\nx", "structure"},
		"two Date":                           {good + "Date: y\r\n\r\nx", "structure"},
		"two Message-ID":                     {good + "Message-Id: <a@b>\r\n\r\nx", "structure"},
		"two Reply-To":                       {good + "Reply-To: y\r\nReply-To: y\r\n\r\nx", "structure"},
		"two Sender":                         {good + "Sender: y\r\nSender: y\r\n\r\nx", "structure"},
		"two In-Reply-To":                    {good + "In-Reply-To: y\r\nIn-Reply-To: y\r\n\r\nx", "structure"},
		"two References":                     {good + "References: y\r\nReferences: y\r\n\r\nx", "structure"},
		"a line without a colon":             {good + "BAD\r\n\r\nx", "structure"},
		"a space before the colon":           {"From : evil@x.example\r\n" + good + "\r\nx", "structure"},
		"an mbox line":                       {"From a@b.example Thu Jan  1 00:00:00 2026\r\n" + good + "\r\nx", "structure"},
		"an empty message":                   {"", "from"},
		"a body only":                        {"\r\nhello\r\n", "from"},
		"a line without a colon in the body": {good + "\r\nBAD\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) { checkGuard(t, Parse([]byte(c.raw)).Check(), c.want) })
	}
}
