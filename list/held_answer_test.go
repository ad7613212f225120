package list_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

func TestAnswersDecide(t *testing.T) {
	for body, want := range map[string]struct {
		what  list.Ruled // empty: nothing is decided
		posts string
	}{
		"approve": {list.RuledApproved, "One"}, "Approve.": {list.RuledApproved, "One"}, "YES, thank you": {list.RuledApproved, "One"}, "ok": {list.RuledApproved, "One"},
		"approuver": {list.RuledApproved, "One"}, "oui": {list.RuledApproved, "One"}, "aprobar": {list.RuledApproved, "One"}, "sí": {list.RuledApproved, "One"},
		"si": {list.RuledApproved, "One"}, "": {list.RuledApproved, "One"}, "\n\n> approve\n": {list.RuledApproved, "One"},
		"reject": {list.RuledRejected, ""}, "reject It is off topic.": {list.RuledRejected, ""}, "rejeter\nHors sujet": {list.RuledRejected, ""}, "rechazar": {list.RuledRejected, ""},
		"discard": {list.RuledDiscarded, ""}, "supprimer": {list.RuledDiscarded, ""}, "descartar": {list.RuledDiscarded, ""}, "spam": {list.RuledDiscarded, ""},
		"trust": {list.RuledTrusted, "One"}, "confiance": {list.RuledTrusted, "One"}, "confianza": {list.RuledTrusted, "One"},
		"ban": {list.RuledBanned, ""}, "bannir": {list.RuledBanned, ""}, "vetar": {list.RuledBanned, ""},
		"discard\n\nOn Monday the list wrote:\n> approve - it goes to the list\n": {list.RuledDiscarded, ""},
		"> reject\n\ndiscard": {list.RuledDiscarded, ""},
		"edit\nOther text.":   {list.RuledEdited, "One"}, "modifier\n\nAutre texte.": {list.RuledEdited, "One"}, "Editar:\nOtro texto.": {list.RuledEdited, "One"},
		"special": {list.RuledSpecial, "One"}, "spécial": {list.RuledSpecial, "One"}, "Especial, por favor": {list.RuledSpecial, "One"},
		"no":                       {},
		"Si c'est de lui, gardez":  {},
		"I am away until Monday.":  {},
		"Who is that? approve":     {},
		"-- \napprove":             {list.RuledApproved, "One"},
		"xyzzy\n> approve\n":       {},
		"> approve\nwhat is that?": {},
	} {
		t.Run(body, func(t *testing.T) {
			s := moderated(t, nil)
			all := s.hold(t, "x@example.net", "One", sure)
			r, err := s.reply(all[0], amina, body, nil)
			if err != nil || r.Action != "decide" {
				t.Fatalf("%+v %v", r, err)
			}
			if got := s.posts(t); got != want.posts || (s.waits(t) == 0) != (want.what != "") {
				t.Errorf("posts %q, %d wait", got, s.waits(t))
			}
			after := s.notices(t)
			if want.what == "" {
				if got := told(after); got != "amina@example.org: Not understood, nothing decided" {
					t.Errorf("told %s", got)
				}
				return
			}
			ruling := s.ruling(t, 1)
			if ruling.What != want.what || ruling.By != amina || !ruling.At.Equal(s.now) {
				t.Errorf("%+v", ruling)
			}
			if !slices.ContainsFunc(after, func(n note) bool {
				return n.to == luis && n.msg.Get("In-Reply-To") == "<"+all[1].msg.MessageID()+">" && strings.Contains(n.raw, "\r\namina@example.org ")
			}) {
				t.Errorf("the other moderator is not told in the same thread: %s", told(after))
			}
		})
	}
}

func TestANewMailWithoutTextApprovesNothing(t *testing.T) {
	s := moderated(t, nil)
	n := s.hold(t, "x@example.net", "One", nil)[0]
	for name, header := range map[string]string{
		"no reply at all":       "",
		"a reply to other mail": "In-Reply-To: <other@lists.example.org>\n",
		"encrypted": "In-Reply-To: <" + n.msg.MessageID() + ">\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b\n\n" +
			"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nxxx\n--b--\n",
	} {
		if _, err := s.take(amina, n.answerTo(), "From: "+amina+"\nSubject: Re: One\n"+header+"\n", nil); err != nil {
			t.Fatal(name, err)
		}
		if s.waits(t) != 1 {
			t.Fatalf("%s: it was decided", name)
		}
	}
}

func TestWhoMayAnswer(t *testing.T) {
	other := func(l *list.List) { l.Moderators = []string{luis} }
	for name, c := range map[string]struct {
		from string
		auth auth
		then func(*list.List)
		want list.Reason // empty: it counts
	}{
		"the moderator":                            {amina, nil, nil, ""},
		"the moderator in capitals":                {"AMINA@Example.ORG", nil, nil, ""},
		"the moderator, authenticated":             {amina, sure, nil, ""},
		"the moderator's name, forged":             {amina, forged, nil, list.ForgedSender},
		"another moderator with this one's token":  {luis, sure, nil, list.NotAllowed},
		"a stranger with the token":                {"evil@x.test", sure, nil, list.NotAllowed},
		"an owner who is no moderator any more":    {amina, nil, other, ""},
		"a moderator who is nobody any more":       {amina, nil, func(l *list.List) { other(l); l.Owners = []string{luis} }, list.NotAllowed},
		"somebody whose display name is moderator": {`"amina@example.org" <evil@x.test>`, nil, nil, list.NotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, nil)
			n := s.hold(t, "x@example.net", "One", nil)[0]
			if c.then != nil {
				if err := s.Configure(s.config(func(l *list.List) { l.Posting = list.PostHoldOthers; c.then(l) })); err != nil {
					t.Fatal(err)
				}
			}
			_, err := s.reply(n, c.from, "approve", c.auth)
			if reason(err) != c.want || (err != nil) != (c.want != "") {
				t.Errorf("%v, want %q", err, c.want)
			}
			if (s.posts(t) == "One") != (c.want == "") {
				t.Errorf("posts %q", s.posts(t))
			}
		})
	}
}

func TestTokensAreForOneListAndPurpose(t *testing.T) {
	s := moderated(t, nil)
	n := s.hold(t, "x@example.net", "One", nil)[0]
	token := strings.TrimSuffix(strings.TrimPrefix(n.answerTo(), "peers+held-"), "@lists.example.org")
	for name, to := range map[string]string{
		"another purpose":   "peers+confirm-" + token + "@lists.example.org",
		"a guess":           "peers+held-" + strings.Repeat("a", 26) + "@lists.example.org",
		"without its token": "peers+held@lists.example.org",
		"too short":         "peers+held-" + token[:25] + "@lists.example.org",
	} {
		if _, err := s.take(amina, to, "From: "+amina+"\n\napprove\n", nil); reason(err) != list.NoSuchAddress && reason(err) != list.NotBuilt {
			t.Errorf("%s: %v", name, err)
		}
	}
	second := s.config(func(l *list.List) { l.Posting, l.Moderators = list.PostHoldOthers, []string{amina, luis} })
	other := *second.Lists[0]
	other.Address = "news@lists.example.org"
	if err := s.Configure(list.NewSite(list.Site{Hostname: second.Hostname, Admin: second.Admin, Lists: append(second.Lists, &other)})); err != nil {
		t.Fatal(err)
	}
	if _, err := s.take(amina, "news+held-"+token+"@lists.example.org", "From: "+amina+"\n\napprove\n", nil); reason(err) != list.NoSuchAddress {
		t.Errorf("another list's: %v", err)
	}
	if s.waits(t) != 1 {
		t.Error("it was decided")
	}
	if _, err := s.take(amina, strings.ToUpper(n.answerTo()), "From: "+amina+"\n\napprove\n", nil); err != nil || s.waits(t) != 0 {
		t.Errorf("in capitals: %v", err)
	}
}

func TestMachinesDecideNothing(t *testing.T) {
	for name, c := range map[string]struct{ from, header, body string }{
		"vacation-rfc3834":       {amina, "Subject: Out of office: approve?\nAuto-Submitted: auto-replied\n", "approve\nI am away. > approve"},
		"vacation-exchange":      {amina, "Subject: Automatic reply: held post\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: " + amina + "\n", "approve"},
		"vacation-precedence":    {amina, "Subject: away\nPrecedence: auto_reply\n", "approve"},
		"vacation-nullsender":    {"", "Subject: away\n", "approve"},
		"vacation-no-marks":      {amina, "Subject: Re: held post\n", "I am out of the office until Monday.\n> To approve, reply with the word approve"},
		"approve-top-quoted":     {amina, "Subject: Re: held post\n", "> approve"},
		"list mail":              {amina, "Subject: Re: held post\nList-Id: <x.example>\n", "approve"},
		"an empty null sender":   {"", "Subject: Re: held post\n", ""},
		"a vacation, no text":    {amina, "Subject: Automatic reply: held\nAuto-Submitted: auto-replied\n", ""},
		"a read receipt":         {amina, "Subject: Read: held\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "--b\n\napprove\n--b--"},
		"html with a quoted one": {amina, "Subject: Re: held\nMIME-Version: 1.0\nContent-Type: text/html\n", "<blockquote>approve</blockquote><div>what?</div>"},
	} {
		t.Run(name, func(t *testing.T) {
			s := moderated(t, nil)
			n := s.hold(t, "x@example.net", "One", nil)[0]
			header := c.header
			if c.body == "" {
				header += "In-Reply-To: <" + n.msg.MessageID() + ">\n"
			}
			if _, err := s.take(c.from, n.answerTo(), "From: "+amina+"\nTo: "+n.answerTo()+"\n"+header+"\n"+c.body+"\n", nil); err != nil {
				t.Fatal(err)
			}
			if s.waits(t) != 1 || s.posts(t) != "" {
				t.Error("it was decided")
			}
		})
	}
}

func TestAVacationProgramWithoutMarksIsAnsweredThreeTimesADay(t *testing.T) {
	s := moderated(t, nil)
	n := s.hold(t, "x@example.net", "One", nil)[0]
	answered := 0
	for range 50 {
		if _, err := s.reply(n, amina, "I am out of the office.", nil); err != nil {
			t.Fatal(err)
		}
		all := s.notices(t)
		answered += len(all)
		if len(all) > 0 {
			n = all[0] // which it answers, too
		}
	}
	if answered != 3 || s.waits(t) != 1 {
		t.Errorf("%d answers, %d wait", answered, s.waits(t))
	}
	s.now = s.now.Add(25 * time.Hour)
	if _, err := s.reply(n, amina, "What?", nil); err != nil || len(s.notices(t)) != 1 {
		t.Errorf("the next day: %v", err)
	}
	if _, err := s.reply(n, amina, "approve", nil); err != nil || s.posts(t) != "One" {
		t.Errorf("an answer to the answer: %v, %q", err, s.posts(t))
	}
}

func TestATokenInAReplyToAllIsWorthNothing(t *testing.T) {
	s := moderated(t, nil)
	s.members(t, amina)
	n := s.hold(t, "x@example.net", "One", nil)[0]
	raw := "From: " + amina + "\nTo: peers@lists.example.org\nCc: " + n.answerTo() + "\nSubject: Re: One\nMessage-ID: <all@m>\n\nlooks fine\n> reply to " + n.answerTo() + "\n"
	if r, err := s.take(amina, "peers@lists.example.org", raw, sure); err != nil || r.Action != "accept" {
		t.Fatalf("%+v, %v", r, err)
	}
	token := strings.TrimSuffix(strings.TrimPrefix(n.answerTo(), "peers+held-"), "@lists.example.org")
	fresh := s.notices(t)
	if told(fresh) != "amina@example.org: To decide: One" || fresh[0].answerTo() == n.answerTo() {
		t.Fatalf("told %s", told(fresh))
	}
	var ref list.Ref
	err := s.db.View(func(r list.Reader) error { p, err := r.Post(1, 1); ref = p.Ref; return err })
	if err != nil {
		t.Fatal(err)
	}
	if b, err := s.db.Raw(ref); err != nil || strings.Contains(string(b), token) {
		t.Errorf("%v: the token is in\n%s", err, b)
	}
	if _, err := s.reply(n, amina, "approve", nil); reason(err) != list.NoSuchAddress || s.waits(t) != 1 {
		t.Errorf("the token that everybody might know: %v", err)
	}
	if _, err := s.reply(fresh[0], amina, "approve", nil); err != nil || s.waits(t) != 0 {
		t.Errorf("the new one: %v", err)
	}
}

func TestAModeratorAnswersFromTheirOtherAddress(t *testing.T) {
	s := moderated(t, nil)
	if err := s.AddMembers("peers@lists.example.org", []list.Member{{Address: luis, Name: "Luis Prieto", Others: []string{"luis@home.example"}}}); err != nil {
		t.Fatal(err)
	}
	all := s.hold(t, "x@example.net", "One", nil)
	if _, err := s.reply(all[1], "luis@home.example", "approve", nil); err != nil || s.posts(t) != "One" {
		t.Errorf("%v, posts %q", err, s.posts(t))
	}
	after := s.notices(t)
	if told(after) != "amina@example.org: Re: To decide: One" || !strings.Contains(after[0].raw, "Luis Prieto approved") {
		t.Errorf("%s\n%s", told(after), after[0].raw)
	}
}
