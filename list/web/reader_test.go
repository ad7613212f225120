package web

import (
	"strings"
	"testing"
)

// TestGoldenNew holds what a member sees of what they have not read; go test ./list/web -run Golden -update writes it anew.
func TestGoldenNew(t *testing.T) {
	for name, ask := range map[string]func(*site) (method, path, body string){
		"topics-new": func(s *site) (_, _, _ string) {
			s.engine.archive.news = 1
			return "GET", "/peers@lists.example.org/", ""
		},
		"topic-new": func(s *site) (_, _, _ string) {
			s.engine.archive.news = 99
			return "GET", "/peers@lists.example.org/topics/17", ""
		},
		"topic-read": func(*site) (_, _, _ string) { return "GET", "/peers@lists.example.org/topics/17", "" },
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

// TestMarkingAsRead: only a press of a button on our own page, by a member who has signed in, marks anything; it leads back to the list.
func TestMarkingAsRead(t *testing.T) {
	const all, topic, form = "/peers@lists.example.org/", "/peers@lists.example.org/topics/17", "read=yes&upto=9"
	for name, c := range map[string]struct {
		method, path, body string
		fields             []string
		status             int
		read               string
	}{
		"all":                      {"POST", all, form, []string{signedIn, "Sec-Fetch-Site: same-origin"}, 303, "0 up to 9"},
		"a topic":                  {"POST", topic, form, []string{signedIn}, 303, "17 up to 9"},
		"by another site":          {"POST", all, form, []string{signedIn, "Sec-Fetch-Site: cross-site"}, 400, ""},
		"by a neighbour":           {"POST", topic, form, []string{signedIn, "Sec-Fetch-Site: same-site"}, 400, ""},
		"without the button":       {"POST", all, "upto=9", []string{signedIn}, 400, ""},
		"up to nothing":            {"POST", all, "read=yes", []string{signedIn}, 400, ""},
		"up to what is none":       {"POST", topic, "read=yes&upto=-1", []string{signedIn}, 400, ""},
		"opened":                   {"GET", all + "?" + form, "", []string{signedIn}, 200, ""},
		"a topic that is read":     {"GET", topic + "?" + form, "", []string{signedIn}, 200, ""},
		"by a stranger":            {"POST", all, form, nil, 404, ""},
		"of another list":          {"POST", "/other@lists.example.org/", form, []string{signedIn}, 404, ""},
		"a topic by its name":      {"POST", "/peers@lists.example.org/topics/x", form, []string{signedIn}, 404, ""},
		"to the first that is":     {"GET", topic + "?page=new", "", []string{signedIn}, 303, ""},
		"there being none":         {"GET", topic + "?page=new", "", nil, 200, ""},
		"of a topic there is none": {"GET", "/peers@lists.example.org/topics/18?page=new", "", []string{signedIn}, 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite()
			s.engine.archive.news = 3
			resp := s.ask(t, c.method, c.path, c.body, append(c.fields, "Content-Type: "+urlencoded)...)
			body := text(t, resp)
			if read := strings.Join(s.engine.archive.read, "; "); resp.StatusCode != c.status || read != c.read || resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d, read %q:\n%s", resp.StatusCode, read, body)
			}
			want := ""
			if c.read != "" {
				want = all
			} else if c.status == 303 {
				want = topic + "?page=2#p12"
			}
			if got := resp.Header.Get("Location"); got != want {
				t.Errorf("it leads to %q", got)
			}
		})
	}
}
