package mailer

import (
	"net/netip"
	"strings"
)

// xforward is what a trusted relay says of the client that it took the message from (Postfix XFORWARD_README). It holds for one transaction.
type xforward struct {
	given bool
	addr  netip.Addr // zero: not known
	helo  string
}

// xforward carries out XFORWARD.
func (f *filterConn) xforward(arg string) {
	switch {
	case !f.relay:
		f.say(550, 5, 7, 1, "XFORWARD is for trusted relays")
		return
	case f.inMail:
		f.say(503, 5, 5, 1, "A transaction is open already")
		return
	}
	next := f.forward
	next.given = true
	words := strings.Fields(arg)
	for _, word := range words {
		key, value, ok := strings.Cut(word, "=")
		value, decoded := unxtext(value)
		if !ok || !decoded || !next.set(strings.ToUpper(key), value) {
			f.say(501, 5, 5, 4, "Not an XFORWARD attribute")
			return
		}
	}
	if len(words) == 0 {
		f.say(501, 5, 5, 4, "Say XFORWARD NAME=value")
		return
	}
	f.forward = next
	f.say(250, 2, 0, 0, "OK")
}

// set takes one attribute; false when it is none, or its value is malformed.
func (x *xforward) set(key, value string) bool {
	unknown := strings.EqualFold(value, "[UNAVAILABLE]") || strings.EqualFold(value, "[TEMPUNAVAIL]")
	switch key {
	case "ADDR":
		x.addr = netip.Addr{}
		if unknown {
			return true
		}
		if v6, ok := cutFold(value, "IPV6:"); ok {
			value = v6
		}
		addr, err := netip.ParseAddr(value)
		x.addr = addr.Unmap().WithZone("")
		return err == nil
	case "HELO":
		x.helo = ""
		if unknown {
			return true
		}
		if !validHelo(value) {
			return false
		}
		x.helo = value
		return true
	case "NAME", "PORT", "PROTO", "SOURCE", "IDENT":
		return true // nothing here goes by them
	}
	return false
}

// unxtext decodes the xtext of RFC 3461 §4.
func unxtext(s string) (string, bool) {
	if !strings.Contains(s, "+") {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '+' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := strings.IndexByte(upperHex, s[i+1]), strings.IndexByte(upperHex, s[i+2])
		if hi < 0 || lo < 0 {
			return "", false
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String(), true
}

const upperHex = "0123456789ABCDEF"
