package list

import (
	"context"
	"errors"
	"time"
)

// expireHeld ends the wait of all posts that nobody decided in time. Those of a list that is gone from the config wait for it to come back.
func (e *Engine) expireHeld(ctx context.Context, now time.Time) error {
	for ctx.Err() == nil {
		var due []Held
		err := e.Store.View(func(r Reader) error {
			return e.heldExpiring(r, now, func(h *Held) error {
				due = append(due, *h)
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

// farFuture is behind all that is due.
var farFuture = time.Unix(1<<40, 0)

// heldExpiring calls f for the held posts of lists that are in the config and whose time is over at before, earliest first.
func (e *Engine) heldExpiring(r Reader, before time.Time, f func(*Held) error) error {
	known := map[uint32]bool{}
	return r.HeldExpiring(before, func(h Held) error {
		configured, ok := known[h.Post.List]
		if !ok {
			rec, err := r.ListByID(h.Post.List)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			_, configured = e.Site().List(rec.Address)
			known[h.Post.List] = configured
		}
		if !configured {
			return nil
		}
		return f(&h)
	})
}

// firstDue is when the first held post expires, the first pause ends, or there is something to do for an address.
func (e *Engine) firstDue(r Reader) (at time.Time, ok bool, err error) {
	err = e.heldExpiring(r, farFuture, func(h *Held) error { at, ok = h.Expires, true; return ErrStop })
	if end, is := r.NextPauseEnd(); is && (!ok || end.Before(at)) {
		at, ok = end, true
	}
	if due, is := r.NextAddressDue(); is && (!ok || due.Before(at)) {
		at, ok = due, true
	}
	return at, ok, err
}

// A post whose time ended heldMissed ago or longer, since nothing ran or its list was gone from the config, waits for heldAgain more: until then
// moderators are reminded of it as of any other.
const (
	heldMissed = 36 * time.Hour
	heldAgain  = 48 * time.Hour
)

// expire ends the wait of a post that nobody decided in time: its author is told, and the moderators with the next reminder.
func (e *Engine) expire(h *Held, now time.Time) error {
	missed := false
	err := e.Store.Update(func(tx Tx) error {
		h, err := waiting(tx, h.ID)
		if err != nil {
			return err
		}
		rec, err := tx.ListByID(h.Post.List)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if missed = now.Sub(h.Expires) > heldMissed; missed {
			h.Expires = now.Add(heldAgain)
			_, err := tx.PutHeld(h)
			return err
		}
		if err := tx.DeleteHeld(h.ID); err != nil {
			return err
		}
		l, configured := e.Site().List(rec.Address)
		ruling := Ruling{Held: h.ID, List: h.Post.List, What: RuledExpired, At: now, From: h.Post.From, Subject: h.Post.Subject, MessageID: h.Post.MessageID,
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
	if err == nil && missed {
		e.Log.Info("held post waits longer", "id", h.Post.Envelope.ID, "held", h.ID, "until", now.Add(heldAgain))
	} else if err == nil {
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
