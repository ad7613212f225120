package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"convene/list"
)

func (c *cli) importCmd() *cobra.Command {
	mbox := &cobra.Command{Use: "mbox LIST FILE...", Short: "takes the messages of mbox files into a list's archive", Args: atLeast(2),
		Long: "Takes the messages of mbox files into a list's archive, with their own dates and in topics as if they had come as mail. Nothing is sent.\n" +
			"What is there already is not taken again, so that it can be run as often as you like, and goes on where it was broken off.\n" +
			"Nobody can read the list's archive until it is through. A FILE of - is standard input; what is called .gz is unpacked.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.openFiles(args[1:]); err != nil {
				return err
			}
			return c.do(cmd.Context(), true, func(h *house) error { return c.importMbox(cmd.Context(), h, args[0]) })
		}}
	site := &cobra.Command{Use: "json FILE", Short: "takes in a whole site that was exported, into an empty store", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.openFiles(args); err != nil {
				return err
			}
			return c.do(cmd.Context(), true, func(h *house) error { return c.importSite(cmd.Context(), h) })
		}}
	return group("import", "history of other archives", mbox, c.importMailmanCmd(), c.importGroupsCmd(), site)
}

func (c *cli) importSite(ctx context.Context, h *house) error {
	f, err := (&fed{r: c.in}).next()
	if err != nil {
		return err
	}
	done, err := h.engine.ImportSite(ctx, f.Content)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(done)
	}
	return c.pairs([2]string{"lists", strconv.Itoa(done.Lists)}, [2]string{"members", strconv.Itoa(done.Members)}, [2]string{"posts", strconv.Itoa(done.Posts)},
		[2]string{"records", strconv.Itoa(done.Records)})
}

func (c *cli) importMbox(ctx context.Context, h *house, address string) error {
	done, err := h.engine.ImportHistory(ctx, address, (&fed{r: c.in}).next)
	if err != nil {
		return stillClosed(done, err)
	}
	return c.showImported(done)
}

// showImported prints what became of an import.
func (c *cli) showImported(done list.Imported) error {
	if c.json {
		return c.printJSON(done)
	}
	rows := [][2]string{{"messages", strconv.Itoa(done.Messages)}, {"new posts", strconv.Itoa(done.Posts)}, {"known already", strconv.Itoa(done.Known)},
		{"not taken", strconv.Itoa(done.Refused)}}
	for _, one := range []struct {
		label string
		n     int
	}{{"with octets taken out", done.Mended}, {"without a date", done.Undated}, {"with tokens overwritten", done.Scrubbed}, {"put into topics by subject", done.Joined}} {
		if one.n > 0 {
			rows = append(rows, [2]string{one.label, strconv.Itoa(one.n)})
		}
	}
	for _, f := range done.Faults {
		fmt.Fprintf(c.err, "not taken: %s\n", printable(f.String()))
	}
	if more := done.Refused - len(done.Faults); more > 0 {
		fmt.Fprintf(c.err, "not taken: %d more\n", more)
	}
	return c.pairs(rows...)
}

// progress shows how much of so many octets went by, on a terminal; elsewhere it shows nothing.
func (c *cli) progress(size int64) func(n int) {
	if !c.terminal || c.json || size <= 0 {
		return func(int) {}
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(c.err), progressbar.OptionSetDescription("reading"), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	return func(n int) { bar.Add(n) } //nolint:errcheck // it is only shown
}
