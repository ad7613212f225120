package imap

import (
	goimap "github.com/emersion/go-imap/v2"
)

// named calls f for every message of the view that a set names, once, in order, until f says that it is enough. Names of messages that are not there count for nothing.
func (v *view) named(set goimap.NumSet, each func(uid, seq uint32) bool) {
	last := uint32(0)
	f := func(uid, seq uint32) bool {
		if uid <= last { // "5,*"
			return true
		}
		last = uid
		return each(uid, seq)
	}
	if goimap.IsSearchRes(set) {
		for _, uid := range v.found {
			if seq := v.known.seq(uid); seq != 0 && !f(uid, seq) {
				return
			}
		}
		return
	}
	switch set := set.(type) {
	case goimap.UIDSet:
		for _, r := range set {
			if !v.within(uint32(r.Start), uint32(r.Stop), v.known.max(), f) {
				return
			}
		}
	case goimap.SeqSet:
		n := v.known.count()
		for _, r := range set {
			first, last := order(r.Start, r.Stop, n)
			if first = max(first, 1); first > n {
				continue
			}
			if !v.within(v.known.at(first), v.known.at(min(last, n)), v.known.max(), f) {
				return
			}
		}
	}
}

func (v *view) within(first, last, highest uint32, f func(uid, seq uint32) bool) bool {
	more := true
	first, last = order(first, last, highest)
	v.known.each(max(first, 1), last, func(uid, seq uint32) bool { more = f(uid, seq); return more })
	return more
}

// order reads a range in which zero stands for the highest number that there is (RFC 9051 §9, seq-range).
func order(first, last, highest uint32) (uint32, uint32) {
	if first == 0 {
		first = highest
	}
	if last == 0 {
		last = highest
	}
	if first > last {
		first, last = last, first
	}
	return first, last
}
