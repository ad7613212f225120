package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"convene/list"
)

func (c *cli) listCmd() *cobra.Command {
	ls := &cobra.Command{Use: "ls", Short: "the lists", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		return c.do(cmd.Context(), false, func(h *house) error {
			all, err := h.engine.Lists()
			if err != nil || c.json {
				return orJSON(err, func() error { return c.printJSON(nonNil(all)) })
			}
			var rows [][]string
			for _, l := range all {
				rows = append(rows, []string{l.Address, l.Name, l.State, strconv.Itoa(int(l.Members)), strconv.Itoa(int(l.Posts)), strconv.Itoa(l.Held)})
			}
			return c.table([]string{"LIST", "NAME", "STATE", "MEMBERS", "POSTS", "HELD"}, rows)
		})
	}}
	show := &cobra.Command{Use: "show LIST", Short: "one list", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.showList(h, args[0]) })
	}}
	shut := &cobra.Command{Use: "close LIST", Short: "takes no more posts for a list", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error { return h.engine.CloseList(args[0]) })
	}}
	return group("list", "lists", ls, show, shut)
}

// orJSON is the end of a command that prints JSON: the error, if there was one.
func orJSON(err error, print func() error) error {
	if err != nil {
		return err
	}
	return print()
}

// nonNil makes an empty list print as [].
func nonNil[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func (c *cli) showList(h *house, address string) error {
	l, ok := h.cfg.Site().List(address)
	all, err := h.engine.Lists()
	if err != nil {
		return err
	}
	for _, s := range all {
		if ok && s.Address != l.Address || !ok && s.Address != address {
			continue
		}
		if c.json {
			return c.printJSON(s)
		}
		rows := [][2]string{{"address", s.Address}, {"name", s.Name}, {"description", s.Description}, {"state", s.State},
			{"members", strconv.Itoa(int(s.Members))}, {"posts", strconv.Itoa(int(s.Posts))}, {"held", strconv.Itoa(s.Held)}}
		if ok {
			rows = append(rows, [2]string{"posting", string(l.Posting)}, [2]string{"owners", fmt.Sprint(l.Owners)},
				[2]string{"moderators", fmt.Sprint(l.Moderators)}, [2]string{"reply_to", string(l.ReplyTo)}, [2]string{"subject_prefix", l.SubjectPrefix})
		}
		return c.pairs(rows...)
	}
	return fmt.Errorf("list %s: %w", address, list.ErrNotFound)
}

func (c *cli) banCmd() *cobra.Command {
	scope := func(args []string, n int) (address string, rest []string) {
		if len(args) > n {
			return args[0], args[1:]
		}
		return "", args
	}
	ls := &cobra.Command{Use: "ls [LIST]", Short: "who may not post", Args: between(0, 1), RunE: func(cmd *cobra.Command, args []string) error {
		address, _ := scope(args, 0)
		return c.do(cmd.Context(), false, func(h *house) error {
			bans, err := h.engine.Bans(address)
			if err != nil || c.json {
				return orJSON(err, func() error { return c.printJSON(bans) })
			}
			var rows [][]string
			for _, b := range bans {
				rows = append(rows, []string{b.Pattern, orAll(b.List), b.By, when(b.At)})
			}
			return c.table([]string{"PATTERN", "LIST", "BY", "SINCE"}, rows)
		})
	}}
	add := &cobra.Command{Use: "add [LIST] PATTERN", Short: "refuses posts of an address, or of *@a.domain", Args: between(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			address, rest := scope(args, 1)
			return c.do(cmd.Context(), true, func(h *house) error { return h.engine.Ban(address, rest[0], "admin") })
		}}
	remove := &cobra.Command{Use: "remove [LIST] PATTERN", Short: "takes posts of them again", Args: between(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			address, rest := scope(args, 1)
			return c.do(cmd.Context(), true, func(h *house) error { return h.engine.Unban(address, rest[0]) })
		}}
	return group("ban", "who may not post", ls, add, remove)
}

func orAll(s string) string {
	if s == "" {
		return "all lists"
	}
	return s
}

func (c *cli) handIn(ctx context.Context, h *house, address string) error {
	raw, err := readMessage(c.in, h.cfg.SMTP.MaxMessage)
	if err != nil {
		return err
	}
	receipt, err := h.engine.HandIn(ctx, address, raw, newAuthenticator(h.cfg).Policy)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]string{"id": receipt.ID, "action": receipt.Action})
	}
	_, err = fmt.Fprintf(c.out, "%s %s\n", receipt.Action, receipt.ID)
	return err
}
