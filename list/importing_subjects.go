package list

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// Replies that say to what only by their subjects are put into topics when all is in, and by dates alone: so they stand where they would if all had come as mail, in
// whatever order an archive has them.

// subjectTree is posts that hang together by what they say of each other in their headers.
type subjectTree struct {
	root  NodeID
	base  string
	first time.Time // of the post that base is of
	id    string
	dates []time.Time  // of its posts, rising
	into  *subjectTree // what it was put below; nil: nothing
	below []*subjectTree
}

// subjectReply is a reply that begins such a tree.
type subjectReply struct {
	node   NodeID
	parent NodeID // what it was put below by its subject before; zero: nothing
	at     time.Time
	id     string
	tree   *subjectTree
}

// subjectGrove is all of a list's trees, from one snapshot.
type subjectGrove struct {
	reader  Reader
	list    uint32
	prefix  string
	cut     map[NodeID]bool // links of history by subjects alone, which do not count
	roots   map[NodeID]NodeID
	trees   map[NodeID]*subjectTree
	replies []subjectReply
}

// joinSubjects puts replies without headers below what they answer by their subjects, and takes those away again that belong elsewhere now that more is here.
func (i *importer) joinSubjects() error {
	g := &subjectGrove{list: i.rec.ID, prefix: i.list.SubjectPrefix, cut: map[NodeID]bool{}, roots: map[NodeID]NodeID{}, trees: map[NodeID]*subjectTree{}}
	err := i.engine.Store.View(func(r Reader) error { g.reader = r; return g.read() })
	if err != nil {
		return err
	}
	var changed []subjectReply
	for _, one := range g.replies {
		if one.parent != one.tree.parentBySubject() {
			changed = append(changed, one)
		}
	}
	for part := range slices.Chunk(changed, importPosts) {
		err := i.engine.Store.Update(func(tx Tx) error {
			for _, one := range part {
				if err := i.moveTree(tx, &one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, one := range part {
			i.done.Joined += count(one.tree.into != nil)
		}
	}
	return nil
}

// parentBySubject is below what a tree hangs; zero: nothing.
func (t *subjectTree) parentBySubject() NodeID {
	if t.into == nil {
		return NodeID{}
	}
	return t.into.root
}

// moveTree hangs a tree where it belongs.
func (i *importer) moveTree(tx Tx, one *subjectReply) error {
	f := newForest(tx, i.rec.ID)
	f.prefix = i.list.SubjectPrefix
	n, err := f.get(one.node)
	if err != nil || n.Post == 0 || n.Root || n.Parent != (NodeID{}) && n.Rank != 0 {
		return err // something that came meanwhile says better
	}
	if into := one.tree.parentBySubject(); into != (NodeID{}) {
		if circle, err := f.under(into, n.ID); err != nil || circle {
			return err
		}
		n.Parent, n.Rank, n.dirty = into, 0, true
		f.moved = append(f.moved, n.ID)
		_, err := f.settle(n.ID, Topic{})
		return err
	}
	t, err := tx.PutTopic(Topic{List: i.rec.ID, Root: n.ID})
	if err != nil {
		return err
	}
	n.Parent, n.Rank, n.dirty = NodeID{}, 0, true
	return f.move(n.ID, n.Topic, t.ID)
}

// read finds the trees, and where those belong that begin with a reply.
func (g *subjectGrove) read() error {
	err := g.reader.Posts(g.list, 1, func(p Post) error {
		if !p.History() {
			return nil
		}
		title, reply, was := message.TopicSubject(p.Subject, g.prefix)
		if !reply || was != "" || title == "" {
			return nil
		}
		n, err := g.reader.Node(g.list, p.Node)
		if err != nil || n.Root || n.Parent != (NodeID{}) && n.Rank != 0 {
			return err
		}
		g.cut[n.ID] = true
		g.replies = append(g.replies, subjectReply{node: n.ID, parent: n.Parent, at: p.Accepted, id: p.MessageID})
		return nil
	})
	if err != nil || len(g.replies) == 0 {
		return err
	}
	if err := g.reader.Posts(g.list, 1, g.grow); err != nil {
		return err
	}
	byBase := map[string][]*subjectTree{}
	for _, t := range g.trees {
		slices.SortFunc(t.dates, time.Time.Compare)
		byBase[t.base] = append(byBase[t.base], t)
	}
	slices.SortFunc(g.replies, func(a, b subjectReply) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.id, b.id), bytes.Compare(a.node[:], b.node[:]))
	})
	for n := range g.replies {
		one := &g.replies[n]
		one.tree = g.trees[one.node]
		one.tree.join(byBase[one.tree.base], one.at)
	}
	return nil
}

// grow adds a post to its tree. The subject of a tree is that of its root, or where that never came, of its first post.
func (g *subjectGrove) grow(p Post) error {
	root, err := g.root(p.Node)
	if err != nil {
		return err
	}
	t := g.trees[root]
	if t == nil {
		t = &subjectTree{root: root}
		g.trees[root] = t
	}
	if begins := p.Node == root; begins || t.first.IsZero() || t.id != "" && cmp.Or(p.Accepted.Compare(t.first), strings.Compare(p.MessageID, t.id)) < 0 {
		title, _, _ := message.TopicSubject(p.Subject, g.prefix)
		t.base, t.first, t.id = strings.ToLower(title), p.Accepted, p.MessageID
		if begins {
			t.id = "" // nothing is before the root
		}
	}
	t.dates = append(t.dates, p.Accepted)
	return nil
}

// root walks up to the root of a tree, each way once.
func (g *subjectGrove) root(id NodeID) (NodeID, error) {
	var way []NodeID
	root, known := g.roots[id]
	for at := id; !known && len(way) < maxDepth; {
		n, err := g.reader.Node(g.list, at)
		if err != nil {
			return root, err
		}
		way = append(way, at)
		if root = at; n.Root || n.Parent == (NodeID{}) || g.cut[at] {
			break
		}
		at = n.Parent
		if up, ok := g.roots[at]; ok {
			root, known = up, true
		}
	}
	for _, below := range way {
		g.roots[below] = root
	}
	return root, nil
}

// join puts a tree that begins with a reply, written at a time, below that of its subject which was active last ahead of it, if that is not too long ago.
func (t *subjectTree) join(all []*subjectTree, at time.Time) {
	var best *subjectTree
	var latest time.Time
	for _, other := range all {
		if other == t || other.into != nil {
			continue
		}
		last, ok := other.activeBefore(at)
		if !ok || at.Sub(last) > joinBySubject {
			continue
		}
		if best == nil || cmp.Or(last.Compare(latest), bytes.Compare(other.root[:], best.root[:])) > 0 {
			best, latest = other, last
		}
	}
	if best != nil && t.base != "" {
		t.into, best.below = best, append(best.below, t)
	}
}

// activeBefore is the latest post of a tree, and of those that were put below it, that is not after a time.
func (t *subjectTree) activeBefore(at time.Time) (last time.Time, ok bool) {
	n, found := slices.BinarySearchFunc(t.dates, at, time.Time.Compare)
	if found {
		return at, true
	}
	if n > 0 {
		last, ok = t.dates[n-1], true
	}
	for _, b := range t.below {
		if l, has := b.activeBefore(at); has && (!ok || l.After(last)) {
			last, ok = l, true
		}
	}
	return last, ok
}
