package store

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// holders are the addresses that RoleHolders finds.
func holders(t *testing.T, db *DB, id uint32) (all []string) {
	t.Helper()
	err := db.View(func(r list.Reader) error {
		return r.RoleHolders(id, func(m list.Member) error { all = append(all, string(m.Role)+" "+m.Address); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func setRole(t *testing.T, db *DB, rec list.Record, address string, role list.Role, change func(*list.Member)) {
	t.Helper()
	err := db.Update(func(tx list.Tx) error {
		m, err := tx.Member(rec.ID, address)
		if err != nil {
			return err
		}
		if m.Role = role; change != nil {
			change(&m)
		}
		_, err = tx.PutMember(m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRoleHoldersAreFound whatever becomes of them; that the index holds nobody else, verify says when the store is closed.
func TestRoleHoldersAreFound(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@y.example", "cy@x.example", "di@x.example")
	other := addList(t, db, "other@example.org", "eve@x.example")
	if got := holders(t, db, rec.ID); got != nil {
		t.Fatalf("%q", got)
	}
	setRole(t, db, rec, "di@x.example", list.RoleOwner, nil)
	setRole(t, db, rec, "bob@y.example", list.RoleModerator, nil)
	setRole(t, db, rec, "ann@x.example", list.RoleMember, nil)
	setRole(t, db, other, "eve@x.example", list.RoleFacilitator, nil)
	if got := holders(t, db, rec.ID); !slices.Equal(got, []string{"moderator bob@y.example", "owner di@x.example"}) {
		t.Errorf("%q", got)
	}
	setRole(t, db, rec, "bob@y.example", list.RoleOwner, func(m *list.Member) { m.Address = "bob@z.example" })
	setRole(t, db, rec, "di@x.example", list.RoleMember, nil)
	if got := holders(t, db, rec.ID); !slices.Equal(got, []string{"owner bob@z.example"}) {
		t.Errorf("%q", got)
	}
	if err := db.Update(func(tx list.Tx) error { return tx.DeleteMember(rec.ID, "bob@z.example") }); err != nil {
		t.Fatal(err)
	}
	if got := holders(t, db, rec.ID); got != nil {
		t.Errorf("%q", got)
	}
}

// TestRoleHoldersOfAnOldStore: layout 2 did not have the index.
func TestRoleHoldersOfAnOldStore(t *testing.T) {
	dir := t.TempDir()
	db := open(t, dir)
	rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@y.example")
	setRole(t, db, rec, "bob@y.example", list.RoleModerator, nil)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	harmIndex(t, dir, func(tx *txn) error {
		return errors.Join(tx.tx.DeleteBucket([]byte(inMemberRoles.String())), tx.putMetaU64(metaSchema, 2))
	})
	if got := holders(t, open(t, dir), rec.ID); !slices.Equal(got, []string{"moderator bob@y.example"}) {
		t.Errorf("%q", got)
	}
}

func TestVerifyFindsARoleThatIsNotIndexedAndOneThatIsNone(t *testing.T) {
	for name, harm := range map[string]func(*txn) error{
		"one that is missing": func(tx *txn) error { return tx.delete(inMemberRoles, pairKey(1, 2)) },
		"one of a member":     func(tx *txn) error { return tx.put(inMemberRoles, pairKey(1, 1), nil) },
		"one of nobody":       func(tx *txn) error { return tx.put(inMemberRoles, pairKey(1, 9), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db := open(t, dir)
			rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@y.example")
			setRole(t, db, rec, "bob@y.example", list.RoleModerator, nil)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			harmIndex(t, dir, harm)
			db, err := Open(dir, Options{Log: quiet})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if problems, err := db.Verify(nil); err != nil || len(problems) == 0 || !strings.Contains(problems[0], "member") {
				t.Errorf("%q, %v", problems, err)
			}
		})
	}
}

// harmIndex changes the index of a store that is closed.
func harmIndex(t *testing.T, dir string, harm func(*txn) error) {
	t.Helper()
	index, err := bolt.Open(filepath.Join(dir, indexFile), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(index.Update(func(tx *bolt.Tx) error { return harm(&txn{tx: tx}) }), index.Close()); err != nil {
		t.Fatal(err)
	}
}
