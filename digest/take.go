package digest

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"convene/digest/calendar"
	"convene/list"
)

// taker takes the mail to one address of the schedule.
type taker func(ctx context.Context, h *list.Handed, what about) (done string, err error)

// takers are those that there are: by the word of the address, with a - behind it where it has a token, and what the answer is about where that makes a
// difference.
func (e *Editor) takers() map[string]taker {
	return map[string]taker{
		"draft-":                 e.takeDraft,
		"plan":                   e.takeMailed,
		"plan-":                  e.takePlan,
		"rsvp-" + answerFirst:    e.takeResponder,
		"draft-" + aboutQuiet:    e.takeQuiet,
		"draft-" + aboutMorning:  e.takeMorning,
		"anonymous":              e.takeAnonymous,
		"draft-" + whatAnonymous: e.takeQuestion,
	}
}

// Take implements list.Schedule.
func (e *Editor) Take(ctx context.Context, h *list.Handed) (done string, err error) {
	if calendar.Takes(h) {
		return e.calendar.Take(ctx, h)
	}
	word, what := h.Target.Word, about{}
	if h.Secret != nil {
		word += "-"
		if err := json.Unmarshal(h.Secret.Data, &what); err != nil {
			return "", fmt.Errorf("digest: what an answer is about: %w", err)
		}
	}
	takers := e.takers()
	take, ok := takers[word+what.What]
	if !ok {
		take, ok = takers[word]
	}
	if !ok {
		return "", list.Refuse(list.NotBuilt, "That address is not in this version; write to %s", h.List.Word("owner"))
	}
	return take(ctx, h, what)
}

// Facilitators implements list.Schedule: who facilitates the discussions that run, from two weeks before they begin until two weeks behind their end or their event.
func (e *Editor) Facilitators(r list.Reader, l *list.List, now time.Time) ([]string, error) {
	affairs, err := e.affairs(r, now)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, a := range affairs {
		if a.list.Address == l.Address && a.runs(now) {
			all = append(all, a.facilitators()...)
		}
	}
	return all, nil
}

// around is how long before its beginning and behind its end a discussion is one that runs, for who asks for its facilitator.
const around = 14 * 24 * time.Hour

// runs reports whether a discussion is being prepared, or runs, or is being wound up.
func (a *affair) runs(now time.Time) bool {
	end := a.Ends(a.rows)
	if a.Event != nil && a.Event.End().After(end) {
		end = a.Event.End()
	}
	return !now.Before(a.Begins(a.rows).Add(-around)) && now.Before(end.Add(around))
}
