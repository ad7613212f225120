package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The files of a store.
const (
	indexFile   = "index.db"
	segmentsDir = "segments"
	markerFile  = "STORE"
	cleanFile   = "clean"
	pidFile     = "pid"
)

// syscallNoFollow keeps a symbolic link that somebody put into the directory from leading out of it.
const syscallNoFollow = syscall.O_NOFOLLOW

// ErrNoStore: there is no store in the directory, and none was to be made.
var ErrNoStore = errors.New("there is no store here")

// InUseError says that another process has the store open.
type InUseError struct {
	Dir string
	PID int // zero: not known
}

func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("store: %s is in use by another process", e.Dir)
	}
	return fmt.Sprintf("store: %s is in use by process %d", e.Dir, e.PID)
}

// owned refuses a directory of somebody else: files that we make there would be ours and lock its owner out.
func owned(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("store: %s is not a directory", dir)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("store: %s belongs to user %d and this is user %d: run the command as its owner", dir, st.Uid, os.Geteuid())
	}
	return nil
}

// inspect reports whether dir holds a store. A store of which something is missing is an error, never an invitation to begin anew.
func inspect(dir string) (bool, error) {
	here := func(name string) (fs.FileInfo, bool) {
		info, err := os.Lstat(filepath.Join(dir, name))
		return info, err == nil
	}
	const remedy = "put it back from a backup, or use restore"
	_, marker := here(markerFile)
	index, hasIndex := here(indexFile)
	_, hasSegments := here(segmentsDir)
	remains := false // of a store whose parts were taken away: they come after the marker
	for _, name := range []string{cleanFile, journalName(0), journalName(1)} {
		_, left := here(name)
		remains = remains || left
	}
	switch {
	case !marker && !hasIndex && !hasSegments && !remains:
		return false, nil
	case hasIndex && index.Size() == 0:
		return false, fmt.Errorf("store: %s/%s is empty: %s", dir, indexFile, remedy)
	case !marker:
		return false, fmt.Errorf("store: %s has files of a store, but no %s: %s", dir, markerFile, remedy)
	case !hasIndex:
		return false, fmt.Errorf("store: %s/%s is missing: %s", dir, indexFile, remedy)
	case !hasSegments:
		return false, fmt.Errorf("store: %s/%s is missing: %s", dir, segmentsDir, remedy)
	}
	return true, nil
}

// newMarker makes the content of the STORE file: the format's version and a random id of this site's store.
func newMarker() string {
	id := make([]byte, 16)
	rand.Read(id) //nolint:errcheck // never fails
	return fmt.Sprintf("convene store %d %s\n", formatVersion, hex.EncodeToString(id))
}

// readMarker returns the site id of a STORE file and refuses a format that is newer than we are.
func readMarker(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, markerFile))
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	var version int
	var id string
	if _, err := fmt.Sscanf(string(b), "convene store %d %s", &version, &id); err != nil {
		return "", fmt.Errorf("store: %s/%s is not ours: %w", dir, markerFile, err)
	}
	if version > formatVersion {
		return "", fmt.Errorf("store: %s was written by a newer version (format %d, this one knows %d)", dir, version, formatVersion)
	}
	return id, nil
}

// lockDir takes the lock on the pid file, waiting for it at most wait, and writes our process id into it.
func lockDir(dir string, wait time.Duration) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, pidFile), os.O_RDWR|os.O_CREATE|syscallNoFollow, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	const step = 20 * time.Millisecond // a lock cannot be waited for and given up at once
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			f.Close()
			return nil, fmt.Errorf("store: lock of %s: %w", dir, err)
		}
		if wait -= step; wait < 0 {
			defer f.Close()
			return nil, &InUseError{Dir: dir, PID: readPID(f)}
		}
		time.Sleep(step)
	}
	// Written over and cut to length, not emptied first: on a full disk the room would be gone.
	pid := strconv.Itoa(os.Getpid()) + "\n"
	_, err = f.WriteAt([]byte(pid), 0)
	if err == nil {
		err = f.Truncate(int64(len(pid)))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("store: %w", err)
	}
	return f, nil
}

func readPID(f *os.File) int {
	b := make([]byte, 20)
	n, _ := f.ReadAt(b, 0)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	return pid
}

// writeFile makes a whole file durably: all of it, or none.
func writeFile(dir, name string, content []byte) error {
	f, err := os.OpenFile(filepath.Join(dir, name+".new"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscallNoFollow, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
