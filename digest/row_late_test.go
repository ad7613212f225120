package digest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/store"
)

// wake is the end of a downtime: the clock is at a time, and nothing was done on the way.
func (s *stage) wakeAt(at string) {
	s.t.Helper()
	s.set(s.clock(at))
	s.tick()
}

func TestDowntime(t *testing.T) {
	for name, c := range map[string]struct {
		until, from string // nobody is there between them
		to          string
		want        string
		told        []string // what Luis is told at once
	}{
		"an approved mail that is an hour late goes at once": {"2026-03-02 08:30", "2026-03-02 10:00", "2026-03-02 18:00", `
Mon 02 Mar 10:00 kickoff all
Mon 02 Mar 10:00 notice luis`, []string{"Nothing ran here Monday 2 March, 09:00", "the kick-off should have gone out", "It goes out Monday 2 March, 10:00"}},
		"one that is late at night goes in the morning": {"2026-03-02 08:30", "2026-03-02 23:00", "2026-03-03 18:00", `
Mon 02 Mar 23:00 notice luis
Tue 03 Mar 08:00 kickoff all`, []string{"It goes out Tuesday 3 March, 08:00"}},
		"thirty hours over a weekly that nobody has seen: it is shown first": {"2026-03-05 10:00", "2026-03-06 16:00", "2026-03-07 18:00", `
Fri 06 Mar 16:00 notice luis
Fri 06 Mar 16:00 draft luis
Fri 06 Mar 16:00 draft luis
Fri 06 Mar 17:00 weekly all
Fri 06 Mar 17:30 draft noor`, []string{"should have gone out", "It goes out Friday 6 March, 17:00", "Its draft comes to you first"}},
		"more than a day late is asked about": {"2026-03-06 10:00", "2026-03-07 16:00", "2026-03-08 18:00", `
Sat 07 Mar 16:00 draft luis`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := quietly(t, nil)
			s.advance(c.until)
			s.wakeAt(c.from)
			s.advance(c.to)
			isText(t, rowsOut(s, c.from, append([]string{"notice"}, rowKinds...)...), c.want)
			if len(c.told) > 0 {
				saysAll(t, "what Luis is told", s.mails(luis, "notice")[0].text(), c.told...)
			}
		})
	}
}

// TestTooLate: a mail that is more than a day late waits for who speaks, who decides what becomes of it.
func TestTooLate(t *testing.T) {
	for _, word := range []string{"send", "skip", "later monday 10:00"} {
		s := quietly(t, nil)
		s.advance("2026-03-06 10:00")
		s.wakeAt("2026-03-07 16:00")
		asked := slices.DeleteFunc(s.mails(luis, "draft"), func(m sentMail) bool { return !m.At.Equal(s.time()) || !strings.Contains(m.Subject, "Week 1") })
		if len(asked) != 1 {
			t.Fatalf("Luis was asked %d times: %s", len(asked), s.outline())
		}
		saysAll(t, "the question", asked[0].text(), "It should have gone out Friday 6 March, 11:00", "waits until you say")
		s.say(asked[0], luis, word)
		s.advance("2026-03-09 12:00")
		n := len(s.mails(member(1), "weekly"))
		if (n == 1) != (word != "skip") || n > 1 {
			t.Errorf("after %q it went out %d times", word, n)
		}
	}
}

// TestSeenLate: a discussion that is written into the config when it has begun asks about the last mail that it missed, and no other.
func TestSeenLate(t *testing.T) {
	s := quietly(t, func(up *setUp) { up.Now = "2026-03-04 08:00" })
	early := s.post(member(1), "Before #remote", "This was before anybody knew.", "")
	s.tick()
	c := s.course()
	if c.stage("remote/announcement/1") != Skipped || c.stage("remote/kickoff/1") != OnHold || !c.Started {
		t.Errorf("the announcement is %q, the kick-off %q", c.stage("remote/announcement/1"), c.stage("remote/kickoff/1"))
	}
	if early.Number <= c.Before {
		t.Errorf("a post since it began is left out: %d, before %d", early.Number, c.Before)
	}
	s = quietly(t, func(up *setUp) { up.Now = "2026-02-20 08:00" })
	before := s.post(member(1), "Before #remote", "This was before it began.", "")
	s.tick()
	if c := s.course(); c.Before != before.Number {
		t.Errorf("it begins behind post %d, want %d", c.Before, before.Number)
	}
}

func TestLastBefore(t *testing.T) {
	s := quietly(t, func(up *setUp) { up.Now = "2026-02-27 12:00" })
	var numbers []uint32
	for _, day := range []string{"2026-02-27", "2026-03-01", "2026-03-02", "2026-03-03"} {
		s.set(s.clock(day + " 12:00"))
		numbers = append(numbers, s.post(member(1), "On "+day, "Hello.", "").Number)
	}
	var got uint32
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err == nil {
			got, err = lastBefore(r, rec, s.clock("2026-03-02 00:00"), s.time())
		}
		return err
	})
	if err != nil || got != numbers[1] {
		t.Errorf("the last before it begins is %d (%v), want %d", got, err, numbers[1])
	}
}

// errBroken is what a broken store says of a transaction that it has broken off.
var errBroken = errors.New("broken off")

// breaking breaks off one transaction, before it is on disk or behind that.
type breaking struct {
	list.Store
	left   int  // transactions before that one, and itself
	behind bool // it is done, and nobody hears so
}

func (b *breaking) Update(f func(list.Tx) error) error {
	return b.transact(func(end error) error {
		return b.Store.Update(func(tx list.Tx) error { return errors.Join(f(tx), end) })
	})
}

func (b *breaking) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	return b.transact(func(end error) error {
		return b.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error { return errors.Join(f(tx, ref), end) })
	})
}

func (b *breaking) KeepAll(raws [][]byte, f func(list.Tx, []list.Ref) error) error {
	return b.transact(func(end error) error {
		return b.Store.KeepAll(raws, func(tx list.Tx, refs []list.Ref) error { return errors.Join(f(tx, refs), end) })
	})
}

func (b *breaking) transact(do func(end error) error) error {
	b.left--
	switch {
	case b.left != 0:
		return do(nil)
	case b.behind:
		return errors.Join(do(nil), errBroken)
	}
	return do(errBroken)
}

// TestKilledAtEachStep breaks off transactions of two weeks, one in each life, before or behind its end, and begins again with another editor as a process does that
// was killed: everything goes out once, in the same order, and every answer is taken.
func TestKilledAtEachStep(t *testing.T) {
	want, steps := killedLife(t, 0, false)
	if !strings.Contains(want, "closing all") || steps < 50 {
		t.Fatalf("%d transactions, and out went\n%s", steps, want)
	}
	stride := 17 // a life takes half a second; CONVENE_KILLS has every transaction broken off
	switch {
	case os.Getenv("CONVENE_KILLS") != "":
		stride = 1
	case testing.Short():
		stride = 51
	}
	for step := 1; step <= steps; step += stride {
		behind := step/stride%2 == 0
		if got, _ := killedLife(t, step, behind); got != want {
			t.Fatalf("killed at transaction %d, behind its end: %v: out went\n%s\nwant\n%s", step, behind, got, want)
		}
	}
}

// killedLife plays two weeks in which Luis approves one draft and says something in another, and breaks off one transaction. It gives what went out for planned
// mails, and how many transactions there were.
func killedLife(t *testing.T, step int, behind bool) (out string, steps int) {
	t.Helper()
	b := &breaking{left: -1, behind: behind}
	s := newStage(t, func(up *setUp) {
		up.Members, up.Discussion.Event, up.Now = 3, nil, "2026-02-20 14:00"
		up.Store = func(db *store.DB) list.Store { b.Store = db; return b }
	})
	b.left = step
	resume := func(do func() error) {
		for range 3 {
			if err := do(); err == nil {
				return
			} else if !errors.Is(err, errBroken) {
				t.Fatal(err)
			}
			s.editor = NewEditor(s.Engine, s.editor.programme.Load(), s.editor.Log) // what was in memory is gone
		}
		t.Fatal("it is broken off again and again")
	}
	run := func(to string) {
		for end := s.clock(to); ; {
			resume(s.tryTick)
			next, ok := s.nextDue()
			if !ok || next.After(end) {
				s.set(end)
				return
			}
			s.set(next)
		}
	}
	say := func(subject, text string) {
		for _, m := range s.mails(luis, "draft") {
			if strings.Contains(m.Subject, subject) {
				raw := rawMail("Luis", luis, text, "To: "+m.replyTo(), "Subject: Re: x", "Message-ID: <"+subject[:4]+"@example.org>")
				resume(func() error { _, err := s.hand(luis, m.replyTo(), raw); return err })
				return
			}
		}
		t.Fatalf("there is no draft of %q: %s", subject, s.outline())
	}
	run("2026-03-05 15:30")
	say("Week 1", "say Hello all.")
	run("2026-03-09 09:00")
	run("2026-03-12 15:30")
	say("What we learned", "send")
	run("2026-03-13 12:00")
	if c := s.course(); c.Rows["remote/weekly/1"].Plain || c.Rows["remote/weekly/1"].Edits.Say != "Hello all." || c.stage("remote/closing/1") != Sent {
		t.Errorf("killed at %d, %v: the weekly is %+v", step, behind, c.Rows["remote/weekly/1"])
	}
	return rowsOut(s, "2026-02-20 00:00", rowKinds...), -b.left
}

// TestAChangeWhileItIsWritten: what somebody says while a mail is being written counts; it is not sent as it was.
func TestAChangeWhileItIsWritten(t *testing.T) {
	s := quietly(t, nil)
	s.advance("2026-03-06 10:00")
	a, row, err := s.editor.snapshot("remote", "remote/weekly/1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.editor.Skip("remote", row.N); err != nil {
		t.Fatal(err)
	}
	if err := s.editor.publish(context.Background(), a, row, false, s.time()); !errors.Is(err, errDone) {
		t.Errorf("it went out: %v", err)
	}
	if n := len(s.mails("", "weekly")); n != 0 {
		t.Errorf("%d copies went out", n)
	}
}

// TestRandomDowntimes: wherever nobody is there, each planned mail goes out once or is asked about, and in order.
func TestRandomDowntimes(t *testing.T) {
	seeds := 12
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		s := quietly(t, func(up *setUp) { up.Discussion.Event = nil })
		at := s.clock("2026-02-10 07:00")
		for i := 0; at.Before(s.clock("2026-04-01 00:00")); i++ {
			at = at.Add(time.Duration(1+(seed*37+i*53)%29) * time.Hour)
			if (i+seed)%3 == 0 {
				s.set(at)
				s.tick()
			} else {
				s.advance(at.In(s.zone).Format("2006-01-02 15:04"))
			}
		}
		keys := map[uint32]int{}
		for _, m := range s.mails(member(1), "") {
			if m.Out.Post > 0 {
				keys[m.Out.Post]++
			}
		}
		c := s.course()
		var last time.Time
		for _, key := range []string{"announcement/1", "kickoff/1", "weekly/1", "questions/2", "closing/1"} {
			state := c.Rows["remote/"+key]
			if state.Stage != Sent && state.Stage != OnHold {
				t.Errorf("seed %d: %s is %q", seed, key, state.Stage)
			}
			if state.Stage == Sent {
				if keys[state.Post] != 1 || state.Sent.Before(last) {
					t.Errorf("seed %d: %s went out %d times, at %s behind %s", seed, key, keys[state.Post], state.Sent, last)
				}
				last = state.Sent
			}
		}
	}
}

func TestNumberedSubjects(t *testing.T) {
	for in, want := range map[[2]string]string{{"So far #remote", "#remote"}: "So far (2) #remote", {"So far", "#remote"}: "So far (2)", {"So far", ""}: "So far (2)"} {
		if got := numberedSubject(in[0], in[1], 2); got != want {
			t.Errorf("%v: %q", in, got)
		}
	}
	s := quietly(t, func(up *setUp) {
		up.Discussion.Emails = []plan.Email{{Kind: plan.Message, Send: "day 3 09:00", Subject: plan.Texts{"": "Bread"}, Body: plan.Texts{"": "Read."}}}
	})
	s.advance("2026-03-03 09:00")
	theirs := s.post(member(1), "Bread #remote", "How do you bake it?", "")
	s.advance("2026-03-04 09:00")
	m := s.last(member(1), "message")
	if m.Subject != "[peers] Bread (2) #remote" || s.course().Rows["remote/message/1"].Topic == theirs.Topic {
		t.Errorf("it is %q", m.Subject)
	}
}

func TestDesk(t *testing.T) {
	s := quietly(t, nil)
	s.tick()
	rows, err := s.editor.RowsOf("remote")
	if err != nil || len(rows) != 9 || rows[1].Kind != plan.Kickoff || rows[1].State.Stage != Waiting {
		t.Fatalf("%+v, %v", rows, err)
	}
	if m, err := s.editor.Preview("remote", 2, "fr", s.time()); err != nil || m.Language != "fr" || !strings.Contains(m.Subject, "Question 1 :") {
		t.Errorf("the kick-off in French is %q, %v", m.Subject, err)
	}
	if _, err := s.editor.Preview("remote", 8, "", s.time()); !errors.Is(err, ErrUnwritten) {
		t.Errorf("what follows the event: %v", err)
	}
	if err := s.editor.SendNow(context.Background(), "remote", 8, s.time()); !errors.Is(err, ErrUnwritten) {
		t.Errorf("what follows the event: %v", err)
	}
	if err := s.editor.SendNow(context.Background(), "remote", 1, s.time()); err != nil {
		t.Error(err)
	}
	if err := s.editor.SendNow(context.Background(), "remote", 1, s.time()); !errors.Is(err, ErrOut) {
		t.Errorf("the announcement again: %v", err)
	}
	if err := s.editor.Skip("remote", 3); err != nil {
		t.Error(err)
	}
	if err := s.editor.Skip("remote", 1); !errors.Is(err, ErrOut) {
		t.Errorf("the announcement is left out: %v", err)
	}
	for _, err := range []error{s.editor.Skip("remote", 77), s.editor.Skip("gone", 1)} {
		if !errors.Is(err, list.ErrNotFound) {
			t.Errorf("what is not there: %v", err)
		}
	}
	s.deliver()
	if n := len(s.mails("", "announcement")); n != 5 {
		t.Errorf("the announcement went to %d", n)
	}
	mail, f, err := s.editor.Digest(s.list, plan.Weekly, "", s.clock("2026-03-06 10:00"))
	if err != nil || f == nil || mail.Text == "" {
		t.Errorf("the weekly: %+v, %v", f, err)
	}
	if id, n, err := s.editor.NextSummary(s.list, plan.Closing, s.clock("2026-03-06 10:00")); id != "remote" || n != 7 || err != nil {
		t.Errorf("the closing is %d of %s, %v", n, id, err)
	}
	if _, _, err := s.editor.NextSummary(s.list, plan.Closing, s.clock("2025-03-06 10:00")); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a year before: %v", err)
	}
	if fmt.Sprint(s.course().Changes.Skipped) != "map[remote/midweek/1:true]" {
		t.Errorf("left out are %v", s.course().Changes.Skipped)
	}
}
