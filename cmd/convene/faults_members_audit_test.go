package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convene/list"
	"convene/store"
)

// record is what the store has of the people around a list, and the posts.
type record struct {
	members map[string]list.Member
	held    map[string]int // posts that wait, by subject
	ruled   map[string][]list.Ruling
	sent    map[string]int
	edited  map[string]int // of those that were sent
	owed    int            // notices that are still to be sent
}

// audit holds the store of a program that is down against what people remember. It returns how many notices are owed.
func (s *deskSite) audit(t *testing.T) (owed int) {
	t.Helper()
	db, err := store.Open(filepath.Join(s.dir, "data"), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = db.View(func(r list.Reader) error {
		c, err := readRecord(r)
		if err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, p := range s.people {
			s.auditPerson(p, c)
		}
		for _, p := range s.desk.held {
			s.auditPost(p, c)
		}
		owed = c.owed
		return s.auditTokens(r, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	return owed
}

func readRecord(r list.Reader) (*record, error) {
	c := &record{members: map[string]list.Member{}, held: map[string]int{}, ruled: map[string][]list.Ruling{}, sent: map[string]int{}, edited: map[string]int{}}
	err := errors.Join(
		r.Members(1, func(m list.Member) error { c.members[m.Address] = m; return nil }),
		r.HeldPosts(1, func(h list.Held) error { c.held[h.Post.Subject]++; return nil }),
		r.Rulings(func(u list.Ruling) error { c.ruled[u.Subject] = append(c.ruled[u.Subject], u); return nil }),
		r.Posts(1, 1, func(p list.Post) error {
			if c.sent[p.Subject]++; p.Original != (list.Ref{}) && p.Original != p.Ref {
				c.edited[p.Subject]++
			}
			return nil
		}),
		r.Notes(func(list.Note) error { c.owed++; return nil }),
	)
	return c, err
}

// offered reports whether the program may have taken a mail, and done whether it said so.
func (m *deskMail) offered() bool { return m != nil && m.tried > 0 }
func (m *deskMail) done() bool    { return m != nil && m.answered }

func (s *deskSite) auditPerson(p *newcomer, c *record) {
	m, member := c.members[p.address]
	leaves := p.then == "unsubscribe" && p.next.offered()
	switch {
	case member && (p.then == "no" || !p.confirm.offered()):
		s.wrong.add("a member who has not said yes", "%s", p.address)
	case member && leaves && p.next.done():
		s.wrong.add("a member who has left", "%s", p.address)
	case !member && p.confirm.done() && p.then != "no" && !leaves:
		s.wrong.add("a yes that was answered 250 and lost", "%s", p.address)
	case member && p.then == "pause" && p.next.done() && m.State != list.Paused:
		s.wrong.add("a break that was answered 250 and lost", "%s is %s", p.address, m.State)
	case member && m.State != list.Active && (p.then != "pause" || !p.next.offered()):
		s.wrong.add("a break that nobody asked for", "%s is %s", p.address, m.State)
	}
}

func (s *deskSite) auditPost(p *strangerPost, c *record) {
	held, ruled, sent := c.held[p.subject], c.ruled[p.subject], c.sent[p.subject]
	approved := len(ruled) > 0 && slices.Contains([]list.Ruled{list.RuledApproved, list.RuledEdited, list.RuledSpecial}, ruled[0].What)
	edited := len(ruled) > 0 && ruled[0].What == list.RuledEdited
	switch {
	case held+len(ruled) > 1:
		s.wrong.add("a post that is held twice, or waits when it is decided", "%s: %d, %d", p.subject, held, len(ruled))
	case held+len(ruled) == 0 && p.mail.done():
		s.wrong.add("a held post that was answered 250 and lost", "%s", p.subject)
	case sent > 1 || (sent == 1) != approved:
		s.wrong.add("a post that was sent more or less often than it was approved", "%s: sent %d times, %+v", p.subject, sent, ruled)
	case (c.edited[p.subject] == 1) != edited:
		s.wrong.add("a post that is edited and was not to be, or is not", "%s: %d times, %+v", p.subject, c.edited[p.subject], ruled)
	}
	for i, d := range p.decisions {
		if d.done() && len(ruled) == 0 {
			s.wrong.add("a decision that was answered 250 and lost", "%s by %s", p.subject, moderator(i))
		}
	}
	for _, r := range ruled {
		said := false
		for i, word := range p.words {
			said = said || r.By == moderator(i) && p.decisions[i].offered() && strings.HasPrefix(word, verbOf(r.What))
		}
		if !said {
			s.wrong.add("a decision that nobody made", "%s: %s by %s", p.subject, r.What, r.By)
		}
	}
}

// verbOf is the word for a ruling.
func verbOf(what list.Ruled) string {
	return map[list.Ruled]string{list.RuledApproved: "approve", list.RuledRejected: "reject", list.RuledDiscarded: "discard",
		list.RuledEdited: "edit", list.RuledSpecial: "special"}[what]
}

// auditTokens sees that exactly those tokens are spent whose question is decided.
func (s *deskSite) auditTokens(r list.Reader, c *record) error {
	for token, of := range s.tokens {
		secret, err := r.Secret(sha256.Sum256([]byte(token)))
		if err != nil {
			return fmt.Errorf("a token that came in a notice: %w", err)
		}
		var decided, unsure bool
		switch p := of.person; {
		case of.post != nil:
			decided = len(c.ruled[of.post.subject]) > 0
		case p.then == "no":
			decided, unsure = p.confirm.done(), p.confirm.offered()
		default:
			_, decided = c.members[p.address]
			decided = decided || p.next.offered()
		}
		if (secret.Spent != "") != decided && !(unsure && !decided) {
			s.wrong.add("a token that is spent and decides nothing, or is not and did", "%s %s: spent %q, decided %v", secret.Purpose, secret.Address, secret.Spent, decided)
		}
	}
	return nil
}

// check counts, when all is done, what came to whom. It returns what it came to.
func (s *deskSite) check(t *testing.T) string {
	t.Helper()
	db, err := store.Open(filepath.Join(s.dir, "data"), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var c *record
	if err := db.View(func(r list.Reader) (err error) { c, err = readRecord(r); return err }); err != nil {
		t.Fatal(err)
	}
	came := map[string]map[string]int{} // by addressee and subject
	for _, a := range s.arrived {
		if came[a.to] == nil {
			came[a.to] = map[string]int{}
		}
		if strings.HasSuffix(a.id, personal) {
			came[a.to]["post "+a.subject]++
		} else {
			came[a.to][a.subject]++
			came[a.to]["notices"]++
		}
	}
	for _, p := range s.people {
		s.checkPerson(p, came[p.address])
	}
	sent := 0
	for _, p := range s.desk.held {
		sent += c.sent[p.subject]
		s.checkPost(p, c, came)
	}
	return fmt.Sprintf("%d members, %d posts approved", len(c.members)-observers, sent)
}

// expect holds how many notices somebody got against how many are due: one for each thing that was done, and perhaps one more for each mail that came
// again.
func (s *deskSite) expect(who, what string, got, atLeast, more int) {
	if got < atLeast {
		s.wrong.add("a notice lost", "%s for %s: %d of %d", what, who, got, atLeast)
	}
	if got > atLeast+more {
		s.wrong.add("a notice too many", "%s for %s: %d, %d and perhaps %d more were due", what, who, got, atLeast, more)
	}
}

func (s *deskSite) checkPerson(p *newcomer, came map[string]int) {
	due, more := 1, 0 // the question
	if p.confirm != nil {
		more = p.confirm.tried - 1 // whoever answers it again may be told so
	}
	if p.then != "no" {
		due++ // the welcome
	}
	if p.next != nil {
		due, more = due+1, more+p.next.tried-1
	}
	s.expect(p.address, "notices", came["notices"], due, more)
}

func (s *deskSite) checkPost(p *strangerPost, c *record, came map[string]map[string]int) {
	if len(c.ruled[p.subject]) != 1 {
		s.wrong.add("a post that nobody decided on", "%s", p.subject)
		return
	}
	ruling := c.ruled[p.subject][0]
	for i := range observers {
		s.expect(observer(i), "the copy of "+p.subject, came[observer(i)]["post "+p.subject], c.sent[p.subject], 0)
	}
	rejected := ruling.What == list.RuledRejected || ruling.What == list.RuledEdited // or changed: the author is told
	told := 0
	if rejected && p.authentic {
		told = 1
	}
	s.expect(p.from, "what became of it", came[p.from]["notices"], told, 0)
	for i := range moderators {
		asked, about := came[moderator(i)]["To decide: "+p.subject], came[moderator(i)]["Re: To decide: "+p.subject]
		due, more := 0, 0
		switch m := p.decisions[i]; {
		case ruling.By == moderator(i) && rejected && !p.authentic:
			due = 1 // that the author was not told
		case ruling.By != moderator(i):
			if due = asked; m != nil { // that it is decided, and that they come late
				due, more = due+1, m.tried-1
			}
		}
		s.expect(moderator(i), "the question about "+p.subject, asked, 0, 1)
		s.expect(moderator(i), "what became of "+p.subject, about, due, more)
	}
}
