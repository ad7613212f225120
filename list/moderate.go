package list

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/list/message"
)

// HeldRow is a held post as held ls and held show tell it.
type HeldRow struct {
	ID        uint64    `json:"id"`
	List      string    `json:"list"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Reasons   []string  `json:"reasons"`
	Since     time.Time `json:"since"`
	Expires   time.Time `json:"expires"`
	MessageID string    `json:"message_id"`
	Trace     []Opinion `json:"trace,omitempty"`
	Text      string    `json:"text,omitempty"` // the first of what it says, of held show
}

// HeldPosts tells of the posts that wait, of one list or (address empty) of all.
func (e *Engine) HeldPosts(address string) ([]HeldRow, error) {
	rows := []HeldRow{}
	err := e.Store.View(func(r Reader) error {
		var id uint32
		if address != "" {
			_, rec, err := e.find(r, address)
			if err != nil {
				return err
			}
			id = rec.ID
		}
		names, err := listNames(r)
		if err != nil {
			return err
		}
		return r.HeldPosts(id, func(h Held) error {
			rows = append(rows, heldRow(h, names[h.Post.List]))
			return nil
		})
	})
	return rows, err
}

func listNames(r Reader) (map[uint32]string, error) {
	names := map[uint32]string{}
	return names, r.Lists(func(rec Record) error { names[rec.ID] = rec.Address; return nil })
}

func heldRow(h Held, list string) HeldRow {
	row := HeldRow{ID: h.ID, List: list, From: h.Post.From, Subject: h.Post.Subject, Reasons: []string{}, Since: h.Post.Arrived,
		Expires: h.Expires, MessageID: h.Post.MessageID}
	for _, o := range h.Post.Trace {
		if o.Action == string(ActHold) {
			row.Reasons = append(row.Reasons, o.Rule+": "+o.Reason)
		}
	}
	return row
}

// HeldPost tells one held post in full.
func (e *Engine) HeldPost(id uint64) (HeldRow, error) {
	h, address, err := e.heldPost(id)
	if err != nil {
		return HeldRow{}, err
	}
	row := heldRow(h, address)
	row.Trace = h.Post.Trace
	raw, err := e.Store.Raw(h.Post.Ref)
	if err != nil {
		return row, err
	}
	row.Text = message.Parse(raw).Text(4000)
	return row, nil
}

func (e *Engine) heldPost(id uint64) (h Held, address string, err error) {
	err = e.Store.View(func(r Reader) error {
		if h, err = r.Held(id); err != nil {
			return fmt.Errorf("held post %d: %w", id, err)
		}
		names, err := listNames(r)
		address = names[h.Post.List]
		return err
	})
	return h, address, err
}

// Approve sends a held post out, under the settings of now. by is who decided, for the trace. With trust the author's further posts are
// not held for being a new or a moderated member's.
func (e *Engine) Approve(ctx context.Context, id uint64, by string, trust bool) (Post, error) {
	h, address, err := e.heldPost(id)
	if err != nil {
		return Post{}, err
	}
	l, ok := e.Site().List(address)
	if !ok {
		return Post{}, fmt.Errorf("held post %d: its list %s is not in the config; it waits until it is", id, address)
	}
	raw, err := e.Store.Raw(h.Post.Ref)
	if err != nil {
		return Post{}, err
	}
	now := e.Now()
	// It passed the limits when it came; those of today must not keep it from being read.
	site := *e.Site()
	site.Limits = Limits{}
	p := newPending(&site, l, &h.Post.Envelope, raw)
	if p.made {
		p.id = h.Post.MessageID // the one that was made from it as it came
	}
	err = e.Store.Update(func(tx Tx) error {
		// Read again: somebody else may have decided since.
		h, err := tx.Held(id)
		if err != nil {
			return fmt.Errorf("held post %d: %w", id, err)
		}
		if err := tx.DeleteHeld(id); err != nil {
			return err
		}
		rec, err := tx.List(l.Address)
		if err != nil {
			return err
		}
		p.post = h.Post
		p.post.DecidedBy = by
		p.post.Trace = append(append([]Opinion(nil), h.Post.Trace...), Opinion{Rule: "moderator", Action: string(ActAccept), Reason: "approved by " + by})
		if trust {
			if err := trustMember(tx, rec.ID, p.post.From); err != nil {
				return err
			}
		}
		return p.accept(tx, rec, now)
	})
	if err != nil {
		return Post{}, err
	}
	e.Log.Info("post accepted", "id", p.post.Envelope.ID, "list", l.Address, "from", p.post.From, "message_id", p.post.MessageID, "rule", "moderator",
		"held", id, "by", by, "post", p.post.Number, "topic", p.post.Topic, "out", p.post.Outgoing, "size", len(raw))
	return p.post, nil
}

func trustMember(tx Tx, list uint32, address string) error {
	m, err := tx.Member(list, address)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	m.Trusted, m.Moderated = true, false
	_, err = tx.PutMember(m)
	return err
}

// Discard drops a held post without a word to its author.
func (e *Engine) Discard(id uint64, by string) error { return e.drop(id, by, "post discarded", nil) }

// Reject drops a held post and tells its author, with the reason when there is one.
func (e *Engine) Reject(id uint64, by, reason string) error {
	h, address, err := e.heldPost(id)
	if err != nil {
		return err
	}
	l, ok := e.Site().List(address)
	if !ok {
		return fmt.Errorf("held post %d: its list %s is not in the config", id, address)
	}
	notice := rejection(l, &h.Post, reason, "reject."+e.NewID(), e.Now())
	return e.drop(id, by, "post rejected", func(tx Tx, ref Ref) error {
		_, err := tx.Enqueue(Outgoing{List: h.Post.List, Address: l.Address, Ref: ref, Recipients: []string{h.Post.From},
			EightBit: hasEightBit(notice), Size: int64(len(notice)), Accepted: e.Now(), Style: Style{List: l.Address, Hostname: e.Site().Hostname}})
		return err
	}, notice...)
}

// drop ends the wait of a held post; then runs after it in the same transaction, with a notice kept beside it.
func (e *Engine) drop(id uint64, by, event string, then func(Tx, Ref) error, notice ...byte) error {
	var h Held
	f := func(tx Tx, ref Ref) (err error) {
		if h, err = tx.Held(id); err != nil {
			return fmt.Errorf("held post %d: %w", id, err)
		}
		if err = tx.DeleteHeld(id); err == nil && then != nil {
			err = then(tx, ref)
		}
		return err
	}
	var err error
	if then == nil {
		err = e.Store.Update(func(tx Tx) error { return f(tx, Ref{}) })
	} else {
		err = e.Store.Keep(notice, f)
	}
	if err == nil {
		e.Log.Info(event, "id", h.Post.Envelope.ID, "held", id, "by", by, "from", h.Post.From, "message_id", h.Post.MessageID)
	}
	return err
}
