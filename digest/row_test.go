package digest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
)

// rowKinds are what goes out for planned mails.
var rowKinds = []string{"announcement", "kickoff", "questions", "midweek", "weekly", "closing", "event_content", "event_summary", "follow_up", "message", "draft", "draft_answer",
	"draft_reminder"}

// course tells of the mails of those kinds that went out since a moment, one a line; editions of one mail are one.
func rowsOut(s *stage, since string, kinds ...string) string {
	var b strings.Builder
	seen := map[uint32]bool{}
	for _, m := range s.mails("", "") {
		if m.At.Before(s.clock(since)) || !slices.Contains(kinds, m.Kind) || m.Out.Post > 0 && seen[m.Out.Post] {
			continue
		}
		to, _, _ := strings.Cut(m.To, "@")
		if m.Out.Post > 0 {
			seen[m.Out.Post], to = true, "all"
		}
		b.WriteString(m.At.In(s.zone).Format("Mon 02 Jan 15:04 ") + m.Kind + " " + to + "\n")
	}
	return strings.TrimSpace(b.String())
}

func isText(t *testing.T, got, want string) {
	t.Helper()
	if got, want = strings.TrimSpace(got), strings.TrimSpace(want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// quietly is the stage for a discussion without first responders, whose people say nothing.
func quietly(t *testing.T, change func(*setUp)) *stage {
	t.Helper()
	return newStage(t, func(up *setUp) {
		up.Members = 3
		if change != nil {
			change(up)
		}
	})
}

// TestLifeWithoutAWord: a facilitator who answers nothing, and members who write nothing.
func TestLifeWithoutAWord(t *testing.T) {
	s := quietly(t, nil)
	s.advance("2026-04-20 12:00")
	isText(t, rowsOut(s, "2026-02-01 00:00", rowKinds...), `
Fri 20 Feb 15:00 draft luis
Fri 20 Feb 17:00 draft noor
Mon 23 Feb 09:00 announcement all
Fri 27 Feb 15:00 draft luis
Fri 27 Feb 17:00 draft noor
Mon 02 Mar 09:00 kickoff all
Thu 05 Mar 15:00 draft luis
Fri 06 Mar 08:00 draft noor
Fri 06 Mar 09:00 draft_reminder luis
Fri 06 Mar 11:00 weekly all
Fri 06 Mar 15:00 draft luis
Fri 06 Mar 17:00 draft noor
Mon 09 Mar 09:00 questions all
Thu 12 Mar 15:00 draft luis
Fri 13 Mar 08:00 draft noor
Fri 13 Mar 09:00 draft_reminder luis
Fri 13 Mar 11:00 closing all
Wed 18 Mar 15:00 draft luis
Wed 18 Mar 17:00 draft noor
Thu 19 Mar 15:00 draft_reminder luis
Thu 19 Mar 15:00 draft_reminder noor
Mon 23 Mar 15:00 draft luis
Mon 23 Mar 15:00 draft_reminder luis
Mon 23 Mar 15:00 draft_reminder noor
Mon 23 Mar 17:00 draft noor
Tue 24 Mar 15:00 draft_reminder luis
Tue 24 Mar 15:00 draft_reminder noor
Thu 26 Mar 15:00 draft_reminder luis
Thu 26 Mar 15:00 draft_reminder noor`)
	if c := s.course(); c.stage("remote/midweek/1") != Quiet || c.stage("remote/event_content/1") != Drafted || !c.Rows["remote/weekly/1"].Plain {
		t.Errorf("midweek is %q, event_content %q, weekly plain: %v", c.stage("remote/midweek/1"), c.stage("remote/event_content/1"), c.Rows["remote/weekly/1"].Plain)
	}
	if m := s.last(luis, "weekly"); !strings.Contains(m.text(), "Compiled automatically on Friday 6 March") && !strings.Contains(m.text(), "Compiled automatically") {
		t.Errorf("the plain form does not say that it is: %s", m.text())
	}
}

// TestEditions: every member reads a planned mail in their language, at one moment, as one post with a topic of its own, in the name of who speaks.
func TestEditions(t *testing.T) {
	s := quietly(t, nil)
	s.advance("2026-03-02 09:00")
	subjects := map[string]string{}
	ids := map[string]bool{}
	for _, m := range s.mails("", "kickoff") {
		subjects[m.To] = m.Subject
		ids[m.message().MessageID()] = true
		if from := m.message().Get("From"); !strings.Contains(from, "Luis Prieto via Peer Learning") {
			t.Errorf("it is from %s", from)
		}
		if !m.At.Equal(s.clock("2026-03-02 09:00")) {
			t.Errorf("%s got it at %s", m.To, m.At)
		}
	}
	if len(subjects) != 5 || !strings.Contains(subjects[member(2)], "Question 1 :") || !strings.Contains(subjects[member(3)], "Pregunta 1:") || len(ids) != 1 {
		t.Errorf("the subjects are %q, the Message-IDs %v", subjects, ids)
	}
	state := s.course().Rows["remote/kickoff/1"]
	p := s.reply(s.last(member(2), "kickoff"), member(2), "Bonjour à tous.")
	if state.Stage != Sent || state.Topic != p.Topic {
		t.Errorf("the answer is in topic %d, the mail %+v", p.Topic, state)
	}
	if special := s.course().Rows["remote/announcement/1"]; special.Topic == state.Topic {
		t.Error("two planned mails are in one topic")
	}
}

// talk has people answer the last mail of a kind: so many posts by so many members.
func (s *stage) talk(kind string, posts, people int) {
	s.t.Helper()
	said := []string{"We called one person before we wrote to forty, and it worked well.", "Nous avons appelé une personne avant d'écrire à quarante, et cela a bien marché.",
		"Llamamos a una persona antes de escribir a cuarenta, y funcionó bien."}
	for i := range posts {
		n := i%people + 1
		s.reply(s.last(member(n), kind), member(n), said[(n-1)%3]+" "+strings.Repeat("Really. ", i/people+1))
	}
	s.tick()
}

func TestMidweek(t *testing.T) {
	for name, c := range map[string]struct {
		posts, people int
		late          bool // after the draft's time
		want          string
	}{
		"goes out when ten posts of five people came":           {10, 5, false, "Wed 04 Mar 08:00 draft luis\nWed 04 Mar 10:00 draft noor\nWed 04 Mar 10:00 draft_reminder luis\nWed 04 Mar 12:00 midweek all"},
		"does not when four people wrote them":                  {12, 4, false, ""},
		"does not for nine posts":                               {9, 5, false, ""},
		"goes out when it became lively after the draft's time": {10, 5, true, "Wed 04 Mar 09:30 draft luis\nWed 04 Mar 10:45 draft noor\nWed 04 Mar 12:00 midweek all"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.advance("2026-03-03 10:00")
			if c.late {
				s.advance("2026-03-04 09:30")
			}
			s.talk("kickoff", c.posts, c.people)
			s.post(luis, "Re: x #remote", "I count as nobody.", s.last(luis, "kickoff").message().MessageID())
			s.advance("2026-03-04 13:00")
			isText(t, rowsOut(s, "2026-03-03 00:00", "draft", "draft_reminder", "midweek"), c.want)
			if got := s.course().stage("remote/midweek/1"); (got == Sent) != (c.want != "") {
				t.Errorf("it is %q", got)
			}
		})
	}
}

// TestSilence: what becomes of a summary whose draft nobody answers.
func TestSilence(t *testing.T) {
	for how, want := range map[plan.OnSilence]Stage{plan.SilencePlain: Sent, plan.SilenceSend: Sent, plan.SilenceHold: OnHold} {
		t.Run(string(how), func(t *testing.T) {
			s := newStage(t, func(up *setUp) { up.Discussion.OnSilence = how })
			s.advance("2026-03-02 10:00")
			s.talk("kickoff", 12, 6)
			s.advance("2026-03-06 12:00")
			state := s.course().Rows["remote/weekly/1"]
			if state.Stage != want || state.Plain != (how == plan.SilencePlain) {
				t.Errorf("it is %q, plain: %v", state.Stage, state.Plain)
			}
			if s.course().stage("remote/kickoff/1") != Sent {
				t.Error("the kick-off did not go out as drafted")
			}
			switch how {
			case plan.SilencePlain:
				text := s.last(member(1), "weekly").text()
				if !strings.Contains(text, "Compiled automatically") || !strings.Contains(text, "We called one person before we wrote to forty") || strings.Contains(text, "Especially") {
					t.Errorf("the plain form is\n%s", text)
				}
			case plan.SilenceHold:
				if m := s.last(noor, "draft_reminder"); !m.At.Equal(s.clock("2026-03-06 11:00")) || !strings.Contains(m.text(), "waits until you say") {
					t.Errorf("%s: %s", m.At, m.text())
				}
				s.say(s.last(luis, "draft"), luis, "send")
				if got := s.course().Rows["remote/weekly/1"]; got.Stage != Sent || got.Plain {
					t.Errorf("after send it is %+v", got)
				}
			}
		})
	}
}

// TestWithoutDrafts: with review = "0" mails go out as they are composed; those that need a facilitator's text are asked for all the same.
func TestWithoutDrafts(t *testing.T) {
	s := quietly(t, func(up *setUp) { up.Discussion.Review = 0 })
	s.advance("2026-03-20 12:00")
	isText(t, rowsOut(s, "2026-02-01 00:00", rowKinds...), `
Mon 23 Feb 09:00 announcement all
Mon 02 Mar 09:00 kickoff all
Fri 06 Mar 11:00 weekly all
Mon 09 Mar 09:00 questions all
Fri 13 Mar 11:00 closing all
Wed 18 Mar 15:00 draft luis
Wed 18 Mar 17:00 draft noor
Thu 19 Mar 15:00 draft_reminder luis
Thu 19 Mar 15:00 draft_reminder noor`)
}

// TestClockChanges: mails keep their time of day over both changes of the clocks.
func TestClockChanges(t *testing.T) {
	for name, c := range map[string]struct{ start, want string }{
		"in March":   {"2026-03-23", "Mon 23 Mar 09:00 kickoff all\nFri 27 Mar 11:00 weekly all\nMon 30 Mar 09:00 questions all\nFri 03 Apr 11:00 closing all"},
		"in October": {"2026-10-19", "Mon 19 Oct 09:00 kickoff all\nFri 23 Oct 11:00 weekly all\nMon 26 Oct 09:00 questions all\nFri 30 Oct 11:00 closing all"},
	} {
		t.Run(name, func(t *testing.T) {
			berlin, err := time.LoadLocation("Europe/Berlin")
			if err != nil {
				t.Fatal(err)
			}
			start, err := plan.ParseDate(c.start)
			if err != nil {
				t.Fatal(err)
			}
			s := quietly(t, func(up *setUp) {
				up.Discussion.Start, up.Discussion.Event, up.Discussion.Calendar.Location = start, nil, berlin
				up.List.Location, up.Now = berlin, start.AddDays(-20).String()+" 08:00"
			})
			s.advance(start.AddDays(20).String() + " 08:00")
			isText(t, rowsOut(s, start.String()+" 00:00", "kickoff", "weekly", "questions", "closing"), c.want)
		})
	}
}
