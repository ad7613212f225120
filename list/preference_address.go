package list

import (
	"errors"
	"slices"
	"strings"

	"convene/list/message"
)

// othersMost is how many further addresses a member may have.
const othersMost = 5

// alsoAddress asks a further address of a member to confirm. Nothing is written to it but that question, within the caps on such mail.
func (t *turn) alsoAddress(arg string) error {
	if !t.isMember() {
		return nil
	}
	address, err := message.ParseAddr(strings.Trim(arg, "<>"))
	if err == nil {
		_, err = t.strangerAddress(address)
	}
	switch {
	case err != nil:
		t.say("no-address", "asked", shownLine(arg))
		return nil
	case containsAddress(t.member.Others, address) || sameAddress(t.member.Address, address):
		t.say("also-yours", "address", address)
		return nil
	case len(t.member.Others) >= othersMost:
		t.say("also-many")
		return nil
	}
	// The answer is the same whether somebody else is a member with that address or not: who that is, is nobody's business.
	asked, err := t.ask(message.Mailbox{Addr: address}, ForAlso, confirmation{Member: t.member.Number, By: t.member.Address}, "confirm-also", map[string]string{"member": t.member.Address})
	if asked {
		t.say("also-asked", "address", address)
	} else if err == nil {
		t.say("also-later", "address", address)
	}
	return err
}

// strangerAddress refuses an address of this site: mail would go round in circles.
func (t *turn) strangerAddress(address string) (Target, error) {
	if target, err := t.site.Route(address); err == nil {
		return target, errors.New("an address of this site")
	}
	return Target{}, nil
}

func (t *turn) notAddress(arg string) error {
	if !t.isMember() {
		return nil
	}
	address := strings.Trim(arg, "<>")
	if !containsAddress(t.member.Others, address) {
		t.say("not-none", "asked", shownLine(arg))
		return nil
	}
	t.member.Others = slices.DeleteFunc(t.member.Others, func(a string) bool { return sameAddress(a, address) })
	t.say("not", "address", address)
	return t.change()
}
