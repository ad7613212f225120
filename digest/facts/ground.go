package facts

import "strings"

// Gather finds out what was said in a window.
func Gather(in Input) *Facts {
	f := &Facts{From: in.From, Until: in.Until}
	people := map[string]bool{}
	for i := range in.Posts {
		p := &in.Posts[i]
		if p.Planned != "" || p.Facilitator || p.At.Before(in.From) || !p.At.Before(in.Until) {
			continue
		}
		f.Counts.Posts++
		people[strings.ToLower(p.Address)] = true
		line, _, _ := strings.Cut(p.Text, "\n")
		f.Opening = append(f.Opening, Line{At: p.At, Quote: Quote{Text: line, By: p.Name, Address: p.Address, MessageID: p.MessageID, Link: p.Link, Post: p.Number, Topic: p.Topic,
			Language: p.Language}})
	}
	f.Counts.People = len(people)
	return f
}
