package digest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"convene/digest/facts"
	"convene/list"
)

// frozenPapers is where the facts of planned mails stand, by row: a course is read at every look, and they are a hundred times its size.
const frozenPapers = "facts/"

// keptFrozen is how much JSON of facts is kept read in memory, in octets.
const keptFrozen = 16 << 20

// frozen are facts that were read before, by the digest of their JSON. Nobody changes them.
type frozen struct {
	mu   sync.Mutex
	all  map[string]*facts.Facts
	size int // of their JSON
}

func (k *frozen) get(sum string) *facts.Facts {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all[sum]
}

func (k *frozen) put(sum string, f *facts.Facts, size int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || k.size+size > keptFrozen {
		k.all, k.size = map[string]*facts.Facts{}, 0
	}
	k.all[sum] = f
	k.size += size
}

// thaw reads the facts of all rows.
func (c *Course) thaw(r list.Reader, rec list.Record, known *frozen) error {
	var gone, withdrawn map[uint32]bool
	for key, s := range c.Rows {
		if s.Frozen == "" {
			continue
		}
		if gone == nil {
			var err error
			if gone, withdrawn, err = removals(r, rec); err != nil {
				return err
			}
		}
		f := known.get(s.Frozen)
		if f == nil {
			content, err := r.Paper(rec.ID, frozenPapers+key)
			if err != nil {
				return fmt.Errorf("digest: what %s tells of: %w", key, err)
			}
			f = &facts.Facts{}
			if err := json.Unmarshal(content, f); err != nil {
				return fmt.Errorf("digest: what %s tells of: %w", key, err)
			}
			known.put(s.Frozen, f, len(content))
		}
		s.Facts, s.thawed = f, f
		if left, touched := f.Without(gone, withdrawn); touched {
			s.Facts = left // and the next course that is written has no other
			s.Edits.Prose = ""
		}
		s.Open = facts.WithoutQuestions(s.Open, gone)
	}
	return nil
}

// removals are the posts of a list that were taken out of the archive, and those whose attachments were.
func removals(r list.Reader, rec list.Record) (gone, withdrawn map[uint32]bool, err error) {
	gone, withdrawn = map[uint32]bool{}, map[uint32]bool{}
	err = r.Removals(0, func(one list.Removal) error {
		switch {
		case one.List != rec.ID:
		case one.Attachments:
			withdrawn[one.Post] = true
		default:
			gone[one.Post] = true
		}
		return nil
	})
	return gone, withdrawn, err
}

// redactions are the drafts that still have words of posts that were taken out of the archive: they are written anew without.
func (e *Editor) redactions(_ list.Reader, a *affair, now time.Time) (all []duty, _ error) {
	for key, s := range a.course.Rows {
		if s.Facts == s.thawed {
			continue
		}
		id := a.ID
		all = append(all, duty{at: now, list: a.list.Address, kind: "redaction", name: "redaction of " + key, do: func(context.Context, time.Time) error {
			return e.change(id, func(list.Tx, *affair) error { return nil })
		}})
		break // one writing does for all of them
	}
	return all, nil
}

// freeze keeps the facts of those rows that have others than were read.
func (c *Course) freeze(tx list.Tx, rec list.Record) error {
	for key, s := range c.Rows {
		switch {
		case s.Facts == s.thawed:
			continue
		case s.Facts == nil:
			if err := forget(tx, rec, frozenPapers+key); err != nil {
				return err
			}
			s.Frozen, s.thawed = "", nil
			continue
		}
		content, err := json.Marshal(s.Facts)
		if err != nil {
			return fmt.Errorf("digest: what %s tells of: %w", key, err)
		}
		sum := sha256.Sum256(content)
		s.Frozen, s.thawed = base64.RawURLEncoding.EncodeToString(sum[:12]), s.Facts
		if err := tx.PutPaper(rec.ID, frozenPapers+key, content); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes a paper, if there is one.
func forget(tx list.Tx, rec list.Record, name string) error {
	if err := tx.DeletePaper(rec.ID, name); !errors.Is(err, list.ErrNotFound) {
		return err
	}
	return nil
}
