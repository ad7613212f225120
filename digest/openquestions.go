package digest

import (
	"encoding/json"
	"hash/fnv"
	"sync"
	"time"

	"convene/digest/facts"
)

// openings keeps the questions of each discussion that nobody has answered, for as long as nothing that they are read from has changed: to find them all
// posts are read, and every morning asks.
type openings struct {
	mu  sync.Mutex
	all map[string]opening // by discussion
}

type opening struct {
	of   uint64 // what they were read from
	open []facts.Question
}

// openIn are the questions of a discussion that members raised and nobody has answered by now.
func (e *Editor) openIn(a *affair, posts []facts.Post, now time.Time) []facts.Question {
	begins := a.Begins(a.rows)
	of := fnv.New64a()
	enc := json.NewEncoder(of)
	_ = enc.Encode([]any{a.Questions, a.Attribution, a.Language, a.Languages, a.course.Changes.Added, begins}) // a hash takes everything
	for i := range posts {
		p := &posts[i]
		_ = enc.Encode([]any{p.Number, p.Topic, p.Answers, p.Planned, p.Facilitator, p.Name, p.Quote, p.MessageID, len(p.Text)})
	}
	e.open.mu.Lock()
	known, ok := e.open.all[a.ID]
	e.open.mu.Unlock()
	if ok && known.of == of.Sum64() {
		return known.open
	}
	open := openQuestions(e.facts(a, posts, begins, now))
	e.open.mu.Lock()
	defer e.open.mu.Unlock()
	if e.open.all == nil {
		e.open.all = map[string]opening{}
	}
	e.open.all[a.ID] = opening{of.Sum64(), open}
	return open
}
