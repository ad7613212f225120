package list

import (
	"errors"
	"path"
	"strings"

	"convene/list/message"
)

// readArrival parses a message for one list. It asks nobody: what the store and DNS know is added later.
func readArrival(site *Site, l *List, env *Envelope, raw []byte) *Arrival {
	lim := site.Limits
	a := &Arrival{Site: site, List: l, Envelope: env, Now: env.Received}
	a.GuardErr = message.Guard(raw, message.Limits{HeaderBytes: lim.HeaderBytes, HeaderFields: lim.HeaderFields, Depth: lim.MIMEDepth, Parts: lim.MIMEParts})
	if a.GuardErr != nil {
		// What breaks a limit is not parsed any further: the limit is there to keep parsers from it.
		a.Message = &message.Message{Raw: raw, Body: len(raw)}
		return a
	}
	a.Message = message.Parse(raw)
	a.GuardErr = a.Message.Check()
	a.From, a.FromErr = a.Message.From()
	return a
}

// addFacts adds what the store knows of a message and its sender.
func (a *Arrival) addFacts(r Reader, rec Record, key [16]byte, id string, l links) error {
	if a.GuardErr != nil || a.FromErr != nil {
		return nil
	}
	a.Closed = rec.Closed
	m, err := r.Member(rec.ID, a.From.Addr)
	a.Member = nil
	if err == nil {
		a.Member = &m
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	a.Roles = rolesOf(a.List, a.From.Addr, a.Member)
	a.Tagged = mayMarkSpecial(a.Roles) && saysSpecial(a.Message.Subject())
	if err := a.addPast(r, rec, key, id); err != nil {
		return err
	}
	a.Banned = ""
	err = r.Bans(rec.ID, func(b Ban) error {
		if b.Matches(a.From.Addr) || a.Envelope.From != "" && b.Matches(a.Envelope.From) {
			a.Banned = b.Pattern
			return ErrStop
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.addTopic(r, rec, l)
}

// addPast finds out whether the message was here before: as a post, or as one that was held.
func (a *Arrival) addPast(r Reader, rec Record, key [16]byte, id string) (err error) {
	if a.Duplicate, a.SameID, err = r.Seen(rec.ID, id, key); err != nil || a.Duplicate {
		return err
	}
	p, err := postByMessageID(r, rec.ID, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	// What was removed does not come back, however its bytes differ.
	a.Duplicate, a.SameID = err == nil && (p.ContentKey == key || !p.Removed.IsZero()), true
	return err
}

func (a *Arrival) addTopic(r Reader, rec Record, l links) error {
	var err error
	a.TopicLocked, a.TopicHeld = false, false
	if a.TopicID, err = l.destinationTopic(r, rec.ID, a.Now); err != nil || a.TopicID == 0 {
		return err
	}
	t, err := r.Topic(rec.ID, a.TopicID)
	if errors.Is(err, ErrNotFound) {
		a.TopicID = 0
		return nil
	}
	a.TopicLocked, a.TopicHeld = t.Locked, t.Held
	return err
}

// Matches reports whether an address falls under the ban, without regard to case.
func (b Ban) Matches(address string) bool {
	pattern := strings.NewReplacer(`\`, `\\`, "?", `\?`, "[", `\[`).Replace(FoldAddress(b.Pattern))
	// An address holds a slash as a character like any other; path.Match would stop at it.
	swap := strings.NewReplacer("/", "\x00")
	ok, err := path.Match(swap.Replace(pattern), swap.Replace(FoldAddress(address)))
	return err == nil && ok
}

// needsAuth reports whether a rule, or the seal of the copies, will ask who the sender really is. Nobody asks DNS otherwise.
func (a *Arrival) needsAuth() bool {
	if a.Envelope.Authenticated || a.GuardErr != nil || a.FromErr != nil {
		return false
	}
	return a.Tagged || len(keysUnder(a.List.Domain(), a.Site.Sealing)) > 0 || a.List.RequireAuth != AuthNever || a.List.Posting == PostRoles || a.List.Type == Announce
}
