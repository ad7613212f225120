package list_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// anyToken is what differs from run to run.
var anyToken = regexp.MustCompile(`((?:\+|%2B)(?:confirm|held)-|=_)[a-z2-7]{26}`)

// TestGoldenAnswers has the notices about joining, leaving and settings as people see them, in three languages.
func TestGoldenAnswers(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		t.Run(language, func(t *testing.T) {
			s := joinable(t, list.JoinApprove, func(l *list.List) {
				l.Language, l.Description = language, "Practitioners learning from one another"
				l.Charter = list.Charter{Domain: "How people learn at a distance", Community: "Anybody who teaches", Practice: "By mail", Values: []string{"candour", "patience"}}
			})
			var b strings.Builder
			see := func(title string, all []note) []note {
				for _, n := range all {
					if n.msg.Check() != nil {
						t.Errorf("broken:\n%s", n.raw)
					}
					b.WriteString("====== " + title + ", to " + n.to + "\n" + strings.ReplaceAll(anyToken.ReplaceAllString(n.raw, "${1}TOKEN"), "\r\n", "\n"))
				}
				return all
			}
			do := func(title, from, word, lines string, auth auth) []note {
				t.Helper()
				if _, err := s.command(from, word, "", lines, auth); err != nil {
					t.Fatal(err)
				}
				return see(title, s.notices(t))
			}
			answer := func(title string, n note, from, body string) []note {
				t.Helper()
				if _, err := s.reply(n, from, body, sure); err != nil {
					t.Fatal(err)
				}
				return see(title, s.notices(t))
			}
			asked := do("a claim to want to join", zoe, "subscribe", "", unsure)
			wait := answer("confirmed: the moderators decide", asked[0], zoe, "")
			answer("not understood", wait[0], amina, "what?")
			answer("approved", wait[0], amina, "approve")
			do("all sorts of commands", zoe, "request", "set nomail\nset name Zoë\nset timezone Africa/Nairobi\nset language "+language+"\nset language xx\npause until 2026-05-01\n"+
				"set digest\nset own off\nwho\nnot x@example.net\nadd x@example.net\nfrobnicate", sure)
			do("a further address", zoe, "request", "also zoe@work.example", sure)
			s.now = s.now.Add(time.Hour)
			do("a claim of several commands", zoe, "request", "set name X\nset nomail\nunsubscribe\nresume\nset own on\nset language es\npause\nwho\nsettings", unsure)
			do("back again", zoe, "resume", "", sure)
			s.now = s.now.Add(24 * time.Hour)
			asked = do("somebody else wants to join", "x@example.net", "subscribe", "", sure)
			wait = answer("and the moderators decide", asked[0], "x@example.net", "")
			answer("rejected", wait[1], luis, "reject Pas ici.")
			do("an owner", amina, "request", "invite lena@example.com Lena\nadd dede@example.org Dede\nremove zoe@example.net\nwho", sure)
			do("help", "y@example.net", "help", "", unsure)
			do("a break", "dede@example.org", "pause", "", sure)
			do("a break that ends", "dede@example.org", "request", "pause until 2026-03-05", sure)
			back, _ := s.until(t, time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC))
			see("it ends", back)
			do("leaving", "dede@example.org", "unsubscribe", "", sure)
			do("leaving again", "dede@example.org", "unsubscribe", "", sure)

			path := filepath.Join("testdata", "answers", language+".txt")
			if flag.Lookup("update").Value.String() == "true" { // steps_test.go has it
				if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || string(want) != b.String() {
				t.Errorf("%v: the notices are others than in %s:\n%s", err, path, b.String())
			}
		})
	}
}

// TestTheHelpNamesEveryCommand holds the help and the table together.
func TestTheHelpNamesEveryCommand(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		s := joinable(t, list.JoinOpen, func(l *list.List) { l.Language = language })
		n := s.obeyed(t, zoe, "help", "", "", sure)
		for _, name := range list.CommandNames() {
			if !regexp.MustCompile(`(?m)^` + name + `( |\r$)`).MatchString(n.raw) {
				t.Errorf("%s: the help lacks %s", language, name)
			}
		}
	}
}
