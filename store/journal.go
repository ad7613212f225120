package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
)

// journal keeps settlements that are not in the index yet. It is written without a sync: what a killed process had written is there when
// it starts again, and a loss of power costs what was not yet folded. Of its two files one is written to while the other is folded.
type journal struct {
	files  [2]file
	active int
	size   int64 // of the active file
	seq    uint64
}

// journalLimit is the length of the longest entry that is believed, in octets.
const journalLimit = 64 << 20

func journalName(i int) string { return fmt.Sprintf("journal.%d", i) }

// open opens both files and returns, in order, the settlements in them that come after the one with number folded.
func (j *journal) open(dir string, folded uint64) ([]*settlement, error) {
	var all []*settlement
	j.seq = folded
	for i := range j.files {
		name := filepath.Join(dir, journalName(i))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscallNoFollow, 0o600)
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		j.files[i] = diskFile{f}
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		for _, s := range decodeJournal(b) {
			if s.seq > folded {
				all = append(all, s)
				j.seq = max(j.seq, s.seq)
			}
		}
	}
	slices.SortFunc(all, func(a, b *settlement) int {
		if a.seq < b.seq {
			return -1
		}
		return 1
	})
	return all, syncDir(dir)
}

// decodeJournal reads entries up to the first that is not whole: behind it nothing was answered for.
func decodeJournal(b []byte) (all []*settlement) {
	for len(b) >= 8 {
		n := binary.BigEndian.Uint32(b)
		if n > journalLimit || int(n) > len(b)-8 || crc32.Checksum(b[8:8+n], castagnoli) != binary.BigEndian.Uint32(b[4:]) {
			break
		}
		s, err := decodeSettlement(b[8 : 8+n])
		if err != nil {
			break
		}
		all = append(all, &s)
		b = b[8+n:]
	}
	return all
}

func encodeEntry(s *settlement) []byte {
	body := s.encode()
	b := make([]byte, 8, 8+len(body))
	binary.BigEndian.PutUint32(b, uint32(len(body)))
	binary.BigEndian.PutUint32(b[4:], crc32.Checksum(body, castagnoli))
	return append(b, body...)
}

// append gives s its number and writes it.
func (j *journal) append(s *settlement) error {
	j.seq++
	s.seq = j.seq
	b := encodeEntry(s)
	if _, err := j.files[j.active].WriteAt(b, j.size); err != nil {
		return err
	}
	j.size += int64(len(b))
	return nil
}

// turn makes the other file the active one; it must be empty.
func (j *journal) turn() { j.active, j.size = 1-j.active, 0 }

// clear empties the file that is not active, whose settlements are in the index.
func (j *journal) clear() error { return j.files[1-j.active].Truncate(0) }

// reset empties both files.
func (j *journal) reset() error {
	j.size = 0
	return errors.Join(j.files[0].Truncate(0), j.files[1].Truncate(0))
}

func (j *journal) close() error {
	var errs []error
	for _, f := range j.files {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}
