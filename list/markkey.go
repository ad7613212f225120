package list

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// MarkKey is a key that marks are made with. Links that it made are good for as long as it is kept.
type MarkKey struct {
	ID      uint8    // 0 to 31: what a token begins with
	Secret  [32]byte `json:"-"`
	Created time.Time
}

// String leaves the secret out, and LogValue does, so that no log and no error holds it.
func (k MarkKey) String() string {
	return fmt.Sprintf("mark key %d of %s", k.ID, k.Created.UTC().Format(time.DateOnly))
}

// LogValue implements slog.LogValuer.
func (k MarkKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarkKeys are keys in the order in which they were made, the oldest first.
type MarkKeys []MarkKey

// At is the key that marks are made with at t: the newest that was created not after t, else the oldest. False: there is none.
func (ks MarkKeys) At(t time.Time) (MarkKey, bool) {
	if i := ks.at(t); i >= 0 {
		return ks[i], true
	}
	return MarkKey{}, false
}

func (ks MarkKeys) at(t time.Time) int {
	for i := len(ks) - 1; i > 0; i-- {
		if !ks[i].Created.After(t) {
			return i
		}
	}
	return min(0, len(ks)-1)
}

const (
	// markKeyUse is how long a key makes marks.
	markKeyUse = 90 * 24 * time.Hour
	// markKeyRest is how long a key is kept after that: mail is read late, and a link in it must still work after a year.
	markKeyRest = 400 * 24 * time.Hour
	// markKeyIDs is how many ids there are: one character of a token.
	markKeyIDs = 32
)

// rotation says what is to be done about keys at now: make one with that id, and forget some. A key's rest begins when the next one was made,
// whatever the clock said meanwhile: one that jumped ahead by ten years, and back, ends no link.
func (ks MarkKeys) rotation(now time.Time) (id uint8, fresh bool, gone []uint8) {
	for i := range max(0, len(ks)-1) {
		if !ks[i+1].Created.Add(markKeyRest).After(now) {
			gone = append(gone, ks[i].ID)
		}
	}
	at := ks.at(now)
	if at < 0 {
		return 0, true, nil
	}
	if now.Before(ks[at].Created.Add(markKeyUse)) {
		return 0, false, gone
	}
	taken := func(id uint8) bool { return slices.ContainsFunc(ks, func(k MarkKey) bool { return k.ID == id }) }
	id = ks[len(ks)-1].ID
	for range markKeyIDs {
		if id = (id + 1) % markKeyIDs; !taken(id) {
			return id, true, gone
		}
	}
	return ks[0].ID, true, gone // all are taken: the oldest one's
}

// due is when rotation has something to do next.
func (ks MarkKeys) due(now time.Time) (time.Time, bool) {
	at := ks.at(now)
	if at < 0 {
		return time.Time{}, false
	}
	due := ks[at].Created.Add(markKeyUse)
	for i := range len(ks) - 1 {
		if t := ks[i+1].Created.Add(markKeyRest); t.Before(due) {
			due = t
		}
	}
	return due, true
}

// markRing is what the engine makes and reads marks with: the keys of the store, ready for use.
type markRing struct {
	keys    MarkKeys
	sealers []*sealer // one for each key, in the same order
}

func newMarkRing(keys MarkKeys) *markRing {
	r := &markRing{keys: keys}
	for _, k := range keys {
		r.sealers = append(r.sealers, newSealer(k))
	}
	return r
}

func (r *markRing) byID(id uint8) (*sealer, bool) {
	for _, s := range r.sealers {
		if s.ID == id {
			return s, true
		}
	}
	return nil, false
}

// at is the sealer of the marks of what was accepted at t; nil: there is no key.
func (r *markRing) at(t time.Time) *sealer {
	if i := r.keys.at(t); i >= 0 {
		return r.sealers[i]
	}
	return nil
}

// rotateKeys makes a key when there is none or the last one was used for long enough, and forgets those that nobody needs any more.
func (e *Engine) rotateKeys(now time.Time) error {
	if ring := e.marks.Load(); ring != nil {
		if _, fresh, gone := ring.keys.rotation(now); !fresh && len(gone) == 0 {
			return nil
		}
	}
	key := MarkKey{Created: now}
	rand.Read(key.Secret[:]) // never fails
	var keys MarkKeys
	var made bool
	err := e.Store.Update(func(tx Tx) (err error) {
		if keys, err = tx.MarkKeys(); err != nil {
			return err
		}
		var gone []uint8
		key.ID, made, gone = keys.rotation(now)
		for _, id := range gone {
			if err := tx.DeleteMarkKey(id); err != nil {
				return err
			}
		}
		if made {
			err = tx.PutMarkKey(key)
		}
		if err == nil {
			keys, err = tx.MarkKeys()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list: keys of marks: %w", err)
	}
	e.marks.Store(newMarkRing(keys))
	if made {
		e.Log.Info("mark key made", "key", key.ID, "keys", len(keys))
	}
	return nil
}

// loadKeys reads the keys and makes the first one. A full disk keeps no site from starting: Tick makes the key when there is room, and until
// then the copies that need one wait.
func (e *Engine) loadKeys() error {
	e.marks.Store(newMarkRing(nil))
	var keys MarkKeys
	err := e.Store.View(func(r Reader) (err error) { keys, err = r.MarkKeys(); return err })
	if err != nil {
		return fmt.Errorf("list: keys of marks: %w", err)
	}
	e.marks.Store(newMarkRing(keys))
	if err = e.rotateKeys(e.Now()); errors.Is(err, ErrFull) {
		e.Log.Error("no room for a key of marks yet", "error", err)
		return nil
	}
	return err
}
