package mailer

import (
	"net"
	"strings"
	"testing"
)

// TestSPFNamesTheClient: %{p} is a name of the client that leads back to it, and never anything that would change the record (RFC 7208 §7.3).
func TestSPFNamesTheClient(t *testing.T) {
	z := &zone{records: map[string][]string{
		"PTR 192.0.2.1":         {"elsewhere.example.", "liar.author.example.", "Mx.Author.example.", "author.example.other."},
		"A elsewhere.example":   {"192.0.2.1"},
		"A liar.author.example": {"192.0.2.9"},
		"A mx.author.example":   {"192.0.2.7", "192.0.2.1"},
		"PTR 192.0.2.2":         {"mx.author.example.", "author.example."},
		"A author.example":      {"192.0.2.2"},
		"PTR 192.0.2.3":         {"a -all.example.", "%{i}.example.", "mx.author.example."},
		"A a -all.example":      {"192.0.2.3"},
		"A %{i}.example":        {"192.0.2.3"},
		"PTR 192.0.2.4":         {"SERVFAIL"},
		"PTR 192.0.2.5":         strings.Fields(strings.Repeat("no.example. ", maxPointers) + "author.example."),
		"PTR 192.0.2.6":         {"x.example."},
		"A x.example":           {"SERVFAIL"},
	}}
	for name, c := range map[string]struct{ ip, record, want string }{
		"one below the domain, before any other": {"192.0.2.1", "v=spf1 a:%{p}", "v=spf1 a:mx.author.example"},
		"the domain, before one below":           {"192.0.2.2", "v=spf1 ~exists:%{P}.x.example", "v=spf1 ~exists:author.example.x.example"},
		"what is no name":                        {"192.0.2.3", "v=spf1 a:%{p}", "v=spf1 a:unknown"},
		"DNS does not answer":                    {"192.0.2.4", "v=spf1 a:%{p}", "v=spf1 a:unknown"},
		"nor for the name":                       {"192.0.2.6", "v=spf1 a:%{p}", "v=spf1 a:unknown"},
		"no more than ten":                       {"192.0.2.5", "v=spf1 a:%{p}", "v=spf1 a:unknown"},
		"the last labels":                        {"192.0.2.1", "v=spf1 a:%{p2}.%{p9}", "v=spf1 a:author.example.mx.author.example"},
		"turned round":                           {"192.0.2.1", "v=spf1 a:%{pr}.%{p1R}", "v=spf1 a:example.author.mx.mx"},
		"divided elsewhere":                      {"192.0.2.1", "v=spf1 a:%{p-}.%{p1r.-}", "v=spf1 a:mx.author.example.mx"},
		"no label, which is a mistake":           {"192.0.2.1", "v=spf1 a:%{p0}", "v=spf1 a:%{p0}"},
		"what only looks like it":                {"192.0.2.1", "v=spf1 exists:%%{p}.%_%{d}", "v=spf1 exists:%%{p}.%_%{d}"},
		"an explanation, which nobody reads":     {"192.0.2.1", "v=spf1 -all EXP=%{p}.x.example", "v=spf1 -all EXP=%{p}.x.example"},
	} {
		t.Run(name, func(t *testing.T) {
			z.asked = nil
			s := strictSPF{z, net.ParseIP(c.ip)}
			if got := s.nameClient(t.Context(), c.record, "author.example."); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if c.want == c.record && len(z.asked) > 0 && !strings.Contains(c.record, "p0") {
				t.Errorf("it asked %q", z.asked)
			}
		})
	}
}
