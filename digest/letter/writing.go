package letter

import (
	"bytes"
	"errors"
	"fmt"
	"text/template"
)

// What making one text may cost, whatever its template says. The texts that are built in stay far below.
const (
	maxWork    = 20000       // steps
	trialWork  = maxWork / 8 // on the samples that it is tried on, which are short
	maxWritten = 256 << 10   // octets of Markdown
	maxForeign = 32 << 10    // octets of Markdown that somebody wrote
)

var (
	errWork    = errors.New("the text takes too long to write")
	errWritten = fmt.Errorf("the text becomes longer than %d octets", maxWritten)
)

// writing is what one mail is written with.
type writing struct {
	language  string
	languages []string // in which what has several is said, the first that there is
	left      int      // steps
	foreign   []string // Markdown that stands by itself: see mark
	marked    int      // octets of it
}

// run executes a template with the functions of this writing.
func (w *writing) run(t *template.Template, funcs template.FuncMap, data any) (string, error) {
	own, err := t.Clone() // its functions are those of whoever writes: several write at once
	if err != nil {
		return "", err
	}
	b := &limited{}
	if err := own.Funcs(funcs).Execute(b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}

// step counts one step.
func (w *writing) step() (markdown, error) {
	if w.left--; w.left < 0 {
		return "", errWork
	}
	return "", nil
}

// limited takes what a template writes.
type limited struct{ bytes.Buffer }

func (b *limited) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxWritten {
		return 0, errWritten
	}
	return b.Buffer.Write(p)
}
