package list_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/store"
)

// sized is a site whose list has so many members, one of them a moderator by the store.
func sized(tb testing.TB, members int) *site {
	tb.Helper()
	db, err := store.Open(tb.TempDir(), store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	s := &site{db: db, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	site := s.config(func(l *list.List) { l.Posting, l.Join = list.PostHoldOthers, list.JoinApprove })
	if s.Engine, err = list.NewEngine(db, site, func() time.Time { return s.now }, s.id, slog.New(slog.DiscardHandler)); err != nil {
		tb.Fatal(err)
	}
	var csv strings.Builder
	csv.WriteString("address,role\n")
	for i := range members {
		role := ""
		if i == members/2 {
			role = "moderator"
		}
		fmt.Fprintf(&csv, "u%d@d%d.example,%s\n", i, i%100, role)
	}
	if _, err := s.ImportMembers("peers@lists.example.org", strings.NewReader(csv.String()), list.ImportOptions{}); err != nil {
		tb.Fatal(err)
	}
	return s
}

// strange hands in a post that will be held.
func (s *site) strange() error {
	s.now = s.now.Add(time.Hour) // so that each hold has its notices
	r, err := s.take("x@example.net", "peers@lists.example.org", "From: x@example.net\nTo: peers@lists.example.org\nSubject: One\nMessage-ID: <"+s.id()+"@x>\n\nHello.\n", sure)
	if err == nil && r.Action != "hold" {
		err = errors.New(r.Action)
	}
	return err
}

// setting hands in a mail with a command of a member.
func (s *site) setting() error {
	s.now = s.now.Add(time.Hour)
	_, err := s.command("u3@d3.example", "request", "", "set own off", sure)
	return err
}

// test asks whether somebody is a member.
func (s *site) test() error {
	return s.db.View(func(r list.Reader) error { _, err := r.Member(1, "u3@d3.example"); return err })
}

// BenchmarkSize has what must not cost more because a list is large: a hold with its notices, a command with its answer, and whether somebody is a member.
func BenchmarkSize(b *testing.B) {
	for _, members := range []int{10, 100_000} {
		s := sized(b, members)
		for _, c := range []struct {
			name string
			do   func() error
		}{{"hold", s.strange}, {"command", s.setting}, {"membership", s.test}} {
			b.Run(fmt.Sprintf("%s/%d-members", c.name, members), func(b *testing.B) {
				for b.Loop() {
					if err := c.do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// unread is a store that lets nobody read all members of a list.
type unread struct{ list.Store }

type unreadReader struct{ list.Reader }

type unreadTx struct{ list.Tx }

var errAllRead = errors.New("every member of the list was read")

func (unreadReader) Members(uint32, func(list.Member) error) error { return errAllRead }
func (unreadTx) Members(uint32, func(list.Member) error) error     { return errAllRead }

func (u unread) View(f func(list.Reader) error) error {
	return u.Store.View(func(r list.Reader) error { return f(unreadReader{r}) })
}

func (u unread) Update(f func(list.Tx) error) error {
	return u.Store.Update(func(tx list.Tx) error { return f(unreadTx{tx}) })
}

func (u unread) Keep(raw []byte, f func(list.Tx, list.Ref) error) error {
	return u.Store.Keep(raw, func(tx list.Tx, ref list.Ref) error { return f(unreadTx{tx}, ref) })
}

// TestNothingReadsEveryMember of what mail may bring about.
func TestNothingReadsEveryMember(t *testing.T) {
	s := sized(t, 10)
	s.Store = unread{s.db}
	if _, err := s.Members("peers@lists.example.org"); !errors.Is(err, errAllRead) {
		t.Fatalf("it is not seen who does: %v", err)
	}
	if err := errors.Join(s.strange(), s.setting()); err != nil {
		t.Fatal(err)
	}
	all := s.notices(t)
	if told(all) != "u3@d3.example: Peers: your settings; u5@d5.example: To decide: One" {
		t.Fatalf("told %s", told(all))
	}
	if _, err := s.reply(all[1], "u5@d5.example", "approve", sure); err != nil {
		t.Errorf("a moderator decides: %v", err)
	}
	if _, err := s.command(zoe, "subscribe", "", "", unsure); err != nil {
		t.Errorf("somebody wants to join: %v", err)
	}
	if _, err := s.reply(s.notices(t)[0], zoe, "", unsure); err != nil {
		t.Errorf("and confirms: %v", err)
	}
	if all := s.notices(t); !strings.Contains(told(all), "u5@d5.example: To decide: <"+zoe+"> wants to join") {
		t.Errorf("told %s", told(all))
	}
	if err := s.strange(); err != nil {
		t.Fatal(err)
	}
	if all, _ := s.until(t, s.now.Add(24*time.Hour)); !strings.Contains(told(all), "u5@d5.example: Peers: 2 posts wait for a moderator") {
		t.Errorf("reminded: %s", told(all))
	}
}
