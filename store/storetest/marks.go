package storetest

import (
	"slices"
	"testing"
	"time"

	"convene/list"
)

// byNumber finds lists and members by the numbers that stand in marks.
func byNumber(t *testing.T, b Backend) {
	first := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	second := addMembers(t, b, "news@example.org", "cid@c.example")
	equal(t, "ids have no gaps", second.ID, first.ID+1)
	update(t, b, func(tx list.Tx) {
		m := must[list.Member](t)(tx.Member(first.ID, "ann@a.example"))
		m.Address, m.Generation = "Ann@z.example", 7
		must[list.Member](t)(tx.PutMember(m))
		check(t, tx.DeleteMember(first.ID, "bob@b.example"))
	})
	view(t, b, func(r list.Reader) {
		equal(t, "list", must[list.Record](t)(r.ListByID(second.ID)), must[list.Record](t)(r.List("news@example.org")))
		ann := must[list.Member](t)(r.MemberByNumber(first.ID, 1))
		equal(t, "member", ann, must[list.Member](t)(r.Member(first.ID, "ann@z.example")))
		equal(t, "generation", ann.Generation, 7)
		for what, f := range map[string]func() error{
			"no list":              func() error { _, err := r.ListByID(second.ID + 1); return err },
			"list zero":            func() error { _, err := r.ListByID(0); return err },
			"who left":             func() error { _, err := r.MemberByNumber(first.ID, 2); return err },
			"a number of nobody":   func() error { _, err := r.MemberByNumber(first.ID, 3); return err },
			"a number of a nobody": func() error { _, err := r.MemberByNumber(99, 1); return err },
		} {
			isNotFound(t, what, f())
		}
	})
}

func markKeys(t *testing.T, b Backend) {
	keys := func() (all list.MarkKeys) {
		view(t, b, func(r list.Reader) { all = must[list.MarkKeys](t)(r.MarkKeys()) })
		return all
	}
	equal(t, "at first", len(keys()), 0)
	oldest := list.MarkKey{ID: 31, Secret: [32]byte{1, 31: 2}, Created: now}
	middle := list.MarkKey{ID: 0, Secret: [32]byte{3}, Created: now.Add(time.Hour)}
	newest := list.MarkKey{ID: 7, Secret: [32]byte{4}, Created: now.Add(2 * time.Hour)}
	update(t, b, func(tx list.Tx) {
		for _, k := range []list.MarkKey{newest, oldest, {ID: 0, Secret: [32]byte{9}, Created: now}, middle} {
			check(t, tx.PutMarkKey(k))
		}
		equalAll(t, "within the transaction", must[list.MarkKeys](t)(tx.MarkKeys()), []list.MarkKey{oldest, middle, newest})
	})
	equalAll(t, "by age", keys(), []list.MarkKey{oldest, middle, newest})
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteMarkKey(0))
		isNotFound(t, "deleted twice", tx.DeleteMarkKey(0))
	})
	equalAll(t, "after one is gone", keys(), []list.MarkKey{oldest, newest})
}

func reports(t *testing.T, b Backend) {
	one, two := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example"), addMembers(t, b, "news@example.org")
	var kept []list.Report
	keep := func(r list.Report) {
		check(t, b.Keep([]byte(r.MessageID), func(tx list.Tx, ref list.Ref) (err error) {
			r := r
			r.Ref = ref
			r, err = tx.PutReport(r)
			kept = append(kept, r)
			return err
		}))
	}
	for _, r := range []list.Report{
		{List: one.ID, Post: 5, Member: 2, From: "x@y.example", MessageID: "a@x", Arrived: now.Add(3 * time.Hour)},
		{List: one.ID, Post: 5, Member: 1, Arrived: now.Add(2 * time.Hour)},
		{List: one.ID, Post: 5, Member: 2, MessageID: "b@x", Arrived: now},
		{List: one.ID, Post: 6, Member: 2, Arrived: now},
		{List: two.ID, Post: 5, Member: 2, Arrived: now},
	} {
		keep(r)
	}
	of := func(post uint32) (all []list.Report) {
		view(t, b, func(r list.Reader) {
			check(t, r.Reports(one.ID, post, func(r list.Report) error { all = append(all, r); return nil }))
		})
		return all
	}
	first := kept[0]
	equal(t, "numbers begin with 1", first.Number, 1)
	equal(t, "the second on that copy", kept[2].Number, 2)
	equalAll(t, "by member, then number", of(5), []list.Report{kept[1], kept[0], kept[2]})
	equalAll(t, "of another post", of(6), []list.Report{kept[3]})
	equalAll(t, "of none", of(7), nil)
	var mine []list.Report
	view(t, b, func(r list.Reader) {
		check(t, r.MemberReports(one.ID, 5, 2, func(r list.Report) error { mine = append(mine, r); return nil }))
	})
	equalAll(t, "of one copy", mine, []list.Report{kept[0], kept[2]})
	equal(t, "what it said", string(must[[]byte](t)(b.Raw(first.Ref))), "a@x")

	last := kept[2]
	last.More, last.Arrived = 9, now.Add(time.Hour)
	update(t, b, func(tx list.Tx) { equal(t, "replaced", must[list.Report](t)(tx.PutReport(last)), last) })
	equalAll(t, "after a change", of(5), []list.Report{kept[1], kept[0], last})

	const day = 24 * time.Hour
	check(t, b.Prune(now.Add(35*day-1)))
	equal(t, "after 35 days less a moment", len(of(5))+len(of(6)), 4)
	check(t, b.Prune(now.Add(35*day+time.Hour)))
	equalAll(t, "the oldest are forgotten", of(5), []list.Report{kept[1], kept[0]})
	equal(t, "of every post", len(of(6)), 0)
	check(t, b.Prune(now.Add(36*day)))
	equal(t, "and in the end all", len(of(5)), 0)
	var many []list.Report
	update(t, b, func(tx list.Tx) {
		for i := range uint32(1200) {
			many = append(many, must[list.Report](t)(tx.PutReport(list.Report{List: one.ID, Post: 8, Member: i/5 + 1, Arrived: now})))
		}
	})
	slices.SortFunc(many, func(a, b list.Report) int { return int(a.Member*10+a.Number) - int(b.Member*10+b.Number) })
	equalAll(t, "many", of(8), many)
	check(t, b.Prune(now.Add(40*day)))
	equal(t, "many are forgotten at once", len(of(8)), 0)
}
