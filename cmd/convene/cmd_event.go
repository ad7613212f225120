package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"convene/digest/calendar"
	"convene/list"
	"convene/list/event"
)

func (c *cli) eventSeatCmd() *cobra.Command {
	seat := &cobra.Command{Use: "seat ID", Short: "the tables of a World Café; seats people now where they are not seated yet, and mails them", Args: exactly(1)}
	again := seat.Flags().Bool("again", false, "seat everybody anew, and mail those whose tables changed")
	seat.RunE = func(cmd *cobra.Command, args []string) error {
		return c.do(cmd.Context(), true, func(h *house) error { return c.seatEvent(h, args[0], *again) })
	}
	return seat
}

func (c *cli) seatEvent(h *house, id string, again bool) error {
	e, err := h.event(id)
	if err != nil {
		return err
	}
	l, ok := h.engine.Site().List(e.List)
	if !ok {
		return fmt.Errorf("there is no list %s", e.List)
	}
	mails, err := h.editor.Seat(l, id, again)
	if err != nil {
		return err
	}
	tables, err := h.editor.Tables(l, id)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(tables)
	}
	rows := [][]string{}
	for _, t := range tables {
		rows = append(rows, []string{strconv.Itoa(t.Round), strconv.Itoa(t.Table), cmp.Or(t.Host, "-"), cmp.Or(t.NoteTaker, "-"), strings.Join(t.People, " ")})
	}
	if err := c.table([]string{"ROUND", "TABLE", "HOST", "NOTES", "PEOPLE"}, rows); err != nil {
		return err
	}
	if mails > 0 {
		_, err = fmt.Fprintf(c.out, "%d people are told\n", mails)
	}
	return err
}

// tablesOf are the tables of an event, for event show; none: it has none yet.
func (h *house) tablesOf(e *event.Event) ([]calendar.Seated, error) {
	l, ok := h.engine.Site().List(e.List)
	if !ok {
		return []calendar.Seated{}, nil
	}
	tables, err := h.editor.Tables(l, e.ID)
	if errors.Is(err, list.ErrNotFound) { // there is no store yet
		return []calendar.Seated{}, nil
	}
	return tables, err
}
