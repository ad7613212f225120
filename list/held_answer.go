package list

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/list/message"
)

// lateTold is how many posts of one answer a moderator is told of that somebody else had decided.
const lateTold = 5

// heldReply is a moderator's answer with all that is known about it.
type heldReply struct {
	list   *List
	rec    Record
	mail   *message.Message
	secret Secret
	by     person
	posts  []uint64 // what the notice was about, in its order
}

// several reports whether the notice listed several posts by number.
func (h *heldReply) several() bool { return h.secret.Subject == 0 }

// takeHeldAnswer takes mail to the address that a notice about held posts asked to answer to. done is what was done with it: "decide", or "discard"
// of what a machine wrote. A *Refusal is for who sent it: the token must be theirs, and nobody may use it in their name.
func (e *Engine) takeHeldAnswer(ctx context.Context, in *Incoming, t Target) (done string, err error) {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	attrs := []any{"id", in.ID, "list", t.List.Address, "from", a.From.Addr, "message_id", a.Message.MessageID(), "ip", in.IP}
	refused := func(r *Refusal) (string, error) {
		if r.Reason == NotAllowed || r.Reason == ForgedSender {
			e.guessed(&in.Envelope)
		}
		e.Log.Warn("answer refused", append(attrs, "reason", r.Text)...)
		return "", r
	}
	if v := unreadable(a); v.Action == ActRefuse {
		return refused(Refuse(v.Why, "%s", v.Text))
	}
	if v := size(a); v.Action == ActRefuse {
		return refused(Refuse(v.Why, "%s", v.Text))
	}
	if why, ok := Automatic(&in.Envelope, a.Message); ok {
		e.Log.Info("answer discarded", append(attrs, "reason", why)...)
		return "discard", nil
	}
	if in.Auth != nil && !in.Authenticated {
		auth := in.Auth(ctx, a.Message)
		in.Auth = func(context.Context, *message.Message) Authentication { return auth } // it is asked once, whatever else the mail is for
		a.Auth = auth
	}
	if a.Auth.DMARC == Fail {
		return refused(Refuse(ForgedSender, "The message fails the DMARC check of its sender's domain, so that nothing shows who wrote it"))
	}
	reply, err := e.readHeldReply(t, a, e.Now())
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refused(refusal)
	} else if err != nil {
		return "", err
	}
	return "decide", e.obey(reply)
}

// readHeldReply finds out who answers what. The sender must be the one whom the token was sent to, by whatever address of theirs, and must still be
// somebody who decides.
func (e *Engine) readHeldReply(t Target, a *Arrival, now time.Time) (h *heldReply, err error) {
	h = &heldReply{list: t.List, mail: a.Message}
	err = e.Store.View(func(r Reader) error {
		if h.rec, err = r.List(t.List.Address); err != nil {
			return err
		}
		h.secret, err = e.secretAt(r, t, now)
		if errors.Is(err, ErrNotFound) { // revoked since RCPT
			return noSuchWord(t.List)
		} else if err != nil {
			return err
		}
		owner, err := ownerOf(r, h.rec.ID, a.From.Addr)
		if err != nil {
			return err
		}
		if !sameAddress(owner, h.secret.Address) && !sameAddress(a.From.Addr, h.secret.Address) {
			return Refuse(NotAllowed, "Only who got the notice may answer it, from the address that it went to")
		}
		may, err := e.decides(r, t.List, h.rec, h.secret.Address)
		if err == nil && !may {
			err = Refuse(NotAllowed, "You are no moderator of this list any more; write to %s", t.List.Word("owner"))
		}
		if err != nil {
			return err
		}
		h.by, err = personOf(r, h.rec.ID, h.secret.Address)
		if h.by.Name == "" {
			h.by.Name = oneLine(a.From.Name, subjectQuoted)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if h.posts = []uint64{h.secret.Subject}; h.several() {
		h.posts = decodeBundle(h.secret.Data)
	}
	if len(h.posts) == 0 {
		return nil, fmt.Errorf("list: a secret of %s that asks about no post", t.List.Address)
	}
	return h, nil
}

// ownerOf is the address that a member is known by who writes from one of theirs; empty: it is no member's.
func ownerOf(r Reader, list uint32, address string) (string, error) {
	m, err := r.Member(list, address)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return m.Address, err
}

// obey does what an answer says of each post that it means. Every post is decided by itself: the same mail, taken again because our 250 was not
// heard, finds what it did the first time.
func (e *Engine) obey(h *heldReply) error {
	a := ReadAnswer(h.mail)
	if h.silent(a) {
		a.Verb = string(verbApprove)
	}
	said := readHeldOrder(a, h.posts, h.several())
	what, decides := heldRuled[said.verb]
	if !decides || len(said.posts) == 0 {
		return e.tellChoices(h, a)
	}
	unfit := ""
	if what == RuledEdited {
		unfit = h.unfit(&said)
	}
	late := 0
	for _, id := range said.posts {
		_, err := e.rule(order{held: id, what: what, by: h.by, reason: said.text, text: said.text, unfit: unfit, sure: string(h.secret.Data) == sureOfBan && !h.several(), owe: h.tellUnexpected})
		if waits, ok := errors.AsType[*undecidedError](err); ok {
			err = e.tellUndecided(h, waits)
		}
		ruled, before := errors.AsType[*RuledError](err)
		if before {
			if sameAddress(ruled.By, h.by.Address) && (said.every || ruled.What == what) {
				continue // they know what they said before
			}
			if late++; late > lateTold {
				continue
			}
			err = e.tellLate(h, &ruled.Ruling)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// silent reports whether an answer is a reply to a notice about one post with no text of its own, which approves it. It has to be seen to be
// one: a new mail, whose text a program has dropped that was to take it from a link, says nothing.
func (h *heldReply) silent(a Answer) bool {
	return !h.several() && a.Verb == "" && slices.ContainsFunc(h.mail.References(), func(id string) bool { return isHeldNoticeID(h.list, id, h.secret.Subject) })
}

// tellLate tells a moderator what somebody else had decided. Without a What it is not known any more.
func (e *Engine) tellLate(h *heldReply, r *Ruling) error {
	now := e.Now()
	return e.tell(func(tx Tx) error { return h.answer(tx, noteTo(h.by, h.rec.ID, "late", rulingValues(h.list, r), now)) })
}

// sureOfBan is the Data of a secret for one post whose ban was asked about once more.
const sureOfBan = "ban"

// tellUndecided tells a moderator that a post still waits, and why. The answer to that knows of it.
func (e *Engine) tellUndecided(h *heldReply, waits *undecidedError) error {
	now := e.Now()
	return e.tell(func(tx Tx) error {
		held, err := tx.Held(waits.held)
		if errors.Is(err, ErrNotFound) {
			return errNothingToKeep // somebody else decided meanwhile
		} else if err != nil {
			return err
		}
		slot, err := freeChoice(tx, h, now)
		if err != nil {
			return err
		}
		values := rulingValues(h.list, &Ruling{From: held.Post.From, Subject: held.Post.Subject, At: now})
		values["why"] = waits.why
		n := noteTo(h.by, h.rec.ID, "done", values, now)
		n.Secret = &Secret{Purpose: ForHeld, List: h.rec.ID, Address: h.secret.Address, Subject: held.ID, Expires: held.Expires.Add(rulingKept)}
		if waits.why == "unproven" {
			n.Secret.Data = []byte(sureOfBan)
		}
		return errors.Join(h.answer(tx, n), tx.PutTold(slot, now))
	})
}

// tellUnexpected owes a moderator what came of their word where it was not all that they may think.
func (h *heldReply) tellUnexpected(tx Tx, done *settled) error {
	why := ""
	switch what := done.ruling.What; {
	case (done.doubt || what == RuledTrusted) && !done.member:
		why = "no-member"
	case done.doubt:
		why = "not-trusted"
	case what == RuledRejected && !done.told:
		why = "not-told"
	case what == RuledEdited && !done.told:
		why = "edited-untold"
	case what == RuledBanned && !done.banned:
		why = "not-banned"
	default:
		return nil
	}
	values := rulingValues(h.list, &done.ruling)
	values["why"] = why
	return h.answer(tx, noteTo(h.by, h.rec.ID, "done", values, done.ruling.At))
}

// answer owes the one who answered a notice below their mail.
func (h *heldReply) answer(tx Tx, n Note) error {
	n.Answers, n.InReplyTo, n.Thread = true, h.mail.MessageID(), ""
	if !h.several() {
		n.Thread = heldNoticeID(h.list, h.secret.Subject, h.secret.Address)
	}
	_, err := tx.PutNote(n)
	return err
}

// tell owes notices; errNothingToKeep means that there is none to send.
func (e *Engine) tell(f func(Tx) error) error {
	err := e.Store.Update(f)
	if errors.Is(err, errNothingToKeep) {
		return nil
	}
	return err
}
