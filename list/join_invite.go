package list

import (
	"errors"
	"time"

	"convene/list/message"
)

// inviteFor is how long an invitation may be answered, and opens a list that takes only who was invited.
const inviteFor = 30 * 24 * time.Hour

// invite asks somebody to join, at an owner's word: a yes makes them a member.
func (t *turn) invite(arg string) error {
	if !t.list.Joinable() || t.rec.Closed {
		t.say("join-closed", "owner", t.list.Word("owner"))
		return nil
	}
	who, ok := t.person(arg)
	if !ok {
		return nil
	}
	if _, err := t.tx.Member(t.rec.ID, who.Addr); err == nil {
		t.say("add-already", "address", who.Addr)
		return nil
	} else if !errors.Is(err, ErrNotFound) {
		return err
	}
	asked, err := t.sendInvitation(&Member{Address: who.Addr, Name: who.Name})
	switch {
	case err != nil:
		return err
	case !asked:
		t.say("invited-often", "address", who.Addr)
	default:
		t.say("invited", "address", who.Addr)
		t.log("invited", "address", who.Addr)
	}
	return nil
}

// sendInvitation owes somebody an invitation, and keeps with it the settings that they will have; false: they were written to often enough for today.
func (t *turn) sendInvitation(m *Member) (bool, error) {
	values := charterValues(t.list)
	values["by"] = t.from.Name
	if values["by"] == "" {
		values["by"] = t.from.Addr
	}
	c := confirmation{Lines: []string{"subscribe"}, Names: []string{"subscribe"}, Name: m.Name, By: t.from.Addr, Language: m.Language}
	for _, s := range [][2]string{{"set language ", m.Language}, {"set timezone ", m.Timezone}} {
		if s[1] != "" {
			c.Lines = append(c.Lines, s[0]+s[1])
		}
	}
	if m.Mode != "" && m.Mode != ModeEach {
		c.Lines = append(c.Lines, "set "+string(m.Mode))
	}
	return t.ask(message.Mailbox{Name: m.Name, Addr: m.Address}, ForInvite, c, "invitation", values)
}

// welcome makes somebody a member who did not ask for it by mail, and owes them the welcome.
func (t *turn) welcome(m Member) error {
	m, err := t.e.putMember(t.tx, m, t.now)
	if err != nil {
		return err
	}
	n, err := (&turn{e: t.e, tx: t.tx, site: t.site, list: t.list, rec: t.rec, now: t.now, from: message.Mailbox{Name: m.Name, Addr: m.Address},
		member: &m, joined: true}).answer()
	if err != nil {
		return err
	}
	n.Answers = false
	_, err = t.tx.PutNote(n)
	return err
}

// isInvited reports whether an address has an invitation that it has not answered.
func isInvited(r Reader, list uint32, address string, now time.Time) (found bool, err error) {
	err = r.SecretsOf(list, ForInvite, subjectOf(address, nil), func(s Secret) error {
		if s.Spent == "" && now.Before(s.Expires) && sameAddress(s.Address, address) {
			found = true
			return ErrStop
		}
		return nil
	})
	return found, err
}

// settleInvitations ends whatever invitation to the one who has joined, or request of theirs, is still open.
func (t *turn) settleInvitations(phrase string) error {
	said, err := t.site.Texts.phrase(phrase, []string{t.list.Language}, nil)
	if err != nil {
		return err
	}
	subject := subjectOf(t.from.Addr, nil)
	return errors.Join(spend(t.tx, t.rec.ID, ForInvite, subject, said), t.endRequest())
}
