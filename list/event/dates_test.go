package event

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// vector is one of dateutil's rules with its dates.
type vector struct {
	Case, Dtstart, Rrule string
	Instances            []string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	f, err := os.Open(corpus + "/dateutil+dateutil/rrule-vectors.jsonl")
	if err != nil {
		t.Skip("the corpus is not there:", err)
	}
	defer f.Close()
	var all []vector
	for s := bufio.NewScanner(f); s.Scan(); {
		var v vector
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// dateutil leaves a start out that its rule does not have; here it is the first date, and the first that COUNT counts.
func TestRuleVectors(t *testing.T) {
	apart := map[string][]string{}
	passed, withStart := 0, 0
	for _, v := range vectors(t) {
		start, err := time.Parse(clockForm, v.Dtstart)
		if err != nil {
			t.Fatal(err)
		}
		r, f := readRule(v.Rrule)
		if f != nil {
			apart[string(f.Kind)] = append(apart[string(f.Kind)], v.Case)
			if f.Kind == TooOften && !strings.Contains(v.Rrule, "HOURLY") && !strings.Contains(v.Rrule, "MINUTELY") && !strings.Contains(v.Rrule, "SECONDLY") || f.Kind != TooOften {
				t.Errorf("%s: %v", v.Case, f)
			}
			continue
		}
		e := &Event{Start: start, Rule: v.Rrule}
		var got []string
		dates, more := e.Dates(start, time.Time{}, len(v.Instances)+1)
		for _, d := range dates {
			got = append(got, d.Start.Format(clockForm))
		}
		want := v.Instances
		if !slices.Contains(want, v.Dtstart) {
			want, withStart = append([]string{v.Dtstart}, want...), withStart+1
			if r.option.Count > 0 {
				want = want[:min(len(want), r.option.Count)]
			}
		}
		if d := cmp.Diff(want, got); d != "" || more && r.option.Count > 0 {
			t.Errorf("%s: %s from %s: more %v %s", v.Case, v.Rrule, v.Dtstart, more, d)
		}
		passed++
	}
	t.Logf("%d vectors hold; in %d of them the start is a date that dateutil leaves out", passed, withStart)
	for why, cases := range apart {
		t.Logf("%d are refused (%s), as all finer than days are: %s", len(cases), why, strings.Join(cases, " "))
	}
}

// A series keeps its time of day, whatever clocks do.
func TestDatesOverClockChanges(t *testing.T) {
	for name, c := range map[string]struct {
		start, rule string
		zone        string
		want        []string // in UTC
	}{
		"09:00 stays 09:00 in spring":     {"20260324T090000", "FREQ=WEEKLY;COUNT=2", "Europe/Berlin", []string{"2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"}},
		"and in autumn":                   {"20261020T090000", "FREQ=WEEKLY;COUNT=2", "Europe/Berlin", []string{"2026-10-20T07:00:00Z", "2026-10-27T08:00:00Z"}},
		"what is skipped is as before":    {"20260328T023000", "FREQ=DAILY;COUNT=3", "Europe/Berlin", []string{"2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"}},
		"what is twice is the first":      {"20261024T023000", "FREQ=DAILY;COUNT=3", "Europe/Berlin", []string{"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		"the end is on the clock":         {"20260324T090000", "FREQ=WEEKLY;UNTIL=20260331T070000Z", "Europe/Berlin", []string{"2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"}},
		"a second before the end is none": {"20260324T090000", "FREQ=WEEKLY;UNTIL=20260331T065959Z", "Europe/Berlin", []string{"2026-03-24T08:00:00Z"}},
		"a day is an end with all of it":  {"20260324T090000", "FREQ=WEEKLY;UNTIL=20260331", "Europe/Berlin", []string{"2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"}},
		"half an hour of Lord Howe":       {"20260402T090000", "FREQ=DAILY;INTERVAL=4;COUNT=2", "Australia/Lord_Howe", []string{"2026-04-01T22:00:00Z", "2026-04-05T22:30:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := readMoment(c.start)
			if err != nil {
				t.Fatal(err)
			}
			e := &Event{Start: atWall(m.wall, mustZone(t, c.zone)), Rule: c.rule, Length: time.Hour}
			var got []string
			dates, more := e.Dates(time.Time{}, time.Time{}, 10)
			for _, d := range dates {
				got = append(got, d.Start.UTC().Format(time.RFC3339))
			}
			if d := cmp.Diff(c.want, got); d != "" || more {
				t.Error(more, d)
			}
			if end, ok := e.Ends(); !ok || !end.Equal(dates[len(dates)-1].End) {
				t.Errorf("it ends at %s (%v)", end, ok)
			}
		})
	}
}

func TestDatesWithChanges(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	e := &Event{Start: at(2, 9), Length: time.Hour, Rule: "FREQ=DAILY;COUNT=8", Except: []time.Time{at(3, 9)}, Extra: []time.Time{at(4, 12), at(5, 9), at(20, 9)},
		Changed: []Instance{{Of: at(6, 9), Start: at(2, 7)}, {Of: at(7, 9), Cancelled: true}, {Of: at(8, 9), Start: at(12, 9), Length: 3 * time.Hour}, {Of: at(20, 9), Title: Texts{"": "x"}}}}
	days := func(dates []Date) (s string) {
		for _, d := range dates {
			s += d.Start.Format(" 2-15")
		}
		return s
	}
	for name, c := range map[string]struct {
		from, until time.Time
		most        int
		want        string
		more        bool
	}{
		"all":                    {time.Time{}, time.Time{}, 20, " 2-07 2-09 4-09 4-12 5-09 9-09 12-09 20-09", false},
		"just as many":           {time.Time{}, time.Time{}, 8, " 2-07 2-09 4-09 4-12 5-09 9-09 12-09 20-09", false},
		"fewer":                  {time.Time{}, time.Time{}, 3, " 2-07 2-09 4-09", true},
		"none":                   {time.Time{}, time.Time{}, 0, "", true},
		"from and until tile":    {at(4, 9), at(4, 12), 20, " 4-09", false},
		"what was moved there":   {at(12, 0), at(13, 0), 20, " 12-09", false},
		"what was moved from it": {at(8, 0), at(9, 0), 20, "", false},
	} {
		dates, more := e.Dates(c.from, c.until, c.most)
		if got := days(dates); got != c.want || more != c.more {
			t.Errorf("%s: %q %v, want %q %v", name, got, more, c.want, c.more)
		}
	}
	if d, ok := e.Next(at(9, 9)); !ok || d.Change == nil || !d.Of.Equal(at(8, 9)) || !d.End.Equal(at(12, 12)) {
		t.Errorf("next is %+v, %v", d, ok)
	}
	if d, ok := e.Next(at(20, 9)); ok {
		t.Errorf("behind the last comes %+v", d)
	}
	if end, ok := e.Ends(); !ok || !end.Equal(at(20, 10)) {
		t.Errorf("it ends at %s, %v", end, ok)
	}
	e.Rule = "FREQ=DAILY"
	if end, ok := e.Ends(); ok {
		t.Errorf("without end it ends at %s", end)
	}
	e.Cancelled = true
	if dates, more := e.Dates(time.Time{}, time.Time{}, 5); len(dates) > 0 || more {
		t.Errorf("cancelled it is on %v", dates)
	}
}

// Whatever a rule says, its dates are found, or not found, before a test is given up: those that no date is by, and those that go on to the end of time.
func TestRulesAreBounded(t *testing.T) {
	for _, rule := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;BYSETPOS=2",
		"FREQ=MONTHLY;INTERVAL=10000;BYMONTHDAY=31;BYMONTH=4", "FREQ=DAILY;COUNT=1000000000", "FREQ=DAILY;UNTIL=99991231", "FREQ=YEARLY;BYDAY=53MO;BYMONTH=1",
		"FREQ=MONTHLY;BYDAY=53MO", "FREQ=MONTHLY;BYDAY=-53MO,6TU", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "FREQ=YEARLY;BYWEEKNO=-53;BYMONTH=6", "FREQ=DAILY;INTERVAL=10000",
		"FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,30;BYSETPOS=-366,366,100", "FREQ=DAILY;BYDAY=MO;BYYEARDAY=366;BYMONTH=1",
		"FREQ=YEARLY;BYDAY=MO,TU,-53SU,53SA", "FREQ=WEEKLY;INTERVAL=10000;BYDAY=1MO;BYSETPOS=-1",
	} {
		for _, year := range []int{1, 2026, 9999} {
			e := &Event{Start: time.Date(year, 12, 31, 9, 0, 0, 0, time.UTC), Length: time.Hour, Rule: rule}
			dates, _ := e.Dates(e.Start.AddDate(50, 0, 0), time.Time{}, 10)
			e.Ends()
			if slices.ContainsFunc(dates, func(d Date) bool { return d.Start.Year() > 9999 || d.Start.Before(e.Start) }) {
				t.Errorf("%s from %d: %v", rule, year, dates)
			}
		}
	}
}

func TestRuleFaults(t *testing.T) {
	for rule, want := range map[string]FaultKind{
		"FREQ=SECONDLY": TooOften, "FREQ=MINUTELY;COUNT=3": TooOften, "FREQ=HOURLY": TooOften, "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5": TooOften, "": BadRule, "COUNT=3": BadRule,
		"FREQ=DAILY;FREQ=WEEKLY": BadRule, "FREQ=FORTNIGHTLY": BadRule, "FREQ=DAILY;COUNT=-1": BadRule, "FREQ=DAILY;COUNT=0": NeverOn, "FREQ=DAILY;INTERVAL=9999999": BadRule,
		"FREQ=DAILY;UNTIL=never": BadRule, "FREQ=DAILY;BYMONTH=13": BadRule, "FREQ=WEEKLY;BYDAY=XX": BadRule, "FREQ=WEEKLY;BYDAY=": BadRule, "FREQ=WEEKLY;BYDAY=OT": BadRule,
		"FREQ=MONTHLY;BYDAY=6MO": NeverOn, "FREQ=YEARLY;BYEASTER=0": BadRule, "RSCALE=CHINESE;FREQ=YEARLY": BadRule, "FREQ=DAILY;" + strings.Repeat("X-A=B;", 400): BadRule,
		"FREQ=DAILY;WKST=QQ": BadRule, "FREQ=MONTHLY;BYMONTHDAY=0": BadRule, "FREQ=MONTHLY;BYDAY=99MO": BadRule,
	} {
		if r, f := readRule(rule); f == nil || f.Kind != want {
			t.Errorf("%s: %v, %v; want %s", shown(rule), r, f, want)
		}
	}
	for rule, want := range map[string]string{
		"freq=weekly; byday=mo,we ;interval=1": "FREQ=WEEKLY;BYDAY=MO,WE", "COUNT=3;FREQ=MONTHLY;BYDAY=-1fr,;X-Y=Z": "FREQ=MONTHLY;COUNT=3;BYDAY=-1FR",
		"FREQ=DAILY;COUNT=3;UNTIL=20260301": "FREQ=DAILY;UNTIL=20260301", "FREQ=YEARLY;WKST=SU;BYSETPOS=-1;BYMONTHDAY=1,1,-1;BYMONTH=3": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,-1;BYSETPOS=-1;WKST=SU",
	} {
		if r, f := readRule(rule); f != nil || r.String() != want {
			t.Errorf("%s: %v, %v", rule, r, f)
		}
	}
}

func TestCheck(t *testing.T) {
	start := time.Date(2026, 3, 17, 15, 0, 0, 0, time.UTC)
	for want, e := range map[string]*Event{
		"": {Start: start, Length: time.Hour, Rule: "FREQ=WEEKLY;BYDAY=MO"},
		"the invitation has no start time (DTSTART)":                                   {},
		"the event ends before it starts":                                              {Start: start, Length: -1},
		"the event would take more than a year":                                        {Start: start, Length: 2 * maxLength},
		`the rule "weekly" by which the event takes place again cannot be read`:        {Start: start, Rule: "weekly"},
		`by the rule "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30" the event never takes place`: {Start: start, Rule: "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"},
	} {
		if err := e.Check(); err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A rule that says how often and until when is refused where a person wrote it; of a program's the end is taken, and somebody is to look.
func TestRuleWithTwoEnds(t *testing.T) {
	const both = "FREQ=WEEKLY;COUNT=3;UNTIL=20260401"
	now := time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)
	if _, err := ReadLines("Title: Circle\nWhen: 2026-02-20 15:00\nRepeat: "+both, time.UTC, now); err == nil || !strings.Contains(err.Error(), "leave one of them out") || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("lines: %v", err)
	}
	if err := (&Event{Start: now, Length: time.Hour, Rule: both}).Check(); err == nil || !strings.Contains(err.Error(), "(COUNT) and until when (UNTIL)") {
		t.Errorf("the config: %v", err)
	}
	o, err := Read([]byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260201T000000Z\r\nDTSTART:20260220T150000Z\r\nRRULE:"+both+"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"), time.UTC)
	if err != nil || len(o.Items) != 1 || len(o.Items[0].Doubts) != 1 || o.Items[0].Doubts[0].Kind != TwoLasts || strings.Contains(o.Items[0].Event.Rule, "COUNT") {
		t.Errorf("an object: %+v, %v", o, err)
	}
}
