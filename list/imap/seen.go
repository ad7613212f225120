package imap

import (
	"slices"
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list"
)

// has reports whether a UID is among them.
func (s spans) has(uid uint32) bool { return s.seq(uid) != 0 }

// change is s with other UIDs, or without them.
func (s spans) change(other spans, with bool) spans {
	type edge struct {
		at    uint64
		step  int
		other bool
	}
	var edges []edge
	for i, all := range []spans{s, other} {
		for _, one := range all {
			edges = append(edges, edge{uint64(one.first), 1, i == 1}, edge{uint64(one.last) + 1, -1, i == 1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return int(min(1, max(-1, int64(a.at)-int64(b.at)))) })
	var out spans
	mine, theirs, open := 0, 0, false
	var first uint64
	for i, e := range edges {
		if e.other {
			theirs += e.step
		} else {
			mine += e.step
		}
		if i+1 < len(edges) && edges[i+1].at == e.at {
			continue
		}
		in := mine > 0 && theirs == 0 || with && mine+theirs > 0
		if in && !open {
			first = e.at
		} else if !in && open {
			out = append(out, span{uint32(first), uint32(e.at - 1), out.count()})
		}
		open = in
	}
	return out
}

// encode writes spans as the list keeps what a member has read.
func (s spans) encode() []byte {
	runs := make(list.Runs, len(s))
	for i, one := range s {
		runs[i] = list.Run{First: one.first, Last: one.last}
	}
	return runs.Encode()
}

// decodeSpans reads what encode wrote; what cannot be read is as if it were not there.
func decodeSpans(b []byte) (s spans) {
	for _, one := range list.DecodeRuns(b) {
		s = append(s, span{one.First, one.Last, s.count()})
	}
	return s
}

// mayMark reports whether what was read is written down for this session.
func (v *view) mayMark() bool { return v.Member != 0 && !v.readOnly }

// mark writes down that messages were read, or were not.
func (s *session) mark(uids spans, read bool) error {
	if len(uids) == 0 {
		return nil
	}
	v := s.view
	err := s.server.Rights.ChangeSeen(v.Mailbox, func(was []byte) []byte {
		v.seen = decodeSpans(was).change(uids, read)
		return v.seen.encode()
	})
	if err != nil {
		return s.trouble("marking what was read", err)
	}
	return nil
}

// refresh reads what was read in other sessions, and returns the sequence numbers of messages of which the client is to be told that.
func (s *session) refresh() (changed []uint32, err error) {
	v := s.view
	if v.Member == 0 {
		return nil, nil
	}
	now, err := s.server.Rights.Seen(v.Mailbox)
	if err != nil {
		return nil, s.trouble("what was read", err)
	}
	was, is := v.seen, decodeSpans(now)
	if slices.Equal(was, is) {
		return nil, nil
	}
	v.seen = is
	for _, differ := range []spans{was.change(is, false), is.change(was, false)} {
		for _, one := range differ {
			v.known.each(one.first, one.last, func(_, seq uint32) bool {
				changed = append(changed, seq)
				return len(changed) < mostTold
			})
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// mostTold is of how many messages a client is told that they were read elsewhere: of more it hears when it asks.
const mostTold = 2000

// flags are those of a message.
func (v *view) flags(uid uint32) []goimap.Flag {
	if v.seen.has(uid) {
		return []goimap.Flag{goimap.FlagSeen}
	}
	return nil
}

// unseen is how many messages were not read, and the sequence number of the first of them; zero: there is none.
func (v *view) unseen() (count, first uint32) {
	left := v.known.change(v.seen, false)
	if len(left) == 0 {
		return 0, 0
	}
	return left.count(), v.known.seq(left[0].first)
}

// Store implements imapserver.Session: what a member has read is written down, and nothing else is changed.
func (s *session) Store(w *imapserver.FetchWriter, set goimap.NumSet, f *goimap.StoreFlags, _ *goimap.StoreOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.still(); err != nil {
		return err
	}
	v := s.view
	seen := false
	for _, flag := range f.Flags {
		if !strings.EqualFold(string(flag), string(goimap.FlagSeen)) {
			return errReadOnly
		}
		seen = true
	}
	if !v.mayMark() {
		return errReadOnly
	}
	var uids spans
	var told []place
	v.named(set, func(uid, seq uint32) bool {
		uids = uids.add(uid)
		told = append(told, place{uid, seq})
		return true
	})
	switch {
	case !seen && f.Op != goimap.StoreFlagsSet: // nothing to add, or to take away
		return nil
	default:
		if err := s.mark(uids, seen && f.Op != goimap.StoreFlagsDel); err != nil {
			return err
		}
	}
	for _, p := range told {
		if f.Silent {
			break
		}
		m := w.CreateMessage(p.seq)
		m.WriteUID(goimap.UID(p.uid))
		m.WriteFlags(v.flags(p.uid))
		if err := m.Close(); err != nil {
			return err
		}
	}
	return nil
}
