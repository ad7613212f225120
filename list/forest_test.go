package list

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"convene/list/message"
)

// memTx is as much of a transaction as the forest asks for.
type memTx struct {
	Tx
	nodes  map[NodeID]Node
	topics map[uint32]Topic
	posts  map[uint32]Post
	last   uint32
}

func newMemTx() *memTx {
	return &memTx{nodes: map[NodeID]Node{}, topics: map[uint32]Topic{}, posts: map[uint32]Post{}}
}

func (m *memTx) Paper(uint32, string) ([]byte, error) { return nil, ErrNotFound }

func (m *memTx) TopicInterests(uint32, uint32, func(uint32, Interest) error) error { return nil }

func (m *memTx) Node(_ uint32, id NodeID) (Node, error) {
	if n, ok := m.nodes[id]; ok {
		return n, nil
	}
	return Node{}, ErrNotFound
}

func (m *memTx) PutNode(_ uint32, n Node) error {
	if n.Topic == 0 {
		return fmt.Errorf("node %x without a topic", n.ID[:4])
	}
	m.nodes[n.ID] = n
	return nil
}

func (m *memTx) TopicNodes(_, topic uint32, f func(Node) error) error {
	for _, n := range m.nodes {
		if n.Topic == topic {
			if err := f(n); err == ErrStop {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *memTx) Topic(_, id uint32) (Topic, error) {
	if t, ok := m.topics[id]; ok {
		return t, nil
	}
	return Topic{}, ErrNotFound
}

func (m *memTx) PutTopic(t Topic) (Topic, error) {
	if t.ID == 0 {
		m.last++
		t.ID = m.last
	}
	m.topics[t.ID] = t
	return t, nil
}

func (m *memTx) DeleteTopic(_, id uint32) error { delete(m.topics, id); return nil }

func (m *memTx) TopicBySubject(_ uint32, base string) (Topic, error) {
	var best Topic
	for _, t := range m.topics {
		if t.Base == base && (best.ID == 0 || t.Last.After(best.Last)) {
			best = t
		}
	}
	if best.ID == 0 {
		return best, ErrNotFound
	}
	return best, nil
}

func (m *memTx) Post(_, n uint32) (Post, error) {
	if p, ok := m.posts[n]; ok {
		return p, nil
	}
	return Post{}, ErrNotFound
}

func (m *memTx) PutPost(p Post) (Post, error) { m.posts[p.Number] = p; return p, nil }

func (m *memTx) TopicPosts(_, topic uint32, f func(Post) error) error {
	for n := uint32(1); int(n) <= len(m.posts); n++ {
		if p := m.posts[n]; p.Topic == topic {
			if err := f(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// arrive places a mail as the engine does.
func (m *memTx) arrive(t reporter, mail threadMail, now time.Time) Post {
	t.Helper()
	raw := "From: a@example.org\r\nMessage-ID: <" + mail.id + ">\r\n"
	if mail.subject != "" {
		raw += "Subject: " + mail.subject + "\r\n"
	}
	if len(mail.refs) > 0 {
		raw += "References: <" + strings.Join(mail.refs, "> <") + ">\r\n"
	}
	if mail.index != "" {
		raw += "Thread-Index: " + mail.index + "\r\n"
	}
	msg := message.Parse([]byte(raw + "\r\nx\r\n"))
	number := uint32(len(m.posts) + 1)
	p := Post{List: 1, MessageID: msg.MessageID(), Subject: msg.Subject(), Date: testNow.Add(mail.at), Accepted: now}
	if err := place(m, &p, number, linksOf(msg, "[dev]"), now); err != nil {
		t.Fatal(err)
	}
	p.Number = number
	m.posts[number] = p
	return p
}

type threadMail struct {
	id, subject, index string
	refs               []string
	at                 time.Duration
}

// shape is a topic's tree as nested parentheses of Message-IDs.
func shape(branches []*Branch) string {
	var s []string
	for _, b := range branches {
		id := "?"
		if b.Post != nil {
			id = b.Post.MessageID
		}
		if len(b.Children) > 0 {
			id += "(" + shape(b.Children) + ")"
		}
		s = append(s, id)
	}
	return strings.Join(s, " ")
}

// shapes are the trees of all topics, sorted.
func (m *memTx) shapes(t reporter) []string {
	var all []string
	for id, topic := range m.topics {
		var nodes []Node
		var posts []Post
		m.TopicNodes(1, id, func(n Node) error { nodes = append(nodes, n); return nil })
		m.TopicPosts(1, id, func(p Post) error { posts = append(posts, p); return nil })
		if int(topic.Posts) != len(posts) {
			t.Errorf("topic %d says %d posts and has %d", id, topic.Posts, len(posts))
		}
		if root, ok := m.nodes[topic.Root]; !ok || root.Topic != id {
			t.Errorf("topic %d has a root that is not in it", id)
		}
		all = append(all, shape(Tree(nodes, posts)))
	}
	slices.Sort(all)
	return all
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := 0; i <= len(p); i++ {
			all = append(all, slices.Insert(slices.Clone(p), i, n-1))
		}
	}
	return all
}

func TestOrderOfArrivalDoesNotMatter(t *testing.T) {
	for name, mails := range map[string][]threadMail{
		"a chain and a side branch": {
			{id: "1@x", subject: "foo"}, {id: "2@x", subject: "Re: foo", refs: []string{"1@x"}, at: 1}, {id: "3@x", subject: "Re: foo", refs: []string{"1@x", "2@x"}, at: 2},
			{id: "4@x", subject: "Re: foo", refs: []string{"1@x", "2@x", "3@x"}, at: 3}, {id: "5@x", subject: "Re: foo", refs: []string{"1@x"}, at: 4},
		},
		"the root never comes": {
			{id: "2@x", subject: "Re: foo", refs: []string{"1@x"}, at: 1}, {id: "3@x", subject: "Re: foo", refs: []string{"1@x"}, at: 2},
			{id: "4@x", subject: "Re: foo", refs: []string{"1@x", "2@x"}, at: 3}, {id: "5@x", subject: "Re: bar", refs: []string{"0@x", "1@x"}, at: 4}, {id: "6@x", subject: "other", at: 5},
		},
		"clients that cut References short": {
			{id: "1@x", subject: "foo"}, {id: "2@x", subject: "Re: foo", refs: []string{"1@x"}, at: 1}, {id: "3@x", subject: "Re: foo", refs: []string{"2@x"}, at: 2},
			{id: "4@x", subject: "Re: foo", refs: []string{"1@x", "3@x"}, at: 3}, {id: "5@x", subject: "Re: foo", refs: []string{"4@x"}, at: 4},
		},
		"a new topic out of an old one": {
			{id: "1@x", subject: "foo"}, {id: "2@x", subject: "bar (was: foo)", refs: []string{"1@x"}, at: 1}, {id: "3@x", subject: "Re: bar", refs: []string{"1@x", "2@x"}, at: 2},
			{id: "4@x", subject: "Re: bar", refs: []string{"1@x", "2@x", "3@x"}, at: 3}, {id: "5@x", subject: "Re: foo", refs: []string{"1@x"}, at: 4},
		},
		"References in a wrong order": {
			{id: "1@x", subject: "foo", refs: []string{"0@x"}}, {id: "2@x", subject: "Re: foo", refs: []string{"1@x"}, at: 1}, {id: "3@x", subject: "Re: foo", refs: []string{"2@x", "1@x", "9@x"}, at: 2},
			{id: "4@x", subject: "Re: foo", refs: []string{"3@x", "2@x", "1@x", "2@x"}, at: 3}, {id: "5@x", subject: "other", at: 4},
		},
		"Outlook without References": {
			{id: "1@x", subject: "foo", index: outlook(0)}, {id: "2@x", subject: "foo", index: outlook(1), at: 1}, {id: "3@x", subject: "foo", index: outlook(2), at: 2},
			{id: "4@x", subject: "Re: foo", refs: []string{"3@x"}, at: 3}, {id: "5@x", subject: "other", at: 4},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, order := range permutations(len(mails)) {
				tx := newMemTx()
				for _, i := range order {
					tx.arrive(t, mails[i], testNow)
				}
				got := tx.shapes(t)
				if want == nil {
					want = got
				}
				if !slices.Equal(got, want) {
					t.Fatalf("in order %v: %q, before: %q", order, got, want)
				}
			}
			t.Log(want)
		})
	}
}

// outlook is a Thread-Index of so many replies.
func outlook(replies int) string {
	return []string{"AQHZZS+qm3aBT5RvZkOaPbJNwNvoFg==", "AQHZZS+qm3aBT5RvZkOaPbJNwNvoFq8eAmCA", "AQHZZS+qm3aBT5RvZkOaPbJNwNvoFq8eAmCAAQIDBAU="}[replies]
}

func TestTopicsOf(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		mails []threadMail
		want  []string
	}{
		"a reply without headers joins by its subject":  {[]threadMail{{id: "1@x", subject: "foo"}, {id: "2@x", subject: "AW: [dev] foo", at: day}}, []string{"1@x(2@x)"}},
		"not after thirty days":                         {[]threadMail{{id: "1@x", subject: "foo"}, {id: "2@x", subject: "Re: foo", at: 31 * day}}, []string{"1@x", "2@x"}},
		"monthly minutes are topics of their own":       {[]threadMail{{id: "1@x", subject: "Minutes"}, {id: "2@x", subject: "Minutes", at: day}}, []string{"1@x", "2@x"}},
		"a subject does not move a reply with headers":  {[]threadMail{{id: "1@x", subject: "foo"}, {id: "2@x", subject: "Re: foo", refs: []string{"9@x"}, at: 1}}, []string{"1@x", "2@x"}},
		"empty subjects are not equal":                  {[]threadMail{{id: "1@x"}, {id: "2@x", subject: "Re:", at: 1}}, []string{"1@x", "2@x"}},
		"a reply under a new subject stays":             {[]threadMail{{id: "1@x", subject: "foo"}, {id: "2@x", subject: "bar", refs: []string{"1@x"}, at: 1}}, []string{"1@x(2@x)"}},
		"the prefix is not part of the subject":         {[]threadMail{{id: "1@x", subject: "[dev] foo"}, {id: "2@x", subject: "Re: foo", at: 1}}, []string{"1@x(2@x)"}},
		"two answers to what never came stand together": {[]threadMail{{id: "2@x", refs: []string{"1@x"}}, {id: "3@x", refs: []string{"1@x"}, at: 1}}, []string{"?(2@x 3@x)"}},
		"a message that answers itself":                 {[]threadMail{{id: "1@x", subject: "foo", refs: []string{"1@x"}}}, []string{"1@x"}},
		"two messages that answer each other":           {[]threadMail{{id: "1@x", refs: []string{"2@x"}}, {id: "2@x", refs: []string{"1@x"}, at: 1}}, []string{"2@x(1@x)"}},
		"the same id twice":                             {[]threadMail{{id: "1@x", subject: "foo"}, {id: "1@x", subject: "Re: foo", refs: []string{"1@x"}, at: 1}}, []string{"1@x(1@x)"}},
		"headers later weigh more than a subject": {[]threadMail{{id: "1@x", subject: "foo"}, {id: "2@x", subject: "Re: foo", at: 1}, {id: "3@x", subject: "bar", at: 2},
			{id: "4@x", subject: "Re: bar", refs: []string{"3@x", "2@x"}, at: 3}}, []string{"1@x", "3@x(2@x(4@x))"}},
	} {
		t.Run(name, func(t *testing.T) {
			tx := newMemTx()
			for _, m := range c.mails {
				tx.arrive(t, m, testNow.Add(m.at))
			}
			if got := tx.shapes(t); !slices.Equal(got, c.want) {
				t.Errorf("topics %q, want %q", got, c.want)
			}
		})
	}
}

func TestALongWayDoesNotHurt(t *testing.T) {
	tx := newMemTx()
	var refs []string
	for i := range 3000 {
		id := fmt.Sprintf("%d@x", i)
		tx.arrive(t, threadMail{id: id, subject: "Re: foo", refs: refs[max(0, len(refs)-1):], at: time.Duration(i)}, testNow)
		refs = append(refs, id)
	}
	if len(tx.topics) != 1 || tx.topics[1].Posts != 3000 {
		t.Errorf("%d topics, the first with %d posts", len(tx.topics), tx.topics[1].Posts)
	}
}

// TestALongThreadMovesWhole puts a thread below messages that nobody knew of, again and again: whoever may post may do so.
func TestALongThreadMovesWhole(t *testing.T) {
	tx := newMemTx()
	const posts = 3000
	tx.arrive(t, threadMail{id: "0@x", subject: "foo"}, testNow)
	for i := 1; i < posts; i++ {
		tx.arrive(t, threadMail{id: fmt.Sprintf("%d@x", i), subject: "Re: foo", refs: []string{fmt.Sprintf("%d@x", i-1)}, at: time.Duration(i)}, testNow)
	}
	for i := range 5 {
		var refs []string
		for up := range i + 1 {
			refs = append(refs, fmt.Sprintf("up%d.%d@x", i, up))
		}
		p := tx.arrive(t, threadMail{id: fmt.Sprintf("new%d@x", i), subject: "bar", refs: append(refs, "0@x"), at: posts}, testNow)
		if got := tx.topics[p.Topic].Posts; got != uint32(posts+i+1) {
			t.Fatalf("move %d: a topic of %d posts", i, got)
		}
		f, roots := newForest(tx, 1), map[NodeID]*treeNode{}
		for id := range tx.nodes {
			once, err1 := f.rootOnce(id, roots)
			each, err2 := f.root(id)
			if err1 != nil || err2 != nil || once != each {
				t.Fatalf("move %d: the root of a node is %v or %v (%v, %v)", i, once, each, err1, err2)
			}
			if i > 0 {
				break // one is enough: root is slow, which is the point
			}
		}
	}
}

// TestForestProperty makes random threads without circles, cuts their References at random, and lets them come in two orders.
func TestForestProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "n")
		mails := make([]threadMail, n)
		chains := make([][]string, n)
		for i := range n {
			mails[i] = threadMail{id: fmt.Sprintf("%d@x", i), subject: fmt.Sprintf("s%d", i), at: time.Duration(i)}
			if i > 0 && rapid.Bool().Draw(t, "reply") {
				p := rapid.IntRange(0, i-1).Draw(t, "parent")
				chains[i] = append(slices.Clone(chains[p]), mails[p].id)
				mails[i].refs = slices.Clone(chains[i])
				if cut := rapid.IntRange(0, len(mails[i].refs)-1).Draw(t, "cut"); cut > 0 {
					mails[i].refs = mails[i].refs[cut:]
				}
			}
		}
		order := rapid.Permutation(mails).Draw(t, "order")
		a, b := newMemTx(), newMemTx()
		for i := range n {
			a.arrive(t, mails[i], testNow)
			b.arrive(t, order[i], testNow)
		}
		if x, y := a.shapes(t), b.shapes(t); !slices.Equal(x, y) {
			t.Fatalf("%q in order, %q otherwise", x, y)
		}
	})
}

// reporter is what a test and a rapid check have in common.
type reporter interface {
	Helper()
	Fatal(...any)
	Errorf(string, ...any)
}

func TestThreadVectors(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "shared", "corpora", "threads", "vectors", "thread-cases.jsonl"))
	if err != nil {
		t.Skip("no thread vectors here: ", err)
	}
	defer f.Close()
	in := json.NewDecoder(f)
	cases := 0
	for in.More() {
		var c struct {
			Case     string
			Messages []struct {
				UID        int
				MessageID  string `json:"message_id"`
				Subject    string
				References []string
				InReplyTo  string `json:"in_reply_to"`
			}
			References []any
		}
		if err := in.Decode(&c); err != nil {
			t.Fatal(err)
		}
		if c.References == nil {
			continue
		}
		tx := newMemTx()
		topics := map[uint32][]int{}
		for i, m := range c.Messages {
			refs := m.References
			if len(refs) == 0 && m.InReplyTo != "" {
				refs = []string{m.InReplyTo}
			}
			id := m.MessageID
			if id == "" {
				id = fmt.Sprintf("made-%d@x", i)
			}
			tx.arrive(t, threadMail{id: id, subject: m.Subject, refs: refs, at: time.Duration(i)}, testNow)
		}
		for _, p := range tx.posts {
			topics[p.Topic] = append(topics[p.Topic], c.Messages[p.Number-1].UID)
		}
		var got []string
		for _, uids := range topics {
			slices.Sort(uids)
			got = append(got, fmt.Sprint(uids))
		}
		var want []string
		for _, thread := range c.References {
			uids := flatten(thread)
			slices.Sort(uids)
			want = append(want, fmt.Sprint(uids))
		}
		slices.Sort(got)
		slices.Sort(want)
		cases++
		if !slices.Equal(got, want) {
			t.Errorf("%s: topics %v, want %v", c.Case, got, want)
		}
	}
	if cases == 0 {
		t.Error("no case was read")
	}
}

func flatten(v any) []int {
	switch v := v.(type) {
	case float64:
		return []int{int(v)}
	case []any:
		var all []int
		for _, x := range v {
			all = append(all, flatten(x)...)
		}
		return all
	}
	return nil
}
