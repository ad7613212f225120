package list_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestWhoIsNoModeratorAnyMoreIsToldNothing: not what waits, not with another token, not what others decided.
func TestWhoIsNoModeratorAnyMoreIsToldNothing(t *testing.T) {
	s := moderated(t, nil)
	asked := s.hold(t, "x@example.net", "One", sure)
	luis1 := asked[1]
	post := func(subject string) {
		t.Helper()
		raw := "From: x@example.net\nTo: peers@lists.example.org\nSubject: " + subject + "\nMessage-ID: <" + s.id() + "@x>\n\nHello from outside.\n"
		if r, err := s.take("x@example.net", "peers@lists.example.org", raw, sure); err != nil || r.Action != "hold" {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	post("Two") // its notices are owed, and not written yet
	without := s.config(func(l *list.List) { l.Posting, l.Moderators, l.Language = list.PostHoldOthers, []string{amina}, "en" })
	if err := s.Configure(without); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); told(all) != amina+": To decide: Two" {
		t.Errorf("of what was owed: %s", told(all))
	}
	// A member posts what has their token: it is worth nothing any more, and nobody gets another.
	raw := "From: " + dede + "\nTo: peers@lists.example.org\nSubject: look\nMessage-ID: <leak@x>\n\n> " + luis1.answerTo() + "\n"
	if _, err := s.take(dede, "peers@lists.example.org", raw, sure); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Route(luis1.answerTo()); reason(err) != list.NoSuchAddress {
		t.Errorf("the token that leaked: %v", err)
	}
	if all := s.notices(t); strings.Contains(told(all), luis) {
		t.Errorf("of a token that leaked: %s", told(all))
	}
	s.now = s.now.Add(24 * time.Hour)
	if err := s.Tick(context.Background(), s.now); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); told(all) != amina+": Peers: 2 posts wait for a moderator" {
		t.Errorf("of what waits: %s", told(all))
	}
	if err := s.Discard(2, "admin"); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); strings.Contains(told(all), luis) {
		t.Errorf("of what was decided: %s", told(all))
	}
}

// TestAModeratorIsToldWhatOthersDecided is the other side of it.
func TestAModeratorIsToldWhatOthersDecided(t *testing.T) {
	s := moderated(t, nil)
	s.hold(t, "x@example.net", "One", sure)
	if err := s.Discard(1, "admin"); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); told(all) != amina+": Re: To decide: One; "+luis+": Re: To decide: One" {
		t.Errorf("told %s", told(all))
	}
}
