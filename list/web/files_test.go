package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"convene/list"
)

func TestFiles(t *testing.T) {
	const library = "/peers@lists.example.org/files/"
	for name, c := range map[string]struct {
		method, path string
		fail         error
		status       int
		fields       map[string]string
		body         string // whole, where it is not empty
	}{
		"a file is saved under its name": {path: library + "7/1", status: 200, body: fakeContent, fields: map[string]string{
			"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=utf-8''%C3%9Cbersicht%20%222026%22.pdf", "Content-Length": "32"}},
		"its name may stand behind it":            {path: library + "7/1/report.pdf", status: 200, body: fakeContent},
		"a page of somebody's is no page of ours": {path: library + "7/2", status: 200, fields: map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename=evil.html`}, body: fakeContent},
		"HEAD tells how long it is":               {method: "HEAD", path: library + "7/1", status: 200, fields: map[string]string{"Content-Length": "32"}},
		"nothing is changed by a POST":            {method: "POST", path: library + "7/1", status: 405},
		"a file that is not there":                {path: library + "7/3", status: 404},
		"a post that is not there":                {path: library + "8/1", status: 404},
		"a list that is not there":                {path: "/others@lists.example.org/files/7/1", status: 404},
		"a library that is not there":             {path: "/others@lists.example.org/files/", status: 404},
		"what is no number":                       {path: library + "seven/1", status: 404},
		"what is no number of a file":             {path: library + "7/", status: 404},
		"before what is no number":                {path: library + "?before=x", status: 404},
		"a number too large":                      {path: library + "99999999999/1", status: 404},
		"no list at all":                          {path: "/files/7/1", status: 404},
		"a store that does not answer":            {path: library + "7/1", fail: errors.New("disk"), status: 503},
		"a library that cannot be read":           {path: library, fail: errors.New("disk"), status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.err = c.fail
			if c.method == "" {
				c.method = "GET"
			}
			w := httptest.NewRecorder()
			s.Server.Handler().ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status {
				t.Fatalf("status %d", w.Code)
			}
			for field, want := range c.fields {
				if got := w.Header().Get(field); got != want {
					t.Errorf("%s: %q, want %q", field, got, want)
				}
			}
			if c.body != "" && w.Body.String() != c.body || c.method == "HEAD" && w.Body.Len() > 0 {
				t.Errorf("body %q", w.Body)
			}
			if strings.Contains(c.path, "7/") && w.Code == 200 {
				for field, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"} {
					if got := w.Header().Get(field); got != want {
						t.Errorf("%s: %q, want %q", field, got, want)
					}
				}
				if !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
					t.Error("it is shown, not saved")
				}
			}
		})
	}
}

// TestFileThatIsKnown: a program that has a file is not sent it again, as long as it may have it; one of members is kept by no browser.
func TestFileThatIsKnown(t *testing.T) {
	for name, c := range map[string]struct {
		known           string
		private, failed bool
		status          int
		cache           string
	}{
		"the first time":                 {status: 200, cache: "no-cache"},
		"as it is known":                 {known: `W/"7-1"`, status: 304, cache: "no-cache"},
		"as another program writes it":   {known: `"x", "7-1"`, status: 304, cache: "no-cache"},
		"whatever there is":              {known: "*", status: 304, cache: "no-cache"},
		"another file":                   {known: `W/"7-2"`, status: 200, cache: "no-cache"},
		"a file of members":              {known: `W/"7-1"`, private: true, status: 304, cache: "no-store"},
		"a file that is not to be had":   {known: `W/"7-1"`, failed: true, status: 404, cache: "no-store"},
		"what is not known, for members": {private: true, status: 200, cache: "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.public = !c.private
			if c.failed {
				s.engine.err = list.ErrNotFound
			}
			resp := s.ask(t, "GET", "/peers@lists.example.org/files/7/1", "", "If-None-Match: "+c.known)
			if resp.StatusCode != c.status || resp.Header.Get("Cache-Control") != c.cache || (resp.Header.Get("ETag") == `W/"7-1"`) == c.failed {
				t.Errorf("%d, %v", resp.StatusCode, resp.Header)
			}
			if body := text(t, resp); c.status == 304 && body != "" || c.status == 200 && body != fakeContent {
				t.Errorf("%q", body)
			}
		})
	}
}

func TestSoManyDownloadsAndNoMore(t *testing.T) {
	s := newSite()
	for range maxDownloads { // of nobody knows whom
		s.Server.downloads.begin(netip.Prefix{})
	}
	if code := s.status("/peers@lists.example.org/files/7/1", "192.0.2.1:1"); code != http.StatusServiceUnavailable {
		t.Errorf("status %d", code)
	}
	s.Server.downloads.end(netip.Prefix{})
	if code := s.status("/peers@lists.example.org/files/7/1", "192.0.2.1:1"); code != http.StatusOK || s.Server.downloads.all != maxDownloads-1 {
		t.Errorf("status %d, %d under way", code, s.Server.downloads.all)
	}
}
