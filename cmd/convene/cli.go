package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"convene/digest"
	"convene/list"
	"convene/mailer"
	"convene/store"
)

// cli is one command line: the tree of commands, what they read and write, and (in the daemon) what they act on.
type cli struct {
	streams
	args       []string
	configPath string
	json       bool
	reads      bool // the command reads its input

	house *house    // set when this runs inside the daemon
	file  io.Writer // in the daemon: what the client writes to the file that the command names
	saved *os.File  // in the client: that file

	stops atomic.Bool // the command ends by itself when it is told to, in its own time
}

// house is what commands act on: the daemon's own parts, or those of a store that the command opened itself.
type house struct {
	cfg    *Config
	db     *store.DB
	engine *list.Engine
	editor *digest.Editor
	daemon *daemon // nil: no daemon
}

func (c *cli) run(ctx context.Context) int {
	root := c.root()
	root.SetArgs(c.args)
	root.SetIn(c.in)
	root.SetOut(c.out)
	root.SetErr(c.err)
	err := root.ExecuteContext(ctx)
	return exitStatus(err, c.err)
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use: "convene", Short: "runs email lists for communities of practice", SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.PersistentFlags().StringVar(&c.configPath, "config", "", "the config `file` (default ./convene.toml, then /etc/convene/convene.toml)")
	root.PersistentFlags().BoolVar(&c.json, "json", false, "print JSON, where something is listed or shown")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(c.serveCmd(), c.clockCmd(), c.demoCmd(), c.rehearseCmd(), c.checkCmd(), c.listCmd(), c.memberCmd(), c.topicCmd(), c.planCmd(), c.eventCmd(),
		c.digestCmd(), c.importCmd(), c.exportCmd(), c.heldCmd(), c.banCmd(), c.postCmd(), c.queueCmd(), c.dkimCmd(), c.explainCmd(), c.statusCmd(), c.backupCmd(), c.restoreCmd(), c.compactCmd(),
		c.verifyCmd(), c.versionCmd(),
		c.completionCmd(), c.manCmd(), c.checkIndexCmd())
	return root
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return noCommand(cmd, args[0])
		}
		return usageError{fmt.Errorf("convene %s needs a further word; see convene help %s", cmd.Name(), cmd.Name())}
	}}
	g.AddCommand(commands...)
	return g
}

// noCommand says that there is no such command, and which one may have been meant.
func noCommand(cmd *cobra.Command, word string) error {
	cmd.SuggestionsMinimumDistance = 2
	meant := ""
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		meant = " (did you mean " + strings.Join(near, " or ") + "?)"
	}
	return usageError{fmt.Errorf("there is no command %q%s; see %s --help", word, meant, cmd.CommandPath())}
}

// exactly, atLeast and between are the argument counts of commands, as usage errors.
func exactly(n int) cobra.PositionalArgs { return usage(cobra.ExactArgs(n)) }
func atLeast(n int) cobra.PositionalArgs { return usage(cobra.MinimumNArgs(n)) }
func between(a, b int) cobra.PositionalArgs {
	return usage(cobra.RangeArgs(a, b))
}

func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}

// load reads the config, or prints its faults.
func (c *cli) load() (*Config, error) { return c.loadBy(loadConfig) }

// loadBare is load for a command that writes no notice: the texts of the site's own are not read, whatever is in them.
func (c *cli) loadBare() (*Config, error) {
	return c.loadBy(func(path string) (*Config, []Fault) { return readConfig(path, false) })
}

func (c *cli) loadBy(read func(path string) (*Config, []Fault)) (*Config, error) {
	path, err := findConfig(c.configPath)
	if err != nil {
		return nil, usageError{err}
	}
	cfg, faults := read(path)
	if len(faults) > 0 {
		reportFaults(c.err, faults)
		return nil, errFaults
	}
	return cfg, nil
}

// do runs a command's work: in the daemon at once; in a client by way of the daemon when one runs, and else on the store itself. writes says
// that the command may make a store where there is none.
func (c *cli) do(ctx context.Context, writes bool, f func(*house) error) error {
	if c.house != nil {
		return f(c.house)
	}
	cfg, err := c.loadBare()
	if err != nil {
		return err
	}
	conn, err := dialControl(cfg.Server.DataDir)
	if err == nil {
		return c.relay(ctx, conn)
	} else if !errors.Is(err, errNoDaemon) {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	db, err := openStore(cfg, !writes, log)
	if err != nil {
		return err
	}
	return inHouse(cfg, db, log, f)
}

// doAhead is do for a command that only reads, and of which a plan is enough: where there is no store yet, there is an empty one while it runs.
func (c *cli) doAhead(ctx context.Context, f func(*house) error) error {
	err := c.do(ctx, false, f)
	if !errors.Is(err, store.ErrNoStore) {
		return err
	}
	cfg, err := c.loadBare()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "convene-ahead-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(dir, store.Options{Log: log, Fleeting: true})
	if err != nil {
		return err
	}
	return inHouse(cfg, db, log, f)
}

// inHouse runs a command's work on a store, which it closes.
func inHouse(cfg *Config, db *store.DB, log *slog.Logger, f func(*house) error) error {
	engine, err := list.NewEngine(db, cfg.Site(), time.Now, newIDs(time.Now), log)
	if err == nil {
		engine.Bounces = list.BounceReading{Read: mailer.ReadBounce, Classify: mailer.ClassifyBounce}
		err = f(&house{cfg: cfg, db: db, engine: engine, editor: digest.NewEditor(engine, cfg.Programme(), log)})
	}
	return errors.Join(err, db.Close())
}

// openInput opens the file that a command reads. In the daemon the client has opened it, and its content comes as standard input.
func (c *cli) openInput(path string) error {
	c.reads = true
	if c.house != nil || path == "-" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	c.in = f
	return nil
}

// openOutput makes the file that a command writes, 0600, under a name of its own until keepOutput gives it its name. In the daemon the
// content goes to the client.
func (c *cli) openOutput(path string) error {
	if c.house != nil {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	c.file, c.saved = f, f
	return nil
}

// keepOutput ends the writing of an output file: it gets its name when all went well, and disappears otherwise.
func (c *cli) keepOutput(path string, err error) error {
	if c.saved == nil {
		return err
	}
	if err == nil {
		err = c.saved.Sync()
	}
	err = errors.Join(err, c.saved.Close())
	if err == nil {
		return os.Rename(c.saved.Name(), path)
	}
	return errors.Join(err, os.Remove(c.saved.Name()))
}
