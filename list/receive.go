package list

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/list/message"
)

// errNothingToKeep ends a transaction that turned out to change nothing.
var errNothingToKeep = errors.New("nothing to keep")

// Receive takes one message for all targets of a transaction. A nil error means that responsibility is taken: what must follow is on disk.
// A *Refusal is for the sender; any other error means that the sender should try again.
func (e *Engine) Receive(ctx context.Context, in *Incoming) (Receipt, error) {
	post, others, done, err := e.sort(ctx, in)
	if err != nil {
		return Receipt{}, err
	}
	if post == nil && len(others) == 0 {
		return Receipt{ID: in.ID, Action: done}, nil
	}
	if post == nil {
		return e.forward(in, others)
	}
	p := newPending(e.Site(), post, &in.Envelope, in.Raw)
	d, err := e.consider(ctx, p, in)
	if err != nil {
		return Receipt{}, err
	}
	if d.Action == ActRefuse || d.Action == ActDiscard && len(others) == 0 {
		return e.answer(p, d)
	}
	leaked, err := e.scrub(p)
	if err != nil {
		return Receipt{}, err
	}
	scrubbed := *in
	scrubbed.Raw = p.arrival.Message.Raw
	err = e.Store.Keep(scrubbed.Raw, func(tx Tx, ref Ref) error {
		// Facts may have changed since: the rules are asked again on what is true inside the transaction.
		if d, err = e.decide(tx, p); err != nil {
			return err
		}
		if d.Action == ActRefuse {
			return errNothingToKeep
		}
		if err := e.revoke(tx, leaked); err != nil {
			return err
		}
		if err := p.keep(tx, d, ref, in.Received); err != nil {
			return err
		}
		return e.enqueueForwards(tx, others, &scrubbed, ref)
	})
	if err != nil && !errors.Is(err, errNothingToKeep) {
		return Receipt{}, err
	}
	if err == nil && leaked.count() > 0 {
		e.Log.Info("marks revoked", "id", in.ID, "list", p.list.Address, "message_id", p.id, "marks", len(leaked.marks), "secrets", len(leaked.secrets))
	}
	return e.answer(p, d)
}

// sort does at once what the marks among the targets ask, and says what is left: a post to a list, and mail for people. done is what was done.
// Doing it twice is as good as once, so that a refusal of the rest takes nothing back.
func (e *Engine) sort(ctx context.Context, in *Incoming) (post *List, others []Target, done string, err error) {
	var commands []Target
	for _, t := range in.Targets {
		switch t.Kind {
		case KindPost:
			post = t.List
			continue
		case KindCommand:
			commands = append(commands, t)
			continue
		case KindLeave:
			if err := e.leaveByMail(t); err != nil {
				return nil, nil, "", err
			}
			done = "leave"
			continue
		case KindConfirm:
			if done, err = e.confirmByMail(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindHeldAnswer:
			if done, err = e.takeHeldAnswer(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindSchedule:
			if done, err = e.takeSchedule(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
			continue
		case KindBounceMark:
			taken, err := e.takeBounce(in, t)
			if err != nil {
				return nil, nil, "", err
			}
			if taken {
				done = "report"
				continue
			}
			// A person wrote it: the owners get it, and not the token.
			t = Target{Kind: KindBounce, List: t.List, Address: t.List.Word("bounce")}
		case KindModerators:
			if err := e.answerForwarded(ctx, in, t); err != nil {
				return nil, nil, "", err
			}
		case KindBounce:
			if taken, err := e.takeSharedBounce(in, t); err != nil {
				return nil, nil, "", err
			} else if taken {
				done = "report"
				continue
			}
			fallthrough
		case KindAdmin, KindOwner:
			if err := e.takeComplaint(in); err != nil {
				return nil, nil, "", err
			}
		}
		if !slices.ContainsFunc(others, func(o Target) bool { return o.Address == t.Address }) {
			others = append(others, t)
		}
	}
	if len(commands) > 0 {
		if done, err = e.takeCommands(ctx, in, commands); err != nil {
			return nil, nil, "", err
		}
	}
	return post, others, done, nil
}

// pending is a message on its way through the decision.
type pending struct {
	site    *Site
	list    *List
	arrival *Arrival
	key     [16]byte
	id      string // Message-ID without brackets, ours when it has none
	made    bool   // the id is ours
	late    bool   // it was held
	links   links
	post    Post
	held    uint64
	// publication is what it is when the schedule has written it, for readers; nil: a post that came.
	publication *Publication
	readers     []uint32
	edited      Ref // where the message is of which a moderator has replaced the text
}

func newPending(site *Site, l *List, env *Envelope, raw []byte) *pending {
	p := &pending{site: site, list: l, arrival: readArrival(site, l, env, raw)}
	m := p.arrival.Message
	if p.arrival.GuardErr != nil {
		return p
	}
	p.key = m.ContentKey()
	if p.id = m.MessageID(); p.id == "" {
		// The same bytes sent again must get the same id, or the second would not be known as a duplicate.
		p.id, p.made = hexKey(p.key)+"@"+l.Domain(), true
	}
	p.links = linksOf(m, l.SubjectPrefix)
	return p
}

// consider decides on what is known now, and asks who the sender is, and what their domain asks for, when that matters. It writes nothing.
func (e *Engine) consider(ctx context.Context, p *pending, in *Incoming) (Decision, error) {
	var d Decision
	view := func(r Reader) (err error) { d, err = e.decide(r, p); return err }
	if err := e.Store.View(view); err != nil {
		return d, err
	}
	if d.Action == ActRefuse || d.Action == ActDiscard {
		return d, nil
	}
	if in.Auth != nil && (p.arrival.needsAuth() || d.Action == ActHold && !d.Quiet && !p.arrival.Envelope.Authenticated) {
		p.arrival.Auth = in.Auth(ctx, p.arrival.Message)
		if err := e.Store.View(view); err != nil {
			return d, err
		}
	}
	if d.Action == ActAccept || d.Action == ActHold { // what is held may be sent, and then as it came
		p.askPolicy(ctx, in.Policy)
	}
	return d, nil
}

func (e *Engine) decide(r Reader, p *pending) (Decision, error) {
	rec, err := r.List(p.list.Address)
	if err != nil {
		return Decision{}, err
	}
	if err := p.arrival.addFacts(r, rec, p.key, p.id, p.links); err != nil {
		return Decision{}, err
	}
	return Decide(e.rules, p.arrival), nil
}

// keep writes what a decision asks for.
func (p *pending) keep(tx Tx, d Decision, ref Ref, now time.Time) error {
	rec, err := tx.List(p.list.Address)
	if err != nil {
		return err
	}
	p.describe(rec, d, ref)
	switch d.Action {
	case ActHold:
		h, err := tx.PutHeld(Held{Post: p.post, Expires: d.HeldUntil(p.list, now), Quiet: d.Quiet})
		if err != nil {
			return err
		}
		p.held = h.ID
		if err := p.askModerators(tx, rec, &h, now); err != nil {
			return err
		}
		// A post that is accepted is found by its Message-ID; one that is held, or was, by this.
		return tx.See(rec.ID, p.id, p.key)
	case ActAccept:
		return p.accept(tx, rec, now)
	}
	return nil
}

// describe fills in what is stored of a post, whatever becomes of it.
func (p *pending) describe(rec Record, d Decision, ref Ref) {
	a := p.arrival
	date, ok := a.Message.Date()
	if !ok {
		date = a.Envelope.Received
	}
	p.post = Post{
		List: rec.ID, Ref: ref, Envelope: *a.Envelope, MessageID: p.id, From: a.From.Addr, FromName: a.From.Name,
		Subject: a.Message.Subject(), Date: date, Arrived: a.Envelope.Received, ContentKey: p.key, Trace: d.Trace, Auth: a.Auth,
		NoArchive: keptOut(a.Message),
	}
	p.post.Special = a.special()
}

// accept gives a post its number, its topic and its record in the outbox.
func (p *pending) accept(tx Tx, rec Record, now time.Time) error {
	number := rec.Posts + 1
	p.post.Accepted = now
	if err := place(tx, &p.post, number, p.links, now); err != nil {
		return err
	}
	var author Member
	var err error
	if p.publication == nil {
		author, err = tx.Member(rec.ID, p.post.From)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if author.Number != 0 {
		p.arrival.Member = &author
	}
	o := p.outgoing(rec, &author, number, now)
	if err := p.address(tx, &o, &author); err != nil {
		return err
	}
	if err := p.shelve(tx, &o); err != nil {
		return err
	}
	out, err := tx.Enqueue(o)
	if err != nil {
		return err
	}
	p.post.Outgoing = out.ID
	post, err := tx.PutPost(p.post)
	if err != nil {
		return err
	}
	if post.Number != number {
		return fmt.Errorf("list: %s: post %d was stored as number %d", p.list.Address, number, post.Number)
	}
	p.post = post
	if author.Number == 0 {
		return nil
	}
	author.LastPost, author.Posts = now, author.Posts+1
	_, err = tx.PutMember(author)
	return err
}

// outgoing is the one record that a fan-out is: the settings of this moment, and the highest member number.
func (p *pending) outgoing(rec Record, author *Member, number uint32, now time.Time) Outgoing {
	header, body := p.arrival.Message.EightBit()
	out := Outgoing{
		List: rec.ID, Post: number, Address: p.list.Address, Ref: p.post.Ref, Style: p.style(), ReturnPath: p.list.Word("bounce"),
		MaxMember: rec.LastMember, Special: p.post.Special, EightBit: header || body, UTF8: p.arrival.Message.International(),
		Size: int64(len(p.arrival.Message.Raw)) + 1024, Accepted: now,
	}
	if p.publication != nil {
		out.Only, out.Kind, out.Style.Footer = append([]uint32{}, p.readers...), p.publication.Kind, ""
		return out
	}
	if author.Number != 0 && !author.GetsOwn(p.list.CopyToAuthor) {
		out.Except = author.Address // which is not where they wrote from, if they have several
	}
	return out
}

// style is the settings that the copies are made from.
func (p *pending) style() Style {
	s := newStyle(p.site, p.list, p.arrival.Envelope, p.arrival.Message)
	if p.made {
		s.MessageID = "<" + p.id + ">"
	}
	p.point(&s)
	if p.post.Auth.Results != "" {
		s.Sealing, s.Results = keysUnder(p.list.Domain(), p.site.Sealing), p.post.Auth.Results
	}
	s.Edited = p.edited != (Ref{})
	p.freezeFrom(&s)
	return s
}

// newStyle freezes the settings that shape a copy.
func newStyle(site *Site, l *List, env *Envelope, m *message.Message) Style {
	s := Style{
		List: l.Address, ListName: l.Title(), Hostname: site.Hostname, SubjectPrefix: l.SubjectPrefix, ReplyTo: l.ReplyTo,
		Announce: l.Type == Announce || l.Posting == PostRoles, Joinable: l.Joinable(), Received: receivedValue(site.Hostname, env),
		AuthservIDs: site.ownAuthservIDs(), Personal: site.Personalise, BaseURL: site.BaseURL,
		Attachments: l.Attachments, AttachmentsOver: l.AttachmentsOver,
		Signing: keysUnder(l.Domain(), site.Signing),
	}
	s.freezeWords(site.Texts, l.Language)
	if m.Count("Date") == 0 {
		s.Date = env.Received.Format(dateFormat)
	}
	return s
}

// answer turns a decision into what the sender hears, and logs it: one line for each change of state, with the same keys everywhere.
func (e *Engine) answer(p *pending, d Decision) (Receipt, error) {
	a := p.arrival
	attrs := []any{"id", a.Envelope.ID, "list", p.list.Address, "from", a.From.Addr, "message_id", p.id, "rule", d.Rule, "ip", a.Envelope.IP}
	switch d.Action {
	case ActRefuse:
		e.Log.Info("post refused", append(attrs, "reason", d.Refusal.Text)...)
		return Receipt{}, d.Refusal
	case ActDiscard:
		e.Log.Info("post discarded", append(attrs, "reason", lastReason(d))...)
	case ActHold:
		e.Log.Info("post held", append(attrs, "held", p.held, "reasons", d.Reasons)...)
	default:
		e.Log.Info("post accepted", append(attrs, "post", p.post.Number, "topic", p.post.Topic, "out", p.post.Outgoing, "size", len(a.Message.Raw))...)
	}
	return Receipt{ID: a.Envelope.ID, Action: string(d.Action)}, nil
}

func lastReason(d Decision) string {
	if len(d.Trace) == 0 {
		return ""
	}
	return d.Trace[len(d.Trace)-1].Reason
}
