package digest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"mime/quotedprintable"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// answering is a stage on which everybody was just invited to a circle and to two walks, and the walk in Berlin and the circle have changed once since.
func answering(t *testing.T) *stage {
	t.Helper()
	sceneOnce.Do(func() {
		s := answeringStage(t, nil)
		s.advance("2026-03-10 15:01")
		sceneOfAnswers = s.scene()
	})
	s := answeringStage(t, sceneOfAnswers)
	s.tick()
	return s
}

// It is played once: each answer has a stage of its own, and that takes a second.
var (
	sceneOnce      sync.Once
	sceneOfAnswers *scene
)

func answeringStage(t *testing.T, from *scene) *stage {
	return newStage(t, func(up *setUp) {
		up.From = from
		up.List.Was = []string{"learners@lists.example.org"}
		up.Discussion.Event = nil
		up.Discussion.Start = up.Discussion.Start.AddDays(200)
		up.Programme.Events = []*event.Event{circle(up), walk("berlin", "Europe/Berlin", 2026, time.March, 17), walk("york", "America/New_York", 2026, time.February, 26)}
	})
}

// handAs hands a mail in as SMTP does, with what is known of its author.
func (s *stage) handAs(from, to string, raw []byte, auth list.Authentication) (list.Receipt, error) {
	target, err := s.Route(to)
	if err != nil {
		return list.Receipt{}, err
	}
	return s.Receive(context.Background(), &list.Incoming{Raw: raw, Targets: []list.Target{target},
		Envelope: list.Envelope{ID: s.id(), From: from, Helo: "c.example", IP: "192.0.2.1", Protocol: "ESMTP", Received: s.time()},
		Auth:     func(context.Context, *message.Message) list.Authentication { return auth }})
}

// guestsOf is what the list has down of who comes, and what went out since so many mails, a line each.
func (s *stage) guestsOf(since int) string {
	s.t.Helper()
	var lines []string
	err := s.Store.View(func(r list.Reader) error {
		rec, err := r.List(stageList)
		if err != nil {
			return err
		}
		return r.Papers(rec.ID, "event/", func(_ string, content []byte) error {
			reg := &calendar.Register{}
			if err := json.Unmarshal(content, reg); err != nil {
				return err
			}
			for _, who := range slices.Sorted(maps.Keys(reg.Guests)) {
				line := strings.TrimSpace(reg.ID + " " + strings.TrimSuffix(who, "@example.org") + " " + reg.Guests[who].Answer)
				for _, date := range slices.Sorted(maps.Keys(reg.Guests[who].Dates)) {
					line += " " + date + " " + reg.Guests[who].Dates[date]
				}
				lines = append(lines, line)
			}
			return nil
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(lines)
	for _, m := range s.mails("", "")[since:] {
		lines = append(lines, "> "+strings.TrimSuffix(m.To, "@example.org")+" "+m.Kind+": "+m.Subject)
	}
	return strings.Join(lines, "\n")
}

// replied is a calendar object that answers.
type replied struct {
	uid, attendee, partstat, recurrence string
	organiser                           string // empty: as invitations have it
	sequence                            int
	stamp                               string
	before                              string // properties in front of the attendee
}

func (r replied) String() string {
	lines := []string{"BEGIN:VCALENDAR", "PRODID:-//Some//Program//EN", "VERSION:2.0", "METHOD:REPLY", "BEGIN:VEVENT", "UID:" + r.uid, "DTSTAMP:" + r.stamp, fmt.Sprint("SEQUENCE:", r.sequence),
		"ORGANIZER;CN=Peer Learning:" + cmp.Or(r.organiser, "mailto:peers+events@lists.example.org")}
	if r.recurrence != "" {
		lines = append(lines, "RECURRENCE-ID"+r.recurrence)
	}
	if r.before != "" {
		lines = append(lines, r.before)
	}
	lines = append(lines, "ATTENDEE;PARTSTAT="+r.partstat+r.attendee, "END:VEVENT", "END:VCALENDAR", "")
	return strings.Join(lines, "\r\n")
}

// yes is member 2's to the circle.
func yes(change func(*replied)) string {
	r := replied{uid: "circle.peers@lists.example.org", attendee: ";CN=Awa Diallo:mailto:member2@example.org", partstat: "ACCEPTED", stamp: "20260310T130000Z"}
	if change != nil {
		change(&r)
	}
	return r.String()
}

// asPart is a mail whose only part is a calendar object.
func asPart(from, object string) []byte {
	return []byte("From: Awa Diallo <" + from + ">\r\nTo: peers+events@lists.example.org\r\nSubject: Accepted: Reading circle\r\nMessage-ID: <a@example.org>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/calendar; method=REPLY; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + object)
}

// withFields is asPart with other fields of the part, and its content as they say.
func withFields(fields, content string) []byte {
	return []byte("From: Awa Diallo <member2@example.org>\r\nTo: peers+events@lists.example.org\r\nSubject: Accepted: Reading circle\r\nMessage-ID: <a@example.org>\r\nMIME-Version: 1.0\r\n" + fields + "\r\n\r\n" + content)
}

func inBase64(s string) string {
	var b strings.Builder
	for chunk := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(s))), 76) {
		b.Write(append(chunk, '\r', '\n'))
	}
	return b.String()
}

func inQuotedPrintable(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // a Builder writes always
	_ = w.Close()
	return b.String()
}

// answerMail is a mail that Thunderbird has sent, once that of our stage was opened in it and a button pressed.
func answerMail(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/answers/" + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// What calendar programs send is understood whatever form it has, counts, and is not answered: their users see there what they answered.
func TestAnswersOfPrograms(t *testing.T) {
	const circleYes = "circle member2 yes"
	for name, c := range map[string]struct {
		raw  func(t *testing.T) []byte
		want string
	}{
		"Thunderbird accepts": {func(t *testing.T) []byte { return answerMail(t, "thunderbird-accepted") }, circleYes},
		"Thunderbird accepts a series, and encloses the date that was moved without an answer to it": {
			func(t *testing.T) []byte { return answerMail(t, "thunderbird-series") }, "york member2 yes"},
		"Thunderbird declines one date":                         {func(t *testing.T) []byte { return answerMail(t, "thunderbird-one-date") }, "berlin member2 20260324T140000Z no"},
		"Thunderbird accepts a changed series":                  {func(t *testing.T) []byte { return answerMail(t, "thunderbird-update") }, "berlin member2 yes"},
		"Thunderbird may come to a moved event":                 {func(t *testing.T) []byte { return answerMail(t, "thunderbird-moved") }, "circle member2 maybe"},
		"Google's calendar, which says that a machine wrote it": {func(t *testing.T) []byte { return answerMail(t, "google") }, circleYes},
		"Exchange, with the zone that Windows calls so":         {func(t *testing.T) []byte { return answerMail(t, "exchange") }, "berlin member2 20260331T130000Z no"},
		"Apple's calendar":                                      {func(t *testing.T) []byte { return answerMail(t, "apple") }, "circle member2 maybe"},
		"the only part":                                         {func(*testing.T) []byte { return asPart(member(2), yes(nil)) }, circleYes},
		"the only part, in base64": {func(*testing.T) []byte {
			return withFields("Content-Type: text/calendar; charset=\"utf-8\"; method=reply\r\nContent-Transfer-Encoding: base64", inBase64(yes(nil)))
		}, circleYes},
		"the only part, in quoted-printable": {func(*testing.T) []byte {
			return withFields("Content-Type: text/calendar; method=\"REPLY\"; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable", inQuotedPrintable(yes(nil)))
		}, circleYes},
		"a method in the object alone": {func(*testing.T) []byte { return withFields("Content-Type: text/calendar; charset=utf-8", yes(nil)) }, circleYes},
		"a file behind a text, whose object alone has the method": {func(*testing.T) []byte {
			return withFields("Content-Type: multipart/mixed; boundary=x", "--x\r\nContent-Type: text/plain\r\n\r\nI come\r\n--x\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
				inBase64(yes(nil))+"--x--\r\n")
		}, circleYes},
		"alternatives in alternatives, with bare line ends": {func(*testing.T) []byte {
			return withFields("Content-Type: multipart/alternative; boundary=x", "--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nContent-Type: text/plain\r\n\r\n\r\n--y\r\n"+
				"Content-Type: text/html\r\n\r\n<br>\r\n--y--\r\n--x\r\nContent-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
				inBase64(strings.ReplaceAll(yes(nil), "\r\n", "\n"))+"--x--\r\n")
		}, circleYes},
		"an attendee in capitals": {func(*testing.T) []byte {
			return asPart(member(2), yes(func(r *replied) { r.attendee = ":MAILTO:Member2@Example.ORG" }))
		}, circleYes},
		"who acts for somebody, in the member's own mail": {func(*testing.T) []byte {
			return asPart(member(2), yes(func(r *replied) { r.attendee = `;SENT-BY="mailto:helper@example.com":mailto:member2@example.org` }))
		}, circleYes},
		"all of a series but one date, in one mail, whose part is older than the whole": {func(*testing.T) []byte {
			all := yes(func(r *replied) { r.uid = "berlin.peers@lists.example.org"; r.stamp = "20260310T140000Z" })
			one := yes(func(r *replied) {
				r.uid, r.stamp, r.partstat, r.recurrence = "berlin.peers@lists.example.org", "20260301T000000Z", "DECLINED", ";TZID=Europe/Berlin:20260324T150000"
			})
			_, part, _ := strings.Cut(one, "METHOD:REPLY\r\n")
			return asPart(member(2), strings.Replace(all, "END:VCALENDAR\r\n", "", 1)+part)
		}, "berlin member2 yes 20260324T140000Z no"},
	} {
		t.Run(name, func(t *testing.T) {
			s := answering(t)
			before := len(s.mails("", ""))
			receipt, err := s.hand(member(2), "peers+events@lists.example.org", c.raw(t))
			s.tick()
			if got := s.guestsOf(before); got != c.want || err != nil || receipt.Action == "discard" {
				t.Errorf("there is\n%s\nwant\n%s\n(%+v, %v)", got, c.want, receipt, err)
			}
		})
	}
}
