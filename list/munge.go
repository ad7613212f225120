package list

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"convene/list/message"
)

// Rewrites names the settings under which every copy, but for what cannot be changed, loses the signature of its author. None: copies go out as
// the post came, with trace and List- fields beside it.
func (s *Style) Rewrites() []string {
	var names []string
	if s.SubjectPrefix != "" {
		names = append(names, "subject_prefix")
	}
	if s.repliesToList() {
		names = append(names, "reply_to")
	}
	if s.Footer != "" {
		names = append(names, "footer")
	}
	if s.Attachments != "" && s.Attachments != KeepAttachments {
		names = append(names, "attachments")
	}
	return names
}

// repliesToList reports whether replies are pointed at the list. Where members may not post that would point them at a refusal.
func (s *Style) repliesToList() bool { return s.ReplyTo == ReplyList && !s.Announce }

// fromDomain is the domain of an address in the form that DNS and the config have.
func fromDomain(address string) string {
	return strings.ToLower(message.PlainDomain(address[strings.LastIndexByte(address, '@')+1:]))
}

// asksPolicy reports whether a step will need to know what the author's domain asks of receivers: copies are rewritten, or may be for members who
// want no attachments, or for next hops that take no octets over 127. Nobody asks DNS otherwise, nor about what the settings say.
func (p *pending) asksPolicy() bool {
	a := p.arrival
	if a.GuardErr != nil || a.FromErr != nil || a.Auth.PolicyWhy != "" {
		return false
	}
	if domain := fromDomain(a.From.Addr); p.site.domains[domain] || slices.Contains(p.site.AlwaysMunge, domain) {
		return false
	}
	s := p.style()
	kind, _ := a.Message.ContentType()
	header, body := a.Message.EightBit()
	return len(s.Rewrites()) > 0 || s.AttachmentsOver > 0 || header || body || !strings.HasPrefix(kind, "text/")
}

// askPolicy asks for what Auth has not said.
func (p *pending) askPolicy(ctx context.Context, ask func(context.Context, string) (bool, string)) {
	if auth := &p.arrival.Auth; ask != nil && p.asksPolicy() {
		auth.Strict, auth.PolicyWhy = ask(ctx, fromDomain(p.arrival.From.Addr))
	}
}

// freezeFrom settles whether copies that break the author's signature go out From the list, why, and with which name.
func (p *pending) freezeFrom(s *Style) {
	a := p.arrival
	domain := fromDomain(a.From.Addr)
	switch {
	case a.From.Addr == "":
	case p.site.domains[domain]:
		s.MungeWhy = domain + " is a domain of ours"
	case slices.Contains(p.site.AlwaysMunge, domain):
		s.Munge, s.MungeWhy = true, "always_munge has "+domain
	case a.Auth.PolicyWhy != "":
		s.Munge, s.MungeWhy = a.Auth.Strict, a.Auth.PolicyWhy
		if s.Munge && !p.late && !s.Edited { // a signature may expire while a post is held
			s.Signers = a.Auth.Signers
		}
	case p.late && (s.Edited || len(s.Rewrites()) > 0): // it was edited, or the list has begun to rewrite, while it was held
		s.Munge, s.MungeWhy = true, "the policy of "+domain+" was not asked for when it came: on the safe side"
	}
	if s.Munge || !isASCII(a.From.Addr) {
		s.FromName = viaName(p.site, p.list, authorName(a.From, a.Member))
	}
}

// viaName says who writes by way of the list, in the list's language.
func viaName(site *Site, l *List, author string) string {
	title := nameOnly(l.Title())
	if site.Texts != nil {
		if text, err := site.Texts.phrase("via", []string{l.Language}, map[string]string{"name": author, "list": title}); err == nil {
			return nameOnly(text)
		}
	}
	return author + " via " + title
}

// authorName is how the author is called beside the list's address: by the name in the message, else as a member, else by the local part.
func authorName(from message.Mailbox, member *Member) string {
	if name := nameOnly(from.Name); name != "" && !SameAddress(strings.TrimSpace(from.Name), from.Addr) {
		return name
	}
	if member != nil && nameOnly(member.Name) != "" {
		return nameOnly(member.Name)
	}
	local := from.Addr[:max(0, strings.LastIndexByte(from.Addr, '@'))]
	return nameOnly(strings.Trim(local, `"`) + withoutDomain)
}

const (
	// withoutDomain stands where the domain of an address stood.
	withoutDomain = "---"
	// maxFromName is how many characters of a name are shown: what is longer is somebody's trick, or nobody reads it.
	maxFromName = 80
)

// addressTail is the second half of an address, in any of the forms in which an @ is written.
var addressTail = regexp.MustCompile(`[\s\p{Cf}]*[@＠﹫][\s\p{Cf}]*[^\s<>()\[\]"',;:@＠﹫]*[.。．｡][^\s<>()\[\]"',;:@＠﹫]*|[@＠﹫][^\s<>()\[\]"',;:@＠﹫]+`)

// nameOnly takes out of a display name what mail programs could show, or filters take, for an address, and what would not show at all (D05, D07).
func nameOnly(name string) string {
	name = addressTail.ReplaceAllString(name, withoutDomain)
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("@＠﹫", r):
			return ' '
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\u2060' || r == '\ufeff' || r == '\u00ad' || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > maxFromName {
		name = strings.TrimSpace(string(runes[:maxFromName]))
	}
	if strings.Trim(name, "-") == "" {
		return ""
	}
	return name
}
