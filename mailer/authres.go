package mailer

import (
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/authres"

	"convene/list"
)

// relayResults is what a trusted relay's Authentication-Results say.
type relayResults struct {
	evidence
	dmarc  list.Result // empty: nothing said
	policy string      // as published; empty: not said
	below  string      // as published for names below, where that is said too and is another
	text   string      // the field, for people
}

// publishedPolicy finds the policy that OpenDMARC, rspamd and the big providers write behind dmarc=, in a comment or as a property.
var publishedPolicy = regexp.MustCompile(`(?i)\bdmarc=[^;]*\b(?:p|policy\.published-domain-policy|policy\.dmarc)=(none|quarantine|reject)\b`)

// policyBelow finds what Google and Fastmail write beside it.
var policyBelow = regexp.MustCompile(`(?i)\bdmarc=[^;]*\bsp=(none|quarantine|reject)\b`)

// believed reads the topmost of these fields that bears the id. Those below it may be anybody's: a relay puts its own on top.
func believed(fields []string, id string) (relayResults, bool) {
	for _, field := range fields {
		clean := cleanAuthres(field)
		name, results, err := authres.Parse(clean)
		if !strings.EqualFold(strings.Trim(name, `"`), id) {
			continue
		}
		if err != nil {
			// Ours by name, but not to be read: nothing is known, and nothing further down is asked.
			return relayResults{}, false
		}
		r := readResults(results)
		r.text = plain(field)
		if m := publishedPolicy.FindStringSubmatch(withoutQuotes(field)); m != nil {
			r.policy = strings.ToLower(m[1])
		}
		if m := policyBelow.FindStringSubmatch(withoutQuotes(field)); m != nil && strings.ToLower(m[1]) != r.policy {
			r.below = strings.ToLower(m[1])
		}
		return r, true
	}
	return relayResults{}, false
}

// readResults picks out the three methods that matter. Of several DKIM results one that passes counts.
func readResults(results []authres.Result) (r relayResults) {
	for _, result := range results {
		switch v := result.(type) {
		case *authres.SPFResult:
			if r.spf == "" {
				r.spf, r.spfDomain = verdict(v.Value), domainOf(strings.Trim(v.From, "<>"))
				if r.spfDomain == "" {
					r.spfDomain = strings.ToLower(v.Helo)
				}
			}
		case *authres.DKIMResult:
			domain := v.Domain
			if domain == "" {
				domain = v.Identifier
			}
			if domain = domainOf(domain); v.Value == authres.ResultPass {
				r.dkim, r.dkimPassed = list.Pass, append(r.dkimPassed, domain)
				continue
			}
			r.dkimFailed = append(r.dkimFailed, domain)
			r.dkimBroken = r.dkimBroken || v.Value == authres.ResultTempError
			if r.dkim == "" {
				r.dkim = verdict(v.Value)
			}
		case *authres.DMARCResult:
			if r.dmarc == "" {
				r.dmarc = verdict(v.Value)
			}
		}
	}
	return r
}

// verdict translates the word; Microsoft's bestguesspass and others that no RFC has are none.
func verdict(v authres.ResultValue) list.Result {
	switch v {
	case authres.ResultPass, authres.ResultFail, authres.ResultPolicy, authres.ResultNeutral, authres.ResultTempError, authres.ResultPermError, authres.ResultSoftFail:
		return list.Result(v)
	case authres.ResultHardFail:
		return list.Fail
	}
	return list.None
}

// cleanAuthres takes comments out, and out of quoted strings and comments alike whatever could be read as a result: the relay may have quoted a
// return path such as "; dmarc=pass"@example.org, and go-msgauth knows neither quotes nor comments.
func cleanAuthres(field string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(field); i++ {
		c := field[i]
		if c == '\\' && (quoted || depth > 0) {
			i++
			continue
		}
		switch {
		case quoted:
			if c == '"' {
				quoted = false
			} else if c > ' ' && c != ';' && c != '=' && c < 0x7f {
				b.WriteByte(c)
			}
		case c == '"' && depth == 0:
			quoted = true
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
			b.WriteByte(' ')
		case depth == 0 && (c < ' ' || c >= 0x7f):
			b.WriteByte(' ')
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return spacedEquals.ReplaceAllString(methodVersion.ReplaceAllString(b.String(), "$1="), "=")
}

var (
	spacedEquals  = regexp.MustCompile(`[ \t]*=[ \t]*`)
	methodVersion = regexp.MustCompile(`\b([A-Za-z-]+)[ \t]*/[ \t]*1[ \t]*=`)
)

// withoutQuotes drops quoted strings, so that what a sender chose is not taken for the relay's comment.
func withoutQuotes(field string) string { return quotedString.ReplaceAllString(field, "") }

var quotedString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
