package web

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"convene/list"
)

// session is what the browser of the engine's member keeps.
const session = "sessionsessionsession22222"

// archive is what the engine of these tests has to read: one post, in one topic, on one list.
type archive struct {
	post      list.PostText
	topic     string
	public    bool
	gone      bool     // its member is one no more, and their session is over
	used      bool     // the link of the mail was used
	next      string   // where it leads
	mailed    []string // to whom a link was mailed, with who asked, and where it leads
	signed    int
	out       []string // sessions that were ended
	further   bool     // there are more pages
	own       bool     // its events are for members, who all readers are
	events    bool     // its posts are on no page
	feeds     int      // how often an address for a calendar program was made
	news      int      // how many posts are new to its member
	read      []string // what they have marked as read
	written   int      // how often the posts of a feed were read, and what comes of that
	unwritten error
	mail      string          // the state of its member; empty: active
	changed   []string        // what they have changed
	much      bool            // they have changed too much
	copies    int             // how often the post stands on the page of its topic; zero: once
	posts     []list.PostText // of the topic, instead of the one
	// unsearched says that nothing can be searched.
	unsearched bool
}

var someday = time.Date(2026, 3, 2, 9, 5, 0, 0, time.FixedZone("", 3*3600))

func newArchive() archive {
	return archive{public: true, topic: "A quiet group", post: list.PostText{MessageID: "a/b?c%d@x", Subject: "Re: A quiet group", Name: "Dede Owusu", Date: someday, Reply: "mailto:peers@lists.example.org?subject=Re%3A%20A%20quiet%20group&In-Reply-To=%3Ca%2Fb%3Fc%25d%40x%3E",
		Text: "I telephoned three people.\n\n> Think of a time when a quiet\n> group began to talk.\n> > What had somebody just done?\n\nThat was all.", Language: "en",
		Beside: list.Beside{Number: 3, Files: []list.FileLine{{File: list.File{Index: 1, Name: "Chairs & tables.pdf", Media: "application/pdf", Size: 300_000}, Shown: "300 kB"}}}}}
}

func (e *engine) shelf() list.Shelf {
	return list.Shelf{Address: e.who.List, Title: e.who.Title, Description: "Practitioners learning from one another", Language: e.who.Language, Public: e.archive.public}
}

// may is the error for who may not read, or asks for something else.
func (e *engine) may(s string, there bool) error {
	e.asked++
	if e.err != nil {
		return e.err
	}
	if !there || !e.archive.public && (s != session || e.archive.gone) {
		return fmt.Errorf("list: page: %w", list.ErrNotFound)
	}
	return nil
}

func (e *engine) PublicLists() []list.Shelf {
	if !e.archive.public {
		return nil
	}
	return []list.Shelf{e.shelf()}
}

func (e *engine) TopicsFrom(s, address, before, after string) (list.TopicsPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := list.TopicsPage{Shelf: e.shelf(), Topics: []list.TopicLine{{ID: 17, Subject: e.archive.topic, Posts: 2, Last: someday}, {ID: 3, Posts: 1, Last: someday}}}
	if e.archive.further {
		p.Older = "2026-03-02T06:05:00Z.3"
	}
	if before != "" || after != "" {
		p.Newer = "2026-03-02T06:05:00Z.17"
	}
	if s == session {
		p.Mine, p.UpTo, p.Topics[0].New = true, 9, e.archive.news
	}
	return p, e.may(s, address == e.who.List && !strings.Contains(before+after, "x"))
}

func (e *engine) TopicPage(s, address string, id uint32, page int) (list.TopicPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := list.TopicPage{Shelf: e.shelf(), Sheaf: list.Sheaf{Page: page, Older: e.archive.further}, ID: id, Subject: e.archive.topic, Posts: e.archive.all()}
	if s == session {
		p.Mine, p.UpTo, p.New = true, 9, e.archive.news
	}
	if p.New > 0 {
		p.Posts[0].New, p.First = true, "/"+address+"/topics/17?page=2#p12"
	}
	return p, e.may(s, address == e.who.List && id == 17 && page < 3)
}

func (e *engine) MarkRead(s, address string, topic, upTo uint32) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.mine(s, address); err != nil {
		return err
	}
	e.archive.read = append(e.archive.read, fmt.Sprintf("%d up to %d", topic, upTo))
	return nil
}

// all are the posts of the topic.
func (a *archive) all() []list.PostText {
	if a.posts != nil {
		return a.posts
	}
	all := slices.Repeat([]list.PostText{a.post}, max(a.copies, 1))
	for i := range all {
		all[i].Number += uint32(i)
	}
	return all
}

func (e *engine) PostPage(s, id string) (list.PostPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.archive.posts {
		if p.MessageID == id {
			return list.PostPage{Shelf: e.shelf(), Topic: 17, Post: p}, e.may(s, true)
		}
	}
	return list.PostPage{Shelf: e.shelf(), Topic: 17, Post: e.archive.post}, e.may(s, id == e.archive.post.MessageID)
}

func (e *engine) SearchPage(s, address, query string, page int) (list.SearchPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := list.SearchPage{Shelf: e.shelf(), Sheaf: list.Sheaf{Page: page, Older: e.archive.further}, Query: query, Off: e.archive.unsearched}
	if !p.Off && strings.Contains(e.archive.post.Text, query) && query != "" {
		before, after, _ := strings.Cut(e.archive.post.Text, query)
		p.Total, p.Hits = 1, []list.SearchHit{{Post: 3, MessageID: e.archive.post.MessageID, Topic: 17, Subject: []list.Segment{{Text: e.archive.post.Subject}}, Name: e.archive.post.Name, Date: someday,
			Text: []list.Segment{{Text: before}, {Text: query, Marked: true}, {Text: after}}}}
	}
	return p, e.may(s, address == e.who.List && page < 3)
}

func (e *engine) AskSignIn(address, next string, ip netip.Addr) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.archive.mailed = append(e.archive.mailed, fmt.Sprintf("%s from %s to %q", address, ip, next))
	return e.err
}

func (e *engine) signIn(t string) (list.SignIn, error) {
	e.asked++
	if e.err != nil {
		return list.SignIn{}, e.err
	}
	if t != token || e.archive.used {
		return list.SignIn{}, fmt.Errorf("list: secret: %w", list.ErrNotFound)
	}
	return list.SignIn{Address: member, List: e.who.List, Title: e.who.Title, Language: e.who.Language, Next: e.archive.next}, nil
}

func (e *engine) SigningIn(t string) (list.SignIn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.signIn(t)
}

func (e *engine) SignIn(t string) (string, list.SignIn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, err := e.signIn(t)
	if err != nil {
		return "", s, err
	}
	e.archive.used = true
	e.archive.signed++
	return session, s, nil
}

func (e *engine) SignedIn(s string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s != session || e.archive.gone {
		return "", list.ErrNotFound
	}
	return member, e.err
}

func (e *engine) SignOut(s string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.archive.out = append(e.archive.out, s)
	return e.err
}
