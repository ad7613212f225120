package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"convene/store"
)

func (c *cli) backupCmd() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "writes everything into one file (0600); also while serving", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.openOutput(args[0]); err != nil {
				return err
			}
			return c.keepOutput(args[0], c.do(cmd.Context(), false, func(h *house) error {
				extras, err := configFiles(h.cfg)
				if err != nil {
					return err
				}
				return h.db.Backup(c.file, extras...)
			}))
		}}
}

// configFiles are the copies of the config that a backup keeps.
func configFiles(cfg *Config) ([]store.BackupExtra, error) {
	var all []store.BackupExtra
	for i, name := range cfg.Files {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, store.BackupExtra{Name: fmt.Sprintf("config/%02d-%s", i, filepath.Base(name)), Data: b})
	}
	return all, nil
}

// offline refuses what cannot be done under a running daemon.
func (c *cli) offline(cfg *Config, what string) error {
	conn, err := dialControl(cfg.Server.DataDir)
	if err == nil {
		conn.Close()
		return fmt.Errorf("%s: a daemon runs on %s; stop it first", what, cfg.Server.DataDir)
	}
	return nil
}

func (c *cli) restoreCmd() *cobra.Command {
	var force bool
	cmd := &cobra.Command{Use: "restore FILE", Short: "puts a backup back; the outbox starts paused", Args: exactly(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := c.loadBare()
		if err != nil {
			return err
		}
		if err := c.offline(cfg, "restore"); err != nil {
			return err
		}
		f, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer f.Close()
		extras, err := store.Restore(f, cfg.Server.DataDir, force)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "restored into %s\nThe outbox is paused, so that nothing goes out twice: look at it with `convene queue ls`, then `convene queue resume`.\n",
			cfg.Server.DataDir)
		for _, x := range extras {
			fmt.Fprintf(c.out, "the backup also holds %s; the config in use was left as it is\n", x.Name)
		}
		return nil
	}}
	cmd.Flags().BoolVar(&force, "force", false, "move a store that is there out of the way")
	return cmd
}

func (c *cli) compactCmd() *cobra.Command {
	return &cobra.Command{Use: "compact", Short: "gives the room of deleted records back; not while serving", Args: exactly(0), RunE: func(*cobra.Command, []string) error {
		cfg, err := c.loadBare()
		if err == nil {
			err = c.offline(cfg, "compact")
		}
		if err != nil {
			return err
		}
		return store.Compact(cfg.Server.DataDir)
	}}
}

func (c *cli) verifyCmd() *cobra.Command {
	return &cobra.Command{Use: "verify", Short: "reads every record and checks it; also while serving", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		return c.do(cmd.Context(), false, func(h *house) error {
			problems, err := h.db.Verify(func(line string) { fmt.Fprintln(c.err, line) })
			if err != nil {
				return err
			}
			for _, p := range problems {
				fmt.Fprintln(c.out, p)
			}
			if len(problems) > 0 {
				return fmt.Errorf("%s; restore a backup, and keep this store for whoever looks into it", count(len(problems), "problem"))
			}
			_, err = fmt.Fprintln(c.out, "the store is good")
			return err
		})
	}}
}

// checkIndexCmd is how the index is checked apart (see checkIndexApart). It is not for people.
func (c *cli) checkIndexCmd() *cobra.Command {
	return &cobra.Command{Use: "check-index FILE", Hidden: true, Args: exactly(1), RunE: func(_ *cobra.Command, args []string) error {
		return store.CheckIndex(args[0])
	}}
}

// checkIndexApart runs the check of an index in a process of its own, since a damaged file can end the process that maps it.
func checkIndexApart(path string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), self, "check-index", path)
	cmd.Args[0] = os.Args[0] // it goes by the name that we go by
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		text, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("the index %s is damaged (%s); restore a backup", path, text)
	}
	return err
}
