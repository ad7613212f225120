package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convene/list"
)

// stuck says what Stuck does, a quarter of an hour being too old.
func stuck(t *testing.T, db *DB, at time.Time) string {
	t.Helper()
	oldest, n, err := db.Stuck(at, 15*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%d since %s", n, oldest.Format("15:04"))
}

func TestStuck(t *testing.T) {
	late := morning.Add(16 * time.Minute)
	one := fmt.Sprintf("1 since %s", morning.Format("15:04"))
	settle := func(outcome list.Outcome) func(*testing.T, *DB, list.Record) {
		return func(t *testing.T, db *DB, _ list.Record) {
			c := claim(t, db, 1)
			r := delivered(c)
			r[0].Outcome, r[0].Due = outcome, morning.Add(time.Hour)
			if err := db.Settle(morning, c.ID, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	do := func(f func(*DB) error) func(*testing.T, *DB, list.Record) {
		return func(t *testing.T, db *DB, _ list.Record) {
			if err := f(db); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		do   func(*testing.T, *DB, list.Record)
		at   time.Time
		want string
	}{
		"a post that is young":                        {nil, morning.Add(14 * time.Minute), "nothing"},
		"a post that nobody has":                      {nil, late, one},
		"as old as may be":                            {nil, morning.Add(15 * time.Minute), one},
		"one that somebody has":                       {settle(list.Delivered), late, "nothing"},
		"one that was refused once":                   {settle(list.Failed), late, "nothing"},
		"one that was only put off":                   {settle(list.Deferred), late, one},
		"everything is paused":                        {do(func(db *DB) error { return db.Pause("") }), late, "nothing"},
		"its list is paused":                          {do(func(db *DB) error { return db.Pause("Peers@example.org") }), late, "nothing"},
		"another list is paused":                      {do(func(db *DB) error { return db.Pause("other@example.org") }), late, one},
		"one of its domains is paused":                {do(func(db *DB) error { return db.Pause("x.example") }), late, one},
		"all of its domains are paused":               {do(func(db *DB) error { db.Pause("x.example"); return db.Pause("y.example") }), late, "nothing"},
		"the pause is over":                           {do(func(db *DB) error { db.Pause(""); return db.Resume("") }), late, one},
		"it is set aside, which a person has to know": {do(func(db *DB) error { return db.Poison(1, "no") }), late, "nothing"},
		"mail to people is looked after by nobody else": {func(t *testing.T, db *DB, rec list.Record) {
			if err := db.Update(func(tx list.Tx) error {
				_, err := tx.Enqueue(list.Outgoing{List: rec.ID, Recipients: []string{"o@o.example"}, Accepted: morning.Add(-time.Hour)})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}, late, one},
		"a second one, and one that is young": {func(t *testing.T, db *DB, rec list.Record) {
			for _, after := range []time.Duration{time.Minute, 10 * time.Minute} {
				if err := db.Update(func(tx list.Tx) error {
					_, err := tx.Enqueue(list.Outgoing{List: rec.ID, Post: 2, Address: rec.Address, MaxMember: 2, Accepted: morning.Add(after)})
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
		}, late, fmt.Sprintf("2 since %s", morning.Format("15:04"))},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@y.example")
			keep(t, db, rec, "1@x", []byte("Subject: a\r\n\r\nb\r\n"), 2)
			if c.do != nil {
				c.do(t, db, rec)
			}
			for range 2 { // before and after the results are in the index
				if got := stuck(t, db, c.at); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
				if err := db.Fold(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestStuckBehindMany: old posts of which only some member's copy is missing do not hide the one that nobody has.
func TestStuckBehindMany(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "ann@x.example", "bob@x.example")
	const many = 2*rowsPerView + 7
	err := db.Update(func(tx list.Tx) error {
		for i := range many {
			o := list.Outgoing{List: rec.ID, Post: 1, Address: rec.Address, MaxMember: 2, Accepted: morning.Add(time.Duration(i) * time.Second)}
			if _, err := tx.Enqueue(o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range many - 1 {
		c := claim(t, db, 2)
		r := delivered(c)
		r[0].Outcome, r[0].Due = list.Deferred, morning.Add(72*time.Hour)
		if err := db.Settle(morning, c.ID, r); err != nil {
			t.Fatal(err)
		}
	}
	if _, n, err := db.Stuck(morning.Add(time.Hour), 15*time.Minute); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if messages, _, _ := db.Pending(); messages != many {
		t.Errorf("%d messages wait", messages)
	}
}

func TestOverdue(t *testing.T) {
	db := open(t, t.TempDir())
	if _, ok := db.Overdue(morning); ok {
		t.Error("something is due in an empty store")
	}
	rec := addList(t, db, "peers@example.org", "ann@x.example")
	keep(t, db, rec, "1@x", []byte("Subject: a\r\n\r\nb\r\n"), 1)
	c := claim(t, db, 9)
	if err := db.Settle(morning, c.ID, delivered(c)); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := db.Claim(morning, func(d string) string { return d }, func(string) bool { return true }, 1); ok {
		t.Fatal("there is more")
	}
	if err := db.Fold(); err != nil {
		t.Fatal(err)
	}
	month := morning.Add(30 * 24 * time.Hour)
	if since, ok := db.Overdue(month.Add(-1)); ok {
		t.Errorf("due since %v", since)
	}
	if since, ok := db.Overdue(month); !ok || !since.Equal(month) {
		t.Errorf("due since %v, %v", since, ok)
	}
	if err := db.Prune(month); err != nil {
		t.Fatal(err)
	}
	if _, ok := db.Overdue(month.Add(time.Hour)); ok {
		t.Error("due although it is done")
	}
}

func TestCountHeld(t *testing.T) {
	db := open(t, t.TempDir())
	for want := range 3 {
		if n, err := db.CountHeld(); n != want || err != nil {
			t.Errorf("%d held posts, %v; want %d", n, err, want)
		}
		if err := db.Update(func(tx list.Tx) error { _, err := tx.PutHeld(list.Held{Expires: morning}); return err }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDeliveredIsCountedInAnOldStore: the first layout did not count, and one of two copies in the frozen store was delivered.
func TestDeliveredIsCountedInAnOldStore(t *testing.T) {
	f, err := os.Open("testdata/schema-1.tar")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := Restore(f, dir, false); err != nil {
		t.Fatal(err)
	}
	db := open(t, dir)
	err = db.View(func(r list.Reader) error {
		n, err := r.Tally(1)
		if n != (list.Tally{Delivered: 1}) {
			t.Errorf("%+v", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
