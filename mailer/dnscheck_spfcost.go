package mailer

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// The bounds of RFC 7208 §4.6.4.
const (
	spfLookups = 10
	spfVoids   = 2
)

// spfTally is what a record costs those who evaluate all of it.
type spfTally struct {
	lookups, voids int
	unknown        error // some of it was not answered
	seen           map[string]bool
}

// spfCost counts what a record costs a receiver at worst. That it worked out for our addresses may be because they stand before the rest.
func (r *dnsRun) spfCost(domain, record string) {
	t := &spfTally{seen: map[string]bool{}}
	r.spfCount(t, domain, record)
	switch {
	case t.lookups > spfLookups:
		r.say(LevelWarning, "spf", domain, fmt.Sprintf("the whole record takes %s look-ups, and receivers stop at %d (RFC 7208 §4.6.4)", t.atLeast(), spfLookups))
	case t.voids > spfVoids:
		r.say(LevelWarning, "spf", domain, fmt.Sprintf("%d names in the record do not exist, and receivers stop at more than %d (RFC 7208 §4.6.4)", t.voids, spfVoids))
	case t.unknown != nil:
		r.dunno("spf", domain, "all that the record includes", t.unknown)
	}
}

func (t *spfTally) atLeast() string {
	if t.lookups > 2*spfLookups {
		return fmt.Sprintf("more than %d", 2*spfLookups)
	}
	return fmt.Sprint(t.lookups)
}

// spfCount adds the terms of one record, and of those that it includes. It stops where there is no doubt any more.
func (r *dnsRun) spfCount(t *spfTally, domain, record string) {
	if t.seen[domain] || t.lookups > 2*spfLookups {
		return
	}
	t.seen[domain] = true
	for _, term := range strings.Fields(record)[1:] {
		name, target := spfTerm(term, domain)
		switch name {
		case "a", "mx", "exists", "ptr":
			t.lookups++
			r.spfVoid(t, name, target)
		case "include", "redirect":
			t.lookups++
			texts, err := r.texts(target)
			if err != nil && !NotFound(err) {
				t.unknown = err
			} else if err != nil {
				t.voids++
			}
			for _, text := range texts {
				if isSPF(text) {
					r.spfCount(t, target, text)
					break
				}
			}
		}
	}
}

// spfTerm splits a term into the name of its mechanism or modifier and the domain that it is about.
func spfTerm(term, domain string) (name, target string) {
	term = strings.ToLower(strings.TrimLeft(term, "+-~?"))
	i := strings.IndexAny(term, ":=/")
	if i < 0 {
		return term, domain
	}
	name, target = term[:i], domain
	if term[i] != '/' {
		target, _, _ = strings.Cut(term[i+1:], "/")
	}
	return name, target
}

// spfVoid counts a look-up that finds nothing. Names with macros depend on the mail.
func (r *dnsRun) spfVoid(t *spfTally, name, target string) {
	if strings.Contains(target, "%") || name == "ptr" {
		return
	}
	var err error
	if name == "mx" {
		_, err = ask(r, func(ctx context.Context) ([]*net.MX, error) { return r.Directory.LookupMX(ctx, target) })
	} else {
		_, err = r.addresses(target)
	}
	if NotFound(err) {
		t.voids++
	} else if err != nil {
		t.unknown = err
	}
}
