package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"convene/list"
)

// sketch is pieces in short: "text(a) quote[list(b; c)]", with links as "<text=where>".
func sketch(all []piece) string {
	words := func(all []run) string {
		var b strings.Builder
		for _, r := range all {
			switch {
			case r.Link == "":
				b.WriteString(r.Text)
			case r.Link == r.Text:
				b.WriteString("<" + r.Text + ">")
			default:
				b.WriteString("<" + r.Text + "=" + r.Link + ">")
			}
		}
		return b.String()
	}
	var items func([]item) string
	items = func(all []item) string {
		var s []string
		for _, i := range all {
			one := words(i.Runs)
			if len(i.Items) > 0 {
				one += " {" + items(i.Items) + "}"
			}
			s = append(s, one)
		}
		return strings.Join(s, "; ")
	}
	var s []string
	for _, p := range all {
		switch {
		case p.Kind == pieceQuote || p.Kind == pieceSign:
			lead := ""
			if p.Folded {
				lead = "|" + p.Lead + "|" + p.First + "|"
			}
			s = append(s, p.Kind+lead+"["+sketch(p.Pieces)+"]")
		case p.Kind == pieceList:
			s = append(s, "list("+items(p.Items)+")")
		default:
			s = append(s, p.Kind+"("+words(p.Runs)+")")
		}
	}
	return strings.Join(s, " ")
}

func TestPieces(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("> a line of theirs\n", 5))
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                          {"", ""},
		"paragraphs":                       {"a\nb\n\n\nc", "text(a\nb) text(c)"},
		"a short quotation":                {"a\n> b\n>c\nd", "text(a) quote[text(b\nc)] text(d)"},
		"one in another":                   {"> a\n>> b\n> > c\n> d", "quote[text(a) quote[text(b\nc)] text(d)]"},
		"deeper than can be shown":         {strings.Repeat(">", 50) + "a", strings.Repeat("quote[", maxDepth) + "text(a)" + strings.Repeat("]", maxDepth)},
		"an empty line within a quotation": {"> a\n\n> b\n\nc", "quote[text(a) text(b)] text(c)"},
		"empty lines around are left out":  {"\n\na\n\n> \n\nb\n", "text(a) text(b)"},
		"a long one is folded behind the line that introduces it": {"Yes.\n\nOn Monday, Dede wrote:\n\n" + long,
			"text(Yes.) quote|On Monday, Dede wrote:||[text(" + strings.ReplaceAll(long, "> ", "") + ")]"},
		"or behind its own beginning":                 {"Yes, as I have said.\n\n" + long, "text(Yes, as I have said.) quote||a line of theirs a line of theirs a line of theirs a line of…|[text(" + strings.ReplaceAll(long, "> ", "") + ")]"},
		"a text that is all quoted is not":            {long, "quote[text(" + strings.ReplaceAll(long, "> ", "") + ")]"},
		"a signature":                                 {"Hello\n-- \nDede\n\nLomé", "text(Hello) sign[text(Dede) text(Lomé)]"},
		"one that has lost its space":                 {"Hello\n--\nDede", "text(Hello) sign[text(Dede)]"},
		"one above what it answers":                   {"Hello\n-- \nDede\n\n> Hi", "text(Hello) sign[text(Dede)] quote[text(Hi)]"},
		"an earlier mail that a line announces":       {"Yes.\n\n-----Original Message-----\nFrom: Dede\nSubject: x\n\nWhy?", "text(Yes.) quote[text(-----Original Message-----\nFrom: Dede\nSubject: x) text(Why?)]"},
		"one that its header does":                    {"Oui.\n\nDe : Dede\nEnvoyé : lundi\nÀ : Noor\n\nPourquoi ?", "text(Oui.) quote[text(De : Dede\nEnvoyé : lundi\nÀ : Noor) text(Pourquoi ?)]"},
		"a list":                                      {"We need:\n- chairs\n- tea", "text(We need:) list(chairs; tea)"},
		"a list in a list":                            {"- a\n  - b\n  - c\n- d", "list(a {b; c}; d)"},
		"items that a program has wrapped":            {"- the first thing that somebody could have done there and then\n  or later\n- the second", "list(the first thing that somebody could have done there and then or later; the second)"},
		"one line that begins with a dash is no list": {"- just that", "text(- just that)"},
		"code":                            {"Try:\n\n    if x {\n      y\n    }\n\n    z", "text(Try:) fixed(if x {\n  y\n}\n\nz)"},
		"code between fences":             {"Try:\n```go\nif x {\n\n}\n```\ndone", "text(Try:) fixed(if x {\n\n}) text(done)"},
		"columns":                         {"name      day\nDede      Monday\nNoor      Tuesday", "fixed(name      day\nDede      Monday\nNoor      Tuesday)"},
		"a table with rules":              {"+---+---+\n| a | b |\n+---+---+", "fixed(+---+---+\n| a | b |\n+---+---+)"},
		"the difference of two files":     {"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b", "fixed(--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b)"},
		"an address":                      {"See https://example.org/a_(b)?c=d, or (http://x.test/).", "text(See <https://example.org/a_(b)?c=d>, or (<http://x.test/>).)"},
		"one between brackets":            {"the notes <https://example.org/a>", "text(the notes <<https://example.org/a>>)"},
		"one that is long":                {"https://example.org/" + strings.Repeat("a", 90), "text(<https://example.org/" + strings.Repeat("a", 80) + "…=https://example.org/" + strings.Repeat("a", 90) + ">)"},
		"one that is there to be misread": {"https://bank.test@evil.test/ javascript:x(1) HTTPS://EXAMPLE.org/", "text(https://bank.test@evil.test/ javascript:x(1) <HTTPS://EXAMPLE.org/>)"},
		"lines that a program has wrapped": {"I telephoned three people the evening before and asked each of them\nfor one sentence. Next morning the three sentences were there, and then\nthe others spoke.\n\nDede",
			"text(I telephoned three people the evening before and asked each of them for one sentence. Next morning the three sentences were there, and then the others spoke.) text(Dede)"},
		"a short line ends, since the next word had room": {"Dear all,\nthis line is as wide as those that programs wrap are, at least", "text(Dear all,\nthis line is as wide as those that programs wrap are, at least)"},
		"a line that is underlined is a heading":          {"What we asked\n-------------\nWhy?\n\nAll\n===", "head(What we asked) text(Why?) head(All)"},
		"one with strokes of another length is none":      {"Yes\n----------", "text(Yes\n----------)"},
		"a list with numbers": {"1. Think of a time when a quiet group began to talk. What had you,\n   or somebody, just done?\n2. What worked?",
			"text(1. Think of a time when a quiet group began to talk. What had you, or somebody, just done?\n2. What worked?)"},
		"a number that begins a line is no list": {"In the year\n2. of our lord", "text(In the year\n2. of our lord)"},
		"a poem":                                 {"Tyger Tyger, burning bright,\nIn the forests of the night", "text(Tyger Tyger, burning bright,\nIn the forests of the night)"},
	} {
		if diff := cmp.Diff(c.want, sketch(pieces(c.text))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// dear are texts that take much more room on a page than in a mail.
var dear = map[string]string{
	"words":                   strings.Repeat("Some words of somebody, who goes on and on about it.\n", 1000),
	"paragraphs of a letter":  strings.Repeat("a\n\n", 10_000),
	"lines of a letter":       strings.Repeat("a\n", 40_000),
	"one line":                strings.Repeat("word ", 40_000),
	"one word":                strings.Repeat("é", 40_000),
	"signs that are escaped":  strings.Repeat(`<>&"'+`, 10_000),
	"depths that change":      strings.Repeat("> > > > > > > > a\nb\n", 2000),
	"quotations that fold":    strings.Repeat(strings.Repeat("> \"a\n", 5)+"b\n", 1000),
	"addresses":               strings.Repeat("https://a.b/\u00e9 ", 10_000),
	"addresses without space": strings.Repeat("https://a.b,", 10_000),
	"headings":                strings.Repeat("abc\n---\n\n", 8000),
	"items":                   strings.Repeat("- a\n- b\n  - c\n", 2000),
	"code":                    strings.Repeat("    a\n\nb\n\n", 10_000),
	"nothing but lines":       strings.Repeat("\n", 50_000) + "a",
}

// TestPagesAreSmall holds that no text makes a page of posts larger than 50 kB, and that all of a long one can be read.
func TestPagesAreSmall(t *testing.T) {
	for name, long := range dear {
		s := newSite()
		s.engine.archive.post.Text, s.engine.archive.post.Name = long, strings.Repeat("<", 60)
		s.engine.archive.copies = 10
		for i := range 20 {
			s.engine.archive.post.Files = append(s.engine.archive.post.Files, list.FileLine{File: list.File{Index: i + 1, Name: strings.Repeat("&", 120)}, Shown: "300 kB"})
		}
		if page := text(t, s.ask(t, "GET", "/peers@lists.example.org/topics/17", "")); len(page) > 50_000 || strings.Count(page, "<article") != 10 {
			t.Errorf("%s: the page of a topic has %d octets, %d posts", name, len(page), strings.Count(page, "<article"))
		}
		s.engine.archive.copies = 1
		room := pageText - weight(s.engine.archive.post.Name) - weight(s.engine.archive.post.Subject) - roomOf(s.engine.archive.post.Files)
		for _, n := range []int{1, 2, 5} {
			resp := s.ask(t, "GET", fmt.Sprintf("%s?page=%d", list.PostPath(s.engine.archive.post.MessageID), n), "")
			page := text(t, resp)
			if _, more := leafOf(long, n, room); len(page) > 50_000 || resp.StatusCode != 200 && n < 3 || more != strings.Contains(page, `rel="next"`) {
				t.Errorf("%s: page %d of a post has %d octets, %d, more %v", name, n, len(page), resp.StatusCode, more)
			}
		}
		leaves := 0
		for read := 0; read < len(long); leaves++ {
			read += portion(long[read:], pageText)
		}
		if _, more := leafOf(long, leaves, pageText); more || leaves < 2 || leaves > maxLeaves {
			t.Errorf("%s: it takes %d pages", name, leaves)
		}
	}
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		costs []int
		room  int
		least int
	}{{nil, 100, 0}, {[]int{10, 20}, 100, 20}, {[]int{10, 500, 600}, 100, 45}, {[]int{500}, 100, 100}} {
		most, taken := shares(c.costs, c.room), 0
		for _, cost := range c.costs {
			taken += min(cost, most)
		}
		if taken > c.room || most < c.least {
			t.Errorf("%v in %d: %d each, %d in all", c.costs, c.room, most, taken)
		}
	}
}

func FuzzPieces(f *testing.F) {
	for _, seed := range dear {
		f.Add(seed[:60], 100)
	}
	f.Add("> a\n> - b\n\n-- \nc", 10)
	f.Fuzz(func(t *testing.T, text string, most int) {
		_ = sketch(pieces(text))
		if n := portion(text, max(most, 1)); n > len(text) || n == 0 && text != "" {
			t.Errorf("%d of %d octets", n, len(text))
		}
	})
}

func TestWhatIsSeenWithoutExpressions(t *testing.T) {
	for line, want := range map[string]bool{
		"": false, "one two": false, "one  two": false, "one   two": true, "one\ttwo": true, "one \ttwo": false, "one  \ttwo": true, "| a | b |": true, "+---+": true, "| a": false,
		"│ é │": true, "été  à": false, "a |": false,
	} {
		if got := isColumns(line); got != want || got != (columns.MatchString(line) || ruled.MatchString(line)) {
			t.Errorf("%q: %t", line, got)
		}
	}
	for line, want := range map[string]bool{"@@ -1,2 +1,2 @@": true, "@@ -a": false, "@@ -": false, "diff --git a/x b/x": true, "--- a/x": true, "+++ b/x": true, "--- x": false, "": false} {
		if got := ofDifference(line); got != want {
			t.Errorf("%q: %t", line, got)
		}
	}
}
