package mailer

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

const smallRSA = `-----BEGIN RSA PRIVATE KEY-----
MIIBOQIBAAJBAN8G62ZUryo622OXW8FiyQ5JGvOGT8SR5d8wSp6Vydmu6VvnszYz
Cj77c+WOLpN1sDDhIj0n+fT4AwWPTy/19yMCAwEAAQJAVp1tVnSVAqWRBoCF1fjz
dGTX3rPOztyKlb8/e49YsP0PbAZ1EIFH91Q7q3PHHCy2k5th4W1xWVbpgbZ3iDw9
gQIhAPMcl2XEh70sbjCjsfk8Z5Rd3HwAH3UOtgMLyDMIcjxzAiEA6tm/afq3zwSC
NXXtPb/IRwfngYnDfggr1+XSmp5S3pECIFQM9ILouY07yTTjw2pJ6f2vncT5Peb4
mRDgh+ys5OHlAiBt2CzkZ+UjCcvRL3goYpRNTNAmUYZDY5UGJTNtKFJAUQIgHeft
z19xjdApMZe+VP8ko6cJpUiGk1UF5AZmU4k2fZw=
-----END RSA PRIVATE KEY-----
`

func TestLoadSigningKey(t *testing.T) {
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	pkcs8 := func(key any) string {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return block("PRIVATE KEY", der)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	example := rsaKey(t).(*rsa.PrivateKey)
	public, err := x509.MarshalPKIXPublicKey(&example.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{ // the algorithm, or what the error says
		"RSA in PKCS #1":          {exampleRSA, "rsa-sha256"},
		"RSA in PKCS #8":          {pkcs8(example), "rsa-sha256"},
		"Ed25519 in PKCS #8":      {pkcs8(ed25519Key(t)), "ed25519-sha256"},
		"text before the key":     {"the key of c1\n" + exampleRSA, "rsa-sha256"},
		"a small RSA key":         {smallRSA, "512 bits"},
		"another curve":           {pkcs8(curve), "neither an RSA nor an Ed25519 key"},
		"a key for elsewhere":     {block("OPENSSH PRIVATE KEY", []byte("x")), `"openssh private key"`},
		"a public key":            {block("PUBLIC KEY", public), "the private one is needed"},
		"one with a passphrase":   {block("ENCRYPTED PRIVATE KEY", []byte("x")), "passphrase"},
		"one with an older one":   {strings.Replace(exampleRSA, "KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1), "passphrase"},
		"a key that is cut short": {block("RSA PRIVATE KEY", public[:20]), "cannot be read"},
		"DER":                     {string(public), "not in PEM form"},
		"nothing":                 {"", "not in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "c1.pem")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			key, err := LoadSigningKey("lists.example.org", "c1", path)
			if err != nil {
				if key.Key != nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
					t.Errorf("%v, want %q", err, c.want)
				}
				return
			}
			if key.algorithm() != c.want || key.RecordName() != "c1._domainkey.lists.example.org" {
				t.Errorf("%s at %s, want %q", key.algorithm(), key.RecordName(), c.want)
			}
			if k, ok := key.Key.(*rsa.PrivateKey); ok && k.Precomputed.Dp == nil {
				t.Error("nothing is computed ahead: signing will be slow")
			}
			again, err := key.PEM()
			if err != nil {
				t.Fatal(err)
			}
			if k, err := parseSigningKey(again); err != nil || !bytes.Equal([]byte(SigningKey{Key: k}.Record()), []byte(key.Record())) {
				t.Errorf("written and read it is another key: %v", err)
			}
		})
	}
	if _, err := LoadSigningKey("lists.example.org", "c1", filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestNamedKeys(t *testing.T) {
	key := func(selector string) SigningKey {
		_, k, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		return SigningKey{Domain: "lists.example.org", Selector: selector, Key: k}
	}
	first := NewSigner([]SigningKey{key("a"), key("b")})
	second := NewSigner([]SigningKey{key("c")}).After(first)
	const mail = "From: a@b.example\r\n\r\nx\r\n"
	for name, c := range map[string]struct {
		signer *Signer
		names  []string
		want   []string
	}{
		"the keys it was accepted under":   {first, []string{"a._domainkey.lists.example.org", "b._domainkey.lists.example.org"}, []string{"s=a;", "s=b;"}},
		"one of them":                      {first, []string{"B._domainkey.lists.example.org"}, []string{"s=b;"}},
		"gone from the config":             {second, []string{"a._domainkey.lists.example.org"}, []string{"s=a;"}},
		"unknown after a restart":          {second, []string{"z._domainkey.lists.example.org"}, []string{"s=c;"}},
		"none":                             {second, nil, nil},
		"no keys now, and there were some": {NewSigner(nil).After(first), []string{"a._domainkey.lists.example.org"}, []string{"s=a;"}},
	} {
		t.Run(name, func(t *testing.T) {
			var signed []byte
			if s := c.signer.Named(c.names); s != nil {
				var err error
				if signed, err = s.Seal("lists.example.org", message.Pieces{[]byte(mail)}, time.Unix(1, 0)).Sign(nil); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range c.want {
				if !bytes.Contains(signed, []byte(want)) {
					t.Errorf("%s is not in %q", want, signed)
				}
			}
			if n := bytes.Count(signed, []byte("DKIM-Signature:")); n != len(c.want) {
				t.Errorf("%d signatures, want %d", n, len(c.want))
			}
		})
	}
}
