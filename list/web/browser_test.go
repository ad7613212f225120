package web

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
func (b *browser) view(scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", object{"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true}, nil)
	b.call("Emulation.setEmulatedMedia", object{"features": []object{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// screenshot takes a picture of the page. With WEB_SCREENSHOTS set to a directory it is left there to look at.
func (b *browser) screenshot(name string) image.Image {
	b.t.Helper()
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", object{"format": "png"}, &shot)
	dir := os.Getenv("WEB_SCREENSHOTS")
	if dir == "" {
		dir = b.t.TempDir()
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		b.t.Fatal(err)
	}
	return picture
}

// contrasts is the contrast (WCAG 2.2, 1.4.3) of every piece of text with what is behind it, the smallest of them all.
const contrasts = `(() => {
	const rgb = s => s.match(/[\d.]+/g).map(Number), light = s => rgb(s).slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c)[3] !== 0) return c } return "rgb(255,255,255)" };
	return Math.min(...[...document.body.querySelectorAll("h1,p,a,b,strong,button")].map(e => {
		const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
		return (a + .05) / (b + .05);
	}));
})()`

// TestBrowser opens the pages in a browser as a person does, and as a scanner that runs scripts.
func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	for name, test := range map[string]func(*testing.T, *browser){
		"every page reads well and loads nothing else":                lookAtPages,
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

func lookAtPages(t *testing.T, b *browser) {
	s := newSite()
	s.engine.who.Title = "Learning Together: the Community of Facilitators of Peer Exchange"
	s.engine.what.Title = s.engine.who.Title
	base := serveLoopback(t, s)
	for _, scheme := range []string{"light", "dark"} {
		b.view(scheme)
		for _, language := range languages {
			s.engine.speak(language)
			b.call("Network.setExtraHTTPHeaders", object{"headers": object{"Accept-Language": language}}, nil)
			for name, path := range map[string]string{"leave": "/u/" + token, "confirm": "/c/" + token, "missing": "/u/" + stranger, "expired": "/c/" + stranger, "home": "/"} {
				b.open(base + path)
				lookAtPage(t, b, name, language, scheme)
			}
			was := s.engine.what
			invite(s)
			b.open(base + "/c/" + token)
			lookAtPage(t, b, "coming", language, scheme)
			s.engine.what, s.engine.archive.own = was, true
			b.open(base + "/peers@lists.example.org/calendar")
			lookAtPage(t, b, "calendar-own", language, scheme)
			b.press("button")
			lookAtPage(t, b, "calendar-feed", language, scheme)
			s.engine.archive.own = false
		}
	}
	s.engine.speak("en")
	b.call("Network.setExtraHTTPHeaders", object{"headers": object{}}, nil) // as the other tests have it
	b.open(base + "/u/" + token)
	heard := b.heard()
	for _, want := range []string{"RootWebArea Leave " + s.engine.who.Title + "?", "heading Leave " + s.engine.who.Title + "?", "button Leave this list"} {
		if !slices.Contains(strings.Split(heard, "\n"), want) {
			t.Errorf("a screen reader does not say %q:\n%s", want, heard)
		}
	}
	for _, said := range b.said {
		if !strings.Contains(said, "status of 404") {
			t.Errorf("the browser complains: %s", said)
		}
	}
	for _, asked := range b.asked {
		if !strings.HasPrefix(asked, "GET "+base+"/") && asked != "GET about:blank" && asked != "POST "+base+"/peers@lists.example.org/calendar" {
			t.Errorf("a page asked for %s", asked)
		}
	}
	if s.engine.gone() != "" {
		t.Fatalf("looking at the page took the member off the list: %q", s.engine.gone())
	}
}

// lookAtPage holds what every page must be on a telephone.
func lookAtPage(t *testing.T, b *browser, name, language, scheme string) {
	var width, contrast float64
	var lang string
	b.eval("document.documentElement.scrollWidth", &width)
	b.eval("document.documentElement.lang", &lang)
	b.eval(contrasts, &contrast)
	if width != 360 || contrast < 4.5 || lang != language {
		t.Errorf("%s, %s: %v px wide, least contrast %.1f, in %q instead of %s", name, scheme, width, contrast, lang, language)
	}
	picture := b.screenshot(name + "-" + language + "-" + scheme)
	if r, _, _, _ := picture.At(2, 2).RGBA(); (r < 0x4000) != (scheme == "dark") || (r > 0xc000) == (scheme == "dark") {
		t.Errorf("%s, %s: the paper has %04x of red", name, scheme, r)
	}
	if name != "leave" && name != "confirm" && name != "coming" && name != "calendar-own" {
		return
	}
	var button float64
	b.eval(`document.querySelector("button").getBoundingClientRect().height`, &button)
	if button < 44 {
		t.Errorf("%s in %s: the button is %v px high", name, language, button)
	}
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
