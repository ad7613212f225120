package storetest

import (
	"errors"
	"fmt"
	"testing"

	"convene/list"
)

func files(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	other := addMembers(t, b, "others@example.org")
	put := func(id, number uint32, hidden bool, all ...list.File) {
		t.Helper()
		update(t, b, func(tx list.Tx) {
			p := post(id, fmt.Sprintf("%d@x", number), 0)
			p.Number = number
			must[list.Post](t)(tx.PutPost(p))
			if len(all) > 0 {
				check(t, tx.PutFiled(list.Filed{List: id, Post: number, Hidden: hidden, Files: all}))
			}
		})
	}
	pdf := list.File{Index: 1, Name: "Übersicht 2026.pdf", Media: "application/pdf", Size: 300_000}
	for n := range uint32(5) {
		put(rec.ID, n+1, n == 3, pdf, list.File{Index: int(n) + 2, Name: "a", Media: "image/png", Size: 1 << 40})
	}
	put(rec.ID, 6, false)
	put(other.ID, 1, false, pdf)
	latest := func(id, before uint32, most int) (numbers []uint32) {
		view(t, b, func(r list.Reader) {
			check(t, r.FiledPosts(id, before, func(f list.Filed) error {
				if numbers = append(numbers, f.Post); len(numbers) == most {
					return list.ErrStop
				}
				return nil
			}))
		})
		return numbers
	}
	equal(t, "all", fmt.Sprint(latest(rec.ID, 0, 0)), "[5 4 3 2 1]")
	equal(t, "before the third", fmt.Sprint(latest(rec.ID, 3, 0)), "[2 1]")
	equal(t, "before what is not there", fmt.Sprint(latest(rec.ID, 77, 2)), "[5 4]")
	equal(t, "before the first", fmt.Sprint(latest(rec.ID, 1, 0)), "[]")
	equal(t, "of another list", fmt.Sprint(latest(other.ID, 0, 0)), "[1]")
	view(t, b, func(r list.Reader) {
		equal(t, "one of them", fmt.Sprintf("%+v", must[list.Filed](t)(r.Filed(rec.ID, 4))),
			fmt.Sprintf("%+v", list.Filed{List: rec.ID, Post: 4, Hidden: true, Files: []list.File{pdf, {Index: 5, Name: "a", Media: "image/png", Size: 1 << 40}}}))
		_, err := r.Filed(rec.ID, 6)
		equal(t, "a post without files", errors.Is(err, list.ErrNotFound), true)
	})
}
