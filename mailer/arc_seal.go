package mailer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"convene/list"
	"convene/list/message"
)

// sealARC makes the set that says what was found when m arrived (RFC 8617 §5.1): whole fields, to stand at the top of the header. above are fields
// that are on top of m already, our DKIM signature among them; bodyHash is the relaxed one. What only one copy has is not covered, so that one
// set serves all. It is empty when the style asks for none, when a hop before has sealed the chain as broken, and when there is no room.
func (s *Signer) sealARC(style *list.Style, above []byte, m *message.Message, bodyHash string, at time.Time) ([]byte, error) {
	key, ok := s.sealing(style.Sealing)
	chain, last, open := arcBefore(m)
	if !ok || !open || style.Results == "" {
		return nil, nil
	}
	cv := style.Results[strings.LastIndexByte(style.Results, '=')+1:] // what ends in arc=
	switch {
	case cv == "none" && last == 0 || cv == "pass" && last > 0 && last == len(chain):
	default:
		cv, chain = "fail", nil // then the seal is over this set alone (RFC 8617 §5.1.2)
	}
	instance := "i=" + strconv.Itoa(last+1) + ";"
	common := []string{instance, "a=" + key.algorithm() + ";", "d=" + key.Domain + ";", "s=" + key.Selector + ";", "t=" + strconv.FormatInt(at.Unix(), 10) + ";"}
	results := []byte(message.MakeField("ARC-Authentication-Results", instance+" "+style.Results))

	own, signed := message.Parse(above), []byte(nil)
	f := startSignature("ARC-Message-Signature:", append(common, "c=relaxed/relaxed;", "bh="+bodyHash+";"))
	f.line()
	f.word("h=")
	over, under := own.ByName(), m.ByName()
	for _, name := range append([]string{"dkim-signature"}, sharedFields...) {
		signed = message.Relaxed.AppendFields(signed, m.Raw, under[name])
		signed = message.Relaxed.AppendFields(signed, own.Raw, over[name])
		f.names(name, len(under[name])+len(over[name]))
	}
	f.names("from", 1) // once more, so that nobody adds another
	f.mark(';')
	messageSignature, err := f.signedWith(key, signed)
	if err != nil {
		return nil, err
	}

	signed = nil
	for _, set := range chain {
		for _, part := range []message.Field{set.results, set.message, set.seal} {
			signed = message.Relaxed.AppendField(signed, m.Raw[part.Start:part.End])
		}
	}
	signed = message.Relaxed.AppendField(message.Relaxed.AppendField(signed, results), messageSignature)
	f = startSignature("ARC-Seal:", append(common, "cv="+cv+";"))
	seal, err := f.signedWith(key, signed)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{seal, messageSignature, results}, nil), nil
}

// sealing is the first of the named keys, RSA before others.
func (s *Signer) sealing(names []string) (best SigningKey, ok bool) {
	for _, name := range names {
		if k, known := s.named[strings.ToLower(name)]; known && (!ok || k.rank() < best.rank()) {
			best, ok = k, true
		}
	}
	return best, ok
}

// arcBefore is the chain in a message, as far as it is one, and the highest instance. Nothing can be added to it (open is false) behind a seal that
// says it is broken, and where there is no room.
func arcBefore(m *message.Message) (chain []arcSet, last int, open bool) {
	open = true
	for _, f := range m.Fields {
		name := strings.ToLower(f.Name)
		if name != arcResults && name != arcMessage && name != arcSeal {
			continue
		}
		n, t, err := readInstance(name, fieldValue(m.Raw, f))
		if err != nil {
			continue
		}
		last = max(last, n)
		open = open && !(name == arcSeal && strings.EqualFold(t["cv"], "fail"))
	}
	chain, err := arcChain(m)
	if err != nil {
		chain = nil
	}
	return chain, last, open && last < maxInstances
}

// startSignature begins a signature field with its tags.
func startSignature(name string, tags []string) *folder {
	f := &folder{}
	f.word(name)
	for _, tag := range tags {
		f.mark(' ')
		f.word(tag)
	}
	return f
}

// signedWith ends the field with the signature over what was signed before it, and over itself; it must end in a semicolon.
func (f *folder) signedWith(key SigningKey, signed []byte) ([]byte, error) {
	f.line()
	f.word("b=")
	digest := sha256.Sum256(bytes.TrimSuffix(message.Relaxed.AppendField(signed, f.out), []byte("\r\n")))
	signature, err := key.sign(digest[:])
	if err != nil {
		return nil, fmt.Errorf("mailer: seal with %s of %s: %w", key.Selector, key.Domain, err)
	}
	f.text(base64.StdEncoding.EncodeToString(signature))
	return append(f.out, "\r\n"...), nil
}
