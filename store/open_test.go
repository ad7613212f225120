package store

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

func TestOpenRefuses(t *testing.T) {
	made := func(t *testing.T) string {
		dir := t.TempDir()
		db, err := Open(dir, Options{Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, c := range map[string]struct {
		harm func(t *testing.T, dir string) error
		want string
	}{
		"a missing index":       {func(_ *testing.T, d string) error { return os.Remove(filepath.Join(d, indexFile)) }, "index.db is missing"},
		"an index of no length": {func(_ *testing.T, d string) error { return os.Truncate(filepath.Join(d, indexFile), 0) }, "index.db is empty"},
		"an index cut to 4 KiB": {func(_ *testing.T, d string) error { return os.Truncate(filepath.Join(d, indexFile), 4096) }, "cut short"},
		"an index cut to 8 KiB": {func(_ *testing.T, d string) error { return os.Truncate(filepath.Join(d, indexFile), 8192) }, "cut short"},
		"an index of zeros": {func(_ *testing.T, d string) error {
			return os.WriteFile(filepath.Join(d, indexFile), make([]byte, 65536), 0o600)
		}, "meta page"},
		"missing segments": {func(_ *testing.T, d string) error { return os.RemoveAll(filepath.Join(d, segmentsDir)) }, "segments is missing"},
		"only leftovers": {func(_ *testing.T, d string) error {
			return errors.Join(os.RemoveAll(filepath.Join(d, segmentsDir)), os.Remove(filepath.Join(d, indexFile)), os.Remove(filepath.Join(d, markerFile)))
		}, "no STORE"},
		"a restore that was cut short": {func(_ *testing.T, d string) error { return moveAside(d) }, "index.db is missing"},
		"a missing marker":             {func(_ *testing.T, d string) error { return os.Remove(filepath.Join(d, markerFile)) }, "no STORE"},
		"a marker of a newer one": {func(_ *testing.T, d string) error {
			return os.WriteFile(filepath.Join(d, markerFile), []byte("convene store 99 x\n"), 0o600)
		}, "newer"},
		"a newer index": {func(t *testing.T, d string) error {
			index, err := bolt.Open(filepath.Join(d, indexFile), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			return errors.Join(index.Update(func(tx *bolt.Tx) error {
				return (&txn{tx: tx}).putMetaU64(metaSchema, schemaVersion+1)
			}), index.Close())
		}, "newer"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := made(t)
			if err := c.harm(t, dir); err != nil {
				t.Fatal(err)
			}
			db, err := Open(dir, Options{Log: quiet})
			if err == nil {
				db.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want something with %q", err, c.want)
			}
		})
	}
}

func TestOpenMakesAStoreOnlyWhereItMay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	for _, d := range []string{dir, t.TempDir()} {
		if _, err := Open(d, Options{Log: quiet, Existing: true}); !errors.Is(err, ErrNoStore) {
			t.Errorf("with Existing: got %v", err)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("Existing made the directory")
	}
	other := t.TempDir()
	if err := os.Mkdir(filepath.Join(other, "sent"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, other} {
		open(t, d)
		for name, want := range map[string]os.FileMode{"": 0o700, indexFile: 0o600, segmentsDir: 0o700, markerFile: 0o600, pidFile: 0o600,
			journalName(0): 0o600, segmentsDir + "/" + segmentName(1): 0o600} {
			info, err := os.Stat(filepath.Join(d, name))
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%q: %v, %v; want %v", name, info, err, want)
			}
		}
	}
}

func TestSecondOpenNamesTheFirst(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	_, err := Open(dir, Options{Log: quiet, LockWait: -1})
	var inUse *InUseError
	if !errors.As(err, &inUse) || inUse.PID != os.Getpid() || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d", os.Getpid())) {
		t.Errorf("open: got %v", err)
	}
	if err := Compact(dir); !errors.As(err, &inUse) {
		t.Errorf("compact: got %v", err)
	}
	if _, err := Restore(strings.NewReader(""), dir, true); !errors.As(err, &inUse) {
		t.Errorf("restore: got %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestCleanStopIsSeen(t *testing.T) {
	dir := t.TempDir()
	checked := 0
	check := func(path string) error { checked++; return CheckIndex(path) }
	start := func() *DB {
		db, err := Open(dir, Options{Log: quiet, Check: check})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db := start()
	rec := addList(t, db, "peers@example.org", "a@x.example")
	keep(t, db, rec, "1@x", []byte("x"), 1)
	site := db.Site()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = start()
	if checked != 0 || db.Site() != site {
		t.Errorf("after a clean stop the index was checked %d times; site %s, was %s", checked, db.Site(), site)
	}
	mark, err := os.Stat(filepath.Join(dir, cleanFile))
	if err == nil {
		t.Errorf("the mark %v is there while the store is open", mark)
	}
	dir = copyStore(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = start()
	if checked != 1 {
		t.Errorf("after a kill the index was checked %d times", checked)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	bad := errors.New("bad page")
	if err := os.Remove(filepath.Join(dir, cleanFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{Log: quiet, Check: func(string) error { return bad }}); !errors.Is(err, bad) {
		t.Errorf("a failed check: got %v", err)
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@x.example")
	keep(t, db, rec, "1@x", []byte("x"), 1)
	c := claim(t, db, 1)
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"settle": db.Settle(morning, c.ID, delivered(c)),
		"update": db.Update(func(list.Tx) error { return nil }),
		"view":   db.View(func(list.Reader) error { return nil }),
		"raw":    func() error { _, err := db.Raw(list.Ref{Segment: 1}); return err }(),
		"claim":  func() error { _, _, err := db.Claim(morning, smarthost, ready, 1); return err }(),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

var updateFrozen = flag.Bool("update", false, "write the store of the present layout in testdata anew")

// TestFrozenStores opens a store of every layout that there was.
func TestFrozenStores(t *testing.T) {
	frozen := func(layout int) string { return fmt.Sprintf("testdata/schema-%d.tar", layout) }
	if *updateFrozen {
		freeze(t, frozen(schemaVersion))
	}
	for layout := 1; layout <= schemaVersion; layout++ {
		t.Run(fmt.Sprintf("layout %d", layout), func(t *testing.T) {
			f, err := os.Open(frozen(layout))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			dir := filepath.Join(t.TempDir(), "data")
			if _, err := Restore(f, dir, false); err != nil {
				t.Fatal(err)
			}
			db := open(t, dir)
			if err := db.Resume(""); err != nil {
				t.Fatal(err)
			}
			c := claim(t, db, 9)
			raw, err := db.Raw(c.Out.Ref)
			if err != nil || len(c.Copies) != 1 || c.Copies[0].Address != "bob@y.example" || !strings.Contains(string(raw), "frozen") {
				t.Errorf("claimed %v, %q, %v", c.Copies, raw, err)
			}
			keys, reports := frozenMarks(t, db)
			if layout < 2 {
				if len(keys)+len(reports) != 0 || c.Copies[0].Generation != 0 {
					t.Errorf("keys %v, reports %v, copies %+v", keys, reports, c.Copies)
				}
				writeMarks(t, db)
				keys, reports = frozenMarks(t, db)
			} else if c.Copies[0].Generation != 3 {
				t.Errorf("generation %d", c.Copies[0].Generation)
			}
			if len(keys) != 1 || keys[0] != frozenKey || len(reports) != 1 || reports[0].MessageID != "d1@y.example" || reports[0].Number != 1 {
				t.Errorf("keys %v, reports %+v", keys, reports)
			}
			report, err := db.Raw(reports[0].Ref)
			if err != nil || string(report) != "Subject: failed\r\n\r\nNo.\r\n" {
				t.Errorf("report %q, %v", report, err)
			}
			notes, secret := frozenNotes(t, db)
			if layout < 3 {
				if len(notes) != 0 || secret.Purpose != "" {
					t.Errorf("notes %+v, secret %+v", notes, secret)
				}
				writeNotes(t, db)
				notes, secret = frozenNotes(t, db)
			}
			if len(notes) != 1 || notes[0].Values["subject"] != "One" || notes[0].Secret == nil || notes[0].Secret.Subject != 7 || secret.Spent != "approved" ||
				secret.Note == nil || secret.Note.Text != "held" {
				t.Errorf("notes %+v, secret %+v", notes, secret)
			}
			var said list.Interest
			err = db.View(func(r list.Reader) (err error) { said, err = r.Interest(1, 1, 1); return err })
			if err != nil || said != list.Followed {
				t.Errorf("ann said of the topic %q, %v", said, err)
			}
		})
	}
}

var frozenKey = list.MarkKey{ID: 9, Secret: [32]byte{1, 2, 3, 31: 4}, Created: morning}

// freeze writes a store of the present layout with something in it of every kind that a later one must know.
func freeze(t *testing.T, name string) {
	t.Helper()
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@y.example")
	keep(t, db, rec, "1@x", []byte("Subject: frozen\r\n\r\nHello.\r\n"), 2)
	err := db.Update(func(tx list.Tx) error {
		m, err := tx.Member(rec.ID, "bob@y.example")
		if err == nil {
			m.Generation = 3
			_, err = tx.PutMember(m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	writeMarks(t, db)
	writeNotes(t, db)
	c := claim(t, db, 1)
	if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Backup(f), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// writeMarks writes what came with layout 2.
func writeMarks(t *testing.T, db *DB) {
	t.Helper()
	err := db.Keep([]byte("Subject: failed\r\n\r\nNo.\r\n"), func(tx list.Tx, ref list.Ref) error {
		_, err := tx.PutReport(list.Report{List: 1, Post: 1, Member: 2, Ref: ref, MessageID: "d1@y.example", Arrived: morning})
		return errors.Join(err, tx.PutMarkKey(frozenKey))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// writeNotes writes what came with layout 3.
func writeNotes(t *testing.T, db *DB) {
	t.Helper()
	err := db.Update(func(tx list.Tx) error {
		_, err := tx.PutNote(list.Note{List: 1, Text: "held", To: "ann@x.example", Values: map[string]string{"subject": "One"},
			Secret: &list.Secret{Purpose: list.ForHeld, List: 1, Subject: 7, Expires: morning}, Created: morning})
		topic, more := tx.PutTopic(list.Topic{List: 1, Subject: "Trust", Last: morning})
		return errors.Join(err, more, tx.PutInterest(1, topic.ID, 1, list.Followed), tx.PutAsked("ann@x.example", []list.Asking{{List: 1, At: morning}}),
			tx.PutSecret(list.Secret{Hash: [32]byte{3}, Purpose: list.ForHeld, List: 1, Subject: 8, Expires: morning, Spent: "approved", Note: &list.Note{Text: "held"}}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func frozenNotes(t *testing.T, db *DB) (all []list.Note, secret list.Secret) {
	t.Helper()
	err := db.View(func(r list.Reader) error {
		err := r.SecretsOf(1, list.ForHeld, 8, func(s list.Secret) error { secret = s; return nil })
		return errors.Join(err, r.Notes(func(n list.Note) error { all = append(all, n); return nil }))
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, secret
}

func frozenMarks(t *testing.T, db *DB) (keys list.MarkKeys, all []list.Report) {
	t.Helper()
	err := db.View(func(r list.Reader) (err error) {
		if keys, err = r.MarkKeys(); err != nil {
			return err
		}
		return r.Reports(1, 1, func(r list.Report) error { all = append(all, r); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, all
}
