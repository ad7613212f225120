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

const (
	// maxPostText is how much of a post a page of its own shows, and maxTopicText how much a page of its topic does, in octets.
	maxPostText  = 256 << 10
	maxTopicText = 8 << 10
	// postsPerPage is how many stand on one page.
	postsPerPage = 10
	// maxPages is how many pages there are: what is further back is found by its link, or by mail.
	maxPages = 1000
)

// reading is somebody who asks for a page.
type reading struct {
	reader  Reader
	site    *Site
	address string // whose session it is; empty: a stranger
}

// shelf is a list whose posts whoever asks may read. ErrNotFound: there is none, or they may not: nobody is told which.
func (r *reading) shelf(address string) (Shelf, Record, bool, error) {
	if l, ok := r.site.List(address); ok && !l.archived() {
		return Shelf{}, Record{}, false, fmt.Errorf("list: pages of %s: %w", address, ErrNotFound)
	}
	return r.calendar(address)
}

// calendar is a list whose events whoever asks may read: its members where its posts are on no page. ErrNotFound: as for shelf.
func (r *reading) calendar(address string) (Shelf, Record, bool, error) {
	l, ok := r.site.List(address)
	if !ok || !strings.EqualFold(l.Address, address) {
		return Shelf{}, Record{}, false, fmt.Errorf("list: pages of %s: %w", address, ErrNotFound)
	}
	rec, err := r.reader.List(l.Address)
	if err != nil {
		return Shelf{}, rec, false, err
	}
	_, mine, err := r.membership(rec)
	if err != nil {
		return Shelf{}, rec, false, err
	}
	member, err := r.belongs(l, rec)
	if err == nil && (rec.Importing || !member && l.Archive != ArchivePublic) {
		err = fmt.Errorf("list: pages of %s: %w", address, ErrNotFound)
	}
	return Shelf{Address: l.Address, Title: pageLine(l.Title()), Description: pageLine(l.Description), Language: l.Language, Public: l.Archive == ArchivePublic, Mine: mine}, rec, member, err
}

// membership is theirs on a list, if they are on it.
func (r *reading) membership(rec Record) (m Member, mine bool, err error) {
	if r.address == "" {
		return m, false, nil
	}
	m, err = r.reader.Member(rec.ID, r.address)
	if errors.Is(err, ErrNotFound) {
		return Member{}, false, nil
	}
	return m, err == nil, err
}

// belongs reports whether they are on the list, in whatever mode and state, or run it.
func (r *reading) belongs(l *List, rec Record) (bool, error) {
	known, err := r.known(l, rec)
	return known != "", err
}

// known is their address as the list, or its config, has it; empty: neither does.
func (r *reading) known(l *List, rec Record) (string, error) {
	if r.address == "" {
		return "", nil
	}
	m, mine, err := r.membership(rec)
	if err != nil {
		return "", err
	}
	var all []string
	if mine {
		all = append(append(all, m.Address), m.Others...)
	}
	for _, a := range slices.Concat(all, l.Owners, l.Moderators, l.Facilitators) {
		if SameAddress(a, r.address) {
			return a, nil
		}
	}
	return "", nil
}

// PublicLists are the lists that anybody may read.
func (e *Engine) PublicLists() []Shelf {
	var all []Shelf
	private := e.importing()
	for _, l := range e.Site().Lists {
		if l.Archive == ArchivePublic && !private[strings.ToLower(l.Address)] {
			all = append(all, Shelf{Address: l.Address, Title: pageLine(l.Title()), Description: pageLine(l.Description), Language: l.Language, Public: true})
		}
	}
	return all
}

// noSuchPage is the error of a page of several that nothing is on, but for the first.
func noSuchPage(page, shown int) error {
	if page < 1 || page > maxPages || page > 1 && shown == 0 {
		return fmt.Errorf("list: page %d: %w", page, ErrNotFound)
	}
	return nil
}

// TopicPage shows the posts of one topic, as TopicsFrom does its topics.
func (e *Engine) TopicPage(session, address string, id uint32, page int) (p TopicPage, err error) {
	var posts []Post
	var member bool
	err = e.reading(session, func(r *reading) error {
		shelf, rec, belongs, err := r.shelf(address)
		if err != nil {
			return err
		}
		t, err := r.reader.Topic(rec.ID, id)
		if err != nil {
			return err
		}
		p.Shelf, p.ID, p.Subject, p.Page, member = shelf, id, lineFor(belongs, t.Subject), page, belongs
		news, err := r.unreadOf(rec)
		if err != nil {
			return err
		}
		l, _ := r.site.List(shelf.Address)
		p.UpTo = rec.Posts
		if p.New, p.First, err = news.line(shelf.Address, &t); err != nil {
			return err
		}
		seen, shown, sizes := 0, false, e.sizeWords(shelf.Language)
		err = r.reader.TopicPosts(rec.ID, id, func(one Post) error {
			if one.NoArchive {
				return nil
			}
			shown = shown || one.Shown()
			if seen++; seen <= (page-1)*postsPerPage {
				return nil
			}
			if len(posts) == postsPerPage {
				p.Older = page < maxPages
				return ErrStop
			}
			beside, err := r.beside(&one, belongs, sizes)
			beside.New, beside.MayAnswer = news.isNew(&one), l.mayAnswer(rec, &t, belongs)
			posts, p.Posts = append(posts, one), append(p.Posts, PostText{Beside: beside})
			return err
		})
		if err == nil && seen == 0 {
			err = fmt.Errorf("list: topic %d of %s: %w", id, address, ErrNotFound)
		} else if err == nil && !shown && page == 1 && !p.Older {
			err = fmt.Errorf("list: topic %d of %s: %w", id, address, ErrRemoved)
		}
		return cmp.Or(err, noSuchPage(page, len(posts)))
	})
	for i := 0; err == nil && i < len(posts); i++ {
		var text PostText
		text, err = e.postText(&posts[i], p.Address, member, maxTopicText)
		text.with(p.Posts[i].Beside)
		p.Posts[i] = text
	}
	return p, err
}

// PostPage shows the post with a Message-ID, without brackets, to whoever has the session: of the first list on which it is and they may read it. ErrNotFound: there is none; ErrRemoved:
// there was one.
func (e *Engine) PostPage(session, messageID string) (p PostPage, err error) {
	var post Post
	var beside Beside
	var member bool
	gone := ErrNotFound
	err = e.reading(session, func(r *reading) error {
		for _, l := range r.site.Lists {
			shelf, rec, belongs, err := r.shelf(l.Address)
			if err == nil {
				post, err = postByMessageID(r.reader, rec.ID, messageID)
			}
			if errors.Is(err, ErrNotFound) || err == nil && (post.NoArchive || post.MessageID != messageID) {
				continue
			}
			if err != nil {
				return err
			}
			if !post.Removed.IsZero() {
				gone = ErrRemoved // of this list; it may be on another
				continue
			}
			p.Shelf, p.Topic, member = shelf, post.Topic, belongs
			if beside, err = r.beside(&post, belongs, e.sizeWords(shelf.Language)); err != nil {
				return err
			}
			t, err := r.reader.Topic(rec.ID, post.Topic)
			beside.MayAnswer = l.mayAnswer(rec, &t, belongs)
			return err
		}
		return fmt.Errorf("list: page of a post: %w", gone)
	})
	if err == nil {
		p.Post, err = e.postText(&post, p.Address, member, maxPostText)
		p.Post.with(beside)
	}
	if err == nil && p.Post.Removed {
		err = fmt.Errorf("list: post %d of %s: %w", post.Number, p.Address, ErrRemoved)
	}
	return p, err
}

// postText reads a post back, outside of any transaction.
func (e *Engine) postText(p *Post, address string, member bool, most int) (PostText, error) {
	raw, err := e.Store.Raw(p.Ref)
	if errors.Is(err, ErrNotFound) { // there is nothing of it any more, perhaps since a moment ago
		return PostText{Date: p.Date.In(e.Site().zoneOf(address)), Removed: true}, nil
	} else if err != nil {
		return PostText{}, fmt.Errorf("list: post %d of %s: %w", p.Number, address, err)
	}
	m := message.Parse(raw)
	text := m.Readable(most + 1)
	t := PostText{MessageID: p.MessageID, Subject: lineFor(member, p.Subject), Name: shownName(p), Date: p.Date.In(e.Site().zoneOf(address)), Language: languageOfMail(m)}
	if t.Cut = len(text) > most; t.Cut {
		text = text[:strings.LastIndexAny(text[:most], " \n")+1]
	}
	if t.Text = strings.TrimRight(plainText(text), "\n "); member {
		t.Address = p.From
	} else {
		t.Text = withoutAddresses(t.Text)
	}
	if l, ok := e.Site().List(address); ok {
		t.Reply = l.replyLink(p, m, &t, member)
	}
	return t, nil
}

// with puts beside a text what stands there, and leaves out the link of an answer that the reader may not send.
func (t *PostText) with(b Beside) {
	if t.Beside = b; !b.MayAnswer {
		t.Reply = ""
	}
}

// zoneOf is the time zone of a list.
func (s *Site) zoneOf(address string) *time.Location {
	if l, ok := s.List(address); ok {
		return l.zone()
	}
	return time.UTC
}
