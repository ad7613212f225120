package store

import (
	"fmt"
	"os"
	"path/filepath"
)

// closedCleanly reports whether the last stop left its mark and nobody has written to the index since: the mark names its last transaction.
func (db *DB) closedCleanly() bool {
	b, err := os.ReadFile(filepath.Join(db.dir, cleanFile))
	if err != nil {
		return false
	}
	var marked int
	if _, err := fmt.Sscanf(string(b), "clean %d\n", &marked); err != nil {
		return false
	}
	last, err := lastTransaction(db.indexPath())
	return err == nil && last == marked && probeIndex(db.indexPath()) == nil
}

func (db *DB) markClean() error {
	tx, err := lastTransaction(db.indexPath())
	if err == nil {
		err = writeFile(db.dir, cleanFile, fmt.Appendf(nil, "clean %d\n", tx))
	}
	if err != nil {
		return fmt.Errorf("store: mark of a clean stop: %w", err)
	}
	return nil
}
