package digest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

// lunch is a weekly lunch of the stage's list: four Tuesdays at noon in Nairobi, from 24 March 2026.
func lunch(s *setUp) *event.Event {
	zone := s.Discussion.Calendar.Location
	return &event.Event{ID: "lunch", List: stageList, Title: event.Texts{"": "Lunch and learn"}, Format: event.LunchAndLearn, Where: "https://meet.example.org/lunch",
		Start: time.Date(2026, 3, 24, 12, 0, 0, 0, zone), Length: time.Hour, Rule: "FREQ=WEEKLY;COUNT=4", Invite: 14 * 24 * time.Hour, Reminders: []time.Duration{24 * time.Hour},
		Presenters: []event.Person{{Name: "Awa Diallo", Address: member(2)}}}
}

// lunchStage is a list with that lunch and no discussion that runs.
func lunchStage(t *testing.T, change func(*setUp, *event.Event)) (*stage, *event.Event) {
	t.Helper()
	var ev *event.Event
	s := newStage(t, func(up *setUp) {
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(200)
		ev = lunch(up)
		if change != nil {
			change(up, ev)
		}
		up.Programme.Events = []*event.Event{ev}
	})
	return s, ev
}

// reconfigure has the config have that event instead.
func (s *stage) reconfigure(events ...*event.Event) {
	s.t.Helper()
	p := *s.editor.programme.Load()
	p.Events = events
	s.editor.Configure(&p)
	s.tick()
}

// mailTo hands in a mail of a member's to an address of the list's.
func (s *stage) mailTo(from, word, subject, text string) error {
	s.t.Helper()
	_, err := s.hand(from, s.list.Word(word), rawMail(s.nameOf(from), from, text, "To: "+s.list.Word(word), "Subject: "+subject, "Message-ID: <"+s.id()+"@example.org>"))
	s.tick()
	return err
}

// flat is the text of a mail on one line, without marks.
func flat(m sentMail) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(m.text(), "*", "")), " ")
}

// A series is one invitation with all of its dates; each date is reminded of, and answered, by itself.
func TestLunchIsASeries(t *testing.T) {
	s, ev := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	m := s.last(member(1), "invitation")
	for _, want := range []string{"every Tuesday, 4 times", "Tuesday 24 March, 12:00: Awa Diallo", "Tuesday 7 April, 12:00: nobody presents yet", "There are 20 places", "no 2026-03-24"} {
		if !strings.Contains(m.text(), want) {
			t.Errorf("the invitation does not say %q:\n%s", want, m.text())
		}
	}
	if o := objectOf(t, m); o.Items[0].Event.Rule == "" {
		t.Errorf("the object has no rule: %+v", o.Items[0].Event)
	}
	s.say(m, member(1), "yes")
	s.say(s.last(member(3), "invitation"), member(3), "sí")
	s.say(s.last(member(4), "invitation"), member(4), "yes 2026-04-07")
	if got := s.last(member(4), "notice"); !strings.Contains(got.text(), "Tuesday 7 April") || strings.Contains(got.text(), "every Tuesday") {
		t.Errorf("the answer for one date reads\n%s", got.text())
	}
	s.say(s.last(member(5), "invitation"), member(5), "oui 2026-04-08")
	if got := s.last(member(5), "notice").text(); !strings.Contains(got, "n’a pas lieu ce jour-là") {
		t.Errorf("the answer for no date reads\n%s", got)
	}
	s.advance("2026-03-23 12:30")
	s.say(s.last(member(1), "event_reminder"), member(1), "no") // to the reminder of a date: of that date
	s.advance("2026-03-30 13:00")
	s.say(s.last(member(3), "event_reminder"), member(3), "no todas")

	// One date is off, one is at another time, and the series is told as one under the next number.
	s.advance("2026-04-01 10:00")
	changed := *ev
	changed.Except = []time.Time{ev.Start.AddDate(0, 0, 14)}
	changed.Changed = []event.Instance{{Of: ev.Start.AddDate(0, 0, 21), Start: ev.Start.AddDate(0, 0, 22)}}
	s.reconfigure(&changed)
	m = s.last(member(1), "invitation")
	for _, want := range []string{"Tuesday 7 April: it does not take place on that day", "Tuesday 14 April: it takes place on Wednesday 15 April, 12:00 Nairobi", "All the rest stays"} {
		if !strings.Contains(flat(m), want) {
			t.Errorf("the change does not say %q:\n%s", want, m.text())
		}
	}
	if o := objectOf(t, m); o.Method != event.Request || o.Items[0].Event.Sequence != 1 || len(o.Items[0].Event.Except) != 1 || len(o.Items[0].Event.Changed) != 1 {
		t.Errorf("the change is %+v", o.Items[0].Event)
	}
	if err := s.AddMembers(stageList, []list.Member{{Address: "late@example.org", Name: "Late"}}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-04-30 12:00")
	for who, want := range map[string]string{
		member(1):          "23 Mar 12:00 Tuesday 24 March, 12:00 Nairobi: Lunch and learn|30 Mar 12:00 Tuesday 31 March, 12:00 Nairobi: Lunch and learn|14 Apr 12:00 Wednesday 15 April, 12:00 Nairobi: Lunch and learn",
		member(3):          "23 Mar 12:00 Martes 24 de marzo, 12:00 Nairobi: Lunch and learn|30 Mar 12:00 Martes 31 de marzo, 12:00 Nairobi: Lunch and learn",
		member(4):          "",
		"late@example.org": "",
	} {
		var got []string
		for _, m := range s.mails(who, "event_reminder") {
			got = append(got, m.At.In(s.zone).Format("02 Jan 15:04 ")+m.Subject)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s was reminded\n%s\nwant\n%s", who, strings.Join(got, "\n"), want)
		}
	}
	if o := objectOf(t, s.last("late@example.org", "invitation")); o.Items[0].Event.Sequence != 1 {
		t.Errorf("who joined late got %+v", o.Items[0].Event)
	}
}

// Places are for each date; who waits moves up, in order, once.
func TestLunchPlaces(t *testing.T) {
	s, ev := lunchStage(t, func(up *setUp, ev *event.Event) { ev.Places = 2 })
	s.advance("2026-03-10 13:00")
	for n := 1; n <= 4; n++ {
		s.set(s.time().Add(time.Minute))
		s.say(s.last(member(n), "invitation"), member(n), "yes")
	}
	placed := func(n int) (all []string) {
		for _, m := range s.mails(member(n), "notice") {
			on := strings.SplitN(flat(m), "Lunch and learn ", 2)
			for _, words := range []string{"A place has become free", "Une place s’est libérée", "Ha quedado libre una plaza"} {
				if strings.Contains(flat(m), words) {
					all = append(all, m.At.In(s.zone).Format("01-02 ")+strings.Join(strings.Fields(on[1])[:4], " "))
				}
			}
		}
		return all
	}
	for n, want := range map[int]string{3: "número 1", 4: "number 2"} {
		if got := s.last(member(n), "notice").text(); !strings.Contains(got, want) {
			t.Errorf("member %d is told\n%s", n, got)
		}
	}
	s.say(s.last(member(1), "notice"), member(1), "no 2026-04-07") // the place of one date goes to who waits first
	if got := fmt.Sprint(placed(3), placed(4)); !strings.Contains(got, "7") || len(placed(4)) > 0 {
		t.Errorf("for one date up moved %s", got)
	}
	s.say(s.last(member(1), "notice"), member(1), "yes all") // it is gone meanwhile
	s.advance("2026-03-11 10:00")
	s.order(member(2), "unsubscribe")
	s.advance("2026-03-12 10:00")
	if got := len(placed(3)); got != 2 {
		t.Errorf("member 3 was told of %d places: %q; 4: %q", got, placed(3), placed(4))
	}
	more := *ev
	more.Places = 9
	s.reconfigure(&more)
	if got := len(placed(4)); got == 0 {
		t.Errorf("more places gave nothing to who waited:\n%s", s.outline())
	}
	before := len(s.mails("", "notice"))
	s.reconfigure(&more)
	s.advance("2026-03-13 10:00")
	if got := len(s.mails("", "notice")); got != before {
		t.Errorf("%d notices more", got-before)
	}
}

// register is what has happened with an event.
func (s *stage) register(id string) *calendar.Register {
	s.t.Helper()
	reg := &calendar.Register{}
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err != nil {
			return err
		}
		return r.Papers(rec.ID, "event/"+id, func(_ string, content []byte) error { return json.Unmarshal(content, reg) })
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return reg
}

// Many press yes and no at the same moment: as many have a place as there are, and each change of it is told once.
func TestLunchPlacesAtTheSameTime(t *testing.T) {
	s, _ := lunchStage(t, func(up *setUp, ev *event.Event) { ev.Places = 3 })
	s.advance("2026-03-10 13:00")
	var all sync.WaitGroup
	press := func(answer string, members ...int) {
		for _, n := range members {
			token := pageLink.FindStringSubmatch(s.last(member(n), "invitation").text())[1]
			all.Go(func() {
				if _, err := s.Answer(token, answer); err != nil {
					t.Error(err)
				}
			})
		}
	}
	press("yes", 1, 2, 3, 4, 5, 6, 7, 8)
	all.Wait()
	s.tick()
	count := func() (placed, waiting []int) {
		for n := 1; n <= 8; n++ {
			if g := s.register("lunch").Guests[member(n)]; g.Answer == "yes" && g.Waiting.IsZero() {
				placed = append(placed, n)
			} else if g.Answer == "yes" {
				waiting = append(waiting, n)
			}
		}
		return placed, waiting
	}
	placed, waiting := count()
	if len(placed) != 3 || len(waiting) != 5 {
		t.Fatalf("%v have a place, %v wait", placed, waiting)
	}
	press("no", placed[:2]...)
	press("maybe", waiting[4])
	all.Wait()
	s.tick()
	now, left := count()
	if len(now) != 3 || len(left) != 2 {
		t.Errorf("%v have a place, %v wait", now, left)
	}
	for n := 1; n <= 8; n++ {
		want := 0
		if slices.Contains(now, n) && !slices.Contains(placed, n) {
			want = 1
		}
		if got := len(s.mails(member(n), "notice")); got != want {
			t.Errorf("member %d got %d notices, not %d", n, got, want)
		}
	}
}
