package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"convene/list"
	"convene/list/event"
)

// What is said of an event beside when and where it is, its description above all, may have the link to it. So who was told hears of a change of that, too, but not of each
// keystroke: all that is changed within settles is one update, with a SEQUENCE of its own, so that no two texts ever stand under the same one (RFC 5546 §2.1.4). Who
// said no hears nothing of it.

// settles is how long the wording of an event has been another when members are told of it; in the last hurry before it they are at once.
const (
	settles = 10 * time.Minute
	hurry   = time.Hour
)

// wordingOf is the print of that: spaces make no difference. At a lunch each date has presenters of its own, who are told of by the date.
func wordingOf(e *event.Event) string {
	flat := func(t event.Texts) event.Texts {
		t = oneLineTexts(t)
		for tag, text := range t {
			if text == "" {
				delete(t, tag)
			}
		}
		return t
	}
	agenda, presenters, until := []event.Texts{}, []string{}, int64(0)
	for _, line := range e.Agenda {
		agenda = append(agenda, flat(line))
	}
	if e.Format != event.LunchAndLearn || e.Rule == "" && len(e.Extra) == 0 {
		presenters = append(presenters, namesOf(e.Presenters)...)
	}
	if !e.RegisterBy.IsZero() {
		until = e.RegisterBy.Unix()
	}
	what, err := json.Marshal([]any{flat(e.About), agenda, presenters, until, e.Places})
	if err != nil {
		panic(err) // texts and numbers
	}
	sum := sha256.Sum256(what)
	return hex.EncodeToString(sum[:8])
}

// reworded reports whether members know another wording of an event that takes place.
func (o *occasion) reworded() bool {
	return !o.Cancelled && o.reg.Told != "" && o.reg.Wording != "" && o.reg.Wording != wordingOf(o.Event)
}

// rewording is what is to be done about the wording: to note that it is another since now, or is as it was again; and once it has settled, to tell. None: nothing.
func (k *Keeper) rewording(o *occasion, now time.Time) []Duty {
	since := o.reg.Reworded
	switch {
	case o.Cancelled || o.reg.Wording != "" && !o.reworded() && since.IsZero():
		return nil
	case o.reworded() && !since.IsZero():
		at := since.Add(settles)
		switch next, ok := o.next(); {
		case ok && next.Start.Sub(now) < hurry:
			at = now
		case ok:
			at = o.awake(later(now, at), next.Start)
		}
		return []Duty{k.inviting(o, later(now, at))}
	}
	return []Duty{{At: now, Kind: kindNotice, Name: "noting the wording of " + o.ID, Do: func(_ context.Context, now time.Time) error {
		return k.change(o.list, o.ID, func(_ list.Tx, o *occasion) error {
			switch {
			case o.reg.Wording == "": // it was told by a version that did not note it
				o.reg.Wording = wordingOf(o.Event)
			case !o.reworded():
				o.reg.Reworded = time.Time{}
			case o.reg.Reworded.IsZero():
				o.reg.Reworded = now
			default:
				return ErrDone
			}
			return nil
		})
	}}}
}

// wordsAlone reports whether nothing else of an event is otherwise than members were told last.
func (o *occasion) wordsAlone() bool {
	return o.reg.Last != nil && printOf(o.reg.Last) == o.print()
}

// wordChanges are what of the wording is otherwise.
func (o *occasion) wordChanges(last *event.Event) (all []string) {
	part := func(what string, only func(e *event.Event) *event.Event) {
		if wordingOf(only(last)) != wordingOf(only(o.Event)) {
			all = append(all, what)
		}
	}
	part("about", func(e *event.Event) *event.Event { return &event.Event{About: e.About, Agenda: e.Agenda} })
	part("presenters", func(e *event.Event) *event.Event {
		return &event.Event{Presenters: e.Presenters, Format: e.Format, Rule: e.Rule, Extra: e.Extra}
	})
	part("register", func(e *event.Event) *event.Event { return &event.Event{RegisterBy: e.RegisterBy} })
	part("places", func(e *event.Event) *event.Event { return &event.Event{Places: e.Places} })
	return all
}

// saysTheSame reports whether two versions of an event differ in nothing that anybody reads.
func saysTheSame(a, b *event.Event) bool {
	return printOf(a) == printOf(b) && wordingOf(a) == wordingOf(b) && a.Format == b.Format
}

// webPattern finds links in a text.
var webPattern = regexp.MustCompile(`https?://[^\s<>"]+`)

// linksIn are the first two links in what an event is about, where its place has none: there programs put the link to a meeting.
func (o *occasion) linksIn(languages []string) (links []string) {
	if strings.Contains(o.Where, "://") {
		return nil
	}
	for _, link := range webPattern.FindAllString(o.About.In(languages...), -1) {
		if link = strings.TrimRight(link, ".,;:!?)]'"); len(links) < 2 && !slices.Contains(links, link) {
			links = append(links, link)
		}
	}
	return links
}
