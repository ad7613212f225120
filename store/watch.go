package store

import "sync"

// watchers are those who keep something beside the store that follows its posts. The zero value has none.
type watchers struct {
	mu  sync.Mutex
	all map[chan struct{}]struct{}
}

// tell lets every watcher know; one who was told and has not looked yet is not told again.
func (w *watchers) tell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		signal(c)
	}
}

// Watch implements list.Store.
func (db *DB) Watch() (<-chan struct{}, func()) {
	w, c := &db.watch, make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[chan struct{}]struct{}{}
	}
	w.all[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, c)
	}
}
