package imap

import (
	"errors"
	"fmt"

	goimap "github.com/emersion/go-imap/v2"

	"convene/list"
	"convene/list/message"
)

// post is a message of a mailbox: its place, and what the store has of it.
type post struct {
	uid, seq uint32
	list.Post
	gone   bool          // it was removed, and the client does not know it yet
	looked bool          // Post is what the store has, if anything
	raw    []byte        // with its head; nil: not read
	card   *message.Card // nil: not made
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
