package mailer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"convene/list"
)

// personal is where a worker makes personal copies: the one that is being sent, and the one whose envelope follows it.
type personal struct {
	transactions [2]Transaction
	to           [2][1]string
	head         [2][]byte
	delivered    int // copies of the claim that are not in the log yet
}

// deliverEach carries out a claim whose copies are each member's own. While the content of one is on its way the envelope of the next follows it;
// that one's content waits until the result of the first is in the journal, so that whoever kills the process makes no more than the copy
// in flight go out twice.
func (c *Courier) deliverEach(w *worker, claim *list.Claim) bool {
	defer c.reportEach(w, claim)
	var made forms
	var ready *Transaction
	slot, began := 0, c.now()
	for rest := claim.Copies; len(rest) > 0; {
		if c.holdBack(w, claim, rest) {
			return true
		}
		if !c.prepare(w, claim, rest) {
			return false
		}
		if w.served == 0 { // a new connection may want another form
			made, ready = forms{}, nil
		}
		form := made.of(&rest[0])
		if *form == nil {
			var ok bool
			if *form, ok = c.render(w, claim, len(rest), rest[0].Light); !ok {
				return !c.ending()
			}
		}
		var err error
		if ready == nil {
			if ready, err = c.own(w, claim, *form, &rest[0], slot); err != nil {
				c.unownable(w, claim, len(rest), err)
				return !c.ending()
			}
		}
		way := c.givesWay(w) || c.now().Sub(began) > claimTime
		var next *Transaction
		if len(rest) > 1 && !way && *made.of(&rest[1]) != nil {
			// One that cannot be made is found out about when it is its turn.
			if next, err = c.own(w, claim, *made.of(&rest[1]), &rest[1], 1-slot); err != nil {
				next = nil
			}
		}
		again, ok := c.transact(w, claim, ready, next, rest[:1], len(rest)-1)
		if !ok {
			return false
		}
		if again > 0 {
			ready = nil
			continue
		}
		rest, ready, slot = rest[1:], next, 1-slot
		if way && len(rest) > 0 {
			c.release(w.settings, claim, len(rest))
			return true
		}
	}
	return true
}

// claimTime is how long a worker keeps what is left of a claim: who pauses a list, or takes a member off it, is not to wait for a slow hop.
const claimTime = 5 * time.Second

// unownable deals with a copy whose own part cannot be made. Without a key nobody's can, and there will be one.
func (c *Courier) unownable(w *worker, claim *list.Claim, rest int, err error) {
	if !errors.Is(err, list.ErrNoMarkKey) {
		c.unmakeable(w, claim, rest, c.contents.fault(claim.Out.ID), err)
		return
	}
	c.log.LogAttrs(context.Background(), slog.LevelError, "personal copies wait", append(about(claim), slog.String("error", err.Error()))...)
	c.pause(c.now())
	c.release(w.settings, claim, rest)
}

// own makes the transaction of one member's copy in one of the worker's two places.
func (c *Courier) own(w *worker, claim *list.Claim, made *rendering, copy *list.Copy, slot int) (*Transaction, error) {
	own, err := c.contents.source.Personal(&claim.Out, copy)
	if err != nil {
		return nil, err
	}
	p := &w.personal
	head := p.head[slot][:0]
	if made.seal != nil {
		signatures, err := made.seal.Sign(own.Fields)
		if err != nil {
			return nil, err
		}
		head = append(head, signatures...)
	}
	head = append(append(head, made.trace...), own.Fields...)
	p.head[slot], p.to[slot][0] = head, copy.Address
	t := &p.transactions[slot]
	*t = Transaction{From: own.ReturnPath, To: p.to[slot][:], EnvelopeID: envelopeID(claim, copy), Head: head, Content: made.content}
	return t, nil
}

// givesWay says whether a worker is to end in the middle of a claim: others wait, or its hop was found down.
func (c *Courier) givesWay(w *worker) bool {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping || c.settings != w.settings || now.Before(w.hop.until) || c.pending != nil && w.turnOver(now)
}

// noteEach keeps copies that went as they should for one line of the log in place of many.
func (c *Courier) noteEach(w *worker, claim *list.Claim, j *judge) {
	if w.personal.delivered += j.delivered; j.delivered < len(j.results) {
		j.delivered = 0
		c.report(claim, j)
	}
}

// reportEach logs what noteEach kept.
func (c *Courier) reportEach(w *worker, claim *list.Claim) {
	if w.personal.delivered > 0 {
		c.log.LogAttrs(context.Background(), slog.LevelInfo, "transactions", append(about(claim), slog.Int("delivered", w.personal.delivered))...)
	}
	w.personal.delivered = 0
}

// hiding is an error without the tokens that a peer repeated in it: errors go into logs, statuses and notices.
type hiding struct{ error }

func (h hiding) Error() string { return list.HideTokens(h.error.Error()) }
func (h hiding) Unwrap() error { return h.error }
