package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"convene/list"
)

// serveLoopback runs a server where a browser reaches it, and returns how its addresses begin.
func serveLoopback(t *testing.T, s *site) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, done := context.WithTimeout(context.Background(), time.Minute)
		defer done()
		if err := errors.Join(s.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// view sets the browser to a telephone of 360 px, light or dark.
func (b *browser) view(scheme string) { b.t.Helper(); b.viewAt(360, scheme) }

// viewAt sets how wide the browser is, and whether it is light or dark.
func (b *browser) viewAt(width int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", object{"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	b.call("Emulation.setEmulatedMedia", object{"features": []object{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// screenshot leaves a picture of the page in the directory that WEB_SCREENSHOTS names, to be looked at; without that there is none.
func (b *browser) screenshot(name string) {
	b.t.Helper()
	dir := os.Getenv("WEB_SCREENSHOTS")
	if dir == "" {
		return
	}
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", object{"format": "png", "captureBeyondViewport": true}, &shot)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// TestBrowser opens the pages in a browser as a person does, and as a scanner that runs scripts.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	for name, test := range map[string]func(*testing.T, *browser){
		"every page reads well, wide and narrow, light and dark":      lookAtPages,
		"a keyboard reaches everything":                               pressTab,
		"a program that looks for barriers finds none":                lookForBarriers,
		"hostile mail runs and loads nothing":                         readHostileMail,
		"only the button takes a member off the list":                 pressButton,
		"who has the mail signs in, reads, and signs out":             signInAndRead,
		"a name that got through unescaped would run or load nothing": breakPolicy,
	} {
		t.Run(name, func(t *testing.T) {
			b.t, b.said, b.asked = t, nil, nil
			test(t, b)
		})
	}
	b.t = t
}

func pressButton(t *testing.T, b *browser) {
	s := newSite()
	base := serveLoopback(t, s)
	b.view("light")

	b.open(base + "/u/" + token)
	var ok bool
	b.after(func() { b.eval(`document.querySelector("form").submit() === undefined`, &ok) }) // what a scanner's script does
	var heading string
	b.eval(`document.querySelector("h1").textContent`, &heading)
	if heading != "Leave Peer Learning?" || s.engine.gone() != "" || !strings.HasPrefix(b.asked[len(b.asked)-1], "POST ") {
		t.Errorf("a form that was sent without its button: %q, left %q, %v", heading, s.engine.gone(), b.asked)
	}
	b.screenshot("leave-again")

	b.press("button")
	b.eval(`document.querySelector("h1").textContent`, &heading)
	if heading != "You have left Peer Learning" || s.engine.gone() != HowPage {
		t.Errorf("after the button: %q, left %q", heading, s.engine.gone())
	}
	b.screenshot("left")
}

func signInAndRead(t *testing.T, b *browser) {
	s := newSite()
	s.engine.archive.public = false
	s.engine.archive.post.Text += "\n\n" + strings.Repeat("unbroken", 40) + "\n\n\u05e9\u05dc\u05d5\u05dd (hello) 1, 2\n\n> " + strings.Repeat("a long quoted line ", 20)
	base := serveLoopback(t, s)
	s.Configure(Settings{BaseURL: base, Hostname: "lists.example.org"})
	b.view("light")
	var heading string
	b.open(base + list.PostPath(s.engine.archive.post.MessageID))
	b.eval(`document.querySelector("h1").textContent`, &heading)
	if heading != "This page is for members" {
		t.Errorf("a stranger sees %q", heading)
	}
	b.screenshot("closed")
	var typed bool
	b.eval(`(document.querySelector("input[type=email]").value = "amina.diallo@example.org") !== ""`, &typed)
	b.press("button")
	s.engine.mu.Lock()
	mailed := strings.Join(s.engine.archive.mailed, "\n")
	s.engine.archive.next = "/m/a%2Fb%3Fc%25d%40x"
	s.engine.mu.Unlock()
	if !strings.HasPrefix(mailed, member+" from ") || !strings.HasSuffix(mailed, ` to "/m/a%2Fb%3Fc%25d%40x"`) {
		t.Errorf("mailed: %s", mailed)
	}
	b.open(base + "/signin/c/" + token)
	if b.screenshot("enter"); s.engine.archive.signed != 0 {
		t.Error("opening the link signs in")
	}
	b.press("button")
	var text, at string
	var width float64
	b.eval(`document.querySelector(".mail").textContent`, &text)
	b.eval(`location.pathname`, &at)
	b.eval("document.documentElement.scrollWidth", &width)
	if !strings.Contains(text, "I telephoned three people.") || at != "/m/a%2Fb%3Fc%25d%40x" || width != 360 {
		t.Errorf("signed in, at %s, %v px wide:\n%s", at, width, text)
	}
	b.screenshot("post")
	var cookie string
	b.eval("document.cookie", &cookie)
	if cookie != "" {
		t.Errorf("a script reads the cookie: %q", cookie)
	}
	for name, path := range map[string]string{"topic": "/peers@lists.example.org/topics/17", "topics": "/peers@lists.example.org/", "calendar": "/peers@lists.example.org/calendar", "search": "/peers@lists.example.org/search?q=three+people"} {
		b.open(base + path)
		b.eval("document.documentElement.scrollWidth", &width)
		b.screenshot(name)
		if b.eval(`document.querySelector("h1").textContent`, &heading); heading != "A quiet group" && !strings.HasSuffix(heading, "Peer Learning") || width != 360 {
			t.Errorf("%s: %q, %v px wide", name, heading, width)
		}
	}
	b.open(base + "/signin")
	b.press("button")
	if b.eval(`document.querySelector("[role=status]").textContent`, &text); text != "You have signed out." || strings.Join(s.engine.archive.out, " ") != session {
		t.Errorf("signed out: %q, %q", text, s.engine.archive.out)
	}
	b.open(base + "/peers@lists.example.org/")
	if b.eval(`document.querySelector("h1").textContent`, &heading); heading != "This page is for members" {
		t.Errorf("after signing out: %q", heading)
	}
	for _, said := range b.said {
		if !strings.Contains(said, "status of 404") && !strings.Contains(said, "DocumentCookie") { // which this test reads
			t.Errorf("the browser complains: %s", said)
		}
	}
}

// press presses the first element of that kind, as a person does, and waits for the page that comes of it.
func (b *browser) press(selector string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	b.eval(`(e => (e.scrollIntoView({block: "center"}), (r => ({x: r.x + r.width / 2, y: r.y + r.height / 2}))(e.getBoundingClientRect())))(document.querySelector("`+selector+`"))`, &at)
	b.after(func() {
		for _, what := range []string{"mousePressed", "mouseReleased"} {
			b.call("Input.dispatchMouseEvent", object{"type": what, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
		}
	})
}

// breakPolicy also holds that the browser of these tests complains where there is reason to.
func breakPolicy(t *testing.T, b *browser) {
	var loaded atomic.Int64
	s := newSite(func(o *Options) {
		o.Health = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { loaded.Add(1) })
	})
	b.open(serveLoopback(t, s) + "/u/" + token)
	var outcome string
	b.eval(`new Promise(done => {
		const script = document.createElement("script"), image = new Image();
		script.textContent = "document.title = 'run'";
		document.body.append(script);
		image.onload = image.onerror = event => done(document.title + " " + event.type);
		image.src = "/healthz";
	})`, &outcome)
	if outcome != "Leave Peer Learning? error" || loaded.Load() != 0 {
		t.Errorf("script and image: %q, loaded %d times", outcome, loaded.Load())
	}
	if said := strings.Join(b.said, "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("nothing about the policy:\n%s", said)
	}
}
