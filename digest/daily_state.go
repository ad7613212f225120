package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// hour is when the digests of some members of a list are due: the list's own slot, or a time of day in a zone. Who shares one gets the same issues.
type hour struct {
	key      string // "list", or "07:00 Africa/Nairobi", or "07:00" of who is in the list's zone
	schedule plan.Schedule
}

// listHour is the key of the list's own slot.
const listHour = "list"

// fallbackCron is when the digests of a list go out that names no time.
const fallbackCron = "0 7 * * *"

// hourOf is when the digests of a member are due.
func (e *Editor) hourOf(l *list.List, m *list.Member) (hour, error) {
	zone := zoneOf(l)
	if m.DigestAt == 0 {
		line := e.programme.Load().Digests[l.Address]
		if line == "" {
			line = fallbackCron
		}
		cron, err := plan.ParseCron(line)
		return hour{listHour, plan.Schedule{Cron: cron, Location: zone}}, err
	}
	theirs, err := time.LoadLocation(m.Timezone)
	own := err == nil && m.Timezone != ""
	if own {
		zone = theirs
	}
	at := m.DigestAt - 1
	key := fmt.Sprintf("%02d:%02d", at/60, at%60) // without a zone of their own it stays the same hour when the list moves
	if own {
		key += " " + zone.String()
	}
	return hour{key, plan.Schedule{Cron: plan.DailyAt(at), Location: zone}}, nil
}

// hours is hourOf for many members of a list: those of the same wish are worked out once.
func (e *Editor) hours(l *list.List) func(m *list.Member) (hour, error) {
	type wish struct {
		at   int
		zone string
	}
	known := map[wish]hour{}
	return func(m *list.Member) (hour, error) {
		w := wish{at: m.DigestAt}
		if w.at != 0 {
			w.zone = m.Timezone
		}
		h, ok := known[w]
		if ok {
			return h, nil
		}
		h, err := e.hourOf(l, m)
		if err == nil {
			known[w] = h
		}
		return h, err
	}
}

// zoneOf is the time zone of a list.
func zoneOf(l *list.List) *time.Location {
	if l.Location == nil {
		return time.UTC
	}
	return l.Location
}

// dailies are what the digests of one hour have told so far: a paper of the list's.
type dailies struct {
	Last   time.Time `json:"last,omitzero"`   // the slot of the last that was looked at
	Told   uint32    `json:"told,omitempty"`  // the number of the last post that they told of
	Volume int       `json:"volume,omitzero"` // the year of the last issue
	Issue  int       `json:"issue,omitzero"`  // its number in that year
	// Open is set while an issue has gone out to some of its readers and not to all.
	Open *openIssue `json:"open,omitempty"`
}

// openIssue is an issue that is on its way: it is from the post behind Before up to Told.
type openIssue struct {
	Before uint32   `json:"before"`
	Served []uint32 `json:"served"` // the numbers of the members who have it
}

// dailyPapers is where the papers of digests stand, by hour.
const dailyPapers = "daily/"

func readDailies(r list.Reader, rec list.Record, key string) (*dailies, error) {
	d := &dailies{}
	content, err := r.Paper(rec.ID, dailyPapers+key)
	if errors.Is(err, list.ErrNotFound) {
		return d, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, d); err != nil {
		return nil, fmt.Errorf("digest: the digests of %s at %s: %w", rec.Address, key, err)
	}
	return d, nil
}

func (d *dailies) write(tx list.Tx, rec list.Record, key string) error {
	content, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("digest: the digests of %s at %s: %w", rec.Address, key, err)
	}
	return tx.PutPaper(rec.ID, dailyPapers+key, content)
}

// told says which is the last post that the digests of this hour have told a member of.
func (d *dailies) told() func(m *reader) uint32 {
	served := func(uint32) bool { return true }
	before := d.Told
	if d.Open != nil {
		served, before = d.served(), d.Open.Before
	}
	return func(m *reader) uint32 {
		switch {
		case m.until != 0: // they came from another hour, which may have told them of less
			return m.from
		case served(m.number):
			return max(d.Told, m.from)
		}
		return max(before, m.from)
	}
}

// served says who has the issue that has gone out to some of its readers.
func (d *dailies) served() func(number uint32) bool {
	all := slices.Sorted(slices.Values(d.Open.Served))
	return func(number uint32) bool { _, ok := slices.BinarySearch(all, number); return ok }
}

// next takes the next number: they count by the year of the slot.
func (d *dailies) next(at time.Time) {
	if d.Volume != at.Year() {
		d.Volume, d.Issue = at.Year(), 0
	}
	d.Issue++
}

// Told implements list.Schedule.
func (e *Editor) Told(r list.Reader, l *list.List, m *list.Member) (uint32, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return 0, err
	}
	h, err := e.hourOf(l, m)
	if err != nil {
		return 0, err
	}
	d, err := readDailies(r, rec, h.key)
	if err != nil {
		return 0, err
	}
	one := readerOf(m)
	return d.told()(&one), nil
}

// Wake implements list.Schedule.
func (e *Editor) Wake() { e.wake() }
