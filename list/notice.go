package list

import (
	"strings"
	"time"

	"convene/list/message"
)

// rejection is the notice that tells an author that a moderator did not let a post through. It goes out with a null return path and says
// that it is automatic, so that nothing answers it (RFC 3834 §3).
func rejection(l *List, p *Post, reason, id string, now time.Time) []byte {
	var b strings.Builder
	noticeHeader(&b, l, message.Mailbox{Name: p.FromName, Addr: p.From}, "Not sent: "+p.Subject, id, "auto-replied", now)
	if !hasEightBit([]byte(p.MessageID)) {
		b.WriteString(message.MakeField("In-Reply-To", "<"+p.MessageID+">"))
		b.WriteString(message.MakeField("References", "<"+p.MessageID+">"))
	}
	b.WriteString("\r\n")
	b.WriteString("Your message to " + l.Title() + " <" + l.Address + "> was not sent to the list.\r\n")
	if reason = strings.TrimSpace(reason); reason != "" {
		b.WriteString("\r\nThe moderator wrote:\r\n\r\n")
		for _, line := range strings.Split(strings.ReplaceAll(reason, "\r\n", "\n"), "\n") {
			b.WriteString("  " + plainLine(line) + "\r\n")
		}
	}
	b.WriteString("\r\nYour message was: " + plainLine(p.Subject) + "\r\nTo ask about it, reply to this mail: it reaches the people who run the list.\r\n")
	return []byte(b.String())
}

// noticeHeader begins a notice of a list to one person: a header, without the empty line that ends it. id is the local part of its Message-ID;
// automatic is the word of Auto-Submitted (RFC 3834 §5).
func noticeHeader(b *strings.Builder, l *List, to message.Mailbox, subject, id, automatic string, now time.Time) {
	b.WriteString(message.EncodeMailboxes("From", message.Mailbox{Name: l.Title(), Addr: l.Word("owner")}))
	b.WriteString(message.EncodeMailboxes("To", to))
	b.WriteString(message.EncodeText("Subject", subject))
	b.WriteString(message.MakeField("Date", now.Format(dateFormat)))
	b.WriteString(message.MakeField("Message-ID", "<"+id+"@"+l.Domain()+">"))
	b.WriteString("Auto-Submitted: " + automatic + "\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n")
	b.WriteString(listIDField(l.Title(), l.ID()))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n")
}

// plainLine keeps control characters and over-long lines out of a notice.
func plainLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > 900 {
		s = strings.ToValidUTF8(s[:900], "")
	}
	return s
}

func hasEightBit(b []byte) bool {
	for _, c := range b {
		if c > 0x7f {
			return true
		}
	}
	return false
}
