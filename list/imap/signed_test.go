package imap

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"convene/list"
)

// What an author has signed still verifies as it is served.
func TestSignaturesHold(t *testing.T) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	var signed bytes.Buffer
	raw := strings.ReplaceAll(mail, "\n", "\r\n")
	if err := dkim.Sign(&signed, strings.NewReader(raw), &dkim.SignOptions{Domain: "example.org", Selector: "s", Signer: key, HeaderKeys: []string{"From", "Subject", "To", "Date"}}); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	h.post(peers, signed.String(), func(p *list.Post) {
		p.Head = "List-Id: <peers.lists.example.org>\r\nArchived-At: <https://lists.example.org/m/a%40example.org>\r\n"
	})
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	for range 2 {
		_, served, _ := strings.Cut(strings.TrimSuffix(c.ok("FETCH 1 BODY.PEEK[]"), ")"), "}\r\n")
		found, err := dkim.VerifyWithOptions(strings.NewReader(served), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) {
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))}, nil
		}})
		if err != nil || len(found) != 1 || found[0].Err != nil {
			t.Errorf("%v, %+v, of\n%s", err, found, served)
		}
	}
}
