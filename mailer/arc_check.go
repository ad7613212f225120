package mailer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"convene/list"
	"convene/list/message"
)

// CheckARC validates the chain of ARC sets in a message (RFC 8617 §5.2): list.None without one, list.Pass, list.Fail, or list.TempError where DNS
// did not say. Why it is no pass is the error.
func (a *Authenticator) CheckARC(ctx context.Context, m *message.Message) (list.Result, error) {
	chain, err := arcChain(m)
	if err == nil && len(chain) == 0 {
		return list.None, nil
	}
	if err == nil {
		err = a.checkChain(ctx, m, chain)
	}
	switch {
	case err == nil:
		return list.Pass, nil
	case errors.Is(err, errTemporary):
		return list.TempError, err
	}
	return list.Fail, err
}

// errTemporary is the end of errors that say nothing about the message.
var errTemporary = errors.New("DNS did not say")

// checkChain looks at the last signature over the message, and at every seal. Signatures of earlier hops may have been broken by those after them.
func (a *Authenticator) checkChain(ctx context.Context, m *message.Message, chain []arcSet) error {
	for i, s := range chain {
		want := "pass"
		if i == 0 {
			want = "none"
		}
		if cv := strings.ToLower(s.sealTags["cv"]); cv != want {
			return fmt.Errorf("seal %d says cv=%s", i+1, cv)
		}
		if _, has := s.sealTags["h"]; has {
			return fmt.Errorf("seal %d has h=, which makes it none", i+1)
		}
	}
	keys := &keyring{resolver: a.Resolver}
	last := chain[len(chain)-1]
	signed, err := messageSigned(m, last)
	if err == nil {
		err = keys.verify(ctx, last.messageTags, signed)
	}
	if err != nil {
		return fmt.Errorf("message signature %d: %w", len(chain), err)
	}
	for n := len(chain); n > 0; n-- {
		if err := keys.verify(ctx, chain[n-1].sealTags, sealSigned(m.Raw, chain[:n])); err != nil {
			return fmt.Errorf("seal %d: %w", n, err)
		}
	}
	return nil
}

// verify holds a signature against the key it names.
func (k *keyring) verify(ctx context.Context, t tags, signed []byte) error {
	if text, there := t["t"]; there {
		if _, err := strconv.ParseUint(text, 10, 63); err != nil {
			return fmt.Errorf("%q is no time", text)
		}
	}
	signature, err := base64.StdEncoding.DecodeString(t.without("b"))
	if err != nil || len(signature) == 0 {
		return errors.New("b= is no signature")
	}
	key, err := k.key(ctx, t["d"], t["s"])
	switch {
	case errors.Is(err, errNoKey):
		return err
	case err != nil:
		return fmt.Errorf("%w: %v", errTemporary, err)
	case !matches(key, t["a"], signed, signature):
		return errors.New("it is not what was signed")
	}
	return nil
}

// messageSigned is what the AMS of a set signs (RFC 8617 §4.1.2, RFC 6376 §3.7), once its hash of the body has been found right. Which fields that
// are is the sealer's affair, and unlike with DKIM it may be none.
func messageSigned(m *message.Message, s arcSet) ([]byte, error) {
	header, body, err := readCanonical(s.messageTags)
	if err != nil {
		return nil, err
	}
	limit := int64(-1)
	if length, there := s.messageTags["l"]; there {
		if limit, err = strconv.ParseInt(length, 10, 63); err != nil || limit < 0 {
			return nil, fmt.Errorf("%q is no length", length)
		}
	}
	digest := sha256.New()
	body.WriteBody(digest, message.Pieces{m.Raw[m.Body:]}, limit)
	if want, err := base64.StdEncoding.DecodeString(s.messageTags.without("bh")); err != nil || !bytes.Equal(want, digest.Sum(nil)) {
		return nil, errors.New("the body is not the one that was signed")
	}
	fields := m.ByName()
	var signed []byte
	for _, name := range strings.Split(strings.ToLower(s.messageTags.without("h")), ":") {
		if name == arcSeal {
			return nil, errors.New("it covers a seal")
		}
		if left := fields[name]; len(left) > 0 {
			f := left[len(left)-1]
			signed = header.AppendField(signed, m.Raw[f.Start:f.End])
			fields[name] = left[:len(left)-1]
		}
	}
	signed = header.AppendField(signed, unsigned(m.Raw[s.message.Start:s.message.End]))
	return bytes.TrimSuffix(signed, []byte("\r\n")), nil
}

// sealSigned is what the last seal of a chain signs: all sets in order, itself without its signature (RFC 8617 §5.1.1).
func sealSigned(raw []byte, chain []arcSet) (signed []byte) {
	for i, s := range chain {
		signed = message.Relaxed.AppendField(signed, raw[s.results.Start:s.results.End])
		signed = message.Relaxed.AppendField(signed, raw[s.message.Start:s.message.End])
		seal := raw[s.seal.Start:s.seal.End]
		if i == len(chain)-1 {
			seal = unsigned(seal)
		}
		signed = message.Relaxed.AppendField(signed, seal)
	}
	return bytes.TrimSuffix(signed, []byte("\r\n"))
}

var signatureTag = regexp.MustCompile(`([:;][ \t\r\n]*b[ \t\r\n]*=)[^;]*?(\r?\n?)(;|$)`)

// unsigned is a signature field with nothing behind its b= (RFC 6376 §3.5).
func unsigned(field []byte) []byte { return signatureTag.ReplaceAll(field, []byte("$1$2$3")) }

// readCanonical reads c=. A message signature without it is relaxed: the seals beside it know nothing else, and other validators read it so.
func readCanonical(t tags) (header, body message.Canonical, err error) {
	names, there := t["c"]
	if !there {
		return message.Relaxed, message.Relaxed, nil
	}
	first, second, two := strings.Cut(names, "/")
	if !two {
		second = "simple"
	}
	forms := map[string]message.Canonical{"simple": message.Simple, "relaxed": message.Relaxed}
	header, known := forms[first]
	body, also := forms[second]
	if !known || !also {
		return header, body, fmt.Errorf("%q is no form", names)
	}
	return header, body, nil
}
