package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"convene/list"
)

// streamed is from how many octets of content on a record is read bit by bit into its content, so that the two are not in memory together.
const streamed = 256 << 10

// streamRecord is readRecord for a large record.
func streamRecord(c *codec, f io.ReaderAt, ref list.Ref) ([]byte, error) {
	header := make([]byte, recordHeader)
	if _, err := f.ReadAt(header, int64(ref.Offset)); err != nil && err != io.EOF {
		return nil, err
	}
	size, ok := recordSize(header)
	if !ok || binary.BigEndian.Uint32(header[8:]) != ref.Length {
		return nil, ErrCorrupt
	}
	if isErased(header) {
		return nil, errErased
	}
	size -= int64(recordHeader)
	sum := crc32.New(castagnoli)
	sum.Write(header[:12])
	disk := &faults{r: io.NewSectionReader(f, int64(ref.Offset)+int64(recordHeader), size)}
	stored := io.TeeReader(disk, sum)
	raw := make([]byte, ref.Length)
	var err error
	if size == int64(ref.Length) {
		_, err = io.ReadFull(stored, raw)
	} else if err = c.decompressFrom(stored, raw); err == nil {
		_, err = io.Copy(io.Discard, stored) // the sum is over all of it
	}
	switch {
	case disk.err != nil:
		return nil, disk.err
	case err != nil:
		return nil, fmt.Errorf("%w: does not unpack: %v", ErrCorrupt, err)
	case sum.Sum32() != binary.BigEndian.Uint32(header[12:]):
		return nil, ErrCorrupt
	}
	return raw, nil
}

// faults keeps the error of a reader that is no end, so that a disk that cannot be read does not pass for damaged content.
type faults struct {
	r   io.Reader
	err error
}

func (f *faults) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}
