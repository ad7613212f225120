package archive

import (
	"strings"
	"time"
)

// filter reads what is no word; false: it is one.
func (p *queryParser) filter(q *query, t queryToken) bool {
	switch t.key {
	case "after", "before":
		day, ok := dayOf(t.text, p.zone)
		if !ok {
			return false
		}
		if t.key == "after" {
			q.after = max(minuteOf(day), 1)
		} else {
			q.before = max(minuteOf(day), 1)
		}
		return true
	case "has":
		q.has = q.has || isAttachment(t.text)
		return isAttachment(t.text)
	case "sort":
		q.newest = q.newest || strings.EqualFold(t.text, "date")
		return strings.EqualFold(t.text, "date") || strings.EqualFold(t.text, "relevance")
	}
	return false
}

// without reads what a post must not have.
func (p *queryParser) without(q *query, t queryToken) bool {
	q.hasNot = q.hasNot || isAttachment(t.text)
	return isAttachment(t.text)
}

func isAttachment(s string) bool {
	return strings.EqualFold(s, "attachment") || strings.EqualFold(s, "attachments")
}

// dayOf is a day, or the first of a month or of a year.
func dayOf(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-1-2", "2006/01/02", "2006-01", "2006"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
