package list

import (
	"fmt"
	"sync"
	"time"

	"convene/list/message"
)

// Publication is a post that the schedule writes: it goes to the members as any post does, opens a topic of its own, and stands in the archive.
type Publication struct {
	List *List
	By   message.Mailbox // in whose name
	Key  string          // of its row in the plan: Post.Planned
	Kind string          // what the schedule calls it
	// Editions are its forms by language, that of the archive first. They are one post with one Message-ID, of which every member gets one edition.
	Editions  []Edition
	MessageID string // without brackets; empty: a new one
}

// Edition is what those read who are in Readers.
type Edition struct {
	Letter Letter
	// Readers are the numbers of the members who get it, rising; decided within the transaction, where they may be filled in.
	Readers []uint32
}

// Preview is one edition as it would be stored now, under a Message-ID that nothing has.
func (p *Publication) Preview(edition int, now time.Time) []byte {
	return publicationBytes(p, &p.Editions[edition], "preview."+p.Kind+"@"+p.List.Domain(), now.In(p.List.zone()).Format(dateFormat))
}

// Publish keeps a publication and has do decide on it within one transaction: do reads what may have changed since, fills in the readers, calls send once
// and writes down that it is done; where it returns an error without having called send, nothing is done, and that error is returned.
func (e *Engine) Publish(p *Publication, now time.Time, do func(tx Tx, send func() (Post, error)) error) error {
	if p.MessageID == "" {
		p.MessageID = p.Kind + "." + e.NewID() + "@" + p.List.Domain()
	}
	date := now.In(p.List.zone()).Format(dateFormat)
	var raws [][]byte
	for i := range p.Editions {
		raws = append(raws, publicationBytes(p, &p.Editions[i], p.MessageID, date))
	}
	var post Post
	err := e.Store.KeepAll(raws, func(tx Tx, refs []Ref) error {
		return do(tx, func() (Post, error) {
			var err error
			post, err = e.publish(tx, p, raws, refs, now)
			return post, err
		})
	})
	if err == nil && post.Number != 0 {
		e.Log.Info("post published", "list", p.List.Address, "post", post.Number, "topic", post.Topic, "kind", p.Kind, "key", p.Key, "out", post.Outgoing)
	}
	return err
}

func (e *Engine) publish(tx Tx, p *Publication, raws [][]byte, refs []Ref, now time.Time) (Post, error) {
	rec, err := tx.List(p.List.Address)
	if err != nil {
		return Post{}, err
	}
	env := &Envelope{ID: e.NewID(), Protocol: "local", Authenticated: true, Received: now}
	var main *pending
	for i := range p.Editions {
		one := newPending(e.Site(), p.List, env, raws[i])
		if one.arrival.GuardErr != nil {
			return Post{}, fmt.Errorf("list: a post of the schedule, %s: %w", p.Key, one.arrival.GuardErr)
		}
		one.describe(rec, Decision{Action: ActAccept, Trace: []Opinion{{Rule: "schedule", Action: string(ActAccept), Reason: p.Kind}}}, refs[i])
		one.post.From, one.post.FromName, one.post.Planned = p.By.Addr, p.By.Name, p.Key
		if main == nil {
			main = one
			main.publication, main.readers = p, p.Editions[i].Readers
			if err := main.accept(tx, rec, now); err != nil {
				return Post{}, err
			}
			continue
		}
		further, err := main.further(tx, rec, one, p.Editions[i].Readers, now)
		if err != nil {
			return Post{}, err
		}
		main.post.Further = append(main.post.Further, further)
	}
	if len(main.post.Further) == 0 {
		return main.post, nil
	}
	if err := main.keepSubjects(tx, rec.ID); err != nil {
		return Post{}, err
	}
	return tx.PutPost(main.post)
}

// further puts another edition of a post into the outbox.
func (p *pending) further(tx Tx, rec Record, one *pending, readers []uint32, now time.Time) (uint64, error) {
	one.publication, one.readers, one.post.Number, one.post.Topic = p.publication, readers, p.post.Number, p.post.Topic
	o := one.outgoing(rec, &Member{}, p.post.Number, now)
	o.Topic, o.First = p.post.Topic, true
	out, err := tx.Enqueue(o)
	return out.ID, err
}

// KindDigest is Letter.Kind of a digest of posts: its Message-ID begins with it, by which a reply to a digest is known.
const KindDigest = "digest"

// WordPost is the Letter.Word of what is answered to the list.
const WordPost = "post"

// Send puts a letter to members into the outbox that is no post (a digest), once do calls send, as with Publish. Post is the number of the last post
// that it tells of; its return path and its way out are each member's own.
func (e *Engine) Send(l *List, letter *Letter, post uint32, now time.Time, do func(tx Tx, send func(readers []uint32) (Outgoing, error)) error) error {
	return e.Dispatch(l, []*Letter{letter}, post, now, func(tx Tx, send func(n int, readers []uint32) (Outgoing, error)) error {
		return do(tx, func(readers []uint32) (Outgoing, error) { return send(0, readers) })
	})
}

// Dispatch is Send for several letters that stand and fall together, each for its own readers, as one digest in several languages and forms: send gets
// which it is.
func (e *Engine) Dispatch(l *List, letters []*Letter, post uint32, now time.Time, do func(tx Tx, send func(n int, readers []uint32) (Outgoing, error)) error) error {
	raws := make([][]byte, len(letters))
	var written sync.WaitGroup
	for i, one := range letters {
		id := one.Kind + "." + e.NewID() + "@" + l.Domain()
		written.Go(func() { raws[i] = one.bytes(l, id, now) })
	}
	written.Wait()
	return e.Store.KeepAll(raws, func(tx Tx, refs []Ref) error {
		return do(tx, func(n int, readers []uint32) (Outgoing, error) {
			return e.sendLetter(tx, l, letters[n], raws[n], refs[n], post, readers, now)
		})
	})
}

// Written is a letter as Send would send it now, but for what is each member's own.
func (e *Engine) Written(l *List, letter *Letter, now time.Time) []byte {
	raw := letter.bytes(l, letter.Kind+"."+e.NewID()+"@"+l.Domain(), now)
	style := newStyle(e.Site(), l, &Envelope{ID: e.NewID(), Protocol: "local", Received: now}, message.Parse(raw))
	style.Personal = false
	p, _ := Transform(DigestSteps(), raw, style, Form{})
	return p.Bytes()
}

// bytes is a letter to members as it is stored.
func (l *Letter) bytes(to *List, id string, now time.Time) []byte {
	reply := to.Word("owner")
	if l.Word == WordPost {
		reply = to.Address
	} else if l.Word != "" {
		reply = to.Word(l.Word)
	}
	return digestBytes(to, l, reply, id, now)
}

func (e *Engine) sendLetter(tx Tx, l *List, letter *Letter, raw []byte, ref Ref, post uint32, readers []uint32, now time.Time) (Outgoing, error) {
	rec, err := tx.List(l.Address)
	if err != nil {
		return Outgoing{}, err
	}
	m := message.Parse(raw)
	header, body := m.EightBit()
	style := newStyle(e.Site(), l, &Envelope{ID: e.NewID(), Protocol: "local", Received: now}, m)
	if readers == nil {
		readers = []uint32{}
	}
	return tx.Enqueue(Outgoing{List: rec.ID, Post: max(post, 1), Address: l.Address, Ref: ref, Style: style, ReturnPath: l.Word("bounce"), MaxMember: rec.LastMember,
		EightBit: header || body, UTF8: m.International(), Size: int64(len(raw)) + 1024, Accepted: now, Bare: true,
		Only: readers, Digest: true, Kind: letter.Kind})
}
