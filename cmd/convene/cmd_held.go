package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

func (c *cli) heldCmd() *cobra.Command {
	ls := &cobra.Command{Use: "ls [LIST]", Short: "the posts that wait for a moderator", Args: between(0, 1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.listHeld(h, strings.Join(args, "")) })
	}}
	show := &cobra.Command{Use: "show ID", Short: "one held post: why, and what it says", Args: exactly(1),
		RunE: c.onHeld(false, func(h *house, id uint64) error { return c.showHeld(h, id) })}
	var reason string
	reject := &cobra.Command{Use: "reject ID", Short: "does not send it, and tells its author", Args: exactly(1),
		RunE: c.onHeld(true, func(h *house, id uint64) error {
			told, err := h.engine.Reject(id, "admin", reason)
			if err == nil && !told {
				_, err = fmt.Fprintln(c.out, "the author is not told: nothing shows that the post is theirs")
			}
			return err
		})}
	reject.Flags().StringVar(&reason, "reason", "", "what the author is told")
	drop := &cobra.Command{Use: "discard ID", Short: "does not send it, and tells nobody", Args: exactly(1),
		RunE: c.onHeld(true, func(h *house, id uint64) error { return h.engine.Discard(id, "admin") })}
	return group("held", "moderation", ls, show, c.approveCmd("approve ID", "sends it to the list", false),
		c.approveCmd("trust ID", "sends it, and stops holding this member's posts", true), reject, drop)
}

func (c *cli) approveCmd(use, short string, trust bool) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: exactly(1)}
	cmd.RunE = c.onHeld(true, func(h *house, id uint64) error {
		p, err := h.engine.Approve(cmd.Context(), id, "admin", trust)
		if err != nil {
			return err
		}
		if p.Number == 0 {
			_, err = fmt.Fprintln(c.out, "on the list now")
			return err
		}
		_, err = fmt.Fprintf(c.out, "post %d, topic %d\n", p.Number, p.Topic)
		return err
	})
	return cmd
}

func (c *cli) onHeld(writes bool, f func(h *house, id uint64) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		id, err := strconv.ParseUint(args[0], 10, 64)
		if err != nil {
			return usageError{fmt.Errorf("%q is no id of a held post; see convene held ls", args[0])}
		}
		return c.do(cmd.Context(), writes, func(h *house) error { return f(h, id) })
	}
}

func (c *cli) listHeld(h *house, address string) error {
	all, err := h.engine.HeldPosts(address)
	if err != nil || c.json {
		return orJSON(err, func() error { return c.printJSON(all) })
	}
	var rows [][]string
	for _, p := range all {
		rows = append(rows, []string{strconv.FormatUint(p.ID, 10), p.List, p.From, p.Subject, strings.Join(p.Reasons, "; "), when(p.Since)})
	}
	return c.table([]string{"ID", "LIST", "FROM", "SUBJECT", "WHY", "SINCE"}, rows)
}

func (c *cli) showHeld(h *house, id uint64) error {
	p, err := h.engine.HeldPost(id)
	if err != nil || c.json {
		return orJSON(err, func() error { return c.printJSON(p) })
	}
	err = c.pairs([2]string{"id", strconv.FormatUint(p.ID, 10)}, [2]string{"list", p.List}, [2]string{"from", p.From}, [2]string{"subject", p.Subject},
		[2]string{"message-id", p.MessageID}, [2]string{"since", when(p.Since)}, [2]string{"expires", when(p.Expires)})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, "\nrules:")
	for _, o := range p.Trace {
		if o.Action != "pass" {
			fmt.Fprintf(c.out, "  %-14s %s: %s\n", o.Rule, o.Action, printable(o.Reason))
		}
	}
	fmt.Fprintln(c.out, "\ntext:")
	for _, line := range strings.Split(strings.ReplaceAll(p.Text, "\r\n", "\n"), "\n") {
		if _, err := fmt.Fprintln(c.out, "  "+printable(line)); err != nil {
			return err
		}
	}
	return nil
}
