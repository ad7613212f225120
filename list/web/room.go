package web

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// What reading posts for pages may cost: a post is in memory while it is read, and has up to max_message octets.

const (
	// maxReads is how many pages are made of posts at once, and readPatience how long one waits for its turn.
	maxReads     = 4
	readPatience = 5 * time.Second
	// maxDownloads is how many files are sent at once: each has its post in memory. maxDownloadsNear is how many of them one neighbourhood has, so
	// that nobody who reads theirs slowly keeps all others from files; clients that are not known are not counted.
	maxDownloads     = 8
	maxDownloadsNear = 2
	// downloadStall is how long a browser may take no octet of a piece of a file, of downloadPiece octets. The whole may take as long as its line is slow.
	downloadStall = time.Minute
	downloadPiece = 32 << 10
)

// read calls f, which reads posts, when it is its turn, and reports whether it came.
func (v *visit) read(f func()) bool {
	select {
	case v.reads <- struct{}{}:
	default:
		wait := time.NewTimer(readPatience)
		defer wait.Stop()
		select {
		case v.reads <- struct{}{}:
		case <-wait.C:
			return false
		case <-v.r.Context().Done():
			return false
		}
	}
	defer func() { <-v.reads }()
	f()
	return true
}

// downloads counts the files that are being sent.
type downloads struct {
	mu   sync.Mutex
	all  int
	near map[netip.Prefix]int
}

// begin reports whether one more may be sent to a neighbourhood, the zero Prefix if that is not known, and counts it if so.
func (d *downloads) begin(near netip.Prefix) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all >= maxDownloads || near.IsValid() && d.near[near] >= maxDownloadsNear {
		return false
	}
	d.all++
	if near.IsValid() {
		d.near[near]++
	}
	return true
}

func (d *downloads) end(near netip.Prefix) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.near[near]--; d.near[near] <= 0 {
		delete(d.near, near)
	}
}

// patient writes an answer that may take long, as long as it goes on.
type patient struct {
	w       io.Writer
	control interface{ SetWriteDeadline(time.Time) error }
}

// Write writes piece by piece, whatever it is given: a file that came as it is is given whole, and has not got to be through in one downloadStall.
func (p *patient) Write(b []byte) (done int, err error) {
	for len(b) > 0 {
		// A recorder in a test has no deadline to set.
		if err := p.control.SetWriteDeadline(time.Now().Add(downloadStall)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return done, err
		}
		n, err := p.w.Write(b[:min(len(b), downloadPiece)])
		if done += n; err != nil {
			return done, err
		}
		b = b[n:]
	}
	return done, nil
}
