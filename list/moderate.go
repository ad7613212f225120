package list

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// order is what somebody wants done with a held post.
type order struct {
	held   uint64
	what   Ruled
	by     person
	reason string // for the author, of RuledRejected
	text   string // of RuledEdited: instead of the post's
	unfit  string // why the text cannot be that, as of undecidedError; empty: it can
	// sure says that it is known that nothing proves who wrote the post.
	sure bool
	// owe is what else follows from it, in the same transaction; nil: nothing.
	owe func(Tx, *settled) error
}

// settled is what became of an order.
type settled struct {
	post   Post // of one that was sent
	ruling Ruling
	member bool // the author is a member
	told   bool // the author is told
	banned bool // the author may not post any more
	doubt  bool // trust was asked for, and nothing proves who the author is
}

// Approve sends a held post out, under the settings of now. by is who decided, for the trace. With trust the author's further posts are
// not held for being a new or a moderated member's. Of a request to join it makes a member, and the Post has number zero. The error is a *RuledError when it was decided before; of two at once the first counts.
func (e *Engine) Approve(ctx context.Context, id uint64, by string, trust bool) (Post, error) {
	what := RuledApproved
	if trust {
		what = RuledTrusted
	}
	done, err := e.rule(order{held: id, what: what, by: person{Address: by}, sure: true})
	return done.post, err
}

// Discard drops a held post without a word to its author.
func (e *Engine) Discard(id uint64, by string) error {
	_, err := e.rule(order{held: id, what: RuledDiscarded, by: person{Address: by}})
	return err
}

// Reject drops a held post and tells its author, with the reason when there is one. It reports whether the author is told: nobody is whose mail is
// not authenticated, since it may be somebody else's.
func (e *Engine) Reject(id uint64, by, reason string) (told bool, err error) {
	done, err := e.rule(order{held: id, what: RuledRejected, by: person{Address: by}, reason: reason})
	return done.told, err
}

// rule does what an order says, and all that follows from it, in one transaction: the post, the author's notice, the end of all moderators' tokens
// and the line for the others. The error is a *RuledError when it was decided before.
func (e *Engine) rule(o order) (settled, error) {
	h, address, err := e.heldPost(o.held)
	if err != nil {
		return settled{}, err
	}
	l, configured := e.Site().List(address)
	if !configured && o.what != RuledDiscarded {
		return settled{}, fmt.Errorf("held post %d: its list %s is not in the config; it waits until it is", o.held, address)
	}
	var p *pending
	if o.what.sent() && !h.Join {
		if p, err = e.reconsider(l, &h); err != nil {
			return settled{}, err
		}
		if p.arrival.GuardErr != nil {
			return settled{}, undecided(&h, "unreadable")
		}
	}
	var done settled
	now := e.Now()
	decide := func(tx Tx) (err error) {
		// Read again: somebody else may have decided since.
		h, err := waiting(tx, o.held)
		if err != nil {
			return err
		}
		if done, err = e.carryOut(tx, l, p, &h, &o, now); err != nil || o.owe == nil {
			return err
		}
		return o.owe(tx, &done)
	}
	if o.what == RuledEdited && !h.Join {
		err = e.keepEdited(p, &h, &o, decide)
	} else {
		err = e.Store.Update(decide)
	}
	if err != nil {
		return settled{}, err
	}
	e.logRuling(&h, &done, address)
	return done, nil
}

// reconsider reads a held post for being sent.
func (e *Engine) reconsider(l *List, h *Held) (*pending, error) {
	raw, err := e.Store.Raw(h.Post.Ref)
	if err != nil {
		return nil, err
	}
	// It passed the limits when it came; those of today must not keep it from being read.
	site := *e.Site()
	site.Limits = Limits{}
	p := newPending(&site, l, &h.Post.Envelope, raw)
	p.late, p.arrival.Auth = true, h.Post.Auth
	if p.made {
		p.id = h.Post.MessageID // the one that was made from it as it came
	}
	return p, nil
}

// carryOut ends the wait of a held post. l is nil where its list is not in the config: nobody is told then.
func (e *Engine) carryOut(tx Tx, l *List, p *pending, h *Held, o *order, now time.Time) (done settled, err error) {
	rec, err := tx.ListByID(h.Post.List)
	if err != nil {
		return done, err
	}
	done.ruling = Ruling{Held: h.ID, List: rec.ID, What: o.what, By: o.by.Address, ByName: o.by.Name, At: now, From: h.Post.From, Subject: h.Post.Subject, MessageID: h.Post.MessageID,
		Expires: h.Expires.Add(rulingKept)}
	if o.what == RuledTrusted && !h.Join && !o.sure && !authentic(&h.Post) { // who wrote it in their name would be trusted next
		done.doubt, done.ruling.What = true, RuledApproved
	}
	if err := tx.DeleteHeld(h.ID); err != nil {
		return done, err
	}
	if h.Join {
		if err := e.carryOutJoin(tx, l, rec, h, o, &done, now); err != nil {
			return done, err
		}
		return done, e.conclude(tx, l, &done.ruling, now)
	}
	m, err := tx.Member(rec.ID, h.Post.From)
	if done.member = err == nil; errors.Is(err, ErrNotFound) {
		err = nil
	} else if err != nil {
		return done, err
	}
	switch o.what {
	case RuledTrusted, RuledApproved, RuledSpecial, RuledEdited:
		if done.ruling.What == RuledTrusted && done.member {
			m.Trusted, m.Moderated = true, false
			if _, err := tx.PutMember(m); err != nil {
				return done, err
			}
		}
		if err := p.release(tx, rec, h, o, now); err != nil {
			return done, err
		}
		done.post = p.post
		if o.what == RuledEdited {
			done.told, err = p.tellEdited(tx, h, now)
		}
	case RuledRejected:
		if done.told = mayTellAuthor(&h.Post); done.told {
			err = tellAuthor(tx, l, h, "rejected", map[string]string{"reason": withoutTokens(o.reason)}, now)
		}
	case RuledBanned:
		if done.member && !o.sure && !authentic(&h.Post) {
			return done, undecided(h, "unproven")
		}
		done.banned, err = e.banAuthor(tx, l, rec, h, o, now)
	}
	if err != nil {
		return done, err
	}
	return done, e.conclude(tx, l, &done.ruling, now)
}

// release makes a held post one of the list's.
func (p *pending) release(tx Tx, rec Record, h *Held, o *order, now time.Time) error {
	p.post = h.Post
	p.post.DecidedBy = o.by.Address
	if o.what == RuledEdited {
		p.post.Ref, p.post.Original = p.edited, h.Post.Ref
	}
	p.post.Special = p.post.Special || o.what == RuledSpecial
	said := o.what
	if said == RuledTrusted { // which is about the author
		said = RuledApproved
	}
	p.post.Trace = append(append([]Opinion(nil), h.Post.Trace...), Opinion{Rule: "moderator", Action: string(ActAccept), Reason: said.inWords() + " by " + o.by.Address})
	return p.accept(tx, rec, now)
}

// banAuthor keeps the author of a held post out of the list. Not so somebody who runs the list, in whose name anybody may write, and not an address
// with a * in it: as a ban that would stand for others, too.
func (e *Engine) banAuthor(tx Tx, l *List, rec Record, h *Held, o *order, now time.Time) (bool, error) {
	a := h.Post.From
	runs, err := e.decides(tx, l, rec, a)
	if err != nil || runs || a == "" || strings.ContainsRune(a, '*') {
		return false, err
	}
	return true, e.ban(tx, Ban{List: rec.ID, Pattern: strings.ToLower(a), By: o.by.Address, At: now})
}

// conclude writes down how the wait of a held post ended: the tokens that ask for it are spent, what was not yet asked is not asked any more, and
// every other moderator who was asked is told in one line.
func (e *Engine) conclude(tx Tx, l *List, r *Ruling, now time.Time) error {
	if err := tx.PutRuling(*r); err != nil {
		return err
	}
	var others []string
	err := tx.SecretsOf(r.List, ForHeld, r.Held, func(s Secret) error {
		if s.Spent == "" && !sameAddress(s.Address, r.By) && !containsAddress(others, s.Address) {
			others = append(others, s.Address)
		}
		return nil
	})
	if err == nil {
		err = spend(tx, r.List, ForHeld, r.Held, (&RuledError{*r}).Error())
	}
	if err != nil || l == nil || r.What == RuledExpired {
		return err
	}
	for _, a := range others {
		p, err := personOf(tx, r.List, a)
		if err != nil {
			return err
		}
		n := noteTo(p, r.List, "decided", rulingValues(l, r), now)
		n.InReplyTo = heldNoticeID(l, r.Held, a)
		n.Thread = n.InReplyTo
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) logRuling(h *Held, done *settled, address string) {
	attrs := []any{"id", h.Post.Envelope.ID, "list", address, "from", h.Post.From, "message_id", h.Post.MessageID, "held", h.ID, "by", done.ruling.By}
	if h.Join {
		e.Log.Info("join decided", append(attrs, "what", string(done.ruling.What))...)
		return
	}
	switch done.ruling.What {
	case RuledApproved, RuledTrusted, RuledSpecial, RuledEdited:
		p := &done.post
		e.Log.Info("post accepted", append(attrs, "rule", "moderator", "post", p.Number, "topic", p.Topic, "out", p.Outgoing, "size", p.Ref.Length)...)
	case RuledRejected:
		e.Log.Info("post rejected", append(attrs, "told", done.told)...)
	default:
		e.Log.Info("post discarded", append(attrs, "banned", done.banned)...)
	}
}
