package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
)

// route is what answers one kind of path.
type route struct {
	name    string // what the log says of the path
	methods string // for Allow; empty: the answer does not depend on it
	level   slog.Level
	answer  func(*visit)
}

// route finds the route of a path, and what stands behind its name: the token, for example.
func (s *Server) route(path string) (route, string) {
	if token, ok := strings.CutPrefix(path, "/u/"); ok {
		return route{"/u/", "GET, HEAD, POST", slog.LevelInfo, (*visit).leave}, token
	}
	if token, ok := strings.CutPrefix(path, "/c/"); ok {
		return route{"/c/", "GET, HEAD, POST", slog.LevelInfo, (*visit).confirm}, token
	}
	if token, ok := strings.CutPrefix(path, "/signin/c/"); ok {
		return route{"/signin/c/", "GET, HEAD, POST", slog.LevelInfo, (*visit).enter}, token
	}
	if found, rest, ok := ownFeedRoute(path); ok {
		return found, rest
	}
	if found, rest, ok := readRoute(path); ok {
		return found, rest
	}
	switch {
	case path == "/signin":
		return route{"/signin", "GET, HEAD, POST", slog.LevelInfo, (*visit).signin}, ""
	case path == "/":
		return route{"/", "GET, HEAD", slog.LevelInfo, (*visit).home}, ""
	case path == "/healthz" && s.health != nil:
		return route{"/healthz", "GET, HEAD", slog.LevelDebug, (*visit).healthz}, ""
	}
	return route{"other", "", slog.LevelInfo, (*visit).missing}, ""
}

// visit is one request on its way to an answer.
type visit struct {
	*Server
	*Settings
	w      *response
	r      *http.Request
	client netip.Addr
	rest   string     // of the path, behind the route's name
	form   url.Values // of a POST; empty when its body is none that we understand
}

// response remembers the status of an answer, for the log.
type response struct {
	http.ResponseWriter
	status int // zero until the header is written
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// ServeHTTP answers a request. The path of the config's base URL is cut off where a proxy has left it on.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := s.now()
	settings := s.settings.Load()
	path := r.URL.Path
	if rest, ok := strings.CutPrefix(path, settings.prefix); ok && strings.HasPrefix(rest, "/") {
		path = rest
	}
	found, rest := s.route(path)
	v := &visit{Server: s, Settings: settings, w: &response{ResponseWriter: w}, r: r, client: settings.client(r), rest: rest}
	defer func() {
		if broken := recover(); broken == http.ErrAbortHandler {
			defer panic(broken) // net/http closes the connection; the log has its line all the same
		} else if broken != nil {
			s.log.Error("page broken", "route", found.name, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
			if v.w.status == 0 {
				v.problem(http.StatusInternalServerError)
			}
		}
		s.log.LogAttrs(r.Context(), found.level, "page", slog.String("route", found.name), slog.String("method", method(r)),
			slog.Int("status", v.w.status), slog.Duration("took", s.now().Sub(began)), slog.String("ip", v.client.String()))
	}()
	v.secure()
	v.serve(found)
}

// serve reads what there is to read and lets the route answer.
func (v *visit) serve(found route) {
	if found.methods != "" && !allows(found.methods, v.r.Method) {
		v.w.Header().Set("Allow", found.methods)
		v.problem(http.StatusMethodNotAllowed)
		return
	}
	if v.r.Method == http.MethodPost && found.methods != "" {
		form, status := readForm(v.r)
		if status != 0 {
			v.problem(status)
			return
		}
		v.form = form
	}
	c := connOf(v.r)
	if !v.book.begin(c) {
		v.problem(http.StatusServiceUnavailable)
		return
	}
	defer v.book.end(c)
	found.answer(v)
}

func allows(methods, method string) bool {
	for m := range strings.SplitSeq(methods, ", ") {
		if m == method {
			return true
		}
	}
	return false
}

// secure sets the header fields that every answer has.
func (v *visit) secure() {
	h := v.w.Header()
	h.Set("Content-Security-Policy", v.pages().policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if v.r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000") // RFC 6797 §7.2: not over plain HTTP
	}
	if v.r.ProtoMajor == 1 && v.r.ContentLength != 0 {
		// RFC 9112 §6.1 asks for it where a request has both Content-Length and Transfer-Encoding, which net/http does not tell us. So a request
		// with a body is always the last of its connection: what a smuggler has hidden behind it is never read.
		h.Set("Connection", "close")
	}
}

// method is a request's method as the log may say it.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

func (v *visit) home() { v.page(http.StatusOK, "home", page{Lists: v.engine.PublicLists()}) }

func (v *visit) healthz() { v.health.ServeHTTP(v.w, v.r) }

func (v *visit) missing() { v.page(http.StatusNotFound, "missing", page{}) }

// problem answers with what went wrong, in words that do not depend on the request.
func (v *visit) problem(status int) {
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		v.w.Header().Set("Retry-After", "60")
	}
	v.page(status, "problem", page{Status: status})
}

// page writes a page whole.
func (v *visit) page(status int, name string, p page) {
	p.Here, p.BaseURL, p.Prefix, p.Hostname, p.Language = name, v.BaseURL, v.prefix, v.Hostname, v.language(p.Language)
	body, err := v.pages().render(name, p)
	if err != nil {
		panic(err) // our own template and our own types: no request can bring this about
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", p.Language)
	h.Set("Content-Length", fmt.Sprint(len(body)))
	v.w.WriteHeader(status)
	_, _ = v.w.Write(body) // who has hung up reads no error either
}
