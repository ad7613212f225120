package list

import (
	"errors"
	"slices"

	"convene/list/message"
)

// directMost is how many addresses of To and Cc are looked up.
const directMost = 1000

// address adds what an Outgoing says of its topic, and of the other ways on which the same message reaches members. Who follows only some topics
// follows those that they write to.
func (p *pending) address(tx Tx, o *Outgoing, author *Member) error {
	t, err := tx.Topic(o.List, p.post.Topic)
	if err != nil {
		return err
	}
	o.Topic, o.First, o.Bare = t.ID, t.Posts == 1, isBare(p.arrival.Message)
	if author.Number != 0 && author.Follow {
		if said, err := tx.Interest(o.List, t.ID, author.Number); err != nil {
			return err
		} else if said == Unsaid {
			if err := tx.PutInterest(o.List, t.ID, author.Number, Followed); err != nil {
				return err
			}
		}
	}
	named := p.arrival.Message.Mailboxes("To", "Cc")
	for _, m := range named[:min(len(named), directMost)] {
		if l, ok := p.site.List(m.Addr); ok {
			if err := p.addElsewhere(tx, o, l); err != nil {
				return err
			}
			continue
		}
		m, err := tx.Member(o.List, m.Addr)
		if errors.Is(err, ErrNotFound) {
			continue
		} else if err != nil {
			return err
		}
		if !slices.Contains(o.Direct, m.Number) {
			o.Direct = append(o.Direct, m.Number)
		}
	}
	slices.Sort(o.Elsewhere)
	return nil
}

// addElsewhere adds the outgoing of the same message on another list, if that has accepted it.
func (p *pending) addElsewhere(r Reader, o *Outgoing, l *List) error {
	if l == p.list {
		return nil
	}
	rec, err := r.List(l.Address)
	if err == nil {
		var other Post
		other, err = postByMessageID(r, rec.ID, p.id)
		if err == nil && other.ContentKey == p.key && other.Outgoing != 0 && !slices.Contains(o.Elsewhere, other.Outgoing) {
			o.Elsewhere = append(o.Elsewhere, other.Outgoing)
		}
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// isBare reports whether a message is text alone.
func isBare(m *message.Message) bool {
	parts := m.Parts()
	return len(parts) == 1 && parts[0].Leaf && parts[0].Media == "text/plain" && !parts[0].Attachment
}
