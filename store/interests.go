package store

import (
	"bytes"
	"errors"
	"fmt"

	"convene/list"
)

// What members said of topics is in inInterests in the order in which a claim needs it, and in inMemberInterests in that of a member's settings.

func interestKey(id, topic, member uint32) key { return pairKey(id, topic).u32(member) }

// Interest implements list.Reader.
func (t *txn) Interest(id, topic, member uint32) (list.Interest, error) {
	v, err := t.get(inInterests, interestKey(id, topic, member))
	if errors.Is(err, list.ErrNotFound) {
		return list.Unsaid, nil
	}
	if err != nil {
		return list.Unsaid, fmt.Errorf("store: member %d and topic %d of list %d: %w", member, topic, id, err)
	}
	return list.Interest(v), nil
}

// Interests implements list.Reader.
func (t *txn) Interests(id, member uint32, f func(topic uint32, i list.Interest) error) error {
	return t.walk(inMemberInterests, pairKey(id, member), nil, func(k, _ []byte) error {
		i, err := t.Interest(id, lastU32(k), member)
		if err != nil {
			return err
		}
		return f(lastU32(k), i)
	})
}

// TopicInterests implements list.Reader.
func (t *txn) TopicInterests(id, topic uint32, f func(member uint32, i list.Interest) error) error {
	return t.walk(inInterests, pairKey(id, topic), nil, func(k, v []byte) error { return f(lastU32(k), list.Interest(v)) })
}

// PutInterest implements list.Tx.
func (t *txn) PutInterest(id, topic, member uint32, i list.Interest) error {
	k, back := interestKey(id, topic, member), pairKey(id, member).u32(topic)
	switch i {
	case list.Unsaid:
		return errors.Join(t.delete(inInterests, k), t.delete(inMemberInterests, back), t.interestsChanged())
	case list.Muted, list.Followed:
	default:
		return fmt.Errorf("store: member %d and topic %d of list %d: %q is no interest", member, topic, id, i)
	}
	if !t.has(inTopics, pairKey(id, topic)) || !t.has(inMemberNumbers, pairKey(id, member)) {
		return fmt.Errorf("store: member %d and topic %d of list %d: %w", member, topic, id, list.ErrNotFound)
	}
	return errors.Join(t.put(inInterests, k, []byte(i)), t.put(inMemberInterests, back, nil), t.interestsChanged())
}

// interestsChanged has the claims read anew who wants which post: after a change of what somebody said, or of the topic that a post is in.
func (t *txn) interestsChanged() error {
	t.writes++
	_, err := t.bucket(inInterests).NextSequence()
	if err != nil {
		err = fmt.Errorf("store: %s: %w", inInterests, err)
	}
	return err
}

// deleteInterests forgets all that one member said (bucket inMemberInterests), or all that was said of one topic (inInterests).
func (t *txn) deleteInterests(b bucket, id, of uint32) error {
	var others []uint32
	err := t.walk(b, pairKey(id, of), nil, func(k, _ []byte) error { others = append(others, lastU32(k)); return nil })
	for _, other := range others {
		topic, member := of, other
		if b == inMemberInterests {
			topic, member = other, of
		}
		err = errors.Join(err, t.PutInterest(id, topic, member, list.Unsaid))
	}
	return err
}

// interests are what members said of the topic that one outgoing's post is in. They are read once, and again when something was said since.
type interests struct {
	version uint64 // the sequence of inInterests, and one more; zero: not read yet
	of      map[uint32]list.Interest
}

// read brings them up to date. Where nobody said anything, that is a look at one number and, once for an outgoing, at one key.
func (i *interests) read(t *txn, row *outgoingRow) error {
	b := t.bucket(inInterests)
	version := b.Sequence() + 1
	if i.version == version {
		return nil
	}
	i.of = nil
	prefix := listKey(row.List)
	if k, _ := b.Cursor().Seek(prefix); row.Post == 0 || len(row.Recipients) > 0 || !bytes.HasPrefix(k, prefix) {
		i.version = version
		return nil
	}
	i.version = version // also where a record cannot be read: what it says is lost, and the post is not
	topic, err := t.topicOf(row)
	if errors.Is(err, ErrCorrupt) {
		topic = row.Topic
	} else if err != nil {
		return err
	}
	return t.TopicInterests(row.List, topic, func(member uint32, said list.Interest) error {
		if i.of == nil {
			i.of = map[uint32]list.Interest{}
		}
		i.of[member] = said
		return nil
	})
}

// readInterests brings what members said up to date for a claim. A record that cannot be read keeps nobody's copy back.
func (o *outbox) readInterests(t *txn, row *outgoingRow, said *interests) error {
	err := said.read(t, row)
	if errors.Is(err, ErrCorrupt) {
		o.log.Error("who muted or follows a topic cannot be read", "outgoing", row.ID, "error", err)
		return nil
	}
	return err
}

// topicOf is the topic that the post of an outgoing is in: it may have been merged or split since it was accepted.
func (t *txn) topicOf(row *outgoingRow) (uint32, error) {
	p, err := t.Post(row.List, row.Post)
	if errors.Is(err, list.ErrNotFound) {
		return row.Topic, nil
	}
	return p.Topic, err
}
