package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"convene/list"
)

// tail is where the segments end as far as the index knows: what lies behind it was never acknowledged.
type tail struct {
	segment uint32
	offset  int64
}

// segments are the segment files of a store. Only the last one is written to, and only by the committer.
type segments struct {
	dir   string
	codec *codec
	limit int64 // size from which on a segment is sealed
	// unsynced: nothing waits for the disk (Options.Fleeting).
	unsynced bool

	mu   sync.RWMutex // guards what follows; the committer alone changes it
	f    file         // the last segment
	tail tail
}

func segmentName(number uint32) string { return fmt.Sprintf("%08d.seg", number) }

func (s *segments) path(number uint32) string { return filepath.Join(s.dir, segmentName(number)) }

// create begins the segment with that number.
func (s *segments) create(number uint32) error {
	f, err := os.OpenFile(s.path(number), os.O_RDWR|os.O_CREATE|os.O_TRUNC|syscallNoFollow, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.WriteAt(encodeSegmentHeader(number), 0); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = syncDir(s.dir)
	}
	if err != nil {
		f.Close()
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.f != nil {
		err = s.f.Close()
	}
	s.f, s.tail = diskFile{f}, tail{number, int64(segmentHeader)}
	return err
}

// write appends records and returns where each begins. Nothing of it is durable before sync.
func (s *segments) write(records [][]byte) ([]tail, error) {
	size := 0
	for _, r := range records {
		size += len(r)
	}
	if s.tail.offset > int64(segmentHeader) && s.tail.offset+int64(size) > s.limit {
		if err := s.create(s.tail.segment + 1); err != nil {
			return nil, err
		}
	}
	at, end := make([]tail, len(records)), s.tail.offset
	for i, r := range records {
		at[i] = tail{s.tail.segment, end}
		end += int64(len(r))
	}
	// Small records go out in one write; joining big ones would cost more than it saves.
	const together = 1 << 20
	if len(records) > 1 && size <= together {
		joined := make([]byte, 0, size)
		for _, r := range records {
			joined = append(joined, r...)
		}
		records = [][]byte{joined}
	}
	offset := s.tail.offset
	for _, r := range records {
		if _, err := s.f.WriteAt(r, offset); err != nil {
			return nil, err
		}
		offset += int64(len(r))
	}
	s.mu.Lock()
	s.tail.offset = end
	s.mu.Unlock()
	return at, nil
}

func (s *segments) sync() error {
	if s.unsynced {
		return nil
	}
	return s.f.Datasync()
}

// read returns the content that ref names; list.ErrNotFound where it names nothing, or what was erased.
func (s *segments) read(ref list.Ref) ([]byte, error) {
	if ref == (list.Ref{}) {
		return nil, fmt.Errorf("store: no record: %w", list.ErrNotFound)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var raw []byte
	var err error
	if ref.Segment == s.tail.segment {
		raw, err = readRecord(s.codec, s.f, ref)
	} else {
		raw, err = s.readSealed(ref)
	}
	if err != nil {
		return nil, fmt.Errorf("store: record at %d of segment %d: %w", ref.Offset, ref.Segment, err)
	}
	return raw, nil
}

func (s *segments) readSealed(ref list.Ref) ([]byte, error) {
	f, err := os.OpenFile(s.path(ref.Segment), os.O_RDONLY|syscallNoFollow, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readRecord(s.codec, f, ref)
}

// open opens the last segment and sees that no other is missing. known is the tail in the index.
func (s *segments) open(known tail) error {
	for n := uint32(1); n < known.segment; n++ {
		info, err := os.Lstat(s.path(n))
		if err == nil && info.Size() < int64(segmentHeader) {
			err = fmt.Errorf("it is cut short")
		}
		if err != nil {
			return fmt.Errorf("store: segment %d: %w; put it back from a backup, or restore one", n, err)
		}
	}
	f, err := os.OpenFile(s.path(known.segment), os.O_RDWR|syscallNoFollow, 0)
	if err != nil {
		return fmt.Errorf("store: segment %d: %w; put it back from a backup, or restore one", known.segment, err)
	}
	s.f, s.tail = diskFile{f}, known
	header := make([]byte, segmentHeader)
	if _, err := f.ReadAt(header, 0); err != nil {
		return fmt.Errorf("store: segment %d: %w; put it back from a backup, or restore one", known.segment, err)
	}
	return checkSegmentHeader(header, known.segment)
}

// recover cuts what was torn off the end of the last segment, and removes segments behind it that the index never heard of.
// It returns problems that do not keep the store from serving: damaged records that were acknowledged.
func (s *segments) recover() (problems []string, err error) {
	size, err := s.size()
	if err != nil {
		return nil, err
	}
	if size < s.tail.offset {
		return nil, fmt.Errorf("store: segment %d: %d octets are missing at its end; put it back from a backup, or restore one",
			s.tail.segment, s.tail.offset-size)
	}
	end, err := scanRecords(s.f, int64(segmentHeader), s.tail.offset)
	if err != nil {
		return nil, fmt.Errorf("store: segment %d: %w", s.tail.segment, err)
	}
	if end < s.tail.offset {
		problems = append(problems, fmt.Sprintf("segment %d: the record at %d is damaged", s.tail.segment, end))
	}
	if end, err = scanRecords(s.f, s.tail.offset, size); err != nil {
		return nil, fmt.Errorf("store: segment %d: %w", s.tail.segment, err)
	}
	if end < size {
		if err := s.f.Truncate(end); err != nil {
			return nil, fmt.Errorf("store: segment %d: %w", s.tail.segment, err)
		}
		if err := s.f.Datasync(); err != nil {
			return nil, fmt.Errorf("store: segment %d: %w", s.tail.segment, err)
		}
	}
	s.tail.offset = end
	// A segment begun by a group that never was committed is begun again.
	if err := os.Remove(s.path(s.tail.segment + 1)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store: segment %d: %w", s.tail.segment+1, err)
	}
	return problems, nil
}

func (s *segments) size() (int64, error) {
	info, err := os.Lstat(s.path(s.tail.segment))
	if err != nil {
		return 0, fmt.Errorf("store: segment %d: %w", s.tail.segment, err)
	}
	return info.Size(), nil
}

func (s *segments) close() error {
	if s.f == nil {
		return nil
	}
	return s.f.Close()
}
