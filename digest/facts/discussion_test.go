package facts

import (
	"fmt"
	"net/mail"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// discussion reads a discussion from testdata: posts of which each begins with a line "= NUMBER [flag...] Name <address> [flag...] DATE TIME [subject]".
func discussion(t testing.TB) Input {
	t.Helper()
	raw, err := os.ReadFile("testdata/discussion.txt")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	in := Input{From: day, Until: day.AddDate(0, 0, 5), Following: 203}
	in.Discussion = &plan.Discussion{List: "peers@lists.example", ListTitle: "Peer Learning", Language: "en", Languages: []string{"en", "fr", "es"}, Hashtag: "#remote",
		Title: plan.Texts{"en": "Facilitating at a distance"}, Spotlights: 3, Attribution: plan.ByName,
		Questions: []plan.Texts{{"en": "Think of a time when a quiet group began to talk. What had you, or somebody, just done?"}}}
	for piece := range strings.SplitSeq("\n"+string(raw), "\n= ") {
		if head, text, ok := strings.Cut(piece, "\n"); ok && piece != "" {
			in.Posts = append(in.Posts, discussionPost(t, head, text))
		}
	}
	return in
}

func discussionPost(t testing.TB, head, text string) Post {
	t.Helper()
	known := Post{}
	p := list.Post{Topic: 1, Subject: "Re: Question 1: what made people answer? #remote"}
	var name []string
	date := ""
	for i, word := range strings.Fields(head) {
		key, value, _ := strings.Cut(word, "=")
		switch {
		case i == 0:
			n, err := strconv.Atoi(word)
			if err != nil {
				t.Fatalf("%q: %v", head, err)
			}
			p.Number, p.MessageID = uint32(n), fmt.Sprintf("%d@x.example", n)
		case key == "answers":
			n, _ := strconv.Atoi(value)
			known.Answers = uint32(n)
		case key == "lang":
		case key == "quote":
			known.Quote = Quoting(value)
		case word == "planned":
			known.Planned = "remote/kickoff"
		case word == "facilitator":
			known.Facilitator = true
		case word == "first":
			known.First = true
		case date == "" && strings.HasPrefix(word, "2026-"):
			date = word
		case len(date) == len(time.DateOnly):
			date += " " + word
		case date == "":
			name = append(name, word)
		}
	}
	from, err := mail.ParseAddress(`"` + strings.Join(name[:len(name)-1], " ") + `" ` + name[len(name)-1])
	if err != nil {
		t.Fatalf("%q: %v", head, err)
	}
	if p.Accepted, err = time.Parse("2006-01-02 15:04", date); err != nil {
		t.Fatalf("%q: %v", head, err)
	}
	p.From, p.FromName = from.Address, from.Name
	return Read(&p, message.Parse([]byte("Content-Type: text/plain; charset=utf-8\r\n\r\n"+text)), known)
}
