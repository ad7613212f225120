package main

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Bounds on what is read, so that no config file costs more than a moment.
const (
	maxConfigBytes  = 4 << 20 // of one file
	maxKeyParts     = 16      // of a dotted key
	maxSyntaxFaults = 20      // of one file
)

// tomlFile is one config file while it is read.
type tomlFile struct {
	name   string
	data   []byte
	lines  []int // offset of each line
	faults *faultList
	parser unstable.Parser
	broken bool // has a syntax error: what is missing may have been in it

	// The last place asked for: lines can be as long as the file, and places are asked for in order.
	lastLine, lastOffset, lastColumn int
}

// startsLine recognises a line where reading can go on behind a syntax error: a header, or a key and its equals sign.
var startsLine = regexp.MustCompile(`^\s*(\[\[?\s*[A-Za-z]|["']?[A-Za-z_][\w.-]*["']?\s*=)`)

// startsTable recognises a header.
var startsTable = regexp.MustCompile(`^\s*\[\[?\s*[A-Za-z]`)

// readTOML makes the tree of one file. All syntax errors are reported, each with its place; what stands behind one is read all the same.
func readTOML(name string, data []byte, faults *faultList) (root *tomlTable, broken bool) {
	data = bytes.Clone(bytes.TrimPrefix(data, []byte("\ufeff")))
	f := &tomlFile{name: name, data: data, faults: &faultList{}, lines: []int{0}, lastColumn: 1}
	for i, b := range data {
		if b == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	var syntax []Fault
	for range maxSyntaxFaults {
		f.faults.faults = nil
		var fault *Fault
		var resume int
		if root, fault, resume = f.parse(); fault == nil {
			break
		}
		syntax = append(syntax, *fault)
		f.broken = true
		if resume < 0 {
			break
		}
	}
	if !f.broken && len(f.faults.faults) == 0 {
		f.confirm()
	}
	faults.faults = append(append(faults.faults, syntax...), f.faults.faults...)
	return root, f.broken
}

// parse reads the file once. On a syntax error it blanks the expression that has it and returns the fault and the line where reading can go on, or -1.
func (f *tomlFile) parse() (*tomlTable, *Fault, int) {
	root := &tomlTable{}
	current, path, end := root, "", 0
	f.parser.Reset(f.data)
	for f.parser.NextExpression() {
		n := f.parser.Expression()
		names, stop := f.names(n)
		end = max(end, stop)
		if len(names) > maxKeyParts {
			f.faults.add(names[0].position, "a key of %d parts: nothing here has more than 3", len(names))
			continue
		}
		switch n.Kind {
		case unstable.Table:
			current, path = root.enter(names, f.faults), dotted(names)
		case unstable.ArrayTable:
			current, path = root.extend(names, f.faults), dotted(names)
		case unstable.KeyValue:
			end = max(end, int(n.Raw.Offset+n.Raw.Length))
			if v := f.value(n.Value(), f.valueStart(stop)); current != nil {
				current.set(names, v, path, f.faults)
			}
		}
		if current == nil {
			current = &tomlTable{} // the header was wrong and said so: what follows is of no table
		}
	}
	err := f.parser.Error()
	if err == nil {
		return root, nil, -1
	}
	fault, resume := f.syntaxFault(err, end)
	return root, fault, resume
}

// syntaxFault places a syntax error and blanks the expression it is in.
func (f *tomlFile) syntaxFault(err error, end int) (*Fault, int) {
	at, text := end, err.Error()
	if pe, ok := errors.AsType[*unstable.ParserError](err); ok {
		text = pe.Message
		if len(pe.Highlight) > 0 {
			at = int(f.parser.Range(pe.Highlight).Offset)
		}
	}
	p := f.at(at)
	first := f.firstLine(end)
	resume := f.resume(first, p.line-1)
	fault := &Fault{File: f.name, Line: p.line, Column: p.column, Message: syntaxText(text, f.line(first))}
	if resume >= 0 {
		for i := f.lines[first]; i < f.lines[resume]; i++ {
			if f.data[i] != '\n' {
				f.data[i] = ' '
			}
		}
	}
	return fault, resume
}

// syntaxText words a syntax error for someone who does not know TOML by heart.
func syntaxText(text, line string) string {
	switch {
	case strings.Contains(text, "start of value"), strings.Contains(text, "expected keyword"), strings.Contains(text, "expected newline but"):
		if strings.Contains(line, "=") {
			return "syntax: " + text + ` (a text stands in quotes: key = "text")`
		}
	case strings.Contains(text, "expected '='"):
		return "syntax: " + text + ` (a setting is written key = value)`
	}
	return "syntax: " + text
}

// firstLine is the line on which the expression behind offset end begins: the first that is neither blank nor a comment.
func (f *tomlFile) firstLine(end int) int {
	i := f.at(end).line - 1
	if end > 0 {
		i++
	}
	for ; i < len(f.lines)-1; i++ {
		if l := strings.TrimSpace(f.line(i)); l != "" && !strings.HasPrefix(l, "#") {
			break
		}
	}
	return min(i, len(f.lines)-1)
}

// resume finds the line behind a faulty expression where reading can go on; -1: nowhere.
func (f *tomlFile) resume(first, errLine int) int {
	text := f.line(first)
	if strings.Contains(text, `"""`) || strings.Contains(text, `'''`) {
		return -1 // the lines that follow are text, not settings
	}
	like, i := startsLine, first+1
	if startsTable.MatchString(text) && !strings.Contains(text, "=") {
		like = startsTable // the settings below belong to no table
	}
	if errLine > first {
		i = errLine
	}
	for ; i < len(f.lines); i++ {
		if like.MatchString(f.line(i)) {
			return i
		}
	}
	return -1
}

func (f *tomlFile) line(i int) string {
	end := len(f.data)
	if i+1 < len(f.lines) {
		end = f.lines[i+1]
	}
	return string(f.data[f.lines[i]:end])
}

// at is the place of an offset.
func (f *tomlFile) at(offset int) position {
	lo, hi := 0, len(f.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; f.lines[mid] <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	offset = min(offset, len(f.data))
	if lo != f.lastLine || offset < f.lastOffset || f.lastOffset < f.lines[lo] {
		f.lastLine, f.lastOffset, f.lastColumn = lo, f.lines[lo], 1
	}
	f.lastColumn += utf8.RuneCount(f.data[f.lastOffset:offset])
	f.lastOffset = offset
	return position{f.name, lo + 1, f.lastColumn}
}

// names returns the parts of an expression's key, and the offset behind the last.
func (f *tomlFile) names(n *unstable.Node) ([]keyPart, int) {
	var names []keyPart
	end := 0
	for it := n.Key(); it.Next(); {
		k := it.Node()
		names = append(names, keyPart{f.at(int(k.Raw.Offset)), string(k.Data)})
		end = int(k.Raw.Offset + k.Raw.Length)
	}
	return names, end
}

// valueStart finds where the value behind a key begins; the parser does not say so for arrays.
func (f *tomlFile) valueStart(keyEnd int) position {
	i := keyEnd
	for i < len(f.data) && strings.IndexByte(" \t=", f.data[i]) >= 0 {
		i++
	}
	return f.at(i)
}

// value makes the node of a value. at is its place where the parser does not say it.
func (f *tomlFile) value(n *unstable.Node, at position) *tomlNode {
	if n.Raw.Length > 0 {
		at = f.at(int(n.Raw.Offset))
	}
	v := &tomlNode{position: at, text: string(n.Data)}
	switch n.Kind {
	case unstable.String:
		v.kind = nodeString
	case unstable.Bool:
		v.kind = nodeBool
	case unstable.Array:
		v.kind, v.text = nodeArray, ""
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.Comment {
				v.items = append(v.items, f.value(it.Node(), at))
			}
		}
	case unstable.InlineTable:
		v.kind, v.text, v.table = nodeTable, "", &tomlTable{}
		for it := n.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				names, end := f.names(it.Node())
				v.table.set(names, f.value(it.Node().Value(), f.valueStart(end)), "", f.faults)
			}
		}
		v.table.inline = true
	default:
		f.number(v)
	}
	return v
}

// number lets the TOML library read what only it should read: numbers, dates and times.
func (f *tomlFile) number(v *tomlNode) {
	var read struct{ V any }
	if err := toml.Unmarshal([]byte("V = "+v.text), &read); err != nil {
		v.kind = nodeBroken
		f.faults.add(v.position, "syntax: %s: %s", v.text, strings.TrimPrefix(err.Error(), "toml: "))
		return
	}
	switch x := read.V.(type) {
	case int64:
		v.kind, v.num, v.float = nodeInteger, x, float64(x)
	case float64:
		v.kind, v.float = nodeFloat, x
	case toml.LocalDate:
		v.kind, v.text = nodeDate, x.String()
	case toml.LocalTime:
		v.kind = nodeTime
	default:
		v.kind = nodeMoment
	}
}

// confirm has the TOML library read the whole file, for whatever this reader let pass.
func (f *tomlFile) confirm() {
	var all map[string]any
	err := toml.Unmarshal(f.data, &all)
	if err == nil {
		return
	}
	p := position{f.name, 1, 1}
	if de, ok := errors.AsType[*toml.DecodeError](err); ok {
		p.line, p.column = de.Position()
	}
	f.faults.add(p, "syntax: %s", strings.TrimPrefix(err.Error(), "toml: "))
}
