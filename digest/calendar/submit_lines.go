package calendar

import (
	"context"
	"errors"

	"convene/list"
	"convene/list/event"
)

// readLines takes an event that stands in the mail as lines.
func (k *Keeper) readLines(_ context.Context, h *list.Handed) (done string, taken bool, err error) {
	text, _ := h.Message.Written()
	now := k.Engine.Now()
	e, err := event.ReadLines(text, zoneOf(h.List), now)
	faults, bad := errors.AsType[event.Faults](err)
	if bad && !hasLine(faults) {
		return "", false, nil // it has no line of an event at all
	}
	done, err = k.takeIn(h, func(t *intake) error {
		if bad {
			t.faults = faults
			return nil
		}
		return t.offer(e)
	})
	return done, true, err
}

// hasLine reports whether a mail that is no event was meant to be one: of its lines at least one is there.
func hasLine(faults event.Faults) bool {
	missing := 0
	for _, f := range faults {
		if f.Kind == event.MissingLine {
			missing++
		}
	}
	return missing < 2
}
