package web

import (
	"strings"
	"testing"
)

func TestLanguageOfAPage(t *testing.T) {
	for name, c := range map[string]struct{ known, accept, want string }{
		"nothing is known":                        {"", "", "en"},
		"the list's or the member's":              {"fr", "", "fr"},
		"it is worth more than the browser's":     {"fr", "es", "fr"},
		"a region of it":                          {"es-MX", "", "es"},
		"in upper case":                           {"FR-ca", "", "fr"},
		"one that there are no pages in":          {"sw", "es-ES,es;q=0.9,en;q=0.8", "es"},
		"one that begins like ours":               {"frr", "", "en"},
		"the browser's":                           {"", "fr-FR, fr;q=0.9, en;q=0.8", "fr"},
		"the browser's, by weight":                {"", "en;q=0.2, es;q=0.7, fr;q=0.5", "es"},
		"the first of equal ones":                 {"", "de, es, fr", "es"},
		"not what the browser refuses":            {"", "fr;q=0, *;q=0.1", "en"},
		"a weight that is none":                   {"", "fr;q=much, es;q=0.1", "es"},
		"a weight that is more than all":          {"", "fr;q=9, es;q=NaN, de", "en"},
		"a parameter that is no weight":           {"", "fr;x=1", "en"},
		"anything":                                {"", "*", "en"},
		"a field that is none":                    {"", ";;,,;q=,=", "en"},
		"a long field":                            {"", strings.Repeat("xx-", 3000) + ",fr", "fr"},
		"a language that would be a path":         {"../fr", "../../etc", "en"},
		"spaces round it, as some proxies put it": {"", " es ; q=1 ", "es"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.who.Language, s.engine.what.Language = c.known, c.known
			var fields []string
			if c.accept != "" {
				fields = []string{"Accept-Language: " + c.accept}
			}
			paths := []string{"/u/" + token, "/c/" + token}
			if c.known == "" { // of these no list is known
				paths = append(paths, "/u/"+stranger, "/c/"+stranger, "/", "/nowhere")
			}
			for _, path := range paths {
				resp := s.ask(t, "GET", path, "", fields...)
				if got, page := resp.Header.Get("Content-Language"), text(t, resp); got != c.want || !strings.Contains(page, `<html lang="`+c.want+`">`) {
					t.Errorf("%s in %q:\n%s", path, got, page)
				}
			}
		})
	}
}
