package list_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// subjects are those of the posts in a feed.
func (s *site) subjects(t *testing.T, f list.PostsFeed) string {
	t.Helper()
	posts, err := s.FeedTexts(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range posts {
		if p.Address != "" || strings.Contains(p.Name, "@") {
			t.Errorf("a feed says the address of an author: %+v", p)
		}
		all = append(all, p.Subject)
	}
	return strings.Join(all, ", ")
}

// TestWhoReadsAFeed: the feed of posts is for whom the pages are for; a member's reader knows theirs by its token, as long as they are on the list.
func TestWhoReadsAFeed(t *testing.T) {
	type access struct{ feed, own bool } // own: they may make an address of their own
	for name, c := range map[string]struct {
		archive                                    list.Archive
		member, owner, former, stranger, elsewhere access
	}{
		"a public list":             {list.ArchivePublic, access{feed: true}, access{feed: true}, access{feed: true}, access{feed: true}, access{feed: true}},
		"a list for members":        {list.ArchiveMembers, access{true, true}, access{feed: true}, access{}, access{}, access{}},
		"a list without an archive": {list.ArchiveNone, access{}, access{}, access{}, access{}, access{}},
		"one that says nothing":     {"", access{}, access{}, access{}, access{}, access{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := archive(t, nil)
			s.put(t, mail("Dede <dede@example.org>", "a1@example.org", "Hello"))
			if err := s.AddMembers("second@lists.example.org", []list.Member{{Address: "zoe@example.org"}}); err != nil {
				t.Fatal(err)
			}
			dede, noor, amina, zoe := s.enter(t, "dede@example.org"), s.enter(t, "noor@example.net"), s.enter(t, "amina@example.org"), s.enter(t, "zoe@example.org")
			if err := s.RemoveMembers(peers, []string{"noor@example.net"}); err != nil {
				t.Fatal(err)
			}
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			for who, one := range map[string]struct {
				session string
				may     access
			}{"a member": {dede, c.member}, "an owner": {amina, c.owner}, "a former member": {noor, c.former}, "a stranger": {"", c.stranger}, "a member of another list": {zoe, c.elsewhere}} {
				f, err := s.PostsFeed(one.session, peers)
				if (err == nil) != one.may.feed || err != nil && !errors.Is(err, list.ErrNotFound) {
					t.Errorf("%s: %v", who, err)
				}
				if err == nil && (s.subjects(t, f) != "Hello" || f.Public != (c.archive == list.ArchivePublic)) {
					t.Errorf("%s reads %+v", who, f)
				}
				own, err := s.MakePostsFeed(one.session, peers)
				if (err == nil) != one.may.own || err != nil && !errors.Is(err, list.ErrNotFound) {
					t.Errorf("%s makes a feed: %+v, %v", who, own, err)
				}
			}
		})
	}
}

// TestOwnPostsFeed: the address of a member's own feed ends with the membership, with the next one, and with its time; it is worth nothing elsewhere.
func TestOwnPostsFeed(t *testing.T) {
	s := archive(t, nil)
	s.put(t, mail("Dede <dede@example.org>", "a1@example.org", "Hello"))
	dede := s.enter(t, "dede@example.org")
	make := func() string {
		own, err := s.MakePostsFeed(dede, peers)
		token, ok := strings.CutPrefix(own.Path, "/"+peers+"/feed-")
		token, atom := strings.CutSuffix(token, ".atom")
		if err != nil || !ok || !atom || len(token) != 26 {
			t.Fatalf("%+v, %v", own, err)
		}
		return token
	}
	works := func(why, token string, want bool) {
		t.Helper()
		f, err := s.OwnPostsFeed(peers, token)
		if (err == nil) != want || err != nil && !errors.Is(err, list.ErrNotFound) {
			t.Errorf("%s: %v", why, err)
		}
		if err == nil && (f.Public || s.subjects(t, f) != "Hello") {
			t.Errorf("%s: %+v", why, f)
		}
	}
	first := make()
	works("the first", first, true)
	second := make()
	works("the first, once there is a second", first, false)
	works("the second", second, true)
	if _, err := s.OwnPostsFeed("second@lists.example.org", second); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("another list: %v", err)
	}
	if _, err := s.OwnFeed(peers, second); !errors.Is(err, list.ErrNotFound) {
		t.Errorf("the events: %v", err)
	}
	s.open(t, func(l *list.List) { l.Archive = list.ArchiveNone })
	works("without an archive", second, false)
	s.open(t, func(l *list.List) { l.Archive = list.ArchiveMembers })
	s.now = s.now.Add(list.FeedFor)
	works("after its time", second, false)
	s.now = s.now.Add(-time.Hour)
	works("before it is over", second, true)
	if err := s.RemoveMembers(peers, []string{"dede@example.org"}); err != nil {
		t.Fatal(err)
	}
	works("who has left", second, false)
	s.members(t, "dede@example.org")
	works("who has joined again", second, false)
}

// TestWhatIsInAFeed: the newest posts that pages show, and what a reader is told has changed when they do.
func TestWhatIsInAFeed(t *testing.T) {
	s := archive(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	empty, err := s.PostsFeed("", peers)
	if err != nil || s.subjects(t, empty) != "" || !empty.Changed.IsZero() {
		t.Errorf("%+v, %v", empty, err)
	}
	for i := range 40 {
		s.now = s.now.Add(time.Minute)
		s.put(t, mail("dede@example.org", fmt.Sprintf("t%d@x", i), fmt.Sprintf("Topic %d of noor@example.net", i)))
	}
	s.put(t, mail("dede@example.org", "kept@x", "Kept out", "X-No-Archive: yes"))
	f, err := s.PostsFeed("", peers)
	said := s.subjects(t, f)
	if err != nil || strings.Count(said, "Topic") != 30 || !strings.HasPrefix(said, "Topic 39 of noor@…, Topic 38") || strings.Contains(said, "Kept") || !f.Changed.Equal(s.now) {
		t.Errorf("%s, %v, %v", said, f.Changed, err)
	}
	same, err := s.PostsFeed("", peers)
	if err != nil || same.Tag != f.Tag || f.Tag == empty.Tag {
		t.Errorf("%s, %s: %v", same.Tag, f.Tag, err)
	}
	s.now = s.now.Add(time.Hour)
	err = s.Store.Update(func(tx list.Tx) error {
		p, err := tx.Post(1, 40)
		if err != nil {
			return err
		}
		p.Removed = s.now
		if _, err = tx.PutPost(p); err != nil {
			return err
		}
		_, err = tx.PutRemoval(list.Removal{List: 1, Post: 40, UID: 40, At: s.now})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	gone, err := s.PostsFeed("", peers)
	if said := s.subjects(t, gone); err != nil || strings.Contains(said, "Topic 39") || gone.Tag == f.Tag || !gone.Changed.Equal(s.now) {
		t.Errorf("%s, %v, %v", said, gone.Changed, err)
	}
}
