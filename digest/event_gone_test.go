package digest

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// An event that is gone from the config while people are invited to it is named in the log, with how many come; one that is over or was never told of is not.
func TestEventGoneFromTheConfig(t *testing.T) {
	s := newStage(t, func(up *setUp) { alone(up); up.Programme.Events = append(up.Programme.Events, circle(up)) })
	var log bytes.Buffer
	s.editor.Log = slog.New(slog.NewTextHandler(&log, nil))
	warned := func(step string, want bool) {
		t.Helper()
		log.Reset()
		s.editor.WarnStranded()
		if got := strings.Contains(log.String(), "event=circle") && strings.Contains(log.String(), "yes=1"); got != want || !want && log.Len() > 0 {
			t.Errorf("%s: %s", step, log.String())
		}
	}
	e := s.editor.programme.Load().Events[0]
	s.reconfigure()
	warned("nobody was invited", false)
	s.reconfigure(e)
	s.advance("2026-03-10 15:01")
	s.say(s.last(member(1), "invitation"), member(1), "yes")
	warned("it is there", false)
	s.reconfigure()
	warned("it is gone", true)
	s.advance("2026-03-25 12:00")
	warned("it is over", false)
}
