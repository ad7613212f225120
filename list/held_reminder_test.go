package list_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// until does what falls due up to a time, as the daemon does, and returns the notices with the time of each.
func (s *site) until(t *testing.T, end time.Time) (all []note, times []time.Time) {
	t.Helper()
	for range 1000 {
		due, ok := s.NextDue()
		if !ok || due.After(end) {
			s.now = end
			return all, times
		}
		s.now = due
		if err := s.Tick(t.Context(), due); err != nil {
			t.Fatal(err)
		}
		for _, n := range s.notices(t) {
			all, times = append(all, n), append(times, due)
		}
	}
	t.Fatal("it never ends")
	return nil, nil
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestModeratorsAreRemindedAtEight(t *testing.T) {
	for name, c := range map[string]struct {
		zone, start string
		want        []string
	}{
		"Nairobi": {"Africa/Nairobi", "2026-03-02T09:00:00Z", []string{"2026-03-03T05:00:00Z", "2026-03-04T05:00:00Z", "2026-03-05T05:00:00Z"}},
		"Berlin over the beginning of summer time": {"Europe/Berlin", "2026-03-27T12:00:00Z", []string{"2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z", "2026-03-30T06:00:00Z"}},
		"New York over the end of it":              {"America/New_York", "2026-10-30T16:00:00Z", []string{"2026-10-31T12:00:00Z", "2026-11-01T13:00:00Z", "2026-11-02T13:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			loc, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			s := moderated(t, func(l *list.List) { l.Location, l.Moderators = loc, []string{amina} })
			s.now = at(t, c.start)
			if _, times := s.until(t, s.now.Add(48*time.Hour)); len(times) != 0 {
				t.Errorf("reminded of nothing at %v", times)
			}
			s.now = at(t, c.start)
			s.hold(t, "x@example.net", "One", nil)
			all, times := s.until(t, at(t, c.want[len(c.want)-1]))
			if len(times) != len(c.want) {
				t.Fatalf("%s at %v", told(all), times)
			}
			for i, want := range c.want {
				if !times[i].Equal(at(t, want)) || all[i].msg.Subject() != "Peers: 1 post waits for a moderator" {
					t.Errorf("%s at %v, want it at %s", told(all[i:i+1]), times[i], want)
				}
			}
		})
	}
}

func TestARemindersPostsAreDecidedByNumber(t *testing.T) {
	s := moderated(t, nil)
	for _, subject := range []string{"One", "Two", "Three", "Four", "Five"} {
		s.hold(t, "x@example.net", subject, nil)
	}
	all, _ := s.until(t, s.now.Add(24*time.Hour))
	if told(all) != "amina@example.org: Peers: 5 posts wait for a moderator; luis@example.org: Peers: 5 posts wait for a moderator" {
		t.Fatal(told(all))
	}
	for _, c := range []struct {
		body, posts string
		waits       int
	}{
		{"approve", "", 5},   // which?
		{"", "", 5},          // which?
		{"approve 7", "", 5}, // there is none
		{"approve 0", "", 5}, // nor that
		{"approve 4 2", "Four,Two", 3},
		{"discard 1, 3", "Four,Two", 1},
		{"approve all but 1", "Four,Two", 1},
		{"approve 5\nreject 2 Off topic", "Four,Two", 1},
		{"approve all", "Four,Two,Five", 0},
	} {
		if _, err := s.reply(all[0], amina, c.body, nil); err != nil {
			t.Fatal(err)
		}
		if got := s.posts(t); got != c.posts || s.waits(t) != c.waits {
			t.Errorf("%q: posts %q, %d wait; want %q and %d", c.body, got, s.waits(t), c.posts, c.waits)
		}
	}
	after := s.notices(t)
	late := 0
	for _, n := range after {
		if n.to == amina && strings.Contains(n.raw, "changed nothing") {
			late++
		}
	}
	if late != 0 {
		t.Errorf("amina is told of her own decisions: %s", told(after))
	}
	if _, err := s.reply(all[1], luis, "reject all\nSorry.", nil); err != nil {
		t.Fatal(err)
	}
	if got := s.notices(t); len(got) != 5 || !strings.Contains(got[0].raw, "changed nothing") {
		t.Errorf("the other one is told %s", told(got))
	}
}

func TestNoticesAreCapped(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.Moderators = []string{amina} })
	s.now = at(t, "2026-03-02T09:10:00Z")
	asked := 0
	for i := range 30 {
		s.now = s.now.Add(time.Minute)
		asked += len(s.hold(t, "x@example.net", fmt.Sprintf("Post %d", i+1), nil))
	}
	if asked != 20 {
		t.Errorf("%d notices in an hour", asked)
	}
	all, times := s.until(t, at(t, "2026-03-02T23:00:00Z"))
	if told(all) != "amina@example.org: Peers: 30 posts wait for a moderator" || !times[0].Equal(at(t, "2026-03-02T10:00:00Z")) {
		t.Fatalf("%s at %v", told(all), times)
	}
	if !strings.Contains(unfolded(all[0]), "30. Post 30") || !strings.Contains(unfolded(all[0]), "that not every one got a notice of its own") {
		t.Error(all[0].raw)
	}
	if n := len(s.hold(t, "x@example.net", "The next hour", nil)); n != 1 {
		t.Errorf("%d notices in the next hour", n)
	}
	if all, times := s.until(t, at(t, "2026-03-03T09:00:00Z")); len(all) != 1 || !times[0].Equal(at(t, "2026-03-03T08:00:00Z")) {
		t.Errorf("%s at %v", told(all), times)
	}
}

func TestWhatExpiredIsTold(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.Moderators = []string{amina}; l.HeldFor = 36 * time.Hour })
	asked := s.hold(t, "x@example.net", "One", sure)
	all, times := s.until(t, s.now.Add(10*24*time.Hour))
	want := "amina@example.org: Peers: 1 post waits for a moderator; x@example.net: Not sent: One; amina@example.org: Peers: posts expired"
	if told(all) != want {
		t.Fatalf("%s at %v", told(all), times)
	}
	if !times[1].Equal(at(t, "2026-03-03T21:00:00Z")) || !times[2].Equal(at(t, "2026-03-04T08:00:00Z")) || !strings.Contains(unfolded(all[2]), "- One, from x@example.net") {
		t.Errorf("at %v: %s", times, all[2].raw)
	}
	if all[2].answerTo() != "" {
		t.Error("there is nothing to answer")
	}
	if _, err := s.reply(asked[0], amina, "approve", nil); err != nil {
		t.Fatal(err)
	}
	late := s.notices(t)
	if s.posts(t) != "" || len(late) != 1 || !strings.Contains(unfolded(late[0]), "had expired on Tuesday, 3 March 2026") {
		t.Errorf("posts %q; told %s", s.posts(t), told(late))
	}
}

func TestSpamIsHeldWithoutANotice(t *testing.T) {
	s := moderated(t, func(l *list.List) { l.Moderators = []string{amina} })
	site := s.config(func(l *list.List) { *l = *s.Site().Lists[0] })
	full := *site
	full.SpamHeader = "X-Spam-Flag: YES"
	if err := s.Configure(list.NewSite(full)); err != nil {
		t.Fatal(err)
	}
	target, err := s.Route("peers@lists.example.org")
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Raw: mail(dede, "1@x", "Watches", "X-Spam-Flag: YES"), Targets: []list.Target{target}, Auth: sure,
		Envelope: list.Envelope{ID: s.id(), From: dede, Relay: true, Received: s.now}}
	if r, err := s.Receive(t.Context(), in); err != nil || r.Action != "hold" {
		t.Fatalf("%+v, %v", r, err)
	}
	if all := s.notices(t); len(all) != 0 {
		t.Errorf("told %s", told(all))
	}
	all, _ := s.until(t, s.now.Add(24*time.Hour))
	if told(all) != "amina@example.org: Peers: 1 post waits for a moderator" {
		t.Errorf("reminded by %s", told(all))
	}
}

// TestHeldNoticesGolden has the notices as people see them, in three languages, about a post whose author tries to be in them.
func TestHeldNoticesGolden(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		t.Run(language, func(t *testing.T) {
			s := moderated(t, func(l *list.List) { l.Language = language; l.HeldFor = 36 * time.Hour })
			asked := s.hold(t, `"=?utf-8?q?Zo=C3=AB=0D=0ABcc:_v@v.example?=" <zoe@example.net>`,
				"=?utf-8?q?Gr=C3=BC=C3=9Fe=0D=0ABcc:_v@v.example=1B[31m_=E2=80=AE&body=3Dapprove?=", sure)
			s.hold(t, "x@example.net", "Two", nil)
			mails := []note{asked[0]}
			reminders, _ := s.until(t, at(t, "2026-03-03T08:00:00Z"))
			mails = append(mails, reminders[0])
			for _, body := range []string{"what is this?", "edit", "reject Pas ici."} {
				if _, err := s.reply(asked[0], amina, body, nil); err != nil {
					t.Fatal(err)
				}
				mails = append(mails, s.notices(t)...)
			}
			if _, err := s.reply(asked[1], luis, "approve", nil); err != nil {
				t.Fatal(err)
			}
			mails = append(mails, s.notices(t)...)
			rest, _ := s.until(t, at(t, "2026-03-05T00:00:00Z"))
			mails = append(mails, rest[0])
			var b strings.Builder
			for _, n := range mails {
				if n.msg.Count("Bcc") != 0 || n.msg.Check() != nil || strings.ContainsAny(n.raw, "\x1b\u202e") {
					t.Errorf("what an author wrote got out of its place in\n%s", n.raw)
				}
				b.WriteString(strings.ReplaceAll(tokens.ReplaceAllString(n.raw, "${1}TOKEN"), "\r\n", "\n") + "\n======\n")
			}
			path := filepath.Join("testdata", "held", language+".txt")
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

// tokens are what differs from run to run.
var tokens = regexp.MustCompile(`((?:\+|%2B)held-|=_)[a-z2-7]{26}`)
