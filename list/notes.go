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
	mu    sync.Mutex
	tries map[uint64]int // of notes that could not be written, by id
}

// noteFault says why a note cannot be written. Trying again at once is of no use.
type noteFault struct{ error }

func (f noteFault) Unwrap() error { return f.error }

// SendNotes writes the notices that are owed and puts them into the outbox, and says how many they were; of copies that failed it first finds out
// what that means, since a notice may follow from it. What keeps one notice from being written
// keeps no other; an error means that the store takes nothing now, and that the rest is to be tried again later. It may be called at any time by
// anybody: a note is sent once.
func (e *Engine) SendNotes(ctx context.Context) (sent int, err error) {
	e.desk.mu.Lock()
	defer e.desk.mu.Unlock()
	if _, err := e.judge(ctx, e.Now()); err != nil {
		return 0, err
	}
	for last := uint64(0); ctx.Err() == nil; {
		batch, err := e.nextNotes(last)
		if err != nil || len(batch) == 0 {
			return sent, err
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
				delete(e.desk.tries, n.ID)
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
			if n.ID <= after || e.desk.tries[n.ID] >= noteTries {
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
	if e.desk.tries == nil {
		e.desk.tries = map[uint64]int{}
	}
	e.desk.tries[n.ID]++
	e.Log.Error("notice not written", "note", n.ID, "text", n.Text, "list", n.List, "tries", e.desk.tries[n.ID],
		"set_aside", e.desk.tries[n.ID] >= noteTries, "error", fault.error)
}

// tryAllNotes has those that were set aside tried again.
func (e *Engine) tryAllNotes() {
	e.desk.mu.Lock()
	e.desk.tries = nil
	e.desk.mu.Unlock()
}

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
