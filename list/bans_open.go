package list

import (
	"encoding/json"
	"errors"
	"fmt"
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
var entryPurposes = []Purpose{ForConfirm, ForAlso, ForInvite, ForJoin}

// endEntries spends the secrets of a list that a ban matches, and drops the notices that would make such.
func (e *Engine) endEntries(tx Tx, id uint32, b *Ban) error {
	var open []Secret
	for _, purpose := range entryPurposes {
		err := tx.SecretsFor(id, purpose, func(s Secret) error {
			matches, err := b.matchesEntry(&s)
			if matches && s.Spent == "" {
				open = append(open, s)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for i := range open {
		s := &open[i]
		said, err := e.saidBanned(tx, s)
		if err != nil {
			return err
		}
		s.Spent, s.Note = said, nil
		if err := tx.PutSecret(*s); err != nil {
			return err
		}
	}
	var notes []uint64
	err := tx.Notes(func(n Note) error {
		if n.Secret == nil || n.Secret.List != id {
			return nil
		}
		matches, err := b.matchesEntry(n.Secret)
		if matches {
			notes = append(notes, n.ID)
		}
		return err
	})
	for _, n := range notes {
		err = errors.Join(err, tx.DeleteNote(n))
	}
	return err
}

// matchesEntry reports whether a secret would let somebody in whom the ban keeps out.
func (b *Ban) matchesEntry(s *Secret) (bool, error) {
	switch s.Purpose {
	case ForConfirm, ForAlso, ForInvite:
		return b.Matches(s.Address), nil
	case ForJoin: // it is a moderator's
		var asked joinRequest
		if err := json.Unmarshal(s.Data, &asked); err != nil {
			return false, fmt.Errorf("list: request to join: %w", err)
		}
		return b.Matches(asked.Address), nil
	}
	return false, nil
}

// saidBanned is what whoever answers such a question is told: they are kept out, or of a moderator's, who is.
func (e *Engine) saidBanned(r Reader, s *Secret) (string, error) {
	rec, err := r.ListByID(s.List)
	if err != nil {
		return "", err
	}
	l, ok := e.Site().List(rec.Address)
	if !ok { // nobody answers anything there
		return "banned", nil
	}
	if s.Purpose == ForJoin {
		var asked joinRequest
		if err := json.Unmarshal(s.Data, &asked); err != nil {
			return "", fmt.Errorf("list: request to join: %w", err)
		}
		return e.Site().Texts.phrase("join-barred", []string{l.Language}, map[string]string{"from": person{Address: asked.Address, Name: asked.Name}.String()})
	}
	return e.Site().Texts.phrase("join-banned", []string{l.Language}, map[string]string{"owner": l.Word("owner")})
}
