package storetest

import (
	"errors"
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

func erasing(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "a@example.org")
	var ref, light list.Ref
	var out list.Outgoing
	check(t, b.Keep([]byte("Subject: s\r\n\r\nwords\r\n"), func(tx list.Tx, r list.Ref) (err error) {
		p := post(rec.ID, "1@x", 0)
		p.Ref, ref = r, r
		p = must[list.Post](t)(tx.PutPost(p))
		check(t, tx.PutFiled(list.Filed{List: rec.ID, Post: p.Number, Files: []list.File{{Index: 1, Name: "a.pdf", Size: 5}}}))
		out, err = tx.Enqueue(list.Outgoing{List: rec.ID, Post: p.Number, Ref: r, Address: rec.Address, MaxMember: 1, Size: 9, Accepted: now})
		return err
	}))
	check(t, b.Keep([]byte("Subject: s\r\n\r\nw\r\n"), func(tx list.Tx, r list.Ref) error {
		light = r
		p := must[list.Post](t)(tx.Post(rec.ID, 1))
		p.Ref = r
		must[list.Post](t)(tx.PutPost(p))
		out.Ref, out.Size, out.State = r, 8, list.OutDone
		check(t, tx.PutOutgoing(out))
		check(t, tx.DeleteFiled(rec.ID, 1))
		check(t, tx.DeleteFiled(rec.ID, 7))
		return errors.Join(tx.Forget(ref), tx.Forget(list.Ref{}))
	}))
	check(t, b.Erase())
	_, err := b.Raw(ref)
	equal(t, "what was forgotten", errors.Is(err, list.ErrNotFound), true)
	equal(t, "what is instead of it", string(must[[]byte](t)(b.Raw(light))), "Subject: s\r\n\r\nw\r\n")
	view(t, b, func(r list.Reader) {
		got := must[list.Outgoing](t)(r.Outgoing(out.ID))
		equal(t, "content of its copies", fmt.Sprint(got.Ref, got.Size, got.State), fmt.Sprint(light, 8, list.OutWaiting))
		_, err := r.Filed(rec.ID, 1)
		equal(t, "in the library", errors.Is(err, list.ErrNotFound), true)
	})
	update(t, b, func(tx list.Tx) {
		check(t, tx.DropOutgoing(out.ID, now))
		check(t, tx.DropOutgoing(out.ID, now))
		check(t, tx.DropOutgoing(out.ID+7, now))
	})
	view(t, b, func(r list.Reader) {
		got := must[list.Outgoing](t)(r.Outgoing(out.ID))
		equal(t, "what is dropped", fmt.Sprint(got.Ref, got.State), fmt.Sprint(list.Ref{}, list.OutDone))
	})
	_, err = b.Raw(list.Ref{})
	equal(t, "nothing", errors.Is(err, list.ErrNotFound), true)
	if _, err := b.Raw(light); err != nil {
		t.Errorf("what a post names still: %v", err)
	}
}
