package list_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// desk is a schedule that remembers what it was asked for, and whose digests have told everybody of the posts up to told.
type desk struct {
	told  uint32
	owed  []string
	woken int
}

func (d *desk) Take(context.Context, *list.Handed) (string, error) { return "", nil }
func (d *desk) Facilitators(list.Reader, *list.List, time.Time) ([]string, error) {
	return nil, nil
}
func (d *desk) Meeting(list.Reader, *list.List, *message.Message) (bool, string, error) {
	return false, "", nil
}
func (d *desk) Welcome(list.Tx, *list.List, *list.Member, time.Time) (*list.Letter, error) {
	return nil, nil
}
func (d *desk) Answer(list.Tx, *list.List, *list.Member, string, time.Time) (*list.Letter, error) {
	return nil, nil
}
func (d *desk) Holding(list.Reader, *list.List, string, uint32, string, time.Time) (list.Holding, error) {
	return list.HoldingAsEver, nil
}
func (d *desk) Told(list.Reader, *list.List, *list.Member) (uint32, error) { return d.told, nil }
func (d *desk) Wake()                                                      { d.woken++ }
func (d *desk) CatchUp(_ list.Tx, _ *list.List, m *list.Member, since time.Time, back bool, _ time.Time) error {
	d.owed = append(d.owed, fmt.Sprintf("%s since %s back %t", m.Address, since.Format(time.DateOnly), back))
	return nil
}

// wrote has a member write to the list, and everybody get it.
func (s *site) wrote(t *testing.T, from string) {
	t.Helper()
	if r, err := s.receive(mail(from, s.id()+"@m", "Hello")); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
}

// TestWhereDigestsBeginAndEnd: whichever way somebody comes to digests, changes their hour and leaves again, no post is left out.
func TestWhereDigestsBeginAndEnd(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	d := &desk{}
	s.Schedule = d
	s.members(t, dede, zoe)
	if _, err := s.SetMember(peers, zoe, []string{"mode=nomail"}); err != nil {
		t.Fatal(err)
	}
	s.wrote(t, dede)
	s.wrote(t, dede)
	expect := func(step string, mode list.Mode, from, until uint32) {
		t.Helper()
		if m := s.the(t, dede); m.Mode != mode || m.DigestFrom != from || m.DigestUntil != until {
			t.Errorf("%s: mode %s, from %d until %d; want %s, %d, %d", step, m.Mode, m.DigestFrom, m.DigestUntil, mode, from, until)
		}
	}
	s.obeyed(t, dede, "digest", "", "", sure)
	expect("posts that are still going out are in the first digest, too", list.ModeDigest, 0, 2)
	s.obeyed(t, dede, "each", "", "", sure)
	s.claimed(t)
	s.now = s.now.Add(time.Hour)
	d.told = 1
	s.obeyed(t, dede, "digest", "", "", sure)
	expect("what the last digest had still to tell is in the next", list.ModeDigest, 0, 2)
	s.obeyed(t, dede, "request", "", "set digest 07:00", sure)
	expect("another hour begins behind what the old one told", list.ModeDigest, 1, 2)
	s.obeyed(t, dede, "request", "", "set timezone Africa/Nairobi", sure)
	expect("another zone, too", list.ModeDigest, 1, 2)
	s.wrote(t, dede)
	d.told = 2
	s.obeyed(t, dede, "each", "", "", sure)
	expect("who leaves is owed what no digest told", list.ModeEach, 2, 3)
	s.obeyed(t, dede, "nomail", "", "", sure)
	expect("who wants no mail is owed none", list.ModeNoMail, 2, 0)
	s.now = s.now.Add(time.Hour)
	if _, err := s.SetMember(peers, dede, []string{"mode=digest", "format=mime"}); err != nil {
		t.Fatal(err)
	}
	expect("by command it is the same", list.ModeDigest, 3, 0)
	d.told = 3
	s.obeyed(t, dede, "summary", "", "", sure)
	expect("nothing is owed where all was told", list.ModeSummary, 3, 0)
}

// TestAListWithoutADigest: nobody can choose it, by mail or by command.
func TestAListWithoutADigest(t *testing.T) {
	s := joinable(t, list.JoinConfirm, func(l *list.List) { l.NoDigest = true })
	s.members(t, dede)
	if n := s.obeyed(t, dede, "digest", "", "", sure); !strings.Contains(n.raw, "This list has no digest.") {
		t.Errorf("%s", n.raw)
	}
	if _, err := s.SetMember(peers, dede, []string{"mode=digest"}); err == nil || !strings.Contains(err.Error(), "has no digest") {
		t.Errorf("%v", err)
	}
	if m := s.the(t, dede); m.Mode != list.ModeEach {
		t.Errorf("%+v", m)
	}
}

// TestDigestAndSummaryModesGetNoPostsAtOnce: but for those that the schedule sends them by number.
func TestDigestAndSummaryModesGetNoPostsAtOnce(t *testing.T) {
	s := newSite(t, nil)
	s.members(t, dede)
	for i, mode := range []list.Mode{list.ModeDigest, list.ModeSummary} {
		if err := s.AddMembers(peers, []list.Member{{Address: fmt.Sprintf("m%d@example.net", i), Mode: mode}}); err != nil {
			t.Fatal(err)
		}
	}
	s.wrote(t, dede)
	for to := range s.claimed(t) {
		if to != dede {
			t.Errorf("%s got a copy", to)
		}
	}
}

func TestCatchUpsAreOwed(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	d := &desk{}
	s.Schedule = d
	s.members(t, dede, zoe)
	for _, c := range []struct{ word, subject, want string }{
		{"catchup", "", "dede@example.org since 0001-01-01 back false"},
		{"catchup", "since 2026-02-03, please", "dede@example.org since 2026-02-03 back false"},
		{"catchup", "2027-01-01", ""},
	} {
		d.owed, d.woken = nil, 0
		n := s.obeyed(t, dede, c.word, c.subject, "", sure)
		if got := strings.Join(d.owed, "; "); got != c.want || d.woken != len(d.owed) {
			t.Errorf("%q: %q, woken %d times; want %q\n%s", c.subject, got, d.woken, c.want, n.raw)
		}
	}
	s.obeyed(t, dede, "pause", "until 2026-03-09", "", sure)
	s.obeyed(t, zoe, "pause", "", "", sure)
	s.now = s.now.Add(10 * 24 * time.Hour)
	d.owed = nil
	if err := s.Tick(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.obeyed(t, zoe, "resume", "", "", sure)
	if got := strings.Join(d.owed, "; "); got != "dede@example.org since 2026-03-02 back true; zoe@example.net since 2026-03-02 back true" {
		t.Errorf("behind breaks: %s", got)
	}
	if m := s.the(t, dede); !m.PausedSince.IsZero() || m.State != list.Active {
		t.Errorf("%+v", m)
	}
}

// TestWhoRepliesToADigestLearnsHowToAnswer: at once, also where they know already that a post of theirs waits.
func TestWhoRepliesToADigestLearnsHowToAnswer(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	for _, subject := range []string{"AW: Peers Digest, Vol 2026, Issue 3", "Re: Peers Digest, Vol 2026, Issue 4"} {
		raw := mail(dede, s.id()+"@m", subject)
		target, err := s.Route(peers)
		if err != nil {
			t.Fatal(err)
		}
		in := &list.Incoming{Raw: raw, Envelope: list.Envelope{ID: s.id(), From: dede, Received: s.now, Authenticated: true}, Targets: []list.Target{target}}
		if r, err := s.Receive(t.Context(), in); err != nil || r.Action != "hold" {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	helped := 0
	for _, n := range s.notices(t) {
		if n.to == dede {
			helped += strings.Count(strings.Join(strings.Fields(n.raw), " "), "if you answer one topic")
		}
	}
	if helped != 1 {
		t.Errorf("helped %d times, want once in a week", helped)
	}
}
