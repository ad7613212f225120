package list

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"convene/list/message"
)

// Fate is what became of a message, or would become of it.
type Fate struct {
	MessageID string    `json:"message_id"`
	List      string    `json:"list"`
	ID        string    `json:"id,omitempty"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Arrived   time.Time `json:"arrived"`
	State     string    `json:"state"` // accepted, held, or what it would be: accept, hold, refuse, discard
	Post      uint32    `json:"post,omitempty"`
	Topic     uint32    `json:"topic,omitempty"`
	Held      uint64    `json:"held,omitempty"`
	Outgoing  uint64    `json:"out,omitempty"`
	Auth      string    `json:"authentication,omitempty"`
	Trace     []Opinion `json:"rules"`
	Steps     []Change  `json:"steps"`
	// Reports are what came back about copies of it.
	Reports []ReportRow `json:"reports"`
	// Special says that it goes to members in ModeSpecial, too.
	Special bool `json:"special,omitempty"`
	// Original is the beginning of the text that came, of a post whose text a moderator has replaced.
	Original string `json:"original_text,omitempty"`
}

// Explain tells what became of the messages with this Message-ID, on whichever lists.
func (e *Engine) Explain(messageID string) ([]Fate, error) {
	messageID = strings.Trim(strings.TrimSpace(messageID), "<>")
	var fates []Fate
	var outs []Outgoing
	var lists []uint32
	var originals []Ref
	waits := map[int]Held{}
	err := e.Store.View(func(r Reader) error {
		return r.Lists(func(rec Record) error {
			p, err := postByMessageID(r, rec.ID, messageID)
			if err == nil {
				f := fateOf(p, rec.Address, "accepted")
				if !p.Removed.IsZero() {
					f.State = "removed"
				}
				f.Post, f.Topic, f.Outgoing = p.Number, p.Topic, p.Outgoing
				fates, lists, originals = append(fates, f), append(lists, p.List), append(originals, p.Original)
				out, err := r.Outgoing(p.Outgoing)
				if errors.Is(err, ErrNotFound) {
					// Settled so long ago that the outbox has forgotten it: the settings are gone with it.
					out, err = Outgoing{Ref: p.Ref}, nil
				}
				outs = append(outs, out)
				return err
			} else if !errors.Is(err, ErrNotFound) {
				return err
			}
			return r.HeldPosts(rec.ID, func(h Held) error {
				if h.Post.MessageID == messageID {
					f := fateOf(h.Post, rec.Address, "held")
					f.Held = h.ID
					waits[len(fates)] = h
					fates, outs, lists, originals = append(fates, f), append(outs, Outgoing{}), append(lists, rec.ID), append(originals, Ref{})
				}
				return nil
			})
		})
	})
	if err != nil {
		return nil, err
	}
	for i := range fates {
		if fates[i].Post != 0 {
			if fates[i].Reports, err = e.reportRows(lists[i], fates[i].Post); err != nil {
				return nil, err
			}
		}
		if originals[i] != (Ref{}) {
			raw, err := e.Store.Raw(originals[i])
			if err != nil {
				return nil, err
			}
			fates[i].Original = message.Parse(raw).Text(4000)
		}
		if h, held := waits[i]; held {
			if err := e.foreseeHeld(&fates[i], &h); err != nil {
				return nil, err
			}
		}
		if outs[i].ID == 0 {
			continue
		}
		raw, err := e.Store.Raw(outs[i].Ref)
		if errors.Is(err, ErrNotFound) && fates[i].State == "removed" {
			continue
		} else if err != nil {
			return nil, err
		}
		_, fates[i].Steps = Transform(stepsFor(outs[i]), raw, outs[i].Style, Form{})
	}
	if len(fates) == 0 {
		return nil, fmt.Errorf("no message <%s> was taken: %w", messageID, ErrNotFound)
	}
	return fates, nil
}

// foreseeHeld tells which steps a held post would go through if it were let through now. Where its list is not in the config, it cannot be.
func (e *Engine) foreseeHeld(f *Fate, h *Held) error {
	l, ok := e.Site().List(f.List)
	if !ok || h.Join {
		return nil
	}
	p, err := e.reconsider(l, h)
	if err != nil {
		return err
	}
	p.post = h.Post
	_, f.Steps = Transform(PostSteps(), p.arrival.Message.Raw, p.style(), Form{})
	return nil
}

// postByMessageID finds the first post that bore a Message-ID: its place in the forest says so.
func postByMessageID(r Reader, list uint32, messageID string) (Post, error) {
	n, err := r.Node(list, nodeID(messageID))
	if err == nil && n.Post == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Post{}, err
	}
	return r.Post(list, n.Post)
}

func fateOf(p Post, list, state string) Fate {
	return Fate{MessageID: p.MessageID, List: list, ID: p.Envelope.ID, From: p.From, Subject: p.Subject, Arrived: p.Arrived, State: state,
		Special: p.Special, Auth: p.Auth.Detail, Trace: p.Trace, Steps: []Change{}, Reports: []ReportRow{}}
}

// Foresee tells what would become of a message if it came to a list now. It changes nothing.
func (e *Engine) Foresee(ctx context.Context, address string, in *Incoming) (Fate, error) {
	l, ok := e.Site().List(address)
	if !ok {
		return Fate{}, fmt.Errorf("list %s: %w", address, ErrNotFound)
	}
	p := newPending(e.Site(), l, &in.Envelope, in.Raw)
	if _, err := e.consider(ctx, p, in); err != nil {
		return Fate{}, err
	}
	if _, err := e.scrub(p); err != nil {
		return Fate{}, err
	}
	var d Decision
	if err := e.Store.View(func(r Reader) (err error) { d, err = e.decide(r, p); return err }); err != nil {
		return Fate{}, err
	}
	f := Fate{MessageID: p.id, List: l.Address, From: p.arrival.From.Addr, Subject: p.arrival.Message.Subject(), Arrived: in.Received,
		State: string(d.Action), Topic: p.arrival.TopicID, Auth: p.arrival.Auth.Detail, Trace: d.Trace, Steps: []Change{}, Reports: []ReportRow{}}
	f.Special = p.arrival.special()
	if d.Action == ActAccept || d.Action == ActHold {
		_, f.Steps = Transform(PostSteps(), p.arrival.Message.Raw, p.style(), Form{})
	}
	return f, nil
}

// HandIn takes a message from the command line as if it had come, authenticated, by SMTP. policy is that of Incoming.
func (e *Engine) HandIn(ctx context.Context, address string, raw []byte, policy func(context.Context, string) (bool, string)) (Receipt, error) {
	l, ok := e.Site().List(address)
	if !ok {
		return Receipt{}, fmt.Errorf("list %s: %w", address, ErrNotFound)
	}
	return e.Receive(ctx, &Incoming{Envelope: e.localEnvelope(raw), Raw: raw, Targets: []Target{{Kind: KindPost, List: l, Address: l.Address}}, Policy: policy})
}

func (e *Engine) localEnvelope(raw []byte) Envelope {
	env := Envelope{ID: e.NewID(), Protocol: "local", Authenticated: true, Received: e.Now()}
	if m, err := message.Parse(raw).From(); err == nil {
		env.From = m.Addr
	}
	return env
}
