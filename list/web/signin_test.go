package web

import (
	"net/url"
	"os"
	"strings"
	"testing"
)

func TestSignInIsAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		from   string
		mailed string // empty: nothing was asked for
		status int
	}{
		"an address":                    {"address=amina%40example.org", "", `amina@example.org from 192.0.2.1 to ""`, 200},
		"with where to go":              {"address=amina%40example.org&next=%2Fm%2Fa%252Fb%2540x", "", `amina@example.org from 192.0.2.1 to "/m/a%2Fb%40x"`, 200},
		"spaces around it":              {"address=+amina%40example.org%0A", "", `amina@example.org from 192.0.2.1 to ""`, 200},
		"behind a proxy without a name": {"address=amina%40example.org", "127.0.0.1:4711", `amina@example.org from invalid IP to ""`, 200},
		"elsewhere is nowhere":          {"address=amina%40example.org&next=https%3A%2F%2Fevil.test%2F", "", `amina@example.org from 192.0.2.1 to ""`, 200},
		"no address":                    {"address=amina", "", "", 400},
		"half an address":               {"address=%40example.org", "", "", 400},
		"one that is too long":          {"address=" + strings.Repeat("a", 300) + "%40example.org", "", "", 400},
		"nothing":                       {"", "", "", 400},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			fields := []string{"Content-Type: " + urlencoded}
			if c.from != "" {
				fields = append(fields, "X-From: "+c.from)
			}
			resp := s.ask(t, "POST", "/signin", c.body, fields...)
			if got := strings.Join(s.engine.archive.mailed, ", "); got != c.mailed || resp.StatusCode != c.status {
				t.Errorf("%d, mailed %s", resp.StatusCode, got)
			}
			if strings.Contains(s.log.String(), "example.org") && !strings.Contains(s.log.String(), "lists.example.org") {
				t.Errorf("the log names an address: %s", s.log)
			}
		})
	}
	s := newSite()
	for _, site := range []string{"cross-site", "same-site"} {
		if resp := s.ask(t, "POST", "/signin", "address=amina%40example.org", "Content-Type: "+urlencoded, "Sec-Fetch-Site: "+site); resp.StatusCode != 400 {
			t.Errorf("%s: %d", site, resp.StatusCode)
		}
	}
	s.ask(t, "GET", "/signin?address=amina%40example.org", "")
	if len(s.engine.archive.mailed) > 0 {
		t.Errorf("mailed: %q", s.engine.archive.mailed)
	}
}

func TestSignIn(t *testing.T) {
	s := newSite()
	s.engine.archive.public, s.engine.archive.next = false, "/m/a%2Fb%3Fc%25d%40x"
	for range 100 { // what scans mail
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			s.ask(t, method, "/signin/c/"+token, "")
		}
	}
	for _, body := range []string{"", "confirm=", "confirm=no", "List-Unsubscribe=One-Click"} {
		if resp := s.ask(t, "POST", "/signin/c/"+token, body, "Content-Type: "+urlencoded); resp.StatusCode != 400 || len(resp.Cookies()) != 0 {
			t.Errorf("%q: %d", body, resp.StatusCode)
		}
	}
	if resp := s.ask(t, "POST", "/signin/c/"+token+"?confirm=yes", "", "Content-Type: "+urlencoded); resp.StatusCode != 400 {
		t.Errorf("in the query: %d", resp.StatusCode)
	}
	if resp := s.ask(t, "POST", "/signin/c/"+token, "confirm=yes", "Content-Type: "+urlencoded, "Sec-Fetch-Site: cross-site"); resp.StatusCode != 400 {
		t.Errorf("from another site: %d", resp.StatusCode)
	}
	if s.engine.archive.signed != 0 {
		t.Fatal("signed in without the button")
	}
	resp := s.ask(t, "POST", "/signin/c/"+strings.ToUpper(token), "confirm=yes", "Content-Type: "+urlencoded, "Sec-Fetch-Site: same-origin")
	if resp.StatusCode != 303 || resp.Header.Get("Location") != "/m/a%2Fb%3Fc%25d%40x" || s.engine.archive.signed != 1 {
		t.Fatalf("%d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	if got, want := resp.Header.Get("Set-Cookie"), "__Host-convene="+session+"; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("cookie %q, want %q", got, want)
	}
	again := s.ask(t, "POST", "/signin/c/"+token, "confirm=yes", "Content-Type: "+urlencoded)
	if page := text(t, again); again.StatusCode != 404 || len(again.Cookies()) != 0 || !strings.Contains(page, "This link does nothing any more") {
		t.Errorf("a link that was used: %d\n%s", again.StatusCode, page)
	}
	if strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), session) {
		t.Errorf("the log has a token: %s", s.log)
	}

	me := "Cookie: __Host-convene=" + session
	if resp := s.ask(t, "GET", resp.Header.Get("Location"), "", me); resp.StatusCode != 200 {
		t.Errorf("what was asked for first: %d", resp.StatusCode)
	}
	if page := text(t, s.ask(t, "GET", "/signin", "", me)); !strings.Contains(page, "As <strong>a…@example.org</strong>") {
		t.Errorf("who is signed in:\n%s", page)
	}
	out := s.ask(t, "POST", "/signin", "signout=yes", "Content-Type: "+urlencoded, me)
	if got := out.Header.Get("Set-Cookie"); got != "__Host-convene=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax" || strings.Join(s.engine.archive.out, " ") != session {
		t.Errorf("signed out: %q, %q", got, s.engine.archive.out)
	}
}

func TestSessionsWithoutTLS(t *testing.T) {
	s := newSite(func(o *Options) { o.BaseURL = "http://127.0.0.1:8025" })
	resp := s.ask(t, "POST", "/signin/c/"+token, "confirm=yes", "Content-Type: "+urlencoded)
	if got, want := resp.Header.Get("Set-Cookie"), "convene="+session+"; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("cookie %q, want %q", got, want)
	}
	if got := resp.Header.Get("Location"); got != "/peers@lists.example.org/" {
		t.Errorf("without a page that was asked for first it leads to %q", got)
	}
}

// TestNobodyIsSentElsewhere: a path to return to is one of ours, and under the path of the base URL.
func TestNobodyIsSentElsewhere(t *testing.T) {
	for path, want := range map[string]string{
		"/m/a%2Fb%40x":                              "/m/a%2Fb%40x",
		"/peers@lists.example.org/":                 "/peers@lists.example.org/",
		"/peers@lists.example.org/topics/17?page=2": "/peers@lists.example.org/topics/17?page=2",
		"/peers@lists.example.org/search?q=a+b%26c": "/peers@lists.example.org/search?q=a+b%26c",
		"":                                   "",
		"/":                                  "",
		"//evil.test/m/x":                    "",
		"/\\evil.test/m/x":                   "",
		"/m/\\evil":                          "",
		"///evil.test/m/x":                   "",
		"https://evil.test/m/x":              "",
		"https:/m/x":                         "",
		"javascript:alert(1)":                "",
		"m/x":                                "",
		"/u/" + token:                        "",
		"/signin?next=/m/x":                  "",
		"/signin/c/" + token:                 "",
		"/m/x\r\nSet-Cookie: a=b":            "",
		"/m/x y":                             "",
		"/m/é":                               "",
		"/m/x#fragment":                      "",
		"/m/%zz":                             "",
		"/evil.test/@x/":                     "",
		"/@evil.test/":                       "/@evil.test/", // a path here, where there is no such list
		"/m/" + strings.Repeat("x", maxNext): "",
		"\t//evil.test/m/":                   "",
		"/healthz":                           "",
		"https://lists.example.org@evil.test/m/a%40x":  "",
		"/peers@lists.example.org/../../signin/c/here": "",
	} {
		if got := localPath(path); got != want {
			t.Errorf("%q leads to %q", path, got)
			continue
		}
		s := newSite(func(o *Options) { o.BaseURL = "https://example.org/lists" })
		s.engine.archive.next = path // as if the store had been written by somebody else
		resp := s.ask(t, "POST", "/signin/c/"+token, "confirm=yes", "Content-Type: "+urlencoded)
		u, err := url.Parse(resp.Header.Get("Location"))
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/lists/") || strings.HasPrefix(u.Path, "/lists//") {
			t.Errorf("%q leads to %q", path, resp.Header.Get("Location"))
		}
	}
}

func TestGuessedSignInLinksWait(t *testing.T) {
	s := newSite()
	for range guesses {
		s.ask(t, "POST", "/signin/c/"+stranger, "confirm=yes", "Content-Type: "+urlencoded)
	}
	if resp := s.ask(t, "POST", "/signin/c/"+token, "confirm=yes", "Content-Type: "+urlencoded); resp.StatusCode != 429 || s.engine.archive.signed != 0 {
		t.Errorf("after %d guesses: %d", guesses, resp.StatusCode)
	}
	for _, bad := range []string{"", "..", strings.Repeat("a", 100), token + "/x", "<script>"} {
		n := s.engine.asked
		if resp := s.ask(t, "GET", "/signin/c/"+url.PathEscape(bad), "", "X-From: 192.0.2.9:1"); resp.StatusCode != 404 || s.engine.asked != n {
			t.Errorf("%q: %d", bad, resp.StatusCode)
		}
	}
	s.engine.err = os.ErrClosed
	for _, c := range [][3]string{{"GET", "/signin/c/" + token, ""}, {"POST", "/signin", "address=a%40b.c"}, {"POST", "/signin", "signout=yes"}} {
		if resp := s.ask(t, c[0], c[1], c[2], "Content-Type: "+urlencoded, "X-From: 192.0.2.9:1"); resp.StatusCode != 503 {
			t.Errorf("%s %s, the store failing: %d", c[0], c[1], resp.StatusCode)
		}
	}
}
