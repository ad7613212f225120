package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"convene/digest/plan"
	"convene/list"
)

func (c *cli) digestCmd() *cobra.Command {
	var o digestOptions
	preview := &cobra.Command{Use: "preview LIST KIND", Short: "a digest, or a summary, as it would go out", Args: exactly(2),
		Long: "Prints a digest as it would go out: daily, midweek, weekly, closing, catchup\n" +
			"or roundup. Nothing is sent.\n" +
			"With --format json: the facts of the posts that it tells of, as a summary is\n" +
			"made from; of a roundup the events.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), false, func(h *house) error { return c.previewDigest(h, args[0], args[1], o) })
		}}
	preview.Flags().StringVar(&o.at, "at", "", "as it would be at that `time`: 2026-03-06T11:00:00Z, or 2026-03-06 11:00 where the list is (default now)")
	preview.Flags().StringVar(&o.format, "format", "eml", "eml or json")
	preview.Flags().StringVar(&o.member, "member", "", "of catchup: whose `address` (default: of somebody who never wrote)")
	send := &cobra.Command{Use: "send LIST KIND", Short: "sends one now, ahead of its time", Args: exactly(2),
		Long: "Sends daily, midweek, weekly, closing, catchup or roundup now. What comes behind\n" +
			"a daily digest is in the next one; a summary goes out once; a round-up goes in\n" +
			"place of the next.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.do(cmd.Context(), true, func(h *house) error { return c.sendDigest(cmd, h, args[0], args[1], o) })
		}}
	send.Flags().StringVar(&o.member, "member", "", "of catchup: to which `address`")
	return group("digest", "digests and summaries", preview, send)
}

// digestOptions are the flags of the commands for digests.
type digestOptions struct{ at, format, member string }

// Kinds of digests beside those of a discussion.
const (
	kindDaily   = "daily"
	kindCatchUp = "catchup"
	kindRoundup = "roundup"
)

// digestOf finds the list, and refuses what is no kind of digest.
func digestOf(h *house, address, kind, member string) (*list.List, error) {
	switch kind {
	case kindDaily, kindCatchUp, kindRoundup, string(plan.Midweek), string(plan.Weekly), string(plan.Closing):
	case "report":
		return nil, fmt.Errorf("%s: not in this version", kind)
	default:
		return nil, usageError{fmt.Errorf("there is no digest %q; there are daily, midweek, weekly, closing, catchup and roundup", kind)}
	}
	if member != "" && kind != kindCatchUp {
		return nil, usageError{fmt.Errorf("--member is of catchup alone; a %s is for all", kind)}
	}
	l, ok := h.engine.Site().List(address)
	if !ok {
		return nil, fmt.Errorf("list %s: %w", address, list.ErrNotFound)
	}
	return l, nil
}

// digestTime reads a time of a flag; empty: now.
func digestTime(s string, l *list.List, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	zone := l.Location
	if zone == nil {
		zone = time.UTC
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		return t, usageError{fmt.Errorf("%q is no time; write 2026-03-06T11:00:00Z, or 2026-03-06 11:00", s)}
	}
	return t, nil
}

func (c *cli) previewDigest(h *house, address, kind string, o digestOptions) error {
	l, err := digestOf(h, address, kind, o.member)
	if err != nil {
		return err
	}
	at, err := digestTime(o.at, l, h.now())
	if err != nil {
		return err
	}
	if o.format != "eml" && o.format != "json" {
		return usageError{fmt.Errorf("there is no format %q; there are eml and json", o.format)}
	}
	if o.format == "json" || c.json {
		f, err := digestFacts(h, l, kind, at, o.member)
		if err != nil {
			return err
		}
		return c.printJSON(f)
	}
	written, err := digestLetter(h, l, kind, at, o.member)
	if err != nil {
		return err
	}
	_, err = c.out.Write(h.engine.Written(l, written, at))
	return err
}

// digestFacts are the facts of a digest.
func digestFacts(h *house, l *list.List, kind string, at time.Time, member string) (any, error) {
	switch kind {
	case kindRoundup:
		return h.editor.RoundupFacts(l, at)
	case kindDaily:
		return h.editor.DailyFacts(l, at)
	case kindCatchUp:
		return h.editor.CatchUpFacts(l, member, at)
	}
	_, f, err := h.editor.Digest(l, plan.Kind(kind), "", at)
	return f, err
}

// digestLetter is a digest as it would go out.
func digestLetter(h *house, l *list.List, kind string, at time.Time, member string) (*list.Letter, error) {
	switch kind {
	case kindDaily:
		return h.editor.DailyPreview(l, "", at)
	case kindCatchUp:
		return h.editor.CatchUpPreview(l, member, at)
	case kindRoundup:
		return h.editor.RoundupPreview(l, "", at)
	}
	mail, _, err := h.editor.Digest(l, plan.Kind(kind), "", at)
	return &list.Letter{Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML, Language: mail.Language, Kind: kind, Word: "facilitator"}, err
}

func (c *cli) sendDigest(cmd *cobra.Command, h *house, address, kind string, o digestOptions) error {
	l, err := digestOf(h, address, kind, o.member)
	if err != nil {
		return err
	}
	switch kind {
	case kindDaily:
		return h.editor.SendDaily(cmd.Context(), l, h.now())
	case kindRoundup:
		return h.editor.SendRoundup(cmd.Context(), l, h.now())
	case kindCatchUp:
		if o.member == "" {
			return usageError{errors.New("whom a catch-up goes to is said by --member ADDRESS")}
		}
		return h.editor.SendCatchUp(l, o.member, h.now())
	}
	discussion, n, err := h.editor.NextSummary(l, plan.Kind(kind), h.now())
	if err != nil {
		return err
	}
	return h.editor.SendNow(cmd.Context(), discussion, n, h.now())
}
