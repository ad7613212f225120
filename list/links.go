package list

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"convene/list/message"
)

// maxLink is the longest URL that mail links to, in octets: a line of a header has 998 with the field's name (RFC 5322 §2.1.1), and a URL is never folded.
const maxLink = 900

// footerSubject is how many characters of a subject stand in a link of a footer, and footerEscaped how many octets they may become there: in a plain text
// the link is seen, and a subject in Japanese takes nine for each character.
const (
	footerSubject = 60
	footerEscaped = 120
)

// Paths of pages: behind the base URL, and the list's address of the latter two.
const (
	pathPost   = "/m/"
	pathTopics = "/topics/"
)

// PostPath is the path of the page of a post, behind the base URL, by its Message-ID without brackets: all but letters, digits and "-._~" is encoded (RFC 5064 §2.2),
// so that no mail program takes the id for an address, or its end for the end of a sentence. Empty: no path can have it.
func PostPath(messageID string) string {
	id := strings.ReplaceAll(url.QueryEscape(messageID), "+", "%20")
	switch {
	case strings.Trim(id, ".") == "": // browsers take "." and ".." for steps, however they are written
		return ""
	case strings.HasSuffix(id, "."):
		id = strings.TrimSuffix(id, ".") + "%2E"
	}
	return pathPost + id
}

// TopicsPath is the path of the page with all topics of a list.
func TopicsPath(address string) string { return "/" + address + "/" }

// SearchPath is the path of the page on which a list is searched.
func SearchPath(address string) string { return "/" + address + "/search" }

// TopicPath is the path of the page of one topic.
func TopicPath(address string, id uint32) string {
	return "/" + address + pathTopics + strconv.FormatUint(uint64(id), 10)
}

// keptOut reports whether the author of a message wants it in no archive.
func keptOut(m *message.Message) bool {
	for _, v := range m.Values("X-No-Archive") {
		if strings.EqualFold(strings.TrimSpace(v), "yes") {
			return true
		}
	}
	return false
}

// archived reports whether there are pages of the list.
func (l *List) archived() bool { return l.Archive == ArchiveMembers || l.Archive == ArchivePublic }

// point has the copies of a post say where it can be read, and what else can be done: in the header, and in the footer.
func (p *pending) point(s *Style) {
	l := p.list
	page := p.site.BaseURL != "" && l.archived()
	if page {
		s.Archive = p.site.BaseURL + TopicsPath(l.Address)
	}
	// Where the Message-ID is an earlier post's, its page is that one's.
	first := p.post.Node == (NodeID{}) || p.post.Node == nodeID(p.id)
	if path := PostPath(p.id); page && first && path != "" && !keptOut(p.arrival.Message) && len(p.site.BaseURL)+len(path) <= maxLink {
		s.Link = p.site.BaseURL + path
	}
	if l.Footer != nil {
		s.Footer = l.Footer.write(p.site.Texts, l.Language, p.footerData(s))
	}
}

// footerData is what a footer may say of a post.
func (p *pending) footerData(s *Style) *footerData {
	l := p.list
	f := &footerData{
		List: oneLine(l.Title(), nameQuoted), Address: l.Address, Link: s.Link, ReplyAuthor: p.answerTo(p.author()), Settings: footerLink(l.Word(wordSettings), ""),
		Unsubscribe: footerLink(l.Word("unsubscribe"), ""),
	}
	if !s.Announce {
		f.ReplyAll, f.byItself = p.answerTo(l.Address), footerAuthor
		if s.ReplyTo == ReplyList {
			f.byItself = footerList
		}
	}
	topic := p.post.Topic
	if topic == 0 {
		topic = p.arrival.TopicID
	}
	mute := l.Word("mute-" + strconv.FormatUint(uint64(topic), 10))
	if _, err := p.site.Route(mute); topic != 0 && err == nil {
		f.Mute = footerLink(mute, "")
	}
	return f
}

// author is where the author wants answers: the first address of Reply-To that is not the list's, or else From.
func (p *pending) author() string {
	for _, m := range p.arrival.Message.Mailboxes("Reply-To") {
		if !strings.EqualFold(m.Addr, p.list.Address) {
			return m.Addr
		}
	}
	return p.arrival.From.Addr
}

// answerTo is a link that begins an answer to the post, which stands below it in a mail program (RFC 6068 §2). Empty: that cannot be linked.
func (p *pending) answerTo(address string) string {
	return answerLink(address, p.links.title, p.id)
}

// answerLink is answerTo of a post of which the title of its topic and the Message-ID are known.
func answerLink(address, title, id string) string {
	if !strings.Contains(address, "@") {
		return ""
	}
	link := footerLink(address, strings.TrimSpace("Re: "+shortSubject(plainLine(title))))
	if writableID(id) && len(link)+3*len(id) < maxLink {
		link += "&In-Reply-To=" + url.QueryEscape("<"+id+">")
	}
	return link
}

// AnswerLink is a link that begins an answer to a post of a list, title being the subject of its topic: to the list, or to its author where members do
// not post. Empty: that cannot be linked.
func (l *List) AnswerLink(p *Post, title string) string {
	to := l.Address
	if l.Type == Announce || l.Posting == PostRoles {
		to = p.From
	}
	return answerLink(to, title, p.MessageID)
}

// shortSubject is as much of a subject as stands in a link of a footer.
func shortSubject(subject string) string {
	if utf8.RuneCountInString(subject) <= footerSubject && len(url.PathEscape(subject)) <= footerEscaped {
		return subject
	}
	const more = "…"
	var short []rune
	octets := len(url.PathEscape(more))
	for _, r := range subject {
		if octets += len(url.PathEscape(string(r))); octets > footerEscaped || len(short) == footerSubject {
			break
		}
		short = append(short, r)
	}
	return strings.TrimSpace(string(short)) + more
}

// footerLink is a mailto link whose address can be read, and copied by hand: a plus sign stands for itself in it (RFC 6068 §2).
func footerLink(address, subject string) string {
	link := mailtoLink(address, subject, "")
	to, rest, fields := strings.Cut(link, "?")
	if to = strings.ReplaceAll(to, "%2B", "+"); fields {
		return to + "?" + rest
	}
	return to
}

// LinkTo is the URL where a post of a list can be read; empty: no page has it.
func (e *Engine) LinkTo(l *List, p *Post) string {
	base, path := e.Site().BaseURL, PostPath(p.MessageID)
	if base == "" || path == "" || !l.archived() || !p.Shown() || p.Node != (NodeID{}) && p.Node != nodeID(p.MessageID) || len(base)+len(path) > maxLink {
		return ""
	}
	return base + path
}
