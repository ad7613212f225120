package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"convene/list"
)

// sessionTime is how long a browser keeps its session; the engine knows by itself when it is over.
const sessionTime = 30 * 24 * time.Hour

// cookieName is that of the session. Under https a browser takes one of this name from this very host alone, and for all of its paths ("Cookie Prefixes").
func (v *visit) cookieName() string {
	if strings.HasPrefix(v.BaseURL, "https://") {
		return "__Host-convene"
	}
	return "convene"
}

// session is what the browser says of itself; empty: it is a stranger's.
func (v *visit) session() string {
	c, err := v.r.Cookie(v.cookieName())
	if err != nil || !wellFormed(c.Value) {
		return ""
	}
	return c.Value
}

// signedIn is the address that the browser's session is of; empty: there is none, or it is over.
func (v *visit) signedIn() string {
	session := v.session()
	if session == "" {
		return ""
	}
	who, err := v.engine.SignedIn(session)
	if err != nil && !errors.Is(err, list.ErrNotFound) {
		v.log.Error("session not read", "error", err)
	}
	return who
}

// keep has the browser keep a session; an empty one is forgotten.
func (v *visit) keep(session string) {
	c := http.Cookie{Name: v.cookieName(), Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(v.BaseURL, "https://"), MaxAge: int(sessionTime / time.Second)}
	if session == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, &c)
}

// signin answers /signin: GET shows a form for an address, or who is signed in; POST of that form has a link mailed there, and says so whether the address is one of ours or
// not. The POST of the other button signs out.
func (v *visit) signin() {
	if v.r.Method != http.MethodPost {
		if who := v.signedIn(); who != "" {
			on, err := v.engine.Memberships(v.session())
			if err != nil {
				v.log.Error("memberships not read", "error", err)
			}
			v.page(http.StatusOK, "signedin", page{Member: masked(who), Memberships: on})
			return
		}
		v.page(http.StatusOK, "signin", page{Next: localPath(v.r.URL.Query().Get("next"))})
		return
	}
	if v.crossSite() {
		v.problem(http.StatusBadRequest)
		return
	}
	if v.form.Get("signout") == "yes" {
		if err := v.engine.SignOut(v.session()); err != nil {
			v.log.Error("not signed out", "error", err)
			v.problem(http.StatusServiceUnavailable)
			return
		}
		v.keep("")
		v.page(http.StatusOK, "signin", page{Late: true})
		return
	}
	address, next := strings.TrimSpace(v.form.Get("address")), localPath(v.form.Get("next"))
	if local, domain, ok := strings.Cut(address, "@"); !ok || local == "" || domain == "" || len(address) > 254 {
		v.page(http.StatusBadRequest, "signin", page{Next: next, Status: http.StatusBadRequest})
		return
	}
	if err := v.engine.AskSignIn(address, next, v.asker()); err != nil {
		v.log.Error("sign-in not asked for", "error", err)
		v.problem(http.StatusServiceUnavailable)
		return
	}
	v.page(http.StatusOK, "signin-sent", page{})
}

// asker is who asks, as far as it is known: the zero Addr behind a proxy that names no client.
func (v *visit) asker() netip.Addr {
	if v.trusts(v.client) {
		return netip.Addr{}
	}
	return v.client
}

// crossSite reports whether a browser says that another site made it send this.
func (v *visit) crossSite() bool {
	site := v.r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

// enter answers /signin/c/TOKEN, the link of a mail that signs in. GET shows a button, since whatever scans mail opens its links; the POST of the button signs in, and leads
// to the page that was asked for first.
func (v *visit) enter() {
	near, guarded := v.guess()
	if guarded && v.guard.waits(near, v.now()) > 0 {
		v.problem(http.StatusTooManyRequests)
		return
	}
	pressed := v.r.Method == http.MethodPost && v.form.Get("confirm") == "yes" && !v.crossSite()
	who, session, err := v.admit(pressed)
	switch {
	case errors.Is(err, list.ErrNotFound):
		if guarded {
			v.guard.note(near, v.now())
		}
		v.page(http.StatusNotFound, "signin-expired", page{})
	case err != nil:
		v.log.Error("sign-in link not answered", "pressed", pressed, "error", err)
		v.problem(http.StatusServiceUnavailable)
	case pressed:
		v.keep(session)
		v.w.Header().Set("Location", v.prefix+cmp.Or(localPath(who.Next), list.TopicsPath(who.List)))
		v.page(http.StatusSeeOther, "signedin", page{Language: who.Language, Member: masked(who.Address)})
	default:
		p := about(list.Leaving{List: who.List, Title: who.Title, Member: who.Address, Language: who.Language})
		status := http.StatusOK
		if v.r.Method == http.MethodPost {
			p.Status, status = http.StatusBadRequest, http.StatusBadRequest
		}
		v.page(status, "enter", p)
	}
}

// admit has the engine sign in when the button was pressed, and look otherwise.
func (v *visit) admit(pressed bool) (who list.SignIn, session string, err error) {
	if !wellFormed(v.rest) {
		return list.SignIn{}, "", list.ErrNotFound
	}
	token := strings.ToLower(v.rest)
	if !pressed {
		who, err = v.engine.SigningIn(token)
		return who, "", err
	}
	session, who, err = v.engine.SignIn(token)
	return who, session, err
}
