package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
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

// eventOf is an event with that id, and its list.
func (h *house) eventOf(id string) (*event.Event, *list.List, error) {
	all, err := h.events()
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(e *event.Event) bool { return e.ID == id })
	if i < 0 {
		return nil, nil, errors.New("there is no event " + id)
	}
	l, ok := h.engine.Site().List(all[i].List)
	if !ok {
		return nil, nil, fmt.Errorf("there is no list %s", all[i].List)
	}
	return all[i], l, nil
}

func (c *cli) seatEvent(h *house, id string, again bool) error {
	_, l, err := h.eventOf(id)
	if err != nil {
		return err
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
