package facts

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// needShared is a path among the real mail that lies beside the project; without it the test is skipped.
func needShared(t testing.TB, path string) string {
	t.Helper()
	full := filepath.Join("..", "..", "..", "shared", "corpora", path)
	if _, err := os.Stat(full); err != nil {
		t.Skipf("there is no real mail here: %v", err)
	}
	return full
}

// archive reads a month of a list as it would be stored: each message once, in topics, with whom it answers.
func archive(t testing.TB, path string) []Post {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var posts []Post
	number, topics, subjects := map[string]uint32{}, map[uint32]uint32{}, map[string]uint32{}
	wrote := map[string]bool{}
	for _, piece := range bytes.Split(append([]byte("\n"), raw...), []byte("\nFrom ")) {
		_, body, ok := bytes.Cut(piece, []byte("\n"))
		m := message.Parse(body)
		id := m.MessageID()
		if !ok || id == "" || number[id] != 0 {
			continue
		}
		n := uint32(len(posts) + 1)
		number[id] = n
		name, address := archiveFrom(m)
		date, _ := m.Date()
		p := list.Post{Number: n, MessageID: id, From: address, FromName: name, Subject: m.Subject(), Accepted: date}
		known := Post{First: !wrote[address], Link: fmt.Sprintf("https://lists.example/%d", n)}
		wrote[address] = true
		for _, ref := range m.References() {
			if number[ref] != 0 && number[ref] != n {
				known.Answers = number[ref]
			}
		}
		base, reply, _ := message.TopicSubject(p.Subject, "")
		base = strings.ToLower(base)
		switch {
		case known.Answers != 0:
			p.Topic = topics[known.Answers]
		case reply && subjects[base] != 0:
			p.Topic = subjects[base]
		default:
			p.Topic = n
		}
		topics[n], subjects[base] = p.Topic, p.Topic
		posts = append(posts, Read(&p, m, known))
	}
	return posts
}

// archiveFrom is who wrote a message of an archive by pipermail, which writes "ann at x.example (Ann)".
func archiveFrom(m *message.Message) (name, address string) {
	from := m.Get("From")
	name = from
	if open := strings.IndexByte(from, '('); open >= 0 {
		address, name = strings.TrimSpace(from[:open]), strings.Trim(from[open:], "() ")
	} else if box, err := m.From(); err == nil {
		return box.Name, box.Addr
	} else if open := strings.IndexByte(from, '<'); open >= 0 {
		name, address = strings.Trim(from[:open], `" `), strings.Trim(from[open:], "<> ")
	}
	return message.Decode(name), strings.ToLower(strings.ReplaceAll(address, " at ", "@"))
}

// months are real months of lists.
var months = []struct {
	name, path, list string
	about            []string // words of what people wrote most about, as somebody said who read all posts
	leans            []string // what somebody said of sentences who read only them: they need what stood before
}{
	{"twisted-web 2005-July", "threads/twisted+pipermail/twisted-web/2005-July.txt", "twisted-web@twistedmatrix.com", []string{"newbie confusion plus an offer (documentation)", "Turkey", "freeform", "livepage"},
		[]string{"Googling for mary", "the Barebones code", "way exarkun uses slots", "much better default", "email can take a lot longer", "some another logic", "Buffering also", "everybody NEED customized skins"}},
	{"twisted-web 2006-January", "threads/twisted+pipermail/twisted-web/2006-January.txt", "twisted-web@twistedmatrix.com", []string{"Cheetah", "unit tests", "dependencies"},
		[]string{"If we were talking about huge repositories", "sends the port", "hasn't stabilized yet"}},
	{"numpy-discussion 2001-November", "threads/datactive+bigbang/tests/data/2001-November.txt", "numpy-discussion@lists.sourceforge.net",
		[]string{"Re-implementation", "numerical libraries", "Masked array", "Monte Carlo"},
		[]string{"Sets if points", "compiler\" module", "paper about the issue", "dual board as well", "present list"}},
}

// month is the input of a whole month.
func month(posts []Post, address string) Input {
	in := Input{Posts: posts, Until: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), Following: 120}
	in.Discussion = &plan.Discussion{List: address, Language: "en", Spotlights: 3, Attribution: plan.ByName}
	return in
}

// tell writes facts as a stranger reads them.
func tell(f *Facts) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%d posts, %d people, %d topics, %d days, %d first", f.Counts.Posts, f.Counts.People, f.Counts.Topics, f.Counts.Days, f.Counts.First)
	for i, t := range f.Themes {
		line("\nTHEME %d: %s (%s; %d posts, %d people; other %d)", i+1, t.Phrase, t.Words, t.Posts, t.People, t.Other)
		for _, q := range t.Quotes {
			line("   %q\n      -- %s, post %d, topic %d", q.Text, q.By, q.Post, q.Topic)
		}
	}
	line("\nQUESTIONS")
	for _, q := range f.Questions {
		line("   %q\n      -- %s, post %d; answered %t by %s", q.Text, q.By, q.Post, q.Answered, strings.Join(q.AnswersBy, ", "))
	}
	line("\nLANGUAGES")
	for _, l := range f.Languages {
		line("   %s: %d posts, %d themed: %q -- %s", l.Language, l.Posts, l.Themed, l.Quote.Text, l.Quote.By)
	}
	line("\nSPOTLIGHTS")
	for _, s := range f.Spotlights {
		line("   %s %s: %q", s.Name, s.Reason, s.Quote.Text)
	}
	line("\nTHREADS")
	for _, s := range f.Threads {
		line("   %s (%d posts, %d people): %q -- %s", s.Subject, s.Posts, s.People, s.Quote.Text, s.Quote.By)
	}
	line("\nTHANKS")
	for _, s := range f.Thanks {
		line("   %s: %q; taken up by %s; open %t", s.Name, s.Quote.Text, strings.Join(s.TakenUpBy, ", "), s.Open)
	}
	line("\nDOUBTS %+v", f.Doubts)
	line("\nLINKS")
	for _, l := range f.Links {
		line("   %s -- %s", l.URL, l.By)
	}
	line("\nOPENING")
	for _, l := range f.Opening {
		line("   %d %s: %q", l.Quote.Post, l.Quote.By, l.Quote.Text)
	}
	return b.String()
}

func TestMonths(t *testing.T) {
	for _, m := range months {
		t.Run(m.name, func(t *testing.T) {
			f := Gather(month(archive(t, needShared(t, m.path)), m.list))
			t.Log("\n" + tell(f))
			if len(f.Themes) < 3 || len(f.Themes) > mostThemes {
				t.Errorf("there are %d themes", len(f.Themes))
			}
			for _, want := range m.about {
				if !slices.ContainsFunc(f.Themes, func(theme Theme) bool { return strings.Contains(theme.Phrase, want) }) {
					t.Errorf("no theme is %q", want)
				}
			}
			for _, theme := range f.Themes {
				for _, q := range theme.Quotes {
					if i := slices.IndexFunc(m.leans, func(part string) bool { return strings.Contains(q.Text, part) }); i >= 0 {
						t.Errorf("%q cannot be read alone, and is quoted for %q", q.Text, theme.Phrase)
					}
				}
			}
		})
	}
}
