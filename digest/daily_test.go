package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// idleStage is a stage on which no discussion stirs.
func idleStage(t testing.TB, change func(*setUp)) *stage {
	return newStage(t, func(up *setUp) {
		up.Members, up.Now = 4, "2026-05-04 09:00"
		up.Programme.Digests = map[string]string{stageList: "0 7 * * *"}
		if change != nil {
			change(up)
		}
	})
}

// set changes a member's settings by mail.
func (s *stage) order(from string, lines ...string) {
	s.t.Helper()
	to := "peers-request@lists.example.org"
	if _, err := s.hand(from, to, rawMail("", from, strings.Join(lines, "\n"), "To: "+to, "Message-ID: <order."+s.id()+"@example.org>")); err != nil {
		s.t.Fatal(err)
	}
	s.tick()
}

func (s *stage) memberOf(address string) list.Member {
	s.t.Helper()
	m, err := s.Member(stageList, address)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// issues are the digests that somebody got, each as "time subject: numbers of the posts" by their text.
func (s *stage) issues(to string) (all []string) {
	for _, m := range s.mails(to, list.KindDigest) {
		var posts []string
		for line := range strings.SplitSeq(m.text(), "\n") {
			if subject, ok := strings.CutPrefix(line, "Subject: "); ok {
				posts = append(posts, subject)
			}
		}
		all = append(all, m.At.In(s.zone).Format("02 15:04 ")+m.Subject+": "+strings.Join(posts, ", "))
	}
	return all
}

func (s *stage) gets(to string, want ...string) {
	s.t.Helper()
	if got := s.issues(to); strings.Join(got, "\n") != strings.Join(want, "\n") {
		s.t.Errorf("%s got\n%s\nwant\n%s", to, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDailyDigests: at the list's time and at members' own, each post once, in one issue a day, and nothing where there is nothing.
func TestDailyDigests(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.order(member(2), "set timezone America/La_Paz", "set digest 18:30")
	s.order(member(3), "set digest 7:00")
	s.post(member(4), "One", "First.", "")
	s.advance("2026-05-05 06:59")
	s.post(member(4), "Two", "Second.", "")
	s.advance("2026-05-05 12:00")
	one, two := "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: One, Two", "06 07:00 Peer Learning Digest, Vol 2026, Issue 2: Three"
	s.gets(member(1), one)
	s.gets(member(3), one)
	s.gets(member(2), "05 01:30 Peer Learning Digest, Vol 2026, Issue 1: One")
	s.post(member(4), "Three", "Third.", "")
	s.advance("2026-05-08 12:00") // two days without a post
	s.gets(member(1), one, two)
	s.gets(member(2), "05 01:30 Peer Learning Digest, Vol 2026, Issue 1: One", "06 01:30 Peer Learning Digest, Vol 2026, Issue 2: Two, Three")
	s.post(member(4), "Four", "Fourth.", "")
	s.set(s.clock("2026-05-12 03:00")) // down over three slots
	s.tick()
	s.gets(member(1), one, two, "12 03:00 Peer Learning Digest, Vol 2026, Issue 3: Four")
	s.set(s.clock("2027-01-01 07:30"))
	s.tick()
	s.post(member(4), "Five", "Fifth.", "")
	s.advance("2027-01-03 09:00")
	s.gets(member(3), one, two, "12 03:00 Peer Learning Digest, Vol 2026, Issue 3: Four", "02 07:00 Peer Learning Digest, Vol 2027, Issue 1: Five")
	if n := len(s.mails(member(4), list.KindDigest)); n != 0 {
		t.Errorf("who gets every post got %d digests", n)
	}
}

// TestNoPostIsLeftOutBetweenModes: what came one by one, in digests and in the last digest is every post, and none twice.
func TestNoPostIsLeftOutBetweenModes(t *testing.T) {
	s := idleStage(t, nil)
	write := func(subject string) { s.post(member(4), subject, "Words.", ""); s.tick() }
	write("One")
	s.advance("2026-05-04 10:00")
	s.order(member(1), "set digest")
	write("Two")
	s.advance("2026-05-05 08:00")
	write("Three")
	s.order(member(1), "set digest 12:00")
	write("Four")
	s.advance("2026-05-05 13:00")
	write("Five")
	s.order(member(1), "set each")
	s.tick()
	write("Six")
	s.advance("2026-05-07 13:00")
	s.gets(member(1), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: Two", "05 12:00 Peer Learning Digest, Vol 2026, Issue 1: Three, Four",
		"05 13:00 Peer Learning Digest: the last one: Five")
	var single []string
	for _, m := range s.mails(member(1), "") {
		if m.Out.Post != 0 && !m.Out.Digest {
			single = append(single, m.Subject)
		}
	}
	if got := strings.Join(single, ", "); got != "[peers] One, [peers] Six" {
		t.Errorf("one by one came %s", got)
	}
}

// TestWhatDigestsLeaveOut: muted topics, topics that are not followed, what the schedule sent at once, and what somebody wants no more.
func TestWhatDigestsLeaveOut(t *testing.T) {
	s := idleStage(t, nil)
	for n := 1; n <= 3; n++ {
		s.order(member(n), "set digest")
	}
	bread := s.post(member(4), "Bread", "How?", "")
	s.order(member(2), fmt.Sprintf("mute %d", bread.Topic))
	s.order(member(3), "set follow on")
	s.post(member(1), "Re: Bread", "With milk.", bread.MessageID)
	s.post(member(4), "Salt", "How much?", "")
	s.advance("2026-05-05 08:00")
	name := "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: "
	s.gets(member(1), name+"Bread, Re: Bread, Salt")
	s.gets(member(2), name+"Salt")
	s.gets(member(3), name+"Bread, Salt")
	s.post(member(4), "Re: Bread", "Thank you.", bread.MessageID)
	s.order(member(1), "pause")
	s.order(member(3), "set nomail")
	s.advance("2026-05-06 08:00")
	s.gets(member(1), name+"Bread, Re: Bread, Salt")
	s.gets(member(2), name+"Salt")
	s.post(member(4), "Pepper", "None.", "")
	s.advance("2026-05-07 08:00")
	s.gets(member(2), name+"Salt", "07 07:00 Peer Learning Digest, Vol 2026, Issue 2: Pepper")
}

// TestDigestsOfPlannedMails: who reads digests gets what the schedule sends at once, and not again.
func TestDigestsOfPlannedMails(t *testing.T) {
	s := idleStage(t, nil)
	s.order(member(1), "set digest")
	s.order(member(2), "set summary")
	p := &list.Publication{List: s.list, Key: "remote/message/1", Kind: "message", Editions: []list.Edition{{Letter: list.Letter{Subject: "Planned", Text: "At once.\n"}}}}
	err := s.Publish(p, s.time(), func(tx list.Tx, send func() (list.Post, error)) error {
		p.Editions[0].Readers = []uint32{s.memberOf(member(1)).Number, s.memberOf(member(2)).Number}
		_, err := send()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.post(member(4), "Chat", "Hello.", "")
	s.advance("2026-05-06 08:00")
	if got := s.last(member(2), ""); got.Subject != "[peers] Planned" {
		t.Errorf("who gets summaries got %q last", got.Subject)
	}
	s.gets(member(1), "05 07:00 Peer Learning Digest, Vol 2026, Issue 1: Chat")
	s.gets(member(2))
	if n := len(s.mails(member(1), "message")); n != 1 {
		t.Errorf("the planned mail came %d times", n)
	}
}

// TestClocksChange: the hour that spring leaves out and the one that autumn has twice make one digest each.
func TestClocksChange(t *testing.T) {
	s := idleStage(t, func(up *setUp) { up.Now = "2026-03-27 09:00" })
	s.order(member(1), "set timezone Europe/Paris", "set digest 2:30")
	for day := s.clock("2026-03-27 12:00"); day.Before(s.clock("2026-04-01 00:00")); day = day.Add(24 * time.Hour) {
		s.advance(day.Format("2006-01-02 15:04"))
		s.post(member(4), "Day "+day.Format("02"), "Words.", "")
	}
	s.advance("2026-04-02 12:00")
	s.gets(member(1), "28 04:30 Peer Learning Digest, Vol 2026, Issue 1: Day 27", "29 04:00 Peer Learning Digest, Vol 2026, Issue 2: Day 28",
		"30 03:30 Peer Learning Digest, Vol 2026, Issue 3: Day 29", "31 03:30 Peer Learning Digest, Vol 2026, Issue 4: Day 30", "01 03:30 Peer Learning Digest, Vol 2026, Issue 5: Day 31")
	s.advance("2026-10-24 12:00")
	s.post(member(4), "Before", "Words.", "")
	s.advance("2026-10-26 12:00")
	got := s.issues(member(1))
	if len(got) != 6 || !strings.HasPrefix(got[5], "25 03:30 ") {
		t.Errorf("in autumn: %q", got)
	}
}
