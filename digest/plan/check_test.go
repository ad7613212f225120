package plan

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(d *Discussion)
		want   []string // field: text begins so
	}{
		"the sample is right":                      {func(*Discussion) {}, nil},
		"a weekly that never fires in these weeks": {func(d *Discussion) { d.Weekly = "0 11 1 1 *" }, []string{`weekly.cron: "0 11 1 1 *" fires in none of the 2 weeks`}},
		"cron lines and times that cannot be read": {func(d *Discussion) { d.Weekly, d.Midweek.Cron, d.Ask = "x", "y", "z" }, []string{`weekly.cron: "x" is not`, `midweek.cron: "y" is not`, `ask: "z" is not`}},
		"a row's time that cannot be read":         {func(d *Discussion) { d.Emails = []Email{{Kind: Message, Send: "soon"}} }, []string{`email[0].send: "soon" is not`}},
		"a weekly in no week":                      {func(d *Discussion) { d.Emails = []Email{{Kind: Weekly, Send: "day 20 09:00"}} }, []string{"email[0].send: day 20 09:00 falls in none of the 2 weeks from 2026-03-02"}},
		"two weeklies of one week": {func(d *Discussion) {
			d.Emails = []Email{{Kind: Weekly, Send: "day 5 09:00"}, {Kind: Weekly, Send: "day 6 09:00"}}
		}, []string{"email[1].kind: there is a weekly of week 1 already"}},
		"weeklies of two weeks": {func(d *Discussion) {
			d.Emails = []Email{{Kind: Weekly, Send: "day 5 09:00"}, {Kind: Weekly, Send: "day 9 09:00"}}
		}, nil},
		"two kick-offs": {func(d *Discussion) {
			d.Emails = []Email{{Kind: Kickoff, Send: "day 1 09:00"}, {Kind: Kickoff, Send: "day 2 09:00"}}
		}, []string{"email[1].kind: there is a kickoff of this discussion already"}},
		"any number of messages": {func(d *Discussion) {
			d.Emails = []Email{{Kind: Message, Send: "day 1 09:00"}, {Kind: Message, Send: "day 1 09:00"}}
		}, nil},
		"a first responder of an email too many":     {func(d *Discussion) { d.Responders = []Responders{{Email: 9}, {Email: 10}} }, []string{"first_responders[1].email: the plan has 9 emails, so there is no email 10"}},
		"a kind that is there once, and the closing": {func(d *Discussion) { d.Emails = []Email{{Kind: Closing, Send: "day 12 09:00"}} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := sample(t)
			c.change(d)
			got := d.Check()
			if len(got) != len(c.want) {
				t.Fatalf("faults %v, want %q", got, c.want)
			}
			for i, f := range got {
				if !strings.HasPrefix(f.Field+": "+f.Text, c.want[i]) {
					t.Errorf("fault %q: %q, want %q", f.Field, f.Text, c.want[i])
				}
			}
			if _, err := d.Rows(Changes{}); len(got) == 0 && err != nil {
				t.Errorf("without a fault there are no rows: %v", err)
			}
		})
	}
}

func TestAdvice(t *testing.T) {
	const late = "remote: the closing goes out Fri 13 Mar 2026 11:00, less than two working days before registration for cafe-1 ends (Mon 16 Mar 2026 18:00)"
	for name, c := range map[string]struct {
		change func(d *Discussion)
		want   []string
	}{
		"the sample leaves people less than two days to register": {func(*Discussion) {}, []string{
			"remote: 3 questions in 2 weeks: Mon 2 Mar asks 1, Mon 9 Mar asks 2 and 3", late}},
		"with an earlier closing there is nothing to say of it": {func(d *Discussion) { d.Weekly, d.Questions = "0 11 * * THU", d.Questions[:2] }, nil},
		"an event before the closing": {func(d *Discussion) {
			d.Questions = d.Questions[:2]
			d.Event.Start, d.Event.RegisterBy = d.Event.Start.AddDate(0, 0, -5), time.Time{}
		}, []string{"remote: email 7 (closing, Fri 13 Mar 2026 11:00) goes out when the event has begun"}},
		"a start in the middle of a week leaves out a midweek": {func(d *Discussion) {
			d.Start, d.Event, d.Questions = d.Start.AddDays(3), nil, d.Questions[:2]
		}, []string{`remote: week 1 has no midweek: "0 12 * * WED" fires at no time of it before its weekly`, `remote: week 2 has no midweek: "0 12 * * WED" fires at no time of it before its weekly`}},
		"a weekly that leaves out a week, and the last": {func(d *Discussion) {
			d.Weeks, d.Event, d.Weekly, d.Questions = 3, nil, "0 11 6 * *", texts("a", "b", "c")
		}, []string{`remote: week 2 has no weekly: "0 11 6 * *" does not fire in it`, `remote: "0 11 6 * *" does not fire in the last week: the closing goes out on its last working day at 11:00`}},
		"fewer questions than weeks": {func(d *Discussion) { d.Event, d.Questions = nil, d.Questions[:1] }, []string{
			"remote: week 2 has no question of its own: the draft of its round offers those that members asked"}},
		"no question": {func(d *Discussion) { d.Event, d.Questions, d.Weeks = nil, nil, 1 }, []string{"remote: there are no questions: the kick-off asks none"}},
		"many questions": {func(d *Discussion) { d.Event, d.Questions, d.Weeks = nil, texts("a", "b", "c", "d"), 1 }, []string{
			"remote: 4 questions in 1 week: Mon 2 Mar asks 1, Wed 4 Mar asks 2, 3 and 4"}},
		"a mail on a day off, one in the wrong place, one of no event": {func(d *Discussion) {
			d.Event, d.Questions = nil, d.Questions[:2]
			d.Emails = []Email{{Kind: Message, Send: "day 3 10:00"}, {Kind: Weekly, Send: "day 13 10:00"}, {Kind: Announcement, Send: "day 2 10:00"}, {Kind: EventSummary, Send: "day 20 10:00"}}
		}, []string{"remote: email 2 (announcement, Tue 3 Mar 2026 10:00) stands on the wrong side of the kick-off",
			"remote: email 9 (weekly, Sat 14 Mar 2026 10:00) falls on no working day",
			"remote: email 9 (weekly, Sat 14 Mar 2026 10:00) does not stand between the kick-off and the closing, where it belongs",
			"remote: email 10 (event_summary, Sat 21 Mar 2026 10:00) falls on no working day",
			"remote: email 3 (message, Wed 4 Mar 2026 10:00) has no body",
			`remote: email 10 (event_summary) is about an event, and no [[event]] has discussion = "remote"`}},
		"first responders asked late, and one of them twice": {func(d *Discussion) {
			d.Event, d.Questions, d.Ask = nil, d.Questions[:2], "day -2 10:00"
			d.Responders = []Responders{{Question: 1, Members: []Responder{{Address: "Dede@example.org"}}}, {Question: 2, Members: []Responder{{Address: "dede@example.org"}}}}
		}, []string{"remote: first responders are asked Sat 28 Feb 2026 10:00, and have until Wed 25 Feb 2026 10:00 before the backup is",
			"remote: dede@example.org is a first responder more than once: one question a person is enough"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := sample(t)
			c.change(d)
			if got := d.Advice(); !slices.Equal(got, c.want) {
				t.Errorf("advice\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestDatesToCome(t *testing.T) {
	d := sample(t)
	rows := rowsOf(t, d, Changes{})
	same(t, strings.Join(d.Dates(rows[6].At), "\n"), `
remote: email 8, event_content: Thu 19 Mar 2026 09:00 (Africa/Nairobi)
remote: email 9, event_summary: Tue 24 Mar 2026 09:00 (Africa/Nairobi)`)
	if got := d.Dates(rows[0].At.Add(-1)); len(got) != 9 {
		t.Errorf("before the first there are %q", got)
	}
	same(t, strings.Join(d.Dates(rows[8].At), "\n"), "remote: it is over: the last of its 9 emails was of Tue 24 Mar 2026 09:00")
}

func TestResponders(t *testing.T) {
	d := sample(t)
	d.Responders = []Responders{{Question: 1, Backup: []string{"noor@example.org"}}, {Question: 3}, {Email: 2}, {Email: 4}}
	rows := rowsOf(t, d, Changes{})
	for key, want := range map[string]int{"remote/kickoff/1": 2, "remote/questions/2": 1, "remote/weekly/1": 1, "remote/closing/1": 0} {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.Key == key })
		if got := d.RespondersOf(rows[i]); len(got) != want {
			t.Errorf("%s has %d of them, want %d", key, len(got), want)
		}
	}
	ch, _, err := d.Postpone(Changes{}, mustShift(t, "+1d"), never)
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string][]Row{"2026-02-16 10:00 2026-02-25 10:00": rows, "2026-02-17 10:00 2026-02-26 10:00": rowsOf(t, d, ch)} {
		ask, backup := d.AskAt(rows)
		if got := ask.Format(minuteText) + " " + backup.Format(minuteText); got != name {
			t.Errorf("asked at and backup from %s, want %s", got, name)
		}
	}
}

func TestResponderTimes(t *testing.T) {
	c := officeWeek(zone(t, "Africa/Nairobi"))
	for name, x := range map[string]struct{ mail, zone, ahead, nudge string }{
		"on a Monday in the list's zone":                    {"2026-03-02 09:00", "", "Fri 27 14:00", "Mon 02 15:00"},
		"it is evening in Sydney":                           {"2026-03-02 09:00", "Australia/Sydney", "Fri 27 14:00", "Tue 03 09:00"},
		"it is night in La Paz, and still early in the day": {"2026-03-03 09:00", "America/La_Paz", "Mon 02 14:00", "Tue 03 15:00"},
		"a mail at noon leaves three hours only":            {"2026-03-04 12:00", "", "Tue 03 14:00", "Thu 05 09:00"},
		"a mail on Friday at noon waits for Monday":         {"2026-03-06 12:00", "", "Thu 05 14:00", "Mon 09 09:00"},
		"a mail on Saturday waits for Monday":               {"2026-03-07 09:00", "", "Fri 06 14:00", "Mon 09 09:00"},
	} {
		var loc *time.Location
		if x.zone != "" {
			loc = zone(t, x.zone)
		}
		mail := at(t, c.Location, x.mail)
		if got := c.AheadAt(mail, loc).Format("Mon 02 15:04"); got != x.ahead {
			t.Errorf("%s: the question goes ahead %s, want %s", name, got, x.ahead)
		}
		if got := c.NudgeAt(mail, loc).Format("Mon 02 15:04"); got != x.nudge {
			t.Errorf("%s: the nudge goes %s, want %s", name, got, x.nudge)
		}
	}
}
