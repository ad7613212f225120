package list

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"time"
)

// toldUnclear is the kind of Telling that counts answers which were neither yes nor no; Hop is the question.
const toldUnclear = "unclear"

// toldAgain is how often whoever answers a confirmation again by mail is told what it did.
const toldAgain = 24 * time.Hour

// tellConfirmed answers a mail to a confirmation that is spent: to the address that it was sent to, whoever wrote, and once a day.
func tellConfirmed(tx Tx, c *confirming) error {
	what := Telling{Kind: toldConfirmed, List: c.List, Hop: hex.EncodeToString(c.Hash[:8])}
	told, err := toldSince(tx, what, c.now.Add(-toldAgain))
	if err != nil || told {
		return err
	}
	p, err := personOf(tx, c.List, c.Address)
	if err != nil {
		return err
	}
	n := noteTo(p, c.List, "already", map[string]string{"said": c.Spent}, c.now)
	n.Answers = true
	if _, err := tx.PutNote(n); err != nil {
		return err
	}
	return tx.PutTold(what, c.now)
}

// confirmByMail takes mail to an address with the token of a confirmation: a reply without words and a yes confirm, a no declines, and whatever is
// neither is answered by the question in short. An automatic mail does nothing, nor does one that is known to be forged.
func (e *Engine) confirmByMail(ctx context.Context, in *Incoming, t Target) (done string, err error) {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	attrs := []any{"id", in.ID, "to", t.String(), "ip", in.IP}
	refusal := e.refuseForward(a, []Target{t})
	if refusal == nil {
		if why, automatic := Automatic(&in.Envelope, a.Message); automatic {
			e.Log.Info("answer discarded", append(attrs, "reason", why)...)
			return "discard", nil
		}
		if !in.Authenticated && in.Auth != nil && in.Auth(ctx, a.Message).DMARC == Fail {
			refusal = Refuse(ForgedSender, "The message fails the DMARC check of its sender's domain, so that nothing shows who wrote it")
		}
	}
	if refusal != nil {
		e.Log.Info("mail refused", append(attrs, "reason", refusal.Text)...)
		return "", refusal
	}
	said, err := e.consentOf(t.Token, ReadAnswer(a.Message))
	if err == nil && said == unclear {
		e.Log.Info("answer not understood", attrs...)
		err = e.askAgain(t.Token, a.Message.MessageID())
	} else if err == nil {
		_, err = e.answerConfirmation(t.Token, byMail, said == agreed, in.also)
	}
	if errors.Is(err, ErrNotFound) { // expired or revoked since RCPT
		return "", noSuchWord(t.List)
	}
	return "confirm", err
}

// consentOf reads an answer to the question behind a token. To one that is settled any answer is clear: it changes nothing.
func (e *Engine) consentOf(token string, a Answer) (said consent, err error) {
	err = e.Store.View(func(r Reader) error {
		c, _, err := e.confirming(r, token, e.Now())
		if err != nil {
			return err
		}
		var what confirmation
		if c.Purpose != ForProbe {
			if err := what.decode(c.Data); err != nil {
				return err
			}
		}
		if said = readConsent(a, c.Purpose, what.Names); c.Spent != "" {
			said = agreed
		}
		return nil
	})
	return said, err
}

// askAgain answers a reply that nobody can read by the question in short, with a token of its own: to the address that was asked, whoever wrote, and
// once a day for one question.
func (e *Engine) askAgain(token, inReplyTo string) error {
	return e.tell(func(tx Tx) error {
		c, _, err := e.confirming(tx, token, e.Now())
		if err != nil {
			return err
		}
		slot := Telling{Kind: toldUnclear, List: c.List, Hop: string(c.Purpose) + " " + strconv.FormatUint(c.Subject, 16)}
		if told, err := toldSince(tx, slot, c.now.Add(-toldAgain)); err != nil || told {
			return errors.Join(err, errNothingToKeep)
		}
		p, err := personOf(tx, c.List, c.Address)
		if err != nil {
			return err
		}
		var what confirmation
		if err := what.decode(c.Data); err != nil {
			return err
		}
		p.Language = cmp.Or(p.Language, what.Language)
		n := noteTo(p, c.List, "unclear", map[string]string{"what": what.what(), "member": what.By, "expires": c.Expires.In(c.list.zone()).Format(time.RFC3339)}, c.now)
		n.Answers, n.InReplyTo = true, inReplyTo
		n.Secret = &Secret{Purpose: c.Purpose, List: c.List, Address: c.Address, Subject: c.Subject, Data: c.Data, Expires: c.Expires}
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
		return tx.PutTold(slot, c.now)
	})
}
