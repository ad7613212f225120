package list

import (
	"errors"
	"strings"
	"testing"
)

// TestUnrulyTextsAreRefused: nothing is run of what could go on without end or grow without measure; it is told where that stands.
func TestUnrulyTextsAreRefused(t *testing.T) {
	behind := func(s string) string { return goodbyeIn("Bye.{{if .Link}}{{if not .Reply}}\n" + s + "{{end}}{{end}}") } // the trial does not come here
	for name, c := range map[string]struct{ text, want string }{
		"a range over a number":                {behind(`{{range 1000000000000}}{{end}}`), "fr.tmpl:2:8: range goes over what there is"},
		"a range over a length":                {behind(`{{range len .List.Title}}x{{end}}`), "fr.tmpl:2:8: range goes over what there is"},
		"a range over one of several":          {behind(`{{range or .Link 1000000000000}}x{{end}}`), "fr.tmpl:2:8: range goes over what there is"},
		"a range over a number in parentheses": {behind(`{{range (1000000000000)}}x{{end}}`), "fr.tmpl:2:8: range goes over what there is"},
		"a variable that holds a number":       {behind(`{{$n := 1000000000000}}{{range $n}}{{end}}`), "fr.tmpl:2:2: the variable $n holds a number"},
		"a block within itself":                {behind(`{{template "goodbye.body" .}}`), `fr.tmpl:2:11: the block "goodbye.body" calls itself`},
		"a block within itself by way of another": {behind(`{{template "x" .}}`) + "\n" + `{{define "x"}}{{template "goodbye.body" .}}{{end}}`,
			`fr.tmpl:3:25: the block "x" calls itself, by way of "goodbye.body"`},
		"a block within itself by way of what is built in": {"\n" + `{{define "held-by-number"}}{{if .Link}}{{template "reminder.body" .}}{{end}}{{end}}`,
			`fr.tmpl:2:50: the block "held-by-number" calls itself, by way of "reminder.body"`},
		"four ranges within one another": {behind(`{{range lines .Name}}{{range lines .}}{{range lines .}}{{range lines .}}{{end}}{{end}}{{end}}{{end}}`),
			"fr.tmpl:2:63: 4 ranges one within the other; there may be 3"},
		"four ranges through a block": {behind(`{{range lines .Name}}{{range lines .}}{{template "x" .}}{{end}}{{end}}`) + "\n" + `{{define "x"}}{{range lines .}}{{range lines .}}{{end}}{{end}}{{end}}`,
			`fr.tmpl:2:49: with those of "x", 4 ranges are one within the other; there may be 3`},
		"four ranges within one that is built in": {"\n" + `{{define "change"}}{{range lines .Why}}{{range lines .}}{{range lines .}}{{end}}{{end}}{{end}}{{end}}`,
			`fr.tmpl:2:19: with those of "failures.body", which calls this, 4 ranges`},
		"a width":                          {behind(`{{printf "%1000000000s" .Name}}`), "fr.tmpl:2:2: printf is for putting texts together"},
		"a format that comes from outside": {behind(`{{printf .Name .Name}}`), "fr.tmpl:2:2: printf is for putting texts together"},
		"a format behind a bar":            {behind(`{{"%d" | printf}}`), "fr.tmpl:2:9: printf is for putting texts together"},
		"print":                            {behind(`{{print .Name .Name}}`), "fr.tmpl:2:2: print is not for texts"},
		"println within parentheses":       {behind(`{{if (eq "a" (println .Name))}}x{{end}}`), "fr.tmpl:2:14: println is not for texts"},
		"html":                             {behind(`{{.Name | html}}`), "fr.tmpl:2:10: html is not for texts"},
		"js":                               {behind(`{{with js .Name}}{{.}}{{end}}`), "fr.tmpl:2:7: js is not for texts"},
		"urlquery":                         {behind(`{{template "held-who" (urlquery .Name)}}`), "fr.tmpl:2:23: urlquery is not for texts"},
		"call":                             {behind(`{{call .Name}}`), "fr.tmpl:2:2: call is not for texts"},
		"a step":                           {behind(`{{step}}`), "fr.tmpl:2:2: step is not for texts"},
		"a function with a field":          {behind(`{{(html .Name).X}}`), "fr.tmpl:2:3: html is not for texts"},
		"a variable that grows":            {behind(`{{$a := .Name}}{{range lines .Name}}{{$a = printf "%s%s" $a $a}}{{end}}`), `fr.tmpl:2:38: $a = printf "%s%s" $a $a makes a variable of a variable`},
		"a variable that grows by the dot": {behind(`{{$a := .Name}}{{range lines .Name}}{{with indent $a}}{{$a = printf "%s%s" . (quote .)}}{{end}}{{end}}`), `fr.tmpl:2:56: $a = printf "%s%s" . (quote .) makes`},
		"a variable that a range changes":  {behind(`{{$a := .Name}}{{range $a = lines $a}}{{end}}`), "fr.tmpl:2:23: $a = lines $a makes"},
		"an action of a thousand words":    {behind(`{{and` + strings.Repeat(" .Name", 1000) + `}}`), "fr.tmpl:2:2: 1001 words in one action"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadTexts(filesOf(map[string]string{"fr.tmpl": c.text}))
			if fault, ok := errors.AsType[*TextFault](err); !ok || !strings.HasPrefix(fault.Error(), c.want) {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	_, err := LoadTexts(filesOf(map[string]string{"fr.tmpl": behind(strings.Repeat("{{print}}\n", 1000))}))
	if err == nil || strings.Count(err.Error(), "\n")+1 != maxFaults {
		t.Errorf("a thousand faults are told as %d", strings.Count(err.Error(), "\n")+1)
	}
}

// TestBuiltTextsKeepTheRules: what is built in may be copied into a file of one's own and changed there.
func TestBuiltTextsKeepTheRules(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		text, err := ownTexts.ReadFile("texts/" + language + ".tmpl")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := LoadTexts(filesOf(map[string]string{language + ".tmpl": string(text)})); err != nil {
			t.Errorf("%s: %v", language, err)
		}
	}
}

// TestTextsEnd: what only shows by values comes to its end: when it is tried, or else when it is to be said, and then what is built in is said.
func TestTextsEnd(t *testing.T) {
	lines := strings.Repeat("\nx", 2000)
	const long = "the text takes too long to write"
	for name, c := range map[string]struct {
		body    string
		refused bool
		want    string
	}{
		"a range over a number that is handed on": {"{{with 1000000000000}}{{range .}}{{end}}{{end}}", true, long},
		"the same where the trial does not come":  {`{{if .Values.done}}{{if ne .Values.done "2026-03-02T09:00:00Z"}}{{with 1000000000000}}{{range .}}{{end}}{{end}}{{end}}{{end}}`, false, long},
		"three ranges over many lines":            {"{{range lines .Values.done}}{{range lines $.Values.done}}{{range lines $.Values.done}}{{end}}{{end}}{{end}}", false, long},
		"two ranges that say something":           {"{{range lines .Values.done}}{{range lines $.Values.done}}{{.}}{{end}}{{end}}", false, long},
		"one that says much":                      {"{{range lines .Values.done}}" + strings.Repeat("spam ", 2000) + "{{end}}", false, "the text becomes longer than 1048576 octets"},
		"a text that doubles":                     {"{{$a := .Values.done}}" + strings.Repeat(`{{$a := printf "%s%s" $a $a}}`, 10), false, "a function takes or makes more than 262144 octets"},
		"a text that doubles often":               {"{{$a := .Values.done}}" + strings.Repeat(`{{$a := printf "%s%s" $a $a}}`, 40), true, long},
	} {
		t.Run(name, func(t *testing.T) {
			texts, err := LoadTexts(filesOf(map[string]string{"en.tmpl": goodbyeIn("Bye." + c.body)}))
			if c.refused {
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "en.tmpl:1:") {
					t.Errorf("%v; want %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			d := sampleText(nil)
			d.Values["done"] = lines
			subject, body, language, err := texts.write("goodbye", nil, d)
			if err != nil || subject != "You have left Peer Learning" || language != "en" || !strings.HasPrefix(body, "You have left") {
				t.Errorf("%q, %q, %q, %v", subject, body, language, err)
			}
			faults := texts.takeFaults()
			if len(faults) != 1 || !strings.Contains(faults[0].Error(), c.want) || faults[0].Line != 1 || faults[0].File != "en.tmpl" || len(texts.takeFaults()) != 0 {
				t.Errorf("faults %v; want %s", faults, c.want)
			}
		})
	}
}

// TestBlocksThatCallManyEnd: each calls the next one twice, so that the first would say two to the sixtieth.
func TestBlocksThatCallManyEnd(t *testing.T) {
	var b strings.Builder
	name := func(n int) string { return "x" + strings.Repeat("x", n) }
	for n := range 60 {
		call := `{{template "` + name(n+1) + `" .}}`
		b.WriteString(`{{define "` + name(n) + `"}}` + call + call + "{{end}}\n")
	}
	b.WriteString(`{{define "` + name(60) + `"}}{{if .Link}}{{end}}{{end}}`)
	_, err := LoadTexts(filesOf(map[string]string{"en.tmpl": goodbyeIn(`Bye.{{template "x" .}}`) + b.String()}))
	if err == nil || !strings.Contains(err.Error(), "too long to write") || !strings.HasPrefix(err.Error(), "en.tmpl:") {
		t.Error(err)
	}
}

// TestFoldingEndsWithTheText: the beginning of a line is not put before every word of it, however long it is.
func TestFoldingEndsWithTheText(t *testing.T) {
	text := strings.Repeat(">", 4000) + strings.Repeat(" x", 4000)
	if got := foldText(text); len(got) > 3*len(text) || strings.Count(got, "x") != 4000 {
		t.Errorf("%d octets of %d", len(got), len(text))
	}
}
