package list

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

const (
	maxLoops  = 3  // ranges one within the other, through blocks that are called, as in the text "failures"
	maxWords  = 48 // of one action
	maxFaults = 20 // that are told of one language
)

// textWords are the functions that texts may use. What is not here can make long text of short, or writes for HTML and the like.
var textWords = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice", "printf",
	"date", "datetime", "indent", "quote", "lines", "columns", "column", "mailto", "plural"}

// textRules looks whether what a site wrote itself keeps to what texts may do. It runs nothing.
type textRules struct {
	language string
	set      *textSet
	built    map[string]*parse.Tree // what was there before
	tree     *parse.Tree            // that is looked at
	varied   bool                   // the dot is something of a variable there
	loops    map[string]int         // of each block by itself, and later with what it calls
	calls    map[string][]textCall
	stack    []textStep
	faults   []error
}

// trees are the blocks of a set by name.
func (s *textSet) trees() map[string]*parse.Tree {
	all := map[string]*parse.Tree{}
	for _, one := range s.Templates() {
		all[one.Name()] = one.Tree
	}
	return all
}

// keepRules reports what in the blocks of a set that are not built in is against the rules.
func keepRules(language string, set *textSet, built map[string]*parse.Tree) error {
	r := &textRules{language: language, set: set, built: built, loops: map[string]int{}, calls: map[string][]textCall{}}
	trees := set.trees()
	names := slices.Sorted(maps.Keys(trees))
	for _, name := range names {
		if r.tree = trees[name]; r.tree != nil {
			r.list(r.tree.Root, 0)
		}
	}
	seen := map[string]bool{}
	for _, name := range names {
		r.follow(name, seen)
	}
	return errors.Join(r.faults...)
}

// own reports whether a block is the site's.
func (r *textRules) own(name string) bool {
	one := r.set.Lookup(name)
	return one != nil && one.Tree != nil && r.built[name] != one.Tree
}

// fault reports what is wrong at a node of the block name, unless that is built in.
func (r *textRules) fault(name string, at parse.Node, format string, args ...any) {
	if len(r.faults) == maxFaults || !r.own(name) {
		return
	}
	one := r.set.Lookup(name)
	where, _ := one.ErrorContext(at)
	r.faults = append(r.faults, textFault(one.ParseName, fmt.Errorf("template: %s: %s", where, fmt.Sprintf(format, args...))))
}

func (r *textRules) list(l *parse.ListNode, loops int) {
	if l == nil {
		return
	}
	name := r.tree.Name
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			r.action(n.Pipe)
		case *parse.IfNode:
			r.branch(&n.BranchNode, loops, loops)
		case *parse.WithNode:
			r.branch(&n.BranchNode, loops, loops)
		case *parse.RangeNode:
			if !rangesOverData(n.Pipe) {
				r.fault(name, n, "range goes over what there is, as in range lines .Values.reason, and not over a number or what a function makes")
			}
			if loops == maxLoops {
				r.fault(name, n, "%d ranges one within the other; there may be %d", loops+1, maxLoops)
				return // once for a block
			}
			r.loops[name] = max(r.loops[name], loops+1)
			r.branch(&n.BranchNode, loops+1, loops)
		case *parse.TemplateNode:
			if n.Pipe != nil {
				r.action(n.Pipe)
			}
			r.calls[name] = append(r.calls[name], textCall{n, loops})
		}
	}
}

func (r *textRules) branch(b *parse.BranchNode, loops, otherwise int) {
	r.action(b.Pipe)
	varied := r.varied
	if b.NodeType != parse.NodeIf {
		r.varied = r.varies(b.Pipe)
	}
	r.list(b.List, loops)
	r.varied = varied
	r.list(b.ElseList, otherwise)
}

// rangesOverData reports whether a range goes over a field, or over the lines or columns of a text.
func rangesOverData(p *parse.PipeNode) bool {
	if len(p.Cmds) == 0 {
		return false
	}
	switch first := p.Cmds[len(p.Cmds)-1].Args[0].(type) {
	case *parse.DotNode, *parse.FieldNode, *parse.VariableNode:
		return true
	case *parse.IdentifierNode:
		return first.Ident == "lines" || first.Ident == "columns"
	}
	return false
}

// action looks at what stands between braces.
func (r *textRules) action(p *parse.PipeNode) {
	if words := r.pipe(p); words > maxWords {
		r.fault(r.tree.Name, p, "%d words in one action; there may be %d", words, maxWords)
	}
}

// pipe returns how many words it has.
func (r *textRules) pipe(p *parse.PipeNode) (words int) {
	if p.IsAssign && r.varies(p) {
		r.fault(r.tree.Name, p, "%s makes a variable of a variable, by which a text may grow without end", p)
	}
	for _, v := range p.Decl {
		if _, number := lastWord(p).(*parse.NumberNode); number {
			r.fault(r.tree.Name, p, "the variable %s holds a number, of which a text has no need", v)
		}
	}
	for _, c := range p.Cmds {
		for i, arg := range c.Args {
			words++
			for chain, ok := arg.(*parse.ChainNode); ok; chain, ok = arg.(*parse.ChainNode) {
				arg = chain.Node
			}
			switch arg := arg.(type) {
			case *parse.PipeNode:
				words += r.pipe(arg)
			case *parse.IdentifierNode:
				r.word(arg, c, i)
			}
		}
	}
	return words
}

// varies reports whether a pipeline names a variable, or may do so by the dot.
func (r *textRules) varies(p *parse.PipeNode) bool {
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			for chain, ok := arg.(*parse.ChainNode); ok; chain, ok = arg.(*parse.ChainNode) {
				arg = chain.Node
			}
			switch arg := arg.(type) {
			case *parse.VariableNode:
				if arg.Ident[0] != "$" {
					return true
				}
			case *parse.DotNode, *parse.FieldNode:
				if r.varied {
					return true
				}
			case *parse.PipeNode:
				if r.varies(arg) {
					return true
				}
			}
		}
	}
	return false
}

// lastWord is what a pipeline of one word is, within whatever parentheses.
func lastWord(p *parse.PipeNode) parse.Node {
	for len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 {
		inner, ok := p.Cmds[0].Args[0].(*parse.PipeNode)
		if !ok {
			return p.Cmds[0].Args[0]
		}
		p = inner
	}
	return nil
}

// word looks at the name of a function, the n-th word of a command.
func (r *textRules) word(w *parse.IdentifierNode, c *parse.CommandNode, n int) {
	if !slices.Contains(textWords, w.Ident) {
		r.fault(r.tree.Name, w, "%s is not for texts; there are %s", w.Ident, strings.Join(textWords, ", "))
		return
	}
	if w.Ident != "printf" {
		return
	}
	if n == 0 && len(c.Args) > 1 {
		if format, ok := c.Args[1].(*parse.StringNode); ok && plainFormat(format.Text) {
			return
		}
	}
	r.fault(r.tree.Name, w, `printf is for putting texts together: behind it stands a text in quotation marks with %%s in it, and no other verb, as in printf "approve %%s" .Name`)
}

// plainFormat reports whether a format has no verbs but %s and %%, which make no more of what they are given.
func plainFormat(format string) bool {
	return !strings.Contains(strings.NewReplacer("%%", "", "%s", "").Replace(format), "%")
}
