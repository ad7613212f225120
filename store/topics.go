package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// Topic implements list.Reader.
func (t *txn) Topic(id, topic uint32) (v list.Topic, err error) {
	b, err := t.get(inTopics, pairKey(id, topic))
	if err == nil {
		v, err = decodeTopic(b)
	}
	if err != nil {
		return v, fmt.Errorf("store: topic %d of list %d: %w", topic, id, err)
	}
	return v, nil
}

// Topics implements list.Reader: latest activity first.
func (t *txn) Topics(id uint32, f func(list.Topic) error) error {
	return t.walk(inTopicActivity, listKey(id), nil, func(k, _ []byte) error {
		v, err := t.Topic(id, ^lastU32(k))
		if err != nil {
			return err
		}
		return f(v)
	})
}

// TopicsBeside implements list.Reader.
func (t *txn) TopicsBeside(id uint32, last time.Time, topic uint32, newer bool, f func(list.Topic) error) error {
	prefix, at, step := listKey(id), activityKey(id, last, topic), (*bolt.Cursor).Next
	c := t.bucket(inTopicActivity).Cursor()
	k, v := c.Seek(at)
	if newer {
		if step = (*bolt.Cursor).Prev; k == nil {
			k, v = c.Last()
		} else {
			k, v = c.Prev()
		}
	} else if bytes.Equal(k, at) {
		k, v = c.Next()
	}
	for ; k != nil && bytes.HasPrefix(k, prefix); k, v = step(c) {
		if _, err := unseal(inTopicActivity, k, v); err != nil {
			return err
		}
		one, err := t.Topic(id, ^lastU32(k))
		if err == nil {
			err = f(one)
		}
		if errors.Is(err, list.ErrStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// TopicBySubject implements list.Reader. The empty subject finds nothing.
func (t *txn) TopicBySubject(id uint32, base string) (list.Topic, error) {
	k, ok := t.first(inTopicSubjects, subjectPrefix(id, base))
	if base == "" || !ok {
		return list.Topic{}, fmt.Errorf("store: topic %q of list %d: %w", base, id, list.ErrNotFound)
	}
	return t.Topic(id, ^lastU32(k))
}

// PutTopic implements list.Tx.
func (t *txn) PutTopic(v list.Topic) (list.Topic, error) {
	row, err := t.listRow(v.List)
	if err != nil {
		return v, err
	}
	if v.ID == 0 {
		v.ID = row.lastTopic + 1
	}
	if v.ID > row.lastTopic {
		row.lastTopic = v.ID
		err = t.putListRow(&row)
	} else {
		err = t.unindexTopic(v.List, v.ID)
	}
	if err != nil {
		return v, err
	}
	if err := t.put(inTopicActivity, activityKey(v.List, v.Last, v.ID), nil); err != nil {
		return v, err
	}
	if v.Base != "" {
		if err := t.put(inTopicSubjects, subjectKey(v.List, v.Base, v.Last, v.ID), nil); err != nil {
			return v, err
		}
	}
	return v, t.put(inTopics, pairKey(v.List, v.ID), encodeTopic(&v))
}

func (t *txn) unindexTopic(id, topic uint32) error {
	old, err := t.Topic(id, topic)
	if errors.Is(err, list.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(
		t.delete(inTopicActivity, activityKey(id, old.Last, topic)),
		t.delete(inTopicSubjects, subjectKey(id, old.Base, old.Last, topic)),
	)
}

// DeleteTopic implements list.Tx; its posts and nodes must be in another topic by then. list.ErrNotFound when there is no such topic.
func (t *txn) DeleteTopic(id, topic uint32) error {
	if _, err := t.Topic(id, topic); err != nil {
		return err
	}
	if err := errors.Join(t.unindexTopic(id, topic), t.deleteInterests(inInterests, id, topic)); err != nil {
		return err
	}
	return t.delete(inTopics, pairKey(id, topic))
}
