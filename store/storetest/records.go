package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/list"
)

func lists(t *testing.T, b Backend) {
	first := addMembers(t, b, "peers@example.org", "ann@x.example")
	second := addMembers(t, b, "News@example.org")
	if first.ID == 0 || first.ID == second.ID {
		t.Fatalf("ids %d and %d", first.ID, second.ID)
	}
	var renamed list.Record
	check(t, b.Update(func(tx list.Tx) (err error) {
		again, err := tx.EnsureList("PEERS@example.org", nil)
		equal(t, "the same address in capitals", again.ID, first.ID)
		if err != nil {
			return err
		}
		renamed, err = tx.EnsureList("people@example.org", []string{"nobody@example.org", "peers@example.org"})
		return err
	}))
	equal(t, "renamed", renamed, list.Record{ID: first.ID, Address: "people@example.org", Members: 1, LastMember: 1})
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutList(list.Record{ID: first.ID, Address: "people@example.org", Closed: true}))
	})
	view(t, b, func(r list.Reader) {
		_, err := r.List("peers@example.org")
		isNotFound(t, "the former address", err)
		equal(t, "closed", must[list.Record](t)(r.List("People@Example.org")), list.Record{ID: first.ID, Address: "people@example.org", Closed: true, Members: 1, LastMember: 1})
		var all []string
		check(t, r.Lists(func(rec list.Record) error { all = append(all, rec.Address); return nil }))
		equalAll(t, "all lists", all, []string{"people@example.org", "News@example.org"})
	})
	err := b.Update(func(tx list.Tx) error { return tx.PutList(list.Record{ID: first.ID, Address: "news@example.org"}) })
	if err == nil {
		t.Error("two lists have one address")
	}
}

func members(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "Zoe@b.example", "ann@a.example", "bob@b.example", "cid@a.example.org", "dan@a.example")
	equal(t, "counted", rec.Members, uint32(5))
	full := list.Member{List: rec.ID, Address: "eve@c.example", Name: "Eve Ü", Mode: list.ModeNoMail, State: list.Paused, Role: list.RoleOwner,
		Language: "de", Timezone: "Europe/Berlin", Joined: now, LastPost: now.Add(time.Nanosecond), Posts: 7, Moderated: true, Trusted: true,
		PausedUntil: now.Add(time.Hour), Others: []string{"Eve@work.example", "eve@c.example.org"}, Own: list.ChooseNo}
	check(t, b.Update(func(tx list.Tx) (err error) {
		full, err = tx.PutMember(full)
		return err
	}))
	equal(t, "number of the sixth", full.Number, uint32(6))
	var all []string
	view(t, b, func(r list.Reader) {
		equal(t, "every field", must[list.Member](t)(r.Member(rec.ID, "EVE@C.example")), full)
		check(t, r.Members(rec.ID, func(m list.Member) error { all = append(all, m.Address); return nil }))
	})
	equalAll(t, "by domain, then number", all, []string{"ann@a.example", "dan@a.example", "cid@a.example.org", "Zoe@b.example", "bob@b.example", "eve@c.example"})
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteMember(rec.ID, "ZOE@b.example"))
		isNotFound(t, "deleting twice", tx.DeleteMember(rec.ID, "zoe@b.example"))
		again := must[list.Member](t)(tx.PutMember(member(rec.ID, "zoe@b.example")))
		equal(t, "numbers are not used again", again.Number, uint32(7))
		same := must[list.Member](t)(tx.PutMember(member(rec.ID, "ZOE@b.example")))
		equal(t, "one address is one member", same.Number, uint32(7))
		equal(t, "counted again", must[list.Record](t)(tx.List("peers@example.org")).Members, uint32(6))
	})
	for _, bad := range []string{"", "nobody", "@b.example", "x@", "a\x00b@c.example"} {
		if err := b.Update(func(tx list.Tx) error { _, err := tx.PutMember(member(rec.ID, bad)); return err }); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}

func readdress(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", "ann@a.example", "bob@b.example")
	update(t, b, func(tx list.Tx) {
		m := must[list.Member](t)(tx.Member(rec.ID, "ann@a.example"))
		m.Address = "Ann.New@z.example"
		must[list.Member](t)(tx.PutMember(m))
		_, err := tx.Member(rec.ID, "ann@a.example")
		isNotFound(t, "the old address", err)
		equal(t, "the new address", must[list.Member](t)(tx.Member(rec.ID, "ann.new@Z.example")), m)
		equal(t, "members", must[list.Record](t)(tx.List("peers@example.org")).Members, uint32(2))
	})
	err := b.Update(func(tx list.Tx) error {
		m := must[list.Member](t)(tx.Member(rec.ID, "ann.new@z.example"))
		m.Address = "bob@b.example"
		_, err := tx.PutMember(m)
		return err
	})
	if err == nil {
		t.Error("two members have one address")
	}
}

// post is a post with every field set.
func post(id uint32, messageID string, topic uint32) list.Post {
	return list.Post{List: id, Ref: list.Ref{}, MessageID: messageID, Topic: topic, Node: list.NodeID{1, 2},
		Envelope: list.Envelope{ID: "e1", From: "ann@a.example", Helo: "h", IP: "192.0.2.1", Protocol: "ESMTPS", Relay: true, Authenticated: true, Received: now},
		From:     "ann@a.example", FromName: "Ann", Subject: "Grüße", Date: time.Date(9999, 1, 2, 3, 4, 5, 0, time.UTC), Arrived: now, Accepted: now.Add(time.Hour),
		ContentKey: [16]byte{9}, Outgoing: 3, Trace: []list.Opinion{{Rule: "size", Action: "pass"}, {Rule: "member", Action: "hold", Reason: "why"}},
		DecidedBy: "mod@a.example", Special: true, Auth: list.Authentication{SPF: list.Pass, DKIM: list.Fail, DMARC: list.None, SPFAligned: true, DKIMAligned: true,
			Policy: "reject", Source: "local", Detail: "spf=pass", Strict: true, PolicyWhy: "p=reject at _dmarc.a.example", Results: "mx; arc=none"}}
}

// edited is about a post whose text a moderator has replaced: it has two messages.
func edited(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	want := post(rec.ID, "a@x", 0)
	check(t, b.Keep([]byte("as it came"), func(_ list.Tx, ref list.Ref) error { want.Original = ref; return nil }))
	check(t, b.Keep([]byte("as it went out"), func(tx list.Tx, ref list.Ref) (err error) {
		want.Ref = ref
		want, err = tx.PutPost(want)
		return err
	}))
	var got list.Post
	view(t, b, func(r list.Reader) { got = must[list.Post](t)(r.Post(rec.ID, 1)) })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	equal(t, "what came", string(must[[]byte](t)(b.Raw(got.Original))), "as it came")
	equal(t, "what went out", string(must[[]byte](t)(b.Raw(got.Ref))), "as it went out")
}

func posts(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	other := addMembers(t, b, "news@example.org")
	var topic, second list.Topic
	update(t, b, func(tx list.Tx) {
		topic = must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Last: now}))
		second = must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Last: now}))
		for i, id := range []string{"a@x", "b@x", "a@x"} {
			p := must[list.Post](t)(tx.PutPost(post(rec.ID, id, topic.ID)))
			equal(t, "number", p.Number, uint32(i+1))
		}
		equal(t, "numbers are the list's own", must[list.Post](t)(tx.PutPost(post(other.ID, "a@x", 0))).Number, uint32(1))
	})
	want := post(rec.ID, "a@x", topic.ID)
	want.Number = 1
	view(t, b, func(r list.Reader) {
		if got := must[list.Post](t)(r.Post(rec.ID, 1)); !reflect.DeepEqual(got, want) {
			t.Errorf("the first post: got %+v, want %+v", got, want)
		}
		equal(t, "the last number", must[list.Record](t)(r.List(rec.Address)).Posts, uint32(3))
		var numbers []uint32
		check(t, r.Posts(rec.ID, 2, func(p list.Post) error { numbers = append(numbers, p.Number); return nil }))
		equalAll(t, "posts from 2", numbers, []uint32{2, 3})
	})
	update(t, b, func(tx list.Tx) {
		p := must[list.Post](t)(tx.Post(rec.ID, 2))
		p.Topic = second.ID
		must[list.Post](t)(tx.PutPost(p))
	})
	view(t, b, func(r list.Reader) {
		for id, want := range map[uint32][]uint32{topic.ID: {1, 3}, second.ID: {2}} {
			var got []uint32
			check(t, r.TopicPosts(rec.ID, id, func(p list.Post) error { got = append(got, p.Number); return nil }))
			equalAll(t, fmt.Sprintf("posts of topic %d", id), got, want)
		}
	})
}

func seen(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	one, two := [16]byte{1}, [16]byte{2}
	update(t, b, func(tx list.Tx) { check(t, tx.See(rec.ID, "a@x", one)) })
	view(t, b, func(r list.Reader) {
		for _, c := range []struct {
			list         uint32
			id           string
			content      [16]byte
			same, sameID bool
		}{
			{rec.ID, "a@x", one, true, true},
			{rec.ID, "a@x", two, false, true},
			{rec.ID, "b@x", one, false, false},
			{rec.ID + 1, "a@x", one, false, false},
		} {
			same, sameID, err := r.Seen(c.list, c.id, c.content)
			check(t, err)
			if same != c.same || sameID != c.sameID {
				t.Errorf("list %d, %s, %x: got %v, %v; want %v, %v", c.list, c.id, c.content, same, sameID, c.same, c.sameID)
			}
		}
	})
}

func topics(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	full := list.Topic{List: rec.ID, Root: list.NodeID{5}, Subject: "Trust", Base: "trust", Renamed: true, Locked: true, Held: true, From: 4, Posts: 2,
		First: now, Last: now.Add(time.Hour)}
	var ids [3]uint32
	update(t, b, func(tx list.Tx) {
		full = must[list.Topic](t)(tx.PutTopic(full))
		ids[0] = full.ID
		ids[1] = must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Base: "trust", Last: now})).ID
		ids[2] = must[list.Topic](t)(tx.PutTopic(list.Topic{List: rec.ID, Base: "", Last: now.Add(2 * time.Hour)})).ID
	})
	order := func(want ...uint32) {
		t.Helper()
		view(t, b, func(r list.Reader) {
			var got []uint32
			check(t, r.Topics(rec.ID, func(v list.Topic) error { got = append(got, v.ID); return nil }))
			equalAll(t, "by activity", got, want)
		})
	}
	order(ids[2], ids[0], ids[1])
	view(t, b, func(r list.Reader) {
		equal(t, "every field", must[list.Topic](t)(r.Topic(rec.ID, full.ID)), full)
		equal(t, "active last with the subject", must[list.Topic](t)(r.TopicBySubject(rec.ID, "trust")).ID, ids[0])
		_, err := r.TopicBySubject(rec.ID, "")
		isNotFound(t, "the empty subject", err)
	})
	update(t, b, func(tx list.Tx) {
		v := must[list.Topic](t)(tx.Topic(rec.ID, ids[1]))
		v.Last = now.Add(3 * time.Hour)
		must[list.Topic](t)(tx.PutTopic(v))
	})
	order(ids[1], ids[2], ids[0])
	update(t, b, func(tx list.Tx) { check(t, tx.DeleteTopic(rec.ID, ids[1])) })
	order(ids[2], ids[0])
	view(t, b, func(r list.Reader) {
		equal(t, "after the other is gone", must[list.Topic](t)(r.TopicBySubject(rec.ID, "trust")).ID, ids[0])
	})
}

func nodes(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	n := list.Node{ID: list.NodeID{1}, Post: 7, Parent: list.NodeID{2}, Rank: list.RankOwn, Root: true, Topic: 3}
	ghost := list.Node{ID: list.NodeID{2}}
	in := func(topic uint32) (ids []list.NodeID) {
		view(t, b, func(r list.Reader) {
			check(t, r.TopicNodes(rec.ID, topic, func(n list.Node) error { ids = append(ids, n.ID); return nil }))
		})
		return ids
	}
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutNode(rec.ID, n))
		check(t, tx.PutNode(rec.ID, ghost))
	})
	view(t, b, func(r list.Reader) {
		equal(t, "every field", must[list.Node](t)(r.Node(rec.ID, n.ID)), n)
		equal(t, "a ghost", must[list.Node](t)(r.Node(rec.ID, ghost.ID)), ghost)
	})
	equalAll(t, "in topic 3", in(3), []list.NodeID{n.ID})
	n.Topic = 4
	update(t, b, func(tx list.Tx) { check(t, tx.PutNode(rec.ID, n)) })
	equalAll(t, "left topic 3", in(3), nil)
	equalAll(t, "in topic 4", in(4), []list.NodeID{n.ID})
}

func held(t *testing.T, b Backend) {
	one, two := addMembers(t, b, "peers@example.org"), addMembers(t, b, "news@example.org")
	var all [3]list.Held
	update(t, b, func(tx list.Tx) {
		for i, h := range []list.Held{
			{Post: post(one.ID, "a@x", 0), Expires: now.Add(2 * time.Hour), Quiet: true},
			{Post: list.Post{List: two.ID, From: "b@x.example", FromName: "B", Subject: "B wants to join", Arrived: now}, Expires: now.Add(time.Hour), Join: true},
			{Post: post(one.ID, "c@x", 0)},
		} {
			all[i] = must[list.Held](t)(tx.PutHeld(h))
		}
	})
	ids := func(walk func(f func(list.Held) error) error) (got []uint64) {
		check(t, walk(func(h list.Held) error { got = append(got, h.ID); return nil }))
		return got
	}
	view(t, b, func(r list.Reader) {
		for _, want := range all[:2] {
			if got := must[list.Held](t)(r.Held(want.ID)); !reflect.DeepEqual(got, want) {
				t.Errorf("every field: got %+v, want %+v", got, want)
			}
		}
		equalAll(t, "of all lists", ids(func(f func(list.Held) error) error { return r.HeldPosts(0, f) }), []uint64{all[0].ID, all[1].ID, all[2].ID})
		equalAll(t, "of one list", ids(func(f func(list.Held) error) error { return r.HeldPosts(one.ID, f) }), []uint64{all[0].ID, all[2].ID})
		equalAll(t, "expiring", ids(func(f func(list.Held) error) error { return r.HeldExpiring(now.Add(2*time.Hour), f) }), []uint64{all[1].ID, all[0].ID})
		equalAll(t, "not expiring yet", ids(func(f func(list.Held) error) error { return r.HeldExpiring(now.Add(time.Hour-1), f) }), nil)
	})
	update(t, b, func(tx list.Tx) {
		all[1].Expires = now.Add(3 * time.Hour)
		must[list.Held](t)(tx.PutHeld(all[1]))
		check(t, tx.DeleteHeld(all[0].ID))
		isNotFound(t, "deleting twice", tx.DeleteHeld(all[0].ID))
	})
	view(t, b, func(r list.Reader) {
		equalAll(t, "after a change", ids(func(f func(list.Held) error) error { return r.HeldExpiring(now.Add(9*time.Hour), f) }), []uint64{all[1].ID})
	})
}

func bans(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	everywhere, here := list.Ban{Pattern: "*@spam.example", By: "ann", At: now}, list.Ban{List: rec.ID, Pattern: "x@y.example", At: now}
	update(t, b, func(tx list.Tx) {
		check(t, tx.PutBan(everywhere))
		check(t, tx.PutBan(here))
		check(t, tx.PutBan(list.Ban{List: rec.ID + 1, Pattern: "other@y.example"}))
	})
	get := func(id uint32) (got []list.Ban) {
		view(t, b, func(r list.Reader) { check(t, r.Bans(id, func(v list.Ban) error { got = append(got, v); return nil })) })
		return got
	}
	equalAll(t, "of a list", get(rec.ID), []list.Ban{everywhere, here})
	equalAll(t, "of all lists", get(0), []list.Ban{everywhere})
	update(t, b, func(tx list.Tx) {
		check(t, tx.DeleteBan(rec.ID, here.Pattern))
		isNotFound(t, "deleting twice", tx.DeleteBan(rec.ID, here.Pattern))
	})
	equalAll(t, "after one is gone", get(rec.ID), []list.Ban{everywhere})
}

func notFound(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	view(t, b, func(r list.Reader) {
		for what, f := range map[string]func() error{
			"list":     func() error { _, err := r.List("x@example.org"); return err },
			"member":   func() error { _, err := r.Member(rec.ID, "x@example.org"); return err },
			"post":     func() error { _, err := r.Post(rec.ID, 1); return err },
			"topic":    func() error { _, err := r.Topic(rec.ID, 1); return err },
			"subject":  func() error { _, err := r.TopicBySubject(rec.ID, "x"); return err },
			"node":     func() error { _, err := r.Node(rec.ID, list.NodeID{}); return err },
			"held":     func() error { _, err := r.Held(1); return err },
			"outgoing": func() error { _, err := r.Outgoing(1); return err },
		} {
			isNotFound(t, what, f())
		}
	})
	if _, ok, err := b.Claim(now, oneHop, always, 1); ok || err != nil {
		t.Errorf("a claim of nothing: %v, %v", ok, err)
	}
	isNotFound(t, "copies", b.Copies(1, func(list.QueueRow) error { return nil }))
}

func iterate(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org", numbered(50, 3)...)
	count := 0
	update(t, b, func(tx list.Tx) {
		check(t, tx.Members(rec.ID, func(m list.Member) error {
			if count++; m.Number%2 == 0 {
				return tx.DeleteMember(rec.ID, m.Address)
			}
			m.Name = strings.Repeat("x", 100)
			_, err := tx.PutMember(m)
			return err
		}))
	})
	equal(t, "each member came once", count, 50)
	view(t, b, func(r list.Reader) {
		equal(t, "half are left", must[list.Record](t)(r.List(rec.Address)).Members, uint32(25))
		count = 0
		check(t, r.Members(rec.ID, func(list.Member) error {
			if count++; count == 3 {
				return list.ErrStop
			}
			return nil
		}))
		equal(t, "stopped", count, 3)
		mine := errors.New("mine")
		if err := r.Members(rec.ID, func(list.Member) error { return mine }); !errors.Is(err, mine) {
			t.Errorf("an error of the function: got %v", err)
		}
	})
}

func raw(t *testing.T, b Backend) {
	noise := make([]byte, 3<<20)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	var refs []list.Ref
	messages := [][]byte{[]byte("Subject: a\r\n\r\nb\r\n"), bytes.Repeat([]byte("text "), 5000), noise, {}, {0}}
	for _, m := range messages {
		check(t, b.Keep(m, func(_ list.Tx, ref list.Ref) error {
			refs = append(refs, ref)
			return nil
		}))
	}
	for i, m := range messages {
		if got := must[[]byte](t)(b.Raw(refs[i])); !bytes.Equal(got, m) {
			t.Errorf("message %d is not what it was", i)
		}
		equal(t, "length", refs[i].Length, uint32(len(m)))
	}
	if _, err := b.Raw(list.Ref{Segment: 1, Offset: refs[1].Offset + 1, Length: 10}); err == nil {
		t.Error("a reference into the middle of a record was read")
	}
	check(t, b.Room(10_000))
}

func undo(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	mine := errors.New("mine")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			err := b.Update(func(tx list.Tx) error {
				if _, err := tx.PutMember(member(rec.ID, fmt.Sprintf("m%d@a.example", i))); err != nil {
					return err
				}
				if i%4 == 0 {
					return mine
				}
				return nil
			})
			if (i%4 == 0) != errors.Is(err, mine) {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	view(t, b, func(r list.Reader) {
		equal(t, "members", must[list.Record](t)(r.List(rec.Address)).Members, uint32(30))
		_, err := r.Member(rec.ID, "m4@a.example")
		isNotFound(t, "what was undone", err)
	})
}

func panics(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	err := b.Update(func(tx list.Tx) error {
		if _, err := tx.PutMember(member(rec.ID, "a@a.example")); err != nil {
			return err
		}
		panic("of the function")
	})
	if err == nil {
		t.Error("a panic is no error")
	}
	view(t, b, func(r list.Reader) {
		_, err := r.Member(rec.ID, "a@a.example")
		isNotFound(t, "what the function did", err)
	})
	addMembers(t, b, "peers@example.org", "b@a.example")
}

func concurrent(t *testing.T, b Backend) {
	rec := addMembers(t, b, "peers@example.org")
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 10 {
				body := fmt.Appendf(nil, "message %d of %d", j, i)
				var ref list.Ref
				err := b.Keep(body, func(tx list.Tx, r list.Ref) error {
					ref = r
					p := post(rec.ID, fmt.Sprintf("%d.%d@x", i, j), 0)
					p.Ref = r
					_, err := tx.PutPost(p)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := b.Raw(ref); err != nil || !bytes.Equal(got, body) {
					t.Errorf("%q: got %q, %v", body, got, err)
				}
			}
		})
	}
	wg.Wait()
	numbers := map[uint32]bool{}
	view(t, b, func(r list.Reader) {
		check(t, r.Posts(rec.ID, 0, func(p list.Post) error { numbers[p.Number] = true; return nil }))
	})
	equal(t, "posts with a number of their own", len(numbers), 160)
}
