package facts

import (
	"cmp"
	"slices"
	"strings"

	"convene/digest/words"
	"convene/list/message"
)

// tongue is what members wrote in one language.
type tongue struct {
	tag   string
	lex   *words.Lexicon
	posts []*reading
	all   *words.Collection
	seen  map[string]int // plain sentences: in how many posts each stands
}

// sentence is one sentence of a member's.
type sentence struct {
	*said
	post  *reading
	stems []int32 // of the words that say something, in order
	alone float64 // how well it stands by itself here, to 1; zero or less: not at all
	self  bool    // it names its author: it says who they are
	// given is what it names as known, and others what it costs that it names other members.
	given  []given
	others float64
	// premise says that it only tells how things stand for what follows it.
	premise bool
	parts   []*sentence // of which it is made; none: it is one
}

// toOne is what it costs that a sentence talks to one person.
const toOne = 0.35

// ownWords is how many words a text has at least for its own language to be believed where its topic and the list speak otherwise.
const ownWords = 20

// readTongues finds the language of each post, and divides posts into sentences.
func (g *gathering) readTongues() {
	of := g.topicTags()
	byTag := map[string]*tongue{}
	for _, r := range g.members {
		tag := g.tagOf(r, of[r.Topic])
		t := byTag[tag]
		if t == nil {
			t = &tongue{tag: tag, lex: words.Of(tag), seen: map[string]int{}}
			byTag[tag] = t
			g.tongues = append(g.tongues, t)
		}
		t.posts = append(t.posts, r)
		r.tongue = t
	}
	slices.SortStableFunc(g.tongues, func(a, b *tongue) int {
		return cmp.Or(cmp.Compare(len(b.posts), len(a.posts)), strings.Compare(a.tag, b.tag))
	})
	names := g.naming()
	for _, t := range g.tongues {
		t.read(g, names)
	}
}

// topicTags are the languages of topics: that in which most of their text is, what is too short to tell by itself being read together; the list's, where
// nothing tells.
func (g *gathering) topicTags() map[uint32]string {
	written := map[uint32]map[string]int{} // octets by language
	joined := map[uint32]*strings.Builder{}
	for _, r := range g.members {
		if written[r.Topic] == nil {
			written[r.Topic], joined[r.Topic] = map[string]int{}, &strings.Builder{}
		}
		if r.Language != "" {
			written[r.Topic][r.Language] += len(r.Text)
		} else if b := joined[r.Topic]; b.Len() < proseSize {
			b.WriteString(r.Text)
			b.WriteByte('\n')
		}
	}
	of := map[uint32]string{}
	for id, sizes := range written {
		if b := joined[id]; b.Len() > 0 {
			if tag, sure := words.Language(prose(b.String())); sure {
				sizes[tag] += b.Len()
			}
		}
		for tag, size := range sizes {
			if best := of[id]; best == "" || size > sizes[best] || size == sizes[best] && tag < best {
				of[id] = tag
			}
		}
		of[id] = cmp.Or(of[id], g.language())
	}
	return of
}

// tagOf is the language of a post: its own where that is sure and likely, else its topic's.
func (g *gathering) tagOf(r *reading, topic string) string {
	switch {
	case r.Language == "" || r.Language == topic:
		return topic
	case slices.Contains(g.plan.Languages, r.Language) || r.Language == g.plan.Language || len(strings.Fields(r.Text)) >= ownWords:
		return r.Language
	}
	return topic
}

// read divides the posts of a language into sentences.
func (t *tongue) read(g *gathering, names naming) {
	t.all = words.NewCollection(t.lex, names.omits)
	named := map[string]bool{}
	for _, r := range t.posts {
		if r.PassedOn {
			continue
		}
		if subject := plainSubject(r.Subject); !g.topics[r.Topic].planned && !named[subject] { // who opens a topic names it
			named[subject] = true
			t.all.Add(r.index, r.person, subject)
		}
		all := g.reader.sentences(r.Text, t.lex, t.tag)
		r.sentences = make([]*sentence, 0, len(all))
		for i := range all {
			own := &sentence{said: &all[i], post: r}
			if own.Whole || own.long {
				own.stems = t.all.Add(r.index, r.person, own.Text)
			}
			r.sentences = append(r.sentences, own)
			t.seen[own.plain]++
		}
	}
	for _, r := range t.posts {
		own := words.Words(strings.ToLower(r.Name))
		before := map[int32]bool{}
		for i, s := range r.sentences {
			s.self = s.names(own)
			if s.Whole && t.seen[s.plain] == 1 { // what stands in two posts is a signature, or somebody else's
				t.stand(s, names)
				if s.alone >= leastAlone {
					s.given, s.others = t.given(s, before, g.byNumber[r.Answers]), names.others(s)
					if t.lex.GoesOn(s.Text) {
						s.others += goesOn
					}
					if s.premise = i+1 < len(r.sentences) && t.lex.Premise(s.Text, r.sentences[i+1].Text, r.sentences[i+1].asks); s.premise {
						s.others += premise
					}
				}
			}
			for _, stem := range s.stems {
				before[stem] = true
			}
		}
	}
}

// stand finds how well a sentence stands by itself.
func (t *tongue) stand(s *sentence, names naming) {
	s.alone = s.said.alone - names.lean(s)
	if !s.post.begins && s.addresses && (!s.asks || t.lex.AsksOne(s.Text)) { // one person, of whom nobody knows who that is
		s.alone -= toOne
	}
}

// plain is a text in small letters without signs.
func plain(text string) string { return plainWords(words.Words(text)) }

func plainWords(all []string) string { return strings.ToLower(strings.Join(all, " ")) }

// plainSubject is a subject without the markers of replies and forwards.
func plainSubject(subject string) string {
	base, _, _ := message.TopicSubject(subject, "")
	for {
		base = strings.TrimSpace(base)
		if strings.HasPrefix(base, "[") { // a list's prefix
			if end := strings.IndexByte(base, ']'); end > 0 && end < 30 && strings.TrimSpace(base[end+1:]) != "" {
				base, _, _ = message.TopicSubject(base[end+1:], "")
				continue
			}
		}
		return base
	}
}
