package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/miekg/dns"

	"convene/mailer/mailtest"
)

// nameServer answers from records in the presentation format, on loopback by UDP and TCP. In names under signed.example it sets the AD bit, if
// it is asked to. Names that begin with a word for it get what they are called.
type nameServer struct {
	records []dns.RR
	address string
	tcp     atomic.Int32
	unasked atomic.Int32 // questions without a wish for the AD bit
}

func serveNames(t *testing.T, text string) *nameServer {
	t.Helper()
	s := &nameServer{}
	for line := range strings.Lines(text) {
		rr, err := dns.NewRR(line)
		if err != nil {
			t.Fatal(err)
		}
		if rr != nil {
			s.records = append(s.records, rr)
		}
	}
	packets, stream := twoListeners(t)
	s.address = stream.Addr().String()
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: s}, {Listener: stream, Handler: s}} {
		began := make(chan struct{})
		ended := make(chan error, 1)
		server.NotifyStartedFunc = func() { close(began) }
		go func() { ended <- server.ActivateAndServe() }()
		<-began
		t.Cleanup(func() {
			server.Shutdown()
			<-ended
		})
	}
	return s
}

// twoListeners have the same port.
func twoListeners(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	var err error
	for range 20 {
		var stream net.Listener
		var packets net.PacketConn
		if stream, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			break
		}
		if packets, err = net.ListenPacket("udp", stream.Addr().String()); err == nil {
			return packets, stream
		}
		stream.Close()
	}
	t.Skip("no loopback:", err)
	return nil, nil
}

func (s *nameServer) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	r := new(dns.Msg).SetReply(q)
	r.RecursionAvailable = true
	name, kind := dns.CanonicalName(q.Question[0].Name), q.Question[0].Qtype
	tcp := w.RemoteAddr().Network() == "tcp"
	if tcp {
		s.tcp.Add(1)
	}
	if !q.AuthenticatedData || q.IsEdns0() == nil || !q.IsEdns0().Do() {
		s.unasked.Add(1)
	}
	switch word, _, _ := strings.Cut(name, "."); word {
	case "servfail":
		r.Rcode = dns.RcodeServerFailure
	case "refused":
		r.Rcode = dns.RcodeRefused
	case "astray":
		r.Question[0].Name = "other.example."
	default:
		r.AuthenticatedData = true
		exists := false
		for range 8 {
			next := ""
			for _, rr := range s.records {
				if dns.CanonicalName(rr.Header().Name) != name {
					continue
				}
				exists = true
				if alias, ok := rr.(*dns.CNAME); ok && kind != dns.TypeCNAME {
					next = dns.CanonicalName(alias.Target)
				}
				if rr.Header().Rrtype == kind || next != "" {
					r.Answer = append(r.Answer, rr)
				}
			}
			r.AuthenticatedData = r.AuthenticatedData && strings.HasSuffix(name, ".signed.example.")
			if name = next; next == "" {
				break
			}
			exists = false
		}
		switch {
		case name != "": // round and round: resolvers fail on that
			r.Rcode, r.Answer = dns.RcodeServerFailure, nil
		case !exists:
			r.Rcode = dns.RcodeNameError
		}
		if word == "long" && !tcp {
			r.Answer, r.Truncated = nil, true
		}
	}
	w.WriteMsg(r)
}

const validatorZone = `
two.signed.example.   MX 10 MX1.signed.example.
two.signed.example.   MX 5 mx2.signed.example.
null.signed.example.  MX 0 .
alias.signed.example. CNAME two.signed.example.
out.signed.example.   CNAME mx.plain.example.
mx1.signed.example.   A 192.0.2.1
mx1.signed.example.   AAAA 2001:db8::1
mx1.signed.example.   AAAA ::ffff:192.0.2.1
cname.signed.example. CNAME mx1.signed.example.
odd.signed.example.   MX 10 a\032b.example.
loop.signed.example.  CNAME ring.signed.example.
ring.signed.example.  CNAME loop.signed.example.
dangling.signed.example. CNAME gone.signed.example.
text.signed.example.  TXT "x"
long.signed.example.  MX 10 mx1.signed.example.
plain.example.        MX 10 mx.plain.example.
mx.plain.example.     A 192.0.2.9
stray.plain.example.  CNAME mx1.signed.example.
_25._tcp.mx1.signed.example. TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
_25._tcp.mx1.signed.example. TLSA 2 0 2 00
_25._tcp.mx.plain.example. TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
`

func kindOf(err error) string {
	_, ok := errors.AsType[*net.DNSError](err)
	switch {
	case err == nil:
		return ""
	case NotFound(err):
		return "not found"
	case ok:
		return "temporary" // whatever it says of itself: REFUSED, to package net, is not
	}
	return fmt.Sprintf("%T", err)
}

func TestValidator(t *testing.T) {
	s := serveNames(t, validatorZone)
	v, err := NewValidator(s.address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"two.signed.example":                        "[10 MX1.signed.example. 5 mx2.signed.example.] true",
		"two.Signed.Example.":                       "[10 MX1.signed.example. 5 mx2.signed.example.] true",
		"alias.signed.example":                      "[10 MX1.signed.example. 5 mx2.signed.example.] true",
		"null.signed.example":                       "[0 .] true",
		"long.signed.example":                       "[10 mx1.signed.example.] true",
		"plain.example":                             "[10 mx.plain.example.] false",
		"text.signed.example":                       "[] true not found",
		"gone.signed.example":                       "[] true not found",
		"gone.example":                              "[] false not found",
		"odd.signed.example":                        "[] false temporary",
		"loop.signed.example":                       "[] false temporary",
		"servfail.signed.example":                   "[] false temporary",
		"refused.signed.example":                    "[] false temporary",
		"astray.signed.example":                     "[] false temporary",
		strings.Repeat("x", 64) + ".signed.example": "[] false not found",
	} {
		mxs, secure, err := v.MX(t.Context(), name)
		var shown []string
		for _, mx := range mxs {
			shown = append(shown, fmt.Sprint(mx.Pref, " ", mx.Host))
		}
		if got := strings.TrimSpace(fmt.Sprint(shown, " ", secure, " ", kindOf(err))); got != want {
			t.Errorf("MX %s: %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"mx1.signed.example":      "[2001:db8::1 192.0.2.1] [mx1.signed.example]",
		"cname.signed.example":    "[2001:db8::1 192.0.2.1] [mx1.signed.example cname.signed.example]",
		"out.signed.example":      "[192.0.2.9] [out.signed.example]",
		"mx.plain.example":        "[192.0.2.9] []",
		"stray.plain.example":     "[2001:db8::1 192.0.2.1] []",
		"text.signed.example":     "[] [] not found",
		"dangling.signed.example": "[] [] not found",
		"servfail.signed.example": "[] [] temporary",
	} {
		found, err := v.Addresses(t.Context(), name)
		if got := strings.TrimSpace(fmt.Sprint(found.Addrs, " ", found.Bases, " ", kindOf(err))); got != want {
			t.Errorf("addresses of %s: %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"_25._tcp.mx1.signed.example": "3 1 1 32, 2 0 2 1",
		"_25._tcp.mx.plain.example":   "",
		"_25._tcp.mx2.signed.example": "",
		"servfail.signed.example":     "temporary",
	} {
		records, err := v.TLSA(t.Context(), name)
		var shown []string
		for _, r := range records {
			shown = append(shown, fmt.Sprint(r.Usage, r.Selector, r.Matching, len(r.Data)))
		}
		if got := strings.Join(shown, ", ") + kindOf(err); got != want {
			t.Errorf("TLSA %s: %s, want %s", name, got, want)
		}
	}
	if s.unasked.Load() > 0 || s.tcp.Load() == 0 {
		t.Errorf("%d questions without a wish for AD, %d by TCP", s.unasked.Load(), s.tcp.Load())
	}
}

func TestValidatorEndsWithItsContext(t *testing.T) {
	packets, err := net.ListenPacket("udp", "127.0.0.1:0") // and nobody answers
	if err != nil {
		t.Skip("no loopback:", err)
	}
	defer packets.Close()
	v, err := NewValidator(packets.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := v.MX(ctx, "a.example"); kindOf(err) != "temporary" {
		t.Errorf("%v", err)
	}
}

// TestDANEByDNS has a name server and a peer at the ends, and nothing in between that is made up.
func TestDANEByDNS(t *testing.T) {
	ca := newAuthority(t)
	good, chain := ca.host(t, "mx.signed.example", false)
	other, _ := ca.host(t, "mx.signed.example", false)
	zone := "d.signed.example. MX 10 mx.signed.example.\nmx.signed.example. A 192.0.2.1\n" +
		fmt.Sprintf("_25._tcp.mx.signed.example. TLSA 3 1 1 %x\n", digest(3, 1, 1, chain[0]).Data)
	s := serveNames(t, zone)
	v, err := NewValidator(s.address)
	if err != nil {
		t.Fatal(err)
	}
	peer := &mailtest.Peer{TLS: good, Keywords: []string{"STARTTLS"}}
	m := exchange(nil, mailtest.Net{"192.0.2.1:25": peer})
	m.Validator = v
	if err := deliver(t, m, "d.signed.example"); err != nil || len(peer.Mails()) != 1 || !peer.Mails()[0].TLS {
		t.Errorf("%v, %v", err, peer.Mails())
	}
	peer.Set(func(p *mailtest.Peer) { p.TLS = other })
	if err := deliver(t, m, "d.signed.example"); err == nil || !strings.Contains(err.Error(), "no TLSA record matches") {
		t.Errorf("with another's certificate: %v", err)
	}
}

// TestResolver holds Go's own resolver to what Dial relies on, with the same name server.
func TestResolver(t *testing.T) {
	s := serveNames(t, validatorZone)
	r := NewResolver(s.address)
	for name, want := range map[string]string{
		"null.signed.example":     "",
		"two.signed.example":      "",
		"alias.signed.example":    "",
		"text.signed.example":     "not found",
		"gone.example":            "not found",
		"servfail.signed.example": "temporary",
		"refused.signed.example":  "temporary",
		"loop.signed.example":     "temporary",
	} {
		mxs, err := r.LookupMX(t.Context(), name)
		if got := kindOf(err); got != want || (len(mxs) == 0) != (want != "") {
			t.Errorf("MX %s: %v, %s", name, mxs, got)
		}
	}
	if mxs, err := r.LookupMX(t.Context(), "null.signed.example"); err != nil || len(mxs) != 1 || mxs[0].Host != "." {
		t.Errorf("null MX: %v, %v", mxs, err)
	}
	addrs, err := addressesOf(t.Context(), r, "cname.signed.example")
	want := []netip.Addr{netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1")}
	if err != nil || !reflect.DeepEqual(addrs, want) {
		t.Errorf("addresses: %v, %v", addrs, err)
	}
	for name, want := range map[string]string{"gone.example": "not found", "text.signed.example": "not found", "servfail.example": "temporary"} {
		if _, err := addressesOf(t.Context(), r, name); kindOf(err) != want {
			t.Errorf("addresses of %s: %v", name, err)
		}
	}
}
