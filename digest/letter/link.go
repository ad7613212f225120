package letter

import (
	"fmt"
	"html"
	"net/url"
	"strings"
)

const (
	maxURL     = 2000 // the longest address that is linked to, in octets
	maxAddress = 320  // the longest address of a mailbox that is written, in characters
)

// webAddress is an address that may be linked to, with what could end a link encoded; empty where it is none.
func webAddress(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxURL {
		return ""
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		if u, err := url.Parse(s); err != nil || u.Host == "" || u.User != nil {
			return ""
		}
	case "mailto":
		if rest == "" {
			return ""
		}
	default:
		return ""
	}
	return linkEscapes.Replace(s)
}

// linkEscapes is how a link has what could end it.
var linkEscapes = strings.NewReplacer(" ", "%20", "\n", "", "\t", "", "<", "%3C", ">", "%3E", `\`, "%5C", `"`, "%22", "`", "%60", "{", "%7B", "}", "%7D", "|", "%7C", "^", "%5E")

// address is an address of our own making.
type address string

// linkTo is a link in Markdown.
func linkTo(words any, leads any) markdown {
	said := escaped(words)
	to, ours := leads.(address)
	if !ours {
		to = address(clean(fmt.Sprint(leads)))
	}
	if to = address(webAddress(string(to))); to == "" {
		return said
	}
	if said == "" {
		said = escape(string(to))
	}
	return "[" + said + "](<" + markdown(strings.ReplaceAll(string(to), "&", "&amp;")) + ">)"
}

// Mailto is the address of a link that begins a mail (RFC 6068), with percent-encoding also of spaces: a plus sign stands for itself there (§5). ReplyTo may
// be the address.
func Mailto(address, subject, body string) string {
	escape := func(s string) string {
		return strings.ReplaceAll(url.QueryEscape(strings.ReplaceAll(s, "\n", "\r\n")), "+", "%20")
	}
	link := "mailto:" + ReplyTo
	if address != ReplyTo {
		link = "mailto:" + strings.ReplaceAll(escape(address), "%40", "@")
	}
	sign := "?"
	if subject != "" {
		link, sign = link+sign+"subject="+escape(subject), "&"
	}
	if body != "" {
		link += sign + "body=" + escape(body)
	}
	return link
}

// Answer is the address of a link that begins an answer to a post of the list: in its topic, for a program that takes In-Reply-To from links, and by its
// subject for one that does not.
func Answer(list, subject, messageID string) string {
	if s := oneLine(subject, 120); s != "" {
		if subject = s; len(s) < 3 || !strings.EqualFold(s[:3], "re:") {
			subject = "Re: " + s
		}
	}
	link := Mailto(list, subject, "")
	if messageID = oneLine(messageID, maxAddress); messageID != "" && !strings.ContainsAny(messageID, " <>") {
		sign := "?"
		if subject != "" {
			sign = "&"
		}
		link += sign + "In-Reply-To=" + url.QueryEscape("<"+messageID+">")
	}
	return link
}

// Reply puts the address that answers go to where ReplyTo stands, in the text as it is and in the HTML as links and words need it.
func (m Mail) Reply(address string) Mail {
	linked := strings.TrimPrefix(Mailto(address, "", ""), "mailto:")
	m.Subject = strings.ReplaceAll(m.Subject, ReplyTo, address)
	m.Text = strings.ReplaceAll(m.Text, ReplyTo, address)
	m.HTML = strings.ReplaceAll(m.HTML, "mailto:"+ReplyTo, "mailto:"+html.EscapeString(linked))
	m.HTML = strings.ReplaceAll(m.HTML, ReplyTo, html.EscapeString(address))
	return m
}

// mailAddress is the address of a mailto link, as a person would write it; empty where it is none.
func mailAddress(href string) string {
	rest, ok := strings.CutPrefix(href, "mailto:")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "?")
	if rest == ReplyTo {
		return rest
	}
	if s, err := url.PathUnescape(rest); err == nil {
		rest = s
	}
	return oneLine(rest, maxAddress)
}
