package digest

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"convene/list"
	"convene/list/event"
)

// withCafe has a World Café of three rounds on the stage, on 17 March at 15:00, and no discussion that mails; so many members are there beside Luis and Noor.
func withCafe(members int, change func(up *setUp, e *event.Event)) func(*setUp) {
	return func(up *setUp) {
		up.Members, up.Now = members, "2026-03-02 07:00"
		ev := up.Discussion.Event
		ev.Invite, ev.Rounds, ev.TableSize, ev.ExpectShow = 14*24*time.Hour, 3, 5, 1
		ev.Agenda = []event.Texts{{"": "10 min: welcome"}, {"": "3 × 20 min: three rounds"}, {"": "20 min: what we take home"}}
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(300)
		up.Programme.Events = []*event.Event{ev}
		if change != nil {
			change(up, ev)
		}
	}
}

// rsvp has members answer their invitation.
func (s *stage) rsvp(text string, numbers ...int) {
	s.t.Helper()
	for _, n := range numbers {
		s.say(s.last(member(n), "invitation"), member(n), text)
	}
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

// tablesOf are the table numbers in the subject of the tables that somebody got first.
func (s *stage) tablesOf(n int) string {
	s.t.Helper()
	subject := s.mails(member(n), "tables")[0].Subject
	return subject[strings.LastIndex(subject, ": ")+2:]
}

// begins is the last mail that went to somebody whose subject begins so.
func (s *stage) begins(address, subject string) sentMail {
	s.t.Helper()
	for _, m := range slices.Backward(s.mails(address, "")) {
		if strings.HasPrefix(m.Subject, subject) {
			return m
		}
	}
	s.t.Fatalf("nothing that begins with %q went to %s:\n%s", subject, address, s.outline())
	return sentMail{}
}

// TestTables seats a World Café when registration ends: each who comes gets their tables once, on their own clock, and who facilitates a sheet.
func TestTables(t *testing.T) {
	s := newStage(t, withCafe(12, nil))
	s.change(member(4), func(m *list.Member) { m.Timezone = "America/La_Paz" })
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(9)...)
	s.rsvp("yes host", 10)
	s.rsvp("maybe", 11)
	s.rsvp("mail", 12)
	s.advance("2026-03-16 17:59")
	if got := s.mails("", "tables"); len(got) != 0 {
		t.Fatalf("%d have tables before registration ended", len(got))
	}
	s.advance("2026-03-17 14:59")
	if got := s.mails("", "tables"); len(got) != 10 {
		t.Fatalf("%d have tables:\n%s", len(got), s.outline())
	}
	for n, want := range map[int]string{
		4: "Your tables on Tuesday, 08:00 La Paz: ", 7: "Your tables on Tuesday, 15:00 Nairobi: ", 2: "Vos tables de mardi, 15 h 00 Nairobi : ", 3: "Sus mesas del martes, 15:00 Nairobi: ",
	} {
		if m := s.last(member(n), "tables"); !strings.HasPrefix(m.Subject, want) || len(s.tablesOf(n)) != len("1, 2, 3") || !strings.HasPrefix(m.replyTo(), "peers+rsvp-") {
			t.Errorf("member %d got %q, to be answered to %s", n, m.Subject, m.replyTo())
		}
	}
	for _, n := range upTo(10) {
		text := s.last(member(n), "tables").text()
		body, _, _ := strings.Cut(text, "\n---")
		words := slices.DeleteFunc(strings.Fields(body), func(w string) bool {
			return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) // a French colon stands by itself
		})
		if most := map[bool]int{true: 150, false: 172}[n%3 == 1]; len(words) > most {
			t.Errorf("member %d reads %d words:\n%s", n, len(words), text)
		}
		if strings.Contains(text, "@example.org") || strings.Contains(text, memberName(n)+",") || strings.Contains(text, memberName(12)) {
			t.Errorf("member %d reads an address, their own name, or that of who does not come:\n%s", n, text)
		}
	}
	text := s.last(member(4), "tables").text()
	for _, want := range []string{"Tuesday 17 March, 08:00 in La Paz* (15:00 in Nairobi)", "Round 1, 08:10–08:30, table " + s.tablesOf(4)[:1] + "* (English): ", "Round 3, 08:50–09:10, table ",
		"Samuel Otieno", "Answer mail: the table by mail is open until Thursday.", "Cannot come? Answer no."} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if text := s.last(member(10), "tables").text(); !strings.Contains(text, "*You host* in round") || !strings.Contains(text, "Rather not host? Pass.") {
		t.Errorf("who offered to host reads\n%s", text)
	}
	for _, address := range []string{luis, noor} { // of the list: there is no discussion
		text := s.begins(address, "All tables").text()
		for _, want := range []string{"10 people have a table", "Said maybe:* Marie Bako", "By mail:* Diego Rojas", "Round 2, 15:30–15:50", "fewer than three"} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %q in the sheet of %s:\n%s", want, address, text)
			}
		}
		if got := s.kindsTo(address, "notice"); strings.Count(got, "All tables") != 1 {
			t.Errorf("%s got %s", address, got)
		}
	}
	if got := s.kindsTo(member(1), "tables", "event_reminder"); strings.Count(got, "\n") != 1 || !strings.Contains(got, "17 Mar 14:00 event_reminder") {
		t.Errorf("the tables and the last reminder are\n%s", got)
	}
}

// TestTablesWithoutRegistration has no end of registration: people are seated a day before, and a process that slept does it when it wakes.
func TestTablesWithoutRegistration(t *testing.T) {
	for name, c := range map[string]struct{ sleepsUntil, want string }{
		"a day before":         {"", "16 Mar 15:00"},
		"it slept":             {"2026-03-17 12:00", "17 Mar 12:00"},
		"it woke late":         {"2026-03-17 14:45", "17 Mar 14:45"},
		"it slept through all": {"2026-03-17 15:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, withCafe(6, func(_ *setUp, e *event.Event) { e.RegisterBy = time.Time{} }))
			s.advance("2026-03-03 15:01")
			s.rsvp("yes", upTo(6)...)
			if c.sleepsUntil != "" {
				s.set(s.clock(c.sleepsUntil))
			}
			s.advance("2026-03-17 15:30")
			var at []string
			for _, m := range s.mails("", "tables") {
				at = append(at, m.At.In(s.zone).Format("02 Jan 15:04"))
			}
			if want := slices.Repeat([]string{c.want}, 6); c.want != "" && !slices.Equal(at, want) || c.want == "" && len(at) > 0 {
				t.Errorf("they got their tables at %v", at)
			}
		})
	}
}

// TestTablesLongBefore holds that tables which people got days before are no reminder the day before.
func TestTablesLongBefore(t *testing.T) {
	s := newStage(t, withCafe(4, func(up *setUp, e *event.Event) { e.RegisterBy = e.Start.AddDate(0, 0, -6) }))
	s.advance("2026-03-03 15:01")
	s.rsvp("yes", upTo(4)...)
	s.advance("2026-03-17 15:00")
	var got []string
	for _, m := range s.mails(member(1), "") {
		if m.Kind == "tables" || m.Kind == "event_reminder" {
			got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Kind)
		}
	}
	if want := []string{"11 Mar 15:00 tables", "16 Mar 15:00 event_reminder", "17 Mar 14:00 event_reminder"}; !slices.Equal(got, want) {
		t.Errorf("they got %v, not %v", got, want)
	}
}

// TestNobodyToSeat holds that an event to which nobody comes has no tables, and that they come with the people.
func TestNobodyToSeat(t *testing.T) {
	s := newStage(t, withCafe(4, func(_ *setUp, e *event.Event) { e.RegisterBy = time.Time{} }))
	s.advance("2026-03-16 16:00")
	s.rsvp("maybe", 1)
	s.advance("2026-03-16 18:00")
	if got := s.mails("", "tables"); len(got) != 0 {
		t.Fatalf("%d have tables", len(got))
	}
	s.rsvp("yes", 1, 2, 4)
	s.advance("2026-03-16 19:00")
	if got := s.mails("", "tables"); len(got) != 3 || !got[0].At.Equal(s.clock("2026-03-16 18:10")) {
		t.Errorf("%d have tables: %s", len(got), s.outline())
	}
	if got := s.kindsTo(luis, "notice"); strings.Count(got, "All tables") != 1 {
		t.Errorf("the sheets are %s", got)
	}
}
