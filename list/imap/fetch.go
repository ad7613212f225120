package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list"
	"convene/list/message"
)

// fetchAtOnce is how many messages are looked up in one transaction: it ends before anything is sent.
const fetchAtOnce = 200

// post is a message of a mailbox: its place, and what the store has of it.
type post struct {
	uid, seq uint32
	list.Post
	gone   bool          // it was removed, and the client does not know it yet
	looked bool          // Post is what the store has, if anything
	raw    []byte        // with its head; nil: not read
	card   *message.Card // nil: not made
}

// Fetch implements imapserver.Session.
func (s *session) Fetch(w *imapserver.FetchWriter, set goimap.NumSet, o *goimap.FetchOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.still(); err != nil {
		return err
	}
	missing, marks := false, s.view != nil && s.view.mayMark() && reads(o)
	sections := len(o.BodySection)+len(o.BinarySection)+len(o.BinarySectionSize) > 0
	need := wants{record: o.InternalDate || o.RFC822Size || sections, card: o.Envelope || o.BodyStructure != nil, structure: o.BodyStructure != nil}
	err := s.batches(set, need, func(batch []post) error {
		if marks {
			if err := s.markBatch(batch, o); err != nil {
				return err
			}
		}
		for i := range batch {
			if err := s.fetchOne(w, &batch[i], o); errors.Is(err, list.ErrNotFound) {
				missing = true
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && missing { // RFC 5530: the client has not been told yet
		err = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: "EXPUNGEISSUED", Text: "Some messages are not there any more"}
	}
	return err
}

// reads reports whether what is asked for makes a message one that was read.
func reads(o *goimap.FetchOptions) bool {
	for _, b := range o.BodySection {
		if !b.Peek {
			return true
		}
	}
	for _, b := range o.BinarySection {
		if !b.Peek {
			return true
		}
	}
	return false
}

// markBatch marks messages as read. The client is told, whether it asked or not.
func (s *session) markBatch(batch []post, o *goimap.FetchOptions) error {
	var unread spans
	for i := range batch {
		if !s.view.seen.has(batch[i].uid) {
			unread = unread.add(batch[i].uid)
		}
	}
	if len(unread) > 0 {
		o.Flags = true
	}
	return s.mark(unread, true)
}

// look reads what the store has of messages. Of one that is gone nothing is there.
func (s *session) look(batch []post) error {
	v := s.view
	now := v.box.now()
	err := s.server.Store.View(func(r list.Reader) error {
		for i := range batch {
			batch[i].looked = true
			p, err := r.Post(v.List, now.number(batch[i].uid))
			if errors.Is(err, list.ErrNotFound) || err == nil && (!p.Shown() || p.MailboxUID() != batch[i].uid) {
				continue
			} else if err != nil {
				return err
			}
			batch[i].Post = p
		}
		return nil
	})
	if err != nil {
		return s.trouble("posts", err)
	}
	return nil
}

// read reads a message: its head, and what was stored.
func (s *session) read(p *post) ([]byte, error) {
	if !p.looked {
		one := []post{*p}
		if err := s.look(one); err != nil {
			return nil, err
		}
		*p = one[0]
	}
	if p.Number == 0 {
		return nil, list.ErrNotFound
	}
	if p.raw == nil {
		raw, err := s.server.Store.Raw(p.Ref)
		if err != nil {
			return nil, s.trouble(fmt.Sprintf("post %d", p.Number), err)
		}
		if p.raw = raw; p.Head != "" {
			p.raw = append([]byte(p.Head), raw...)
		}
	}
	return p.raw, nil
}

// cardOf is the card of a message, made now where none is kept: moments after it came.
func (s *session) cardOf(p *post) (*message.Card, error) {
	if p.card != nil {
		return p.card, nil
	}
	raw, err := s.read(p)
	if err != nil {
		return nil, err
	}
	card := message.Parse(raw).Card()
	p.card = &card
	return p.card, nil
}

// cards reads those cards of a batch that are kept. What goes wrong there costs time alone.
func (s *session) cards(batch []post, structure bool) {
	if s.server.Cards == nil {
		return
	}
	uids := make([]uint32, len(batch))
	for i := range batch {
		uids[i] = batch[i].uid
	}
	err := s.server.Cards.Cards(s.view.List, uids, func(i int, b []byte) error {
		card, err := message.DecodeCard(b, structure)
		if err == nil {
			batch[i].card = &card
		}
		return err
	})
	if err != nil {
		s.server.Log.Warn("imap: cards of posts", "error", err)
	}
}

// size is the size of all messages of a mailbox (RFC 8438).
func (s *session) size(v *view) (size int64, err error) {
	held := s.view
	s.view = v
	defer func() { s.view = held }()
	var all goimap.UIDSet
	all.AddRange(1, 0)
	err = s.batches(all, wants{record: true}, func(batch []post) error {
		for i := range batch {
			size += batch[i].size()
		}
		return nil
	})
	return size, err
}

// size is that of the message as it is served.
func (p *post) size() int64 { return int64(len(p.Head)) + int64(p.Ref.Length) }

// fetchOne tells what was asked of one message. It is all found out before anything is said.
func (s *session) fetchOne(w *imapserver.FetchWriter, p *post, o *goimap.FetchOptions) error {
	var pieces [][]byte
	var err error
	if p.gone || p.looked && p.Number == 0 {
		return list.ErrNotFound
	}
	if o.Envelope || o.BodyStructure != nil {
		if _, err = s.cardOf(p); err != nil {
			return err
		}
	}
	if len(o.BodySection)+len(o.BinarySection)+len(o.BinarySectionSize) > 0 {
		if pieces, err = s.pieces(p, o); err != nil {
			return err
		}
	}
	if partialBinary(o) {
		s.conn.out.begin("", func(response []byte) {
			s.conn.out.say(string(origins(response, o.BinarySection, pieces[len(o.BodySection):])))
		})
		defer s.conn.out.settle()
	}
	m := w.CreateMessage(p.seq)
	if o.UID {
		m.WriteUID(goimap.UID(p.uid))
	}
	if o.Flags {
		m.WriteFlags(s.view.flags(p.uid))
	}
	if o.InternalDate {
		m.WriteInternalDate(p.Arrived.UTC())
	}
	if o.RFC822Size {
		m.WriteRFC822Size(p.size())
	}
	if o.Envelope {
		m.WriteEnvelope(envelopeOf(&p.card.Envelope))
	}
	if o.BodyStructure != nil {
		m.WriteBodyStructure(structureOf(&p.card.Structure))
	}
	writePieces(m, o, pieces)
	return m.Close()
}

// pieces are the sections that were asked for, in their order; those that are not there are empty.
func (s *session) pieces(p *post, o *goimap.FetchOptions) ([][]byte, error) {
	raw, err := s.read(p)
	if err != nil {
		return nil, err
	}
	all := message.Parse(raw).Sections()
	var out [][]byte
	for _, b := range o.BodySection {
		want := message.Section{Part: b.Part, What: string(b.Specifier), Fields: b.HeaderFields}
		if len(b.HeaderFieldsNot) > 0 {
			want.Fields, want.Not = b.HeaderFieldsNot, true
		}
		found, _ := all.Find(want)
		out = append(out, partial(found, b.Partial))
	}
	for _, b := range o.BinarySection {
		found, ok := all.Decoded(b.Part)
		if !ok {
			return nil, errUnknownCTE
		}
		out = append(out, partial(found, b.Partial))
	}
	for _, b := range o.BinarySectionSize {
		found, ok := all.Decoded(b.Part)
		if !ok {
			return nil, errUnknownCTE
		}
		out = append(out, found)
	}
	return out, nil
}

var errUnknownCTE = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeUnknownCTE, Text: "There is no such part, or it cannot be decoded"}

// partial is a range of a piece; what is beyond its end is empty.
func partial(b []byte, p *goimap.SectionPartial) []byte {
	if p == nil {
		return b
	}
	if p.Offset < 0 || p.Size < 0 || p.Offset >= int64(len(b)) {
		return nil
	}
	return b[p.Offset:][:min(p.Size, int64(len(b))-p.Offset)]
}

// writePieces writes the sections; the decoded ones stand last (origins).
func writePieces(m *imapserver.FetchResponseWriter, o *goimap.FetchOptions, pieces [][]byte) {
	put := func(w io.WriteCloser, piece []byte) {
		_, _ = w.Write(piece) // an error shows at the end
		_ = w.Close()
	}
	bodies, binaries := len(o.BodySection), len(o.BodySection)+len(o.BinarySection)
	for i, b := range o.BodySection {
		put(m.WriteBodySection(b, int64(len(pieces[i]))), pieces[i])
	}
	for i, b := range o.BinarySectionSize {
		m.WriteBinarySectionSize(b, uint32(len(pieces[binaries+i])))
	}
	for i, b := range o.BinarySection {
		put(m.WriteBinarySection(b, int64(len(pieces[bodies+i]))), pieces[bodies+i])
	}
}

// origins puts into a response what go-imap leaves out: where a part of a decoded section begins (RFC 3516 §4.3). It goes from the end back, since what the sections hold may be
// anything, and how long each is is known.
func origins(response []byte, binary []*goimap.FetchItemBinarySection, pieces [][]byte) []byte {
	end := len(response) - len(")\r\n")
	for i := len(binary) - 1; i >= 0 && end > 0; i-- {
		size := fmt.Sprintf(" ~{%d}\r\n", len(pieces[i]))
		end -= len(pieces[i]) + len(size)
		if end < 0 || !bytes.HasPrefix(response[end:], []byte(size)) {
			return response // as it was
		}
		if p := binary[i].Partial; p != nil {
			response = slices.Insert(response, end, fmt.Appendf(nil, "<%d>", p.Offset)...)
		}
		end = bytes.LastIndex(response[:end], []byte("BINARY[")) - 1
	}
	return response
}

// partialBinary reports whether part of a decoded section is asked for.
func partialBinary(o *goimap.FetchOptions) bool {
	return slices.ContainsFunc(o.BinarySection, func(b *goimap.FetchItemBinarySection) bool { return b.Partial != nil })
}
