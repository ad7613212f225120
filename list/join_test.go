package list_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// joinable is a site whose list people may join in some way.
func joinable(t *testing.T, policy list.Join, change func(*list.List)) *site {
	return newSite(t, func(l *list.List) {
		l.Join, l.Language, l.Moderators = policy, "en", []string{amina, luis}
		if change != nil {
			change(l)
		}
	})
}

// unsure is what is known of a sender when DNS says nothing either way.
func unsure(context.Context, *message.Message) list.Authentication {
	return list.Authentication{DMARC: list.None, SPF: list.None, DKIM: list.None}
}

// command mails to an address of the list.
func (s *site) command(from, word, subject, body string, auth auth) (list.Receipt, error) {
	to := "peers+" + word + "@lists.example.org"
	if word == "request" {
		to = "peers-request@lists.example.org"
	}
	return s.take(from, to, "From: "+from+"\nTo: "+to+"\nSubject: "+subject+"\nMessage-ID: <"+s.id()+"@m>\n\n"+body+"\n", auth)
}

// obeyed mails commands and returns the one answer to them.
func (s *site) obeyed(t *testing.T, from, word, subject, body string, auth auth) note {
	t.Helper()
	if r, err := s.command(from, word, subject, body, auth); err != nil || r.Action != "command" {
		t.Fatalf("%+v, %v", r, err)
	}
	all := s.notices(t)
	if len(all) != 1 {
		t.Fatalf("not one answer, but %s", told(all))
	}
	return all[0]
}

const zoe = "zoe@example.net"

func TestJoining(t *testing.T) {
	for name, c := range map[string]struct {
		policy list.Join
		auth   auth
		asked  string // the subject of what zoe gets first; empty: nothing
		joins  bool   // at once
	}{
		"open and authenticated":    {list.JoinOpen, sure, "Welcome to Peers", true},
		"open and not":              {list.JoinOpen, unsure, "Peers: was this you?", false},
		"open and nobody can tell":  {list.JoinOpen, nil, "Peers: was this you?", false},
		"confirm and authenticated": {list.JoinConfirm, sure, "Peers: was this you?", false},
		"confirm and not":           {list.JoinConfirm, unsure, "Peers: was this you?", false},
		"approve and authenticated": {list.JoinApprove, sure, "Peers: was this you?", false},
		"invite and authenticated":  {list.JoinInvite, sure, "Peers: your mail", false},
		"invite and not":            {list.JoinInvite, unsure, "Peers: was this you?", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, c.policy, nil)
			n := s.obeyed(t, zoe, "subscribe", "hello", "Please!", c.auth)
			if n.to != zoe || n.msg.Subject() != c.asked {
				t.Errorf("%s", told([]note{n}))
			}
			if got := s.isMember(t, zoe); got != c.joins {
				t.Errorf("a member: %v", got)
			}
			if !c.joins && strings.Contains(n.raw, "Please!") {
				t.Errorf("what the sender wrote stands in\n%s", n.raw)
			}
		})
	}
}

func TestAForgedRequestIsRefusedAndNobodyHearsOfIt(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	if _, err := s.command(zoe, "subscribe", "", "", forged); reason(err) != list.ForgedSender {
		t.Errorf("refused with %v", err)
	}
	if all := s.notices(t); len(all) != 0 || s.isMember(t, zoe) {
		t.Errorf("told %s", told(all))
	}
}

func TestAClosedListIsRefusedInTheDialogue(t *testing.T) {
	s := joinable(t, list.JoinClosed, nil)
	s.members(t, dede)
	if _, err := s.command(zoe, "subscribe", "", "", sure); reason(err) != list.NotAllowed {
		t.Errorf("by the address: %v", err)
	}
	var texts []string
	for _, from := range []string{zoe, dede} { // neither a member nor a stranger can be told by a claim
		_, err := s.command(from, "request", "subscribe", "", unsure)
		if reason(err) != list.NotAllowed {
			t.Errorf("by a command: %v", err)
		}
		texts = append(texts, fmt.Sprint(err))
	}
	if texts[0] != texts[1] {
		t.Errorf("%q", texts)
	}
	if all := s.notices(t); len(all) != 0 {
		t.Errorf("told %s", told(all))
	}
}

func TestAConfirmationCountsOnce(t *testing.T) {
	s := joinable(t, list.JoinConfirm, func(l *list.List) {
		l.Charter = list.Charter{Domain: "Learning at a distance", Values: []string{"candour", "patience"}}
	})
	asked := s.obeyed(t, zoe, "subscribe", "", "", unsure)
	if r, err := s.take(zoe, asked.answerTo(), "From: "+zoe+"\nTo: "+asked.answerTo()+"\nAuto-Submitted: auto-replied\nSubject: Re: away\n\nI am away.\n", sure); err != nil || r.Action != "discard" {
		t.Errorf("a vacation notice: %+v, %v", r, err)
	}
	if s.isMember(t, zoe) {
		t.Fatal("a vacation notice has confirmed")
	}
	// Whoever the mail comes from: what counts is the address that the question went to.
	if _, err := s.reply(asked, "zoe@phone.example", "", unsure); err != nil {
		t.Fatal(err)
	}
	all := s.notices(t)
	if told(all) != zoe+": Welcome to Peers" || !s.isMember(t, zoe) || s.isMember(t, "zoe@phone.example") {
		t.Fatalf("told %s", told(all))
	}
	for _, want := range []string{"Learning at a distance", "- patience", "peers+unsubscribe@lists.example.org", "- mail: every post"} {
		if !strings.Contains(all[0].raw, want) {
			t.Errorf("the welcome lacks %q:\n%s", want, all[0].raw)
		}
	}
	if err := s.RemoveMembers("peers@lists.example.org", []string{zoe}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.reply(asked, zoe, "yes", sure); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); s.isMember(t, zoe) || len(all) != 1 || !strings.Contains(all[0].raw, "You are on the list.") {
		t.Errorf("a second click joined again, or told %s", told(all))
	}
}

func TestAConfirmationIsForgottenAfterThreeDays(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	asked := s.obeyed(t, zoe, "subscribe", "", "", unsure)
	s.now = s.now.Add(72 * time.Hour)
	if _, err := s.reply(asked, zoe, "", sure); reason(err) != list.NoSuchAddress || s.isMember(t, zoe) {
		t.Errorf("after three days: %v", err)
	}
}

// TestBombing is a thousand requests in the name of one victim, over a hundred lists and days of the clock that do not pass.
func TestBombing(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	var lists []*list.List
	for i := range 100 {
		l := *s.Site().Lists[0]
		l.Address = fmt.Sprintf("list%d@lists.example.org", i)
		lists = append(lists, &l)
	}
	err := s.Configure(list.NewSite(list.Site{Hostname: "mx.example.org", Admin: "admin@example.org", Limits: s.Site().Limits, Lists: lists}))
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"+subscribe", "+unsubscribe", "+help", "-request", "+settings"}
	var all []note
	for i := range 1000 {
		to := fmt.Sprintf("list%d%s@lists.example.org", i%100, words[i/100%len(words)])
		raw := fmt.Sprintf("From: \"BUY PILLS\" <%s>\nReply-To: other@victim.example\nTo: %s\nSubject: set name BUY PILLS\nMessage-ID: <%d@m>\n\nsubscribe\nBUY PILLS\n", zoe, to, i)
		target, err := s.Route(to)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Receive(t.Context(), &list.Incoming{Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n")), Targets: []list.Target{target}, Auth: unsure,
			Envelope: list.Envelope{ID: s.id(), From: fmt.Sprintf("a%d@source%d.example", i, i), IP: fmt.Sprintf("10.%d.%d.1", i/250, i%250), Received: s.now}})
		if err != nil || r.Action != "command" {
			t.Fatalf("%s: %+v, %v", to, r, err)
		}
		s.now = s.now.Add(time.Minute) // 17 hours in all
		if i%100 == 99 {
			all = append(all, s.notices(t)...)
		}
	}
	if len(all) != 3 {
		t.Errorf("%d mails: %s", len(all), told(all))
	}
	for _, n := range all {
		if n.to != zoe || n.msg.Count("List-Id") != 1 || strings.Contains(n.raw, "PILLS") || n.msg.Get("Return-Path") != "" {
			t.Errorf("to %s:\n%s", n.to, n.raw)
		}
	}
}

func TestNobodyLearnsWhoIsAMember(t *testing.T) {
	s := joinable(t, list.JoinConfirm, nil)
	s.members(t, dede)
	for _, word := range []string{"subscribe", "unsubscribe", "settings", "nomail", "pause"} {
		s.now = s.now.Add(24 * time.Hour)
		in := s.obeyed(t, dede, word, "", "", unsure)
		out := s.obeyed(t, zoe, word, "", "", unsure)
		if _, a, _ := strings.Cut(in.raw, "\r\n\r\n"); true {
			_, b, _ := strings.Cut(out.raw, "\r\n\r\n")
			same := func(body, who string) string {
				return tokens.ReplaceAllString(strings.ReplaceAll(body, who, "SOMEBODY"), "${1}TOKEN")
			}
			if same(a, dede) != same(b, zoe) {
				t.Errorf("+%s tells a member\n%sand a stranger\n%s", word, a, b)
			}
		}
	}
}

func TestLeaving(t *testing.T) {
	for name, c := range map[string]struct {
		word, subject string
		auth          auth
		want          string
		left          bool
	}{
		"by the address":           {"unsubscribe", "", sure, dede + ": You have left Peers", true},
		"by a command":             {"request", "Re: Unsubscribe", sure, dede + ": You have left Peers", true},
		"in somebody's name":       {"unsubscribe", "", unsure, dede + ": Peers: was this you?", false},
		"a command in their name":  {"request", "unsubscribe", unsure, dede + ": Peers: was this you?", false},
		"a sentence is no command": {"request", "unsubscribe is what I fear", sure, dede + ": Peers: help", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			s.members(t, dede)
			n := s.obeyed(t, dede, c.word, c.subject, "", c.auth)
			if told([]note{n}) != c.want || s.isMember(t, dede) == c.left {
				t.Errorf("told %s; a member: %v", told([]note{n}), s.isMember(t, dede))
			}
		})
	}
}

func TestModeratorsDecideWhoJoins(t *testing.T) {
	for answer, c := range map[string]struct {
		told   string
		joins  bool
		banned bool
	}{
		"approve":                  {luis + ": Re: To decide: <" + zoe + "> wants to join; " + zoe + ": Welcome to Peers", true, false},
		"":                         {luis + ": Re: To decide: <" + zoe + "> wants to join; " + zoe + ": Welcome to Peers", true, false},
		"reject You live too far.": {luis + ": Re: To decide: <" + zoe + "> wants to join; " + zoe + ": You are not on Peers", false, false},
		"discard":                  {luis + ": Re: To decide: <" + zoe + "> wants to join", false, false},
		"ban":                      {luis + ": Re: To decide: <" + zoe + "> wants to join", false, true},
		"who is that?":             {amina + ": Not understood, nothing decided", false, false},
	} {
		t.Run(answer, func(t *testing.T) {
			s := joinable(t, list.JoinApprove, nil)
			asked := s.obeyed(t, zoe, "subscribe", "", "", sure)
			if _, err := s.reply(asked, zoe, "", sure); err != nil {
				t.Fatal(err)
			}
			all := s.notices(t)
			if told(all) != amina+": To decide: <"+zoe+"> wants to join; "+luis+": To decide: <"+zoe+"> wants to join; "+zoe+": Peers: your mail" {
				t.Fatalf("told %s", told(all))
			}
			if _, err := s.reply(all[0], zoe, "approve", sure); reason(err) != list.NotAllowed {
				t.Errorf("somebody else decides: %v", err)
			}
			if r, err := s.reply(all[0], amina, answer, sure); err != nil || r.Action != "decide" {
				t.Fatalf("%+v, %v", r, err)
			}
			after := s.notices(t)
			if told(after) != c.told || s.isMember(t, zoe) != c.joins {
				t.Errorf("told %s, member %v", told(after), s.isMember(t, zoe))
			}
			for _, n := range after {
				if n.to == zoe && strings.HasPrefix(answer, "reject") && !strings.Contains(n.raw, "You live too far.") {
					t.Errorf("the reason is missing:\n%s", n.raw)
				}
			}
			if rows, err := s.Bans("peers@lists.example.org"); err != nil || (len(rows) == 1) != c.banned {
				t.Errorf("bans %v, %v", rows, err)
			}
			if strings.HasPrefix(answer, "who") {
				return
			}
			if _, err := s.reply(all[1], luis, "reject", sure); err != nil {
				t.Fatal(err)
			}
			late := s.notices(t)
			if len(late) != 1 || late[0].to != luis || !strings.Contains(late[0].raw, amina) || s.isMember(t, zoe) != c.joins {
				t.Errorf("a second answer: told %s, member %v", told(late), s.isMember(t, zoe))
			}
		})
	}
}

func TestBannedPeopleDoNotJoin(t *testing.T) {
	s := joinable(t, list.JoinOpen, nil)
	if err := s.Ban("peers@lists.example.org", "*@example.net", "admin"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.command(zoe, "subscribe", "", "", sure); reason(err) != list.BannedSender || s.isMember(t, zoe) {
		t.Errorf("%v", err)
	}
}

func TestInvitations(t *testing.T) {
	s := joinable(t, list.JoinInvite, nil)
	n := s.obeyedBy(t, amina, "invite "+zoe+" Zoë", 2)
	if told(n) != amina+": Peers: your mail; "+zoe+": You are invited to Peers" {
		t.Fatal(told(n))
	}
	if _, err := s.reply(n[1], zoe, "Yes, gladly", unsure); err != nil {
		t.Fatal(err)
	}
	if all := s.notices(t); told(all) != zoe+": Welcome to Peers" || !s.isMember(t, zoe) {
		t.Errorf("told %s", told(all))
	}
	m, err := s.Member("peers@lists.example.org", zoe)
	if err != nil || m.Name != "Zoë" {
		t.Errorf("%+v, %v", m, err)
	}
	// Who was invited may also ask by themselves, as long as the invitation lives.
	for when, want := range map[time.Duration]string{29 * 24 * time.Hour: "Welcome to Peers", 31 * 24 * time.Hour: "Peers: your mail"} {
		who := fmt.Sprintf("x%d@example.net", when)
		s.obeyedBy(t, amina, "invite "+who, 2)
		s.now = s.now.Add(when)
		if n := s.obeyed(t, who, "subscribe", "", "", sure); n.msg.Subject() != want {
			t.Errorf("after %v: %s", when, n.msg.Subject())
		}
	}
}

// obeyedBy mails lines to -request@ and returns all that is told.
func (s *site) obeyedBy(t *testing.T, from, lines string, notes int) []note {
	t.Helper()
	if r, err := s.command(from, "request", "", lines, sure); err != nil || r.Action != "command" {
		t.Fatalf("%+v, %v", r, err)
	}
	all := s.notices(t)
	if len(all) != notes {
		t.Fatalf("told %s", told(all))
	}
	return all
}

func TestImportsTellWhoIsNew(t *testing.T) {
	csv := "address,name,language,mode\n" + dede + ",Dede,,\n" + zoe + ",Zoë,fr,nomail\n"
	for name, c := range map[string]struct {
		o     list.ImportOptions
		told  string
		joins bool
	}{
		"nobody":                      {list.ImportOptions{}, "", true},
		"who is new is welcomed":      {list.ImportOptions{Welcome: true}, zoe + ": Bienvenue à Peers", true},
		"who is new is invited":       {list.ImportOptions{Invite: true}, zoe + ": Invitation à Peers", false},
		"to be counted is no welcome": {list.ImportOptions{Invite: true, Dry: true}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := joinable(t, list.JoinConfirm, nil)
			s.members(t, dede)
			done, err := s.ImportMembers("peers@lists.example.org", strings.NewReader(csv), c.o)
			if err != nil || done.Changed != 1 || done.Added+done.Invited != 1 || (done.Invited == 1) != c.o.Invite {
				t.Fatalf("%+v, %v", done, err)
			}
			all := s.notices(t)
			if told(all) != c.told || s.isMember(t, zoe) != c.joins {
				t.Fatalf("told %s; a member: %v", told(all), s.isMember(t, zoe))
			}
			if !c.o.Invite || c.o.Dry {
				return
			}
			if _, err := s.reply(all[0], zoe, "oui", unsure); err != nil {
				t.Fatal(err)
			}
			if m := s.the(t, zoe); m.Name != "Zoë" || m.Language != "fr" || m.Mode != list.ModeNoMail {
				t.Errorf("%+v", m)
			}
		})
	}
	s := joinable(t, list.JoinClosed, nil)
	if _, err := s.ImportMembers("peers@lists.example.org", strings.NewReader(csv), list.ImportOptions{Invite: true}); err == nil {
		t.Error("invited to a list that nobody can join")
	}
}
