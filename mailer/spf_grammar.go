package mailer

import (
	"context"
	"net"
	"net/netip"
	"regexp"
	"strings"
)

// strictSPF hands on SPF records that keep to the grammar of RFC 7208 §12, and one that nobody can read in the place of any other: the library reads
// a record as far as it can be read, and a mistake anywhere in it is to be a permerror (§4.6).
type strictSPF struct {
	Resolver
	ip net.IP // of the client
}

// noSPFRecord is a record that is a permerror to everybody.
const noSPFRecord = "v=spf1 unreadable"

func (s strictSPF) LookupTXT(ctx context.Context, name string) ([]string, error) {
	texts, err := s.Resolver.LookupTXT(ctx, name)
	strict := make([]string, 0, len(texts))
	for _, text := range texts {
		if rest, ok := cutVersion(text); ok && spfMistake(rest) == "" {
			text = s.nameClient(ctx, hideSlashes(text), name)
		} else if ok {
			text = noSPFRecord
		}
		strict = append(strict, text)
	}
	return strict, err
}

// slash stands for a "/" in a host name, which the library takes for the beginning of a prefix length wherever it stands.
const slash = "\x01"

func (s strictSPF) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return s.Resolver.LookupIPAddr(ctx, strings.ReplaceAll(host, slash, "/"))
}

func (s strictSPF) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return s.Resolver.LookupMX(ctx, strings.ReplaceAll(name, slash, "/"))
}

// hideSlashes writes slash in the host names of a and mx.
func hideSlashes(record string) string {
	terms := strings.Split(record, " ")
	for i, term := range terms {
		if m := spfHost.FindStringSubmatch(term); m != nil {
			terms[i] = m[1] + strings.ReplaceAll(m[2], "/", slash) + m[3]
		}
	}
	return strings.Join(terms, " ")
}

// cutVersion is what stands behind the version of an SPF record (§4.5); ok is false for other texts.
func cutVersion(text string) (terms string, ok bool) {
	const version = "v=spf1"
	if len(text) < len(version) || !strings.EqualFold(text[:len(version)], version) {
		return "", false
	}
	terms = text[len(version):]
	return terms, terms == "" || terms[0] == ' '
}

// The grammar of §12, with the letters of macros that stand outside of explanations (§7.2). A domain ends in a top label that is not all digits, or in a macro.
const (
	spfExpand = `%(?:\{[slodiphv][0-9]*r?[.+,/_=-]*\}|[%_-])`
	spfString = `(?:` + spfExpand + `|[!-$&-~])*`
	spfTop    = `(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])`
	spfDomain = spfString + `(?:\.` + spfTop + `\.?|` + spfExpand + `)`
	spfFour   = `/(?:[0-9]|[12][0-9]|3[0-2])`
	spfSix    = `/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])`
	spfCIDR   = `(?:` + spfFour + `)?(?:/` + spfSix + `)?`
)

var (
	spfDirective = regexp.MustCompile(`(?i)^[+?~-]?(?:all|include:` + spfDomain + `|(?:a|mx)(?::` + spfDomain + `)?` + spfCIDR + `|ptr(?::` + spfDomain +
		`)?|exists:` + spfDomain + `)$`)
	spfHost     = regexp.MustCompile(`(?i)^([+?~-]?(?:a|mx):)(` + spfDomain + `)(` + spfCIDR + `)$`)
	spfNetwork  = regexp.MustCompile(`(?i)^[+?~-]?(?:ip4:([0-9.]+)(?:` + spfFour + `)?|ip6:([0-9a-f:.]+)(?:` + spfSix + `)?)$`)
	spfModifier = regexp.MustCompile(`(?i)^([a-z][a-z0-9_.-]*)=(` + spfString + `)$`)
	spfWhere    = regexp.MustCompile(`(?i)^` + spfDomain + `$`)
)

// spfMistake is the first term of a record that does not keep to the grammar; empty: all do. redirect and exp stand once at most (§6).
func spfMistake(terms string) string {
	seen := map[string]bool{}
	for _, term := range strings.Split(terms, " ") {
		if term == "" || spfDirective.MatchString(term) {
			continue
		}
		if m := spfNetwork.FindStringSubmatch(term); m != nil {
			if ip, err := netip.ParseAddr(m[1] + m[2]); err != nil || ip.Is4() != (m[1] != "") {
				return term
			}
			continue
		}
		m := spfModifier.FindStringSubmatch(term)
		if m == nil {
			return term
		}
		if name := strings.ToLower(m[1]); name == "redirect" || name == "exp" {
			if seen[name] || !spfWhere.MatchString(m[2]) {
				return term
			}
			seen[name] = true
		}
	}
	return ""
}
