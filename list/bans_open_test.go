package list_test

import (
	"strings"
	"testing"

	"convene/list"
)

// TestABanEndsWhatWouldLetSomebodyIn: between a question and its answer, in every way of entering.
func TestABanEndsWhatWouldLetSomebodyIn(t *testing.T) {
	ask := map[string]func(*testing.T, *site) note{
		"a question after a claim": func(t *testing.T, s *site) note { return s.obeyed(t, zoe, "subscribe", "", "", unsure) },
		"an invitation":            func(t *testing.T, s *site) note { return s.obeyedBy(t, amina, "invite "+zoe+" Zoë", 2)[1] },
		"a request": func(t *testing.T, s *site) note {
			if _, err := s.reply(s.obeyed(t, zoe, "subscribe", "", "", sure), zoe, "", sure); err != nil {
				t.Fatal(err)
			}
			return s.notices(t)[0]
		},
		"a further address": func(t *testing.T, s *site) note {
			s.members(t, dede)
			if _, err := s.command(dede, "request", "", "also "+zoe, sure); err != nil {
				t.Fatal(err)
			}
			return s.notices(t)[1]
		},
	}
	for name, c := range map[string]struct {
		how    string
		policy list.Join
	}{
		"joining an open list":     {"a question after a claim", list.JoinOpen},
		"joining by confirming":    {"a question after a claim", list.JoinConfirm},
		"an invitation to one":     {"an invitation", list.JoinInvite},
		"an approval":              {"a request", list.JoinApprove},
		"another's second address": {"a further address", list.JoinConfirm},
	} {
		for scope, pattern := range map[string]string{"peers@lists.example.org": zoe, "": "*@example.net"} {
			t.Run(name+" and a ban on "+pattern, func(t *testing.T) {
				s := joinable(t, c.policy, nil)
				asked := ask[c.how](t, s)
				if err := s.Ban(scope, pattern, "admin"); err != nil {
					t.Fatal(err)
				}
				if _, err := s.reply(asked, asked.to, "yes", sure); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Member("peers@lists.example.org", zoe); err == nil {
					t.Error("a member")
				}
				all := s.notices(t)
				if len(all) != 1 || all[0].to != asked.to || !strings.Contains(all[0].raw, "may not join") && !strings.Contains(all[0].raw, "banning its author") {
					t.Errorf("told %s", told(all))
				}
				if s.obeyedBy(t, amina, "add "+zoe, 2); !s.isMember(t, zoe) {
					t.Error("an owner may add them")
				}
			})
		}
	}
}

// TestABanEndsAnInvitationForGood: the ban is lifted, and still nobody may come in on what was asked before.
func TestABanEndsAnInvitationForGood(t *testing.T) {
	s := joinable(t, list.JoinInvite, nil)
	asked := s.obeyedBy(t, amina, "invite "+zoe, 2)[1]
	other := s.obeyedBy(t, amina, "invite dede@example.org", 2)
	if err := s.Ban("peers@lists.example.org", zoe, "admin"); err != nil {
		t.Fatal(err)
	}
	if err := s.Unban("peers@lists.example.org", zoe); err != nil {
		t.Fatal(err)
	}
	for _, n := range append(other, asked) {
		if n.answerTo() == "" {
			continue
		}
		if _, err := s.reply(n, n.to, "", sure); err != nil {
			t.Fatal(err)
		}
	}
	if s.isMember(t, zoe) || !s.isMember(t, "dede@example.org") {
		t.Error("the wrong one came in")
	}
}

// TestAnApprovalThatComesTooLate: of a list that is closed meanwhile, and of somebody who is on it by another way.
func TestAnApprovalThatComesTooLate(t *testing.T) {
	requested := func() (*site, []note) {
		s := joinable(t, list.JoinApprove, nil)
		if _, err := s.reply(s.obeyed(t, zoe, "subscribe", "", "", sure), zoe, "", sure); err != nil {
			t.Fatal(err)
		}
		return s, s.notices(t)
	}
	s, asked := requested()
	if err := s.CloseList("peers@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.reply(asked[0], amina, "approve", sure); err != nil || s.isMember(t, zoe) {
		t.Errorf("a member of a closed list, or %v", err)
	}
	if all := s.notices(t); len(all) != 1 || !strings.Contains(unfolded(all[0]), "the list is closed, and nobody can join it") || s.waits(t) != 1 {
		t.Errorf("told %s", told(all))
	}

	s, asked = requested()
	s.obeyedBy(t, amina, "add "+zoe, 2)
	if _, err := s.reply(asked[1], luis, "reject Go away", sure); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); len(all) != 1 || all[0].to != luis || !strings.Contains(unfolded(all[0]), amina+" approved \"<"+zoe+"> wants to join\"") {
		t.Errorf("told %s", told(all))
	}
}
