package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Compact writes the index of the store in dir anew without its free pages. The store must not be open: *InUseError.
func Compact(dir string) (err error) {
	if err := owned(dir); err != nil {
		return err
	}
	if exists, err := inspect(dir); err != nil || !exists {
		return errors.Join(err, fmt.Errorf("store: compact %s: %w", dir, ErrNoStore))
	}
	lock, err := lockDir(dir, 0)
	if err != nil {
		return err
	}
	defer lock.Close()
	from, to := filepath.Join(dir, indexFile), filepath.Join(dir, indexFile+".compact")
	if err := probeIndex(from); err != nil {
		return err
	}
	defer os.Remove(to)
	if err := compactFile(from, to); err != nil {
		return fmt.Errorf("store: compact %s: %w", dir, err)
	}
	if err := errors.Join(os.Rename(to, from), syncDir(dir)); err != nil {
		return fmt.Errorf("store: compact %s: %w", dir, err)
	}
	return nil
}

func compactFile(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	src, err := bolt.Open(from, 0o600, &bolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := bolt.Open(to, 0o600, &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	const perTransaction = 16 << 20 // octets
	err = bolt.Compact(dst, src, perTransaction)
	if err == nil {
		err = dst.Sync()
	}
	if err = errors.Join(err, dst.Close()); err != nil {
		return err
	}
	return CheckIndex(to)
}
