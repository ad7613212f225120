package store

import (
	"bytes"
	"errors"
	"fmt"

	"convene/list"
)

// Post implements list.Reader.
func (t *txn) Post(id, number uint32) (p list.Post, err error) {
	v, err := t.get(inPosts, pairKey(id, number))
	if err == nil {
		p, err = decodePost(v)
	}
	if err != nil {
		return p, fmt.Errorf("store: post %d of list %d: %w", number, id, err)
	}
	return p, nil
}

// Posts implements list.Reader: from the number from on.
func (t *txn) Posts(id uint32, from uint32, f func(list.Post) error) error {
	return t.walk(inPosts, listKey(id), pairKey(id, from), func(_, v []byte) error {
		p, err := decodePost(v)
		if err != nil {
			return err
		}
		return f(p)
	})
}

// PutPost implements list.Tx.
func (t *txn) PutPost(p list.Post) (list.Post, error) {
	t.filed = true
	row, err := t.listRow(p.List)
	if err != nil {
		return p, err
	}
	if p.Number == 0 {
		p.Number = row.Posts + 1
	}
	if p.Number > row.Posts {
		row.Posts = p.Number
		if err := t.putListRow(&row); err != nil {
			return p, err
		}
	} else if err := t.unindexPost(&p); err != nil {
		return p, err
	}
	if p.Topic != 0 {
		if err := t.put(inTopicPosts, pairKey(p.List, p.Topic).u32(p.Number), nil); err != nil {
			return p, err
		}
	}
	return p, t.put(inPosts, pairKey(p.List, p.Number), encodePost(&p))
}

// unindexPost removes the index entries of the post that p replaces, where p has others.
func (t *txn) unindexPost(p *list.Post) error {
	old, err := t.Post(p.List, p.Number)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if old.Topic != 0 && old.Topic != p.Topic {
		return errors.Join(t.delete(inTopicPosts, pairKey(p.List, old.Topic).u32(p.Number)), t.interestsChanged())
	}
	return nil
}

// TopicPosts implements list.Reader: by number.
func (t *txn) TopicPosts(id, topic uint32, f func(list.Post) error) error {
	return t.walk(inTopicPosts, pairKey(id, topic), nil, func(k, _ []byte) error {
		p, err := t.Post(id, lastU32(k))
		if err != nil {
			return err
		}
		return f(p)
	})
}

// TopicNumbers implements list.Reader.
func (t *txn) TopicNumbers(id, topic, from uint32, f func(uint32) error) error {
	prefix := pairKey(id, topic)
	return t.walk(inTopicPosts, prefix, pairKey(id, topic).u32(from), func(k, _ []byte) error { return f(lastU32(k)) })
}

// Seen implements list.Reader.
func (t *txn) Seen(id uint32, messageID string, content [16]byte) (same, sameID bool, err error) {
	prefix := messageKey(id, messageID)
	if _, sameID = t.first(inSeen, prefix); !sameID {
		return false, false, nil
	}
	_, err = t.get(inSeen, bytes.Join([][]byte{prefix, content[:]}, nil))
	if errors.Is(err, list.ErrNotFound) {
		return false, true, nil
	}
	return err == nil, true, err
}

// See implements list.Tx.
func (t *txn) See(id uint32, messageID string, content [16]byte) error {
	return t.put(inSeen, messageKey(id, messageID).id(content), nil)
}
