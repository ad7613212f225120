package mailer

import (
	"testing"

	"convene/list"
)

// TestClassifyBounce has a reply for each row of what codes and texts mean, and each is read as a notification too.
func TestClassifyBounce(t *testing.T) {
	for _, c := range []struct {
		name, status string
		code         int
		text         string
		want         list.BounceClass
	}{
		{"no such mailbox", "5.1.1", 550, "550 5.1.1 user unknown", list.ClassHard},
		{"no such mailbox, in words alone", "", 550, "550 No such user here", list.ClassHard},
		{"a mailbox name that cannot be", "5.1.3", 553, "553 5.1.3 bad address syntax in mailbox", list.ClassHard},
		{"moved", "5.1.6", 551, "551 5.1.6 recipient no longer on server", list.ClassHard},
		{"Yahoo has no such account", "", 554, "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0]", list.ClassHard},
		{"no such domain", "5.1.2", 550, "550 5.1.2 Host unknown (Name server: b.example: host not found)", list.ClassHard},
		{"no such domain, as Postfix says it", "5.4.4", 0, "Host or domain name not found. Name service error for name=b.example type=A: Host not found", list.ClassHard},
		{"a name server that did not answer", "5.4.4", 0, "Host or domain name not found. Name service error for name=b.example type=MX: Host not found, try again", list.ClassSoft},
		{"null MX", "5.1.10", 556, "556 5.1.10 recipient domain returned Null MX", list.ClassHard},
		{"null MX, by the code alone", "", 556, "556 no", list.ClassHard},
		{"Exchange does not know it", "", 0, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", list.ClassHard},
		{"disabled", "5.2.1", 550, "550 5.2.1 The email account that you tried to reach is disabled", list.ClassHard},
		{"Gmail, inactive", "5.2.1", 550, "550-5.2.1 The email account that you tried to reach is inactive.", list.ClassHard},
		{"Gmail, too much mail for one account", "5.2.1", 550, "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages", list.ClassSoft},
		{"full", "5.2.2", 552, "552 5.2.2 mailbox full", list.ClassSoft},
		{"Gmail, full", "5.2.2", 552, "552-5.2.2 The recipient's inbox is out of storage space.", list.ClassSoft},
		{"full, in words and under the wrong code", "5.1.1", 552, "552 5.1.1 sorry, mailbox is over quota", list.ClassSoft},
		{"552 without a word", "", 552, "552 no", list.ClassSoft},
		{"full, for now", "4.2.2", 452, "452 4.2.2 over quota", list.ClassSoft},
		{"time ran out", "4.4.7", 0, "delivery time expired", list.ClassSoft},
		{"time ran out, as a permanent code", "5.4.7", 0, "delivery time expired", list.ClassSoft},
		{"unknown, but only for now", "4.1.1", 450, "450 4.1.1 user unknown", list.ClassSoft},
		{"too large for the mailbox", "5.2.3", 552, "552 5.2.3 message too large", list.ClassContent},
		{"too large for the system", "5.3.4", 552, "552 5.3.4 message size exceeds fixed limit", list.ClassContent},
		{"too large, in words", "", 552, "552 Message exceeds maximum size", list.ClassContent},
		{"a virus", "", 554, "554 Message infected with Eicar-Test-Signature virus", list.ClassContent},
		{"malformed", "5.6.0", 554, "554 5.6.0 malformed message", list.ClassOurs},
		{"syntax", "5.5.2", 501, "501 5.5.2 syntax error", list.ClassOurs},
		{"a command that is not known, by the code alone", "", 502, "502 no", list.ClassOurs},
		{"refused for what we are", "5.7.1", 550, "550 5.7.1 no", list.ClassPolicy},
		{"DMARC", "5.7.26", 550, "550-5.7.26 Unauthenticated email from author.example is not accepted due to domain's DMARC policy.", list.ClassPolicy},
		{"no reverse DNS", "5.7.25", 550, "550-5.7.25 no PTR", list.ClassPolicy},
		{"Microsoft wants authentication of bulk senders", "", 550, "550; 5.7.515 Access denied, sending domain does not meet the required authentication level", list.ClassPolicy},
		{"too fast", "4.7.28", 421, "421-4.7.28 Our system has detected an unusual rate of unsolicited mail", list.ClassPolicy},
		{"a block list under the code of an unknown user", "5.1.1", 550, "550 5.1.1 <ann@b.example>: rejected, 192.0.2.1 is listed at zen.spamhaus.example", list.ClassPolicy},
		{"spam, under the code of a disabled user", "5.2.1", 521, "521 5.2.1 : message considered spam", list.ClassPolicy},
		{"reputation, without a code", "", 554, "554 poor reputation", list.ClassPolicy},
		{"an address that has spam in its name is no spam", "5.1.1", 550, "550 5.1.1 <spam@policy.example>: User unknown, see https://spam.example/blocked", list.ClassHard},
		{"GMX refuses a server", "", 554, "554 Transaction failed Reject due to policy restrictions", list.ClassPolicy},
		{"Orange refuses a server", "", 550, "550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", list.ClassPolicy},
		{"Orange has no such recipient", "5.1.1", 550, "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", list.ClassHard},
		{"Apple", "5.1.1", 550, "550 5.1.1 unknown or illegal alias: ann@icloud.example", list.ClassHard},
		{"mail.ru", "", 550, "550 Message was not accepted -- invalid mailbox.  Local mailbox ann@mail.example is unavailable: user not found", list.ClassHard},
		{"QQ", "", 550, "550 Mailbox unavailable or access denied", list.ClassHard},
		{"QQ does not like the content", "", 550, "550 Mail content denied", list.ClassPolicy},
		{"Outlook's code for who is not there", "", 550, "550 5.5.0 Requested action not taken: mailbox unavailable", list.ClassHard},
		{"Microsoft's code for who is not in the directory", "5.4.1", 550, "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", list.ClassHard},
		{"a loop", "5.4.6", 554, "554 5.4.6 Too many hops", list.ClassOurs},
		{"a loop, in Exchange", "5.4.14", 554, "554 5.4.14 Hop count exceeded - possible mail loop", list.ClassOurs},
		{"a host that takes no mail, by the code alone", "", 521, "521 no", list.ClassHard},
		{"a message that is too large for the recipient, by the code alone", "", 523, "523 no", list.ClassContent},
		{"a disabled account, by the code alone", "", 525, "525 no", list.ClassHard},
		{"authentication, by the code alone", "", 530, "530 no", list.ClassPolicy},
		{"for now, by the code alone", "", 450, "450 no", list.ClassSoft},
		{"a code that nobody made", "5.9.9", 550, "550 5.9.9 no", list.ClassSoft},
		{"no route", "5.4.4", 0, "unable to route", list.ClassSoft},
		{"no answer", "5.4.1", 0, "no answer from host", list.ClassSoft},
		{"5.0.0 and words", "5.0.0", 550, "550 5.0.0 <ann@b.example>... User unknown", list.ClassHard},
		{"5.0.0 and nothing that anybody knows", "5.0.0", 554, "554 5.0.0 Service unavailable", list.ClassSoft},
		{"no code at all", "", 0, "wat", list.ClassSoft},
		{"nothing", "", 0, "", list.ClassSoft},
		{"taken", "", 250, "250 ok", list.ClassNone},
		{"will try", "", 252, "252 cannot verify", list.ClassNone},
		{"delivered", "2.0.0", 0, "", list.ClassNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ClassifyBounce(c.status, c.code, c.text); got != c.want {
				t.Errorf("%q %d %q is %q, want %q", c.status, c.code, c.text, got, c.want)
			}
			if c.want == list.ClassNone || c.status == "" && c.text == "" {
				return
			}
			status := c.status
			if status == "" {
				status = "5.0.0"
			}
			r := ReadBounce(bounceMail(dsn("\nFinal-Recipient: rfc822; ann@b.example\nAction: failed\nStatus: "+status+"\nDiagnostic-Code: smtp; "+c.text+"\n")), true)
			if len(r.Events) != 1 || r.Events[0].Class != c.want {
				t.Errorf("as a notification: %s, want %s", brief(r), c.want)
			}
		})
	}
}

// TestNoCodeOfProvidersScoresForPolicy are the codes that Gmail documents: only those of the mailbox say anything about the member.
func TestNoCodeOfProvidersScoresForPolicy(t *testing.T) {
	for code, want := range map[string]list.BounceClass{
		"5.7.25": list.ClassPolicy, "4.7.23": list.ClassPolicy, "5.7.24": list.ClassPolicy, "5.7.26": list.ClassPolicy, "4.7.26": list.ClassPolicy,
		"5.7.27": list.ClassPolicy, "5.7.28": list.ClassPolicy, "5.7.29": list.ClassPolicy, "5.7.30": list.ClassPolicy, "5.7.31": list.ClassPolicy,
		"5.7.32": list.ClassPolicy, "5.7.40": list.ClassPolicy, "5.7.1": list.ClassPolicy, "5.7.515": list.ClassPolicy, "5.7.509": list.ClassPolicy,
		"5.1.1": list.ClassHard, "5.2.1": list.ClassHard, "5.2.2": list.ClassSoft, "4.2.2": list.ClassSoft, "5.4.6": list.ClassOurs,
	} {
		for _, text := range []string{"", "550 " + code, "550 " + code + " said otherwise"} {
			if got := ClassifyBounce(code, 550, text); got != want {
				t.Errorf("%s %q is %q, want %q", code, text, got, want)
			}
		}
	}
}

func TestPlainWords(t *testing.T) {
	for text, want := range map[string]string{
		"550 5.1.1 <spam@b.example>: User unknown":        "550 user unknown ",
		"rejected.See https://b.example/spam for details": "rejected see for details ",
		"Mailbox_full: over-quota":                        "mailbox full over quota ",
		"Boîte pleine, l’utilisateur":                     "boîte pleine l'utilisateur ",
		"blocked by mx.spam-filter.example.":              "blocked by ",
		"Access denied...7d39":                            "access denied 7d39 ",
	} {
		if got := plainWords(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
