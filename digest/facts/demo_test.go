package facts

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// played reads the discussion that the demo plays: posts of which each begins with a line "== DATE TIME | who | what it answers | its own name". All is one
// topic, as below the questions that a facilitator asked.
func played(t testing.TB) []Post {
	t.Helper()
	raw, err := os.ReadFile("../../cmd/convene/demo/posts.txt")
	if err != nil {
		t.Fatal(err)
	}
	people, err := os.ReadFile("../../cmd/convene/demo/members.csv")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for line := range strings.Lines(string(people)) {
		if field := strings.Split(line, ","); len(field) > 1 {
			local, _, _ := strings.Cut(field[0], "@")
			names[local] = field[1]
		}
	}
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	posts := []Post{{Number: 1, Topic: 1, Subject: "Question 1 #remote", Planned: "kickoff", At: begin, Facilitator: true}}
	known, wrote := map[string]uint32{}, map[string]bool{}
	for piece := range strings.SplitSeq(string(raw), "\n== ") {
		head, text, _ := strings.Cut(piece, "\n")
		field := strings.Split(head, "|")
		if len(field) != 4 || strings.HasPrefix(head, "#") {
			continue
		}
		for i := range field {
			field[i] = strings.TrimSpace(field[i])
		}
		at, err := time.Parse("2006-01-02 15:04", field[0])
		if err != nil {
			t.Fatal(err)
		}
		n := uint32(len(posts) + 1)
		p := list.Post{Number: n, Topic: 1, MessageID: fmt.Sprintf("%d@x.example", n), Subject: "Re: Question 1 #remote", From: field[1] + "@example.org", FromName: names[field[1]], Accepted: at}
		more := Post{Answers: max(1, known[field[2]]), First: !wrote[field[1]]}
		if field[3] != "" {
			known[field[3]] = n
		}
		wrote[field[1]] = true
		posts = append(posts, Read(&p, message.Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n"+text)), more))
	}
	return posts
}

// playedUntil is the input of a summary of it.
func playedUntil(t testing.TB, from, until string) Input {
	t.Helper()
	in := Input{Posts: played(t), Following: 40}
	in.From, _ = time.Parse("2006-01-02 15:04", from)
	in.Until, _ = time.Parse("2006-01-02 15:04", until)
	in.Discussion = &plan.Discussion{List: "peers@lists.example.org", ListTitle: "Peer Learning", Language: "en", Languages: []string{"en", "fr", "es"}, Hashtag: "#remote",
		Title: plan.Texts{"en": "Facilitating at a distance"}, Spotlights: 3, Attribution: plan.ByName, Questions: []plan.Texts{
			{"en": "Think of a time when a quiet group began to talk. What had you, or somebody, just done?", "fr": "Pensez à un moment où un groupe silencieux s'est mis à parler. Que venait de faire quelqu'un, ou vous-même ?",
				"es": "Piense en un momento en que un grupo callado empezó a hablar. ¿Qué acababa de hacer usted, o alguien?"},
			{"en": "What worked, and what did not?", "fr": "Qu'est-ce qui a marché, et qu'est-ce qui n'a pas marché ?", "es": "¿Qué funcionó y qué no?"},
			{"en": "What will you try next?", "fr": "Qu'allez-vous essayer maintenant ?", "es": "¿Qué va a probar ahora?"}}}
	return in
}

// TestPlayed holds what somebody who read the demo's posts says of its pages: that is what they talked about.
func TestPlayed(t *testing.T) {
	for until, want := range map[string]struct{ themes, questions []string }{
		"2026-03-06 11:00": {[]string{"phone call", "voice message"}, []string{"What do others do when silence is not shyness but fear?", "¿Cómo hacen ustedes con los que leen una vez por semana?"}},
		"2026-03-13 11:00": {[]string{"phone call", "voice message", "three sentences", "Friday page"},
			[]string{"Who pays for the airtime of the people we ask to call in, to send voice messages, to read us?", "¿Cómo hacen ustedes con los que leen una vez por semana?"}},
	} {
		f := Gather(playedUntil(t, "2026-03-02 09:00", until))
		t.Log("\n" + tell(f))
		var phrases, questions []string
		for _, theme := range f.Themes {
			phrases = append(phrases, theme.Phrase)
		}
		for _, q := range f.Questions {
			questions = append(questions, q.Text)
		}
		for _, phrase := range want.themes {
			if !slices.Contains(phrases, phrase) {
				t.Errorf("until %s %q is no theme: %q", until, phrase, phrases)
			}
		}
		for _, question := range want.questions {
			if !slices.Contains(questions, question) {
				t.Errorf("until %s nobody asks %q: %q", until, question, questions)
			}
		}
		if i := slices.IndexFunc(questions, func(q string) bool { return strings.HasSuffix(q, ": why her?") }); i >= 0 {
			t.Errorf("until %s %q is a question", until, questions[i])
		}
		for _, light := range f.Spotlights {
			if light.For == ForWelcoming {
				t.Errorf("until %s everybody writes for the first time, and %s %s", until, light.Name, light.Reason)
			}
		}
		for _, line := range f.Opening {
			if strings.Contains(line.Quote.Text, line.Quote.By) {
				t.Errorf("until %s the first sentence of post %d says only who writes: %q", until, line.Quote.Post, line.Quote.Text)
			}
		}
	}
}

// TestPlayedThanks holds that people are thanked for what others took up, and not for how they began to tell it.
func TestPlayedThanks(t *testing.T) {
	of := map[string]Thank{}
	for _, th := range Gather(playedUntil(t, "2026-03-02 09:00", "2026-03-06 11:00")).Thanks {
		of[th.Name] = th
	}
	for name, want := range map[string]Thank{
		"Dede Mensah":  {Quote: Quote{Text: "One evening I called one person, Mama Esther's niece, and asked her for three sentences about her maize."}, TakenUpBy: []string{"Noor Rahman", "Kofi Asante", "Hawa Conteh"}},
		"Ibrahim Koné": {Quote: Quote{Text: "Question à Awa et à Marie : que faites-vous quand l'ancien est blessé de ne pas parler le premier ?"}, TakenUpBy: []string{"Awa Diallo"}, Asked: true},
		"Tendai Moyo":  {Quote: Quote{Text: "We close no question before two Sundays have passed, and we say so in the first mail."}},
	} {
		if got := of[name]; got.Quote.Text != want.Quote.Text || !slices.Equal(got.TakenUpBy, want.TakenUpBy) || got.Asked != want.Asked || got.Open {
			t.Errorf("%s is thanked for %q (asked %v, open %v), taken up by %q", name, got.Quote.Text, got.Asked, got.Open, got.TakenUpBy)
		}
	}
}

// TestPlayedThreads holds that what went on below the facilitators' question is told by who began it: its subject says the same of each, in the language of
// whoever wrote last.
func TestPlayedThreads(t *testing.T) {
	f := Gather(playedUntil(t, "2026-03-02 09:00", "2026-03-04 12:00"))
	if len(f.Threads) < 2 {
		t.Fatalf("there are %d", len(f.Threads))
	}
	seen := map[string]bool{}
	for _, th := range f.Threads {
		if th.By == "" || seen[th.By] {
			t.Errorf("%q by %q", th.Subject, th.By)
		}
		seen[th.By] = true
	}
}
