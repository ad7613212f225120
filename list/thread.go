package list

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convene/list/message"
)

// joinBySubject is how long a topic can be joined by a reply that has a subject and a reply marker but no References.
const joinBySubject = 30 * 24 * time.Hour

// links is what a message says about where it belongs.
type links struct {
	refs   []NodeID // whom it answers, oldest first
	index  []NodeID // the same by Outlook's Thread-Index
	base   string   // base subject, case-folded; empty: none
	title  string   // subject without markers, for people
	reply  bool     // the subject has a reply marker
	leaves bool     // "(was: …)": a new topic
	prefix string   // the list's
}

func linksOf(m *message.Message, prefix string) links {
	l := links{index: threadIndex(m.Get("Thread-Index")), prefix: prefix}
	for _, id := range m.References() {
		l.refs = append(l.refs, nodeID(id))
	}
	title, reply, was := message.TopicSubject(m.Subject(), prefix)
	l.title, l.base, l.reply, l.leaves = title, strings.ToLower(title), reply, was != ""
	return l
}

// destinationTopic finds the topic that a message would join, without changing anything; zero: a new one.
func (l links) destinationTopic(r Reader, list uint32, now time.Time) (uint32, error) {
	if l.leaves {
		return 0, nil
	}
	for i := len(l.refs) - 1; i >= 0; i-- {
		n, err := r.Node(list, l.refs[i])
		if err == nil {
			return n.Topic, nil
		} else if !errors.Is(err, ErrNotFound) {
			return 0, err
		}
	}
	if len(l.refs) > 0 {
		return 0, nil
	}
	for i := len(l.index) - 1; i >= 0; i-- {
		if n, err := r.Node(list, l.index[i]); err == nil {
			return n.Topic, nil
		} else if !errors.Is(err, ErrNotFound) {
			return 0, err
		}
	}
	t, err := l.bySubject(r, list, now)
	return t.ID, err
}

// bySubject is for replies without any header that says to what: the latest topic of that subject, if it is not too old.
func (l links) bySubject(r Reader, list uint32, now time.Time) (Topic, error) {
	if !l.reply || l.base == "" || len(l.refs) > 0 {
		return Topic{}, nil
	}
	t, err := TopicOfSubject(r, list, l.base)
	if errors.Is(err, ErrNotFound) || err == nil && now.Sub(t.Last) > joinBySubject {
		return Topic{}, nil
	}
	return t, err
}

// place puts a post that is about to get number into the forest, and says which topic it is in. The topic counts it.
func place(tx Tx, p *Post, number uint32, l links, now time.Time) error {
	f := newForest(tx, p.List)
	f.placing, f.prefix = number, l.prefix
	own, err := f.get(nodeID(p.MessageID))
	if err != nil {
		return err
	}
	if own.Post != 0 {
		// The Message-ID belongs to an earlier post: this one gets a place of its own.
		if own, err = f.get(nodeID(fmt.Sprintf("%s\x00%d", p.MessageID, number))); err != nil {
			return err
		}
	}
	own.Post, own.dirty = number, true
	p.Node = own.ID

	refs, rank := l.refs, RankOwn
	if len(refs) == 0 && len(l.index) > 1 {
		refs = l.index[:len(l.index)-1]
	}
	if len(refs) == 0 {
		t, err := l.bySubject(tx, p.List, now)
		if err != nil {
			return err
		}
		if t.ID != 0 {
			// Rank zero: whatever a header says later weighs more than an equal subject.
			refs, rank = []NodeID{t.Root}, 0
		}
	}
	if err := f.attach(own, refs, rank, l); err != nil {
		return err
	}
	fresh := Topic{Subject: l.title, Base: l.base}
	if own.Root {
		fresh.From = f.from
	}
	fresh.count(now)
	if p.Topic, err = f.settle(own.ID, fresh); err != nil || f.counted != 0 {
		return err
	}
	return countPost(tx, p, own.ID, l, now)
}

// attach links a post below whom it answers, and what answers its Thread-Index below it.
func (f *forest) attach(own *treeNode, refs []NodeID, rank uint32, l links) error {
	if err := f.chain(refs); err != nil {
		return err
	}
	if len(refs) > 0 {
		if err := f.link(own.ID, refs[len(refs)-1], rank); err != nil {
			return err
		}
	}
	if len(l.index) > 0 {
		if err := f.link(l.index[len(l.index)-1], own.ID, RankOwn); err != nil {
			return err
		}
	}
	if l.leaves && own.Parent != (NodeID{}) {
		return f.cut(own)
	}
	return nil
}

// cut makes a node the root of a topic of its own. The link to its parent stays, so that one can see where it came from.
func (f *forest) cut(n *treeNode) error {
	parent, err := f.root(n.Parent)
	if err != nil {
		return err
	}
	n.Root, n.dirty = true, true
	if f.from = parent.Topic; n.fresh {
		return nil
	}
	t, err := f.tx.PutTopic(Topic{List: f.list, Root: n.ID, From: parent.Topic})
	if err != nil {
		return err
	}
	return f.move(n.ID, n.Topic, t.ID)
}

func countPost(tx Tx, p *Post, own NodeID, l links, now time.Time) error {
	t, err := tx.Topic(p.List, p.Topic)
	if err != nil {
		return err
	}
	if t.Root == own && !t.Renamed || t.Subject == "" {
		t.Subject, t.Base = l.title, l.base
	}
	t.count(now)
	_, err = tx.PutTopic(t)
	return err
}

// Branch is one post of a topic with what answers it, as a person reads it.
type Branch struct {
	Post     *Post // nil: a message that never came, above two or more answers to it
	Children []*Branch
}

// Tree arranges the posts of one topic: the same tree in whatever order they came. Ghosts are left out but where they alone hold several
// answers together at the top (RFC 5256 §5, step 3).
func Tree(nodes []Node, posts []Post) []*Branch {
	byNode := map[NodeID]*Post{}
	for i := range posts {
		byNode[posts[i].Node] = &posts[i]
	}
	parent := map[NodeID]NodeID{}
	branches := map[NodeID]*Branch{}
	for _, n := range nodes {
		branches[n.ID] = &Branch{Post: byNode[n.ID]}
		if !n.Root {
			parent[n.ID] = n.Parent
		}
	}
	var roots []*Branch
	for _, n := range nodes {
		if up, ok := branches[parent[n.ID]]; ok && parent[n.ID] != n.ID {
			up.Children = append(up.Children, branches[n.ID])
		} else {
			roots = append(roots, branches[n.ID])
		}
	}
	var kept []*Branch
	for _, r := range roots {
		kept = append(kept, prune(r, true)...)
	}
	sortBranches(kept)
	return kept
}

// prune removes the ghosts of a branch and sorts what is left. Depth is bounded by the topic's size; the stack grows as it needs.
func prune(b *Branch, top bool) []*Branch {
	var children []*Branch
	for _, c := range b.Children {
		children = append(children, prune(c, false)...)
	}
	b.Children = children
	sortBranches(b.Children)
	if b.Post != nil {
		return []*Branch{b}
	}
	if top && len(b.Children) > 1 {
		return []*Branch{b}
	}
	return b.Children
}

func sortBranches(all []*Branch) {
	slices.SortStableFunc(all, func(a, b *Branch) int {
		x, y := a.first(), b.first()
		if x == nil || y == nil {
			return 0
		}
		return cmp.Or(x.Date.Compare(y.Date), strings.Compare(x.MessageID, y.MessageID))
	})
}

// first is the branch's own post, or the first below its ghost.
func (b *Branch) first() *Post {
	for b != nil && b.Post == nil {
		if len(b.Children) == 0 {
			return nil
		}
		b = b.Children[0]
	}
	if b == nil {
		return nil
	}
	return b.Post
}
