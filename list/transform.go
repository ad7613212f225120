package list

import (
	"strings"

	"convene/list/message"
)

// Draft is a message on its way to be sent: what arrived, the settings it goes out with, and the edits so far.
type Draft struct {
	Message *message.Message
	Style   *Style
	edit    *message.Edit
	// Notes say what was changed, for explain: one line for each change.
	Notes []string
}

// Step is one change to a message. Apply looks at the draft's message and settings alone, so that a copy made again is the same.
type Step struct {
	Name  string
	Apply func(*Draft)
}

// Transform applies the steps in order and returns the bytes to be sent. What no step names stays as it arrived, byte for byte.
func Transform(steps []Step, raw []byte, style Style) ([]byte, []string) {
	m := message.Parse(raw)
	d := &Draft{Message: m, Style: &style, edit: message.NewEdit(m)}
	for _, s := range steps {
		s.Apply(d)
	}
	return d.edit.Bytes(), d.Notes
}

func (d *Draft) note(text string) { d.Notes = append(d.Notes, text) }

// remove takes out every field of these names, which are in lower case.
func (d *Draft) remove(names ...string) {
	var gone []string
	d.edit.Remove(func(name, _ string) bool {
		name = strings.ToLower(name)
		for _, n := range names {
			if n == name {
				gone = append(gone, name)
				return true
			}
		}
		return false
	})
	if len(gone) > 0 {
		d.note("removed " + strings.Join(gone, ", "))
	}
}

// set makes field the only one of its name, in the place of the first; without one it is appended.
func (d *Draft) set(name, field string) {
	done := false
	for i, f := range d.Message.Fields {
		if strings.EqualFold(f.Name, name) {
			d.edit.Replace(i, field)
			done = true
			break
		}
	}
	if !done {
		d.edit.Append(field)
	}
	d.note("set " + strings.TrimRight(field, "\r\n"))
}
