package list_test

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

func TestRuleLines(t *testing.T) {
	for name, c := range map[string]struct {
		text, posts, rest string
		waits             int
	}{
		"all at once":                             {"approve all", "a,b,c", "", 0},
		"each line by itself":                     {"approve 1\nreject 2 off topic", "a", "", 1},
		"in French, with a number that is none":   {"approuver 1 3\nrejeter 9", "a,c", "rejeter 9", 1},
		"a text cannot be given":                  {"edit 1", "", "edit 1", 3},
		"two lines that say two things of one":    {"discard 2\napprove 2", "", "", 2},
		"words that are none, and no numbers":     {"good morning\n\nyes", "", "good morning|yes", 3},
		"all but one":                             {"approve all but 2", "", "approve all but 2", 3},
		"numbers alone do nothing":                {"1 2", "", "1 2", 3},
		"a line that takes itself back":           {"approve 1 no wait, discard 1", "", "approve 1 no wait, discard 1", 3},
		"who is approved and is trusted from now": {"trust 3", "c", "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(l *list.List) { l.HoldAll = true })
			s.members(t, "dede@example.org")
			for _, subject := range []string{"a", "b", "c"} {
				s.hold(t, "dede@example.org", subject, nil)
			}
			rows, err := s.HeldPosts("")
			if err != nil {
				t.Fatal(err)
			}
			var ids []uint64
			for _, r := range rows {
				ids = append(ids, r.ID)
			}
			done, rest, err := s.RuleLines(c.text, ids, message.Mailbox{Addr: "luis@example.org", Name: "Luis"})
			if err != nil || strings.Join(rest, "|") != c.rest {
				t.Errorf("the rest is %q (%v)", rest, err)
			}
			if got := s.posts(t); got != c.posts || s.waits(t) != c.waits {
				t.Errorf("sent were %q, and %d wait", got, s.waits(t))
			}
			for _, r := range done {
				if r.By != "luis@example.org" || r.ByName != "Luis" {
					t.Errorf("decided by %s", fmt.Sprint(r))
				}
			}
		})
	}
}
