package list

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// pathPosts is the path of the feed of a list's posts, behind its address.
const pathPosts = "/feed.atom"

const (
	// postsInFeed is how many posts a feed has, and maxFeedText how much of each, in octets.
	postsInFeed = 30
	maxFeedText = 4 << 10
	// feedLooksBack is among how many of the last posts they are looked for: some may be on no page, and some are history that was taken over.
	feedLooksBack = 1000
)

// PostsPath is the path of the feed of a list's posts.
func PostsPath(address string) string { return "/" + address + pathPosts }

// PostsFeed is the newest posts of a list, for feed readers. FeedTexts reads them.
type PostsFeed struct {
	Shelf
	Tag     string    // says the same of the same posts, also after a restart
	Changed time.Time // when the last of them came, or one was taken out; zero: neither ever happened
	posts   []Post    // newest first
}

// FeedPost is one of them. Posted is when it was written, Changed when it came to this list.
type FeedPost struct {
	PostText
	Number  uint32 // on the list
	Topic   uint32
	Changed time.Time
	// Again says that an earlier post of the list has the same Message-ID.
	Again bool
}

// PostsFeed is the feed of a list's posts, for whoever has the session: of a list that is not public its members' browsers. ErrNotFound: there is none, or it is not for them.
func (e *Engine) PostsFeed(session, address string) (f PostsFeed, err error) {
	err = e.reading(session, func(r *reading) error {
		f, err = e.postsFeed(r, address)
		return err
	})
	return f, err
}

// OwnPostsFeed is that feed for the feed reader of one member, which knows the token of its path. ErrNotFound: it is none of ours, its time is over, it was replaced, its
// member has left, or they may not read the list.
func (e *Engine) OwnPostsFeed(address, token string) (f PostsFeed, err error) {
	err = e.Store.View(func(r Reader) error {
		s, err := e.secret(r, ForPosts, token, e.Now())
		if err != nil {
			return err
		}
		m, err := r.MemberByNumber(s.List, uint32(s.Subject))
		if err != nil {
			return err
		}
		if f, err = e.postsFeed(&reading{reader: r, site: e.Site(), address: m.Address}, address); err != nil {
			return err
		}
		if rec, err := r.List(f.Address); err != nil || rec.ID != s.List {
			return fmt.Errorf("list: feed of %s: %w", address, ErrNotFound)
		}
		f.Public = false // whatever it is now: the address of this feed is a secret
		return nil
	})
	if err != nil {
		return PostsFeed{}, err
	}
	return f, nil
}

func (e *Engine) postsFeed(r *reading, address string) (PostsFeed, error) {
	shelf, rec, _, err := r.shelf(address)
	if err != nil {
		return PostsFeed{}, err
	}
	n, err := e.newest.of(r.reader, rec)
	if err != nil {
		return PostsFeed{}, fmt.Errorf("list: feed of %s: %w", address, err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q %t %s\n", shelf.Title, shelf.Description, shelf.Language, shelf.Public, r.site.BaseURL)
	for i := range n.posts {
		p := &n.posts[i]
		_ = binary.Write(sum, binary.BigEndian, []uint64{uint64(p.Number), uint64(p.MailboxUID()), uint64(p.Topic), uint64(p.Ref.Segment), p.Ref.Offset}) // a hash takes all
	}
	return PostsFeed{Shelf: shelf, Tag: hex.EncodeToString(sum.Sum(nil)[:12]), Changed: n.changed, posts: n.posts}, nil
}

// FeedTexts reads the posts of a feed, newest first. On a list that anybody may read they have lost the addresses that stand in them; no author's address is there at all.
func (e *Engine) FeedTexts(f PostsFeed) ([]FeedPost, error) {
	l, ok := e.Site().List(f.Address)
	if !ok {
		return nil, fmt.Errorf("list: feed of %s: %w", f.Address, ErrNotFound)
	}
	all := make([]FeedPost, 0, len(f.posts))
	for i := range f.posts {
		p := &f.posts[i]
		text, err := e.postText(p, f.Address, l.Archive != ArchivePublic, maxFeedText)
		if err != nil {
			return nil, err
		}
		if text.Removed { // a moment ago
			continue
		}
		text.Address = ""
		one := FeedPost{PostText: text, Number: p.Number, Topic: p.Topic, Changed: feedTime(p), Again: p.Node != (NodeID{}) && p.Node != nodeID(p.MessageID)}
		all = append(all, one)
	}
	return all, nil
}

// feedTime is when a post was new: history was so when it was written.
func feedTime(p *Post) time.Time {
	if p.History() {
		return p.Date
	}
	return p.Accepted
}

// newestPosts remembers the newest posts of each list, so that feed readers, most of which find nothing new, cost little.
type newestPosts struct {
	mu  sync.Mutex
	all map[uint32]*newestOf // by list
}

// newestOf is what is known of one list: as it is as long as its last post has that number, and nothing was taken out since.
type newestOf struct {
	last    uint32
	seq     uint64 // of the last removal that was looked at, of any list
	posts   []Post
	changed time.Time
}

func (n *newestPosts) of(r Reader, rec Record) (newestOf, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil {
		n.all = map[uint32]*newestOf{}
	}
	known := n.all[rec.ID]
	if known == nil {
		known = &newestOf{}
		n.all[rec.ID] = known
	}
	gone := false
	now := *known
	err := r.Removals(now.seq, func(one Removal) error {
		if now.seq = one.Seq; one.List == rec.ID {
			gone = true
			now.changed = later(now.changed, one.At)
		}
		return nil
	})
	if err == nil && (gone || now.last != rec.Posts) {
		now.last = rec.Posts
		now.posts, err = newestShown(r, rec)
	}
	if err != nil {
		return newestOf{}, err
	}
	for i := range now.posts {
		now.changed = later(now.changed, now.posts[i].Came())
	}
	*known = now
	return now, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// newestShown are the newest posts that may be shown. History that was taken over is not news, and stands there only where there is nothing else.
func newestShown(r Reader, rec Record) ([]Post, error) {
	var news, history []Post
	for n := rec.Posts; n > 0 && rec.Posts-n < feedLooksBack && len(news) < postsInFeed; n-- {
		p, err := r.Post(rec.ID, n)
		if errors.Is(err, ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		switch {
		case !p.Shown():
		case !p.History():
			news = append(news, p)
		case len(history) < postsInFeed:
			history = append(history, p)
		}
	}
	all := append(news, history...)
	slices.SortStableFunc(all, func(a, b Post) int { return feedTime(&b).Compare(feedTime(&a)) })
	return all[:min(len(all), postsInFeed)], nil
}
