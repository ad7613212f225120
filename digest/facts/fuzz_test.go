package facts

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// realMail are messages of a list's archive, where that is.
func realMail(f *testing.F, add func(raw []byte)) {
	add([]byte("Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOne call. ¿Quién llama? Merci « à tous. »\r\n> Who?\r\n-- \r\nAnn\r\n"))
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "corpora", months[2].path))
	if err != nil {
		return
	}
	for i, piece := range bytes.Split(raw, []byte("\nFrom ")) {
		if _, m, ok := bytes.Cut(piece, []byte("\n")); ok && i%8 == 0 && len(m) < 8<<10 {
			add(m)
		}
	}
}

func FuzzRead(f *testing.F) {
	realMail(f, func(raw []byte) { f.Add(raw) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := message.Parse(raw)
		p := Read(&list.Post{Number: 7, From: "a@x.example", Subject: m.Subject()}, m, Post{})
		written, passedOn := m.Written()
		if !strings.HasPrefix(written, strings.TrimRight(p.Text, "\n ")) || p.PassedOn != passedOn || strings.TrimSpace(p.Text) == "" && strings.TrimSpace(written) != "" {
			t.Errorf("%q became %q", written, p.Text)
		}
		for _, link := range p.Links {
			if !strings.Contains(p.Text, link) || strings.ContainsAny(link, " \n<>\"") {
				t.Errorf("%q is no link of %q", link, p.Text)
			}
		}
	})
}

// FuzzGather makes facts of posts whose texts are the parts of one text.
func FuzzGather(f *testing.F) {
	realMail(f, func(raw []byte) { f.Add(message.Parse(raw).Text(8 << 10)) })
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16<<10 {
			return
		}
		in := Input{From: monday, Until: monday.AddDate(1, 0, 0), Discussion: &plan.Discussion{Language: "en", Spotlights: 3, Attribution: plan.ByName}}
		for i, part := range strings.Split(strings.ToValidUTF8(text, "?"), "\n\n") {
			n := uint32(i + 1)
			in.Posts = append(in.Posts, post(n, string(rune('A'+i%7))+"nn One", part, answering(n/2), func(p *Post) {
				p.Topic, p.Subject, p.Quote = n%3, part, []Quoting{"", NoQuote, AskFirst}[i/2%3]
				p.At = monday.Add(time.Duration(i) * time.Hour)
			}))
		}
		facts := Gather(in)
		if asJSON(t, Gather(in)) != asJSON(t, facts) {
			t.Error("the same posts gave other facts")
		}
		for _, q := range everyQuote(facts) {
			p := in.Posts[q.Post-1]
			if !strings.Contains(squeezed(p.Text), squeezed(q.Text)) || p.Quote == NoQuote || q.Ask != (p.Quote == AskFirst) {
				t.Errorf("%q is quoted of %q (%s)", q.Text, p.Text, p.Quote)
			}
		}
		seen := map[string]bool{}
		for _, q := range quotesOf(facts) {
			if seen[plain(q.Text)] {
				t.Errorf("%q stands there twice", q.Text)
			}
			seen[plain(q.Text)] = true
		}
	})
}

// squeezed is a text without white space: where lines are joined, some scripts need none.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }
