// Package storetest is the conformance suite that every back-end of list.Store and of the outbox passes: what a record looks like when it is
// read back, in which order, what an error undoes, and that each copy of a message is handed out once, to whom it should be, until it is
// settled. A second back-end runs it and needs no tests of its own for these. It is for tests only, and knows nothing of any back-end.
package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// Backend is what is tested.
type Backend interface {
	list.Store
	Claim(now time.Time, hop func(domain string) string, ready func(hop string) bool, max int) (list.Claim, bool, error)
	Settle(now time.Time, claim uint64, results []list.Settled) error
	Release(claim uint64)
	NextDue() (time.Time, bool)
	Wake() <-chan struct{}
	Reroute()
	Queue(f func(list.QueueRow) error) error
	Copies(outgoing uint64, f func(list.QueueRow) error) error
	Retry(now time.Time, ids []string) (int, error)
	Drop(now time.Time, ids []string) (int, error)
	Pause(what string) error
	Resume(what string) error
	Paused() []string
	Poison(outgoing uint64, reason string) error
	Pending() (outgoings int, copies uint64, oldest time.Time)
	Prune(now time.Time) error
}

// Run tests the back-ends that open makes: each call a new and empty one, closed and verified in the test's Cleanup.
func Run(t *testing.T, open func(t *testing.T) Backend) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, b Backend)
	}{
		{"lists are found by address and renamed with their record", lists},
		{"members are found, ordered by domain and counted", members},
		{"members are found by each of their addresses", otherAddresses},
		{"pauses end in order", pauseEnds},
		{"who reads digests is found", digestReaders},
		{"a member who changes address is found under the new one only", readdress},
		{"what members said of topics is found by topic and by member, and goes with either", interests},
		{"posts get numbers and are found by Message-ID and topic", posts},
		{"files of posts are found, the latest first", files},
		{"what was removed is told in order, and whoever watches hears of it", removals},
		{"what is forgotten is erased once nothing names it, and dropped copies have no content", erasing},
		{"an edited post has two messages", edited},
		{"content that was seen is seen again", seen},
		{"topics are ordered by activity and found by subject", topics},
		{"nodes are found by id and by topic", nodes},
		{"held posts are found by list and expiry", held},
		{"how a held post's wait ended is known until it expires", rulings},
		{"bans of a list and of all lists are found", bans},
		{"lists and members are found by number", byNumber},
		{"keys of marks come back by age", markKeys},
		{"reports are found by post and copy, and forgotten", reports},
		{"notes wait in order, and whoever sends them hears of them", notes},
		{"secrets are found by hash and subject, and forgotten when they expire", secrets},
		{"what an address was asked is known for a day", asked},
		{"what is not there is not found", notFound},
		{"an iteration may write and may stop", iterate},
		{"kept messages read back as they were", raw},
		{"an error undoes only the function that returned it", undo},
		{"a panic is an error of its own function", panics},
		{"concurrent writers all succeed", concurrent},
		{"a post reaches every receiving member once", fanOut},
		{"members read at claim time: joiners and leavers get nothing", membersAtClaim},
		{"the author may be left out", except},
		{"some want special posts alone", special},
		{"named recipients are reached", named},
		{"muted topics reach nobody who muted them", mutedTopics},
		{"in follow mode come followed topics and first posts", followedTopics},
		{"who wants no duplicates gets none", duplicates},
		{"a copy waits for what becomes of that by another list", duplicateWaits},
		{"a message of three lists comes once", eachOnce},
		{"the light form goes to who wants it, or none of this size", lightForm},
		{"deferred copies come back when due", deferral},
		{"released copies come back", release},
		{"part of a claim may be settled", partly},
		{"a copy is settled once", settleOnce},
		{"pauses keep copies back", pauses},
		{"hops and posts take turns", fairness},
		{"a hop that is not ready keeps nobody else waiting", unready},
		{"a new route is followed at once and nobody gets two", reroute},
		{"the queue shows what is due and what became of it", queue},
		{"retry makes deferred copies due", retry},
		{"dropped copies go nowhere", drop},
		{"poison waits for a retry", poison},
		{"a member who moves to another domain gets one copy", move},
		{"what was done is forgotten after 30 days", prune},
		{"failed copies of posts wait until owners are told", failures},
		{"what was told is known for 30 days", told},
		{"failed copies wait until they are judged", failuresToJudge},
		{"what is known of an address is found by it and when it is due", addressStates},
		{"changes of addresses wait until owners are told", addressChanges},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// now is the time at which the suite's stories begin.
var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func equalAll[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func update(t *testing.T, b Backend, f func(tx list.Tx)) {
	t.Helper()
	check(t, b.Update(func(tx list.Tx) error { f(tx); return nil }))
}

func view(t *testing.T, b Backend, f func(r list.Reader)) {
	t.Helper()
	check(t, b.View(func(r list.Reader) error { f(r); return nil }))
}

// addMembers makes a list with these members, who all receive.
func addMembers(t *testing.T, b Backend, address string, members ...string) list.Record {
	t.Helper()
	var rec list.Record
	check(t, b.Update(func(tx list.Tx) (err error) {
		if rec, err = tx.EnsureList(address, nil); err != nil {
			return err
		}
		for _, m := range members {
			if _, err := tx.PutMember(member(rec.ID, m)); err != nil {
				return err
			}
		}
		rec, err = tx.List(address)
		return err
	}))
	return rec
}

func member(id uint32, address string) list.Member {
	return list.Member{List: id, Address: address, Mode: list.ModeEach, State: list.Active, Role: list.RoleMember, Joined: now}
}

// numbered makes n addresses spread over so many domains.
func numbered(n, domains int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("m%d@d%d.example", i, i%domains)
	}
	return all
}

// send enqueues a post for the members that the list has now.
func send(t *testing.T, b Backend, rec list.Record, change func(*list.Outgoing)) list.Outgoing {
	t.Helper()
	var out list.Outgoing
	check(t, b.Update(func(tx list.Tx) (err error) {
		last := uint32(0)
		if err := tx.Members(rec.ID, func(m list.Member) error { last = max(last, m.Number); return nil }); err != nil {
			return err
		}
		o := list.Outgoing{List: rec.ID, Post: 1, Address: rec.Address, MaxMember: last, Accepted: now, Style: list.Style{List: rec.Address}}
		if change != nil {
			change(&o)
		}
		out, err = tx.Enqueue(o)
		return err
	}))
	return out
}

// oneHop is a site with a smarthost; perDomain one that delivers by itself.
func oneHop(string) string           { return "smarthost" }
func perDomain(domain string) string { return domain }
func always(string) bool             { return true }

// claimAll claims until there is nothing more, without settling.
func claimAll(t *testing.T, b Backend, at time.Time, hop func(string) string, most int) (claims []list.Claim) {
	t.Helper()
	for {
		c, ok, err := b.Claim(at, hop, always, most)
		check(t, err)
		if !ok {
			return claims
		}
		if len(c.Copies) == 0 || len(c.Copies) > most {
			t.Fatalf("a claim of %d copies where 1 to %d were asked for", len(c.Copies), most)
		}
		claims = append(claims, c)
	}
}

func settleAll(t *testing.T, b Backend, at time.Time, c list.Claim, outcome list.Outcome, due time.Time) {
	t.Helper()
	check(t, b.Settle(at, c.ID, results(c, outcome, due)))
}

func results(c list.Claim, outcome list.Outcome, due time.Time) []list.Settled {
	all := make([]list.Settled, len(c.Copies))
	for i, cp := range c.Copies {
		all[i] = list.Settled{Copy: cp, Outcome: outcome, Status: "250 2.0.0 taken", Due: due}
	}
	return all
}

// deliver claims and delivers all that is due and returns the addresses in order.
func deliver(t *testing.T, b Backend, at time.Time, hop func(string) string) (got []string) {
	t.Helper()
	for {
		c, ok, err := b.Claim(at, hop, always, 7)
		check(t, err)
		if !ok {
			slices.Sort(got)
			return got
		}
		got = append(got, addresses(c)...)
		settleAll(t, b, at, c, list.Delivered, time.Time{})
	}
}

func addresses(c list.Claim) (all []string) {
	for _, cp := range c.Copies {
		all = append(all, cp.Address)
	}
	return all
}

func sorted(all ...string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return all
}

// done reports that an outgoing has come to its end; the folder may need a moment, which Queue waits for.
func done(t *testing.T, b Backend, id uint64) bool {
	t.Helper()
	check(t, b.Queue(func(list.QueueRow) error { return nil }))
	var out list.Outgoing
	view(t, b, func(r list.Reader) { out = must[list.Outgoing](t)(r.Outgoing(id)) })
	return out.State == list.OutDone
}

// fates returns "address state" of every copy.
func fates(t *testing.T, b Backend, id uint64) (all []string) {
	t.Helper()
	check(t, b.Copies(id, func(r list.QueueRow) error {
		all = append(all, r.Recipient+" "+r.State)
		return nil
	}))
	return all
}

func isNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, list.ErrNotFound) {
		t.Errorf("%s: got %v, want not found", what, err)
	}
}

func domain(address string) string { return address[strings.IndexByte(address, '@')+1:] }
