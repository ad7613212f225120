package list

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Engine is the shell around the decisions: it gathers facts, asks the rules, and writes what they say in one transaction. All its methods
// may be called at the same time.
type Engine struct {
	Store Store
	Now   func() time.Time
	Log   *slog.Logger
	// Bounces reads what comes back; without its functions nothing is counted. It is set before anything else is called.
	Bounces BounceReading
	// Schedule runs the discussions; nil: nobody does. It is set before anything else is called.
	Schedule Schedule
	// Finder finds posts by their words; nil: nobody does. It is set before anything else is called.
	Finder Finder
	// NewID makes a message id of ours: unique, of lower-case letters and digits.
	NewID func() string

	site     atomic.Pointer[Site]
	marks    atomic.Pointer[markRing]
	rules    []Rule
	actions  map[Purpose]confirmAction
	commands commandBook
	guesses  guessGate
	desk     noteDesk
	newest   newestPosts
	imports  sync.Map // id of a list -> *importer: those that go on
}

// NewEngine makes an engine for a site, gives each of its lists a record in the store, and makes the key of marks if there is none.
func NewEngine(store Store, site *Site, now func() time.Time, newID func() string, log *slog.Logger) (*Engine, error) {
	e := &Engine{Store: store, Now: now, NewID: newID, Log: log, rules: Rules(), actions: confirmActions(), commands: newCommandBook()}
	if err := e.Configure(site); err != nil {
		return e, err
	}
	return e, e.loadKeys()
}

// Configure swaps the whole site for what comes from now on. Posts already accepted keep the settings they were accepted with.
func (e *Engine) Configure(site *Site) error {
	err := e.Store.Update(func(tx Tx) error {
		for _, l := range site.Lists {
			if _, err := tx.EnsureList(l.Address, l.Was); err != nil {
				return fmt.Errorf("list: %s: %w", l.Address, err)
			}
		}
		return nil
	})
	if err == nil {
		e.site.Store(site)
		e.tryAllNotes()
	}
	return err
}

// Site is the site as it is configured now.
func (e *Engine) Site() *Site { return e.site.Load() }

// Route says what a recipient address is for; the error is a *Refusal.
func (e *Engine) Route(rcpt string) (Target, error) {
	t, err := e.Site().Route(rcpt)
	if err != nil {
		return Target{}, err
	}
	switch t.Kind {
	case KindPost, KindCommand:
		return t, nil
	case KindLeave, KindBounceMark:
		err := e.Store.View(func(r Reader) error { _, err := e.readMark(r, t); return err })
		if errors.Is(err, errNoMark) {
			return Target{}, noSuchWord(t.List)
		} else if err != nil {
			return Target{}, err
		}
	case KindSchedule:
		if e.Schedule == nil {
			return Target{}, notBuilt(t.List)
		}
		if t.Token == "" {
			return t, nil
		}
		fallthrough
	case KindConfirm, KindHeldAnswer:
		err := e.Store.View(func(r Reader) error { _, err := e.secretAt(r, t, e.Now()); return err })
		if errors.Is(err, ErrNotFound) {
			return Target{}, noSuchWord(t.List)
		}
		return t, err
	}
	if t.Kind == KindLeave {
		return t, nil
	}
	if to, err := e.peopleNow(t); err != nil {
		return Target{}, err
	} else if len(to) == 0 {
		return Target{}, Refuse(NoSuchAddress, "Nobody reads mail to that address here")
	}
	return t, nil
}

// readMark reads the token of an address, which must be for its kind and its list.
func (e *Engine) readMark(r Reader, t Target) (openMark, error) {
	rec, err := r.List(t.List.Address)
	if err != nil {
		return openMark{}, err
	}
	if t.Kind != KindBounceMark {
		return e.marks.Load().open(r, forLeave, t.Token, rec)
	}
	found, err := e.marks.Load().open(r, forBounce, t.Token, rec)
	if errors.Is(err, errNoMark) {
		found, err = e.marks.Load().open(r, forProbe, t.Token, rec)
	}
	return found, err
}

// Room reports whether a message of so many octets can be taken now.
func (e *Engine) Room(size int64) error { return e.Store.Room(size) }

// find gives the config and the record of a list. ErrNotFound: there is none of that name in the config.
func (e *Engine) find(r Reader, address string) (*List, Record, error) {
	l, ok := e.Site().List(address)
	if !ok {
		return nil, Record{}, fmt.Errorf("list %s: %w", address, ErrNotFound)
	}
	rec, err := r.List(l.Address)
	return l, rec, err
}

// Summary is one list as list ls shows it.
type Summary struct {
	Address     string `json:"address"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Members     uint32 `json:"members"`
	Posts       uint32 `json:"posts"`
	Held        int    `json:"held"`
	State       string `json:"state"` // open, closed, retired
}

// Lists tells of every list of the config, and of those that are gone from it and still have a record.
func (e *Engine) Lists() ([]Summary, error) {
	var all []Summary
	err := e.Store.View(func(r Reader) error {
		return r.Lists(func(rec Record) error {
			s := Summary{Address: rec.Address, Members: rec.Members, Posts: rec.Posts, State: "retired"}
			if l, ok := e.Site().List(rec.Address); ok {
				s.Name, s.Description, s.State = l.Title(), l.Description, "open"
				if l.Closed || rec.Closed {
					s.State = "closed"
				}
			}
			all = append(all, s)
			return r.HeldPosts(rec.ID, func(Held) error { all[len(all)-1].Held++; return nil })
		})
	})
	return all, err
}

// CloseList refuses posts to a list from now on, whatever the config says.
func (e *Engine) CloseList(address string) error {
	err := e.Store.Update(func(tx Tx) error {
		_, rec, err := e.find(tx, address)
		if err != nil {
			return err
		}
		rec.Closed = true
		return tx.PutList(rec)
	})
	if err == nil {
		e.Log.Info("list closed", "list", address)
	}
	return err
}

// Tick does what is due at now: held posts that nobody decided expire, pauses end, addresses that fail are probed, moderators are reminded of the others, keys of marks are replaced, and owners
// are told what could not be delivered.
func (e *Engine) Tick(ctx context.Context, now time.Time) error {
	err := errors.Join(e.rotateKeys(now), e.expireHeld(ctx, now), e.endPauses(ctx, now), e.probe(ctx, now), e.remind(ctx, now), e.tellFailures(ctx, now))
	_, notes := e.SendNotes(ctx)
	return errors.Join(err, notes)
}

// NextDue is when Tick has something to do; false: never, as things are.
func (e *Engine) NextDue() (time.Time, bool) {
	var at time.Time
	var ok bool
	if err := e.Store.View(func(r Reader) (err error) { at, ok, err = e.firstDue(r); return err }); err != nil {
		return time.Time{}, false
	}
	// A key that is overdue is for the next Tick, whenever that is, and must not hide what is due at its own time.
	now := e.Now()
	if key, rotates := e.marks.Load().keys.due(now); rotates && key.After(now) && (!ok || key.Before(at)) {
		at, ok = key, true
	}
	if e.Store.Fold() != nil {
		return at, ok
	}
	held, err := e.heldTasks()
	if err != nil {
		return time.Time{}, false
	}
	for _, t := range held {
		if t.at.After(now) && (!ok || t.at.Before(at)) {
			at, ok = t.at, true
		}
	}
	tell, err := e.failuresDue()
	if err != nil {
		return time.Time{}, false
	}
	for _, d := range tell {
		if d.at.After(now) && (!ok || d.at.Before(at)) {
			at, ok = d.at, true
		}
	}
	return at, ok
}

// Overdue is the time by which Tick should have done something that it has not done at now; false: nothing is late.
func (e *Engine) Overdue(now time.Time) (at time.Time, ok bool) {
	if err := e.Store.View(func(r Reader) (err error) { at, ok, err = e.firstDue(r); return err }); err != nil {
		return time.Time{}, false
	}
	held, err := e.heldTasks()
	if err != nil {
		return time.Time{}, false
	}
	for _, t := range held {
		if !ok || t.at.Before(at) {
			at, ok = t.at, true
		}
	}
	tell, err := e.failuresDue()
	if err != nil {
		return time.Time{}, false
	}
	for _, d := range tell {
		if !ok || d.at.Before(at) {
			at, ok = d.at, true
		}
	}
	return at, ok && !at.After(now)
}
