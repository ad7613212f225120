package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convene/list"
)

// missed is what a member is owed who asked what they missed, or is back from a break: a paper of the list's until it is written, since no message may
// be read in the transaction that asks for it.
type missed struct {
	Member uint32    `json:"member"`
	Since  time.Time `json:"since,omitzero"` // zero: since they were here last
	Back   bool      `json:"back,omitempty"`
	Asked  time.Time `json:"asked"`
}

// Where the papers of what members missed stand, and of when they were told of that last, by their numbers.
const (
	missedPapers = "missed/"
	caughtPapers = "caught/"
)

func numbered(prefix string, member uint32) string { return fmt.Sprintf("%s%010d", prefix, member) }

// CatchUp implements list.Schedule. Who asks twice before it is written gets one.
func (e *Editor) CatchUp(tx list.Tx, l *list.List, m *list.Member, since time.Time, back bool, now time.Time) error {
	rec, err := tx.List(l.Address)
	if err != nil {
		return err
	}
	content, err := json.Marshal(missed{Member: m.Number, Since: since, Back: back, Asked: now})
	if err != nil {
		return fmt.Errorf("digest: what %d of %s missed: %w", m.Number, l.Address, err)
	}
	return tx.PutPaper(rec.ID, numbered(missedPapers, m.Number), content)
}

// owedCatchUps are the members who are owed what they missed.
func owedCatchUps(r list.Reader, rec list.Record) (all []missed, err error) {
	err = r.Papers(rec.ID, missedPapers, func(name string, content []byte) error {
		var one missed
		if err := json.Unmarshal(content, &one); err != nil {
			return fmt.Errorf("digest: %s of %s: %w", name, rec.Address, err)
		}
		all = append(all, one)
		return nil
	})
	return all, err
}

// caughtUp is until when a member was told what they missed; zero: never.
func caughtUp(r list.Reader, rec list.Record, member uint32) (at time.Time, err error) {
	content, err := r.Paper(rec.ID, numbered(caughtPapers, member))
	if errors.Is(err, list.ErrNotFound) {
		return at, nil
	} else if err != nil {
		return at, err
	}
	err = at.UnmarshalText(content)
	return at, err
}
