package web

import (
	"fmt"
	"time"

	"convene/list"
)

func (e *engine) postsFeed() list.PostsFeed {
	return list.PostsFeed{Shelf: e.shelf(), Tag: fmt.Sprintf("tag%d", len(e.archive.topic)), Changed: someday}
}

func (e *engine) PostsFeed(s, address string) (list.PostsFeed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.postsFeed(), e.may(s, address == e.who.List)
}

func (e *engine) OwnPostsFeed(address, t string) (list.PostsFeed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.find(t); err != nil || address != e.who.List {
		return list.PostsFeed{}, list.ErrNotFound
	}
	f := e.postsFeed()
	f.Public = false
	return f, e.err
}

func (e *engine) FeedTexts(list.PostsFeed) ([]list.FeedPost, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.archive.written++
	if e.archive.unwritten != nil {
		return nil, e.archive.unwritten
	}
	first := list.FeedPost{PostText: e.archive.post, Number: 3, Topic: 17, Changed: someday.Add(time.Hour)}
	again, hostile := first, first
	again.Number, again.Again, again.Cut = 2, true, true
	hostile.Number, hostile.MessageID, hostile.Name, hostile.Subject = 1, ".", "<b>&", "</title>]]>\x01"
	hostile.Text = "<script>alert(1)</script> & <img src=x onerror=alert(1)>\n\njavascript:x"
	all := []list.FeedPost{first, again, hostile}
	for _, p := range e.archive.posts {
		all = append(all, list.FeedPost{PostText: p, Number: p.Number, Topic: 17, Changed: someday})
	}
	return all, nil
}

func (e *engine) MakePostsFeed(s, address string) (list.OwnFeed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.may(s, address == e.who.List && !e.archive.public); err != nil {
		return list.OwnFeed{}, err
	}
	e.archive.feeds++
	return list.OwnFeed{Path: "/" + e.who.List + "/feed-" + token + ".atom", Expires: someday.Add(list.FeedFor)}, nil
}
