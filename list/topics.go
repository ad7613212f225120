package list

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// TopicRow is a topic as topic ls tells it.
type TopicRow struct {
	ID           uint32    `json:"id"`
	Subject      string    `json:"subject"`
	Posts        uint32    `json:"posts"`
	Participants int       `json:"participants"`
	First        time.Time `json:"first"`
	Last         time.Time `json:"last"`
	Locked       bool      `json:"locked"`
	Moderated    bool      `json:"moderated"`     // its posts are held
	Was          uint32    `json:"was,omitempty"` // the topic it branched off
	Tree         []Leaf    `json:"tree,omitempty"`
}

// Leaf is one post of topic show, indented by whom it answers.
type Leaf struct {
	Post    uint32    `json:"post"` // zero: a message that never came
	Depth   int       `json:"depth"`
	From    string    `json:"from"`
	Name    string    `json:"name"`
	Subject string    `json:"subject"`
	Date    time.Time `json:"date"`
	ID      string    `json:"message_id"`
	Removed bool      `json:"removed,omitempty"` // an owner removed it from the archive
}

func topicRow(r Reader, t Topic) (TopicRow, error) {
	row := TopicRow{ID: t.ID, Subject: t.Subject, Posts: t.Posts, First: t.First, Last: t.Last, Locked: t.Locked, Moderated: t.Held, Was: t.From}
	who := map[string]bool{}
	err := r.TopicPosts(t.List, t.ID, func(p Post) error { who[strings.ToLower(p.From)] = true; return nil })
	row.Participants = len(who)
	return row, err
}

// Topics tells of the topics of a list, latest activity first.
func (e *Engine) Topics(address string) ([]TopicRow, error) {
	rows := []TopicRow{}
	err := e.Store.View(func(r Reader) error {
		_, rec, err := e.find(r, address)
		if err != nil {
			return err
		}
		return r.Topics(rec.ID, func(t Topic) error {
			if t.Posts == 0 {
				return nil
			}
			row, err := topicRow(r, t)
			rows = append(rows, row)
			return err
		})
	})
	return rows, err
}

// Topic tells of one topic, with its posts as a tree.
func (e *Engine) Topic(address string, id uint32) (row TopicRow, err error) {
	err = e.Store.View(func(r Reader) error {
		_, rec, err := e.find(r, address)
		if err != nil {
			return err
		}
		t, err := r.Topic(rec.ID, id)
		if err != nil {
			return fmt.Errorf("topic %d of %s: %w", id, address, err)
		}
		if row, err = topicRow(r, t); err != nil {
			return err
		}
		var nodes []Node
		var posts []Post
		if err := r.TopicNodes(rec.ID, id, func(n Node) error { nodes = append(nodes, n); return nil }); err != nil {
			return err
		}
		if err := r.TopicPosts(rec.ID, id, func(p Post) error { posts = append(posts, p); return nil }); err != nil {
			return err
		}
		row.Tree = leaves(nil, Tree(nodes, posts), 0)
		return nil
	})
	return row, err
}

func leaves(all []Leaf, branches []*Branch, depth int) []Leaf {
	for _, b := range branches {
		l := Leaf{Depth: depth}
		if p := b.Post; p != nil {
			l = Leaf{Post: p.Number, Depth: depth, From: p.From, Name: p.FromName, Subject: p.Subject, Date: p.Date, ID: p.MessageID, Removed: !p.Removed.IsZero()}
		}
		all = leaves(append(all, l), b.Children, depth+1)
	}
	return all
}

// changeTopic runs f on a topic in a transaction and logs what was done.
func (e *Engine) changeTopic(address string, id uint32, event string, f func(Tx, Topic) error) error {
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		t, err := tx.Topic(rec.ID, id)
		if err != nil {
			return fmt.Errorf("topic %d of %s: %w", id, address, err)
		}
		return f(tx, t)
	})
	if err == nil {
		e.Log.Info(event, "list", address, "topic", id, "by", "command")
	}
	return err
}

// RenameTopic gives a topic a subject of its own. Replies still join by what they answer.
func (e *Engine) RenameTopic(address string, id uint32, subject string) error {
	subject = strings.TrimSpace(plainLine(subject))
	if subject == "" {
		return errors.New("a topic needs a subject")
	}
	return e.changeTopic(address, id, "topic renamed", func(tx Tx, t Topic) error {
		t.Subject, t.Renamed = subject, true
		_, err := tx.PutTopic(t)
		return err
	})
}

// ModerateTopic has every further post to a topic held, but for those of who moderates, or no longer.
func (e *Engine) ModerateTopic(address string, id uint32, moderated bool) error {
	return e.changeTopic(address, id, map[bool]string{true: "topic moderated", false: "topic not moderated"}[moderated], func(tx Tx, t Topic) error {
		t.Held = moderated
		_, err := tx.PutTopic(t)
		return err
	})
}

// LockTopic refuses further posts to a topic, or takes them again.
func (e *Engine) LockTopic(address string, id uint32, locked bool) error {
	return e.changeTopic(address, id, map[bool]string{true: "topic locked", false: "topic unlocked"}[locked], func(tx Tx, t Topic) error {
		t.Locked = locked
		_, err := tx.PutTopic(t)
		return err
	})
}

// MergeTopic hangs a topic below the first message of another; later replies to either go there.
func (e *Engine) MergeTopic(address string, id, into uint32) error {
	if id == into {
		return errors.New("a topic cannot be merged into itself")
	}
	return e.changeTopic(address, id, "topic merged", func(tx Tx, t Topic) error {
		target, err := tx.Topic(t.List, into)
		if err != nil {
			return fmt.Errorf("topic %d of %s: %w", into, address, err)
		}
		f := newForest(tx, t.List)
		f.prefix = e.subjectPrefix(address)
		n, err := f.get(t.Root)
		if err != nil {
			return err
		}
		if circle, err := f.under(target.Root, t.Root); err != nil || circle {
			return errors.Join(err, fmt.Errorf("topic %d hangs below topic %d: merge the other way round", into, id))
		}
		n.Parent, n.Rank, n.Root, n.dirty = target.Root, RankOwn, false, true
		f.moved = append(f.moved, n.ID)
		_, err = f.settle(n.ID, Topic{})
		return err
	})
}

// SplitTopic makes a post, and what answers it, a topic of its own; it returns the new topic's id.
func (e *Engine) SplitTopic(address string, post uint32) (uint32, error) {
	var id uint32
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		p, err := tx.Post(rec.ID, post)
		if err != nil {
			return fmt.Errorf("post %d of %s: %w", post, address, err)
		}
		f := newForest(tx, rec.ID)
		f.prefix = e.subjectPrefix(address)
		n, err := f.get(p.Node)
		if err != nil {
			return err
		}
		if n.Root || n.Parent == (NodeID{}) {
			return fmt.Errorf("post %d begins its topic already", post)
		}
		was := n.Topic
		if err := f.cut(n); err != nil {
			return err
		}
		id = n.Topic
		if err := inheritInterests(tx, rec.ID, was, id); err != nil {
			return err
		}
		return f.write()
	})
	if err == nil {
		e.Log.Info("topic split", "list", address, "topic", id, "post", post, "by", "command")
	}
	return id, err
}

func (e *Engine) subjectPrefix(address string) string {
	if l, ok := e.Site().List(address); ok {
		return l.SubjectPrefix
	}
	return ""
}
