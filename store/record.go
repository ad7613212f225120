package store

import (
	"convene/list"
	"encoding/binary"
)

// The numbers of the fields are those on disk: one that is gone is never used again.

// listRow is list.Record as it is kept.
type listRow struct{ list.Record }

func (r *listRow) encode() []byte {
	e := newEncoder(64)
	e.uint(1, uint64(r.ID))
	e.str(2, r.Address)
	e.flag(3, r.Closed)
	e.uint(4, uint64(r.Members))
	e.uint(5, uint64(r.Posts))
	e.uint(6, uint64(r.LastMember))
	e.uint(7, uint64(r.LastTopic))
	e.flag(8, r.Importing)
	return e.b
}

func (r *listRow) decode(b []byte) error {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			r.ID = d.u32()
		case 2:
			r.Address = d.str()
		case 3:
			r.Closed = d.flag()
		case 4:
			r.Members = d.u32()
		case 5:
			r.Posts = d.u32()
		case 6:
			r.LastMember = d.u32()
		case 7:
			r.LastTopic = d.u32()
		case 8:
			r.Importing = d.flag()
		}
	}
	return d.err
}

func encodeMember(m *list.Member) []byte {
	e := newEncoder(96)
	e.uint(1, uint64(m.List))
	e.uint(2, uint64(m.Number))
	e.str(3, m.Address)
	e.str(4, m.Name)
	e.str(5, string(m.Mode))
	e.str(6, string(m.State))
	e.str(7, string(m.Role))
	e.str(8, m.Language)
	e.str(9, m.Timezone)
	e.time(10, m.Joined)
	e.time(11, m.LastPost)
	e.uint(12, uint64(m.Posts))
	e.flag(13, m.Moderated)
	e.flag(14, m.Trusted)
	e.uint(15, uint64(m.Generation))
	e.time(16, m.PausedUntil)
	for _, a := range m.Others {
		e.always(17, a)
	}
	e.str(18, string(m.Own))
	e.flag(19, m.Follow)
	e.flag(20, m.NoDuplicates)
	e.flag(21, m.NoAttachments)
	e.flag(40, m.HTML)
	e.uint(41, uint64(m.DigestAt))
	e.uint(42, uint64(m.DigestFrom))
	e.flag(43, m.PrivateThanks)
	e.str(44, string(m.Quote))
	e.flag(50, m.Whole)
	e.uint(51, uint64(m.DigestUntil))
	e.time(52, m.PausedSince)
	e.uint(22, uint64(m.MaxSize))
	return e.b
}

func decodeMember(b []byte) (m list.Member, err error) {
	d := decoder{b: b, s: string(b)}
	for d.next() {
		switch d.num {
		case 1:
			m.List = d.u32()
		case 2:
			m.Number = d.u32()
		case 3:
			m.Address = d.str()
		case 4:
			m.Name = d.str()
		case 5:
			m.Mode = list.Mode(d.str())
		case 6:
			m.State = list.State(d.str())
		case 7:
			m.Role = list.Role(d.str())
		case 8:
			m.Language = d.str()
		case 9:
			m.Timezone = d.str()
		case 10:
			m.Joined = d.time()
		case 11:
			m.LastPost = d.time()
		case 12:
			m.Posts = d.u32()
		case 13:
			m.Moderated = d.flag()
		case 14:
			m.Trusted = d.flag()
		case 15:
			m.Generation = d.u32()
		case 16:
			m.PausedUntil = d.time()
		case 17:
			m.Others = append(m.Others, d.str())
		case 18:
			m.Own = list.Choice(d.str())
		default:
			decodeMemberRest(&d, &m)
		}
	}
	return m, d.err
}

func decodeMemberRest(d *decoder, m *list.Member) {
	switch d.num {
	case 19:
		m.Follow = d.flag()
	case 20:
		m.NoDuplicates = d.flag()
	case 21:
		m.NoAttachments = d.flag()
	case 40:
		m.HTML = d.flag()
	case 41:
		m.DigestAt = int(d.u32())
	case 42:
		m.DigestFrom = d.u32()
	case 43:
		m.PrivateThanks = d.flag()
	case 44:
		m.Quote = list.Quoting(d.str())
	case 50:
		m.Whole = d.flag()
	case 51:
		m.DigestUntil = d.u32()
	case 52:
		m.PausedSince = d.time()
	case 22:
		m.MaxSize = int64(d.u)
	}
}

func encodeTopic(t *list.Topic) []byte {
	e := newEncoder(128)
	e.uint(1, uint64(t.List))
	e.uint(2, uint64(t.ID))
	e.bytes(3, t.Root[:])
	e.str(4, t.Subject)
	e.str(5, t.Base)
	e.flag(6, t.Renamed)
	e.flag(7, t.Locked)
	e.flag(8, t.Held)
	e.uint(9, uint64(t.From))
	e.uint(10, uint64(t.Posts))
	e.time(11, t.First)
	e.time(12, t.Last)
	return e.b
}

func decodeTopic(b []byte) (t list.Topic, err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			t.List = d.u32()
		case 2:
			t.ID = d.u32()
		case 3:
			t.Root = d.id()
		case 4:
			t.Subject = d.str()
		case 5:
			t.Base = d.str()
		case 6:
			t.Renamed = d.flag()
		case 7:
			t.Locked = d.flag()
		case 8:
			t.Held = d.flag()
		case 9:
			t.From = d.u32()
		case 10:
			t.Posts = d.u32()
		case 11:
			t.First = d.time()
		case 12:
			t.Last = d.time()
		}
	}
	return t, d.err
}

func encodeNode(n *list.Node) []byte {
	e := newEncoder(64)
	e.bytes(1, n.ID[:])
	e.uint(2, uint64(n.Post))
	if n.Parent != (list.NodeID{}) {
		e.bytes(3, n.Parent[:])
	}
	e.uint(4, uint64(n.Rank))
	e.flag(5, n.Root)
	e.uint(6, uint64(n.Topic))
	return e.b
}

func decodeNode(b []byte) (n list.Node, err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			n.ID = d.id()
		case 2:
			n.Post = d.u32()
		case 3:
			n.Parent = d.id()
		case 4:
			n.Rank = d.u32()
		case 5:
			n.Root = d.flag()
		case 6:
			n.Topic = d.u32()
		}
	}
	return n, d.err
}

func encodeHeld(h *list.Held) []byte {
	e := newEncoder(640)
	e.uint(1, h.ID)
	e.message(2, 512, func(e *encoder) { putPost(e, &h.Post) })
	e.time(3, h.Expires)
	e.flag(4, h.Quiet)
	e.flag(5, h.Join)
	e.flag(6, h.Bundled)
	return e.b
}

func decodeHeld(b []byte) (h list.Held, err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			h.ID = d.u
		case 2:
			if h.Post, err = takePost(d.sub()); err != nil {
				return h, err
			}
		case 3:
			h.Expires = d.time()
		case 4:
			h.Quiet = d.flag()
		case 5:
			h.Join = d.flag()
		case 6:
			h.Bundled = d.flag()
		}
	}
	return h, d.err
}

func encodeBan(b *list.Ban) []byte {
	e := newEncoder(64)
	e.uint(1, uint64(b.List))
	e.str(2, b.Pattern)
	e.str(3, b.By)
	e.time(4, b.At)
	return e.b
}

func decodeBan(v []byte) (b list.Ban, err error) {
	d := newDecoder(v)
	for d.next() {
		switch d.num {
		case 1:
			b.List = d.u32()
		case 2:
			b.Pattern = d.str()
		case 3:
			b.By = d.str()
		case 4:
			b.At = d.time()
		}
	}
	return b, d.err
}

// outgoingRow is list.Outgoing with what the store keeps about it.
type outgoingRow struct {
	list.Outgoing
	reason  string // why it is poison
	dropped bool   // by command: whoever has no row and is in no range gets nothing
	// delivered is how many copies were, once it is done; before, progress has it.
	delivered uint64
}

func (o *outgoingRow) encode() []byte {
	e := newEncoder(512)
	e.uint(1, o.ID)
	e.uint(2, uint64(o.List))
	e.uint(3, uint64(o.Post))
	e.str(4, o.Address)
	e.message(5, 16, func(e *encoder) { putRef(e, o.Ref) })
	e.message(6, 256, func(e *encoder) { putStyle(e, &o.Style) })
	e.str(7, o.ReturnPath)
	e.flag(8, o.Forward)
	for _, r := range o.Recipients {
		e.always(9, r)
	}
	e.uint(10, uint64(o.MaxMember))
	e.str(11, o.Except)
	e.flag(12, o.EightBit)
	e.flag(13, o.UTF8)
	e.uint(14, uint64(o.Size))
	e.time(15, o.Accepted)
	e.str(16, string(o.State))
	e.str(17, o.reason)
	e.flag(18, o.dropped)
	e.uint(19, o.delivered)
	e.flag(20, o.Special)
	e.uint(30, uint64(o.Topic))
	e.flag(31, o.First)
	e.flag(32, o.Bare)
	for _, n := range o.Direct {
		e.uint(33, uint64(n))
	}
	for _, id := range o.Elsewhere {
		e.uint(34, id)
	}
	if o.Only != nil {
		e.always(35, string(encodeNumbers(o.Only)))
	}
	e.flag(36, o.Digest)
	e.str(37, o.Kind)
	return e.b
}

func (o *outgoingRow) decode(b []byte) (err error) {
	d := newDecoder(b)
	for d.next() {
		switch d.num {
		case 1:
			o.ID = d.u
		case 2:
			o.List = d.u32()
		case 3:
			o.Post = d.u32()
		case 4:
			o.Address = d.str()
		case 5:
			if o.Ref, err = takeRef(d.sub()); err != nil {
				return err
			}
		case 6:
			if o.Style, err = takeStyle(d.sub()); err != nil {
				return err
			}
		case 7:
			o.ReturnPath = d.str()
		case 8:
			o.Forward = d.flag()
		case 9:
			o.Recipients = append(o.Recipients, d.str())
		default:
			o.decodeRest(d)
		}
	}
	return d.err
}

func (o *outgoingRow) decodeRest(d *decoder) {
	switch d.num {
	case 10:
		o.MaxMember = d.u32()
	case 11:
		o.Except = d.str()
	case 12:
		o.EightBit = d.flag()
	case 13:
		o.UTF8 = d.flag()
	case 14:
		o.Size = int64(d.u)
	case 15:
		o.Accepted = d.time()
	case 16:
		o.State = list.OutState(d.str())
	case 17:
		o.reason = d.str()
	case 18:
		o.dropped = d.flag()
	case 19:
		o.delivered = d.u
	case 20:
		o.Special = d.flag()
	case 30:
		o.Topic = d.u32()
	case 31:
		o.First = d.flag()
	case 32:
		o.Bare = d.flag()
	case 33:
		o.Direct = append(o.Direct, d.u32())
	case 34:
		o.Elsewhere = append(o.Elsewhere, d.u)
	case 35:
		o.Only = decodeNumbers(d.bytes())
	case 36:
		o.Digest = d.flag()
	case 37:
		o.Kind = d.str()
	}
}

// encodeNumbers writes member numbers, in rising order, as the distances between them.
func encodeNumbers(all []uint32) []byte {
	b := make([]byte, 0, len(all))
	last := uint32(0)
	for _, n := range all {
		b = binary.AppendUvarint(b, uint64(n-last))
		last = n
	}
	return b
}

func decodeNumbers(b []byte) []uint32 {
	all, last := []uint32{}, uint32(0)
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 {
			break
		}
		last, b = last+uint32(d), b[n:]
		all = append(all, last)
	}
	return all
}
