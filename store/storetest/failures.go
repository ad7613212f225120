package storetest

import (
	"fmt"
	"testing"
	"time"

	"convene/list"
)

// untold returns "list number address status" of what owners are to be told, over all lists, some at a time.
func untold(t *testing.T, b Backend, some int) (all []string) {
	t.Helper()
	check(t, b.Fold())
	view(t, b, func(r list.Reader) {
		check(t, r.FirstFailures(func(id uint32, first time.Time) error {
			var last list.Failure
			for more := true; more; {
				n := 0
				more = false
				check(t, r.Failures(id, last, func(f list.Failure) error {
					if len(all) == 0 || f.List != last.List {
						if last == (list.Failure{}) && !f.At.Equal(first) {
							t.Errorf("list %d begins at %v, not %v", id, f.At, first)
						}
					} else if f.At.Before(last.At) {
						t.Errorf("%v comes after %v", f.At, last.At)
					}
					all = append(all, fmt.Sprintf("%d %d %s %s", f.List, f.Number, f.Address, f.Status))
					last = f
					if n++; n == some {
						more = true
						return list.ErrStop
					}
					return nil
				}))
			}
			return nil
		}))
	})
	return all
}

// settleEach settles all that is due at a time; outcome says how, by address.
func settleEach(t *testing.T, b Backend, at time.Time, outcome map[string]list.Outcome) {
	t.Helper()
	for _, c := range claimAll(t, b, at, perDomain, 50) {
		all := results(c, list.Delivered, at.Add(time.Hour))
		for i := range all {
			if o, ok := outcome[all[i].Address]; ok {
				all[i].Outcome, all[i].Status = o, "550 "+string(o)
			}
		}
		check(t, b.Settle(at, c.ID, all))
	}
}

func tally(t *testing.T, b Backend, out uint64) (n list.Tally) {
	t.Helper()
	check(t, b.Fold())
	view(t, b, func(r list.Reader) { n = must[list.Tally](t)(r.Tally(out)) })
	return n
}

func failures(t *testing.T, b Backend) {
	peers := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example", "dan@d.example")
	other := addMembers(t, b, "other@example.org", "eve@e.example")
	fate := map[string]list.Outcome{"ann@a.example": list.Failed, "bob@b.example": list.Deferred, "cid@a.example": list.Dropped, "eve@e.example": list.Failed,
		"owner@o.example": list.Failed}
	first := send(t, b, peers, nil)
	settleEach(t, b, now, fate)
	equal(t, "while one is deferred", tally(t, b, first.ID), list.Tally{Delivered: 1, Failed: 1, Deferred: 1})
	fate["bob@b.example"] = list.Failed
	settleEach(t, b, now.Add(2*time.Hour), fate)
	equal(t, "when all is done", tally(t, b, first.ID), list.Tally{Delivered: 1, Failed: 2})
	if !done(t, b, first.ID) {
		t.Error("not done")
	}
	send(t, b, other, nil)
	// Mail to people is nobody's to be told of, nor what is no post, nor what belongs to no list.
	send(t, b, peers, func(o *list.Outgoing) { o.Recipients, o.Post = []string{"owner@o.example"}, 0 })
	send(t, b, peers, func(o *list.Outgoing) { o.Recipients = []string{"owner@o.example"} })
	send(t, b, other, func(o *list.Outgoing) { o.Post = 0 })
	settleEach(t, b, now.Add(time.Hour), fate)
	want := []string{fmt.Sprintf("%d 1 ann@a.example 550 failed", peers.ID), fmt.Sprintf("%d 2 bob@b.example 550 failed", peers.ID),
		fmt.Sprintf("%d 1 eve@e.example 550 failed", other.ID)}
	for some := range 3 {
		equalAll(t, fmt.Sprintf("%d at a time", some+1), untold(t, b, some+1), want)
	}
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteFailure(list.Failure{List: peers.ID, At: now, Outgoing: first.ID, Number: 1}))
	})
	equalAll(t, "after one was told", untold(t, b, 9), want[1:])
	equalAll(t, "what became of it", fates(t, b, first.ID)[:1], []string{"ann@a.example failed"})
	check(t, b.Prune(now.Add(31*24*time.Hour)))
	equalAll(t, "after a month", untold(t, b, 9), nil)
	view(t, b, func(r list.Reader) {
		_, err := r.Tally(first.ID)
		isNotFound(t, "tally of what is forgotten", err)
	})
}

func told(t *testing.T, b Backend) {
	var all []list.Telling
	for _, kind := range []string{"a", "ab"} {
		for _, id := range []uint32{0, 1} {
			for _, post := range []uint32{0, 256} {
				for _, hop := range []string{"", "mx.example", "mx.example:25"} {
					all = append(all, list.Telling{Kind: kind, List: id, Post: post, Hop: hop})
				}
			}
		}
	}
	at := func(i int) time.Time { return now.Add(time.Duration(i) * time.Hour) }
	for i, what := range all {
		view(t, b, func(r list.Reader) {
			_, err := r.Told(what)
			isNotFound(t, fmt.Sprintf("%+v", what), err)
		})
		update(t, b, func(tx list.Tx) { check(t, tx.PutTold(what, at(i))) })
	}
	check(t, b.Prune(at(3).Add(30*24*time.Hour)))
	view(t, b, func(r list.Reader) {
		for i, what := range all {
			got, err := r.Told(what)
			if i <= 3 {
				isNotFound(t, fmt.Sprintf("a month after %+v", what), err)
			} else if check(t, err); !got.Equal(at(i)) {
				t.Errorf("%+v: %v, want %v", what, got, at(i))
			}
		}
	})
}
