package web

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"convene/list"
)

// styleSheet is where a page has the style sheet.
var styleSheet = regexp.MustCompile(`(?s)<style>(.*)</style>`)

var update = flag.Bool("update", false, "write the golden pages anew")

// TestGoldenPages holds every page as it is sent; go test ./list/web -run Golden -update writes them anew.
func TestGoldenPages(t *testing.T) {
	for name, ask := range map[string]func(*site) (method, path, body string){
		"home":        func(*site) (_, _, _ string) { return "GET", "/", "" },
		"leave":       func(*site) (_, _, _ string) { return "GET", "/u/" + token, "" },
		"leave-again": func(*site) (_, _, _ string) { return "POST", "/u/" + token, "" },
		"left":        func(*site) (_, _, _ string) { return "POST", "/u/" + token, oneClick },
		"gone": func(s *site) (_, _, _ string) {
			s.engine.who.Gone, s.engine.who.Member = true, ""
			return "POST", "/u/" + token, oneClick
		},
		"confirm":       func(*site) (_, _, _ string) { return "GET", "/c/" + token, "" },
		"confirm-again": func(*site) (_, _, _ string) { return "POST", "/c/" + token, "" },
		"confirmed":     func(*site) (_, _, _ string) { return "POST", "/c/" + token, "confirm=yes" },
		"confirmed-late": func(s *site) (_, _, _ string) {
			s.engine.what.Said, s.engine.what.Late = "You said no, and nothing was changed.", true
			return "GET", "/c/" + token, ""
		},
		"confirm-change": func(s *site) (_, _, _ string) {
			s.engine.what.Question, s.engine.what.Text, s.engine.what.Button = "Change your settings?", "This was asked for by mail:\n\n- another name\n- take a break", "Yes, do that"
			return "GET", "/c/" + token, ""
		},
		"coming":       func(s *site) (_, _, _ string) { invite(s); return "GET", "/c/" + token, "" },
		"coming-again": func(s *site) (_, _, _ string) { invite(s); return "POST", "/c/" + token, "" },
		"coming-said":  func(s *site) (_, _, _ string) { invite(s); return "POST", "/c/" + token, "answer=yes" },
		"coming-over": func(s *site) (_, _, _ string) {
			invite(s)
			s.engine.what.Late = true
			return "GET", "/c/" + token, ""
		},
		"files":      func(*site) (_, _, _ string) { return "GET", "/peers@lists.example.org/files/", "" },
		"files-none": func(*site) (_, _, _ string) { return "GET", "/peers@lists.example.org/files/?before=7", "" },
		"post":       func(*site) (_, _, _ string) { return "GET", "/m/a%2Fb%3Fc%25d%40x", "" },
		"removed": func(s *site) (_, _, _ string) {
			s.engine.err = list.ErrRemoved
			return "GET", "/m/a%2Fb%3Fc%25d%40x", ""
		},
		"topic-removed": func(s *site) (_, _, _ string) {
			s.engine.archive.post = list.PostText{Date: someday, Removed: true}
			return "GET", "/peers@lists.example.org/topics/17", ""
		},
		"post-long": func(s *site) (_, _, _ string) {
			s.engine.archive.post.Cut = true
			return "GET", "/m/a%2Fb%3Fc%25d%40x", ""
		},
		"calendar": func(*site) (_, _, _ string) { return "GET", "/peers@lists.example.org/calendar", "" },
		"calendar-none": func(s *site) (_, _, _ string) {
			s.engine.archive.gone = true
			return "GET", "/peers@lists.example.org/calendar", ""
		},
		"calendar-own": func(s *site) (_, _, _ string) {
			s.engine.archive.own, s.engine.archive.events = true, true
			return "GET", "/peers@lists.example.org/calendar", ""
		},
		"calendar-feed": func(s *site) (_, _, _ string) {
			s.engine.archive.own = true
			return "POST", "/peers@lists.example.org/calendar", "feed=yes"
		},
		"topic": func(*site) (_, _, _ string) { return "GET", "/peers@lists.example.org/topics/17", "" },
		"topics": func(s *site) (_, _, _ string) {
			s.engine.archive.further = true
			return "GET", "/peers@lists.example.org/?before=2026-03-02T06:05:00Z.20", ""
		},
		"search": func(s *site) (_, _, _ string) {
			s.engine.archive.further = true
			return "GET", "/peers@lists.example.org/search?q=three+people&page=2", ""
		},
		"search-none": func(*site) (_, _, _ string) {
			return "GET", "/peers@lists.example.org/search?q=%3Cb%3Enothing", ""
		},
		"search-off": func(s *site) (_, _, _ string) {
			s.engine.archive.unsearched = true
			return "GET", "/peers@lists.example.org/search?q=three", ""
		},
		"closed": func(s *site) (_, _, _ string) {
			s.engine.archive.public = false
			return "GET", "/peers@lists.example.org/?page=2", ""
		},
		"signin":     func(*site) (_, _, _ string) { return "GET", "/signin?next=/m/a%252Fb", "" },
		"signin-bad": func(*site) (_, _, _ string) { return "POST", "/signin", "address=amina" },
		"signin-out": func(*site) (_, _, _ string) { return "POST", "/signin", "signout=yes" },
		"signin-sent": func(*site) (_, _, _ string) {
			return "POST", "/signin", "address=amina%40example.org&next=%2Fpeers%40lists.example.org%2F"
		},
		"signin-expired": func(*site) (_, _, _ string) { return "GET", "/signin/c/" + stranger, "" },
		"enter":          func(*site) (_, _, _ string) { return "GET", "/signin/c/" + token, "" },
		"enter-again":    func(*site) (_, _, _ string) { return "POST", "/signin/c/" + token, "" },
		"signedin":       func(*site) (_, _, _ string) { return "POST", "/signin/c/" + token, "confirm=yes" },
		"expired":        func(*site) (_, _, _ string) { return "GET", "/c/" + stranger, "" },
		"missing":        func(*site) (_, _, _ string) { return "GET", "/u/" + stranger, "" },
		"method":         func(*site) (_, _, _ string) { return "DELETE", "/", "" },
		"too-large":      func(*site) (_, _, _ string) { return "POST", "/u/" + token, strings.Repeat("a", maxBody+1) },
		"out-of-order":   func(s *site) (_, _, _ string) { s.engine.err = os.ErrClosed; return "GET", "/u/" + token, "" },
	} {
		for _, language := range languages {
			t.Run(name+"."+language, func(t *testing.T) {
				s := newSite()
				s.engine.speak(language)
				checkGoldenPage(t, name+"."+language, s, ask)
			})
		}
	}
}

func checkGoldenPage(t *testing.T, name string, s *site, ask func(*site) (method, path, body string), fields ...string) {
	method, path, body := ask(s)
	language := name[strings.LastIndexByte(name, '.')+1:]
	got := text(t, s.ask(t, method, path, body, append(fields, "Content-Type: "+urlencoded, "Accept-Language: "+language)...))
	if len(got) >= 15_000 {
		t.Errorf("%d octets", len(got))
	}
	if !strings.Contains(got, `<html lang="`+language+`">`) {
		t.Error("in another language")
	}
	if out := regexp.MustCompile(`(?i)<script|\son\w+=|\ssrc=|url\(|@import|<link rel="[^a]|style="|javascript:`).FindString(got); out != "" {
		t.Errorf("the page has %q", out)
	}
	got = styleSheet.ReplaceAllString(got, "<style></style>") // which is the same in all of them
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// TestPolicyOnEverything holds the header fields that keep a page to itself, and that the hash in the policy is that of the style sheet.
func TestPolicyOnEverything(t *testing.T) {
	for _, c := range [][2]string{{"GET", "/"}, {"GET", "/u/" + token}, {"POST", "/u/" + token}, {"GET", "/u/" + stranger}, {"GET", "/c/" + token}, {"POST", "/c/" + stranger}, {"PUT", "/u/" + token},
		{"GET", "/nowhere"}, {"GET", "/healthz"}, {"OPTIONS", "*"}} {
		s := newSite()
		resp := s.ask(t, c[0], c[1], "")
		page := text(t, resp)
		h := resp.Header
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none';", "form-action 'self';", "frame-ancestors 'none';", "base-uri 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s %s: policy %q lacks %s", c[0], c[1], policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s %s: policy %q", c[0], c[1], policy)
		}
		if m := styleSheet.FindStringSubmatch(page); m != nil {
			sum := sha256.Sum256([]byte(m[1]))
			if hash := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, hash) {
				t.Errorf("%s %s: policy %q, the style sheet has %s", c[0], c[1], policy, hash)
			}
		} else if c[1] != "/healthz" {
			t.Errorf("%s %s: no style sheet", c[0], c[1])
		}
		for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"X-Robots-Tag": "noindex", "Strict-Transport-Security": "", "Set-Cookie": "", "Server": ""} {
			if got := h.Get(name); got != want {
				t.Errorf("%s %s: %s: %q, want %q", c[0], c[1], name, got, want)
			}
		}
	}
}

func TestNamesAreEscaped(t *testing.T) {
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title></style><script>x</script>`, "a & b < c", "{{.Member}}",
		"\u202eevil", "Łódź – café", strings.Repeat("long", 100)} {
		for _, gone := range []bool{false, true} {
			s := newSite()
			s.engine.who = list.Leaving{List: `"<b>"@lists.example.org`, Title: name, Member: `<i>"@example.org`, Gone: gone}
			for _, method := range []string{"GET", "POST"} {
				page := text(t, s.ask(t, method, "/u/"+token, "confirm=yes", "Content-Type: "+urlencoded))
				if bad := regexp.MustCompile(`<(script|img|i|b)\b`).FindString(page); bad != "" || strings.Count(page, "</title>") != 1 {
					t.Errorf("%s: the page has %q:\n%s", name, bad, page)
				}
				if !strings.Contains(page, "<bdi>") {
					t.Errorf("%s: a name from right to left turns the sentence round", name)
				}
			}
		}
	}
}

func TestMasked(t *testing.T) {
	for address, want := range map[string]string{
		"amina@example.org":         "a…@example.org",
		"a@example.org":             "a…@example.org",
		"ab@example.org":            "a…@example.org",
		"élise@example.org":         "é…@example.org",
		"é@example.org":             "é…@example.org",
		`"john doe"@example.org`:    "…@example.org",
		`"a@b"@example.org`:         "…@example.org",
		"\u202eanimA@example.org":   "…@example.org",
		"@example.org":              "…@example.org",
		"\xff\xfe@example.org":      "…@example.org",
		"no address":                "…",
		"":                          "…",
		"first.last+tag@ex.example": "f…@ex.example",
	} {
		if got := masked(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

// TestLinksBeginWithTheBaseURL holds that the Host field, which anybody may write, is nowhere in an answer.
func TestLinksBeginWithTheBaseURL(t *testing.T) {
	s := newSite()
	for _, base := range []string{"https://lists.example.org", "https://example.org/lists"} {
		s.Configure(Settings{BaseURL: base, Hostname: "lists.example.org"})
		for _, path := range []string{"/", "/u/" + token, "/nowhere", "/lists/", "/lists/u/" + token} {
			resp := s.ask(t, "GET", "http://evil.test"+path, "", "X-Forwarded-Host: evil.test", "Forwarded: host=evil.test")
			var b strings.Builder
			resp.Header.Write(&b)
			page := b.String() + text(t, resp)
			if strings.Contains(page, "evil") || !strings.Contains(page, `href="`+base+`/"`) {
				t.Errorf("%s under %s:\n%s", path, base, page)
			}
			found := path != "/nowhere" && (strings.HasSuffix(base, "/lists") || !strings.HasPrefix(path, "/lists"))
			if found != (resp.StatusCode == 200) {
				t.Errorf("%s under %s: %d", path, base, resp.StatusCode)
			}
		}
	}
}
