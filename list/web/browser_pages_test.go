package web

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"convene/list"
)

// seenPage is a page that browsers of these tests look at: its path, and what is to be so before. Members see those whose name begins with "member-".
type seenPage struct {
	name, path string
	before     func(*site)
}

// cookie is what the browser of the page's reader keeps; empty: it is a stranger's.
func (p *seenPage) cookie() string {
	if strings.HasPrefix(p.name, "member-") {
		return strings.TrimPrefix(signedIn, "Cookie: ")
	}
	return ""
}

// look opens the page in a language, as its reader.
func (p *seenPage) look(b *browser, base, language string) {
	b.t.Helper()
	fields := object{"Accept-Language": language}
	if c := p.cookie(); c != "" {
		fields["Cookie"] = c
	}
	b.call("Network.setExtraHTTPHeaders", object{"headers": fields}, nil)
	b.open(base + p.path)
}

// seenPages are all that there are.
func seenPages() []seenPage {
	const of = "/peers@lists.example.org"
	private := func(s *site) { s.engine.archive.public = false }
	unread := func(s *site) { s.engine.archive.news = 2 }
	return []seenPage{
		{"home", "/", nil}, {"leave", "/u/" + token, nil}, {"confirm", "/c/" + token, nil}, {"missing", "/nowhere", nil}, {"expired", "/c/" + stranger, nil}, {"coming", "/c/" + token, invite},
		{"topics", of + "/", func(s *site) { s.engine.archive.further = true }}, {"topic", of + "/topics/17", nil}, {"topic-later", of + "/topics/17?page=2", func(s *site) { s.engine.archive.further = true }},
		{"post", list.PostPath(newArchive().post.MessageID), nil}, {"search", of + "/search?q=three+people", nil}, {"search-none", of + "/search?q=nothing", nil}, {"files", of + "/files/", nil},
		{"calendar", of + "/calendar", nil}, {"calendar-own", of + "/calendar", func(s *site) { s.engine.archive.own = true }}, {"closed", of + "/", private}, {"signin", "/signin", nil}, {"enter", "/signin/c/" + token, nil},
		{"member-topics", of + "/", unread}, {"member-topic", of + "/topics/17", unread}, {"member-search", of + "/search?q=three+people", nil}, {"member-settings", of + "/settings", private},
		{"member-failing", of + "/settings", func(s *site) { s.engine.archive.mail = "bouncing" }}, {"member-signin", "/signin", nil}, {"files-none", of + "/files/?before=7", nil},
	}
}

// trying is a text that tries a page in every way that mail does.
var trying = "I telephoned three people. See https://example.org/minutes/" + strings.Repeat("2026/", 40) + " and " + strings.Repeat("unbroken", 40) + "\n\n" +
	"\u05e9\u05dc\u05d5\u05dd \u05dc\u05db\u05d5\u05dc\u05dd (hello) 1, 2\n\n\u4f1a\u8bae\u8bb0\u5f55\u662f\u516c\u5f00\u7684\u3002" + strings.Repeat("\u6211\u4eec\u660e\u5929\u518d\u8c08\u3002", 20) + "\n\n" +
	"- chairs, also for those who come later than they have said that they would come\n- tea\n  - green\n  - mint\n\n" +
	"name            day          place\nDede Owusu      Monday       the small room upstairs, on the left\nNoor            Tuesday      here\n\n    if x {\n        y()\n    }\n\n" +
	"On Monday, Dede Owusu wrote:\n" + strings.Repeat("> Think of a time when a quiet group began to talk. What had somebody just done?\n", 8) + ">> Why?\n" + strings.Repeat(">", 10) + " ten levels deep\n\nA short one:\n\n> yes\n\n" +
	"-- \nNoor\nhttps://example.org/noor"

// tried is a site with such a text in all its posts.
func tried() *site {
	s := newSite()
	s.engine.who.Title = "Learning Together: the Community of Facilitators of Peer Exchange"
	s.engine.what.Title = s.engine.who.Title
	a := &s.engine.archive
	a.copies, a.post.Text, a.post.Address = 3, trying, "dede@example.org"
	a.topic = "Re: A quiet group, and what becomes of it when nobody says a word: " + strings.Repeat("Donaudampfschifffahrtsgesellschaft", 3)
	a.post.Answers = list.Answered{Number: 1, MessageID: "1@x", Name: "Noor"}
	return s
}

// looked is what a script of ours finds out about a page.
type looked struct {
	Width, Contrast float64
	Lang, Paper     string
	Least           string // what has that contrast
	Small           []string
}

// lookScript measures a page: its width, the least contrast of text with what is behind it (WCAG 2.2, 1.4.3), and what is too small to be hit (2.5.8), but for links within
// sentences.
const lookScript = `(() => {
	const rgb = s => s.match(/[\d.]+/g).map(Number), light = s => rgb(s).slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (rgb(c)[3] !== 0) return c } return "rgb(255,255,255)" };
	let contrast = 99, least = "";
	for (const e of document.body.querySelectorAll("*")) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x), c = (a + .05) / (b + .05);
		if (c < contrast) [contrast, least] = [c, e.outerHTML.slice(0, 80)];
	}
	const small = [...document.querySelectorAll("button,input:not([type=hidden]),select,summary,nav a,footer a,.topics a")].filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 24)
		.map(e => e.outerHTML.slice(0, 80));
	return {Width: document.documentElement.scrollWidth, Contrast: contrast, Least: least, Lang: document.documentElement.lang, Paper: getComputedStyle(document.body).backgroundColor, Small: small};
})()`

func lookAtPages(t *testing.T, b *browser) {
	for _, p := range seenPages() {
		s := tried()
		if p.before != nil {
			p.before(s)
		}
		base := serveLoopback(t, s)
		for _, language := range languages {
			s.engine.speak(language)
			if p.name == "coming" {
				invite(s)
			}
			if page := text(t, s.ask(t, "GET", p.path, "", "Cookie: "+p.cookie())); len(page) > 50_000 {
				t.Errorf("%s: %d octets", p.name, len(page))
			}
			p.look(b, base, language)
			for _, width := range []int{360, 1280} {
				for _, scheme := range []string{"light", "dark"} {
					if language == languages[0] || width == 360 && scheme == "light" {
						lookAtPage(t, b, p.name, language, width, scheme)
					}
				}
			}
		}
		for _, asked := range b.asked {
			if !strings.HasPrefix(asked, "GET "+base+"/") && asked != "GET about:blank" && !strings.HasPrefix(asked, "GET data:image/svg+xml;base64,") { // the browser's own, on its fields of days

				t.Errorf("%s asked for %s", p.name, asked)
			}
		}
		b.asked = nil
		if s.engine.gone() != "" {
			t.Errorf("looking at %s took the member off the list: %q", p.name, s.engine.gone())
		}
	}
	b.call("Network.setExtraHTTPHeaders", object{"headers": object{}}, nil) // as the other tests have it
	for _, said := range b.said {
		if !strings.Contains(said, "status of 404") {
			t.Errorf("the browser complains: %s", said)
		}
	}
}

// lookAtPage holds what every page must be.
func lookAtPage(t *testing.T, b *browser, name, language string, width int, scheme string) {
	t.Helper()
	b.viewAt(width, scheme)
	var l looked
	b.eval(lookScript, &l)
	if int(l.Width) != width || l.Contrast < 4.5 || l.Lang != language || len(l.Small) > 0 {
		t.Errorf("%s at %d px, %s: %v px wide, least contrast %.1f of %s, in %q instead of %s, small: %q", name, width, scheme, l.Width, l.Contrast, l.Least, l.Lang, language, l.Small)
	}
	if dark := l.Paper != "rgb(255, 255, 255)"; dark != (scheme == "dark") {
		t.Errorf("%s, %s: the paper is %s", name, scheme, l.Paper)
	}
	b.screenshot(fmt.Sprintf("%s-%s-%d-%s", name, language, width, scheme))
}

// pressTab goes through pages with the Tab key alone: everything that can be pressed, followed or filled in gets its turn, and shows that it has it.
func pressTab(t *testing.T, b *browser) {
	b.view("light")
	for _, p := range seenPages() {
		if !slices.Contains([]string{"home", "leave", "topics", "topic", "post", "search", "files", "signin", "member-topics", "member-topic", "member-settings"}, p.name) {
			continue
		}
		s := tried()
		if p.before != nil {
			p.before(s)
		}
		base := serveLoopback(t, s)
		p.look(b, base, languages[0])
		if all, reached := b.tabbed(); !slices.Equal(all, reached) {
			t.Errorf("%s: Tab goes to %q instead of %q", p.name, reached, all)
		}
		if p.name == "home" {
			continue
		}
		var landmarks string
		b.eval(`["header", "main#main", "footer", "h1"].filter(s => document.querySelectorAll("body " + s).length < 1).join() + [...document.querySelectorAll("h1,h2,h3")].map(e => e.tagName).join("").replace(/^H1(H2)*$/, "")`, &landmarks)
		if landmarks != "" {
			t.Errorf("%s lacks %s", p.name, landmarks)
		}
		if p.name == "leave" {
			heardLeaving(t, b, base, s.engine.who.Title)
		}
	}
	b.call("Network.setExtraHTTPHeaders", object{"headers": object{}}, nil)
}

// tabbed is what the Tab key is to go to, and what it goes to. Of buttons of which one is chosen it goes to that; fields of times and days it leaves after all of their parts.
func (b *browser) tabbed() (all, reached []string) {
	b.t.Helper()
	const list = `[...document.querySelectorAll("a[href],button,input:not([type=hidden],[type=radio]:not(:checked)),select,textarea,summary,[tabindex='0']")].filter(e => e.checkVisibility())`
	b.eval(list+`.map((e, i) => i + " " + e.outerHTML.slice(0, 60))`, &all)
	for pressed := 0; len(reached) < len(all) && pressed < 2*len(all)+10; pressed++ {
		for _, what := range []string{"rawKeyDown", "keyUp"} {
			b.call("Input.dispatchKeyEvent", object{"type": what, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}, nil)
		}
		var at struct {
			Element string
			Unseen  bool
		}
		b.eval(`(e => (r => ({Element: `+list+`.indexOf(e) + " " + e.outerHTML.slice(0, 60), Unseen: getComputedStyle(e).outlineStyle === "none" || r.right <= 0 || r.bottom <= 0}))(e.getBoundingClientRect()))(document.activeElement)`, &at)
		if len(reached) > 0 && reached[len(reached)-1] == at.Element {
			continue // the button of a field of days, which has an outline of its own
		}
		if at.Unseen {
			at.Element = "unseen " + at.Element
		}
		reached = append(reached, at.Element)
	}
	return all, reached
}

// heardLeaving holds what a screen reader says of one page.
func heardLeaving(t *testing.T, b *browser, base, title string) {
	b.open(base + "/u/" + token)
	heard := b.heard()
	for _, want := range []string{"RootWebArea Leave " + title + "?", "heading Leave " + title + "?", "button Leave this list", "link Skip to the text"} {
		if !slices.Contains(strings.Split(heard, "\n"), want) {
			t.Errorf("a screen reader does not say %q:\n%s", want, heard)
		}
	}
}

// lookForBarriers runs axe-core (npm), whose file AXE_CORE names, on all pages.
func lookForBarriers(t *testing.T, b *browser) {
	file := os.Getenv("AXE_CORE")
	if file == "" {
		t.Skip("AXE_CORE does not name the file axe.min.js of axe-core")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rules := 0
	for _, p := range seenPages() {
		s := tried()
		if p.before != nil {
			p.before(s)
		}
		b.view([]string{"light", "dark"}[len(p.name)%2])
		p.look(b, serveLoopback(t, s), languages[0])
		var found struct {
			Passes int
			Faults []string
		}
		b.eval(string(axe)+`;document.querySelectorAll("details").forEach(d => d.open = true);
			axe.run(document, {resultTypes: ["violations"]}).then(r => ({Passes: r.passes.length, Faults: r.violations.filter(v => v.impact !== "minor").map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | "))}))`, &found)
		rules += found.Passes
		for _, fault := range found.Faults {
			t.Errorf("%s: %s", p.name, fault)
		}
	}
	b.call("Network.setExtraHTTPHeaders", object{"headers": object{}}, nil)
	if rules < 100 {
		t.Errorf("only %d rules were looked at", rules)
	}
}
