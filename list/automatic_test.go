package list

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convene/list/message"
)

func personsMail(fields ...string) *message.Message {
	return message.Parse([]byte("From: Ann Lee <ann@x.example>\r\nSubject: Re: held\r\n" + strings.Join(fields, "\r\n") + "\r\n\r\napprove\r\n"))
}

// calendarMail is an answer to an invitation, as a calendar program writes it.
func calendarMail(method string, fields ...string) *message.Message {
	return message.Parse([]byte("From: Ann <ann@x.example>\r\nSubject: Accepted: tea\r\n" + strings.Join(append(fields, ""), "\r\n") + "Content-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nAnn has accepted\r\n--b\r\nContent-Type: text/calendar; charset=utf-8" + method + "\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n"))
}

func mailFrom(address string) *message.Message {
	return message.Parse([]byte("From: <" + address + ">\r\nSubject: x\r\n\r\nx\r\n"))
}

func TestAutomatic(t *testing.T) {
	for name, c := range map[string]struct {
		m            *message.Message
		from         string // the return path; "-" is none
		auto, silent bool   // silent: must not be answered
	}{
		"a person":                                        {m: personsMail()},
		"a person who says so":                            {m: personsMail("Auto-Submitted: no")},
		"a person who says so in a comment":               {m: personsMail("Auto-Submitted: No (by hand)")},
		"no return path":                                  {m: personsMail(), from: "-", auto: true},
		"a vacation notice":                               {m: personsMail("Auto-Submitted: auto-replied (vacation)"), auto: true},
		"a vacation notice with parameters":               {m: personsMail("Auto-Submitted: Auto-Replied; owner-email=\"ann@x.example\""), auto: true},
		"a notification":                                  {m: personsMail("Auto-Submitted: auto-generated"), auto: true},
		"a keyword that nobody knows":                     {m: personsMail("Auto-Submitted: yes"), auto: true},
		"Precedence of vacation programs":                 {m: personsMail("Precedence: auto_reply"), auto: true},
		"Precedence of lists":                             {m: personsMail("Precedence: List"), auto: true},
		"Precedence of people":                            {m: personsMail("Precedence: first-class")},
		"a field of lists":                                {m: personsMail("List-Unsubscribe: <mailto:x@x.example>"), auto: true},
		"a field that begins like theirs":                 {m: personsMail("Listing: x")},
		"Exchange that is away":                           {m: personsMail("X-Auto-Response-Suppress: All"), auto: true},
		"a person at a company that wants no answers":     {m: personsMail("X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"), silent: true},
		"a person at a company that wants no receipts":    {m: personsMail("X-Auto-Response-Suppress: DR, RN")},
		"a rule of Exchange":                              {m: personsMail("X-MS-Exchange-Inbox-Rules-Loop: ann@x.example"), auto: true},
		"an autoresponder":                                {m: personsMail("X-Autorespond: held"), auto: true},
		"no autoresponder":                                {m: personsMail("X-Autoreply: no")},
		"a report":                                        {m: personsMail("Content-Type: multipart/report; report-type=delivery-status; boundary=b"), auto: true},
		"a person's filter":                               {m: personsMail("X-Loop: ann@x.example")},
		"the mailer daemon by return path":                {m: personsMail(), from: "MAILER-DAEMON@x.example", auto: true},
		"the mailer daemon by From":                       {m: mailFrom("mailer-daemon@x.example"), auto: true},
		"an address that nobody reads":                    {m: mailFrom("no-reply@x.example"), auto: true},
		"an address that nobody reads, with a detail":     {m: mailFrom("noreply+123@x.example"), auto: true},
		"the owner of a list by return path":              {m: personsMail(), from: "owner-tea@x.example", auto: true},
		"a bounce address by return path":                 {m: personsMail(), from: "tea-bounces+ann=x.example@x.example", auto: true},
		"the owner of a shop":                             {m: mailFrom("shop-owner@x.example")},
		"a vacation notice without marks":                 {m: message.Parse([]byte("From: a@x.example\r\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_=3A?= x\r\n\r\nx")), auto: true},
		"an answer to a vacation notice":                  {m: message.Parse([]byte("From: a@x.example\r\nSubject: Re: Out of office: x\r\n\r\nx"))},
		"a subject that begins alike":                     {m: message.Parse([]byte("From: a@x.example\r\nSubject: Auto: the car\r\n\r\nx")), auto: true},
		"a subject with a longer word":                    {m: message.Parse([]byte("From: a@x.example\r\nSubject: Out of officers\r\n\r\nx"))},
		"an answer of a calendar":                         {m: calendarMail("; method=REPLY")},
		"an answer of a calendar that calls it generated": {m: calendarMail("; method=REPLY", "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"), silent: true},
		"an answer of a calendar that names no method":    {m: calendarMail("", "Auto-Submitted: auto-generated")},
		"an invitation that is generated":                 {m: calendarMail("; method=REQUEST", "Auto-Submitted: auto-generated"), auto: true},
		"a room that answers by itself":                   {m: calendarMail("; method=REPLY", "Auto-Submitted: auto-replied"), auto: true},
	} {
		t.Run(name, func(t *testing.T) {
			env := &Envelope{From: "ann@x.example"}
			if c.from == "-" {
				env.From = ""
			} else if c.from != "" {
				env.From = c.from
			}
			why, ok := Automatic(env, c.m)
			if ok != c.auto || ok == (why == "") {
				t.Errorf("automatic %v because %q, want %v", ok, why, c.auto)
			}
			if why, ok := Unanswerable(env, c.m); ok != (c.auto || c.silent) || ok == (why == "") {
				t.Errorf("unanswerable %v because %q, want %v", ok, why, c.auto || c.silent)
			}
		})
	}
	if why, ok := Automatic(&Envelope{Authenticated: true}, personsMail()); ok {
		t.Errorf("what the command line hands in is automatic: %s", why)
	}
}

// TestAutomaticVectors asks about the marks that others know.
func TestAutomaticVectors(t *testing.T) {
	data, err := os.ReadFile("../../shared/corpora/autoreply/header-vectors.jsonl")
	if err != nil {
		t.Skipf("no vectors to test with: %v", err)
	}
	seen, agreed := 0, 0
	for line := range strings.Lines(string(data)) {
		var v struct {
			Headers   []string
			Automatic any
			Source    string
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		env, fields := &Envelope{From: "ann@x.example"}, []string{}
		for _, h := range v.Headers {
			if path, ok := strings.CutPrefix(h, "X-Envelope-From: "); ok {
				env.From = path
				continue
			}
			fields = append(fields, strings.ReplaceAll(h, "\n", "\r\n"))
		}
		m := message.Parse([]byte(strings.Join(append(fields, "Date: Mon, 04 May 2026 10:11:12 +0000"), "\r\n") + "\r\n\r\nx\r\n"))
		why, got := Automatic(env, m)
		want := v.Automatic == true
		switch v.Automatic.(type) {
		case nil:
			want = got // nobody knows
		case string:
			want = true
		}
		if strings.Contains(line, "MDN-sent-manually") {
			want = true // a person asked for the receipt to be sent, but what it says is no answer to anything
		}
		if seen++; got == want {
			agreed++
		} else {
			t.Errorf("%q: automatic %v because %q, but %s has %v", v.Headers, got, why, v.Source, v.Automatic)
		}
	}
	t.Logf("%d of %d agree", agreed, seen)
	if seen < 30 {
		t.Errorf("only %d vectors were read", seen)
	}
}

// TestAutomaticInReality asks about bounces, which are all automatic, and about posts of people, which are not.
func TestAutomaticInReality(t *testing.T) {
	count := func(pattern string) (files, automatic int) {
		paths, err := filepath.Glob("../../shared/corpora/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(paths) == 0 {
			t.Skip("no mail to test with: " + pattern)
		}
		for _, path := range paths {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files++
			m := message.Parse(raw)
			if _, ok := Automatic(&Envelope{From: "someone@x.example"}, m); ok {
				automatic++
			}
		}
		return files, automatic
	}
	if files, n := count("bounces/sisimai+set-of-emails/maildir/bsd/*.eml"); n*100 < files*90 {
		t.Errorf("of %d bounces with a return path, only %d are known to be automatic", files, n)
	} else {
		t.Logf("%d of %d bounces are known by their content alone", n, files)
	}
	files, n := count("calendar/cyrusimap+cyrus-imapd/imip/imip_reply*-2-mail.eml")
	if n > 0 || files == 0 {
		t.Errorf("%d of %d answers of calendars are taken for automatic", n, files)
	}
}
