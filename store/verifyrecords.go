package store

import (
	"bytes"
	"slices"
	"strings"

	"convene/list"
)

// recordCheck checks one record against its key and the other buckets.
type recordCheck func(k, rec []byte) error

// checks are the checks of each bucket's records; nil: the checksum is all. members is for counting those of each list.
func (v *verifier) checks(members map[uint32]uint32) (all [buckets]recordCheck) {
	v.checkMembers(&all, members)
	v.checkPosts(&all)
	v.checkHeld(&all)
	v.checkQueue(&all)
	v.checkMarks(&all)
	v.checkAddresses(&all)
	v.checkNotes(&all)
	return all
}

func (v *verifier) checkMembers(all *[buckets]recordCheck, members map[uint32]uint32) {
	all[inLists] = func(k, rec []byte) error {
		var r listRow
		if err := r.decode(rec); err != nil {
			return err
		}
		id, err := v.getU32(inListNames, []byte(strings.ToLower(r.Address)))
		return same(id == r.ID && bytes.Equal(k, listKey(r.ID)), err)
	}
	all[inListNames] = func(k, _ []byte) error {
		r, err := v.List(string(k))
		return same(strings.EqualFold(r.Address, string(k)), err)
	}
	all[inMembers] = func(k, rec []byte) error {
		m, err := decodeMember(rec)
		if err != nil || !bytes.Equal(k, memberKey(m.List, domainOf(m.Address), m.Number)) {
			return same(false, err)
		}
		members[m.List]++
		for _, address := range addresses(&m) {
			n, err := v.getU32(inMemberAddresses, addressKey(m.List, address))
			if err != nil || n != m.Number {
				return same(false, err)
			}
		}
		if m.HasRole() != v.has(inMemberRoles, pairKey(m.List, m.Number)) || m.ReadsDigests() != v.has(inDigestReaders, pairKey(m.List, m.Number)) {
			return same(false, nil)
		}
		if ends, ok := m.PauseEnds(); ok && !v.has(inPauseEnds, pauseEndKey(ends, m.List, m.Number)) {
			return same(false, nil)
		}
		a, err := v.get(inMemberNumbers, pairKey(m.List, m.Number))
		return same(string(a) == list.FoldAddress(m.Address), err)
	}
	all[inMemberAddresses] = func(k, _ []byte) error {
		m, err := v.Member(u32At(k), string(k[4:]))
		return same(slices.Contains(addresses(&m), string(k[4:])), err)
	}
	all[inMemberRoles] = func(k, _ []byte) error {
		m, err := v.MemberByNumber(u32At(k), lastU32(k))
		return same(m.HasRole() && len(k) == 8, err)
	}
	all[inDigestReaders] = func(k, domain []byte) error {
		m, err := v.MemberByNumber(u32At(k), lastU32(k))
		return same(m.ReadsDigests() && len(k) == 8 && domainOf(m.Address) == string(domain), err)
	}
	all[inPauseEnds] = func(k, _ []byte) error {
		at, list, number, ok := splitPauseEndKey(k)
		if !ok {
			return same(false, nil)
		}
		m, err := v.MemberByNumber(list, number)
		ends, paused := m.PauseEnds()
		return same(paused && ends.Equal(at), err)
	}
	v.checkInterests(all)
	all[inMemberNumbers] = func(k, rec []byte) error {
		m, err := v.MemberByNumber(u32At(k), lastU32(k))
		return same(list.FoldAddress(m.Address) == string(rec), err)
	}
}

func (v *verifier) checkInterests(all *[buckets]recordCheck) {
	all[inInterests] = func(k, rec []byte) error {
		if said := list.Interest(rec); len(k) != 12 || said != list.Muted && said != list.Followed {
			return errIndex
		}
		id, topic, member := u32At(k), u32At(k[4:]), lastU32(k)
		return same(v.has(inMemberInterests, pairKey(id, member).u32(topic)) && v.has(inTopics, pairKey(id, topic)) &&
			v.has(inMemberNumbers, pairKey(id, member)), nil)
	}
	all[inMemberInterests] = func(k, _ []byte) error {
		return same(len(k) == 12 && v.has(inInterests, interestKey(u32At(k), lastU32(k), u32At(k[4:]))), nil)
	}
}

func (v *verifier) checkPosts(all *[buckets]recordCheck) {
	all[inPosts] = func(k, rec []byte) error {
		p, err := decodePost(rec)
		if err != nil || !bytes.Equal(k, pairKey(p.List, p.Number)) {
			return same(false, err)
		}
		return same(p.Topic == 0 || v.has(inTopicPosts, pairKey(p.List, p.Topic).u32(p.Number)) && v.has(inTopics, pairKey(p.List, p.Topic)), nil)
	}
	all[inFiled] = func(k, rec []byte) error {
		f, err := decodeFiled(rec)
		return same(bytes.Equal(k, filedKey(f.List, f.Post)) && len(f.Files) > 0 && v.has(inPosts, pairKey(f.List, f.Post)), err)
	}
	all[inRemovals] = func(k, rec []byte) error {
		r, err := decodeRemoval(rec)
		return same(bytes.Equal(k, outKey(r.Seq)) && v.has(inPosts, pairKey(r.List, r.Post)), err)
	}
	all[inForgotten] = func(k, _ []byte) error {
		_, ok := splitForgottenKey(k)
		return same(ok, nil)
	}
	all[inPapers] = func(k, _ []byte) error {
		if u32At(k) == 0 { // the site's
			return same(len(k) > 4, nil)
		}
		_, err := v.ListByID(u32At(k))
		return same(len(k) > 4, err)
	}
	all[inTopics] = func(k, rec []byte) error {
		t, err := decodeTopic(rec)
		return same(bytes.Equal(k, pairKey(t.List, t.ID)) && v.has(inTopicActivity, activityKey(t.List, t.Last, t.ID)) &&
			(t.Base == "" || v.has(inTopicSubjects, subjectKey(t.List, t.Base, t.Last, t.ID))), err)
	}
	all[inTopicActivity] = func(k, _ []byte) error {
		t, err := v.Topic(u32At(k), ^lastU32(k))
		return same(bytes.Equal(k, activityKey(t.List, t.Last, t.ID)), err)
	}
	all[inTopicSubjects] = func(k, _ []byte) error {
		t, err := v.Topic(u32At(k), ^lastU32(k))
		return same(bytes.Equal(k, subjectKey(t.List, t.Base, t.Last, t.ID)), err)
	}
	all[inTopicPosts] = func(k, _ []byte) error {
		p, err := v.Post(u32At(k), lastU32(k))
		return same(bytes.Equal(k, pairKey(p.List, p.Topic).u32(p.Number)), err)
	}
	all[inNodes] = func(k, rec []byte) error {
		n, err := decodeNode(rec)
		return same(n.ID == nodeAt(k) && (n.Topic == 0 || v.has(inTopicNodes, pairKey(u32At(k), n.Topic).id(n.ID))), err)
	}
	all[inTopicNodes] = func(k, _ []byte) error {
		n, err := v.Node(u32At(k), nodeAt(k))
		return same(bytes.Equal(k, pairKey(u32At(k), n.Topic).id(n.ID)), err)
	}
}

func (v *verifier) checkHeld(all *[buckets]recordCheck) {
	all[inHeld] = func(k, rec []byte) error {
		h, err := decodeHeld(rec)
		return same(bytes.Equal(k, outKey(h.ID)) && v.has(inHeldLists, listKey(h.Post.List).u64(h.ID)) &&
			(h.Expires.IsZero() || v.has(inHeldExpiry, newKey().time(h.Expires).u64(h.ID))), err)
	}
	all[inHeldLists] = func(k, _ []byte) error {
		h, err := v.Held(u64At(k[4:]))
		return same(h.Post.List == u32At(k), err)
	}
	all[inHeldExpiry] = func(k, _ []byte) error {
		h, err := v.Held(u64At(k[8:]))
		return same(bytes.Equal(k, newKey().time(h.Expires).u64(h.ID)), err)
	}
	all[inRulings] = func(k, rec []byte) error {
		r, err := decodeRuling(rec)
		return same(bytes.Equal(k, outKey(r.Held)) && !v.has(inHeld, k), err)
	}
	all[inBans] = func(k, rec []byte) error {
		b, err := decodeBan(rec)
		return same(bytes.Equal(k, listKey(b.List).str(b.Pattern)), err)
	}
}

func (v *verifier) checkQueue(all *[buckets]recordCheck) {
	all[inOutgoing] = v.outgoing
	all[inWaiting] = func(k, rec []byte) error {
		if _, err := decodeProgress(rec); err != nil {
			return err
		}
		o, err := v.outgoingRow(u64At(k))
		return same(o.State != list.OutDone, err)
	}
	all[inSettled] = func(_, rec []byte) error {
		_, err := takeSettled(newDecoder(rec))
		return err
	}
	all[inDeferred] = func(k, rec []byte) error {
		c, err := takeCopy(newDecoder(rec))
		return same(c.number == lastU32(k) && v.has(inDue, dueKey(c.due, u64At(k), c.number)) && v.has(inWaiting, k[:8]), err)
	}
	all[inDue] = func(k, _ []byte) error {
		_, outgoing, number, ok := splitDueKey(k)
		return same(ok && v.has(inDeferred, copyKey(outgoing, number)), nil)
	}
	all[inFailed] = func(k, rec []byte) error {
		c, err := takeCopy(newDecoder(rec))
		return same(c.number == lastU32(k), err)
	}
	all[inUntold] = func(k, _ []byte) error {
		f, ok := splitUntoldKey(k)
		if !ok {
			return same(false, nil)
		}
		rec, err := v.get(inFailed, copyKey(f.Outgoing, f.Number))
		if err != nil {
			return err
		}
		c, err := takeCopy(newDecoder(rec))
		if err != nil {
			return err
		}
		o, err := v.outgoingRow(f.Outgoing)
		return same(c.at.Equal(f.At) && c.outcome == list.Failed && o.List == f.List, err)
	}
	all[inTold] = func(_, rec []byte) error { return same(len(rec) == 8, nil) }
	all[inDone] = func(k, _ []byte) error {
		o, err := v.outgoingRow(u64At(k[8:]))
		return same(o.State == list.OutDone, err)
	}
}

func (v *verifier) checkMarks(all *[buckets]recordCheck) {
	all[inKeys] = func(k, rec []byte) error {
		m, err := decodeMarkKey(rec)
		return same(bytes.Equal(k, listKey(uint32(m.ID))), err)
	}
	all[inReports] = func(k, rec []byte) error {
		r, err := decodeReport(rec)
		return same(bytes.Equal(k, reportKey(r.List, r.Post, r.Member, r.Number)) &&
			v.has(inReportAges, reportAgeKey(r.Arrived, r.List, r.Post, r.Member, r.Number)), err)
	}
	all[inReportAges] = func(k, _ []byte) error {
		if len(k) != 24 {
			return errIndex
		}
		rec, err := v.get(inReports, k[8:])
		if err != nil {
			return err
		}
		r, err := decodeReport(rec)
		return same(bytes.Equal(k, reportAgeKey(r.Arrived, r.List, r.Post, r.Member, r.Number)), err)
	}
}

func (v *verifier) checkAddresses(all *[buckets]recordCheck) {
	all[inUnjudged] = func(k, _ []byte) error {
		rec, err := v.get(inFailed, k)
		if err != nil {
			return err
		}
		c, err := takeCopy(newDecoder(rec))
		return same(c.number == lastU32(k) && c.outcome == list.Failed, err)
	}
	all[inAddresses] = func(k, rec []byte) error {
		s, err := decodeAddressState(rec)
		return same(bytes.Equal(k, stateKey(s.Address)) && (s.Due.IsZero() || v.has(inAddressDue, addressDueKey(&s))), err)
	}
	all[inAddressDue] = func(k, _ []byte) error {
		if len(k) <= 8 {
			return errIndex
		}
		s, err := v.AddressState(string(k[8:]))
		return same(bytes.Equal(k, addressDueKey(&s)), err)
	}
	all[inChanges] = func(k, rec []byte) error {
		c, err := decodeAddressChange(rec)
		return same(bytes.Equal(k, changeKey(&c)), err)
	}
}

func (v *verifier) checkNotes(all *[buckets]recordCheck) {
	all[inNotes] = func(k, rec []byte) error {
		n, err := decodeNote(rec)
		return same(bytes.Equal(k, outKey(n.ID)), err)
	}
	all[inSecrets] = func(k, rec []byte) error {
		s, err := decodeSecret(rec)
		return same(bytes.Equal(k, s.Hash[:]) && v.has(inSecretSubjects, secretSubjectKey(&s)) && v.has(inSecretExpiry, secretExpiryKey(&s)), err)
	}
	all[inSecretSubjects] = func(k, _ []byte) error {
		s, err := v.Secret(hashAt(k))
		return same(bytes.Equal(k, secretSubjectKey(&s)), err)
	}
	all[inSecretExpiry] = func(k, _ []byte) error {
		s, err := v.Secret(hashAt(k))
		return same(bytes.Equal(k, secretExpiryKey(&s)), err)
	}
	all[inAsked] = func(_, rec []byte) error {
		_, err := decodeAsked(rec)
		return err
	}
}

func (v *verifier) outgoing(k, rec []byte) error {
	var o outgoingRow
	if err := o.decode(rec); err != nil {
		return err
	}
	return same(bytes.Equal(k, outKey(o.ID)) && v.has(inWaiting, k) == (o.State != list.OutDone), nil)
}
