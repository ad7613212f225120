package list

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"convene/list/message"
)

// Rules are the posting rules in the order in which they are asked. Their names stand in the trace, in held show and in the log.
func Rules() []Rule {
	return []Rule{
		{"loop", loop}, {"unreadable", unreadable}, {"size", size}, {"duplicate", duplicate}, {"auto-reply", autoReply},
		{"closed", closed}, {"banned", banned}, {"locked-topic", lockedTopic}, {"member", member}, {"roles", roles},
		{"forged", forged}, {"spam", spam}, {"destination", destination}, {"recipients", recipients},
		{"administrivia", administrivia}, {"digest-reply", digestReply}, {"marks", marks}, {"calendar", calendarAnswer}, {"bulk", bulk}, {"moderation", moderation},
	}
}

// loop refuses what this list sent out itself, and what has been through too many hops (RFC 5321 §6.3). Only the top-level header counts: a
// post that encloses one of ours is welcome.
func loop(a *Arrival) Verdict {
	if n := a.Message.Count("Received"); a.Site.Limits.Received > 0 && n >= a.Site.Limits.Received {
		return refuse(TooManyHops, "The message has passed through too many servers")
	}
	for _, id := range a.Message.Values("List-Id") {
		if i := strings.LastIndexByte(id, '<'); i >= 0 {
			id = id[i:]
		}
		if strings.EqualFold(strings.Trim(id, "<> \t"), a.List.ID()) {
			return refuse(TooManyHops, "The message has been through this list before")
		}
	}
	return Verdict{}
}

// limitFaults are the guard's words for limits rather than for damage: rule size speaks of them.
var limitFaults = []string{"header-size", "header-fields", "field-size", "mime-depth", "mime-parts"}

func unreadable(a *Arrival) Verdict {
	var g *message.GuardError
	if errors.As(a.GuardErr, &g) {
		if slices.Contains(limitFaults, g.What) {
			return Verdict{}
		}
		if a.Envelope.Protocol == ByIMAP && len(a.Message.Fields) > 0 {
			// Nobody waits to be told. A person may see what it is, and what is damaged beyond that was not even read.
			return Verdict{Action: ActHold, Text: strings.TrimSuffix(g.Text, "."), Final: true}
		}
		return refuse(Unreadable, g.Text)
	}
	if a.FromErr != nil {
		return refuse(Unreadable, "The From field must hold exactly one address")
	}
	return Verdict{}
}

func size(a *Arrival) Verdict {
	var g *message.GuardError
	if errors.As(a.GuardErr, &g) {
		return refuse(Unreadable, g.Text)
	}
	if n := int64(len(a.Message.Raw)); a.List.MaxMessage > 0 && n > a.List.MaxMessage {
		return refuse(TooBig, fmt.Sprintf("The message has %s; this list takes up to %s", sizeText(n), sizeText(a.List.MaxMessage)))
	}
	return Verdict{}
}

func sizeText(n int64) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d octets", n)
}

// duplicate drops what came before, which happens when a server did not hear our 250 (RFC 1047), and what another list hands back that put its
// own List-Id in the place of ours: two lists that are on one another would ask a moderator about every post. The same Message-ID with other
// content is else somebody's mistake or trick: a moderator sees it.
func duplicate(a *Arrival) Verdict {
	if a.Duplicate {
		return discard("the same message was taken before")
	}
	if a.SameID && a.Message.Count("List-Id") > 0 {
		return discard("the same message was taken before; this copy comes from another list")
	}
	if a.SameID {
		return hold("another message with the same Message-ID was taken before")
	}
	return Verdict{}
}

// autoReply drops vacation notices, bounces and reports (RFC 3834 §2): nobody wants them on a list, and answering them would loop.
func autoReply(a *Arrival) Verdict {
	if why := automaticReply(a.Envelope, a.Message); why != "" {
		return discard("an automatic reply: " + why)
	}
	return Verdict{}
}

func closed(a *Arrival) Verdict {
	if a.Closed || a.List.Closed {
		return refuse(ListClosed, "This list is closed and takes no more posts; write to "+a.List.Word("owner"))
	}
	return Verdict{}
}

func banned(a *Arrival) Verdict {
	if a.Banned != "" {
		return refuse(BannedSender, "You may not post to this list; write to "+a.List.Word("owner"))
	}
	return Verdict{}
}

func lockedTopic(a *Arrival) Verdict {
	if a.TopicLocked {
		return refuse(TopicLocked, "This topic is closed to further replies; start a new one, or write to "+a.List.Word("owner"))
	}
	return Verdict{}
}

// member keeps strangers out. Who has a role need not be a member.
func member(a *Arrival) Verdict {
	if a.Member != nil || len(a.Roles) > 0 {
		return Verdict{}
	}
	switch a.List.Posting {
	case PostMembers:
		return refuse(NotMember, "Only members may post to this list, and your address is not one; write to "+a.List.Word("owner"))
	case PostHoldOthers:
		return hold("the sender is not a member")
	}
	return Verdict{}
}

func roles(a *Arrival) Verdict {
	if a.List.Posting != PostRoles && a.List.Type != Announce {
		return Verdict{}
	}
	if len(a.Roles) == 0 {
		return refuse(NotAllowed, "Only the people who run this list may post to it; write to "+a.List.Word("owner"))
	}
	if !a.Auth.OK() && !a.Envelope.Authenticated {
		return hold("it uses the rights of " + string(a.Roles[0]) + ", and nothing shows that the sender is who they say")
	}
	return Verdict{}
}

// forged holds what may not come from its From. What DNS did not tell in time is neither authenticated nor failed.
func forged(a *Arrival) Verdict {
	if a.Envelope.Authenticated {
		return Verdict{}
	}
	switch {
	case a.List.RequireAuth == AuthPolicy && a.Auth.FailsPolicy():
		return hold("it fails the DMARC policy (" + a.Auth.Policy + ") of the sender's domain")
	case a.List.RequireAuth == AuthAlways && !a.Auth.OK():
		return hold("nothing shows that the sender is who they say")
	}
	return Verdict{}
}

func spam(a *Arrival) Verdict {
	name, want, ok := strings.Cut(a.Site.SpamHeader, ":")
	if !ok || !a.Envelope.Relay {
		return Verdict{}
	}
	for _, v := range a.Message.Values(strings.TrimSpace(name)) {
		if len(v) >= len(strings.TrimSpace(want)) && strings.EqualFold(v[:len(strings.TrimSpace(want))], strings.TrimSpace(want)) {
			return Verdict{Action: ActHold, Quiet: true, Text: "the mail server marked it as spam"}
		}
	}
	return Verdict{}
}

// destination holds posts that name the list nowhere: a blind copy is how spam comes, and how members do not notice where a reply goes.
func destination(a *Arrival) Verdict {
	if a.Envelope.Authenticated {
		return Verdict{}
	}
	for _, m := range a.Message.Mailboxes("To", "Cc", "Resent-To", "Resent-Cc") {
		if l, ok := a.Site.List(m.Addr); ok && l.Address == a.List.Address {
			return Verdict{}
		}
	}
	return hold("neither To nor Cc names the list")
}

// recipients holds what goes to a crowd, and what would make a crowd of every reply.
func recipients(a *Arrival) Verdict {
	if n := max(len(a.Message.Mailboxes("To", "Cc")), len(a.Message.Mailboxes("Reply-To"))); a.List.MaxRecipients > 0 && n > a.List.MaxRecipients {
		return hold(fmt.Sprintf("it goes to %d addresses; more than %d are held", n, a.List.MaxRecipients))
	}
	return Verdict{}
}

// commandWords are what people send to the list when they mean the list's server.
var commandWords = []string{"subscribe", "unsubscribe", "join", "leave", "signoff", "remove", "help", "unsubscribe me", "subscribe me",
	"remove me", "please unsubscribe", "please unsubscribe me", "please remove me"}

// administrivia holds a lone "unsubscribe": the words in a longer text are a text like any other.
func administrivia(a *Arrival) Verdict {
	if isReply(a.Message.Subject()) && a.TopicID != 0 {
		return Verdict{}
	}
	subject := commandText(a.Message.Subject())
	text := a.text()
	if len(text) > 2000 {
		return Verdict{}
	}
	body := commandText(a.Message.Own())
	if slices.Contains(commandWords, body) || body == "" && slices.Contains(commandWords, subject) {
		return hold("it seems to be a command that was meant for the server")
	}
	return Verdict{}
}

func commandText(s string) string {
	return strings.Join(strings.Fields(strings.Trim(strings.ToLower(s), " .!,;:\r\n\t")), " ")
}

// marks holds what has a member's own address or link where it cannot be overwritten. All others are overwritten by then, and those that were
// found are worth nothing any more, wherever they stood.
func marks(a *Arrival) Verdict {
	switch {
	case a.MarksSealed:
		return hold("a part of it that is signed, encrypted or in a charset without ASCII has a member's own unsubscribe or return address, or a question's")
	case a.MarksMany:
		return hold(fmt.Sprintf("it has more than %d things that look like members' own addresses", tokensRead))
	case a.Marks > 0:
		return Verdict{Action: ActPass, Text: fmt.Sprintf("overwrote %d unsubscribe or return addresses of members in it", a.Marks)}
	}
	return Verdict{}
}

func bulk(a *Arrival) Verdict {
	if p := bulkPrecedence(a.Message); p != "" {
		return hold("it is bulk mail (Precedence: " + p + ")")
	}
	if a.Message.Count("List-Id") > 0 {
		return hold("it comes from another list")
	}
	if autoSubmitted(a.Message) == "auto-generated" {
		return hold("a machine wrote it (Auto-Submitted: auto-generated)")
	}
	return Verdict{}
}

// moderation holds by who or where. People with a role are not new members.
func moderation(a *Arrival) Verdict {
	switch {
	case a.List.HoldAll:
		return hold("every post to this list is held at present")
	case a.List.Posting == PostModerated:
		return hold("every post to this list is moderated")
	case a.TopicHeld:
		return hold("posts to this topic are moderated")
	case a.Member == nil:
		return Verdict{}
	case a.Member.Moderated:
		return hold("posts of this member are moderated")
	case len(a.Roles) == 0 && !a.Member.Trusted && int(a.Member.Posts) < a.List.NewMembersModeratedFor:
		if a.List.NewMembersModeratedFor == 1 {
			return hold("the first post of a new member is held")
		}
		return hold(fmt.Sprintf("the first %d posts of a new member are held", a.List.NewMembersModeratedFor))
	}
	return Verdict{}
}

// isReply reports whether a subject begins with a reply marker of any of the languages that clients write it in.
func isReply(subject string) bool { _, ok := message.ReplyMarker(subject); return ok }
