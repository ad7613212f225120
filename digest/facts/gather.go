package facts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"convene/digest/plan"
)

// Gather makes the facts of a window. It is pure: the same input gives the same facts, whatever was asked before.
//
// Within what goes to everybody at once (themes, questions, spotlights and languages) no sentence stands twice, nor one that is nearly the same; Threads,
// Opening and Thanks are of other mails, and each holds a sentence once. Theme.Quote is the first of its Quotes, if it has one.
func Gather(in Input) *Facts { return new(Reader).Gather(in) }

// Gather is Gather with what is known of the texts.
func (k *Reader) Gather(in Input) *Facts {
	g := newGathering(in, k)
	f := &Facts{From: in.From, Until: in.Until}
	f.Counts = g.counts()
	f.Contributors = g.contributors()
	f.Links, f.Files = g.shared()
	used := newShown()
	f.Themes = g.themes(used)
	f.Questions = g.questions(used)
	f.Languages = g.languages(used)
	f.Spotlights = g.spotlights(used)
	f.Thanks = g.thanks()
	f.Threads = g.threads()
	f.Opening = g.opening()
	f.Doubts = g.doubts(f)
	f.fill()
	return f
}

// fill makes lists of what is missing, so that whoever reads the JSON of facts finds one everywhere.
func (f *Facts) fill() {
	f.Themes, f.Questions, f.Contributors = filled(f.Themes), filled(f.Questions), filled(f.Contributors)
	f.Spotlights, f.Thanks, f.Links, f.Files = filled(f.Spotlights), filled(f.Thanks), filled(f.Links), filled(f.Files)
	f.Languages, f.Threads, f.Opening, f.Doubts = filled(f.Languages), filled(f.Threads), filled(f.Opening), filled(f.Doubts)
}

func filled[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// gathering is what is read of an input once, for all facts.
type gathering struct {
	in       Input
	reader   *Reader
	plan     plan.Discussion
	posts    []*reading          // all, by number
	members  []*reading          // those of the window that members wrote: what counts
	byNumber map[uint32]*reading // all
	topics   map[uint32]*topic
	people   map[string]int // by address in lower case, counted from 0
	tongues  []*tongue
	fewFirst bool // so few of those who write do so for the first time that answering one is a welcome
}

// firstOf is which part of all who write those who do for the first time are at most for them to be few: one in so many.
const firstOf = 4

// reading is a post that is read.
type reading struct {
	*Post
	index     int // in members; -1: none of these
	person    int
	tongue    *tongue // nil: it is not in members
	sentences []*sentence
	answers   []*reading // posts that answer it, by number
	says      int8       // whether it answers something (isAnswer): 1 it does, -1 it does not, 0 nobody has looked
	themed    bool
	begins    bool // it answers nobody, or a planned email or a facilitator
}

// topic is what is known of a topic.
type topic struct {
	first   *reading // in the input
	planned bool     // it was opened by a planned email
	subject string   // without markers; of the first post
}

func newGathering(in Input, reader *Reader) *gathering {
	g := &gathering{in: in, reader: reader, byNumber: map[uint32]*reading{}, topics: map[uint32]*topic{}, people: map[string]int{}}
	if in.Discussion != nil {
		g.plan = *in.Discussion
	}
	for i := range in.Posts {
		p := &in.Posts[i]
		if !p.At.Before(in.Until) || g.byNumber[p.Number] != nil {
			continue
		}
		r := &reading{Post: p, index: -1, person: g.person(p.Address)}
		g.posts = append(g.posts, r)
		g.byNumber[p.Number] = r
	}
	slices.SortFunc(g.posts, func(a, b *reading) int { return cmp.Compare(a.Number, b.Number) })
	for _, r := range g.posts {
		if r.Planned == "" {
			if to := g.byNumber[r.Answers]; to != nil && to != r {
				to.answers = append(to.answers, r)
			}
		}
		t := g.topics[r.Topic]
		if t == nil {
			t = &topic{first: r, planned: r.Planned != "", subject: plainSubject(r.Subject)}
			g.topics[r.Topic] = t
		}
		if r.Planned == "" && !r.Facilitator && !r.At.Before(in.From) {
			r.index = len(g.members)
			g.members = append(g.members, r)
		}
	}
	for _, r := range g.posts {
		to := g.byNumber[r.Answers]
		r.begins = to == nil && (g.topics[r.Topic].planned || g.topics[r.Topic].first == r) || to != nil && (to.Planned != "" || to.Facilitator)
	}
	c := g.counts()
	g.fewFirst = c.First*firstOf <= c.People
	g.readTongues()
	return g
}

func (g *gathering) person(address string) int {
	key := strings.ToLower(address)
	n, ok := g.people[key]
	if !ok {
		n = len(g.people)
		g.people[key] = n
	}
	return n
}

// location is the list's zone.
func (g *gathering) location() *time.Location {
	return cmp.Or(g.plan.Calendar.Location, time.UTC)
}

// by is how somebody is named beside what they wrote.
func (g *gathering) by(p *Post) string {
	switch g.plan.Attribution {
	case plan.ByNobody:
		return ""
	case plan.ByOrganisation:
		return p.Organisation
	}
	return p.Name
}

// quote is a sentence as it is quoted.
func (g *gathering) quote(s *sentence) Quote {
	p := s.post
	return Quote{Text: s.Text, By: g.by(p.Post), Address: p.Address, MessageID: p.MessageID, Link: p.Link, Post: p.Number, Topic: p.Topic, Language: p.tongue.tag,
		Ask: p.Quote == AskFirst}
}

// language is what the list is in, where nobody says otherwise.
func (g *gathering) language() string {
	if g.plan.Language != "" {
		return g.plan.Language
	}
	for _, tag := range g.plan.Languages {
		return tag
	}
	return "en"
}

// counts are the numbers of the window.
func (g *gathering) counts() Counts {
	c := Counts{Posts: len(g.members), Following: g.in.Following}
	people, first, topics, days := map[int]bool{}, map[int]bool{}, map[uint32]bool{}, map[string]bool{}
	for _, r := range g.members {
		people[r.person], topics[r.Topic], days[g.day(r)] = true, true, true
		if r.First {
			first[r.person] = true
		}
	}
	c.People, c.First, c.Topics, c.Days = len(people), len(first), len(topics), len(days)
	return c
}

func (g *gathering) day(r *reading) string { return r.At.In(g.location()).Format(time.DateOnly) }
