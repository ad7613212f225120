package store

import (
	"errors"
	"fmt"

	"convene/list"
)

// Node implements list.Reader.
func (t *txn) Node(id uint32, node list.NodeID) (n list.Node, err error) {
	v, err := t.get(inNodes, listKey(id).id(node))
	if err == nil {
		n, err = decodeNode(v)
	}
	if err != nil {
		return n, fmt.Errorf("store: node %x of list %d: %w", node, id, err)
	}
	return n, nil
}

// TopicNodes implements list.Reader: by id.
func (t *txn) TopicNodes(id, topic uint32, f func(list.Node) error) error {
	return t.walk(inTopicNodes, pairKey(id, topic), nil, func(k, _ []byte) error {
		n, err := t.Node(id, nodeAt(k))
		if err != nil {
			return err
		}
		return f(n)
	})
}

// PutNode implements list.Tx.
func (t *txn) PutNode(id uint32, n list.Node) error {
	old, err := t.Node(id, n.ID)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return err
	}
	if old.Topic != 0 && old.Topic != n.Topic {
		if err := t.delete(inTopicNodes, pairKey(id, old.Topic).id(n.ID)); err != nil {
			return err
		}
	}
	if n.Topic != 0 && old.Topic != n.Topic {
		if err := t.put(inTopicNodes, pairKey(id, n.Topic).id(n.ID), nil); err != nil {
			return err
		}
	}
	return t.put(inNodes, listKey(id).id(n.ID), encodeNode(&n))
}
