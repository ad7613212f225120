package list

import (
	"context"
	"errors"
	"strings"
	"time"
)

// toldCommands is the kind of Telling that counts mails with commands: Hop is who sent them, Post the place among those of the hour, from 1.
const toldCommands = "commands"

// The limits where the config leaves them at zero.
const (
	commandsPerMail = 25
	commandsPerHour = 20
)

// takeCommands does what a mail asks at addresses of a list that take commands. A mail that is authenticated acts at once; one that only claims to be
// from somebody has them asked, and nobody else ever hears of it. done is "command", or "discard" of what a machine wrote.
func (e *Engine) takeCommands(ctx context.Context, in *Incoming, targets []Target) (done string, err error) {
	l := targets[0].List
	a := readArrival(e.Site(), l, &in.Envelope, in.Raw)
	attrs := []any{"id", in.ID, "to", targets[0].Address, "from", a.From.Addr, "message_id", a.Message.MessageID(), "ip", in.IP}
	refusal := e.refuseForward(a, targets)
	if v := unreadable(a); refusal == nil && v.Action == ActRefuse {
		refusal = Refuse(v.Why, "%s", v.Text)
	}
	var by proof
	lines := commandLines{}
	if refusal == nil {
		if why := e.unanswered(a); why != "" {
			e.Log.Info("command discarded", append(attrs, "reason", why)...)
			return "discard", nil
		}
		lines = e.commandsOf(a, targets)
		by, refusal = proofOf(ctx, in, a)
	}
	if refusal == nil && by == claimed && lines.onlyJoin() && !l.Joinable() {
		refusal = noJoining(l)
	}
	if refusal == nil {
		err = e.doCommands(a, mailKey(a.Message, targets), lines, by, in.Received)
		refusal, _ = errors.AsType[*Refusal](err)
	}
	if errors.Is(err, errNothingToKeep) {
		e.Log.Info("command discarded", append(attrs, "reason", "it came before")...)
		return "discard", nil
	}
	switch {
	case refusal != nil:
		e.Log.Info("command refused", append(attrs, "reason", refusal.Text)...)
		return "", refusal
	case err != nil:
		return "", err
	}
	e.Log.Info("command taken", append(attrs, "commands", lines.names(), "authenticated", by == authenticated)...)
	return "command", nil
}

// noJoining is the answer to who wants to join a list that nobody can join by mail.
func noJoining(l *List) *Refusal {
	return Refuse(NotAllowed, "Nobody joins this list by mail; write to %s", l.Word("owner"))
}

// unanswered says why a mail with commands is neither obeyed nor answered; empty: it is. A machine asks for nothing, and an address of ours would
// have mail go round in circles.
func (e *Engine) unanswered(a *Arrival) string {
	if why, ok := Automatic(a.Envelope, a.Message); ok {
		return why
	}
	if e.isOurs(a.From.Addr) {
		return "it comes from an address of this site"
	}
	return ""
}

// isOurs reports whether an address is one of this site's.
func (e *Engine) isOurs(address string) bool {
	_, err := e.Site().Route(address)
	return err == nil
}

// commandsOf reads the commands of a mail.
func (e *Engine) commandsOf(a *Arrival, targets []Target) commandLines {
	limit := a.Site.Limits.CommandsPerMail
	if limit <= 0 {
		limit = commandsPerMail
	}
	var words []string
	for _, t := range targets {
		words = append(words, t.Word)
	}
	return readCommands(e.commands, words, a.Message, limit)
}

// proofOf finds out how far it is known who sent a mail. One that is known to be forged is refused, whatever its domain asks for.
func proofOf(ctx context.Context, in *Incoming, a *Arrival) (proof, *Refusal) {
	if in.Authenticated {
		return authenticated, nil
	}
	if in.Auth == nil {
		return claimed, nil
	}
	a.Auth = in.Auth(ctx, a.Message)
	switch {
	case a.Auth.DMARC == Fail:
		return claimed, Refuse(ForgedSender, "The message fails the DMARC check of its sender's domain, so that nothing shows who wrote it")
	case a.Auth.OK():
		return authenticated, nil
	}
	return claimed, nil
}

// doCommands does the commands, or asks first, and owes the answer: all in one transaction. The error may be a *Refusal, or errNothingToKeep where the
// mail had been taken before.
func (e *Engine) doCommands(a *Arrival, key string, lines commandLines, by proof, now time.Time) error {
	var t *turn
	err := e.Store.Update(func(tx Tx) (err error) {
		if t, err = e.newTurn(tx, a.List, a.From, by, now); err != nil {
			return err
		}
		if err := takeOnce(tx, t.rec.ID, key, now); err != nil {
			return err
		}
		t.source = sourceOf(a.Envelope)
		if lines.joins() {
			if err := refuseBanned(tx, t.rec, a); err != nil {
				return err
			}
		}
		if by == claimed {
			return t.claim(lines)
		}
		if err := t.count(); err != nil {
			return err
		}
		t.helped = len(lines.all) == 0
		if lines.joins() && t.admission() == admitAsked {
			if lines, err = t.askToJoin(lines); err != nil || len(lines.all)+len(t.said) == 0 {
				return err
			}
		}
		if err := t.run(lines); err != nil {
			return err
		}
		n, err := t.answer()
		if err != nil {
			return err
		}
		n.InReplyTo = a.Message.MessageID()
		_, err = tx.PutNote(n)
		return err
	})
	if err == nil {
		t.tell("mail")
	}
	return err
}

// claim is what a mail comes to of which nobody knows whether it is true: a question to whom it names, or the help, which is for everybody, also where it
// asks for more than a question is about. Both count against the cap on such mail, so that nobody is flooded in this way.
func (t *turn) claim(lines commandLines) error {
	if !lines.onlyHelp() {
		if _, err := t.askFirst(lines); !errors.Is(err, errAskedMost) {
			return err
		}
	}
	may, err := t.mayAsk(t.from.Addr, ForConfirm)
	if err != nil || !may {
		return err
	}
	t.helped, t.from.Name = true, ""
	n, err := t.answer()
	if err != nil {
		return err
	}
	_, err = t.tx.PutNote(n)
	return err
}

// count counts a mail with commands, and refuses one more than an address may send in an hour.
func (t *turn) count() error {
	limit := t.site.Limits.CommandsPerAddressPerHr
	if limit <= 0 {
		limit = commandsPerHour
	}
	hour := t.now.Truncate(time.Hour).Add(-1)
	slot := Telling{Kind: toldCommands, Hop: strings.ToLower(t.from.Addr)}
	place, err := freePlace(t.tx, slot, limit, hour)
	if err != nil {
		return err
	}
	if slot.Post = place; place > 0 {
		return t.tx.PutTold(slot, t.now)
	}
	return Refuse(TooManyCommands, "You have sent %d mails with commands within an hour; this one will be read when it comes again later", limit)
}

// refuseBanned refuses who is kept out of the list.
func refuseBanned(r Reader, rec Record, a *Arrival) error {
	banned, err := isBanned(r, rec.ID, a.From.Addr, a.Envelope.From)
	if err == nil && banned {
		err = Refuse(BannedSender, "You may not join this list; write to %s", a.List.Word("owner"))
	}
	return err
}
