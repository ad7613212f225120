package plan

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDraftAt(t *testing.T) {
	friday := func(c Calendar) Calendar { c.Days[time.Friday] = false; return c }
	for name, c := range map[string]struct {
		at     string
		review time.Duration
		change func(c Calendar) Calendar
		want   string
	}{
		"six hours ahead within hours":                          {"2026-03-04 16:00", 6 * time.Hour, nil, "Wed 2026-03-04 10:00"},
		"noon: the same morning, with four hours left":          {"2026-03-04 12:00", 6 * time.Hour, nil, "Wed 2026-03-04 08:00"},
		"one minute before noon: the afternoon before":          {"2026-03-04 11:59", 6 * time.Hour, nil, "Tue 2026-03-03 15:00"},
		"Friday's weekly: Thursday afternoon":                   {"2026-03-06 11:00", 6 * time.Hour, nil, "Thu 2026-03-05 15:00"},
		"Monday's kick-off: Friday afternoon":                   {"2026-03-02 09:00", 6 * time.Hour, nil, "Fri 2026-02-27 15:00"},
		"on a Saturday: Friday afternoon":                       {"2026-03-07 16:00", 6 * time.Hour, nil, "Fri 2026-03-06 15:00"},
		"where Friday is free: Thursday":                        {"2026-03-01 11:00", 6 * time.Hour, friday, "Thu 2026-02-26 15:00"},
		"a day off is no working day":                           {"2026-03-06 11:00", 6 * time.Hour, skip("2026-03-05"), "Wed 2026-03-04 15:00"},
		"where people leave at one: three hours before":         {"2026-03-06 09:00", 6 * time.Hour, func(c Calendar) Calendar { c.From, c.To = 7*60, 13*60; return c }, "Thu 2026-03-05 10:00"},
		"where people are there for two hours":                  {"2026-03-06 09:00", 6 * time.Hour, func(c Calendar) Calendar { c.From, c.To = 10*60, 12*60; return c }, "Thu 2026-03-05 10:00"},
		"two days ahead over a weekend, the same morning":       {"2026-03-09 16:00", 48 * time.Hour, nil, "Mon 2026-03-09 08:00"},
		"two days ahead within the week":                        {"2026-03-06 16:00", 48 * time.Hour, nil, "Wed 2026-03-04 16:00"},
		"in Sydney the hours are Sydney's":                      {"2026-03-06 11:00", 6 * time.Hour, func(c Calendar) Calendar { return c.In(zoneOf("Australia/Sydney")) }, "Fri 2026-03-06 13:00"},
		"in La Paz it is night then: the afternoon before it":   {"2026-03-06 11:00", 6 * time.Hour, func(c Calendar) Calendar { return c.In(zoneOf("America/La_Paz")) }, "Thu 2026-03-05 15:00"},
		"a zone that is not known is the list's":                {"2026-03-06 11:00", 6 * time.Hour, func(c Calendar) Calendar { return c.In(nil) }, "Thu 2026-03-05 15:00"},
		"a calendar without working days takes the day before":  {"2026-03-06 11:00", 6 * time.Hour, func(c Calendar) Calendar { c.Days = [7]bool{}; return c }, "Thu 2026-03-05 15:00"},
		"late in the evening the draft is of the same day":      {"2026-03-06 23:00", 6 * time.Hour, nil, "Fri 2026-03-06 17:00"},
		"early in the morning of a working day: the day before": {"2026-03-06 02:00", 6 * time.Hour, nil, "Thu 2026-03-05 15:00"},
	} {
		t.Run(name, func(t *testing.T) {
			calendar := officeWeek(zone(t, "Africa/Nairobi"))
			mail := at(t, calendar.Location, c.at)
			if c.change != nil {
				calendar = c.change(calendar)
			}
			if got := calendar.DraftAt(mail, c.review).Format("Mon 2006-01-02 15:04"); got != c.want {
				t.Errorf("the draft goes %s, want %s", got, c.want)
			}
		})
	}
	if got := officeWeek(time.UTC).DraftAt(time.Unix(1e9, 0), 0); !got.IsZero() {
		t.Errorf("without review a draft goes %s", got)
	}
}

func zoneOf(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

func skip(days ...string) func(Calendar) Calendar {
	return func(c Calendar) Calendar {
		c.Skip = map[Date]bool{}
		for _, s := range days {
			d, err := ParseDate(s)
			if err != nil {
				panic(err)
			}
			c.Skip[d] = true
		}
		return c
	}
}

func TestWorkingTime(t *testing.T) {
	nairobi := zone(t, "Africa/Nairobi")
	c := skip("2026-03-04")(officeWeek(nairobi))
	for when, want := range map[string]string{
		"2026-03-02 08:00": "2026-03-02 08:00", "2026-03-02 17:59": "2026-03-02 17:59", "2026-03-02 18:00": "2026-03-03 08:00",
		"2026-03-03 19:00": "2026-03-05 08:00", "2026-03-06 18:00": "2026-03-09 08:00", "2026-03-02 00:00": "2026-03-02 08:00",
	} {
		from := at(t, nairobi, when)
		got := c.NextOpen(from)
		if got.Format(minuteText) != want || c.Open(from) != got.Equal(from) || !c.Open(got) {
			t.Errorf("after %s it is open at %s, want %s", when, got, want)
		}
	}
	for _, x := range []struct {
		from string
		add  time.Duration
		want string
	}{
		{"2026-03-02 09:00", 12 * time.Hour, "2026-03-03 11:00"}, {"2026-03-03 17:00", 12 * time.Hour, "2026-03-06 09:00"},
		{"2026-03-07 12:00", time.Hour, "2026-03-09 09:00"}, {"2026-03-02 08:00", 10 * time.Hour, "2026-03-02 18:00"}, {"2026-03-07 12:00", 0, "2026-03-07 12:00"},
	} {
		from := at(t, nairobi, x.from)
		if got := c.Add(from, x.add).Format(minuteText); got != x.want {
			t.Errorf("%v of work after %s is %s, want %s", x.add, x.from, got, x.want)
		}
	}
	shut := Calendar{Location: nairobi, From: 480, To: 1080}
	noon := at(t, nairobi, "2026-03-02 12:00")
	if !shut.NextOpen(noon).Equal(noon) || !shut.Add(noon, time.Hour).Equal(noon.Add(time.Hour)) || shut.Between(noon, noon.AddDate(0, 1, 0)) != 0 {
		t.Error("a calendar that is never open goes on looking")
	}
	long := Calendar{Location: zone(t, "Europe/Berlin"), Days: [7]bool{true, true, true, true, true, true, true}, To: 24 * 60}
	for day, want := range map[string]time.Duration{"2026-03-29": 23 * time.Hour, "2026-10-25": 25 * time.Hour, "2026-10-26": 24 * time.Hour} {
		from := date(t, day).At(0, long.Location)
		if got := long.Between(from, date(t, day).AddDays(1).At(0, long.Location)); got != want {
			t.Errorf("%s is %v long", day, got)
		}
	}
}

// What Add adds is what Between counts, and nothing less would do.
func TestAddAndBetweenAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := officeWeek(zoneOf(rapid.SampledFrom(twentyZones).Draw(t, "zone")))
		c.From = rapid.IntRange(0, 1200).Draw(t, "from")
		c.To = rapid.IntRange(c.From+1, 1440).Draw(t, "to")
		c.Skip = map[Date]bool{{2026, time.March, 30}: rapid.Bool().Draw(t, "skip")}
		from := time.Unix(rapid.Int64Range(1767225600, 1798761600).Draw(t, "at"), 0)
		d := time.Duration(rapid.IntRange(1, 6000).Draw(t, "minutes")) * time.Minute
		until := c.Add(from, d)
		if got := c.Between(from, until); got != d {
			t.Fatalf("from %s, %v of work end at %s, which is %v", from, d, until, got)
		}
		if got := c.Between(from, until.Add(-time.Second)); got >= d {
			t.Fatalf("from %s, %v of work are over before %s", from, d, until)
		}
	})
}

func TestWorkingDays(t *testing.T) {
	c := skip("2026-03-18", "2026-03-24")(officeWeek(time.UTC))
	tuesday := date(t, "2026-03-17")
	for n, want := range map[int]string{0: "2026-03-17", 1: "2026-03-19", 2: "2026-03-20", 5: "2026-03-26"} {
		if got := c.WorkingDayAfter(tuesday, n); got.String() != want {
			t.Errorf("working day %d behind the 17th is %v, want %s", n, got, want)
		}
	}
	if got := c.WorkingDayBefore(date(t, "2026-03-25"), 1).String(); got != "2026-03-23" {
		t.Errorf("the working day before the 25th is %s", got)
	}
	if got := (Calendar{}).WorkingDayAfter(tuesday, 2).String(); got != "2026-03-19" {
		t.Errorf("without working days two behind the 17th is %s", got)
	}
}
