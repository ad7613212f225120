package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"convene/list/message"
	"convene/mailer"
)

// TestKeygen is that a signature by the key that was written is verified by the record that was printed.
func TestKeygen(t *testing.T) {
	strings255 := regexp.MustCompile(`"([^"]*)"`)
	for name, args := range map[string][]string{"RSA": nil, "Ed25519": {"--ed25519"}} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "new", "key.pem")
			var out, errs bytes.Buffer
			if code := run(context.Background(), append([]string{"dkim", "keygen", "lists.example.org", "c1", "--out", path}, args...), streams{out: &out, err: &errs}); code != exitDone {
				t.Fatalf("exit status %d: %s", code, &errs)
			}
			_, zone, found := strings.Cut(out.String(), "c1._domainkey.lists.example.org. IN TXT ( ")
			zone, _, closed := strings.Cut(zone, " )\n")
			record := ""
			for _, m := range strings255.FindAllStringSubmatch(zone, -1) {
				if len(m[1]) > 255 {
					t.Errorf("a string of %d octets", len(m[1]))
				}
				record += m[1]
			}
			if !found || !closed || !strings.HasPrefix(record, "v=DKIM1; ") {
				t.Fatalf("no record in\n%s", &out)
			}
			key, err := mailer.LoadSigningKey("lists.example.org", "c1", path)
			if err != nil {
				t.Fatal(err)
			}
			raw := "From: dev@lists.example.org\r\nSubject: x\r\n\r\nhello\r\n"
			head, err := mailer.NewSigner([]mailer.SigningKey{key}).Seal("lists.example.org", message.Pieces{[]byte(raw)}, time.Unix(1, 0)).Sign(nil)
			if err != nil {
				t.Fatal(err)
			}
			verified, err := dkim.VerifyWithOptions(strings.NewReader(string(head)+raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				if name != "c1._domainkey.lists.example.org" {
					t.Errorf("asked for %s", name)
				}
				return []string{record}, nil
			}})
			if err != nil || len(verified) != 1 || verified[0].Err != nil {
				t.Errorf("%v %+v", err, verified)
			}
		})
	}
}

// TestKeygenCannotWrite is that a directory that cannot be made is said, and is no usage error.
func TestKeygenCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"dkim", "keygen", "--ed25519", "lists.example.org", "c1", "--out", filepath.Join(file, "key.pem")}, streams{out: &out, err: &errs})
	if code != exitFailed || out.Len() > 0 || !strings.Contains(errs.String(), file) {
		t.Errorf("exit status %d, %q, %q", code, &out, &errs)
	}
}

// TestARCIsAskedOfAKey is that keys seal that say so, and that the others, and those that few could verify, do not.
func TestARCIsAskedOfAKey(t *testing.T) {
	const table = "[[dkim]]\ndomain = \"lists.example.org\"\nselector = \"%\"\nkey_file = \"%.secret\"\n"
	of := func(selector string) string { return strings.ReplaceAll(table, "%", selector) }
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text, err := mailer.SigningKey{Key: private}.PEM()
	if err != nil {
		t.Fatal(err)
	}
	c := mustLoad(t, bareConfig+of("c1")+"arc = true\n"+of("c2"), configFile{"c1.secret", string(text)}, configFile{"c2.secret", string(text)})
	if site := c.Site(); len(site.Signing) != 2 || len(site.Sealing) != 1 || site.Sealing[0] != "c1._domainkey.lists.example.org" || !newAuthenticator(c).ARC {
		t.Errorf("signing %q, sealing %q", site.Signing, site.Sealing)
	}
	c = mustLoad(t, bareConfig+of("c1"), configFile{"c1.secret", string(text)})
	if site := c.Site(); len(site.Sealing) != 0 || newAuthenticator(c).ARC {
		t.Errorf("nobody asked for it: sealing %q", site.Sealing)
	}
	unpackConfig(t, []configFile{{"convene.toml", bareConfig + of("c1") + "arc = true\n"}, {"c1.secret", testSigningKey(t)}})
	if _, faults := loadConfig("convene.toml"); len(faults) != 1 || !strings.Contains(faults[0].String(), ":8:7: dkim.arc: needs an RSA key") {
		t.Errorf("faults %v", faults)
	}
}
