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

// ownToken is the token in the path of a member's own feed.
func ownToken(t *testing.T, own list.OwnFeed) string {
	t.Helper()
	_, token, ok := strings.Cut(own.Path, "/feed-")
	if token = strings.TrimSuffix(token, ".ics"); !ok || len(token) != 26 {
		t.Fatalf("the feed of a member is %s", own.Path)
	}
	return token
}

// TestWhoReadsACalendar: the page and the feed are for whom the archive is for, and for the members of a list that has none. What a member's program knows is theirs.
func TestWhoReadsACalendar(t *testing.T) {
	type access struct{ page, feed, own bool } // own: they may make an address of their own
	all, reads, none := access{true, true, true}, access{page: true, feed: true}, access{}
	for name, c := range map[string]struct {
		archive                                    list.Archive
		member, owner, former, stranger, elsewhere access
		private, posts                             bool
	}{
		"a public list":             {list.ArchivePublic, reads, reads, reads, reads, reads, false, true},
		"a list for members":        {list.ArchiveMembers, all, reads, none, none, none, true, true},
		"a list without an archive": {list.ArchiveNone, all, reads, none, none, none, true, false},
		"one that says nothing":     {"", all, reads, none, none, none, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.Schedule = &desk{}
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			if _, err := s.SetMember(peers, "dede@example.org", []string{"timezone=America/La_Paz", "language=es"}); err != nil {
				t.Fatal(err)
			}
			if err := s.AddMembers("second@lists.example.org", []list.Member{{Address: "zoe@example.org"}}); err != nil {
				t.Fatal(err)
			}
			dede, noor, amina, zoe := s.enter(t, "dede@example.org"), s.enter(t, "noor@example.net"), s.enter(t, "amina@example.org"), s.enter(t, "zoe@example.org")
			if err := s.RemoveMembers(peers, []string{"noor@example.net"}); err != nil {
				t.Fatal(err)
			}
			for session, may := range map[string]access{dede: c.member, amina: c.owner, noor: c.former, zoe: c.elsewhere, "": c.stranger, "abcdefghijklmnopqrstuvwxyz": c.stranger} {
				page, err := s.CalendarPage(session, peers)
				feed, err2 := s.Feed(session, peers)
				_, err3 := s.MakeFeed(session, peers)
				for _, err := range []error{err, err2, err3} {
					if err != nil && !errors.Is(err, list.ErrNotFound) {
						t.Fatal(err)
					}
				}
				if got := (access{err == nil, err2 == nil, err3 == nil}); got != may {
					t.Errorf("%s: %+v", session, got)
				}
				if !may.page {
					continue
				}
				if belongs := session == dede || session == amina; strings.Contains(page.Rows[0].About+page.Rows[0].Title, "@example.org") != belongs || feed.Private != c.private {
					t.Errorf("%q: %+v", session, page)
				}
				if page.Own != may.own || (page.Feed == list.FeedPath(peers)) == c.private || page.Posts != c.posts {
					t.Errorf("%q: own %t, the feed is %s, posts %t", session, page.Own, page.Feed, page.Posts)
				}
			}
			page, err := s.CalendarPage(dede, peers)
			if err != nil || page.Zone != "America/La_Paz" || page.Rows[0].By != "es" || page.Rows[0].Title != "Coffee with dede@example.org" || page.Rows[0].Start.Location().String() != page.Zone {
				t.Errorf("%+v, %v", page, err)
			}
		})
	}
}

// TestSignInLeadsToEvents: who is on a list without an archive signs in to its events, and to the posts of another first.
func TestSignInLeadsToEvents(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchiveNone })
	if token := s.link(t, "dede@example.org", ""); token != "" {
		t.Error("signed in where there are no events either")
	}
	s.Schedule = &desk{}
	if _, who, err := s.SignIn(s.link(t, "dede@example.org", "")); err != nil || who.Next != list.CalendarPath(peers) {
		t.Errorf("%+v, %v", who, err)
	}
	if token := s.link(t, "stranger@example.org", ""); token != "" {
		t.Error("a stranger signs in")
	}
	s.open(t, func(l *list.List) { l.Archive = list.ArchiveMembers })
	s.now = s.now.Add(time.Hour)
	if _, who, err := s.SignIn(s.link(t, "dede@example.org", "")); err != nil || who.Next != list.TopicsPath(peers) {
		t.Errorf("%+v, %v", who, err)
	}
}

// TestAnOwnFeed works for one member of one list, for its time, until another is made or they leave; and for nothing else.
func TestAnOwnFeed(t *testing.T) {
	for _, kind := range []list.Archive{list.ArchiveMembers, list.ArchiveNone} {
		t.Run(string(kind), func(t *testing.T) {
			s := archive(t, nil)
			s.Schedule = &desk{}
			s.open(t, func(l *list.List) { l.Archive = kind })
			dede := s.enter(t, "dede@example.org")
			works := func(token, address string) bool {
				t.Helper()
				f, err := s.OwnFeed(address, token)
				if err != nil && !errors.Is(err, list.ErrNotFound) || err == nil && (string(f.Content) != peers || !f.Private) {
					t.Fatalf("%+v, %v", f, err)
				}
				return err == nil
			}
			made := func() string {
				t.Helper()
				own, err := s.MakeFeed(dede, peers)
				if err != nil || !own.Expires.Equal(s.now.Add(400*24*time.Hour)) {
					t.Fatalf("%+v, %v", own, err)
				}
				return ownToken(t, own)
			}
			first := made()
			if !works(first, peers) || !works(strings.ToUpper(first), peers) {
				t.Error("it does not work")
			}
			for _, wrong := range [][2]string{{"second@lists.example.org", first}, {"nobody@lists.example.org", first}, {peers, "abcdefghijklmnopqrstuvwx22"}, {peers, ""}, {peers, dede}} {
				if works(wrong[1], wrong[0]) {
					t.Errorf("%q works", wrong)
				}
			}
			if _, err := s.Leaving(first); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("it unsubscribes: %v", err)
			}
			if _, _, err := s.SignIn(first); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("it signs in: %v", err)
			}
			if _, err := s.TopicsPage(first, peers, 1); !errors.Is(err, list.ErrNotFound) {
				t.Errorf("it reads posts: %v", err)
			}
			if _, err := s.Route("peers+confirm-" + first + "@lists.example.org"); reason(err) != list.NoSuchAddress {
				t.Errorf("it confirms: %v", err)
			}
			second := made()
			if works(first, peers) || !works(second, peers) {
				t.Error("the new one does not take the place of the old one")
			}
			began := s.now
			s.now = began.Add(list.FeedFor - time.Second)
			if !works(second, peers) {
				t.Error("it ends early")
			}
			if s.now = began.Add(list.FeedFor); works(second, peers) {
				t.Error("it does not end")
			}
			s.now = began
			if err := s.RemoveMembers(peers, []string{"dede@example.org"}); err != nil {
				t.Fatal(err)
			}
			if works(second, peers) {
				t.Error("who has left reads on")
			}
			if s.members(t, "dede@example.org"); works(second, peers) {
				t.Error("who joins again has the old one")
			}
		})
	}
}

// TestALeakedFeedIsScrubbed: a post that quotes the address of somebody's own feed goes out without it, and it works no more; nobody is sent another.
func TestALeakedFeedIsScrubbed(t *testing.T) {
	for name, mailed := range map[string]bool{"made on the page": false, "mailed": true} {
		for form, text := range map[string]string{
			"a link":           "Subscribe to https://lists.example.org/peers@lists.example.org/feed-TOKEN.ics as I do.",
			"for a program":    "webcal://lists.example.org/peers@lists.example.org/feed-UPPER.ics",
			"a link in a link": "https://calendar.example/r?cid=https%3A%2F%2Flists.example.org%2Fpeers%40lists.example.org%2Ffeed%2DTOKEN.ics",
			"a broken line":    "> https://lists.example.org/peers@lists.example.org/feed-\r\n> TOKEN.ics",
		} {
			t.Run(name+", "+form, func(t *testing.T) {
				s := archive(t, nil)
				s.Schedule = &desk{}
				token := ""
				if mailed {
					token = s.mailedFeed(t, "dede@example.org")
				} else {
					own, err := s.MakeFeed(s.enter(t, "dede@example.org"), peers)
					if err != nil {
						t.Fatal(err)
					}
					token = ownToken(t, own)
				}
				if _, err := s.OwnFeed(peers, token); err != nil {
					t.Fatal(err)
				}
				_, before := s.sentNotices(t)
				text := strings.NewReplacer("TOKEN", token, "UPPER", strings.ToUpper(token)).Replace(text)
				s.put(t, append(mail("Noor <noor@example.net>", "a1@x", "My calendar"), []byte(text+"\r\n")...))
				s.nowhere(t, token)
				if _, after := s.sentNotices(t); len(after) != len(before) {
					t.Error("another one was sent")
				}
				if _, err := s.OwnFeed(peers, token); !errors.Is(err, list.ErrNotFound) {
					t.Errorf("it works on: %v", err)
				}
			})
		}
	}
}

// mailedFeed has an address for a calendar program mailed, and returns its token.
func (s *site) mailedFeed(t *testing.T, address string) string {
	t.Helper()
	l, _ := s.Site().List(peers)
	err := s.db.Update(func(tx list.Tx) error {
		rec, err := tx.List(peers)
		if err != nil {
			return err
		}
		m, err := tx.Member(rec.ID, address)
		if err != nil {
			return err
		}
		return s.MailFeed(tx, l, &m, address, "ask@x", s.now)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := s.mailed(t)
	last := all[len(all)-1]
	if last.to != address || !strings.Contains(last.Text(5000), "2027") {
		t.Errorf("%s got\n%s", last.to, last.Text(5000))
	}
	_, token, _ := strings.Cut(last.Text(5000), "/feed-")
	return token[:26]
}

// TestAMailedFeed takes the place of one that was made, or was to be mailed.
func TestAMailedFeed(t *testing.T) {
	s := archive(t, nil)
	s.Schedule = &desk{}
	own, err := s.MakeFeed(s.enter(t, "dede@example.org"), peers)
	if err != nil {
		t.Fatal(err)
	}
	token := s.mailedFeed(t, "dede@example.org")
	if _, err := s.OwnFeed(peers, ownToken(t, own)); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("the first works on: %v", err)
	}
	if _, err := s.OwnFeed(peers, token); err != nil {
		t.Error(err)
	}
}

// TestAnOwnFeedWaitsForAnImport: a member's own address is no way around what keeps a list to itself while history comes in.
func TestAnOwnFeedWaitsForAnImport(t *testing.T) {
	s := archive(t, nil)
	s.Schedule = &desk{}
	s.open(t, func(l *list.List) { l.Archive = list.ArchiveMembers })
	own, err := s.MakeFeed(s.enter(t, "dede@example.org"), peers)
	if err != nil {
		t.Fatal(err)
	}
	token := ownToken(t, own)
	for _, importing := range []bool{true, false} {
		if err := s.Store.Update(func(tx list.Tx) error {
			rec, err := tx.List(peers)
			if err != nil {
				return err
			}
			rec.Importing = importing
			return tx.PutList(rec)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.OwnFeed(peers, token); (err == nil) == importing || err != nil && !errors.Is(err, list.ErrNotFound) {
			t.Errorf("importing %t: %v", importing, err)
		}
	}
}
