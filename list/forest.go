package list

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// A forest is the messages of one list linked by who answers whom, inside one transaction. It follows the linking of RFC 5256 §5
// (REFERENCES): messages that are named but have not come stand in it as ghosts. Two things differ. Every link has a rank, so that the
// forest is the same in whatever order messages come; and a node can be made the root of a topic of its own, which is how a "(was: …)"
// reply and a split work. A topic is all that hangs below one root.
type forest struct {
	tx    Tx
	list  uint32
	nodes map[NodeID]*treeNode
	// moved are nodes that were there before and whose way to the root changed.
	moved []NodeID
	from  uint32 // the topic that a node was cut out of
	// counted is the topic that settle made for its start, as long as it counts the post that start is about to get.
	counted uint32
	placing uint32 // number of the post that is being placed, and not stored yet
	prefix  string // the list's subject prefix, which is no part of a topic's subject
}

type treeNode struct {
	Node
	fresh, dirty bool
	above        bool // something was linked below it in this transaction
}

// maxDepth bounds a walk to the root. No real thread is so deep; a deeper one is cut there.
const maxDepth = 100_000

func newForest(tx Tx, list uint32) *forest {
	return &forest{tx: tx, list: list, nodes: map[NodeID]*treeNode{}}
}

// nodeID is where a Message-ID (without brackets) stands.
func nodeID(messageID string) NodeID {
	sum := sha256.Sum256([]byte(messageID))
	return NodeID(sum[:16])
}

// get reads a node, or plants a ghost.
func (f *forest) get(id NodeID) (*treeNode, error) {
	if n, ok := f.nodes[id]; ok {
		return n, nil
	}
	n, err := f.tx.Node(f.list, id)
	t := &treeNode{Node: n}
	if errors.Is(err, ErrNotFound) {
		t = &treeNode{Node: Node{ID: id}, fresh: true, dirty: true}
	} else if err != nil {
		return nil, err
	}
	f.nodes[id] = t
	return t, nil
}

// link makes parent the parent of child when that is better known than what child has: a higher rank wins, and between equals the
// greater id, so that order of arrival does not matter. Of a circle the link that is known least well is left out.
func (f *forest) link(child, parent NodeID, rank uint32) error {
	if child == parent {
		return nil
	}
	c, err := f.get(child)
	if err != nil {
		return err
	}
	p, err := f.get(parent)
	if err != nil {
		return err
	}
	if c.Parent == parent {
		if rank > c.Rank {
			c.Rank, c.dirty = rank, true
		}
		return nil
	}
	if c.Parent != (NodeID{}) && (rank < c.Rank || rank == c.Rank && bytes.Compare(parent[:], c.Parent[:]) <= 0) {
		return nil
	}
	if !c.fresh || c.above { // below a node that is new there is nothing, so that the long walk can be spared
		if circle, err := f.under(parent, child); err != nil {
			return err
		} else if circle {
			if opened, err := f.open(child, parent, rank); err != nil || !opened {
				return err
			}
		}
	}
	p.above = true
	c.Parent, c.Rank, c.dirty = parent, rank, true
	if !c.fresh {
		f.moved = append(f.moved, child)
	}
	return nil
}

// open cuts the weakest link on the way from parent up to child, so that child can be linked below parent; false: none is weaker than that link would be. Programs
// that name References in a wrong order make such circles: what messages say of themselves holds.
func (f *forest) open(child, parent NodeID, rank uint32) (bool, error) {
	var weakest *treeNode
	for at, steps := parent, 0; at != child; steps++ {
		n, err := f.get(at)
		if err != nil || steps == maxDepth || n.Parent == (NodeID{}) {
			return false, err
		}
		if n.Rank < rank && (weakest == nil || n.Rank < weakest.Rank) {
			weakest = n
		}
		at = n.Parent
	}
	if weakest == nil {
		return false, nil
	}
	weakest.Parent, weakest.Rank, weakest.dirty = NodeID{}, 0, true
	if weakest.Root || weakest.Topic == 0 {
		return true, nil
	}
	t, err := f.tx.PutTopic(Topic{List: f.list, Root: weakest.ID})
	if err != nil {
		return false, err
	}
	return true, f.move(weakest.ID, weakest.Topic, t.ID)
}

// under reports whether node is ancestor itself or hangs anywhere below it. A fresh ancestor has nothing below it yet but what this
// transaction linked, which the walk finds too.
func (f *forest) under(node, ancestor NodeID) (bool, error) {
	for range maxDepth {
		if node == ancestor {
			return true, nil
		}
		n, err := f.get(node)
		if err != nil || n.Parent == (NodeID{}) {
			return false, err
		}
		node = n.Parent
	}
	return true, nil
}

// root walks up to the root of the topic that a node is in.
func (f *forest) root(id NodeID) (*treeNode, error) {
	for range maxDepth {
		n, err := f.get(id)
		if err != nil || n.Root || n.Parent == (NodeID{}) {
			return n, err
		}
		id = n.Parent
	}
	return f.get(id)
}

// rootOnce is root for many nodes of one forest that does not change meanwhile: what roots knows already is not walked again, or a long
// chain of answers would cost the square of its length.
func (f *forest) rootOnce(id NodeID, roots map[NodeID]*treeNode) (*treeNode, error) {
	var way []NodeID
	at := id
	for roots[at] == nil {
		n, err := f.get(at)
		if err != nil {
			return nil, err
		}
		way = append(way, at)
		if n.Root || n.Parent == (NodeID{}) || len(way) > maxDepth {
			roots[at] = n
			break
		}
		at = n.Parent
	}
	r := roots[at]
	for _, below := range way {
		roots[below] = r
	}
	return r, nil
}

// settled walks up to the root, or no farther than to a node whose topic is certain: as long as nothing moved, every stored one's is.
func (f *forest) settled(id NodeID) (*treeNode, error) {
	for range maxDepth {
		n, err := f.get(id)
		if err != nil || n.Root || n.Parent == (NodeID{}) || len(f.moved) == 0 && n.Topic != 0 {
			return n, err
		}
		id = n.Parent
	}
	return f.get(id)
}

// chain links ids as a References field names them, oldest first.
func (f *forest) chain(ids []NodeID) error {
	for i := 1; i < len(ids); i++ {
		if err := f.link(ids[i], ids[i-1], uint32(i)); err != nil {
			return err
		}
	}
	return nil
}

// settle gives every touched node its topic, moves what has to move, writes, and returns the topic of start. A tree that has no topic
// yet takes over the one whose root now hangs below it, or gets a new one: that of start becomes fresh.
func (f *forest) settle(start NodeID, fresh Topic) (uint32, error) {
	ids := []NodeID{start}
	for id, n := range f.nodes {
		if n.Topic == 0 {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids[1:], func(a, b NodeID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range ids {
		r, err := f.settled(id)
		if err != nil {
			return 0, err
		}
		if r.Topic == 0 {
			if err := f.newTopic(r, fresh); err != nil {
				return 0, err
			}
		}
		fresh = Topic{} // further trees without a topic are of ghosts alone
		if n := f.nodes[id]; n.Topic == 0 {
			n.Topic, n.dirty = r.Topic, true
		}
	}
	if err := f.relocate(); err != nil {
		return 0, err
	}
	return f.nodes[start].Topic, f.write()
}

// newTopic gives the root of a tree without one a topic.
func (f *forest) newTopic(r *treeNode, fresh Topic) error {
	topic, err := f.adopt(r.ID)
	if err != nil {
		return err
	}
	r.dirty = true
	if topic != 0 {
		r.Topic = topic
		return f.setRoot(r)
	}
	fresh.List, fresh.Root = f.list, r.ID
	t, err := f.tx.PutTopic(fresh)
	r.Topic = t.ID
	if fresh.Posts > 0 {
		f.counted = t.ID
	}
	return err
}

// adopt finds the topic that a new root takes over: the oldest of those whose own root hangs below it now.
func (f *forest) adopt(root NodeID) (uint32, error) {
	var topic uint32
	for _, id := range f.moved {
		n := f.nodes[id]
		if n.Topic == 0 || topic != 0 && n.Topic >= topic {
			continue
		}
		t, err := f.tx.Topic(f.list, n.Topic)
		if err != nil {
			return 0, err
		}
		if r, err := f.root(t.Root); err != nil {
			return 0, err
		} else if r.ID == root {
			topic = n.Topic
		}
	}
	return topic, nil
}

func (f *forest) setRoot(r *treeNode) error {
	t, err := f.tx.Topic(f.list, r.Topic)
	if err != nil || t.Root == r.ID {
		return err
	}
	t.Root = r.ID
	_, err = f.tx.PutTopic(t)
	return err
}

func (f *forest) write() error {
	for _, n := range f.nodes {
		if !n.dirty || n.Topic == 0 {
			continue // one without a topic is written when it has one
		}
		if err := f.tx.PutNode(f.list, n.Node); err != nil {
			return err
		}
		n.dirty, n.fresh = false, false
	}
	return nil
}

// relocate moves the trees whose root changed into the topic of their new root.
func (f *forest) relocate() error {
	for _, id := range f.moved {
		n := f.nodes[id]
		r, err := f.root(id)
		if err != nil {
			return err
		}
		if from := n.Topic; from != 0 && r.Topic != 0 && from != r.Topic {
			if err := f.move(id, from, r.Topic); err != nil {
				return err
			}
		}
	}
	f.moved = nil
	return nil
}

// move takes the tree below id from one topic to another, and brings both topics up to date. It costs the size of the topic it leaves.
func (f *forest) move(id NodeID, from, to uint32) error {
	if err := f.write(); err != nil {
		return err
	}
	var all []NodeID
	if err := f.tx.TopicNodes(f.list, from, func(n Node) error { all = append(all, n.ID); return nil }); err != nil {
		return err
	}
	target, err := f.root(id)
	if err != nil {
		return err
	}
	roots := map[NodeID]*treeNode{}
	for _, other := range all {
		r, err := f.rootOnce(other, roots)
		if err != nil {
			return err
		}
		if r.ID != target.ID {
			continue
		}
		n := f.nodes[other]
		n.Topic, n.dirty = to, true
		if n.Post == 0 || n.Post == f.placing {
			continue
		}
		p, err := f.tx.Post(f.list, n.Post)
		if err != nil {
			return fmt.Errorf("list: post %d of its thread: %w", n.Post, err)
		}
		p.Topic = to
		if _, err := f.tx.PutPost(p); err != nil {
			return err
		}
	}
	if err := f.write(); err != nil {
		return err
	}
	if f.counted == from || f.counted == to {
		f.counted = 0 // the post is not stored yet, so that a new count is without it
	}
	return errors.Join(f.recount(from, to), f.recount(to, 0))
}

// recount brings what a topic says of its posts up to date; one without posts and without nodes is deleted. A topic without a subject, as a
// split makes it, gets that of its first post. What was said of one that is deleted counts for heir.
func (f *forest) recount(id, heir uint32) error {
	t, err := f.tx.Topic(f.list, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	t.Posts, t.First, t.Last = 0, time.Time{}, time.Time{}
	var first Post
	err = f.tx.TopicPosts(f.list, id, func(p Post) error {
		t.count(p.Accepted)
		if first.Number == 0 || p.Date.Before(first.Date) {
			first = p
		}
		return nil
	})
	if err != nil {
		return err
	}
	if t.Posts == 0 {
		nodes := 0
		if err := f.tx.TopicNodes(f.list, id, func(Node) error { nodes++; return ErrStop }); err != nil {
			return err
		}
		if nodes == 0 {
			return errors.Join(inheritInterests(f.tx, f.list, id, heir), f.tx.DeleteTopic(f.list, id))
		}
	}
	if first.Number != 0 && t.Subject == "" {
		t.Subject, _, _ = message.TopicSubject(first.Subject, f.prefix)
		t.Base = strings.ToLower(t.Subject)
	}
	_, err = f.tx.PutTopic(t)
	return err
}

// count adds a post that was accepted at a time.
func (t *Topic) count(at time.Time) {
	t.Posts++
	if t.First.IsZero() || at.Before(t.First) {
		t.First = at
	}
	if at.After(t.Last) {
		t.Last = at
	}
}

// threadIndex returns the ids that Outlook's Thread-Index stands for, oldest first: 22 octets for the conversation and 5 more for each
// reply ([MS-OXOMSG] §2.2.1.3). Nil when it is none.
func threadIndex(v string) []NodeID {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(v), ""))
	if err != nil || len(b) < 22 || (len(b)-22)%5 != 0 || len(b) > 22+5*200 {
		return nil
	}
	var ids []NodeID
	for n := 22; n <= len(b); n += 5 {
		ids = append(ids, nodeID("thread-index:"+string(b[:n])))
	}
	return ids
}
