package list_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// kept is the sum of what secrets that are owed or sent for confirmations keep.
func (s *site) kept(t *testing.T) (questions, octets int) {
	t.Helper()
	err := s.db.View(func(r list.Reader) error {
		return r.Notes(func(n list.Note) error {
			if n.Secret != nil {
				questions, octets = questions+1, octets+len(n.Secret.Data)
				for _, v := range n.Values {
					octets += len(v)
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return questions, octets
}

// TestAClaimKeepsLittle: whatever a mail says that nothing proves.
func TestAClaimKeepsLittle(t *testing.T) {
	long := strings.Repeat("x y ", 5000)
	for name, c := range map[string]struct{ body, subject string }{
		"a long name":            {"set name " + long, "Peers: help"},
		"long names":             {strings.Repeat("set name "+long+"\n", 20), "Peers: help"},
		"a long word":            {"set timezone " + strings.ReplaceAll(long, " ", "_"), "Peers: help"},
		"many commands":          {lines(25, "set name %d"+strings.Repeat("n", 190)), "Peers: help"},
		"a name that is cut":     {"set name " + strings.Repeat("n", 300), "Peers: was this you?"},
		"a long one and another": {"set own off\nset name " + long, "Peers: was this you?"},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			if r, err := s.command(zoe, "request", "", c.body, unsure); err != nil || r.Action != "command" {
				t.Fatalf("%+v, %v", r, err)
			}
			if questions, octets := s.kept(t); octets > 1000 || (questions > 0) != (c.subject == "Peers: was this you?") {
				t.Errorf("%d questions keep %d octets", questions, octets)
			}
			if all := s.notices(t); len(all) != 1 || all[0].msg.Subject() != c.subject {
				t.Errorf("told %s", told(all))
			}
		})
	}
	s := joinable(t, list.JoinConfirm, nil)
	if n := s.obeyed(t, zoe, "request", "", "subscribe\n"+lines(24, "set name %d"+strings.Repeat("n", 190)), sure); !strings.Contains(n.raw, "too much for one mail") {
		t.Errorf("one that is proven is told\n%s", n.raw)
	}
}

func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i)
	}
	return b.String()
}

// TestWhoIsProvenIsNotKeptFromBeingAsked by mails that others forge in their name.
func TestWhoIsProvenIsNotKeptFromBeingAsked(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	for range 4 {
		if _, err := s.command(zoe, "unsubscribe", "", "", unsure); err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(11 * time.Minute)
	}
	if all := s.notices(t); len(all) != 3 {
		t.Fatalf("told %s", told(all))
	}
	asked := s.obeyed(t, zoe, "subscribe", "", "", sure)
	if asked.msg.Subject() != "Peers: was this you?" {
		t.Errorf("told %s", asked.msg.Subject())
	}
	s.now = s.now.Add(5 * time.Minute)
	if n := s.obeyed(t, zoe, "subscribe", "", "", sure); did(n) != "subscribe\n  We asked you about that on Monday, 2 March 2026, 09:44 (UTC). Please\n  answer that mail; if you cannot find it, ask again tomorrow." {
		t.Errorf("asked again too soon:\n%s", n.raw)
	}
	if all := s.obeyedBy(t, amina, "invite dede@example.org\ninvite Dede@example.org", 2); !strings.Contains(unfolded(all[0]), "gets an invitation") || !strings.Contains(unfolded(all[0]), "had enough") {
		t.Errorf("invited: %s", did(all[0]))
	}
}

// TestAFurtherAddressThatWasAskedEnough: whoever asks for it hears that it was not asked.
func TestAFurtherAddressThatWasAskedEnough(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	if n := s.obeyedBy(t, dede, "also d@work.example\nalso D@work.example", 2)[1]; strings.Count(did(n), "We asked") != 1 || strings.Count(did(n), "We did not ask") != 1 {
		t.Error(did(n))
	}
}

// TestAnOwnersCommandsDoNotWaitForTheirOwnJoin: what needs no yes is done at once.
func TestAnOwnersCommandsDoNotWaitForTheirOwnJoin(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	if _, err := s.command(amina, "request", "", "subscribe\nadd bob@example.net Bob\nset own off", sure); err != nil {
		t.Fatal(err)
	}
	all := s.notices(t)
	if told(all) != amina+": Peers: was this you?; "+amina+": Peers: your mail; bob@example.net: Welcome to Peers" || !s.isMember(t, "bob@example.net") {
		t.Fatalf("told %s", told(all))
	}
	if want := "subscribe\n  You will get a question about it in another mail.\nadd bob@example.net Bob\n  bob@example.net is on the list now, and gets a welcome."; did(all[1]) != want {
		t.Errorf("%s\nwant\n%s", did(all[1]), want)
	}
	if strings.Contains(all[0].raw, "bob") {
		t.Errorf("asked\n%s", all[0].raw)
	}
	if _, err := s.reply(all[0], amina, "", sure); err != nil || s.the(t, amina).Own != list.ChooseNo {
		t.Errorf("%v", err)
	}
	// Somebody else's are answered.
	if _, err := s.command(zoe, "request", "", "subscribe\nadd eve@example.net", sure); err != nil || s.isMember(t, "eve@example.net") {
		t.Errorf("%v", err)
	}
}

// TestTheNameOfWhoJoins: it is kept if it is theirs, and not shown before.
func TestTheNameOfWhoJoins(t *testing.T) {
	for name, c := range map[string]struct {
		auth auth
		want string
	}{"proven": {sure, "Zoe Okafor"}, "claimed": {unsure, ""}} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			to := "peers+subscribe@lists.example.org"
			if _, err := s.take(zoe, to, "From: Zoe Okafor <"+zoe+">\nTo: "+to+"\nMessage-ID: <a@m>\n\n\n", c.auth); err != nil {
				t.Fatal(err)
			}
			all := s.notices(t)
			if len(all) != 1 || strings.Contains(all[0].raw, "Okafor") {
				t.Fatalf("told %s", told(all))
			}
			if _, err := s.reply(all[0], zoe, "", unsure); err != nil || s.the(t, zoe).Name != c.want {
				t.Errorf("%q, %v", s.the(t, zoe).Name, err)
			}
		})
	}
}

// TestADetailOfAnAddressIsNoAddressOfItsOwn: what stands behind a plus most likely reaches the same mailbox.
func TestADetailOfAnAddressIsNoAddressOfItsOwn(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	for i := range 20 {
		if _, err := s.command(fmt.Sprintf("victim+%d@example.net", i), "subscribe", "", "", unsure); err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(11 * time.Minute)
	}
	if all := s.notices(t); len(all) != 3 {
		t.Errorf("told %s", told(all))
	}
	if n := s.obeyed(t, "+odd@example.net", "subscribe", "", "", unsure); n.to != "+odd@example.net" {
		t.Errorf("told %s", n.to)
	}
}

// TestAClockThatWasAheadKeepsNobodyFromBeingAsked: what it wrote down does not count.
func TestAClockThatWasAheadKeepsNobodyFromBeingAsked(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.now = s.now.AddDate(1, 0, 0)
	for range 3 {
		if _, err := s.command(zoe, "subscribe", "", "", unsure); err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(time.Hour)
	}
	s.notices(t)
	s.now = s.now.AddDate(-1, 0, 0)
	if n := s.obeyed(t, zoe, "subscribe", "", "", unsure); n.msg.Subject() != "Peers: was this you?" {
		t.Errorf("told %s", n.msg.Subject())
	}
	if _, err := s.command(zoe, "subscribe", "", "", unsure); err != nil || len(s.notices(t)) != 0 {
		t.Errorf("asked twice at once, or %v", err)
	}
}

// TestAnAnsweredQuestionKeepsNobodyFromTheNext: who has just joined and wants to leave again is asked about that, and not met by silence.
func TestAnAnsweredQuestionKeepsNobodyFromTheNext(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	for i, word := range []string{"subscribe", "unsubscribe", "subscribe", "unsubscribe", "subscribe"} {
		n := s.obeyed(t, zoe, word, "", "", unsure)
		if n.msg.Subject() != "Peers: was this you?" {
			t.Fatalf("%d: told %s", i, n.msg.Subject())
		}
		if _, err := s.Confirm(tokenIn(n), "page"); err != nil {
			t.Fatal(err)
		}
		s.notices(t)
		s.now = s.now.Add(time.Minute)
	}
	if !s.isMember(t, zoe) {
		t.Error("not a member")
	}
}
