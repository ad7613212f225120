package list

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list/message"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestMornings(t *testing.T) {
	for name, c := range map[string]struct{ zone, at, last, next string }{
		"before seven it is today":                       {"Africa/Nairobi", "2026-03-02T03:59:59Z", "2026-03-01T04:00:00Z", "2026-03-02T04:00:00Z"},
		"at seven it is tomorrow, and was now":           {"Africa/Nairobi", "2026-03-02T04:00:00Z", "2026-03-02T04:00:00Z", "2026-03-03T04:00:00Z"},
		"the day is the list's, not UTC's":               {"Pacific/Auckland", "2026-07-01T20:00:00Z", "2026-07-01T19:00:00Z", "2026-07-02T19:00:00Z"},
		"on the day that is an hour short":               {"Europe/Berlin", "2026-03-28T06:00:00Z", "2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z"},
		"after it":                                       {"Europe/Berlin", "2026-03-29T05:00:00Z", "2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z"},
		"on the day that is an hour long":                {"Europe/Berlin", "2026-10-24T05:00:00Z", "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"},
		"within the hour that comes twice":               {"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"},
		"over the end of a year":                         {"UTC", "2026-12-31T07:00:00Z", "2026-12-31T07:00:00Z", "2027-01-01T07:00:00Z"},
		"over a leap day":                                {"UTC", "2028-02-29T06:00:00Z", "2028-02-28T07:00:00Z", "2028-02-29T07:00:00Z"},
		"where a whole day was left out of the calendar": {"Pacific/Apia", "2011-12-29T17:00:00Z", "2011-12-29T17:00:00Z", "2011-12-30T17:00:00Z"},
		"a nanosecond before":                            {"UTC", "2026-03-02T06:59:59.999999999Z", "2026-03-01T07:00:00Z", "2026-03-02T07:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339Nano, c.at)
			if err != nil {
				t.Fatal(err)
			}
			loc := zoneOf(t, c.zone)
			if got := lastMorning(at, loc).UTC().Format(time.RFC3339); got != c.last {
				t.Errorf("the last one: %s, want %s", got, c.last)
			}
			if got := nextMorning(at, loc).UTC().Format(time.RFC3339); got != c.next {
				t.Errorf("the next one: %s, want %s", got, c.next)
			}
		})
	}
}

// TestMorningsTile: whatever the zone does in a year, each morning is followed by the next, and is seven o'clock there.
func TestMorningsTile(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia"} {
		loc := zoneOf(t, name)
		at := time.Date(2026, 1, 1, 7, 0, 0, 0, loc)
		for range 400 {
			next := nextMorning(at, loc)
			if gap := next.Sub(at); gap < 22*time.Hour || gap > 26*time.Hour || next.Hour() != 7 || next.Minute() != 0 {
				t.Errorf("%s: after %v comes %v", name, at, next)
			}
			for _, within := range []time.Time{at, at.Add(1), next.Add(-1)} {
				if !lastMorning(within, loc).Equal(at) || !nextMorning(within, loc).Equal(next) {
					t.Errorf("%s: %v is not between %v and %v", name, within, at, next)
				}
			}
			at = next
		}
	}
}

func TestStatusCode(t *testing.T) {
	for status, want := range map[string]string{
		"550 5.1.1 No such user": "550 5.1.1",
		"550 No such user":       "550",
		"550 5.1.1":              "550 5.1.1",
		"550":                    "550",
		"4.4.7 given up after 5d: 451 4.7.1 wait": "4.4.7",
		"5.1.10 the domain takes no mail":         "5.1.10",
		"550 5.1.1.1 odd":                         "550",
		"550 5..1 odd":                            "550",
		"550 6.1.1 odd":                           "550",
		"550-5.1.1 a line of several":             "",
		"5 0 0":                                   "",
		"no route to host":                        "",
		"":                                        "",
	} {
		if got := statusCode(status); got != want {
			t.Errorf("%q: %q, want %q", status, got, want)
		}
	}
}

// goldenReport is what the owners of a list are told after a day on which much went wrong.
func goldenReport(site *Site, l *List) *failureReport {
	at := time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)
	r := &failureReport{site: site, list: l, morning: time.Date(2026, 3, 3, 7, 0, 0, 0, l.zone()), byOut: map[uint64]*postFailures{}}
	fail := func(out uint64, address, status string) {
		r.add(&Failure{List: 1, At: at, Outgoing: out, Number: uint32(len(r.all) + 1), Address: address, Status: status})
	}
	fail(1, "gone@down.example", "550 5.1.1 <gone@down.example>: Recipient address rejected: User unknown")
	fail(1, "left@down.example", "550 5.1.1 <left@down.example>: Recipient address rejected: User unknown")
	fail(2, "noor@example.net", "4.4.7 given up after 120h0m0s: 451 4.7.1 Greylisted, try again later")
	for i := range 60 {
		fail(2, fmt.Sprintf("m%02d@big.example", i), "552 5.2.2 Mailbox full")
	}
	fail(2, "grüße@ünïcode.example", "553 5.6.7 address needs SMTPUTF8\r\nBcc: victim@example.org")
	for out := range uint64(25) {
		fail(3+out, "gone@down.example", "550 5.1.1 no such user")
	}
	for i, p := range r.reported() {
		p.post = Post{Number: uint32(i + 1), Subject: "Weekly call", From: "dede@example.org", FromName: "Dede", Accepted: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
		p.tally = Tally{Delivered: 97, Failed: uint64(p.copies)}
	}
	r.posts[0].tally.Deferred, r.posts[0].tally.Delivered = 2, 1
	r.posts[1].post.Subject, r.posts[1].post.FromName = "Grüße \r\nBcc: victim@example.org "+strings.Repeat("и", 200), ""
	r.posts[2].post = Post{Number: 3, Accepted: r.posts[2].post.Accepted}
	return r
}

// goldenChanges are one change of each kind.
func goldenChanges() (all []AddressChange) {
	for i, what := range []ChangeKind{ChangeBouncing, ChangeBack, ChangeDisabled, ChangeComplaint, ChangeUnreachable} {
		c := AddressChange{List: 1, Address: string(what) + "@example.net", What: what, At: time.Date(2026, 3, i+1, 2, 30, 0, 0, time.UTC)}
		if what == ChangeBouncing || what == ChangeUnreachable {
			c.Why = "550 5.1.1 <" + c.Address + ">: Recipient address rejected: User unknown in virtual mailbox table"
		}
		all = append(all, c)
	}
	return all
}

// goldenNotices are the notices to the people who run a list and the server, by the names of their files.
func goldenNotices(t *testing.T) map[string]*notice {
	t.Helper()
	site := testSite()
	l := *site.Lists[0]
	l.Location = zoneOf(t, "Africa/Nairobi")
	now := time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)
	post := Post{Number: 7, Subject: "Grüße aus Köln", From: "dede@example.org", FromName: "Dede", Accepted: now.Add(-time.Hour)}
	report := func(changes []AddressChange) *failureReport {
		return &failureReport{site: site, list: &l, morning: now.In(l.zone()), byOut: map[uint64]*postFailures{}, changes: changes}
	}
	one := report(nil)
	one.add(&Failure{Outgoing: 1, Number: 1, Address: "gone@down.example", Status: "550 5.1.1 User unknown"})
	one.posts[0].post, one.posts[0].tally = post, Tally{Delivered: 1, Failed: 1}
	both := report(goldenChanges())
	both.add(&Failure{Outgoing: 1, Number: 1, Address: "bouncing@example.net", Status: "550 5.1.1 User unknown"})
	both.posts[0].post, both.posts[0].tally = post, Tally{Failed: 1}
	return map[string]*notice{
		"failures":         goldenReport(site, &l).notice(now),
		"failures-one":     one.notice(now),
		"failures-changes": report(goldenChanges()).notice(now),
		"failures-change":  report(goldenChanges()[1:2]).notice(now),
		"failures-both":    both.notice(now),
		"stopped":          trippedNotice(site, &l, &post, "mx.big.example", "550 5.7.26 Unauthenticated email from example.org is not accepted", now),
		"frozen":           frozenNotice(site, "smtp.provider.example:587", "535 5.7.8 Username and password not accepted", now),
		"unwritten": unwrittenNotice(site, 2, []*TextFault{{"fr.tmpl", 3, 9, `executing "goodbye.body" at <index .Values.done 100>: error calling index: index out of range: 100`},
			{"en.tmpl", 12, 1, "goodbye.body: the text becomes longer than 1048576 octets"}}, now),
		"unwritten-notices": unwrittenNotice(site, 1, nil, now),
		"unwritten-texts":   unwrittenNotice(site, 0, slices.Repeat([]*TextFault{{"en.tmpl", 12, 1, "x"}}, 12), now),
		"frozen-hostile":    frozenNotice(site, "evil\r\nBcc: victim@example.org", "535 \xff\x00\r\n.\r\nMAIL FROM:<x>\u202e"+strings.Repeat("x", 2000), now),
	}
}

func TestGoldenNotices(t *testing.T) {
	for name, n := range goldenNotices(t) {
		for _, language := range []string{"en", "fr", "es"} {
			t.Run(name+"."+language, func(t *testing.T) { checkGoldenNotice(t, name, language, n) })
		}
	}
}

func checkGoldenNotice(t *testing.T, name, language string, n *notice) {
	raw, err := n.bytes(language)
	if err != nil {
		t.Fatal(err)
	}
	m := message.Parse(raw)
	if err := m.Check(); err != nil || m.Count("Bcc") != 0 || m.Get("Auto-Submitted") != "auto-generated" || m.Get("Precedence") != "bulk" || m.Get("Content-Language") != language {
		t.Errorf("%v, or not the header of a notice:\n%s", err, raw[:m.Body])
	}
	if id := m.MessageID(); (m.Count("List-Id") == 1) != (n.list != nil) || !strings.HasSuffix(id, "@"+n.domain) || strings.Contains(id, "."+language+"@") != (language != "en") {
		t.Errorf("list and Message-ID:\n%s", raw[:m.Body])
	}
	if again, err := n.bytes(language); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("made again it differs, %v", err)
	}
	for _, line := range bytes.Split(raw, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || bytes.Equal(line, []byte(".")) {
			t.Errorf("a line that does not go over the wire: %q", line)
		}
	}
	want := filepath.Join("testdata", "notices", name+"."+language+".eml")
	plain := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	if *update {
		if err := os.WriteFile(want, plain, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(want); err != nil || !bytes.Equal(b, plain) {
		t.Errorf("the notice is not %s (%v):\n%s", want, err, plain)
	}
}

// TestWhatEachCodeMeans holds that every meaning there is has its phrase in every language, and which codes come to which.
func TestWhatEachCodeMeans(t *testing.T) {
	texts := builtTexts()
	for _, code := range append(slices.Clone(meanings), "several", "other") {
		seen := map[string]bool{}
		for _, language := range []string{"en", "fr", "es"} {
			said, err := texts.phrase("failed-"+code, []string{language}, nil)
			if err != nil || !strings.HasSuffix(said, ":") || seen[said] {
				t.Errorf("%s in %s: %q, %v", code, language, said, err)
			}
			seen[said] = true
		}
	}
	for code, want := range map[string]string{"550 5.1.1": "failed-1.1", "550 5.1.10": "failed-1.10", "550 5.1.99": "failed-1", "4.4.7": "failed-4.7", "5.4.1": "failed-other",
		"552 5.2.2": "failed-2.2", "550 5.7.26": "failed-7", "550": "failed-other", "": "failed-several"} {
		if got := (&statusGroup{code: code}).meaning(); got != want {
			t.Errorf("%q: %s, want %s", code, got, want)
		}
	}
}

func TestTheReportIsBounded(t *testing.T) {
	site := testSite()
	r := &failureReport{site: site, list: site.Lists[0], morning: testNow, byOut: map[uint64]*postFailures{}}
	for i := range 20_000 {
		r.add(&Failure{Outgoing: uint64(i % 200), Number: uint32(i), Address: strings.Repeat("x", 200) + "@down.example",
			Status: fmt.Sprintf("550 5.%d.1 %s", i/200, strings.Repeat("y", 500))})
	}
	if raw, err := r.notice(testNow).bytes(""); err != nil || len(raw) > 500_000 {
		t.Errorf("%d octets, %v", len(raw), err)
	}
	for _, p := range r.posts {
		copies := 0
		for _, g := range p.groups {
			copies += g.copies
		}
		if len(p.groups) > groupsReported || p.copies != 100 || p.groups != nil && copies != 100 {
			t.Errorf("%d groups, of %d copies %d", len(p.groups), p.copies, copies)
		}
	}
	if len(r.all) != 20_000 || len(r.posts) != 200 {
		t.Errorf("%d copies of %d posts", len(r.all), len(r.posts))
	}
}
