package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"convene/list"
)

// Site is the site as the engine wants it: a new one at each call.
func (c *Config) Site() *list.Site {
	s := list.Site{
		Hostname:   c.Server.Hostname,
		Admin:      c.Server.Admin,
		Limits:     list.Limits(c.Limits),
		MaxMessage: c.SMTP.MaxMessage,
		SpamHeader: c.SMTP.SpamHeader,
		AuthservID: c.SMTP.AuthservID,

		AlwaysMunge: slices.Clone(c.Delivery.AlwaysMunge),
		Personalise: c.Delivery.Personalise,
		Texts:       c.texts,
	}
	for _, k := range c.DKIM {
		name := strings.ToLower(k.Selector + "._domainkey." + k.Domain)
		s.Signing = append(s.Signing, name)
		if k.ARC {
			s.Sealing = append(s.Sealing, name)
		}
	}
	s.BaseURL, s.Mailboxes = c.linkedURL(), c.mailboxPlace()
	for i := range c.Lists {
		s.Lists = append(s.Lists, c.Lists[i].list())
	}
	return list.NewSite(s)
}

// linkedURL is where pages are reached that mail links to; empty: there are none. A page on loopback is one to members only where they are on this machine,
// too, which is so as long as their mail goes into a folder to look at.
func (c *Config) linkedURL() string {
	u, err := url.Parse(c.HTTP.BaseURL)
	if err != nil || c.HTTP.Listen == "" || loopback(u.Hostname()) && c.Delivery.Transport != "maildir" {
		return ""
	}
	return strings.TrimSuffix(c.HTTP.BaseURL, "/")
}

// list is the list as the engine wants it.
func (l *ListConfig) list() *list.List {
	return &list.List{
		Address:      l.Address,
		Name:         l.Name,
		Description:  l.Description,
		Language:     l.Language,
		Languages:    slices.Clone(l.Languages),
		Location:     l.Location,
		Owners:       slices.Clone(l.Owners),
		Moderators:   slices.Clone(l.Moderators),
		Facilitators: slices.Clone(l.Facilitators),
		Core:         slices.Clone(l.Core),
		Type:         l.Type,
		Posting:      l.Posting,
		Join:         l.Join,
		Roster:       l.Roster,
		RequireAuth:  l.RequireAuth,
		ReplyTo:      l.ReplyTo,
		Charter:      list.Charter{Domain: l.Charter.Domain, Community: l.Charter.Community, Practice: l.Charter.Practice, Values: slices.Clone(l.Charter.Values)},

		SubjectPrefix: l.Prefix, NoDigest: l.Digest.Cron == "",
		MaxMessage:    l.MaxMessage,
		MaxRecipients: l.MaxRecipient,
		HeldFor:       l.HeldFor,

		NewMembersModeratedFor: l.NewModerated,

		Archive: l.Archive,
		Footer:  l.Footer,

		Attachments: l.Attachments, AttachmentsOver: l.AttachOver,

		HoldAll:      l.HoldAll,
		Closed:       l.Phase == "closed",
		CopyToAuthor: l.CopyToAuthor,

		Aliases: slices.Clone(l.Aliases),
		Was:     slices.Clone(l.Was),
	}
}

// TrustedRelays are the networks whose Authentication-Results and XFORWARD are believed.
func (c *Config) TrustedRelays() []netip.Prefix { return slices.Clone(c.SMTP.TrustedRelays) }

// needsRestart names the keys that differ from the old config and take effect at a start only. A reload that changes one is refused whole.
func (c *Config) needsRestart(old *Config) []string {
	var keys []string
	for _, k := range []struct{ key, now, was string }{
		{"server.data_dir", c.Server.DataDir, old.Server.DataDir},
		{"smtp.listen", c.SMTP.Listen, old.SMTP.Listen},
		{"smtp.lmtp", c.SMTP.LMTP, old.SMTP.LMTP},
		{"store.engine", c.Store.Engine, old.Store.Engine},
		{"store.dsn", c.Store.DSN, old.Store.DSN},
		{"imap.listen", c.IMAP.Listen, old.IMAP.Listen},
		{"http.listen", c.HTTP.Listen, old.HTTP.Listen},
		{"metrics.listen", c.Metrics.Listen, old.Metrics.Listen},
	} {
		if k.now != k.was {
			keys = append(keys, k.key)
		}
	}
	return keys
}

// removed names the lists of the old config that this one retires: neither a list's address any more nor a former address of one.
func (c *Config) removed(old *Config) []string {
	kept := map[string]bool{}
	for _, l := range c.Lists {
		kept[l.Address] = true
		for _, was := range l.Was {
			kept[was] = true
		}
	}
	var gone []string
	for _, l := range old.Lists {
		if !kept[l.Address] {
			gone = append(gone, l.Address)
		}
	}
	return gone
}

// Advice is what a config that has no faults still should be told about, a sentence each: who may post under another's name, where passwords
// travel, and which lists change the messages they pass on.
func (c *Config) Advice() []string {
	notes := slices.Concat(c.siteAdvice(), c.deliveryAdvice(), c.pageAdvice())
	for i := range c.Lists {
		l := &c.Lists[i]
		notes = append(notes, l.forgery()...)
		notes = append(notes, l.rewriting())
		if l.MaxMessage > c.SMTP.MaxMessage {
			notes = append(notes, l.Address+": max_message is larger than smtp.max_message, and nothing that large gets in")
		}
		if len(l.Owners) == 0 {
			notes = append(notes, l.Address+": no owners: mail to its owners goes to server.admin")
		}
	}
	return append(notes, c.discussionAdvice()...)
}

func (c *Config) siteAdvice() []string {
	var notes []string
	if len(c.Lists) == 0 {
		notes = append(notes, "there is no [[list]] yet: no mail is taken but the admin's")
	}
	for _, p := range c.SMTP.TrustedRelays {
		if p.Bits() == 0 {
			notes = append(notes, fmt.Sprintf("smtp.trusted_relays: %s is the whole internet: anybody can claim to have checked a sender", p))
		}
	}
	switch {
	case len(c.SMTP.TrustedRelays) == 0:
	case c.SMTP.AuthservID == "":
		notes = append(notes, "smtp.authserv_id: empty: senders are checked here, and SPF of mail from a trusted relay is known only where the relay uses XFORWARD")
	default:
		notes = append(notes, fmt.Sprintf("smtp.authserv_id: a trusted relay that gives no results of %s leaves them to this server", c.SMTP.AuthservID))
	}
	if _, domain, _ := strings.Cut(c.Server.Admin, "@"); c.domains()[domain] {
		notes = append(notes, fmt.Sprintf("server.admin: %s is at a domain of this server: see to it that mail to it does not come back here", c.Server.Admin))
	}
	return notes
}

// deliveryAdvice says where the mail goes, and whether the smarthost's password is safe on the way.
func (c *Config) deliveryAdvice() []string {
	d := c.Delivery
	var notes []string
	if d.Transport == "maildir" {
		notes = append(notes, "delivery.transport: maildir: mail is written to "+d.Maildir+" and leaves this machine by delivery.routes only")
	}
	if d.Transport != "smarthost" || d.Username == "" {
		return notes
	}
	if host, _, _ := net.SplitHostPort(d.Smarthost); d.TLS != "required" && loopback(host) {
		return append(notes, "delivery.smarthost: the password goes to this machine itself")
	}
	return append(notes, map[string]string{
		"required":      "delivery.smarthost: the password goes over TLS only",
		"opportunistic": `delivery.smarthost: the password goes over TLS only where the smarthost offers it: tls = "required" makes sure`,
		"none":          `delivery.smarthost: the password is sent without TLS, for anybody on the way to read: set tls = "required"`,
	}[d.TLS])
}

// pageAdvice says where mail could link to pages and does not.
func (c *Config) pageAdvice() []string {
	if c.HTTP.Listen != "" && c.linkedURL() == "" {
		return []string{"http.base_url: " + c.HTTP.BaseURL + " is this machine itself, so that mail links to no page: set it to where members reach them"}
	}
	return nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback() || host == "localhost"
}

// forgery says whether a stranger may post under a member's name.
func (l *ListConfig) forgery() []string {
	switch {
	case l.Posting == list.PostModerated || l.HoldAll:
		return nil // a person looks at every post
	case l.RequireAuth == list.AuthNever:
		return []string{l.Address + `: anyone may post under a member's name: require_auth is "never"`}
	case l.RequireAuth == list.AuthPolicy:
		return []string{l.Address + `: anyone may post under the name of a member whose domain asks for no check (no DMARC record, or p=none): require_auth is "policy"`}
	}
	return nil
}

// rewriting says whether posts go out as they came, so that signatures of their authors stay good, and by which settings not.
func (l *ListConfig) rewriting() string {
	var by []string
	announce := l.Type == list.Announce || l.Posting == list.PostRoles
	for _, s := range []struct {
		rewrites bool
		setting  string
	}{
		{l.Prefix != "", "subject_prefix"}, {l.ReplyTo == list.ReplyList && !announce, `reply_to = "list"`},
		{l.Footer != nil, "footer"}, {l.Attachments != "keep", fmt.Sprintf("attachments = %q", l.Attachments)},
	} {
		if s.rewrites {
			by = append(by, s.setting)
		}
	}
	if len(by) == 0 {
		return l.Address + ": transparent: posts go out as they came, and their authors' signatures stay good"
	}
	return l.Address + ": rewriting, by " + strings.Join(by, ", ") + ": authors' DKIM signatures that cover it break, and whose domain asks for them (DMARC), or is in delivery.always_munge, is sent From the list"
}
