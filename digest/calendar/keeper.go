package calendar

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
)

// Keeper keeps the events of a site. Its methods may be called at the same time; duties are done one at a time.
type Keeper struct {
	Engine *list.Engine
	House  House
	Log    *slog.Logger
	// WrittenAtOnce is how many octets of round-ups go into one transaction; zero: 1 MiB.
	WrittenAtOnce int

	feeds feeds
	past  past
}

// House is what the calendar has to know of the schedule around it. Functions that get a Reader may use no other.
type House interface {
	// Events are those of a list that the config and the plans of discussions have.
	Events(r list.Reader, l *list.List) ([]*event.Event, error)
	// Book has the texts of the mails, and Place is where a list is, for their last lines.
	Book() *letter.Book
	Place(l *list.List) letter.Place
	// Roundup is when the round-up of a list goes out.
	Roundup(l *list.List) Roundup
	// Discussion is the plan of the discussion that an event belongs to; nil: of none, or of one that is gone.
	Discussion(r list.Reader, id string) (*plan.Discussion, error)
	// Free reports whether one more mail of the schedule's own accord may go to somebody on the day of an instant, and Mailed notes that one went.
	Free(r list.Reader, l *list.List, address string, at time.Time) (bool, error)
	Mailed(tx list.Tx, l *list.List, address string, now time.Time) error
	// MailedAll notes that one went to each of many.
	MailedAll(tx list.Tx, l *list.List, addresses []string, now time.Time) error
	// Closing is when the closing of a discussion goes out, or went; zero: none does.
	Closing(r list.Reader, discussion string) (time.Time, error)
	// Planned reports whether a planned mail goes to all of a list on the day of an instant, and at what time the first of them does.
	Planned(r list.Reader, l *list.List, day time.Time) (at time.Time, ok bool, err error)
	// Page is the page of the events of a list; empty: there is none.
	Page(l *list.List) string
	// PassOn sends what a person wrote on to who facilitates, else to the moderators, and tells the writer so.
	PassOn(tx list.Tx, h *list.Handed, now time.Time) error
	// Wake has the schedule look at what is due again.
	Wake()
}

// Roundup is when the round-up of a list goes out, and how far it looks.
type Roundup struct {
	Cron       string // five fields, on the list's clock; empty: never
	EveryWeeks int    // 1: at each firing; 2: in every second week, and so on
	Ahead      time.Duration
	// Working is when people of the list work; without a day: always.
	Working plan.Calendar
}

// Duty is one thing that falls due once.
type Duty struct {
	At   time.Time
	Kind string // "invitation", "event_reminder", "tables", "roundup": as SPEC has it for the index of a rehearsal
	N    int    // which of those of one kind and time comes first
	Name string // for the log
	// Do does it, unless somebody else has done it meanwhile: then it is ErrDone. now is not before At.
	Do func(ctx context.Context, now time.Time) error
}

// ErrDone says that there was nothing left to do.
var ErrDone = errors.New("it is done")

// source says what an event has still to do, whenever that is due.
type source func(r list.Reader, o *occasion, now time.Time) ([]Duty, error)

// sources are all of them.
func (k *Keeper) sources() []source {
	return []source{k.missed, k.invitations, k.reminders, k.upkeep, k.offers, k.presenting, k.going, k.tables, k.tableByMail, k.notes, k.waiting}
}

// Duties are what the events of a list have still to do.
func (k *Keeper) Duties(r list.Reader, l *list.List, rec list.Record, now time.Time) (all []Duty, err error) {
	occasions, err := k.recent(r, l, rec)
	if err != nil {
		return nil, err
	}
	all = k.noting(l, rec, occasions, now)
	for _, o := range occasions {
		if o.past(now) {
			continue
		}
		if before := o.before(); before != nil {
			all = append(all, k.inherits(o, before, now))
			continue
		}
		for _, s := range k.sources() {
			some, err := s(r, o, now)
			if err != nil {
				return nil, fmt.Errorf("calendar: event %s: %w", o.ID, err)
			}
			all = append(all, some...)
		}
	}
	rounds, err := k.rounds(r, l, rec, occasions, now)
	return append(all, rounds...), err
}

// occasion is one event as it is at one moment.
type occasion struct {
	*event.Event
	list *list.List
	rec  list.Record
	reg  *Register
	// mailed says that it came by mail, and is in its register alone.
	mailed bool
	// missing says that it is in its register alone as well, since the config and the plans have it no longer.
	missing bool
	// of says that it is one date of a series, and which (Date.Of); zero: it is the whole. now is when it was looked at.
	of, now time.Time
	// all are the events of its list, and it is one of them.
	all []*occasion
}

// occasions are the events of a list, as they are now, the earliest first: those of the config and of plans, those that came by mail, approved or not, and those that are missing.
func (k *Keeper) occasions(r list.Reader, l *list.List, rec list.Record) ([]*occasion, error) {
	registers, err := readRegisters(r, rec)
	if err != nil {
		return nil, err
	}
	return k.occasionsOf(r, l, rec, registers)
}

// occasionsOf are the events of a list, with what is remembered of them by id.
func (k *Keeper) occasionsOf(r list.Reader, l *list.List, rec list.Record, registers map[string]*Register) ([]*occasion, error) {
	known, err := k.House.Events(r, l)
	if err != nil {
		return nil, err
	}
	var all []*occasion
	for _, e := range known {
		reg := registers[e.ID]
		if reg == nil {
			reg = &Register{ID: e.ID}
		}
		delete(registers, e.ID)
		all = append(all, newOccasion(e, l, rec, reg))
	}
	for _, reg := range registers {
		if o := vanished(l, rec, reg); o != nil {
			all = append(all, o)
		} else if reg.Submission != nil {
			o := newOccasion(reg.Submission.event(l), l, rec, reg)
			o.mailed = true
			all = append(all, o)
		}
	}
	for _, o := range all {
		o.now, o.all = k.Engine.Now(), all
	}
	slices.SortFunc(all, func(a, b *occasion) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// newOccasion is an event with what has happened with it: what changed since it was first told, and who presents.
func newOccasion(e *event.Event, l *list.List, rec list.Record, reg *Register) *occasion {
	own := *e
	own.UID, own.From = cmp.Or(reg.UID, uidOf(e.ID, l)), cmp.Or(reg.Organiser, l.Word("events"))
	own.Organiser.Name = shownName(e.Organiser.Name)
	own.Sequence = max(own.Sequence, reg.Sequence)
	own.Cancelled = own.Cancelled || reg.isCancelled(e)
	o := &occasion{Event: &own, list: l, rec: rec, reg: reg}
	o.unseat()
	o.refuse()
	o.follow()
	return o
}

// Effective is an event of the config or of a plan as it is by now: with what members were told of it since, and whether it was cancelled. The event itself stays as it is.
func (k *Keeper) Effective(r list.Reader, l *list.List, rec list.Record, e *event.Event) (*event.Event, error) {
	reg := &Register{ID: e.ID}
	content, err := r.Paper(rec.ID, papers+e.ID)
	if err == nil {
		err = json.Unmarshal(content, reg)
	} else if errors.Is(err, list.ErrNotFound) {
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("calendar: event %s of %s: %w", e.ID, rec.Address, err)
	}
	return newOccasion(e, l, rec, reg).Event, nil
}

// find is the event with that id, or that had it; ErrNotFound: there is none.
func (k *Keeper) find(r list.Reader, l *list.List, id string) (*occasion, error) {
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	registers := map[string]*Register{}
	content, err := r.Paper(rec.ID, papers+id)
	if err == nil {
		registers[id], err = readRegister(papers+id, content, rec)
	}
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		return nil, err
	}
	all, err := k.occasionsOf(r, l, rec, registers)
	if err != nil {
		return nil, err
	}
	others, err := k.recent(r, l, rec) // they have no register in all
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, func(o *occasion) bool { return o.ID == id }); i >= 0 {
		all[i].all = others
		return all[i], nil
	}
	if i := slices.IndexFunc(others, func(o *occasion) bool { return slices.Contains(o.reg.Was, id) }); i >= 0 {
		return k.find(r, l, others[i].ID)
	}
	return nil, fmt.Errorf("calendar: event %s: %w", id, list.ErrNotFound)
}

// change has f change what is remembered of an event in one transaction; f gets it as it is then, and an error of f undoes everything. What f owes goes out once
// it is on disk.
func (k *Keeper) change(l *list.List, id string, f func(tx list.Tx, o *occasion) error) error {
	defer k.House.Wake()
	return k.Engine.Store.Update(func(tx list.Tx) error {
		o, err := k.find(tx, l, id)
		if err != nil {
			return err
		}
		if err := f(tx, o); err != nil {
			return err
		}
		return o.reg.write(tx, o.rec)
	})
}
