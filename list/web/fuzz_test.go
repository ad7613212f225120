package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// FuzzForm holds that whatever a POST says gets one of four answers, and that the member has left exactly when it is 200.
func FuzzForm(f *testing.F) {
	f.Add(urlencoded, oneClick)
	f.Add(urlencoded, "confirm=yes")
	f.Add(multipartType, multipartOneClick)
	f.Add("", "List-Unsubscribe=One-Clic")
	f.Add("multipart/form-data; boundary=\"\"", "--\r\n\r\n----")
	f.Add("text/plain;charset=;", "confirm=yes")
	f.Fuzz(func(t *testing.T, kind, body string) {
		s := newSite()
		r := httptest.NewRequest("POST", "/u/"+token, strings.NewReader(body))
		r.Header["Content-Type"] = []string{kind}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		switch left := s.engine.gone() != ""; {
		case w.Code != 200 && w.Code != 400 && w.Code != 413, left != (w.Code == 200):
			t.Errorf("%q %q: %d, left %v", kind, body, w.Code, left)
		case left && !strings.ContainsAny(body, "=\""):
			t.Errorf("%q %q took the member off the list", kind, body)
		}
	})
}

// FuzzPath holds that no path but a token's own changes anything, and that what is not found is answered without a word of it.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/", "/u/" + token, "/u/" + stranger, "/u/%00", "//u/" + token, "/healthz", "/u/../u/" + token, "/lists/u/" + token, "*",
		"/c/", "/c/" + token, "/c/" + stranger} {
		f.Add(path, "203.0.113.9, 10.0.0.1")
	}
	missing := newSite()
	page, expired := text(f, missing.ask(f, "GET", "/nowhere", "")), text(f, missing.ask(f, "GET", "/c/"+stranger, ""))
	f.Fuzz(func(t *testing.T, path, forwarded string) {
		s := newSite(func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
		r := httptest.NewRequest("POST", "/", strings.NewReader(oneClick))
		r.URL.Path = path
		r.Header = http.Header{"Content-Type": {urlencoded}, "X-Forwarded-For": {forwarded}}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		want := page
		if strings.HasPrefix(path, "/c/") {
			want = expired
		}
		switch own := strings.EqualFold(path, "/u/"+token); {
		case own != (w.Code == 200), own != (s.engine.gone() != ""):
			t.Errorf("%q: %d, left %q", path, w.Code, s.engine.gone())
		case w.Code == 404 && w.Body.String() != want:
			t.Errorf("%q: another page:\n%s", path, w.Body)
		}
	})
}
