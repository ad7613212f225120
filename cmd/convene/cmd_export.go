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
	return group("export", "history for other archives", mbox)
}
