package mailer

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"convene/list"
	"convene/list/message"
)

// TestPolicy is D01 and D02: whether a copy that breaks the author's signature has to go out From the list.
func TestPolicy(t *testing.T) {
	const at = "TXT _dmarc.author.example"
	for name, c := range map[string]struct {
		zone   map[string][]string
		domain string
		strict bool
		why    string
	}{
		"p=reject":                {map[string][]string{at: {"v=DMARC1; p=reject"}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"p=quarantine":            {map[string][]string{at: {"v=DMARC1; p=quarantine; pct=0"}}, "author.example", true, "p=quarantine at _dmarc.author.example"},
		"p=reject for some":       {map[string][]string{at: {"v=DMARC1; p=reject; pct=1; rua=mailto:a@b.example!10m"}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"p=reject as a test":      {map[string][]string{at: {"v=DMARC1; p=reject; t=y"}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"p=none":                  {map[string][]string{at: {"v=DMARC1; p=none"}}, "author.example", false, "p=none at _dmarc.author.example"},
		"sp is not for oneself":   {map[string][]string{at: {"v=DMARC1; p=none; sp=reject"}}, "author.example", false, "p=none at _dmarc.author.example"},
		"nothing anywhere":        {nil, "author.example", false, "no DMARC record for author.example"},
		"nothing anywhere above":  {nil, "sub.author.example", false, "no DMARC record for sub.author.example"},
		"sp of the organisation":  {map[string][]string{at: {"v=DMARC1; p=none; sp=reject"}}, "sub.author.example", true, "sp=reject at _dmarc.author.example"},
		"p of it, without an sp":  {map[string][]string{at: {"v=DMARC1; p=reject"}}, "a.b.author.example", true, "p=reject at _dmarc.author.example"},
		"a milder sp":             {map[string][]string{at: {"v=DMARC1; p=reject; sp=none"}}, "sub.author.example", false, "sp=none at _dmarc.author.example"},
		"an sp that is none":      {map[string][]string{at: {"v=DMARC1; p=reject; sp=maybe"}}, "sub.author.example", true, "p=reject at _dmarc.author.example"},
		"the exact record wins":   {map[string][]string{at: {"v=DMARC1; p=reject"}, "TXT _dmarc.sub.author.example": {"v=DMARC1; p=none"}}, "sub.author.example", false, "p=none at _dmarc.sub.author.example"},
		"a public suffix of two":  {map[string][]string{"TXT _dmarc.author.co.uk": {"v=DMARC1; p=none; sp=quarantine"}}, "x.author.co.uk", true, "sp=quarantine at _dmarc.author.co.uk"},
		"the suffix is not asked": {map[string][]string{"TXT _dmarc.co.uk": {"v=DMARC1; p=reject"}}, "author.co.uk", false, "no DMARC record for author.co.uk"},
		"RFC 9989 between": {map[string][]string{"TXT _dmarc.b.author.example": {"v=DMARC1; p=reject"}, "TXT _dmarc.a.b.author.example": {"v=DMARC1; p=none"}}, "z.a.b.author.example", true,
			"p=reject at _dmarc.b.author.example"},
		"DNS is out of order":            {map[string][]string{at: {"SERVFAIL"}}, "author.example", true, "SERVFAIL at _dmarc.author.example: on the safe side"},
		"DNS is out of order above":      {map[string][]string{at: {"SERVFAIL"}}, "sub.author.example", true, "SERVFAIL at _dmarc.author.example: on the safe side"},
		"two records, one of them harsh": {map[string][]string{at: {"v=DMARC1; p=none", "v=DMARC1; p=reject"}}, "author.example", true, "p=reject at _dmarc.author.example, which has 2 records"},
		"two mild records":               {map[string][]string{at: {"v=DMARC1; p=none", "v=DMARC1; p=none"}}, "author.example", false, "2 records at _dmarc.author.example, which are as good as none"},
		"two records end the search": {map[string][]string{"TXT _dmarc.sub.author.example": {"v=DMARC1; p=none", "v=DMARC1; p=none"}, at: {"v=DMARC1; p=reject"}}, "sub.author.example", false,
			"2 records at _dmarc.sub.author.example, which are as good as none"},
		"an odd spelling":          {map[string][]string{at: {"v=DMARC1 ;P=Reject "}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"space wherever it may be": {map[string][]string{at: {" V = DMARC1\t; p\t=\tquarantine;;"}}, "author.example", true, "p=quarantine at _dmarc.author.example"},
		"tags of nobody":           {map[string][]string{at: {"v=DMARC1; x; fo=what; p=reject; ri=z"}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"no p, which is none":      {map[string][]string{at: {"v=DMARC1; rua=mailto:a@b.example"}}, "author.example", false, "p=none at _dmarc.author.example"},
		"SPF at the name":          {map[string][]string{at: {"v=spf1 -all"}}, "author.example", false, "no DMARC record for author.example"},
		"another version":          {map[string][]string{at: {"v=DMARC2; p=reject"}}, "author.example", false, "no DMARC record for author.example"},
		"a version that is not first": {map[string][]string{at: {"p=reject; v=DMARC1"}}, "author.example", false,
			"no DMARC record for author.example"},
		"what is none beside one": {map[string][]string{at: {"v=spf1 -all", "", "v=DMARC1; p=reject"}}, "author.example", true, "p=reject at _dmarc.author.example"},
		"an international domain": {map[string][]string{"TXT _dmarc.xn--mnchen-3ya.example": {"v=DMARC1; p=reject"}}, "münchen.example", true, "p=reject at _dmarc.xn--mnchen-3ya.example"},
	} {
		t.Run(name, func(t *testing.T) {
			a := &Authenticator{Resolver: &zone{records: c.zone}}
			if strict, why := a.Policy(t.Context(), c.domain); strict != c.strict || why != c.why {
				t.Errorf("strict %v, %q, want %v, %q", strict, why, c.strict, c.why)
			}
			// What a message says along with its authentication is the same.
			m := message.Parse([]byte("From: ann@" + c.domain + "\r\n\r\nx\r\n"))
			if got := a.Check(t.Context(), &list.Envelope{}, m, nil); got.Strict != c.strict || got.PolicyWhy != c.why {
				t.Errorf("checked: strict %v, %q, want %v, %q", got.Strict, got.PolicyWhy, c.strict, c.why)
			}
		})
	}
}

// TestPolicyByDNS has the rows for which a name server and Go's own resolver are needed.
func TestPolicyByDNS(t *testing.T) {
	s := serveNames(t, `
_dmarc.strings.example.   TXT "v=DMARC1; p=rej" "ect; rua=mailto:x@y.example"
_dmarc.alias.example.     CNAME policy.provider.example.
policy.provider.example.  TXT "v=DMARC1; p=quarantine"
_dmarc.dangling.example.  CNAME gone.provider.example.
_dmarc.loop.example.      CNAME _dmarc.loop.example.
_dmarc.nodata.example.    A 192.0.2.1
_dmarc.two.example.       TXT "v=DMARC1; p=none"
_dmarc.two.example.       TXT "v=spf1 -all"
`)
	a := &Authenticator{Resolver: NewResolver(s.address)}
	for domain, want := range map[string]string{
		"strings.example":  "true p=reject at _dmarc.strings.example",
		"alias.example":    "true p=quarantine at _dmarc.alias.example",
		"dangling.example": "false no DMARC record for dangling.example",
		"loop.example":     "true SERVFAIL at _dmarc.loop.example: on the safe side",
		"nodata.example":   "false no DMARC record for nodata.example",
		"two.example":      "false p=none at _dmarc.two.example",
		"gone.example":     "false no DMARC record for gone.example",
	} {
		strict, why := a.Policy(t.Context(), domain)
		if got := map[bool]string{true: "true ", false: "false "}[strict] + why; got != want {
			t.Errorf("%s: %q, want %q", domain, got, want)
		}
	}
}

// TestPolicyOfADomainThatDoesNotAnswer: it costs the budget once, and no other domain anything.
func TestPolicyOfADomainThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		z := &zone{records: map[string][]string{"TXT _dmarc.slow.example": {"HANG"}, "TXT _dmarc.author.example": {"v=DMARC1; p=none"}}}
		a := &Authenticator{Resolver: z, Budget: 3 * time.Second, Now: time.Now}
		for i, want := range []time.Duration{3 * time.Second, 0, 0} {
			began := time.Now()
			strict, why := a.Policy(t.Context(), "slow.example")
			if took := time.Since(began); !strict || why != "no answer in time at _dmarc.slow.example: on the safe side" || took != want {
				t.Errorf("time %d: strict %v, %q after %s, want %s", i+1, strict, why, took, want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		a.Policy(ctx, "gone.example")
		if strict, why := a.Policy(t.Context(), "gone.example"); strict {
			t.Errorf("who went away had the domain called slow: %q", why)
		}
		if strict, _ := a.Policy(t.Context(), "author.example"); strict {
			t.Error("what one domain does not say was believed of another")
		}
		if a.Policy(t.Context(), "author.example"); strings.Count(strings.Join(z.asked, " "), "author") != 1 {
			t.Errorf("asked twice: %v", z.asked)
		}
		z.records["TXT _dmarc.slow.example"] = []string{"v=DMARC1; p=none"}
		time.Sleep(keepPolicy)
		if strict, why := a.Policy(t.Context(), "slow.example"); strict {
			t.Errorf("after %s it is still %q", keepPolicy, why)
		}
	})
}

func TestPolicyDomains(t *testing.T) {
	for domain, want := range map[string]string{
		"author.example":     "author.example",
		"a.author.example":   "a.author.example author.example",
		"a.b.author.example": "a.b.author.example author.example b.author.example",
		"example":            "example", "co.uk": "co.uk", "localhost": "localhost", "[192.0.2.1]": "[192.0.2.1]", "": "",
		"1.2.3.4.5.6.7.8.9.author.example": "1.2.3.4.5.6.7.8.9.author.example author.example 9.author.example 8.9.author.example 7.8.9.author.example " +
			"6.7.8.9.author.example 5.6.7.8.9.author.example 4.5.6.7.8.9.author.example",
	} {
		if got := policyDomains(domain); !reflect.DeepEqual(got, strings.Split(want, " ")) {
			t.Errorf("%s: %q", domain, got)
		}
	}
}

// TestPolicyByTheWordOfARelay: what the relay says of the policy is not looked up again, and what it leaves open is.
func TestPolicyByTheWordOfARelay(t *testing.T) {
	for name, c := range map[string]struct {
		from, said string
		strict     bool
		why        string
		asked      int
	}{
		"it says the policy":         {"author.example", "dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=author.example", true, "p=reject by the word of relay.example", 0},
		"it says that there is none": {"author.example", "dmarc=none header.from=author.example", false, "no DMARC record by the word of relay.example", 0},
		"it says p=none":             {"author.example", "dmarc=pass policy.published-domain-policy=none header.from=author.example", false, "p=none by the word of relay.example", 0},
		"it says a pass alone":       {"author.example", "dmarc=pass header.from=author.example", false, "", 0},
		"it says a fail alone":       {"author.example", "dmarc=fail header.from=author.example", true, "p=reject at _dmarc.author.example", 1},
		"it says the policy, and which of two it was not": {"sub.author.example", "dmarc=fail (p=NONE sp=REJECT dis=NONE) header.from=sub.author.example", true,
			"p=reject at _dmarc.author.example", 2},
		"it says two that are the same": {"sub.author.example", "dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=sub.author.example", false, "p=none by the word of relay.example", 0},
	} {
		t.Run(name, func(t *testing.T) {
			z := &zone{records: map[string][]string{"TXT _dmarc.author.example": {"v=DMARC1; p=reject"}}}
			a := &Authenticator{Resolver: z, AuthservID: "relay.example"}
			m := message.Parse([]byte("Authentication-Results: relay.example; spf=none; dkim=none; " + c.said + "\r\nFrom: ann@" + c.from + "\r\n\r\nx\r\n"))
			got := a.Check(t.Context(), &list.Envelope{Relay: true}, m, nil)
			if got.Strict != c.strict || got.PolicyWhy != c.why || len(z.asked) != c.asked {
				t.Errorf("strict %v, %q, asked %v; want %v, %q, %d questions", got.Strict, got.PolicyWhy, z.asked, c.strict, c.why, c.asked)
			}
		})
	}
}

func FuzzParseDMARC(f *testing.F) {
	for _, s := range []string{"v=DMARC1; p=reject", "v=DMARC1;p=none;sp=quarantine;adkim=s", "v=DMARC1 ;P=Reject ", "v=DMARC1; p=;;=;sp", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, below := range []bool{false, true} {
			r, ok := parseDMARC(text, below)
			if ok != (asPolicy(r.policy) != "") || ok && r.munge != (r.policy != "none") {
				t.Errorf("%q: %+v, %v", text, r, ok)
			}
		}
	})
}
