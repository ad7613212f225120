package list

import (
	"errors"
	"strings"

	"convene/list/message"
)

// RuleLines does what the lines of an answer say of held posts that were shown by number, from 1, each line by itself: "approve all", "approve 1 3",
// "reject 2 off topic". A line that is nothing of the kind is in rest, and so is one that could not be followed: a text for a post cannot be given in this way.
// by is who decides; whoever calls has seen to it that they may. done are the rulings, of a post that somebody else had decided before that one.
func (e *Engine) RuleLines(text string, posts []uint64, by message.Mailbox) (done []Ruling, rest []string, err error) {
	for line := range strings.SplitSeq(text, "\n") {
		verb, words := verbOf(line)
		if verb == "" {
			continue
		}
		a := Answer{Verb: verb, Rest: words, Whole: line}
		said := readHeldOrder(a, posts, true)
		what, decides := heldRuled[said.verb]
		if !decides || what == RuledEdited || len(said.posts) == 0 || takesBack(a, words) {
			rest = append(rest, line)
			continue
		}
		for _, id := range said.posts {
			r, err := e.rule(order{held: id, what: what, by: person{Address: by.Addr, Name: by.Name}, reason: said.text})
			if before, ok := errors.AsType[*RuledError](err); ok {
				r.ruling, err = before.Ruling, nil
			} else if _, ok := errors.AsType[*undecidedError](err); ok {
				rest = append(rest, line)
				continue
			}
			if err != nil {
				return done, rest, err
			}
			done = append(done, r.ruling)
		}
	}
	return done, rest, nil
}
