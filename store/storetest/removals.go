package storetest

import (
	"fmt"
	"testing"
	"time"

	"convene/list"
)

func removals(t *testing.T, b Backend) {
	rec, other := addMembers(t, b, "peers@example.org"), addMembers(t, b, "others@example.org")
	told, stop := b.Watch()
	heard := func() bool {
		select {
		case <-told:
			return true
		default:
			return false
		}
	}
	equal(t, "told before anything", heard(), false)
	put := func(r list.Removal) {
		t.Helper()
		update(t, b, func(tx list.Tx) {
			p := post(r.List, fmt.Sprintf("%d.%d@x", r.List, r.Post), 0)
			p.Head, p.UID, p.Removed = "List-Id: <peers.example.org>\r\n", r.UID, r.At
			p = must[list.Post](t)(tx.PutPost(p))
			equal(t, "post", must[list.Post](t)(tx.Post(p.List, p.Number)), p)
			put := must[list.Removal](t)(tx.PutRemoval(r))
			if put.Seq == 0 {
				t.Error("a removal without a Seq")
			}
		})
	}
	put(list.Removal{List: rec.ID, Post: 1, UID: 7, At: now.Add(1 * time.Hour), By: "owner@example.org", Reason: "asked by its author"})
	equal(t, "told of the first", heard(), true)
	equal(t, "told twice", heard(), false)
	put(list.Removal{List: other.ID, Post: 1, UID: 1, At: now.Add(2 * time.Hour), By: "command", Attachments: true})
	put(list.Removal{List: rec.ID, Post: 2, UID: 9, At: now.Add(3 * time.Hour)})
	equal(t, "told once of two", fmt.Sprint(heard(), heard()), "true false")
	update(t, b, func(tx list.Tx) {
		_, err := tx.PutTopic(list.Topic{List: rec.ID, Subject: "s", Base: "s"})
		check(t, err)
	})
	equal(t, "told of what is no post", heard(), false)
	stop()
	put(list.Removal{List: rec.ID, Post: 3, UID: 10, At: now.Add(4 * time.Hour)})
	equal(t, "told after it stopped", heard(), false)
	view(t, b, func(r list.Reader) {
		var all []list.Removal
		check(t, r.Removals(0, func(r list.Removal) error { all = append(all, r); return nil }))
		equal(t, "how many", len(all), 4)
		equal(t, "the second", all[1], list.Removal{Seq: all[1].Seq, List: other.ID, Post: 1, UID: 1, At: now.Add(2 * time.Hour), By: "command", Attachments: true})
		var later []uint32
		check(t, r.Removals(all[1].Seq, func(r list.Removal) error { later = append(later, r.UID); return nil }))
		equal(t, "after the second", fmt.Sprint(later), "[9 10]")
	})
}
