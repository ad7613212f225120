package calendar

import (
	"context"
	"errors"
	"mime"
	"path"
	"regexp"
	"slices"
	"strings"

	"convene/list"
	"convene/list/event"
	"convene/list/message"
)

// readUnread tells who meant to add an event that nothing was taken, and why: a file that only its name says to be an invitation (RFC 6047 §2.6 goes by the Content-Type
// alone), an invitation within a mail that is forwarded, which is somebody else's, and lines that are quoted.
func (k *Keeper) readUnread(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	f := k.unread(h)
	if f == nil {
		return "", false, nil
	}
	done, err = k.takeIn(h, func(t *intake) error {
		t.faults = event.Faults{f}
		return nil
	})
	return done, true, err
}

// unread is why a mail with an event in it is none; nil: it has none.
func (k *Keeper) unread(h *list.Handed) *event.Fault {
	for _, p := range h.Message.Parts() {
		switch name := fileName(p); {
		case !p.Leaf:
		case p.Enclosed && (p.Media == "text/calendar" || p.Media == "application/ics"):
			return &event.Fault{Kind: event.Forwarded}
		case !p.Enclosed && slices.Contains([]string{".ics", ".ical", ".ifb", ".vcs"}, strings.ToLower(path.Ext(name))):
			return &event.Fault{Kind: event.NotMarked, Text: name}
		case !p.Enclosed && p.Media == "text/x-vcalendar":
			return &event.Fault{Kind: event.NotMarked, Text: p.Media}
		}
	}
	if h.Message.Get("In-Reply-To") != "" { // a mail of ours may be quoted, which says what lines look like
		return nil
	}
	text := quoteMarks.ReplaceAllString(h.Message.Text(objectSize), "")
	_, err := event.ReadLines(text, zoneOf(h.List), k.Engine.Now())
	if faults, bad := errors.AsType[event.Faults](err); bad && slices.ContainsFunc(faults, func(f *event.Fault) bool { return f.Kind == event.MissingLine }) {
		return nil
	}
	return &event.Fault{Kind: event.Quoted}
}

// quoteMarks are what stands before a line that is quoted.
var quoteMarks = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]*)+`)

// fileName is what a part is called; empty: nothing.
func fileName(p message.Part) string {
	if _, params, err := mime.ParseMediaType(p.Fields.Get("Content-Disposition")); err == nil && !p.Whole && params["filename"] != "" {
		return params["filename"]
	}
	return p.Params["name"]
}
