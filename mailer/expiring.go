package mailer

import (
	"sync"
	"time"
)

// expiring remembers things for a while, and at most expiringMost of them. The zero value remembers nothing yet. Many goroutines may use it.
type expiring[V any] struct {
	mu      sync.Mutex
	entries map[string]expiringEntry[V]
}

type expiringEntry[V any] struct {
	value V
	until time.Time
}

// expiringMost bounds the memory that peers and strangers' domains can take up.
const expiringMost = 10000

// get returns what is remembered of a key at a time.
func (e *expiring[V]) get(key string, now time.Time) (value V, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	entry, ok := e.entries[key]
	if ok && !now.Before(entry.until) {
		delete(e.entries, key)
		return value, false
	}
	return entry.value, ok
}

// put remembers a value until a time. When there is no room for it, what is over is forgotten, and if need be some of what is not.
func (e *expiring[V]) put(key string, value V, now, until time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.entries == nil {
		e.entries = map[string]expiringEntry[V]{}
	}
	if _, known := e.entries[key]; !known && len(e.entries) >= expiringMost {
		e.makeRoom(now)
	}
	e.entries[key] = expiringEntry[V]{value, until}
}

// makeRoom forgets a tenth at least, so that not every put has to look through all of it.
func (e *expiring[V]) makeRoom(now time.Time) {
	for key, entry := range e.entries {
		if !now.Before(entry.until) {
			delete(e.entries, key)
		}
	}
	for key := range e.entries {
		if len(e.entries) <= expiringMost*9/10 {
			return
		}
		delete(e.entries, key)
	}
}
