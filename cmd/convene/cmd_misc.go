package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sort"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"convene/mailer"
)

func (c *cli) statusCmd() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "how it stands", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		return c.do(cmd.Context(), false, func(h *house) error { return c.status(h) })
	}}
}

// statusRow is what status --json tells; uptime is in seconds, zero without a daemon, and then there is no health either.
type statusRow struct {
	Version string   `json:"version"`
	Uptime  int64    `json:"uptime"`
	Lists   int      `json:"lists"`
	Members int      `json:"members"`
	Posts   int      `json:"posts"`
	Held    int      `json:"held"`
	Queue   int      `json:"queue"`
	Paused  []string `json:"paused"`
	Health  *health  `json:"health"`
	Waiting int      `json:"notes_waiting"` // notices that could not be written; without a daemon nobody has tried
	Behind  *uint64  `json:"search_behind"` // posts that a search does not find yet; null: nothing can be searched, or no daemon runs
	// Mailboxes are those that mail is fetched from; without a daemon nobody does.
	Mailboxes []mailer.PickupStatus `json:"mailboxes,omitempty"`
}

func (c *cli) status(h *house) error {
	s := statusRow{Version: versionText(), Paused: nonNil(h.db.Paused())}
	all, err := h.engine.Lists()
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.State != "retired" {
			s.Lists++
		}
		s.Members += int(l.Members)
		s.Posts += int(l.Posts)
		s.Held += l.Held
	}
	if s.Queue, err = h.queueLength(); err != nil {
		return err
	}
	if s.Waiting, err = h.engine.NotesWaiting(); err != nil {
		return err
	}
	if h.daemon != nil {
		s.Uptime = int64(h.daemon.clock.Now().Sub(h.daemon.started).Seconds())
		now := h.daemon.health()
		s.Health = &now
		if posts, ok := h.daemon.behind(); ok {
			s.Behind = &posts
		}
		s.Mailboxes = h.daemon.pickups.Status()
	}
	if c.json {
		return c.printJSON(s)
	}
	running := "no daemon runs"
	if h.daemon != nil {
		running = "up " + (time.Duration(s.Uptime) * time.Second).String()
	}
	rows := [][2]string{{"version", s.Version}, {"daemon", running}, {"lists", strconv.Itoa(s.Lists)}, {"members", strconv.Itoa(s.Members)},
		{"posts", strconv.Itoa(s.Posts)}, {"held", strconv.Itoa(s.Held)}, {"queue", strconv.Itoa(s.Queue)},
		{"notices", strconv.Itoa(s.Waiting) + " could not be written"}}
	if s.Health != nil {
		search := "off; the log says why"
		if s.Behind != nil {
			search = count(int(*s.Behind), "post") + " behind"
		}
		rows = append(rows, [2]string{"health", s.Health.line()}, [2]string{"search", search})
	}
	for _, m := range s.Mailboxes {
		rows = append(rows, [2]string{"mailbox", mailboxLine(m)})
	}
	for _, p := range s.Paused {
		if p == "" {
			p = "everything"
		}
		rows = append(rows, [2]string{"paused", p})
	}
	return c.pairs(rows...)
}

func versionText() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return version + "+" + s.Value[:12]
			}
		}
	}
	return version
}

func (c *cli) versionCmd() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "which version this is", Args: exactly(0), RunE: func(*cobra.Command, []string) error {
		if c.json {
			return c.printJSON(map[string]string{"version": versionText()})
		}
		_, err := fmt.Fprintln(c.out, "convene", versionText())
		return err
	}}
}

func (c *cli) completionCmd() *cobra.Command {
	return &cobra.Command{Use: "completion SHELL", Short: "a completion script for bash, zsh, fish or powershell", Args: exactly(1), ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.out, true)
			case "zsh":
				return root.GenZshCompletion(c.out)
			case "fish":
				return root.GenFishCompletion(c.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.out)
			}
			return usageError{fmt.Errorf("there is no completion for %q; there is bash, zsh, fish and powershell", args[0])}
		}}
}

func (c *cli) manCmd() *cobra.Command {
	return &cobra.Command{Use: "man", Short: "the manual pages, to standard output", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		dir, err := os.MkdirTemp("", "convene-man")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		head := &doc.GenManHeader{Title: "CONVENE", Section: "1", Source: "convene " + version, Manual: "convene"}
		if err := doc.GenManTree(cmd.Root(), head, dir); err != nil {
			return err
		}
		pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
		if err != nil {
			return err
		}
		sort.Strings(pages)
		for _, p := range pages {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if _, err := c.out.Write(b); err != nil {
				return err
			}
		}
		return nil
	}}
}
