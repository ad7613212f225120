package imap

import goimap "github.com/emersion/go-imap/v2"

// wants is what has to be known of messages.
type wants struct {
	record    bool // what the store has of them
	card      bool
	structure bool // in the card
}

// batches calls f for the messages of a set, some at a time, with what is wanted of them.
func (s *session) batches(set goimap.NumSet, w wants, f func([]post) error) (err error) {
	v := s.view
	if v == nil {
		return errNoSuch
	}
	if v.Address != "" {
		if err := v.box.follow(s.server.Store); err != nil {
			return s.trouble("mailbox", err)
		}
	}
	now := v.box.now()
	batch := make([]post, 0, min(fetchAtOnce, v.known.count()))
	flush := func() error {
		if w.record {
			if err := s.look(batch); err != nil {
				return err
			}
		}
		if w.card {
			s.cards(batch, w.structure)
		}
		err := f(batch)
		batch = batch[:0]
		return err
	}
	v.named(set, func(uid, seq uint32) bool {
		batch = append(batch, post{uid: uid, seq: seq, gone: !now.uids.has(uid)})
		if len(batch) == fetchAtOnce {
			err = flush()
		}
		return err == nil
	})
	if err == nil && len(batch) > 0 {
		err = flush()
	}
	return err
}
