package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// demoFiles are a community, its e-discussion, and what its people write: convene.toml, members.csv, posts.txt, answers.txt.
//
//go:embed demo
var demoFiles embed.FS

func (c *cli) demoCmd() *cobra.Command {
	stay := false
	cmd := &cobra.Command{Use: "demo", Short: "plays a two-week e-discussion in a temporary folder, with no config and no network", Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.house != nil {
				return errors.New("the demo needs no daemon")
			}
			if !cmd.Flags().Changed("stay") {
				stay = c.terminal
			}
			return c.demo(cmd.Context(), stay)
		}}
	cmd.Flags().BoolVar(&stay, "stay", false, "go on serving until Ctrl-C (the default on a terminal)")
	return cmd
}

// demoBegins is when the demo's clock begins: before anybody is asked for anything.
const demoBegins = "2026-02-16 08:00"

func (c *cli) demo(ctx context.Context, stay bool) error {
	dir, err := os.MkdirTemp("", "convene-demo-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, mustSub(demoFiles)); err != nil {
		return err
	}
	path := filepath.Join(dir, "convene.toml")
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		reportFaults(c.err, faults)
		return errFaults
	}
	begins, err := time.ParseInLocation("2006-01-02 15:04", demoBegins, cfg.Lists[0].Location)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	d, err := assemble(cfg, &clock{virtual: true, now: begins}, false, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		return err
	}
	d.path = path
	d.auth.Store(nil) // it asks no DNS
	return c.runDemo(ctx, d, dir, stay)
}

// runDemo serves while the discussion is played, and for as long as stay says.
func (c *cli) runDemo(ctx context.Context, d *daemon, dir string, stay bool) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	played := errors.New("played")
	c.stops.Store(true)
	err := d.run(ctx, func(l listeners) {
		go func() {
			pages := "http://" + l.http.Addr().String()
			err := d.linkTo(pages)
			if err == nil {
				err = c.play(ctx, d, l.smtp.Addr(), dir, stay)
			}
			if err == nil && stay {
				fmt.Fprintf(c.out, "\nThe list stays until Ctrl-C; its clock stands still. Read it at\n\n  %s/%s/\n\nand ask it from another window.\n", pages, d.cfg.Load().Lists[0].Address)
				return
			}
			if err == nil {
				err = played
			}
			stop(err)
		}()
	})
	if errors.Is(err, played) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// linkTo has mail link to pages at a port that was not known before they listened.
func (d *daemon) linkTo(pages string) error {
	cfg := *d.cfg.Load()
	cfg.HTTP.BaseURL = pages
	d.cfg.Store(&cfg)
	d.pages.Configure(d.pageSettings(&cfg))
	d.editor.Configure(cfg.Programme())
	return d.engine.Configure(cfg.Site())
}

// play plays the discussion and says what happened.
func (c *cli) play(ctx context.Context, d *daemon, addr net.Addr, dir string, stay bool) error {
	members, err := demoFiles.Open("demo/members.csv")
	if err != nil {
		return err
	}
	defer members.Close()
	p, err := newDemoPlay(d, addr.String())
	if err != nil {
		return err
	}
	if err := p.enrol(members); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "A community of %d, an e-discussion of two weeks in three languages,\nand a clock that is moved by hand.\n", p.members)
	if err := p.run(ctx); err != nil {
		return err
	}
	if err := c.showDemo(p); err != nil {
		return err
	}
	pages := demoPages
	if stay {
		pages = ""
	}
	_, err = fmt.Fprintf(c.out, demoPlaces, dir, p.list.Address, pages)
	return err
}

// demoPlaces says where to look; what is in it is the folder, and the list's address.
const demoPlaces = `
Where to look:

  cd %[1]s

  neomutt -f sent              every copy that went out
  convene plan show remote     the plan
  convene plan export remote   what came of it
  convene topic ls %[2]s
                               the topics
  convene.toml                 the config
  posts.txt, answers.txt       what its people wrote
  log                          the log
%[3]s`

// demoPages says how to see the pages, where they are gone once the demo is.
const demoPages = "  convene demo --stay          plays it again, and keeps its pages up\n"
