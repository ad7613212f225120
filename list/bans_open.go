package list

import (
	"errors"
	"slices"
)

// isBanned reports whether any of these addresses is kept out of a list.
func isBanned(r Reader, list uint32, addresses ...string) (banned bool, err error) {
	err = r.Bans(list, func(b Ban) error {
		for _, a := range addresses {
			if a != "" && b.Matches(a) {
				banned = true
				return ErrStop
			}
		}
		return nil
	})
	return banned, err
}

// ban keeps whom a pattern matches out, and ends whatever would still let them in: questions, invitations and requests to join that are open. An owner
// may add them nevertheless.
func (e *Engine) ban(tx Tx, b Ban) error {
	if err := tx.PutBan(b); err != nil {
		return err
	}
	lists := []uint32{b.List}
	if b.List == 0 {
		lists = nil
		if err := tx.Lists(func(rec Record) error { lists = append(lists, rec.ID); return nil }); err != nil {
			return err
		}
	}
	for _, id := range lists {
		if err := e.endEntries(tx, id, &b); err != nil {
			return err
		}
	}
	return nil
}

// entryPurposes are what secrets that let somebody in are for.
var entryPurposes = []Purpose{ForConfirm, ForAlso, ForInvite, ForBack}

// endEntries spends the secrets of a list that a ban matches, drops the notices that would make such, and ends the requests to join.
func (e *Engine) endEntries(tx Tx, id uint32, b *Ban) error {
	var open []Secret
	for _, purpose := range entryPurposes {
		err := tx.SecretsFor(id, purpose, func(s Secret) error {
			if s.Spent == "" && b.Matches(s.Address) {
				open = append(open, s)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	said, err := e.saidBanned(tx, id)
	if err != nil {
		return err
	}
	for _, s := range open {
		s.Spent, s.Note = said, nil
		if err := tx.PutSecret(s); err != nil {
			return err
		}
	}
	var notes []uint64
	err = tx.Notes(func(n Note) error {
		if s := n.Secret; s != nil && s.List == id && slices.Contains(entryPurposes, s.Purpose) && b.Matches(s.Address) {
			notes = append(notes, n.ID)
		}
		return nil
	})
	for _, n := range notes {
		err = errors.Join(err, tx.DeleteNote(n))
	}
	if err != nil {
		return err
	}
	return e.endRequests(tx, id, b)
}

// endRequests ends the requests to join that wait for a moderator.
func (e *Engine) endRequests(tx Tx, id uint32, b *Ban) error {
	var requests []Held
	err := tx.HeldPosts(id, func(h Held) error {
		if h.Join && b.Matches(h.Post.From) {
			requests = append(requests, h)
		}
		return nil
	})
	for _, h := range requests {
		err = errors.Join(err, tx.DeleteHeld(h.ID), e.conclude(tx, nil, &Ruling{Held: h.ID, List: id, What: RuledBanned, By: b.By, At: b.At, From: h.Post.From,
			Subject: h.Post.Subject, Expires: h.Expires.Add(rulingKept)}, b.At))
	}
	return err
}

// saidBanned is what whoever answers such a question is told.
func (e *Engine) saidBanned(r Reader, id uint32) (string, error) {
	rec, err := r.ListByID(id)
	if err != nil {
		return "", err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok { // nobody answers anything there
		return "banned", nil
	}
	return e.Site().Texts.phrase("join-banned", []string{l.Language}, map[string]string{"owner": l.Word("owner")})
}
