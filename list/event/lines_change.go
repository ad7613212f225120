package event

import "time"

// ReadChange is an event with what lines of a mail say anew of it: those of ReadLines, of which none has to be there. What they do not name stays as it is. It is a new
// value; e does not change. Who moves a series moves all of it: dates of it that were otherwise are as the rest then. What it is about is what stands behind
// "About:" alone: words below the lines are talk here.
//
// An error is of type Faults; without a line that says something it is that there is none.
func ReadChange(text string, e *Event, now time.Time) (*Event, error) {
	r := &lineReader{e: &Event{Format: Meeting, Start: e.Start}, zone: e.Start.Location(), now: now, values: map[string]line{}}
	r.split(text)
	r.read()
	if len(r.values) == 0 && len(r.presenters) == 0 && !r.labelled {
		r.fault(0, MissingLine, "When:")
	}
	for name, l := range r.values {
		if l.text == "" && (name == "Title:" || name == "When:") {
			r.fault(l.n, EmptyLine, name)
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	c, says := *e, func(name string) bool { _, ok := r.values[name]; return ok }
	if says("Title:") {
		c.Title = r.e.Title
	}
	if says("When:") {
		c.Start, c.AllDay, c.Floating, c.Except, c.Extra, c.Changed = r.e.Start, false, false, nil, nil, nil
		if !c.RegisterBy.IsZero() {
			c.RegisterBy = c.RegisterBy.Add(c.Start.Sub(e.Start))
		}
	}
	if says("Minutes:") || r.until || says("When:") && e.AllDay {
		c.Length = r.e.Length
	}
	if says("Where:") {
		c.Where = r.e.Where
	}
	if says("Format:") {
		c.Format = r.e.Format
	}
	if says("Places:") {
		c.Places = r.e.Places
	}
	if says("Repeat:") {
		c.Rule = r.e.Rule
	}
	if says("Register by:") {
		c.RegisterBy = r.e.RegisterBy
	}
	if len(r.presenters) > 0 {
		c.Presenters = r.e.Presenters
	}
	if r.labelled && r.e.About[""] != "" {
		c.About = r.e.About
	}
	return &c, nil
}

// When is the time of the event as the line of a mail has it, which ReadLines and ReadChange read: for who changes it. Of whole days there is no such line: it is empty.
func (e *Event) When() string {
	if e.AllDay {
		return ""
	}
	when := e.Start.Format("2006-01-02 15:04")
	if e.Length > 0 && e.Length < 24*time.Hour {
		when += "-" + e.End().In(e.Start.Location()).Format("15:04")
	}
	if name := e.Start.Location().String(); !e.Floating && name != "Local" {
		when += " " + name
	}
	return when
}
