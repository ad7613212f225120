package list

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"convene/list/message"
)

// fateAgain is how often somebody is told of one message.
const fateAgain = 24 * time.Hour

// fateUnknown is the fate of what was never seen, or is forgotten.
const fateUnknown = "unknown"

// fate is what became of one message, for whoever forwarded it to ask.
type fate struct {
	from, subject string
	what          string // "accepted", "held", a Ruled, or fateUnknown
	by            string
	number        uint32
	at            time.Time
	reasons       []string
}

// answerForwarded answers mail to the moderators with which somebody forwards a message, with what became of that one in a line. Those who decide are
// told of any, its author of theirs, and of neither what nobody is to know; who cannot prove who they are is told nothing. The mail reaches the moderators all the same.
func (e *Engine) answerForwarded(ctx context.Context, in *Incoming, t Target) error {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	if a.GuardErr != nil {
		return nil
	}
	id, subject := forwarded(a.Message)
	if _, silent := Unanswerable(&in.Envelope, a.Message); id == "" || silent {
		return nil
	}
	if !in.Authenticated && (in.Auth == nil || !in.Auth(ctx, a.Message).OK()) {
		return nil
	}
	return e.tell(func(tx Tx) error {
		rec, err := tx.List(t.List.Address)
		if err != nil {
			return err
		}
		f, err := findFate(tx, rec.ID, id)
		if err != nil {
			return err
		}
		decides, err := e.decides(tx, t.List, rec, a.From.Addr)
		if err != nil {
			return err
		}
		if !decides && (!SameAddress(f.from, a.From.Addr) || f.what == string(RuledDiscarded) || f.what == string(RuledBanned)) {
			return errNothingToKeep
		}
		sum := sha256.Sum256([]byte(FoldAddress(a.From.Addr) + " " + id))
		slot := Telling{Kind: toldFate, List: rec.ID, Hop: hex.EncodeToString(sum[:8])}
		if told, err := toldSince(tx, slot, in.Received.Add(-fateAgain)); err != nil || told {
			return errors.Join(err, errNothingToKeep)
		}
		p, err := personOf(tx, rec.ID, a.From.Addr)
		if err != nil {
			return err
		}
		f.subject = strings.TrimSpace(f.subject)
		if f.subject == "" {
			f.subject = subject
		}
		n := noteTo(p, rec.ID, "fate", f.values(t.List, decides), in.Received)
		n.Answers, n.InReplyTo = true, a.Message.MessageID()
		if _, err := tx.PutNote(n); err != nil {
			return err
		}
		return tx.PutTold(slot, in.Received)
	})
}

// forwarded is the Message-ID and subject of the message that a mail forwards: attached, or, as programs do that put it into their own text, named as
// what it follows. An empty id: it forwards nothing.
func forwarded(m *message.Message) (id, subject string) {
	for _, p := range m.Parts() {
		if p.Enclosed && p.Whole && p.Fields.MessageID() != "" {
			return p.Fields.MessageID(), p.Fields.Subject()
		}
	}
	before, rest, _ := strings.Cut(m.Subject(), ":")
	if !slices.Contains(forwardPrefixes, strings.ToLower(strings.TrimSpace(before))) {
		return "", ""
	}
	if ids := m.References(); len(ids) > 0 {
		id = ids[len(ids)-1]
	}
	return id, strings.TrimSpace(rest)
}

// forwardPrefixes begin the subjects of forwarded mail, in lower case.
var forwardPrefixes = []string{"fwd", "fw", "tr", "rv", "wg", "enc", "i", "doorst", "vb", "pd"}

// findFate finds what became of a message on a list.
func findFate(r Reader, list uint32, id string) (f fate, err error) {
	p, err := postByMessageID(r, list, id)
	if err == nil {
		return fate{from: p.From, subject: p.Subject, what: "accepted", number: p.Number, at: p.Accepted}, nil
	} else if !errors.Is(err, ErrNotFound) {
		return f, err
	}
	f.what = fateUnknown
	err = r.HeldPosts(list, func(h Held) error {
		if h.Post.MessageID != id {
			return nil
		}
		f = fate{from: h.Post.From, subject: h.Post.Subject, what: "held", at: h.Post.Arrived}
		for _, o := range h.Post.Trace {
			if o.Action == string(ActHold) {
				f.reasons = append(f.reasons, o.Rule+"\t"+o.Reason)
			}
		}
		return ErrStop
	})
	if err != nil || f.what != fateUnknown {
		return f, err
	}
	err = r.Rulings(func(d Ruling) error {
		if d.List == list && d.MessageID == id {
			f = fate{from: d.From, subject: d.Subject, what: string(d.What), by: d.who(), at: d.At}
		}
		return nil
	})
	return f, err
}

// values are what the notice says. Who decided is for those who decide themselves.
func (f *fate) values(l *List, decides bool) map[string]string {
	v := map[string]string{"subject": quotedLine(f.subject, subjectQuoted), "what": f.what, "reasons": strings.Join(f.reasons, "\n")}
	if !f.at.IsZero() {
		v["at"] = f.at.In(l.zone()).Format(time.RFC3339)
	}
	if f.number != 0 {
		v["number"] = strconv.FormatUint(uint64(f.number), 10)
	}
	if decides {
		v["by"] = f.by
	}
	return v
}
