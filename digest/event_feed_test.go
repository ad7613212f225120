package digest

import (
	"strings"
	"testing"
	"time"

	"convene/list"
	"convene/list/event"
)

// The feed of a public list has no addresses of people in it, as its page has none; that of another list is its members' alone, and has them.
func TestEventPublicFeedHasNoAddresses(t *testing.T) {
	for archive, want := range map[list.Archive]bool{list.ArchivePublic: false, list.ArchiveMembers: true} {
		t.Run(string(archive), func(t *testing.T) {
			s := newStage(t, func(up *setUp) {
				alone(up)
				up.List.Archive = archive
				e := circle(up)
				e.Title, e.Where = event.Texts{"": "Circle of one.private@example.org"}, "two.private@example.org"
				e.About, e.Rule = event.Texts{"": "Ask three.private@example.org", "en": "Ask four.private@example.org"}, "FREQ=WEEKLY;COUNT=3"
				e.Changed = []event.Instance{{Of: e.Start.Add(7 * 24 * time.Hour), Where: "five.private@example.org", About: event.Texts{"": "Ask six.private@example.org"}}}
				e.Agenda = []event.Texts{{"": "seven.private@example.org tells"}}
				up.Programme.Events = []*event.Event{e}
			})
			s.tick()
			var f list.Feed
			err := s.Store.View(func(r list.Reader) (err error) { f, err = s.editor.calendar.Feed(r, s.list, s.time()); return err })
			if err != nil || !strings.Contains(string(f.Content), ".private") {
				t.Fatalf("the feed is\n%s%v", f.Content, err)
			}
			if got := strings.Contains(strings.ReplaceAll(string(f.Content), "\r\n ", ""), ".private@example.org"); got != want {
				t.Errorf("addresses are in it: %v\n%s", got, f.Content)
			}
		})
	}
}
