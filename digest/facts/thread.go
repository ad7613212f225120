package facts

import (
	"cmp"
	"slices"

	"convene/digest/words"
)

// mostThreads is how many exchanges a midweek has to choose from.
const mostThreads = 8

// fewWords is how many words the first sentence of a post has at least, where there is one that has.
const fewWords = 5

// threads are the liveliest exchanges: what began with a post that answered a planned email, or opened a topic. One in which nobody answered is none.
func (g *gathering) threads() []Thread {
	groups := map[*reading][]*reading{}
	var begun []*reading
	for _, r := range g.members {
		root := g.root(r)
		if groups[root] == nil {
			begun = append(begun, root)
		}
		groups[root] = append(groups[root], r)
	}
	var all []Thread
	used := newShown()
	slices.SortStableFunc(begun, func(a, b *reading) int {
		return cmp.Or(cmp.Compare(len(peopleOf(groups[b])), len(peopleOf(groups[a]))), cmp.Compare(len(groups[b]), len(groups[a])), cmp.Compare(a.Number, b.Number))
	})
	for _, root := range begun {
		posts := groups[root]
		people := len(peopleOf(posts))
		if len(all) == mostThreads || people < 2 {
			break
		}
		t := Thread{Topic: root.Topic, Post: root.Number, Subject: plainSubject(root.Subject), Posts: len(posts), People: people}
		if g.topics[root.Topic].planned {
			t.By = g.by(root.Post)
		}
		s := g.tells(posts, t.Subject, used)
		if s == nil {
			continue
		}
		used.add(s)
		t.Quote = g.quote(s)
		all = append(all, t)
	}
	return all
}

// tells is the sentence that says best what an exchange is about, in the language that most of its posts are in; nil: none can be read alone.
func (g *gathering) tells(posts []*reading, subject string, used *shown) *sentence {
	c := candidate{whole: true}
	for _, t := range g.tongues {
		own := slices.DeleteFunc(slices.Clone(posts), func(r *reading) bool { return r.tongue != t })
		if len(own) > len(c.posts) {
			c.tongue, c.posts = t, own
		}
	}
	if !g.topics[posts[0].Topic].planned {
		c.stems = c.tongue.all.Find(subject)
	}
	for _, apart := range []float64{leastApart, leastHeard} {
		for _, questions := range []bool{false, true} {
			if quotes := c.find(used, search{most: 1, apart: apart, questions: questions}); len(quotes) > 0 {
				return quotes[0]
			}
		}
	}
	return nil
}

// root is the post with which the exchange began that a post is of.
func (g *gathering) root(r *reading) *reading {
	for seen := map[*reading]bool{r: true}; ; {
		to := g.byNumber[r.Answers]
		if to == nil && !g.topics[r.Topic].planned {
			to = g.topics[r.Topic].first
		}
		if to == nil || to.Planned != "" || seen[to] {
			return r
		}
		r = to
		seen[r] = true
	}
}

func peopleOf(posts []*reading) map[int]bool {
	all := map[int]bool{}
	for _, r := range posts {
		all[r.person] = true
	}
	return all
}

// opening is the first sentence of each post, in order. Whoever does not want to be quoted, or to be asked first, stands there with no sentence.
func (g *gathering) opening() (all []Line) {
	seen := map[string]bool{}
	for _, r := range g.members {
		line := Line{Quote: Quote{By: g.by(r.Post), Address: r.Address, MessageID: r.MessageID, Link: r.Link, Post: r.Number, Topic: r.Topic, Language: r.tongue.tag, Ask: r.Quote == AskFirst}, At: r.At}
		if r.Quote != NoQuote && r.Quote != AskFirst {
			line.Quote.Text = firstSentence(r, seen)
		}
		seen[plain(line.Quote.Text)] = true
		all = append(all, line)
	}
	return all
}

// firstSentence is the first whole sentence of a post that is no greeting and no thanks, does not only say who writes, and stands in none before; one of a
// few words where there is no other. Empty: there is none.
func firstSentence(r *reading, seen map[string]bool) string {
	if r.PassedOn {
		return ""
	}
	short := ""
	for _, s := range r.sentences {
		n := words.Count(s.Text)
		if !(s.Whole || s.Ended) || seen[s.plain] || s.Loose || n < 3 || r.tongue.lex.Thanks(words.Words(s.Text)) || !s.readable() {
			continue
		}
		if n >= fewWords && !s.self {
			return s.Text
		}
		if short == "" {
			short = s.Text
		}
	}
	return short
}
