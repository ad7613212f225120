package message

import (
	"strings"
	"testing"
)

const editSample = "Received: one\r\n\tfolded \r\nSubject:  odd   spacing\r\nBAD LINE\r\nTo: x@y.example\r\n\r\nbody \x80\r\n"

func TestEdit(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		edit func(*Edit)
		want string
	}{
		"without changes it is the identity": {editSample, func(e *Edit) {}, editSample},
		"a field is removed and nothing else changes": {editSample, func(e *Edit) {
			e.Remove(func(name, value string) bool { return name == "Subject" && value == "odd   spacing" })
		}, "Received: one\r\n\tfolded \r\nBAD LINE\r\nTo: x@y.example\r\n\r\nbody \x80\r\n"},
		"a malformed line is removed by its empty name": {editSample, func(e *Edit) {
			e.Remove(func(name, value string) bool { return name == "" && value == "BAD LINE" })
		}, strings.Replace(editSample, "BAD LINE\r\n", "", 1)},
		"a field is replaced in its place": {editSample, func(e *Edit) { e.Replace(1, "Subject: new\r\n") }, strings.Replace(editSample, "Subject:  odd   spacing", "Subject: new", 1)},
		"an empty replacement removes":     {editSample, func(e *Edit) { e.Replace(2, "") }, strings.Replace(editSample, "BAD LINE\r\n", "", 1)},
		"a place that is not there":        {editSample, func(e *Edit) { e.Replace(-1, "A: b\r\n"); e.Replace(99, "A: b\r\n") }, editSample},
		"a replaced field can be removed": {editSample, func(e *Edit) {
			e.Replace(2, "A: b\r\n")
			e.Remove(func(name, _ string) bool { return name == "" })
		}, strings.Replace(editSample, "BAD LINE\r\n", "", 1)},
		"fields go to the top in the order of the calls": {"A: 1\r\n\r\nx", func(e *Edit) { e.Prepend("P: 1\r\n"); e.Prepend("Q: 2\r\n") }, "P: 1\r\nQ: 2\r\nA: 1\r\n\r\nx"},
		"fields go to the end of the header":             {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("P: 1\r\n"); e.Append("Q: 2\r\n") }, "A: 1\r\nP: 1\r\nQ: 2\r\n\r\nx"},
		"a message without a header gets one":            {"\r\nx", func(e *Edit) { e.Prepend("P: 1\r\n"); e.Append("Q: 2\r\n") }, "P: 1\r\nQ: 2\r\n\r\nx"},
		"an empty message gets a header":                 {"", func(e *Edit) { e.Append("Q: 2\r\n") }, "Q: 2\r\n"},
		"a header that ends within a line is ended":      {"A: 1", func(e *Edit) { e.Append("Q: 2\r\n") }, "A: 1\r\nQ: 2\r\n"},
		"a first line that continues nothing stays":      {" x\r\nA: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r\n") }, " x\r\nA: 1\r\nQ: 2\r\n\r\nx"},
		"but becomes no part of a field put before it":   {" x\r\nA: 1\r\n\r\nx", func(e *Edit) { e.Prepend("P: 1\r\n") }, "P: 1\r\nA: 1\r\n\r\nx"},
		"a missing line end is added":                    {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2") }, "A: 1\r\nQ: 2\r\n\r\nx"},
		"folding is kept":                                {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r\n 3\r\n\t4\r\n") }, "A: 1\r\nQ: 2\r\n 3\r\n\t4\r\n\r\nx"},
		"a file with LF line ends keeps them":            {"A: 1\n\nx\n", func(e *Edit) { e.Prepend("P: 1\r\n 2\r\n"); e.Append("Q: 2\r\n") }, "P: 1\n 2\nA: 1\nQ: 2\n\nx\n"},
		"a second line in a field becomes its text":      {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r\nBcc: v@v.example\r\n") }, "A: 1\r\nQ: 2 Bcc: v@v.example\r\n\r\nx"},
		"an empty line in a field becomes space":         {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r\n\r\nevil\r\n") }, "A: 1\r\nQ: 2  evil\r\n\r\nx"},
		"a line of space in a field does not end it":     {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r\n \r\n evil\r\n") }, "A: 1\r\nQ: 2  \r\n evil\r\n\r\nx"},
		"bare CR, LF and NUL become spaces":              {"A: 1\r\n\r\nx", func(e *Edit) { e.Append("Q: 2\r3\n4\x005\r\n") }, "A: 1\r\nQ: 2 3 4 5\r\n\r\nx"},
		"a field without a name is not written": {"A: 1\r\n\r\nx", func(e *Edit) {
			e.Append("evil\r\n")
			e.Prepend("\r\n\r\n")
			e.Prepend("B : c\r\n")
			e.Prepend("\r\nB: c")
		}, "A: 1\r\n\r\nx"},
	} {
		t.Run(name, func(t *testing.T) {
			e := NewEdit(Parse([]byte(c.raw)))
			c.edit(e)
			if got := string(e.Bytes()); got != c.want {
				t.Errorf("got\n%q\nwant\n%q", got, c.want)
			}
			if got := string(e.Bytes()); got != c.want {
				t.Errorf("the second time it is %q", got)
			}
		})
	}
}
