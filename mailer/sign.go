package mailer

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/list/message"
)

// sharedFields are the fields that a Seal signs of what all copies share; ownFields those that may also be one copy's own. Each is signed as often as
// it is there and once more, so that none can be added (RFC 6376 §8.15). What servers on the way add or change is not here: Received, Return-Path.
var (
	sharedFields = []string{"from", "author", "reply-to", "sender", "subject", "date", "message-id", "to", "cc", "in-reply-to", "references", "mime-version",
		"content-type", "content-transfer-encoding", "list-id", "list-help", "list-subscribe", "list-post", "list-owner", "list-archive"}
	ownFields = []string{"list-unsubscribe", "list-unsubscribe-post"}
)

// Signer makes DKIM signatures (RFC 6376, RFC 8463). It does not change, and any number of goroutines may use it. A nil Signer has no keys.
type Signer struct {
	keys  map[string][]SigningKey // by domain, lower case
	named map[string]SigningKey   // by RecordName: these, and those of Signers before
}

// NewSigner makes a Signer of some keys, whose domains and selectors are valid names in ASCII. Several keys of one domain all sign each message: RSA
// first, and otherwise in the order given.
func NewSigner(keys []SigningKey) *Signer {
	s := &Signer{keys: make(map[string][]SigningKey), named: make(map[string]SigningKey)}
	for _, k := range keys {
		k.Domain = strings.ToLower(k.Domain)
		s.keys[k.Domain] = append(s.keys[k.Domain], k)
		s.named[strings.ToLower(k.RecordName())] = k
	}
	for _, ks := range s.keys {
		slices.SortStableFunc(ks, func(a, b SigningKey) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return s
}

// After makes s know the keys of an earlier Signer by name, so that what was accepted under them is still signed by them. It returns s, which
// nobody may use yet.
func (s *Signer) After(earlier *Signer) *Signer {
	if s != nil && earlier != nil {
		for name, k := range earlier.named {
			if _, known := s.named[name]; !known {
				s.named[name] = k
			}
		}
	}
	return s
}

// Named is a Signer of the keys with these RecordNames alone; nil without names. If none of them is known, which is only so after a restart, it
// is s itself: a signature by another key of the domain is better than none.
func (s *Signer) Named(names []string) *Signer {
	if s == nil || len(names) == 0 {
		return nil
	}
	var keys []SigningKey
	for _, name := range names {
		if k, ok := s.named[strings.ToLower(name)]; ok {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return s
	}
	return NewSigner(keys)
}

// keysFor are the keys of domain, or of the nearest domain above it that has some.
func (s *Signer) keysFor(domain string) []SigningKey {
	if s == nil {
		return nil
	}
	domain = strings.ToLower(domain)
	for {
		if ks := s.keys[domain]; len(ks) > 0 {
			return ks
		}
		_, above, ok := strings.Cut(domain, ".")
		if !ok {
			return nil
		}
		domain = above
	}
}

// Seal is what the signatures of all copies of one message share: the hash of the body, and the header as far as it is the same. It does not change,
// and any number of goroutines may use it.
type Seal struct {
	keys  []sealingKey
	fixed hash.Cloner  // SHA-256 that has read the canonical sharedFields
	own   []ownSection // one for each of ownFields

	bodyHash string // base64, as it stands in a signature
}

// sealingKey is a key, and its signature field from the name of the field to the last of sharedFields, as it is written and canonical.
type sealingKey struct {
	SigningKey
	field     folder
	canonical []byte
}

// ownSection are the fields of one name that the message has, as many as count, canonical and from the last to the first.
type ownSection struct {
	canonical []byte
	count     int
}

// Seal prepares the signatures of a message of domain by the keys of that domain, or else of the nearest domain above it that has some; nil when no
// key fits. mail is the whole message exactly as it goes out, with CRLF line ends and without dot-stuffing, less the fields that are one copy's
// own; it is not kept. at is the time of the signatures: of the same message and time come the same signatures (RSA of PKCS #1 v1.5 and Ed25519 are
// both deterministic), so that a retry is the first attempt octet for octet.
func (s *Signer) Seal(domain string, mail message.Pieces, at time.Time) *Seal {
	keys := s.keysFor(domain)
	if keys == nil {
		return nil
	}
	m, body := mail.Split()
	raw, byName := m.Raw, m.ByName()
	digest := sha256.New()
	message.Relaxed.WriteBody(digest, body, -1)
	bodyHash := base64.StdEncoding.EncodeToString(digest.Sum(nil))

	var canonical []byte
	for _, name := range sharedFields {
		canonical = message.Relaxed.AppendFields(canonical, raw, byName[name])
	}
	fixed := sha256.New()
	fixed.Write(canonical)
	seal := &Seal{fixed: fixed.(hash.Cloner), bodyHash: bodyHash} // all hashes of the standard library are (Go 1.25)
	for _, name := range ownFields {
		seal.own = append(seal.own, ownSection{message.Relaxed.AppendFields(nil, raw, byName[name]), len(byName[name])})
	}
	for _, k := range keys {
		f := folder{}
		f.word("DKIM-Signature:")
		for _, tag := range []string{"v=1;", "a=" + k.algorithm() + ";", "c=relaxed/relaxed;", "d=" + k.Domain + ";", "s=" + k.Selector + ";",
			"t=" + strconv.FormatInt(at.Unix(), 10) + ";", "bh=" + bodyHash + ";"} {
			f.mark(' ')
			f.word(tag)
		}
		f.line()
		f.word("h=")
		for _, name := range sharedFields {
			f.names(name, len(byName[name])+1)
		}
		seal.keys = append(seal.keys, sealingKey{k, f, bytes.TrimSuffix(message.Relaxed.AppendField(nil, f.out), []byte("\r\n"))})
	}
	return seal
}

// Sign signs one copy: the message of the Seal with the header fields own before it, which may be empty and otherwise are whole fields with CRLF
// ends. It returns whole DKIM-Signature fields, one for each key; they too stand before the message, before or behind own. A nil Seal signs nothing.
// An error means that own has a field that the Seal has signed already, or is no header; or that a key is of no use.
func (s *Seal) Sign(own []byte) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	m := message.Parse(own)
	byName := m.ByName()
	if n := len(m.Fields); len(own) > 0 && (n == 0 || m.Malformed > 0 || m.Fields[n-1].End < len(own) || !bytes.HasSuffix(own, []byte("\r\n"))) {
		return nil, errors.New("mailer: sign: a copy's own fields are no header")
	}
	for _, name := range sharedFields {
		if len(byName[name]) > 0 {
			return nil, fmt.Errorf("mailer: sign: a copy has %s as its own, which the signature of all copies covers", name)
		}
	}
	canonical := make([]byte, 0, signatureRoom)
	for i, name := range ownFields {
		canonical = append(canonical, s.own[i].canonical...)
		canonical = message.Relaxed.AppendFields(canonical, own, byName[name])
	}
	out := make([]byte, 0, len(s.keys)*signatureRoom)
	for _, k := range s.keys {
		f := folder{append(out, k.field.out...), k.field.column}
		tail := len(f.out)
		for i, name := range ownFields {
			f.names(name, s.own[i].count+len(byName[name])+1)
		}
		f.mark(';')
		f.line()
		f.word("b=")
		digest, err := s.fixed.Clone()
		if err != nil {
			return nil, fmt.Errorf("mailer: sign: %w", err)
		}
		digest.Write(canonical)
		digest.Write(k.canonical)
		digest.Write(message.AppendRelaxed(make([]byte, 0, signatureRoom), f.out[tail:], true))
		signature, err := k.sign(digest.Sum(nil))
		if err != nil {
			return nil, fmt.Errorf("mailer: sign with %s of %s: %w", k.Selector, k.Domain, err)
		}
		f.text(base64.StdEncoding.EncodeToString(signature))
		out = append(f.out, "\r\n"...)
	}
	return out, nil
}

// signatureRoom is how many octets a signature field takes at most, with a key of the usual size.
const signatureRoom = 1 << 10

// sign signs a SHA-256 hash: for RSA as PKCS #1 v1.5 has it, for Ed25519 as if it were the message (RFC 8463 §3).
func (k SigningKey) sign(digest []byte) ([]byte, error) {
	switch k.Key.Public().(type) {
	case *rsa.PublicKey:
		return k.Key.Sign(rand.Reader, digest, crypto.SHA256)
	case ed25519.PublicKey:
		return k.Key.Sign(rand.Reader, digest, crypto.Hash(0))
	}
	return nil, fmt.Errorf("a key of type %T", k.Key)
}
