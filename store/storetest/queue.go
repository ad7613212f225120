package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"convene/list"
)

func fanOut(t *testing.T, b Backend) {
	everybody := numbered(200, 23)
	rec := addMembers(t, b, "peers@example.org", everybody...)
	for name, hop := range map[string]func(string) string{"smarthost": oneHop, "domain": perDomain} {
		out := send(t, b, rec, nil)
		<-b.Wake()
		for _, c := range claimAll(t, b, now, hop, 9) {
			if name == "domain" && slices.ContainsFunc(c.Copies, func(cp list.Copy) bool { return domain(cp.Address) != c.Hop }) {
				t.Errorf("a claim for %s has %v", c.Hop, addresses(c))
			}
			equal(t, "outgoing", c.Out.ID, out.ID)
			settleAll(t, b, now, c, list.Delivered, time.Time{})
		}
		if !done(t, b, out.ID) {
			t.Errorf("%s: not done", name)
		}
		got := fates(t, b, out.ID)
		for i, a := range everybody {
			equal(t, name, got[i], a+" delivered")
		}
		equal(t, "copies", len(got), len(everybody))
	}
	if n, copies, _ := b.Pending(); n != 0 || copies != 0 {
		t.Errorf("pending: %d outgoings, %d copies", n, copies)
	}
}

func membersAtClaim(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example", "dan@d.example")
	out := send(t, b, rec, nil)
	addMembers(t, b, "peers@example.org", "late@a.example", "late@e.example")
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteMember(rec.ID, "bob@b.example"))
		m := must[list.Member](t)(tx.Member(rec.ID, "cid@a.example"))
		m.State = list.Paused
		must[list.Member](t)(tx.PutMember(m))
	})
	equalAll(t, "got a copy", deliver(t, b, now, perDomain), []string{"ann@a.example", "dan@d.example"})
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	equalAll(t, "fates", fates(t, b, out.ID), []string{"ann@a.example delivered", "dan@d.example delivered"})

	empty := addMembers(t, b, "empty@example.org")
	out = send(t, b, empty, nil)
	equalAll(t, "a list without members", deliver(t, b, now, perDomain), nil)
	if !done(t, b, out.ID) {
		t.Error("a post to nobody is not done")
	}
}

func except(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "Ann@a.example", "bob@b.example")
	send(t, b, rec, func(o *list.Outgoing) { o.Except = "aNN@A.example" })
	equalAll(t, "got a copy", deliver(t, b, now, oneHop), []string{"bob@b.example"})
}

// special is about members who get nothing but what a moderator has marked.
func special(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example", "dan@d.example")
	update(t, b, func(tx list.Tx) {
		for a, change := range map[string]func(*list.Member){
			"bob@b.example": func(m *list.Member) { m.Mode = list.ModeSpecial },
			"cid@a.example": func(m *list.Member) { m.Mode = list.ModeNoMail },
			"dan@d.example": func(m *list.Member) { m.Mode, m.State = list.ModeSpecial, list.Paused },
		} {
			m := must[list.Member](t)(tx.Member(rec.ID, a))
			change(&m)
			must[list.Member](t)(tx.PutMember(m))
		}
	})
	plain := send(t, b, rec, nil)
	equalAll(t, "a post", deliver(t, b, now, perDomain), []string{"ann@a.example"})
	marked := send(t, b, rec, func(o *list.Outgoing) { o.Special = true })
	addMembers(t, b, "peers@example.org", "late@b.example")
	view(t, b, func(r list.Reader) { equal(t, "special", must[list.Outgoing](t)(r.Outgoing(marked.ID)).Special, true) })
	equalAll(t, "who waits", fates(t, b, marked.ID), []string{"ann@a.example waiting", "bob@b.example waiting"})
	due := now.Add(time.Hour)
	for _, c := range claimAll(t, b, now, perDomain, 10) {
		settleAll(t, b, now, c, list.Deferred, due)
	}
	equal(t, "done with copies deferred", done(t, b, marked.ID), false)
	equalAll(t, "a special one, tried again", deliver(t, b, due, perDomain), []string{"ann@a.example", "bob@b.example"})
	for _, out := range []list.Outgoing{plain, marked} {
		if !done(t, b, out.ID) {
			t.Errorf("outgoing %d is not done", out.ID)
		}
	}
	equalAll(t, "fates of a post", fates(t, b, plain.ID), []string{"ann@a.example delivered"})
	equalAll(t, "fates of a special one", fates(t, b, marked.ID), []string{"ann@a.example delivered", "bob@b.example delivered"})

	marked = send(t, b, rec, func(o *list.Outgoing) { o.Special = true })
	for _, c := range claimAll(t, b, now, perDomain, 10) {
		settleAll(t, b, now, c, list.Deferred, due)
	}
	update(t, b, func(tx list.Tx) {
		m := must[list.Member](t)(tx.Member(rec.ID, "bob@b.example"))
		m.Mode = list.ModeNoMail
		must[list.Member](t)(tx.PutMember(m))
	})
	equal(t, "done with copies deferred", done(t, b, marked.ID), false)
	equalAll(t, "one who wants none any more", deliver(t, b, due, perDomain), []string{"ann@a.example", "late@b.example"})
}

func named(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example")
	out := send(t, b, rec, func(o *list.Outgoing) {
		o.Recipients, o.Forward, o.MaxMember = []string{"x@z.example", "y@a.example", "z@z.example"}, true, 0
	})
	claims := claimAll(t, b, now, perDomain, 10)
	equal(t, "claims", len(claims), 2)
	for _, c := range claims {
		for _, cp := range c.Copies {
			equal(t, "number", out.Recipients[cp.Number-1], cp.Address)
		}
		settleAll(t, b, now, c, list.Failed, time.Time{})
	}
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	equalAll(t, "fates", fates(t, b, out.ID), []string{"x@z.example failed", "y@a.example failed", "z@z.example failed"})
}

func deferral(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example")
	out := send(t, b, rec, nil)
	c, _, err := b.Claim(now, oneHop, always, 10)
	check(t, err)
	equal(t, "copies", len(c.Copies), 3)
	due := now.Add(15 * time.Minute)
	all := results(c, list.Deferred, due)
	for i := range all {
		if all[i].Address == "bob@b.example" {
			all[i].Due = due.Add(time.Hour)
		}
	}
	check(t, b.Settle(now, c.ID, all))
	for range 2 { // before and after the results are in the index
		if next, ok := b.NextDue(); !ok || !next.Equal(due) {
			t.Errorf("next due: got %v, %v; want %v", next, ok, due)
		}
		if done(t, b, out.ID) {
			t.Error("done with copies deferred")
		}
	}
	equal(t, "claims before the time", len(claimAll(t, b, due.Add(-1), oneHop, 10)), 0)
	claims := claimAll(t, b, due, oneHop, 10)
	equal(t, "claims when due", len(claims), 1)
	equalAll(t, "who is due", sorted(addresses(claims[0])...), []string{"ann@a.example", "cid@a.example"})
	equal(t, "attempts", claims[0].Copies[0].Attempts, 1)
	if next, ok := b.NextDue(); !ok || !next.Equal(due.Add(time.Hour)) {
		t.Errorf("next due while the others are out: got %v, %v", next, ok)
	}
	settleAll(t, b, due, claims[0], list.Delivered, time.Time{})
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteMember(rec.ID, "bob@b.example")) })
	equalAll(t, "one who left meanwhile", deliver(t, b, due.Add(2*time.Hour), oneHop), nil)
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	if _, ok := b.NextDue(); ok {
		t.Error("something is due")
	}
}

func release(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(20, 4)...)
	out := send(t, b, rec, nil)
	claims := claimAll(t, b, now, perDomain, 3)
	for _, c := range claims {
		b.Release(c.ID)
	}
	b.Release(claims[0].ID) // over: nothing happens
	again := claimAll(t, b, now, perDomain, 3)
	seen := map[uint32]bool{}
	for i, c := range again {
		for _, cp := range c.Copies {
			if seen[cp.Number] || cp.Attempts != 0 {
				t.Errorf("copy %d: twice, or with attempts %d", cp.Number, cp.Attempts)
			}
			seen[cp.Number] = true
		}
		if i%2 == 0 {
			settleAll(t, b, now, c, list.Deferred, now.Add(time.Minute))
		} else {
			settleAll(t, b, now, c, list.Delivered, time.Time{})
		}
	}
	equal(t, "copies", len(seen), 20)
	later := now.Add(time.Hour)
	check(t, b.Queue(func(list.QueueRow) error { return nil }))
	for _, c := range claimAll(t, b, later, perDomain, 3) {
		b.Release(c.ID)
	}
	if len(deliver(t, b, later, perDomain)) == 0 || !done(t, b, out.ID) {
		t.Error("released deferred copies do not come back")
	}
}

func partly(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(12, 2)...)
	out := send(t, b, rec, nil)
	c, _, err := b.Claim(now, oneHop, always, 20)
	check(t, err)
	all := results(c, list.Delivered, time.Time{})
	check(t, b.Settle(now, c.ID, all[2:5]))
	equal(t, "the rest is not claimable", len(claimAll(t, b, now, oneHop, 20)), 0)
	if done(t, b, out.ID) {
		t.Error("done too early")
	}
	b.Release(c.ID)
	var got []string
	for _, s := range all[2:5] {
		got = append(got, s.Address)
	}
	got = append(got, deliver(t, b, now, oneHop)...)
	equalAll(t, "everybody once", sorted(got...), sorted(numbered(12, 2)...))
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
}

func settleOnce(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@a.example")
	send(t, b, rec, nil)
	c, _, err := b.Claim(now, oneHop, always, 20)
	check(t, err)
	all := results(c, list.Delivered, time.Time{})
	for what, bad := range map[string][]list.Settled{
		"a copy of nobody": {{Copy: list.Copy{Number: 99}, Outcome: list.Delivered}},
		"a copy twice":     {all[0], all[0]},
		"no outcome":       {{Copy: all[0].Copy}},
	} {
		if err := b.Settle(now, c.ID, bad); err == nil {
			t.Errorf("%s was settled", what)
		}
	}
	check(t, b.Settle(now, c.ID, all))
	if err := b.Settle(now, c.ID, all); err == nil {
		t.Error("a claim was settled twice")
	}
}

func pauses(t *testing.T, b Backend) {
	one := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	two := addMembers(t, b, "news@example.org", "ann@a.example", "bob@b.example")
	first, second := send(t, b, one, nil), send(t, b, two, nil)
	for _, what := range []string{"Peers@example.org", "b.example"} {
		check(t, b.Pause(what))
	}
	equalAll(t, "paused", b.Paused(), []string{"b.example", "peers@example.org"})
	equalAll(t, "with pauses", deliver(t, b, now, oneHop), []string{"ann@a.example"})
	if done(t, b, first.ID) || done(t, b, second.ID) {
		t.Error("done while paused")
	}
	var states []string
	check(t, b.Queue(func(r list.QueueRow) error { states = append(states, r.List+" "+r.Recipient+" "+r.State); return nil }))
	equalAll(t, "queue", states, []string{"peers@example.org ann@a.example paused", "peers@example.org bob@b.example paused", "news@example.org bob@b.example paused"})
	check(t, b.Pause(""))
	check(t, b.Resume("peers@example.org"))
	check(t, b.Resume("b.example"))
	equalAll(t, "everything paused", deliver(t, b, now, oneHop), nil)
	check(t, b.Resume(""))
	<-b.Wake()
	equalAll(t, "resumed", deliver(t, b, now, oneHop), []string{"ann@a.example", "bob@b.example", "bob@b.example"})
	if !done(t, b, first.ID) || !done(t, b, second.ID) {
		t.Error("not done")
	}
}

func fairness(t *testing.T, b Backend) {
	huge := addMembers(t, b, "huge@example.org", numbered(400, 5)...)
	small := addMembers(t, b, "small@example.org", "ann@d0.example")
	send(t, b, huge, nil)
	second := send(t, b, small, nil)
	var hops []string
	at := -1
	for i := range 12 {
		c, ok, err := b.Claim(now, perDomain, always, 4)
		check(t, err)
		if !ok {
			t.Fatal("nothing to claim")
		}
		if hops = append(hops, c.Hop); c.Out.ID == second.ID {
			at = i
		}
	}
	for i := range 5 {
		if n := len(slices.Compact(sorted(hops[i : i+5]...))); n != 5 && i > 0 {
			t.Errorf("five claims went to %d of five hops: %v", n, hops[i:i+5])
		}
	}
	if at < 0 {
		t.Error("the small post waits for the huge one")
	}
}

func unready(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(3000, 1500)...)
	out := send(t, b, rec, nil)
	c, ok, err := b.Claim(now, perDomain, func(hop string) bool { return hop == "d999.example" }, 10)
	check(t, err)
	if !ok || c.Hop != "d999.example" || len(c.Copies) != 2 {
		t.Fatalf("got %v for %q", addresses(c), c.Hop)
	}
	settleAll(t, b, now, c, list.Delivered, time.Time{})
	equal(t, "the others", len(deliver(t, b, now, perDomain)), 2998)
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
}

func reroute(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(60, 6)...)
	out := send(t, b, rec, nil)
	taken := map[string]int{}
	take := func(c list.Claim) {
		for _, a := range addresses(c) {
			taken[a]++
		}
	}
	first, _, err := b.Claim(now, oneHop, always, 7)
	check(t, err)
	second, _, err := b.Claim(now, oneHop, always, 7)
	check(t, err)
	take(first)
	settleAll(t, b, now, first, list.Delivered, time.Time{})
	b.Reroute()
	for i := range 3 {
		c, _, err := b.Claim(now, perDomain, always, 5)
		check(t, err)
		equal(t, "hop", c.Hop, domain(c.Copies[0].Address))
		take(c)
		settleAll(t, b, now, c, list.Delivered, time.Time{})
		if i == 1 {
			b.Release(second.ID)
		}
	}
	for _, a := range deliver(t, b, now, perDomain) {
		taken[a]++
	}
	for _, a := range numbered(60, 6) {
		equal(t, a, taken[a], 1)
	}
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
}

func queue(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(1201, 4)...)
	out := send(t, b, rec, nil)
	c, _, err := b.Claim(now, perDomain, always, 3)
	check(t, err)
	all := results(c, list.Delivered, time.Time{})
	all[1].Outcome, all[1].Status = list.Failed, "550 5.1.1 nobody"
	all[2].Outcome, all[2].Status, all[2].Due = list.Deferred, "451 4.3.0 later", now.Add(time.Hour)
	check(t, b.Settle(now, c.ID, all))
	count, last := 0, ""
	check(t, b.Queue(func(r list.QueueRow) error {
		if count++; r.Recipient == all[2].Address {
			want := list.QueueRow{ID: fmt.Sprintf("%d-%d", out.ID, all[2].Number), Outgoing: out.ID, List: rec.Address, Recipient: all[2].Address,
				Attempts: 1, Next: now.Add(time.Hour), Status: "451 4.3.0 later", State: "waiting"}
			equal(t, "deferred", r, want)
		}
		last = r.Recipient
		return nil
	}))
	equal(t, "due", count, 1199)
	equal(t, "the last by number", last, "m1200@d0.example")
	got := map[string]string{}
	check(t, b.Copies(out.ID, func(r list.QueueRow) error { got[r.Recipient] = r.State + " " + r.Status; return nil }))
	equal(t, "all", len(got), 1201)
	equal(t, "delivered", got[all[0].Address], "delivered ")
	equal(t, "failed", got[all[1].Address], "failed 550 5.1.1 nobody")
	count = 0
	check(t, b.Queue(func(list.QueueRow) error { count++; return list.ErrStop }))
	equal(t, "stopped", count, 1)
	if n, copies, oldest := b.Pending(); n != 1 || copies != 1199 || !oldest.Equal(now) {
		t.Errorf("pending: %d outgoings, %d copies, oldest %v", n, copies, oldest)
	}
}

func retry(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	out := send(t, b, rec, nil)
	for _, c := range claimAll(t, b, now, oneHop, 10) {
		settleAll(t, b, now, c, list.Deferred, now.Add(time.Hour))
	}
	equal(t, "one copy", must[int](t)(b.Retry(now, []string{fmt.Sprintf("%d-2", out.ID)})), 1)
	equalAll(t, "retried", deliver(t, b, now, oneHop), []string{"bob@b.example"})
	equal(t, "all", must[int](t)(b.Retry(now, nil)), 1)
	equalAll(t, "retried", deliver(t, b, now, oneHop), []string{"ann@a.example"})
	for _, id := range []string{"999", "999-1", "x", fmt.Sprintf("%d-x", out.ID), fmt.Sprintf("%d-0", out.ID)} {
		_, err := b.Retry(now, []string{id})
		isNotFound(t, id, err)
	}
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
}

func drop(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@c.example", "dan@d.example")
	out := send(t, b, rec, nil)
	equal(t, "one fresh copy", must[int](t)(b.Drop(now, []string{fmt.Sprintf("%d-2", out.ID)})), 1)
	_, err := b.Drop(now, []string{fmt.Sprintf("%d-2", out.ID)})
	isNotFound(t, "the same copy again", err)
	ann, _, err := b.Claim(now, perDomain, always, 1)
	check(t, err)
	settleAll(t, b, now, ann, list.Deferred, now.Add(time.Hour))
	cid, _, err := b.Claim(now, perDomain, always, 1)
	check(t, err)
	must[int](t)(b.Drop(now, []string{fmt.Sprint(out.ID)}))
	settleAll(t, b, now, cid, list.Deferred, now.Add(time.Hour))
	equalAll(t, "after the drop", deliver(t, b, now.Add(2*time.Hour), perDomain), nil)
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	equalAll(t, "fates", fates(t, b, out.ID), []string{"ann@a.example dropped", "bob@b.example dropped", "cid@c.example dropped", "dan@d.example dropped"})
	if n, copies, _ := b.Pending(); n != 0 || copies != 0 {
		t.Errorf("pending: %d outgoings, %d copies", n, copies)
	}
}

func poison(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@c.example")
	out := send(t, b, rec, nil)
	c, _, err := b.Claim(now, perDomain, always, 1)
	check(t, err)
	d, _, err := b.Claim(now, perDomain, always, 1)
	check(t, err)
	settleAll(t, b, now, d, list.Deferred, now.Add(time.Minute))
	check(t, b.Poison(out.ID, "cannot be made"))
	b.Release(c.ID)
	later := now.Add(time.Hour)
	equalAll(t, "poison", deliver(t, b, later, perDomain), nil)
	states := map[string]int{}
	check(t, b.Queue(func(r list.QueueRow) error { states[r.State]++; return nil }))
	equal(t, "poison rows", states["poison"], 3)
	must[int](t)(b.Retry(later, []string{fmt.Sprint(out.ID)}))
	equalAll(t, "retried", deliver(t, b, later, perDomain), []string{"ann@a.example", "bob@b.example", "cid@c.example"})
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	isNotFound(t, "poison of what is done", b.Poison(out.ID, "late"))
}

func move(t *testing.T, b Backend) {
	for name, c := range map[string]struct{ to string }{"to a domain that had its turn": {"a.example"}, "to one whose turn will come": {"z.example"}} {
		rec := addMembers(t, b, "l."+c.to+"@example.org", "ann@a.example", "bob@m.example", "cid@n.example", "zoe@z.example")
		out := send(t, b, rec, nil)
		moveTo := func(from, to string) {
			update(t, b, func(tx list.Tx) {
				m := must[list.Member](t)(tx.Member(rec.ID, from))
				m.Address = to
				must[list.Member](t)(tx.PutMember(m))
			})
		}
		first, _, err := b.Claim(now, perDomain, always, 1)
		check(t, err)
		equalAll(t, name, addresses(first), []string{"ann@a.example"})
		settleAll(t, b, now, first, list.Delivered, time.Time{})
		second, _, err := b.Claim(now, perDomain, always, 1)
		check(t, err)
		equalAll(t, name, addresses(second), []string{"bob@m.example"})
		moveTo("bob@m.example", "bob@"+c.to) // a worker has it
		moveTo("cid@n.example", "cid@"+c.to) // nobody has it
		moveTo("ann@a.example", "ann@z.example")
		settleAll(t, b, now, second, list.Delivered, time.Time{})
		equalAll(t, name, deliver(t, b, now, perDomain), []string{"cid@" + c.to, "zoe@z.example"})
		if !done(t, b, out.ID) {
			t.Errorf("%s: not done", name)
		}
	}
}

func prune(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	out := send(t, b, rec, nil)
	c, _, err := b.Claim(now, oneHop, always, 10)
	check(t, err)
	settleAll(t, b, now, c, list.Failed, time.Time{})
	waiting := send(t, b, rec, nil)
	if !done(t, b, out.ID) {
		t.Fatal("not done")
	}
	const day = 24 * time.Hour
	check(t, b.Prune(now.Add(29*day)))
	equal(t, "fates after 29 days", len(fates(t, b, out.ID)), 2)
	check(t, b.Prune(now.Add(31*day)))
	isNotFound(t, "fates after 31 days", b.Copies(out.ID, func(list.QueueRow) error { return nil }))
	equal(t, "one that waits is not forgotten", len(fates(t, b, waiting.ID)), 2)
}
