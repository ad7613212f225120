package mailer

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxPointers is how many names of an address are looked at (RFC 7208 §4.6.4).
const maxPointers = 10

// spfName finds the macro %{p} with its transformers; in front of it what begins with % and is none, so that "%%{p}" is not taken for one.
var spfName = regexp.MustCompile(`(?i)%[%_-]|%\{p([0-9]*)(r?)([.+,/_=-]*)\}`)

// plainName is a name that can stand in a record and in DNS as it is.
var plainName = regexp.MustCompile(`^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$`)

// nameClient writes into the record of a domain what %{p} stands for, the name of the client, which the library always takes for "unknown" (§7.3). The text
// that explains a refusal is never read, so that nothing is asked for it.
func (s strictSPF) nameClient(ctx context.Context, record, domain string) string {
	client := ""
	terms := strings.Split(record, " ")
	for i, term := range terms {
		if strings.HasPrefix(strings.ToLower(term), "exp=") {
			continue
		}
		terms[i] = spfName.ReplaceAllStringFunc(term, func(macro string) string {
			if macro[1] != '{' {
				return macro
			}
			if client == "" {
				client = s.clientName(ctx, domain)
			}
			return transformName(client, spfName.FindStringSubmatch(macro))
		})
	}
	return strings.Join(terms, " ")
}

// clientName is a name of the client that leads back to its address: the domain itself if that is one, or else one below it, or else any.
func (s strictSPF) clientName(ctx context.Context, domain string) string {
	const unknown = "unknown"
	found, err := s.LookupAddr(ctx, s.ip.String())
	if err != nil {
		return unknown
	}
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	var names []string
	for _, name := range found[:min(len(found), maxPointers)] {
		if name = strings.ToLower(strings.TrimSuffix(name, ".")); plainName.MatchString(name) {
			names = append(names, name)
		}
	}
	distance := func(name string) int {
		switch {
		case name == domain:
			return 0
		case strings.HasSuffix(name, "."+domain):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(distance(a), distance(b)) })
	for _, name := range names {
		addresses, err := s.Resolver.LookupIPAddr(ctx, name)
		for _, a := range addresses {
			if err == nil && a.IP.Equal(s.ip) {
				return name
			}
		}
	}
	return unknown
}

// transformName applies the transformers of a macro (§7.3): how many labels from the right, whether they are turned round, and what divides them. A macro
// that asks for no label is a mistake, and stays for the library to find.
func transformName(name string, macro []string) string {
	delimiters := cmp.Or(macro[3], ".")
	labels := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(delimiters, r) })
	if macro[2] != "" {
		slices.Reverse(labels)
	}
	if macro[1] != "" {
		n, err := strconv.Atoi(macro[1])
		if err == nil && n == 0 {
			return macro[0]
		}
		if err == nil && n < len(labels) {
			labels = labels[len(labels)-n:]
		}
	}
	return strings.Join(labels, ".")
}
