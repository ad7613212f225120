package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// position is a place in a config file. Lines and columns count from 1, columns in characters.
type position struct {
	file         string
	line, column int
}

func (p position) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// Fault is one thing that is wrong in a config file, told to the person who wrote it.
type Fault struct {
	File         string // as named on the command line, or as the include found it
	Line, Column int    // from 1; zero when the file could not be read at all
	Message      string
}

// String returns file:line:column: message.
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// faultList collects the faults of one run.
type faultList struct{ faults []Fault }

func (l *faultList) add(p position, format string, args ...any) {
	l.faults = append(l.faults, Fault{File: p.file, Line: p.line, Column: p.column, Message: fmt.Sprintf(format, args...)})
}

// sorted returns the faults by file, line and column, each once.
func (l *faultList) sorted() []Fault {
	slices.SortStableFunc(l.faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.faults)
}

// reportFaults writes faults one a line.
func reportFaults(w io.Writer, faults []Fault) {
	for _, f := range faults {
		fmt.Fprintln(w, f)
	}
}
