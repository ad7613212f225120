package main

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
)

// plainKinds are the kinds of values that are not written in quotes.
var plainKinds = map[string]nodeKind{"bool": nodeBool, "int": nodeInteger, "float": nodeFloat}

// textKind is a kind of value that is written in quotes.
type textKind struct {
	wanted string // behind "must be", and in an array behind "each"
	parse  func(text string) (any, error)
}

// textKinds are the kinds of values by the name that the schema calls them. Those that need more than their text are in field.text.
var textKinds = map[string]textKind{
	"line":        {"a text in quotes", checked(checkLine)},
	"prose":       {"a text in quotes", prose},
	"word":        {"a word in quotes", nil},
	"path":        {"a path in quotes", nil},
	"file":        {"the path of a file in quotes", nil},
	"secret":      {"the path of a file in quotes", nil},
	"duration":    {`a duration in quotes, such as "90s", "15m", "12h", "5d" or "2w"`, nil},
	"size":        {`a size in quotes, such as "25MB"`, nil},
	"address":     {`an email address in quotes, such as "amina@example.org"`, parsed(parseAddress)},
	"mailbox":     {`an email address in quotes, such as "Luis Prieto <luis@example.org>"`, parsed(parseMailbox)},
	"listaddress": {`the list's address in quotes, such as "peers@lists.example.org"`, parsed(parseListAddress)},
	"alias":       {`an email address in quotes, such as "old-name@lists.example.org"`, parsed(parseAlias)},
	"domain":      {`a domain in quotes, such as "example.org"`, parsed(parseDomain)},
	"fqdn":        {`a full host name in quotes, such as "lists.example.org"`, parsed(parseHostname)},
	"listen":      {`an address to listen on in quotes, such as "127.0.0.1:2525" or ":25"`, parsed(parseListen)},
	"lmtp":        {`an address to listen on in quotes, such as "127.0.0.1:2424", or the path of a socket`, nil},
	"hop":         {`a host and port in quotes, such as "127.0.0.1:25"`, parsed(parseHop)},
	"resolver":    {`an IP address and port in quotes, such as "127.0.0.1:53"`, parsed(parseResolver)},
	"prefix":      {`a network in quotes, such as "10.0.0.0/8"`, func(s string) (any, error) { return parsePrefix(s) }},
	"header":      {`a field and its value in quotes, such as "X-Spam-Flag: YES"`, parsed(parseHeader)},
	"authserv":    {`the name that stands first in Authentication-Results in quotes, such as "mx.example.org"`, parsed(parseAuthserv)},
	"rate":        {`a rate in quotes, such as "200/h" or "14/s"`, func(s string) (any, error) { return parseRate(s) }},
	"selector":    {`a DKIM selector in quotes, such as "c1"`, parsed(parseSelector)},
	"language":    {`a language in quotes, such as "en" or "pt-BR"`, parsed(parseLanguage)},
	"zone":        {`a time zone in quotes, such as "Africa/Nairobi"`, func(s string) (any, error) { return parseZone(s) }},
	"hours":       {`a range of hours in quotes, such as "08:00-18:00"`, func(s string) (any, error) { return parseHours(s) }},
	"date":        {"a date, such as 2026-03-02", parsed(parseDate)},
	"time":        {`a date and time in quotes, such as "2026-03-17 15:00"`, parsed(parseMoment)},
	"cron":        {`a cron line in quotes, such as "0 7 * * MON"`, checked(checkCron)},
	"send":        {`a time in quotes, such as "day 3 09:00"`, checked(checkSend)},
	"hashtag":     {`a hashtag in quotes, such as "#remote"`, parsed(parseHashtag)},
	"id":          {`an id in quotes, such as "remote"`, parsed(parseID)},
	"url":         {`an http or https address in quotes, such as "https://lists.example.org"`, parsed(parseBaseURL)},
	"imapurl":     {`an imap or imaps address in quotes, such as "imaps://imap.example.org"`, parsed(parseIMAPURL)},
	"template":    {`"default", "none" or a text/template in quotes`, parseFooter},
	"titles":      {`a text in quotes, or one for each language: { en = "…", fr = "…" }`, checked(checkLine)},
	"texts":       {`a text in quotes, or one for each language: { en = "…", fr = "…" }`, prose},
}

// checked makes a parser of a check: the text itself is the value.
func checked(check func(string) error) func(string) (any, error) {
	return func(s string) (any, error) { return s, check(s) }
}

// parsed makes a parser of one whose value is a text.
func parsed(parse func(string) (string, error)) func(string) (any, error) {
	return func(s string) (any, error) { return parse(s) }
}

// wanted says what the value of a field must be.
func (f field) wanted() string {
	switch f.is {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "float":
		return "a number"
	case "word":
		return "one of " + f.words()
	}
	return textKinds[f.is].wanted
}

// words lists the words of an enum as they are written.
func (f field) words() string {
	return strings.Join(strings.Fields(f.tag.Get("of")), ", ")
}

// read turns a value into what its field holds; nil is the zero value. dir is where paths begin.
func (f field) read(v *tomlNode, dir string) (any, error) {
	switch f.is {
	case "bool", "int", "float":
		return f.plain(v)
	case "texts", "titles":
		return f.texts(v)
	case "date":
		if v.kind == nodeDate {
			return v.text, nil
		}
	case "time":
		if v.kind == nodeMoment {
			return parseMoment(strings.Replace(v.text, "T", " ", 1))
		}
	}
	if v.kind != nodeString {
		return nil, fmt.Errorf("must be %s, not %s", f.wanted(), v.kind)
	}
	if v.text == "" && f.optional() {
		return nil, nil
	}
	if f.is != "prose" && f.is != "template" {
		if err := checkLine(v.text); err != nil {
			return nil, err
		}
	}
	return f.text(v.text, dir)
}

// optional reports whether an empty text means "none".
func (f field) optional() bool {
	def, ok := f.tag.Lookup("default")
	return ok && def == "" && !f.many() || f.tag.Get("empty") == "ok"
}

func (f field) plain(v *tomlNode) (any, error) {
	wrong := fmt.Errorf("must be %s, not %s", f.wanted(), v.kind)
	switch {
	case f.is == "bool" && v.kind == nodeBool:
		return v.text == "true", nil
	case f.is == "int" && v.kind == nodeInteger:
		return int(v.num), f.bounds(float64(v.num), strconv.FormatInt(v.num, 10))
	case f.is == "float" && (v.kind == nodeFloat || v.kind == nodeInteger):
		if math.IsNaN(v.float) {
			return nil, fmt.Errorf("%s is not a number", v.text)
		}
		return v.float, f.bounds(v.float, v.text)
	}
	return nil, wrong
}

// maxCount bounds whole numbers that have no bound of their own.
const maxCount = 1_000_000_000

func (f field) bounds(x float64, shown string) error {
	least, most := 0.0, float64(maxCount)
	if s := f.tag.Get("min"); s != "" {
		least, _ = strconv.ParseFloat(s, 64)
	}
	if s := f.tag.Get("max"); s != "" {
		most, _ = strconv.ParseFloat(s, 64)
	}
	switch {
	case x < least:
		return fmt.Errorf("%s is too small: at least %v", shown, least)
	case x > most:
		return fmt.Errorf("%s is too large: at most %s", shown, strconv.FormatFloat(most, 'f', -1, 64))
	}
	return nil
}

// text reads a value in quotes.
func (f field) text(s, dir string) (any, error) {
	switch f.is {
	case "word":
		return f.word(s)
	case "duration":
		return f.duration(s)
	case "size":
		return f.size(s)
	case "path":
		return absolute(s, dir)
	case "file":
		return existing(s, dir, false)
	case "secret":
		return existing(s, dir, true)
	case "lmtp":
		if strings.Contains(s, "/") {
			return absolute(s, dir)
		}
		return parseListen(s)
	}
	return textKinds[f.is].parse(s)
}

func (f field) word(s string) (any, error) {
	words := strings.Fields(f.tag.Get("of"))
	if slices.Contains(words, s) {
		return s, nil
	}
	return nil, fmt.Errorf("%q is not one of %s%s", s, f.words(), suggest(s, words))
}

func (f field) duration(s string) (any, error) {
	if s == "0" && f.tag.Get("min") == "0" {
		return time.Duration(0), nil
	}
	return parseDuration(s)
}

func (f field) size(s string) (any, error) {
	n, err := parseSize(s)
	if err != nil {
		return nil, err
	}
	if limit := f.tag.Get("max"); limit != "" {
		if most, _ := parseSize(limit); n > most {
			return nil, fmt.Errorf("%s is too large: at most %s", s, limit)
		}
	}
	return n, nil
}

// texts reads a text of a plan: one text, or a table of them by language.
func (f field) texts(v *tomlNode) (any, error) {
	read := func(n *tomlNode) (string, error) {
		if n.kind != nodeString {
			return "", fmt.Errorf("must be %s, not %s", f.wanted(), n.kind)
		}
		s, err := textKinds[f.is].parse(n.text)
		if err != nil {
			return "", err
		}
		return s.(string), nil
	}
	if v.kind != nodeTable {
		s, err := read(v)
		if err != nil || s == "" {
			return nil, err
		}
		return Texts{"": s}, nil
	}
	all := Texts{}
	for _, e := range v.table.entries {
		tag, err := parseLanguage(e.key)
		if err != nil {
			return nil, err
		}
		if all[tag], err = read(e.value); err != nil {
			return nil, fmt.Errorf("%s: %w", tag, err)
		}
	}
	return all, nil
}

// checkLine refuses control characters: a line break in a name would be a line break in a header.
func checkLine(s string) error {
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("%q has a control character (%U) in it", s, r)
		}
	}
	return nil
}

// prose is a text that may have several lines.
func prose(s string) (any, error) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return nil, fmt.Errorf("has a control character (%U) in it", r)
		}
	}
	return s, nil
}

func parseLanguage(s string) (string, error) {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und || strings.Contains(s, "_") {
		return "", fmt.Errorf("%q is not a language tag (BCP 47), such as \"en\", \"fr\" or \"pt-BR\"", s)
	}
	return tag.String(), nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.Prefix{}, fmt.Errorf("%q is one address: write \"%s/%d\"", s, a, a.BitLen())
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return p, fmt.Errorf("%q is not a network, such as \"10.0.0.0/8\" or \"::1/128\"", s)
	case p != p.Masked():
		return p, fmt.Errorf("%q is an address within a network: write %q for the network, or \"%s/%d\" for the address", s, p.Masked(), p.Addr(), p.Addr().BitLen())
	}
	return p, nil
}

// absolute makes a path absolute; a relative one begins at the directory of the file that names it.
func absolute(s, dir string) (string, error) {
	if !filepath.IsAbs(s) {
		s = filepath.Join(dir, s)
	}
	abs, err := filepath.Abs(s)
	if err != nil {
		return "", errors.New("is relative, and the current directory is not known")
	}
	return abs, nil
}

// maxSecretBytes bounds key, certificate and password files.
const maxSecretBytes = 1 << 20

// existing is the path of a file that must be there and readable, and where it is secret, not by everybody.
func existing(s, dir string, secret bool) (any, error) {
	path, err := absolute(s, dir)
	if err != nil {
		return nil, err
	}
	if _, err := readRegular(path, maxSecretBytes); err != nil {
		return nil, errors.New(inWords(err))
	}
	if secret && worldReadable(path) {
		return nil, fmt.Errorf("everybody on this machine can read %s: chmod o= it", path)
	}
	return path, nil
}
