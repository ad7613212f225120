package digest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// full is a store on a disk that is full for a while: whatever writes is done but for its end.
type full struct {
	list.Store
	is bool
}

func (f *full) end() error {
	if f.is {
		return list.ErrFull
	}
	return nil
}

func (f *full) Update(do func(list.Tx) error) error {
	return f.Store.Update(func(tx list.Tx) error { return cmp.Or(do(tx), f.end()) })
}

func (f *full) Keep(raw []byte, do func(list.Tx, list.Ref) error) error {
	return f.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error { return cmp.Or(do(tx, ref), f.end()) })
}

func (f *full) KeepAll(raws [][]byte, do func(list.Tx, []list.Ref) error) error {
	return f.Store.KeepAll(raws, func(tx list.Tx, refs []list.Ref) error { return cmp.Or(do(tx, refs), f.end()) })
}

// doubles are those mails of ours that somebody got twice in a day.
func (s *stage) doubles() (all []string) {
	seen := map[string]bool{}
	for _, m := range s.mails("", "") {
		key := fmt.Sprint(m.At.In(s.zone).Format("2 Jan "), m.To, " ", m.Kind, " ", m.Subject)
		if m.Kind != "" && m.Kind != "plan" && seen[key] {
			all = append(all, key)
		}
		seen[key] = true
	}
	return all
}

// TestAFullDisk holds that nothing is half done while nothing can be written, that each tick says what it could not do, and that all of it goes out once behind that.
func TestAFullDisk(t *testing.T) {
	f := &full{}
	s := newStage(t, func(up *setUp) {
		withResponders(up)
		up.Store = func(db *store.DB) list.Store { f.Store = db; return f }
	})
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	s.advance("2026-03-02 07:50")
	before := len(s.mails("", ""))
	f.is = true
	for at := s.clock("2026-03-02 08:00"); at.Before(s.clock("2026-03-02 10:00")); at = at.Add(15 * time.Minute) {
		s.set(at)
		err := s.editor.Tick(t.Context(), at)
		if !errors.Is(err, list.ErrFull) || !strings.Contains(err.Error(), "morning note remote") || at.Hour() >= 9 && !strings.Contains(err.Error(), "remote/kickoff/1") {
			t.Fatalf("at %s: %v", at, err)
		}
		s.deliver()
	}
	if got := len(s.mails("", "")); got != before || s.course().stage("remote/kickoff/1") == Sent {
		t.Fatalf("%d mails went out of a full disk, and the kick-off is %q", got-before, s.course().stage("remote/kickoff/1"))
	}
	f.is = false
	s.set(s.clock("2026-03-02 10:00"))
	s.tick()
	s.advance("2026-03-02 12:00")
	s.count("", "kickoff", 14)
	if got := slices.DeleteFunc(s.mails(luis, "morning_note"), func(m sentMail) bool { return m.At.Before(s.clock("2026-03-02 00:00")) }); len(got) != 1 {
		t.Errorf("%d notes of that morning", len(got))
	}
	contains(t, "what Luis is told", s.last(luis, "notice").Subject, []string{"Late: the kick-off"})
	if all := s.doubles(); len(all) > 0 {
		t.Errorf("twice: %q", all)
	}
}

// TestAClockSetBack holds that what was done stays done when a clock that was wrong is put right, and that the rest goes out at its time.
func TestAClockSetBack(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 10:00")
	s.say(s.last(member(1), "responder_ask"), member(1), "yes")
	for _, wrong := range []string{"2026-02-27 15:05", "2026-03-02 09:05", "2026-03-02 15:30", "2026-03-05 15:30", "2026-03-06 11:05", "2026-03-09 09:05"} {
		s.advance(wrong)
		s.set(s.clock(wrong).Add(-time.Hour))
		s.tick()
	}
	s.advance("2026-03-14 12:00")
	for _, kind := range []string{"announcement", "kickoff", "weekly", "questions", "closing"} {
		s.count(member(2), kind, 1)
	}
	if all := s.doubles(); len(all) > 0 {
		t.Errorf("twice: %q\n%s", all, s.outline())
	}
	if got := s.last("", "closing").At; !got.Equal(s.clock("2026-03-13 11:00")) {
		t.Errorf("the closing went out at %s", got)
	}
}
