package main

import "github.com/spf13/cobra"

func (c *cli) exportCmd() *cobra.Command {
	mbox := &cobra.Command{Use: "mbox LIST", Short: "writes a list's archive as an mbox file to standard output; also while serving", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), false, func(h *house) error {
				_, err := h.engine.ExportMbox(args[0], c.out)
				return err
			})
		}}
	site := &cobra.Command{Use: "json", Short: "writes all lists, members, posts and decisions, without secrets, to standard output; also while serving", Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.do(cmd.Context(), false, func(h *house) error { return h.engine.ExportSite(c.out) })
		}}
	return group("export", "history for other archives", mbox, site)
}
