package storetest

import (
	"fmt"
	"testing"
	"time"

	"convene/list"
)

// change changes a member.
func change(t *testing.T, b Backend, rec list.Record, address string, f func(*list.Member)) {
	t.Helper()
	update(t, b, func(tx list.Tx) {
		m := must[list.Member](t)(tx.Member(rec.ID, address))
		f(&m)
		must[list.Member](t)(tx.PutMember(m))
	})
}

// said is all that is known of interests: "list topic member interest", by topic and by member, which must be the same.
func said(t *testing.T, b Backend, rec list.Record, topics, members uint32) (all []string) {
	t.Helper()
	view(t, b, func(r list.Reader) {
		var other []string
		for topic := uint32(1); topic <= topics; topic++ {
			check(t, r.TopicInterests(rec.ID, topic, func(member uint32, i list.Interest) error {
				all = append(all, fmt.Sprintf("%d %d %s", topic, member, i))
				equal(t, "looked up", must[list.Interest](t)(r.Interest(rec.ID, topic, member)), i)
				return nil
			}))
		}
		for member := uint32(1); member <= members; member++ {
			check(t, r.Interests(rec.ID, member, func(topic uint32, i list.Interest) error {
				other = append(other, fmt.Sprintf("%d %d %s", topic, member, i))
				return nil
			}))
		}
		equalAll(t, "by member", sorted(other...), sorted(all...))
	})
	return all
}

func interests(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example")
	addMembers(t, b, "others@example.org", "ann@a.example")
	update(t, b, func(tx list.Tx) {
		for range 2 {
			must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Subject: "Trust", Last: now}))
		}
		check(t, tx.PutInterest(rec.ID, 2, 1, list.Muted))
		check(t, tx.PutInterest(rec.ID, 1, 3, list.Followed))
		check(t, tx.PutInterest(rec.ID, 1, 1, list.Muted))
		check(t, tx.PutInterest(rec.ID, 1, 2, list.Muted))
		check(t, tx.PutInterest(rec.ID, 1, 2, list.Followed))
		isNotFound(t, "a topic that is not there", tx.PutInterest(rec.ID, 3, 1, list.Muted))
		isNotFound(t, "a member who is not there", tx.PutInterest(rec.ID, 1, 4, list.Muted))
		isNotFound(t, "a topic of another list", tx.PutInterest(rec.ID+1, 1, 1, list.Muted))
		check(t, tx.PutInterest(rec.ID, 2, 2, list.Unsaid))
		if tx.PutInterest(rec.ID, 1, 1, "love") == nil {
			t.Error("a word that is no interest was taken")
		}
	})
	equalAll(t, "said", said(t, b, rec, 3, 4), []string{"1 1 mute", "1 2 follow", "1 3 follow", "2 1 mute"})
	update(t, b, func(tx list.Tx) { check(t, tx.PutInterest(rec.ID, 1, 3, list.Unsaid)) })
	equalAll(t, "taken back", said(t, b, rec, 3, 4), []string{"1 1 mute", "1 2 follow", "2 1 mute"})
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteMember(rec.ID, "bob@b.example")) })
	equalAll(t, "who said it has left", said(t, b, rec, 3, 4), []string{"1 1 mute", "2 1 mute"})
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteTopic(rec.ID, 1)) })
	equalAll(t, "the topic is gone", said(t, b, rec, 3, 4), []string{"2 1 mute"})
}

func mutedTopics(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example", "dan@d.example")
	update(t, b, func(tx list.Tx) {
		for range 3 {
			must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Subject: "Trust", Last: now}))
		}
	})
	say := func(topic, member uint32, i list.Interest) {
		t.Helper()
		update(t, b, func(tx list.Tx) { check(t, tx.PutInterest(rec.ID, topic, member, i)) })
	}
	inTopic := func(topic uint32) list.Outgoing {
		t.Helper()
		return send(t, b, rec, func(o *list.Outgoing) { o.Topic = topic })
	}
	say(1, 2, list.Muted)
	say(2, 1, list.Muted)
	out := inTopic(1)
	equalAll(t, "a topic that bob muted", deliver(t, b, now, perDomain), []string{"ann@a.example", "cid@a.example", "dan@d.example"})
	equalAll(t, "its fates", fates(t, b, out.ID), []string{"ann@a.example delivered", "cid@a.example delivered", "dan@d.example delivered"})
	view(t, b, func(r list.Reader) {
		equal(t, "it did not arrive at bob", must[bool](t)(r.Undelivered(out.ID, 2)), true)
		equal(t, "it did arrive at ann", must[bool](t)(r.Undelivered(out.ID, 1)), false)
	})

	// What is said between two claims of one post counts at once.
	out = inTopic(1)
	c, _, err := b.Claim(now, oneHop, always, 1)
	check(t, err)
	equalAll(t, "the first", addresses(c), []string{"ann@a.example"})
	say(1, 2, list.Unsaid)
	say(1, 4, list.Muted)
	settleAll(t, b, now, c, list.Deferred, now.Add(time.Minute))
	say(1, 1, list.Muted)
	equalAll(t, "the others", deliver(t, b, now, oneHop), []string{"bob@b.example", "cid@a.example"})
	check(t, b.Queue(func(list.QueueRow) error { return nil })) // what was settled is in the index then
	equalAll(t, "a copy that is tried again", deliver(t, b, now.Add(time.Hour), oneHop), nil)
	if !done(t, b, out.ID) {
		t.Error("not done")
	}

	// A post that is moved to another topic before it went out goes with it.
	must[list.Outgoing](t)(func() (out list.Outgoing, err error) {
		err = b.Update(func(tx list.Tx) error {
			p, err := tx.PutPost(list.Post{List: rec.ID, Topic: 3, Accepted: now})
			if err != nil {
				return err
			}
			out, err = tx.Enqueue(list.Outgoing{List: rec.ID, Post: p.Number, Topic: 3, Address: rec.Address, MaxMember: 4, Accepted: now})
			return err
		})
		return out, err
	}())
	c, _, err = b.Claim(now, oneHop, always, 1)
	check(t, err)
	equalAll(t, "nobody muted that one", addresses(c), []string{"ann@a.example"})
	b.Release(c.ID)
	update(t, b, func(tx list.Tx) {
		p := must[list.Post](t)(tx.Post(rec.ID, 1))
		p.Topic = 2
		must[list.Post](t)(tx.PutPost(p))
	})
	equalAll(t, "ann muted the other one", deliver(t, b, now, oneHop), []string{"bob@b.example", "cid@a.example", "dan@d.example"})
}

func followedTopics(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example")
	update(t, b, func(tx list.Tx) {
		for range 2 {
			must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Subject: "Trust", Last: now}))
		}
		check(t, tx.PutInterest(rec.ID, 1, 1, list.Followed))
	})
	change(t, b, rec, "ann@a.example", func(m *list.Member) { m.Follow = true })
	change(t, b, rec, "bob@b.example", func(m *list.Member) { m.Follow = true })
	send(t, b, rec, func(o *list.Outgoing) { o.Topic = 1 })
	equalAll(t, "a topic that ann follows", deliver(t, b, now, perDomain), []string{"ann@a.example", "cid@a.example"})
	send(t, b, rec, func(o *list.Outgoing) { o.Topic = 2 })
	equalAll(t, "a topic that nobody follows", deliver(t, b, now, perDomain), []string{"cid@a.example"})
	send(t, b, rec, func(o *list.Outgoing) { o.Topic, o.First = 2, true })
	equalAll(t, "the first post of a topic", deliver(t, b, now, perDomain), []string{"ann@a.example", "bob@b.example", "cid@a.example"})
}

func duplicates(t *testing.T, b Backend) {
	first := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example", "dan@d.example")
	second := addMembers(t, b, "circle@example.org", "zoe@z.example", "ann@a.example", "bob@b.example", "cid@a.example", "dan@work.example", "late@b.example")
	for _, who := range []string{"bob@b.example", "cid@a.example", "late@b.example"} {
		change(t, b, second, who, func(m *list.Member) { m.NoDuplicates = true })
	}
	change(t, b, second, "dan@work.example", func(m *list.Member) { m.NoDuplicates, m.Others = true, []string{"dan@d.example"} })
	change(t, b, first, "bob@b.example", func(m *list.Member) { m.Mode = list.ModeNoMail })

	send(t, b, second, func(o *list.Outgoing) { o.Direct = []uint32{2, 4} })
	equalAll(t, "ann and cid stand in To", deliver(t, b, now, oneHop),
		[]string{"ann@a.example", "bob@b.example", "dan@work.example", "late@b.example", "zoe@z.example"})

	out := send(t, b, first, nil)
	addMembers(t, b, "peers@example.org", "late@b.example")
	also := func() list.Outgoing {
		t.Helper()
		return send(t, b, second, func(o *list.Outgoing) { o.Elsewhere = []uint64{out.ID} })
	}
	want := []string{"ann@a.example", "bob@b.example", "late@b.example", "zoe@z.example"}
	also()
	var got []string
	for _, c := range claimAll(t, b, now, oneHop, 100) {
		if c.Out.List == second.ID {
			got = append(got, addresses(c)...)
			settleAll(t, b, now, c, list.Delivered, time.Time{})
			continue
		}
		for _, r := range results(c, list.Delivered, time.Time{}) {
			if r.Address == "cid@a.example" {
				r.Outcome = list.Failed
			}
			check(t, b.Settle(now, c.ID, []list.Settled{r}))
		}
	}
	equalAll(t, "who is to get it by the other list", sorted(got...), want)
	if !done(t, b, out.ID) {
		t.Error("not done")
	}
	also()
	equalAll(t, "who did not get it by the other list", deliver(t, b, now, oneHop), sorted(append(want, "cid@a.example")...))
}

func lightForm(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example", "cid@a.example")
	change(t, b, rec, "ann@a.example", func(m *list.Member) { m.NoAttachments = true })
	change(t, b, rec, "bob@b.example", func(m *list.Member) { m.MaxSize = 200_000 })
	light := func(at time.Time) (got []string) {
		t.Helper()
		for _, c := range claimAll(t, b, at, oneHop, 2) {
			for _, cp := range c.Copies {
				if cp.Light {
					got = append(got, cp.Address)
				}
			}
			settleAll(t, b, at, c, list.Deferred, at.Add(time.Minute))
		}
		var shown []string
		check(t, b.Queue(func(r list.QueueRow) error { // what was settled is in the index then
			if r.Light {
				shown = append(shown, r.Recipient)
			}
			return nil
		}))
		equalAll(t, "the rows that say so", sorted(shown...), sorted(got...))
		return sorted(got...)
	}
	send(t, b, rec, func(o *list.Outgoing) { o.Size = 200_000 })
	equalAll(t, "a post of that size", light(now), []string{"ann@a.example"})
	change(t, b, rec, "ann@a.example", func(m *list.Member) { m.NoAttachments = false })
	change(t, b, rec, "cid@a.example", func(m *list.Member) { m.NoAttachments = true })
	equalAll(t, "the same, tried again", light(now.Add(time.Hour)), []string{"cid@a.example"})
	equalAll(t, "delivered", deliver(t, b, now.Add(24*time.Hour), oneHop), []string{"ann@a.example", "bob@b.example", "cid@a.example"})
	send(t, b, rec, func(o *list.Outgoing) { o.Size = 200_001 })
	equalAll(t, "a larger one", light(now), []string{"bob@b.example", "cid@a.example"})
	deliver(t, b, now.Add(24*time.Hour), oneHop)
	send(t, b, rec, func(o *list.Outgoing) { o.Size, o.Bare = 200_001, true })
	equalAll(t, "one that is text alone", light(now), nil)
}
