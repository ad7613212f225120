package digest

import "convene/digest/letter"

// proposals are the events that members mailed and that wait for a moderator. Those that a note has named before are in one line, and are no reason for another note, like
// held posts: who decides is asked again by itself.
func (w *noteWork) proposals() error {
	zone := w.a.Calendar.Location
	all, err := w.e.calendar.Proposals(w.r, w.a.list, w.a.rec, zone, w.now)
	if err != nil {
		return err
	}
	for _, p := range all {
		one := letter.MorningEvent{Title: p.Title, At: p.At, AllDay: p.AllDay, Name: p.By, Since: p.Since.In(zone), Changes: p.Changes}
		if !w.new(p.Since) {
			w.note.KnownEvents = append(w.note.KnownEvents, one)
			continue
		}
		w.note.Events = append(w.note.Events, one)
		w.something, w.beyond = true, true
	}
	return nil
}
