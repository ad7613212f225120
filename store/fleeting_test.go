package store

import (
	"testing"

	"convene/list"
)

func TestAFleetingStoreSyncsNothing(t *testing.T) {
	db, err := Open(t.TempDir(), Options{Fleeting: true})
	if err != nil {
		t.Fatal(err)
	}
	failing := &unsyncable{file: db.segments.f}
	db.segments.f = failing
	err = db.Keep([]byte("Subject: x\r\n\r\nbody\r\n"), func(tx list.Tx, ref list.Ref) error {
		_, err := tx.EnsureList("peers@lists.example.org", nil)
		return err
	})
	if err != nil || failing.synced {
		t.Fatalf("Keep: %v; synced: %v", err, failing.synced)
	}
	if !db.bolt.NoSync {
		t.Error("the index is synced")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// unsyncable notices that it is synced.
type unsyncable struct {
	file
	synced bool
}

func (u *unsyncable) Datasync() error { u.synced = true; return u.file.Datasync() }

func TestKeepAllKeepsAllOrNothing(t *testing.T) {
	db := open(t, t.TempDir())
	raws := [][]byte{[]byte("Subject: one\r\n\r\n1\r\n"), []byte("Subject: two\r\n\r\n22\r\n")}
	var kept []list.Ref
	err := db.KeepAll(raws, func(tx list.Tx, refs []list.Ref) error {
		kept = append([]list.Ref(nil), refs...)
		_, err := tx.EnsureList("peers@lists.example.org", nil)
		return err
	})
	if err != nil || len(kept) != 2 {
		t.Fatalf("KeepAll: %v, %d places", err, len(kept))
	}
	for i, ref := range kept {
		if got, err := db.Raw(ref); err != nil || string(got) != string(raws[i]) {
			t.Errorf("message %d: %q, %v", i, got, err)
		}
	}
}

func TestPapersAreKeptUnderTheirNames(t *testing.T) {
	db := open(t, t.TempDir())
	err := db.Update(func(tx list.Tx) error {
		for _, address := range []string{"a@lists.example.org", "b@lists.example.org"} {
			rec, err := tx.EnsureList(address, nil)
			if err != nil {
				return err
			}
			for _, name := range []string{"course/y", "course/x", "digest/7"} {
				if err := tx.PutPaper(rec.ID, name, []byte(address+" "+name)); err != nil {
					return err
				}
			}
		}
		return tx.DeletePaper(1, "digest/7")
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = db.View(func(r list.Reader) error {
		if _, err := r.Paper(1, "digest/7"); err == nil {
			t.Error("a paper that was deleted is there")
		}
		return r.Papers(1, "course/", func(name string, content []byte) error {
			got = append(got, name+"="+string(content))
			return nil
		})
	})
	if err != nil || len(got) != 2 || got[0] != "course/x=a@lists.example.org course/x" || got[1] != "course/y=a@lists.example.org course/y" {
		t.Errorf("papers: %q, %v", got, err)
	}
}
