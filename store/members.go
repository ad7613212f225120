package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/list"
)

// Member implements list.Reader. The address, which may be one of the others, is compared without case.
func (t *txn) Member(id uint32, address string) (list.Member, error) {
	number, err := t.getU32(inMemberAddresses, addressKey(id, address))
	if err != nil {
		return list.Member{}, fmt.Errorf("store: member %s of list %d: %w", address, id, err)
	}
	m, err := t.memberAt(id, domainOf(address), number)
	if errors.Is(err, list.ErrNotFound) { // it is one of the others, at another domain
		return t.MemberByNumber(id, number)
	}
	return m, err
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

// RoleHolders implements list.Reader.
func (t *txn) RoleHolders(id uint32, f func(list.Member) error) error {
	return t.walk(inMemberRoles, listKey(id), nil, func(k, _ []byte) error {
		m, err := t.MemberByNumber(id, lastU32(k))
		if err != nil {
			return err
		}
		return f(m)
	})
}

// DigestReaders implements list.Reader. There may be as many as there are members, so one cursor finds them all.
func (t *txn) DigestReaders(id uint32, f func(list.Member) error) error {
	members := t.bucket(inMembers).Cursor()
	return t.walk(inDigestReaders, listKey(id), nil, func(k, domain []byte) error {
		n := lastU32(k)
		key := memberKey(id, string(domain), n)
		found, v := members.Seek(key)
		if !bytes.Equal(found, key) {
			return fmt.Errorf("store: member %d of list %d: %w", n, id, list.ErrNotFound)
		}
		b, err := unseal(inMembers, key, v)
		if err != nil {
			return err
		}
		m, err := decodeMember(b)
		if err != nil {
			return fmt.Errorf("store: member %d of list %d: %w", n, id, err)
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
	old, err := t.MemberByNumber(m.List, m.Number)
	switch {
	case errors.Is(err, list.ErrNotFound):
		row.Members++
		row.LastMember = max(row.LastMember, m.Number)
		err = t.putListRow(&row)
	case err == nil:
		err = t.moveMember(&old, &m)
	}
	if err == nil {
		err = t.indexMember(&old, &m)
	}
	if err != nil {
		return m, err
	}
	return m, t.put(inMembers, memberKey(m.List, domainOf(m.Address), m.Number), encodeMember(&m))
}

// moveMember takes the record of a member whose domain has changed out of its old place.
func (t *txn) moveMember(old, m *list.Member) error {
	from, to := domainOf(old.Address), domainOf(m.Address)
	if from == to {
		return nil
	}
	if err := t.delete(inMembers, memberKey(m.List, from, m.Number)); err != nil {
		return err
	}
	return t.moveCopies(m.List, m.Number, from, to)
}

// indexMember makes the indexes name a member as they are now; old is as they were, without an address for one who is new.
func (t *txn) indexMember(old, m *list.Member) error {
	was, is := addresses(old), addresses(m)
	for _, a := range was {
		if !slices.Contains(is, a) {
			if err := t.delete(inMemberAddresses, addressKey(m.List, a)); err != nil {
				return err
			}
		}
	}
	for _, a := range is {
		if slices.Contains(was, a) {
			continue
		}
		if taken, err := t.getU32(inMemberAddresses, addressKey(m.List, a)); err == nil && taken != m.Number {
			return fmt.Errorf("store: member %s of list %d: there is another member with this address", a, m.List)
		} else if err != nil && !errors.Is(err, list.ErrNotFound) {
			return err
		}
		if err := t.putU32(inMemberAddresses, addressKey(m.List, a), m.Number); err != nil {
			return err
		}
	}
	if len(was) == 0 || was[0] != is[0] {
		if err := t.put(inMemberNumbers, pairKey(m.List, m.Number), []byte(is[0])); err != nil {
			return err
		}
	}
	return errors.Join(t.indexRole(old, m), t.indexPause(old, m), t.indexDigest(old, m))
}

// indexRole keeps the index of those who have a role.
func (t *txn) indexRole(old, m *list.Member) error {
	switch k := pairKey(m.List, m.Number); {
	case m.HasRole() && !old.HasRole():
		return t.put(inMemberRoles, k, nil)
	case old.HasRole() && !m.HasRole():
		return t.delete(inMemberRoles, k)
	}
	return nil
}

// indexDigest keeps the index of those to whom digests go.
func (t *txn) indexDigest(old, m *list.Member) error {
	switch k := pairKey(m.List, m.Number); {
	case m.ReadsDigests() && (!old.ReadsDigests() || domainOf(old.Address) != domainOf(m.Address)):
		return t.put(inDigestReaders, k, []byte(domainOf(m.Address)))
	case old.ReadsDigests() && !m.ReadsDigests():
		return t.delete(inDigestReaders, k)
	}
	return nil
}

// indexPause keeps the index of the pauses that end by themselves.
func (t *txn) indexPause(old, m *list.Member) error {
	ended, had := old.PauseEnds()
	ends, has := m.PauseEnds()
	if had == has && ended.Equal(ends) {
		return nil
	}
	var err error
	if had {
		err = t.delete(inPauseEnds, pauseEndKey(ended, m.List, m.Number))
	}
	if has && err == nil {
		err = t.put(inPauseEnds, pauseEndKey(ends, m.List, m.Number), nil)
	}
	return err
}

// addresses are all that find a member, in lower case, each once, the one that mail goes to first; none for the zero Member.
func addresses(m *list.Member) []string {
	var all []string
	for _, a := range append([]string{m.Address}, m.Others...) {
		if a = list.FoldAddress(a); a != "" && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// PausesEnding implements list.Reader.
func (t *txn) PausesEnding(before time.Time, f func(list.Member) error) error {
	return t.walk(inPauseEnds, nil, nil, func(k, _ []byte) error {
		at, id, number, ok := splitPauseEndKey(k)
		if !ok {
			return fmt.Errorf("store: record %x of %s: %w", k, inPauseEnds, ErrCorrupt)
		}
		if at.After(before) {
			return list.ErrStop
		}
		m, err := t.MemberByNumber(id, number)
		if err != nil {
			return err
		}
		return f(m)
	})
}

// NextPauseEnd implements list.Reader.
func (t *txn) NextPauseEnd() (time.Time, bool) {
	k, ok := t.first(inPauseEnds, nil)
	if !ok {
		return time.Time{}, false
	}
	at, _, _, ok := splitPauseEndKey(k)
	return at, ok
}

// DeleteMember implements list.Tx. The address may be one of the others; list.ErrNotFound when there is no such member.
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
	err = errors.Join(
		t.putListRow(&row),
		t.delete(inMembers, memberKey(id, domainOf(m.Address), m.Number)),
		t.delete(inMemberNumbers, pairKey(id, m.Number)),
		t.deleteInterests(inMemberInterests, id, m.Number),
	)
	for _, a := range addresses(&m) {
		err = errors.Join(err, t.delete(inMemberAddresses, addressKey(id, a)))
	}
	if m.HasRole() {
		err = errors.Join(err, t.delete(inMemberRoles, pairKey(id, m.Number)))
	}
	if m.ReadsDigests() {
		err = errors.Join(err, t.delete(inDigestReaders, pairKey(id, m.Number)))
	}
	if ends, ok := m.PauseEnds(); ok {
		err = errors.Join(err, t.delete(inPauseEnds, pauseEndKey(ends, id, m.Number)))
	}
	return err
}
