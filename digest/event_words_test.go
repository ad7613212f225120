package digest

import (
	"strings"
	"testing"

	"convene/list/event"
)

// What people write to an invitation is what they mean, or is asked back; what nobody can read goes to who facilitates.
func TestAnswersInWords(t *testing.T) {
	const asked = "asked back"
	for said, texts := range map[string][]string{
		"yes": {"yes", "Yes!", "No problem, I'll be there!", "No way I'd miss this!", "si, voy", "Sí, voy", "si voy", "accept", "Accepted", "J'accepte", "acepto", "I'll come", "Count me in", "I can't wait!", "Je viens", "claro que sí", "Of course",
			"Hi all,\n\nyes, I'll come\n\nDede", "Bonjour,\n\noui\n\nAwa", "Hola:\n\nsí\n", "Buenos días a todas,\nsí", "Yes, but I may be late", "yes, no problem", "Yes. Best regards, Dede Mensah, Director", "oui mais en retard", "Oui, pourquoi pas"},
		"no": {"no", "No, thanks", "no gracias", "No puedo", "no puedo ir, lo siento", "decline", "Declined", "refusé", "I can't make it", "Je ne peux pas", "Non merci", "Non, je ne pourrai pas venir", "No I am in Accra", "not coming",
			"Hi Amina,\nno, sorry"},
		"maybe": {"maybe", "Yes, maybe", "Oui, peut-être", "tal vez", "Tal vez pueda", "peut être", "No sé", "No estoy segura todavía", "Not sure", "Je ne sais pas encore", "puede ser", "maybe not"},
		asked:   {"No, I meant yes", "No idea", "No problem, but I can't come that day", "claro que no"},
		"":      {"Who presents?", "Hello there"},
	} {
		for _, text := range texts {
			t.Run(text, func(t *testing.T) {
				s := answering(t)
				before := len(s.mails("", ""))
				s.say(s.circleOf(member(1)), member(1), text)
				got, _, _ := strings.Cut(s.guestsOf(before), "\n")
				got = strings.TrimPrefix(got, "circle member1 ")
				if strings.HasPrefix(got, "> member1") && strings.Contains(s.last(member(1), "notice").text(), "could not tell for certain") {
					got = asked
				} else if strings.HasPrefix(got, ">") {
					got = ""
				}
				if got != said {
					t.Errorf("%q is %q, want %q", text, got, said)
				}
			})
		}
	}
}

// Some write their answer into the subject of a mail without a text.
func TestAnswerInTheSubject(t *testing.T) {
	for subject, want := range map[string]string{"yes": "circle member1 yes", "Re: yes": "", "Reading circle": ""} {
		s := answering(t)
		m := s.circleOf(member(1))
		if _, err := s.hand(member(1), m.replyTo(), rawMail("Dede", member(1), "", "To: "+m.replyTo(), "Subject: "+subject, "Message-ID: <"+s.id()+"@example.org>")); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(s.guestsOf(len(s.mails("", ""))), "\n"); got != want {
			t.Errorf("the subject %q is %q, want %q", subject, got, want)
		}
	}
}

// An answer may name several dates, or all but some; what is not sure is asked back, and changes nothing.
func TestAnswersOfSeveralDates(t *testing.T) {
	s, _ := lunchStage(t, func(up *setUp, ev *event.Event) {
		*ev = *circle(up)
		ev.Rule = "FREQ=WEEKLY;COUNT=5"
	})
	s.advance("2026-03-10 15:01")
	start := s.scene()
	const asked = "asked back"
	for answer, want := range map[string]string{
		"no 2026-03-24, 2026-03-31":                                   "24 no, 31 no",
		"no 2026-03-24 and 2026-03-31":                                "24 no, 31 no",
		"no 24 March and 7 April":                                     "24 no, 07 no",
		"No, not on 24 March":                                         "24 no",
		"Non, pas le 31 mars":                                         "31 no",
		"no, I cannot come on 2026-04-14, sorry, but yes to the rest": "yes 14 no",
		"yes, but not 2026-04-07":                                     "yes 07 no",
		"yes except 2026-03-24":                                       "yes 24 no",
		"oui, sauf le 7 avril":                                        "yes 07 no",
		"sí, pero no el 7 de abril":                                   "yes 07 no",
		"yes, only 2026-03-24":                                        "24 yes",
		"no, except 2026-03-24":                                       "no 24 yes",
		"yes 2026-03-24, no 2026-03-31, maybe 2026-04-07":             "24 yes, 31 no, 07 maybe",
		"yes on Tuesday 24 March, 15:00":                              "24 yes",
		"no 2026-03-24, I am travelling":                              "24 no",
		"yes":                                                         "yes",
		"yes, no problem":                                             "yes",
		"yes 2026-03-24 or 2026-03-31":                                asked,
		"yes from 2026-03-24 to 2026-04-07":                           asked,
		"yes, I am away on 2026-03-24":                                asked,
		"no, but 2026-03-24":                                          asked,
		"no, only 2026-03-24":                                         asked,
		"yes, but not every week":                                     asked,
		"yes except Tuesdays":                                         asked,
		"yes 2026-03-24, not sure yet":                                asked,
		"yes 2026-03-24?":                                             asked,
		"no 2026-03-24 - 2026-04-07":                                  asked,
		"no 31/03":                                                    asked,
		"non le 31/03":                                                asked,
		"no el 31/3":                                                  asked,
		"no 31.03.":                                                   asked,
		"no 31-03":                                                    asked,
		"no 7/4 and 14/4":                                             asked,
		"no, I am away next week":                                     asked,
		"non, pas la semaine prochaine":                               asked,
		"no, I am travelling":                                         "no",
		"yes, at 15:00":                                               "yes",
		"yes, from 9.30 on":                                           asked,
		"no, my phone is 077 12/34-56 0101":                           "no",
	} {
		t.Run(answer, func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				up.From = start
				up.Discussion.Event = nil
				up.Discussion.Start = up.Discussion.Start.AddDays(200)
				ev := circle(up)
				ev.Rule = "FREQ=WEEKLY;COUNT=5"
				up.Programme.Events = []*event.Event{ev}
			})
			s.tick()
			before := len(s.mails("", ""))
			s.say(s.last(member(4), "invitation"), member(4), answer)
			if got := len(s.mails("", "")) - before; got != 1 {
				t.Errorf("it was answered with %d mails:\n%s", got, s.guestsOf(before))
			}
			all, err := s.editor.Events(stageList)
			if err != nil {
				t.Fatal(err)
			}
			got, _, _ := strings.Cut(s.guestsOf(len(s.mails("", ""))), "\n")
			got = strings.TrimSpace(strings.TrimPrefix(got, "circle member4"))
			for _, day := range []int{0, 7, 14, 21, 28} {
				at := all[0].Event.Start.AddDate(0, 0, day)
				got = strings.ReplaceAll(got, at.UTC().Format("20060102T150405Z"), at.Format("02"))
			}
			if notice := s.last(member(4), "notice"); strings.Contains(notice.text(), "could not tell for certain") {
				if got != "" || !strings.Contains(notice.text(), "no 2026-03-24") || !strings.Contains(notice.text(), "yes, except 2026-03-24") {
					t.Errorf("%q is asked back, and is %q:\n%s", answer, got, notice.text())
				}
				got = asked
			}
			if got != strings.ReplaceAll(want, ",", "") {
				t.Errorf("%q is %q, want %q", answer, got, want)
			}
		})
	}
}

// One mail says what became of all dates that an answer names.
func TestSeveralDatesAreToldOfInOneMail(t *testing.T) {
	s, _ := lunchStage(t, nil)
	s.advance("2026-03-10 13:00")
	for n, want := range map[int]string{1: "Tuesday 7 April: you are not coming. - Wednesday 8 April: it does not take place on that day. - All other dates: you are coming.",
		2: "Mardi 7 avril : vous ne venez pas. - Mercredi 8 avril : il n’a pas lieu ce jour-là. - Toutes les autres dates : vous venez.",
		3: "Martes 7 de abril: usted no viene. - Miércoles 8 de abril: no tiene lugar ese día. - Todas las demás fechas: usted viene."} {
		s.say(s.last(member(n), "invitation"), member(n), "yes, but not 2026-04-07 and 2026-04-08")
		if got := flat(s.last(member(n), "notice")); !strings.Contains(got, want) {
			t.Errorf("member %d is told\n%s", n, got)
		}
	}
}
