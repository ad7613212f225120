package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"convene/list"
)

// hostile is what somebody may write into a subject, a name, a text or a Message-ID.
var hostile = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title></style><script>x</script>`, `' onmouseover='x`, "a & b < c > d",
	"{{.Member}}", `javascript:alert(1)//@x`, `--></div><iframe src="//evil.test">`, "\u202eevil", `</p></blockquote><svg/onload=x>`, "&lt;b&gt;", "\x00<b>", strings.Repeat("<i>", 400)}

// places are the elements that pages are made of, and lively the attributes that none of them has; a link leads to this site, or begins a mail.
var (
	places = "html head meta title link style body header main h1 h2 pre p strong bdi b a ul li br span time div blockquote article nav form input label button footer mark details summary code"
	lively = regexp.MustCompile(`(?i)^(on.*|src|srcset|style|srcdoc|background|ping|formaction|http-equiv)$`)
)

// outOfPlace finds what no page has.
func outOfPlace(t *testing.T, page string) (found []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "link" && strings.Contains(fmt.Sprint(n.Attr), "application/atom+xml") {
			continue // nothing loads it
		}
		if n.Type == html.CommentNode || n.Type == html.ElementNode && !slices.Contains(strings.Fields(places), n.Data) {
			found = append(found, n.Data)
		}
		for _, a := range n.Attr {
			link := a.Key == "href" && a.Val != "https://meet.example.org/coffee" && !strings.HasPrefix(a.Val, "https://lists.example.org/") && !strings.HasPrefix(a.Val, "mailto:") && a.Val != "#main" && !strings.Contains(fmt.Sprint(n.Attr), "nofollow noreferrer noopener")
			if lively.MatchString(a.Key) || link || a.Key == "action" && a.Val != "/signin" && a.Val != "/peers@lists.example.org/search" {
				found = append(found, a.Key+"="+a.Val)
			}
		}
	}
	return found
}

func TestWhatPeopleWriteIsEscaped(t *testing.T) {
	for _, evil := range hostile {
		s := newSite()
		s.engine.who.Title = evil
		a := &s.engine.archive
		a.topic = evil
		a.post = list.PostText{MessageID: evil, Subject: evil, Name: evil, Address: evil, Text: evil + "\n> " + evil + "\n>> " + evil, Language: evil, Date: someday, Cut: true}
		for _, path := range []string{"/m/" + url.PathEscape(evil), "/peers@lists.example.org/", "/peers@lists.example.org/topics/17", "/peers@lists.example.org/calendar", "/peers@lists.example.org/search?q=" + url.QueryEscape(evil), "/", "/signin?next=" + url.QueryEscape("/m/"+evil),
			"/m/" + url.PathEscape(evil+"x"), "/" + url.PathEscape(evil) + "@x/"} {
			resp := s.ask(t, "GET", path, "")
			page := text(t, resp)
			if bad := outOfPlace(t, page); len(bad) > 0 || strings.Count(page, "</title>") != 1 || strings.Count(page, "</main>") != 1 {
				t.Errorf("%s: %q (%d) has %q:\n%s", evil, path, resp.StatusCode, bad, page)
			}
			if strings.Contains(page, "\x00") {
				t.Errorf("%q: %q has a NUL", evil, path)
			}
		}
	}
}

func TestMessageIDsComeBack(t *testing.T) {
	for _, id := range []string{"a/b?c%d@x", "a1@example.org", "//evil.test/@x", "a b@x", "%2e%2e@x", "../../etc/passwd@x", "é+ü@x", "a;b&c=d#e@x"} {
		s := newSite(func(o *Options) { o.BaseURL = "https://example.org/lists" })
		s.engine.archive.post.MessageID = id
		for _, prefix := range []string{"", "/lists"} {
			resp := s.ask(t, "GET", prefix+list.PostPath(id), "")
			if page := text(t, resp); resp.StatusCode != 200 || !strings.Contains(page, "I telephoned three people.") {
				t.Errorf("%s by %s: %d", id, list.PostPath(id), resp.StatusCode)
			}
		}
	}
}

// TestNobodyIsToldWhatThereIs: to a stranger a page for members looks as one that there is none of; and so it does to a member of other lists.
func TestNobodyIsToldWhatThereIs(t *testing.T) {
	paths := []string{"/m/a%2Fb%3Fc%25d%40x", "/m/nothing%40x", "/m/", "/peers@lists.example.org/", "/nobody@lists.example.org/", "/peers@lists.example.org",
		"/peers@lists.example.org/topics/17", "/peers@lists.example.org/topics/18", "/peers@lists.example.org/topics/x", "/peers@lists.example.org/calendar", "/nobody@lists.example.org/calendar.ics", "/peers@lists.example.org/search", "/peers@lists.example.org/search?q=three", "/nobody@lists.example.org/search?q=three", "/peers@lists.example.org/topics/017",
		"/peers@lists.example.org/?before=x", "/peers@lists.example.org/?after=x"}
	for name, c := range map[string]struct {
		field string
		says  string
	}{
		"a stranger":                 {"X-A: b", "This page is for members"},
		"a session that is none":     {"Cookie: __Host-convene=abcdefghijklmnopqrstuvwx22", "This page is for members"},
		"a session that is no token": {"Cookie: __Host-convene=../../x", "This page is for members"},
		"one by another name":        {"Cookie: convene=" + session, "This page is for members"},
		"an unsubscribe link's":      {"Cookie: __Host-convene=" + token, "This page is for members"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.public = false
			first := ""
			for _, path := range paths {
				resp := s.ask(t, "GET", path, "", c.field)
				page := regexp.MustCompile(`<input type="hidden"[^>]*>\n`).ReplaceAllString(text(t, resp), "")
				if first == "" {
					first = page
				}
				if resp.StatusCode != 404 || !strings.Contains(page, c.says) || page != first || len(resp.Header.Values("Set-Cookie")) > 0 {
					t.Errorf("%s: %d, %s", path, resp.StatusCode, cmp.Diff(first, page))
				}
			}
		})
	}
	s := newSite()
	s.engine.archive.public = false
	if resp := s.ask(t, "GET", paths[0], "", "Cookie: __Host-convene="+session); resp.StatusCode != 200 {
		t.Errorf("a member reads: %d", resp.StatusCode)
	}
	if page := text(t, s.ask(t, "GET", paths[1], "", "Cookie: __Host-convene="+session)); !strings.Contains(page, "You are signed in as <strong>a…@example.org</strong>") {
		t.Errorf("a page that a member may not read:\n%s", page)
	}
}

func TestReadingChangesNothing(t *testing.T) {
	s := newSite()
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		for path, allow := range map[string]string{"/m/a%2Fb%3Fc%25d%40x": "GET, HEAD", "/peers@lists.example.org/": "GET, HEAD, POST", "/peers@lists.example.org/topics/17": "GET, HEAD, POST",
			"/peers@lists.example.org/search": "GET, HEAD"} {
			resp := s.ask(t, method, path, "confirm=yes")
			if marks := method == "POST" && strings.HasSuffix(allow, "POST"); marks && resp.StatusCode == 400 {
				continue // the button that marks as read was not pressed
			}
			if resp.StatusCode != 405 || resp.Header.Get("Allow") != allow {
				t.Errorf("%s %s: %d", method, path, resp.StatusCode)
			}
		}
	}
	if s.engine.asked != 0 {
		t.Errorf("the engine was asked %d times", s.engine.asked)
	}
	s.engine.err = os.ErrClosed
	if resp := s.ask(t, "GET", "/peers@lists.example.org/", ""); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a store that fails: %d", resp.StatusCode)
	}
}
