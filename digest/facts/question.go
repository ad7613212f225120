package facts

import (
	"cmp"
	"slices"
	"strings"

	"convene/digest/words"
)

const (
	// mostQuestions is how many questions a summary tells of, and fromOne how many of one post.
	mostQuestions = 12
	fromOne       = 1
	// answerWords is how many words an answer has at least: fewer are thanks.
	answerWords = 4
)

// questions are those that members asked, open ones first, each in the order of asking. What the facilitators had asked is none, nor what is shown already.
func (g *gathering) questions(used *shown) []Question {
	type raised struct {
		*sentence
		by []*reading
	}
	var all []raised
	for _, r := range g.members {
		if r.Quote == NoQuote || r.PassedOn {
			continue
		}
		by := g.answersTo(r)
		for _, s := range bestQuestions(r) {
			if !g.wasAsked(s) && !used.has(s) {
				used.add(s)
				all = append(all, raised{s, by})
			}
		}
	}
	if len(all) > mostQuestions { // those with which most people were busy, open ones first
		kept := slices.Clone(all)
		slices.SortStableFunc(kept, func(a, b raised) int {
			open := func(r raised) int { return min(1, len(r.by)) }
			return cmp.Or(cmp.Compare(open(a), open(b)), cmp.Compare(b.worth(), a.worth()))
		})
		kept = kept[:mostQuestions]
		all = slices.DeleteFunc(all, func(r raised) bool {
			return !slices.ContainsFunc(kept, func(k raised) bool { return k.sentence == r.sentence })
		})
	}
	slices.SortStableFunc(all, func(a, b raised) int { return cmp.Compare(min(1, len(a.by)), min(1, len(b.by))) })
	var questions []Question
	for _, r := range all {
		q := g.quote(r.sentence)
		question := Question{Text: q.Text, By: q.By, Address: q.Address, MessageID: q.MessageID, Link: q.Link, Post: q.Post, Topic: q.Topic, Language: q.Language,
			Ask: q.Ask, Answered: len(r.by) > 0}
		for _, a := range r.by {
			if name := g.by(a.Post); name != "" && !slices.Contains(question.AnswersBy, name) {
				question.AnswersBy = append(question.AnswersBy, name)
			}
		}
		questions = append(questions, question)
	}
	return questions
}

// worth is how well a question can be read alone, and how likely it was meant for all: one that began something was, one within an exchange less so.
func (s *sentence) worth() float64 {
	worth := s.post.tongue.lex.AskedAlone(s.Text, s.post.begins)
	if s.post.begins {
		return worth + 0.25
	}
	return worth - 0.1
}

// leastQuestion is the least worth of a question that is told of.
const leastQuestion = 0.65

// bestQuestions are the questions of a post that can be read alone, the best of them.
func bestQuestions(r *reading) (all []*sentence) {
	if r.tongue == nil {
		return nil
	}
	for _, s := range r.sentences {
		if s.asks && r.tongue.seen[s.plain] == 1 && s.worth() >= leastQuestion {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b *sentence) int { return cmp.Compare(b.worth(), a.worth()) })
	return all[:min(len(all), fromOne)]
}

// wasAsked reports whether a question repeats one that the facilitators asked.
func (g *gathering) wasAsked(s *sentence) bool {
	repeats := func(text string) bool {
		return plain(text) != "" && (strings.Contains(plain(text), s.plain) || near(s.post.tongue.all.Find(text), s.stems))
	}
	if slices.ContainsFunc(g.in.Asked, repeats) {
		return true
	}
	for _, q := range g.plan.Questions {
		for _, text := range q {
			if repeats(text) {
				return true
			}
		}
	}
	return false
}

// answersTo are the posts that answer what a post asks: from other people, and more than thanks or a question back.
func (g *gathering) answersTo(r *reading) (all []*reading) {
	for _, a := range r.answers {
		if a.person != r.person && a.Number > r.Number && a.isAnswer() {
			all = append(all, a)
		}
	}
	return all
}

// isAnswer reports whether a post says more than thanks, and not only asks.
func (r *reading) isAnswer() bool {
	if r.says == 0 {
		r.says = -1
		if len(r.Links) > 0 || r.statements() >= answerWords {
			r.says = 1
		}
	}
	return r.says > 0
}

// statements counts the words of a post that are in no question and no thanks.
func (r *reading) statements() (n int) {
	count := func(lex *words.Lexicon, text string) {
		if all := words.Words(text); !words.IsQuestion(text) && !lex.Thanks(all) {
			n += words.Count(text)
		}
	}
	if r.tongue == nil {
		lex := words.Of(r.Language)
		for _, s := range words.Sentences(r.Text, lex) {
			count(lex, s.Text)
		}
	}
	for _, s := range r.sentences {
		count(r.tongue.lex, s.Text)
	}
	return n
}
