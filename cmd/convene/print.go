package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"
)

// printJSON prints a value; what is empty is [] or {}, never null.
func (c *cli) printJSON(v any) error {
	e := json.NewEncoder(c.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// table prints rows under a head, in columns.
func (c *cli) table(head []string, rows [][]string) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(head, "\t"))
	for _, r := range rows {
		for i := range r {
			r[i] = printable(r[i])
		}
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	return w.Flush()
}

// stream prints rows one after the other, however many there are: as a JSON array, or as lines of columns with widths of their own. end must be
// called after the last.
func (c *cli) stream(head []string, widths []int) (row func(v any, columns ...string) error, end func() error) {
	out := bufio.NewWriterSize(c.out, 32<<10)
	line := func(columns []string) {
		for i, s := range columns {
			if i > 0 {
				out.WriteString("  ")
			}
			s = printable(s)
			out.WriteString(s)
			if i < len(columns)-1 {
				for n := utf8.RuneCountInString(s); n < widths[i]; n++ {
					out.WriteByte(' ')
				}
			}
		}
		out.WriteByte('\n')
	}
	if c.json {
		first := true
		row = func(v any, _ ...string) error {
			b, err := json.Marshal(v)
			if err != nil {
				return err
			}
			if first {
				out.WriteString("[\n  ")
			} else {
				out.WriteString(",\n  ")
			}
			first = false
			_, err = out.Write(b)
			return err
		}
		return row, func() error {
			if first {
				out.WriteString("[]\n")
			} else {
				out.WriteString("\n]\n")
			}
			return out.Flush()
		}
	}
	line(head)
	return func(_ any, columns ...string) error {
		line(columns)
		// An error of the writer stays with it; looking for room finds out whether the reader is gone.
		_, err := out.Write(nil)
		return err
	}, out.Flush
}

// pairs prints a name and a value a line.
func (c *cli) pairs(rows ...[2]string) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\n", r[0], printable(r[1]))
	}
	return w.Flush()
}

// printable keeps what a stranger wrote from steering the admin's terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// stamp is a time in JSON: RFC 3339, or null when there is none.
type stamp time.Time

// MarshalJSON writes the time.
func (s stamp) MarshalJSON() ([]byte, error) {
	if time.Time(s).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(s).UTC().Format(time.RFC3339))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

var _ io.Writer = frameWriter{}
