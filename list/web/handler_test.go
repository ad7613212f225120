package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestRoutes is every method on every kind of path, with a body that unsubscribes wherever it may.
func TestRoutes(t *testing.T) {
	methods := []string{"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"}
	for path, want := range map[string]string{
		"/u/" + token:                  "200 200 200 405 405 405 405 405 405",
		"/u/" + strings.ToUpper(token): "200 200 200 405 405 405 405 405 405",
		"/u/" + stranger:               "404 404 404 405 405 405 405 405 405",
		"/u/" + token + "a":            "404 404 404 405 405 405 405 405 405",
		"/u/" + token + "/":            "404 404 404 405 405 405 405 405 405",
		"/u/":                          "404 404 404 405 405 405 405 405 405",
		"/u/%00..%2f":                  "404 404 404 405 405 405 405 405 405",
		"/u":                           "404 404 404 404 404 404 404 404 404",
		"/":                            "200 200 405 405 405 405 405 405 405",
		"/healthz":                     "200 200 405 405 405 405 405 405 405",
		"/healthz/":                    "404 404 404 404 404 404 404 404 404",
		"//u/" + token:                 "404 404 404 404 404 404 404 404 404",
		"/x/../u/" + token:             "404 404 404 404 404 404 404 404 404",
		"/archive/..%2f..%5c..%00/etc": "404 404 404 404 404 404 404 404 404",
		"/peers@lists.example.org/":    "200 200 400 405 405 405 405 405 405",
		"/peers@lists.example.org/x":   "404 404 404 404 404 404 404 404 404",
		"/others@lists.example.org/":   "404 404 400 405 405 405 405 405 405",
		"/signin/":                     "404 404 404 404 404 404 404 404 404",
	} {
		var got []string
		for _, m := range methods {
			s := newSite()
			resp := s.ask(t, m, "http://x"+path, oneClick, "Content-Type: "+urlencoded)
			got = append(got, fmt.Sprint(resp.StatusCode))
			if allow := resp.Header.Get("Allow"); (allow != "") != (resp.StatusCode == 405) || slices.Contains(strings.Split(allow, ", "), m) {
				t.Errorf("%s %s: %d with Allow %q", m, path, resp.StatusCode, allow)
			}
			if acted := m == "POST" && resp.StatusCode == 200; acted != (s.engine.gone() != "") {
				t.Errorf("%s %s: status %d, left %q", m, path, resp.StatusCode, s.engine.gone())
			}
			if where := resp.Header.Get("Location"); where != "" {
				t.Errorf("%s %s: sent to %s", m, path, where)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s:\n%v\n%s, want\n%s", path, methods, s, want)
		}
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	s := newSite()
	s.ask(t, "GET", "/u/"+token+"?email="+member, "", "Referer: https://mail.example.net/"+member, "User-Agent: "+token)
	s.ask(t, "POST", "/u/"+strings.ToUpper(token), oneClick, "Content-Type: "+urlencoded)
	s.ask(t, "GET", "/elsewhere/"+member, "")
	s.ask(t, "TOKEN"+token, "/", "")
	s.engine.err = errors.New("store: closed")
	s.ask(t, "POST", "/u/"+token, oneClick, "Content-Type: "+urlencoded)
	log := strings.ToLower(s.log.String())
	for _, secret := range []string{token, "amina", "elsewhere", "email"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
	for _, line := range []string{"route=/u/ method=get status=200 took=0s ip=192.0.2.1", "route=other method=get status=404", "route=/ method=other status=405"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q:\n%s", line, log)
		}
	}
}

func TestPanicIsAPage(t *testing.T) {
	s := newSite(func(o *Options) {
		o.Health = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken") })
	})
	resp := s.ask(t, "GET", "/healthz", "")
	if page := text(t, resp); resp.StatusCode != 500 || !strings.Contains(page, "Please try again later") || strings.Contains(page, "broken") {
		t.Errorf("%d %s", resp.StatusCode, page)
	}
	if !strings.Contains(s.log.String(), "panic=broken") {
		t.Errorf("the log does not say so: %s", s.log)
	}
}
