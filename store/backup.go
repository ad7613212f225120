package store

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	bolt "go.etcd.io/bbolt"

	"convene/list"
)

// BackupExtra is a file that goes into a backup beside the store: the config, a DKIM key.
type BackupExtra struct {
	Name string // relative, with slashes
	Data []byte
}

// The parts of a backup that are not files of the store.
const (
	extraDir     = "extra/"
	manifestFile = "MANIFEST"
)

// Backup writes the whole store as a tar archive, and extras with it, while it is in use. Everything that was acknowledged before is in
// it, and nothing else. The last file of the archive has the SHA-256 of all others. w may be slow: no transaction is open while it is
// written to.
func (db *DB) Backup(w io.Writer, extras ...BackupExtra) error {
	db.copying.RLock()
	defer db.copying.RUnlock()
	if err := db.foldNow(); err != nil {
		return err
	}
	index, end, err := db.copyIndex()
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	defer index.Close()
	a := &archive{tar: tar.NewWriter(w)}
	for _, x := range extras {
		if !filepath.IsLocal(x.Name) {
			return fmt.Errorf("store: backup: %q leads out of the archive", x.Name)
		}
		a.add(extraDir+x.Name, int64(len(x.Data)), strings.NewReader(string(x.Data)))
	}
	marker, err := os.ReadFile(filepath.Join(db.dir, markerFile))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	a.add(markerFile, int64(len(marker)), strings.NewReader(string(marker)))
	for n := uint32(1); n <= end.segment && a.err == nil; n++ {
		a.err = db.backupSegment(a, n, end)
	}
	info, err := index.Stat()
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	a.add(indexFile, info.Size(), io.NewSectionReader(index, 0, info.Size()))
	if err := a.close(); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

// copyIndex copies the index as of now to a file without a name, which is gone with its last descriptor, and returns where the segments
// ended then.
func (db *DB) copyIndex() (*os.File, tail, error) {
	if err := db.roomForCopy(); err != nil {
		return nil, tail{}, err
	}
	f, err := os.CreateTemp(db.dir, "backup-*")
	if err != nil {
		return nil, tail{}, err
	}
	err = os.Remove(f.Name())
	var end tail
	if err == nil {
		err = db.bolt.View(func(tx *bolt.Tx) (err error) {
			if end, err = (&txn{tx: tx}).tail(); err == nil {
				_, err = tx.WriteTo(f)
			}
			return err
		})
	}
	if err != nil {
		f.Close()
		return nil, tail{}, err
	}
	return f, end, nil
}

// roomForCopy reports list.ErrFull when a copy of the index would take the room that the index itself needs to go on.
func (db *DB) roomForCopy() error {
	info, err := os.Stat(db.indexPath())
	if err != nil {
		return err
	}
	free, err := db.free(db.dir)
	if err == nil && free < info.Size()+reserve/8 {
		err = fmt.Errorf("%w for a copy of the index: %d octets are free", list.ErrFull, free)
	}
	return err
}

// backupSegment adds one segment: all of it, or of the last one what the copy of the index knows of.
func (db *DB) backupSegment(a *archive, n uint32, end tail) error {
	f, err := os.OpenFile(db.segments.path(n), os.O_RDONLY|syscallNoFollow, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	size := end.offset
	if n < end.segment {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		size = info.Size()
	}
	a.add(path.Join(segmentsDir, segmentName(n)), size, io.NewSectionReader(f, 0, size))
	return a.err
}

// archive writes a tar file and remembers the sums of what is in it, and the first error.
type archive struct {
	tar  *tar.Writer
	sums strings.Builder
	err  error
}

func (a *archive) add(name string, size int64, r io.Reader) {
	if a.err != nil {
		return
	}
	if a.err = a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); a.err != nil {
		return
	}
	h := sha256.New()
	if _, a.err = io.Copy(io.MultiWriter(a.tar, h), r); a.err == nil {
		a.sums.WriteString(sumLine(h, name))
	}
}

func sumLine(h hash.Hash, name string) string {
	return hex.EncodeToString(h.Sum(nil)) + "  " + name + "\n"
}

func (a *archive) close() error {
	sums := a.sums.String()
	a.add(manifestFile, int64(len(sums)), strings.NewReader(sums))
	return errors.Join(a.err, a.tar.Close())
}
