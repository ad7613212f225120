package web

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"convene/list"
)

func TestConfirm(t *testing.T) {
	for name, c := range map[string]struct {
		method, query, kind, body string
		fields                    []string
		status                    int
		done                      bool
		says                      string
	}{
		"a link, opened":                   {method: "GET", status: 200, says: "Join Peer Learning?"},
		"a link, opened, asks":             {method: "GET", status: 200, says: `<button name="confirm" value="yes">Join</button>`},
		"a link, its head":                 {method: "HEAD", status: 200},
		"a link, opened with the answer":   {method: "GET", query: "?confirm=yes", kind: urlencoded, body: "confirm=yes", status: 200, says: "Until you press"},
		"a link, opened with other names":  {method: "GET", fields: []string{"X-HTTP-Method-Override: POST"}, status: 200, says: "Until you press"},
		"the button":                       {method: "POST", kind: urlencoded, body: "confirm=yes", status: 200, done: true, says: "You are a member of the list now."},
		"the button of another site":       {method: "POST", kind: urlencoded, body: "confirm=yes", fields: []string{"Origin: https://evil.test"}, status: 200, done: true},
		"the form without the button":      {method: "POST", kind: urlencoded, body: "confirm=", status: 400, says: "Nothing has changed"},
		"nothing in the body":              {method: "POST", kind: urlencoded, status: 400, says: `<button name="confirm" value="yes">`},
		"the answer in the query":          {method: "POST", query: "?confirm=yes", kind: urlencoded, status: 400},
		"the pair of a mail service":       {method: "POST", kind: urlencoded, body: oneClick, status: 400},
		"the answer as JSON":               {method: "POST", kind: "application/json", body: `{"confirm":"yes"}`, status: 400},
		"a body that is too large":         {method: "POST", kind: urlencoded, body: strings.Repeat("a", maxBody+1), status: 413},
		"a method that there is not":       {method: "PUT", body: "confirm=yes", status: 405},
		"a preflight":                      {method: "OPTIONS", fields: []string{"Access-Control-Request-Method: POST"}, status: 405},
		"a method behind POST":             {method: "POST", kind: urlencoded, body: "_method=GET", status: 400},
		"the address of the confirmation":  {method: "GET", status: 200, says: "a…@example.org"},
		"the people who run it, when done": {method: "POST", kind: urlencoded, body: "confirm=yes", status: 200, done: true, says: "peers+owner@lists.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			fields := c.fields
			if c.kind != "" {
				fields = append(fields, "Content-Type: "+c.kind)
			}
			resp := s.ask(t, c.method, "/c/"+token+c.query, c.body, fields...)
			page := html.UnescapeString(text(t, resp))
			if resp.StatusCode != c.status || (s.engine.gone() == HowPage) != c.done {
				t.Errorf("status %d, done by %q; want %d, %v", resp.StatusCode, s.engine.gone(), c.status, c.done)
			}
			if !strings.Contains(page, c.says) {
				t.Errorf("the page does not say %q:\n%s", c.says, page)
			}
			if strings.Contains(page, member) || strings.Contains(page, token) || strings.Contains(s.log.String(), token) || strings.Contains(s.log.String(), member) {
				t.Errorf("the page or the log holds the address or the token:\n%s\n%s", page, s.log)
			}
		})
	}
}

// TestConfirmingTwice holds that a token that was used says what came of it, without a button.
func TestConfirmingTwice(t *testing.T) {
	s := newSite()
	for i, body := range []string{"confirm=yes", "confirm=yes", "a=b", ""} {
		page := text(t, s.ask(t, "POST", "/c/"+token, body, "Content-Type: "+urlencoded))
		heading := "<h1>This was answered before</h1>"
		if i == 0 {
			heading = "<h1>Thank you</h1>"
		}
		if !strings.Contains(page, heading) || !strings.Contains(page, "You are a member of the list now.") || strings.Contains(page, "<form") {
			t.Errorf("time %d:\n%s", i+1, page)
		}
	}
	if page := text(t, s.ask(t, "GET", "/c/"+token, "")); !strings.Contains(page, "This was answered before") || strings.Contains(page, "<form") {
		t.Errorf("opened again:\n%s", page)
	}
	if s.engine.gone() != HowPage {
		t.Errorf("done %q", s.engine.gone())
	}
}

// TestStrangersConfirmationsLookTheSame holds that nobody learns from an answer how close a token was, and that who guesses waits.
func TestStrangersConfirmationsLookTheSame(t *testing.T) {
	var want string
	for _, tok := range []string{stranger, "b" + token[1:], token[:25], token + "a", "", "%3Cscript%3E", "..%2f..%2fetc", "%ff", "ä", token + "/x"} {
		s := newSite()
		for _, method := range []string{"GET", "POST"} {
			resp := s.ask(t, method, "/c/"+tok, "confirm=yes", "Content-Type: "+urlencoded)
			got := fmt.Sprint(resp.StatusCode, text(t, resp))
			if want == "" {
				want = got
			}
			if got != want || resp.StatusCode != http.StatusNotFound {
				t.Errorf("%s %q: %s", method, tok, got)
			}
		}
	}
	s := newSite()
	for range guesses {
		s.ask(t, "GET", "/c/"+stranger, "")
	}
	for _, path := range []string{"/c/" + token, "/u/" + token} {
		if resp := s.ask(t, "POST", path, "confirm=yes", "Content-Type: "+urlencoded); resp.StatusCode != http.StatusTooManyRequests || s.engine.gone() != "" {
			t.Errorf("%s after %d guesses: %d", path, guesses, resp.StatusCode)
		}
	}
	if resp := s.ask(t, "GET", "/c/"+token, "", "X-From: 192.0.2.2:1"); resp.StatusCode != http.StatusOK {
		t.Errorf("a neighbour: %d", resp.StatusCode)
	}
}

func TestConfirmationsInTrouble(t *testing.T) {
	s := newSite()
	s.engine.err = errors.New("store: disk full")
	for _, method := range []string{"GET", "POST"} {
		if resp := s.ask(t, method, "/c/"+token, "confirm=yes", "Content-Type: "+urlencoded); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", method, resp.StatusCode, resp.Header)
		}
	}
	if !strings.Contains(s.log.String(), "disk full") {
		t.Errorf("the log does not say why: %s", s.log)
	}
}

func TestConfirmationsAreEscaped(t *testing.T) {
	for _, evil := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title></style><script>x</script>`, "{{.Member}}"} {
		for _, said := range []string{"", evil} {
			s := newSite()
			s.engine.what = list.Confirmation{List: `"<b>"@lists.example.org`, Title: evil, Address: `<i>"@example.org`, Question: evil, Text: evil, Button: evil, Said: said}
			page := text(t, s.ask(t, "GET", "/c/"+token, ""))
			if bad := regexp.MustCompile(`<(script|img|i|b)\b`).FindString(page); bad != "" || strings.Count(page, "</title>") != 1 {
				t.Errorf("%s: the page has %q:\n%s", evil, bad, page)
			}
		}
	}
}
