package mailer

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"convene/list"
	"convene/list/message"
)

// complaint is a feedback report with these fields.
func complaint(fields string) string {
	return `
Return-Path: <feedback@arf.provider.example>
From: Feedback <feedback@arf.provider.example>
Subject: FW: hello
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b

This is an abuse report.
--b
Content-Type: message/feedback-report

` + fields + `
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

func TestReadBounceOfFeedback(t *testing.T) {
	const who = "User-Agent: Feedback/1\nVersion: 1\n"
	for name, c := range map[string]struct{ fields, want string }{
		"abuse":                              {"Feedback-Type: abuse\n" + who + "Original-Rcpt-To: <ann@b.example>\n", "complaint arf [ann@b.example  0 ]"},
		"abuse, with a comment, in any case": {"feedback-type: ABUSE (of us)\n" + who, "complaint arf"},
		"two recipients, one of them twice":  {"Feedback-Type: abuse\n" + who + "Original-Rcpt-To: ann@b.example\nOriginal-Rcpt-To: bob@b.example\nRemoval-Recipient: ann@b.example\n", "complaint arf [ann@b.example  0 ] [bob@b.example  0 ]"},
		"opt-out":                            {"Feedback-Type: opt-out\n" + who, "complaint arf"},
		"a recipient that is blackened out":  {"Feedback-Type: abuse\n" + who + "Original-Rcpt-To: redacted\n", "complaint arf"},
		"not-spam is no complaint":           {"Feedback-Type: not-spam\n" + who + "Original-Rcpt-To: ann@b.example\n", "unknown arf"},
		"a failed signature is no complaint": {"Feedback-Type: auth-failure\n" + who, "unknown arf"},
		"fraud is for people to look at":     {"Feedback-Type: fraud\n" + who, "unknown arf"},
		"no type":                            {who, "unknown arf"},
		"neither User-Agent nor Version":     {"Feedback-Type: abuse\nOriginal-Rcpt-To: ann@b.example\n", "unknown arf"},
	} {
		t.Run(name, func(t *testing.T) {
			r := ReadBounce(bounceMail(complaint(c.fields)), false)
			if got := brief(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if r.MessageID != "post@author.example" || r.ReturnPath != "dev+bounce-x@lists.example.org" || r.Unsubscribe != "<https://lists.example.org/c/t>" {
				t.Errorf("original: %+v", r)
			}
		})
	}
	r := ReadBounce(bounceMail(complaint("Feedback-Type: abuse\n"+who+"Original-Mail-From: <dev+bounce-y@lists.example.org>\nOriginal-Envelope-Id: e1\n")), false)
	if r.ReturnPath != "dev+bounce-y@lists.example.org" || r.EnvelopeID != "e1" {
		t.Errorf("what the report says comes first: %+v", r)
	}
}

func TestReadBounceOfWhatIsNone(t *testing.T) {
	const qmail = "Hi. This is the qmail-send program at mx.example.\n\n<bob@b.example>:\n550 5.1.1 no such user\n"
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(qmail), "\n", "\n> ") + "\n"
	for name, c := range map[string]struct {
		raw  string
		null bool
		want string
	}{
		"a vacation notice with the null return path": {letter("Ann <ann@b.example>", "Out of office", "Auto-Submitted: auto-replied\n", "\nI am away until Monday.\n"), true, "auto-reply auto-reply"},
		"one with a return path":                      {letter("Ann <ann@b.example>", "Automatic reply: hello", "", "\nI am away until Monday.\n"), false, "auto-reply auto-reply"},
		"one in French":                               {letter("Ann <ann@b.example>", "=?utf-8?Q?R=C3=A9ponse_automatique?=", "", "\nJe suis absente.\n"), true, "auto-reply auto-reply"},
		"one that was marked by hand":                 {letter("Ann <ann@b.example>", "Hello", "Precedence: auto_reply\n", "\nAway.\n"), false, "auto-reply auto-reply"},
		"a ticket":                                    {letter("Help <help@b.example>", "[#1] hello", "X-Autorespond: tickets\n", "\nWe got it.\n"), false, "auto-reply auto-reply"},
		"a receipt": {letter("Ann <ann@b.example>", "Read: hello", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n",
			"\n--b\n\nYour message was read.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@b.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"), true, "auto-reply mdn"},
		"a person": {letter("Ann <ann@b.example>", "Re: hello", "", "\nThank you!\n"), false, "unknown "},
		"a person who says that it is not automatic": {letter("Ann <ann@b.example>", "Re: hello", "Auto-Submitted: no\n", "\nThank you!\n"), false, "unknown "},
		"a person who quotes a bounce":               {letter("Ann <ann@b.example>", "Re: failure notice", "", "\nI got this:\n\n"+quoted), false, "unknown "},
		"a person who pastes a bounce":               {letter("Ann <ann@b.example>", "Fwd: failure notice", "", "\n"+qmail), false, "unknown "},
		"a person who pastes the fields of one":      {letter("Ann <ann@b.example>", "Re: hello", "", "\nFinal-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.1.1\n"), false, "unknown "},
		"a person who attaches a bounce": {letter("Ann <ann@b.example>", "Fwd: Undelivered", "Content-Type: multipart/mixed; boundary=o\n",
			"\n--o\n\nSee below.\n--o\nContent-Type: message/rfc822\n"+dsn("\nFinal-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.1.1\n")+"\n--o--\n"), false, "unknown "},
		"a quoted bounce in a vacation notice without a return path":    {letter("Ann <ann@b.example>", "Out of office", "Auto-Submitted: auto-replied\n", "\nI am away.\n\n"+quoted), true, "auto-reply auto-reply"},
		"a vacation notice from a provider whose own reports are known": {letter("Ann <ann@docomo.ne.jp>", "Re: hello", "X-Mailer: Novell GroupWise 8\n", "\nI am away, ask <bob@b.example>.\n"), true, "unknown "},
		"one with a signature and a disclaimer": {letter("Ann <ann@b.example>", "Re: hello", "",
			"\nI am away.\n\nAnn, ann@b.example\nIf you are not the intended recipient: this was not delivered to you, and the following recipients ...\n"), true, "unknown "},
		"an old receipt": {letter("Ann <ann@b.example>", "Read: hello", "", "\nYour message\n\nTo: ann@b.example\nSubject: hello\n\nwas read on Monday.\n"), true, "unknown "},
		"nothing":        {"", true, "unknown "},
	} {
		t.Run(name, func(t *testing.T) {
			if got := brief(ReadBounce(bounceMail(c.raw), c.null)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestTheOriginalSaysNothing: what the author of a post wrote is no part of the report about it.
func TestTheOriginalSaysNothing(t *testing.T) {
	raw := strings.Replace(dsn("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: 5.0.0\n"), "\nhello\n--b--",
		"\nann@b.example: 550 5.1.1 user unknown\n\nFinal-Recipient: rfc822; bob@b.example\nAction: failed\nStatus: 5.1.1\n--b--", 1)
	if got, want := brief(ReadBounce(bounceMail(raw), true)), "failure rfc3464 [ann@b.example 5.0.0 0 soft]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	raw = strings.Replace(raw, "Content-Type: message/delivery-status", "Content-Type: application/octet-stream", 1)
	if r := ReadBounce(bounceMail(raw), true); r.Kind == list.BounceFailure && len(r.Events) > 0 && r.Events[0].Address != "" {
		t.Errorf("without a report: %s", brief(r))
	}
}

// TestBounceOrReply: Auto-Submitted stands on bounces too, so that a report is looked for first.
func TestBounceOrReply(t *testing.T) {
	r := ReadBounce(bounceMail(letter("Mail Delivery System <MAILER-DAEMON@mx.example>", "failure notice", "Auto-Submitted: auto-replied\n",
		"\nHi. This is the qmail-send program at mx.example.\n\n<ann@b.example>:\n550 5.1.1 no such user\n")), true)
	if got, want := brief(r), "failure qmail [ann@b.example 5.1.1 550 hard]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestHeaderVectorsAreNoFailures: no header alone makes a failure of a mail.
func TestHeaderVectorsAreNoFailures(t *testing.T) {
	f, err := os.Open(shared(t, "corpora/autoreply/header-vectors.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); n++ {
		var v struct{ Headers []string }
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		headers := strings.Join(v.Headers, "\r\n")
		r := ReadBounce(message.Parse([]byte(headers+"\r\n\r\nI am on holiday.\r\n")), true)
		if r.Kind != list.BounceAutoReply && r.Kind != list.BounceUnknown && !strings.Contains(headers, "X-Failed-Recipients") {
			t.Errorf("%q is %s", headers, brief(r))
		}
	}
	if n < 20 {
		t.Errorf("%d vectors", n)
	}
}
