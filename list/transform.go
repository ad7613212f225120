package list

import (
	"bytes"
	"strings"

	"convene/list/message"
)

// Draft is a message on its way to be sent: what arrived, the settings it goes out with, and the edits so far.
type Draft struct {
	Message *message.Message
	Style   *Style
	Form    Form
	edit    *message.Edit
	body    message.BodyChange
	notes   []string // of the step that is at work

	steps       []Step
	trial       bool // From stays as it came, to see what becomes of the author's signature then
	tried, kept bool // what came of that
}

// Form is which of its shapes a message goes out in. The zero Form is the whole message.
type Form struct {
	Light bool // text alone, for a member who wants no attachments, or none of this size
	ASCII bool // no octet over 127 in the header, for next hops without SMTPUTF8 (RFC 6531)
	// SevenBit is none in the body, for next hops without 8BITMIME (RFC 6152). What is sealed has them all the same: it may not be sent there.
	SevenBit bool
}

// Step is one change to a message. Apply looks at the draft's message, settings and form alone, so that a copy made again is the same.
type Step struct {
	Name  string
	Apply func(*Draft)
}

// Change is what one step did to the copies.
type Change struct {
	Step  string   `json:"step"`
	Notes []string `json:"notes"`
}

// Transform applies the steps in order and returns what is to be sent, and what the steps that did something say about it. What no step names
// stays as it arrived, byte for byte.
func Transform(steps []Step, raw []byte, style Style, form Form) (message.Pieces, []Change) {
	m := message.Parse(raw)
	d := &Draft{Message: m, Style: &style, Form: form, edit: message.NewEdit(m), steps: steps}
	changes := []Change{}
	for _, s := range steps {
		d.notes = nil
		if s.Apply(d); len(d.notes) > 0 {
			changes = append(changes, Change{Step: s.Name, Notes: d.notes})
		}
	}
	return d.encoded(&changes), changes
}

// encoded is the message as it now is, in the encoding of its form: of the result, since any step may have written what it read.
func (d *Draft) encoded(changes *[]Change) message.Pieces {
	out := d.edit.Pieces()
	as := func(step, note string, plain, raw []byte) {
		if len(plain) != len(raw) || !bytes.Equal(plain, raw) {
			out = message.Pieces{plain}
			*changes = append(*changes, Change{Step: step, Notes: []string{note}})
		}
	}
	if d.Form.ASCII {
		raw := out.Bytes()
		as("ascii", "encoded what only SMTPUTF8 carries", message.ASCII(raw, message.Mailbox{Name: d.Style.FromName, Addr: d.Style.List}), raw)
	}
	if d.Form.SevenBit {
		raw := out.Bytes()
		if plain, err := message.SevenBit(raw); err == nil { // the only error is that it may not be
			as("seven-bit", "encoded what only 8BITMIME carries", plain, raw)
		}
	}
	return out
}

func (d *Draft) note(text string) { d.notes = append(d.notes, text) }

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
