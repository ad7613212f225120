package imap

import (
	"errors"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"convene/list"
)

// fetchAtOnce is how many messages are looked up in one transaction: it ends before anything is sent.
const fetchAtOnce = 200

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
	if _, bySeq := set.(goimap.SeqSet); err == nil && missing && bySeq { // RFC 5530: the client has not been told yet; by UID it counts for nothing (RFC 9051 §6.4.9)
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
