package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// TestWhoHasLeftCanComeBack for three days, as they were, whichever of their addresses they left from.
func TestWhoHasLeftCanComeBack(t *testing.T) {
	for name, from := range map[string]string{"the main address": dede, "a further address": "d2@example.net"} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: dede, Name: "Dede", Others: []string{"d2@example.net"}, Mode: list.ModeNoMail, Timezone: "Africa/Nairobi", Trusted: true}})
			if err != nil {
				t.Fatal(err)
			}
			before := s.the(t, dede)
			bye := s.obeyed(t, from, "unsubscribe", "", "", sure)
			if bye.to != dede || bye.msg.Subject() != "You have left Peers" || s.isMember(t, dede) || !strings.Contains(unfolded(bye), "reply to this mail within three days") {
				t.Fatalf("told %s:\n%s", told([]note{bye}), bye.raw)
			}
			page, err := s.Confirming(tokenIn(bye))
			if err != nil || page.Question != "Come back to Peers?" {
				t.Errorf("%+v, %v", page, err)
			}
			s.now = s.now.Add(71 * time.Hour)
			if _, err := s.reply(bye, dede, "", unsure); err != nil {
				t.Fatal(err)
			}
			after := s.the(t, dede)
			if after.Number == before.Number {
				t.Error("the old number was given again")
			}
			after.Number = before.Number
			if fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("%+v, and was %+v", after, before)
			}
			all := s.notices(t)
			if told(all) != dede+": Peers: your settings" || !strings.Contains(unfolded(all[0]), "You are on the list again, with the settings that you had.") {
				t.Errorf("told %s", told(all))
			}
			if _, err := s.reply(bye, dede, "", unsure); err != nil {
				t.Fatal(err)
			}
			if err := s.RemoveMembers("peers@lists.example.org", []string{dede}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.reply(bye, dede, "", unsure); err != nil || s.isMember(t, dede) {
				t.Errorf("came back twice: %v", err)
			}
		})
	}
}

// TestWhoCannotComeBack: it is too late, they are banned, somebody else has their address, or they are there.
func TestWhoCannotComeBack(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*site) error
		why    list.Reason
		member bool
		others int
		told   string
	}{
		"after three days": {func(s *site) error { s.now = s.now.Add(72 * time.Hour); return nil }, list.NoSuchAddress, false, 0, ""},
		"banned":           {func(s *site) error { return s.Ban("peers@lists.example.org", dede, "admin") }, "", false, 0, "may not join"},
		"closed":           {func(s *site) error { return s.CloseList("peers@lists.example.org") }, "", false, 0, "Nobody joins this list"},
		"there already":    {func(s *site) error { return s.AddMembers("peers@lists.example.org", []list.Member{{Address: dede}}) }, "", true, 0, "You are on the list already."},
		"the further address is another's": {func(s *site) error {
			return s.AddMembers("peers@lists.example.org", []list.Member{{Address: "d2@example.net"}})
		}, "", true, 1,
			"You are on the list again"},
		"a no": {func(*site) error { return nil }, "", false, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: dede, Others: []string{"d2@example.net", "d3@example.net"}}})
			if err != nil {
				t.Fatal(err)
			}
			bye := s.obeyed(t, dede, "unsubscribe", "", "", sure)
			if err := c.change(s); err != nil {
				t.Fatal(err)
			}
			answer := "yes"
			if name == "a no" {
				answer = "no"
			}
			if _, err := s.reply(bye, dede, answer, unsure); reason(err) != c.why || err != nil && c.why == "" {
				t.Fatalf("%v", err)
			}
			m, err := s.Member("peers@lists.example.org", dede)
			if (err == nil) != c.member || len(m.Others) != c.others {
				t.Errorf("%+v, %v", m, err)
			}
			if all := s.notices(t); c.told != "" && (len(all) != 1 || !strings.Contains(unfolded(all[0]), c.told)) {
				t.Errorf("told %s", told(all))
			}
		})
	}
}

// TestNobodyHasMoreFurtherAddressesThanMay, however many questions were asked before the first was answered.
func TestNobodyHasMoreFurtherAddressesThanMay(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	if _, err := s.command(dede, "request", "", lines(9, "also d%d@example.net"), sure); err != nil {
		t.Fatal(err)
	}
	var last string
	for _, n := range s.notices(t) {
		if n.to == dede {
			continue
		}
		if _, err := s.reply(n, n.to, "", sure); err != nil {
			t.Fatal(err)
		}
		for _, n := range s.notices(t) {
			last = unfolded(n)
		}
	}
	if m := s.the(t, dede); len(m.Others) != 5 || !strings.Contains(last, "as many further addresses as we allow") {
		t.Errorf("%q; told %s", m.Others, last)
	}
}
