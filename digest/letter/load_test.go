package letter

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// site writes texts of a site's own, by their path.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTextsOfASite(t *testing.T) {
	dir := site(t, map[string]string{
		"fr/message.md": "Subject: Chez nous : {{.Subject}}\n{{md .Body}}\n\n{{template \"footer\" .}}\n",
		"es/parts.md":   `{{define "footer"}}Nuestro pie.{{end}}`,
		"sw/message.md": "Subject: {{.Subject}}\nHabari. {{template \"reply-all\" .}}\n",
		"README":        "anything",
	})
	b, faults := Load(dir)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	data := messageData{Subject: "x", Body: "y", Place: Place{Title: "Peers"}}
	for language, want := range map[string]string{
		"fr": "Chez nous : x\n\ny\n\n------", "es": "x\n\ny\n\nSu respuesta llega a todos los miembros de Peers. Nuestro pie.\n",
		"sw": "x\n\nHabari. Your reply goes to everyone on Peers.\n", "en": "x\n\ny\n\nYour reply goes to everyone on Peers.\n\n------",
	} {
		m, err := b.Write("message", []string{language}, data)
		if got := m.Subject + "\n\n" + m.Text; err != nil || !strings.HasPrefix(strings.ReplaceAll(got, "\n\nNuestro", " Nuestro"), want) || m.Language != language {
			t.Errorf("%s: %q, %v; want %q", language, got, err, want)
		}
	}
	if m, err := b.Planned(planned(t, 4), []string{"sw", "fr"}); err != nil || m.Language != "fr" {
		t.Errorf("a text that a language does not have is in %q: %v", m.Language, err)
	}
	if b, faults := Load(""); b == nil || faults != nil {
		t.Error("no directory is no fault")
	}
}

func TestFaultsInTextsOfASite(t *testing.T) {
	const head = "Subject: {{.Subject}}\n"
	many := strings.Repeat("{{$.Subject}} ", 200)
	for name, c := range map[string]struct{ file, content, want string }{
		"no subject":                          {"en/message.md", "Hello\n", "message.md:1: the first line is not"},
		"an empty subject":                    {"en/message.md", "Subject: {{if false}}{{end}}\nx\n", "message.md:1: the subject says nothing"},
		"an empty text":                       {"en/message.md", head + "\n", "message.md:2: the text says nothing"},
		"a brace that is not closed":          {"en/message.md", head + "a\n{{if .Subject}}\n", "message.md:4: unexpected EOF"},
		"a function that there is not":        {"fr/message.md", head + "a\nb {{shout .Subject}}\n", `message.md:3: function "shout" not defined`},
		"a function that is not for texts":    {"fr/message.md", head + "a {{html .Subject}}\n", "message.md:2: html is not for texts; there are and, "},
		"the escape by its name":              {"fr/message.md", head + "a {{_escape .Subject}}\n", "message.md:2: _escape is not for texts"},
		"a name that there is not":            {"es/message.md", head + "a\n\n{{.Sbject}}\n", "message.md:4: "},
		"a name within a part":                {"es/parts.md", "\n{{define \"footer\"}}{{.Nobody}}{{end}}", "parts.md:2: "},
		"a part that cannot be read":          {"es/parts.md", "\n\n{{define \"footer\"}}{{end", "parts.md:3: "},
		"a block that there is not":           {"en/message.md", head + "{{template \"fooder\" .}}\n", "message.md:2: "},
		"a text that nothing is written from": {"en/mesage.md", head + "x\n", "mesage.md: nothing is written from a text of this name; there are announcement, "},
		"a loop without end":                  {"en/message.md", head + "{{range 1000000000}}{{end}}x\n", "the text takes too long"},
		"a block that calls itself":           {"en/message.md", head + "{{define \"a\"}}{{template \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}\n", "the text takes too long"},
		"a text that grows":                   {"en/message.md", head + "{{range 2000}}" + many + "{{end}}\n", "the text becomes longer than"},
		"Markdown that grows":                 {"en/message.md", head + "{{$x := printf \"%s %s\" .Body .Body}}{{range 2000}}{{md (printf \"%s %s %s\" $x $x $x)}}{{end}}\n", "the text becomes longer than"},
		"a width":                             {"en/message.md", head + "{{printf \"%1000000000d\" 1}}\n", "printf knows %s and %d"},
		"a long mail":                         {"en/message.md", head + strings.Repeat("words ", 5000), "message.md: on sample data it makes a mail of "},
		"a directory that is no language":     {"english please/message.md", head + "x\n", "english please: the directory is not named after a language"},
		"a text outside of a language":        {"message.md", head + "x\n", "message.md: texts stand in a directory for each language"},
		"a large file":                        {"en/message.md", head + strings.Repeat("x", maxSource), "message.md: larger than"},
	} {
		dir := site(t, map[string]string{c.file: c.content})
		b, faults := Load(dir)
		if len(faults) == 0 || !strings.Contains(faults[0].Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, faults, c.want)
		}
		var f *Fault
		if len(faults) > 0 && (!errors.As(faults[0], &f) || !strings.HasPrefix(f.File, dir)) {
			t.Errorf("%s: the fault does not say where: %v", name, faults[0])
		}
		for _, language := range []string{"en", "fr", "es"} {
			want, _ := builtBook().Write("message", []string{language}, messageData{Subject: "x", Body: "y"})
			got, err := b.Write("message", []string{language}, messageData{Subject: "x", Body: "y"})
			if err != nil || got != want {
				t.Errorf("%s: what is built in is not in its place in %s: %v\n%s", name, language, err, got.Text)
			}
		}
	}
	for name, dir := range map[string]string{"no directory": filepath.Join(t.TempDir(), "gone"), "a file": filepath.Join(site(t, map[string]string{"x": ""}), "x")} {
		if b, faults := Load(dir); b == nil || len(faults) != 1 || !strings.Contains(faults[0].Error(), dir) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// TestATextThatFailsLater holds that a site's text that cannot be written with what comes gives way to ours, and that somebody is told.
func TestATextThatFailsLater(t *testing.T) {
	b, faults := Load(site(t, map[string]string{"en/message.md": "Subject: {{.Subject}}\nmine {{if eq .Subject \"odd\"}}{{index .Subject 100}}{{end}}\n"}))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var told []string
	b.Faulty = func(err error) { told = append(told, err.Error()) }
	if m, err := b.Write("message", nil, messageData{Subject: "even"}); err != nil || m.Text != "mine\n" || len(told) != 0 {
		t.Errorf("%q, %v, %q", m.Text, err, told)
	}
	m, err := b.Write("message", nil, messageData{Subject: "odd", Body: "ours"})
	if err != nil || !strings.HasPrefix(m.Text, "ours\n") {
		t.Errorf("%q, %v", m.Text, err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "message.md:2: ") {
		t.Errorf("told %q", told)
	}
}

// FuzzLoad holds that no text of a site's own makes reading it panic or go on without end, and that what is read can be written.
func FuzzLoad(f *testing.F) {
	for _, s := range []string{"Subject: {{.Subject}}\n{{md .Body}}", "Subject: x\n{{table \"a\"}}{{row}}b{{cell}}c{{endtable}}", "Subject: x\n{{range 9}}{{quote $.Body}}{{end}}",
		"Subject: x\n> 1. [a](<b>)\n\n```\n{{join .Place}}", "Subject: {{cut -1 .Subject}}\n{{link .Subject .Body}} {{when .Place}}"} {
		f.Add(s)
	}
	all, err := parseParts(baseLanguage, []source{{file: "parts.md", text: `{{define "footer"}}{{.Place.Settings}}{{end}}`}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content string) {
		one, err := parseText(baseLanguage, source{file: "message.md", text: content, own: true}, all)
		if err == nil {
			err = one.try(builtBook())
		}
		if err != nil {
			if !strings.Contains(err.Error(), "message.md") {
				t.Errorf("a fault without its file: %v", err)
			}
			return
		}
		for _, words := range hostile {
			m, err := one.written(messageData{Subject: words, Body: words})
			if err == nil && !strings.HasSuffix(m.HTML, pageFoot) {
				t.Errorf("it ends in %q", m.HTML)
			}
		}
	})
}
