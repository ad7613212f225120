package calendar

import (
	"hash/maphash"
	"strings"
	"sync"
	"time"

	"convene/list"
)

// A list that has events every week has hundreds that are over, with all who came to them, and looks at its events at each mail and each duty. What is over since
// keptPast is done with: nothing is due of it any more, and of its register only what says which event it was is looked at.
const keptPast = 40 * aDay

// mostPast is how many registers of events that are over are known by heart; the others are read again.
const mostPast = 10_000

// past knows registers of events that are over by the print of their papers, and keeps of each what says which event it was.
type past struct {
	mu    sync.Mutex
	seed  maphash.Seed
	known map[pastKey]*Register
}

type pastKey struct {
	list  uint32
	name  string
	print uint64
}

// recent are the events of a list like occasions, but without the guests and the doings of those that are over since keptPast: what they say is not to be changed or shown.
func (k *Keeper) recent(r list.Reader, l *list.List, rec list.Record) ([]*occasion, error) {
	known, err := k.House.Events(r, l)
	if err != nil {
		return nil, err
	}
	now, coming := k.Engine.Now(), map[string]bool{} // whether those of the config are not past
	for _, e := range known {
		coming[e.ID] = !newOccasion(e, l, rec, &Register{ID: e.ID}).past(now)
	}
	all := map[string]*Register{}
	err = r.Papers(rec.ID, papers, func(name string, content []byte) error {
		id := strings.TrimPrefix(name, papers)
		key := k.past.key(rec.ID, name, content)
		if reg := k.past.get(key); reg != nil && !coming[id] {
			all[id] = reg
			return nil
		}
		reg, err := readRegister(name, content, rec)
		if err != nil {
			return err
		}
		all[id] = reg
		_, configured := coming[id]
		gone := vanished(l, rec, reg)
		if s := reg.Submission; s == nil && !coming[id] && (configured || gone == nil || gone.past(now)) || s != nil && s.Next == nil && newOccasion(s.event(l), l, rec, reg).past(now) {
			k.past.keep(key, &Register{ID: reg.ID, Submission: s, UID: reg.UID, Organiser: reg.Organiser, Told: reg.Told, Sequence: reg.Sequence,
				Cancelled: reg.Cancelled})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return k.occasionsOf(r, l, rec, all)
}

// past reports whether an event is over since keptPast; never: one that is still to be decided on.
func (o *occasion) past(now time.Time) bool {
	e := *o.Event
	e.Cancelled = false
	long := now.Add(-keptPast)
	if s := o.reg.Submission; o.Start.After(long) || s != nil && (s.Next != nil || s.Standing == Proposed) {
		return false
	}
	end, ok := e.Ends()
	return ok && end.Before(long)
}

func (p *past) key(of uint32, name string, content []byte) pastKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil {
		p.known, p.seed = map[pastKey]*Register{}, maphash.MakeSeed()
	}
	return pastKey{of, name, maphash.Bytes(p.seed, content)}
}

func (p *past) get(key pastKey) *Register {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[key]
}

func (p *past) keep(key pastKey, reg *Register) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= mostPast {
		clear(p.known)
	}
	p.known[key] = reg
}
