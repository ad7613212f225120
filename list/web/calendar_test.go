package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestFeeds holds what calendar programs meet: who asks again hears that nothing is new, and a file for one member is kept by nobody on the way.
func TestFeeds(t *testing.T) {
	const feed, own = "/peers@lists.example.org/calendar.ics", "/peers@lists.example.org/feed-" + token + ".ics"
	for name, c := range map[string]struct {
		path, field string
		public      bool
		method      string
		status      int
		cache       string
	}{
		"a public list":                  {feed, "", true, "GET", 200, "public, max-age=900"},
		"asked for its header":           {feed, "", true, "HEAD", 200, "public, max-age=900"},
		"that they have":                 {feed, `If-None-Match: W/"abc"`, true, "GET", 304, "public, max-age=900"},
		"that they have by its time":     {feed, "If-Modified-Since: Mon, 02 Mar 2026 06:05:00 GMT", true, "GET", 304, "public, max-age=900"},
		"that they had":                  {feed, `If-None-Match: W/"old"`, true, "GET", 200, "public, max-age=900"},
		"a list for members":             {feed, "", false, "GET", 404, "no-store"},
		"who is signed in":               {feed, "Cookie: __Host-convene=" + session, false, "GET", 200, "private, max-age=900"},
		"a member's program":             {own, "", false, "GET", 200, "private, max-age=900"},
		"a member's program, in capital": {strings.ToUpper(own[strings.Index(own, "feed-")+5:]), "", false, "GET", 200, "private, max-age=900"},
		"a token of nobody":              {strings.Replace(own, token, stranger, 1), "", false, "GET", 404, "no-store"},
		"no token":                       {"/peers@lists.example.org/feed-.ics", "", true, "GET", 404, "no-store"},
		"of another list":                {strings.Replace(own, "peers@", "other@", 1), "", true, "GET", 404, "no-store"},
		"posted to":                      {feed, "", true, "POST", 405, "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.public = c.public
			path := c.path
			if !strings.HasPrefix(path, "/") {
				path = "/peers@lists.example.org/feed-" + strings.TrimSuffix(path, ".ICS") + ".ics"
			}
			var fields []string
			if c.field != "" {
				fields = append(fields, c.field)
			}
			resp := s.ask(t, c.method, path, "", fields...)
			body := text(t, resp)
			if resp.StatusCode != c.status || resp.Header.Get("Cache-Control") != c.cache {
				t.Errorf("%d, %q:\n%s", resp.StatusCode, resp.Header.Get("Cache-Control"), body)
			}
			if c.status != http.StatusOK {
				return
			}
			if h := resp.Header; h.Get("Content-Type") != "text/calendar; charset=utf-8" || h.Get("Etag") != `W/"abc"` || h.Get("Last-Modified") != "Mon, 02 Mar 2026 06:05:00 GMT" {
				t.Errorf("%q", h)
			}
			if c.method == "GET" && body != feedOfList {
				t.Errorf("it is %q", body)
			}
			if log := s.log.String(); strings.Contains(log, token) {
				t.Errorf("the log has the token: %s", log)
			}
		})
	}
}

// TestMakingAFeed: only a press of the button, on our own page and by who is signed in, makes an address, which one answer shows.
func TestMakingAFeed(t *testing.T) {
	const page, cookie = "/peers@lists.example.org/calendar", "Cookie: __Host-convene=" + session
	for name, c := range map[string]struct {
		method, path, body string
		fields             []string
		public             bool
		status, made       int
	}{
		"pressed":                 {"POST", page, "feed=yes", []string{cookie, "Sec-Fetch-Site: same-origin"}, false, 200, 1},
		"by an old browser":       {"POST", page, "feed=yes", []string{cookie}, false, 200, 1},
		"by another site":         {"POST", page, "feed=yes", []string{cookie, "Sec-Fetch-Site: cross-site"}, false, 400, 0},
		"by a neighbour":          {"POST", page, "feed=yes", []string{cookie, "Sec-Fetch-Site: same-site"}, false, 400, 0},
		"without the button":      {"POST", page, "", []string{cookie}, false, 400, 0},
		"opened":                  {"GET", page + "?feed=yes", "", []string{cookie}, false, 200, 0},
		"by a stranger":           {"POST", page, "feed=yes", nil, false, 404, 0},
		"of a public list":        {"POST", page, "feed=yes", []string{cookie}, true, 404, 0},
		"of another list":         {"POST", "/other@lists.example.org/calendar", "feed=yes", []string{cookie}, false, 404, 0},
		"of the file for members": {"POST", page + ".ics", "feed=yes", []string{cookie}, false, 405, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.public = c.public
			resp := s.ask(t, c.method, c.path, c.body, append(c.fields, "Content-Type: "+urlencoded)...)
			body := text(t, resp)
			if resp.StatusCode != c.status || s.engine.archive.feeds != c.made || resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d, %d made, %q", resp.StatusCode, s.engine.archive.feeds, resp.Header.Get("Cache-Control"))
			}
			if strings.Contains(body, "/feed-"+token+".ics") != (c.made > 0) || strings.Contains(body, `name="feed"`) != (c.method == "GET") {
				t.Errorf("the page is\n%s", body)
			}
			if log := s.log.String(); strings.Contains(log, token) {
				t.Errorf("the log has the token: %s", log)
			}
		})
	}
}

// TestWhoGuessesFeedsWaits: tokens of feeds are guarded as those of other links are.
func TestWhoGuessesFeedsWaits(t *testing.T) {
	s := newSite()
	for range 200 {
		s.ask(t, "GET", "/peers@lists.example.org/feed-"+stranger+".ics", "")
	}
	if resp := s.ask(t, "GET", "/peers@lists.example.org/feed-"+token+".ics", ""); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%d", resp.StatusCode)
	}
}
