package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/list"
)

var morning = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// copyStore copies the files of a live store, as a kill would leave them.
func copyStore(t *testing.T, db *DB) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(db.dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func addList(t testing.TB, db *DB, address string, members ...string) list.Record {
	t.Helper()
	var rec list.Record
	err := db.Update(func(tx list.Tx) (err error) {
		if rec, err = tx.EnsureList(address, nil); err != nil {
			return err
		}
		for _, a := range members {
			if _, err := tx.PutMember(list.Member{List: rec.ID, Address: a, Mode: list.ModeEach, State: list.Active}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// keep accepts one post for the members up to the number last.
func keep(t testing.TB, db *DB, rec list.Record, id string, raw []byte, last uint32) (list.Ref, uint64) {
	t.Helper()
	var ref list.Ref
	var out list.Outgoing
	err := db.Keep(raw, func(tx list.Tx, r list.Ref) (err error) {
		ref = r
		if _, err := tx.PutPost(list.Post{List: rec.ID, MessageID: id, Ref: r, Accepted: morning}); err != nil {
			return err
		}
		out, err = tx.Enqueue(list.Outgoing{List: rec.ID, Ref: r, Address: rec.Address, MaxMember: last, Accepted: morning})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ref, out.ID
}

func smarthost(string) string { return "smarthost" }
func ready(string) bool       { return true }

func claim(t testing.TB, db *DB, most int) list.Claim {
	t.Helper()
	c, ok, err := db.Claim(morning, smarthost, ready, most)
	if err != nil || !ok {
		t.Fatalf("claim: %v, %v", ok, err)
	}
	return c
}

func delivered(c list.Claim) []list.Settled {
	all := make([]list.Settled, len(c.Copies))
	for i, cp := range c.Copies {
		all[i] = list.Settled{Copy: cp, Outcome: list.Delivered}
	}
	return all
}

func TestKillLosesNothingThatWasAnswered(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example", "c@y.example", "d@z.example")
	var refs []list.Ref
	for i := range 20 {
		ref, _ := keep(t, db, rec, fmt.Sprintf("%d@x", i), fmt.Appendf(nil, "message %d", i), 4)
		refs = append(refs, ref)
	}
	// Keep the folder out, so that what is settled is in the journal alone.
	db.outbox.fold.Lock()
	first := claim(t, db, 3)
	if err := db.Settle(morning, first.ID, delivered(first)[:2]); err != nil {
		t.Fatal(err)
	}
	killed := copyStore(t, db)
	db.outbox.fold.Unlock()

	again := open(t, killed)
	for i, ref := range refs {
		raw, err := again.Raw(ref)
		if err != nil || string(raw) != fmt.Sprintf("message %d", i) {
			t.Errorf("message %d: %q, %v", i, raw, err)
		}
	}
	// The copy that was in flight is repeated, the two that were settled are not.
	var got []uint32
	for range 20 {
		c := claim(t, again, 4)
		if c.Out.ID != first.Out.ID {
			continue
		}
		for _, cp := range c.Copies {
			got = append(got, cp.Number)
		}
	}
	if fmt.Sprint(got) != "[3 4]" {
		t.Errorf("claimed again: %v, want [3 4]", got)
	}
}

func TestJournalIsFoldedOnce(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example")
	_, out := keep(t, db, rec, "1@x", []byte("x"), 2)
	c := claim(t, db, 1)
	db.outbox.fold.Lock()
	if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
		t.Fatal(err)
	}
	journal, err := os.ReadFile(filepath.Join(db.dir, journalName(db.outbox.journal.active)))
	if err != nil {
		t.Fatal(err)
	}
	db.outbox.fold.Unlock()
	if err := db.foldNow(); err != nil {
		t.Fatal(err)
	}
	// The process was killed after the fold and before the journal was emptied.
	killed := copyStore(t, db)
	if err := os.WriteFile(filepath.Join(killed, journalName(0)), append(journal, 0, 0, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, killed)
	if _, copies, _ := again.Pending(); copies != 1 {
		t.Errorf("%d copies of outgoing %d are left, want 1", copies, out)
	}
	if c := claim(t, again, 5); len(c.Copies) != 1 || c.Copies[0].Number != 2 {
		t.Errorf("claimed: %v", c.Copies)
	}
}

func TestTornTailIsCut(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org")
	ref, _ := keep(t, db, rec, "1@x", []byte("the first message"), 0)
	whole := encodeRecord(&db.codec, []byte(strings.Repeat("never acknowledged ", 9)))
	for name, c := range map[string]struct {
		torn []byte
		left int
	}{
		"half a record":                {whole[:len(whole)/2], 0},
		"half a header":                {whole[:7], 0},
		"zeros":                        {make([]byte, 5000), 0},
		"a record and half of another": {append(bytes.Clone(whole), whole[:20]...), len(whole)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyStore(t, db)
			path := filepath.Join(dir, segmentsDir, segmentName(1))
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, append(before, c.torn...), 0o600); err != nil {
				t.Fatal(err)
			}
			again := open(t, dir)
			if size, _ := again.segments.size(); size != int64(len(before)+c.left) {
				t.Errorf("the segment has %d octets, want %d", size, len(before)+c.left)
			}
			next, _ := keep(t, again, rec, "2@x", []byte("the next"), 0)
			for ref, want := range map[list.Ref]string{ref: "the first message", next: "the next"} {
				if raw, err := again.Raw(ref); err != nil || string(raw) != want {
					t.Errorf("got %q, %v; want %q", raw, err, want)
				}
			}
		})
	}
}

func TestMissingSegmentOctetsAreAnError(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org")
	keep(t, db, rec, "1@x", []byte("the first message"), 0)
	for name, harm := range map[string]func(path string) error{
		"cut":     func(path string) error { return os.Truncate(path, int64(segmentHeader)+3) },
		"gone":    os.Remove,
		"emptied": func(path string) error { return os.Truncate(path, 0) },
	} {
		dir := copyStore(t, db)
		if err := harm(filepath.Join(dir, segmentsDir, segmentName(1))); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{Log: quiet}); err == nil || !strings.Contains(err.Error(), "backup") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSegmentsAreSealed(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	db.segments.limit = 4000
	rec := addList(t, db, "peers@example.org")
	refs := map[list.Ref][]byte{}
	for i := range 12 {
		raw := make([]byte, 1500)
		for j := range raw {
			raw[j] = byte(i*j ^ j>>3*i)
		}
		ref, _ := keep(t, db, rec, fmt.Sprint(i), raw, 0)
		refs[ref] = raw
	}
	if db.segments.tail.segment < 3 {
		t.Fatalf("only %d segments", db.segments.tail.segment)
	}
	killed := copyStore(t, db)
	// A segment that was begun for a group that never was committed.
	left := filepath.Join(killed, segmentsDir, segmentName(db.segments.tail.segment+1))
	if err := os.WriteFile(left, []byte("CNV"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := open(t, killed)
	for ref, want := range refs {
		if raw, err := again.Raw(ref); err != nil || !bytes.Equal(raw, want) {
			t.Errorf("%v: %v", ref, err)
		}
	}
	again.segments.limit = 1
	keep(t, again, rec, "last", []byte("in a new segment"), 0)
}

func TestFlippedBitsAreFound(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "ann@x.example")
	ref, _ := keep(t, db, rec, "1@x", []byte(strings.Repeat("a message of some length ", 20)), 0)

	t.Run("in a record of the index", func(t *testing.T) {
		dir := copyStore(t, db)
		path := filepath.Join(dir, indexFile)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// The address stands in the keys of two indexes too; in the record the time or the mode is near it.
		flipped := bytes.ReplaceAll(b, []byte("\x1a\x0dann@x.example"), []byte("\x1a\x0dbnn@x.example"))
		if bytes.Equal(flipped, b) {
			t.Fatal("the record was not found")
		}
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		bad, err := Open(dir, Options{Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		defer bad.Close()
		err = bad.View(func(r list.Reader) error { _, err := r.Member(rec.ID, "ann@x.example"); return err })
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "of members") {
			t.Errorf("read: %v", err)
		}
		problems, err := bad.Verify(nil)
		if err != nil || len(problems) == 0 || !strings.Contains(problems[0], "members") {
			t.Errorf("verify: %q, %v", problems, err)
		}
	})
	t.Run("in a message", func(t *testing.T) {
		dir := copyStore(t, db)
		path := filepath.Join(dir, segmentsDir, segmentName(ref.Segment))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := int(ref.Offset); at < len(b); at++ {
			bad := bytes.Clone(b)
			bad[at] ^= 0x10
			if raw, err := readRecord(&db.codec, bytes.NewReader(bad), ref); !errors.Is(err, ErrCorrupt) {
				t.Errorf("octet %d: read %q, %v", at, raw, err)
			}
		}
		b[int(ref.Offset)+recordHeader+5] ^= 1
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		bad, err := Open(dir, Options{Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		defer bad.Close()
		if problems, err := bad.Verify(nil); err != nil || len(problems) != 2 { // the post's, and the outgoing's
			t.Errorf("verify: %q, %v", problems, err)
		}
	})
}
