package list

import (
	"errors"
	"fmt"
)

// NewMost is how many new posts of a topic are counted, and newLookedAt how many of its posts are read for that: a page is to be quick for who has read nothing, too.
const (
	NewMost     = 9
	newLookedAt = 30
)

// unread tells which posts are new to a member: what came since they joined, others wrote, and neither a page nor a mail program of theirs has marked as read. What is older, and
// what was taken over from another archive, is no news.
type unread struct {
	reader Reader
	list   uint32
	member Member
	seen   Runs
	since  uint32 // number of the first post that came after they joined
}

// unreadOf is what is new to whoever asks; nil: they are no member.
func (r *reading) unreadOf(rec Record) (*unread, error) {
	m, mine, err := r.membership(rec)
	if err != nil || !mine {
		return nil, err
	}
	u := &unread{reader: r.reader, list: rec.ID, member: m}
	if u.seen, err = readRuns(r.reader, rec.ID, m.Number); err != nil {
		return nil, err
	}
	u.since, err = firstSince(r.reader, rec, &m)
	return u, err
}

// readRuns are the UIDs that a member has read.
func readRuns(r Reader, list, member uint32) (Runs, error) {
	box := Mailbox{Member: member}
	b, err := r.Paper(list, box.seenPaper())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	return DecodeRuns(b), nil
}

// firstSince is the number of the first post that came after a member joined: posts have come in the order of their numbers.
func firstSince(r Reader, rec Record, m *Member) (uint32, error) {
	low, high := uint32(1), rec.Posts+1
	for low < high {
		middle := low + (high-low)/2
		at, later := high, false
		err := r.Posts(rec.ID, middle, func(p Post) error { // a number may have no post
			at, later = p.Number, p.Came().After(m.Joined)
			return ErrStop
		})
		if err != nil {
			return 0, err
		}
		switch {
		case at >= high || later:
			high = middle
		default:
			low = at + 1
		}
	}
	return low, nil
}

// isNew reports whether a post is.
func (u *unread) isNew(p *Post) bool {
	return u != nil && p.Number >= u.since && p.Shown() && !p.History() && !u.seen.Has(p.Number) && !u.seen.Has(p.MailboxUID()) && !u.member.Has(p.From)
}

// in counts the new posts of a topic, up to NewMost, and says which is the first.
func (u *unread) in(t *Topic) (count int, first uint32, err error) {
	if u == nil || t.Last.Before(u.member.Joined) {
		return 0, 0, nil
	}
	looked := 0
	err = u.reader.TopicNumbers(u.list, t.ID, u.since, func(n uint32) error {
		if u.seen.Has(n) {
			return nil
		}
		if looked++; looked > newLookedAt {
			return ErrStop
		}
		p, err := u.reader.Post(u.list, n)
		if err != nil {
			return err
		}
		if !u.isNew(&p) {
			return nil
		}
		if first == 0 {
			first = n
		}
		if count++; count == NewMost {
			return ErrStop
		}
		return nil
	})
	return count, first, err
}

// line is what a page says of the new posts of a topic: how many there are, and the path of the first.
func (u *unread) line(address string, t *Topic) (count int, first string, err error) {
	count, post, err := u.in(t)
	if err != nil || count == 0 {
		return 0, "", err
	}
	page, err := u.pageOf(t, post)
	first = TopicPath(address, t.ID)
	if page > 1 {
		first += fmt.Sprintf("?page=%d", page)
	}
	return count, fmt.Sprintf("%s#p%d", first, post), err
}

// pageOf is on which page of its topic a post stands, from 1.
func (u *unread) pageOf(t *Topic, post uint32) (int, error) {
	before := 0
	err := u.reader.TopicPosts(u.list, t.ID, func(p Post) error {
		if p.Number >= post {
			return ErrStop
		}
		if !p.NoArchive { // one that was removed keeps its place
			before++
		}
		return nil
	})
	return before/postsPerPage + 1, err
}

// MarkRead writes down that the member whose session it is has read the posts of a topic, or of the whole list where topic is zero, up to the one with a number: what came later
// they have not seen yet. It is what mail programs mark, too. ErrNotFound: they may not read it, or are no member.
func (e *Engine) MarkRead(session, address string, topic, upTo uint32) error {
	err := e.Store.Update(func(tx Tx) error {
		s, err := e.secret(tx, ForSession, session, e.Now())
		if err != nil {
			return err
		}
		r := &reading{reader: tx, site: e.Site(), address: s.Address}
		box, err := r.mailbox(address)
		if err == nil && box.Member == 0 {
			err = fmt.Errorf("list: what was read of %s: %w", address, ErrNotFound)
		}
		if err != nil {
			return err
		}
		was, err := readRuns(tx, box.List, box.Member)
		if err != nil {
			return err
		}
		now, last := was, min(upTo, box.UIDNext-1)
		if topic == 0 {
			now = now.With(Run{1, last})
		} else if now, err = r.topicRead(box.List, topic, last, now); err != nil {
			return err
		}
		if string(now.Encode()) == string(was.Encode()) {
			return errNothingToKeep
		}
		return tx.PutPaper(box.List, box.seenPaper(), now.Encode())
	})
	if errors.Is(err, errNothingToKeep) {
		return nil
	}
	return err
}

// topicRead adds the posts of a topic up to one of them to what was read.
func (r *reading) topicRead(list, topic, last uint32, read Runs) (Runs, error) {
	if _, err := r.reader.Topic(list, topic); err != nil {
		return nil, err
	}
	err := r.reader.TopicNumbers(list, topic, 1, func(n uint32) error {
		if n > last {
			return ErrStop
		}
		if read.Has(n) {
			return nil
		}
		p, err := r.reader.Post(list, n)
		read = read.With(Run{n, n})
		if uid := p.MailboxUID(); err == nil {
			read = read.With(Run{uid, uid})
		}
		return err
	})
	return read, err
}
