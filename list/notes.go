package list

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// noteTries is how often it is tried to write a note before it is set aside until the config changes or the daemon starts again.
const noteTries = 3

// notesAtOnce is how many notes are in memory at a time.
const notesAtOnce = 16

// noteDesk is where notes are written, one at a time.
type noteDesk struct {
	mu     sync.Mutex
	failed noteFailures
	faults []*TextFault // of texts of the site's own, that the admin is still to be told of; under mu
}

// noteFailures counts how often it was tried to write the notes that could not be written, by id.
type noteFailures struct {
	mu    sync.Mutex
	tries map[uint64]int
}

func (f *noteFailures) add(id uint64) (tries int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tries == nil {
		f.tries = map[uint64]int{}
	}
	f.tries[id]++
	return f.tries[id]
}

func (f *noteFailures) forget(id uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.tries, id)
}

func (f *noteFailures) forgetAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries = nil
}

// aside reports whether a note is tried no more.
func (f *noteFailures) aside(id uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tries[id] >= noteTries
}

// noteFault says why a note cannot be written. Trying again at once is of no use.
type noteFault struct{ error }

func (f noteFault) Unwrap() error { return f.error }

// SendNotes writes the notices that are owed and puts them into the outbox, and says how many they were; of copies that failed it first finds out
// what that means, since a notice may follow from it. What keeps one notice from being written
// keeps no other; an error means that the store takes nothing now, and that the rest is to be tried again later. It may be called at any time by
// anybody: a note is sent once. The admin hears once a day of notes that cannot be written, and of texts of the site's own that failed.
func (e *Engine) SendNotes(ctx context.Context) (sent int, err error) {
	e.desk.mu.Lock()
	defer e.desk.mu.Unlock()
	if _, err := e.judge(ctx, e.Now()); err != nil {
		return 0, err
	}
	for last := uint64(0); ctx.Err() == nil; {
		batch, err := e.nextNotes(last)
		if err != nil {
			return sent, err
		}
		if len(batch) == 0 {
			return sent, e.tellUnwritten(e.Now())
		}
		for i := range batch {
			n := &batch[i]
			last = n.ID
			done, err := e.sendNote(n)
			if fault, bad := errors.AsType[noteFault](err); bad {
				e.setAside(n, fault)
			} else if err != nil {
				return sent, fmt.Errorf("list: note %d: %w", n.ID, err)
			} else {
				e.desk.failed.forget(n.ID)
			}
			if done {
				sent++
			}
		}
	}
	return sent, nil
}

// nextNotes are the next ones behind an id that are not set aside.
func (e *Engine) nextNotes(after uint64) (batch []Note, err error) {
	err = e.Store.View(func(r Reader) error {
		return r.Notes(func(n Note) error {
			if n.ID <= after || e.desk.failed.aside(n.ID) {
				return nil
			}
			if batch = append(batch, n); len(batch) == notesAtOnce {
				return ErrStop
			}
			return nil
		})
	})
	return batch, err
}

func (e *Engine) setAside(n *Note, fault noteFault) {
	tries := e.desk.failed.add(n.ID)
	e.Log.Error("notice not written", "note", n.ID, "text", n.Text, "list", n.List, "tries", tries, "set_aside", tries >= noteTries, "error", fault.error)
}

// tryAllNotes has those that were set aside tried again.
func (e *Engine) tryAllNotes() { e.desk.failed.forgetAll() }

// sendNote turns one note into mail. The end of the note, the secret and the mail's record in the outbox are one transaction, so that whatever
// happens, the note is there or the mail is. False: somebody else ended the note.
func (e *Engine) sendNote(n *Note) (sent bool, err error) {
	now := e.Now()
	if n.Secret != nil && !now.Before(n.Secret.Expires) {
		if err := e.Store.Update(func(tx Tx) error { return tx.DeleteNote(n.ID) }); err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
		e.Log.Warn("notice dropped", "note", n.ID, "text", n.Text, "list", n.List, "reason", "the answer that it asks for would come too late")
		return false, nil
	}
	if may, err := e.mayRead(n); err != nil {
		return false, err
	} else if !may {
		if err := e.Store.Update(func(tx Tx) error { return tx.DeleteNote(n.ID) }); err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
		e.Log.Info("notice dropped", "note", n.ID, "text", n.Text, "list", n.List, "reason", "it is for a moderator, who is none any more")
		return false, nil
	}
	mail, err := e.compose(n, now)
	if err != nil {
		return false, err
	}
	var out Outgoing
	err = e.Store.Keep(mail.raw, func(tx Tx, ref Ref) (err error) {
		if err = tx.DeleteNote(n.ID); err != nil {
			return err
		}
		if mail.secret != nil {
			if err = tx.PutSecret(*mail.secret); err != nil {
				return err
			}
		}
		mail.out.Ref = ref
		if out, err = tx.Enqueue(mail.out); err != nil {
			return err
		}
		return probeSent(tx, n, out.ID)
	})
	if errors.Is(err, ErrNotFound) { // decided or withdrawn meanwhile
		return false, nil
	}
	if err != nil {
		return false, err
	}
	e.Log.Info("notice sent", "text", n.Text, "list", mail.out.Address, "message_id", mail.id, "out", out.ID, "waited", now.Sub(n.Created).Round(time.Second))
	return true, nil
}
