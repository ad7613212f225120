package list

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/list/message"
)

// backFor is how long somebody who has left can come back as they were.
const backFor = 3 * 24 * time.Hour

// sayGoodbye has a notice go to the address that mail of the list went to, whichever of theirs the member has left from: who reads that one gets a
// token that undoes it, since a mail is all that it takes to leave.
func (t *turn) sayGoodbye(n *Note) error {
	was := *t.was
	n.Text, n.To, n.ToName, n.Language = "goodbye", was.Address, was.Name, was.Language
	data, err := json.Marshal(confirmation{Names: []string{"back"}, Back: &was, Said: t.saidBefore, Language: was.Language})
	if err != nil {
		return fmt.Errorf("list: who leaves: %w", err)
	}
	n.Values["back"] = yes(true)
	n.Secret = &Secret{Purpose: ForBack, List: t.rec.ID, Address: was.Address, Subject: subjectOf(was.Address, data), Data: data, Expires: t.now.Add(backFor)}
	return nil
}

// askBack is what the page asks of who has left.
func askBack(*confirming) (phrase string, values map[string]string) { return "ask-back", nil }

// confirmBack makes somebody who has left a member again, with the settings that they had, and tells them so.
func confirmBack(e *Engine, tx Tx, c *confirming) (said string, err error) {
	var what confirmation
	if err := what.decode(c.Data); err != nil {
		return "", err
	}
	if what.Back == nil {
		return "", fmt.Errorf("list: nobody is to come back to %s", c.list.Address)
	}
	t, err := e.newTurn(tx, c.list, message.Mailbox{Name: what.Back.Name, Addr: c.Address}, confirmed, c.now)
	if err != nil {
		return "", err
	}
	if err := t.comeBack(*what.Back, what.Said); err != nil {
		return "", err
	}
	n, err := t.answer()
	if err != nil {
		return "", err
	}
	if _, err := tx.PutNote(n); err != nil {
		return "", err
	}
	c.events = t.events
	return t.summary()
}

// comeBack puts a member back, under a new number: what was made for the old one stays worthless.
func (t *turn) comeBack(m Member, said map[uint32]Interest) error {
	banned, err := isBanned(t.tx, t.rec.ID, m.Address)
	switch {
	case err != nil:
		return err
	case t.member != nil:
		t.say("join-already")
		return nil
	case banned:
		t.say("join-banned", "owner", t.list.Word("owner"))
		return nil
	case t.rec.Closed || t.list.Closed:
		t.say("join-closed", "owner", t.list.Word("owner"))
		return nil
	}
	if err := t.e.revive(t.tx, m.Address, t.rec.ID, t.now); err != nil { // who answers reads what comes
		return err
	}
	m.List, m.Number = t.rec.ID, 0
	if m.State != Paused {
		m.State = Active
	}
	var others []string
	for _, a := range m.Others {
		_, err := t.tx.Member(t.rec.ID, a)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err != nil { // nobody else's by now
			others = append(others, a)
		}
	}
	m.Others = slices.Clip(others)
	if m, err = t.e.putMember(t.tx, m, t.now); err != nil {
		return err
	}
	t.member = &m
	if err := restoreInterests(t.tx, &m, said); err != nil {
		return err
	}
	if err := t.settleInvitations("join-admitted"); err != nil {
		return err
	}
	t.say("back")
	t.log("member came back")
	return nil
}
