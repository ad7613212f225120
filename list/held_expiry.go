package list

import (
	"context"
	"errors"
	"time"
)

// expireHeld ends the wait of all posts that nobody decided in time.
func (e *Engine) expireHeld(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		var due []Held
		err := e.Store.View(func(r Reader) error {
			return r.HeldExpiring(now, func(h Held) error {
				due = append(due, h)
				if len(due) == 100 {
					return ErrStop
				}
				return nil
			})
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for i := range due {
			if err := e.expire(&due[i], now); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// firstDue is when the first held post expires, or the first pause ends.
func firstDue(r Reader) (at time.Time, ok bool) {
	at, ok = r.NextHeldExpiry()
	if end, is := r.NextPauseEnd(); is && (!ok || end.Before(at)) {
		at, ok = end, true
	}
	if due, is := r.NextAddressDue(); is && (!ok || due.Before(at)) {
		at, ok = due, true
	}
	return at, ok
}

// expire ends the wait of a post that nobody decided in time: its author is told, and the moderators with the next reminder.
func (e *Engine) expire(h *Held, now time.Time) error {
	err := e.Store.Update(func(tx Tx) error {
		h, err := waiting(tx, h.ID)
		if err != nil {
			return err
		}
		rec, err := tx.ListByID(h.Post.List)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := tx.DeleteHeld(h.ID); err != nil {
			return err
		}
		l, configured := e.Site().List(rec.Address)
		ruling := Ruling{Held: h.ID, List: h.Post.List, What: RuledExpired, At: now, From: h.Post.From, Subject: h.Post.Subject,
			Expires: h.Expires.Add(rulingKept)}
		if !configured {
			return e.conclude(tx, nil, &ruling, now)
		}
		if !h.Quiet {
			if h.Join {
				if err := tellJoiner(tx, &h, "join-expired", nil, now); err != nil {
					return err
				}
			} else if mayTellAuthor(&h.Post) {
				if err := tellAuthor(tx, l, &h, "expired", map[string]string{}, now); err != nil {
					return err
				}
			}
			if err := tx.PutTold(Telling{Kind: toldExpired, List: rec.ID}, now); err != nil {
				return err
			}
		}
		return e.conclude(tx, l, &ruling, now)
	})
	if _, decided := errors.AsType[*RuledError](err); decided { // meanwhile
		return nil
	}
	if err == nil {
		e.Log.Info("held post expired", "id", h.Post.Envelope.ID, "held", h.ID, "from", h.Post.From, "message_id", h.Post.MessageID)
	}
	return err
}

// expiredSince tells which posts of a list expired after a time: a line each, subject and author divided by a tab.
func expiredSince(r Reader, list uint32, since time.Time) (gone []string, err error) {
	err = r.Rulings(func(ruling Ruling) error {
		if ruling.List == list && ruling.What == RuledExpired && ruling.At.After(since) {
			gone = append(gone, oneLine(ruling.Subject, subjectQuoted)+"\t"+oneLine(ruling.From, addressQuoted))
		}
		return nil
	})
	return gone[:min(len(gone), bundleListed)], err
}
