package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"convene/list"
	"convene/list/message"
)

// fate is what explain tells: the message's, and each copy's.
type fate struct {
	list.Fate
	Copies []queueRow `json:"copies"`
	// Former is how many copies were delivered to members who have left since: their addresses are not known any more.
	Former uint64 `json:"former_members,omitempty"`
}

func (c *cli) explainCmd() *cobra.Command {
	var address string
	cmd := &cobra.Command{Use: "explain MESSAGE-ID | explain --list LIST < message", Short: "what became of a message, or would", Args: between(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (address == "") == (len(args) == 0) {
				return usageError{errors.New("name a Message-ID, or --list LIST and give the message as standard input")}
			}
			c.reads = address != ""
			return c.do(cmd.Context(), false, func(h *house) error {
				if address != "" {
					return c.foresee(cmd.Context(), h, address)
				}
				return c.explain(h, args[0])
			})
		}}
	cmd.Flags().StringVar(&address, "list", "", "what would become of a message to this `list`")
	return cmd
}

func (c *cli) explain(h *house, id string) error {
	fates, err := h.engine.Explain(id)
	if err != nil {
		return err
	}
	var all []fate
	for _, f := range fates {
		one := fate{Fate: f, Copies: []queueRow{}}
		if f.Outgoing != 0 {
			err := h.db.Copies(f.Outgoing, func(r list.QueueRow) error { one.Copies = append(one.Copies, newQueueRow(r)); return nil })
			if err == nil {
				one.Former, err = h.former(f.Outgoing, one.Copies)
			}
			if err != nil && !errors.Is(err, list.ErrNotFound) {
				return err
			}
		}
		all = append(all, one)
	}
	if c.json {
		return c.printJSON(all)
	}
	for _, f := range all {
		if err := c.printFate(f); err != nil {
			return err
		}
	}
	return nil
}

// former counts the copies that were delivered and that no row tells of.
func (h *house) former(outgoing uint64, rows []queueRow) (n uint64, err error) {
	err = h.db.View(func(r list.Reader) error {
		tally, err := r.Tally(outgoing)
		n = tally.Delivered
		return err
	})
	for _, r := range rows {
		if r.State == string(list.Delivered) && n > 0 {
			n--
		}
	}
	return n, err
}

// foresee asks the rules about a message that is only shown to them. It comes from nowhere, so SPF says nothing; DKIM and DMARC are asked.
func (c *cli) foresee(ctx context.Context, h *house, address string) error {
	raw, err := readMessage(c.in, h.cfg.SMTP.MaxMessage)
	if err != nil {
		return err
	}
	env := list.Envelope{ID: "explain", Protocol: "ESMTP", Helo: "localhost", Received: h.now(), From: "unknown@" + h.cfg.Server.Hostname}
	auth := newAuthenticator(h.cfg)
	in := &list.Incoming{Envelope: env, Raw: raw, Policy: auth.Policy}
	in.Auth = func(ctx context.Context, m *message.Message) list.Authentication {
		return auth.Check(ctx, &in.Envelope, m, nil)
	}
	f, err := h.engine.Foresee(ctx, address, in)
	if err != nil {
		return err
	}
	one := fate{Fate: f, Copies: []queueRow{}}
	if c.json {
		return c.printJSON(one)
	}
	return c.printFate(one)
}

func (c *cli) printFate(f fate) error {
	rows := [][2]string{{"message-id", f.MessageID}, {"list", f.List}, {"id", f.ID}, {"from", f.From}, {"subject", f.Subject}, {"arrived", when(f.Arrived)},
		{"state", f.State}}
	for _, n := range []struct {
		name  string
		value uint64
	}{{"post", uint64(f.Post)}, {"topic", uint64(f.Topic)}, {"held", f.Held}, {"out", f.Outgoing}} {
		if n.value != 0 {
			rows = append(rows, [2]string{n.name, strconv.FormatUint(n.value, 10)})
		}
	}
	if f.Special {
		rows = append(rows, [2]string{"special", yes(true)})
	}
	if f.Auth != "" {
		rows = append(rows, [2]string{"authentication", f.Auth})
	}
	if err := c.pairs(rows...); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "\nrules:")
	for _, o := range f.Trace {
		fmt.Fprintf(c.out, "  %-14s %-8s %s\n", o.Rule, o.Action, printable(o.Reason))
	}
	if len(f.Steps) > 0 {
		heading := "steps:"
		if f.State == "held" || f.State == string(list.ActHold) {
			heading = "steps, if it is let through:"
		}
		fmt.Fprintln(c.out, "\n"+heading)
	}
	for _, s := range f.Steps {
		for _, n := range s.Notes {
			fmt.Fprintf(c.out, "  %-14s %s\n", s.Step, printable(n))
		}
	}
	if f.Original != "" {
		fmt.Fprintln(c.out, "\ntext that came, before a moderator edited it:")
		for line := range strings.SplitSeq(strings.TrimSpace(f.Original), "\n") {
			fmt.Fprintln(c.out, "  "+printable(line))
		}
	}
	if len(f.Copies) > 0 {
		fmt.Fprintln(c.out, "\ncopies:")
	}
	for _, r := range f.Copies {
		light := ""
		if r.Light {
			light = "(without attachments) "
		}
		if _, err := fmt.Fprintf(c.out, "  %-10s %s %s%s\n", r.State, printable(r.Recipient), light, printable(r.Status)); err != nil {
			return err
		}
		for _, report := range f.Reports {
			if strings.HasSuffix(r.ID, fmt.Sprintf("-%d", report.Number)) {
				fmt.Fprintf(c.out, "  %-10s a report came back %s (%s): %s\n", "", when(report.Arrived), meaning(report.Means), printable(report.Text))
			}
		}
	}
	if f.Former > 0 {
		fmt.Fprintf(c.out, "  %-10s %s who left since\n", string(list.Delivered), count(int(f.Former), "member"))
	}
	return nil
}

// meaning says in words what a report comes to.
func meaning(means string) string {
	switch list.BounceClass(means) {
	case list.ClassHard:
		return "the address does not work"
	case list.ClassSoft:
		return "it did not work this time"
	case list.ClassContent:
		return "this message was not taken; the address is not to blame"
	case list.ClassPolicy:
		return "the sender was not wanted; the address is not to blame"
	case list.ClassOurs:
		return "something of ours was wrong; the address is not to blame"
	}
	return means
}

func stampText(s stamp) string { return when(time.Time(s)) }

// readMessage reads a message from a file or a pipe. Line ends become CRLF, since that is how it would have come by SMTP.
func readMessage(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("the message is larger than smtp.max_message (%d octets)", limit)
	}
	if len(b) == 0 {
		return nil, errors.New("there is no message on standard input")
	}
	out := make([]byte, 0, len(b)+len(b)/40)
	for i, c := range b {
		if c == '\n' && (i == 0 || b[i-1] != '\r') {
			out = append(out, '\r')
		}
		out = append(out, c)
	}
	return out, nil
}
