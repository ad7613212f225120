package mailer

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// keyring looks keys up, each once for one message.
type keyring struct {
	resolver Resolver
	found    map[string]foundKey
}

type foundKey struct {
	key crypto.PublicKey
	err error
}

// errNoKey is the end of all errors that DNS has proven; others may pass.
var errNoKey = errors.New("there is no such key")

// key is the key that a domain publishes under a selector (RFC 6376 §3.6.2).
func (k *keyring) key(ctx context.Context, domain, selector string) (crypto.PublicKey, error) {
	name := strings.ToLower(selector + "._domainkey." + domain)
	if domain == "" || selector == "" || !validDomain(name) {
		return nil, fmt.Errorf("%q: %w", name, errNoKey)
	}
	if f, ok := k.found[name]; ok {
		return f.key, f.err
	}
	texts, err := k.resolver.LookupTXT(ctx, name)
	f := foundKey{err: err}
	if err == nil || NotFound(err) {
		f.err = fmt.Errorf("%s: %w", name, errNoKey)
	}
	for _, text := range texts {
		if key := readKey(text); key != nil {
			f = foundKey{key: key}
			break
		}
	}
	if k.found == nil {
		k.found = map[string]foundKey{}
	}
	k.found[name] = f
	return f.key, f.err
}

// readKey reads a key record (RFC 6376 §3.6.1, RFC 8301 §3.2, RFC 8463 §4); nil: it holds none for mail that we could use.
func readKey(text string) crypto.PublicKey {
	t, err := readTags(text)
	if err != nil {
		return nil
	}
	names := func(tag, one, other string) bool {
		list, there := t[tag]
		return !there || slices.ContainsFunc(strings.Split(list, ":"), func(s string) bool {
			s = strings.Trim(s, foldingSpace)
			return s == one || s == other
		})
	}
	if v, there := t["v"]; there && v != "DKIM1" || !names("h", "sha256", "sha256") || !names("s", "*", "email") {
		return nil
	}
	der, err := base64.StdEncoding.DecodeString(t.without("p"))
	if err != nil || len(der) == 0 {
		return nil
	}
	switch t["k"] {
	case "", "rsa":
		key, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			key, err = x509.ParsePKCS1PublicKey(der)
		}
		if public, ok := key.(*rsa.PublicKey); ok && err == nil && public.N.BitLen() >= minRSABits && public.N.BitLen() <= 2*maxRSABits {
			return public
		}
	case "ed25519":
		if len(der) == ed25519.PublicKeySize {
			return ed25519.PublicKey(der)
		}
	}
	return nil
}

// matches reports whether a signature of algorithm over what was signed is that of key.
func matches(key crypto.PublicKey, algorithm string, signed, signature []byte) bool {
	digest := sha256.Sum256(signed)
	switch key := key.(type) {
	case *rsa.PublicKey:
		return algorithm == "rsa-sha256" && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
	case ed25519.PublicKey:
		return algorithm == "ed25519-sha256" && ed25519.Verify(key, digest[:], signature)
	}
	return false
}
