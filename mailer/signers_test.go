package mailer

import (
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// TestSigners: whose signature on a copy still makes From true is known by domain, so that each of that domain has to have held.
func TestSigners(t *testing.T) {
	relay := func(results string) string {
		return "Authentication-Results: relay.example; " + results + "\r\n" + fromAnn
	}
	reject := "TXT _dmarc.author.example"
	for name, c := range map[string]struct {
		mail, policy string
		want         string
	}{
		"the author's domain":                  {signed(t, "author.example", fromAnn), "", "author.example"},
		"one below it, and one of the bulk":    {signed(t, "bulk.example", signed(t, "Mail.author.example", fromAnn)), "", "mail.author.example"},
		"one below it, which is not enough":    {signed(t, "mail.author.example", fromAnn), "; adkim=s", ""},
		"both, of which each will do":          {signed(t, "author.example", signed(t, "mail.author.example", fromAnn)), "", "author.example mail.author.example"},
		"twice":                                {signed(t, "author.example", signed(t, "author.example", fromAnn)), "", "author.example"},
		"twice, and one has broken":            {signed(t, "author.example", strings.Replace(signed(t, "author.example", fromAnn), "Subject: x", "Subject: y", 1)), "", ""},
		"no signature":                         {fromAnn, "", ""},
		"by the word of a relay":               {relay("dkim=pass header.d=author.example; dmarc=pass (p=reject)"), "", "author.example"},
		"which does not say what is asked for": {relay("dkim=pass header.d=mail.author.example; dmarc=pass (p=reject)"), "", ""},
		"which says nothing of DMARC":          {relay("dkim=pass header.d=mail.author.example"), "", "mail.author.example"},
		"which saw one that fails":             {relay("dkim=pass header.d=author.example; dkim=fail header.d=author.example; dmarc=pass (p=reject)"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			records := map[string][]string{reject: {"v=DMARC1; p=reject" + c.policy}}
			for _, d := range []string{"author.example", "mail.author.example", "bulk.example"} {
				records["TXT s._domainkey."+d] = []string{dkimKey}
			}
			a := &Authenticator{Resolver: &zone{records: records}, Hostname: "mx.lists.example.org", AuthservID: "relay.example"}
			got := a.Check(t.Context(), &list.Envelope{From: "x@y.example", Relay: true}, message.Parse([]byte(c.mail)), nil)
			if got.Signers != c.want || got.DKIMAligned && got.DMARC != list.Pass {
				t.Errorf("%q of %+v, want %q", got.Signers, got, c.want)
			}
		})
	}
}
