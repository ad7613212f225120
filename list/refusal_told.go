package list

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// toldRefused is of a list: Hop is an author who knows that it does not take their posts. It is on disk.
const toldRefused = "refused"

// refusalsTold are the reasons for which a post is refused of which its author hears where nobody else can tell them.
var refusalsTold = []Reason{ListClosed, NotMember, NotAllowed, TopicLocked, TooBig}

// tellRefused tells the author of a post that was fetched from a hosted mailbox what a server would have told theirs: that it is refused. Mail has come
// in then, and an answer goes to whoever it names; so only those are answered of whom it is proven that they wrote it, no machines and no other lists, and
// each of them once in a week.
func (e *Engine) tellRefused(ctx context.Context, in *Incoming, p *pending, d Decision) error {
	a := p.arrival
	if in.Protocol != ByIMAP || d.Action != ActRefuse || !slices.Contains(refusalsTold, d.Refusal.Reason) || in.Auth == nil {
		return nil
	}
	if _, automatic := Automatic(&in.Envelope, a.Message); automatic || a.GuardErr != nil || a.FromErr != nil || e.isOurs(a.From.Addr) ||
		bulk(a).Action == ActHold {
		return nil
	}
	if !in.Auth(ctx, a.Message).OK() {
		return nil
	}
	now := e.Now()
	return e.tell(func(tx Tx) error {
		rec, err := tx.List(p.list.Address)
		if err != nil {
			return err
		}
		what := Telling{Kind: toldRefused, List: rec.ID, Hop: strings.ToLower(a.From.Addr)}
		if told, err := toldSince(tx, what, now.Add(-waitingEvery)); err != nil || told {
			return errors.Join(err, errNothingToKeep)
		}
		to, err := personOf(tx, rec.ID, a.From.Addr)
		if err != nil {
			return err
		}
		if to.Name == "" {
			to.Name = oneLine(a.From.Name, subjectQuoted)
		}
		n := noteTo(to, rec.ID, "rejected", map[string]string{"subject": oneLine(a.Message.Subject(), subjectQuoted), "why": string(d.Refusal.Reason)}, now)
		n.Answers, n.InReplyTo, n.Thread = true, p.id, p.id
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
		return tx.PutTold(what, now)
	})
}
