package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"convene/list"
)

// Calendars is what the page and the feed of a list's events are read through, as Archive is for its posts.
type Calendars interface {
	CalendarPage(session, address string) (list.CalendarPage, error)
	Feed(session, address string) (list.Feed, error)
	// MakeFeed makes the address of such a feed for whose session it is, and ends the one that they had.
	MakeFeed(session, address string) (list.OwnFeed, error)
	// OwnFeed is the feed for the calendar program of a member, who is known by a token.
	OwnFeed(address, token string) (list.Feed, error)
}

// What stands behind the address of a list in the paths of its events.
const (
	calendarWord = "calendar"
	feedWord     = "calendar.ics"
	ownFeedWord  = "feed-"
	feedEnding   = ".ics"
)

// calendarRoute is the route of the events of a list, if the path is of them.
func calendarRoute(path string) (route, string, bool) {
	address, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !strings.Contains(address, "@") {
		return route{}, "", false
	}
	switch rest {
	case calendarWord:
		return route{"/LIST/calendar", "GET, HEAD, POST", slog.LevelInfo, (*visit).calendar}, address, true
	case feedWord:
		return route{"/LIST/calendar.ics", "GET, HEAD", slog.LevelInfo, (*visit).feed}, address, true
	}
	return route{}, "", false
}

// ownFeedRoute is the route of the feed of one member. Nobody is sent there behind signing in, so it is none of readRoute's.
func ownFeedRoute(path string) (route, string, bool) {
	address, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if token, ok := strings.CutPrefix(rest, ownFeedWord); ok && strings.Contains(address, "@") {
		if token, ok := strings.CutSuffix(token, atomEnding); ok {
			return route{"/LIST/feed-", "GET, HEAD", slog.LevelInfo, (*visit).ownAtom}, address + "/" + token, true
		}
		return route{"/LIST/feed-", "GET, HEAD", slog.LevelInfo, (*visit).ownFeed}, address + "/" + strings.TrimSuffix(token, feedEnding), true
	}
	return route{}, "", false
}

// dateView is one date of an event on the page.
type dateView struct {
	list.CalendarRow
	When, Until momentView // Until may be empty
	Day, Last   weekday    // of When, and of an Until on another day
	Register    momentView // until when one can say so
	RegisterDay weekday
	Link        bool // Where is an address to open
}

// weekday is a day of the week as templates name it, from 1 for Sunday; zero: none.
type weekday int

func weekdayOf(t time.Time) weekday { return weekday(t.Weekday()) + 1 }

// calendar answers /LIST/calendar: GET shows the events; the POST of its button makes an address for the reader's calendar program, which that one answer shows.
func (v *visit) calendar() {
	var own list.OwnFeed
	if v.r.Method == http.MethodPost {
		if v.crossSite() || v.form.Get("feed") != "yes" {
			v.problem(http.StatusBadRequest)
			return
		}
		var err error
		if own, err = v.engine.MakeFeed(v.session(), v.rest); err != nil {
			v.unread(err)
			return
		}
	}
	c, err := v.engine.CalendarPage(v.session(), v.rest)
	if err != nil {
		v.unread(err)
		return
	}
	p := shelfPage(c.Shelf)
	p.Events, p.Zone, p.FeedPath, p.MoreDates, p.MayFeed = c.Events, c.Zone, c.Feed, c.More, c.Own
	if !c.Posts {
		p.ListPath = ""
	}
	if own.Path != "" {
		p.FeedPath, p.FeedEnds = own.Path, dayOf(own.Expires)
	}
	for _, row := range c.Rows {
		p.Dates = append(p.Dates, viewDate(row))
	}
	v.page(http.StatusOK, "calendar", p)
}

func viewDate(row list.CalendarRow) dateView {
	d := dateView{CalendarRow: row, When: moment(row.Start), Day: weekdayOf(row.Start), Link: strings.HasPrefix(row.Where, "https://") || strings.HasPrefix(row.Where, "http://")}
	if row.End.After(row.Start) {
		d.Until, d.Last = moment(row.End), weekdayOf(row.End)
		if row.End.Format(time.DateOnly) == row.Start.Format(time.DateOnly) {
			d.Until, d.Last = momentView{Shown: d.Until.Clock, Stamp: d.Until.Stamp}, 0
		}
	}
	if !row.RegisterBy.IsZero() && row.Answer != "" {
		d.Register, d.RegisterDay = moment(row.RegisterBy), weekdayOf(row.RegisterBy)
	}
	if !row.AllDay {
		return d
	}
	last := row.End.Add(-time.Minute)
	d.When, d.Until = dayOf(row.Start), momentView{}
	d.Last = 0
	if last.Format(time.DateOnly) > d.When.Shown {
		d.Until, d.Last = dayOf(last), weekdayOf(last)
	}
	return d
}

// feed answers /LIST/calendar.ics.
func (v *visit) feed() {
	f, err := v.engine.Feed(v.session(), v.rest)
	v.answerFeed(f, err)
}

// ownFeed answers the feed of events of one member.
func (v *visit) ownFeed() {
	var f list.Feed
	if v.byToken(func(address, token string) (err error) { f, err = v.engine.OwnFeed(address, token); return err }) {
		v.answerFeed(f, nil)
	}
}

// byToken has look find what the token of a member's own feed is about, and answers for it where it is none of ours. It reports whether it was found.
func (v *visit) byToken(look func(address, token string) error) bool {
	near, guarded := v.guess()
	if guarded && v.guard.waits(near, v.now()) > 0 {
		v.problem(http.StatusTooManyRequests)
		return false
	}
	address, token, _ := strings.Cut(v.rest, "/")
	err := error(list.ErrNotFound)
	if wellFormed(token) {
		err = look(address, strings.ToLower(token))
	}
	if errors.Is(err, list.ErrNotFound) {
		if guarded {
			v.guard.note(near, v.now())
		}
		v.missing()
		return false
	}
	if err != nil {
		v.unread(err)
	}
	return err == nil
}

// feedFresh is for how long programs need not ask again: a quarter of an hour, in seconds.
const feedFresh = "900"

// answerFeed writes a feed, or says that it is as the program has it (RFC 9110 §13). The tag is a weak one: after a restart the same events have another time of writing.
func (v *visit) answerFeed(f list.Feed, err error) {
	if err != nil {
		v.unread(err)
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("ETag", `W/"`+f.Tag+`"`)
	h.Set("Cache-Control", "public, max-age="+feedFresh)
	if f.Private {
		h.Set("Cache-Control", "private, max-age="+feedFresh)
	}
	http.ServeContent(v.w, v.r, "", f.Changed, bytes.NewReader(f.Content))
}
