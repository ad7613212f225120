package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"convene/list"
)

// mostProblems is how many problems Verify names before it only counts them.
const mostProblems = 1000

// verifier collects what is wrong.
type verifier struct {
	*txn
	problems []string
	more     int
}

func (v *verifier) problem(format string, args ...any) {
	if len(v.problems) >= mostProblems {
		v.more++
		return
	}
	v.problems = append(v.problems, fmt.Sprintf(format, args...))
}

// Verify reads everything: the pages of the index, the checksum of every record, every index both ways, and the record in the segments
// of every post, held post and outgoing. It returns what is wrong, a line each; err is for not being able to look. It may run while the
// store is in use. progress is told what is being read; nil: nobody is.
func (db *DB) Verify(progress func(string)) (problems []string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	if err := db.foldNow(); err != nil {
		return nil, err
	}
	defer db.unmap()
	db.copying.RLock()
	defer db.copying.RUnlock()
	v := &verifier{}
	progress("pages of the index")
	if err := db.verifyPages(v); err != nil {
		return nil, err
	}
	if len(v.problems) > 0 {
		return v.problems, nil // to walk such an index may kill the process
	}
	err = db.view(func(t *txn) error {
		v.txn = t
		members := map[uint32]uint32{}
		checks := v.checks(members)
		for b := range buckets {
			progress(b.String())
			v.bucket(b, checks[b])
		}
		progress("counters")
		v.counters(members)
		return nil
	})
	if errors.Is(err, ErrCorrupt) {
		v.problem("%s", strings.TrimPrefix(err.Error(), "store: "))
		return v.problems, nil
	}
	if err != nil {
		return nil, err
	}
	v.txn = nil
	if err := db.verifyRefs(v, progress); err != nil {
		return nil, err
	}
	if v.more > 0 {
		v.problems = append(v.problems, fmt.Sprintf("and %d more", v.more))
	}
	return v.problems, nil
}

// verifyPages checks the structure of a copy of the index: bbolt's check reads what a writer changes.
func (db *DB) verifyPages(v *verifier) error {
	info, err := os.Stat(db.indexPath())
	if err != nil {
		return fmt.Errorf("store: verify: %w", err)
	}
	if err := db.Room(info.Size() / 4); err != nil {
		return fmt.Errorf("store: verify needs room for a copy of the index: %w", err)
	}
	index, _, err := db.copyIndex()
	if err != nil {
		return fmt.Errorf("store: verify: %w", err)
	}
	defer index.Close()
	if err := CheckIndex(fmt.Sprintf("/proc/self/fd/%d", index.Fd())); err != nil {
		v.problem("index: %v", err)
	}
	return nil
}

// bucket reads every record of a bucket. check returns an empty string for a good one.
func (v *verifier) bucket(b bucket, check recordCheck) {
	c := v.txn.bucket(b).Cursor()
	for k, val := c.First(); k != nil; k, val = c.Next() {
		rec, err := unseal(b, k, val)
		if err == nil && check != nil {
			if err = check(k, rec); err != nil {
				err = fmt.Errorf("record %x of %s: %w", k, b, err)
			}
		}
		if err != nil {
			v.problem("%s", strings.TrimPrefix(err.Error(), "store: "))
		}
	}
}

// errIndex: a record and an index entry do not name each other.
var errIndex = errors.New("record and index differ")

// same reports an error unless it holds.
func same(holds bool, err error) error {
	if err == nil && !holds {
		err = errIndex
	}
	return err
}

// counters compares what is counted in the lists' records, and the numbers that are given next, with what is there.
func (v *verifier) counters(members map[uint32]uint32) {
	err := v.walk(inLists, nil, nil, func(_, rec []byte) error {
		var r listRow
		if err := r.decode(rec); err != nil {
			return err
		}
		if r.Members != members[r.ID] {
			v.problem("list %s: %d members are counted and %d are there", r.Address, r.Members, members[r.ID])
		}
		for b, last := range map[bucket]uint32{inMemberNumbers: r.LastMember, inPosts: r.Posts, inTopics: r.lastTopic} {
			c := v.txn.bucket(b).Cursor()
			k, _ := c.Seek(pairKey(r.ID, last))
			if bytes.Equal(k, pairKey(r.ID, last)) {
				k, _ = c.Next()
			}
			if bytes.HasPrefix(k, listKey(r.ID)) {
				v.problem("list %s: the last of %s is said to be %d, but there is a later one", r.Address, b, last)
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, ErrCorrupt) {
		v.problem("%v", err)
	}
	for _, b := range []bucket{inHeld, inOutgoing, inNotes} {
		if k, _ := v.txn.bucket(b).Cursor().Last(); len(k) == 8 && u64At(k) > v.txn.bucket(b).Sequence() {
			v.problem("%s: the next number was given before", b)
		}
	}
	if k, _ := v.txn.bucket(inLists).Cursor().Last(); len(k) == 4 && uint64(u32At(k)) > v.txn.bucket(inLists).Sequence() {
		v.problem("%s: the next number was given before", inLists)
	}
}

// verifyRefs reads the segments' records, in short snapshots.
func (db *DB) verifyRefs(v *verifier, progress func(string)) error {
	read := 0
	for _, b := range []bucket{inPosts, inHeld, inOutgoing, inReports, inNotes} {
		progress("messages of " + b.String())
		for from, more := []byte(nil), true; more; {
			type named struct {
				key []byte
				ref list.Ref
			}
			var batch []named
			more = false
			err := db.view(func(t *txn) error {
				c := t.bucket(b).Cursor()
				for k, val := c.Seek(from); k != nil; k, val = c.Next() {
					if len(batch) == rowsPerView {
						from, more = bytes.Clone(k), true
						return nil
					}
					refs, _ := refsOf(b, k, val) // of one that cannot be read it was said
					for _, ref := range refs {
						if ref != (list.Ref{}) {
							batch = append(batch, named{bytes.Clone(k), ref})
						}
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			for _, n := range batch {
				if _, err := db.segments.read(n.ref); err != nil {
					v.problem("record %x of %s: %s", n.key, b, strings.TrimPrefix(err.Error(), "store: "))
				}
				if read++; read%10000 == 0 {
					progress(fmt.Sprintf("%d messages", read))
				}
			}
		}
	}
	return nil
}

// refsOf are the messages that a record names.
func refsOf(b bucket, k, val []byte) ([]list.Ref, error) {
	rec, err := unseal(b, k, val)
	if err != nil {
		return nil, err
	}
	switch b {
	case inPosts:
		p, err := decodePost(rec)
		return []list.Ref{p.Ref, p.Original}, err
	case inHeld:
		h, err := decodeHeld(rec)
		return []list.Ref{h.Post.Ref, h.Post.Original}, err
	case inReports:
		r, err := decodeReport(rec)
		return []list.Ref{r.Ref}, err
	case inNotes:
		n, err := decodeNote(rec)
		return []list.Ref{n.Enclosed}, err
	default:
		var o outgoingRow
		err := o.decode(rec)
		return []list.Ref{o.Ref}, err
	}
}
