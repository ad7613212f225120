package digest

import (
	"errors"
	"strings"
	"testing"

	"convene/list"
	"convene/list/event"
)

// named is a list with a series called after a word that its own title has, and a café and a coffee beside it.
func namedStage(t *testing.T) *stage {
	s := roundStage(t, "0 8 * * MON", 1, 30, func(up *setUp) {
		l := dated(up, "lunch", "Lunch and learn", "2026-03-13 12:00")
		l.Format, l.Rule = event.LunchAndLearn, "FREQ=WEEKLY;COUNT=3"
		up.Programme.Events = []*event.Event{l, dated(up, "cafe-1", "World Café", "2026-03-17 15:00"), dated(up, "coffee", "Coffee", "2026-03-18 15:00")}
	})
	s.advance("2026-03-02 09:00")
	return s
}

// said is what a member has answered to events: id and answer, those without one left out.
func (s *stage) saidTo(who string, ids ...string) (all string) {
	for _, id := range ids {
		if g := s.register(id).Guests[who]; g != nil && g.Answer != "" {
			all += " " + id + " " + g.Answer
		}
	}
	return strings.TrimSpace(all)
}

// What a mail says in its text is of the event that it names there, whatever its subject quotes.
func TestAnswersNameTheirEvent(t *testing.T) {
	for name, c := range map[string]struct{ subject, text, want string }{
		"the subject quotes a title with an id in it":        {"Re: 2 events until 1 April: Lunch and learn", "yes cafe-1", "cafe-1 yes"},
		"and the answer is a no":                             {"Re: 2 events until 1 April: Lunch and learn", "no cafe-1", "cafe-1 no"},
		"two events, a line each":                            {"Re: 2 events until 1 April: Lunch and learn", "yes cafe-1\nno lunch", "lunch no cafe-1 yes"},
		"three, with a greeting and a name":                  {"Events", "yes lunch\nmaybe cafe-1\nno coffee\n\nAwa", "lunch yes cafe-1 maybe coffee no"},
		"the subject alone":                                  {"yes lunch", "", "lunch yes"},
		"the subject, and what does not take it back":        {"yes lunch", "Looking forward to it!", "lunch yes"},
		"the subject, and a text that takes it back":         {"yes lunch", "Sorry, I cannot come after all", "lunch no"},
		"an answer to one's own mail":                        {"Re: yes lunch", "no lunch", "lunch no"},
		"an answer to one's own mail, in a word":             {"Re: yes lunch", "No", "lunch no"},
		"an answer to one's own mail, in words for a person": {"RE: yes lunch", "I have to look after my mother", ""},
		"the subject is the event, the text the answer":      {"coffee", "oui", "coffee yes"},
		"a word of a sentence that is an id is none":         {"Thanks", "I liked the lunch", ""},
		"nothing in a reply but what it answers":             {"Re: 2 events until 1 April: Lunch and learn", "Thanks, very useful!", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := namedStage(t)
			if err := s.mailTo(member(1), "events", c.subject, c.text); err != nil {
				t.Fatal(err)
			}
			if got := s.saidTo(member(1), "lunch", "cafe-1", "coffee"); got != c.want {
				t.Errorf("%s / %s: %q instead of %q", c.subject, c.text, got, c.want)
			}
		})
	}
}

// An answer that cannot be read goes to a person, and who wrote it hears that.
func TestAnswersForAPerson(t *testing.T) {
	s := namedStage(t)
	if err := s.mailTo(member(1), "events", "Re: yes lunch", "I have to look after my mother"); err != nil {
		t.Fatal(err)
	}
	if got := flat(s.last(amina, "")); !strings.Contains(got, "look after my mother") {
		t.Errorf("who facilitates reads\n%s", got)
	}
}

// An event that there is not is said not to be there.
func TestAnswersToNoEvent(t *testing.T) {
	s := namedStage(t)
	for _, c := range [][2]string{{"yes hike", ""}, {"Hello", "no cafe-2"}, {"maybe tea.1", ""}, {"oui cafe-2 2026-03-20", ""}} {
		err := s.mailTo(member(1), "events", c[0], c[1])
		var refused *list.Refusal
		if !errors.As(err, &refused) || !strings.Contains(refused.Text, "There is no event") || !strings.Contains(refused.Text, "nothing was noted") {
			t.Errorf("%q: %v", c, err)
		}
	}
	for _, c := range [][2]string{{"Events", "Yes please"}, {"yes", ""}, {"What is on?", ""}} {
		if err := s.mailTo(member(1), "events", c[0], c[1]); err != nil {
			t.Errorf("%q: %v", c, err)
		} else if got := s.last(member(1), "notice").Subject; !strings.Contains(strings.ToLower(got), "events") {
			t.Errorf("%q is answered by %q", c, got)
		}
	}
}

// Who offers to present at what is no lunch, or is not there, presents nowhere else.
func TestOffersNameTheirEvent(t *testing.T) {
	s := namedStage(t)
	for _, subject := range []string{"present hike 2026-03-27", "present cafe-1 2026-03-20"} {
		if err := s.mailTo(member(1), "events", subject, ""); err == nil || !strings.Contains(err.Error(), "no lunch here") {
			t.Errorf("%s: %v", subject, err)
		}
	}
	if p := s.register("lunch").Presenters; len(p) > 0 {
		t.Errorf("%v present", p)
	}
	for _, subject := range []string{"present on 2026-03-20", "present 2026-03-27 with pleasure"} {
		if err := s.mailTo(member(1), "events", subject, ""); err != nil {
			t.Errorf("%s: %v", subject, err)
		}
	}
	if p := s.register("lunch").Presenters; len(p) != 2 {
		t.Errorf("%v present", p)
	}
}
