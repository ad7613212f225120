package list

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"convene/list/message"
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
	hitsPerPage = 20
	searchPages = 50
	// maxQuery is how long what is looked for may be, in octets; what is behind is not read.
	maxQuery = 400
	// glanceText is in how much of a post the words are looked for that are shown of it, and glanceLength how much is shown, in octets.
	glanceText   = 16 << 10
	glanceLength = 240
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

// SearchPage finds posts of a list for whoever has the session, as TopicsPage shows its topics. An empty query finds nothing.
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
		hit, err = e.hit(&posts[i], found.Marks, member, zone)
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

// hit reads of a post what is shown of it: its own words, not those that it quotes.
func (e *Engine) hit(p *Post, marks func(string) []Span, member bool, zone *time.Location) (SearchHit, error) {
	raw, err := e.Store.Raw(p.Ref)
	if err != nil {
		return SearchHit{}, fmt.Errorf("list: post %d: %w", p.Number, err)
	}
	text, _ := message.Parse(raw).Written()
	if len(text) > glanceText {
		text = strings.ToValidUTF8(text[:glanceText], "")
	}
	if text = strings.Join(strings.Fields(plainText(text)), " "); !member {
		text = withoutAddresses(text)
	}
	subject := lineFor(member, p.Subject)
	return SearchHit{Post: p.Number, MessageID: p.MessageID, Topic: p.Topic, Name: shownName(p), Date: p.Date.In(zone),
		Subject: segments(subject, 0, len(subject), marks(subject)), Text: glance(text, marks(text))}, nil
}

// glance is the piece of a text in which most stands that was looked for.
func glance(text string, marks []Span) []Segment {
	from, most := 0, 0
	for i, m := range marks {
		n := 0
		for _, other := range marks[i:] {
			if other.To > m.From+glanceLength*2/3 {
				break
			}
			n++
		}
		if n > most {
			from, most = m.From, n
		}
	}
	if from = max(from-glanceLength/3, 0); from > 0 {
		if i := strings.IndexByte(text[from:], ' '); i >= 0 && i < glanceLength/3 {
			from += i + 1
		}
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	to := min(from+glanceLength, len(text))
	if to < len(text) {
		if i := strings.LastIndexByte(text[from:to], ' '); i > glanceLength/2 {
			to = from + i
		}
		for !utf8.RuneStart(text[to]) {
			to--
		}
	}
	all := segments(text, from, to, marks)
	if len(all) > 0 && from > 0 {
		all = append([]Segment{{Text: "… "}}, all...)
	}
	if len(all) > 0 && to < len(text) {
		all = append(all, Segment{Text: " …"})
	}
	return all
}

// segments divides a piece of a text by its marks.
func segments(text string, from, to int, marks []Span) (all []Segment) {
	at := from
	for _, m := range marks {
		if m.From < at || m.From >= to {
			continue
		}
		if m.From > at {
			all = append(all, Segment{Text: text[at:m.From]})
		}
		at = min(m.To, to)
		all = append(all, Segment{Text: text[m.From:at], Marked: true})
	}
	if at < to {
		all = append(all, Segment{Text: text[at:to]})
	}
	return all
}
