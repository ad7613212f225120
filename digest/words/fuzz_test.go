package words

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzSentences(f *testing.F) {
	for _, text := range []string{"Dr. Mensah came... and\nwent! ¿Quién? « Oui. » 我们。", "- a point\n1. another\n\n    code = {}\n", "a\tb\tc\nTraceback (most recent call last):\n"} {
		f.Add(text, "en")
	}
	if raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "corpora", "threads", "datactive+bigbang", "tests", "data", "2001-November.txt")); err == nil {
		for i, text := range strings.Split(string(raw), "\nFrom ") {
			if i%8 == 0 && len(text) < 8<<10 {
				f.Add(text, []string{"en", "fr", "es", "pt", "zh", ""}[i/8%6])
			}
		}
	}
	f.Fuzz(func(t *testing.T, text, tag string) {
		if len(text) > 32<<10 || !utf8.ValidString(text) {
			return
		}
		lex := Of(tag)
		all := strings.Join(strings.Fields(text), "")
		c := NewCollection(lex, nil)
		at := 0
		for i, s := range Sentences(text, lex) {
			plain := strings.Join(strings.Fields(s.Text), "")
			n := strings.Index(all[at:], plain)
			if plain == "" || n < 0 || strings.ContainsAny(s.Text, "\n\r") {
				t.Fatalf("%q is no sentence of the text, or stands in another place", s.Text)
			}
			at += n
			if s.Whole && !endsWithMark(s.Text) && !markless(firstRune(strings.TrimLeft(s.Text, openers+" "))) {
				t.Errorf("%q is not whole", s.Text)
			}
			if n := lex.StandsAlone(s.Text); n > 1 {
				t.Errorf("%q stands alone with %f", s.Text, n)
			}
			_ = lex.Asks(s.Text)
			c.Add(i, i, s.Text)
		}
		for _, p := range c.Phrases() {
			if p.Text == "" || len(p.Stems) == 0 || len(p.Docs) == 0 || p.Text != strings.TrimSpace(p.Text) {
				t.Errorf("%+v is no phrase", p)
			}
		}
	})
}

func FuzzLanguage(f *testing.F) {
	f.Add("Le premier appel, c'est à la plus jeune.")
	f.Fuzz(func(t *testing.T, text string) {
		tag, sure := Language(text)
		if again, _ := Language(text); again != tag || sure != (tag != "") {
			t.Errorf("%q is in %q and in %q", text, tag, again)
		}
	})
}
