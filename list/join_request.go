package list

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"convene/list/message"
)

// request has the moderators decide who joins, as they decide on posts: the request is held as one is, and is listed, reminded of, decided and dropped
// like one. While they have not decided, asking again changes nothing.
func (t *turn) request() error {
	waits, err := requested(t.tx, t.rec.ID, t.from.Addr)
	if err != nil || waits != nil {
		return err
	}
	who := person{Address: t.from.Addr, Name: memberName(t.from.Name)}
	wish, err := t.site.Texts.phrase("join-wish", []string{t.list.Language}, map[string]string{"from": who.String()})
	if err != nil {
		return err
	}
	h, err := t.tx.PutHeld(Held{Join: true, Expires: t.now.Add(t.list.HeldFor), Post: Post{List: t.rec.ID, From: who.Address, FromName: who.Name, Subject: wish,
		Date: t.now, Arrived: t.now, Trace: []Opinion{{Rule: "join", Action: string(ActHold), Reason: "the moderators decide who joins"}}}})
	if err != nil {
		return err
	}
	t.log("join requested", "held", h.ID)
	may, err := mayNotice(t.tx, t.rec.ID, t.site.Limits.HeldNoticesPerHour, t.now)
	if err != nil || !may {
		return err
	}
	people, err := moderators(t.tx, t.site, t.list, t.rec)
	if err != nil {
		return err
	}
	values := map[string]string{"from": who.String(), "expires": h.Expires.In(t.list.zone()).Format(time.RFC3339)}
	for _, p := range people {
		n := noteTo(p, t.rec.ID, "join-request", values, t.now)
		n.MessageID = heldNoticeID(t.list, h.ID, p.Address)
		n.Secret = &Secret{Purpose: ForHeld, List: t.rec.ID, Address: p.Address, Subject: h.ID, Expires: h.Expires.Add(rulingKept)}
		if _, err := t.tx.PutNote(n); err != nil {
			return err
		}
	}
	return nil
}

// requested finds the request of an address that waits; nil: there is none.
func requested(r Reader, list uint32, address string) (found *Held, err error) {
	err = r.HeldPosts(list, func(h Held) error {
		if h.Join && sameAddress(h.Post.From, address) {
			found = &h
			return ErrStop
		}
		return nil
	})
	return found, err
}

// String names a person as notices do.
func (p person) String() string {
	return strings.TrimSpace(oneLine(p.Name, subjectQuoted) + " <" + oneLine(p.Address, addressQuoted) + ">")
}

// carryOutJoin does what was decided about a request to join. Its author is told but of a discard and a ban: the address has confirmed that it is theirs.
func (e *Engine) carryOutJoin(tx Tx, l *List, rec Record, h *Held, o *order, done *settled, now time.Time) (err error) {
	switch o.what {
	case RuledSpecial, RuledEdited:
		return undecided(h, "no-post")
	case RuledApproved, RuledTrusted:
		if why, err := shut(tx, l, rec, h); err != nil || why != "" {
			return errors.Join(err, undecided(h, why))
		}
		done.member = true
		return e.letIn(tx, l, h, o.what == RuledTrusted, now)
	case RuledRejected:
		done.told = true
		return tellJoiner(tx, h, "join-rejected", map[string]string{"reason": withoutTokens(o.reason)}, now)
	case RuledBanned:
		done.banned, err = e.banAuthor(tx, l, rec, h, o, now)
	}
	return err
}

// shut says why nobody can let the author of a request in now: the list was closed since, or they are banned. Empty: they can.
func shut(r Reader, l *List, rec Record, h *Held) (why string, err error) {
	if _, err := r.Member(rec.ID, h.Post.From); err == nil {
		return "", nil
	} else if !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if rec.Closed || l.Closed {
		return "closed", nil
	}
	banned, err := isBanned(r, rec.ID, h.Post.From)
	if banned {
		why = "barred"
	}
	return why, err
}

// letIn makes a member of whoever asked, unless they are one by now, and welcomes them.
func (e *Engine) letIn(tx Tx, l *List, h *Held, trust bool, now time.Time) error {
	t, err := e.newTurn(tx, l, message.Mailbox{Name: h.Post.FromName, Addr: h.Post.From}, confirmed, now)
	if err != nil {
		return err
	}
	if t.member == nil {
		if err := t.enter(); err != nil || t.member == nil {
			return err
		}
	}
	if trust {
		t.member.Trusted = true
		m, err := tx.PutMember(*t.member)
		if err != nil {
			return err
		}
		t.member = &m
	}
	n, err := t.answer()
	if err != nil {
		return err
	}
	n.Answers = false
	_, err = tx.PutNote(n)
	return err
}

// tellJoiner owes whoever asked to join a notice about it.
func tellJoiner(tx Tx, h *Held, text string, values map[string]string, now time.Time) error {
	p, err := personOf(tx, h.Post.List, h.Post.From)
	if err != nil {
		return err
	}
	if p.Name == "" {
		p.Name = h.Post.FromName
	}
	_, err = tx.PutNote(noteTo(p, h.Post.List, text, values, now))
	return err
}

// endRequest ends the request of somebody who has joined by another way, and the tokens that ask about it.
func (t *turn) endRequest() error {
	h, err := requested(t.tx, t.rec.ID, t.from.Addr)
	if err != nil || h == nil {
		return err
	}
	if err := t.tx.DeleteHeld(h.ID); err != nil {
		return err
	}
	return t.e.conclude(t.tx, nil, &Ruling{Held: h.ID, List: t.rec.ID, What: RuledApproved, By: cmp.Or(t.addedBy, t.from.Addr), At: t.now, From: h.Post.From, Subject: h.Post.Subject, MessageID: h.Post.MessageID,
		Expires: h.Expires.Add(rulingKept)}, t.now)
}
