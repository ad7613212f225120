package plan

import (
	"strings"
	"testing"
	"time"
)

const sampleRows = `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3
6 remote/midweek/2 Wed 2026-03-11 12:00 if
7 remote/closing/1 Fri 2026-03-13 11:00
8 remote/event_content/1 Thu 2026-03-19 09:00 fixed
9 remote/event_summary/1 Tue 2026-03-24 09:00 fixed`

func TestRows(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, d *Discussion)
		want   string
	}{
		"the sample has the plan of the specification": {func(*testing.T, *Discussion) {}, sampleRows},
		"one week asks the rest on day 3, has no weekly and closes on Friday": {
			func(_ *testing.T, d *Discussion) { d.Weeks, d.Event = 1, nil }, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/questions/1 Wed 2026-03-04 09:00 q2 q3
4 remote/midweek/1 Wed 2026-03-04 12:00 if
5 remote/closing/1 Fri 2026-03-06 11:00`},
		"one week with one question asks it and no more": {
			func(_ *testing.T, d *Discussion) { d.Weeks, d.Event, d.Questions = 1, nil, d.Questions[:1] }, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
4 remote/closing/1 Fri 2026-03-06 11:00`},
		"three weeks share out what is left, the earlier with one more": {
			func(_ *testing.T, d *Discussion) {
				d.Weeks, d.Event, d.Questions, d.Midweek.OnlyIfPosts, d.Midweek.OnlyIfPeople = 3, nil, texts("a", "b", "c", "d"), 0, 0
			}, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3
6 remote/midweek/2 Wed 2026-03-11 12:00
7 remote/weekly/2 Fri 2026-03-13 11:00
8 remote/questions/3 Mon 2026-03-16 09:00 q4
9 remote/midweek/3 Wed 2026-03-18 12:00
10 remote/closing/1 Fri 2026-03-20 11:00`},
		"fewer questions than weeks leave the last to the members": {
			func(_ *testing.T, d *Discussion) { d.Weeks, d.Event, d.Questions = 3, nil, texts("a", "b") }, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2
6 remote/midweek/2 Wed 2026-03-11 12:00 if
7 remote/weekly/2 Fri 2026-03-13 11:00
8 remote/questions/3 Mon 2026-03-16 09:00 members
9 remote/midweek/3 Wed 2026-03-18 12:00 if
10 remote/closing/1 Fri 2026-03-20 11:00`},
		"weeks count from the start, whatever weekday it is": {
			func(t *testing.T, d *Discussion) { d.Start, d.Event = date(t, "2026-03-05"), nil }, `
1 remote/announcement/1 Thu 2026-02-26 09:00
2 remote/kickoff/1 Thu 2026-03-05 09:00 q1
3 remote/weekly/1 Fri 2026-03-06 11:00
4 remote/questions/2 Thu 2026-03-12 09:00 q2 q3
5 remote/closing/1 Fri 2026-03-13 11:00`},
		"of several firings the last weekly counts, and the last midweek before it": {
			func(_ *testing.T, d *Discussion) {
				d.Event, d.Midweek.Cron, d.Weekly = nil, "0 12 * * *", "0 11 * * TUE,FRI"
			}, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Thu 2026-03-05 12:00 if
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3
6 remote/midweek/2 Thu 2026-03-12 12:00 if
7 remote/closing/1 Fri 2026-03-13 11:00`},
		"without a weekly in the last week it closes on that week's last working day": {
			func(_ *testing.T, d *Discussion) { d.Event, d.Weekly = nil, "0 11 6 * *" }, `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
4 remote/weekly/1 Fri 2026-03-06 11:00
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3
6 remote/midweek/2 Wed 2026-03-11 12:00 if
7 remote/closing/1 Fri 2026-03-13 11:00`},
		"rows of the config replace those of their kind and week, and add what is not there": {
			func(_ *testing.T, d *Discussion) {
				d.Event = nil
				d.Emails = []Email{
					{Kind: Announcement, Send: "2026-02-20 10:30"},
					{Kind: Weekly, Send: "week 1 SAT 10:00"},
					{Kind: Questions, Send: "day 4 09:00"},
					{Kind: Message, Send: "day 3 09:00"},
					{Kind: Message, Send: "day -2 09:00"},
					{Kind: FollowUp, Send: "day 45 09:00"},
				}
			}, `
1 remote/announcement/1 Fri 2026-02-20 10:30
2 remote/message/2 Sat 2026-02-28 09:00
3 remote/kickoff/1 Mon 2026-03-02 09:00 q1
4 remote/message/1 Wed 2026-03-04 09:00
5 remote/midweek/1 Wed 2026-03-04 12:00 if
6 remote/questions/1 Thu 2026-03-05 09:00 q2
7 remote/weekly/1 Sat 2026-03-07 10:00
8 remote/questions/2 Mon 2026-03-09 09:00 q3
9 remote/midweek/2 Wed 2026-03-11 12:00 if
10 remote/closing/1 Fri 2026-03-13 11:00
11 remote/follow_up/1 Wed 2026-04-15 09:00`},
		"clocks that change do not change the hour, and what they jump over is the first moment after": {
			func(t *testing.T, d *Discussion) {
				d.Calendar.Location, d.Start, d.Event, d.Weekly = zone(t, "Europe/Berlin"), date(t, "2026-03-23"), nil, "30 2 * * SUN"
			}, `
1 remote/announcement/1 Mon 2026-03-16 09:00
2 remote/kickoff/1 Mon 2026-03-23 09:00 q1
3 remote/midweek/1 Wed 2026-03-25 12:00 if
4 remote/weekly/1 Sun 2026-03-29 03:00
5 remote/questions/2 Mon 2026-03-30 09:00 q2 q3
6 remote/midweek/2 Wed 2026-04-01 12:00 if
7 remote/closing/1 Sun 2026-04-05 02:30`},
		"days off are not counted behind an event": {
			func(t *testing.T, d *Discussion) {
				d.Calendar.Skip = map[Date]bool{date(t, "2026-03-18"): true, date(t, "2026-03-24"): true}
				d.Emails = []Email{{Kind: Midweek, Send: "week 2 WED 15:00"}}
			}, strings.NewReplacer("Thu 2026-03-19", "Fri 2026-03-20", "Tue 2026-03-24", "Thu 2026-03-26",
				"Wed 2026-03-11 12", "Wed 2026-03-11 15").Replace(sampleRows)},
	} {
		t.Run(name, func(t *testing.T) {
			d := sample(t)
			c.change(t, d)
			same(t, lines(rowsOf(t, d, Changes{})), c.want)
		})
	}
}

func TestRowsAreOfTheirWeekAndInTheirSendersName(t *testing.T) {
	d := sample(t)
	amina := Person{Name: "Amina", Address: "amina@example.org"}
	d.Emails = []Email{{Kind: Message, Send: "day 3 08:00", SentBy: amina, Subject: Texts{"": "A short reading"}, Body: Texts{"": "Read."}}}
	noor := Person{Name: "Noor", Address: "noor@example.org"}
	weeks := ""
	for _, r := range rowsOf(t, d, Changes{Voice: noor}) {
		weeks += string('0' + rune(r.Week))
		want := noor
		if r.Kind == Message {
			want = amina
			if r.Subject.In() != "A short reading" || r.Body.In() != "Read." {
				t.Errorf("the message is %q, %q", r.Subject, r.Body)
			}
		}
		if r.SentBy != want {
			t.Errorf("%s is sent by %v, want %v", r.Key, r.SentBy, want)
		}
	}
	if weeks != "0111122200" {
		t.Errorf("the weeks are %s", weeks)
	}
	if r := rowsOf(t, d, Changes{})[1]; r.SentBy.Name != "Luis Prieto" {
		t.Errorf("without a change the voice is %v", r.SentBy)
	}
}

func TestChangesKeepNumbersAndKeys(t *testing.T) {
	d := sample(t)
	ch := Changes{
		Moved:   map[string]time.Time{"remote/weekly/1": at(t, d.Calendar.Location, "2026-03-09 11:00").UTC()},
		Skipped: map[string]bool{"remote/midweek/2": true, "remote/gone/1": true},
		Added:   []string{"And why?"},
	}
	rows := rowsOf(t, d, ch)
	same(t, lines(rows), `
1 remote/announcement/1 Mon 2026-02-23 09:00
2 remote/kickoff/1 Mon 2026-03-02 09:00 q1
3 remote/midweek/1 Wed 2026-03-04 12:00 if
5 remote/questions/2 Mon 2026-03-09 09:00 q2 q3 q4
4 remote/weekly/1 Mon 2026-03-09 11:00 moved
6 remote/midweek/2 Wed 2026-03-11 12:00 if skipped
7 remote/closing/1 Fri 2026-03-13 11:00
8 remote/event_content/1 Thu 2026-03-19 09:00 fixed
9 remote/event_summary/1 Tue 2026-03-24 09:00 fixed`)
	if r := rows[4]; r.Week != 1 || r.Planned.Format("2006-01-02") != "2026-03-06" {
		t.Errorf("the moved weekly is of week %d, planned for %s", r.Week, r.Planned)
	}
}

func TestFurtherQuestions(t *testing.T) {
	d := sample(t)
	d.Weeks, d.Event, d.Questions = 3, nil, texts("a", "b")
	asks := func(ch Changes, key string) (asked []int) {
		for _, r := range rowsOf(t, d, ch) {
			if r.Key == key {
				asked = r.Asks
			}
		}
		return asked
	}
	sent := map[string]bool{}
	next := func(ch Changes) string {
		return NextRound(rowsOf(t, d, ch), func(key string) bool { return sent[key] })
	}
	if key := next(Changes{}); key != "remote/questions/3" {
		t.Errorf("the first question goes with %q, want the round that has none", key)
	}
	ch := Changes{Added: []string{"c"}, AddedTo: []string{"remote/questions/3"}}
	if key := next(ch); key != "remote/questions/2" {
		t.Errorf("the second question goes with %q, want the next round", key)
	}
	sent["remote/questions/2"] = true
	if key := next(ch); key != "remote/questions/3" {
		t.Errorf("behind what is out a question goes with %q", key)
	}
	ch = Changes{Added: []string{"c", "d", "e"}, AddedTo: []string{"remote/questions/2", "remote/kickoff/1"}}
	if two, three := asks(ch, "remote/questions/2"), asks(ch, "remote/questions/3"); len(two) != 2 || two[1] != 2 || len(three) != 2 || three[0] != 3 {
		t.Errorf("week 2 asks %v, week 3 asks %v", two, three)
	}
	sent["remote/questions/3"] = true
	if key := next(ch); key != "" {
		t.Errorf("when all are out a question goes with %q", key)
	}
	d.Weeks, d.Questions = 1, texts("a")
	rows := rowsOf(t, d, Changes{Added: []string{"b"}})
	if r := rows[2]; r.Key != "remote/questions/1" || r.N != 5 || len(r.Asks) != 1 || r.SentBy.Name == "" {
		t.Errorf("a question added to a week of one is row %+v", r)
	}
}

func TestRowsOfWhatCannotBeRead(t *testing.T) {
	for name, spoil := range map[string]func(d *Discussion){
		"weekly":  func(d *Discussion) { d.Weekly = "0 0 31 2 *" },
		"midweek": func(d *Discussion) { d.Midweek.Cron = "CRON_TZ=UTC 0 1 * * *" },
		"email":   func(d *Discussion) { d.Emails = []Email{{Kind: Message, Send: "tomorrow"}} },
	} {
		d := sample(t)
		spoil(d)
		if rows, err := d.Rows(Changes{}); err == nil || !strings.HasPrefix(err.Error(), "plan: remote: ") {
			t.Errorf("%s: %d rows and the error %v", name, len(rows), err)
		}
	}
}
