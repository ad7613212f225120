package storetest

import (
	"testing"
	"time"

	"convene/list"
)

func rulings(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	var first, second list.Held
	check(t, b.Update(func(tx list.Tx) (err error) {
		if first, err = tx.PutHeld(list.Held{Post: list.Post{List: rec.ID}, Expires: now.Add(time.Hour)}); err != nil {
			return err
		}
		second, err = tx.PutHeld(list.Held{Post: list.Post{List: rec.ID}, Expires: now.Add(time.Hour)})
		return err
	}))
	want := list.Ruling{Held: second.ID, List: rec.ID, What: list.RuledRejected, By: "amina@example.org", ByName: "Amina Ü", At: now, From: "a@b.example",
		Subject: "One", Expires: now.Add(time.Nanosecond)}
	if err := b.Update(func(tx list.Tx) error { return tx.PutRuling(want) }); err == nil {
		t.Error("a ruling on a post that waits")
	}
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteHeld(second.ID))
		check(t, tx.PutRuling(want))
	})
	view(t, b, func(r list.Reader) {
		equal(t, "the ruling", must[list.Ruling](t)(r.Ruling(second.ID)), want)
		_, err := r.Ruling(first.ID)
		isNotFound(t, "a ruling on what waits", err)
	})
	ids := func() (all []uint64) {
		view(t, b, func(r list.Reader) {
			check(t, r.Rulings(func(r list.Ruling) error { all = append(all, r.Held); return nil }))
		})
		return all
	}
	check(t, b.Prune(now))
	equalAll(t, "before they expire", ids(), []uint64{second.ID})
	check(t, b.Prune(want.Expires))
	equalAll(t, "when they expire", ids(), nil)
}
