package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"convene/list"
)

// unjudged returns "outgoing number address" of what is to be judged.
func unjudged(t *testing.T, b Backend) (all []string) {
	t.Helper()
	check(t, b.Fold())
	view(t, b, func(r list.Reader) {
		check(t, r.Unjudged(func(f list.Failure) error {
			all = append(all, fmt.Sprintf("%d %d %s %s", f.Outgoing, f.Number, f.Address, f.Status))
			return nil
		}))
	})
	return all
}

// enqueue puts one into the outbox.
func enqueue(t *testing.T, b Backend, o list.Outgoing) (out list.Outgoing) {
	t.Helper()
	update(t, b, func(tx list.Tx) { out = must[list.Outgoing](t)(tx.Enqueue(o)) })
	return out
}

// failuresToJudge: every copy that failed is judged once, those of notices, too.
func failuresToJudge(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "eve@c.example")
	post := enqueue(t, b, list.Outgoing{List: rec.ID, Post: 1, MaxMember: 3, Accepted: now})
	notice := enqueue(t, b, list.Outgoing{List: rec.ID, Recipients: []string{"amina@d.example"}, ReturnPath: "peers+bounce@example.org", Accepted: now})
	enqueue(t, b, list.Outgoing{Recipients: []string{"admin@d.example"}, Accepted: now})
	noted(b)
	equal(t, "at first", len(unjudged(t, b)), 0)
	settleEach(t, b, now, map[string]list.Outcome{"ann@a.example": list.Failed, "bob@b.example": list.Deferred, "amina@d.example": list.Failed, "admin@d.example": list.Failed})
	want := []string{fmt.Sprintf("%d 1 ann@a.example 550 failed", post.ID), fmt.Sprintf("%d 1 amina@d.example 550 failed", notice.ID)}
	equalAll(t, "what failed, the site's own notices aside", unjudged(t, b), want)
	equal(t, "heard of it", noted(b), true)
	view(t, b, func(r list.Reader) {
		for n, lost := range map[uint32]bool{1: true, 2: true, 3: false} {
			equal(t, fmt.Sprintf("copy %d did not arrive", n), must[bool](t)(r.Undelivered(post.ID, n)), lost)
		}
	})
	settleEach(t, b, now.Add(2*time.Hour), map[string]list.Outcome{"bob@b.example": list.Failed})
	want = slices.Insert(want, 1, fmt.Sprintf("%d 2 bob@b.example 550 failed", post.ID))
	equalAll(t, "and what failed later", unjudged(t, b), want)
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteUnjudged(list.Failure{Outgoing: post.ID, Number: 1})) })
	equalAll(t, "one is judged", unjudged(t, b), want[1:])
	check(t, b.Prune(now.Add(40*24*time.Hour)))
	equal(t, "in the end all is forgotten", len(unjudged(t, b)), 0)
}

func addressStates(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	state := func(address string) (s list.AddressState, err error) {
		view(t, b, func(r list.Reader) { s, err = r.AddressState(address) })
		return s, err
	}
	due := func(at time.Time) (all []string) {
		view(t, b, func(r list.Reader) {
			check(t, r.AddressesDue(at, func(s list.AddressState) error { all = append(all, s.Address); return nil }))
		})
		return all
	}
	next := func() (at time.Time, ok bool) {
		view(t, b, func(r list.Reader) { at, ok = r.NextAddressDue() })
		return at, ok
	}
	_, err := state("ann@a.example")
	isNotFound(t, "nothing known", err)
	if _, ok := next(); ok {
		t.Error("something is due")
	}
	full := list.AddressState{Address: "Ann@A.example", State: list.Bouncing, Since: now, Days: []list.BounceDay{{Day: now, List: rec.ID, Hard: true}, {Day: now.Add(time.Hour), List: 2}},
		List: rec.ID, Status: "550 no", Probes: []list.Probe{{Sent: now, Failed: true, Outgoing: 7}, {Sent: now.Add(time.Hour)}}, Complaints: []uint32{2, 5}, Due: now.Add(time.Hour)}
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutAddressState(full))
		check(t, tx.PutAddressState(list.AddressState{Address: "bob@b.example", State: list.Active, Due: now}))
		check(t, tx.PutAddressState(list.AddressState{Address: "eve@c.example", State: list.Disabled}))
	})
	got, err := state("ANN@a.example")
	check(t, err)
	full.Address = "ann@a.example"
	equal(t, "as it was put", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", full))
	equalAll(t, "due", due(now.Add(time.Hour)), []string{"bob@b.example", "ann@a.example"})
	equalAll(t, "due before", due(now), []string{"bob@b.example"})
	if at, ok := next(); !ok || !at.Equal(now) {
		t.Errorf("next due %v", at)
	}
	full.Due = now.Add(-time.Hour)
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutAddressState(full))
		check(t, tx.DeleteAddressState("bob@B.example"))
		check(t, tx.DeleteAddressState("bob@B.example"))
	})
	equalAll(t, "due after a change", due(now.Add(time.Hour)), []string{"ann@a.example"})
	_, err = state("bob@b.example")
	isNotFound(t, "deleted", err)
}

func addressChanges(t *testing.T, b Backend) {
	one, two := addMembers(t, b, "peers@example.org"), addMembers(t, b, "news@example.org")
	all := []list.AddressChange{
		{List: one.ID, At: now, Address: "Ann@a.example", What: list.ChangeBouncing, Why: "550 no"},
		{List: one.ID, At: now, Address: "bob@b.example", What: list.ChangeBack},
		{List: one.ID, At: now.Add(time.Hour), Address: "Ann@a.example", What: list.ChangeBack},
		{List: two.ID, At: now.Add(-time.Hour), Address: "Ann@a.example", What: list.ChangeComplaint},
	}
	noted(b)
	update(t, b, func(tx list.Tx) {
		for i := len(all) - 1; i >= 0; i-- {
			check(t, tx.PutChange(all[i]))
		}
	})
	equal(t, "heard of it", noted(b), true)
	of := func(id uint32) (found []list.AddressChange) {
		view(t, b, func(r list.Reader) {
			check(t, r.Changes(id, func(c list.AddressChange) error { found = append(found, c); return nil }))
		})
		return found
	}
	first := func() (found []string) {
		view(t, b, func(r list.Reader) {
			check(t, r.FirstChanges(func(id uint32, at time.Time) error { found = append(found, fmt.Sprint(id, at.Sub(now))); return nil }))
		})
		return found
	}
	equalAll(t, "by time, then address", of(one.ID), all[:3])
	equalAll(t, "of another list", of(two.ID), all[3:])
	equalAll(t, "the first of each", first(), []string{fmt.Sprint(one.ID, time.Duration(0)), fmt.Sprint(two.ID, -time.Hour)})
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteChange(all[0]))
		check(t, tx.DeleteChange(all[3]))
	})
	equalAll(t, "one told", of(one.ID), all[1:3])
	equalAll(t, "and the first of what is left", first(), []string{fmt.Sprint(one.ID, time.Duration(0))})
}
