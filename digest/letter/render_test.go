package letter

import (
	"strings"
	"testing"
	"time"
)

// writeMarkdown makes both parts of Markdown, as a text makes them.
func writeMarkdown(source string, foreign ...string) (string, string) {
	doc := parseDocument(source, foreign)
	var b strings.Builder
	doc.html(&b)
	return doc.text(), b.String()
}

func TestBothPartsOfMarkdown(t *testing.T) {
	long := strings.Repeat("word ", 30)
	for name, c := range map[string]struct{ source, text, html string }{
		"a paragraph":                {"one\ntwo", "one two\n", "<p>one two</p>\n"},
		"a line end":                 {"one  \ntwo", "one\ntwo\n", "<p>one<br>\ntwo</p>\n"},
		"a link":                     {"see [the archive](<https://x.example/a?b=1&amp;c=2>).", "see the archive <https://x.example/a?b=1&c=2>.\n", `<p>see <a href="https://x.example/a?b=1&amp;c=2">the archive</a>.</p>` + "\n"},
		"a link that is its address": {"<https://x.example/>", "https://x.example/\n", `<p><a href="https://x.example/">https://x.example/</a></p>` + "\n"},
		"a mail to somebody":         {"[answer](<mailto:a%2Bb@x.example?subject=Re:%20x>)", "answer <a+b@x.example>\n", `<p><a href="mailto:a%2Bb@x.example?subject=Re:%20x">answer</a></p>` + "\n"},
		"an answer to a post stands in HTML alone": {"a, [read](<https://x.example/>), [answer](<mailto:l@x.example?subject=Re:&amp;In-Reply-To=%3Ca%40b%3E>) b", "a, read <https://x.example/> b\n", `<p>a, <a href="https://x.example/">read</a>, <a href="mailto:l@x.example?subject=Re:&amp;In-Reply-To=%3Ca%40b%3E">answer</a> b</p>` + "\n"},
		"an answer to this":                        {"[send](<mailto:" + ReplyTo + "?body=send>)", "send\n", `<p><a href="mailto:` + ReplyTo + `?body=send">send</a></p>` + "\n"},
		"a link to a script":                       {"[x](javascript:alert(1)) <javascript:alert(1)>", "x javascript:alert(1)\n", "<p>x javascript:alert(1)</p>\n"},
		"a picture":                                {"![a cat](https://x.example/p.png) there", "a cat there\n", "<p>a cat there</p>\n"},
		"raw HTML":                                 {"a <b>b</b>\n\n<div>\nc\n</div>\n\nd", "a b\n\nd\n", "<p>a b</p>\n<p>d</p>\n"},
		"emphasis":                                 {"**a** *b*", "*a* _b_\n", "<p><strong>a</strong> <em>b</em></p>\n"},
		"a heading":                                {"## What we *heard*\n\nx", "What we heard\n-------------\n\nx\n", "<h2>What we heard</h2>\n<p>x</p>\n"},
		"a list":                                   {"- a\n- b\n  c", "- a\n- b c\n", "<ul>\n<li>a</li>\n<li>b c</li>\n</ul>\n"},
		"a list with room":                         {"2. a\n\n   b\n\n3. c", "2. a\n\n   b\n\n3. c\n", "<ol start=\"2\">\n<li><p>a</p>\n<p>b</p>\n</li>\n<li><p>c</p>\n</li>\n</ol>\n"},
		"a quotation":                              {"> a\n>\n> b", "> a\n>\n> b\n", "<blockquote dir=\"auto\">\n<p>a</p>\n<p>b</p>\n</blockquote>\n"},
		"code":                                     {"```\na <b>\n```", "    a <b>\n", "<pre>a &lt;b&gt;</pre>\n"},
		"a rule":                                   {"a\n\n---\n\nb", "a\n\n------------------------\n\nb\n", "<p>a</p>\n<hr>\n<p>b</p>\n"},
		"escapes and entities":                     {`\*a\* &amp;amp; \&amp; &#65;`, "*a* &amp; &amp; A\n", "<p>*a* &amp;amp; &amp;amp; A</p>\n"},
		"French signs":                             {"Oui ? « Non » !", "Oui ? « Non » !\n", "<p>Oui\u00a0? «\u00a0Non\u00a0»\u00a0!</p>\n"},
		"a long line":                              {"> " + long, "> " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n> " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n> word word\n", "<blockquote dir=\"auto\">\n<p>" + strings.TrimSpace(long) + "</p>\n</blockquote>\n"},
	} {
		text, page := writeMarkdown(c.source)
		if text != c.text {
			t.Errorf("%s: text %q, want %q", name, text, c.text)
		}
		if page != c.html {
			t.Errorf("%s: html %q, want %q", name, page, c.html)
		}
	}
}

func TestPagesFromTheRight(t *testing.T) {
	for language, want := range map[string]string{"ar": ` dir="rtl"`, "ur-PK": ` dir="rtl"`, "en": "", "fr": ""} {
		page := parseDocument("x", nil).page(language, "x")
		if !strings.Contains(page, `<html lang="`+language+`"`+want+`>`) || !strings.Contains(page, "<main"+want+">") {
			t.Errorf("%s:\n%s", language, page)
		}
	}
}

func TestForeignMarkdownStandsByItself(t *testing.T) {
	mark := markBegin + "0" + markEnd
	text, page := writeMarkdown("a\n\n"+mark+"\n\n**b**", "# big\n\n```\nnever closed &#xE000;\n\n[x]: https://evil.example/")
	if want := "a\n\nbig\n\n    never closed &#xE000;\n\n    [x]: https://evil.example/\n\n*b*\n"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	if !strings.Contains(page, "<h3>big</h3>") || !strings.HasSuffix(page, "<p><strong>b</strong></p>\n") {
		t.Errorf("html %s", page)
	}
	if text, _ := writeMarkdown("a\n\n"+markBegin+"7"+markEnd, "x"); strings.Contains(text, "x") {
		t.Errorf("a mark of nothing: %q", text)
	}
	if text, page = writeMarkdown(mark, "&#xE000;reply&#xE001; [x](<mailto:&#xE000;reply&#xE001;>)"); strings.Contains(text+page, ReplyTo) {
		t.Errorf("the address of answers was asked for: %q %q", text, page)
	}
}

func TestWords(t *testing.T) {
	nairobi, lapaz, paris := zone(t, "Africa/Nairobi"), zone(t, "America/La_Paz"), zone(t, "Europe/Paris")
	at := time.Date(2026, 3, 2, 11, 0, 0, 0, nairobi)
	for want, got := range map[string]string{
		"Monday 2 March":                          dayIn("en", at),
		"lundi 2 mars":                            dayIn("fr-CA", at),
		"lunes 2 de marzo":                        dayIn("es", at),
		"dimanche 1er mars":                       dayIn("fr", at.AddDate(0, 0, -1)),
		"2026-03-02":                              dayIn("sw", at),
		"11:00 Nairobi (08:00 GMT)":               clockIn("en", at),
		"11 h 00, heure de Nairobi (08 h 00 GMT)": clockIn("fr", at),
		"11:00, hora de Nairobi (08:00 GMT)":      clockIn("es", at),
		"21:00 La Paz (Tuesday 01:00 GMT)":        clockIn("en", time.Date(2026, 3, 2, 21, 0, 0, 0, lapaz)),
		"09 h 30, heure de Paris (07 h 30 GMT)":   clockIn("fr", time.Date(2026, 7, 2, 9, 30, 0, 0, paris)),
		"09 h 00, heure d’Abidjan (GMT)":          clockIn("fr", time.Date(2026, 7, 2, 9, 0, 0, 0, zone(t, "Africa/Abidjan"))),
		"09:00 GMT":                               clockIn("es", time.Date(2026, 7, 2, 9, 0, 0, 0, time.UTC)),
		"Dede":                                    joinIn("en", false, []string{"Dede"}),
		"Dede and Awa":                            joinIn("en", false, []string{"Dede", "Awa"}),
		"Dede, Noor et Awa":                       joinIn("fr", false, []string{"Dede", "Noor", "Awa"}),
		"Dede e Inés":                             joinIn("es", false, []string{"Dede", "Inés"}),
		"Dede y Hielo":                            joinIn("es", false, []string{"Dede", "Hielo"}),
		"English, français or español":            joinIn("en", true, []string{"English", "français", "español"}),
		"español u otomí":                         joinIn("es", true, []string{"español", "otomí"}),
		"personne":                                pluralIn("fr", 0, "personne", "personnes"),
		"people":                                  pluralIn("en", 0, "person", "people"),
		"1.2 MB":                                  sizeIn("en", 1_240_000),
		"1,2 Mo":                                  sizeIn("fr", 1_240_000),
		"1 ko":                                    sizeIn("fr", 10),
		"mailto:a%2Bb@x.example?subject=a%20b&body=%2Byes%0D%0Ano": Mailto("a+b@x.example", "a b", "+yes\nno"),
		"mailto:" + ReplyTo + "?body=drop%202":                     Mailto(ReplyTo, "", "drop 2"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSubjectLine(t *testing.T) {
	for in, want := range map[string]string{
		"Question 1:  what\nmade people answer? #remote":                             "Question 1: what made people answer? #remote",
		"Starts Monday 2 March: facilitating at a distance, with many words #remote": "Starts Monday 2 March: facilitating at a distance… #remote",
		strings.Repeat("word ", 30):                                                  "word word word word word word word word word word word…",
		strings.Repeat("é", 70):                                                      strings.Repeat("é", 59) + "…",
		"Changed: " + markBegin + "Reading circle, at the well of the old school" + markEnd + ", Wednesday 9 December, 15:00": "Changed: Reading circle, at…, Wednesday 9 December, 15:00",
		"Changed: " + markBegin + "Reading circle" + markEnd + ", Wednesday 9 December, 15:00":                                "Changed: Reading circle, Wednesday 9 December, 15:00",
		"Changed: " + markBegin + "A reading circle" + markEnd + ", " + strings.Repeat("word ", 12):                           "Changed: A reading…, word word word word word word word…",
		"x #" + strings.Repeat("y", 70): "x #" + strings.Repeat("y", 56) + "…",
	} {
		if got := subjectLine(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTheAddressOfAnswers(t *testing.T) {
	m := Mail{Text: "to " + ReplyTo, HTML: `<a href="mailto:` + ReplyTo + `?body=x">x</a> ` + ReplyTo}.Reply("a+draft-x@l.example")
	if m.Text != "to a+draft-x@l.example" || m.HTML != `<a href="mailto:a%2Bdraft-x@l.example?body=x">x</a> a+draft-x@l.example` {
		t.Errorf("%+v", m)
	}
}

func TestBlockQuotations(t *testing.T) {
	folded := "This line was folded by a program at its seventy-second character, or\nso, and goes on here."
	for in, want := range map[string]string{
		"one\ntwo\n\nthree":  "> one\n> two\n>\n> three\n",
		folded:               "> This line was folded by a program at its seventy-second character, or\n> so, and goes on here.\n",
		"a\n- b\n* c\n 1) d": "> a\n> - b\n> * c\n> 1) d\n",
		" # x\n> y\n```\nz":  "> # x\n> > y\n> ```\n> z\n",
	} {
		if got, _ := writeMarkdown(string(blockQuote(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if _, html := writeMarkdown(string(blockQuote(folded))); strings.Contains(html, "<br>") {
		t.Errorf("a folded line stays folded: %s", html)
	}
	if got := string(blockQuote(strings.Repeat("line\n", 100_000))); len(got) > 2*maxQuoted || !strings.HasSuffix(got, "> …\n\n") {
		t.Errorf("%d octets of quotation", len(got))
	}
}
