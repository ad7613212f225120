package letter

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convene/digest/facts"
	"convene/digest/plan"
)

// drafting is the draft of the nth row.
func drafting(t *testing.T, n int) *Drafting {
	p := planned(t, n)
	return &Drafting{Planned: p, When: p.Row.At, To: p.Voice}
}

func TestDrafts(t *testing.T) {
	b := builtBook()
	for _, language := range []string{"en", "fr", "es"} {
		for n := range remoteRows(t) {
			g := drafting(t, n+1)
			if g.Planned.Row.Kind == plan.EventContent {
				g.Planned.Content = ""
			}
			m, err := b.Draft(g, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			key := strings.ReplaceAll(strings.TrimPrefix(g.Planned.Row.Key, "remote/"), "/", "-")
			golden(t, filepath.Join(language, "draft-"+key), m)
			cover, _, _ := strings.Cut(m.Text, "\n------------------------\n")
			if lines := len(strings.FieldsFunc(cover, func(r rune) bool { return r == '\n' })); lines > 12 {
				t.Errorf("%s in %s has a cover of %d lines:\n%s", key, language, lines, cover)
			}
			if len(m.Text)+len(m.HTML) > MaxMail {
				t.Errorf("%s in %s has %d octets", key, language, len(m.Text)+len(m.HTML))
			}
		}
	}
}

// TestADraftShowsWhatGoesOut holds that the mail is that of its draft, but for numbers and marks.
func TestADraftShowsWhatGoesOut(t *testing.T) {
	marks := strings.NewReplacer("⚙ ", "", "✎ ", "")
	g := drafting(t, 4)
	g.Planned.Edits = Edits{Drop: []int{2}, DropQuotes: []int{2}, Ask: []string{"Who pays?"}, Spotlight: []string{"m3@example.org"}}
	draft, err := builtBook().Draft(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(inEnglish(t, g.Planned).Text, "\n") {
		if line = strings.TrimLeft(line, "> -*"); len(line) > 40 || strings.Contains(line, "—") || strings.Contains(line, "http") {
			continue // folded at another place
		}
		if !strings.Contains(marks.Replace(draft.Text), line) {
			t.Errorf("the draft does not have %q:\n%s", line, draft.Text)
		}
	}
}

func TestWhatADraftSays(t *testing.T) {
	for name, c := range map[string]struct {
		n       int
		change  func(*Drafting)
		has, no []string
	}{
		"everything is numbered":                         {4, nil, []string{"1. “Call one person", "> *q1* When Mama", "> *q7* I stopped", "> *q11* Aqui", "- *n1* “Que fait-on", "- *t1* Dede Mensah: “When"}, nil},
		"whoever wants to be asked is shown, and marked": {4, nil, []string{"this stays out of the mail", "Grace Wanjiru wants to be asked"}, nil},
		"another experience is proposed":                 {4, nil, []string{"(another experience? keep q2)"}, []string{"Another experience:"}},
		"numbers stay when something is dropped": {4, func(g *Drafting) { g.Planned.Edits = Edits{Drop: []int{1}, DropQuotes: []int{5}} },
			[]string{"2. “credit", "*q4* We pay", "3. “preguntar", "*q6* En aymara"}, []string{"*q1*", "*q5*", "1. “"}},
		"a line of thanks in the facilitator's words": {4, func(g *Drafting) {
			g.Planned.Edits = Edits{Thanks: map[int]string{3: "Noor, that was brave."}, DropThanks: []int{1}}
		},
			[]string{"so no mail goes: t1 Dede Mensah.", "- *t3* Noor Rahman: Noor, that was brave."}, nil},
		"nothing specific, no mail":                               {4, nil, []string{"Nothing specific to say, so no mail goes: t3 Noor Rahman."}, nil},
		"no thanks in person, no lines":                           {4, func(g *Drafting) { g.Planned.Discussion.Thanks = plan.ThanksSummary }, []string{"The short form"}, []string{"*t1*", "t2: TEXT"}},
		"silence sends the plain form":                            {4, nil, []string{"the plain form goes out"}, nil},
		"silence sends it":                                        {4, func(g *Drafting) { g.Planned.Discussion.OnSilence = plan.SilenceSend }, []string{"it goes out as you see it"}, nil},
		"silence holds it":                                        {4, func(g *Drafting) { g.Planned.Discussion.OnSilence = plan.SilenceHold }, []string{"nothing goes out."}, nil},
		"a kick-off goes out as it is":                            {2, nil, []string{"it goes out as you see it", "say TEXT"}, []string{"drop 2", "spotlight", "add 1"}},
		"a round offers what members asked":                       {5, nil, []string{"- *n1* “Que fait-on", "- *n2* “Has anybody", "add 1"}, nil},
		"what was taken up is offered no more":                    {5, func(g *Drafting) { g.Planned.Edits.Add = []int{1} }, []string{"add n2 puts one into", "- *n2* “Has anybody"}, []string{"*n1*"}},
		"a thread below our own question is told by who began it": {3, func(g *Drafting) { g.Planned.Facts.Threads[0].By = "Dede Mensah" }, []string{"1. After what Dede Mensah wrote"}, []string{"1. Question 1"}},
		"the mails behind an event wait for their words":          {8, func(g *Drafting) { g.Planned.Content, g.When = "", time.Time{} }, []string{"This mail waits for you.", "nothing goes out"}, []string{"send (as"}},
		"and go when they are there":                              {8, nil, []string{"Goes out Thursday 19 March", "send (as", "nothing goes out"}, nil},
		"words of the plan's own":                                 {4, func(g *Drafting) { g.Planned.Row.Body = plan.Texts{"": "Read this."} }, []string{"Read this.", "send (as", "edit"}, []string{"say TEXT", "drop 2"}},
		"after an answer": {4, func(g *Drafting) {
			g.Done, g.Unknown, g.Understood = []string{"drop 2", "say"}, []string{"drpo 3"}, true
		}, []string{"Done: drop 2; say. *Not understood:* drpo 3. This is what I"}, nil},
		"a reminder":                       {4, func(g *Drafting) { g.Reminder, g.PassedOn, g.Deadline = true, true, g.When.Add(-time.Hour) }, []string{"Subject: Still a draft: Week 1", "so it comes to you", "by Friday 6 March,"}, nil},
		"a short form that was given":      {4, func(g *Drafting) { g.Planned.Short = "My short\nform." }, []string{"My short form."}, nil},
		"one language is not worth a word": {4, func(g *Drafting) { g.Planned.Discussion.Languages = []string{"en"} }, nil, []string{", in English"}},
		"a midweek has no thanks":          {3, nil, []string{"1. Question 1", "> *q1* When"}, []string{"t2: TEXT", "The short form"}},
	} {
		g := drafting(t, c.n)
		if c.change != nil {
			c.change(g)
		}
		m, err := builtBook().Draft(g, []string{"en"})
		if err != nil {
			t.Fatal(err)
		}
		all := "Subject: " + m.Subject + "\n" + m.Text
		for _, s := range c.has {
			if !strings.Contains(all, s) && !strings.Contains(strings.ReplaceAll(all, "\n", " "), s) {
				t.Errorf("%s: there is no %q:\n%s", name, s, all)
			}
		}
		for _, s := range c.no {
			if strings.Contains(all, s) {
				t.Errorf("%s: there is %q:\n%s", name, s, all)
			}
		}
	}
}

// TestLinksOfADraft holds that each word begins a mail to the draft's address with that word in it.
func TestLinksOfADraft(t *testing.T) {
	m, err := builtBook().Draft(drafting(t, 4), nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.Text, ReplyTo) {
		t.Error("the text has an address that is not known yet")
	}
	m = m.Reply("peers+draft-abc@lists.example.org")
	for _, s := range []string{`"mailto:peers%2Bdraft-abc@lists.example.org?subject=Re%3A%20Draft&amp;body=drop%20q3">drop q3</a> (a quote)`, `body=later%20%2B1d">later +1d</a>`} {
		if !strings.Contains(m.HTML, s) {
			t.Errorf("there is no %s in\n%s", s, m.HTML)
		}
	}
	if strings.Contains(m.HTML, ReplyTo) {
		t.Error("an address is not put in")
	}
}

func TestTheShortForm(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		p := planned(t, 7)
		for i := range p.Facts.Themes {
			p.Facts.Themes[i].Phrase = strings.Repeat(p.Facts.Themes[i].Phrase+" ", 4)
		}
		s, err := builtBook().short(p, []string{language})
		if err != nil || utf8.RuneCountInString(s) > MaxShort || utf8.RuneCountInString(s) < 200 {
			t.Errorf("%d characters, %v: %s", utf8.RuneCountInString(s), err, s)
		}
		for _, c := range p.Facts.Contributors {
			if strings.Contains(s, c.Name) {
				t.Errorf("%s is named: %s", c.Name, s)
			}
		}
	}
}

func TestThankYous(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		for name, thanked := range map[string]Thanked{
			"thanks":      {Thank: heard(t).Thanks[0]},
			"thanks-open": {Thank: heard(t).Thanks[1], Next: time.Date(2026, 3, 13, 11, 0, 0, 0, zone(t, "Africa/Nairobi")), Last: true},
			"thanks-own":  {Thank: heard(t).Thanks[2], Line: "Noor, that was **brave**. Two people wrote to me about it."},
		} {
			p := planned(t, 4)
			thanked.Place, thanked.Voice, thanked.Title = p.Place, p.Voice, "Facilitating at a distance"
			m, err := builtBook().Thanks(&thanked, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(language, name), m)
			words, _, _ := strings.Cut(m.Text, "\n------")
			if n := len(strings.Fields(words)); n > 75 {
				t.Errorf("%s in %s has %d words", name, language, n)
			}
		}
	}
	many := facts.Thank{Name: "Awa", Quote: quoted(1, 1, "Awa", "en", "I said it."), TakenUpBy: []string{"A", "B", "C", "D", "E"}}
	if m, err := builtBook().Thanks(&Thanked{Thank: many}, nil); err != nil || !strings.Contains(m.Text, "A, B and 3 other people took it up") {
		t.Error(m.Text, err)
	}
	many.Asked = true
	if m, err := builtBook().Thanks(&Thanked{Thank: many}, nil); err != nil || !strings.Contains(m.Text, "You asked:") || !strings.Contains(oneLine(m.Text, 1<<20), "3 other people answered. Thank you for asking") {
		t.Error(m.Text, err)
	}
	if _, err := builtBook().Thanks(&Thanked{Thank: heard(t).Thanks[2]}, nil); !errors.Is(err, ErrNothing) {
		t.Errorf("thanked for nothing: %v", err)
	}
}
