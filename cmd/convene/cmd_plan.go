package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"convene/digest"
	"convene/digest/calendar"
	"convene/digest/letter"
	"convene/digest/plan"
	"convene/list"
)

func (c *cli) planCmd() *cobra.Command {
	preview := &cobra.Command{Use: "preview DISCUSSION N", Short: "one planned email as it would go out now, to standard output", Args: exactly(2)}
	form, language := preview.Flags().String("format", "text", "text, html, or eml: the whole message"), preview.Flags().String("language", "", "a language of the list (default its first)")
	preview.RunE = c.onPlan(false, func(h *house, id string, n int) error { return c.previewPlan(h, id, n, *form, *language) })
	send := &cobra.Command{Use: "send DISCUSSION N", Short: "sends a planned email now, ahead of its time", Args: exactly(2)}
	send.RunE = c.onPlan(true, func(h *house, id string, n int) error { return h.editor.SendNow(send.Context(), id, n, h.engine.Now()) })
	skip := &cobra.Command{Use: "skip DISCUSSION N", Short: "leaves a planned email out", Args: exactly(2),
		RunE: c.onPlan(true, func(h *house, id string, n int) error { return h.editor.Skip(id, n) })}
	return group("plan", "the plans of discussions", c.planShowCmd(), preview, send, skip, c.planExportCmd())
}

// onPlan is a command whose arguments are a discussion and the number of one of its mails.
func (c *cli) onPlan(writes bool, f func(h *house, id string, n int) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		n, err := number(args[1])
		if err != nil {
			return err
		}
		do := c.doAhead
		if writes {
			do = func(ctx context.Context, f func(*house) error) error { return c.do(ctx, true, f) }
		}
		return do(cmd.Context(), func(h *house) error { return f(h, args[0], int(n)) })
	}
}

// oneOf is a usage error unless a flag has one of these values.
func oneOf(name, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	return usageError{fmt.Errorf("--%s is %s, not %q", name, strings.Join(values, ", "), value)}
}

func (c *cli) planShowCmd() *cobra.Command {
	show := &cobra.Command{Use: "show DISCUSSION", Short: "the plan: emails, questions, dates and senders, first responders", Args: exactly(1)}
	form := show.Flags().String("format", "table", "table, ics or json")
	show.RunE = func(cmd *cobra.Command, args []string) error {
		if err := oneOf("format", *form, "table", "ics", "json"); err != nil {
			return err
		}
		return c.doAhead(cmd.Context(), func(h *house) error {
			now := h.engine.Now()
			p, err := h.editor.Plan(args[0], now)
			if err != nil {
				return err
			}
			switch {
			case c.json || *form == "json":
				return c.printJSON(newPlanRow(p))
			case *form == "ics":
				_, err = c.out.Write(p.Discussion.CalendarFile(now, p.Lines, p.Discussion.Language))
			default:
				_, err = fmt.Fprint(c.out, p.Discussion.Table(p.Lines))
			}
			return err
		})
	}
	return show
}

// planRow is a plan as plan show --json has it: one object, with its mails in the order in which they go out.
type planRow struct {
	ID     string      `json:"id"`
	List   string      `json:"list"`
	Title  string      `json:"title"`
	Plan   []plan.Line `json:"plan"`
	Member memberLoad  `json:"mails_to_one_member"`
}

// memberLoad is how many mails of ours one member will get who takes part.
type memberLoad struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

func newPlanRow(p *digest.Shown) planRow {
	rows := []plan.Row{}
	for _, l := range p.Lines {
		rows = append(rows, l.Row)
	}
	load := p.Discussion.Load(rows)
	return planRow{p.Discussion.ID, p.Discussion.List, p.Discussion.Title.In(p.Discussion.Language), p.Lines, memberLoad{load.Least, load.Most}}
}

func (c *cli) previewPlan(h *house, id string, n int, form, language string) error {
	if err := oneOf("format", form, "text", "html", "eml"); err != nil {
		return err
	}
	now := h.engine.Now()
	if form == "eml" {
		raw, err := h.editor.PreviewMail(id, n, language, now)
		if err == nil {
			_, err = c.out.Write(raw)
		}
		return err
	}
	mail, err := h.editor.Preview(id, n, language, now)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]string{"subject": mail.Subject, "text": mail.Text, "html": mail.HTML, "language": mail.Language})
	}
	if form == "html" {
		_, err = fmt.Fprint(c.out, mail.HTML)
		return err
	}
	_, err = fmt.Fprintf(c.out, "Subject: %s\n\n%s", printable(mail.Subject), mail.Text)
	return err
}

func (c *cli) planExportCmd() *cobra.Command {
	export := &cobra.Command{Use: "export DISCUSSION", Short: "the synthesis: what was asked, heard, shared and promised, and by whom", Args: exactly(1)}
	form, public := export.Flags().String("format", "md", "md, html, or short: a few lines without names"), export.Flags().Bool("public", false, "leave out names and what members linked to")
	language := export.Flags().String("language", "", "a language of the list (default its first)")
	export.RunE = func(cmd *cobra.Command, args []string) error {
		if err := oneOf("format", *form, "md", "html", "short"); err != nil {
			return err
		}
		return c.do(cmd.Context(), false, func(h *house) error {
			paper, err := h.editor.Synthesis(args[0], *language, *public, h.engine.Now())
			if err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]string{"title": paper.Title, "markdown": paper.Markdown, "html": paper.HTML, "short": paper.Short, "language": paper.Language})
			}
			_, err = fmt.Fprintln(c.out, strings.TrimRight(formOf(paper, *form), "\n"))
			return err
		})
	}
	return export
}

// formOf is a paper in the form that was asked for.
func formOf(p letter.Paper, form string) string {
	return map[string]string{"md": p.Markdown, "html": p.HTML, "short": p.Short}[form]
}

func (c *cli) eventCmd() *cobra.Command {
	ls := &cobra.Command{Use: "ls LIST", Short: "the events of a list", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.doAhead(cmd.Context(), func(h *house) error { return c.listEvents(h, args[0]) })
	}}
	show := &cobra.Command{Use: "show ID", Short: "one event", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.doAhead(cmd.Context(), func(h *house) error { return c.showEvent(h, args[0]) })
	}}
	export := &cobra.Command{Use: "export LIST", Short: "all events of a list, as a calendar file (iCalendar)", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.doAhead(cmd.Context(), func(h *house) error { return c.exportEvents(h, args[0]) })
	}}
	return group("event", "events", ls, show, export, c.eventSeatCmd())
}

// exportEvents writes the calendar file of a list.
func (c *cli) exportEvents(h *house, address string) error {
	l, ok := h.engine.Site().List(address)
	if !ok {
		return fmt.Errorf("there is no list %s", address)
	}
	file, err := h.editor.Export(l, h.engine.Now())
	if err == nil {
		_, err = c.out.Write(file)
	}
	return err
}

// eventRow is an event as event ls --json has it; a series with its next date, or its first where none is to come.
type eventRow struct {
	ID         string            `json:"id"`
	List       string            `json:"list"`
	Discussion string            `json:"discussion,omitempty"`
	Title      string            `json:"title"`
	Start      time.Time         `json:"start"`
	End        time.Time         `json:"end"`
	Where      string            `json:"where"`
	Format     string            `json:"format"`
	State      string            `json:"state"`           // proposed, declined, coming, running, over, cancelled
	RSVP       rsvpRow           `json:"rsvp"`            // of a series, to the date that stands in start
	Waiting    int               `json:"waiting"`         // of the yes, for a place
	Dates      []dateRow         `json:"dates,omitempty"` // of a series, the next ones
	Tables     []calendar.Seated `json:"tables"`
	RegisterBy stamp             `json:"register_by"`
	Agenda     []string          `json:"agenda"`
	Repeat     string            `json:"repeat,omitempty"`
	By         string            `json:"by,omitempty"`      // who mailed it
	Pending    bool              `json:"pending,omitempty"` // a change of it waits for a moderator
}

// rsvpRow counts answers; none are members who were invited and have said nothing.
type rsvpRow struct {
	Yes   int `json:"yes"`
	No    int `json:"no"`
	Maybe int `json:"maybe"`
	None  int `json:"none"`
}

func newRSVPRow(t *calendar.Tally) rsvpRow {
	return rsvpRow{t.Count(calendar.Yes), t.Count(calendar.No), t.Count(calendar.Maybe), t.None}
}

// dateRow is one date of a series.
type dateRow struct {
	Start   time.Time `json:"start"`
	RSVP    rsvpRow   `json:"rsvp"`
	Waiting int       `json:"waiting"`
}

func newEventRow(e *calendar.Shown) eventRow {
	row := eventRow{ID: e.ID, List: e.List, Discussion: e.Discussion, Title: e.Title.In(), Start: e.Start, End: e.End(), Where: e.Where, Format: string(e.Format),
		State: e.State, Tables: []calendar.Seated{}, RegisterBy: stamp(e.RegisterBy), Agenda: []string{}, Repeat: e.Rule, By: e.By.Address, Pending: e.Pending,
		RSVP: newRSVPRow(&e.Tally), Waiting: e.Waiting}
	if !e.Next.IsZero() {
		row.Start, row.End = e.Next, e.Next.Add(e.Length)
	}
	for i := range e.Dates {
		d := &e.Dates[i]
		row.Dates = append(row.Dates, dateRow{d.Start, newRSVPRow(&d.Tally), d.Waiting})
	}
	for _, a := range e.Agenda {
		row.Agenda = append(row.Agenda, a.In())
	}
	return row
}

func (c *cli) listEvents(h *house, address string) error {
	all, err := h.editor.Events(address)
	if errors.Is(err, list.ErrNotFound) {
		return fmt.Errorf("there is no list %s", address)
	} else if err != nil {
		return err
	}
	rows, table := []eventRow{}, [][]string{}
	for i := range all {
		row := newEventRow(&all[i])
		rows, table = append(rows, row), append(table, []string{row.ID, row.Title, row.Start.Format("Mon 2 Jan 2006 15:04"), row.Format, row.State, row.RSVP.String()})
	}
	if c.json {
		return c.printJSON(rows)
	}
	return c.table([]string{"ID", "TITLE", "START", "FORMAT", "STATE", "ANSWERS"}, table)
}

// String is the answers in a few words.
func (r rsvpRow) String() string {
	return fmt.Sprintf("%d yes, %d no, %d maybe, %d none", r.Yes, r.No, r.Maybe, r.None)
}

// event is the event with that id, on whichever list it is.
func (h *house) event(id string) (*calendar.Shown, error) {
	for _, l := range h.engine.Site().Lists {
		all, err := h.editor.Events(l.Address)
		if err != nil {
			return nil, err
		}
		for i := range all {
			if all[i].ID == id {
				return &all[i], nil
			}
		}
	}
	return nil, errors.New("there is no event " + id)
}

func (c *cli) showEvent(h *house, id string) error {
	e, err := h.event(id)
	if err != nil {
		return err
	}
	row := newEventRow(e)
	if row.Tables, err = h.tablesOf(e.Event); err != nil {
		return err
	}
	if c.json {
		return c.printJSON(row)
	}
	pairs := [][2]string{{"id", row.ID}, {"list", row.List}, {"discussion", row.Discussion}, {"title", row.Title}, {"start", row.Start.Format(time.RFC1123Z)},
		{"end", row.End.Format(time.RFC1123Z)}, {"where", row.Where}, {"format", row.Format}, {"state", row.State},
		{"answers", row.RSVP.String()}}
	if e.Waiting > 0 {
		pairs = append(pairs, [2]string{"waiting", fmt.Sprint(e.Waiting)})
	}
	if row.Repeat != "" {
		pairs = append(pairs, [2]string{"repeat", row.Repeat})
	}
	for _, d := range row.Dates {
		answers := d.RSVP.String()
		if d.Waiting > 0 {
			answers += fmt.Sprintf(", %d of the yes waiting", d.Waiting)
		}
		pairs = append(pairs, [2]string{d.Start.Format("Mon 2 Jan 2006"), answers})
	}
	if row.By != "" {
		pairs = append(pairs, [2]string{"mailed by", row.By}, [2]string{"decided by", e.Decided})
	}
	if row.Pending {
		pairs = append(pairs, [2]string{"change", "waits for a moderator"})
	}
	for _, a := range row.Agenda {
		pairs = append(pairs, [2]string{"agenda", a})
	}
	for _, t := range row.Tables {
		pairs = append(pairs, [2]string{fmt.Sprintf("round %d, table %d", t.Round, t.Table), strings.Join(t.People, " ")})
	}
	return c.pairs(pairs...)
}
