package list

import (
	"slices"
	"text/template/parse"
)

// textCall is one block that another calls, and how many ranges stand around that.
type textCall struct {
	node  *parse.TemplateNode
	loops int
}

// textStep is a call on the way to where the rules look.
type textStep struct {
	from string
	node *parse.TemplateNode
}

// follow goes through the blocks that a block calls: it reports one that comes back to itself, and ranges that are within too many others.
func (r *textRules) follow(name string, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	for _, c := range r.calls[name] {
		r.stack = append(r.stack, textStep{name, c.node})
		if again := r.recursion(c.node.Name); again {
			r.stack = r.stack[:len(r.stack)-1]
			continue
		}
		r.follow(c.node.Name, seen)
		all := c.loops + r.loops[c.node.Name]
		if all > maxLoops {
			if r.own(name) {
				r.fault(name, c.node, "with those of %q, %d ranges are one within the other; there may be %d", c.node.Name, all, maxLoops)
			} else if one := r.set.Lookup(c.node.Name); one != nil && r.own(c.node.Name) {
				r.fault(c.node.Name, one.Root, "with those of %q, which calls this, %d ranges are one within the other; there may be %d", name, all, maxLoops)
			}
			all = maxLoops // told
		}
		r.loops[name] = max(r.loops[name], all)
		r.stack = r.stack[:len(r.stack)-1]
	}
}

// recursion reports whether the last call on the way is of a block that the way leads through, and faults it where the site wrote a part of it.
func (r *textRules) recursion(callee string) bool {
	first := slices.IndexFunc(r.stack, func(s textStep) bool { return s.from == callee })
	if first < 0 {
		return false
	}
	for _, s := range slices.Backward(r.stack[first:]) {
		if r.own(s.from) {
			r.fault(s.from, s.node, "the block %q calls itself, by way of %q", s.from, s.node.Name)
			break
		}
	}
	return true
}
