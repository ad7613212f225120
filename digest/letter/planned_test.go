package letter

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares both parts of a mail with what they were.
func golden(t *testing.T, name string, m Mail) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Subject: " + m.Subject + "\n\n" + m.Text, ".html": m.HTML} {
		file := filepath.Join("testdata", name+ext)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got == string(want) {
			continue
		}
		now, before := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range min(len(now), len(before)) {
			if now[i] != before[i] {
				t.Errorf("%s:%d is %q and was %q (-update writes it anew)", file, i+1, now[i], before[i])
				break
			}
		}
		if len(now) != len(before) {
			t.Errorf("%s has %d lines and had %d (-update writes it anew)", file, len(now), len(before))
		}
	}
}

func TestPlannedMails(t *testing.T) {
	b := builtBook()
	for _, language := range []string{"en", "fr", "es"} {
		subjects := map[string]string{}
		for n := range remoteRows(t) {
			p := planned(t, n+1)
			m, err := b.Planned(p, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			if other, taken := subjects[m.Subject]; taken {
				t.Errorf("%s has the subject of %s: %q", p.Row.Key, other, m.Subject)
			}
			subjects[m.Subject] = p.Row.Key
			golden(t, filepath.Join(language, strings.ReplaceAll(strings.TrimPrefix(p.Row.Key, "remote/"), "/", "-")), m)
		}
		m, err := b.PlainForm(planned(t, 4), []string{language})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join(language, "plain"), m)
	}
}

// rowOf is the number of the first row of a kind.
func rowOf(t *testing.T, kind plan.Kind) int {
	t.Helper()
	rows := planned(t, 1).Rows
	i := slices.IndexFunc(rows, func(r plan.Row) bool { return r.Kind == kind })
	if i < 0 {
		t.Fatalf("the plan has no %s", kind)
	}
	return i + 1
}

// TestPlainFormsTellThemselvesApart holds that a plain midweek, weekly and closing are different topics, and that the closing keeps what it is for.
func TestPlainFormsTellThemselvesApart(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		subjects := map[string]plan.Kind{}
		for _, kind := range []plan.Kind{plan.Midweek, plan.Weekly, plan.Closing} {
			p := planned(t, rowOf(t, kind))
			m, err := builtBook().PlainForm(p, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			if other, taken := subjects[m.Subject]; taken {
				t.Errorf("%s: %s and %s have the subject %q", language, kind, other, m.Subject)
			}
			subjects[m.Subject] = kind
			event := strings.Contains(m.Text, "+events@")
			call := strings.Contains(m.Text, p.Discussion.CallToAction.In(language))
			if want := kind == plan.Closing; event != want || call != want {
				t.Errorf("%s: the plain %s has the event %v, the call to action %v", language, kind, event, call)
			}
			if kind != plan.Weekly {
				golden(t, filepath.Join(language, "plain-"+string(kind)), m)
			}
		}
	}
}

func TestAPlainClosingBeginsWhereMembersWereToldLast(t *testing.T) {
	p := planned(t, rowOf(t, plan.Closing))
	all := p.Facts.Opening
	p.Since = all[1].At
	m, err := builtBook().PlainForm(p, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(oneLine(m.Text, 1<<20), all[0].Quote.Text) || !strings.Contains(m.Text, "What you wrote since ") {
		t.Errorf("what was told before stands in it again:\n%s", m.Text)
	}
}

func TestWithoutTheAddressForEventsTheFacilitatorTakesTheAnswer(t *testing.T) {
	p := planned(t, rowOf(t, plan.Closing))
	p.Place.Events = ""
	if m := inEnglish(t, p); strings.Contains(m.Text, "invitation") || strings.Contains(m.Text, "+events@") || !strings.Contains(m.Text, "write “yes” to Luis Prieto") {
		t.Errorf("it says how to come:\n%s", m.Text)
	}
}

func TestAPostWithoutASentenceIsCountedAndNotQuoted(t *testing.T) {
	p := planned(t, rowOf(t, plan.Weekly))
	p.Facts.Opening = append(slices.Clone(p.Facts.Opening), facts.Line{At: p.Now})
	m, err := builtBook().PlainForm(p, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.Text, "\n>\n") || !strings.Contains(m.Text, "And 2 more messages,") {
		t.Errorf("an empty quotation:\n%s", m.Text)
	}
}

func TestOnlyWhoAgreedIsSpokenOf(t *testing.T) {
	p := planned(t, rowOf(t, plan.Kickoff))
	for _, begun := range []bool{true, false} {
		if p.Begun = begun; strings.Contains(inEnglish(t, p).Text, "have agreed to begin") != begun {
			t.Errorf("begun %v: %s", begun, inEnglish(t, p).Text)
		}
	}
}

// inEnglish writes a planned email, or fails.
func inEnglish(t *testing.T, p *Planned) Mail {
	t.Helper()
	m, err := builtBook().Planned(p, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEditsOfAPlannedMail(t *testing.T) {
	for name, c := range map[string]struct {
		n       int // of the row
		edits   Edits
		change  func(*Planned)
		has, no []string
	}{
		"a theme is dropped, and the others keep their numbers": {4, Edits{Drop: []int{1}, Rename: map[int]string{2: "Who pays"}}, nil,
			[]string{"Who pays\n", "preguntar a alguien"}, []string{"Mama Esther", "forty”"}},
		"a quote is dropped":                             {4, Edits{DropQuotes: []int{2}}, nil, []string{"Mama Esther", "Le premier appel"}, []string{"first voice closes"}},
		"a quote of a language is dropped":               {4, Edits{DropQuotes: []int{11}}, nil, []string{"Mama Esther"}, []string{"caminho de casa", "Also said"}},
		"a language speaks up when its theme is dropped": {4, Edits{Drop: []int{3}}, nil, []string{"Also said", "En aymara"}, nil},
		"another experience":                             {4, Edits{Other: []int{2}}, nil, []string{"> Another experience: With us the first voice"}, nil},
		"an opening":                                     {4, Edits{Say: "I did not expect this.\n\nThank you."}, nil, []string{"I did not expect this.\n\nThank you."}, []string{"in your own words"}},
		"an opening before a program's":                  {4, Edits{Say: "Mine.", Prose: "The program's."}, nil, []string{"Mine."}, []string{"The program"}},
		"a program's opening":                            {4, Edits{Prose: "The program's."}, nil, []string{"The program's."}, []string{"in your own words"}},
		"a further question":                             {4, Edits{Ask: []string{"And who pays?"}}, nil, []string{"*And who pays?*"}, nil},
		"no spotlight":                                   {4, Edits{NoSpotlight: true}, nil, []string{"Thank you Dede Mensah"}, []string{"Especially"}},
		"a spotlight that was added":                     {4, Edits{Spotlight: []string{"m3@example.org", "nobody@example.org"}}, nil, []string{"- Tomás Quispe\n"}, nil},
		"nobody is put forward who does not want it":     {4, Edits{Spotlight: []string{"m6@example.org"}}, nil, nil, []string{"- Grace Wanjiru\n", "Thank you Grace"}},
		"a subject":                                      {4, Edits{Subject: "First steps"}, nil, []string{"Subject: First steps #remote\n"}, nil},
		"a whole text":                                   {4, Edits{Whole: map[string]string{"en": "*My* own.\n\n> quoted"}}, nil, []string{"_My_ own.", "> quoted", "Your reply goes to everyone"}, []string{"What we heard"}},
		"a whole text in another language":               {4, Edits{Whole: map[string]string{"fr": "À moi."}}, nil, []string{"What we heard"}, []string{"À moi."}},
		"a member's question is taken up":                {5, Edits{Add: []int{2, 9}}, nil, []string{"*Grace Wanjiru asked, and nobody has answered yet:* “Has anybody"}, []string{"Awa Diallo asked"}},
		"a thread of a midweek is dropped":               {3, Edits{Drop: []int{2}, Rename: map[int]string{1: "Day one"}}, nil, []string{"Day one\n", "Una pregunta"}, []string{"Phone credit"}},
		"the plan's own words": {4, Edits{}, func(p *Planned) {
			p.Row.Subject, p.Row.Body = plan.Texts{"": "A reading"}, plan.Texts{"": "Read **this**."}
		}, []string{"Subject: A reading #remote\n", "Read *this*."}, []string{"What we heard"}},
		"the plan's subject":                         {4, Edits{}, func(p *Planned) { p.Row.Subject = plan.Texts{"": "Ours #Remote"} }, []string{"Subject: Ours #Remote\n", "What we heard"}, nil},
		"whoever wants to be asked is not quoted":    {4, Edits{}, nil, nil, []string{"I stopped sending minutes"}},
		"without names there are none in the thanks": {4, Edits{}, func(p *Planned) { p.Discussion.Attribution = plan.ByNobody }, []string{"Thank you to everyone who wrote."}, []string{"Especially"}},
		"who is thanked in person alone":             {4, Edits{}, func(p *Planned) { p.Discussion.Thanks = plan.ThanksPersonal }, []string{"What we heard"}, []string{"Thank you"}},
		"questions added by mail":                    {5, Edits{}, func(p *Planned) { p.Changes.Added = []string{"Who decides?"}; p.Row.Asks = []int{3, 9} }, []string{"Subject: Question 4: Who decides? #remote", "*4. Who decides?*"}, nil},
		"a round without questions of its own":       {5, Edits{}, func(p *Planned) { p.Row.Asks, p.Row.MembersOwn = nil, true }, []string{"What would you like to ask"}, nil},
		"a moved date is told":                       {4, Edits{}, func(p *Planned) { p.Moved = p.Rows[6:7] }, []string{"- Changed to Friday 13 March: what we learned"}, nil},
		"what is skipped does not come":              {4, Edits{}, func(p *Planned) { p.Rows[4].Skipped = true }, []string{"Friday 13 March"}, []string{"Monday 9 March"}},
		"no event":                                   {7, Edits{}, func(p *Planned) { p.Discussion.Event = nil }, []string{"Subject: What we learned: Facilitating"}, []string{"To come"}},
		"no facts":                                   {4, Edits{}, func(p *Planned) { p.Facts = nil }, []string{"Subject: Week 1: what we heard #remote"}, []string{"Thank you"}},
	} {
		p := planned(t, c.n)
		p.Edits = c.edits
		if c.change != nil {
			c.change(p)
		}
		m := inEnglish(t, p)
		all := "Subject: " + m.Subject + "\n" + m.Text
		for _, s := range c.has {
			if !strings.Contains(all, s) {
				t.Errorf("%s: there is no %q:\n%s", name, s, all)
			}
		}
		for _, s := range c.no {
			if strings.Contains(all, s) || strings.Contains(m.HTML, s) {
				t.Errorf("%s: there is %q:\n%s", name, s, all)
			}
		}
	}
}

func TestTheMailsBehindAnEventWait(t *testing.T) {
	for _, n := range []int{8, 9} {
		p := planned(t, n)
		p.Content = " \n"
		if _, err := builtBook().Planned(p, nil); !errors.Is(err, ErrUnwritten) {
			t.Errorf("%s without a word of the facilitator's: %v", p.Row.Key, err)
		}
		p.Edits.Whole = map[string]string{"": "All mine."}
		if m := inEnglish(t, p); !strings.Contains(m.Text, "All mine.") {
			t.Errorf("%s: %s", p.Row.Key, m.Text)
		}
	}
}

// TestMailsAreSmall holds that no lot of facts makes a mail of more than 30 kB, and that it says what it leaves out.
func TestMailsAreSmall(t *testing.T) {
	for n := range remoteRows(t) {
		p := planned(t, n+1)
		f := p.Facts
		for i := range 120 {
			q := quoted(uint32(100+i), 10, fmt.Sprintf("Somebody Number%d", i), []string{"en", "fr", "es"}[i%3], strings.Repeat(fmt.Sprintf("Sentence %d has words. ", i), 20))
			f.Opening = append(f.Opening, facts.Line{Quote: q, At: p.Now})
			f.Themes = append(f.Themes, facts.Theme{Phrase: fmt.Sprintf("phrase %d", i), Posts: 9, People: 3, Quote: q, Quotes: []facts.Quote{q, q, q}})
			f.Questions = append(f.Questions, facts.Question{Text: q.Text, By: q.By, MessageID: q.MessageID, Link: q.Link})
			f.Contributors = append(f.Contributors, facts.Contributor{Name: q.By, Address: q.By})
			f.Links = append(f.Links, facts.Link{URL: "https://x.example/" + strings.Repeat("a", 200), By: q.By})
			f.Files = append(f.Files, facts.File{Name: q.By, Size: 1 << 20, Link: q.Link})
			p.Notes = append(p.Notes, TableNotes{Notes: q.Text})
		}
		for _, write := range []func(*Planned, []string) (Mail, error){builtBook().Planned, builtBook().PlainForm} {
			m, err := write(p, nil)
			if err != nil {
				t.Fatal(err)
			}
			if size := len(m.Text) + len(m.HTML); size > MaxMail {
				t.Errorf("%s has %d octets", p.Row.Key, size)
			}
		}
		if m, _ := builtBook().PlainForm(p, nil); !strings.Contains(m.Text, " more messages, in the archive <https://lists.example.org/peers>.") {
			t.Errorf("what is left out is not said:\n%s", m.Text)
		}
	}
}

func TestThePlainFormSaysWhoHasNotReadIt(t *testing.T) {
	p := planned(t, 4)
	p.Edits = Edits{Say: "never shown", Drop: []int{1}}
	p.Now = time.Date(2026, 3, 6, 11, 0, 0, 0, time.UTC)
	m, err := builtBook().PlainForm(p, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(m.Text, "*Compiled automatically on Friday 6 March; Luis Prieto has not yet read\nit.*\n") {
		t.Error(m.Text)
	}
	for _, s := range []string{"before you write", "Especially", "never shown", "I stopped sending"} {
		if strings.Contains(m.Text+m.HTML, s) {
			t.Errorf("the plain form has %q", s)
		}
	}
}

// TestWithoutNames holds that where nobody is named the quotes are a member's.
func TestWithoutNames(t *testing.T) {
	p := planned(t, 4)
	p.Discussion.Attribution = plan.ByNobody
	for i := range p.Facts.Themes {
		for j := range p.Facts.Themes[i].Quotes {
			p.Facts.Themes[i].Quotes[j].By = ""
		}
	}
	if m := inEnglish(t, p); !strings.Contains(m.Text, "> — a member, read <") || strings.Contains(m.Text, "Tomás") {
		t.Error(m.Text)
	}
}
