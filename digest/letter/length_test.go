package letter

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"convene/digest/facts"
	"convene/digest/plan"
)

// lively are the facts of a week in which 40 people wrote 100 posts.
func lively(t *testing.T) *facts.Facts {
	f := heard(t)
	for n := range 5 {
		one := f.Themes[0]
		one.Phrase = fmt.Sprintf("theme of number %d", n+1)
		one.Quotes = nil
		for i := range 3 {
			one.Quotes = append(one.Quotes, quoted(uint32(100+3*n+i), 10, "Noor Rahman", "en",
				fmt.Sprintf("The %dth of our neighbours asked on %d Sundays who would pay for the credit of the two who have none, and nobody wanted to begin.", n+5, i+2)))
		}
		f.Themes = append(f.Themes[:n:n], one)
	}
	for n := range 8 {
		q := f.Questions[2]
		q.Text = fmt.Sprintf("How much credit does a voice note of %d minutes take in your country, and who pays?", n+2)
		f.Questions = append(f.Questions, q)
	}
	f.Contributors, f.Opening = nil, nil
	for n := range 40 {
		f.Contributors = append(f.Contributors, facts.Contributor{Name: fmt.Sprintf("Member Of%c%c", 'a'+n/20, 'a'+n%20), Address: fmt.Sprintf("m%d@example.org", n)})
	}
	for n := range 100 {
		who := f.Contributors[n%7*(n%3)+n%40*(1-min(1, n%3))]
		tag := "en"
		if n == 78 {
			tag = "fr"
		}
		q := quoted(uint32(200+n), 10, who.Name, tag, fmt.Sprintf("We asked the %dth time on the phone, and then two of those who had never said a word began to talk to one another.", n))
		q.Address = who.Address
		f.Opening = append(f.Opening, facts.Line{Quote: q, At: time.Date(2026, 3, 2+n/30, 9, n%60, 0, 0, time.UTC)})
	}
	f.Counts.Posts, f.Counts.People = 100, 40
	return f
}

// TestLivelyWeeksStayShort holds that however much was written, what members get is as long as a phone bears, that each edition leaves out the same, and
// that it says where the rest is.
func TestLivelyWeeksStayShort(t *testing.T) {
	for _, c := range []struct {
		kind  plan.Kind
		plain bool
		most  int
	}{{plan.Midweek, false, 180}, {plan.Weekly, false, 500}, {plan.Closing, false, 600}, {plan.Midweek, true, 300}, {plan.Weekly, true, 500}, {plan.Closing, true, 600}} {
		quotes := 0
		for _, language := range []string{"en", "fr", "es"} {
			p := planned(t, rowOf(t, c.kind))
			p.Facts = lively(t)
			write, room := builtBook().Planned, c.most*115/100
			if c.plain {
				write = builtBook().PlainForm
			}
			if language == "en" { // the list's
				room = c.most
			}
			m, err := write(p, []string{language})
			if err != nil {
				t.Fatal(err)
			}
			if n := wordCount(m.Text); n > room || n < c.most/3 {
				t.Errorf("%s, plain %v, in %s: %d words, there may be %d:\n%s", c.kind, c.plain, language, n, room, m.Text)
			}
			if n := strings.Count(m.Text, "\n> — "); quotes == 0 {
				quotes = n
			} else if n != quotes {
				t.Errorf("%s, plain %v: %d quotes in %s, %d in the list's language", c.kind, c.plain, n, language, quotes)
			}
			if !strings.Contains(m.Text, "<"+p.Place.Page+">") {
				t.Errorf("%s, plain %v, in %s: nothing says where the rest is:\n%s", c.kind, c.plain, language, m.Text)
			}
			if c.plain {
				fair(t, p, m)
			}
		}
	}
}

// fair holds that a plain form names everybody, has each language, and nobody twice before somebody once.
func fair(t *testing.T, p *Planned, m Mail) {
	t.Helper()
	text := oneLine(m.Text, 1<<20)
	for _, w := range p.Facts.Contributors {
		if strings.Count(text, w.Name) != 1 {
			t.Errorf("%s stands in it %d times:\n%s", w.Name, strings.Count(text, w.Name), m.Text)
		}
	}
	if !strings.Contains(text, "the 78th time") {
		t.Errorf("the one post in French is not in it:\n%s", m.Text)
	}
}

func TestAnAnswerToADraftBringsUpNothingThatItDidNotShow(t *testing.T) {
	p := planned(t, rowOf(t, plan.Weekly))
	p.Facts = lively(t)
	before := inEnglish(t, p).Text
	p.Edits = Edits{Drop: []int{1}, DropQuotes: []int{4}, Say: "One."}
	after := inEnglish(t, p).Text
	for _, theme := range p.Facts.Themes {
		for _, q := range theme.Quotes {
			if s := oneLine(q.Text, 60); strings.Contains(oneLine(after, 1<<20), s[:40]) && !strings.Contains(oneLine(before, 1<<20), s[:40]) {
				t.Errorf("%q came up", q.Text)
			}
		}
	}
	if strings.Count(after, "\n> — ") >= strings.Count(before, "\n> — ") {
		t.Error("nothing was dropped")
	}
}

func TestAShortWeekLeavesNothingOut(t *testing.T) {
	p := planned(t, rowOf(t, plan.Weekly))
	m, err := builtBook().PlainForm(p, []string{"en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range p.Facts.Opening {
		if !l.Quote.Ask && !strings.Contains(oneLine(m.Text, 1<<20), strings.ReplaceAll(l.Quote.Text, "  ", " ")[:30]) {
			t.Errorf("there is no %q:\n%s", l.Quote.Text, m.Text)
		}
	}
	if s := inEnglish(t, p).Text; !strings.Contains(s, "Answered already") || strings.Contains(s, "the archive") {
		t.Errorf("something was left out:\n%s", s)
	}
}

// TestMidweeksOfTheFixture holds the figure in each language, on three threads, two languages more, and a question that nobody has taken up.
func TestMidweeksOfTheFixture(t *testing.T) {
	for _, language := range []string{"en", "fr", "es"} {
		m, err := builtBook().Planned(planned(t, rowOf(t, plan.Midweek)), []string{language})
		if err != nil {
			t.Fatal(err)
		}
		if n := wordCount(m.Text); n > 180 {
			t.Errorf("%d words in %s:\n%s", n, language, m.Text)
		} else {
			t.Logf("%s: %d words", language, n)
		}
	}
}
