package digest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"convene/digest/facts"
	"convene/list"
)

// ErrNothing says that there is nothing to tell, so that nothing goes out.
var ErrNothing = errors.New("there is nothing to tell")

// dailyRange finds what DailyPreview tells of: the posts from one number up to another.
func (e *Editor) dailyRange(l *list.List, at time.Time) (rec list.Record, state *dailies, from, until uint32, err error) {
	err = e.Engine.Store.View(func(r list.Reader) (err error) {
		if rec, err = r.List(l.Address); err != nil {
			return err
		}
		if state, err = readDailies(r, rec, listHour); err != nil {
			return err
		}
		if from, err = e.firstUntold(r, l, rec, at); err != nil {
			return err
		}
		until, err = cut(r, rec, from, at)
		return err
	})
	return rec, state, from, until, err
}

// DailyPreview is the digest of the list's own hour as it would go out at a moment, in a language (empty: the list's), as plain text with HTML beside it: of what
// its readers were not told. Where nobody reads it, of the last day. ErrNothing: there was no post.
func (e *Editor) DailyPreview(l *list.List, language string, at time.Time) (*list.Letter, error) {
	rec, state, from, until, err := e.dailyRange(l, at)
	if err != nil {
		return nil, err
	}
	s, err := e.readShelf(l, rec, from, until)
	if err != nil {
		return nil, err
	}
	if len(s.posts) == 0 {
		return nil, fmt.Errorf("digest: daily of %s: %w", l.Address, ErrNothing)
	}
	state.Last = at
	state.next(at.In(zoneOf(l)))
	tag := e.programme.Load().Book.Language("digest", []string{language, l.Language})
	return e.writeEdition(l, s, &edition{language: tag, form: formHTML, posts: s.posts}, state, zoneOf(l))
}

// DailyFacts are the facts of the posts that DailyPreview tells of. ErrNothing: there was no post.
func (e *Editor) DailyFacts(l *list.List, at time.Time) (*facts.Facts, error) {
	rec, _, from, until, err := e.dailyRange(l, at)
	if err != nil {
		return nil, err
	}
	a := wholeList(l, rec)
	var all []found
	err = e.Engine.Store.View(func(r list.Reader) error {
		return r.Posts(rec.ID, from, func(p list.Post) error {
			if p.Number > until {
				return list.ErrStop
			}
			if !tellable(&p) {
				return nil
			}
			f, err := a.about(r, p)
			all = append(all, f)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	posts, err := e.readAll(a, all)
	if err != nil {
		return nil, err
	}
	if len(posts) == 0 {
		return nil, fmt.Errorf("digest: daily of %s: %w", l.Address, ErrNothing)
	}
	for i := range posts {
		posts[i].Facilitator = false // what they said counts here as what anybody said
	}
	return e.facts(a, posts, posts[0].At, at), nil
}

// firstUntold is the first post that the readers of the list's own hour were not told of; where there are none, the first of the last day.
func (e *Editor) firstUntold(r list.Reader, l *list.List, rec list.Record, at time.Time) (first uint32, err error) {
	groups, _, err := e.readerships(r, l, rec)
	if err != nil {
		return 0, err
	}
	if n := slices.IndexFunc(groups, func(g *readership) bool { return g.key == listHour }); n >= 0 {
		return groups[n].behind() + 1, nil
	}
	first = rec.Posts + 1
	for n := rec.Posts; n > 0; n-- {
		p, err := r.Post(rec.ID, n)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return 0, err
		}
		if p.Came().Before(at.Add(-24 * time.Hour)) {
			break
		}
		first = n
	}
	return first, nil
}

// SendDaily sends the digests of a list that are not empty now, of every hour, ahead of their time; what comes until then is in the next. ErrNothing: all are
// empty.
func (e *Editor) SendDaily(ctx context.Context, l *list.List, now time.Time) error {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	var rec list.Record
	var due []*readership
	err := e.Engine.Store.View(func(r list.Reader) (err error) {
		if rec, err = r.List(l.Address); err != nil {
			return err
		}
		groups, _, err := e.readerships(r, l, rec)
		for _, g := range groups {
			if _, ok, failed := g.due(r, rec); failed != nil {
				return failed
			} else if ok {
				due = append(due, g)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(due) == 0 {
		return fmt.Errorf("digest: daily of %s: %w", l.Address, ErrNothing)
	}
	for _, g := range due {
		if err := e.sendDaily(ctx, l, rec, g, now, true); err != nil && !errors.Is(err, errDone) {
			return err
		}
	}
	return nil
}
