package list_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// errInterrupted is what the store says of the transaction that was broken off.
var errInterrupted = errors.New("interrupted")

// moment is where in a transaction it is broken off.
type moment string

// The moments.
const (
	atItsStart     moment = "at its start"
	atItsEnd       moment = "at its end"       // what was done is undone
	afterItsCommit moment = "after its commit" // and nobody hears that it was done
	uninterrupted  moment = "uninterrupted"
)

// stranger writes what is held.
const stranger = "x@example.net"

// interruptedStore breaks off one transaction.
type interruptedStore struct {
	list.Store
	left int // transactions before that one, and itself
	when moment
}

func (s *interruptedStore) Update(f func(list.Tx) error) error {
	return s.transact(func(end error) error {
		return s.Store.Update(func(tx list.Tx) error { return errors.Join(f(tx), end) })
	}, func() error { return s.Store.Update(f) })
}

func (s *interruptedStore) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	return s.transact(func(end error) error {
		return s.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error { return errors.Join(f(tx, ref), end) })
	}, func() error { return s.Store.Keep(raw, f) })
}

// transact runs one transaction: to an end in errors, or as it is.
func (s *interruptedStore) transact(undone func(end error) error, done func() error) error {
	s.left--
	switch {
	case s.left != 0 || s.when == uninterrupted:
		return done()
	case s.when == atItsStart:
		return errInterrupted
	case s.when == atItsEnd:
		return undone(errInterrupted)
	}
	return errors.Join(done(), errInterrupted)
}

// errand is something that somebody wants of a list.
type errand struct {
	policy  list.Join
	prepare func(t *testing.T, s *site) []note
	run     func(s *site, all []note) error
	// parts says that it is done in several transactions, each of which may be the last for now.
	parts bool
}

// sent hands in mail that is to be taken.
func sent(_ list.Receipt, err error) error { return err }

// errands are what can be asked for by mail, and what the engine does for it.
func errands() map[string]errand {
	held := func(t *testing.T, s *site) []note { return s.hold(t, stranger, "One", sure) }
	decide := func(word string) errand {
		return errand{prepare: held, run: func(s *site, all []note) error { return sent(s.reply(all[0], amina, word, nil)) }}
	}
	asked := func(t *testing.T, s *site) []note { return []note{s.obeyed(t, zoe, "subscribe", "", "", unsure)} }
	requested := func(t *testing.T, s *site) []note {
		n := s.obeyed(t, zoe, "subscribe", "", "", sure)
		if err := sent(s.reply(n, zoe, "yes", sure)); err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(s.notices(t), func(n note) bool { return n.to == zoe })
	}
	unwanted := func(line string) func(t *testing.T, s *site) []note {
		return func(t *testing.T, s *site) []note {
			if err := sent(s.receive(withFiles("f@x", "", 300))); err != nil {
				t.Fatal(err)
			}
			if err := sent(s.command(amina, "request", "", line, sure)); err != nil {
				t.Fatal(err)
			}
			return slices.DeleteFunc(s.notices(t), func(n note) bool { return !strings.Contains(n.msg.Subject(), "remove this?") })
		}
	}
	remove := func(s *site, all []note) error { return sent(s.reply(all[0], amina, "yes", sure)) }
	return map[string]errand{
		"an owner asks for a post to be removed": {prepare: func(t *testing.T, s *site) []note { s.put(t, mail(dede, "p@x", "P")); return nil },
			run: func(s *site, _ []note) error { return sent(s.command(amina, "request", "", "remove post 1 why", sure)) }},
		"an owner removes a post":                       {prepare: unwanted("remove post 1 why"), run: remove},
		"an owner withdraws its attachments":            {prepare: unwanted("withdraw files 1 why"), run: remove},
		"a stranger is asked whether they want to join": {run: func(s *site, _ []note) error { return sent(s.command(zoe, "subscribe", "", "", unsure)) }},
		"whoever is known joins an open list": {policy: list.JoinOpen,
			run: func(s *site, _ []note) error { return sent(s.command(zoe, "subscribe", "", "", sure)) }},
		"a yes joins":          {prepare: asked, run: func(s *site, all []note) error { return sent(s.reply(all[0], zoe, "yes", unsure)) }},
		"a no ends the matter": {prepare: asked, run: func(s *site, all []note) error { return sent(s.reply(all[0], zoe, "no", unsure)) }},
		"the moderators are asked who joins": {policy: list.JoinApprove, prepare: asked,
			run: func(s *site, all []note) error { return sent(s.reply(all[0], zoe, "yes", sure)) }},
		"a moderator admits": {policy: list.JoinApprove, prepare: requested,
			run: func(s *site, all []note) error { return sent(s.reply(all[0], amina, "approve", nil)) }},
		"a moderator turns away": {policy: list.JoinApprove, prepare: requested,
			run: func(s *site, all []note) error { return sent(s.reply(all[0], amina, "reject Not yet.", nil)) }},
		"a post is held": {run: func(s *site, _ []note) error {
			return sent(s.take(stranger, peers, "From: "+stranger+"\nSubject: One\nMessage-ID: <one@x>\n\nHello.\n", sure))
		}},
		"a held post is approved":               decide("approve"),
		"a held post is approved as special":    decide("special"),
		"a held post is edited":                 decide("edit\nAnother text."),
		"a held post's author is trusted":       decide("trust"), // who is no member, which the moderator is told
		"a held post is rejected":               decide("reject Not here."),
		"a held post is discarded":              decide("discard"),
		"a held post's author is banned":        decide("ban"),
		"a moderator says what nobody can read": decide("frobnicate"),
		"a member takes a break": {run: func(s *site, _ []note) error {
			return sent(s.command(dede, "request", "", "pause until 2026-05-01\nset name Dede", sure))
		}},
		"a member leaves by a command": {run: func(s *site, _ []note) error { return sent(s.command(dede, "unsubscribe", "", "", sure)) }},
		"a member leaves by the address in their copy": {prepare: func(t *testing.T, s *site) []note {
			_, token := s.personal(t, 1, dede)
			return []note{{to: dede, msg: message.Parse([]byte("Reply-To: peers+leave-" + token + "@lists.example.org\r\n\r\n"))}}
		}, run: func(s *site, all []note) error { return sent(s.reply(all[0], dede, "", nil)) }},
		"notices are sent": {parts: true, prepare: func(t *testing.T, s *site) []note {
			for _, subject := range []string{"One", "Two"} {
				if err := sent(s.take(stranger, peers, "From: "+stranger+"\nSubject: "+subject+"\n\nHello.\n", sure)); err != nil {
					t.Fatal(err)
				}
			}
			return nil
		}, run: func(s *site, _ []note) error {
			_, err := s.SendNotes(context.Background())
			return err
		}},
	}
}

// state is what the store has of the list, a line for each thing; of the secrets, those that were sent in these notices and what asks for held posts.
func (s *site) state(t *testing.T, all []note) (lines []string) {
	t.Helper()
	add := func(format string, a ...any) { lines = append(lines, fmt.Sprintf(format, a...)) }
	secret := func(c list.Secret) error {
		add("secret %s %s %d spent %q, renewable %v", c.Purpose, c.Address, c.Subject, c.Spent, c.Note != nil)
		return nil
	}
	err := s.db.View(func(r list.Reader) error {
		errs := []error{
			r.Members(1, func(m list.Member) error {
				add("member %d %s %q %s %s trusted %v, posts %d", m.Number, m.Address, m.Name, m.State, m.PausedUntil, m.Trusted, m.Posts)
				return nil
			}),
			r.Posts(1, 1, func(p list.Post) error {
				add("post %d %s %q %s, topic %d, by %s, special %v, edited %v, uid %d, gone %v", p.Number, p.From, p.Subject, p.MessageID, p.Topic, p.DecidedBy, p.Special,
					p.Original != list.Ref{}, p.UID, p.Ref == list.Ref{})
				return nil
			}),
			r.Removals(0, func(one list.Removal) error { add("removal %d of %d by %s", one.UID, one.Post, one.By); return nil }),
			r.FiledPosts(1, 0, func(f list.Filed) error { add("files of %d", f.Post); return nil }),
			r.HeldPosts(0, func(h list.Held) error { add("held %d %s", h.ID, h.Post.MessageID); return nil }),
			r.Rulings(func(u list.Ruling) error { add("ruling %d %s by %s", u.Held, u.What, u.By); return nil }),
			r.Bans(1, func(b list.Ban) error { add("ban %s by %s", b.Pattern, b.By); return nil }),
			r.Notes(func(n list.Note) error {
				add("note %s to %s, %v, secret %v", n.Text, n.To, n.Values, n.Secret != nil)
				return nil
			}),
		}
		for subject := range uint64(4) {
			errs = append(errs, r.SecretsOf(1, list.ForHeld, subject, secret))
		}
		for _, n := range all {
			_, token, _ := strings.Cut(strings.TrimSuffix(n.answerTo(), "@lists.example.org"), "-")
			if c, err := r.Secret(list.HashToken(token)); err == nil && c.Purpose != list.ForHeld {
				errs = append(errs, secret(c))
			} else if err != nil && !errors.Is(err, list.ErrNotFound) {
				errs = append(errs, err)
			}
		}
		asked, err := r.Asked(zoe)
		if len(asked) > 0 {
			add("asked %d times", len(asked))
		}
		return errors.Join(append(errs, err)...)
	})
	err = errors.Join(err, s.db.Queue(func(row list.QueueRow) error {
		add("copy %s to %s, %s", row.ID, row.Recipient, row.State)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

// begin makes a site on which an errand is about to be run.
func (e *errand) begin(t *testing.T) (*site, []note) {
	t.Helper()
	s := moderated(t, func(l *list.List) {
		if l.Join = e.policy; e.policy == "" {
			l.Join = list.JoinConfirm
		}
	})
	var all []note
	if e.prepare != nil {
		all = e.prepare(t, s)
	}
	return s, all
}

// once runs an errand with its n-th transaction broken off: always as the same mail.
func (e *errand) once(s *site, all []note, n int, when moment) (reached bool, err error) {
	store := &interruptedStore{Store: s.db, left: n, when: when}
	s.Store, s.ids = store, 1000
	err = e.run(s, all)
	s.Store = s.db
	return store.left <= 0, err
}

// TestAnInterruptedErrandIsDoneOrNot breaks off every transaction of all that is asked for by mail, at each moment. Then it is as if the mail had not
// come, or it is done: nothing lies between. Whoever sent it hears of no 250, and when the mail comes again, it is done, once.
func TestAnInterruptedErrandIsDoneOrNot(t *testing.T) {
	for name, e := range errands() {
		t.Run(name, func(t *testing.T) {
			s, all := e.begin(t)
			before := s.state(t, all)
			if _, err := e.once(s, all, 1, uninterrupted); err != nil {
				t.Fatal(err)
			}
			after := s.state(t, all)
			if slices.Equal(before, after) {
				t.Fatalf("it changes nothing:\n%s", strings.Join(after, "\n"))
			}
			for _, when := range []moment{atItsStart, atItsEnd, afterItsCommit} {
				for n := 1; e.interrupt(t, n, when, before, after); n++ {
					if n > 10 {
						t.Fatal("it has no end")
					}
				}
			}
		})
	}
}

// interrupt breaks off the n-th transaction of an errand, and reports whether it has one.
func (e *errand) interrupt(t *testing.T, n int, when moment, before, after []string) bool {
	t.Helper()
	s, all := e.begin(t)
	reached, err := e.once(s, all, n, when)
	if !reached {
		if n == 1 {
			t.Error("it has no transaction")
		}
		return false
	}
	if !errors.Is(err, errInterrupted) {
		t.Errorf("transaction %d broken off %s: %v", n, when, err)
	}
	want := before
	if when == afterItsCommit {
		want = after
	}
	if got := s.state(t, all); !e.parts && !slices.Equal(got, want) {
		t.Errorf("transaction %d broken off %s left\n%s\nwant\n%s", n, when, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := e.once(s, all, 1, uninterrupted); err != nil {
		t.Errorf("the same again after transaction %d was broken off %s: %v", n, when, err)
	}
	got := s.state(t, all)
	if when == afterItsCommit { // who asks again for what was done may be told so
		got = withoutAnswer(got, after)
	}
	if !slices.Equal(got, after) {
		t.Errorf("the same again after transaction %d was broken off %s comes to\n%s\nwant\n%s", n, when, strings.Join(got, "\n"), strings.Join(after, "\n"))
	}
	return true
}

// withoutAnswer is a state without the first note that another has not.
func withoutAnswer(got, other []string) []string {
	for i, line := range got {
		if i == len(other) || line != other[i] {
			if strings.HasPrefix(line, "note ") {
				return slices.Delete(got, i, i+1)
			}
			return got
		}
	}
	return got
}
