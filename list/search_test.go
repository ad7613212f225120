package list_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
	derived "convene/list/archive"
)

// searched is a site with pages whose posts are found by their words; look has found what was posted until then.
func searched(t *testing.T, change func(*list.List)) (s *site, look func(session, query string) (list.SearchPage, error)) {
	t.Helper()
	s = archive(t, change)
	index := &derived.Index{}
	file, err := derived.Open(derived.Options{Path: filepath.Join(t.TempDir(), "archive.db"), Source: s.db, Parts: []derived.Part{index}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	s.Finder = &derived.Finder{File: file, Index: index}
	return s, func(session, query string) (list.SearchPage, error) {
		t.Helper()
		if err := file.CatchUp(context.Background()); err != nil {
			t.Fatal(err)
		}
		return s.SearchPage(session, peers, query, 1)
	}
}

func TestWhoMaySearch(t *testing.T) {
	for name, c := range map[string]struct {
		archive               list.Archive
		stranger, member, own bool
	}{
		"a public list":         {list.ArchivePublic, true, true, true},
		"a list for members":    {list.ArchiveMembers, false, true, true},
		"a list without pages":  {list.ArchiveNone, false, false, false},
		"one that says nothing": {"", false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, look := searched(t, nil)
			s.members(t, "former@example.org")
			if err := s.AddMembers("second@lists.example.org", []list.Member{{Address: "else@example.org"}}); err != nil {
				t.Fatal(err)
			}
			s.put(t, mail("Dede <dede@example.org>", "a1@example.org", "Hello from office@example.net"))
			dede, amina, former, other := s.enter(t, "dede@example.org"), s.enter(t, "amina@example.org"), s.enter(t, "former@example.org"), s.enter(t, "else@example.org")
			if err := s.RemoveMembers(peers, []string{"former@example.org"}); err != nil {
				t.Fatal(err)
			}
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			for who, one := range map[string]struct {
				session string
				may     bool
			}{"a stranger": {"", c.stranger}, "a session that is none": {"abcdefghijklmnopqrstuvwxyz", c.stranger}, "a member": {dede, c.member}, "an owner": {amina, c.own},
				"who has left": {former, c.stranger}, "a member of another list": {other, c.stranger}} {
				found, err := look(one.session, "hello")
				if one.may != (err == nil) || err != nil && (!errors.Is(err, list.ErrNotFound) || found.Query != "" || found.Address != "") {
					t.Errorf("%s: %+v, %v", who, found, err)
				}
				if !one.may {
					continue
				}
				if found.Total != 1 || len(found.Hits) != 1 || found.Hits[0].MessageID != "a1@example.org" || found.Hits[0].Name != "Dede" || found.Hits[0].Topic != 1 || !found.Hits[0].Date.Equal(s.now) {
					t.Errorf("%s finds %+v", who, found)
				}
				member := one.session == dede || one.session == amina
				subject := ""
				for _, g := range found.Hits[0].Subject {
					subject += g.Text
				}
				if (subject == "Hello from office@example.net") != member || !found.Hits[0].Subject[0].Marked {
					t.Errorf("%s sees %+v", who, found.Hits[0].Subject)
				}
				for _, query := range []string{"from:dede@example.org", "example.net"} {
					byAddress, err := look(one.session, query)
					if wants := member && query == "from:dede@example.org"; err != nil || wants && byAddress.Total != 1 || !member && query == "example.net" && byAddress.Total != 0 {
						t.Errorf("%s finds by %s %+v, %v", who, query, byAddress, err)
					}
				}
			}
		})
	}
}

func TestWhatIsNeverFound(t *testing.T) {
	s, look := searched(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	s.put(t, mail("dede@example.org", "a1@x", "Tables one"))
	s.put(t, mail("dede@example.org", "a2@x", "Tables two", "X-No-Archive: yes"))
	s.put(t, mail("dede@example.org", "a3@x", "Tables three"))
	s.put(t, mail("dede@example.org", "a4@x", "Re: Tables one", "In-Reply-To: <a1@x>"))
	want := func(query, want string) {
		t.Helper()
		found, err := look("", query)
		var ids []string
		for _, h := range found.Hits {
			ids = append(ids, h.MessageID)
		}
		slices.Sort(ids)
		if got := fmt.Sprint(ids); err != nil || got != want {
			t.Errorf("%q finds %s instead of %s, %v", query, got, want, err)
		}
	}
	want("tables", "[a1@x a3@x a4@x]")
	want("", "[]")
	// What is removed is found no more from that moment on, whether the index has heard of it or not.
	for _, followed := range []bool{false, true} {
		err := s.db.Update(func(tx list.Tx) error {
			p, err := tx.Post(1, map[bool]uint32{false: 3, true: 1}[followed])
			if err != nil {
				return err
			}
			p.Removed = s.now
			if _, err = tx.PutPost(p); err == nil && followed {
				_, err = tx.PutRemoval(list.Removal{List: 1, Post: p.Number, UID: p.MailboxUID(), At: s.now})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want("tables", map[bool]string{false: "[a1@x a4@x]", true: "[a4@x]"}[followed])
	}
	if found, err := look("", "tables"); err != nil || found.Total != 2 { // the one of which the index has not heard is counted
		t.Errorf("%d, %v", found.Total, err)
	}
}

func TestPagesOfASearch(t *testing.T) {
	s, look := searched(t, func(l *list.List) { l.Archive = list.ArchivePublic })
	for i := range 23 {
		s.now = s.now.Add(time.Minute)
		s.put(t, append(mail("dede@example.org", fmt.Sprintf("p%d@x", i), "Tables"), "Once more <b>tables</b>\r\n> quoted tables\r\n"...))
	}
	one, err := look("", "tables sort:date")
	two, err2 := s.SearchPage("", peers, "tables sort:date", 2)
	three, err3 := s.SearchPage("", peers, "tables sort:date", 3)
	if err := errors.Join(err, err2, err3); err != nil || one.Total != 23 || len(one.Hits) != 10 || !one.Older || len(two.Hits) != 10 || !two.Older || len(three.Hits) != 3 || three.Older || one.Hits[0].MessageID != "p22@x" || three.Hits[2].MessageID != "p0@x" {
		t.Errorf("%+v\n%+v\n%+v\n%v", one, two, three, err)
	}
	if got := fmt.Sprint(one.Hits[0].Text); got != "[{Hello. Once more <b> false} {tables true} {</b> false}]" {
		t.Errorf("it shows %s", got)
	}
	for _, page := range []int{-1, 0, 101, 1 << 30} {
		if _, err := s.SearchPage("", peers, "tables", page); !errors.Is(err, list.ErrNotFound) {
			t.Errorf("page %d: %v", page, err)
		}
	}
	s.Finder = nil
	if off, err := s.SearchPage("", peers, "tables", 1); err != nil || !off.Off {
		t.Errorf("without an index: %+v, %v", off, err)
	}
	s.Finder = broken{}
	if off, err := s.SearchPage("", peers, "tables", 1); err != nil || !off.Off {
		t.Errorf("with a damaged one: %+v, %v", off, err)
	}
}

// broken is an index that cannot be read.
type broken struct{}

func (broken) Find(uint32, list.Quest) (list.Found, error) {
	return list.Found{}, errors.New("damaged")
}

func TestSearchingByMail(t *testing.T) {
	s, look := searched(t, nil)
	for i := range 12 {
		s.put(t, append(mail("Dede <dede@example.org>", fmt.Sprintf("p%d@x", i), fmt.Sprintf("Tables %d", i)), "We sat at long tables, all of us.\r\n"...))
	}
	if _, err := look("", ""); !errors.Is(err, list.ErrNotFound) {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, from, query string
		archive           list.Archive
		want              []string
		hits              int
	}{
		{"a member", "noor@example.net", "tables sort:date", list.ArchiveMembers, []string{"12 posts were found; these fit best", "12: Tables 11, Dede, 2026-03-02", "long tables, all of us", "https://lists.example.org/m/p11%40x"}, 10},
		{"what is not there", "noor@example.net", "chairs", list.ArchiveMembers, []string{"Nothing was found"}, 0},
		{"a list that has none", "noor@example.net", "tables", list.ArchiveNone, []string{"no archive"}, 0},
		{"a stranger", "stranger@example.com", "tables", list.ArchiveMembers, []string{"stranger@example.com is not on the list."}, 0},
		{"a stranger, where all may read", "stranger@example.com", "tables", list.ArchivePublic, []string{"12 posts were found"}, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.open(t, func(l *list.List) { l.Archive = c.archive })
			s.now = s.now.Add(2 * time.Hour)
			text := did(s.obeyed(t, c.from, "request", "", "search "+c.query, sure))
			for _, want := range c.want {
				if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
			if got := strings.Count(text, "/m/p"); got != c.hits {
				t.Errorf("%d posts:\n%s", got, text)
			}
		})
	}
}
