package digest

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
)

// missedSummaries are the summaries that went out, the newest first, in the member's language where there is such an edition.
func (e *Editor) missedSummaries(a *away, zone *time.Location) (all []letter.MissedSummary, err error) {
	for _, p := range slices.Backward(a.planned) {
		if len(all) == summariesTold {
			break
		}
		if !isSummary(p.Planned) {
			continue
		}
		text, err := e.editionText(&p, cmp.Or(a.member.Language, a.Language))
		if errors.Is(err, list.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		s := letter.MissedSummary{Subject: p.Subject, At: p.Accepted.In(zone), Link: e.Engine.LinkTo(a.list, &p)}
		s.Text, s.Cut = cutText(strings.TrimSpace(text), summaryTold)
		all = append(all, s)
	}
	return all, nil
}

// isSummary reports whether the key of a row is that of a summary: "remote/weekly/1".
func isSummary(key string) bool {
	parts := strings.Split(key, "/")
	if len(parts) < 3 {
		return false
	}
	kind := plan.Kind(parts[len(parts)-2])
	return kind.Summary() || kind == plan.EventSummary
}

// editionText is the text of a planned mail in a language, or in the list's.
func (e *Editor) editionText(p *list.Post, language string) (string, error) {
	refs := []list.Ref{p.Ref}
	err := e.Engine.Store.View(func(r list.Reader) error {
		for _, id := range p.Further {
			o, err := r.Outgoing(id)
			if err == nil {
				refs = append(refs, o.Ref)
			} else if !errors.Is(err, list.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	text := ""
	for i, ref := range refs {
		raw, err := e.Engine.Store.Raw(ref)
		if err != nil {
			return "", err
		}
		m := message.Parse(raw)
		if own := strings.EqualFold(m.Get("Content-Language"), language); i == 0 || own {
			text = m.Text(textRead)
			if own {
				break
			}
		}
	}
	return text, nil
}
