package storetest

import (
	"fmt"
	"testing"
	"time"

	"convene/list"
)

func otherAddresses(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	put := func(change func(*list.Member)) error {
		return b.Update(func(tx list.Tx) error {
			m, err := tx.Member(rec.ID, "ann@a.example")
			if err != nil {
				return err
			}
			change(&m)
			_, err = tx.PutMember(m)
			return err
		})
	}
	found := func(address string, want bool) {
		t.Helper()
		view(t, b, func(r list.Reader) {
			m, err := r.Member(rec.ID, address)
			if want {
				check(t, err)
				equal(t, address, m.Number, uint32(1))
				return
			}
			isNotFound(t, address, err)
		})
	}
	check(t, put(func(m *list.Member) { m.Others = []string{"Ann@Work.example", "ann2@a.example", "ANN@a.example"} }))
	found("ann@WORK.example", true)
	found("ANN2@a.example", true)
	found("ann@a.example", true)
	view(t, b, func(r list.Reader) {
		equal(t, "one member with three addresses", must[list.Record](t)(r.List(rec.Address)).Members, uint32(2))
		n := 0
		check(t, r.Members(rec.ID, func(list.Member) error { n++; return nil }))
		equal(t, "walked once", n, 2)
	})
	if put(func(m *list.Member) { m.Others = append(m.Others, "bob@b.example") }) == nil {
		t.Error("another member's address was taken")
	}
	check(t, put(func(m *list.Member) { m.Others = []string{"ann2@a.example"} }))
	found("ann@work.example", false)
	check(t, put(func(m *list.Member) { m.Address, m.Others = "ann2@a.example", nil }))
	found("ann@a.example", false)
	found("ann2@a.example", true)
	update(t, b, func(tx list.Tx) {
		m := must[list.Member](t)(tx.Member(rec.ID, "ann2@a.example"))
		m.Others = []string{"ann@other.example"}
		must[list.Member](t)(tx.PutMember(m))
		check(t, tx.DeleteMember(rec.ID, "ann@other.example"))
	})
	found("ann2@a.example", false)
	found("ann@other.example", false)
}

func pauseEnds(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@c.example")
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	set := func(address string, state list.State, until time.Time) {
		t.Helper()
		update(t, b, func(tx list.Tx) {
			m := must[list.Member](t)(tx.Member(rec.ID, address))
			m.State, m.PausedUntil = state, until
			must[list.Member](t)(tx.PutMember(m))
		})
	}
	ending := func(before time.Time) (all []string) {
		view(t, b, func(r list.Reader) {
			check(t, r.PausesEnding(before, func(m list.Member) error { all = append(all, m.Address); return nil }))
		})
		return all
	}
	set("ann@a.example", list.Paused, start.Add(48*time.Hour))
	set("bob@b.example", list.Paused, start.Add(24*time.Hour))
	set("cid@c.example", list.Paused, time.Time{})
	equal(t, "none ends before", ending(start.Add(24*time.Hour-1)), nil)
	equal(t, "one at its very time", ending(start.Add(24*time.Hour)), []string{"bob@b.example"})
	equal(t, "the earliest first", ending(start.Add(72*time.Hour)), []string{"bob@b.example", "ann@a.example"})
	view(t, b, func(r list.Reader) {
		at, ok := r.NextPauseEnd()
		equal(t, "the next", ok && at.Equal(start.Add(24*time.Hour)), true)
	})
	set("bob@b.example", list.Paused, start.Add(96*time.Hour))
	equal(t, "one that was put off", ending(start.Add(72*time.Hour)), []string{"ann@a.example"})
	set("ann@a.example", list.Active, start.Add(48*time.Hour))
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteMember(rec.ID, "bob@b.example")) })
	equal(t, "who is back, or gone, is not there", ending(start.Add(1000*time.Hour)), nil)
	view(t, b, func(r list.Reader) {
		_, ok := r.NextPauseEnd()
		equal(t, "nothing to come", ok, false)
	})
}

func digestReaders(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@c.example")
	addMembers(t, b, "others@example.org", "eve@a.example")
	readers := func() (all []string) {
		view(t, b, func(r list.Reader) {
			check(t, r.DigestReaders(rec.ID, func(m list.Member) error { all = append(all, m.Address); return nil }))
		})
		return all
	}
	equal(t, "none", readers(), nil)
	change(t, b, rec, "cid@c.example", func(m *list.Member) { m.Mode, m.Whole, m.DigestFrom = list.ModeDigest, true, 7 })
	change(t, b, rec, "ann@a.example", func(m *list.Member) { m.Mode, m.PausedSince = list.ModeDigest, now })
	equal(t, "by number", readers(), []string{"ann@a.example", "cid@c.example"})
	change(t, b, rec, "cid@c.example", func(m *list.Member) { m.Mode, m.DigestUntil = list.ModeEach, 9 })
	change(t, b, rec, "ann@a.example", func(m *list.Member) { m.Mode = list.ModeSummary })
	change(t, b, rec, "cid@c.example", func(m *list.Member) { m.Address = "cid@d.example" })
	change(t, b, rec, "cid@d.example", func(m *list.Member) { m.Address = "cid@c.example" })
	equal(t, "who is owed a last one", readers(), []string{"cid@c.example"})
	view(t, b, func(r list.Reader) {
		m := must[list.Member](t)(r.Member(rec.ID, "cid@c.example"))
		equal(t, "what is kept", fmt.Sprint(m.Whole, m.DigestFrom, m.DigestUntil), "true 7 9")
		equal(t, "since when", must[list.Member](t)(r.Member(rec.ID, "ann@a.example")).PausedSince.Equal(now), true)
	})
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteMember(rec.ID, "cid@c.example")) })
	equal(t, "who has left", readers(), nil)
}
