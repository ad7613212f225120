package digest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convene/digest/letter"
	"convene/list"
	"convene/store"
)

// TestPeopleAreWrittenToOnce breaks off transactions of a discussion's life, one in each, before or behind its end, and goes on with another editor as a process does
// that was killed: everybody gets what they would have got, once, and every answer is taken.
func TestPeopleAreWrittenToOnce(t *testing.T) {
	want, steps := killedPeople(t, 0, false)
	for _, kind := range []string{"responder_ask", "responder_question", "responder_nudge", "quiet", "follow_up", "morning_note", "thanks", "newcomer", "commitment"} {
		if !strings.Contains(want, " "+kind+" ") {
			t.Fatalf("there is no %s in %d transactions:\n%s", kind, steps, want)
		}
	}
	stride := 41
	if testing.Short() {
		stride = 97
	}
	for step := 1; step <= steps; step += stride {
		for _, behind := range []bool{false, true} {
			if got, _ := killedPeople(t, step, behind); got != want {
				t.Fatalf("killed at transaction %d, behind its end: %v: out went\n%s\nwant\n%s", step, behind, got, want)
			}
		}
	}
}

// killedPeople plays that life, and gives who got what on which day, and how many transactions there were.
func killedPeople(t *testing.T, step int, behind bool) (out string, steps int) {
	t.Helper()
	b := &breaking{left: -1, behind: behind}
	s := newStage(t, func(up *setUp) {
		withResponders(up)
		open(up)
		up.Members, up.Discussion.Event, up.Now = 4, nil, "2026-02-15 12:00"
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
			s.editor = NewEditor(s.Engine, s.editor.programme.Load(), s.editor.Log)
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
	mails := 0
	write := func(from, to, subject, text string) {
		mails++
		raw := rawMail(s.nameOf(from), from, text, "To: "+to, "Subject: "+subject, fmt.Sprintf("Message-ID: <m%d@example.org>", mails))
		resume(func() error { _, err := s.hand(from, to, raw); return err })
		resume(s.tryTick)
	}
	say := func(kind, from, text string) {
		m := s.last(from, kind)
		write(from, m.replyTo(), "Re: "+m.Subject, text)
	}
	run("2026-02-16 12:00")
	say("responder_ask", member(1), "yes")
	say("responder_ask", member(2), "no")
	run("2026-03-02 10:00")
	write("zawadi@example.org", s.list.Word("subscribe"), "hello", "subscribe")
	run("2026-03-03 12:00")
	say("quiet", luis, "2")
	run("2026-03-06 12:00")
	resume(func() error {
		return s.editor.change(s.discussion.ID, func(_ list.Tx, a *affair) error {
			row := a.course.row("remote/weekly/1")
			row.Facts, row.Edits = whatWasSaid(), letter.Edits{}
			return nil
		})
	})
	run("2026-03-13 12:00")
	closing := s.last(member(2), "closing")
	write(member(2), stageList, "Re: "+closing.Subject+"\r\nIn-Reply-To: <"+closing.message().MessageID()+">", "I will call one person before I write to forty.")
	run("2026-04-20 00:00")
	var all []string
	for _, m := range s.mails("", "") {
		all = append(all, fmt.Sprintf("%s %s %s: %s", m.At.In(s.zone).Format("01-02 15:04"), m.Kind, m.To, m.Subject))
	}
	slices.Sort(all)
	return strings.Join(all, "\n"), -b.left
}
