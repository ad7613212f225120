package list

import (
	"net/url"
	"strings"

	"convene/list/message"
)

const (
	// maxReplyLink is the longest link that begins an answer, in octets: what mail programs of all systems take from a browser.
	maxReplyLink = 1500
	// maxRefs is how much of it the References may take.
	maxRefs = 500
	// replyLines is how many lines of a post such an answer quotes, and replyLine how much of each, in octets.
	replyLines = 6
	replyLine  = 300
)

// mayAnswer reports whether somebody may answer on a list: in a topic that takes posts, as who posts there.
func (l *List) mayAnswer(rec Record, t *Topic, belongs bool) bool {
	return !l.Closed && !rec.Closed && !t.Locked && (belongs || l.Posting == PostAnyone && l.Type != Announce)
}

// replyLink begins an answer to a post in the mail program of who reads it (RFC 6068): to the list, or, where members do not post, to whom the author wants answers, with the
// subject, the place in the topic, and what the post begins with. t is the post as the reader sees it. Empty: nobody can be linked to.
func (l *List) replyLink(p *Post, m *message.Message, t *PostText, member bool) string {
	to := l.Address
	if l.Type == Announce || l.Posting == PostRoles {
		to = ""
		if member {
			to = wantsAnswers(l, p, m)
		}
	}
	subject := t.Subject
	for rest, ok := message.ReplyMarker(subject); ok; rest, ok = message.ReplyMarker(subject) {
		subject = rest
	}
	link := answerLink(to, subject, p.MessageID)
	if link == "" {
		return ""
	}
	if refs := answerRefs(p, m); refs != "" {
		link += "&References=" + escaped(refs)
	}
	body := t.Name + ", " + p.Date.In(l.zone()).Format("2006-01-02 15:04") + ":\r\n"
	link += "&body=" + escaped(body)
	quoted := false
	for _, line := range quotedFirst(t.Text) {
		more := escaped("> " + line + "\r\n")
		if len(link)+len(more) > maxReplyLink {
			break
		}
		link, quoted = link+more, true
	}
	if quoted {
		link += escaped("\r\n")
	}
	return link
}

// wantsAnswers is where the author of a post wants answers: the first address of their Reply-To that is not the list's, or else From.
func wantsAnswers(l *List, p *Post, m *message.Message) string {
	for _, one := range m.Mailboxes("Reply-To") {
		if !strings.EqualFold(one.Addr, l.Address) {
			return one.Addr
		}
	}
	return p.From
}

// answerRefs are the References of an answer (RFC 5322 §3.6.4): the first and the last of those of the post, and the post itself. Empty: it has no identity that can be written.
func answerRefs(p *Post, m *message.Message) string {
	if !writableID(p.MessageID) {
		return ""
	}
	refs := "<" + p.MessageID + ">"
	had := m.References()
	for i := len(had) - 1; i >= 0; i-- {
		longer := "<" + had[i] + "> " + refs
		if !writableID(had[i]) || len(escaped(longer)) > maxRefs {
			break
		}
		refs = longer
	}
	return refs
}

// quotedFirst are what a text begins with, without what it quotes and its signature.
func quotedFirst(text string) (lines []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line == "-- " || len(lines) == replyLines {
			break
		}
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, ">") {
			continue
		}
		if len(line) > replyLine {
			line = strings.ToValidUTF8(line[:replyLine], "") + "…"
		}
		lines = append(lines, line)
	}
	return lines
}

// escaped is a text as it stands in a link.
func escaped(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
