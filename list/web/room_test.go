package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// status is that of a page that a client asks for.
func (s *site) status(path, client string) int {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	r.RemoteAddr = client
	s.Server.Handler().ServeHTTP(w, r)
	return w.Code
}

func TestOneNeighbourhoodDoesNotTakeAllDownloads(t *testing.T) {
	const path = "/peers@lists.example.org/files/7/1"
	s := newSite()
	slow := neighbourhood(netip.MustParseAddr("2001:db8::1"))
	for i := range maxDownloadsNear {
		if !s.Server.downloads.begin(slow) {
			t.Fatalf("download %d is one too many", i)
		}
	}
	if code := s.status(path, "[2001:db8::2]:1"); code != http.StatusServiceUnavailable {
		t.Errorf("one more of the same: %d", code)
	}
	if code := s.status(path, "[2001:db8:0:1::2]:1"); code != http.StatusOK {
		t.Errorf("somebody else: %d", code)
	}
	s.Server.downloads.end(slow)
	if code := s.status(path, "[2001:db8::2]:1"); code != http.StatusOK {
		t.Errorf("after one of them was through: %d", code)
	}
	s.Server.downloads.end(slow)
	if n := len(s.Server.downloads.near); n != 0 || s.Server.downloads.all != 0 {
		t.Errorf("%d neighbourhoods and %d downloads are still counted", n, s.Server.downloads.all)
	}
}

func TestPostsAreReadInTurn(t *testing.T) {
	for _, path := range []string{"/m/a%2Fb%3Fc%25d%40x", "/peers@lists.example.org/topics/17", "/peers@lists.example.org/search?q=three"} {
		synctest.Test(t, func(t *testing.T) {
			s := newSite()
			for range maxReads {
				s.Server.reads <- struct{}{}
			}
			began := time.Now()
			if code := s.status(path, "192.0.2.1:1"); code != http.StatusServiceUnavailable || time.Since(began) != readPatience {
				t.Errorf("%s: %d after %s", path, code, time.Since(began))
			}
			go func() {
				time.Sleep(readPatience / 2)
				<-s.Server.reads
			}()
			if code := s.status(path, "192.0.2.1:1"); code != http.StatusOK || len(s.Server.reads) != maxReads-1 {
				t.Errorf("%s: %d when there is room, %d under way", path, code, len(s.Server.reads))
			}
			if code := s.status("/peers@lists.example.org/", "192.0.2.1:1"); code != http.StatusOK {
				t.Errorf("a page that reads no post: %d", code)
			}
		})
	}
}

// line is a connection that counts how often it was given time, and what came.
type line struct {
	bytes.Buffer
	times, most int
}

func (l *line) SetWriteDeadline(time.Time) error { l.times++; return nil }

func (l *line) Write(b []byte) (int, error) {
	l.most = max(l.most, len(b))
	return l.Buffer.Write(b)
}

func TestALongFileHasTimeForEachPieceOfIt(t *testing.T) {
	whole := bytes.Repeat([]byte("0123456789"), downloadPiece)
	var l line
	if n, err := (&patient{w: &l, control: &l}).Write(whole); n != len(whole) || err != nil || !bytes.Equal(l.Bytes(), whole) {
		t.Errorf("%d of %d octets, %v", n, len(whole), err)
	}
	if l.times != 10 || l.most != downloadPiece {
		t.Errorf("time was given %d times, for up to %d octets", l.times, l.most)
	}
}
