package list_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// Calendar and Feed have one event, whose texts have what no page shows a stranger.
func (d *desk) Calendar(_ list.Reader, _ *list.List, zone *time.Location, languages []string, now time.Time) ([]list.CalendarRow, error) {
	return []list.CalendarRow{{Title: "Coffee\u202e with dede@example.org", About: "Write to dede@example.org.", By: languages[0], Start: now.In(zone)}}, nil
}

func (d *desk) Feed(_ list.Reader, l *list.List, now time.Time) (list.Feed, error) {
	return list.Feed{Content: []byte(l.Address), Tag: "tag", Changed: now}, nil
}

// TestWhoReadsACalendar: the page and the feed are for whom the archive is for. A member's program has an address of its own, which is theirs as long as they are one.
func TestWhoReadsACalendar(t *testing.T) {
	for name, c := range map[string]struct {
		archive                        list.Archive
		stranger, member, private, own bool
	}{
		"a public list":        {list.ArchivePublic, true, true, false, false},
		"a list for members":   {list.ArchiveMembers, false, true, true, true},
		"a list without pages": {list.ArchiveNone, false, false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.Schedule = &desk{}
			if _, err := s.SetMember(peers, "dede@example.org", []string{"timezone=America/La_Paz", "language=es"}); err != nil {
				t.Fatal(err)
			}
			dede := s.enter(t, "dede@example.org")
			own, err := s.CalendarPage(dede, peers)
			if err != nil || own.Zone != "America/La_Paz" || own.Rows[0].By != "es" || own.Rows[0].Title != "Coffee with dede@example.org" || own.Rows[0].Start.Location().String() != own.Zone {
				t.Fatalf("%+v, %v", own, err)
			}
			_, token, ok := strings.Cut(own.Feed, "/feed-")
			if token = strings.TrimSuffix(token, ".ics"); !ok || len(token) != 26 {
				t.Fatalf("the feed of a member is %s", own.Feed)
			}
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			for session, may := range map[string]bool{"": c.stranger, "abcdefghijklmnopqrstuvwxyz": c.stranger, dede: c.member} {
				page, err := s.CalendarPage(session, peers)
				feed, err2 := s.Feed(session, peers)
				if may != (err == nil) || may != (err2 == nil) || err != nil && !errors.Is(err, list.ErrNotFound) || err2 != nil && !errors.Is(err2, list.ErrNotFound) {
					t.Errorf("%q: %v, %v", session, err, err2)
				}
				if !may {
					continue
				}
				if strings.Contains(page.Rows[0].About+page.Rows[0].Title, "@example.org") != (session == dede) || feed.Private != c.private {
					t.Errorf("%q: %+v", session, page)
				}
				if strings.Contains(page.Feed, "/feed-") != (c.own && session == dede) {
					t.Errorf("%q: the feed is %s", session, page.Feed)
				}
			}
			if f, err := s.OwnFeed(peers, token); err != nil || string(f.Content) != peers || !f.Private {
				t.Errorf("their program gets %+v, %v", f, err)
			}
			for _, wrong := range [][2]string{{"second@lists.example.org", token}, {"nobody@lists.example.org", token}, {peers, "abcdefghijklmnopqrstuvwx22"}, {peers, ""}} {
				if _, err := s.OwnFeed(wrong[0], wrong[1]); !errors.Is(err, list.ErrNotFound) {
					t.Errorf("%q: %v", wrong, err)
				}
			}
			if _, err := s.Leaving(token); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("the token of a feed unsubscribes: %v", err)
			}
			if err := s.RemoveMembers(peers, []string{"dede@example.org"}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.OwnFeed(peers, token); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("who has left reads on: %v", err)
			}
		})
	}
}

// TestALeakedFeedIsScrubbed: a post that quotes the address of somebody's own feed goes out without it, and it works no more.
func TestALeakedFeedIsScrubbed(t *testing.T) {
	s := archive(t, nil)
	s.Schedule = &desk{}
	page, err := s.CalendarPage(s.enter(t, "dede@example.org"), peers)
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(page.Feed, "/feed-")
	token = strings.TrimSuffix(token, ".ics")
	s.put(t, append(mail("Noor <noor@example.net>", "a1@x", "My calendar"), []byte("Subscribe to https://lists.example.org"+page.Feed+" as I do.\r\n")...))
	post, err := s.PostPage(s.enter(t, "noor@example.net"), "a1@x")
	if err != nil || strings.Contains(post.Post.Text, token) || !strings.Contains(post.Post.Text, "feed-xxxxxxxxxxxxxxxxxxxxxxxxxx.ics") {
		t.Errorf("%q, %v", post.Post.Text, err)
	}
	if _, err := s.OwnFeed(peers, token); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("it works on: %v", err)
	}
}
