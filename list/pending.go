package list

import (
	"context"
	"time"
)

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
	schedule    Schedule // what a held post of a discussion is told by; nil: none
	edited      Ref      // where the message is of which a moderator has replaced the text
}

func newPending(site *Site, l *List, env *Envelope, raw []byte) *pending {
	p := &pending{site: site, list: l, arrival: readArrival(site, l, env, raw)}
	if p.arrival.GuardErr == nil || len(p.arrival.Message.Fields) > 0 { // else it was not even read
		p.identify()
	}
	return p
}

// identify finds out which message it is, and where it belongs.
func (p *pending) identify() {
	m, l := p.arrival.Message, p.list
	p.key = m.ContentKey()
	if p.id = m.MessageID(); p.id == "" {
		// The same bytes sent again must get the same id, or the second would not be known as a duplicate.
		p.id, p.made = hexKey(p.key)+"@"+l.Domain(), true
	}
	p.links = linksOf(m, l.SubjectPrefix)
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
		how, err := p.holding(tx, d, now)
		if err != nil {
			return err
		}
		h, err := tx.PutHeld(Held{Post: p.post, Expires: d.HeldUntil(p.list, now), Quiet: d.Quiet, Bundled: how == HoldingBundled})
		if err != nil {
			return err
		}
		p.held = h.ID
		if err := p.askModerators(tx, rec, &h, how, now); err != nil {
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
