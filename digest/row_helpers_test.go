package digest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convene/digest/plan"
	"convene/list"
)

// afterCafe is the stage when the café is over, where so many of the members came and each who took notes has sent them, as notes has it.
func afterCafe(t *testing.T, members int, change func(*setUp), notes func(n int) string) (s *stage, hosts, takers []string) {
	t.Helper()
	s = newStage(t, func(up *setUp) {
		withDiscussion(up)
		up.Members = members
		if change != nil {
			change(up)
		}
	})
	s.advance("2026-03-10 09:00")
	s.rsvp("yes", upTo(members)...)
	s.advance("2026-03-17 16:31")
	for _, round := range s.seating().Rounds {
		for _, table := range round {
			hosts, takers = append(hosts, table.Host), append(takers, table.Notes)
		}
	}
	slices.Sort(hosts)
	slices.Sort(takers)
	hosts, takers = slices.Compact(hosts), slices.Compact(takers)
	for i, address := range takers {
		if text := notes(i); text != "" {
			s.say(s.last(address, "notice"), address, text)
		}
	}
	return s, hosts, takers
}

// summarised is the draft of the summary once its facilitator wrote it and answered with some orders, and the summary as the first member gets it.
func (s *stage) summarised(orders string) (draft, summary sentMail) {
	s.t.Helper()
	s.advance("2026-03-23 15:30")
	s.say(s.last(luis, "draft"), luis, "edit\nWe met, and it was good.")
	draft = s.last(luis, "draft_answer")
	if orders != "" {
		s.say(draft, luis, orders)
	}
	s.say(s.last(luis, "draft_answer"), luis, "send")
	s.advance("2026-03-24 09:30")
	return draft, s.last(member(1), "event_summary")
}

// TestHelpersAreThanked: the summary of an event thanks by name who hosted and who sent notes; not who was not there, wants no thanks before all, or whom the facilitator leaves out.
func TestHelpersAreThanked(t *testing.T) {
	s, hosts, takers := afterCafe(t, 12, nil, func(n int) string {
		if n == 1 {
			return "No, sorry"
		} else if n == 2 {
			return "Between us: the minister slept. #noquote"
		}
		return fmt.Sprintf("Notes number %d.", n)
	})
	s.changeMember(takers[0], func(m *list.Member) { m.PrivateThanks = true })
	draft, summary := s.summarised("drop t1")
	first := s.nameOf(s.seating().Rounds[0][0].Host)
	if !strings.Contains(draft.flat(), "Thank you for hosting: t1 "+first) || !strings.Contains(draft.flat(), "drop t2") {
		t.Errorf("the draft is\n%s", draft.text())
	}
	text := summary.flat()
	thanked := thanksLine.FindString(text)
	hosted, noted, _ := strings.Cut(thanked, "Thank you for taking notes")
	for _, address := range hosts {
		if name := s.nameOf(address); address != takers[0] && strings.Contains(hosted, name) != (name != first) {
			t.Errorf("%s hosted, and the thanks are %q", name, thanked)
		}
	}
	for i, address := range takers {
		if name := s.nameOf(address); strings.Contains(noted, name) != (i > 1) {
			t.Errorf("%s took notes, and the thanks are %q", name, thanked)
		}
	}
	if strings.Contains(text, "minister") || !strings.Contains(text, "Notes number 0.") {
		t.Errorf("what is not to be quoted is, or all else is not:\n%s", text)
	}
	if strings.Contains(text, "t2 ") {
		t.Errorf("a number of the draft went out:\n%s", text)
	}
}

// TestHelpersUnnamed: where quotes have no names, thanks have none.
func TestHelpersUnnamed(t *testing.T) {
	s, hosts, _ := afterCafe(t, 12, func(up *setUp) { up.Discussion.Attribution = plan.ByOrganisation }, func(int) string { return "Notes." })
	_, summary := s.summarised("")
	saysAll(t, "the summary", summary.flat(), "Thank you to all who hosted a table or took notes.")
	if name := s.nameOf(hosts[0]); strings.Contains(summary.flat(), name) {
		t.Errorf("%s is named in\n%s", name, summary.text())
	}
}

// TestNotesOfMany: of the notes of very many tables the summary has a part of each that can be read, or of some from first to last, and all of them in a file.
func TestNotesOfMany(t *testing.T) {
	for name, c := range map[string]struct{ members, shown int }{"each table has its voice": {44, 30}, "there are more tables than room": {110, 30}} {
		t.Run(name, func(t *testing.T) {
			notes := 0
			s, _, takers := afterCafe(t, c.members, nil, func(n int) string {
				notes++
				if n == 2 {
					return "Shortnote here."
				}
				return fmt.Sprintf("Note%d begins. ", n) + strings.Repeat("and so on and on ", 30+n) + "to its end."
			})
			_, summary := s.summarised("")
			body := summary.text()
			body = body[:strings.LastIndex(body, "\n---")]
			thanks := thanksLine.FindString(summary.flat())
			words, shown := len(strings.Fields(body)), strings.Count(body, "begins.")
			t.Logf("%d notes, %d shown, %d words, %d of them thanks", notes, shown, words, len(strings.Fields(thanks)))
			if words > 430 || // with the marks of quotations
				shown < min(c.shown, notes-1) {
				t.Errorf("of %d notes %d are shown, in %d words:\n%s", notes, shown, words, body)
			}
			whole := ""
			for _, a := range attachedTo(summary.message()) {
				if a.Name == "notes.txt" {
					whole = strings.Join(strings.Fields(strings.ReplaceAll(string(a.Content), ">", " ")), " ")
				}
			}
			if !strings.Contains(body, "notes.txt") || whole == "" {
				t.Fatalf("there is no file of the notes:\n%s", body)
			}
			for i := range takers {
				if i != 2 && !strings.Contains(whole, fmt.Sprintf("Note%d begins.", i)) {
					t.Errorf("note %d is not in it", i)
				}
			}
			if ends := strings.Count(whole, "to its end."); ends != notes-1 {
				t.Errorf("%d of %d are whole in it", ends, notes-1)
			}
		})
	}
}
