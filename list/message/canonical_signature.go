package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// Signature is what a DKIM-Signature field says about itself (RFC 6376 §3.5).
type Signature struct {
	Domain       string   // d=, lower case
	Algorithm    string   // a=, lower case
	Names        []string // h=, lower case, with the repetitions
	Header, Body Canonical
	Length       int64 // l=, how many octets of the canonical body it covers; negative: all
	BodyHash     []byte
}

// ParseSignature reads a DKIM-Signature, unfolded. It reports false for one that verifiers ignore: without a tag that has to be there, with one
// twice, of another version, or in a form that there is not.
func ParseSignature(value string) (Signature, bool) {
	s := Signature{Length: -1}
	tags, ok := Tags(value)
	if !ok || tags["v"] != "1" || tags["b"] == "" {
		return s, false
	}
	s.Domain, s.Algorithm = strings.ToLower(tags["d"]), strings.ToLower(tags["a"])
	for name := range strings.SplitSeq(tags["h"], ":") {
		s.Names = append(s.Names, strings.ToLower(strings.Trim(name, " \t")))
	}
	header, body, _ := strings.Cut(tags["c"], "/")
	known := s.Header.parse(header) && s.Body.parse(body)
	var err error
	if l, there := tags["l"]; there {
		var n uint64
		if n, err = strconv.ParseUint(l, 10, 63); err == nil {
			s.Length = int64(n)
		}
	}
	if err == nil {
		s.BodyHash, err = base64.StdEncoding.DecodeString(withoutSpace(tags["bh"]))
	}
	return s, known && err == nil && s.Domain != "" && s.covers("from") && len(s.BodyHash) > 0
}

// parse reads a form as a signature names it; an empty name is that of Simple.
func (c *Canonical) parse(name string) bool {
	switch strings.ToLower(strings.Trim(name, " \t")) {
	case "simple", "":
		*c = Simple
	case "relaxed":
		*c = Relaxed
	default:
		return false
	}
	return true
}

// Tags reads a tag list, unfolded (RFC 6376 §3.2); false: it is none, or has a tag twice.
func Tags(list string) (map[string]string, bool) {
	tags := make(map[string]string, 12)
	for tag := range strings.SplitSeq(list, ";") {
		name, value, found := strings.Cut(tag, "=")
		name = strings.Trim(name, " \t")
		if !found {
			if name != "" {
				return nil, false
			}
			continue
		}
		if _, twice := tags[name]; twice {
			return nil, false
		}
		tags[name] = strings.Trim(value, " \t")
	}
	return tags, true
}

func withoutSpace(s string) string {
	if !strings.ContainsAny(s, " \t") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, s)
}

// covers reports whether h= has the name.
func (s *Signature) covers(name string) bool {
	for _, n := range s.Names {
		if n == name {
			return true
		}
	}
	return false
}

// Usable reports whether verifiers accept the algorithm (RFC 8301 §3.1, RFC 8463 §3).
func (s *Signature) Usable() bool {
	return s.Algorithm == "rsa-sha256" || s.Algorithm == "ed25519-sha256"
}

// Fits reports whether the signature's hash of the body is that of body. What is not Usable fits nothing.
func (s *Signature) Fits(body Pieces) bool {
	if !s.Usable() || len(s.BodyHash) != sha256.Size {
		return false
	}
	sum := s.Body.bodySum(body, s.Length)
	return bytes.Equal(s.BodyHash, sum[:])
}
