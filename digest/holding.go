package digest

import (
	"errors"
	"strings"
	"time"

	"convene/list"
)

// Holding implements list.Schedule. While a discussion runs, what is held of its topics is told of once an hour, and at once where somebody wrote it who
// said that they would answer first: nothing is worse than to be asked, to write, and to wait.
func (e *Editor) Holding(r list.Reader, l *list.List, from string, topic uint32, subject string, now time.Time) (list.Holding, error) {
	affairs, err := e.affairs(r, now)
	if err != nil {
		return list.HoldingAsEver, err
	}
	how := list.HoldingAsEver
	for _, a := range affairs {
		if a.list.Address != l.Address || !a.runs(now) {
			continue
		}
		if a.promised(from) {
			return list.HoldingAtOnce, nil
		}
		of, err := a.holds(r, topic, subject)
		if err != nil {
			return how, err
		}
		if of {
			how = list.HoldingBundled
		}
	}
	return how, nil
}

// promised reports whether somebody said that they would answer first.
func (a *affair) promised(address string) bool {
	for key, s := range a.course.Responders {
		_, who, _ := strings.Cut(key, " ")
		if s.Said == "yes" && list.SameAddress(who, address) {
			return true
		}
	}
	return false
}

// holds reports whether a post would be one of the discussion's: in a topic that a planned mail opened, or that has its hashtag, or that it opens itself with it.
func (a *affair) holds(r list.Reader, topic uint32, subject string) (bool, error) {
	if topic == 0 {
		return a.Hashtag != "" && hasTag(subject, a.Hashtag), nil
	}
	for _, s := range a.course.Rows {
		if s.Post == 0 {
			continue
		}
		p, err := r.Post(a.rec.ID, s.Post)
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil || p.Topic == topic {
			return err == nil, err
		}
	}
	return a.tagged(r, topic)
}
