package list

import (
	"errors"
	"fmt"
	"strconv"
)

// seenPrefix begins the names of the papers in which it stands what members have read in mail programs and on pages; the number of the member follows. What is in one is Runs.
const seenPrefix = "imap/seen/"

func (m *Mailbox) seenPaper() string { return seenPrefix + strconv.FormatUint(uint64(m.Member), 10) }

// Seen is what was written down last of what a member has read; nil: nothing was, or they are no member.
func (e *Engine) Seen(m Mailbox) (seen []byte, err error) {
	if m.Member == 0 {
		return nil, nil
	}
	err = e.Store.View(func(r Reader) error {
		seen, err = r.Paper(m.List, m.seenPaper())
		if errors.Is(err, ErrNotFound) {
			err = nil
		}
		return err
	})
	return seen, err
}

// ChangeSeen writes down what change makes of it; where that is the same, nothing is written. ErrNotFound: they are no member, of whom nothing is written down.
func (e *Engine) ChangeSeen(m Mailbox, change func(seen []byte) []byte) error {
	if m.Member == 0 {
		return fmt.Errorf("list: what a stranger has read: %w", ErrNotFound)
	}
	err := e.Store.Update(func(tx Tx) error {
		seen, err := tx.Paper(m.List, m.seenPaper())
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		now := change(seen)
		if string(now) == string(seen) {
			return errNothingToKeep
		}
		return tx.PutPaper(m.List, m.seenPaper(), now)
	})
	if errors.Is(err, errNothingToKeep) {
		return nil
	}
	return err
}
