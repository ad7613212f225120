package digest

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"convene/list"
)

var pageLink = regexp.MustCompile(`https://lists\.example\.org/c/([a-z2-7]{26})`)

// An invitation names a page that takes the same answers: opened it changes nothing, and what is pressed there is told there.
func TestEventIsAnsweredOnAPage(t *testing.T) {
	s, _ := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	m := s.last(member(2), "invitation")
	found := pageLink.FindStringSubmatch(m.text())
	if found == nil || !strings.Contains(string(m.Raw), "text/calendar") || strings.Contains(m.text(), list.TokenPlace) {
		t.Fatalf("there is no page in\n%s", m.text())
	}
	html := ""
	for _, p := range m.message().Parts() {
		if p.Media == "text/html" {
			html = p.Markup(1 << 20)
		}
	}
	if !strings.Contains(html, `href="`+found[0]+`"`) {
		t.Errorf("the HTML does not link the page:\n%s", html)
	}
	token, before := found[1], len(s.mails("", ""))
	told, err := s.Confirming(token)
	if err != nil || !told.Invites || told.Answer != "" || told.Question != "Lunch and learn" || !strings.Contains(told.Text, "Mardi 24 mars, 12 h 00, heure de Nairobi") || told.Language != "fr" {
		t.Errorf("opened it is %+v, %v", told, err)
	}
	if g := s.register("lunch").Guests[member(2)]; g != nil {
		t.Errorf("to open it answered: %+v", g)
	}
	for _, answer := range []string{"yes", "no", "yes"} {
		if told, err = s.Answer(token, answer); err != nil || told.Answer != answer {
			t.Errorf("%s is %+v, %v", answer, told, err)
		}
		s.tick()
	}
	if !strings.Contains(told.Text, "Vous venez. Merci") || s.register("lunch").Guests[member(2)].Answer != "yes" {
		t.Errorf("yes is told as %q", told.Text)
	}
	if got := len(s.mails("", "")); got != before {
		t.Errorf("%d mails more", got-before)
	}
	if _, err := s.Confirm(token, "page"); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("an invitation is no confirmation: %v", err)
	}
	if _, err := s.Answer(strings.Repeat("a", 26), "yes"); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a token that is none: %v", err)
	}
	s.order(member(2), "unsubscribe")
	if _, err := s.Answer(token, "yes"); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("who left answers: %v", err)
	}
	last := s.last(member(1), "invitation")
	s.advance("2026-04-20 12:00")
	if told, err := s.Answer(pageLink.FindStringSubmatch(last.text())[1], "yes"); err != nil || !told.Late || !strings.Contains(told.Text, "It has begun already") {
		t.Errorf("after the last date: %+v, %v", told, err)
	}
	s.set(s.time().AddDate(2, 0, 0))
	if _, err := s.Confirming(pageLink.FindStringSubmatch(last.text())[1]); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("a token that has expired: %v", err)
	}
}

// Who answers first in a discussion is asked by mail alone: the token of that mail opens no page.
func TestFirstRespondersAnswerByMail(t *testing.T) {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 12:00")
	m := s.last(member(1), "responder_ask")
	token := regexp.MustCompile(`rsvp-([a-z2-7]{26})@`).FindStringSubmatch(m.replyTo())
	if token == nil || pageLink.MatchString(m.text()) {
		t.Fatalf("the mail is answered to %s, and reads\n%s", m.replyTo(), m.text())
	}
	for _, answer := range []string{"", "yes"} {
		if told, err := s.Answer(token[1], answer); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%q on a page: %+v, %v", answer, told, err)
		}
	}
}
