package digest

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

const eventsAddress = "peers+events@lists.example.org"

// alone has no discussion near.
func alone(up *setUp) {
	up.Discussion.Event = nil
	up.Discussion.Start = up.Discussion.Start.AddDays(200)
}

// mail hands a mail to an address of the list, and sends what follows.
func (s *stage) mail(from, to, subject, text string) (list.Receipt, error) {
	s.t.Helper()
	receipt, err := s.hand(from, to, rawMail(s.nameOf(from), from, text, "To: "+to, "Subject: "+subject, "Message-ID: <mail."+s.id()+"@example.org>"))
	s.tick()
	return receipt, err
}

// object hands in a mail with a calendar object, as calendar programs send it.
func (s *stage) object(from, to, method, object string) (list.Receipt, error) {
	s.t.Helper()
	receipt, err := s.hand(from, to, objectMail(s.nameOf(from), from, to, "obj."+s.id(), method, object))
	s.tick()
	return receipt, err
}

func objectMail(name, from, to, id, method, object string) []byte {
	param, auto := "", ""
	if method != "" { // a program's own mail, as Google's is
		param, auto = "; method="+method, "Auto-Submitted: auto-generated\r\n"
	}
	var encoded strings.Builder
	for b := []byte(object); len(b) > 0; b = b[min(54, len(b)):] {
		encoded.WriteString(base64.StdEncoding.EncodeToString(b[:min(54, len(b))]) + "\r\n")
	}
	return []byte("From: " + name + " <" + from + ">\r\nTo: " + to + "\r\nSubject: Invitation\r\n" + auto + "Message-ID: <" + id + "@example.org>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nYou are invited.\r\n" +
		"--a\r\nContent-Type: text/calendar; charset=utf-8" + param + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded.String() + "\r\n--a--\r\n" +
		"--m\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded.String() + "\r\n--m--\r\n")
}

// vevent is an object of one event with these lines.
func vevent(method string, lines ...string) string {
	if method != "" {
		method = "METHOD:" + method + "\r\n"
	}
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + method + "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

// flat is a text without the line breaks of its paragraphs, but for lists and the like.
func (m sentMail) flat() string {
	var b strings.Builder
	for line := range strings.Lines(m.text()) {
		if line = strings.TrimSpace(line); line == "" {
			b.WriteString("\n\n")
		} else {
			b.WriteString(strings.TrimPrefix(line, "> ") + " ")
		}
	}
	return b.String()
}

// html is the HTML form of its text.
func (m sentMail) html() string {
	for _, p := range m.message().Parts() {
		if p.Media == "text/html" {
			return p.Markup(1 << 20)
		}
	}
	return ""
}

// A member mails three lines; a moderator sees it as it would be announced, approves it by reply, and everybody is invited.
func TestSubmitLines(t *testing.T) {
	s := newStage(t, alone)
	// In French, from a member who reads it.
	if _, err := s.mail(member(2), eventsAddress, "Un cercle", "Bonjour,\n\nTitre : Cercle de lecture\nQuand : 2026-02-20 15:00-16:30\nOù : https://meet.example.org/cercle\n\nNous lisons Freire.\n-- \nAwa"); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(2), "notice"); m.Subject != "Il attend un modérateur : Cercle de lecture" || !strings.Contains(m.flat(), "annuler cercle-de-lecture.1") {
		t.Errorf("who mailed it got %q\n%s", m.Subject, m.flat())
	}
	draft := s.last(amina, "draft")
	text := draft.flat()
	for _, want := range []string{"Awa Diallo (member2@example.org) offers an event", "Cercle de lecture", "Friday 20 February, 15:00", "90 minutes", "https://meet.example.org/cercle", "Nous lisons Freire.",
		"approve", "reject", "edit"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if !strings.HasPrefix(draft.replyTo(), "peers+draft-") || !strings.Contains(string(draft.Raw), "mailto:") {
		t.Errorf("the draft is answered to %s", draft.replyTo())
	}
	// What the word "edit" begins a mail with says of the event what it is: sent as it stands it changes nothing.
	link := regexp.MustCompile(`href="mailto:[^"?]*\?subject=edit&amp;body=([^"]*)"`).FindStringSubmatch(draft.html())
	if body, err := url.QueryUnescape(strings.Join(link[1:], "")); err != nil || body != "edit\r\nTitle: Cercle de lecture\r\nWhen: 2026-02-20 15:00-16:30 Africa/Nairobi\r\nWhere: https://meet.example.org/cercle" {
		t.Errorf("edit begins a mail %q, %v", body, err)
	}
	if got := s.mails("", "invitation"); len(got) != 0 {
		t.Fatalf("%d were invited before anybody approved it", len(got))
	}
	s.say(draft, amina, "approve")
	if got := s.mails("", "invitation"); len(got) != 14 {
		t.Fatalf("%d were invited:\n%s", len(got), s.outline())
	}
	if m := s.last(member(2), "notice"); m.Subject != "Il est annoncé : Cercle de lecture" || !strings.Contains(m.flat(), "Un modérateur l’a approuvé") {
		t.Errorf("who mailed it got %q\n%s", m.Subject, m.flat())
	}
	o := objectOf(t, s.last(member(3), "invitation"))
	if e := o.Items[0].Event; e.UID != "cercle-de-lecture.1.peers@lists.example.org" || e.Organiser.Address != eventsAddress || e.Length != 90*time.Minute {
		t.Errorf("the invitation is %+v", e)
	}
	if text := s.last(member(3), "invitation").flat(); !strings.Contains(text, "Awa Diallo") {
		t.Errorf("the invitation does not say who offers it:\n%s", text)
	}
	s.say(draft, amina, "reject too late")
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "You had approved it before you answered") {
		t.Errorf("a second answer was answered\n%s", m.flat())
	}
	s.advance("2026-02-20 14:01")
	if got := s.mails("", "invitation"); len(got) != 14 {
		t.Errorf("%d were invited in the end", len(got))
	}
}

// What a moderator declines nobody hears of but who mailed it, with the reason; what they change goes out as they have it.
func TestSubmitDecided(t *testing.T) {
	lines := "Title: Reading circle\nWhen: 2026-02-20 15:00\nWhere: Room 1"
	for name, c := range map[string]struct {
		answer, subject, told string
		invited               int
	}{
		"declined with a reason":      {"reject The day is a holiday.\nTry another.", "It is not announced: Reading circle", "The day is a holiday. Try another.", 0},
		"no says as much":             {"no, it is a holiday", "It is not announced: Reading circle", "it is a holiday", 0},
		"an empty answer approves":    {"", "It is announced: Reading circle", "Friday 20 February, 15:00", 14},
		"edited":                      {"edit\nWhere: Room 2\nWhen: 2026-02-21 10:00", "It is announced: Reading circle", "Saturday 21 February, 10:00", 14},
		"edited with what is unread":  {"edit\nWhen: tomorrow", "It waits for a moderator: Reading circle", "", 0},
		"words that decide nothing":   {"Let me ask Luis first", "It waits for a moderator: Reading circle", "", 0},
		"approved in another's words": {"D'accord, merci", "It is announced: Reading circle", "", 14},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, alone)
			if _, err := s.mail(member(1), eventsAddress, "circle", lines); err != nil {
				t.Fatal(err)
			}
			draft := s.last(amina, "draft")
			s.say(draft, amina, c.answer)
			m := s.last(member(1), "notice")
			if m.Subject != c.subject || !strings.Contains(m.flat(), c.told) {
				t.Errorf("who mailed it got %q\n%s", m.Subject, m.flat())
			}
			if got := s.mails("", "invitation"); len(got) != c.invited {
				t.Errorf("%d were invited", len(got))
			}
			if c.invited > 0 && name == "edited" {
				if text := s.last(member(4), "invitation").flat(); !strings.Contains(text, "Room 2") {
					t.Errorf("the invitation reads\n%s", text)
				}
			}
			switch name {
			case "edited with what is unread":
				m := s.last(amina, "notice")
				if !strings.Contains(m.flat(), "tomorrow") || !strings.HasPrefix(m.replyTo(), "peers+draft-") {
					t.Errorf("who edited got, to answer to %s\n%s", m.replyTo(), m.flat())
				}
				s.say(m, amina, "edit\nMinutes: 30")
				if o := objectOf(t, s.last(member(4), "invitation")); o.Items[0].Event.Length != 30*time.Minute {
					t.Errorf("it takes %s", o.Items[0].Event.Length)
				}
			case "words that decide nothing":
				if m := s.last(amina, "draft"); !strings.Contains(m.flat(), "nothing is decided yet") {
					t.Errorf("who wrote that got\n%s", m.flat())
				}
			}
		})
	}
}

// Only members add events, and only in a mail that is theirs; who decides on events adds them at once. While a discussion runs its facilitators decide, too.
func TestSubmitWho(t *testing.T) {
	s := newStage(t, nil)
	s.advance("2026-02-17 08:00")
	lines := "Title: Reading circle\nWhen: 2026-02-24 15:00"
	if _, err := s.mail("stranger@example.org", eventsAddress, "x", lines); err == nil || !strings.Contains(err.Error(), "Only members") {
		t.Errorf("a stranger's event: %v", err)
	}
	target, err := s.Route(eventsAddress)
	if err != nil {
		t.Fatal(err)
	}
	in := &list.Incoming{Raw: rawMail("Dede", member(1), lines, "To: "+eventsAddress, "Subject: x", "Message-ID: <f@example.org>"), Targets: []list.Target{target},
		Envelope: list.Envelope{ID: "f", From: member(1), Received: s.time()}}
	if _, err := s.Receive(t.Context(), in); err == nil || !strings.Contains(err.Error(), "Nothing shows") {
		t.Errorf("a mail that nothing proves: %v", err)
	}
	if len(s.mails("", "draft")) != 0 {
		t.Fatal("somebody was asked about it")
	}
	if _, err := s.mail(luis, eventsAddress, "x", lines); err != nil {
		t.Fatal(err)
	}
	if got := len(s.mails("", "invitation")); got != 14 {
		t.Errorf("%d were invited to the facilitator's event", got)
	}
	if _, err := s.mail(member(1), eventsAddress, "x", "Title: Café du savoir\nWhen: 2026-02-23 15:00"); err != nil {
		t.Fatal(err)
	}
	before := len(s.mails("", "invitation"))
	s.say(s.last(noor, "draft"), noor, "yes")
	if got := len(s.mails("", "invitation")) - before; got != 14 {
		t.Errorf("%d were invited to what Noor approved", got)
	}
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "Noor Rahman approved it") {
		t.Errorf("the owner got\n%s", m.flat())
	}
	if _, err := s.answer(s.last(amina, "draft"), member(5), "approve"); err == nil {
		t.Error("somebody else's answer to a draft counted")
	}
	if o := objectOf(t, s.last(member(1), "invitation")); o.Items[0].Event.UID != "cafe-du-savoir.1.peers@lists.example.org" {
		t.Errorf("its id is of %s", o.Items[0].Event.UID)
	}
	m := s.last(amina, "draft")
	s.say(m, amina, "no")
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "Noor Rahman had approved it") {
		t.Errorf("who answered late got\n%s", m.flat())
	}
}

// A World Café that was mailed is seated like one of the config.
func TestSubmitCafe(t *testing.T) {
	s := newStage(t, alone)
	if _, err := s.mail(amina, eventsAddress, "x", "Title: World Café\nWhen: 2026-02-16 15:00\nFormat: World Café\nMinutes: 90"); err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		s.say(s.last(member(i+1), "invitation"), member(i+1), "yes")
	}
	s.advance("2026-02-16 14:00")
	if got := len(s.mails("", "tables")); got < 9 {
		t.Errorf("%d of nine were told their tables:\n%s", got, s.outline())
	}
}

// What cannot be read is told to the member, in their language, with three lines that would work.
func TestSubmitFaults(t *testing.T) {
	s := newStage(t, alone)
	for text, want := range map[string]string{
		"Titre : Cercle\nQuand : demain": "ligne 2 : \"demain\" n'est pas une date avec une heure",
		"Titre : Cercle":                 "il manque la ligne",
		"Quand : 2025-01-01 10:00":       "est passé",
	} {
		if _, err := s.mail(member(2), eventsAddress, "x", text); err != nil {
			t.Fatal(err)
		}
		m := s.last(member(2), "notice")
		if !strings.Contains(m.flat(), want) || m.Subject != "Votre événement : à revoir" {
			t.Errorf("%q is answered %q\n%s", text, m.Subject, m.flat())
		}
		sample := m.text()[strings.Index(m.text(), "Titre : Cercle de lecture"):]
		if e, err := event.ReadLines(sample[:strings.Index(sample, "circle\n")+7], s.zone, s.time()); err != nil || e.Where == "" {
			t.Errorf("the example cannot be read: %v", err)
		}
	}
	if got := s.mails("", "draft"); len(got) != 0 {
		t.Errorf("%d were asked about it", len(got))
	}
}

// Calendar programs add, change and take back events, by their own UID.
func TestSubmitObject(t *testing.T) {
	s := newStage(t, alone)
	uid := "UID:abc@google.com"
	first := vevent("REQUEST", uid, "DTSTAMP:20260210T040000Z", "DTSTART;TZID=Europe/Berlin:20260223T150000", "DTEND;TZID=Europe/Berlin:20260223T160000", "SUMMARY:Reading circle", "SEQUENCE:0",
		"ORGANIZER;CN=Somebody else:mailto:boss@example.com", "ATTENDEE;RSVP=TRUE:mailto:"+eventsAddress, "ATTENDEE:mailto:secret@example.com")
	raw := objectMail("Dede", member(1), eventsAddress, "first", "REQUEST", first)
	for range 2 { // a server that did not hear our answer sends it again
		if _, err := s.hand(member(1), eventsAddress, raw); err != nil {
			t.Fatal(err)
		}
		s.tick()
	}
	if got := len(s.mails(amina, "draft")); got != 1 {
		t.Fatalf("the moderator was asked %d times", got)
	}
	draft := s.last(amina, "draft")
	if text := draft.flat(); !strings.Contains(text, "Monday 23 February, 17:00 in Nairobi") || !strings.Contains(text, "15:00 in Berlin") || strings.Contains(text, "Somebody else") || strings.Contains(text, "secret@") {
		t.Errorf("the draft reads\n%s", text)
	}
	// It is changed before anybody decides: who answers the old mail has not seen what it is now.
	if _, err := s.object(member(1), eventsAddress, "REQUEST", strings.NewReplacer("SEQUENCE:0", "SEQUENCE:1", "T150000", "T160000", "T160000", "T170000", "T040000Z", "T050000Z").Replace(first)); err != nil {
		t.Fatal(err)
	}
	s.say(draft, amina, "approve")
	if got := len(s.mails("", "invitation")); got != 0 {
		t.Fatalf("%d were invited by a word on something else", got)
	}
	draft = s.last(amina, "draft")
	if text := draft.flat(); !strings.Contains(text, "has changed it since") || !strings.Contains(text, "18:00 in Nairobi") {
		t.Errorf("the new draft reads\n%s", text)
	}
	s.say(draft, amina, "ok")
	if got := len(s.mails("", "invitation")); got != 14 {
		t.Fatalf("%d were invited\n%s", got, s.outline())
	}
	o := objectOf(t, s.last(member(4), "invitation"))
	if e := o.Items[0].Event; e.Sequence != 0 || len(o.Items[0].Guests) != 1 {
		t.Errorf("the invitation is %+v", o.Items[0])
	}
	// An older word, and the same again, change nothing.
	for _, object := range []string{first, strings.NewReplacer("SEQUENCE:0", "SEQUENCE:1", "T150000", "T160000", "T160000", "T170000", "T040000Z", "T050000Z").Replace(first)} {
		if _, err := s.object(member(1), eventsAddress, "REQUEST", object); err != nil {
			t.Fatal(err)
		}
		if m := s.last(member(1), "notice"); !strings.Contains(m.flat(), "I have this event already") {
			t.Errorf("it was answered\n%s", m.flat())
		}
	}
	// A change waits while the event stands; somebody else changes nothing.
	moved := strings.NewReplacer("SEQUENCE:0", "SEQUENCE:2", "20260223T", "20260224T", "T040000Z", "T060000Z").Replace(first)
	if _, err := s.object(member(6), eventsAddress, "REQUEST", moved); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(6), "notice"); !strings.Contains(m.flat(), "otra persona") {
		t.Errorf("somebody else's change was answered\n%s", m.flat())
	}
	if _, err := s.object(member(1), eventsAddress, "REQUEST", moved); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(1), "notice"); m.Subject != "Your change waits for a moderator: Reading circle" || len(s.mails("", "invitation")) != 14 {
		t.Errorf("the change was answered %q", m.Subject)
	}
	draft = s.last(amina, "draft")
	if !strings.Contains(draft.flat(), "no longer on Monday 23 February, 18:00") {
		t.Errorf("the draft of the change reads\n%s", draft.flat())
	}
	s.say(draft, amina, "approve")
	o = objectOf(t, s.last(member(4), "invitation"))
	if len(s.mails("", "invitation")) != 28 || o.Items[0].Event.Sequence != 1 || o.Items[0].Event.Start.Day() != 24 {
		t.Errorf("after the change %d invitations are out, the last %+v", len(s.mails("", "invitation")), o.Items[0].Event)
	}
	// What a program would rather have goes to people, and to the list never.
	if _, err := s.object(member(7), eventsAddress, "COUNTER", strings.Replace(moved, "METHOD:REQUEST", "METHOD:COUNTER", 1)); err != nil {
		t.Fatal(err)
	}
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "Nguyen Thi Lan") || !strings.Contains(string(m.Raw), "invitation.ics") || len(s.mails("", "invitation")) != 28 {
		t.Errorf("who runs the list got\n%s", m.flat())
	}
	// The program asks for it again, and takes it back.
	if _, err := s.object(member(5), eventsAddress, "REFRESH", vevent("REFRESH", "UID:"+o.Items[0].Event.UID, "DTSTAMP:20260211T040000Z", "ATTENDEE:mailto:"+member(5))); err != nil {
		t.Fatal(err)
	}
	if o := objectOf(t, s.last(member(5), "notice")); o.Method != event.Request || o.Items[0].Guests[0].Address != member(5) {
		t.Errorf("who asked for it again got %+v", o.Items[0])
	}
	if _, err := s.object(member(1), eventsAddress, "CANCEL", vevent("CANCEL", uid, "DTSTAMP:20260211T040000Z", "SEQUENCE:3", "SUMMARY:Reading circle")); err != nil {
		t.Fatal(err)
	}
	if o := objectOf(t, s.last(member(4), "invitation")); o.Method != event.Cancel || o.Items[0].Event.Sequence != 2 {
		t.Errorf("who was invited got %s %+v", o.Method, o.Items[0].Event)
	}
	if m := s.last(member(1), "notice"); m.Subject != "It is cancelled: Reading circle" {
		t.Errorf("who cancelled got %q", m.Subject)
	}
}

// A date of a series is taken back by the calendar program, or by a line; the whole by a moderator.
func TestSubmitSeries(t *testing.T) {
	s := newStage(t, alone)
	uid := "UID:weekly@example.org"
	if _, err := s.object(amina, eventsAddress, "PUBLISH", vevent("PUBLISH", uid, "DTSTAMP:20260210T040000Z", "DTSTART;TZID=Africa/Nairobi:20260217T150000", "DURATION:PT1H", "SUMMARY:Lunch", "RRULE:FREQ=WEEKLY;COUNT=4")); err != nil {
		t.Fatal(err)
	}
	if len(s.mails("", "invitation")) != 14 {
		t.Fatalf("%s", s.outline())
	}
	if _, err := s.object(amina, eventsAddress, "CANCEL", vevent("CANCEL", uid, "DTSTAMP:20260210T050000Z", "SEQUENCE:1", "RECURRENCE-ID;TZID=Africa/Nairobi:20260224T150000", "DTSTART;TZID=Africa/Nairobi:20260224T150000")); err != nil {
		t.Fatal(err)
	}
	if m := s.last(amina, "notice"); !strings.Contains(m.flat(), "every Tuesday") || !strings.Contains(m.flat(), "does not take place on Tuesday 24 February") {
		t.Errorf("who cancelled a date got\n%s", m.flat())
	}
	if _, err := s.mail(member(2), eventsAddress, "", ""); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(2), "notice"); !strings.Contains(m.flat(), "chaque mardi") || strings.Contains(m.flat(), "continue ensuite") {
		t.Errorf("the events to come are\n%s", m.flat())
	}
	starts := func() string {
		var days []string
		var e *event.Event // as a program has it that was told one thing after the other
		for _, m := range s.mails(member(1), "invitation") {
			if o := objectOf(t, m); e == nil {
				e = o.Items[0].Event
			} else {
				e, _ = e.Take(o.Method, &o.Items[0])
			}
		}
		dates, _ := e.Dates(s.time(), time.Time{}, 10)
		for _, d := range dates {
			days = append(days, d.Start.Format("02"))
		}
		return fmt.Sprint(days)
	}
	if got := starts(); got != "[17 03 10]" {
		t.Errorf("it takes place on %s", got)
	}
	if _, err := s.mail(amina, eventsAddress, "Re: cancel lunch.1 2026-03-03", ""); err != nil {
		t.Fatal(err)
	}
	if got := starts(); got != "[17 10]" {
		t.Errorf("it takes place on %s: %s", got, s.last(amina, "notice").flat())
	}
	// One date is moved, by a program that says no more than that.
	if _, err := s.object(amina, eventsAddress, "REQUEST", vevent("REQUEST", uid, "DTSTAMP:20260210T060000Z", "SEQUENCE:2", "SUMMARY:Lunch", "RECURRENCE-ID;TZID=Africa/Nairobi:20260310T150000",
		"DTSTART;TZID=Africa/Nairobi:20260311T160000", "DURATION:PT1H")); err != nil {
		t.Fatal(err)
	}
	if got := starts(); got != "[17 11]" {
		t.Errorf("it takes place on %s: %s", got, s.last(amina, "notice").text())
	}
	if _, err := s.mail(member(3), eventsAddress, "cancel lunch.1", ""); err != nil {
		t.Fatal(err)
	}
	if m := s.last(member(3), "notice"); !strings.Contains(m.flat(), "otra persona") {
		t.Errorf("a member who cancelled it got\n%s", m.flat())
	}
	if _, err := s.mail(amina, eventsAddress, "events", "Cancel lunch.1, please"); err != nil {
		t.Fatal(err)
	}
	if o := objectOf(t, s.last(member(1), "invitation")); o.Method != event.Cancel {
		t.Errorf("members got %s: %s", o.Method, s.last(amina, "notice").flat())
	}
}

// Who asks is told what is to come, on their clock, with how to answer; what waits is not in it.
func TestEventIndex(t *testing.T) {
	var ev *event.Event
	s := newStage(t, func(up *setUp) {
		alone(up)
		ev = circle(up)
		up.Programme.Events = []*event.Event{ev}
	})
	if _, err := s.SetMember(stageList, member(2), []string{"timezone=America/La_Paz"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.mail(member(5), eventsAddress, "x", "Title: Waits\nWhen: 2026-03-01 10:00"); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []func() error{
		func() error {
			_, err := s.mail(member(2), eventsAddress, "", "Quels sont les événements ?")
			return err
		},
		func() error {
			_, err := s.mail(member(2), "peers+settings@lists.example.org", "x", "events")
			return err
		},
	} {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		m := s.last(member(2), "notice")
		text := m.flat()
		for _, want := range []string{"Cercle de lecture", "Mardi 24 mars, 08 h 00 à La Paz", "15 h 00 à Nairobi", "oui circle", "Titre : "} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %q in\n%s", want, text)
			}
		}
		if strings.Contains(text, "Waits") {
			t.Errorf("what waits is in it\n%s", text)
		}
		if o := objectOf(t, m); o.Method != event.Publish || len(o.Items) != 1 || o.Items[0].GuestCount != 0 {
			t.Errorf("the file is %+v", o)
		}
	}
	if _, err := s.mail("stranger@example.org", eventsAddress, "events", ""); err == nil {
		t.Error("a stranger got the events")
	}
}
