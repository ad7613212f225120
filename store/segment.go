package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"convene/list"
)

const (
	// segmentMagic opens a segment file; its last octet is the version.
	segmentMagic = "CNVNSEG\x01"
	// segmentHeader is the magic and the segment's number, with a CRC-32C over both.
	segmentHeader = len(segmentMagic) + 4 + 4
	// recordMagic opens every record.
	recordMagic = "cvn\xB1"
	// erasedMagic opens one whose content was overwritten with zeros; all else of its header says what it did.
	erasedMagic = "cvn\xB2"
	// recordHeader is the magic, the stored length, the original length and a CRC-32C over these three and the stored octets.
	recordHeader = len(recordMagic) + 4 + 4 + 4
	// segmentLimit is the size in octets from which on a segment is sealed.
	segmentLimit = 256 << 20
)

// file is the part of *os.File that a segment and a journal write with. Tests put failing ones in its place.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	// Datasync makes what was written survive a loss of power.
	Datasync() error
}

// diskFile is the file of the real world.
type diskFile struct{ *os.File }

// Datasync implements file.
func (f diskFile) Datasync() error { return unix.Fdatasync(int(f.Fd())) }

// encodeSegmentHeader makes the first octets of a segment file.
func encodeSegmentHeader(number uint32) []byte {
	b := binary.BigEndian.AppendUint32([]byte(segmentMagic), number)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

func checkSegmentHeader(b []byte, number uint32) error {
	if string(b) != string(encodeSegmentHeader(number)) {
		return fmt.Errorf("store: segment %d: its header is %w", number, ErrCorrupt)
	}
	return nil
}

// encodeRecord makes a record of raw. What does not get smaller is stored as it is.
func encodeRecord(c *codec, raw []byte) []byte {
	b := make([]byte, recordHeader, recordHeader+len(raw)+64)
	if b = c.compress(raw, b); len(b)-recordHeader >= len(raw) {
		b = append(b[:recordHeader], raw...)
	}
	copy(b, recordMagic)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)-recordHeader))
	binary.BigEndian.PutUint32(b[8:], uint32(len(raw)))
	binary.BigEndian.PutUint32(b[12:], recordSum(b))
	return b
}

func recordSum(b []byte) uint32 {
	return crc32.Update(crc32.Checksum(b[:12], castagnoli), castagnoli, b[recordHeader:])
}

// recordSize reads a record's header and returns how long the whole record is.
func recordSize(b []byte) (int64, bool) {
	if len(b) < recordHeader || string(b[:4]) != recordMagic && !isErased(b) {
		return 0, false
	}
	stored, original := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	return int64(recordHeader) + int64(stored), stored <= original
}

// isErased reports whether the record that b begins with has no content any more.
func isErased(b []byte) bool { return string(b[:len(erasedMagic)]) == erasedMagic }

// checkRecord reports whether b is one whole record.
func checkRecord(b []byte) bool {
	size, ok := recordSize(b)
	return ok && size == int64(len(b)) && binary.BigEndian.Uint32(b[12:]) == recordSum(b)
}

// decodeRecord returns the content of the record that b begins with. What follows it in b is ignored.
func decodeRecord(c *codec, b []byte, length uint32) ([]byte, error) {
	size, ok := recordSize(b)
	if !ok || size > int64(len(b)) || binary.BigEndian.Uint32(b[8:]) != length || !checkRecord(b[:size]) {
		return nil, ErrCorrupt
	}
	if isErased(b) {
		return nil, errErased
	}
	stored := b[recordHeader:size]
	if len(stored) == int(length) {
		return stored, nil
	}
	raw, err := c.decompress(stored, length)
	if err != nil || len(raw) != int(length) {
		return nil, fmt.Errorf("%w: does not unpack: %v", ErrCorrupt, err)
	}
	return raw, nil
}

// readRecord reads what ref names. A stored record is never longer than its content and a header, so one read does for a small one.
func readRecord(c *codec, f io.ReaderAt, ref list.Ref) ([]byte, error) {
	if ref.Length > streamed {
		return streamRecord(c, f, ref)
	}
	b := make([]byte, recordHeader+int(ref.Length))
	n, err := f.ReadAt(b, int64(ref.Offset))
	if err != nil && err != io.EOF {
		return nil, err
	}
	return decodeRecord(c, b[:n], ref.Length)
}

// scanRecords reads records from offset to size and returns the end of the last one before the first that is not whole.
func scanRecords(f io.ReaderAt, offset, size int64) (int64, error) {
	r := io.NewSectionReader(f, offset, size-offset)
	buf := make([]byte, 1<<20)
	have := 0
	for {
		n, err := io.ReadFull(r, buf[have:])
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return offset, err
		}
		have += n
		used := 0
		for {
			length, ok := recordSize(buf[used:have])
			if n > 0 && (have-used < recordHeader || ok && length > int64(have-used) && offset+length <= size) {
				if int(length) > len(buf) {
					buf = append(buf, make([]byte, int(length)-len(buf))...)
				}
				break // the rest is still to be read
			}
			if !ok || length > int64(have-used) || !checkRecord(buf[used:used+int(length)]) {
				return offset, nil
			}
			used += int(length)
			offset += length
		}
		have = copy(buf, buf[used:have])
	}
}
