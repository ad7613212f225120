package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func (c *cli) serveCmd() *cobra.Command {
	var virtual string
	var existing bool
	cmd := &cobra.Command{Use: "serve", Short: "runs the engine in the foreground; SIGHUP reads the config again, SIGTERM stops it", Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.house != nil {
				return errors.New("this daemon serves already")
			}
			cl := &clock{}
			if virtual != "" {
				at, err := parseTime(virtual)
				if err != nil {
					return usageError{err}
				}
				cl = &clock{virtual: true, now: at}
			}
			return c.serve(cmd.Context(), cl, existing)
		}}
	cmd.Flags().StringVar(&virtual, "virtual-clock", "", "time stands still at `TIME` and moves only by clock advance")
	cmd.Flags().BoolVar(&existing, "existing", false, "refuse to make a store where there is none")
	return cmd
}

func (c *cli) serve(ctx context.Context, cl *clock, existing bool) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if cl.virtual {
		if err := loopbackOnly(cfg); err != nil {
			return usageError{err}
		}
	}
	log := newLog(c.err)
	d, err := assemble(cfg, cl, existing, log)
	if err != nil {
		return err
	}
	if d.path, err = findConfig(c.configPath); err != nil {
		return errors.Join(err, d.closeStores())
	}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	done := make(chan struct{})
	defer close(done)
	go func() { // ends with serve
		for {
			select {
			case <-hup:
				if err := d.reload(); err != nil {
					log.Error("reload", "error", err)
				}
			case <-done:
				return
			}
		}
	}()
	c.stops.Store(true)
	return d.run(ctx, func(listeners) {})
}

// newLog writes text to a terminal and JSON to anything else.
func newLog(w io.Writer) *slog.Logger {
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

func (c *cli) clockCmd() *cobra.Command {
	now := &cobra.Command{Use: "now", Short: "what time it is for the engine", Args: exactly(0), RunE: func(cmd *cobra.Command, _ []string) error {
		return c.do(cmd.Context(), false, func(h *house) error {
			t := time.Now()
			if h.daemon != nil {
				t = h.daemon.clock.Now()
			}
			_, err := fmt.Fprintln(c.out, t.UTC().Format(time.RFC3339))
			return err
		})
	}}
	advance := &cobra.Command{Use: "advance DURATION", Short: "moves a virtual clock, doing on the way what falls due", Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			by, err := parseDuration(args[0])
			if err != nil {
				return usageError{err}
			}
			return c.do(cmd.Context(), false, func(h *house) error {
				if h.daemon == nil {
					return errors.New("no daemon runs; start one with serve --virtual-clock")
				}
				t, err := h.daemon.advance(cmd.Context(), by)
				if err == nil {
					_, err = fmt.Fprintln(c.out, t.UTC().Format(time.RFC3339))
				}
				return err
			})
		}}
	return group("clock", "the virtual clock", now, advance)
}
