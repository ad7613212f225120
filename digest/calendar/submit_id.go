package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"convene/list"
	"convene/list/event"
)

// oneLineTexts are texts without line breaks: a title stands in subjects.
func oneLineTexts(all event.Texts) event.Texts {
	one := event.Texts{}
	for tag, text := range all {
		one[tag] = strings.Join(strings.Fields(text), " ")
	}
	return one
}

// invitedSubject is what calendar programs put before the title of an event, in the subject of its invitation.
var invitedSubject = regexp.MustCompile(`(?i)^(?:(?:re|fwd?|tr|rv|invitation|updated invitation|invitación|événement|event)\s*:\s*)+`)

// bareTitle is the title of an event that has none but its mail's subject.
func bareTitle(subject string) string {
	return strings.Join(strings.Fields(invitedSubject.ReplaceAllString(subject, "")), " ")
}

// idMost is how long an id is that is made of a title.
const idMost = 24

// freeID is an id that no event of any list has, of a title: an id alone says which event is meant at the command line. It ends in a full stop and a number: no id of the config or of a plan has a full stop, so that none that is written there
// later is that of an event that came by mail; and a word alone might stand in an answer without meaning the event.
func (t *intake) freeID(title string) (string, error) {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(title)) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case r >= 0x300 && r < 0x370: // the accent of the letter before
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String(), "-")
	if len(base) > idMost {
		base = base[:idMost]
		if i := strings.LastIndexByte(base, '-'); i > idMost/2 {
			base = base[:i]
		}
		base = strings.Trim(base, "-")
	}
	base = cmp.Or(base, "event")
	for n := 1; ; n++ {
		id := fmt.Sprintf("%s.%d", base, n)
		if taken, err := t.taken(id); err != nil || !taken {
			return id, err
		}
	}
}

// taken reports whether an event has an id, or had it.
func (t *intake) taken(id string) (taken bool, err error) {
	if slices.ContainsFunc(t.occasions, func(o *occasion) bool { return strings.EqualFold(o.ID, id) }) {
		return true, nil
	}
	err = t.tx.Lists(func(rec list.Record) error {
		_, err := t.tx.Paper(rec.ID, papers+id)
		if errors.Is(err, list.ErrNotFound) {
			return nil
		}
		taken = taken || err == nil
		return err
	})
	return taken, err
}
