package store

import (
	"bytes"

	"convene/list"
)

func putLetter(e *encoder, l *list.Letter) {
	e.str(1, l.Subject)
	e.str(2, l.Text)
	e.str(3, l.HTML)
	e.str(4, l.Language)
	e.str(5, l.Kind)
	e.str(6, l.FromName)
	e.str(7, l.Word)
	for _, a := range l.Attached {
		e.message(8, len(a.Content)+64, func(e *encoder) {
			e.str(1, a.Name)
			e.str(2, a.Media)
			e.bytes(3, a.Content)
		})
	}
	e.str(9, l.Answer)
	e.str(10, l.AnswerName)
	for _, m := range l.Enclosed {
		e.always(11, string(m))
	}
	e.bytes(12, l.Calendar)
	e.str(13, l.Method)
}

func takeLetter(d *decoder) (*list.Letter, error) {
	l := &list.Letter{}
	for d.next() {
		switch d.num {
		case 1:
			l.Subject = d.str()
		case 2:
			l.Text = d.str()
		case 3:
			l.HTML = d.str()
		case 4:
			l.Language = d.str()
		case 5:
			l.Kind = d.str()
		case 6:
			l.FromName = d.str()
		case 7:
			l.Word = d.str()
		case 8:
			a, err := takeAttached(d.sub())
			if err != nil {
				return l, err
			}
			l.Attached = append(l.Attached, a)
		case 9:
			l.Answer = d.str()
		case 10:
			l.AnswerName = d.str()
		case 11:
			l.Enclosed = append(l.Enclosed, bytes.Clone(d.bytes()))
		case 12:
			l.Calendar = bytes.Clone(d.bytes())
		case 13:
			l.Method = d.str()
		}
	}
	return l, d.err
}

func takeAttached(d *decoder) (a list.Attached, err error) {
	for d.next() {
		switch d.num {
		case 1:
			a.Name = d.str()
		case 2:
			a.Media = d.str()
		case 3:
			a.Content = bytes.Clone(d.bytes())
		}
	}
	return a, d.err
}
