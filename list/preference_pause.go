package list

import (
	"context"
	"errors"
	"time"
)

// pause stops all mail to a member until the beginning of a day of theirs, or until they say so.
func (t *turn) pause(arg string) error {
	if !t.isMember() {
		return nil
	}
	var until time.Time
	if day := dayPattern.FindString(arg); day != "" {
		at, err := time.ParseInLocation(time.DateOnly, day, t.zoneOf(t.member))
		if err != nil || !at.After(t.now) {
			t.say("no-day", "asked", day)
			return nil
		}
		until = at
	}
	if t.member.State != Active && t.member.State != Paused {
		t.say("no-pause")
		return nil
	}
	t.member.State, t.member.PausedUntil = Paused, until
	if until.IsZero() {
		t.say("paused")
	} else {
		t.say("paused-until", "until", until.Format(time.RFC3339))
	}
	return t.change()
}

// resume brings a member back, whatever kept mail from them: who asks for it reads what comes.
func (t *turn) resume(string) error {
	if !t.isMember() {
		return nil
	}
	if err := t.e.revive(t.tx, t.member.Address, t.rec.ID, t.now); err != nil {
		return err
	}
	paused, since := t.member.State == Paused, t.member.PausedSince
	if paused {
		var err error
		if since, err = backFromBreak(t.tx, t.member, since); err != nil {
			return err
		}
	}
	t.member.State, t.member.PausedUntil = Active, time.Time{}
	if t.member.Mode == ModeNoMail {
		t.say("resumed-nomail")
	} else {
		t.say("resumed")
	}
	if err := t.change(); err != nil || !paused || t.member.Mode == ModeNoMail {
		return err
	}
	return t.oweCatchUp(since, true)
}

// pausesAtOnce is how many pauses end in one transaction.
const pausesAtOnce = 100

// endPauses brings back whose pause is over, and tells them.
func (e *Engine) endPauses(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		var back []Member
		err := e.Store.Update(func(tx Tx) error {
			back = nil
			err := tx.PausesEnding(now, func(m Member) error {
				if back = append(back, m); len(back) == pausesAtOnce {
					return ErrStop
				}
				return nil
			})
			if err != nil {
				return err
			}
			if len(back) == 0 {
				return errNothingToKeep
			}
			for _, m := range back {
				since, err := backFromBreak(tx, &m, m.PausedSince)
				if err != nil {
					return err
				}
				m.PausedUntil, m.PausedSince = time.Time{}, time.Time{}
				if m.State, err = stateOf(tx, m.Address); err != nil {
					return err
				}
				if _, err := tx.PutMember(m); err != nil {
					return err
				}
				if m.Mode == ModeNoMail || m.State != Active {
					continue
				}
				if err := e.welcomeBack(tx, &m, since, now); err != nil {
					return err
				}
			}
			return nil
		})
		if errors.Is(err, errNothingToKeep) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, m := range back {
			e.Log.Info("pause over", "list", m.List, "member", m.Address)
		}
	}
	return ctx.Err()
}

// welcomeBack tells a member that their break is over: with what they missed, where somebody writes that, which is on its way then.
func (e *Engine) welcomeBack(tx Tx, m *Member, since, now time.Time) error {
	if rec, err := tx.ListByID(m.List); err != nil {
		return err
	} else if l, ok := e.Site().List(rec.Address); ok && e.Schedule != nil {
		return e.Schedule.CatchUp(tx, l, m, since, true, now)
	}
	_, err := tx.PutNote(noteTo(person{m.Address, m.Name, m.Language}, m.List, "resumed", nil, now))
	return err
}
