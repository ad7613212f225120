package store

import (
	"errors"
	"fmt"
	"strings"

	"convene/list"
)

// Member implements list.Reader. The address is compared without case.
func (t *txn) Member(id uint32, address string) (list.Member, error) {
	number, err := t.getU32(inMemberAddresses, addressKey(id, address))
	if err != nil {
		return list.Member{}, fmt.Errorf("store: member %s of list %d: %w", address, id, err)
	}
	return t.memberAt(id, domainOf(address), number)
}

func (t *txn) memberAt(id uint32, domain string, number uint32) (m list.Member, err error) {
	v, err := t.get(inMembers, memberKey(id, domain, number))
	if err == nil {
		m, err = decodeMember(v)
	}
	if err != nil {
		return m, fmt.Errorf("store: member %d of list %d: %w", number, id, err)
	}
	return m, nil
}

// MemberByNumber implements list.Reader: who has the number now, whatever the address was before.
func (t *txn) MemberByNumber(id, number uint32) (list.Member, error) {
	address, err := t.get(inMemberNumbers, pairKey(id, number))
	if err != nil {
		return list.Member{}, fmt.Errorf("store: member %d of list %d: %w", number, id, err)
	}
	return t.memberAt(id, domainOf(string(address)), number)
}

// Members implements list.Reader.
func (t *txn) Members(id uint32, f func(list.Member) error) error {
	return t.walk(inMembers, listKey(id), nil, func(_, v []byte) error {
		m, err := decodeMember(v)
		if err != nil {
			return err
		}
		return f(m)
	})
}

// PutMember implements list.Tx. With Number zero it replaces the member who has the address, if there is one.
func (t *txn) PutMember(m list.Member) (list.Member, error) {
	local, _, ok := strings.Cut(m.Address, "@")
	if !ok || local == "" || domainOf(m.Address) == "" || strings.ContainsRune(m.Address, 0) {
		return m, fmt.Errorf("store: member %q of list %d: not an address", m.Address, m.List)
	}
	row, err := t.listRow(m.List)
	if err != nil {
		return m, err
	}
	taken, err := t.getU32(inMemberAddresses, addressKey(m.List, m.Address))
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return m, err
	}
	switch {
	case m.Number == 0 && taken != 0:
		m.Number = taken
	case m.Number == 0:
		m.Number = row.LastMember + 1
	case taken != 0 && taken != m.Number:
		return m, fmt.Errorf("store: member %s of list %d: there is another member with this address", m.Address, m.List)
	}
	if taken != m.Number {
		if err := t.indexMember(&row, &m); err != nil {
			return m, err
		}
	}
	return m, t.put(inMembers, memberKey(m.List, domainOf(m.Address), m.Number), encodeMember(&m))
}

// indexMember makes the indexes name a member who is new or whose address is another than before.
func (t *txn) indexMember(row *listRow, m *list.Member) error {
	old, err := t.MemberByNumber(m.List, m.Number)
	switch {
	case errors.Is(err, list.ErrNotFound):
		row.Members++
		row.LastMember = max(row.LastMember, m.Number)
		if err := t.putListRow(row); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := t.delete(inMemberAddresses, addressKey(m.List, old.Address)); err != nil {
			return err
		}
		if from, to := domainOf(old.Address), domainOf(m.Address); from != to {
			if err := t.delete(inMembers, memberKey(m.List, from, m.Number)); err != nil {
				return err
			}
			if err := t.moveCopies(m.List, m.Number, from, to); err != nil {
				return err
			}
		}
	}
	if err := t.putU32(inMemberAddresses, addressKey(m.List, m.Address), m.Number); err != nil {
		return err
	}
	return t.put(inMemberNumbers, pairKey(m.List, m.Number), []byte(strings.ToLower(m.Address)))
}

// DeleteMember implements list.Tx; list.ErrNotFound when there is no such member.
func (t *txn) DeleteMember(id uint32, address string) error {
	m, err := t.Member(id, address)
	if err != nil {
		return err
	}
	row, err := t.listRow(id)
	if err != nil {
		return err
	}
	row.Members--
	return errors.Join(
		t.putListRow(&row),
		t.delete(inMembers, memberKey(id, domainOf(m.Address), m.Number)),
		t.delete(inMemberAddresses, addressKey(id, m.Address)),
		t.delete(inMemberNumbers, pairKey(id, m.Number)),
	)
}
