package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"convene/list"
)

func (c *cli) importMailmanCmd() *cobra.Command {
	return &cobra.Command{Use: "mailman3 LIST DIR", Short: "takes in a list of Mailman 3: its archive, its members, what fits of its settings", Args: exactly(2),
		Long: "Takes in what was saved of a list of Mailman 3 in a folder: archives as HyperKitty hands them out (.mbox, .mbox.gz), rosters as `mailman members` prints them (.txt, with\n" +
			"owners, moderators, digest or nomail in the name where they are that), as CSV, or as the REST interface answers (.json), and the config of the list from there (.json).\n" +
			"Nobody is written to, who is a member already stays as they are, and settings that fit are printed for you to put into the config.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.openFolder(args[1]); err != nil {
				return err
			}
			return c.do(cmd.Context(), true, func(h *house) error { return c.importFrom(cmd.Context(), h, args[0]) })
		}}
}

func (c *cli) importGroupsCmd() *cobra.Command {
	return &cobra.Command{Use: "groupsio LIST FILE.zip", Short: "takes in a group of groups.io: its archive and its members", Args: exactly(2),
		Long: "Takes in the archive (.mbox) and the members (.csv) of an export of a group. Nobody is written to, and who is a member already stays as they are.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.openZip(args[1]); err != nil {
				return err
			}
			return c.do(cmd.Context(), true, func(h *house) error { return c.importFrom(cmd.Context(), h, args[0]) })
		}}
}

// importFrom takes in the files of another program, archives as they come and then the members.
func (c *cli) importFrom(ctx context.Context, h *house, address string) error {
	files, roster := &fed{r: c.in}, &list.ForeignRoster{}
	done, err := h.engine.ImportHistory(ctx, address, func() (list.HistoryFile, error) {
		for {
			f, err := files.next()
			if err != nil {
				return f, err
			}
			in := bufio.NewReader(f.Content)
			first, _ := in.Peek(len("From "))
			if ext := filepath.Ext(strings.ToLower(f.Name)); string(first) == "From " || len(first) > 0 && (ext == ".mbox" || ext == ".mbx") {
				f.Content = in
				return f, nil
			}
			if err := roster.Add(f.Name, in); err != nil {
				return f, &list.FileError{Name: f.Name, Err: err}
			}
		}
	})
	if err != nil {
		return stillClosed(done, err)
	}
	added, known, err := h.engine.TakeMembers(address, roster)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]any{"archive": done, "members_added": added, "members_known": known, "not_taken": append([]string{}, roster.Faults...),
			"settings": append([]string{}, roster.Settings...)})
	}
	for _, f := range roster.Faults {
		fmt.Fprintf(c.err, "no member: %s\n", printable(f))
	}
	if err := c.showImported(done); err != nil {
		return err
	}
	if err := c.pairs([2]string{"new members", strconv.Itoa(added)}, [2]string{"members already", strconv.Itoa(known)}); err != nil {
		return err
	}
	if len(roster.Settings) > 0 {
		fmt.Fprintf(c.out, "\nIts settings that have a key here, for [[list]] in the config:\n\n%s\n", strings.Join(roster.Settings, "\n"))
	}
	return nil
}

// stillClosed says of an import that failed what has become of the archive.
func stillClosed(done list.Imported, err error) error {
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("broken off; %d new posts are in", done.Posts)
	}
	if done.Posts == 0 {
		return err
	}
	return fmt.Errorf("%w\nThe archive stays closed until the import was run again to its end", err)
}
