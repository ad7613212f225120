package store

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// Restore makes the store in dir from what Backup wrote, and returns the extras. dir must have no store in it; with force the one that is
// there is moved aside to a directory beside it, whose name begins with dir.old. Nothing in dir changes before all of the backup was read
// and its checksums and index were found good. The outbox of the new store is paused: what is in it may have gone out after the backup.
func Restore(r io.Reader, dir string, force bool) (extras []BackupExtra, err error) {
	dir = filepath.Clean(dir)
	exists := false
	if _, err := os.Stat(dir); err == nil {
		if err := owned(dir); err != nil {
			return nil, err
		}
		// A store that is broken is as good a reason to restore as one that is not there.
		if exists, err = inspect(dir); (exists || err != nil) && !force {
			return nil, fmt.Errorf("store: there is a store in %s already; --force moves it out of the way", dir)
		}
		exists = exists || err != nil
		lock, err := lockDir(dir, 0)
		if err != nil {
			return nil, err
		}
		defer lock.Close()
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("store: restore: %w", err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".restore-*")
	if err != nil {
		return nil, fmt.Errorf("store: restore: %w", err)
	}
	defer os.RemoveAll(fresh)
	if extras, err = unpack(r, fresh); err != nil {
		return nil, fmt.Errorf("store: restore: %w", err)
	}
	if err := settleIn(fresh); err != nil {
		return nil, fmt.Errorf("store: restore: %w", err)
	}
	if exists {
		if err := moveAside(dir); err != nil {
			return nil, fmt.Errorf("store: restore: %w", err)
		}
	}
	if err := moveIn(fresh, dir); err != nil {
		return nil, fmt.Errorf("store: restore: %w", err)
	}
	return extras, nil
}

// unpack writes the files of a backup into dir and checks their sums.
func unpack(r io.Reader, dir string) (extras []BackupExtra, err error) {
	if err := os.Mkdir(filepath.Join(dir, segmentsDir), 0o700); err != nil {
		return nil, err
	}
	var sums strings.Builder
	for t := tar.NewReader(r); ; {
		head, err := t.Next()
		if err == io.EOF {
			return nil, fmt.Errorf("the backup is cut short: %w", io.ErrUnexpectedEOF)
		}
		if err != nil {
			return nil, err
		}
		h := sha256.New()
		content := io.TeeReader(t, h)
		switch name := head.Name; {
		case name == manifestFile:
			want, err := io.ReadAll(t)
			if err == nil && string(want) != sums.String() {
				err = fmt.Errorf("checksums of the backup: %w", ErrCorrupt)
			}
			return extras, err
		case head.Typeflag != tar.TypeReg || !filepath.IsLocal(name):
			return nil, fmt.Errorf("%q has no place in a backup", name)
		case strings.HasPrefix(name, extraDir):
			b, err := io.ReadAll(content)
			if err != nil {
				return nil, err
			}
			extras = append(extras, BackupExtra{strings.TrimPrefix(name, extraDir), b})
		case name == markerFile || name == indexFile || filepath.Dir(name) == segmentsDir:
			if err := unpackFile(content, filepath.Join(dir, name)); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%q has no place in a backup", name)
		}
		sums.WriteString(sumLine(h, head.Name))
	}
}

func unpackFile(r io.Reader, name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}

// settleIn checks an unpacked store and pauses its outbox.
func settleIn(dir string) error {
	if _, err := inspect(dir); err != nil {
		return err
	}
	if _, err := readMarker(dir); err != nil {
		return err
	}
	path := filepath.Join(dir, indexFile)
	if err := probeIndex(path); err != nil {
		return err
	}
	if err := CheckIndex(path); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	index, err := bolt.Open(path, 0o600, boltOptions())
	if err != nil {
		return err
	}
	err = migrate(index)
	if err == nil {
		err = index.Update(func(tx *bolt.Tx) error {
			t := &txn{tx: tx}
			return errors.Join(t.renewValidity(path), t.put(inMeta, []byte(metaRestored), nil), t.put(inPauses, []byte(pauseKey("")), nil))
		})
	}
	return errors.Join(err, index.Close(), syncDir(filepath.Join(dir, segmentsDir)), syncDir(dir))
}

// storeFiles are the names that belong to a store and nobody else, the marker first.
func storeFiles() []string {
	return []string{markerFile, indexFile, segmentsDir, journalName(0), journalName(1), cleanFile}
}

// moveAside moves the files of the store in dir to a directory beside it. Others that are there, such as sent mail, stay. So does the
// marker, of which old gets a copy: an interrupted restore leaves a store with something missing, never an invitation to begin anew.
func moveAside(dir string) error {
	old, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".old-*")
	if err != nil {
		return err
	}
	marker, err := os.ReadFile(filepath.Join(dir, markerFile))
	if err == nil {
		err = writeFile(old, markerFile, marker)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := moveFiles(dir, old, storeFiles()[1:]); err != nil {
		return err
	}
	return errors.Join(syncDir(old), syncDir(dir), syncDir(filepath.Dir(dir)))
}

// moveIn moves the files of a new store into dir, the marker last.
func moveIn(fresh, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := moveFiles(fresh, dir, storeFiles()); err != nil {
		return err
	}
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(dir)))
}

// moveFiles moves files, the last named first.
func moveFiles(from, to string, names []string) error {
	for i := range names {
		name := names[len(names)-1-i]
		if err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
