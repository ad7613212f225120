package list_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/message"
)

// dsn is a report as an MTA sends it.
func dsn(id, diagnostic string) []byte {
	return []byte("From: MAILER-DAEMON@mx.x.example\r\nTo: peers+bounce@lists.example.org\r\nSubject: Undelivered Mail\r\nMessage-ID: <" + id + ">\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.example\r\n\r\nFinal-Recipient: rfc822; ann@x.example\r\n" +
		"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: " + diagnostic + "\r\n--b--\r\n")
}

func (s *site) reports(t *testing.T, post uint32) (all []list.Report) {
	t.Helper()
	err := s.db.View(func(r list.Reader) error {
		return r.Reports(1, post, func(r list.Report) error { all = append(all, r); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// posted is a site with two members and one post that they got.
func posted(t *testing.T) *site {
	t.Helper()
	s := newSite(t, nil)
	s.members(t, "ann@x.example", "bob@y.example")
	if _, err := s.receive(mail("ann@x.example", "1@x", "One")); err != nil {
		t.Fatal(err)
	}
	s.claimed(t)
	return s
}

func TestBounceIntake(t *testing.T) {
	automatic := func(field string) []byte {
		return []byte("From: ann@x.example\r\nTo: peers@lists.example.org\r\nMessage-ID: <v@x>\r\nSubject: Away\r\n" + field + "\r\n\r\nI am away.\r\n")
	}
	for name, c := range map[string]struct {
		from    string
		raw     []byte
		kept    bool
		refused bool
	}{
		"a report":                                        {"", dsn("d1@x", "smtp; 550 no"), true, false},
		"a report that comes from somebody":               {"postmaster@x.example", dsn("d1@x", "smtp; 550 no"), true, false},
		"anything without a return path":                  {"", automatic("X-Nothing: x"), true, false},
		"a report that cannot be read":                    {"", []byte("\x00garbage"), true, false},
		"an automatic reply":                              {"ann@x.example", automatic("Auto-Submitted: auto-replied (vacation)"), true, false},
		"an automatic reply of Exchange":                  {"ann@x.example", automatic("Auto-Submitted: auto-generated"), true, false},
		"an automatic reply of another kind":              {"ann@x.example", automatic("X-Autoreply: yes"), true, false},
		"what a person wrote":                             {"ann@x.example", automatic("X-Nothing: x"), false, false},
		"what a person wrote who says so":                 {"ann@x.example", automatic("Auto-Submitted: no"), false, false},
		"what a person wrote, and cannot be read":         {"ann@x.example", []byte("\x00garbage"), false, true},
		"what has been round too often is still a report": {"", append([]byte(strings.Repeat("Received: x\r\n", 200)), dsn("d1@x", "x")...), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := posted(t)
			log := s.logged()
			path, _ := s.personal(t, 1, "bob@y.example")
			receipt, err := s.receiveFrom(c.from, c.raw, strings.ToUpper(path))
			if c.refused {
				if reason(err) != list.Unreadable || len(s.reports(t, 1)) != 0 {
					t.Errorf("%+v, %v", receipt, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, sent := s.reports(t, 1), s.claimed(t)
			token, _, _ := strings.Cut(strings.TrimPrefix(path, "peers+bounce-"), "@")
			if strings.Contains(strings.ToLower(log.String()), token) {
				t.Errorf("logged %s", log)
			}
			if !c.kept {
				if receipt.Action != "forward" || len(got) != 0 || len(sent) != 1 || len(sent["amina@example.org"]) != 1 || !strings.HasPrefix(sent["amina@example.org"][0], " ") {
					t.Errorf("%+v; kept %v, sent %q, want it passed on to the owner with a null return path", receipt, got, sent)
				}
				return
			}
			if receipt.Action != "report" || len(sent) != 0 || len(got) != 1 {
				t.Fatalf("%+v; kept %v, sent %q", receipt, got, sent)
			}
			raw, err := s.db.Raw(got[0].Ref)
			want := list.Report{List: 1, Post: 1, Member: 2, Number: 1, Ref: got[0].Ref, From: c.from, Arrived: s.now, MessageID: message.Parse(c.raw).MessageID(), Kind: list.BounceUnknown}
			if err != nil || string(raw) != string(c.raw) || got[0] != want {
				t.Errorf("kept %+v, want %+v (%v)\n%s", got[0], want, err, raw)
			}
			if text := log.String(); !strings.Contains(text, "bounce kept") || !strings.Contains(text, "member=2") || !strings.Contains(text, "post=1") {
				t.Errorf("logged %s", text)
			}
		})
	}
}

// TestForwardedBounceHidesTheToken: what a person wrote to a mark goes on under the plain address.
func TestForwardedBounceHidesTheToken(t *testing.T) {
	s := posted(t)
	path, _ := s.personal(t, 1, "bob@y.example")
	raw := []byte("From: bob@y.example\r\nTo: peers@lists.example.org\r\nSubject: Hm\r\n\r\nWho are you?\r\n")
	// To the owners as well, in one transaction: they get it as owners, and once more as the keepers of the return path.
	if _, err := s.receiveFrom("bob@y.example", raw, path, "peers+owner@lists.example.org", "peers+bounce@lists.example.org"); err != nil {
		t.Fatal(err)
	}
	n := 0
	for {
		c, ok, err := s.db.Claim(s.now, func(d string) string { return d }, func(string) bool { return true }, 9)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		b, err := s.CopyBytes(c.Out)
		if err != nil || strings.Contains(string(b), "+bounce-") || strings.Contains(fmt.Sprintf("%+v", c.Out), "+bounce-") {
			t.Errorf("%v: %+v\n%s", err, c.Out, b)
		}
		n += len(c.Copies)
	}
	if n != 2 {
		t.Errorf("%d copies, want one for each address", n)
	}
}

func TestBouncesBeyondTheFifthAreCounted(t *testing.T) {
	s := posted(t)
	log := s.logged()
	path, _ := s.personal(t, 1, "bob@y.example")
	other, _ := s.personal(t, 1, "ann@x.example")
	for i := range 12 {
		if receipt, err := s.receiveFrom("", dsn(fmt.Sprintf("d%d@x", i), "x"), path); err != nil || receipt.Action != "report" {
			t.Fatal(receipt, err)
		}
	}
	if _, err := s.receiveFrom("", dsn("other@x", "x"), other); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range s.reports(t, 1) {
		told = append(told, fmt.Sprintf("%d %d %s %d", r.Member, r.Number, r.MessageID, r.More))
	}
	want := "[1 1 other@x 0 2 1 d0@x 0 2 2 d1@x 0 2 3 d2@x 0 2 4 d3@x 0 2 5 d4@x 7]"
	if fmt.Sprint(told) != want {
		t.Errorf("kept %v, want %s", told, want)
	}
	if n := strings.Count(log.String(), "bounce dropped"); n != 7 {
		t.Errorf("%d dropped:\n%s", n, log)
	}
}

func TestLateBouncesAreTakenAndForgotten(t *testing.T) {
	s := posted(t)
	log := s.logged()
	path, _ := s.personal(t, 1, "bob@y.example")
	s.now = s.now.Add(30 * 24 * time.Hour)
	if _, err := s.receiveFrom("", dsn("d1@x", "x"), path); err != nil || len(s.reports(t, 1)) != 1 {
		t.Fatalf("on the last day: %v", err)
	}
	s.now = s.now.Add(time.Second)
	if receipt, err := s.receiveFrom("", dsn("d2@x", "x"), path); err != nil || receipt.Action != "report" || len(s.reports(t, 1)) != 1 {
		t.Errorf("later: %+v, %v", receipt, err)
	}
	if !strings.Contains(log.String(), "late bounce") {
		t.Errorf("logged %s", log)
	}
	if receipt, err := s.receiveFrom("bob@y.example", mail("bob@y.example", "p@y", "Still here"), path); err != nil || receipt.Action != "forward" {
		t.Errorf("a person, later: %+v, %v", receipt, err)
	}
}

func TestBounceOfOneWhoLeft(t *testing.T) {
	s := posted(t)
	path, leave := s.personal(t, 1, "bob@y.example")
	if _, err := s.Leave(leave, "page"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.receiveFrom("", dsn("d1@x", "x"), path); err != nil || len(s.reports(t, 1)) != 1 {
		t.Errorf("%v, %v", s.reports(t, 1), err)
	}
}

// TestMarksBesideAPost: one transaction may hold a post, a leave and a report.
func TestMarksBesideAPost(t *testing.T) {
	s := posted(t)
	path, leave := s.personal(t, 1, "bob@y.example")
	raw := mail("ann@x.example", "2@x", "Two", "Auto-Submitted: no")
	receipt, err := s.receiveFrom("ann@x.example", raw, "peers@lists.example.org", "peers+leave-"+leave+"@lists.example.org", path, path)
	if err != nil || receipt.Action != "accept" || s.isMember(t, "bob@y.example") {
		t.Fatal(receipt, err)
	}
	sent := s.claimed(t)
	if len(sent["bob@y.example"]) != 1 || len(sent["ann@x.example"]) != 1 || len(sent["amina@example.org"]) != 1 {
		t.Errorf("sent %q", sent)
	}
}

func TestExplainTellsOfReports(t *testing.T) {
	s := posted(t)
	path, _ := s.personal(t, 1, "bob@y.example")
	other, _ := s.personal(t, 1, "ann@x.example")
	for _, in := range []struct {
		to  string
		raw []byte
	}{
		{path, dsn("d1@x", "smtp; 450 later")},
		{path, dsn("d2@x", "smtp;\r\n 550 5.1.1\r\n\tno such user\x1b[31m")},
		{other, []byte("From: x@x.example\r\nSubject: =?utf-8?q?Abwesend_=C3=BC?=\r\n\r\n\r\n")},
	} {
		s.now = s.now.Add(time.Hour)
		if _, err := s.receiveFrom("", in.raw, in.to); err != nil {
			t.Fatal(err)
		}
	}
	f, err := s.Explain("1@x")
	if err != nil || len(f) != 1 {
		t.Fatal(f, err)
	}
	want := []list.ReportRow{{Number: 1, Arrived: s.now, Reports: 1, Text: "Abwesend ü", Means: "unknown"},
		{Number: 2, Arrived: s.now.Add(-time.Hour), Reports: 2, Text: "smtp; 550 5.1.1 no such user [31m", Means: "unknown"}}
	if fmt.Sprint(f[0].Reports) != fmt.Sprint(want) {
		t.Errorf("reports %+v, want %+v", f[0].Reports, want)
	}
	if got, err := s.Foresee(context.Background(), "peers@lists.example.org", &list.Incoming{Raw: mail("ann@x.example", "3@x", "Three")}); err != nil || got.Reports == nil {
		t.Errorf("foreseen: %+v, %v", got.Reports, err)
	}
}
