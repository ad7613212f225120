package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
)

// contains fails where a text, however its lines end, lacks one of these, or has one of those.
func contains(t *testing.T, what, text string, want []string, not ...string) {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, text)
		}
	}
	for _, n := range not {
		if strings.Contains(text, n) {
			t.Errorf("%s has %q:\n%s", what, n, text)
		}
	}
}

// count fails where not so many mails of a kind went to somebody.
func (s *stage) count(to, kind string, want int) {
	s.t.Helper()
	if got := len(s.mails(to, kind)); got != want {
		s.t.Errorf("%d %s to %q, not %d:\n%s", got, kind, to, want, s.outline())
	}
}

// change changes a member.
func (s *stage) change(address string, f func(*list.Member)) {
	s.t.Helper()
	err := s.Store.Update(func(tx list.Tx) error {
		rec, err := tx.List(stageList)
		if err != nil {
			return err
		}
		m, err := tx.Member(rec.ID, address)
		if err != nil {
			return err
		}
		f(&m)
		_, err = tx.PutMember(m)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// lastPost is how many posts members wrote in the discussion, and when the last was.
func (s *stage) lastPost() (n int, last time.Time) {
	s.t.Helper()
	err := s.Store.View(func(r list.Reader) error {
		a, err := s.editor.find(r, s.discussion.ID)
		if err != nil {
			return err
		}
		all, err := a.find(r)
		if err != nil {
			return err
		}
		for i := range all {
			if all[i].post.Planned == "" {
				n++
			}
		}
		last, err = a.lastPost(r)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n, last
}
