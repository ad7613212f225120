package digest

import (
	"convene/digest/calendar"
	"convene/list"
)

// Events are the events of a list as they are now, the earliest first: those of the config, of plans, and those that came by mail.
func (e *Editor) Events(address string) (all []calendar.Shown, err error) {
	l, ok := e.Engine.Site().List(address)
	if !ok {
		return nil, list.ErrNotFound
	}
	err = e.Engine.Store.View(func(r list.Reader) (err error) { all, err = e.calendar.Shown(r, l, e.Engine.Now()); return err })
	return all, err
}
