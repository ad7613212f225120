package web

import (
	"time"

	"convene/list"
)

const feedOfList = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

// dates are what the calendar of the engine of these tests has: one with all that a date can have, a day, days, and one that is cancelled.
func (e *engine) dates() []list.CalendarRow {
	day := time.Date(2026, 3, 20, 0, 0, 0, 0, someday.Location())
	return []list.CalendarRow{
		{Title: e.archive.topic, Where: "https://meet.example.org/coffee", By: e.archive.post.Name, About: e.archive.post.Text, Start: someday, End: someday.Add(time.Hour), Again: "every Monday", Presenters: []string{e.archive.post.Name, "Noor"}, RegisterBy: someday.Add(-24 * time.Hour),
			Answer: "mailto:peers%2Bevents@lists.example.org?subject=yes%20coffee"},
		{Title: "A day", Start: day, End: day.Add(24 * time.Hour), AllDay: true, Where: "Dakar"},
		{Title: "Three days", Start: day, End: day.Add(72 * time.Hour), AllDay: true},
		{Title: "Off", Start: someday.Add(23 * time.Hour), End: someday.Add(48 * time.Hour), Cancelled: true},
	}
}

func (e *engine) CalendarPage(s, address string) (list.CalendarPage, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := list.CalendarPage{Shelf: e.shelf(), Zone: "Africa/Nairobi", Events: "peers+events@lists.example.org", Rows: e.dates(), More: e.archive.further, Posts: !e.archive.events}
	if p.Own = e.archive.own || !e.archive.public; !p.Own {
		p.Feed = list.FeedPath(e.who.List)
	}
	if e.archive.gone {
		p.Rows = nil
	}
	return p, e.may(s, address == e.who.List)
}

func (e *engine) MakeFeed(s, address string) (list.OwnFeed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.may(s, address == e.who.List && (e.archive.own || !e.archive.public)); err != nil {
		return list.OwnFeed{}, err
	}
	e.archive.feeds++
	return list.OwnFeed{Path: "/" + e.who.List + "/feed-" + token + ".ics", Expires: someday.Add(list.FeedFor)}, nil
}

func (e *engine) Feed(s, address string) (list.Feed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return list.Feed{Content: []byte(feedOfList), Tag: "abc", Changed: someday, Private: !e.archive.public}, e.may(s, address == e.who.List)
}

func (e *engine) OwnFeed(address, t string) (list.Feed, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, err := e.find(t); err != nil || address != e.who.List {
		return list.Feed{}, list.ErrNotFound
	}
	return list.Feed{Content: []byte(feedOfList), Tag: "abc", Changed: someday, Private: true}, e.err
}
