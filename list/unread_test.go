package list_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// news are the new posts of each topic on the page of its list, by subject.
func (s *site) news(t *testing.T, session string) string {
	t.Helper()
	p, err := s.TopicsFrom(session, peers, "", "")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range p.Topics {
		if one.New > 0 {
			all = append(all, fmt.Sprintf("%s %d", one.Subject, one.New))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// TestWhatIsNew: to a member what others wrote since they joined, until a button of a page or a mail program marks it as read; opening a page marks nothing.
func TestWhatIsNew(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	s.now = s.now.Add(time.Minute)
	s.put(t, mail("noor@example.net", "old@x", "Old"))
	s.now = s.now.Add(time.Minute)
	s.members(t, "zoe@example.org")
	zoe, dede, amina := s.enter(t, "zoe@example.org"), s.enter(t, "dede@example.org"), s.enter(t, "amina@example.org")
	s.now = s.now.Add(time.Minute)
	for i := range 14 {
		s.put(t, mail("noor@example.net", fmt.Sprintf("n%d@x", i), "News", "In-Reply-To: <n0@x>"))
	}
	s.put(t, mail("zoe@example.org", "z@x", "Hers"))
	s.put(t, mail("noor@example.net", "z2@x", "Hers", "In-Reply-To: <z@x>"))
	s.put(t, mail("noor@example.net", "kept@x", "Hers", "In-Reply-To: <z@x>", "X-No-Archive: yes"))
	for who, one := range map[string]struct{ session, want string }{"who joined late": {zoe, "Hers 1, News 9"}, "who was there": {dede, "Hers 2, News 9, Old 1"},
		"an owner who is no member": {amina, ""}, "a stranger": {"", ""}} {
		for range 2 {
			if got := s.news(t, one.session); got != one.want {
				t.Errorf("%s: %s, want %s", who, got, one.want)
			}
		}
		if _, err := s.TopicPage(one.session, peers, 2, 1); err != nil {
			t.Error(err)
		}
	}
	for _, session := range []string{"", amina} {
		if err := s.MarkRead(session, peers, 0, 99); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%q: %v", session, err)
		}
	}
	box, err := s.Mailbox("zoe@example.org", peers)
	if err != nil {
		t.Fatal(err)
	}
	seen := func() string {
		b, err := s.Seen(box)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(list.DecodeRuns(b))
	}
	// A mail program has read the first twelve of them.
	if err := s.ChangeSeen(box, func(b []byte) []byte { return list.DecodeRuns(b).With(list.Run{First: 2, Last: 13}).Encode() }); err != nil {
		t.Fatal(err)
	}
	topic, err := s.TopicPage(zoe, peers, 2, 2)
	if err != nil || topic.New != 2 || topic.First != "/"+peers+"/topics/2?page=2#p14" || !topic.Mine || topic.UpTo != 18 {
		t.Errorf("%+v, %v", topic, err)
	}
	for _, p := range topic.Posts {
		if p.New != (p.Number >= 14) {
			t.Errorf("post %d: new %t", p.Number, p.New)
		}
	}
	// What came since the page was opened stays new.
	if err := s.MarkRead(zoe, peers, 2, 14); err != nil || s.news(t, zoe) != "Hers 1, News 1" || seen() != "[{2 14}]" {
		t.Errorf("%s, %s, %v", s.news(t, zoe), seen(), err)
	}
	if err := s.MarkRead(zoe, peers, 99, 14); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("no topic: %v", err)
	}
	if err := s.MarkRead(zoe, peers, 0, 1<<31); err != nil || s.news(t, zoe) != "" || seen() != "[{1 18}]" {
		t.Errorf("%s, %s, %v", s.news(t, zoe), seen(), err)
	}
	if got := s.news(t, dede); got != "Hers 2, News 9, Old 1" {
		t.Errorf("another member: %s", got)
	}
	s.put(t, mail("noor@example.net", "later@x", "Later"))
	if got := s.news(t, zoe); got != "Later 1" {
		t.Error(got)
	}
}

// TestRuns compares them with a set of numbers.
func TestRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var runs list.Runs
		set := map[uint32]bool{}
		for range r.IntN(8) {
			first := 1 + r.Uint32N(60)
			one := list.Run{First: first, Last: first + r.Uint32N(9)}
			runs = runs.With(one)
			for n := one.First; n <= one.Last; n++ {
				set[n] = true
			}
		}
		for n := range uint32(80) {
			if runs.Has(n) != set[n] {
				t.Fatalf("%v: %d", runs, n)
			}
		}
		for i := 1; i < len(runs); i++ {
			if runs[i].First < runs[i-1].Last+2 {
				t.Fatalf("%v are not as few as can be", runs)
			}
		}
		if back := list.DecodeRuns(runs.Encode()); !slices.Equal(back, runs) {
			t.Fatalf("%v came back as %v", runs, back)
		}
	}
	end := list.Runs{}.With(list.Run{First: 1<<32 - 1, Last: 1<<32 - 1}).With(list.Run{First: 5, Last: 4}).With(list.Run{})
	if len(end) != 1 || !end.Has(1<<32-1) || end.Has(0) {
		t.Errorf("%v", end)
	}
}
