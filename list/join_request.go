package list

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/list/message"
)

// joinRequest is somebody who wants to join a list whose moderators decide on that, as a Secret of each of them keeps it in Data.
type joinRequest struct {
	Address string `json:"address"`
	Name    string `json:"name,omitempty"`
}

// request asks the moderators about who wants to join. While they have not decided, asking again changes nothing.
func (t *turn) request() error {
	subject := subjectOf(t.from.Addr, nil)
	waits := false
	err := t.tx.SecretsOf(t.rec.ID, ForJoin, subject, func(s Secret) error {
		waits = waits || s.Spent == "" && t.now.Before(s.Expires)
		return nil
	})
	if err != nil || waits {
		return err
	}
	data, err := json.Marshal(joinRequest{t.from.Addr, memberName(t.from.Name)})
	if err != nil {
		return fmt.Errorf("list: request to join: %w", err)
	}
	people, err := moderators(t.tx, t.site, t.list, t.rec)
	if err != nil {
		return err
	}
	expires := t.now.Add(t.list.HeldFor)
	values := map[string]string{"from": person{Address: t.from.Addr, Name: memberName(t.from.Name)}.String(), "expires": expires.Format(time.RFC3339)}
	for _, p := range people {
		n := noteTo(p, t.rec.ID, "join-request", values, t.now)
		n.MessageID = heldNoticeID(t.list, subject, p.Address)
		n.Secret = &Secret{Purpose: ForJoin, List: t.rec.ID, Address: p.Address, Subject: subject, Data: data, Expires: expires}
		if _, err := t.tx.PutNote(n); err != nil {
			return err
		}
	}
	t.log("join requested", "moderators", len(people))
	return nil
}

// String names a person as notices do.
func (p person) String() string {
	return strings.TrimSpace(oneLine(p.Name, subjectQuoted) + " <" + oneLine(p.Address, addressQuoted) + ">")
}

// ruleJoin does what a moderator's answer says about a request to join, by the same words as about a held post.
func (e *Engine) ruleJoin(h *heldReply) error {
	a := ReadAnswer(h.mail)
	if h.silent(a) {
		a.Verb = string(verbApprove)
	}
	said := readHeldOrder(a, h.posts, false)
	what, decides := heldRuled[said.verb]
	now := e.Now()
	var t *turn
	err := e.tell(func(tx Tx) error {
		t = nil
		s, err := tx.Secret(h.secret.Hash)
		if err != nil {
			return err
		}
		switch {
		case s.Spent != "":
			return h.answer(tx, noteTo(h.by, h.rec.ID, "already", map[string]string{"said": s.Spent}, now))
		case !decides:
			return h.joinChoices(tx, a, "", now)
		}
		var asked joinRequest
		if err := json.Unmarshal(s.Data, &asked); err != nil {
			return fmt.Errorf("list: request to join: %w", err)
		}
		if t, err = e.newTurn(tx, h.list, message.Mailbox{Name: asked.Name, Addr: asked.Address}, confirmed, now); err != nil {
			return err
		}
		if why, err := t.shut(what); err != nil {
			return err
		} else if why != "" {
			t = nil
			return h.joinChoices(tx, a, why, now)
		}
		if err := t.closeRequest(h, what); err != nil {
			return err
		}
		return t.ruled(h, what, said.text)
	})
	if err == nil && t != nil {
		t.log("join decided", "what", string(what), "moderator", h.by.Address)
		t.tell(byMail)
	}
	return err
}

// shut says why somebody cannot be let in now, whom a moderator wants to: the list was closed since, or the address banned. Empty: they can, or the
// decision is another.
func (t *turn) shut(what Ruled) (string, error) {
	if !what.sent() || t.member != nil {
		return "", nil
	}
	if t.rec.Closed || t.list.Closed {
		return "closed", nil
	}
	banned, err := isBanned(t.tx, t.rec.ID, t.from.Addr)
	if banned {
		return "banned", err
	}
	return "", err
}

// joinChoices answers what decides nothing, a few times a day; why says that it cannot be done now.
func (h *heldReply) joinChoices(tx Tx, a Answer, why string, now time.Time) error {
	slot, err := freeChoice(tx, h, now)
	if err != nil {
		return err
	}
	var asked joinRequest
	if err := json.Unmarshal(h.secret.Data, &asked); err != nil {
		return fmt.Errorf("list: request to join: %w", err)
	}
	n := noteTo(h.by, h.rec.ID, "join-choices", map[string]string{"word": oneLine(a.Verb, 40), "why": why, "from": person{Address: asked.Address, Name: asked.Name}.String()}, now)
	n.Secret = &Secret{Purpose: ForJoin, List: h.rec.ID, Address: h.secret.Address, Subject: h.secret.Subject, Data: h.secret.Data, Expires: h.secret.Expires}
	return errors.Join(h.answer(tx, n), tx.PutTold(slot, now))
}

// closeRequest ends the request for all moderators, and tells the others who decided what.
func (t *turn) closeRequest(h *heldReply, what Ruled) error {
	by := h.by.Name
	if by == "" {
		by = h.by.Address
	}
	values := map[string]string{"what": string(what), "by": oneLine(by, addressQuoted), "from": person{Address: t.from.Addr, Name: t.from.Name}.String()}
	said, err := t.site.Texts.phrase("join-ruled", []string{t.list.Language}, values)
	if err != nil {
		return err
	}
	told := map[string]bool{strings.ToLower(h.secret.Address): true}
	var others []person
	err = t.tx.SecretsOf(t.rec.ID, ForJoin, h.secret.Subject, func(s Secret) error {
		if key := strings.ToLower(s.Address); s.Spent == "" && !told[key] {
			told[key] = true
			p, err := personOf(t.tx, t.rec.ID, s.Address)
			others = append(others, p)
			return err
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range others {
		n := noteTo(p, t.rec.ID, "join-decided", values, t.now)
		n.Thread = heldNoticeID(t.list, h.secret.Subject, p.Address)
		if _, err := t.tx.PutNote(n); err != nil {
			return err
		}
	}
	return spend(t.tx, t.rec.ID, ForJoin, h.secret.Subject, said)
}

// ruled does what was decided.
func (t *turn) ruled(h *heldReply, what Ruled, reason string) error {
	switch what {
	case RuledApproved, RuledTrusted:
		if t.member == nil {
			if err := t.enter(); err != nil || t.member == nil {
				return err
			}
		}
		if what == RuledTrusted {
			t.member.Trusted = true
			m, err := t.tx.PutMember(*t.member)
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
		_, err = t.tx.PutNote(n)
		return err
	case RuledRejected:
		_, err := t.tx.PutNote(noteTo(person{Address: t.from.Addr, Name: t.from.Name}, t.rec.ID, "join-rejected",
			map[string]string{"reason": withoutTokens(reason)}, t.now))
		return err
	case RuledBanned:
		if strings.ContainsRune(t.from.Addr, '*') { // as a ban it would stand for others, too
			return nil
		}
		return t.e.ban(t.tx, Ban{List: t.rec.ID, Pattern: strings.ToLower(t.from.Addr), By: h.by.Address, At: t.now})
	}
	return nil
}
