package list

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Finder finds posts by their words. What it knows of them may be some moments behind the store: whoever shows what it found asks whether each may be shown.
type Finder interface {
	// Find finds the posts of a list. Whatever is asked for is a query: there is no error in it.
	Find(list uint32, q Quest) (Found, error)
}

// Quest is what is looked for.
type Quest struct {
	Text   string         // as somebody wrote it
	Member bool           // addresses are found, too: for who may see them
	Zone   *time.Location // on whose clock days are
	Now    time.Time
	// Skip is how many posts are left out, of those that fit best, and Most how many come behind them.
	Skip, Most int
}

// Found is what was found.
type Found struct {
	Posts []uint32 // numbers, what fits best first
	Total int      // how many there are
	// Marks are the places in a text, in order and apart, that have what was looked for.
	Marks func(text string) []Span
}

// Span is a piece of a text, in octets.
type Span struct{ From, To int }

const (
	// hitsPerPage is how many posts stand on one page of a search, and searchPages how many pages there are.
	hitsPerPage = 10
	searchPages = 100
	// maxQuery is how long what is looked for may be, in octets; what is behind is not read.
	maxQuery = 400
	// glanceText is in how much of a post the words are looked for that are shown of it, and glanceLength how much is shown, in octets.
	glanceText   = 16 << 10
	glanceLength = 170
)

// SearchPage is what the page of a search shows.
type SearchPage struct {
	Shelf
	Sheaf
	Query string
	Total int // posts that were found
	Hits  []SearchHit
	Off   bool // nothing can be searched now
}

// SearchHit is one post that was found.
type SearchHit struct {
	Post      uint32
	MessageID string
	Topic     uint32
	Subject   []Segment
	Name      string    // of the author, as PostText has it
	Date      time.Time // in the list's time zone
	Text      []Segment // a piece of it, around what was looked for; empty: it has no text
}

// Segment is a piece of a line; Marked says that it was looked for.
type Segment struct {
	Text   string
	Marked bool
}

// SearchPage finds posts of a list for whoever has the session, as TopicsFrom shows its topics. An empty query finds nothing.
func (e *Engine) SearchPage(session, address, query string, page int) (p SearchPage, err error) {
	var rec Record
	var member bool
	err = e.reading(session, func(r *reading) error {
		p.Shelf, rec, member, err = r.shelf(address)
		return err
	})
	if err == nil && (page < 1 || page > searchPages) {
		err = fmt.Errorf("list: page %d of a search: %w", page, ErrNotFound)
	}
	if err != nil {
		return SearchPage{}, err
	}
	if len(query) > maxQuery {
		query = query[:maxQuery]
	}
	p.Query, p.Page, p.Off = pageLine(query), page, e.Finder == nil
	if p.Off || strings.TrimSpace(p.Query) == "" {
		return p, nil
	}
	zone := e.Site().zoneOf(p.Address)
	found, err := e.Finder.Find(rec.ID, Quest{Text: p.Query, Member: member, Zone: zone, Now: e.Now(), Skip: (page - 1) * hitsPerPage, Most: hitsPerPage})
	if err != nil {
		e.Log.Error("nothing can be searched", "list", p.Address, "error", err)
		p.Off = true
		return p, nil
	}
	p.Total, p.Older = found.Total, page < searchPages && found.Total > page*hitsPerPage
	var posts []Post
	err = e.Store.View(func(r Reader) error { posts, err = shownPosts(r, rec.ID, found.Posts); return err })
	for i := 0; err == nil && i < len(posts); i++ {
		var hit SearchHit
		if hit, err = e.hit(&posts[i], found.Marks, member, zone); errors.Is(err, ErrNotFound) {
			err = nil // removed a moment ago
			continue
		}
		p.Hits = append(p.Hits, hit)
	}
	return p, err
}

// shownPosts are the posts with these numbers that may be shown still.
func shownPosts(r Reader, list uint32, numbers []uint32) (posts []Post, err error) {
	for _, n := range numbers {
		p, err := r.Post(list, n)
		if errors.Is(err, ErrNotFound) || err == nil && !p.Shown() {
			continue
		}
		if err != nil {
			return nil, err
		}
		posts = append(posts, p)
	}
	return posts, nil
}
