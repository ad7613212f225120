package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/spf13/cobra"

	"convene/list"
	"convene/list/message"
)

// demoConfig is the config that the demo runs on; it stays to be looked at.
const demoConfig = `# The config of the demo. An own one begins like this.
[server]
hostname = "localhost.localdomain"
data_dir = "./data"
admin    = "amina@example.org"

[smtp]
listen = "127.0.0.1:0"            # any free port

[http]
listen = "127.0.0.1:0"            # any free port

[delivery]
transport = "maildir"             # copies are put into a folder, to look at; nothing leaves this machine
maildir   = "./sent"

[[list]]
address        = "peers@lists.example.org"
name           = "Peer Learning"
owners         = ["amina@example.org"]
moderators     = ["luis@example.org"]
posting        = "hold_others"    # members post; what others send waits for a moderator
require_auth   = "never"          # nobody signs mail on a demo
subject_prefix = "[peers]"
archive        = "public"         # anybody who gets to this machine may read it on the web
new_members_moderated_for = 0
`

const demoMembers = `address,name,mode
amina@example.org,Amina Diallo,each
dede@example.org,Dede Owusu,each
luis@example.org,Luis Prieto,each
noor@example.org,Noor Haddad,each
tomas@example.org,Tomás Vega,each
wanjiru@example.org,Wanjiru Kamau,nomail
`

// demoMail is one message of the demo.
type demoMail struct {
	from, name, subject, id, answers, text string
}

var demoMails = []demoMail{
	{"amina@example.org", "Amina Diallo", "When a quiet group begins to talk", "q1", "",
		"Think of a time when a quiet group began to talk.\nWhat had somebody just done?"},
	{"dede@example.org", "Dede Owusu", "Re: [peers] When a quiet group begins to talk", "a1", "q1",
		"I telephoned three people the evening before and asked each of them\nfor one sentence. Next morning the three sentences were there, and then\nthe others could not leave them alone."},
	{"tomas@example.org", "Tomás Vega", "RE: When a quiet group begins to talk", "a2", "q1",
		"We stopped asking \"any questions?\" and asked \"what would you have done?\""},
	{"noor@example.org", "Noor Haddad", "Re: When a quiet group begins to talk", "a3", "a1",
		"Dede, did you tell them that you would ask in public, too?"},
	{"noor@example.org", "Noor Haddad", "A reading for the train", "r1", "",
		"Twelve pages on listening, without a single picture. Who wants them?"},
	{"visitor@example.net", "A Visitor", "May I join in?", "v1", "",
		"A friend told me about this list. May I ask something?"},
	{"luis@example.org", "Luis Prieto", "Re: A reading for the train", "r2", "r1", "Me, please."},
}

func (c *cli) demoCmd() *cobra.Command {
	stay := false
	cmd := &cobra.Command{Use: "demo", Short: "plays a list in a temporary folder, with no config and no network", Args: exactly(0),
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

func (c *cli) demo(ctx context.Context, stay bool) error {
	dir, err := os.MkdirTemp("", "convene-demo-")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "convene.toml")
	if err := os.WriteFile(path, []byte(demoConfig), 0o600); err != nil {
		return err
	}
	cfg, faults := loadConfig(path)
	if len(faults) > 0 {
		reportFaults(c.err, faults)
		return errFaults
	}
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	d, err := assemble(cfg, &clock{}, false, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		return err
	}
	d.path = path
	d.auth.Store(nil) // it asks no DNS
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	played := errors.New("played")
	c.stops.Store(true)
	err = d.run(ctx, func(l listeners) {
		go func() {
			pages := "http://" + l.http.Addr().String()
			err := d.linkTo(pages)
			if err == nil {
				err = c.play(ctx, d, l.smtp.Addr(), dir)
			}
			if err == nil && stay {
				fmt.Fprintf(c.out, "\nThe list goes on until Ctrl-C. Read it: %s/peers@lists.example.org/ Post to it: SMTP on %s. Ask it, from another window, for example\n\n    %s\n",
					pages, l.smtp.Addr(), "convene held show 1 --config "+path)
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
	return d.engine.Configure(cfg.Site())
}

// play fills the list, posts to it by SMTP, and shows what became of it.
func (c *cli) play(ctx context.Context, d *daemon, addr net.Addr, dir string) error {
	if _, err := d.engine.ImportMembers("peers@lists.example.org", strings.NewReader(demoMembers), list.ImportOptions{}); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "A list, peers@lists.example.org, with six members, and an SMTP port of its own on %s.\n\nPosts come in:\n\n", addr)
	started := time.Now()
	for _, m := range demoMails {
		reply, err := m.send(addr.String(), started)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "  %-14s %-48s %s\n", m.name, m.subject, reply)
	}
	if err := d.courier.Quiesce(ctx, d.clock.Now()); err != nil {
		return err
	}
	if err := c.showDelivered(filepath.Join(dir, "sent", "new")); err != nil {
		return err
	}
	if err := c.showThreads(d.engine); err != nil {
		return err
	}
	held, err := d.engine.HeldPosts("")
	if err != nil {
		return err
	}
	fmt.Fprint(c.out, "\nWhat waits for a moderator:\n\n")
	for _, h := range held {
		fmt.Fprintf(c.out, "  %d  %s: %s\n     %s\n", h.ID, h.From, h.Subject, strings.Join(h.Reasons, "; "))
	}
	_, err = fmt.Fprintf(c.out, `
Where to look:

  every copy that went out   %[1]s/sent       (neomutt -f %[1]s/sent)
  the config                 %[1]s/convene.toml
  the log                    %[1]s/log
  topics                     convene topic ls peers@lists.example.org --config %[1]s/convene.toml
  what became of a post      convene explain '<a1@example.org>' --config %[1]s/convene.toml
  let the held post through  convene held approve 1 --config %[1]s/convene.toml
`, dir)
	return err
}

// send posts a mail as a mail client would, and returns what the list said.
func (m demoMail) send(addr string, at time.Time) (string, error) {
	head := "From: " + strings.TrimPrefix(message.EncodeMailboxes("From", message.Mailbox{Name: m.name, Addr: m.from}), "From: ") +
		"To: peers@lists.example.org\r\n" + message.EncodeText("Subject", m.subject) + "Message-ID: <" + m.id + "@example.org>\r\n" +
		"Date: " + at.Format(time.RFC1123Z) + "\r\n"
	if m.answers != "" {
		head += "In-Reply-To: <" + m.answers + "@example.org>\r\nReferences: <" + m.answers + "@example.org>\r\n"
	}
	mail := head + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
		strings.ReplaceAll(m.text, "\n", "\r\n") + "\r\n"
	conn, err := smtp.Dial(addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.Mail(m.from, nil); err != nil {
		return "", err
	}
	if err := conn.Rcpt("peers@lists.example.org", nil); err != nil {
		return "", err
	}
	w, err := conn.Data()
	if err != nil {
		return "", err
	}
	if _, err := w.Write([]byte(mail)); err != nil {
		return "", err
	}
	reply, err := w.CloseWithResponse()
	if err != nil {
		return "", err
	}
	return "250 " + reply.StatusText, conn.Quit()
}

// showDelivered says who got what, from the folder that the copies were put into.
func (c *cli) showDelivered(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	got := map[string][]string{}
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		m := message.Parse(raw)
		to := m.Get("X-Envelope-To")
		got[to] = append(got[to], m.Subject())
	}
	var who []string
	for to := range got {
		who = append(who, to)
	}
	sort.Strings(who)
	fmt.Fprint(c.out, "\nWho got what (nomail is a member who reads nothing by mail, so there is none for wanjiru@):\n\n")
	for _, to := range who {
		sort.Strings(got[to])
		fmt.Fprintf(c.out, "  %-22s %d copies: %s\n", to, len(got[to]), printable(got[to][0])+", …")
	}
	return nil
}

func (c *cli) showThreads(e *list.Engine) error {
	topics, err := e.Topics("peers@lists.example.org")
	if err != nil {
		return err
	}
	fmt.Fprint(c.out, "\nThe topics, and who answers whom:\n\n")
	for _, t := range topics {
		full, err := e.Topic("peers@lists.example.org", t.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "  %d  %s\n", full.ID, printable(full.Subject))
		for _, l := range full.Tree {
			fmt.Fprintf(c.out, "     %s%s\n", strings.Repeat("  ", l.Depth), printable(l.Name))
		}
	}
	return nil
}
