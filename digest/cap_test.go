package digest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"convene/digest/plan"
)

// promptly are the mails that somebody asked for, or agreed to get at their hour: no day is too full for them.
var promptly = map[string]bool{"": true, "notice": true, "responder_question": true, "responder_nudge": true, "newcomer": true}

// toFacilitators are the mails that are for whoever facilitates, and for nobody else.
var toFacilitators = map[string]bool{"draft": true, "draft_answer": true, "draft_reminder": true, "morning_note": true, "quiet": true, "plan": true}

// TestNobodyGetsMoreThanTheCap plays whole discussions, in which members write, pass, join and answer as it happens, and the facilitator answers what comes, and counts what
// of ours each member gets on a day.
func TestNobodyGetsMoreThanTheCap(t *testing.T) {
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				open(up)
				up.List.NewMembersModeratedFor, up.Members = 0, 7
				up.Discussion.QuietAfter = 6 * 60 * 60 * 1e9
				up.Discussion.Midweek.OnlyIfPosts, up.Discussion.Midweek.OnlyIfPeople = 2, 2
				up.Discussion.Responders = []plan.Responders{{Question: 1, Members: []plan.Responder{{Address: member(1)}, {Address: member(2)}}, Backup: []string{member(3)}},
					{Question: 2, Members: []plan.Responder{{Address: member(4)}}, Backup: []string{member(5), member(6)}}}
			})
			r := rand.New(rand.NewPCG(seed, 7))
			s.live(r)
			s.capped(t)
		})
	}
}

// live plays a discussion from its first mail to the last commitment.
func (s *stage) live(r *rand.Rand) {
	answers := []string{"yes", "no", "other day", "pass", "I shall see."}
	places := []string{"Tamale", "Oruro", "Khulna", "Goma", "Mopti", "Cuzco", "Hue", "Kisumu"}
	say := func() string {
		texts := []string{"In %s we called the oldest farmer on the telephone before we wrote to anybody else, and then everybody wrote.", "How do you reach the women in %s who have no radio at home at all?",
			"With the teachers in %s it was a song that everybody knew, and a long silence before it."}
		return fmt.Sprintf(texts[r.IntN(len(texts))], places[r.IntN(len(places))])
	}
	seen := 0
	for day := s.clock("2026-02-16 07:30"); day.Before(s.clock("2026-04-16 00:00")); day = day.AddDate(0, 0, 1) {
		for hour := range 3 {
			s.advance(day.Add(durationOf(hour)).Format("2006-01-02 15:04"))
			all := s.mails("", "")
			for ; seen < len(all); seen++ {
				m := all[seen]
				switch {
				case m.Kind == "responder_ask" && r.IntN(3) > 0:
					s.say(m, m.To, answers[r.IntN(len(answers))])
				case m.Kind == "quiet" && m.To == luis && r.IntN(2) == 0 && len(m.message().References()) == 0:
					s.say(m, luis, []string{"1", "2", "3", "fine"}[r.IntN(4)])
				case m.Kind == "draft" && m.To == luis && r.IntN(2) == 0:
					s.say(m, luis, "send")
				case (m.Kind == "kickoff" || m.Kind == "questions" || m.Kind == "closing") && r.IntN(3) == 0 && m.To != luis && m.To != noor:
					s.reply(m, m.To, say())
				case m.Kind == "" && m.Out.Post > 0 && r.IntN(12) == 0 && m.To != luis && m.To != noor:
					s.reply(m, m.To, say())
				}
			}
			if hour == 1 && r.IntN(12) == 0 {
				s.joins(fmt.Sprintf("new%d@example.org", seen), "")
			}
		}
	}
}

// capped counts what each member got of ours on each day.
func (s *stage) capped(t *testing.T) {
	got := map[string][]string{}
	kinds := map[string]int{}
	for _, m := range s.mails("", "") {
		if promptly[m.Kind] || toFacilitators[m.Kind] {
			continue
		}
		kinds[m.Kind]++
		key := m.At.In(s.zone).Format("2006-01-02 ") + m.To
		got[key] = append(got[key], m.Kind)
	}
	event := s.discussion.Event.Start.Format("2006-01-02 ")
	for key, all := range got {
		most := s.discussion.EngineMailsPerDay
		if key[:len(event)] == event {
			most = 2
		}
		if len(all) > most {
			t.Errorf("%s: %q", key, all)
		}
	}
	for _, kind := range []string{"thanks", "responder_ask", "kickoff"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s went out at all: %v", kind, kinds)
		}
	}
	t.Log(kinds)
}

// durationOf is how far into the day it is looked at who has mail: a little before and behind the hours at which mails go out.
func durationOf(hour int) time.Duration { return time.Duration(hour) * 4 * time.Hour }
