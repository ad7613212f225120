package store

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"convene/list"
)

// largeLetters are contents that are streamed: one that packs well, one as base64 does, one that does not at all.
func largeLetters() map[string][]byte {
	random := make([]byte, 8<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(random) // never fails
	base64 := bytes.Clone(random)
	for i, b := range base64 {
		base64[i] = 'A' + b%58
	}
	return map[string][]byte{"words": bytes.Repeat(letter(), 800), "base64": base64, "noise": random}
}

func TestLargeRecordsAreReadIntoTheirContentAlone(t *testing.T) {
	for name, raw := range largeLetters() {
		t.Run(name, func(t *testing.T) {
			var c codec
			b := append(make([]byte, 100), encodeRecord(&c, raw)...)
			ref := list.Ref{Segment: 1, Offset: 100, Length: uint32(len(raw))}
			if _, err := readRecord(&c, bytes.NewReader(b), ref); err != nil { // makes the decoder
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got, err := readRecord(&c, bytes.NewReader(b), ref)
			runtime.ReadMemStats(&after)
			if err != nil || !bytes.Equal(got, raw) {
				t.Fatalf("read back %d octets: %v", len(got), err)
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(raw))*5/4 {
				t.Errorf("reading %d octets allocated %d", len(raw), took)
			}
		})
	}
}

func TestDamageToLargeRecordsIsSeen(t *testing.T) {
	for name, raw := range largeLetters() {
		t.Run(name, func(t *testing.T) {
			var c codec
			b := encodeRecord(&c, raw)
			ref := list.Ref{Segment: 1, Length: uint32(len(raw))}
			for _, at := range []int{0, 4, 8, 12, recordHeader, recordHeader + 5, len(b) / 2, len(b) - 1} {
				b[at] ^= 0x10
				if got, err := readRecord(&c, bytes.NewReader(b), ref); !errors.Is(err, ErrCorrupt) || got != nil {
					t.Errorf("octet %d flipped: %v", at, err)
				}
				b[at] ^= 0x10
			}
			for _, n := range []int{0, 3, recordHeader, len(b) / 2, len(b) - 1} {
				if got, err := readRecord(&c, bytes.NewReader(b[:n]), ref); !errors.Is(err, ErrCorrupt) || got != nil {
					t.Errorf("cut to %d octets: %v", n, err)
				}
			}
			if _, err := readRecord(&c, bytes.NewReader(b), list.Ref{Segment: 1, Length: ref.Length - 1}); !errors.Is(err, ErrCorrupt) {
				t.Errorf("as one octet less: %v", err)
			}
			if got, err := readRecord(&c, bytes.NewReader(b), ref); err != nil || !bytes.Equal(got, raw) {
				t.Errorf("after all that it cannot be read: %v", err)
			}
		})
	}
}

// badSector is a disk that cannot be read from some place on.
type badSector struct {
	io.ReaderAt
	from int64
}

var errSector = errors.New("input/output error")

func (b badSector) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > b.from {
		return 0, errSector
	}
	return b.ReaderAt.ReadAt(p, at)
}

func TestADiskThatCannotBeReadIsNoDamage(t *testing.T) {
	var c codec
	for name, raw := range largeLetters() {
		b := encodeRecord(&c, raw)
		for _, from := range []int64{0, int64(recordHeader), 64 << 10} {
			_, err := readRecord(&c, badSector{bytes.NewReader(b), from}, list.Ref{Segment: 1, Length: uint32(len(raw))})
			if !errors.Is(err, errSector) || errors.Is(err, ErrCorrupt) {
				t.Errorf("%s, bad from %d: %v", name, from, err)
			}
		}
	}
}

func BenchmarkRaw(b *testing.B) {
	for name, raw := range largeLetters() {
		b.Run(name, func(b *testing.B) {
			var c codec
			rec := encodeRecord(&c, raw)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := readRecord(&c, bytes.NewReader(rec), list.Ref{Segment: 1, Length: uint32(len(raw))}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
