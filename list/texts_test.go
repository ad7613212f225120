package list

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestBuiltTextsAreWhole holds that every notice and every phrase is there in all three languages, and can be said with its values and without.
func TestBuiltTextsAreWhole(t *testing.T) {
	texts, err := LoadTexts(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(maps.Keys(textBlocks()))
	for _, language := range []string{"en", "fr", "es"} {
		set := texts.byLanguage[language]
		if set == nil {
			t.Fatalf("no texts in %s", language)
		}
		for _, block := range want {
			if set.Lookup(block) == nil {
				t.Errorf("%s.tmpl: there is no block %s", language, block)
			}
		}
	}
	if got := texts.Languages(); !slices.Equal(got, []string{"en", "es", "fr"}) {
		t.Errorf("languages %q", got)
	}
}

// goodbyeIn is a file with a goodbye of its own.
func goodbyeIn(body string) string {
	return `{{define "goodbye.subject"}}Bye{{end}}{{define "goodbye.body"}}` + body + `{{end}}`
}

func TestOverriddenTexts(t *testing.T) {
	for name, c := range map[string]struct {
		files     map[string]string
		languages []string
		want      string // subject, language and body
	}{
		"nothing over it":                    {nil, []string{"fr"}, "Vous avez quitté Peer Learning|fr|Vous avez"},
		"one language":                       {map[string]string{"fr.tmpl": goodbyeIn("Salut.")}, []string{"fr"}, "Bye|fr|Salut.\n"},
		"another language":                   {map[string]string{"fr.tmpl": goodbyeIn("Salut.")}, []string{"es"}, "Ha salido de Peer Learning|es|Ha salido"},
		"a block alone":                      {map[string]string{"fr.tmpl": `{{define "goodbye.subject"}}Salut{{end}}`}, []string{"fr"}, "Salut|fr|Vous avez quitté"},
		"a new language":                     {map[string]string{"sw.tmpl": goodbyeIn("Kwaheri.")}, []string{"sw"}, "Bye|sw|Kwaheri.\n"},
		"a new language, as the list has it": {map[string]string{"sw.tmpl": goodbyeIn("Kwaheri.")}, []string{"", "sw"}, "Bye|sw|Kwaheri.\n"},
		"a new language with half of it":     {map[string]string{"sw.tmpl": `{{define "goodbye.subject"}}Kwaheri{{end}}`}, []string{"sw", "fr"}, "Vous avez quitté Peer Learning|fr|Vous"},
		"a region has its language's":        {nil, []string{"fr-CA"}, "Vous avez quitté Peer Learning|fr|Vous"},
		"a region of its own":                {map[string]string{"pt-BR.tmpl": goodbyeIn("Tchau.")}, []string{"pt-br"}, "Bye|pt-br|Tchau.\n"},
		"a region is not its language's":     {map[string]string{"pt-BR.tmpl": goodbyeIn("Tchau.")}, []string{"pt"}, "You have left Peer Learning|en|You"},
		"a language that nobody wrote":       {nil, []string{"xx", "de"}, "You have left Peer Learning|en|You"},
		"a language that is none":            {nil, []string{"../en", "fr\n"}, "You have left Peer Learning|en|You"},
		"blocks of one's own":                {map[string]string{"en.tmpl": goodbyeIn(`{{template "end" .}}`) + `{{define "end"}}{{.List.Owner}}{{end}}`}, nil, "Bye|en|peers+owner@lists.example.org\n"},
		"its functions":                      {map[string]string{"en.tmpl": goodbyeIn(`{{date "2026-03-02T09:00:00Z"}}, {{plural "3" "post" "posts"}}`)}, nil, "Bye|en|Monday, 2 March 2026, 3 posts\n"},
		"another file beside them":           {map[string]string{"README": "{{"}, nil, "You have left Peer Learning|en|You"},
		"an empty file":                      {map[string]string{"fr.tmpl": "\n"}, []string{"fr"}, "Vous avez quitté Peer Learning|fr|Vous"},
		"a comment":                          {map[string]string{"fr.tmpl": "{{/* ours */}}\n"}, []string{"fr"}, "Vous avez quitté Peer Learning|fr|Vous"},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := LoadTexts(filesOf(c.files))
			if err != nil {
				t.Fatal(err)
			}
			subject, body, language, err := texts.write("goodbye", c.languages, sampleText(nil))
			if got := subject + "|" + language + "|" + body; err != nil || !strings.HasPrefix(got, c.want) {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func filesOf(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestBrokenTextsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       string // the beginning of a fault
	}{
		"a brace that is open":                   {"fr.tmpl", "\n" + `{{define "goodbye.body"}}{{.List.Title}`, "fr.tmpl:2:1: "},
		"a block that does not end":              {"fr.tmpl", `{{define "goodbye.body"}}` + "\n\nx", "fr.tmpl:3:1: unexpected EOF"},
		"a function that there is not":           {"fr.tmpl", "\n\n" + goodbyeIn(`{{env "PATH"}}`), `fr.tmpl:3:1: function "env" not defined`},
		"a field that there is not":              {"fr.tmpl", goodbyeIn("\n\n {{.List.Secret}}"), "fr.tmpl:3:8: "},
		"a value that the notice has not":        {"fr.tmpl", goodbyeIn("\n {{.Values.reason}}"), "fr.tmpl:2:10: "},
		"a value behind a condition":             {"fr.tmpl", goodbyeIn("a{{if .Reply}}\n{{.Values.raeson}}{{end}}"), "fr.tmpl:2:9: "},
		"a value behind the other":               {"fr.tmpl", goodbyeIn("a{{if .Reply}}b{{else}}\n{{.Values.raeson}}{{end}}"), "fr.tmpl:2:9: "},
		"a field that a group of copies has not": {"fr.tmpl", `{{define "failures.body"}}x{{range .Posts}}{{range .Groups}}` + "\n" + `{{.Reason}}{{end}}{{end}}{{end}}`, "fr.tmpl:2:2: "},
		"a field that a change has not":          {"fr.tmpl", `{{define "failures.body"}}x{{range .Changes}}{{if eq .What "complaint"}}` + "\n" + `{{.Who}}{{end}}{{end}}{{end}}`, "fr.tmpl:2:2: "},
		"a block that there is not":              {"fr.tmpl", goodbyeIn("\n{{template \"end\" .}}"), "fr.tmpl:2:11: "},
		"a notice that there is not":             {"fr.tmpl", goodbyeIn("x") + "\n\n" + `{{define "godbye.body"}}x{{end}}`, `fr.tmpl:3:`},
		"a phrase that there is not":             {"fr.tmpl", `{{define "unheard-of.phrase"}}x{{end}}`, `fr.tmpl:1:`},
		"a block twice":                          {"fr.tmpl", goodbyeIn("x") + "\n" + goodbyeIn("y"), "fr.tmpl:2:1: "},
		"text outside of all blocks":             {"fr.tmpl", goodbyeIn("x") + "\n\nHello.\n", "fr.tmpl:1:"},
		"an action outside of all blocks":        {"fr.tmpl", goodbyeIn("x") + "\n{{.Name}}\n", "fr.tmpl:2:"},
		"a block that says nothing":              {"sw.tmpl", "\n" + goodbyeIn(" {{.Name}} "), `sw.tmpl:2:`},
		"a block that never ends to say":         {"fr.tmpl", goodbyeIn("{{range 1000000000}}spam{{end}}"), "fr.tmpl:1:"},
		"a block within itself":                  {"fr.tmpl", goodbyeIn("\n" + `{{template "goodbye.body" .}}`), "fr.tmpl:2:"},
		"a name that is no language":             {"french.old.tmpl", goodbyeIn("x"), "french.old.tmpl: the file is not named after a language"},
		"a file that is too large":               {"fr.tmpl", "{{/* " + strings.Repeat("x", maxTexts) + " */}}", "fr.tmpl: larger than"},
		"a language that is there by its case":   {"FR.tmpl", "{{", "FR.tmpl:1:1: "},
		"a fault in a language that was broken":  {"en.tmpl", goodbyeIn("{{.Values.x}}"), "en.tmpl:1:"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadTexts(filesOf(map[string]string{c.file: c.text}))
			fault, ok := errors.AsType[*TextFault](err)
			if !ok || !strings.HasPrefix(fault.Error(), c.want) || fault.File != c.file {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	_, err := LoadTexts(filesOf(map[string]string{"FR.tmpl": goodbyeIn("x"), "es.tmpl": goodbyeIn("{{.A}}"), "fr.tmpl": goodbyeIn("x"), "pt.tmpl": "{{", "sw.tmpl": goodbyeIn("{{.B}}")}))
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("every fault is reported at once, two files for one language among them: %v", err)
	}
}

// TestValuesAreData holds that what a note says is never read as a template, whatever is in it.
func TestValuesAreData(t *testing.T) {
	evil := "{{.List.Owner}}\r\n{{define \"x\"}}\x1b[2J\x00\u202eevil{{end}}\xff"
	subject, body, _, err := builtTexts().write("rejected", []string{"en"}, &textData{List: sampleText(nil).List, Values: map[string]string{"subject": evil, "reason": evil}})
	if err != nil {
		t.Fatal(err)
	}
	if subject != "Not sent: {{.List.Owner}} {{define \"x\"}} [2J evil{{end}}\uFFFD" {
		t.Errorf("subject %q", subject)
	}
	if !strings.Contains(body, "\n  {{.List.Owner}}\n  {{define \"x\"}} [2J evil{{end}}\uFFFD\n") || strings.ContainsAny(body, "\x1b\x00\r\u202e\xff"[:3]) {
		t.Errorf("body %q", body)
	}
}

func TestFoldedText(t *testing.T) {
	long := strings.Repeat("words ", 30)
	for name, c := range map[string]struct{ in, want string }{
		"short lines stay":                   {"One.\nTwo.\n", "One.\nTwo.\n"},
		"empty lines become one":             {"\n\nOne.\n\n \n\t\n\nTwo.\n\n\n", "One.\n\nTwo.\n"},
		"spaces at the end go":               {"One.  \nTwo.\t\n", "One.\nTwo.\n"},
		"spaces within stay":                 {"a   b\n", "a   b\n"},
		"a line is 72 characters":            {strings.Repeat("é", 70) + " x y", strings.Repeat("é", 70) + " x\ny\n"},
		"one that fits exactly stays":        {strings.Repeat("é", 70) + " x", strings.Repeat("é", 70) + " x\n"},
		"a link is not broken":               {"See https://x.example/" + strings.Repeat("a", 80) + " or ask.", "See\nhttps://x.example/" + strings.Repeat("a", 80) + "\nor ask.\n"},
		"an indented line goes on so":        {"  " + strings.Repeat("a", 60) + " " + strings.Repeat("b", 20), "  " + strings.Repeat("a", 60) + "\n  " + strings.Repeat("b", 20) + "\n"},
		"a quoted line goes on so":           {"> > " + strings.Repeat("a", 60) + " " + strings.Repeat("b", 20), "> > " + strings.Repeat("a", 60) + "\n> > " + strings.Repeat("b", 20) + "\n"},
		"a bullet goes on beside it":         {"- " + strings.Repeat("a", 60) + " " + strings.Repeat("b", 20), "- " + strings.Repeat("a", 60) + "\n  " + strings.Repeat("b", 20) + "\n"},
		"a quotation sign alone is one":      {">\n> a", ">\n> a\n"},
		"nothing is one line end":            {"", "\n"},
		"French signs stay with their words": {strings.Repeat("a", 65) + " « bbb » ? c", strings.Repeat("a", 65) + "\n« bbb » ? c\n"},
		"and so do those at the end":         {strings.Repeat("a", 65) + " bbbbbb :", strings.Repeat("a", 65) + "\nbbbbbb :\n"},
		"a row of signs is folded":           {strings.Repeat("! ", 50), strings.Repeat("! ", 35) + "!\n" + strings.Repeat("! ", 13) + "!\n"},
	} {
		if got := foldText(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for line := range strings.SplitSeq(foldText(long), "\n") {
		if len(line) > foldAt || strings.HasSuffix(line, " ") {
			t.Errorf("folded to %q", line)
		}
	}
}

func TestTextFunctions(t *testing.T) {
	const when = "2026-03-01T18:30:00+05:30"
	for want, got := range map[string]string{
		"Sunday, 1 March 2026":                     dateIn("en", when, false),
		"Sunday, 1 March 2026, 18:30 (UTC+5:30)":   dateIn("en-gb", when, true),
		"dimanche 1er mars 2026":                   dateIn("fr", when, false),
		"dimanche 1er mars 2026, 18:30 (UTC+5:30)": dateIn("fr-CA", when, true),
		"mercredi 2 décembre 2026":                 dateIn("fr", "2026-12-02T00:00:00Z", false),
		"domingo 1 de marzo de 2026":               dateIn("es", when, false),
		"2026-03-01":                               dateIn("sw", when, false),
		"2026-03-01, 09:00 (UTC)":                  dateIn("sw", "2026-03-01T09:00:00Z", true),
		"2026-03-01, 09:00 (UTC-3)":                dateIn("sw", "2026-03-01T09:00:00-03:00", true),
		"2026-03-01, 09:00 (UTC-3:30)":             dateIn("sw", "2026-03-01T09:00:00-03:30", true),
		"tomorrow":                                 dateIn("en", "tomorrow", true),
		"1 post":                                   plural("en", "1", "post", "posts"),
		"0 posts":                                  plural("en", "0", "post", "posts"),
		"0 message":                                plural("fr-CA", "0", "message", "messages"),
		"0 mensajes":                               plural("es", "0", "mensaje", "mensajes"),
		"  a\n\n  b":                               eachLine("a\n\nb\n", "  "),
		"> a\n>\n> b":                              eachLine("a\n\nb", "> "),
		"mailto:a@x.example":                       mailtoLink("a@x.example", "", ""),
		"mailto:a%2Bb-c@x.example?body=approve":    mailtoLink("a+b-c@x.example", "", "approve"),
		"mailto:a@x.example?subject=a%20b%26c%3D&body=d%2B": mailtoLink("a@x.example", "a b&c=", "d+"),
		"mailto:a@x.example?body=one%0D%0Atwo":              mailtoLink("a@x.example", "", "one\ntwo"),
		"[a b] []":                                          fmt.Sprint(textLines("a\nb\n"), textLines("\n")),
		"b|":                                                textColumn(1, "a\tb") + "|" + textColumn(2, "a\tb") + textColumn(-1, "a"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTheWordsOfTheTextsAreRead: where a notice gives a word in its reader's language beside the English one, both are read alike.
func TestTheWordsOfTheTextsAreRead(t *testing.T) {
	pair := regexp.MustCompile(`(?m)^(\w+) \((\w+)\) ?:`)
	for _, language := range []string{"fr", "es"} {
		for _, name := range []string{"held", "join-request"} {
			_, body, _, err := builtTexts().write(name, []string{language}, sampleText(noticeValues[name]))
			if err != nil {
				t.Fatal(err)
			}
			pairs := pair.FindAllStringSubmatch(body, -1)
			for _, p := range pairs {
				english, own := verbOfWord(Answer{Verb: p[1]}), verbOfWord(Answer{Verb: p[2]})
				if english == verbUnknown || own != english {
					t.Errorf("%s in %s: %q is read as %q, and %q as %q", name, language, p[1], english, p[2], own)
				}
			}
			if len(pairs) < 4 {
				t.Errorf("%s in %s: %d words of its own:\n%s", name, language, len(pairs), body)
			}
		}
	}
}

// FuzzTexts holds that no file of texts makes reading it panic, and that what is read can be said: always, and within the bounds of what a text may
// cost, whether a value has one line or many.
func FuzzTexts(f *testing.F) {
	f.Add(goodbyeIn("{{.List.Title}} {{date .Name}} {{range lines .Reply}}{{column 1 .}}{{end}}"), "a\tb\nc")
	f.Add("{{/* x */}}{{define \"a\"}}{{end}}", "")
	f.Add(`{{define "rejected.body"}}x{{range lines .Values.reason}}{{range lines $.Values.reason}}{{printf "%s%s" . $.Values.subject | quote}}{{end}}{{end}}{{end}}`, "a\nb\n")
	f.Add(`{{define "rejected.body"}}x{{with 100000000}}{{range .}}{{end}}{{end}}{{end}}`, "a")
	f.Add(`{{define "rejected.subject"}}{{index .Values.subject 100000}}{{end}}`, "a")
	f.Add(`{{define "rejected.body"}}{{template "a" .}}{{template "a" .}}{{end}}{{define "a"}}{{$a := indent .Values.reason}}{{$a}}{{template "held-who" $a}}{{end}}`, ">> a  b")
	f.Fuzz(func(t *testing.T, file, value string) {
		texts, err := LoadTexts(filesOf(map[string]string{"fr.tmpl": file}))
		if err != nil {
			if !strings.Contains(err.Error(), ".tmpl") {
				t.Errorf("a fault without its file: %v", err)
			}
			return
		}
		d := sampleText(nil)
		value = value[:min(len(value), 1000)]
		for _, value := range []string{value, strings.Repeat(value+"\n", 20)} {
			d.Values = map[string]string{"subject": value, "reason": value}
			subject, body, _, err := texts.write("rejected", []string{"fr"}, d)
			if err != nil || strings.ContainsAny(subject, "\r\n") || strings.Contains(body, "\r") {
				t.Errorf("subject %q, body %q, %v", subject, body, err)
			}
			if len(subject) > maxText || len(body) > foldAt*maxText {
				t.Errorf("a subject of %d octets, a body of %d", len(subject), len(body))
			}
			if left := texts.byLanguage["fr"].work.left; left < -stepCost-maxText {
				t.Errorf("it took %d more than there was", -left)
			}
		}
	})
}
