package mailer

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"sync"
	"time"
)

// idEncoding keeps the order of the octets in the order of the text, which the usual base32 alphabet does not.
var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// IDs makes the envelope ids of one server: 26 characters that sort in the order in which they were made and do not meet those of another
// server or run. 48 bits of milliseconds, 24 of a counter, 56 of chance.
type IDs struct {
	now    func() time.Time
	random io.Reader

	mu    sync.Mutex
	last  uint64 // milliseconds
	count uint32 // within them
}

// NewIDs makes IDs by a clock and a source of chance.
func NewIDs(now func() time.Time, random io.Reader) *IDs { return &IDs{now: now, random: random} }

// Next makes an id. Its error is that of the source of chance.
func (s *IDs) Next() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A clock that stands still or goes back must not break the order.
	ms := max(uint64(s.now().UnixMilli()), s.last)
	if ms == s.last {
		s.count++
	} else {
		s.count = 0
	}
	s.last = ms

	var id [16]byte
	binary.BigEndian.PutUint64(id[0:8], ms<<16)
	binary.BigEndian.PutUint32(id[6:10], s.count<<8)
	if _, err := io.ReadFull(s.random, id[9:]); err != nil {
		return "", fmt.Errorf("mailer: randomness for an envelope id: %w", err)
	}
	return idEncoding.EncodeToString(id[:]), nil
}
