package mailer

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// bounceMail is a mail with LF line ends made into one with CRLF, as it comes.
func bounceMail(raw string) *message.Message {
	return message.Parse([]byte(strings.ReplaceAll(strings.TrimPrefix(raw, "\n"), "\n", "\r\n")))
}

// brief is a report in one line: kind, format, and for each event address, status, code and class.
func brief(r list.BounceReport) string {
	s := string(r.Kind) + " " + r.Format
	for _, e := range r.Events {
		s += fmt.Sprintf(" [%s %s %d %s]", e.Address, e.Status, e.Code, e.Class)
	}
	return s
}

// dsn is a notification with this delivery-status part.
func dsn(status string) string {
	return `
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: dev+bounce-x@lists.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

This is the mail system at host mx.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Original-Envelope-Id: e+2B1
` + status + `
--b
Content-Type: message/rfc822

Return-Path: <dev+bounce-x@lists.example.org>
Message-ID: <post@author.example>
List-Unsubscribe: <https://lists.example.org/c/t>
Subject: hello

hello
--b--
`
}

func TestReadBounceOfNotifications(t *testing.T) {
	for name, c := range map[string]struct{ status, want string }{
		"one recipient failed": {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n",
			"failure rfc3464 [ann@b.example 5.1.1 550 hard]"},
		"one failed and one delayed is one failure": {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; bob@b.example\nAction: delayed\nStatus: 4.4.1\n",
			"failure rfc3464 [ann@b.example 5.1.1 0 hard] [bob@b.example 4.4.1 0 ]"},
		"two failed are two events": {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.2.2\n",
			"failure rfc3464 [ann@b.example 5.1.1 0 hard] [bob@b.example 5.2.2 0 soft]"},
		"two failed without a blank line between them are two events": {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.2.2\n",
			"failure rfc3464 [ann@b.example 5.1.1 0 hard] [bob@b.example 5.2.2 0 soft]"},
		"a block with a blank line in its middle is one event": {"\nFinal-Recipient: rfc822; ann@b.example\n\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"delayed is no failure":                                {"\nFinal-Recipient: rfc822; ann@b.example\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Fri, 6 Mar 2026 10:00:00 +0000\n", "delay rfc3464 [ann@b.example 4.4.1 0 ]"},
		"delivered, relayed and expanded are no failure": {"\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@b.example\nAction: relayed\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; c@b.example\nAction: expanded\nStatus: 2.0.0\n",
			"delivered rfc3464 [a@b.example 2.0.0 0 ] [b@b.example 2.0.0 0 ] [c@b.example 2.0.0 0 ]"},
		"the original recipient counts, in xtext":         {"\nOriginal-Recipient: rfc822; ann+2Blist@b.example\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [ann+list@b.example 5.1.1 0 hard]"},
		"a plus sign that nobody encoded stays":           {"\nOriginal-Recipient: rfc822; ann+list@b.example\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [ann+list@b.example 5.1.1 0 hard]"},
		"an internationalised original recipient":         {"\nOriginal-Recipient: utf-8; J\\x{F6}rg@b.example\nFinal-Recipient: utf-8; x@y.example\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [Jörg@b.example 5.1.1 0 hard]"},
		"an escape that is none":                          {"\nOriginal-Recipient: utf-8; a\\x{zz}b@b.example\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"no action, a code of success":                    {"\nFinal-Recipient: rfc822; ann@b.example\nStatus: 2.1.5\n", "delivered rfc3464 [ann@b.example 2.1.5 0 ]"},
		"a second block about the same, without address":  {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n\nAction: failed\nStatus: 5.0.0\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"an address without type, in angle brackets":      {"\nFinal-Recipient: <ann@b.example>\nAction: failed\nStatus: 5.1.1\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"text behind the action, comment behind the code": {"\nFinal-Recipient: rfc822;ann@b.example\nAction: Failed (gave up)\nStatus: 5.1.1 (bad mailbox)\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"names in any case, folded values":                {"\nFINAL-RECIPIENT: RFC822;\n ann@b.example\naction: FAILED\nstatus: 5.0.0\ndiagnostic-code: smtp;\n 550 5.1.1\n no such user\n", "failure rfc3464 [ann@b.example 5.1.1 550 hard]"},
		"the code that says more wins":                    {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 no\n", "failure rfc3464 [ann@b.example 5.1.1 550 hard]"},
		"given up on a temporary error is soft":           {"\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 451 4.1.1 user unknown, try later\n", "failure rfc3464 [ann@b.example 4.1.1 451 soft]"},
		"no action, permanent code":                       {"\nFinal-Recipient: rfc822; ann@b.example\nStatus: 5.1.1\n", "failure rfc3464 [ann@b.example 5.1.1 0 hard]"},
		"no action, temporary code, is a delay":           {"\nFinal-Recipient: rfc822; ann@b.example\nStatus: 4.2.0\n", "delay rfc3464 [ann@b.example 4.2.0 0 ]"},
		"a recipient that cannot be read has no address":  {"\nFinal-Recipient: system; <>\nAction: failed\nStatus: 5.0.0\n", "failure rfc3464 [ 5.0.0 0 soft]"},
	} {
		t.Run(name, func(t *testing.T) {
			r := ReadBounce(bounceMail(dsn(c.status)), true)
			if got := brief(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if r.MessageID != "post@author.example" || r.EnvelopeID != "e+1" || r.ReturnPath != "dev+bounce-x@lists.example.org" ||
				r.Unsubscribe != "<https://lists.example.org/c/t>" {
				t.Errorf("original: %+v", r)
			}
			if person := brief(ReadBounce(bounceMail(dsn(c.status)), false)); person != c.want {
				t.Errorf("with a return path: %s", person)
			}
		})
	}
}

func TestTheDiagnosticNamesTheServer(t *testing.T) {
	r := ReadBounce(bounceMail(dsn("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx2.b.example\nDiagnostic-Code: smtp; 550 5.1.1\n  no such user\n")), true)
	if want := "mx2.b.example: 550 5.1.1 no such user"; len(r.Events) != 1 || r.Events[0].Text != want {
		t.Errorf("%+v, want %q", r.Events, want)
	}
	long := ReadBounce(bounceMail(dsn("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 "+strings.Repeat("é", 3000)+"\n")), true)
	if text := long.Events[0].Text; len(text) > maxDiagnostic || !strings.HasPrefix(text, "550 é") || strings.ContainsRune(text, '\uFFFD') {
		t.Errorf("%d octets: %q", len(text), text)
	}
}

func TestNotificationsThatAreBuiltWrong(t *testing.T) {
	base := dsn("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n")
	third := base[strings.Index(base, "--b\nContent-Type: message/rfc822"):strings.Index(base, "--b--")]
	status := base[strings.Index(base, "\nReporting-MTA")+1 : strings.Index(base, third)]
	want := "failure rfc3464 [ann@b.example 5.1.1 0 hard]"
	for name, c := range map[string]struct{ raw, want string }{
		"no third part":              {strings.Replace(base, third, "", 1), want},
		"only the headers come back": {strings.Replace(base, "Content-Type: message/rfc822", "Content-Type: text/rfc822-headers", 1), want},
		"no report-type":             {strings.Replace(base, "report-type=delivery-status; ", "", 1), want},
		"multipart/mixed":            {strings.Replace(base, "multipart/report; report-type=delivery-status", "multipart/mixed", 1), want},
		"global-delivery-status":     {strings.Replace(base, "message/delivery-status", "message/global-delivery-status", 1), want},
		"base64": {strings.Replace(base, "Content-Type: message/delivery-status\n\n"+status,
			"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"+
				"UmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjsgYW5uQGIuZXhhbXBsZQpBY3Rpb246IGZhaWxlZApTdGF0dXM6IDUuMS4xCg==\n", 1), want},
		"quoted-printable":             {strings.Replace(strings.Replace(base, "ann@b.example", "ann=40b.example", 1), "delivery-status\n\n", "delivery-status\nContent-Transfer-Encoding: quoted-printable\n\n", 1), want},
		"a text file instead":          {strings.Replace(base, "Content-Type: message/delivery-status\n", "Content-Type: text/plain\nContent-Disposition: attachment; filename=details.txt\n", 1), want},
		"in the text, for people only": {strings.Replace(base, "Content-Type: message/delivery-status\n", "Content-Type: text/plain\n", 1), "failure rfc3464-text [ann@b.example 5.1.1 0 hard]"},
		"a boundary that never comes":  {strings.Replace(base, `boundary="b"`, `boundary="c"`, 1), "failure rfc3464-text [ann@b.example 5.1.1 0 hard]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := brief(ReadBounce(bounceMail(c.raw), true)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestManyRecipientsAreBounded(t *testing.T) {
	r := ReadBounce(bounceMail(dsn(strings.Repeat("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.1.1\n", 3000))), true)
	if len(r.Events) != maxEvents {
		t.Errorf("%d events, want %d", len(r.Events), maxEvents)
	}
}
