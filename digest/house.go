package digest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// house is the editor as the calendar sees it.
type house struct{ *Editor }

// Events implements calendar.House: those of the config, and those of plans that the config does not know.
func (h house) Events(r list.Reader, l *list.List) ([]*event.Event, error) {
	var all []*event.Event
	for _, e := range h.programme.Load().Events {
		if strings.EqualFold(e.List, l.Address) {
			all = append(all, e)
		}
	}
	discussions, err := h.discussions(r)
	if err != nil {
		return nil, err
	}
	for _, d := range discussions {
		if e := d.Event; e != nil && strings.EqualFold(d.List, l.Address) && !slices.ContainsFunc(all, func(o *event.Event) bool { return o.ID == e.ID }) {
			all = append(all, e)
		}
	}
	return all, nil
}

// Book implements calendar.House.
func (h house) Book() *letter.Book { return h.programme.Load().Book }

// Place implements calendar.House.
func (h house) Place(l *list.List) letter.Place { return placeOf(l, h.Engine.Site().BaseURL) }

// Roundup implements calendar.House.
func (h house) Roundup(l *list.List) calendar.Roundup { return h.programme.Load().Roundups[l.Address] }

// Discussion implements calendar.House.
func (h house) Discussion(r list.Reader, id string) (*plan.Discussion, error) {
	discussions, err := h.discussions(r)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(discussions, func(d *plan.Discussion) bool { return d.ID == id }); i >= 0 && id != "" {
		return discussions[i], nil
	}
	return nil, nil
}

// Free implements calendar.House.
func (h house) Free(r list.Reader, l *list.List, address string, at time.Time) (bool, error) {
	a, err := h.around(r, l, at)
	if err != nil {
		return false, err
	}
	room, err := h.room(r, a)
	return room.free(address, at), err
}

// Mailed implements calendar.House: it is noted in the discussion that runs.
func (h house) Mailed(tx list.Tx, l *list.List, address string, now time.Time) error {
	return h.MailedAll(tx, l, []string{address}, now)
}

// MailedAll implements calendar.House.
func (h house) MailedAll(tx list.Tx, l *list.List, addresses []string, now time.Time) error {
	a, err := h.around(tx, l, now)
	if err != nil || a.ID == "" || len(addresses) == 0 {
		return err
	}
	for _, address := range addresses {
		a.mailed(address, now)
	}
	return a.course.write(tx, a.rec)
}

// Closing implements calendar.House.
func (h house) Closing(r list.Reader, discussion string) (at time.Time, err error) {
	a, err := h.find(r, discussion)
	if errors.Is(err, list.ErrNotFound) {
		return at, nil
	} else if err != nil {
		return at, err
	}
	for _, row := range a.rows {
		if row.Kind == plan.Closing && (!a.out(row) || a.course.stage(row.Key) == Sent) {
			at = a.goesOut(row)
		}
	}
	return at, nil
}

// Planned implements calendar.House.
func (h house) Planned(r list.Reader, l *list.List, day time.Time) (at time.Time, ok bool, err error) {
	affairs, err := h.affairs(r, day)
	if err != nil {
		return at, false, err
	}
	for _, a := range affairs {
		if a.list.Address != l.Address {
			continue
		}
		on := plan.DateOf(day.In(a.Calendar.Location))
		for _, row := range a.rows {
			out := a.goesOut(row)
			if (!a.out(row) || a.course.stage(row.Key) == Sent) && plan.DateOf(out.In(a.Calendar.Location)) == on && (!ok || out.Before(at)) {
				at, ok = out, true
			}
		}
	}
	return at, ok, nil
}

// Page implements calendar.House.
func (h house) Page(l *list.List) string {
	if base := h.Engine.Site().BaseURL; base != "" {
		return base + list.CalendarPath(l.Address)
	}
	return ""
}

// PassOn implements calendar.House.
func (h house) PassOn(tx list.Tx, m *list.Handed, now time.Time) error {
	a, err := h.around(tx, m.List, now)
	if err == nil {
		_, err = h.passOn(tx, a, m)
	}
	return err
}

// Invited implements list.Guests.
func (e *Editor) Invited(l *list.List, s *list.Secret, answer string) (list.Invited, error) {
	return e.calendar.Invited(l, s, answer)
}

// Wake implements calendar.House.
func (h house) Wake() { h.wake() }

// calendarSource has what the events of a list have to do.
func (e *Editor) calendarSource(r list.Reader, l *list.List, rec list.Record, now time.Time) (all []duty, err error) {
	duties, err := e.calendar.Duties(r, l, rec, now)
	for _, d := range duties {
		all = append(all, duty{at: d.At, list: l.Address, kind: d.Kind, n: d.N, name: d.Name, do: func(ctx context.Context, now time.Time) error {
			err := d.Do(ctx, now)
			if errors.Is(err, calendar.ErrDone) {
				return errDone
			}
			return err
		}})
	}
	return all, err
}

// Meeting implements list.Schedule.
func (e *Editor) Meeting(r list.Reader, l *list.List, m *message.Message) (ours bool, organiser string, err error) {
	return e.calendar.Meeting(r, l, m)
}
