package list_test

import (
	"strings"
	"testing"

	"convene/list"
)

// TestWhatNothingProvesTrustsNobody: a post in a member's name that may be anybody's.
func TestWhatNothingProvesTrustsNobody(t *testing.T) {
	for name, c := range map[string]struct {
		auth    auth
		trusted bool
		told    string
	}{
		"proven":     {sure, true, ""},
		"not proven": {unsure, false, "so nobody is trusted because of it"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(l *list.List) {
				l.Posting, l.Moderators, l.Language = list.PostModerated, []string{amina, luis}, "en"
			})
			if err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: dede}}); err != nil {
				t.Fatal(err)
			}
			asked := s.hold(t, dede, "One", c.auth)
			if trust := strings.Contains(unfolded(asked[0]), "let this member's further posts through"); trust != c.trusted {
				t.Errorf("asked by\n%s", asked[0].raw)
			}
			if _, err := s.reply(asked[0], amina, "trust", sure); err != nil {
				t.Fatal(err)
			}
			if m := s.the(t, dede); s.posts(t) != "One" || m.Trusted != c.trusted || (s.ruling(t, 1).What == list.RuledTrusted) != c.trusted {
				t.Errorf("posts %q, %+v, ruled %+v", s.posts(t), m, s.ruling(t, 1))
			}
			for _, n := range s.notices(t) {
				if n.to == amina && (c.told == "" || !strings.Contains(unfolded(n), c.told)) || n.to == luis && !c.trusted && strings.Contains(n.raw, "trusting") {
					t.Errorf("%s is told\n%s", n.to, n.raw)
				} else if n.to == amina {
					c.told = ""
				}
			}
			if c.told != "" {
				t.Error("amina is not told")
			}
		})
	}
}

// TestAMemberIsBannedForWhatNothingProvesOnlyWhenAskedTwice, from a notice about the post and from one that lists it.
func TestAMemberIsBannedForWhatNothingProvesOnlyWhenAskedTwice(t *testing.T) {
	bans := func(s *site) int {
		rows, err := s.Bans("peers@lists.example.org")
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	for name, listed := range map[string]bool{"one": false, "of several": true} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, func(l *list.List) { l.Posting, l.Moderators = list.PostModerated, []string{amina} })
			asked, answer := s.hold(t, dede, "One", unsure)[0], "ban"
			if !strings.Contains(unfolded(asked), "if it is a member's, we ask you once more") {
				t.Errorf("asked by\n%s", asked.raw)
			}
			if listed {
				all, _ := s.until(t, s.now.AddDate(0, 0, 1))
				asked, answer = all[0], "ban 1"
			}
			if _, err := s.reply(asked, amina, answer, sure); err != nil || bans(s) != 0 || s.waits(t) != 1 {
				t.Fatalf("%d bans, %d wait, %v", bans(s), s.waits(t), err)
			}
			again := s.notices(t)
			if len(again) != 1 || again[0].to != amina || !strings.Contains(unfolded(again[0]), "still waits") || !strings.Contains(unfolded(again[0]), "anybody can write in their name") {
				t.Fatalf("told %s", told(again))
			}
			if _, err := s.reply(again[0], amina, "ban", sure); err != nil || bans(s) != 1 || s.waits(t) != 0 {
				t.Errorf("asked twice: %d bans, %d wait, %v", bans(s), s.waits(t), err)
			}
		})
	}
	s := moderated(t, func(l *list.List) { l.Posting = list.PostModerated })
	if _, err := s.reply(s.hold(t, dede, "One", sure)[0], amina, "ban", sure); err != nil || bans(s) != 1 {
		t.Errorf("what is proven: %d bans, %v", bans(s), err)
	}
	s = moderated(t, nil)
	if _, err := s.reply(s.hold(t, "x@example.net", "One", unsure)[0], amina, "ban", sure); err != nil || bans(s) != 1 {
		t.Errorf("a stranger's: %d bans, %v", bans(s), err)
	}
}
