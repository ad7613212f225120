package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// base is what a list gives to a discussion that is mailed to it.
func base(t testing.TB) *Discussion {
	t.Helper()
	d := sample(t)
	d.ID, d.Title, d.Start, d.Questions, d.Event, d.Hashtag = "mailed", nil, Date{}, nil, nil, ""
	return d
}

func TestReadMail(t *testing.T) {
	for name, c := range map[string]struct{ mail, want string }{
		"the lines of the help": {`Title: Facilitating at a distance
Start: 2026-03-02
Weeks: 2
Question: Think of a time when a quiet group began to talk. What had
somebody just done?
Question: What worked?
Event: 2026-03-17 15:00 World Café: what we learned
Where: https://meet.example.org/cafe
Hashtag: #remote
Purpose: To learn from one another.
`, `Facilitating at a distance | 2026-03-02 | 2 | Think of a time when a quiet group began to talk. What had somebody just done? | What worked? | #remote | To learn from one another. | Tue 17 Mar 2026 15:00 1h30m0s world_cafe "World Café: what we learned" https://meet.example.org/cafe`},
		"talk around it, marks, and a signature": {`Dear all,
here is my plan, tell me what you think: it is short.

*Title:* A small one
- Start: Monday, 2 March 2026
* Weeks: 1 week

Questions:
1. First of all, why?
   And how?
2) Second?

Thanks!
--
Title: Facilitator of the year
`, `A small one | 2026-03-02 | 1 | First of all, why? And how? | Second? |  |`},
		"in French, with the space before the colon": {`Titre : Animer à distance
Début : lundi 2 mars 2026
Semaines : 3
Question : Qu'est-ce qui a marché ?
Événement : mardi 17 mars 2026 à 15h00-16h30, Café
Hashtag : distance`, `Animer à distance | 2026-03-02 | 3 | Qu'est-ce qui a marché ? | #distance |  | Tue 17 Mar 2026 15:00 1h30m0s meeting "Café" `},
		"in Spanish": {`Título: Facilitar a distancia
Inicio: 2 de marzo de 2026
Semanas: 2
Preguntas:
- ¿Qué funcionó?
- ¿Y ahora?
Evento: Encuentro, martes 17 de marzo de 2026 15:00 https://meet.example.org/x`, `Facilitar a distancia | 2026-03-02 | 2 | ¿Qué funcionó? | ¿Y ahora? |  |  | Tue 17 Mar 2026 15:00 1h30m0s meeting "Encuentro" https://meet.example.org/x`},
		"what is not said is the list's, and an event may be called as the discussion": {`title: Short
start: March 2nd, 2026
question: Why?
event: 17 March 2026 at 3 pm`, `Short | 2026-03-02 | 2 | Why? |  |  | Tue 17 Mar 2026 15:00 1h30m0s meeting "Short" `},
		"Windows line ends and odd spaces": {"Title:\u00a0Short\r\nStart:\t2026-03-02\r\nQuestion: Why\u202e?\r\n", `Short | 2026-03-02 | 2 | Why? |  |`},
	} {
		t.Run(name, func(t *testing.T) {
			from := base(t)
			d, err := ReadMail(from, c.mail)
			if err != nil {
				t.Fatal(err)
			}
			parts := []string{d.Title.In(), d.Start.String(), fmt.Sprint(d.Weeks)}
			for _, q := range d.Questions {
				parts = append(parts, q.In())
			}
			parts = append(parts, d.Hashtag, d.Purpose.In())
			if e := d.Event; e != nil {
				parts = append(parts, fmt.Sprintf("%s %s %s %q %s", e.Start.Format(dayFormat), e.Length, e.Format, e.Title.In(), e.Where))
			}
			same(t, strings.Join(parts, " | "), strings.TrimSpace(c.want))
			if from.Title != nil || from.Event != nil || from.Questions != nil {
				t.Error("what it began from was changed")
			}
			if _, err := d.Rows(Changes{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestReadMailFaults(t *testing.T) {
	const good = "Title: A\nStart: 2026-03-02\nQuestion: Why?\n"
	for name, c := range map[string]struct{ mail, want string }{
		"an empty mail":                   {"", "0 missing Title:, 0 missing Start:, 0 missing Question:"},
		"a key that is nearly one":        {good + "Wekks: 2\n", "4 unknown Wekks: weeks"},
		"letters that changed places":     {strings.Replace(good, "Title", "Tilte", 1), "1 unknown Tilte: title, 0 missing Title:"},
		"a key twice":                     {good + "Start: 2026-03-09", "4 twice Start:"},
		"nothing behind a key":            {good + "Weeks:\n\nHashtag:  ", "4 empty Weeks:, 6 empty Hashtag:"},
		"a date in numbers":               {strings.Replace(good, "2026-03-02", "2/3/2026", 1), "2 date 2/3/2026"},
		"a day that is not there":         {strings.Replace(good, "2026-03-02", "2026-02-30", 1), "2 date 2026-02-30"},
		"a month that may be two":         {strings.Replace(good, "2026-03-02", "2 jui 2026", 1), "2 date 2 jui 2026"},
		"a weekday that is another day's": {strings.Replace(good, "2026-03-02", "Tuesday 2 March 2026", 1), "2 weekday Tuesday 2 March 2026 Monday"},
		"an event without a time":         {good + "Event: 17 March 2026 Café", "4 time 17 March 2026 Café"},
		"an event at no time of day":      {good + "Event: 17 March 2026 25:00 Café", "4 time 17 March 2026 25:00 Café"},
		"an event without a date":         {good + "Event: Café", "4 date Café"},
		"no week, and too many":           {good + "Weeks: none", "4 weeks none"},
		"more weeks than a year":          {good + "Weeks: 53", "4 weeks 53"},
		"a hashtag of two words":          {good + "Hashtag: far away", "4 hashtag far away"},
		"a title that is too long":        {strings.Replace(good, "A", strings.Repeat("é", 201), 1), "1 long " + strings.Repeat("é", 79) + "…"},
		"questions without end":           {good + strings.Repeat("Question: Why?\n", 50), "53 many Why? 50"},
		"lines behind the signature":      {"-- \n" + good, "0 missing Title:, 0 missing Start:, 0 missing Question:"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := ReadMail(base(t), c.mail)
			faults, ok := errors.AsType[MailFaults](err)
			if d != nil || !ok {
				t.Fatalf("read as %+v with the error %v", d, err)
			}
			var got []string
			for _, f := range faults {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", f.Line, f.Kind, f.Text, f.Hint)))
			}
			same(t, strings.Join(got, ", "), c.want)
			if lines := strings.Split(faults.Error(), "\n"); len(lines) != len(faults) || strings.Contains(faults.Error(), "%!") {
				t.Errorf("said as %q", faults.Error())
			}
		})
	}
	bad := base(t)
	bad.Weekly = "0 11 1 1 *"
	if _, err := ReadMail(bad, good); err == nil || !strings.Contains(err.Error(), "fires in none of the 2 weeks") {
		t.Errorf("a plan that cannot be: %v", err)
	}
}

func TestNearly(t *testing.T) {
	for pair, want := range map[string]bool{
		"weeks weks": true, "weeks wekks": true, "weeks weeeks": true, "weeks weesk": true, "weeks weeks": false, "weeks wek": false, "title tilte": true,
		"start strat": true, "start trats": false, "event even": true, "event events": true, "a b": true,
	} {
		a, b, _ := strings.Cut(pair, " ")
		if nearly(a, b) != want || nearly(b, a) != want {
			t.Errorf("%s and %s: %v", a, b, !want)
		}
	}
}

// Whatever somebody mails, it is a plan or faults that can be told.
func FuzzReadMail(f *testing.F) {
	f.Add("Title: Facilitating at a distance\nStart: 2026-03-02\nWeeks: 2\nQuestion: Why?\nEvent: 2026-03-17 15:00-16:30 World Café https://x.example/\nHashtag: #remote\n")
	f.Add("Titre : Animer\r\nDébut : lundi 2 mars 2026\r\nQuestions :\n1. Pourquoi ?\n2. Comment ?\nÉvénement : 17 mars 2026 à 15h")
	f.Add("*Title:* x\nStart: March 2, 2026\nQuestion: \x00\xff\nEvent: 3 pm, 2026-03-17 on Tuesday 17 March 2026 \x01")
	start := base(f)
	f.Fuzz(func(t *testing.T, mail string) {
		d, err := ReadMail(start, mail)
		if err != nil {
			faults, ok := errors.AsType[MailFaults](err)
			if !ok || len(faults) == 0 || len(faults) > maxFaults || !utf8.ValidString(err.Error()) || strings.Count(err.Error(), "\n")+1 != len(faults) {
				t.Fatalf("faults %q", err)
			}
			return
		}
		if len(d.Questions) == 0 || len(d.Questions) > maxQuestions || d.Weeks < 1 || d.Weeks > 52 || d.Title.In() == "" {
			t.Fatalf("read %+v", d)
		}
		rows, err := d.Rows(Changes{})
		if err != nil || len(rows) < 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, c := range []string{d.Title.In(), d.Hashtag, d.Questions[0].In()} {
			if strings.ContainsAny(c, "\r\n\x00\x01\x1b") || !utf8.ValidString(c) {
				t.Fatalf("%q is read from %q", c, mail)
			}
		}
		if e := d.Event; e != nil && (e.Length < time.Minute || e.Length > 25*time.Hour || strings.ContainsAny(e.Title.In()+e.Where, "\r\n\x00\x01")) {
			t.Fatalf("the event is %+v", e)
		}
	})
}
