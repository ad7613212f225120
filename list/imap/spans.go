package imap

import "sort"

// span is a run of UIDs that follow each other, first and last included; before is how many UIDs stand before it.
type span struct{ first, last, before uint32 }

// spans are UIDs in ascending order, in as few spans as they have. They are not changed once they are shared, so that a hundred sessions on one mailbox cost no more than one.
type spans []span

// count is how many UIDs there are.
func (s spans) count() uint32 {
	if len(s) == 0 {
		return 0
	}
	end := s[len(s)-1]
	return end.before + end.last - end.first + 1
}

// max is the highest UID; zero: there is none.
func (s spans) max() uint32 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].last
}

// add appends a UID, which must be higher than all others.
func (s spans) add(uid uint32) spans {
	if n := len(s); n > 0 && s[n-1].last+1 == uid {
		s[n-1].last = uid
		return s
	}
	return append(s, span{uid, uid, s.count()})
}

// at is the UID with a sequence number; zero: there is none.
func (s spans) at(seq uint32) uint32 {
	if seq == 0 || seq > s.count() {
		return 0
	}
	i := sort.Search(len(s), func(i int) bool { return s[i].before >= seq }) - 1
	return s[i].first + seq - 1 - s[i].before
}

// seq is the sequence number of a UID; zero: it is not there.
func (s spans) seq(uid uint32) uint32 {
	i := s.from(uid)
	if i == len(s) || uid < s[i].first {
		return 0
	}
	return s[i].before + uid - s[i].first + 1
}

// from is the index of the first span that has a UID of at least uid.
func (s spans) from(uid uint32) int {
	return sort.Search(len(s), func(i int) bool { return s[i].last >= uid })
}

// each calls f for every UID from first to last, with its sequence number, until f says that it is enough.
func (s spans) each(first, last uint32, f func(uid, seq uint32) bool) {
	for i := s.from(first); i < len(s) && s[i].first <= last; i++ {
		for uid := max(first, s[i].first); ; uid++ {
			if !f(uid, s[i].before+uid-s[i].first+1) {
				return
			}
			if uid == min(last, s[i].last) {
				break
			}
		}
	}
}

// behind are those of s that are higher than uid, behind head.
func (s spans) behind(uid uint32, head spans) spans {
	all := append(make(spans, 0, len(head)+4), head...)
	for i := s.from(uid + 1); i < len(s); i++ {
		first := max(s[i].first, uid+1)
		if n := len(all); n > 0 && all[n-1].last+1 == first {
			all[n-1].last = s[i].last
			continue
		}
		all = append(all, span{first, s[i].last, all.count()})
	}
	return all
}

// without is s but for some UIDs.
func (s spans) without(gone map[uint32]bool) spans {
	out := make(spans, 0, len(s)+len(gone))
	put := func(first, last uint32) {
		if first <= last {
			out = append(out, span{first, last, out.count()})
		}
	}
	for _, one := range s {
		first := one.first
		for _, uid := range sortedWithin(gone, one) {
			put(first, uid-1)
			first = uid + 1
		}
		put(first, one.last)
	}
	return out
}

func sortedWithin(uids map[uint32]bool, within span) []uint32 {
	var some []uint32
	for uid := range uids {
		if uid >= within.first && uid <= within.last {
			some = append(some, uid)
		}
	}
	sort.Slice(some, func(i, j int) bool { return some[i] < some[j] })
	return some
}

// lost are the sequence numbers in s of UIDs that now has not, the highest first: told in that order, none shifts another.
func (s spans) lost(now spans) []uint32 {
	var gone []uint32
	for i := len(s) - 1; i >= 0; i-- {
		one := s[i]
		j := now.from(one.first)
		if j < len(now) && now[j].first <= one.first && now[j].last >= one.last {
			continue // as nearly always
		}
		for uid := one.last; ; uid-- {
			if now.seq(uid) == 0 {
				gone = append(gone, one.before+uid-one.first+1)
			}
			if uid == one.first {
				break
			}
		}
	}
	return gone
}
