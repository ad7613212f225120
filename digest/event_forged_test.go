package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/list"
)

// Whose answer is not shown to be theirs, or is not to what they were invited to, changes nothing; who is a member and only lacks the proof gets the invitation again,
// to answer from its address.
func TestForgedAnswers(t *testing.T) {
	const events = "peers+events@lists.example.org"
	pass, none, fail := list.Authentication{DMARC: list.Pass}, list.Authentication{DMARC: list.None}, list.Authentication{DMARC: list.Fail, Policy: "reject"}
	many := strings.Repeat("ATTENDEE;PARTSTAT=ACCEPTED:mailto:somebody@example.net\r\n", 999)
	for name, c := range map[string]struct {
		from   string
		to     string // "rsvp N": the address that member N's answer to the circle goes to
		object string
		auth   list.Authentication
		want   string // guests and mails
		fault  string // of what is refused
	}{
		"a yes for another member":                     {member(5), events, yes(nil), pass, "", ""},
		"a yes for another, sent by whoever sends it":  {member(5), events, yes(func(r *replied) { r.attendee = `;SENT-BY="mailto:member5@example.org":mailto:member2@example.org` }), pass, "", ""},
		"a yes from nobody's address":                  {"eve@example.net", events, yes(func(r *replied) { r.attendee = ":mailto:eve@example.net" }), pass, "", ""},
		"a yes for a member from nobody's address":     {"eve@example.net", events, yes(nil), pass, "", ""},
		"nothing shows who sent it":                    {member(2), events, yes(nil), none, "> member2 notice: Invitation : Cercle de lecture, mardi 24 mars, 15 h 00", ""},
		"nothing shows who sent it, and it is another": {member(2), events, yes(func(r *replied) { r.attendee = ":mailto:member5@example.org" }), none, "", ""},
		"its From is known to be forged":               {member(2), events, yes(nil), fail, "", "forged"},
		"a thousand attendees":                         {member(2), events, yes(func(r *replied) { r.before = strings.TrimSuffix(many, "\r\n") }), pass, "", "an answer is from one person"},
		"no attendee":                                  {member(2), events, yes(func(r *replied) { r.attendee = ":somebody" }), pass, "", "answers no invitation"},
		"delegated":                                    {member(2), events, yes(func(r *replied) { r.partstat = "DELEGATED" }), pass, "", `"DELEGATED" is neither yes, nor no, nor maybe`},
		"to another organiser":                         {member(2), events, yes(func(r *replied) { r.organiser = "mailto:eve@example.net" }), pass, "", ""},
		"to another list of the site":                  {member(2), "rsvp 2", yes(func(r *replied) { r.organiser = "mailto:others+events@lists.example.org" }), pass, "", ""},
		"to the list itself":                           {member(2), events, yes(func(r *replied) { r.organiser = "MAILTO:Peers@Lists.example.org" }), pass, "circle member2 yes", ""},
		"to its address of one answer":                 {member(2), events, yes(func(r *replied) { r.organiser = "mailto:peers+rsvp-abc@lists.example.org" }), pass, "circle member2 yes", ""},
		"to its former name":                           {member(2), events, yes(func(r *replied) { r.organiser = "mailto:learners+events@lists.example.org" }), pass, "circle member2 yes", ""},
		"to nobody that mail could go to":              {member(2), events, yes(func(r *replied) { r.organiser = "invalid:nomail" }), pass, "circle member2 yes", ""},
		"an event of another list":                     {member(2), events, yes(func(r *replied) { r.uid = "circle.others@lists.example.org" }), pass, "", ""},
		"an event that nobody knows":                   {member(2), events, yes(func(r *replied) { r.uid = "040000008200E00074C5B7101A82E008" }), pass, "", ""},
		"no UID":                                       {member(2), events, yes(func(r *replied) { r.uid = "" }), pass, "", "no identifier"},
		"a date that is none of the series": {member(2), events, yes(func(r *replied) {
			r.uid, r.recurrence = "berlin.peers@lists.example.org", ";TZID=Europe/Berlin:20260325T150000"
		}), pass, "> member2 notice: Il n’a pas lieu ce jour-là : A walk; with \"you\", and 日本語…", ""},
		"a date that is over": {member(2), events, yes(func(r *replied) {
			r.uid, r.recurrence = "york.peers@lists.example.org", ";TZID=America/New_York:20260226T150000"
		}), pass, "> member2 notice: Il a commencé : A walk; with \"you\", and 日本語 in a title…", ""},
		"at the address of their own answer, with no proof":                 {member(2), "rsvp 2", yes(nil), none, "circle member2 yes", ""},
		"at the address of somebody else's answer":                          {member(5), "rsvp 2", yes(nil), pass, "", "somebody else's"},
		"at the address of their own answer, for another":                   {member(2), "rsvp 2", yes(func(r *replied) { r.attendee = ":mailto:member5@example.org" }), pass, "", ""},
		"at the address of their own answer, to an event of another list":   {member(2), "rsvp 2", yes(func(r *replied) { r.uid = "circle.others@lists.example.org" }), pass, "", ""},
		"at the address of their own answer, to another event of this list": {member(2), "rsvp 2", yes(func(r *replied) { r.uid = "york.peers@lists.example.org" }), none, "york member2 yes", ""},
		"at the address of somebody's who has left":                         {"gone@example.org", "rsvp gone", yes(func(r *replied) { r.attendee = ":mailto:gone@example.org" }), pass, "", ""},
		"in words, at the address of somebody's who has left":               {"gone@example.org", "rsvp gone", "yes", pass, "", "Only members"},
		"from who has left": {"gone@example.org", events, yes(func(r *replied) { r.attendee = ":mailto:gone@example.org" }), pass, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			to := c.to
			if who, ok := strings.CutPrefix(to, "rsvp "); ok {
				address := cmp.Or(map[string]string{"gone": "gone@example.org"}[who], "member"+who+"@example.org")
				if who == "gone" {
					if err := s.AddMembers(stageList, []list.Member{{Address: address, Name: "Gone"}}); err != nil {
						t.Fatal(err)
					}
					s.advance("2026-03-13 09:01") // one event a day
				}
				to = s.circleOf(address).replyTo()
			}
			if c.from == "gone@example.org" && c.to != events {
				if err := s.RemoveMembers(stageList, []string{c.from}); err != nil {
					t.Fatal(err)
				}
				s.tick()
			}
			before := len(s.mails("", ""))
			raw := asPart(c.from, c.object)
			if !strings.HasPrefix(c.object, "BEGIN:") {
				raw = rawMail("Gone", c.from, c.object, "To: "+to, "Subject: Re: Circle", "Message-ID: <a@example.org>")
			}
			_, err := s.handAs(c.from, to, raw, c.auth)
			s.tick()
			if got := s.guestsOf(before); got != c.want {
				t.Errorf("there is\n%s\nwant\n%s", got, c.want)
			}
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Errorf("the fault is %v, want %q", err, c.fault)
			}
		})
	}
}

// circleOf is somebody's invitation to the circle.
func (s *stage) circleOf(address string) sentMail {
	s.t.Helper()
	for _, m := range s.mails(address, "invitation") {
		if objectOf(s.t.(*testing.T), m).Items[0].Event.UID == "circle.peers@lists.example.org" {
			return m
		}
	}
	s.t.Fatalf("%s was not invited to the circle:\n%s", address, s.outline())
	return sentMail{}
}

// Whoever writes in a member's name, again and again, has no more sent to them than other questions: one in ten minutes, and three in a day.
func TestForgedAnswersAskLittle(t *testing.T) {
	s := answering(t)
	before := len(s.mails(member(2), ""))
	for i := range 60 {
		raw := asPart(member(2), yes(nil))
		if i%2 == 0 {
			raw = rawMail("Awa", member(2), "yes", "To: "+eventsAddress, "Subject: yes circle", "Message-ID: <b@example.org>")
		}
		if _, err := s.handAs(member(2), eventsAddress, raw, list.Authentication{DMARC: list.None}); err != nil {
			t.Fatal(err)
		}
		s.tick()
		s.set(s.time().Add(time.Minute))
	}
	if got := len(s.mails(member(2), "")) - before; got != 3 {
		t.Errorf("%d mails went to whom they were forged for", got)
	}
	if got := s.guestsOf(len(s.mails("", ""))); got != "" {
		t.Errorf("somebody comes: %s", got)
	}
}

// Whoever writes in the names of many has no more sent to them than 30 questions an hour for their network.
func TestForgedAnswersOfManyAskLittle(t *testing.T) {
	s := answering(t)
	var all []list.Member
	for i := range 40 {
		all = append(all, list.Member{Address: fmt.Sprintf("target%d@example.org", i)})
	}
	if err := s.AddMembers(stageList, all); err != nil {
		t.Fatal(err)
	}
	before, refused := len(s.mails("", "notice")), 0
	for _, m := range all {
		raw := rawMail("", m.Address, "yes", "To: "+eventsAddress, "Subject: yes circle", "Message-ID: <"+s.id()+"@example.org>")
		if _, err := s.handAs(m.Address, eventsAddress, raw, list.Authentication{DMARC: list.None}); err != nil {
			refused++
		}
	}
	s.tick()
	if got := len(s.mails("", "notice")) - before; got != 30 || refused != 10 {
		t.Errorf("%d mails went to whom they were forged for, and %d were refused", got, refused)
	}
}

// Who has left after a yes is not reminded, and who stays is.
func TestLeftIsNotReminded(t *testing.T) {
	s := answering(t)
	for _, who := range []string{member(1), member(2)} {
		s.say(s.circleOf(who), who, "yes")
	}
	if err := s.RemoveMembers(stageList, []string{member(1)}); err != nil {
		t.Fatal(err)
	}
	s.advance("2026-03-24 16:00")
	if got := s.kindsTo(member(1), "event_reminder"); got != "" {
		t.Errorf("who left was reminded: %s", got)
	}
	if got := s.kindsTo(member(2), "event_reminder"); strings.Count(got, "\n") != 1 {
		t.Errorf("who stayed got %q", got)
	}
}

// An answer counts when it is newer than the last: first by the sequence of what it answers, and then by its own time.
func TestAnswersInOrder(t *testing.T) {
	at := func(minute int) string {
		return time.Date(2026, 3, 10, 13, minute, 0, 0, time.UTC).Format("20060102T150405Z")
	}
	type one struct {
		partstat string
		sequence int
		stamp    string
	}
	for name, c := range map[string]struct {
		all  []one
		want string
	}{
		"a later one counts":                             {[]one{{"ACCEPTED", 0, at(1)}, {"DECLINED", 0, at(2)}}, "circle member2 no"},
		"an earlier one comes late":                      {[]one{{"DECLINED", 0, at(2)}, {"ACCEPTED", 0, at(1)}}, "circle member2 no"},
		"one of an older invitation, however new it is":  {[]one{{"DECLINED", 1, at(1)}, {"ACCEPTED", 0, at(9)}}, "circle member2 no"},
		"one is sent a second time":                      {[]one{{"ACCEPTED", 0, at(1)}, {"ACCEPTED", 0, at(1)}}, "circle member2 yes"},
		"the first is replayed when it was taken back":   {[]one{{"ACCEPTED", 0, at(1)}, {"TENTATIVE", 0, at(2)}, {"ACCEPTED", 0, at(1)}}, "circle member2 maybe"},
		"a sequence that no invitation had does not bar": {[]one{{"ACCEPTED", 2147483647, at(1)}, {"DECLINED", 1, at(2)}}, "circle member2 no"},
		"a time to come does not bar":                    {[]one{{"ACCEPTED", 0, "20990101T000000Z"}, {"DECLINED", 0, "20260311T070000Z"}}, "circle member2 no"},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			p := *s.editor.programme.Load()
			p.Events = slices.Clone(p.Events)
			moved := *p.Events[0]
			moved.Start = moved.Start.Add(time.Hour)
			p.Events[0] = &moved
			s.editor.Configure(&p)
			s.advance("2026-03-11 10:00")
			before := len(s.mails("", ""))
			for _, a := range c.all {
				object := yes(func(r *replied) { r.partstat, r.sequence, r.stamp = a.partstat, a.sequence, a.stamp })
				if _, err := s.hand(member(2), "peers+events@lists.example.org", asPart(member(2), object)); err != nil {
					t.Fatal(err)
				}
				s.tick()
			}
			if got := s.guestsOf(before); got != c.want {
				t.Errorf("there is\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
