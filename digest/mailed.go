package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"convene/digest/plan"
	"convene/list"
)

// mailedPlan is a plan that a facilitator mailed and started: a paper, under its id.
type mailedPlan struct {
	ID   string    `json:"id"`
	Text string    `json:"text"` // as they wrote it: it is read anew with every config
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// mailedPlans is where their papers stand.
const mailedPlans = "mailed/"

// readPlans are mailed plans that were read with the programme that runs, by list, id and text.
type readPlans struct {
	mu        sync.Mutex
	programme *Programme
	all       map[string]*plan.Discussion
}

// discussions are those of the config, and those that were mailed and started on lists that there are. Of an id that both have, the config's counts. One that
// can no longer be read, since its list is another, waits; the log says so once.
func (e *Editor) discussions(r list.Reader) ([]*plan.Discussion, error) {
	p := e.programme.Load()
	all := slices.Clone(p.Discussions)
	if p.Read == nil {
		return all, nil
	}
	for _, l := range e.Engine.Site().Lists {
		rec, err := r.List(l.Address)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		err = r.Papers(rec.ID, mailedPlans, func(name string, content []byte) error {
			var m mailedPlan
			if err := json.Unmarshal(content, &m); err != nil {
				return fmt.Errorf("digest: paper %s of %s: %w", name, l.Address, err)
			}
			if d := e.readMailed(p, l, &m); d != nil && !slices.ContainsFunc(all, func(o *plan.Discussion) bool { return o.ID == m.ID }) {
				all = append(all, d)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readMailed reads a mailed plan, once for each programme; nil: it cannot be read.
func (e *Editor) readMailed(p *Programme, l *list.List, m *mailedPlan) *plan.Discussion {
	e.mailed.mu.Lock()
	defer e.mailed.mu.Unlock()
	if e.mailed.programme != p {
		e.mailed.programme, e.mailed.all = p, map[string]*plan.Discussion{}
	}
	key := l.Address + "\x00" + m.ID + "\x00" + m.Text
	d, ok := e.mailed.all[key]
	if !ok {
		var err error
		if d, err = p.Read(l, m.ID, m.Text); err != nil {
			d = nil
			e.Log.Error("mailed plan not read", "list", l.Address, "discussion", m.ID, "error", err)
		}
		e.mailed.all[key] = d
	}
	return d
}

// freeID is an id that no discussion has, of a hashtag or a title.
func freeID(all []*plan.Discussion, d *plan.Discussion) string {
	base := slug(strings.TrimPrefix(d.Hashtag, "#"))
	if base == "" {
		base = slug(d.Title.In(d.Language))
	}
	if base == "" {
		base = "discussion"
	}
	taken := func(id string) bool {
		return slices.ContainsFunc(all, func(o *plan.Discussion) bool { return o.ID == id })
	}
	id := base
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	return id
}

// idMost is how long an id is that is made of words.
const idMost = 30

// slug is a text as an id: its letters and digits of ASCII in lower case, the rest as single hyphens.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case b.Len() >= idMost:
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
