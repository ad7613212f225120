package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"convene/list"
)

func filled(t *testing.T) (*DB, list.Record, list.Ref) {
	db := open(t, filepath.Join(t.TempDir(), "data"))
	rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example", "c@y.example")
	ref, _ := keep(t, db, rec, "1@x", []byte("the message"), 3)
	return db, rec, ref
}

func TestBackupAndRestore(t *testing.T) {
	db, rec, ref := filled(t)
	c := claim(t, db, 1)
	if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
		t.Fatal(err)
	}
	var backup bytes.Buffer
	extra := BackupExtra{"keys/dkim.pem", []byte("secret")}
	if err := db.Backup(&backup, extra); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(db.dir, "backup-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	keep(t, db, rec, "2@x", []byte("after the backup"), 3)

	dir := filepath.Join(t.TempDir(), "new")
	extras, err := Restore(bytes.NewReader(backup.Bytes()), dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(extras) != 1 || extras[0].Name != extra.Name || string(extras[0].Data) != "secret" {
		t.Errorf("extras: %v", extras)
	}
	again := open(t, dir)
	if raw, err := again.Raw(ref); err != nil || string(raw) != "the message" {
		t.Errorf("message: %q, %v", raw, err)
	}
	if s, err := again.Stats(); err != nil || !s.Restored || fmt.Sprint(again.Paused()) != "[]" || len(again.Paused()) != 1 || again.Site() != db.Site() {
		t.Errorf("stats %+v, %v; paused %q", s, err, again.Paused())
	}
	if c, ok, err := again.Claim(morning, smarthost, ready, 9); ok || err != nil {
		t.Errorf("a restored store gives out %v, %v", c, err)
	}
	if err := again.Resume(""); err != nil {
		t.Fatal(err)
	}
	if s, err := again.Stats(); err != nil || s.Restored {
		t.Errorf("after Resume: %+v, %v", s, err)
	}
	if c := claim(t, again, 9); len(c.Copies) != 2 {
		t.Errorf("copies left: %v", c.Copies)
	}
	if err := again.View(func(r list.Reader) error { _, err := r.Post(rec.ID, 2); return err }); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a post from after the backup: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}

	if _, err := Restore(bytes.NewReader(backup.Bytes()), dir, false); err == nil {
		t.Error("a store was overwritten without force")
	}
	if err := os.Mkdir(filepath.Join(dir, "sent"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(bytes.NewReader(backup.Bytes()), dir, true); err != nil {
		t.Fatal(err)
	}
	old, _ := filepath.Glob(dir + ".old-*")
	if len(old) != 1 {
		t.Fatalf("moved aside: %v", old)
	}
	for _, d := range []string{dir, old[0]} {
		open(t, d)
	}
	if _, err := os.Stat(filepath.Join(dir, "sent")); err != nil {
		t.Errorf("what is not the store's was moved: %v", err)
	}
}

// The numbers of posts of after the backup are given again, to others: mail programs have to know.
func TestRestoredStoreHasAnotherUIDValidity(t *testing.T) {
	db, _, _ := filled(t)
	before, err := db.UIDValidity()
	if err != nil || before < 1_700_000_000 {
		t.Fatalf("it begins with %d, %v", before, err)
	}
	var backup bytes.Buffer
	if err := db.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	if again, err := db.UIDValidity(); err != nil || again != before {
		t.Errorf("it became %d by a backup, %v", again, err)
	}
	dir := filepath.Join(t.TempDir(), "new")
	if _, err := Restore(bytes.NewReader(backup.Bytes()), dir, false); err != nil {
		t.Fatal(err)
	}
	if after, err := open(t, dir).UIDValidity(); err != nil || after <= before {
		t.Errorf("after a restore it is %d, and was %d: %v", after, before, err)
	}
}

func TestRestoreRefusesADamagedBackup(t *testing.T) {
	db, _, _ := filled(t)
	var backup bytes.Buffer
	if err := db.Backup(&backup); err != nil {
		t.Fatal(err)
	}
	good := backup.Bytes()
	at := bytes.Index(good, []byte("the message"))
	for name, bad := range map[string][]byte{
		"nothing":         nil,
		"cut in half":     good[:len(good)/2],
		"without its end": good[:bytes.LastIndex(good, []byte(manifestFile))],
		"a flipped bit":   append(append(bytes.Clone(good[:at]), 'T'), good[at+1:]...),
	} {
		dir := filepath.Join(t.TempDir(), "data")
		if _, err := Restore(bytes.NewReader(bad), dir, false); err == nil {
			t.Errorf("%s was restored", name)
		}
		if left, _ := filepath.Glob(dir + "*"); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
	}
	if err := db.Backup(&backup, BackupExtra{Name: "../outside"}); err == nil {
		t.Error("an extra leads out of the archive")
	}
}

func TestCompact(t *testing.T) {
	db, rec, ref := filled(t)
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprintf("member%d@domain%d.example", i, i%50))
	}
	addList(t, db, "big@example.org", many...)
	err := db.Update(func(tx list.Tx) error {
		big, err := tx.List("big@example.org")
		if err != nil {
			return err
		}
		return tx.Members(big.ID, func(m list.Member) error { return tx.DeleteMember(big.ID, m.Address) })
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := db.Stats()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Compact(db.dir); err != nil {
		t.Fatal(err)
	}
	again := open(t, db.dir)
	after, err := again.Stats()
	if err != nil || after.Index >= before.Index {
		t.Errorf("index: %d octets, was %d (%v)", after.Index, before.Index, err)
	}
	if raw, err := again.Raw(ref); err != nil || string(raw) != "the message" {
		t.Errorf("message: %q, %v", raw, err)
	}
	if next := addList(t, again, "new@example.org"); next.ID != rec.ID+2 {
		t.Errorf("id of the next list: %d", next.ID)
	}
	if err := Compact(t.TempDir()); !errors.Is(err, ErrNoStore) {
		t.Errorf("compact of nothing: %v", err)
	}
}

func TestVerifyFindsWhatDiffers(t *testing.T) {
	for name, harm := range map[string]func(t *txn, rec list.Record) error{
		"an address of nobody": func(t *txn, rec list.Record) error {
			return t.putU32(inMemberAddresses, addressKey(rec.ID, "x@x.example"), 9)
		},
		"a member without address": func(t *txn, rec list.Record) error {
			return t.delete(inMemberAddresses, addressKey(rec.ID, "a@x.example"))
		},
		"a member without number": func(t *txn, rec list.Record) error { return t.delete(inMemberNumbers, pairKey(rec.ID, 1)) },
		"a number of nobody": func(t *txn, rec list.Record) error {
			return t.put(inMemberNumbers, pairKey(rec.ID, 9), []byte("x@x.example"))
		},
		"a topic's post of nothing": func(t *txn, rec list.Record) error { return t.put(inTopicPosts, pairKey(rec.ID, 1).u32(9), nil) },
		"a topic without its activity": func(t *txn, rec list.Record) error {
			return t.put(inTopics, pairKey(rec.ID, 1), encodeTopic(&list.Topic{List: rec.ID, ID: 1}))
		},
		"a waiting one that is gone":   func(t *txn, rec list.Record) error { return t.delete(inOutgoing, outKey(1)) },
		"an outgoing nobody looks for": func(t *txn, rec list.Record) error { return t.delete(inWaiting, outKey(1)) },
		"due without a row":            func(t *txn, rec list.Record) error { return t.put(inDue, dueKey(morning, 1, 1), []byte("x.example")) },
		"a held post without a list":   func(t *txn, rec list.Record) error { return t.put(inHeld, outKey(7), encodeHeld(&list.Held{ID: 7})) },
		"a wrong count of members": func(t *txn, rec list.Record) error {
			row, err := t.listRow(rec.ID)
			row.Members++
			return errors.Join(err, t.putListRow(&row))
		},
		"a number that is given twice": func(t *txn, rec list.Record) error {
			row, err := t.listRow(rec.ID)
			row.LastMember = 1
			return errors.Join(err, t.putListRow(&row))
		},
		"a message that is not there": func(t *txn, rec list.Record) error {
			p, err := t.Post(rec.ID, 1)
			p.Ref.Offset += 1000
			return errors.Join(err, t.put(inPosts, pairKey(rec.ID, 1), encodePost(&p)))
		},
		"a key under another's id": func(t *txn, _ list.Record) error {
			return t.put(inKeys, listKey(4), encodeMarkKey(&list.MarkKey{ID: 3}))
		},
		"a report that never gets old": func(t *txn, rec list.Record) error {
			return t.put(inReports, reportKey(rec.ID, 1, 1, 1), encodeReport(&list.Report{List: rec.ID, Post: 1, Member: 1, Number: 1}))
		},
		"the age of no report": func(t *txn, rec list.Record) error {
			return t.put(inReportAges, reportAgeKey(morning, rec.ID, 1, 1, 1), nil)
		},
		"a report that is not there": func(t *txn, rec list.Record) error {
			_, err := t.PutReport(list.Report{List: rec.ID, Post: 1, Member: 1, Ref: list.Ref{Segment: 1, Offset: 5000, Length: 9}, Arrived: morning})
			return err
		},
		"a record that is not one": func(t *txn, rec list.Record) error { return t.put(inBans, listKey(rec.ID).str("x"), []byte{0xff}) },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.TempDir(), Options{Log: quiet})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rec := addList(t, db, "peers@example.org", "a@x.example", "b@x.example")
			keep(t, db, rec, "1@x", []byte("x"), 2)
			if problems, err := db.Verify(nil); err != nil || len(problems) > 0 {
				t.Fatalf("before: %q, %v", problems, err)
			}
			if err := db.update(func(t *txn) error { return harm(t, rec) }); err != nil {
				t.Fatal(err)
			}
			said := 0
			problems, err := db.Verify(func(string) { said++ })
			if err != nil || len(problems) == 0 || said == 0 {
				t.Errorf("found %q, %v", problems, err)
			}
		})
	}
}
