package letter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// Names of the two functions that guard puts into texts. Nobody can write them there: they are in none of the names that texts may use.
const (
	escapeFunc = "_escape"
	stepFunc   = "_step"
)

// builtWords are the functions of text/template that texts may use. What is not here can make long text of short, or writes for HTML and the like.
var builtWords = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len", "index", "slice"}

// guard puts an escape behind everything that a text says of its data, so that none has to think of it, and a step that is counted before everything that
// may be repeated. It reports the functions that are not for texts.
func guard(tree *parse.Tree, funcs template.FuncMap) []error {
	g := &guarding{tree: tree, funcs: funcs}
	g.list(tree.Root)
	return g.faults
}

type guarding struct {
	tree   *parse.Tree
	funcs  template.FuncMap
	faults []error
}

func (g *guarding) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	nodes := make([]parse.Node, 0, len(l.Nodes))
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			g.pipe(n.Pipe)
			if len(n.Pipe.Decl) == 0 {
				n.Pipe.Cmds = append(n.Pipe.Cmds, command(n, escapeFunc))
			}
		case *parse.IfNode:
			g.branch(&n.BranchNode)
		case *parse.WithNode:
			g.branch(&n.BranchNode)
		case *parse.RangeNode:
			g.branch(&n.BranchNode)
			n.List.Nodes = append([]parse.Node{step(n)}, n.List.Nodes...)
		case *parse.TemplateNode:
			if n.Pipe != nil {
				g.pipe(n.Pipe)
			}
			nodes = append(nodes, step(n))
		}
		nodes = append(nodes, n)
	}
	l.Nodes = nodes
}

func (g *guarding) branch(b *parse.BranchNode) {
	g.pipe(b.Pipe)
	g.list(b.List)
	g.list(b.ElseList)
}

// pipe looks at the functions that a pipeline names.
func (g *guarding) pipe(p *parse.PipeNode) {
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			for chain, ok := arg.(*parse.ChainNode); ok; chain, ok = arg.(*parse.ChainNode) {
				arg = chain.Node
			}
			switch arg := arg.(type) {
			case *parse.PipeNode:
				g.pipe(arg)
			case *parse.IdentifierNode:
				g.word(arg)
			}
		}
	}
}

func (g *guarding) word(w *parse.IdentifierNode) {
	if _, ours := g.funcs[w.Ident]; ours && !strings.HasPrefix(w.Ident, "_") || slices.Contains(builtWords, w.Ident) {
		return
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(g.funcs)), func(n string) bool { return strings.HasPrefix(n, "_") })
	where, _ := g.tree.ErrorContext(w)
	g.faults = append(g.faults, faultOf(g.tree.ParseName, fmt.Errorf("template: %s: %s is not for texts; there are %s", where, w.Ident,
		strings.Join(slices.Concat(builtWords, names), ", "))))
}

// step is an action that writes nothing and is counted.
func step(at parse.Node) parse.Node {
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: at.Position(), Cmds: []*parse.CommandNode{command(at, stepFunc)}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: at.Position(), Pipe: pipe}
}

func command(at parse.Node, name string) *parse.CommandNode {
	word := parse.NewIdentifier(name).SetPos(at.Position())
	return &parse.CommandNode{NodeType: parse.NodeCommand, Pos: at.Position(), Args: []parse.Node{word}}
}
