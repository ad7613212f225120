package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"

	"convene/list"
)

//go:embed templates
var templates embed.FS

// names are the pages that there are: each is templates/NAME.html within templates/layout.html.
var names = [...]string{"home", "leave", "left", "gone", "confirm", "confirmed", "expired", "missing", "problem"}

// page is what a template may say.
type page struct {
	BaseURL, Hostname string
	Style             template.CSS
	Status            int    // of the answer, where the page depends on it
	List, Owners      string // addresses
	Title             string // the list's name
	Member            string // their address, masked
	// Of a confirmation: a heading that asks, the same in a sentence, the word on the button; and when it is done, what came of it.
	Question, Text, Button, Said string
	Late                         bool // it was done before
}

// about is the page of a link. A member's address is masked: whoever reads a forwarded mail may open its links.
func about(who list.Leaving) page {
	local, domain, _ := strings.Cut(who.List, "@")
	return page{List: who.List, Owners: local + "+owner@" + domain, Title: who.Title, Member: masked(who.Member)}
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
	byName map[string]*template.Template
	style  template.CSS
	policy string // the Content-Security-Policy that lets their one style sheet in, and nothing else
}

func newPages() *pages {
	css, err := templates.ReadFile("templates/style.css")
	if err != nil {
		panic(err) // embedded, and so are the templates
	}
	sum := sha256.Sum256(css)
	p := &pages{
		byName: map[string]*template.Template{},
		style:  template.CSS(css),
		policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
			base64.StdEncoding.EncodeToString(sum[:])),
	}
	for _, name := range names {
		p.byName[name] = template.Must(template.ParseFS(templates, "templates/layout.html", "templates/"+name+".html"))
	}
	return p
}

func (p *pages) render(name string, data page) ([]byte, error) {
	data.Style = p.style
	var b bytes.Buffer
	if err := p.byName[name].ExecuteTemplate(&b, "layout.html", data); err != nil {
		return nil, fmt.Errorf("web: page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
