package list

import (
	"slices"
	"strings"

	"convene/list/message"
)

// PostSteps turn what arrived into what members get, in order. The trace field comes after all that changes something, so that it stands on top; which
// signatures still hold is seen last.
func PostSteps() []Step {
	return []Step{
		{"strip", strip}, {"results", stripResults}, {"identity", identity}, {"plain", plain},
		{"attachments", attachments}, {"footer", footer}, {"body", body}, {"subject", subject},
		// Behind whatever changes the body: From stays where nothing does.
		{"from", from}, {"reply-to", replyTo},
		{"precedence", precedence}, {"list-fields", listFields}, {"archive", archive}, {"trace", trace},
		{"signatures", signatures},
	}
}

// ForwardSteps are for mail that is passed on to people as it came: owners, moderators, the admin.
func ForwardSteps() []Step {
	return []Step{{"strip", stripForward}, {"results", stripResults}, {"identity", identity}, {"trace", trace}}
}

// DigestSteps are for what we write ourselves to members and is no post: it is named as the list's, and traced.
func DigestSteps() []Step {
	return []Step{{"precedence", precedence}, {"list-fields", listFields}, {"trace", trace}}
}

// strip takes out what is another list's or another server's business, what would ask all members for receipts, and what names hidden
// recipients or secrets (RFC 2369 §3, RFC 2919 §7, RFC 5064 §3.3, RFC 8098 §5, RFC 9477 §3).
func strip(d *Draft) {
	d.remove("return-path", "bcc", "resent-bcc", "approved", "approve", "x-approved", "x-approve", "urgent",
		"disposition-notification-to", "disposition-notification-options", "return-receipt-to", "x-confirm-reading-to", "x-pmrqc", "errors-to",
		"list-id", "list-post", "list-help", "list-subscribe", "list-unsubscribe", "list-unsubscribe-post", "list-owner", "list-archive",
		"archived-at", "feedback-id", "cfbl-address", "cfbl-feedback-id", "x-mailing-list",
		"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to")
}

// stripForward leaves Delivered-To in place: it is how a loop of forwards is noticed.
func stripForward(d *Draft) {
	d.remove("return-path", "bcc", "resent-bcc")
	d.edit.Prepend(message.MakeField("Delivered-To", d.Style.List))
}

// stripResults removes Authentication-Results that claim to be ours (RFC 8601 §5): nobody else may speak in our name.
func stripResults(d *Draft) {
	d.edit.Remove(func(name, value string) bool {
		if !strings.EqualFold(name, "Authentication-Results") {
			return false
		}
		id := authservID(value)
		for _, own := range d.Style.AuthservIDs {
			if own != "" && strings.EqualFold(id, own) {
				d.note("removed an Authentication-Results field in our name")
				return true
			}
		}
		return false
	})
}

// authservID is the first word of an Authentication-Results value, behind any comment.
func authservID(v string) string {
	v = strings.TrimSpace(v)
	for strings.HasPrefix(v, "(") {
		depth, end := 0, len(v)
		for i := 0; i < len(v); i++ {
			switch v[i] {
			case '\\':
				i++
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 {
				end = min(i+1, len(v))
				break
			}
		}
		v = strings.TrimSpace(v[end:])
	}
	if i := strings.IndexAny(v, "; \t\r\n("); i >= 0 {
		v = v[:i]
	}
	return strings.Trim(v, `"`)
}

// identity gives a Message-ID and a Date to a message that came without (RFC 5321 §6.4). Both were made when it was accepted.
func identity(d *Draft) {
	if d.Style.MessageID != "" {
		d.remove("message-id")
		d.edit.Append(message.MakeField("Message-ID", d.Style.MessageID))
		d.note("gave it the Message-ID " + d.Style.MessageID)
	}
	if d.Style.Date != "" {
		d.edit.Append(message.MakeField("Date", d.Style.Date))
		d.note("gave it a Date")
	}
}

// plain writes the header so that every server takes it. It encodes what stands in the header as octets over 127, where that says the same: then a next hop needs no SMTPUTF8, and who wrote so without
// asking for it is read all the same. A list that changes nothing leaves this as it is; hops without SMTPUTF8 get the ASCII form of it.
func plain(d *Draft) {
	if len(d.Style.Rewrites()) == 0 {
		return
	}
	for i, f := range d.Message.Fields {
		if field, ok := d.Message.PlainField(f); ok {
			d.edit.Replace(i, field)
			d.note("encoded " + f.Name)
		} else if field, ok := d.Message.ShortField(f); ok && (field != "" || !slices.Contains(neededFields, strings.ToLower(f.Name))) {
			d.edit.Replace(i, field)
			d.note("shortened " + f.Name + ": it has a line of more than 998 octets")
		}
	}
}

// neededFields are those that no message can do without, whatever is wrong with them.
var neededFields = []string{"from", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"}

// subject puts the list's prefix at the front, once, however many replies it went through.
func subject(d *Draft) {
	if d.Style.SubjectPrefix == "" {
		return
	}
	old := d.Message.Subject()
	if changed := message.PrefixSubject(old, d.Style.SubjectPrefix); changed != old || d.Message.Count("Subject") == 0 {
		d.set("Subject", message.EncodeText("Subject", changed))
	}
}

func precedence(d *Draft) {
	d.remove("precedence")
	d.edit.Append("Precedence: list\r\n")
}

// listFields names the list and says what can be asked of it (RFC 2919, RFC 2369). A field stands here when mail to what it names is taken. In a
// copy of a member's own the way out is theirs, and stands there (Engine.Personal).
func listFields(d *Draft) {
	local, domain, _ := strings.Cut(d.Style.List, "@")
	d.edit.Append(listIDField(d.Style.ListName, local+"."+domain))
	d.edit.Append(listPostField(d.Style))
	names := "List-Id, List-Post, List-Owner, List-Help"
	command := func(field, word, query string) {
		d.edit.Append(message.MakeField(field, "<mailto:"+local+"+"+word+"@"+domain+query+">"))
	}
	command("List-Owner", "owner", "")
	command("List-Help", "help", "?subject=help")
	if d.Style.Joinable {
		command("List-Subscribe", "subscribe", "?subject=subscribe")
		names += ", List-Subscribe"
	}
	if !d.Style.Personal {
		command("List-Unsubscribe", "unsubscribe", "?subject=unsubscribe")
		names += ", List-Unsubscribe"
	}
	d.note("named the list: " + names)
}

// archive says where this post can be read, and where all of the list's (RFC 5064, RFC 2369 §3.6). Neither URL is folded: a space in it is none of it.
func archive(d *Draft) {
	if d.Style.Archive != "" {
		d.edit.Append("List-Archive: <" + d.Style.Archive + ">\r\n")
		d.note("said where the archive is: List-Archive")
	}
	if d.Style.Link != "" {
		d.edit.Append("Archived-At: <" + d.Style.Link + ">\r\n")
		d.note("said where it can be read: Archived-At")
	}
}

// listIDField is the List-Id with the list's name as its phrase (RFC 2919 §3).
func listIDField(name, id string) string {
	if name == "" {
		return message.MakeField("List-Id", "<"+id+">")
	}
	// The id takes the place of an address, which it is like but for the missing @.
	phrase := message.EncodeMailboxes("List-Id", message.Mailbox{Name: name, Addr: listIDStandIn})
	return strings.Replace(phrase, "<"+listIDStandIn+">", "<"+id+">", 1)
}

const listIDStandIn = "list@id"

// trace puts our Received on top (RFC 5321 §4.4).
func trace(d *Draft) { d.edit.Prepend(message.MakeField("Received", d.Style.Received)) }

// receivedValue is the content of our trace field. It has no for clause: that would tell members how the author wrote to the list.
func receivedValue(hostname string, e *Envelope) string {
	if e.Protocol == "local" {
		return "by " + hostname + " (convene) with local id " + e.ID + "; " + e.Received.Format(dateFormat)
	}
	from := traceWord(e.Helo)
	if e.IP != "" {
		ip := traceWord(e.IP)
		if strings.Contains(ip, ":") {
			ip = "IPv6:" + ip
		}
		from += " ([" + ip + "])"
	}
	return "from " + from + " by " + hostname + " with " + traceWord(e.Protocol) + " id " + e.ID + "; " + e.Received.Format(dateFormat)
}

// dateFormat is the Date of RFC 5322 §3.3.
const dateFormat = "Mon, 02 Jan 2006 15:04:05 -0700"

// traceWord keeps what a client said of itself from becoming syntax.
func traceWord(s string) string {
	s = strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !strings.ContainsRune(`()<>;,"\`, r) {
			return r
		}
		return -1
	}, s)
	if len(s) > 255 {
		s = s[:255]
	}
	if s == "" {
		return "unknown"
	}
	return s
}
