package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"convene/list"
)

// twoLists are two lists with one member in common, who wants no duplicates of the second.
func twoLists(t *testing.T, b Backend) (first, second list.Record) {
	t.Helper()
	first = addMembers(t, b, "peers@example.org", "ann@a.example")
	second = addMembers(t, b, "circle@example.org", "ann@a.example")
	change(t, b, second, "ann@a.example", func(m *list.Member) { m.NoDuplicates = true })
	return first, second
}

// duplicateWaits: a copy that another list is to deliver waits for what becomes of that.
func duplicateWaits(t *testing.T, b Backend) {
	first, second := twoLists(t, b)
	for name, become := range map[string]func(out list.Outgoing, c list.Claim) bool{ // reports whether the first list has delivered it
		"delivered": func(_ list.Outgoing, c list.Claim) bool {
			settleAll(t, b, now, c, list.Delivered, time.Time{})
			return true
		},
		"refused": func(_ list.Outgoing, c list.Claim) bool {
			settleAll(t, b, now, c, list.Failed, time.Time{})
			return false
		},
		"put off, and paused before it is tried again": func(_ list.Outgoing, c list.Claim) bool {
			settleAll(t, b, now, c, list.Deferred, now.Add(time.Second))
			change(t, b, first, "ann@a.example", func(m *list.Member) { m.State = list.Paused })
			return false
		},
		"put off, and given up by command": func(out list.Outgoing, c list.Claim) bool {
			settleAll(t, b, now, c, list.Deferred, now.Add(time.Hour))
			must[int](t)(b.Drop(now, []string{fmt.Sprint(out.ID)}))
			return false
		},
		"given back, and left before it is claimed again": func(_ list.Outgoing, c list.Claim) bool {
			b.Release(c.ID)
			change(t, b, first, "ann@a.example", func(m *list.Member) { m.Mode = list.ModeNoMail })
			return false
		},
		"sent while ann turns it off": func(_ list.Outgoing, c list.Claim) bool {
			change(t, b, first, "ann@a.example", func(m *list.Member) { m.Mode = list.ModeNoMail })
			equalAll(t, "while it is sent", deliver(t, b, now, oneHop), nil)
			settleAll(t, b, now, c, list.Delivered, time.Time{})
			return true
		},
	} {
		change(t, b, first, "ann@a.example", func(m *list.Member) { m.State, m.Mode = list.Active, list.ModeEach })
		one := send(t, b, first, nil)
		two := send(t, b, second, func(o *list.Outgoing) { o.Elsewhere = []uint64{one.ID} })
		c, ok, err := b.Claim(now, oneHop, always, 7)
		check(t, err)
		equal(t, name+": claimed", ok && c.Out.ID == one.ID, true)
		equalAll(t, name+": meanwhile", deliver(t, b, now, oneHop), nil)
		delivered := become(one, c)
		check(t, b.Queue(func(list.QueueRow) error { return nil })) // what was settled is in the index then
		var want []string
		if !delivered {
			want = []string{"ann@a.example"}
		}
		var got []string
		for at := now; at.Before(now.Add(time.Hour)); at = at.Add(time.Minute) {
			got = append(got, deliver(t, b, at, oneHop)...)
			check(t, b.Queue(func(list.QueueRow) error { return nil }))
		}
		equalAll(t, name+": by the second list", got, want)
		if !done(t, b, one.ID) || !done(t, b, two.ID) {
			t.Errorf("%s: not done", name)
		}
	}
}

// eachOnce: whatever becomes of the copies of a message on three lists, in whatever order, a member of all has it once.
func eachOnce(t *testing.T, b Backend) {
	random := rand.New(rand.NewPCG(1, 2))
	var lists []list.Record
	for _, name := range []string{"one@example.org", "two@example.org", "three@example.org"} {
		var all []string
		for i := range 12 {
			all = append(all, fmt.Sprintf("m%d@d%d.example", i, i%3))
		}
		lists = append(lists, addMembers(t, b, name, all...))
	}
	at := now
	for range 12 {
		var outs []list.Outgoing
		got := map[string]int{}
		last := map[string]bool{} // who was refused by the last list
		var open []list.Claim
		for i, rec := range lists {
			for n := range 12 {
				change(t, b, rec, fmt.Sprintf("m%d@d%d.example", n, n%3), func(m *list.Member) {
					m.Mode, m.State, m.NoDuplicates = list.ModeEach, list.Active, i > 0
				})
			}
		}
		for step := range 60 {
			if step%7 == 0 && len(outs) < len(lists) {
				i := len(outs)
				outs = append(outs, send(t, b, lists[i], func(o *list.Outgoing) {
					o.Accepted = at
					for _, other := range outs {
						o.Elsewhere = append(o.Elsewhere, other.ID)
					}
				}))
			}
			switch random.IntN(4) {
			case 0, 1:
				if c, ok, err := b.Claim(at, perDomain, always, 1+random.IntN(5)); ok {
					open = append(open, c)
				} else {
					check(t, err)
				}
			case 2:
				at = at.Add(time.Duration(random.IntN(90)) * time.Second)
				n := random.IntN(12)
				change(t, b, lists[random.IntN(2)], fmt.Sprintf("m%d@d%d.example", n, n%3), func(m *list.Member) { m.Mode = list.ModeNoMail })
			case 3:
				for _, c := range open {
					settleSomehow(t, b, random, at, c, outs, got, last)
				}
				open = nil
			}
		}
		for _, c := range open {
			b.Release(c.ID)
		}
		at = deliverOut(t, b, at, got)
		for n := range 12 {
			who := fmt.Sprintf("m%d@d%d.example", n, n%3)
			if got[who] > 1 || got[who] == 0 && !last[who] {
				t.Errorf("%s has it %d times; refused by the last list: %v", who, got[who], last[who])
			}
		}
		for _, out := range outs {
			if !done(t, b, out.ID) {
				t.Errorf("outgoing %d is not done", out.ID)
			}
		}
	}
}

// deliverOut delivers all that is still to be delivered, over the next hours, and returns when that is.
func deliverOut(t *testing.T, b Backend, at time.Time, got map[string]int) time.Time {
	t.Helper()
	for range 300 {
		at = at.Add(time.Minute)
		for _, c := range claimAll(t, b, at, perDomain, 5) {
			for _, cp := range c.Copies {
				got[cp.Address]++
			}
			settleAll(t, b, at, c, list.Delivered, time.Time{})
		}
		check(t, b.Queue(func(list.QueueRow) error { return nil }))
	}
	return at
}

func settleSomehow(t *testing.T, b Backend, random *rand.Rand, at time.Time, c list.Claim, outs []list.Outgoing, got map[string]int, last map[string]bool) {
	t.Helper()
	for _, r := range results(c, list.Delivered, time.Time{}) {
		switch random.IntN(5) {
		case 0:
			r.Outcome = list.Failed
			last[r.Address] = last[r.Address] || len(outs) == 3 && c.Out.ID == outs[2].ID
		case 1:
			r.Outcome, r.Due = list.Deferred, at.Add(time.Duration(random.IntN(300))*time.Second)
		default:
			got[r.Address]++
		}
		check(t, b.Settle(at, c.ID, []list.Settled{r}))
	}
	b.Release(c.ID)
}
