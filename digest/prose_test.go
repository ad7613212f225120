package digest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convene/digest/facts"
)

// script is a program that does what a test wants of a [summary] command.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "summary")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRunProse(t *testing.T) {
	f := &facts.Facts{Counts: facts.Counts{Posts: 12}}
	for name, c := range map[string]struct{ body, want, err string }{
		"what it writes is the text":            {`echo "A week of calls."`, "A week of calls.", ""},
		"it gets the facts":                     {`grep -o '"posts":12'`, `"posts":12`, ""},
		"its arguments are no shell's":          {`echo "$1$2"`, "$(id);", ""},
		"control characters are left out":       {`printf 'a\033[1m\007b\rc'`, "a[1mbc", ""},
		"what is no UTF-8 is marked":            {`printf 'a\377b'`, "a\uFFFDb", ""},
		"one that fails has no text":            {`echo x; exit 3`, "", "exit status 3"},
		"one that writes too much is stopped":   {`yes`, "", "more than 16 KiB"},
		"one that reads nothing is taken":       {`exec <&-; echo "A week."`, "A week.", ""},
		"of our environment it sees no secrets": {`echo "$CONVENE_SECRET"`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CONVENE_SECRET", "secret")
			text, err := runProse(context.Background(), []string{script(t, c.body), "$(id)", ";"}, f)
			if text != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	pipe, done := filepath.Join(t.TempDir(), "ready"), make(chan error)
	go func() {
		_, err := runProse(ctx, []string{script(t, `sleep 1000 & touch `+pipe+`; wait`)}, f)
		done <- err
	}()
	for {
		if _, err := os.Stat(pipe); err == nil {
			break
		}
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("one that goes on for ever ended well")
	}
}

// TestProse: what the site's command writes stands in the draft, and goes out with it once somebody has read it; never in the plain form.
func TestProse(t *testing.T) {
	for name, c := range map[string]struct {
		body, answer string
		drafted, out bool
	}{
		"approved":                 {`echo "A week of calls and radio."`, "send", true, true},
		"nobody answered":          {`echo "A week of calls and radio."`, "", true, false},
		"their own words instead":  {`echo "A week of calls and radio."`, "say My own words.", true, false},
		"the command fails":        {`echo "A week of calls and radio."; exit 1`, "send", false, false},
		"the command is not there": {"", "send", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, draft := weeklyDraft(t, func(up *setUp) {
				if up.Programme.Command = "/nowhere/summary"; c.body != "" {
					up.Programme.Command = script(t, c.body)
				}
			})
			const prose = "A week of calls and radio."
			if got := strings.Contains(draft.text(), prose); got != c.drafted {
				t.Errorf("it is in the draft: %v", got)
			}
			if c.answer != "" {
				s.say(draft, luis, c.answer)
			}
			s.advance("2026-03-06 11:00")
			if got := strings.Contains(s.last(member(1), "weekly").text(), prose); got != c.out {
				t.Errorf("it is in what went out: %v", got)
			}
		})
	}
}
