package list

import (
	"context"
	"errors"
	"time"

	"convene/list/message"
)

// Schedule is who runs the discussions of a site and writes its digests: package digest. The nil Schedule is none: mail to its addresses is refused by
// name. Functions that get a Reader or a Tx may use no other.
type Schedule interface {
	Calendars
	// Take takes a mail to one of its addresses. What it returns is what was done, for the log; an error is a *Refusal, or means that the sender should
	// try again.
	Take(ctx context.Context, h *Handed) (done string, err error)
	// Facilitators are the addresses of who facilitates on a list at now, the voice first; none when no discussion runs.
	Facilitators(r Reader, l *List, now time.Time) ([]string, error)
	// Holding says how people are told of a post that is held: who wrote it, and the topic that it would be in (zero: a new one).
	Holding(r Reader, l *List, from string, topic uint32, subject string, now time.Time) (Holding, error)
	// Welcome is what somebody gets who has just joined instead of the welcome notice; nil: that.
	Welcome(tx Tx, l *List, m *Member, now time.Time) (*Letter, error)
	// Answer is what a member gets who asked for something about themselves, "record", or of what is to come, "events". Nil: there is nothing.
	Answer(tx Tx, l *List, m *Member, what string, now time.Time) (*Letter, error)
	// Meeting says whose the event is that a calendar program's mail is about: ours, or that of its organiser (empty: nobody knows).
	Meeting(r Reader, l *List, m *message.Message) (ours bool, organiser string, err error)
	// CatchUp notes that a member is owed what they missed since a time; zero: since they were here last. back says that they asked for nothing but are back from a
	// break. It goes out when the schedule is looked at next, which Wake asks for.
	CatchUp(tx Tx, l *List, m *Member, since time.Time, back bool, now time.Time) error
	// Told is the number of the last post that the digests have told a member of who is in ModeDigest; zero: of none.
	Told(r Reader, l *List, m *Member) (uint32, error)
	// Wake has the schedule look at what transactions that are on disk now have left for it.
	Wake()
}

// Holding is how people are told of a held post.
type Holding int

// The ways.
const (
	HoldingAsEver  Holding = iota // it is of no discussion: the moderators are told, each post by itself, up to the limit of the hour
	HoldingBundled                // it is of a discussion: moderators and facilitators are told once an hour, of all together
	HoldingAtOnce                 // somebody wrote it who said that they would answer first: both are told at once
)

// Handed is a mail to an address of the schedule's, with what is known of it. It is from a person: what machines send was discarded before.
type Handed struct {
	*Incoming
	Target  Target
	List    *List
	Record  Record
	From    message.Mailbox
	Message *message.Message
	// Proven says that it is known to be from who it says it is.
	Proven bool
	Secret *Secret // of an address with a token, which is one of ours and has not expired; else nil
}

// takeSchedule hands a mail to the schedule.
func (e *Engine) takeSchedule(ctx context.Context, in *Incoming, t Target) (done string, err error) {
	a := readArrival(e.Site(), t.List, &in.Envelope, in.Raw)
	attrs := []any{"id", in.ID, "to", t.String(), "from", a.From.Addr, "message_id", a.Message.MessageID(), "ip", in.IP}
	if t.Nameless() {
		attrs = []any{"to", t.String()}
	}
	refusal := e.refuseForward(a, []Target{t})
	if v := unreadable(a); refusal == nil && v.Action == ActRefuse {
		refusal = Refuse(v.Why, "%s", v.Text)
	}
	if refusal == nil && e.Schedule == nil {
		refusal = notBuilt(t.List)
	}
	var by proof
	if refusal == nil {
		if why := e.unanswered(a); why != "" && (t.Word != wordEvents || !invites(a.Envelope, a.Message) || e.isOurs(a.From.Addr)) {
			e.Log.Info("answer discarded", append(attrs, "reason", why)...)
			return "discard", nil
		}
		by, refusal = proofOf(ctx, in, a)
	}
	if refusal == nil {
		done, err = e.handOver(ctx, in, t, a, by)
		refusal, _ = errors.AsType[*Refusal](err)
	}
	if refusal != nil {
		e.Log.Info("mail refused", append(attrs, "reason", refusal.Text)...)
		return "", refusal
	}
	if err == nil {
		e.Log.Info("answer taken", append(attrs, "done", done, "authenticated", by == authenticated)...)
	}
	return done, err
}

func (e *Engine) handOver(ctx context.Context, in *Incoming, t Target, a *Arrival, by proof) (done string, err error) {
	h := &Handed{Incoming: in, Target: t, List: t.List, From: a.From, Message: a.Message, Proven: by == authenticated}
	err = e.Store.View(func(r Reader) (err error) {
		if h.Record, err = r.List(t.List.Address); err != nil || t.Token == "" {
			return err
		}
		s, err := e.secretAt(r, t, e.Now())
		if errors.Is(err, ErrNotFound) { // expired or revoked since RCPT
			return noSuchWord(t.List)
		}
		h.Secret = &s
		return err
	})
	if err != nil {
		return "", err
	}
	return e.Schedule.Take(ctx, h)
}

// scheduled has somebody who has just joined welcomed by the schedule, where a discussion runs. Who asked for something else in the same mail gets the welcome
// notice, which has the answers to that.
func (t *turn) scheduled(n *Note) error {
	if t.e.Schedule == nil || len(t.said) > 0 {
		return nil
	}
	letter, err := t.e.Schedule.Welcome(t.tx, t.list, t.member, t.now)
	if err == nil && letter != nil {
		n.Text, n.Letter = "letter", letter
	}
	return err
}
