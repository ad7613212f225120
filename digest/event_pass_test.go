package digest

import (
	"slices"
	"strings"
	"testing"
)

// TestEventPass: who was told to take notes, or to host, may pass, and somebody else does it; when nobody is told of anything any more they hear what to do.
func TestEventPass(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-16 18:30")
	hosts, takers := map[string]bool{}, map[string]bool{}
	for _, round := range s.seating().Rounds {
		for _, table := range round {
			hosts[table.Host], takers[table.Notes] = true, true
		}
	}
	var only []string // who take notes, and host nowhere
	for n := range 12 {
		if address := member(n + 1); takers[address] && !hosts[address] {
			only = append(only, address)
		}
	}
	for i, answer := range []string{"pass", "passe notes", "Paso notas, gracias"} {
		s.say(s.last(only[i], "tables"), only[i], answer)
		heard := s.last(only[i], "notice").flat()
		if !slices.ContainsFunc([]string{"not be asked to take notes", "pas de prendre des notes", "no se le pedirá que tome notas"}, func(words string) bool {
			return strings.Contains(strings.ToLower(heard), words)
		}) {
			t.Errorf("who answers %q is told\n%s", answer, heard)
		}
	}
	s.advance("2026-03-16 19:00")
	for r, round := range s.seating().Rounds {
		for _, table := range round {
			if slices.Contains(only[:3], table.Notes) || table.Notes == "" {
				t.Errorf("round %d, table %d has %q for its notes", r+1, table.Number, table.Notes)
			}
		}
	}
	host := s.seating().Rounds[0][0].Host
	s.advance("2026-03-17 14:45")
	s.say(s.last(host, "tables"), host, "pass")
	if heard := s.last(host, "notice").flat(); !slices.ContainsFunc([]string{"say it at your table", "dites-le à votre table", "dígalo en su mesa"}, func(words string) bool { return strings.Contains(heard, words) }) {
		t.Errorf("who passes at the last moment is told\n%s", heard)
	}
}

// TestEventNoThenMail: who said no, and then that they take part by mail, gets the questions.
func TestEventNoThenMail(t *testing.T) {
	s := newStage(t, withCafe(6, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", 1, 2, 3, 4)
	s.rsvp("no", 5)
	s.rsvp("courriel", 5)
	s.advance("2026-03-17 15:01")
	s.begins(member(5), "La table par courriel")
}

// TestEventOffersTold: the invitation says how to offer a hand, in words that are understood, and who comes too late for a place hears of the table by mail.
func TestEventOffersTold(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	for n, words := range map[int][]string{1: {"yes host", "yes notes"}, 2: {"oui animer", "oui notes"}, 3: {"sí animar", "sí notas"}} {
		invitation := s.last(member(n), "invitation")
		saysAll(t, "the invitation", invitation.flat(), words...)
		s.say(invitation, member(n), words[0])
		s.say(s.last(member(n+3), "invitation"), member(n+3), words[1])
		if g := s.register("cafe-1").Guests; !g[member(n)].Host || !g[member(n+3)].Notes || g[member(n)].Answer != "yes" {
			t.Errorf("%q is not understood: %+v, %+v", words, g[member(n)], g[member(n+3)])
		}
	}
	s.advance("2026-03-17 10:00")
	s.rsvp("sí", 9)
	saysAll(t, "who comes too late", s.last(member(9), "notice").flat(), "Queda la mesa por correo", "responda correo")
	s.say(s.last(member(9), "notice"), member(9), "correo")
	saysAll(t, "who takes part by mail", s.last(member(9), "notice").flat(), "Usted participa por correo", "tampoco por correo? Responda no")
	s.advance("2026-03-17 15:01")
	s.begins(member(9), "La mesa por correo")
}

// TestEventNotesNotThere: who says no at the last moment, or takes part by mail since their line failed, is not thanked for notes that they did not take.
func TestEventNotesNotThere(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(12)...)
	s.advance("2026-03-17 14:45")
	var takers []string
	for _, round := range s.seating().Rounds {
		for _, table := range round {
			takers = append(takers, table.Notes)
		}
	}
	slices.Sort(takers)
	takers = slices.Compact(takers)
	s.say(s.last(takers[0], "tables"), takers[0], "no")
	s.advance("2026-03-17 15:20")
	s.say(s.last(takers[1], "tables"), takers[1], "mail")
	s.advance("2026-03-17 17:00")
	asked := s.subjects("Your notes", "Vos notes", "Sus notas")
	slices.Sort(asked)
	if !slices.Equal(asked, takers[2:]) {
		t.Errorf("asked for notes are %v, of %v", asked, takers)
	}
}

// TestEventReminderTables: the reminder an hour ahead has the numbers of the tables, as they are by then, so that nobody has to look for another mail.
func TestEventReminderTables(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(10)...)
	s.advance("2026-03-17 14:01")
	for n, words := range map[int]string{1: "Your tables:* ", 2: "Vos tables :* ", 3: "Sus mesas:* "} {
		saysAll(t, "the reminder", s.last(member(n), "event_reminder").flat(), words+s.tablesOf(n)+" ")
	}
}
