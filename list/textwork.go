package list

import (
	"errors"
	"fmt"
	"sync"
	"text/template"
	"text/template/parse"
)

// What making one text may cost, whatever its template says: a text is written while others wait. The notices that are built in stay far below.
const (
	maxText  = 1 << 20   // octets that it has
	maxPiece = 256 << 10 // octets that go into a function or come out of it
	// maxWork is what all its steps and functions cost: stepCost for each, and an octet more for each octet that they handle.
	maxWork  = 8 << 20
	stepCost = 128
	// trialWork is what it may cost on the values that it is tried on, which are short.
	trialWork = maxWork / 16
)

var (
	errTextWork = errors.New("the text takes too long to write")
	errTextSize = fmt.Errorf("the text becomes longer than %d octets", maxText)
	errPiece    = fmt.Errorf("a function takes or makes more than %d octets", maxPiece)
)

// textSet is the texts of one language.
type textSet struct {
	*template.Template
	work *textWork
}

// textWork counts what the text that is written now has cost. One is written at a time.
type textWork struct {
	mu   sync.Mutex
	left int
}

func newTextSet(language string) *textSet {
	work := &textWork{}
	return &textSet{template.New("").Funcs(textFuncs(language, work)).Option("missingkey=error"), work}
}

func (w *textWork) spend(octets int) error {
	if w.left -= stepCost + octets; w.left < 0 {
		return errTextWork
	}
	return nil
}

// step is what stands before every step of a text that writes nothing: see meter.
func (w *textWork) step() (string, error) { return "", w.spend(0) }

// take counts what goes into a function.
func (w *textWork) take(args ...string) error {
	n := 0
	for _, a := range args {
		n += len(a)
	}
	if n > maxPiece {
		return errPiece
	}
	return w.spend(n)
}

// text is what a function makes of its arguments.
func (w *textWork) text(make func() string, args ...string) (string, error) {
	if err := w.take(args...); err != nil {
		return "", err
	}
	s := make()
	if err := w.take(s); err != nil {
		return "", err
	}
	return s, nil
}

// pieces are what a function takes its argument apart into.
func (w *textWork) pieces(apart func(string) []string, s string) ([]string, error) {
	if err := w.take(s); err != nil {
		return nil, err
	}
	return apart(s), nil
}

// textBuffer takes what a template writes.
type textBuffer struct {
	made []byte
	work *textWork
}

func (b *textBuffer) Write(p []byte) (int, error) {
	if len(b.made)+len(p) > maxText {
		return 0, errTextSize
	}
	if err := b.work.spend(len(p)); err != nil {
		return 0, err
	}
	b.made = append(b.made, p...)
	return len(p), nil
}

// run writes one block. The error is a *TextFault with its place.
func (s *textSet) run(language, block string, data any, work int) (string, error) {
	s.work.mu.Lock()
	defer s.work.mu.Unlock()
	s.work.left = work
	b := textBuffer{work: s.work}
	err := s.ExecuteTemplate(&b, block, data)
	if err == nil {
		return string(b.made), nil
	}
	one := s.Lookup(block)
	if one == nil {
		return "", &TextFault{File: language + ".tmpl", Message: err.Error()}
	}
	if fault := textFault(one.ParseName, err); fault.Line > 0 {
		return "", fault
	}
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return "", blockFault(language, one, block+": "+err.Error())
}

// stepFunc is the name of textWork.step in a template. Texts cannot name it: it is none of textWords.
const stepFunc = "step"

// meter puts a step before all in a set that may write nothing, so that nothing can be repeated without being counted.
func (s *textSet) meter() {
	for _, one := range s.Templates() {
		if one.Tree != nil && one.Root != nil {
			meterList(one.Root)
		}
	}
}

func meterList(l *parse.ListNode) {
	if l == nil {
		return
	}
	nodes := make([]parse.Node, 0, 2*len(l.Nodes))
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode: // writes
			nodes = append(nodes, n)
			continue
		case *parse.IfNode:
			meterList(n.List)
			meterList(n.ElseList)
		case *parse.WithNode:
			meterList(n.List)
			meterList(n.ElseList)
		case *parse.RangeNode:
			n.List.Nodes = append([]parse.Node{stepNode(n)}, n.List.Nodes...)
			meterList(n.List)
			meterList(n.ElseList)
		}
		nodes = append(nodes, stepNode(n), n)
	}
	l.Nodes = nodes
}

// stepNode is a step at the place of another node.
func stepNode(at parse.Node) parse.Node {
	pos := at.Position()
	name := parse.NewIdentifier(stepFunc).SetPos(pos)
	command := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{name}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{command}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: pos, Pipe: pipe}
}
