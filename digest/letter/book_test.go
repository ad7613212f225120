package letter

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// hostile are words that must come through as nothing but words.
var hostile = map[string]string{
	"markdown":    "**bold** [click](http://evil.example/) ![x](http://evil.example/p.png) # head `code` <http://evil.example/auto>\n# heading\n* item\n1. one\n> quote\n---\n```\nfence",
	"html":        `<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></main><!-- &lt;b&gt; &#x3c;script&#x3e; <style>`,
	"headers":     "hello\r\nBcc: victim@example.org\r\n\r\nbody\r\n.\r\nFrom x",
	"direction":   "safe \u202Egnp.exe\u202C \u2066x\u2069 \u200Bzero \uFEFF\u00AD",
	"placeholder": ReplyTo + markBegin + "0" + markEnd + " &#xE000;reply&#xE001; &#57346;0&#57347;",
	"template":    `{{.Place}} {{define "footer"}}x{{end}} %s %d %!`,
	"link":        "javascript:alert(1)",
	"data":        "data:text/html,<script>alert(1)</script>",
	"octets":      "\xff\xfe\x00\x01\x7f é \xc3",
	"long":        strings.Repeat("word <b>x</b> ", 7200),
	"long word":   strings.Repeat("a", 100_000),
	"lines":       strings.Repeat("a\n", 50_000),
	"spaces":      "    code\n\tcode\n  \n",
	"emphasis":    "*a* _b_ **c** ~~d~~ \\*e\\*",
}

// TestHostileWordsAreInert holds of every text in every language that no words of anybody's become anything but words. What facilitators write may be
// Markdown, and nothing worse.
func TestHostileWordsAreInert(t *testing.T) {
	b := builtBook()
	for language, texts := range b.texts {
		for name := range texts {
			for kind, words := range hostile {
				if len(words) > 10_000 && language != "en" {
					continue // that is slow, and languages do not differ in it
				}
				for i, sample := range samples[name] {
					if i > 0 && (language != "en" || len(words) > 10_000) {
						break // nor in what a text makes a difference by
					}
					for _, markdown := range []string{"Fine words.", words} {
						m, err := b.Write(name, []string{language}, filled(sample, words, markdown))
						if err != nil {
							t.Fatalf("%s/%s with %s: %v", language, name, kind, err)
						}
						where := fmt.Sprintf("%s/%s %d with %s", language, name, i, kind)
						inert(t, where, m)
						if markdown != words && strings.Contains(m.HTML, "href=\"http://evil") {
							t.Errorf("%s: a link that words made", where)
						}
					}
				}
			}
		}
	}
}

// allowedHTML is what our HTML may be made of.
var allowedHTML = map[string][]string{
	"html": {"lang"}, "head": {}, "meta": {"charset", "name", "content"}, "title": {}, "style": {}, "body": {}, "main": {}, "h1": {}, "h2": {}, "h3": {}, "p": {},
	"ul": {}, "ol": {"start"}, "li": {}, "blockquote": {"dir"}, "pre": {}, "hr": {}, "br": {}, "a": {"href"}, "strong": {}, "em": {}, "table": {}, "tr": {}, "td": {},
}

func inert(t *testing.T, where string, m Mail) {
	t.Helper()
	if strings.ContainsAny(m.Subject, "\r\n\x00") || utf8.RuneCountInString(m.Subject) > maxSubject {
		t.Errorf("%s: the subject %q", where, m.Subject)
	}
	for _, part := range []string{m.Subject, m.Text, m.HTML} {
		if !utf8.ValidString(part) {
			t.Errorf("%s: no UTF-8", where)
		}
		for _, r := range strings.NewReplacer("\n", "", ReplyTo, "").Replace(part) {
			if unseen(r) {
				t.Errorf("%s: %U came through", where, r)
				break
			}
		}
	}
	elements := 0
	for z := html.NewTokenizer(strings.NewReader(m.HTML)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind == html.CommentToken {
			t.Errorf("%s: a comment", where)
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		attributes, ok := allowedHTML[token.Data]
		if !ok {
			t.Errorf("%s: there is <%s>", where, token.Data)
		}
		elements++
		for _, a := range token.Attr {
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("%s: <%s %s=%q>", where, token.Data, a.Key, a.Val)
			}
			if a.Key == "href" && !regexp.MustCompile(`^(https?://|mailto:)[^\s<>"]+$`).MatchString(a.Val) {
				t.Errorf("%s: a link to %q", where, a.Val)
			}
		}
	}
	if elements < 10 {
		t.Errorf("%s: %d elements", where, elements)
	}
	_, body, _ := strings.Cut(m.HTML, "<main>")
	body = strings.TrimSuffix(body, pageFoot)
	if safe := sanitized(body); safe != body {
		t.Errorf("%s: bluemonday takes something out:\n%s\n%s", where, cutAt(body, 3000), cutAt(safe, 3000))
	}
}

// sanitized is what a strict policy leaves of a body, in the same spelling.
func sanitized(body string) string {
	p := bluemonday.NewPolicy()
	p.AllowElements("h1", "h2", "h3", "p", "ul", "li", "ol", "pre", "hr", "br", "strong", "em", "table", "tr", "td")
	p.AllowAttrs("start").OnElements("ol")
	p.AllowAttrs("dir").OnElements("blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(false)
	return p.Sanitize(body)
}

func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	b := builtBook()
	if got := b.Languages(); !slices.Equal(got, []string{"en", "es", "fr"}) {
		t.Fatalf("languages %q", got)
	}
	want := slices.Sorted(maps.Keys(samples))
	for language, texts := range b.texts {
		if got := slices.Sorted(maps.Keys(texts)); !slices.Equal(got, want) {
			t.Errorf("%s has %q, and there are samples of %q", language, got, want)
		}
		for name := range texts {
			for _, sample := range samples[name] {
				if _, err := b.Write(name, []string{language}, sample); err != nil {
					t.Errorf("with nothing filled: %v", err)
				}
			}
		}
	}
}

func TestTheLanguageOfAText(t *testing.T) {
	b := builtBook()
	for name, c := range map[string]struct {
		languages []string
		want      string
	}{
		"the one that was asked for":              {[]string{"fr", "es"}, "fr"},
		"the list's where there is none":          {[]string{"sw", "es"}, "es"},
		"English where there is neither":          {[]string{"sw", "ti"}, "en"},
		"English where nothing was asked for":     {nil, "en"},
		"the language of a region":                {[]string{"fr-CA"}, "fr"},
		"a tag in capitals":                       {[]string{"ES-MX"}, "es"},
		"the list's where the reader's is empty":  {[]string{"", "fr"}, "fr"},
		"a script and a region that nobody wrote": {[]string{"es-Latn-BO"}, "es"},
	} {
		m, err := b.Write("message", c.languages, messageData{})
		if err != nil || m.Language != c.want || b.Language("message", c.languages) != c.want {
			t.Errorf("%s: %q, %v", name, m.Language, err)
		}
	}
	if _, err := b.Write("nothing", nil, nil); err == nil {
		t.Error("a text that there is not was written")
	}
}

// TestManyWriteAtOnce holds that a book may be written from by many, each of whom gets what they would get alone.
func TestManyWriteAtOnce(t *testing.T) {
	b := builtBook()
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			subject, language := fmt.Sprint("number ", i), []string{"en", "fr", "es"}[i%3]
			m, err := b.Write("message", []string{language}, messageData{Subject: subject, Body: "- " + subject})
			if err != nil || m.Subject != subject || m.Language != language || !strings.HasPrefix(m.Text, "- "+subject+"\n") {
				t.Errorf("%d: %+v, %v", i, m, err)
			}
		})
	}
	all.Wait()
}
