package store

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"

	"convene/list"
)

// secretLetter has words that are in nothing else; what is large is stored in another way, and noise as it is.
func secretLetters() map[string][]byte {
	all := largeLetters()
	all["one line"] = []byte("Subject: x\r\n\r\nthe-words-that-must-go\r\n")
	return all
}

// onDisk is all that the segments have.
func onDisk(t *testing.T, db *DB) []byte {
	t.Helper()
	var all []byte
	for n := uint32(1); n <= db.segments.tail.segment; n++ {
		b, err := os.ReadFile(db.segments.path(n))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func removed(t *testing.T, db *DB, rec list.Record, ref list.Ref, out uint64) {
	t.Helper()
	err := db.Update(func(tx list.Tx) error {
		_, err := tx.PutPost(list.Post{List: rec.ID, Number: 1, MessageID: "1@x", Removed: morning})
		return errors.Join(err, tx.DropOutgoing(out, morning), tx.Forget(ref))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sound(t *testing.T, db *DB) {
	t.Helper()
	if problems, err := db.Verify(nil); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v %q", err, problems)
	}
}

func TestWhatIsErasedIsOnTheDiskNoMore(t *testing.T) {
	for name, raw := range secretLetters() {
		t.Run(name, func(t *testing.T) {
			db := open(t, t.TempDir())
			rec := addList(t, db, "peers@example.org", "a@example.org")
			ref, out := keep(t, db, rec, "1@x", raw, 1)
			other, _ := keep(t, db, rec, "2@x", []byte("Subject: y\r\n\r\nstays\r\n"), 1)
			stored := encodeRecord(&db.codec, raw)[recordHeader:]
			if !bytes.Contains(onDisk(t, db), stored) {
				t.Fatal("it is not even there before")
			}
			size := len(onDisk(t, db))
			removed(t, db, rec, ref, out)
			if _, err := db.Raw(ref); err != nil {
				t.Errorf("before it is erased: %v", err)
			}
			for range 2 {
				if err := db.Erase(); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := db.Raw(ref); !errors.Is(err, list.ErrNotFound) || got != nil {
				t.Errorf("read after it was erased: %v", err)
			}
			now := onDisk(t, db)
			if len(now) != size {
				t.Errorf("the segment had %d octets, and has %d", size, len(now))
			}
			if piece := stored[len(stored)/2 : min(len(stored)/2+16, len(stored))]; bytes.Contains(now, piece) {
				t.Error("some of it is still there")
			}
			if got, err := db.Raw(other); err != nil || !strings.Contains(string(got), "stays") {
				t.Errorf("what is behind it: %q, %v", got, err)
			}
			sound(t, db)
			killed, err := Open(copyStore(t, db), Options{Log: quiet})
			if err != nil {
				t.Fatal(err)
			}
			defer killed.Close()
			if _, err := killed.Raw(other); err != nil {
				t.Error(err)
			}
			sound(t, killed)
		})
	}
}

func TestAnErasureThatWasBrokenOffIsDoneAtTheStart(t *testing.T) {
	raw := bytes.Repeat([]byte("the words that must go, "), 2000)
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@example.org")
	ref, out := keep(t, db, rec, "1@x", raw, 1)
	removed(t, db, rec, ref, out)
	whole := encodeRecord(&db.codec, raw)
	for cut := range len(whole) + 1 {
		if cut > 64 && cut < len(whole)-3 && cut%37 != 0 {
			continue
		}
		dir := copyStore(t, db)
		path := strings.Replace(db.segments.path(ref.Segment), db.dir, dir, 1)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// A device may write what it was given in any order: of the new record here the last octets are there.
		fresh := append([]byte(erasedMagic), whole[4:12]...)
		fresh = append(fresh, make([]byte, len(whole)-12)...)
		copy(b[int(ref.Offset)+cut:], fresh[cut:])
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		again, err := Open(dir, Options{Log: slog.New(slog.NewTextHandler(&said, nil))})
		if err != nil {
			t.Fatalf("from octet %d on: %v", cut, err)
		}
		if err := again.Erase(); err != nil {
			t.Errorf("from octet %d on: %v", cut, err)
		}
		if _, err := again.Raw(ref); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("from octet %d on: %v", cut, err)
		}
		sound(t, again)
		if strings.Contains(said.String(), "damaged") {
			t.Errorf("from octet %d on: %s", cut, said.String())
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatSomethingElseNamesIsNotErasedYet(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@example.org")
	ref, out := keep(t, db, rec, "1@x", []byte("Subject: x\r\n\r\nwords\r\n"), 1)
	var note list.Note
	err := db.Update(func(tx list.Tx) (err error) {
		note, err = tx.PutNote(list.Note{List: rec.ID, Text: "post", To: "a@example.org", Enclosed: ref})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	removed(t, db, rec, ref, out)
	if err := db.Erase(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Raw(ref); err != nil {
		t.Fatalf("a notice has it still: %v", err)
	}
	if err := db.Update(func(tx list.Tx) error { return tx.DeleteNote(note.ID) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Raw(ref); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("nothing names it: %v", err)
	}
}

// slow is a writer that lets something happen when it is first written to.
type slow struct{ first func() }

func (s *slow) Write(p []byte) (int, error) {
	if s.first != nil {
		s.first()
		s.first = nil
	}
	return len(p), nil
}

func TestNothingIsErasedUnderABackup(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@example.org")
	ref, out := keep(t, db, rec, "1@x", []byte("Subject: x\r\n\r\nwords\r\n"), 1)
	err := db.Backup(&slow{func() {
		removed(t, db, rec, ref, out)
		if err := db.Erase(); err != nil {
			t.Error(err)
		}
		if _, err := db.Raw(ref); err != nil {
			t.Errorf("the index in the backup names it: %v", err)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Erase(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Raw(ref); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("after the backup: %v", err)
	}
}

func TestNobodyIsGivenACopyThatWasDropped(t *testing.T) {
	db := open(t, t.TempDir())
	rec := addList(t, db, "peers@example.org", "a@example.org", "b@example.org", "c@example.net", "d@example.net")
	ref, out := keep(t, db, rec, "1@x", []byte("Subject: x\r\n\r\nwords\r\n"), 4)
	_, next := keep(t, db, rec, "2@x", []byte("Subject: y\r\n\r\nwords\r\n"), 4)
	first := claim(t, db, 2)
	if first.Out.ID != out || len(first.Copies) != 2 {
		t.Fatalf("claimed %d of %d", len(first.Copies), first.Out.ID)
	}
	if err := db.Settle(morning, first.ID, []list.Settled{{Copy: first.Copies[0], Outcome: list.Deferred, Due: morning, Status: "4.2.1 later"}}); err != nil {
		t.Fatal(err)
	}
	removed(t, db, rec, ref, out)
	if err := db.Settle(morning, first.ID, []list.Settled{{Copy: first.Copies[1], Outcome: list.Delivered}}); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		c, ok, err := db.Claim(morning, smarthost, ready, 1)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if c.Out.ID != next {
			t.Errorf("%s was given a copy of what was dropped", c.Copies[0].Address)
		}
	}
	if c, ok, _ := db.Claim(morning, smarthost, ready, 9); ok {
		t.Errorf("%d copies more of %d", len(c.Copies), c.Out.ID)
	}
	if err := db.Update(func(tx list.Tx) error { return tx.DropOutgoing(77, morning) }); err != nil {
		t.Errorf("one that there is not: %v", err)
	}
	sound(t, db)
	if n, copies, _ := db.Pending(); n != 1 || copies > 4 {
		t.Errorf("%d outgoings with %d copies wait", n, copies)
	}
}
