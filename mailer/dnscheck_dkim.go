package mailer

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// adviseRSABits is the size of RSA keys that receivers want by now (RFC 8301 §3.2).
const adviseRSABits = 2048

// signer sees to it that mail of a domain is signed at all, and by a key that every receiver can read.
func (r *dnsRun) signer(domain string) {
	keys := NewSigner(r.Keys).keysFor(domain)
	if len(keys) == 0 {
		r.say(LevelError, "dkim", domain, "nothing signs its mail: make a key with convene dkim keygen "+domain+" c1")
		return
	}
	if keys[0].rank() != 0 {
		r.say(LevelWarning, "dkim", domain, "only an Ed25519 key signs its mail, which many receivers cannot read: make an RSA key beside it with convene dkim keygen "+keys[0].Domain+" rsa1")
	}
}

// key holds what DNS has of one key against the key itself.
func (r *dnsRun) key(k SigningKey) {
	name := k.RecordName()
	texts, err := r.texts(name)
	publish := TXTRecord(name, k.Record())
	switch {
	case NotFound(err):
		r.say(LevelError, "dkim", name, "the key is not published: its signatures count for nothing", publish)
		return
	case err != nil:
		r.dunno("dkim", name, "the key", err)
		return
	case len(texts) > 1:
		r.say(LevelError, "dkim", name, fmt.Sprintf("%d records, of which receivers take any (RFC 6376 §3.6.2.2): publish one alone", len(texts)), publish)
		return
	}
	if fault := keyFault(texts[0], k); fault != "" {
		r.say(LevelError, "dkim", name, fault, publish)
		return
	}
	tags := tagsOf(texts[0])
	if slices.Contains(strings.Split(strings.ToLower(tags["t"]), ":"), "y") {
		r.say(LevelWarning, "dkim", name, "the record says t=y: receivers may treat the mail as if it was not signed", publish)
		return
	}
	kind := "Ed25519"
	if public, ok := k.Key.Public().(*rsa.PublicKey); ok {
		kind = fmt.Sprintf("RSA of %d bits", public.N.BitLen())
		if public.N.BitLen() < adviseRSABits {
			r.say(LevelWarning, "dkim", name, fmt.Sprintf("%s, published as it is in key_file; %d is right: make a new key under another selector with convene dkim keygen %s NAME", kind, adviseRSABits, k.Domain))
			return
		}
	}
	r.say(LevelOK, "dkim", name, kind+", published as it is in key_file")
}

// keyFault says what keeps a published record from being the key's; empty: nothing.
func keyFault(text string, k SigningKey) string {
	tags := tagsOf(text)
	if v, ok := tags["v"]; ok && v != "DKIM1" {
		return "what is published is no DKIM record: it says v=" + v
	}
	p, ok := tags["p"]
	if !ok {
		return "what is published is no DKIM record: it has no p="
	}
	if p == "" {
		return "the record says that the key is revoked (an empty p=)"
	}
	kind := "rsa"
	if k.rank() != 0 {
		kind = "ed25519"
	}
	if said := strings.ToLower(tags["k"]); said != kind && (said != "" || kind != "rsa") {
		return "what is published is not this key: it says k=" + orRSA(said) + " and key_file is " + kind
	}
	if h, ok := tags["h"]; ok && !slices.Contains(strings.Split(strings.ToLower(h), ":"), "sha256") {
		return "the record lets the key be used with h=" + h + " alone, and signatures are made with sha256"
	}
	if s, ok := tags["s"]; ok && !slices.ContainsFunc(strings.Split(strings.ToLower(s), ":"), func(s string) bool { return s == "*" || s == "email" }) {
		return "the record lets the key be used for s=" + s + " alone, and not for email"
	}
	published, err := publicKey(p, kind)
	if err != nil {
		return "the p= of what is published is no " + kind + " key"
	}
	if !published.Equal(k.Key.Public()) {
		return "what is published is another key than that of key_file"
	}
	return ""
}

func orRSA(k string) string {
	if k == "" {
		return "rsa"
	}
	return k
}

// comparableKey is what public keys of package crypto are.
type comparableKey interface{ Equal(x crypto.PublicKey) bool }

// publicKey reads a p= tag: of RSA in either of the forms that are about (RFC 6376 §3.6.1, erratum 3017).
func publicKey(p, kind string) (comparableKey, error) {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(p), ""))
	if err != nil {
		return nil, err
	}
	if kind == "ed25519" {
		if len(data) != ed25519.PublicKeySize {
			return nil, errors.New("wrong length")
		}
		return ed25519.PublicKey(data), nil
	}
	if key, err := x509.ParsePKIXPublicKey(data); err == nil {
		if key, ok := key.(*rsa.PublicKey); ok {
			return key, nil
		}
		return nil, errors.New("not RSA")
	}
	return x509.ParsePKCS1PublicKey(data)
}

// tagsOf reads a list of tags (RFC 6376 §3.2), which DKIM and DMARC records are. Of a tag that stands there twice the first counts.
func tagsOf(text string) map[string]string {
	tags := map[string]string{}
	for tag := range strings.SplitSeq(text, ";") {
		key, value, ok := strings.Cut(tag, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if _, twice := tags[key]; ok && key != "" && !twice {
			tags[key] = strings.TrimSpace(value)
		}
	}
	return tags
}
