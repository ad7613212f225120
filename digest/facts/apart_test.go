package facts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convene/digest/words"
)

// apartOf is how well the sentence of a discussion with these words stands below a title.
func apartOf(t *testing.T, in Input, part, title string) float64 {
	t.Helper()
	g := newGathering(in, new(Reader))
	for _, r := range g.members {
		for _, s := range r.sentences {
			if strings.Contains(s.Text, part) {
				return s.apart(r.tongue.all.Find(title))
			}
		}
	}
	t.Fatalf("nobody says %q", part)
	return 0
}

// TestApart holds that what a sentence takes from what was said before it counts, and that a title names it for it.
func TestApart(t *testing.T) {
	in := input(
		post(2, "Ann One", "Our village bought a solar pump from a trader in Tamale. I think nobody in our village paid for the pump.", answering(1)),
		post(3, "Bob Two", "In our hills nobody without help ever repaired the pump.", answering(2)),
		post(4, "Cem Three", "In our hills Ann wrote letters to every ministry in town.", answering(1)),
		post(5, "Dan Four", "In our hills nobody without help ever repaired a windmill.", answering(1)))
	for _, c := range []struct {
		name, part, title string
		stands            bool
	}{
		{"named in the sentence before", "nobody in our", "", false},
		{"and in the title", "nobody in our", "solar pump", true},
		{"named in the post that it answers", "repaired the pump", "", false},
		{"another member is named, who said something", "Ann wrote", "", false},
		{"named by itself", "repaired a windmill", "", true},
	} {
		if n := apartOf(t, in, c.part, c.title); n >= leastApart != c.stands {
			t.Errorf("%s: %q stands apart with %.2f", c.name, c.part, n)
		}
	}
}

// TestTwoSentences holds that what leans on the sentence before it is quoted with that where a theme has too little else.
func TestTwoSentences(t *testing.T) {
	in := input(
		post(2, "Ann One", "Our district built a clay oven behind every clinic of the hills. It saves half of the firewood.", answering(1)),
		post(3, "Bob Two", "A clay oven, too.", answering(1)))
	g := newGathering(in, new(Reader))
	c := &candidate{text: "clay oven", stems: g.tongues[0].all.Find("clay oven"), tongue: g.tongues[0], posts: g.members}
	all := c.pairs()
	if len(all) != 1 || all[0].Text != "Our district built a clay oven behind every clinic of the hills. It saves half of the firewood." {
		t.Fatalf("the pairs are %+v", all)
	}
	used := newShown()
	used.add(all[0])
	for _, s := range g.members[0].sentences {
		if !used.has(s) {
			t.Errorf("%q may be quoted a second time", s.Text)
		}
	}
	if other := newShown(); !func() bool { other.add(g.members[0].sentences[1]); return other.has(all[0]) }() {
		t.Error("two sentences are quoted of which one was already")
	}
}

// TestNothingToQuote holds that an exchange of which every sentence leans is a theme without quotes, and with a link.
func TestNothingToQuote(t *testing.T) {
	topic := func(p *Post) {
		p.Topic, p.Subject, p.Link = 7, "Clay ovens behind the clinic", fmt.Sprintf("https://x.example/%d", p.Number)
	}
	var posts []Post
	for i, text := range []string{"Most clinics lost their clay ovens because of those letters from town.", "Clay ovens behind a clinic need dry firewood in these valleys.", "Nurses clean clay ovens behind every clinic as well."} {
		posts = append(posts, post(uint32(20+i), []string{"Ann One", "Bob Two", "Cem Three"}[i], text, topic))
	}
	themes := Gather(input(posts...)).Themes
	if len(themes) == 0 || themes[0].Phrase != "Clay ovens behind the clinic" || len(themes[0].Quotes) > 0 || themes[0].Text != "" || themes[0].By != "" || themes[0].Link != "https://x.example/20" {
		t.Errorf("the themes are %+v", themes)
	}
}

func TestTitleOf(t *testing.T) {
	for _, c := range []struct{ lang, subject, want string }{
		{"en", "Introduction, clay ovens in the hills", "clay ovens in the hills"},
		{"en", "Meta: too many ovens?", "too many ovens?"},
		{"en", "Some thoughts on clay ovens", "clay ovens"}, {"en", "A question with clay ovens", "clay ovens"},
		{"en", "Oven Questions 6-8", "Oven Questions"},
		{"en", "Building an Oven (2)", "Building an Oven"},
		{"en", "status of Oven and Stove 2", "status of Oven and Stove 2"}, // it is its name
		{"en", "Question", ""},
		{"en", "Help: stove", "Help: stove"}, // one word says less than two
		{"fr", "Question sur les fours en terre", "les fours en terre"},
		{"es", "Preguntas sobre hornos de barro", "hornos de barro"},
		{"pt", "Dúvida: fornos de barro", "fornos de barro"},
	} {
		if got := titleOf(c.subject, words.Of(c.lang)); got != c.want {
			t.Errorf("%s: %q has the title %q, want %q", c.lang, c.subject, got, c.want)
		}
	}
}

// TestFullerTitle holds that a subject with one word that says something gives way to one of another topic that has the word and says more, and that one
// word is no title where a subject is.
func TestFullerTitle(t *testing.T) {
	topic := func(n uint32, subject string) func(*Post) {
		return func(p *Post) { p.Topic, p.Subject = n, subject }
	}
	var posts []Post
	for i, name := range []string{"Ann One", "Bob Two", "Cem Three", "Dan Four"} {
		posts = append(posts, post(uint32(20+i), name, "In our hills every oven "+strings.Fields("smokes burns cracks leaks")[i]+" because nobody cleans its chimney after the "+strings.Fields("rain harvest feast market")[i]+".", topic(20, "Oven questions 1-4")))
	}
	posts = append(posts, post(40, "Ann One", "A clinic without a fence loses its goats.", topic(40, "The clay oven adventure")))
	for i, word := range strings.Fields("wells roads schools markets bridges goats rivers songs boats bicycles radios clinics doors windows shops fields gardens forests drums bells fences") {
		posts = append(posts, post(uint32(50+i), "Fay Six", "Most "+word+" are closed.", topic(uint32(50+i), "Closed "+word)))
	}
	var phrases []string
	for _, theme := range Gather(input(posts...)).Themes {
		phrases = append(phrases, theme.Phrase)
	}
	if !slices.Contains(phrases, "The clay oven adventure") || slices.Contains(phrases, "oven") {
		t.Errorf("the themes are %q", phrases)
	}
}

// TestTold holds that behind a subject that says too little stands what they wrote of; that a family's title says what its exchanges are about is held above.
func TestTold(t *testing.T) {
	for subject, want := range map[string]string{"Newcomer, confused": "Newcomer, confused (clay ovens)", "Bread for the nurses' market": "Bread for the nurses' market", "Confused?": "Confused?"} {
		var posts []Post
		topic := func(n uint32, subject string) func(*Post) {
			return func(p *Post) { p.Topic, p.Subject = n, subject }
		}
		for i, name := range []string{"Ann One", "Bob Two", "Cem Three", "Dan Four"} {
			posts = append(posts, post(uint32(20+i), name, "In our hills we like clay ovens which "+strings.Fields("smoke burn crack leak")[i]+" because nobody cleans a chimney after "+strings.Fields("rain harvest feasts markets")[i]+".", topic(20, subject)))
		}
		for i, word := range strings.Fields("wells roads schools bridges goats rivers songs boats bicycles radios clinics doors windows shops fields gardens forests drums bells fences") {
			posts = append(posts, post(uint32(50+i), "Fay Six", "Most "+word+" are closed.", topic(uint32(50+i), "Closed "+word)))
		}
		g := newGathering(input(posts...), new(Reader))
		tongue := g.tongues[0]
		exchanges := g.exchanges(tongue)
		phrases := tongue.all.Phrases()
		var all []*words.Phrase
		for i := range phrases {
			all = append(all, &phrases[i])
		}
		if got := exchanges[0].told(subject, all); got != want {
			t.Errorf("the title of %q is %q", subject, got)
		}
	}
}

// TestPremiseWithQuestion holds that what somebody only tells for a question is quoted with it, or not at all.
func TestPremiseWithQuestion(t *testing.T) {
	topic := func(p *Post) { p.Topic, p.Subject = 20, "Clay ovens of the hills" }
	posts := []Post{
		post(20, "Ann One", "We have been using clay ovens of the second generation in every village. Is there a clay oven for wet hills?", topic),
		post(21, "Bob Two", "Clay ovens of our hills crack in every harvest because nobody dries them.", topic, answering(20)),
	}
	for _, theme := range Gather(input(posts...)).Themes {
		for _, q := range theme.Quotes {
			if strings.HasSuffix(q.Text, "every village.") {
				t.Errorf("%q is quoted without what it was told for", q.Text)
			}
		}
	}
}
