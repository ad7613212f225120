package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"convene/list"
)

//go:embed templates
var templates embed.FS

// names are the pages that there are: each is templates/LANGUAGE/NAME.html within templates/layout.html, with what they share in words.html.
var names = [...]string{"home", "leave", "left", "gone", "confirm", "confirmed", "coming", "expired", "missing", "problem",
	"post", "topic", "topics", "closed", "unread", "signin", "signin-sent", "signin-expired", "signedin", "enter", "files", "calendar", "search", "settings", "settings-left", "removed"}

// page is what a template may say.
type page struct {
	// Language is of the member or the list, BCP 47; what a template finds is one of ours.
	Language          string
	Here              string // name of the page, as in names
	BaseURL, Hostname string
	Prefix            string // path of the base URL
	Style             template.CSS
	Status            int    // of the answer, where the page depends on it
	List, Owners      string // addresses
	Title             string // the list's name
	Member            string // their address, masked
	// Of a confirmation: a heading that asks, the same in a sentence, the word on the button; and when it is done, what came of it.
	Question, Text, Button, Said string
	Late                         bool   // it was done before; of an invitation: there is nothing to answer any more
	Answer                       string // to an invitation so far
	// Of an archive. Paths stand behind the base URL; one that is empty leads nowhere.
	Lists                []list.Shelf
	ListPath, TopicPath  string
	Newer, Older         string // paths of the pages before and behind
	AtomPath             string // of the feed of posts, where everybody may read it
	Subject, Description string
	Topics               []topicView
	Posts                []postView
	Post                 *postView
	Next                 string // where signing in leads
	Files                []fileView
	// Of a search: what was looked for, how many posts were found; Off says that there is none now.
	Query string
	Total int
	Hits  []hitView
	Off   bool
	// Of a calendar: its dates, whose clock they are on, the address that takes events, and the path of the feed: that for everybody, or the reader's own, which ends.
	Dates              []dateView
	Zone, Events       string
	FeedPath           string
	FeedEnds           momentView
	MayFeed, MoreDates bool
	// New is what the reader has not read here; nil: nothing. Mine says that they are a member of the list.
	New  *newView
	Mine bool
	// Of the settings of a member, and of who has signed in.
	Settings    *settingsView
	Memberships []list.Membership
}

// about is the page of a link. A member's address is masked: whoever reads a forwarded mail may open its links.
func about(who list.Leaving) page {
	local, domain, _ := strings.Cut(who.List, "@")
	return page{Language: who.Language, List: who.List, Owners: local + "+owner@" + domain, Title: who.Title, Member: masked(who.Member)}
}

// shelfPage is a page about a list whose posts the reader may read.
func shelfPage(s list.Shelf) page {
	return page{Language: s.Language, Title: s.Title, List: s.Address, ListPath: list.TopicsPath(s.Address), Mine: s.Mine}
}

// masked is an address of which a reader recognises their own: "a…@example.org".
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "…"
	}
	first, n := utf8.DecodeRuneInString(address)
	if !unicode.IsLetter(first) && !unicode.IsDigit(first) {
		n = 0
	}
	return address[:n] + "…" + address[at:]
}

// pages are the parsed templates.
type pages struct {
	byName map[[2]string]*template.Template // by language and name
	style  template.CSS
	policy string // the Content-Security-Policy that lets their one style sheet in, and nothing else
}

// builtPages are the pages as they are built in. They are made for the first request: a program that is started to do something else does not wait for them.
var builtPages = sync.OnceValue(newPages)

func newPages() *pages {
	css, err := templates.ReadFile("templates/style.css")
	if err != nil {
		panic(err) // embedded, and so are the templates
	}
	sum := sha256.Sum256(css)
	p := &pages{
		byName: map[[2]string]*template.Template{},
		style:  template.CSS(css),
		policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			base64.StdEncoding.EncodeToString(sum[:])),
	}
	all := template.Must(template.ParseFS(templates, "templates/layout.html", "templates/read.html", "templates/settings.html"))
	for _, language := range languages {
		words := template.Must(template.Must(all.Clone()).ParseFS(templates, "templates/"+language+"/words.html"))
		for _, name := range names {
			p.byName[[2]string{language, name}] = template.Must(template.Must(words.Clone()).ParseFS(templates, "templates/"+language+"/"+name+".html"))
		}
	}
	return p
}

// render writes a page in data.Language, which is one of languages.
func (p *pages) render(name string, data page) ([]byte, error) {
	data.Style = p.style
	var b bytes.Buffer
	if err := p.byName[[2]string{data.Language, name}].ExecuteTemplate(&b, "layout.html", data); err != nil {
		return nil, fmt.Errorf("web: page %s in %s: %w", name, data.Language, err)
	}
	return b.Bytes(), nil
}
