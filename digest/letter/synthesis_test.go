package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"convene/digest/plan"
)

// whole is the paper of the discussion.
func whole(t *testing.T) *Synthesis {
	p := planned(t, 7)
	first, second := heard(t), heard(t)
	second.Themes = second.Themes[1:2]
	second.Languages = nil
	return &Synthesis{Discussion: p.Discussion, Rows: p.Rows, Place: p.Place, Facts: heard(t), Now: p.Now, Came: 31, Countries: 9, Organisations: 12,
		Rounds:      []Round{{Row: p.Rows[3], Facts: first, Edits: Edits{Say: "We began **quietly**.", Other: []int{2}, Drop: []int{3}}}, {Row: p.Rows[6], Facts: second}},
		Commitments: []Committed{{"Dede Mensah", "I call the youngest first."}, {"", "I send credit before the question."}},
		Tables:      []TableNotes{{Round: 1, Table: 4, Notes: "Le premier appel va à la plus jeune.\n\nQui paie ? On ne sait pas."}, {Mail: true, Notes: "Eleven people wrote.\n- one\n- two"}}}
}

func TestSynthesis(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		for _, public := range []bool{false, true} {
			s, name := whole(t), "synthesis"
			if s.Public = public; public {
				name = "synthesis-public"
			} else {
				s.Meaning = "It means that *somebody* has to be called.\n\nAnd that credit costs."
			}
			p, err := builtBook().Synthesis(s, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(language, name), Mail{Subject: p.Title, Text: p.Text, HTML: p.HTML})
			file := filepath.Join("testdata", language, name+".md")
			if *update {
				if err := os.WriteFile(file, []byte(p.Markdown), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(file); err != nil || string(want) != p.Markdown {
				t.Errorf("%s is another: %v", file, err)
			}
			if n := utf8.RuneCountInString(p.Short); n > MaxShort || n < 150 {
				t.Errorf("the short form has %d characters: %s", n, p.Short)
			}
			for _, c := range append(s.Facts.Contributors, s.Facts.Contributors[0]) {
				inPaper := strings.Contains(p.Markdown+p.HTML+p.Text, c.Name)
				if public && inPaper || !public && !inPaper && !c.Private || strings.Contains(p.Short, c.Name) {
					t.Errorf("%s in %s: in the paper %v, in short %v", c.Name, name, inPaper, strings.Contains(p.Short, c.Name))
				}
			}
			if links := strings.Count(p.HTML, "href="); public && links > 0 || !public && links < 10 {
				t.Errorf("%s in %s has %d links", name, language, links)
			}
		}
	}
}

func TestWhatASynthesisSays(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*Synthesis)
		has, no []string
	}{
		"without meaning it is a record":      {nil, []string{"# Record: Facilitating", "left to the facilitator"}, []string{"Synthesis"}},
		"with it a synthesis":                 {func(s *Synthesis) { s.Meaning = "It means." }, []string{"# Synthesis: Facilitating", "It means."}, []string{"Record", "left to the facilitator"}},
		"each week has its own questions":     {nil, []string{"## Week 1\n\n**1. Think of", "## Week 2\n\n**2. What worked when the line was bad?**\n\n**3. What"}, nil},
		"what a summary's draft dropped":      {nil, []string{"### “credit of the two"}, []string{"### “preguntar"}},
		"where experiences differ":            {nil, []string{"### Where experiences differ\n\n> With us"}, nil},
		"whoever does not want to be thanked": {nil, []string{"## Who took part\n\nAwa Diallo, Dede Mensah, Inés Mamani"}, []string{"Tomás Quispe, Grace Wanjiru"}},
		"whoever wants to be asked first":     {nil, nil, []string{"I stopped sending minutes"}},
		"the event, table by table":           {nil, []string{"31 people came", "### Round 1, table 4\n\n> Le premier appel va"}, nil},
		"days as bars":                        {nil, []string{"    Mon 2  ████████████████ 2\n    Tue 3  ████████████████ 2\n"}, nil},
		"days that were counted": {func(s *Synthesis) {
			s.Days = []DayCount{{plan.Date{Year: 2026, Month: 3, Day: 2}, 40}, {plan.Date{Year: 2026, Month: 3, Day: 4}, 1}}
		}, []string{"    Mon 2  ████████████████ 40\n    Tue 3   0\n    Wed 4  █ 1\n"}, nil},
		"without names nobody took part": {func(s *Synthesis) { s.Discussion.Attribution = plan.ByNobody }, []string{"Nobody is named."}, []string{"Who took part"}},
		"in public nobody is named": {func(s *Synthesis) {
			s.Public = true
			s.Facts.Links = append(s.Facts.Links, s.Facts.Links...)
			s.Tables[0].Notes = "Dede said it."
			s.Commitments[1].Text = "I write to TOMÁS."
			s.Rounds[0].Facts.Themes[0].Quotes[0].Text = "As Awa says, call one."
			s.Rounds[0].Facts.Themes[1].Phrase = "what Noor pays"
		}, []string{"> — a member", "I call the youngest first.", "“Call one person"}, []string{"Dede", "TOMÁS", "Awa", "Noor", "https://", "Luis"}},
		"many notes are shortened": {func(s *Synthesis) {
			s.Tables = nil
			for n := range 40 {
				s.Tables = append(s.Tables, TableNotes{Round: 1, Table: n + 1, Notes: strings.Repeat("The youngest goes first. ", 330)})
			}
		}, []string{"### Round 1, table 1\n\n> The youngest", "### Round 1, table 40\n\n> The youngest"}, nil},
		"nothing was said": {func(s *Synthesis) { s.Facts, s.Rounds, s.Tables, s.Commitments = nil, nil, nil, nil }, []string{"# Record"}, []string{"Week 1", "Messages by day"}},
	} {
		s := whole(t)
		if c.change != nil {
			c.change(s)
		}
		p, err := builtBook().Synthesis(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.has {
			if !strings.Contains(p.Markdown, want) {
				t.Errorf("%s: there is no %q:\n%s", name, want, p.Markdown)
			}
		}
		for _, not := range c.no {
			if strings.Contains(p.Markdown, not) {
				t.Errorf("%s: there is %q:\n%s", name, not, p.Markdown)
			}
		}
	}
}

// TestMarkdownComesBack holds that Markdown that was written of a document reads as that document again.
func TestMarkdownComesBack(t *testing.T) {
	sources := []string{"a\\\nb", "# a *b*\n\n1. x\n2. y\n\n   z\n\n- a\n- b\n\n+ c", "> a\n>\n> - b", "- a\n\n      code", "**a** *b* ***c*** [d *e*](<https://x.example/?a=1&amp;b=2>) f"}
	for _, words := range hostile {
		words = clean(words)
		sources = append(sources, string(escape(words)), words, "- "+string(escape(words)), "> "+string(escape(words)), "**"+string(escape(words))+"** x")
	}
	for _, source := range sources {
		doc := reading{source: []byte(source), theirs: true}.document()
		again := reading{source: []byte(doc.markdown()), theirs: true}.document()
		if doc.text() != again.text() || doc.page("en", "") != again.page("en", "") {
			t.Errorf("%q became\n%s\nwhich reads\n%s\nand was\n%s", cutAt(source, 300), cutAt(doc.markdown(), 1000), cutAt(again.text(), 1000), cutAt(doc.text(), 1000))
		}
	}
}

// FuzzMarkdown holds that no Markdown of anybody's makes a page of anything but our elements.
func FuzzMarkdown(f *testing.F) {
	for _, words := range hostile {
		f.Add(words[:min(len(words), 500)])
	}
	f.Fuzz(func(t *testing.T, source string) {
		doc := reading{source: []byte(clean(source)), theirs: true}.document()
		inert(t, "markdown", doc.mail("x", "en"))
	})
}
