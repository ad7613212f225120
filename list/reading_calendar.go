package list

import (
	"errors"
	"fmt"
	"time"
)

// The paths of the events of a list, behind its address: their page, and the feed that calendar programs fetch.
const (
	pathCalendar = "/calendar"
	pathFeed     = "/calendar.ics"
)

// CalendarPath is the path of the page of a list's events, and FeedPath that of its feed.
func CalendarPath(address string) string { return "/" + address + pathCalendar }

// FeedPath is the path of the feed of a list's events.
func FeedPath(address string) string { return "/" + address + pathFeed }

// Calendars is who knows the events of the lists: a part of Schedule.
type Calendars interface {
	// Calendar are the dates to come of a list, the earliest first, on the clock of a zone, with their texts in the first of these languages that they are in.
	Calendar(r Reader, l *List, zone *time.Location, languages []string, now time.Time) ([]CalendarRow, error)
	// Feed is a calendar file (RFC 5545) for programs that fetch it again and again: the events of a list, those of the last 30 days included. As long as nothing of them
	// changes it is the same octets.
	Feed(r Reader, l *List, now time.Time) (Feed, error)
}

// Feed is a calendar file.
type Feed struct {
	Content []byte
	Tag     string    // says the same of the same events, also after a restart
	Changed time.Time // when it was first seen to be as it is
	Private bool      // it is not for everybody
}

// CalendarPage is what the page of a list's events shows.
type CalendarPage struct {
	Shelf
	Zone   string // whose clock the times are on, an IANA name
	Events string // address that takes events and answers
	Feed   string // path of the feed for everybody's calendar programs; empty: it is for members
	Own    bool   // the reader may have an address of their own for theirs: MakeFeed
	Posts  bool   // they may read the list's posts, too
	Rows   []CalendarRow
	More   bool // there are further dates
}

// CalendarRow is one date of an event.
type CalendarRow struct {
	Title, Where, By, About string
	Start, End              time.Time // End may be zero: it is a moment
	AllDay                  bool      // the days alone count
	Again                   string    // by which rule it takes place again, in words
	Cancelled               bool
	Presenters              []string  // names
	RegisterBy              time.Time // zero: nobody has to
	Answer                  string    // begins a mail that says yes; empty: nobody can come any more
}

// calendarRows is how many dates a page has.
const calendarRows = 100

// CalendarPage shows the events of a list to whoever has the session. They are for whom its posts are for, and for its members where nobody reads those on the web; who is on the list sees them on their own clock.
func (e *Engine) CalendarPage(session, address string) (p CalendarPage, err error) {
	if e.Schedule == nil {
		return p, fmt.Errorf("list: calendar of %s: %w", address, ErrNotFound)
	}
	err = e.reading(session, func(r *reading) error {
		shelf, rec, belongs, err := r.calendar(address)
		if err != nil {
			return err
		}
		l, _ := r.site.List(address)
		zone, languages := l.zone(), []string{l.Language}
		p = CalendarPage{Shelf: shelf, Events: l.Word("events"), Posts: l.archived()}
		if shelf.Public {
			p.Feed = FeedPath(l.Address)
		}
		m, err := r.reader.Member(rec.ID, r.address)
		switch {
		case r.address == "" || errors.Is(err, ErrNotFound):
		case err != nil:
			return err
		default:
			if own, err := time.LoadLocation(m.Timezone); err == nil && m.Timezone != "" {
				zone = own
			}
			if m.Language != "" {
				p.Language, languages = m.Language, []string{m.Language, l.Language}
			}
			p.Own = e.HasOwnFeeds(l)
		}
		p.Zone = zone.String()
		if p.Rows, err = e.Schedule.Calendar(r.reader, l, zone, languages, e.Now()); len(p.Rows) > calendarRows {
			p.Rows, p.More = p.Rows[:calendarRows], true
		}
		for i := range p.Rows {
			p.Rows[i].clean(belongs)
		}
		return err
	})
	return p, err
}

// clean leaves of what others wrote what a member may read, or a stranger.
func (row *CalendarRow) clean(member bool) {
	row.Title, row.By, row.Where, row.Again = lineFor(member, row.Title), lineFor(member, row.By), lineFor(member, row.Where), pageLine(row.Again)
	if row.About = plainText(row.About); !member {
		row.About = withoutAddresses(row.About)
	}
}

// Feed is the feed of a list's events, for whoever has the session: of a list that is not public its members' browsers. ErrNotFound: there is none, or it is not for them.
func (e *Engine) Feed(session, address string) (f Feed, err error) {
	err = e.reading(session, func(r *reading) error {
		shelf, _, _, err := r.calendar(address)
		if err == nil {
			f, err = e.feed(r.reader, address)
			f.Private = !shelf.Public
		}
		return err
	})
	return f, err
}

func (e *Engine) feed(r Reader, address string) (Feed, error) {
	l, ok := e.Site().List(address)
	if !ok || e.Schedule == nil {
		return Feed{}, fmt.Errorf("list: feed of %s: %w", address, ErrNotFound)
	}
	return e.Schedule.Feed(r, l, e.Now())
}
