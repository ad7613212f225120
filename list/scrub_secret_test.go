package list_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// secretLeaks are the ways in which the address or the link of a question comes back to a list.
var secretLeaks = map[string]string{
	"a reply to all":         "Cc: peers+WORD-TOKEN@lists.example.org\r\n\r\nyes\r\n",
	"a quoted header":        "\r\n> Reply-To: Peers <peers+WORD-TOKEN@lists.example.org>\r\n",
	"in capitals":            "\r\nPEERS+HELD-UPPER@LISTS.EXAMPLE.ORG and PEERS+CONFIRM-UPPER@LISTS.EXAMPLE.ORG\r\n",
	"a link":                 "\r\nhttps://lists.example.org/c/TOKEN\r\n",
	"a link in a link":       "\r\nhttps://safe.example/?u=https%3A%2F%2Flists.example.org%2Fc%2FTOKEN\r\n",
	"an address in a link":   "\r\nmailto:peers%2BWORD%2DTOKEN%40lists.example.org?body=approve\r\n",
	"in base64":              "MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nB64(peers+WORD-TOKEN@lists.example.org)\r\n",
	"in a name":              "Cc: =?utf-8?b?B64(peers+WORD-TOKEN)?= <a@x.example>\r\n\r\nHello.\r\n",
	"in an enclosed message": "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\nReply-To: peers+WORD-TOKEN@lists.example.org\r\n\r\nHello.\r\n",
	"an address in a quoted line that is broken": "\r\n> Reply-To: Peers <peers+WORD-\r\n> TOKEN@lists.example.org>\r\n",
	"an address with an entity":                  "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>peers+WORD&#45;TOKEN@lists.example.org</p>\r\n",
	"an address with a place to break it":        "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>peers+WORD-<wbr>TOKEN@lists.example.org</p>\r\n",
	"an address with a soft hyphen":              "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\npeers+WORD-\u00adTOKEN\r\n",
	"a link in a link in a link":                 "\r\nhttps://safe.example/?u=https%253A%252F%252Flists.example.org%252Fc%252FTOKEN\r\n",
	"of one list only by its word":               "\r\nwrite to +WORD-TOKEN@\r\n",
}

func TestLeakedSecretsAreOverwrittenAndSentAnew(t *testing.T) {
	for name, form := range secretLeaks {
		for _, p := range []list.Purpose{list.ForHeld, list.ForConfirm} {
			t.Run(name+" of "+string(p), func(t *testing.T) {
				s := newSite(t, nil)
				s.members(t, "ann@x.example")
				log := s.logged()
				s.owe(t, list.Note{List: 1, Text: "rejected", To: "amina@example.org", Values: map[string]string{"reason": "Because."}, MessageID: "held.7.a@lists.example.org",
					Thread: "first@lists.example.org", Secret: &list.Secret{Purpose: p, List: 1, Address: "amina@example.org", Subject: 7, Data: []byte("data"), Expires: s.now.Add(time.Hour)}})
				first := s.mailed(t)[0]
				token := tokenOf(t, first)
				raw := leaking(form, string(p), token)
				if !holds(raw, token) {
					t.Fatalf("the test leaks nothing:\n%s", raw)
				}
				if r, err := s.receive(raw); err != nil || r.Action != "accept" {
					t.Fatalf("%+v, %v", r, err)
				}
				s.nowhere(t, token)
				address := "peers+" + string(p) + "-%s@lists.example.org"
				if _, err := s.Route(fmt.Sprintf(address, token)); reason(err) != list.NoSuchAddress {
					t.Errorf("the old token: %v", err)
				}
				var again []mailed
				for _, n := range s.mailed(t) {
					if n.to == "amina@example.org" {
						again = append(again, n)
					}
				}
				if len(again) != 1 {
					t.Fatalf("%d fresh notices", len(again))
				}
				fresh := tokenOf(t, again[0])
				if _, err := s.Route(fmt.Sprintf(address, fresh)); err != nil || fresh == token {
					t.Errorf("the fresh token: %v", err)
				}
				if id := again[0].MessageID(); !strings.HasPrefix(id, "held.7.a.") || again[0].Text(1000) != first.Text(1000) || again[0].Get("References") != "<first@lists.example.org>" {
					t.Errorf("%s:\n%s", id, again[0].raw)
				}
				var secret list.Secret
				if err := s.db.View(func(r list.Reader) (err error) { secret, err = r.Secret(list.HashToken(fresh)); return err }); err != nil ||
					secret.Subject != 7 || string(secret.Data) != "data" || secret.Address != "amina@example.org" {
					t.Errorf("%+v, %v", secret, err)
				}
				if text := log.String(); strings.Contains(text, token) || !strings.Contains(text, "secrets=1") {
					t.Errorf("logged %s", text)
				}
				if r, err := s.receive(raw); err != nil || r.Action != "discard" || len(s.owed(t)) != 0 {
					t.Errorf("the same again: %+v, %v, %q", r, err, s.owed(t))
				}
			})
		}
	}
}

// leaking makes a post of a form of leak.
func leaking(form, word, token string) []byte {
	form = strings.NewReplacer("WORD", word, "TOKEN", token, "UPPER", strings.ToUpper(token)).Replace(form)
	if before, rest, ok := strings.Cut(form, "B64("); ok {
		inner, after, _ := strings.Cut(rest, ")")
		form = before + base64.StdEncoding.EncodeToString([]byte(inner)) + after
	}
	return []byte("From: ann@x.example\r\nTo: peers@lists.example.org\r\nSubject: Two\r\nMessage-ID: <2@x>\r\n" + form)
}

// TestALeakThatCannotBeOverwritten waits for a moderator, and is worth nothing all the same.
func TestALeakThatCannotBeOverwritten(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	token := s.ask(t, list.ForConfirm, "amina@example.org", 7, "")
	foreign := "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ibm037\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(ebcdic("peers+confirm-"+token)) + "\r\n"
	if r, err := s.receive(leaking(foreign, "", "")); err != nil || r.Action != "hold" {
		t.Fatalf("%+v, %v", r, err)
	}
	if h, err := s.HeldPost(1); err != nil || !strings.Contains(fmt.Sprint(h.Reasons), "in a charset without ASCII") {
		t.Errorf("held %v, %v", h.Reasons, err)
	}
	if _, err := s.Route("peers+confirm-" + token + "@lists.example.org"); reason(err) != list.NoSuchAddress {
		t.Errorf("the old token: %v", err)
	}
}

// ebcdic writes small letters, digits and a few signs in code page 37.
func ebcdic(s string) (b []byte) {
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'i':
			c = 0x81 + c - 'a'
		case 'j' <= c && c <= 'r':
			c = 0x91 + c - 'j'
		case 's' <= c && c <= 'z':
			c = 0xA2 + c - 's'
		case '0' <= c && c <= '9':
			c = 0xF0 + c - '0'
		default:
			c = map[byte]byte{'+': 0x4E, '-': 0x60, '@': 0x7C}[c]
		}
		b = append(b, c)
	}
	return b
}

// TestALeakOfWhatWasAnswered: it is overwritten, and nobody is asked again.
func TestALeakOfWhatWasAnswered(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	token := s.ask(t, list.ForHeld, "amina@example.org", 7, "")
	if err := s.db.Update(func(tx list.Tx) error { return list.Spend(tx, 1, list.ForHeld, 7, "approved") }); err != nil {
		t.Fatal(err)
	}
	if r, err := s.receive(leaking(secretLeaks["a quoted header"], "held", token)); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
	s.nowhere(t, token)
	if left := s.owed(t); len(left) != 0 {
		t.Errorf("asked again: %q", left)
	}
}

// TestWhatOnlyLooksLikeASecretStays: what was never a token of ours is not touched.
func TestWhatOnlyLooksLikeASecretStays(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, "ann@x.example")
	token := s.ask(t, list.ForConfirm, "amina@example.org", 7, "")
	wrong := strings.Map(func(r rune) rune { return map[bool]rune{true: 'b', false: r}[r == rune(token[0])] }, token)
	raw := leaking("\r\n/c/"+wrong+" +held-"+wrong+"@x +confirm-"+token[:25]+" withheld-"+token[:24]+" held-<wbr>"+wrong+" held&#45;"+wrong+" %252Fc%252F"+wrong+"\r\n", "", "")
	if token[0] == 'b' || wrong == token {
		t.Skip("this token cannot be changed so")
	}
	if r, err := s.receive(raw); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := s.raw(t, 1); !bytes.Equal(got, raw) {
		t.Errorf("stored\n%s", got)
	}
	if _, err := s.Route("peers+confirm-" + token + "@lists.example.org"); err != nil {
		t.Errorf("revoked: %v", err)
	}
}
