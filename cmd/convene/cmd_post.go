package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"convene/list"
)

func (c *cli) postCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "post LIST < message", Short: "hands in a message as if it came, authenticated, by SMTP", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.reads = true
			return c.do(cmd.Context(), true, func(h *house) error { return c.handIn(cmd.Context(), h, args[0]) })
		}}
	removed := &cobra.Command{Use: "removed LIST", Short: "what was removed from the archive: when, by whom and why", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), false, func(h *house) error { return c.listRemoved(h, args[0]) })
		}}
	cmd.AddCommand(
		c.removeCmd("remove LIST POST", "takes a post out of the archive for good; POST is its number, Message-ID or page", (*list.Engine).RemovePost),
		c.removeCmd("withdraw LIST POST", "takes out what is attached to a post, for good", (*list.Engine).WithdrawFiles), removed)
	return cmd
}

func (c *cli) removeCmd(use, short string, do func(e *list.Engine, address, which, reason string) (list.RemovedPost, error)) *cobra.Command {
	var reason string
	cmd := &cobra.Command{Use: use, Short: short, Args: exactly(2), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error {
			done, err := do(h.engine, args[0], args[1], reason)
			if err != nil || c.json {
				return orJSON(err, func() error { return c.printJSON(done) })
			}
			was := "removed"
			if done.Before {
				was = "removed before, " + when(done.At) + " by " + done.By
			}
			_, err = fmt.Fprintf(c.out, "%s: %s\n", removedThing(&done), was)
			return err
		})
	}}
	cmd.Flags().StringVar(&reason, "reason", "", "what the author and the owners are told, and the trail keeps")
	return cmd
}

// removedThing is what was removed.
func removedThing(p *list.RemovedPost) string {
	if p.What != "post" {
		return p.What + " of post " + strconv.Itoa(int(p.Post))
	}
	return "post " + strconv.Itoa(int(p.Post))
}

func (c *cli) listRemoved(h *house, address string) error {
	all, err := h.engine.RemovedPosts(address)
	if err != nil || c.json {
		return orJSON(err, func() error { return c.printJSON(all) })
	}
	var rows [][]string
	for i := range all {
		p := &all[i]
		rows = append(rows, []string{when(p.At), removedThing(p), p.From, "<" + p.MessageID + ">", p.By, p.Reason})
	}
	return c.table([]string{"AT", "WHAT", "FROM", "MESSAGE-ID", "BY", "REASON"}, rows)
}
