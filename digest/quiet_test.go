package digest

import (
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// TestQuiet plays the first days: the kick-off goes out on Monday at nine, and nobody answers.
func TestQuiet(t *testing.T) {
	s := newStage(t, withResponders)
	s.change(member(6), func(m *list.Member) { m.Posts, m.LastPost = 3, s.clock("2026-01-12 10:00") })
	s.advance("2026-03-02 09:00")
	s.advance("2026-03-02 14:00")
	s.held(member(5), "Is this the place? #remote")
	s.post(member(7), "Where do I answer?", "I have a story.", "")
	s.advance("2026-03-03 10:59")
	s.count("", "quiet", 0) // twelve hours of work are over on Tuesday at eleven
	s.advance("2026-03-03 11:00")
	s.count(luis, "quiet", 1)
	s.count(noor, "quiet", 1)
	s.count("", "quiet", 2)
	alarm := s.last(luis, "quiet")
	contains(t, "the alarm", alarm.Subject+"\n"+alarm.text(), []string{"A quiet day in #remote: three things you could do", "Nobody has written yet.", "has reached 14 of 14 members",
		"1 post waits for a moderator, since Monday 2 March, 14:00 Nairobi", "approve all", "“Where do I answer?”, " + memberName(7), "2: put the question to everyone once more", "Or fine",
		memberName(6) + " <" + member(6) + ">: wrote to the list on Monday 12 January", "What 2 sends: In two lines: What had somebody just done? #remote"}, "carry this forward", "1: ask") // both backups were asked at day -5
	s.advance("2026-03-06 23:00")
	s.count(luis, "quiet", 2) // twice a week at most
	s.advance("2026-03-08 23:00")
	s.count(luis, "quiet", 2)
	for _, m := range s.mails(luis, "quiet") {
		if at := m.At.In(s.zone); !s.discussion.Calendar.Open(at) {
			t.Errorf("it rang at %s", at)
		}
	}
	s.count(member(1), "quiet", 0)
}

func TestWhatIsNotQuiet(t *testing.T) {
	for name, c := range map[string]struct {
		then  func(s *stage) // on Monday at noon
		until string
		want  int
	}{
		"nobody has written":                       {nil, "2026-03-03 12:00", 1},
		"not on the first day":                     {nil, "2026-03-02 23:00", 0},
		"somebody has":                             {func(s *stage) { s.reply(s.last(member(3), "kickoff"), member(3), "With us it was the radio.") }, "2026-03-03 13:59", 0},
		"until the hours have passed again":        {func(s *stage) { s.reply(s.last(member(3), "kickoff"), member(3), "With us it was the radio.") }, "2026-03-03 14:00", 1},
		"something that is none of the discussion": {func(s *stage) { s.post(member(3), "Bread", "How do you bake it?", "") }, "2026-03-03 12:00", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) { up.Discussion.QuietAfter = 12 * 60 * 60 * 1e9 })
			s.advance("2026-03-02 09:00")
			s.advance("2026-03-02 12:00")
			if c.then != nil {
				c.then(s)
			}
			s.advance(c.until)
			s.count(luis, "quiet", c.want)
		})
	}
}

// alarmStage is one on which it has just become quiet: member 3 asked something on Monday, and nobody has answered.
func alarmStage(t *testing.T) *stage {
	s := newStage(t, withResponders)
	s.advance("2026-02-16 10:00")
	for _, n := range []int{1, 2} {
		s.say(s.last(member(n), "responder_ask"), member(n), "yes")
	}
	s.advance("2026-03-02 09:00")
	s.reply(s.last(member(3), "kickoff"), member(3), "With us it was the radio, and that worked well for those who listen. How do you reach the people who have no radio at all?")
	s.advance("2026-03-03 11:00")
	s.count(luis, "quiet", 1)
	return s
}

func TestOneAsksTheBackups(t *testing.T) {
	s := alarmStage(t)
	s.count("", "responder_ask", 2)
	s.say(s.last(luis, "quiet"), luis, "1")
	s.count("", "responder_ask", 4)
	contains(t, "what Luis reads", s.last(luis, "quiet").text(), []string{memberName(3) + " and " + memberName(4) + " have been asked"})
	ask := s.last(member(4), "responder_ask")
	contains(t, "what the backup reads", ask.Subject+ask.text(), []string{"Would you write a few lines in #remote?", "It is quiet", "Answer the mail “Question 1: What had somebody just done? #remote”"}, "other day")
	s.say(ask, member(4), "yes")
	contains(t, "what they are told", s.last(member(4), "notice").text(), []string{"Thank you. Answer the mail"})
	s.say(s.last(luis, "quiet"), luis, "1")
	s.count("", "responder_ask", 4)
	s.advance("2026-03-05 00:00")
	s.count(member(4), "responder_nudge", 0)
}

func TestTwoPutsTheQuestionAgain(t *testing.T) {
	s := alarmStage(t)
	s.say(s.last(luis, "quiet"), luis, "2")
	contains(t, "what Luis reads", s.last(luis, "quiet").text(), []string{"the question goes to everyone on Tuesday 3 March, 11:00"})
	mail := s.last(member(4), "follow_up")
	contains(t, "the mail to all", mail.Subject+mail.text(), []string{"In two lines: What had somebody just done? #remote", "Think of one time only", "Your reply goes to everyone"})
	if got := len(s.mails("", "follow_up")); got != 14 {
		t.Errorf("it went to %d members", got)
	}
	contains(t, "the French one", s.last(member(2), "follow_up").text(), []string{"La question était peut-être trop grande"})
	s.say(s.last(noor, "quiet"), noor, "2")
	contains(t, "what Noor reads", s.last(noor, "quiet").text(), []string{"Luis Prieto has asked for that already"})
	if got := len(s.mails("", "follow_up")); got != 14 {
		t.Errorf("it went out again: %d", got)
	}
	s.reply(mail, member(6), "Last Friday it was a song.")
	s.advance("2026-03-04 12:00")
	s.count(luis, "quiet", 2) // the answers: an answer to the revival is a post of the discussion
	if a, last := s.lastPost(); a != 2 || !last.Equal(s.clock("2026-03-03 11:00")) {
		t.Errorf("%d posts, the last at %s", a, last)
	}
}

func TestThreeCarriesAQuestionForward(t *testing.T) {
	s := alarmStage(t)
	contains(t, "the alarm", s.last(luis, "quiet").text(), []string{"3: carry this forward", "How do you reach the people who have no radio at all?"})
	s.say(s.last(luis, "quiet"), luis, "3\nfine")
	contains(t, "the mail to all", s.last(member(4), "follow_up").text(), []string{memberName(3) + " asked, and nobody has answered yet", "no radio at all?"})
	contains(t, "what Luis reads last", s.last(luis, "quiet").text(), []string{"until Monday 9 March"})
	s.advance("2026-03-08 23:00")
	s.count(noor, "quiet", 1) // fine: no more this week
	s.advance("2026-03-10 10:59")
	s.count(noor, "quiet", 1)
	s.advance("2026-03-10 11:00") // the second round went out on Monday at nine
	s.count(noor, "quiet", 2)
}

func TestARevivalWaitsForAFreeDay(t *testing.T) {
	s := alarmStage(t)
	s.advance("2026-03-04 08:30") // the midweek is planned for today
	s.say(s.last(luis, "quiet"), luis, "2")
	contains(t, "what Luis reads", s.last(luis, "quiet").text(), []string{"on Thursday 5 March, 09:00"})
	s.count("", "follow_up", 0)
	s.advance("2026-03-05 09:00")
	s.count(member(1), "follow_up", 1)
}

func TestHeldPostsAreDecidedFromTheAlarm(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-03-02 09:00")
	s.held(member(5), "One call #remote")
	s.held(member(6), "Two calls #remote")
	s.advance("2026-03-03 11:00")
	s.say(s.last(luis, "quiet"), luis, "approve all")
	for _, subject := range []string{"One call", "Two calls"} {
		found := false
		for _, m := range s.mails(member(1), "") {
			found = found || m.Subject == "[peers] "+subject+" #remote"
		}
		if !found {
			t.Errorf("%s did not go out:\n%s", subject, s.outline())
		}
	}
}

// TestOnlyFacilitatorsAnswerTheAlarm holds of whoever else has it from them, and of what fits no word.
func TestOnlyFacilitatorsAnswerTheAlarm(t *testing.T) {
	s := alarmStage(t)
	if _, err := s.answer(s.last(luis, "quiet"), member(9), "2"); err == nil {
		t.Error("a member had the question put again")
	}
	s.say(s.last(luis, "quiet"), luis, "what is this?")
	contains(t, "what Luis reads", s.last(luis, "quiet").text(), []string{"Reply 1, 2, 3 or fine"})
	s.count("", "follow_up", 0)
}

// TestQuietDaysOfThePast: the alarm says how earlier discussions of the list went on that day.
func TestQuietDaysOfThePast(t *testing.T) {
	for name, c := range map[string]struct {
		wrote string // when somebody wrote in the earlier one
		says  string
	}{
		"it was quiet then, too": {"2026-01-12 12:00", "Day 2 was quiet in 1 of 1 earlier discussion here, too."},
		"somebody wrote then":    {"2026-01-13 12:00", "In earlier discussions here somebody wrote on day 2."},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				earlier := *up.Discussion
				earlier.ID, earlier.Hashtag, earlier.Start, earlier.Event, earlier.Weeks = "before", "#before", plan.Date{Year: 2026, Month: time.January, Day: 12}, nil, 1
				up.Programme.Discussions, up.Now = append(up.Programme.Discussions, &earlier), "2026-01-01 08:00"
			})
			s.advance(c.wrote)
			s.post(member(3), "Tea #before", "With us it was the tea.", "")
			s.advance("2026-03-03 11:00")
			contains(t, "the alarm", s.last(luis, "quiet").text(), []string{"Nobody has written yet. " + c.says}, "is usual")
		})
	}
}
