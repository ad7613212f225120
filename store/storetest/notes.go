package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"convene/list"
)

// noted reports whether Noted has something.
func noted(b Backend) bool {
	select {
	case <-b.Noted():
		return true
	default:
		return false
	}
}

// fullNote has something in every field.
func fullNote(id uint32) list.Note {
	return list.Note{List: id, Text: "held", To: "ann@a.example", ToName: "Ann Å", Language: "fr", Values: map[string]string{"subject": "One\nTwo", "from": "", "é": "x"},
		Secret:   &list.Secret{Purpose: list.ForHeld, List: id, Address: "ann@a.example", Subject: 7, Data: []byte{0, 1}, Expires: now.Add(time.Hour)},
		Enclosed: list.Ref{Segment: 1, Offset: 7, Length: 9}, InReplyTo: "a@x", Thread: "b@x", MessageID: "c@x", Answers: true, ReturnPath: "bounce@x", Created: now}
}

// noteText is all that a note says, in one line.
func noteText(n list.Note) string {
	secret := n.Secret
	n.Secret = nil
	return fmt.Sprintf("%+v %+v", n, secret)
}

func notes(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	ids := func() (all []uint64) {
		view(t, b, func(r list.Reader) {
			check(t, r.Notes(func(n list.Note) error { all = append(all, n.ID); return nil }))
		})
		return all
	}
	equal(t, "at first", len(ids()), 0)
	equal(t, "heard of nothing", noted(b), false)
	var full list.Note
	check(t, b.Keep([]byte("enclosed"), func(tx list.Tx, ref list.Ref) (err error) {
		n := fullNote(rec.ID)
		n.Enclosed = ref
		full, err = tx.PutNote(n)
		return err
	}))
	equal(t, "the first id", full.ID, 1)
	equal(t, "heard of it", noted(b), true)
	equal(t, "heard of it once", noted(b), false)
	update(t, b, func(tx list.Tx) {
		for i := range uint64(3) {
			equal(t, "id", must[list.Note](t)(tx.PutNote(list.Note{Text: "welcome", To: "bob@b.example"})).ID, i+2)
		}
	})
	equal(t, "heard of three", noted(b), true)
	equal(t, "heard of three once", noted(b), false)
	equalAll(t, "by id", ids(), []uint64{1, 2, 3, 4})
	view(t, b, func(r list.Reader) {
		check(t, r.Notes(func(n list.Note) error {
			equal(t, "as it was put", noteText(n), noteText(full))
			return list.ErrStop
		}))
	})

	failed := errors.New("failed")
	if err := b.Update(func(tx list.Tx) error { _, err := tx.PutNote(list.Note{Text: "lost"}); return errors.Join(err, failed) }); !errors.Is(err, failed) {
		t.Error(err)
	}
	equal(t, "heard of what was undone", noted(b), false)
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteNote(2))
		isNotFound(t, "deleted twice", tx.DeleteNote(2))
		full.Text, full.Secret = "late", nil
		equal(t, "replaced", noteText(must[list.Note](t)(tx.PutNote(full))), noteText(full))
	})
	equalAll(t, "after one was sent", ids(), []uint64{1, 3, 4})
	update(t, b, func(tx list.Tx) {
		check(t, tx.Notes(func(n list.Note) error { return tx.DeleteNote(n.ID) }))
	})
	equal(t, "after all were", len(ids()), 0)
	noted(b)
	update(t, b, func(tx list.Tx) {
		equal(t, "ids are not used again", must[list.Note](t)(tx.PutNote(list.Note{Text: "welcome"})).ID, 5)
	})
}

func secrets(t *testing.T, b Backend) {
	one, two := addMembers(t, b, "peers@example.org"), addMembers(t, b, "news@example.org")
	secret := func(hash byte, id uint32, purpose list.Purpose, subject uint64, expires time.Time) list.Secret {
		return list.Secret{Hash: [32]byte{hash, 31: 1}, Purpose: purpose, List: id, Address: "ann@a.example", Subject: subject, Expires: expires}
	}
	note := fullNote(one.ID)
	note.Secret = nil
	first := secret(1, one.ID, list.ForHeld, 7, now.Add(2*time.Hour))
	first.Data, first.Spent, first.Note = []byte("what"), "approved by Ann", &note
	all := []list.Secret{first, secret(2, one.ID, list.ForHeld, 7, now), secret(3, one.ID, list.ForHeld, 7<<8, now), secret(4, two.ID, list.ForHeld, 7, now),
		secret(5, one.ID, list.ForConfirm, 7, now.Add(time.Hour)), secret(6, one.ID, "heldx", 7, now)}
	update(t, b, func(tx list.Tx) {
		for _, s := range all {
			check(t, tx.PutSecret(s))
		}
		if err := tx.PutSecret(list.Secret{Purpose: list.ForHeld}); err == nil {
			t.Error("a secret without a hash was kept")
		}
	})
	of := func(purpose list.Purpose, subject uint64) (hashes []byte) {
		view(t, b, func(r list.Reader) {
			check(t, r.SecretsOf(one.ID, purpose, subject, func(s list.Secret) error { hashes = append(hashes, s.Hash[0]); return nil }))
		})
		return hashes
	}
	equalAll(t, "of one held post", of(list.ForHeld, 7), []byte{1, 2})
	equalAll(t, "of another", of(list.ForHeld, 7<<8), []byte{3})
	equalAll(t, "of another purpose", of(list.ForConfirm, 7), []byte{5})
	equalAll(t, "of a purpose that begins alike", of("heldx", 7), []byte{6})
	equalAll(t, "of none", of(list.ForProbe, 7), nil)
	view(t, b, func(r list.Reader) {
		var hashes []byte
		check(t, r.SecretsFor(one.ID, list.ForHeld, func(s list.Secret) error { hashes = append(hashes, s.Hash[0]); return nil }))
		equalAll(t, "of one purpose", hashes, []byte{1, 2, 3})
	})
	view(t, b, func(r list.Reader) {
		got := must[list.Secret](t)(r.Secret(first.Hash))
		equal(t, "its notice", noteText(*got.Note), noteText(note))
		got.Note, first.Note = nil, nil
		equal(t, "as it was put", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", first))
		_, err := r.Secret([32]byte{9})
		isNotFound(t, "another hash", err)
	})
	update(t, b, func(tx list.Tx) {
		moved := secret(2, one.ID, list.ForHeld, 7<<8, now.Add(3*time.Hour))
		check(t, tx.PutSecret(moved))
		check(t, tx.DeleteSecret(all[3].Hash))
		isNotFound(t, "deleted twice", tx.DeleteSecret(all[3].Hash))
		check(t, tx.SecretsOf(one.ID, list.ForHeld, 7, func(s list.Secret) error { s.Spent = "discarded"; return tx.PutSecret(s) }))
		equal(t, "spent while they are read", must[list.Secret](t)(tx.Secret(first.Hash)).Spent, "discarded")
	})
	equalAll(t, "after one moved", of(list.ForHeld, 7), []byte{1})
	equalAll(t, "to where it moved", of(list.ForHeld, 7<<8), []byte{2, 3})
	left := func() (all []byte) {
		for hash := range byte(10) {
			view(t, b, func(r list.Reader) {
				if _, err := r.Secret([32]byte{hash, 31: 1}); err == nil {
					all = append(all, hash)
				}
			})
		}
		return all
	}
	check(t, b.Prune(now.Add(-1)))
	equalAll(t, "before they expire", left(), []byte{1, 2, 3, 5, 6})
	check(t, b.Prune(now))
	equalAll(t, "two have expired", left(), []byte{1, 2, 5})
	check(t, b.Prune(now.Add(150*time.Minute)))
	equalAll(t, "two more", left(), []byte{2})
	update(t, b, func(tx list.Tx) {
		for i := range 1200 {
			check(t, tx.PutSecret(list.Secret{Hash: [32]byte{100, byte(i), byte(i >> 8)}, Purpose: list.ForConfirm, Expires: now}))
		}
	})
	check(t, b.Prune(now.Add(4*time.Hour)))
	equal(t, "many are forgotten at once", len(left())+len(of(list.ForConfirm, 0)), 0)
}

func asked(t *testing.T, b Backend) {
	told := func(address string) (all []list.Asking) {
		view(t, b, func(r list.Reader) { all = must[[]list.Asking](t)(r.Asked(address)) })
		return all
	}
	equalAll(t, "at first", told("ann@a.example"), nil)
	ann := []list.Asking{{List: 1, At: now.Add(-time.Hour)}, {List: 2, At: now}}
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutAsked("Ann@A.example", ann))
		check(t, tx.PutAsked("bob@b.example", ann[:1]))
		equalAll(t, "within the transaction", must[[]list.Asking](t)(tx.Asked("ANN@a.example")), ann)
	})
	equalAll(t, "afterwards", told("ann@a.example"), ann)
	check(t, b.Prune(now.Add(24*time.Hour-time.Second)))
	equalAll(t, "within a day of the last", told("ann@a.example"), ann)
	equalAll(t, "a day after the last", told("bob@b.example"), nil)
	update(t, b, func(tx list.Tx) { check(t, tx.PutAsked("ann@a.example", ann[1:])) })
	equalAll(t, "replaced", told("ann@a.example"), ann[1:])
	update(t, b, func(tx list.Tx) { check(t, tx.PutAsked("ann@a.example", nil)) })
	equalAll(t, "taken back", told("ann@a.example"), nil)
}
