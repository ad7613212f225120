package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"convene/list"
)

// queueRow is a copy in the outbox as --json tells it.
type queueRow struct {
	ID        string `json:"id"`
	List      string `json:"list"`
	Recipient string `json:"recipient"`
	Attempts  int    `json:"attempts"`
	Next      stamp  `json:"next"`
	Status    string `json:"status"`
	State     string `json:"state"`
	Light     bool   `json:"light,omitempty"`
}

func newQueueRow(r list.QueueRow) queueRow {
	return queueRow{r.ID, r.List, r.Recipient, r.Attempts, stamp(r.Next), r.Status, r.State, r.Light}
}

func (c *cli) queueCmd() *cobra.Command {
	var state string
	ls := &cobra.Command{Use: "ls", Short: "the copies still to be delivered", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		switch state {
		case "", "waiting", "paused", "poison":
		default:
			return usageError{fmt.Errorf("--state is waiting, paused or poison, not %q", state)}
		}
		return c.do(cmd.Context(), false, func(h *house) error { return c.listQueue(h, state) })
	}}
	ls.Flags().StringVar(&state, "state", "", "only those that are waiting, paused or poison")
	show := &cobra.Command{Use: "show ID", Short: "the copies of one message, or one copy", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.showQueue(h, args[0]) })
	}}
	var all bool
	retry := &cobra.Command{Use: "retry [ID...]", Short: "tries copies again at once", Args: atLeast(0), RunE: func(cmd *cobra.Command, args []string) error {
		if all == (len(args) > 0) {
			return usageError{fmt.Errorf("name the copies, or --all")}
		}
		return c.do(cmd.Context(), true, func(h *house) error {
			n, err := h.retry(args)
			return c.tell(err, n, "copy", "copies", "tried again")
		})
	}}
	retry.Flags().BoolVar(&all, "all", false, "all of them")
	drop := &cobra.Command{Use: "drop ID...", Short: "does not deliver copies", Args: atLeast(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error {
			n, err := h.db.Drop(h.now(), args)
			return c.tell(err, n, "copy", "copies", "dropped")
		})
	}}
	pause := &cobra.Command{Use: "pause [LIST|DOMAIN]", Short: "keeps copies back: all, of a list, or to a domain", Args: between(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), true, func(h *house) error {
				what := strings.ToLower(strings.Join(args, ""))
				if _, ok := h.cfg.Site().List(what); strings.Contains(what, "@") && !ok {
					return fmt.Errorf("list %s: %w", what, list.ErrNotFound)
				}
				return h.db.Pause(what)
			})
		}}
	resume := &cobra.Command{Use: "resume [LIST|DOMAIN]", Short: "lets them go again", Args: between(0, 1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error { return h.db.Resume(strings.ToLower(strings.Join(args, ""))) })
	}}
	return group("queue", "the outbox", ls, show, retry, drop, pause, resume)
}

func (c *cli) tell(err error, n int, one, many, done string) error {
	if err != nil {
		return err
	}
	if n == 1 {
		many = one
	}
	_, err = fmt.Fprintf(c.out, "%d %s %s\n", n, many, done)
	return err
}

func (c *cli) listQueue(h *house, state string) error {
	row, end := c.queueRows()
	err := h.db.Queue(func(r list.QueueRow) error {
		if state == "" || r.State == state {
			return row(r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return end()
}

// queueRows prints copies as they come: there may be millions.
func (c *cli) queueRows() (row func(list.QueueRow) error, end func() error) {
	print, end := c.stream([]string{"ID", "LIST", "RECIPIENT", "STATE", "ATTEMPTS", "NEXT", "STATUS"}, []int{10, 28, 32, 9, 8, 20, 0})
	return func(r list.QueueRow) error {
		q := newQueueRow(r)
		return print(q, q.ID, q.List, q.Recipient, q.State, strconv.Itoa(q.Attempts), stampText(q.Next), q.Status)
	}, end
}

func (c *cli) showQueue(h *house, id string) error {
	out, copyID, err := splitQueueID(id)
	if err != nil {
		return err
	}
	if copyID == "" {
		row, end := c.queueRows()
		if err := h.db.Copies(out, row); err != nil {
			return err
		}
		return end()
	}
	var found *list.QueueRow
	err = h.db.Copies(out, func(r list.QueueRow) error {
		if r.ID == id {
			found = &r
			return list.ErrStop
		}
		return nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("%s is not in the outbox: %w", id, list.ErrNotFound)
	}
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(newQueueRow(*found))
	}
	row, end := c.queueRows()
	return errors.Join(row(*found), end())
}

func splitQueueID(id string) (out uint64, copyID string, err error) {
	head, copyID, _ := strings.Cut(id, "-")
	if out, err = strconv.ParseUint(head, 10, 64); err != nil {
		return 0, "", usageError{fmt.Errorf("%q is no id of the outbox; see convene queue ls", id)}
	}
	return out, copyID, nil
}
