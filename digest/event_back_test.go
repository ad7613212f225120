package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// changeMember changes a member as the list has them.
func (s *stage) changeMember(address string, f func(m *list.Member)) {
	s.t.Helper()
	err := s.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(stageList)
		if err != nil {
			return err
		}
		m, err := tx.Member(rec.ID, address)
		if err != nil {
			return err
		}
		f(&m)
		_, err = tx.PutMember(m)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// Who got no mail when others were invited is invited when they get mail again, once, while the event is to come.
func TestEventInvitationForWhoIsBack(t *testing.T) {
	for name, c := range map[string]struct {
		away, back func(m *list.Member)
		at         string
		want       int
	}{
		"they wanted no mail":      {func(m *list.Member) { m.Mode = list.ModeNoMail }, func(m *list.Member) { m.Mode = list.ModeEach }, "2026-03-12 12:00", 1},
		"they took a break":        {func(m *list.Member) { m.State = list.Paused }, func(m *list.Member) { m.State = list.Active }, "2026-03-12 12:00", 1},
		"mail to them failed":      {func(m *list.Member) { m.State = list.Bouncing }, func(m *list.Member) { m.State = list.Active }, "2026-03-12 12:00", 1},
		"the event is over":        {func(m *list.Member) { m.State = list.Paused }, func(m *list.Member) { m.State = list.Active }, "2026-03-25 12:00", 0},
		"they are away all along":  {func(m *list.Member) { m.State = list.Paused }, func(*list.Member) {}, "2026-03-12 12:00", 0},
		"they went when they knew": {func(*list.Member) {}, func(m *list.Member) { m.State = list.Paused }, "2026-03-12 12:00", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) { alone(up); circles(up, 1, time.Time{}, 0) })
			s.changeMember(member(1), c.away)
			s.advance(c.at)
			s.changeMember(member(1), c.back)
			s.advance("2026-03-27 12:00")
			if got := len(s.mails(member(1), "invitation")); got != c.want {
				t.Errorf("%d invitations, want %d:\n%s", got, c.want, s.kindsTo(member(1), "invitation"))
			}
			if got := len(s.mails(member(2), "invitation")); got != 1 {
				t.Errorf("who was there all along got %d", got)
			}
		})
	}
}

// Who was away when an event was told of hears of it as new behind a change of it, as it is then.
func TestEventChangedWhileAway(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); up.Programme.Events = append(up.Programme.Events, circle(up)) })
	s.changeMember(member(1), func(m *list.Member) { m.Mode = list.ModeNoMail })
	s.advance("2026-03-11 12:00")
	moved := *s.editor.programme.Load().Events[0]
	moved.Where = "the garden"
	s.reconfigure(&moved)
	s.advance("2026-03-12 12:00")
	s.changeMember(member(1), func(m *list.Member) { m.Mode = list.ModeEach })
	s.advance("2026-03-14 12:00")
	mine, theirs := s.mails(member(1), "invitation"), s.mails(member(2), "invitation")
	if len(mine) != 1 || len(theirs) != 2 || !strings.HasPrefix(mine[0].Subject, "Invitation: ") || !strings.Contains(mine[0].text(), "the garden") {
		t.Errorf("%d and %d:\n%s\n%s", len(mine), len(theirs), s.kindsTo(member(1), "invitation"), s.kindsTo(member(2), "invitation"))
	}
}
