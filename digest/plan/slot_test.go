package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// twentyZones change their clocks early and late in the day, by half an hour, by two hours, at midnight, in both halves of the world, or never.
var twentyZones = []string{
	"Africa/Nairobi", "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/La_Paz", "America/New_York", "America/Santiago",
	"America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu", "Atlantic/Azores", "Australia/Lord_Howe", "Australia/Sydney",
	"Europe/Berlin", "Europe/London", "Pacific/Chatham", "UTC",
}

func mustCron(t interface{ Fatal(...any) }, line string) Cron {
	cron, err := ParseCron(line)
	if err != nil {
		t.Fatal(err)
	}
	return cron
}

func TestSlots(t *testing.T) {
	for name, c := range map[string]struct {
		line, zone, from, until string
		weeks                   int
		want                    string
	}{
		"every morning": {"0 7 * * *", "Africa/Nairobi", "2026-03-02 07:00", "2026-03-04 07:00", 0,
			"2026-03-03 [02 07:00 - 03 07:00) 2026-03-04 [03 07:00 - 04 07:00)"},
		"in the spring gap": {"30 2 * * *", "Europe/Berlin", "2026-03-28 03:00", "2026-03-30 03:00", 0,
			"2026-03-29 [28 03:00 - 29 03:00) 2026-03-30 [29 03:00 - 30 02:30)"},
		"twice in autumn": {"30 2 * * *", "Europe/Berlin", "2026-10-24 03:00", "2026-10-26 03:00", 0,
			"2026-10-25 [24 03:00 - 25 02:30) 2026-10-26 [25 02:30 - 26 02:30)"},
		"two in one gap are one": {"10,40 2 * * *", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 12:00", 0,
			"2026-03-29 [29 00:00 - 29 03:00)"},
		"two a day have keys of their own": {"0 7,19 * * *", "UTC", "2026-03-02 00:00", "2026-03-03 00:00", 0,
			"2026-03-02 [02 00:00 - 02 07:00) 2026-03-02 19:00 [02 07:00 - 02 19:00)"},
		"a midnight that is not there": {"0 0 * * 0", "America/Santiago", "2026-09-01 00:00", "2026-09-14 00:00", 0,
			"2026-09-06 [01 00:00 - 06 01:00) 2026-09-13 [06 01:00 - 13 00:00)"},
		"every second week": {"0 8 * * MON", "UTC", "2026-03-01 00:00", "2026-04-01 00:00", 2,
			"2026-03-02 [01 00:00 - 02 08:00) 2026-03-16 [02 08:00 - 16 08:00) 2026-03-30 [16 08:00 - 30 08:00)"},
		"the day that was left out in Samoa": {"0 0 * * *", "Pacific/Apia", "2011-12-29 12:00", "2012-01-01 12:00", 0,
			"2011-12-30 [29 12:00 - 31 00:00) 2012-01-01 [31 00:00 - 01 00:00)"},
	} {
		t.Run(name, func(t *testing.T) {
			loc := zone(t, c.zone)
			s := Schedule{Cron: mustCron(t, c.line), Location: loc, EveryWeeks: c.weeks}
			var got []string
			from, until := at(t, loc, c.from), at(t, loc, c.until)
			slots := s.Slots(from, until)
			for _, slot := range slots {
				got = append(got, fmt.Sprintf("%s [%s - %s)", slot.Key, slot.From.Format("02 15:04"), slot.At.Format("02 15:04")))
			}
			same(t, strings.Join(got, " "), c.want)
			last := slots[len(slots)-1]
			if due, ok := s.Due(from, until); !ok || due.Key != last.Key || !due.At.Equal(last.At) || !due.From.Equal(from) {
				t.Errorf("due is %+v, want %s with all that was missed", due, last.Key)
			}
			if _, again := s.Due(last.At, until); again {
				t.Error("what was done is due again")
			}
			if next := s.Next(from); !next.Equal(slots[0].At) {
				t.Errorf("the next is %s, want %s", next, slots[0].At)
			}
		})
	}
}

// dues finds slots another way: it walks the time line and looks at the clock, and knows nothing of Date.At. Lines fire on quarters of an hour.
func dues(day func(Date) []int, loc *time.Location, from, until time.Time) []time.Time {
	var all []time.Time
	type wait struct {
		day  Date
		left []int
	}
	var waiting []wait // the day before, for what a gap pushed over midnight, and this one
	for t := from.Add(-48 * time.Hour).Truncate(15 * time.Minute); !t.After(until); t = t.Add(15 * time.Minute) {
		local := t.In(loc)
		today, now := DateOf(local), clock(local)
		if len(waiting) == 0 || waiting[len(waiting)-1].day != today {
			waiting = append(waiting, wait{today, day(today)})
			waiting = waiting[max(0, len(waiting)-2):]
		}
		fired := false
		for i := range waiting {
			for w := &waiting[i]; len(w.left) > 0 && (w.day != today || w.left[0] <= now); w.left = w.left[1:] {
				fired = true
			}
		}
		if fired && t.After(from) {
			all = append(all, t)
		}
	}
	return all
}

func TestSlotsAreThoseOfTheClockOnTheWall(t *testing.T) {
	from, until := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	for i, name := range twentyZones {
		loc := zone(t, name)
		line := []string{"30 2 * * *", "0 0 * * *", "45 1 * * SUN", "0,30 0-3 * * *", "15 23 * * *"}[i%5]
		s := Schedule{Cron: mustCron(t, line), Location: loc}
		want := dues(s.Cron.on, loc, from, until)
		got := s.Slots(from, until)
		if len(got) != len(want) || len(got) < 500 {
			t.Errorf("%s, %q: %d slots, want %d", name, line, len(got), len(want))
		}
		for j := range min(len(got), len(want)) {
			if !got[j].At.Equal(want[j]) {
				t.Errorf("%s, %q: slot %s is at %s, want %s", name, line, got[j].Key, got[j].At, want[j].In(loc))
				break
			}
		}
	}
}

// Over ten years and whatever downtime each slot is done once, none is left out, and windows tile, whether what was missed is done one by one or together.
func TestSlotsWithDowntime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hour, minute := rapid.IntRange(0, 23).Draw(t, "hour"), rapid.SampledFrom([]int{0, 1, 15, 30, 59}).Draw(t, "minute")
		days := rapid.SampledFrom([]string{"* * *", "* * SUN", "* * MON", "1 * *", "29 2 *", "* * SAT,SUN"}).Draw(t, "days")
		s := Schedule{
			Cron:       mustCron(t, fmt.Sprintf("%d %d %s", minute, hour, days)),
			Location:   zoneOf(rapid.SampledFrom(twentyZones).Draw(t, "zone")),
			EveryWeeks: rapid.SampledFrom([]int{0, 0, 2, 3}).Draw(t, "weeks"),
		}
		start := time.Date(2026, 1, 1, rapid.IntRange(0, 23).Draw(t, "start"), 0, 0, 0, time.UTC)
		end := start.AddDate(10, 0, 0)
		all := s.Slots(start, end)
		seen := map[string]bool{}
		last, merged, n := start, start, 0
		for now := start; now.Before(end); {
			down := rapid.SampledFrom([]time.Duration{time.Minute, 20 * time.Hour, 3 * 24 * time.Hour, 40 * 24 * time.Hour, 300 * 24 * time.Hour}).Draw(t, "down")
			if now = now.Add(down); now.After(end) {
				now = end
			}
			missed := s.Slots(last, now)
			for _, slot := range missed {
				if seen[slot.Key] || n >= len(all) || all[n].Key != slot.Key || !slot.From.Equal(last) || !slot.At.After(slot.From) {
					t.Fatalf("slot %d: %+v behind %s, want %+v", n, slot, last, all[min(n, len(all)-1)])
				}
				seen[slot.Key] = true
				last = slot.At
				n++
			}
			due, ok := s.Due(merged, now)
			if ok != (len(missed) > 0) || ok && (due.Key != missed[len(missed)-1].Key || !due.From.Equal(merged)) {
				t.Fatalf("%d slots were missed by %s, and due is %+v", len(missed), now, due)
			}
			if ok {
				merged = due.At
			}
			if now.Equal(end) {
				break
			}
		}
		if n != len(all) {
			t.Fatalf("%d of %d slots were done", n, len(all))
		}
	})
}

// Where clocks never change, slots are what the cron package itself says, whatever the line.
func FuzzCron(f *testing.F) {
	for _, line := range []string{"0 7 * * *", "*/15 9-17 * * MON-FRI", "30 2 29 2 *", "0 9 1,15 * SUN", "5 6 */2 * 3", "TZ=0", "@daily", "0 0 31 2 *", "1-59/7 */5 ? JAN,JUN TUE"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := ParseCron(line)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error without words")
			}
			return
		}
		want, err := parseCron(line)
		if err != nil {
			t.Fatal(err)
		}
		s := Schedule{Cron: c, Location: time.UTC}
		from := time.Date(2026, 2, 20, 13, 7, 0, 0, time.UTC)
		for range 20 {
			next := s.Next(from)
			if at := want.Next(from); !at.IsZero() && !at.Equal(next) {
				t.Fatalf("%q after %s is at %s, want %s", line, from, next, at)
			}
			from = next
		}
	})
}
