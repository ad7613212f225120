package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"convene/digest"
	"convene/digest/plan"
	"convene/list"
	"convene/list/message"
	"convene/mailer"
	"convene/store"
)

// rehearseOptions are the files of a rehearsal.
type rehearseOptions struct{ posts, out, members, replies string }

func (c *cli) rehearseCmd() *cobra.Command {
	var o rehearseOptions
	cmd := &cobra.Command{Use: "rehearse DISCUSSION --posts FILE.mbox --out DIR", Short: "plays a plan against real posts, in virtual time", Args: exactly(1),
		Long: "Plays a discussion of the config against the posts of an mbox file, each handed\n" +
			"in at its Date, in virtual time and in a store of its own, and leaves every mail\n" +
			"that would have gone out in DIR: NNNN-KIND.eml, one file for each distinct\n" +
			"message, in the order of sending, and index.json. Nothing is sent, and the store\n" +
			"of the config is not touched.\n\n" +
			"All posts count as posts of the discussion, whatever their topic. Who wrote one\n" +
			"and is not in --members is a member without mail. Without --members everybody\n" +
			"who wrote gets each post. A mail of --replies answers the latest mail to its\n" +
			"sender that has its subject.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.posts == "" || o.out == "" {
				return usageError{errors.New("rehearse needs --posts FILE.mbox and --out DIR")}
			}
			if c.house != nil {
				return errors.New("a rehearsal needs no daemon")
			}
			return c.rehearse(cmd.Context(), args[0], o)
		}}
	cmd.Flags().StringVar(&o.posts, "posts", "", "the posts, an mbox `file`")
	cmd.Flags().StringVar(&o.out, "out", "", "the `folder` for the mails, new or empty")
	cmd.Flags().StringVar(&o.members, "members", "", "the members, a CSV `file` as member import takes it")
	cmd.Flags().StringVar(&o.replies, "replies", "", "answers to the mails, an mbox `file`")
	return cmd
}

// rehearseGC is the GOGC of a rehearsal: it is over in seconds, and twice the memory saves a sixth of them.
const rehearseGC = 400

func (c *cli) rehearse(ctx context.Context, id string, o rehearseOptions) error {
	defer debug.SetGCPercent(debug.SetGCPercent(rehearseGC))
	cfg, err := c.load()
	if err != nil {
		return err
	}
	programme := cfg.Programme()
	at := slices.IndexFunc(programme.Discussions, func(d *plan.Discussion) bool { return d.ID == id })
	if at < 0 {
		return fmt.Errorf("there is no discussion %q in the config", id)
	}
	d := programme.Discussions[at]
	programme.Discussions, programme.AllPosts = []*plan.Discussion{d}, true
	posts, undated, err := readMails(o.posts)
	if err != nil {
		return err
	}
	var replies []*message.Message
	if o.replies != "" {
		var more []string
		if replies, more, err = readMails(o.replies); err != nil {
			return err
		}
		undated = append(undated, more...)
	}
	if err := emptyFolder(o.out); err != nil {
		return err
	}
	r, err := newRehearsal(cfg, programme, d, o.out)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.enrol(o.members, posts); err != nil {
		return err
	}
	r.refused = undated
	if err := r.play(ctx, posts, replies); ctx.Err() != nil {
		return fmt.Errorf("interrupted: what is in %s is not all", o.out)
	} else if err != nil {
		return err
	}
	return c.reportRehearsal(r)
}

// readMails reads an mbox file: the messages that have a date, in the order of their dates, and what the others are about.
func readMails(path string) (all []*message.Message, undated []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	err = message.Mbox(f, 100<<20, func(m message.MboxMessage) error {
		all = append(all, message.Parse(plainFrom(m.Raw)))
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	dated := func(m *message.Message) time.Time { t, _ := m.Date(); return t }
	all = slices.DeleteFunc(all, func(m *message.Message) bool {
		if dated(m).IsZero() {
			undated = append(undated, fmt.Sprintf("%q, in %s: it has no date that can be read", m.Subject(), path))
		}
		return dated(m).IsZero()
	})
	slices.SortStableFunc(all, func(a, b *message.Message) int { return dated(a).Compare(dated(b)) })
	return all, undated, nil
}

// emptyFolder makes a folder, or sees that it is empty: nobody's files are mixed with those of a rehearsal.
func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if names, err := f.Readdirnames(1); len(names) > 0 {
		return fmt.Errorf("%s is not empty", dir)
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// newRehearsal opens a store of its own, with the list of the discussion alone.
func newRehearsal(cfg *Config, programme *digest.Programme, d *plan.Discussion, out string) (*rehearsal, error) {
	site := cfg.Site()
	l, ok := site.List(d.List)
	if !ok {
		return nil, fmt.Errorf("there is no list %s", d.List)
	}
	alone := *site
	alone.Lists, alone.Personalise = []*list.List{l}, false // every copy of a message is the same
	dir, err := os.MkdirTemp("", "convene-rehearse-")
	if err != nil {
		return nil, err
	}
	r := &rehearsal{discussion: d, list: l, out: out, dir: dir, clock: &clock{virtual: true}, files: map[uint64]int{}}
	log := slog.New(slog.DiscardHandler)
	if r.db, err = store.Open(dir, store.Options{Log: log, Fleeting: true}); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if r.engine, err = list.NewEngine(r.db, list.NewSite(alone), r.clock.Now, newIDs(r.clock.Now), log); err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.engine.Bounces = list.BounceReading{Read: mailer.ReadBounce, Classify: mailer.ClassifyBounce}
	r.editor = digest.NewEditor(r.engine, programme, log)
	return r, nil
}
