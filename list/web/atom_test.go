package web

import (
	"encoding/xml"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	atomPath = "/peers@lists.example.org/feed.atom"
	ownAtom  = "/peers@lists.example.org/feed-" + token + ".atom"
)

// TestGoldenFeeds holds a feed of posts as it is sent; go test ./list/web -run Golden -update writes it anew.
func TestGoldenFeeds(t *testing.T) {
	for _, language := range languages {
		s := newSite()
		s.engine.speak(language)
		got := text(t, s.ask(t, "GET", atomPath, ""))
		file := filepath.Join("testdata", "feed."+language+".atom")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Error(d)
		}
	}
}

// TestPostsFeeds holds what feed readers meet: who asks again hears that nothing is new, and a feed for members is kept by nobody on the way.
func TestPostsFeeds(t *testing.T) {
	for name, c := range map[string]struct {
		path, field string
		public      bool
		method      string
		status      int
		cache       string
	}{
		"a public list":               {atomPath, "", true, "GET", 200, "public, max-age=900"},
		"asked for its header":        {atomPath, "", true, "HEAD", 200, "public, max-age=900"},
		"that they have":              {atomPath, `If-None-Match: "tag13"`, true, "GET", 304, "public, max-age=900"},
		"that they have by its time":  {atomPath, "If-Modified-Since: Mon, 02 Mar 2026 06:05:00 GMT", true, "GET", 304, "public, max-age=900"},
		"that they had":               {atomPath, `If-None-Match: "old"`, true, "GET", 200, "public, max-age=900"},
		"a list for members":          {atomPath, "", false, "GET", 404, "no-store"},
		"who is signed in":            {atomPath, "Cookie: __Host-convene=" + session, false, "GET", 200, "private, max-age=900"},
		"a member's feed reader":      {ownAtom, "", false, "GET", 200, "private, max-age=900"},
		"of a list that is public":    {ownAtom, "", true, "GET", 200, "private, max-age=900"},
		"a token in capitals":         {strings.Replace(ownAtom, token, strings.ToUpper(token), 1), "", false, "GET", 200, "private, max-age=900"},
		"a token of nobody":           {strings.Replace(ownAtom, token, stranger, 1), "", false, "GET", 404, "no-store"},
		"no token":                    {"/peers@lists.example.org/feed-.atom", "", true, "GET", 404, "no-store"},
		"a token of another list":     {strings.Replace(ownAtom, "peers@", "other@", 1), "", true, "GET", 404, "no-store"},
		"of a list that is not there": {strings.Replace(atomPath, "peers@", "other@", 1), "", true, "GET", 404, "no-store"},
		"posted to":                   {atomPath, "", true, "POST", 405, "no-store"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.public = c.public
			var fields []string
			if c.field != "" {
				fields = append(fields, c.field)
			}
			resp := s.ask(t, c.method, c.path, "", fields...)
			body := text(t, resp)
			if resp.StatusCode != c.status || resp.Header.Get("Cache-Control") != c.cache {
				t.Errorf("%d, %q:\n%s", resp.StatusCode, resp.Header.Get("Cache-Control"), body)
			}
			if log := s.log.String(); strings.Contains(log, token) || strings.Contains(log, strings.ToUpper(token)) {
				t.Errorf("the log has the token: %s", log)
			}
			if c.status != http.StatusOK {
				return
			}
			if h := resp.Header; h.Get("Content-Type") != "application/atom+xml; charset=utf-8" || h.Get("Etag") != `"tag13"` || h.Get("Last-Modified") != "Mon, 02 Mar 2026 06:05:00 GMT" {
				t.Errorf("%q", h)
			}
			if self := `<link rel="self" type="application/atom+xml" href="https://lists.example.org` + c.path + `"/>`; c.method == "GET" && !strings.Contains(body, self) {
				t.Errorf("it does not say where it is: %s", body)
			}
		})
	}
}

// TestFeedsAreInert: what people write is text in a feed, however a reader shows it, and all of it is XML.
func TestFeedsAreInert(t *testing.T) {
	s := newSite()
	body := text(t, s.ask(t, "GET", atomPath, ""))
	var feed struct {
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Content struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"content"`
			Author struct {
				Name  string `xml:"name"`
				Email string `xml:"email"`
			} `xml:"author"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || len(feed.Entries) != 3 {
		t.Fatalf("%v:\n%s", err, body)
	}
	ids := map[string]bool{}
	for _, e := range feed.Entries {
		if ids[e.ID] || e.Author.Email != "" {
			t.Errorf("%q is there twice, or says an address", e.ID)
		}
		ids[e.ID] = true
		left := e.Content.Text
		for _, ours := range []string{"<p>", "</p>", "<br>", "<blockquote>", "</blockquote>", "<ul>", "</ul>", "<li>", "</li>", "<pre>", "</pre>"} {
			left = strings.ReplaceAll(left, ours, "")
		}
		if e.Content.Type != "html" || strings.ContainsAny(left, "<>") {
			t.Errorf("a reader would see tags in %q", e.Content.Text)
		}
	}
	if hostile := feed.Entries[2]; hostile.Author.Name != "<b>&" || hostile.Title != "</title>]]>\ufffd" || !strings.Contains(hostile.Content.Text, "&lt;script&gt;alert(1)&lt;/script&gt; &amp;") {
		t.Errorf("%+v", hostile)
	}
}

// TestFeedsAreWrittenOnce: as long as nothing is new the posts are not read again, and a feed that cannot be written is none.
func TestFeedsAreWrittenOnce(t *testing.T) {
	s := newSite()
	for range 3 {
		s.ask(t, "GET", atomPath, "")
		s.ask(t, "GET", ownAtom, "")
	}
	if s.engine.archive.written != 1 {
		t.Errorf("written %d times", s.engine.archive.written)
	}
	s.engine.archive.topic = "Another"
	s.engine.archive.unwritten = errors.New("broken")
	if resp := s.ask(t, "GET", atomPath, ""); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", resp.StatusCode)
	}
	s.engine.archive.unwritten = nil
	if resp := s.ask(t, "GET", atomPath, ""); resp.StatusCode != http.StatusOK || s.engine.archive.written != 3 {
		t.Errorf("%d, written %d times", resp.StatusCode, s.engine.archive.written)
	}
}
