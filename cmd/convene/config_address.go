package main

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"convene/list"
)

var (
	domainLabel  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	listLocal    = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]{0,28}[a-z0-9])?$`)
	fieldName    = regexp.MustCompile(`^[!-9;-~]+$`) // RFC 5322 §3.6.8
	selectorText = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	idText       = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)
)

// reservedLocals are the local parts that no list can have: mail to them reaches the admin, or nobody.
var reservedLocals = []string{"postmaster", "abuse", "mailer-daemon", "root", "noreply"}

// reservedEndings are what a list's local part cannot end in: old list engines gave such addresses a meaning.
var reservedEndings = []string{"-request", "-owner", "-bounces", "-join", "-leave", "-subscribe", "-unsubscribe", "-confirm", "-admin"}

// parseDomain returns a domain name in lower case.
func parseDomain(s string) (string, error) {
	d := strings.ToLower(s)
	for _, r := range d {
		if r > unicode.MaxASCII {
			return "", fmt.Errorf("%q is not a domain in ASCII: write its xn-- form", s)
		}
	}
	labels := strings.Split(d, ".")
	for _, l := range labels {
		if !domainLabel.MatchString(l) {
			return "", fmt.Errorf("%q is not a domain, such as \"example.org\"", s)
		}
	}
	if top := labels[len(labels)-1]; len(d) > 253 || strings.Trim(top, "0123456789") == "" {
		return "", fmt.Errorf("%q is not a domain, such as \"example.org\"", s)
	}
	return d, nil
}

// parseHostname returns a fully qualified host name in lower case.
func parseHostname(s string) (string, error) {
	d, err := parseDomain(s)
	if err != nil && strings.Contains(err.Error(), "ASCII") {
		return "", err
	}
	if err != nil || !strings.Contains(d, ".") {
		return "", fmt.Errorf("%q is not a full host name, such as \"lists.example.org\"", s)
	}
	return d, nil
}

// parseAddress returns an address with its domain in lower case.
func parseAddress(s string) (string, error) {
	wrong := fmt.Errorf("%q is not an email address, such as \"amina@example.org\"", s)
	if strings.HasSuffix(s, ">") {
		return "", fmt.Errorf("%q has more than the address: write only what stands between < and >", s)
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || !utf8.ValidString(s) {
		return "", wrong
	}
	for part := range strings.SplitSeq(s[:at], ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return r <= ' ' || r == 0x7f || strings.ContainsRune(`()<>[]:;@\,"`, r) || unicode.IsSpace(r) || unicode.IsControl(r)
		}) {
			return "", wrong
		}
	}
	domain, err := parseDomain(s[at+1:])
	switch {
	case err != nil && strings.Contains(err.Error(), "ASCII"):
		return "", err
	case err != nil, !strings.Contains(domain, ".") && domain != "localhost":
		return "", wrong
	}
	return s[:at] + "@" + domain, nil
}

// parseMailbox returns an address with or without a name before it.
func parseMailbox(s string) (string, error) {
	m, err := mail.ParseAddress(s)
	if err != nil {
		return "", fmt.Errorf("%q is not a person's address, such as \"Luis Prieto <luis@example.org>\"", s)
	}
	address, err := parseAddress(m.Address)
	if err != nil || m.Name == "" {
		return address, err
	}
	return m.Name + " <" + address + ">", nil
}

// parseListAddress returns the address of a list: its local part has rules of its own, since other addresses are made of it.
func parseListAddress(s string) (string, error) {
	local, domain, found := strings.Cut(s, "@")
	host, err := parseHostname(domain)
	if err != nil || !found {
		return "", fmt.Errorf("%q is not a list's address, such as \"peers@lists.example.org\"", s)
	}
	if local != strings.ToLower(local) {
		return "", fmt.Errorf("%q: write a list's name in small letters: %q", s, strings.ToLower(local)+"@"+host)
	}
	if !listLocal.MatchString(local) || strings.Contains(local, "..") {
		return "", fmt.Errorf("%q cannot be a list's name: it is 1 to 30 of a-z 0-9 . _ -, and begins and ends with a letter or digit", local)
	}
	if slices.Contains(reservedLocals, local) {
		return "", fmt.Errorf("%q cannot be a list's name: it is reserved", local)
	}
	for _, end := range reservedEndings {
		if strings.HasSuffix(local, end) {
			return "", fmt.Errorf("%q cannot be a list's name: addresses that end in %s have a meaning of their own", local, end)
		}
	}
	return local + "@" + host, nil
}

// parseAlias returns a further or former address of a list, in lower case.
func parseAlias(s string) (string, error) {
	a, err := parseAddress(s)
	if err != nil {
		return "", err
	}
	a = strings.ToLower(a)
	switch local, _, _ := strings.Cut(a, "@"); {
	case strings.Contains(local, "+"):
		return "", fmt.Errorf("%q has a + in it: what stands before the + would be a list's name", s)
	case slices.Contains(reservedLocals[:3], local):
		return "", fmt.Errorf("%q is the admin's address at every domain", s)
	}
	return a, nil
}

// splitPort divides host:port. Port 0 lets the system choose, which is of use for listening only.
func splitPort(s, example string) (host string, port int, err error) {
	wrong := fmt.Errorf("%q is not host:port, such as %q", s, example)
	host, p, err := net.SplitHostPort(s)
	if err != nil || p == "" || strings.Trim(p, "0123456789") != "" {
		return "", 0, wrong
	}
	port, err = strconv.Atoi(p)
	if err != nil || port > 65535 {
		return "", 0, fmt.Errorf("%q: a port is at most 65535", s)
	}
	if host == "" {
		return "", port, nil
	}
	if _, err := netip.ParseAddr(host); err != nil {
		if _, err := parseDomain(host); err != nil {
			return "", 0, wrong
		}
	}
	return host, port, nil
}

func parseListen(s string) (string, error) {
	_, _, err := splitPort(s, "127.0.0.1:2525")
	return s, err
}

func parseHop(s string) (string, error) {
	if socket, ok := strings.CutPrefix(s, "lmtp:"); ok {
		if strings.HasPrefix(socket, "/") {
			return s, nil
		}
		_, err := parseHop(socket)
		return s, err
	}
	host, port, err := splitPort(s, "127.0.0.1:25")
	if err == nil && (host == "" || port == 0) {
		err = fmt.Errorf("%q is no place to deliver to: it needs a host and a port, such as \"127.0.0.1:25\"", s)
	}
	return s, err
}

func parseResolver(s string) (string, error) {
	a, err := netip.ParseAddrPort(s)
	if err != nil || a.Port() == 0 {
		return "", fmt.Errorf("%q is not an IP address and port, such as \"127.0.0.1:53\"", s)
	}
	return s, nil
}

func parseHeader(s string) (string, error) {
	name, value, found := strings.Cut(s, ":")
	value = strings.TrimSpace(value)
	if !found || value == "" || !fieldName.MatchString(name) {
		return "", fmt.Errorf("%q is not a field and its value, such as \"X-Spam-Flag: YES\"", s)
	}
	return name + ": " + value, nil
}

func parseAuthserv(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?=`, r) }) {
		return "", fmt.Errorf("%q is not the name of a server, such as \"mx.example.org\"", s)
	}
	return s, nil
}

func parseSelector(s string) (string, error) {
	if l := strings.ToLower(s); len(s) <= 63 && selectorText.MatchString(l) {
		return l, nil
	}
	return "", fmt.Errorf("%q is not a DKIM selector, such as \"c1\"", s)
}

func parseHashtag(s string) (string, error) {
	tag, found := strings.CutPrefix(s, "#")
	if !found || tag == "" || len(tag) > 64 || strings.ContainsFunc(tag, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	}) {
		return "", fmt.Errorf("%q is not a hashtag: # and letters, digits, - or _, such as \"#remote\"", s)
	}
	return s, nil
}

func parseID(s string) (string, error) {
	if !idText.MatchString(s) {
		return "", fmt.Errorf("%q is not an id: 1 to 40 of a-z 0-9 _ -, the first a letter or digit", s)
	}
	return s, nil
}

func parseBaseURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not a web address, such as \"https://lists.example.org\"", s)
	}
	return strings.TrimSuffix(s, "/"), nil
}

func parseIMAPURL(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "imap" && u.Scheme != "imaps" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
		return "", fmt.Errorf("%q is not the address of an IMAP server, such as \"imaps://imap.example.org\"", s)
	}
	return s, nil
}

func parseFooter(s string) (any, error) {
	if _, err := prose(s); err != nil {
		return nil, err
	}
	if known := []string{"default", "none"}; !slices.Contains(known, s) && !strings.ContainsAny(s, " {\n") {
		if meant := suggest(s, known); meant != "" { // or that word would stand below every post
			return nil, fmt.Errorf("%q is nearly one of default, none%s", s, meant)
		}
	}
	f, err := list.ParseFooter(s)
	if err != nil {
		err = fmt.Errorf("is not a text/template of a footer: %w", err)
	}
	return f, err
}

// worldReadable reports whether everybody on the machine can read a file.
func worldReadable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o004 != 0
}
