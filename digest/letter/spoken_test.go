package letter

import (
	"strings"
	"testing"

	"convene/digest/facts"
	"convene/digest/plan"
)

// TestWordsThatNobodyTranslates holds that an edition says whose words stand in it in another language, that the draft asks for them, and that those of an
// edition go first.
func TestWordsThatNobodyTranslates(t *testing.T) {
	const say = "I asked for three sentences and you gave me a week's worth of stories."
	for name, c := range map[string]struct {
		edits    Edits
		language string
		has, no  string
	}{
		"the list's own":                 {Edits{Say: say}, "en", say, "A word from"},
		"French":                         {Edits{Say: say}, "fr", "_Un mot de Luis Prieto (English) :_ " + say, ""},
		"Spanish":                        {Edits{Say: say}, "es", "_Unas palabras de Luis Prieto (English):_ " + say, ""},
		"French that was sent":           {Edits{Say: say, SayIn: map[string]string{"fr": "Merci à vous."}}, "fr", "Merci à vous.", "Un mot de"},
		"French for the list's":          {Edits{Say: "Je vous ai demandé trois phrases, et vous m’avez donné toute une semaine d’histoires."}, "en", "_A word from Luis Prieto (français):_ Je vous", ""},
		"and in French":                  {Edits{Say: "Je vous ai demandé trois phrases, et vous m’avez donné toute une semaine d’histoires."}, "fr", "Je vous", "Un mot de"},
		"what nobody can tell":           {Edits{Say: "Vamos!"}, "fr", "_Un mot de Luis Prieto :_ Vamos!", ""},
		"what a program made is no ones": {Edits{Prose: say}, "fr", say, "Un mot de"},
	} {
		p := planned(t, rowOf(t, plan.Weekly))
		p.Edits = c.edits
		m, err := builtBook().Planned(p, []string{c.language})
		if err != nil {
			t.Fatal(err)
		}
		text := oneLine(m.Text, 1<<20)
		if !strings.Contains(text, c.has) || c.no != "" && strings.Contains(text, c.no) {
			t.Errorf("%s:\n%s", name, m.Text)
		}
	}
	g := drafting(t, rowOf(t, plan.Weekly))
	g.Planned.Edits = Edits{Say: say, SayIn: map[string]string{"es": "Gracias."}}
	m, err := builtBook().Draft(g, []string{"en"})
	if text := oneLine(m.Text, 1<<20); err != nil || !strings.Contains(text, "your opening is missing in français: “say fr:” and the words") || strings.Contains(text, "français and español:") {
		t.Errorf("%v\n%s", err, m.Text)
	}
	g = drafting(t, rowOf(t, plan.EventContent))
	m, err = builtBook().Draft(g, []string{"en"})
	if text := oneLine(m.Text, 1<<20); err != nil || !strings.Contains(text, "your text is missing in français and español: “edit fr” and below it the text") {
		t.Errorf("%v\n%s", err, m.Text)
	}
}

// TestACoverIsTwelveLines holds that of an answer to a draft as well, in the longest of the languages, with all that there is to look at.
func TestACoverIsTwelveLines(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		g := drafting(t, rowOf(t, plan.Weekly))
		g.Planned.Edits.Say = "I asked for three sentences and you gave me a week's worth of stories."
		g.Done, g.Decided, g.Cover = []string{"say I asked for three sentences and you gave me a week's wor…", "send"}, true, []string{language}
		g.Planned.Facts.Doubts = []facts.Doubt{{What: "no theme", Posts: 10, Tag: "fr"}, {What: "no theme", Posts: 8, Tag: "es"}}
		m, err := builtBook().Draft(g, []string{"en"})
		if err != nil {
			t.Fatal(err)
		}
		cover, _, _ := strings.Cut(m.Text, "\n------------------------\n")
		if lines := len(strings.FieldsFunc(cover, func(r rune) bool { return r == '\n' })); lines > 12 {
			t.Errorf("%d lines in %s:\n%s", lines, language, cover)
		}
	}
}

// TestADraftIsExplainedInTheLanguageOfItsReader holds that what stands around a mail is in the facilitator's language, and the mail as it goes out.
func TestADraftIsExplainedInTheLanguageOfItsReader(t *testing.T) {
	g := drafting(t, rowOf(t, plan.Weekly))
	g.Cover = []string{"es", "en"}
	m, err := builtBook().Draft(g, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(m.Subject, "Draft: Week 1") || m.Language != "en" {
		t.Errorf("%q in %s", m.Subject, m.Language)
	}
	for _, s := range []string{"*Sale el viernes 6 de marzo", "send (tal cual, a su hora)", "What we heard\n", "Agradecimientos: un correo", "Week 1 of “Facilitating"} {
		if !strings.Contains(m.Text, s) {
			t.Errorf("there is no %q:\n%s", s, m.Text)
		}
	}
}
