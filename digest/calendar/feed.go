package calendar

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

const (
	feedBack    = 30 * 24 * time.Hour // how far a feed goes back
	feedRefresh = 4 * time.Hour       // how often programs are asked to fetch it
	feedLooked  = 15 * time.Second    // for so long it is not looked whether a feed has changed
	pageAhead   = 400 * 24 * time.Hour
	pageDates   = 30 // of one event on the page
)

// feeds are those that were made, by list.
type feeds struct {
	mu  sync.Mutex
	all map[string]*madeFeed
}

type madeFeed struct {
	list.Feed
	looked time.Time
}

// Feed implements list.Calendars. What is written anew is as old as the change that it was written for: a program that asks whether there is something new gets no for an answer.
func (k *Keeper) Feed(r list.Reader, l *list.List, now time.Time) (list.Feed, error) {
	k.feeds.mu.Lock()
	defer k.feeds.mu.Unlock()
	made := k.feeds.all[l.Address]
	if made != nil && now.Sub(made.looked) < feedLooked && !now.Before(made.looked) {
		return made.Feed, nil
	}
	all, err := k.published(r, l, now.Add(-feedBack))
	if err != nil {
		return list.Feed{}, err
	}
	if l.Archive == list.ArchivePublic {
		for i, e := range all {
			all[i] = forStrangers(e)
		}
	}
	write := func(at time.Time) []byte {
		return event.WriteFeed(at, l.Title(), feedRefresh, all, languagesOf(l, "")...)
	}
	// All of it but when it was written; zones are written by the year.
	sum := sha256.Sum256(write(time.Date(now.Year(), 1, 1, 0, 0, 0, 0, time.UTC)))
	if tag := hex.EncodeToString(sum[:12]); made == nil || made.Tag != tag {
		changed := now.UTC().Truncate(time.Second)
		made = &madeFeed{Feed: list.Feed{Content: write(changed), Tag: tag, Changed: changed}}
	}
	made.looked = now
	if k.feeds.all == nil {
		k.feeds.all = map[string]*madeFeed{}
	}
	k.feeds.all[l.Address] = made
	return made.Feed, nil
}

// forStrangers is an event as everybody may read it in the feed of a public list: without the addresses in what people wrote, as on its page.
func forStrangers(e *event.Event) *event.Event {
	texts := func(of event.Texts) event.Texts {
		of = maps.Clone(of)
		for language, text := range of {
			of[language] = list.WithoutAddresses(text)
		}
		return of
	}
	own := *e
	own.Title, own.Where, own.About, own.Changed = texts(own.Title), list.WithoutAddresses(own.Where), texts(own.About), slices.Clone(own.Changed)
	own.Agenda = slices.Clone(own.Agenda)
	for i, point := range own.Agenda {
		own.Agenda[i] = texts(point)
	}
	for i, c := range own.Changed {
		own.Changed[i].Title, own.Changed[i].Where, own.Changed[i].About = texts(c.Title), list.WithoutAddresses(c.Where), texts(c.About)
	}
	return &own
}

// Calendar implements list.Calendars: each date of what is to come, and of what goes on now.
func (k *Keeper) Calendar(r list.Reader, l *list.List, zone *time.Location, languages []string, now time.Time) (rows []list.CalendarRow, err error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	all, err := k.occasions(r, l, rec)
	for _, o := range all {
		if o.waits() || o.Cancelled && o.reg.Told == "" {
			continue
		}
		live := *o.Event
		live.Cancelled = false
		dates, _ := live.Dates(now.Add(-o.Length), now.Add(pageAhead), pageDates)
		for _, d := range dates {
			if d.End.After(now) || !d.Start.Before(now) {
				rows = append(rows, o.row(d, zone, languages, now))
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b list.CalendarRow) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Title, b.Title))
	})
	return rows, err
}

// row is one date of an event as the page shows it.
func (o *occasion) row(d event.Date, zone *time.Location, languages []string, now time.Time) list.CalendarRow {
	row := list.CalendarRow{Title: o.Title.In(languages...), Where: o.Where, About: o.About.In(languages...), By: o.Organiser.Name, Start: d.Start, End: d.End, AllDay: o.AllDay,
		Cancelled: o.Cancelled, Again: o.Repeats(languages...)}
	if !o.AllDay {
		row.Start, row.End = d.Start.In(zone), d.End.In(zone)
	}
	if c := d.Change; c != nil {
		row.Where = cmp.Or(c.Where, row.Where)
		if len(c.Title) > 0 {
			row.Title = c.Title.In(languages...)
		}
		if len(c.About) > 0 {
			row.About = c.About.In(languages...)
		}
	}
	on := o.on(d)
	row.Presenters = slices.DeleteFunc(namesOf(on.Presenters), func(name string) bool { return name == "" })
	if !on.RegisterBy.IsZero() {
		row.RegisterBy = on.RegisterBy.In(zone)
	}
	if !o.Cancelled && !on.closed(now) && now.Before(d.Start) {
		words := Yes + " " + o.ID
		if o.Rule != "" || len(o.Extra) > 0 {
			words += " " + d.Of.In(o.Start.Location()).Format(time.DateOnly)
		}
		row.Answer = letter.Mailto(o.list.Word("events"), words, "")
	}
	return row
}
