package web

import (
	"regexp"
	"strings"
	"testing"
)

const (
	settingsPath = "/peers@lists.example.org/settings"
	signedIn     = "Cookie: __Host-convene=" + session
)

// TestGoldenSettings holds what who has signed in sees of their settings; go test ./list/web -run Golden -update writes it anew.
func TestGoldenSettings(t *testing.T) {
	for name, ask := range map[string]func(*site) (method, path, body string){
		"settings": func(*site) (_, _, _ string) { return "GET", settingsPath, "" },
		"settings-private": func(s *site) (_, _, _ string) {
			s.engine.archive.public, s.engine.archive.mail = false, "paused"
			return "GET", settingsPath, ""
		},
		"settings-failing": func(s *site) (_, _, _ string) { s.engine.archive.mail = "bouncing"; return "GET", settingsPath, "" },
		"settings-saved":   func(*site) (_, _, _ string) { return "POST", settingsPath, "do=save&mode=each" },
		"settings-refused": func(*site) (_, _, _ string) {
			return "POST", settingsPath, "do=save&mode=each&timezone=%3Cb%3E&digest=99:99&max=%22&until=2001-01-01&name=%3Ci%3E"
		},
		"settings-wait": func(s *site) (_, _, _ string) {
			s.engine.archive.much = true
			return "POST", settingsPath, "do=save&mode=each"
		},
		"settings-feed": func(s *site) (_, _, _ string) {
			s.engine.archive.public = false
			return "POST", settingsPath, "do=feed"
		},
		"settings-left":  func(*site) (_, _, _ string) { return "POST", settingsPath, "do=leave&leave=yes" },
		"signedin-lists": func(*site) (_, _, _ string) { return "GET", "/signin", "" },
	} {
		for _, language := range languages {
			t.Run(name+"."+language, func(t *testing.T) {
				s := newSite()
				s.engine.speak(language)
				checkGoldenPage(t, name+"."+language, s, ask, signedIn)
			})
		}
	}
}

// TestChangingSettings: only a press of a button on our own page, by a member who has signed in, changes anything.
func TestChangingSettings(t *testing.T) {
	const form, done = "do=save&mode=each&own=off&own=on&follow=off&nothing=x", "follow=off mode=each own=on"
	for name, c := range map[string]struct {
		method, path, body string
		fields             []string
		status             int
		changed            string
	}{
		"pressed":               {"POST", settingsPath, form, []string{signedIn, "Sec-Fetch-Site: same-origin"}, 200, done},
		"by an old browser":     {"POST", settingsPath, form, []string{signedIn}, 200, done},
		"by another site":       {"POST", settingsPath, form, []string{signedIn, "Sec-Fetch-Site: cross-site"}, 400, ""},
		"by a neighbour":        {"POST", settingsPath, form, []string{signedIn, "Sec-Fetch-Site: same-site"}, 400, ""},
		"without a button":      {"POST", settingsPath, "mode=each", []string{signedIn}, 400, ""},
		"opened":                {"GET", settingsPath + "?" + form, "", []string{signedIn}, 200, ""},
		"looked at":             {"HEAD", settingsPath, "", []string{signedIn}, 200, ""},
		"by a stranger":         {"POST", settingsPath, form, nil, 404, ""},
		"opened by a stranger":  {"GET", settingsPath, "", nil, 404, ""},
		"by another browser":    {"POST", settingsPath, form, []string{"Cookie: __Host-convene=" + stranger}, 404, ""},
		"of another list":       {"POST", "/other@lists.example.org/settings", form, []string{signedIn}, 404, ""},
		"with what cannot be":   {"POST", settingsPath, "do=save&timezone=%3Cb%3E", []string{signedIn}, 422, "timezone=<b>"},
		"leaving":               {"POST", settingsPath, "do=leave&leave=yes", []string{signedIn}, 200, "leave=yes"},
		"leaving by a link":     {"GET", settingsPath + "?do=leave&leave=yes", "", []string{signedIn}, 200, ""},
		"by some other method":  {"PUT", settingsPath, form, []string{signedIn}, 405, ""},
		"of nothing there is":   {"POST", settingsPath + "/x", form, []string{signedIn}, 404, ""},
		"in a form that is big": {"POST", settingsPath, form + strings.Repeat("x", maxBody), []string{signedIn}, 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			resp := s.ask(t, c.method, c.path, c.body, append(c.fields, "Content-Type: "+urlencoded)...)
			body := text(t, resp)
			if changed := strings.Join(s.engine.archive.changed, "; "); resp.StatusCode != c.status || changed != c.changed || resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d, changed %q, %q:\n%s", resp.StatusCode, changed, resp.Header.Get("Cache-Control"), body)
			}
			if strings.Contains(s.log.String(), member) || strings.Contains(s.log.String(), session) {
				t.Errorf("the log has who it was: %s", s.log)
			}
		})
	}
}

// TestSettingsCanBeReadAloud: every field has a label around it, and what is wrong with one is what describes it.
func TestSettingsCanBeReadAloud(t *testing.T) {
	s := newSite()
	page := text(t, s.ask(t, "POST", settingsPath, "do=save&timezone=%3Cb%3E", signedIn, "Content-Type: "+urlencoded))
	for _, tag := range regexp.MustCompile(`<(?:input|select)[^>]*>`).FindAllString(page, -1) {
		if strings.Contains(tag, `type="hidden"`) {
			continue
		}
		before := page[:strings.Index(page, tag)]
		if strings.LastIndex(before, "<label") <= strings.LastIndex(before, "</label>") {
			t.Errorf("%s has no label", tag)
		}
		m := regexp.MustCompile(`aria-describedby="([^"]*)"`).FindStringSubmatch(tag)
		if m != nil && !strings.Contains(page, ` id="`+m[1]+`"`) {
			t.Errorf("%s is described by nothing", tag)
		}
		if strings.Contains(tag, "aria-invalid") && m == nil {
			t.Errorf("%s is wrong, and does not say why", tag)
		}
	}
	if n := strings.Count(page, `aria-invalid="true"`); n != 5 {
		t.Errorf("%d fields are wrong", n)
	}
}
