package digest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"convene/digest/facts"
)

// What a [summary] command may take.
const (
	proseTime = 30 * time.Second
	proseMost = 16 << 10 // octets of text
)

// errProseLong says that a command wrote more than it may.
var errProseLong = errors.New("it writes more than 16 KiB")

// prose is what the site's own command makes of facts: JSON on its standard input, Markdown on its standard output. It stands in a draft, where a person reads
// it first. A command that fails, or takes too long, leaves the draft without; the log says why.
func (e *Editor) prose(ctx context.Context, f *facts.Facts) string {
	words := strings.Fields(e.programme.Load().Command)
	if len(words) == 0 || f == nil {
		return ""
	}
	text, err := runProse(ctx, words, f)
	if err != nil {
		e.Log.Warn("summary command failed", "command", words[0], "error", err)
		return ""
	}
	return text
}

// runProse runs a command: a program and its arguments, which no shell reads.
func runProse(ctx context.Context, words []string, f *facts.Facts) (string, error) {
	in, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, proseTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Stdin, cmd.Env, cmd.WaitDelay = bytes.NewReader(in), proseEnvironment(), time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that what it has started ends with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	out := &proseOut{stop: cancel}
	cmd.Stdout = out
	err = cmd.Run()
	switch {
	case out.long:
		return "", errProseLong
	case err != nil && ctx.Err() != nil:
		return "", errors.Join(ctx.Err(), err)
	case err != nil:
		return "", err
	}
	return cleanProse(string(out.text)), nil
}

// proseEnvironment is what a command may know of ours.
func proseEnvironment() (all []string) {
	for _, name := range []string{"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			all = append(all, name+"="+v)
		}
	}
	return all
}

// proseOut takes what a command writes, and stops it where it writes too much. It has no more methods than that: a ReadFrom would be preferred to Write.
type proseOut struct {
	text []byte
	long bool
	stop func()
}

func (o *proseOut) Write(p []byte) (int, error) {
	if len(o.text)+len(p) > proseMost {
		o.long = true
		o.stop()
		return 0, errProseLong
	}
	o.text = append(o.text, p...)
	return len(p), nil
}

// cleanProse leaves out what is no text.
func cleanProse(s string) string {
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Co, r) {
			return -1
		}
		return r
	}, s))
}
