package facts

import (
	"cmp"
	"slices"
	"strings"
)

// drawnOf is how many people who answered one post count.
const drawnOf = 3

// writer is somebody who wrote in the window, as far as it is counted.
type writer struct {
	posts    []*reading
	days     map[string]bool
	drawn    int
	first    bool
	newcomer bool
	private  bool
}

// writers are those who wrote in the window, in order of their first post.
func (g *gathering) writers() []*writer {
	var all []*writer
	of := map[int]*writer{}
	for _, r := range g.members {
		w := of[r.person]
		if w == nil {
			w = &writer{days: map[string]bool{}}
			of[r.person] = w
			all = append(all, w)
		}
		w.posts = append(w.posts, r)
		w.days[g.day(r)] = true
		w.drawn += min(drawnOf, len(g.whoAnswered(r)))
		w.first, w.newcomer, w.private = w.first || r.First, w.newcomer || r.Newcomer, w.private || r.PrivateThanks
	}
	return all
}

// whoAnswered are the people who answered a post with more than thanks: others than its author, and no facilitators, each by their first answer.
func (g *gathering) whoAnswered(r *reading) (all []*reading) {
	for _, a := range r.answers {
		if a.person != r.person && !a.Facilitator && a.isAnswer() && !slices.ContainsFunc(all, func(o *reading) bool { return o.person == a.person }) {
			all = append(all, a)
		}
	}
	return all
}

// name is how somebody writes their name: as in the last post that has one.
func (w *writer) name() string {
	for _, r := range slices.Backward(w.posts) {
		if r.Name != "" {
			return r.Name
		}
	}
	return ""
}

func (w *writer) address() string { return w.posts[0].Address }

// contributors are those who wrote, in order of their first post.
func (g *gathering) contributors() (all []Contributor) {
	for _, w := range g.writers() {
		all = append(all, Contributor{Name: w.name(), Address: w.address(), Posts: len(w.posts), Days: len(w.days), RepliesDrawn: w.drawn, Private: w.private, First: w.first})
	}
	return all
}

// shared are the links and files of all but planned emails, each once, in order.
func (g *gathering) shared() (links []Link, files []File) {
	seen := map[string]bool{}
	for _, r := range g.posts {
		if r.Planned != "" || r.At.Before(g.in.From) {
			continue
		}
		for _, url := range r.Links {
			if key := strings.TrimSuffix(url, "/"); !seen[key] {
				seen[key] = true
				links = append(links, Link{URL: url, By: g.by(r.Post), MessageID: r.MessageID, Post: r.Number})
			}
		}
		for _, f := range r.Files {
			f.Post = cmp.Or(f.Post, r.Number)
			files = append(files, f)
		}
	}
	return links, files
}
