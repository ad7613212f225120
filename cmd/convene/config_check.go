package main

import (
	"crypto/rsa"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"slices"
	"strings"

	"convene/mailer"
)

// check looks at what single values cannot show: addresses that collide, names that nothing has, settings that need one another.
func (d *decoder) check(c *Config) {
	taken := d.addresses(c)
	d.admin(c, taken)
	d.people(c, taken)
	d.credentials(c)
	d.signingKeys(c)
	d.listeners(c)
	d.mailboxes(c)
	d.plans(c, taken)
}

// claim is who has an address.
type claim struct {
	address string
	list    int
	path    string // of the value that claims it
	as      string // what it is to the list
}

// claims are all addresses that the lists take: their own, further and former ones, and the -request of each.
func claims(c *Config) []claim {
	var all []claim
	for i, l := range c.Lists {
		path := fmt.Sprintf("list[%d]", i)
		if local, domain, ok := strings.Cut(l.Address, "@"); ok {
			all = append(all, claim{l.Address, i, path + ".address", "the address"},
				claim{local + "-request@" + domain, i, path + ".address", "the command address"})
		}
		for j, a := range l.Aliases {
			all = append(all, claim{a, i, fmt.Sprintf("%s.aliases[%d]", path, j), "an alias"})
		}
		for j, a := range l.Was {
			all = append(all, claim{a, i, fmt.Sprintf("%s.was[%d]", path, j), "a former address"})
		}
	}
	return slices.DeleteFunc(all, func(c claim) bool { return c.address == "" })
}

// addresses reports every address that two claim, at the later one of the two.
func (d *decoder) addresses(c *Config) map[string]claim {
	taken := map[string]claim{}
	for _, a := range claims(c) {
		first, dup := taken[a.address]
		switch {
		case a.as == "the command address" && taken[c.Lists[a.list].Address].list != a.list: // its list was reported
		case !dup:
			taken[a.address] = a
		case a.as == "the address" && first.as == "the address":
			d.complain(a.path, "the list %s is there already, in %s", a.address, d.places[first.path])
		default:
			d.complain(a.path, "%s is taken: it is %s of %s, in %s", a.address, first.as, c.Lists[first.list].Address, d.places[first.path])
		}
	}
	return taken
}

// ownAddress reports whether mail to an address comes back here, and as what.
func ownAddress(c *Config, taken map[string]claim, address string) (claim, bool) {
	address = strings.ToLower(address)
	local, domain, _ := strings.Cut(address, "@")
	if a, ok := taken[address]; ok {
		return a, true
	}
	name, _, plus := strings.Cut(local, "+")
	if a, ok := taken[name+"@"+domain]; ok && plus {
		a.as = "an address"
		return a, true
	}
	return claim{}, false
}

// admin sees to it that mail to the admin leaves the house: it is where mail goes that has nowhere else to go.
func (d *decoder) admin(c *Config, taken map[string]claim) {
	const path = "server.admin"
	if a, ok := ownAddress(c, taken, c.Server.Admin); ok {
		d.complain(path, "%s is %s of the list %s: the admin must be a person, or mail about a broken list would go to the list",
			c.Server.Admin, a.as, c.Lists[a.list].Address)
		return
	}
	local, domain, _ := strings.Cut(strings.ToLower(c.Server.Admin), "@")
	if slices.Contains(reservedLocals[:3], local) && c.domains()[domain] {
		d.complain(path, "mail to %s reaches the admin, so this would go round in a circle: name a person's address", c.Server.Admin)
	}
}

// domains are the domains that mail is taken for.
func (c *Config) domains() map[string]bool {
	all := map[string]bool{c.Server.Hostname: true}
	for _, a := range claims(c) {
		_, domain, _ := strings.Cut(a.address, "@")
		all[domain] = true
	}
	return all
}

// people refuses a list among its own owners, moderators, facilitators or core group: what is sent to them would come back.
func (d *decoder) people(c *Config, taken map[string]claim) {
	for i, l := range c.Lists {
		path := fmt.Sprintf("list[%d].", i)
		for key, people := range map[string][]string{"owners": l.Owners, "moderators": l.Moderators, "facilitators": l.Facilitators, "core": l.Core} {
			for j, p := range people {
				at := fmt.Sprintf("%s%s[%d]", path, key, j)
				if a, ok := ownAddress(c, taken, p); ok && a.list == i {
					d.complain(at, "%s is the list itself: name a person's address", p)
				}
				if slices.ContainsFunc(people[:j], func(q string) bool { return p != "" && strings.EqualFold(p, q) }) {
					d.complain(at, "%s is there already", p)
				}
			}
		}
		if at := path + "parent"; l.Parent != "" && strings.EqualFold(l.Parent, l.Address) {
			d.complain(at, "a list cannot be its own parent")
		} else {
			d.knownList(c, taken, at, l.Parent)
		}
	}
}

// knownList reports a list name that no list has.
func (d *decoder) knownList(c *Config, taken map[string]claim, path, address string) {
	if address == "" || d.partial || taken[strings.ToLower(address)].as == "the address" {
		return
	}
	names := make([]string, len(c.Lists))
	for i, l := range c.Lists {
		names[i] = l.Address
	}
	d.complain(path, "there is no list %s%s", address, suggest(address, names))
}

// credentials checks what belongs together in pairs.
func (d *decoder) credentials(c *Config) {
	pairs := []struct{ one, other string }{
		{"tls.cert", "tls.key"}, {"tls.key", "tls.cert"},
		{"delivery.smarthost_username", "delivery.smarthost_password_file"}, {"delivery.smarthost_password_file", "delivery.smarthost_username"},
	}
	given := map[string]bool{
		"tls.cert": c.TLS.Cert != "", "tls.key": c.TLS.Key != "",
		"delivery.smarthost_username": c.Delivery.Username != "", "delivery.smarthost_password_file": c.Delivery.PasswordFile != "",
	}
	whole := true // neither file was refused for itself
	for _, f := range d.faults {
		whole = whole && !strings.HasPrefix(f.Message, "tls.") && !strings.HasPrefix(f.Message, "delivery.smarthost_")
	}
	for _, p := range pairs {
		if whole && given[p.one] && !given[p.other] {
			d.complain(p.one, "needs %s too", p.other)
		}
	}
	if whole && given["tls.cert"] && given["tls.key"] {
		if _, err := tls.LoadX509KeyPair(c.TLS.Cert, c.TLS.Key); err != nil {
			d.complain("tls.cert", "does not go with tls.key: %s", strings.TrimPrefix(err.Error(), "tls: "))
		}
	}
	if c.Delivery.PasswordFile != "" {
		if _, err := c.Delivery.Password(); err != nil {
			d.complain("delivery.smarthost_password_file", "%v", err)
		}
	}
}

// signingKeys reports keys that cannot sign, and two under one name in DNS.
func (d *decoder) signingKeys(c *Config) {
	seen := map[string]bool{}
	for i, k := range c.DKIM {
		path := fmt.Sprintf("dkim[%d].", i)
		if name := k.Selector + "." + k.Domain; k.Selector != "" && k.Domain != "" && seen[name] {
			d.complain(path+"selector", "%s has a key of that name already", k.Domain)
		} else {
			seen[name] = true
		}
		if k.KeyFile == "" {
			continue
		}
		key, err := mailer.LoadSigningKey(k.Domain, k.Selector, k.KeyFile)
		if err != nil {
			d.complain(path+"key_file", "%s", strings.TrimPrefix(err.Error(), "mailer: "))
		} else if _, isRSA := key.Key.Public().(*rsa.PublicKey); k.ARC && !isRSA {
			d.complain(path+"arc", "needs an RSA key: few who look at ARC know others")
		}
	}
}

// Password reads the smarthost's password: the first line of its file.
func (d DeliveryConfig) Password() (string, error) {
	line, err := firstLine(d.PasswordFile)
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("config: smarthost password: %s", inWords(err))
	}
	return line, err
}

// mailboxes reports mailboxes that cannot be opened, and one that is there twice.
func (d *decoder) mailboxes(c *Config) {
	seen := map[IntakeConfig]bool{}
	for i, in := range c.Intake {
		path := fmt.Sprintf("intake[%d].", i)
		if _, given := d.places[path+"username"]; given && in.Username == "" {
			d.complain(path+"username", "must not be empty")
		}
		if in.PasswordFile != "" {
			if _, err := in.Password(); err != nil {
				d.complain(path+"password_file", "%s", inWords(err))
			}
		}
		box := IntakeConfig{IMAP: in.IMAP, Username: in.Username, Mailbox: in.Mailbox}
		if seen[box] && in.IMAP != "" {
			d.complain(path+"mailbox", "is fetched from already")
		}
		seen[box] = true
	}
}

// listeners reports two listeners at one address.
func (d *decoder) listeners(c *Config) {
	seen := map[string]string{}
	for _, l := range []struct{ key, at string }{{"smtp.listen", c.SMTP.Listen}, {"smtp.lmtp", c.SMTP.LMTP}, {"imap.listen", c.IMAP.Listen},
		{"http.listen", c.HTTP.Listen}, {"metrics.listen", c.Metrics.Listen}} {
		if l.at == "" || strings.HasSuffix(l.at, ":0") {
			continue
		}
		if first, dup := seen[l.at]; dup {
			d.complain(l.key, "%s is taken by %s", l.at, first)
			continue
		}
		seen[l.at] = l.key
	}
	if host, _, err := net.SplitHostPort(c.IMAP.Listen); err == nil && c.TLS.Cert == "" {
		switch {
		case tlsAtOnce(c.IMAP.Listen):
			d.complain("imap.listen", "%s needs a certificate in [tls]: on port %s TLS begins at once", c.IMAP.Listen, portTLS)
		case !loopback(host):
			d.complain("imap.listen", "%s needs a certificate in [tls]: without TLS nobody can sign in but from this machine", c.IMAP.Listen)
		}
	}
	hops := map[string]string{"delivery.smarthost": c.Delivery.Smarthost}
	if c.Delivery.Transport != "smarthost" {
		clear(hops)
	}
	for domain, hop := range c.Delivery.Routes {
		hops["delivery.routes."+domain] = hop
	}
	for _, key := range slices.Sorted(maps.Keys(hops)) {
		hop := hops[key]
		for _, own := range []struct{ key, at string }{{"smtp.listen", c.SMTP.Listen}, {"smtp.lmtp", c.SMTP.LMTP}} {
			if own.at != "" && samePlace(strings.TrimPrefix(hop, "lmtp:"), own.at, c.Server.Hostname) {
				d.complain(key, "%s is convene itself (%s): it takes mail for its own lists only, and all copies would come back", hop, own.key)
			}
		}
	}
}

// samePlace says whether who connects to hop gets to the listener at own.
func samePlace(hop, own, hostname string) bool {
	if strings.HasPrefix(own, "/") {
		return hop == own
	}
	host, port, err := net.SplitHostPort(hop)
	listens, at, err2 := net.SplitHostPort(own)
	if err != nil || err2 != nil || port != at || port == "0" {
		return false
	}
	here := loopback(host) || host == listens || strings.EqualFold(host, hostname)
	everywhere := listens == "" || listens == "0.0.0.0" || listens == "::"
	return here && (everywhere || host == listens || loopback(listens) && loopback(host))
}
