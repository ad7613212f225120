package web

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"convene/list"
)

// maxToken is the length of our longest token, in characters.
const maxToken = 26

// leave answers /u/TOKEN, the https address of List-Unsubscribe (RFC 8058). GET shows a form with one button. The POST of that button, or of a
// mail service on behalf of its user, takes the member off the list; neither Referer, Origin nor cookie is asked for (RFC 8058 §3.2: the
// token is all that there is). Anything else changes nothing.
func (v *visit) leave() {
	near, guarded := v.guess()
	if guarded && v.guard.waits(near, v.now()) > 0 {
		v.problem(http.StatusTooManyRequests)
		return
	}
	post, how := v.r.Method == http.MethodPost, v.how()
	if post && how == "" && len(v.r.TransferEncoding) > 0 {
		v.problem(http.StatusBadRequest) // a chunked body without our form is the shape of a smuggled request: nothing is looked up for it
		return
	}
	who, err := v.ask(how)
	switch {
	case errors.Is(err, list.ErrNotFound):
		if guarded {
			v.guard.note(near, v.now())
		}
		v.missing()
	case err != nil:
		v.log.Error("unsubscribe link not answered", "how", how, "error", err)
		v.problem(http.StatusServiceUnavailable)
	case how != "" && !who.Gone:
		v.page(http.StatusOK, "left", about(who))
	case post && how == "":
		p := about(who)
		p.Status = http.StatusBadRequest
		v.page(p.Status, pageOf(who), p)
	default:
		v.page(http.StatusOK, pageOf(who), about(who))
	}
}

// guess is who has to wait after too many tokens that are not ours. Nobody does behind a proxy that names no client: everybody would wait for one.
func (v *visit) guess() (near netip.Prefix, guarded bool) {
	return neighbourhood(v.client), !v.trusts(v.client)
}

// pageOf is the page that asks, or the one that says that there is nothing to ask any more.
func pageOf(who list.Leaving) string {
	if who.Gone {
		return "gone"
	}
	return "leave"
}

// ask has the engine act when how says so, and look otherwise.
func (v *visit) ask(how string) (list.Leaving, error) {
	if !wellFormed(v.rest) {
		return list.Leaving{}, list.ErrNotFound
	}
	token := strings.ToLower(v.rest)
	if how != "" {
		return v.engine.Leave(token, how)
	}
	return v.engine.Leaving(token)
}

// how is the way in which a POST asks for the member to be taken off; empty: it does not, and nothing but a POST does. The button of our
// page carries the confirm field itself: a scanner's script that submits the form without pressing it sends an empty one.
func (v *visit) how() string {
	switch {
	case v.form.Get("List-Unsubscribe") == "One-Click":
		return HowOneClick
	case v.form.Get("confirm") == "yes":
		return HowPage
	}
	return ""
}

// wellFormed reports whether a token may be one of ours, before the engine is asked.
func wellFormed(token string) bool {
	return token != "" && len(token) <= maxToken && strings.Trim(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
