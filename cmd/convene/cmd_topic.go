package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"convene/list"
)

func (c *cli) topicCmd() *cobra.Command {
	ls := &cobra.Command{Use: "ls LIST", Short: "the topics of a list, latest first", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.listTopics(h, args[0]) })
	}}
	show := &cobra.Command{Use: "show LIST ID", Short: "one topic and who answers whom", Args: exactly(2), RunE: c.onTopic(false, func(h *house, args []string, id uint32) error {
		t, err := h.engine.Topic(args[0], id)
		if err != nil || c.json {
			return orJSON(err, func() error { return c.printJSON(t) })
		}
		return c.showTopic(t)
	})}
	merge := &cobra.Command{Use: "merge LIST ID INTO", Short: "hangs a topic below another", Args: exactly(3), RunE: c.onTopic(true, func(h *house, args []string, id uint32) error {
		into, err := number(args[2])
		if err != nil {
			return err
		}
		return h.engine.MergeTopic(args[0], id, into)
	})}
	split := &cobra.Command{Use: "split LIST POST", Short: "makes a post, and what answers it, a topic of its own", Args: exactly(2),
		RunE: c.onTopic(true, func(h *house, args []string, post uint32) error {
			id, err := h.engine.SplitTopic(args[0], post)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "topic %d\n", id)
			return err
		})}
	rename := &cobra.Command{Use: "rename LIST ID SUBJECT", Short: "gives a topic a subject of its own", Args: atLeast(3),
		RunE: c.onTopic(true, func(h *house, args []string, id uint32) error {
			return h.engine.RenameTopic(args[0], id, strings.Join(args[2:], " "))
		})}
	lock := &cobra.Command{Use: "lock LIST ID", Short: "refuses further posts to a topic", Args: exactly(2),
		RunE: c.onTopic(true, func(h *house, args []string, id uint32) error { return h.engine.LockTopic(args[0], id, true) })}
	unlock := &cobra.Command{Use: "unlock LIST ID", Short: "takes posts to a topic again", Args: exactly(2),
		RunE: c.onTopic(true, func(h *house, args []string, id uint32) error { return h.engine.LockTopic(args[0], id, false) })}
	moderate := &cobra.Command{Use: "moderate LIST ID", Short: "holds further posts to a topic for a moderator", Args: exactly(2),
		RunE: c.onTopic(true, func(h *house, args []string, id uint32) error { return h.engine.ModerateTopic(args[0], id, true) })}
	release := &cobra.Command{Use: "unmoderate LIST ID", Short: "holds them no longer", Args: exactly(2),
		RunE: c.onTopic(true, func(h *house, args []string, id uint32) error { return h.engine.ModerateTopic(args[0], id, false) })}
	return group("topic", "topics", ls, show, merge, split, rename, lock, unlock, moderate, release)
}

// onTopic is a command whose second argument is a number.
func (c *cli) onTopic(writes bool, f func(h *house, args []string, id uint32) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		id, err := number(args[1])
		if err != nil {
			return err
		}
		return c.do(cmd.Context(), writes, func(h *house) error { return f(h, args, id) })
	}
}

func number(s string) (uint32, error) {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n == 0 {
		return 0, usageError{fmt.Errorf("%q is not a number from 1", s)}
	}
	return uint32(n), nil
}

func (c *cli) listTopics(h *house, address string) error {
	all, err := h.engine.Topics(address)
	if err != nil || c.json {
		return orJSON(err, func() error { return c.printJSON(all) })
	}
	var rows [][]string
	for _, t := range all {
		subject := t.Subject
		if t.Locked {
			subject += " (locked)"
		}
		if t.Moderated {
			subject += " (moderated)"
		}
		rows = append(rows, []string{strconv.Itoa(int(t.ID)), subject, strconv.Itoa(int(t.Posts)), strconv.Itoa(t.Participants), when(t.Last)})
	}
	return c.table([]string{"ID", "SUBJECT", "POSTS", "PEOPLE", "LAST"}, rows)
}

func (c *cli) showTopic(t list.TopicRow) error {
	fmt.Fprintf(c.out, "%d  %s\n%s by %s, %s to %s\n\n", t.ID, printable(t.Subject), count(int(t.Posts), "post"),
		map[bool]string{true: "1 person", false: strconv.Itoa(t.Participants) + " people"}[t.Participants == 1], when(t.First), when(t.Last))
	for _, l := range t.Tree {
		who := l.Name
		if who == "" {
			who = l.From
		}
		switch {
		case l.Post == 0:
			who = "(a message that did not come)"
		case l.Removed:
			who = "(removed from the archive)"
		}
		if _, err := fmt.Fprintf(c.out, "%s%s  %s  %s\n", strings.Repeat("  ", min(l.Depth, 20)), postLabel(l.Post), printable(who), printable(l.Subject)); err != nil {
			return err
		}
	}
	return nil
}

func postLabel(n uint32) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(int(n))
}
