package list

import (
	"errors"
	"fmt"
	"strings"

	"convene/list/message"
)

// rosterMost is how many members an answer to who names.
const rosterMost = 500

// who tells who is on the list, to those who may know.
func (t *turn) who(string) error {
	owner := t.mayOwn()
	switch {
	case owner:
	case t.list.Roster != RosterMembers:
		t.say("who-owners")
		return nil
	case !t.isMember():
		return nil
	}
	var b strings.Builder
	n := 0
	err := t.tx.Members(t.rec.ID, func(m Member) error {
		if n++; n > rosterMost {
			return ErrStop
		}
		fmt.Fprintf(&b, "\n- %s", strings.TrimSpace(m.Name+" <"+m.Address+">"))
		return nil
	})
	if err != nil {
		return err
	}
	t.say("who", "count", fmt.Sprint(t.rec.Members), "people", b.String(), "more", yes(n > rosterMost))
	return nil
}

// person reads the argument of an owner's command; false: it is no address that can be a member, which is said.
func (t *turn) person(arg string) (message.Mailbox, bool) {
	word, name, _ := strings.Cut(arg, " ")
	address, err := message.ParseAddr(strings.Trim(word, "<>"))
	if err == nil {
		_, err = t.strangerAddress(address)
	}
	if err != nil {
		t.say("no-address", "asked", shownLine(word))
		return message.Mailbox{}, false
	}
	return message.Mailbox{Name: memberName(strings.Trim(name, `"`)), Addr: address}, true
}

// add makes somebody a member at an owner's word, and welcomes them.
func (t *turn) add(arg string) error {
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
	other := *t
	other.from, other.proof, other.member, other.said, other.events = who, confirmed, nil, nil, nil
	other.addedBy = t.from.Addr
	if err := other.enter(); err != nil {
		return err
	}
	n, err := other.answer()
	if err != nil {
		return err
	}
	n.Answers = false
	t.say("added", "address", who.Addr)
	t.log("member joined", "added", who.Addr)
	_, err = t.tx.PutNote(n)
	return err
}

func (t *turn) remove(arg string) error {
	address := strings.Trim(arg, "<>")
	m, err := t.tx.Member(t.rec.ID, address)
	if errors.Is(err, ErrNotFound) {
		t.say("no-member", "address", shownLine(address))
		return nil
	} else if err != nil {
		return err
	}
	if err := t.tx.DeleteMember(t.rec.ID, m.Address); err != nil {
		return err
	}
	if t.member != nil && t.member.Number == m.Number {
		t.member = nil
	}
	t.say("removed", "address", m.Address)
	t.log("member left", "removed", m.Address)
	return nil
}
