package digest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"convene/digest/calendar"
	"convene/list"
)

// RoundupPreview is the round-up of a list as it would go out at a moment, in a language (empty: the list's), as plain text with HTML beside it. ErrNothing: there
// is no event ahead.
func (e *Editor) RoundupPreview(l *list.List, language string, at time.Time) (*list.Letter, error) {
	letter, err := e.calendar.RoundupPreview(l, language, at)
	return letter, nothing(l, err)
}

// RoundupFacts are what RoundupPreview is made from.
func (e *Editor) RoundupFacts(l *list.List, at time.Time) (*calendar.RoundupFacts, error) {
	f, err := e.calendar.RoundupFacts(l, at)
	return f, nothing(l, err)
}

// SendRoundup sends the round-up of a list now, in place of the next one. ErrNothing: there is no event ahead. ErrToldAlready: one went out, and nothing is new or changed since.
func (e *Editor) SendRoundup(ctx context.Context, l *list.List, now time.Time) error {
	e.ticking.Lock()
	defer e.ticking.Unlock()
	return nothing(l, e.calendar.SendRoundup(ctx, l, now))
}

// Export is a calendar file (RFC 5545) with all events of a list.
func (e *Editor) Export(l *list.List, now time.Time) ([]byte, error) {
	return e.calendar.Export(l, now)
}

// ErrToldAlready says that a round-up went out already, so that another one would tell nobody anything.
var ErrToldAlready = calendar.ErrToldAlready

// nothing is the calendar's word for it as this package's.
func nothing(l *list.List, err error) error {
	if errors.Is(err, calendar.ErrNothing) {
		return fmt.Errorf("digest: roundup of %s: %w", l.Address, ErrNothing)
	}
	if errors.Is(err, calendar.ErrToldAlready) {
		return fmt.Errorf("digest: roundup of %s: %w", l.Address, ErrToldAlready)
	}
	return err
}
