package calendar

import (
	"context"
	"fmt"
	"time"

	"convene/digest/letter"
	"convene/list"
	"convene/list/event"
)

// Bounds on the answer to who asks for what is to come.
const (
	indexEvents = 30 // that it tells of
	indexFiled  = 100
	indexDates  = 12 // of a series that are counted
)

// Index is what a member gets who asks for the events to come: all of them on their clock, with how to answer and how to add one, and in a calendar file.
func (k *Keeper) Index(r list.Reader, l *list.List, rec list.Record, m *list.Member, address string, now time.Time) (*list.Letter, error) {
	occasions, err := k.recent(r, l, rec)
	if err != nil {
		return nil, err
	}
	language := ""
	if m != nil {
		language = m.Language
	}
	at := now.In(zoneFor(l, m)).AddDate(0, 0, 14)
	x := letter.EventIndex{Example: time.Date(at.Year(), at.Month(), at.Day(), 15, 0, 0, 0, at.Location()), Place: k.House.Place(l)}
	if x.OwnFeed = m != nil && k.Engine.HasOwnFeeds(l); l.Archive == list.ArchivePublic && k.House.Page(l) != "" {
		x.Feed = k.Engine.Site().BaseURL + list.FeedPath(l.Address)
	}
	var filed []*event.Event
	here := &occasion{list: l}
	for _, o := range occasions {
		if o.waits() || o.Cancelled || o.over(now) && (o.series() || !now.Before(o.End())) { // a long one that goes on is told of
			continue
		}
		if len(filed) < indexFiled {
			filed = append(filed, o.Event)
		}
		if len(x.Events) == indexEvents {
			x.Further++
			continue
		}
		who := o.readerOf(m, address)
		c := o.coming(who)
		c.More, c.Going = o.further(now), o.over(now)
		x.Events = append(x.Events, c)
	}
	mail, err := k.House.Book().Write("events", here.languagesOf(language), x)
	if err != nil {
		return nil, fmt.Errorf("calendar: the events of %s: %w", l.Address, err)
	}
	letter := &list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language, Kind: kindNotice, Word: "events"}
	if len(filed) > 0 {
		letter.Attached = []list.Attached{{Name: "events.ics", Media: "text/calendar; method=PUBLISH; charset=utf-8", Content: event.WriteEvents(now, filed, here.languagesOf(language)...)}}
	}
	return letter, nil
}

// further is how many dates of a series there are behind the next; -1: many.
func (o *occasion) further(now time.Time) int {
	dates, more := o.Dates(now.Add(1), time.Time{}, indexDates+1)
	if more {
		return -1
	}
	return max(0, len(dates)-1)
}

// readIndex sends a member the events to come, whatever else their mail says: it has no event, and no answer to one.
func (k *Keeper) readIndex(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	err = k.Engine.Store.View(func(r list.Reader) error { return k.mayAsk(r, h) })
	if err != nil {
		return "", true, err
	}
	now := k.Engine.Now()
	return "events", true, k.Engine.Store.Update(func(tx list.Tx) error {
		m, err := member(tx, h.Record, h.From.Addr)
		if err != nil {
			return err
		}
		index, err := k.Index(tx, h.List, h.Record, m, h.From.Addr, now)
		if err != nil {
			return err
		}
		n := list.Note{List: h.Record.ID, Text: "letter", To: h.From.Addr, ToName: h.From.Name, Language: index.Language, InReplyTo: h.Message.MessageID(), Answers: true, Created: now, Letter: index}
		_, err = tx.PutNote(n)
		return err
	})
}

// mayAsk says whether somebody gets the events to come: a member, or who runs the list. The error is a *list.Refusal. Where nothing shows who wrote, the settings
// address asks first, and within limits.
func (k *Keeper) mayAsk(r list.Reader, h *list.Handed) error {
	m, err := member(r, h.Record, h.From.Addr)
	if err != nil {
		return err
	}
	may := m != nil
	if !may {
		if may, err = k.approves(r, h.List, m, h.From.Addr); err != nil {
			return err
		}
	}
	switch {
	case !may:
		return list.Refuse(list.NotMember, "Only members of the list see its events; to join, write to %s", h.List.Word("subscribe"))
	case !h.Proven:
		return list.Refuse(list.NotAllowed, "Nothing shows that this mail is yours; write the word \"events\" to %s, which asks you first", h.List.Word("settings"))
	}
	return nil
}
