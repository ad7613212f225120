package facts

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
)

// monday is the day on which the discussions of these tests begin.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// post is a post of one topic, an hour after the one before it.
func post(n uint32, name, text string, change ...func(*Post)) Post {
	p := Post{Number: n, Topic: 1, MessageID: fmt.Sprintf("%d@x.example", n), Name: name, Address: strings.ToLower(strings.Fields(name + " x")[0]) + "@x.example",
		At: monday.Add(time.Duration(n) * time.Hour), Subject: "Re: Question 1", Text: text}
	for _, f := range change {
		f(&p)
	}
	return p
}

func answering(n uint32) func(*Post) { return func(p *Post) { p.Answers = n } }
func facilitator(p *Post)            { p.Facilitator = true }
func first(p *Post)                  { p.First = true }
func private(p *Post)                { p.PrivateThanks = true }
func noQuoting(p *Post)              { p.Quote = NoQuote }
func askFirst(p *Post)               { p.Quote = AskFirst }
func planned(p *Post)                { p.Planned = "remote/kickoff" }

// input is that of a week with some posts behind the planned email with number 1.
func input(posts ...Post) Input {
	in := Input{From: monday, Until: monday.AddDate(0, 0, 7), Discussion: &plan.Discussion{Language: "en", Spotlights: 3, Attribution: plan.ByName}}
	in.Posts = append([]Post{post(1, "Luis Prieto", "What made a quiet group talk?", planned, facilitator)}, posts...)
	return in
}

// asJSON is a value as its octets.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// quotesOf are all quotes of facts that go out together.
func quotesOf(f *Facts) (all []Quote) {
	for _, theme := range f.Themes {
		all = append(all, theme.Quotes...)
	}
	for _, q := range f.Questions {
		all = append(all, Quote{Text: q.Text, Post: q.Post, By: q.By, Ask: q.Ask})
	}
	for _, l := range f.Languages {
		all = append(all, l.Quote)
	}
	for _, s := range f.Spotlights {
		all = append(all, s.Quote)
	}
	return slices.DeleteFunc(all, func(q Quote) bool { return q.Text == "" })
}

// everyQuote are the quotes of all that facts hold.
func everyQuote(f *Facts) []Quote {
	all := quotesOf(f)
	for _, th := range f.Threads {
		all = append(all, th.Quote)
	}
	for _, th := range f.Thanks {
		all = append(all, th.Quote)
	}
	for _, l := range f.Opening {
		all = append(all, l.Quote)
	}
	return slices.DeleteFunc(all, func(q Quote) bool { return q.Text == "" })
}

// inputs are all real ones, the discussion of testdata and that of the demo.
func inputs(t *testing.T) map[string]Input {
	all := map[string]Input{"the discussion": discussion(t), "the demo": playedUntil(t, "2026-03-02 09:00", "2026-03-13 11:00")}
	for _, m := range months {
		t.Run(m.name, func(t *testing.T) { all[m.name] = month(archive(t, needShared(t, m.path)), m.list) })
	}
	return all
}

func TestGatherIsPure(t *testing.T) {
	all := inputs(t)
	delete(all, months[0].name)
	for name, in := range all {
		before := asJSON(t, in.Posts)
		want := asJSON(t, Gather(in))
		if asJSON(t, in.Posts) != before {
			t.Errorf("%s: Gather changed its input", name)
		}
		shuffled := in
		shuffled.Posts = slices.Clone(in.Posts)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled.Posts), func(i, j int) {
			shuffled.Posts[i], shuffled.Posts[j] = shuffled.Posts[j], shuffled.Posts[i]
		})
		if asJSON(t, Gather(shuffled)) != want {
			t.Errorf("%s: the same input gave other facts", name)
		}
	}
}

func TestQuotesAreWholeAndTheirs(t *testing.T) {
	for name, in := range inputs(t) {
		texts := map[uint32]string{}
		for _, p := range in.Posts {
			texts[p.Number] = strings.Join(strings.Fields(p.Text), " ")
		}
		f := Gather(in)
		for _, q := range everyQuote(f) {
			if !strings.Contains(texts[q.Post], q.Text) {
				t.Errorf("%s: %q is not what post %d says", name, q.Text, q.Post)
			}
			if strings.ContainsAny(q.Text, "{}|\\") || strings.Contains(q.Text, ">>>") {
				t.Errorf("%s: there is code in %q", name, q.Text)
			}
		}
		seen := map[string]bool{}
		for _, q := range quotesOf(f) {
			if key := plain(q.Text); seen[key] {
				t.Errorf("%s: %q stands there twice", name, q.Text)
			} else {
				seen[key] = true
			}
		}
		for _, theme := range f.Themes {
			by := map[string]bool{}
			for _, q := range theme.Quotes {
				if by[q.Address] {
					t.Errorf("%s: %s is quoted twice for %q", name, q.Address, theme.Phrase)
				}
				by[q.Address] = true
			}
			if len(theme.Quotes) > 0 && !reflect.DeepEqual(theme.Quote, theme.Quotes[0]) || len(theme.Quotes) == 0 && (theme.Text != "" || theme.By != "" || theme.Link == "") || len(theme.Quotes) > mostQuotes || theme.People < 2 || theme.Other > len(theme.Quotes) {
				t.Errorf("%s: the theme %+v is none", name, theme)
			}
		}
	}
}

// TestDiscussion holds what the discussion of testdata was about.
func TestDiscussion(t *testing.T) {
	f := Gather(discussion(t))
	t.Log("\n" + tell(f))
	var phrases []string
	for _, theme := range f.Themes {
		phrases = append(phrases, theme.Phrase)
	}
	for _, want := range []string{"fixed day", "missed call", "phone call", "messages vocaux"} {
		if !slices.Contains(phrases, want) {
			t.Errorf("%q is no theme: %q", want, phrases)
		}
	}
	if want := (Counts{Posts: 22, People: 13, Topics: 1, First: 2, Days: 5, Following: 203}); f.Counts != want {
		t.Errorf("counted %+v, want %+v", f.Counts, want)
	}
	var tags []string
	for _, l := range f.Languages {
		tags = append(tags, l.Language)
		if l.Quote.Text == "" {
			t.Errorf("%s has no quote", l.Language)
		}
	}
	if want := []string{"en", "fr", "es", "pt"}; !slices.Equal(tags, want) {
		t.Errorf("the languages are %q, want %q", tags, want)
	}
	if len(f.Questions) != 5 || f.Questions[0].Answered || f.Questions[0].By != "Ibrahim Sesay" || !slices.Equal(f.Questions[2].AnswersBy, []string{"Dede Mensah"}) {
		t.Errorf("the questions are %+v", f.Questions)
	}
	for _, q := range everyQuote(f) {
		if q.Post == 16 || q.Address == "luis@x.example" {
			t.Errorf("%q is quoted", q.Text)
		}
	}
	for _, c := range f.Contributors {
		if c.Address == "luis@x.example" {
			t.Error("a facilitator contributed")
		}
	}
	if len(f.Links) != 1 || f.Links[0].By != "Ben Achterberg" {
		t.Errorf("the links are %+v", f.Links)
	}
}

// story is a sentence that can be quoted, of which no two are alike.
func story(subject string) string {
	return "The " + subject + " worked in our village because everybody knew the radio presenter."
}

func TestQuoting(t *testing.T) {
	in := input(
		post(2, "Ann One", story("morning broadcast of weather"), noQuoting),
		post(3, "Bob Two", story("evening market price bulletin"), askFirst),
		post(4, "Cem Three", story("weekly seed exchange table"), func(p *Post) { p.Organisation = "Village Radio" }),
		post(5, "Dan Four", story("football commentary in Swahili"), func(p *Post) { p.PassedOn = true }),
	)
	for _, q := range everyQuote(Gather(in)) {
		if q.Post == 2 || q.Post == 5 || q.Post == 3 && !q.Ask || q.By == "" {
			t.Errorf("quoted %+v", q)
		}
	}
	f := Gather(in)
	for _, l := range f.Opening {
		if l.Quote.Text != "" != (l.Quote.Post == 4) {
			t.Errorf("the line of post %d is %q", l.Quote.Post, l.Quote.Text)
		}
	}
	for attribution, want := range map[plan.Attribution]string{plan.ByName: "Cem Three", plan.ByOrganisation: "Village Radio", plan.ByNobody: ""} {
		in.Discussion.Attribution = attribution
		f := Gather(in)
		if got := f.Opening[2].Quote.By; got != want {
			t.Errorf("%s: said by %q, want %q", attribution, got, want)
		}
		for _, q := range everyQuote(f) {
			if attribution == plan.ByNobody && q.By != "" {
				t.Errorf("%s is named", q.By)
			}
		}
		if len(f.Contributors) != 4 || f.Contributors[0].Name != "Ann One" {
			t.Errorf("%s: those who wrote are %+v", attribution, f.Contributors)
		}
	}
}

func TestAnswers(t *testing.T) {
	asks := post(2, "Ann One", "Who pays for the phone calls to the village committees?", answering(1))
	for name, c := range map[string]struct {
		posts    []Post
		answered bool
		by       []string
	}{
		"nobody wrote":                          {nil, false, nil},
		"thanks are no answer":                  {[]Post{post(3, "Bob Two", "Thanks Ann!", answering(2))}, false, nil},
		"nor is a question back":                {[]Post{post(3, "Bob Two", "Do you mean the monthly calls of the committee?", answering(2))}, false, nil},
		"nor what they add themselves":          {[]Post{post(3, "Ann One", "I mean the calls on Sunday evening in the rainy season.", answering(2))}, false, nil},
		"nor an answer to somebody else":        {[]Post{post(3, "Bob Two", "The phone company pays for all of it.", answering(1))}, false, nil},
		"a sentence of another person is":       {[]Post{post(3, "Bob Two", "The phone company pays for all of it.", answering(2))}, true, []string{"Bob Two"}},
		"a facilitator's counts":                {[]Post{post(3, "Luis Prieto", "The phone company pays for all of it.", answering(2), facilitator)}, true, []string{"Luis Prieto"}},
		"a link counts":                         {[]Post{post(3, "Bob Two", "http://x.example/pay", answering(2), func(p *Post) { p.Links = []string{"http://x.example/pay"} })}, true, []string{"Bob Two"}},
		"who answers twice is named once":       {[]Post{post(3, "Bob Two", "The phone company pays for it.", answering(2)), post(4, "Bob Two", "The ministry pays for the rest.", answering(2))}, true, []string{"Bob Two"}},
		"one that comes too late is not yet so": {[]Post{post(3, "Bob Two", "The phone company pays for all of it.", answering(2), func(p *Post) { p.At = monday.AddDate(0, 0, 8) })}, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := Gather(input(append([]Post{asks}, c.posts...)...))
			if len(f.Questions) != 1 {
				t.Fatalf("the questions are %+v", f.Questions)
			}
			if q := f.Questions[0]; q.Answered != c.answered || !slices.Equal(q.AnswersBy, c.by) {
				t.Errorf("answered %t by %q", q.Answered, q.AnswersBy)
			}
		})
	}
}

func TestNoQuestionOfAMembers(t *testing.T) {
	for name, text := range map[string]string{
		"a greeting":                           "How are you?",
		"what the facilitator asked":           "What made a quiet group of farmers talk on the radio?",
		"one that points to nothing":           "And why did they not do that then?",
		"a line without anything to it":        "Any ideas?",
		"one that somebody wants not to be in": "#noquote",
	} {
		t.Run(name, func(t *testing.T) {
			in := input(post(2, "Ann One", text, answering(1)))
			in.Asked = []string{"What made a quiet group of farmers talk on the radio?"}
			if f := Gather(in); len(f.Questions) != 0 {
				t.Errorf("asked %q", f.Questions[0].Text)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	in := input(
		post(2, "Ann One", story("early bulletin of the ministry"), func(p *Post) { p.At = monday.Add(-time.Second) }),
		post(3, "Bob Two", story("second bulletin of the weather office"), func(p *Post) { p.At = monday }),
		post(4, "Cem Three", story("third bulletin of the harbour master"), func(p *Post) { p.At = monday.AddDate(0, 0, 7) }),
		post(5, "Luis Prieto", story("bulletin of the facilitator himself"), facilitator),
	)
	f := Gather(in)
	if f.Counts.Posts != 1 || len(f.Contributors) != 1 || f.Contributors[0].Name != "Bob Two" {
		t.Errorf("counted %+v, %+v", f.Counts, f.Contributors)
	}
	if f := Gather(Input{}); f.Counts != (Counts{}) || len(f.Themes)+len(f.Questions)+len(f.Opening) != 0 {
		t.Errorf("of nothing %+v was made", f)
	} else if strings.Contains(asJSON(t, f), "null") {
		t.Errorf("a list is missing: %s", asJSON(t, f))
	}
}

// TestLanguagesWithoutLists holds that a language of which nothing is known but its letters still has themes and quotes.
func TestLanguagesWithoutLists(t *testing.T) {
	for tag, c := range map[string]struct {
		theme string
		posts []string
	}{
		"ru": {"голосовые сообщения", []string{"Голосовые сообщения помогают фермерам, потому что многие не умеют читать. Мы начали в январе.",
			"Каждое утро мы слушаем голосовые сообщения на рынке, и люди смеются.", "Радиостанция платит за телефонные звонки каждый месяц."}},
		"zh": {"语音消息", []string{"村里的人喜欢语音消息，因为很多人不认识字。我们一月开始。", "每天早上我们在市场听语音消息，大家都笑了。", "电台每个月付电话费给村民。"}},
		"ar": {"الرسائل الصوتية", []string{"الرسائل الصوتية تساعد المزارعين لأن كثيرا منهم لا يقرأون.", "نسمع الرسائل الصوتية كل صباح في السوق مع الجيران.", "تدفع الإذاعة ثمن المكالمات كل شهر للقرية."}},
	} {
		t.Run(tag, func(t *testing.T) {
			in := input()
			for i, text := range c.posts {
				in.Posts = append(in.Posts, post(uint32(i+2), []string{"Ann One", "Bob Two", "Cem Three"}[i], text, answering(1)))
			}
			f := Gather(in)
			if len(f.Languages) != 1 || f.Languages[0].Language != tag || len(f.Themes) == 0 || f.Themes[0].Phrase != c.theme || f.Themes[0].People != 2 {
				t.Errorf("the languages are %+v, the themes %+v", f.Languages, f.Themes)
			}
			if f.Languages[0].Quote.Text == "" || f.Opening[0].Quote.Text == "" {
				t.Errorf("nothing is quoted: %+v, %+v", f.Languages, f.Opening)
			}
		})
	}
}
