package digest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convene/digest/calendar"
	"convene/digest/facts"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/event"
)

// Programme is what the config says of the schedule: immutable, a new one after each reload.
type Programme struct {
	Discussions []*plan.Discussion
	Book        *letter.Book
	// Events are those of the config, with and without a discussion.
	Events []*event.Event
	// Roundups are when the round-ups go out, by list; a list without one has none.
	Roundups map[string]calendar.Roundup
	// Digests are the cron lines of the daily digests by list; a list without one has none.
	Digests map[string]string
	// AllPosts counts every post of the list as one of the discussion, whatever its topic: for a rehearsal with posts that know nothing of it.
	AllPosts bool
	// Command may rewrite a draft's prose ([summary] command); empty: none.
	Command string
	// Read makes a discussion of what a facilitator mailed (+plan@), with the list's own settings for the rest.
	Read func(l *list.List, id, text string) (*plan.Discussion, error)
}

// Editor runs the discussions and digests of a site. Its methods may be called at the same time; Tick is done once at a time.
type Editor struct {
	Engine *list.Engine
	Log    *slog.Logger

	programme atomic.Pointer[Programme]
	calendar  *calendar.Keeper
	ticking   sync.Mutex
	texts     readings
	reader    facts.Reader
	frozen    frozen
	mailed    readPlans
	open      openings
	zones     sync.Map // *time.Location by name
	changed   chan struct{}
	// writtenAtOnce is another limit than the constant of that name, for tests.
	writtenAtOnce int
	aside         atomic.Pointer[map[string]bool] // what the last Tick could not do, by name
}

// NewEditor makes an editor for an engine and is its Schedule from then on.
func NewEditor(e *list.Engine, p *Programme, log *slog.Logger) *Editor {
	ed := &Editor{Engine: e, Log: log, changed: make(chan struct{}, 1)}
	ed.calendar = &calendar.Keeper{Engine: e, House: house{ed}, Log: log}
	ed.Configure(p)
	e.Schedule = ed
	return ed
}

// Configure swaps the programme for what comes from now on. What was sent, drafted or answered stays. What it changes may be due now, as the news that an event has
// moved.
func (e *Editor) Configure(p *Programme) {
	p.Book.Faulty = func(err error) { e.Log.Error("a text of the site's own failed, and ours stands in", "error", err) }
	e.programme.Store(p)
	e.wake()
}

// Changed receives when something may be due sooner than NextDue said, since somebody has answered a mail.
func (e *Editor) Changed() <-chan struct{} { return e.changed }

// wake has whoever waits for Changed look again.
func (e *Editor) wake() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// affair is one discussion as it is at one moment.
type affair struct {
	*plan.Discussion
	list   *list.List
	rec    list.Record
	course *Course
	rows   []plan.Row
	gone   bool // a transaction has taken it back: nothing of it is to stay
	// off is its event where that was cancelled: Event is nil then, as no mail is to speak of it any more.
	off *event.Event

	allPosts bool // every post of the list is one of its own
}

// duty is one thing that falls due once.
type duty struct {
	at   time.Time
	list string // the tie breakers: list, kind, number
	kind string
	n    int
	name string // for the log
	// do does it, unless somebody else has done it meanwhile. now is not before at.
	do func(ctx context.Context, now time.Time) error
}

// source says what a discussion has still to do, whenever that is due.
type source func(r list.Reader, a *affair, now time.Time) ([]duty, error)

// sources are all of them.
func (e *Editor) sources() []source {
	return []source{
		e.rowDuties,
		e.planDuties,
		e.previewDuties,
		e.responders,
		e.thanks,
		e.quiet,
		e.morning,
		e.commitments,
		e.redactions,
	}
}

// affairs are the discussions of all lists that there are, as they are now. One whose list is gone from the config waits.
func (e *Editor) affairs(r list.Reader, now time.Time) ([]*affair, error) {
	var all []*affair
	discussions, err := e.discussions(r)
	if err != nil {
		return nil, err
	}
	for _, d := range discussions {
		a, err := e.affair(r, d)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// affair is one discussion as it is now; ErrNotFound: its list is gone.
func (e *Editor) affair(r list.Reader, d *plan.Discussion) (*affair, error) {
	l, ok := e.Engine.Site().List(d.List)
	if !ok {
		return nil, fmt.Errorf("digest: list %s: %w", d.List, list.ErrNotFound)
	}
	rec, err := r.List(l.Address)
	if err != nil {
		return nil, err
	}
	a := &affair{Discussion: d, list: l, rec: rec, allPosts: e.programme.Load().AllPosts}
	if err := e.effective(r, a); err != nil {
		return nil, err
	}
	if a.course, err = readCourse(r, a.rec, a.ID, &e.frozen); err == nil {
		err = a.reread()
	}
	return a, err
}

// find is the discussion with that id.
func (e *Editor) find(r list.Reader, id string) (*affair, error) {
	discussions, err := e.discussions(r)
	if err != nil {
		return nil, err
	}
	for _, d := range discussions {
		if d.ID == id {
			return e.affair(r, d)
		}
	}
	return nil, fmt.Errorf("digest: discussion %s: %w", id, list.ErrNotFound)
}

// change has f change the course of a discussion in one transaction; f gets it as it is then, and an error of f undoes everything. What f owes goes out
// once it is on disk.
func (e *Editor) change(id string, f func(tx list.Tx, a *affair) error) error {
	defer e.wake()
	return e.Engine.Store.Update(func(tx list.Tx) error {
		a, err := e.find(tx, id)
		if err != nil {
			return err
		}
		if err := f(tx, a); err != nil {
			return err
		}
		if a.gone {
			return a.course.remove(tx, a.rec)
		}
		return a.course.write(tx, a.rec)
	})
}

// errDone ends a transaction in which there is nothing left to do.
var errDone = errors.New("it is done")

// duties are what all discussions have still to do, in order.
func (e *Editor) duties(now time.Time) ([]duty, error) {
	var all []duty
	err := e.Engine.Store.View(func(r list.Reader) error {
		affairs, err := e.affairs(r, now)
		if err != nil {
			return err
		}
		for _, a := range affairs {
			for _, s := range e.sources() {
				some, err := s(r, a, now)
				if err != nil {
					return fmt.Errorf("digest: discussion %s: %w", a.ID, err)
				}
				all = append(all, some...)
			}
		}
		some, err := e.listDuties(r, now)
		all = append(all, some...)
		return err
	})
	slices.SortStableFunc(all, func(a, b duty) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.list, b.list), cmp.Compare(a.kind, b.kind), cmp.Compare(a.n, b.n))
	})
	return all, err
}

// rounds bounds how often one Tick looks for what its own work made due, so that no mistake can keep it for ever.
const rounds = 1000

// Tick does what is due at now, in order of time, list, kind and number. What fails is tried at the next Tick; it keeps nothing else from being done.
func (e *Editor) Tick(ctx context.Context, now time.Time) error {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	aside := map[string]bool{}
	var failed error
	for range rounds {
		all, err := e.duties(now)
		if err != nil {
			return err
		}
		next := slices.IndexFunc(all, func(d duty) bool { return !d.at.After(now) && !aside[d.name] })
		if next < 0 || ctx.Err() != nil {
			break
		}
		d := all[next]
		err = d.do(ctx, now)
		if errors.Is(err, errDone) { // somebody else did it; should it be listed again all the same, then not in this Tick
			aside[d.name] = true
		} else if err != nil {
			aside[d.name] = true
			failed = errors.Join(failed, fmt.Errorf("digest: %s: %w", d.name, err))
		}
	}
	e.aside.Store(&aside)
	return failed
}

// NextDue is when Tick has something to do; false: never, as things are. What the last Tick could not do counts for nothing: it is tried again whenever
// there is a Tick.
func (e *Editor) NextDue() (time.Time, bool) {
	now := e.Engine.Now()
	all, err := e.duties(now)
	if err != nil {
		return time.Time{}, false
	}
	aside := e.aside.Load()
	for _, d := range all {
		if aside == nil || !(*aside)[d.name] {
			return d.at, !d.at.IsZero()
		}
	}
	return time.Time{}, false
}
