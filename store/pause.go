package store

import (
	"fmt"
	"slices"
	"strings"
)

// Pause keeps back the copies of one list (what is its address), those to one domain, or, with the empty string, all. It lasts until
// Resume, over any number of starts. What is claimed already goes out.
func (db *DB) Pause(what string) error {
	err := db.update(func(t *txn) error { return t.put(inPauses, []byte(pauseKey(what)), nil) })
	if err != nil {
		return fmt.Errorf("store: pause of %q: %w", what, err)
	}
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.paused[pauseKey(what)] = true
	return nil
}

// Resume ends a pause; to end one that is not there is no error. Resume("") also says that the outbox of a restored store may go on.
func (db *DB) Resume(what string) error {
	err := db.update(func(t *txn) error {
		if what == "" {
			if err := t.delete(inMeta, []byte(metaRestored)); err != nil {
				return err
			}
		}
		return t.delete(inPauses, []byte(pauseKey(what)))
	})
	if err != nil {
		return fmt.Errorf("store: end of the pause of %q: %w", what, err)
	}
	o := &db.outbox
	o.mu.Lock()
	delete(o.paused, pauseKey(what))
	o.mu.Unlock()
	signal(o.wake)
	return nil
}

// Paused returns what is paused, in order; the empty string stands for everything.
func (db *DB) Paused() []string {
	o := &db.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	all := []string{}
	for what := range o.paused {
		all = append(all, strings.TrimPrefix(what, "*"))
	}
	slices.Sort(all)
	return all
}

func (o *outbox) loadPauses(t *txn) error {
	return t.walk(inPauses, nil, nil, func(k, _ []byte) error {
		o.paused[string(k)] = true
		return nil
	})
}

// held reports whether copies of that list to that domain are paused.
func (o *outbox) held(address, domain string) bool {
	return len(o.paused) > 0 && (o.paused["*"] || o.paused[strings.ToLower(address)] || o.paused[domain])
}
