package list

import (
	"context"
	"encoding/hex"
	"errors"
	"time"
)

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

// confirmByMail takes mail to an address with the token of a confirmation: whatever a person writes there confirms, but for "no". An automatic mail
// does nothing, nor does one that is known to be forged.
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
	_, err = e.answerConfirmation(t.Token, byMail, !No(ReadAnswer(a.Message).Verb))
	if errors.Is(err, ErrNotFound) { // expired or revoked since RCPT
		return "", noSuchWord(t.List)
	}
	return "confirm", err
}
