package store

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"convene/store/storetest"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// open opens a store that is closed and verified when the test ends.
func open(t testing.TB, dir string) *DB {
	t.Helper()
	db, err := Open(dir, Options{Log: quiet, LockWait: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if db.closed.Load() || db.broken.err() != nil {
			return
		}
		problems, err := db.Verify(nil)
		if err != nil || len(problems) > 0 {
			t.Errorf("verify: %q, %v", problems, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend { return open(t, t.TempDir()) })
}

// forgetClean makes the last stop look like a kill.
func forgetClean(t testing.TB, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, cleanFile)); err != nil {
		t.Fatal(err)
	}
}
