package imap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"convene/list"
)

// shelf are the mailboxes that somebody has asked for since the start, by the id of the list. It is kept in step with the store.
type shelf struct {
	store Store

	mu    sync.Mutex
	boxes map[uint32]*mailbox
	bell  chan struct{} // closed, and replaced, when something changed
}

// mailbox is what all sessions share of one list.
type mailbox struct {
	list uint32

	mu      sync.Mutex
	state   state
	read    uint32 // up to which number posts were looked at
	removal uint64 // Seq of the last removal that was
}

// state is a mailbox at one moment. It is not changed any more.
type state struct {
	uids spans
	// posts are the numbers of those posts whose UID is another.
	posts map[uint32]uint32
}

// number is the number of the post with a UID.
func (s *state) number(uid uint32) uint32 {
	if n, ok := s.posts[uid]; ok {
		return n
	}
	return uid
}

func newShelf(store Store) *shelf {
	return &shelf{store: store, boxes: map[uint32]*mailbox{}, bell: make(chan struct{})}
}

// rings is closed when something changes after the call.
func (s *shelf) rings() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bell
}

// ring tells everybody who waits.
func (s *shelf) ring() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.bell)
	s.bell = make(chan struct{})
}

// box is the mailbox of a list, in step with the store as it is now.
func (s *shelf) box(id uint32) (*mailbox, error) {
	s.mu.Lock()
	m := s.boxes[id]
	if m == nil {
		m = &mailbox{list: id}
		s.boxes[id] = m
	}
	s.mu.Unlock()
	return m, m.follow(s.store)
}

// warm reads which posts there are, so that nobody has to wait for that.
func (s *shelf) warm(ctx context.Context) error {
	var all []list.Record
	err := s.store.View(func(r list.Reader) error {
		return r.Lists(func(rec list.Record) error { all = append(all, rec); return nil })
	})
	for i := 0; i < len(all) && err == nil && ctx.Err() == nil; i++ {
		if s.behind(all[i]) {
			_, err = s.box(all[i].ID)
		}
	}
	return err
}

// behind reports whether a list has posts that were not looked at.
func (s *shelf) behind(rec list.Record) bool {
	s.mu.Lock()
	m := s.boxes[rec.ID]
	s.mu.Unlock()
	if m == nil {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.read < rec.Posts
}

// follow reads what the store has beyond what was read.
func (m *mailbox) follow(store Store) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return store.View(func(r list.Reader) error {
		removal := m.removal
		var changed []list.Removal
		err := r.Removals(removal, func(one list.Removal) error {
			removal = one.Seq
			if one.List == m.list && one.Post <= m.read {
				changed = append(changed, one)
			}
			return nil
		})
		if err != nil {
			return err
		}
		rec, err := r.ListByID(m.list)
		if err != nil {
			return err
		}
		if rec.Posts == m.read && len(changed) == 0 {
			m.removal = removal
			return nil
		}
		next := state{uids: slices.Clone(m.state.uids), posts: m.state.posts}
		again, err := next.remove(r, changed)
		if err != nil {
			return err
		}
		err = r.Posts(m.list, m.read+1, func(p list.Post) error {
			if p.Shown() {
				again = append(again, entry{p.MailboxUID(), p.Number})
			}
			return nil
		})
		if err != nil {
			return err
		}
		next.add(again)
		m.state, m.read, m.removal = next, rec.Posts, removal
		return nil
	})
}

// remove takes out what was removed, and returns the posts of which something is left, under other UIDs.
func (s *state) remove(r list.Reader, changed []list.Removal) (again []entry, err error) {
	gone := map[uint32]bool{}
	left := map[uint32]bool{}
	for _, one := range changed {
		gone[one.UID] = true
		p, err := r.Post(one.List, one.Post)
		if err != nil && !errors.Is(err, list.ErrNotFound) {
			return nil, fmt.Errorf("imap: post %d: %w", one.Post, err)
		}
		if err == nil && p.Shown() && !left[p.Number] {
			left[p.Number] = true
			again = append(again, entry{p.MailboxUID(), p.Number})
		}
	}
	if len(gone) > 0 {
		s.uids = s.uids.without(gone)
	}
	return again, nil
}

// entry is a post with its UID.
type entry struct{ uid, number uint32 }

// add enters posts, in whatever order.
func (s *state) add(posts []entry) {
	copied := false
	uids := make([]uint32, len(posts))
	for i, p := range posts {
		if uids[i] = p.uid; p.uid == p.number {
			continue
		}
		if !copied {
			s.posts, copied = cloned(s.posts), true
		}
		s.posts[p.uid] = p.number
	}
	slices.Sort(uids)
	uids = slices.Compact(uids)
	if len(uids) > 0 && uids[0] <= s.uids.max() { // one that was changed twice, or while it was read
		for _, one := range s.uids {
			for uid := one.first; ; uid++ {
				uids = append(uids, uid)
				if uid == one.last {
					break
				}
			}
		}
		slices.Sort(uids)
		uids, s.uids = slices.Compact(uids), nil
	}
	for _, uid := range uids {
		s.uids = s.uids.add(uid)
	}
}

func cloned(m map[uint32]uint32) map[uint32]uint32 {
	out := make(map[uint32]uint32, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}

// now is the mailbox at this moment.
func (m *mailbox) now() state {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}
