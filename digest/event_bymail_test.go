package digest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/by-mail.md shows an event as it goes by mail: offered by lines, looked at, announced, and moved by who offered it. What it shows is what goes out.
func TestEventByMail(t *testing.T) {
	s := newStage(t, alone)
	var shown []string
	token := regexp.MustCompile(`/c/[a-z2-7]{26}`)
	show := func(to, kind string) sentMail {
		m := s.last(to, kind)
		text, _, _ := strings.Cut(m.text(), "\n------------------------\n")
		var b strings.Builder
		for line := range strings.Lines("Subject: " + m.Subject + "\n\n" + strings.TrimSpace(text) + "\n") {
			if line = strings.TrimRight(line, "\r\n"); line != "" {
				line = "    " + token.ReplaceAllString(line, "/c/4m44…kne")
			}
			b.WriteString(line + "\n")
		}
		shown = append(shown, b.String())
		return m
	}
	if _, err := s.mail(member(1), eventsAddress, "A circle", "Title: Reading circle\nWhen: 2026-02-20 15:00-16:30\nWhere: https://meet.example.org/circle\nWe read the first chapter."); err != nil {
		t.Fatal(err)
	}
	show(member(1), "notice")
	s.say(show(amina, "draft"), amina, "approve")
	told := s.last(member(1), "notice")
	show(member(4), "invitation")
	s.advance("2026-02-11 08:00")
	s.say(told, member(1), "When: 2026-02-23 10:00")
	show(member(1), "notice")
	s.say(s.last(amina, "draft"), amina, "approve")
	show(member(4), "invitation")
	page, err := os.ReadFile(filepath.Join("..", "docs", "by-mail.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range shown {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/by-mail.md does not show\n%s", want)
		}
	}
}
