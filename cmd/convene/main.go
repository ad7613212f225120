// Command convene runs email lists: it takes posts by SMTP, decides on them, sends each member a copy, threads them into topics and keeps
// them. One binary is the daemon (serve) and every command that an admin needs. This package is wiring: what a list does is in package
// list, the wire in mailer, the disk in store.
//
// While the daemon runs, a command goes to it through the control socket and runs there, on the open store; otherwise it opens the store
// itself (control.go). Both run the same code.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set by the linker for a release.
var version = "0.1-dev"

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // usage or config error
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], stdio())
	os.Exit(code)
}

// streams are where a command reads and writes: the process's own, or the frames of a control connection.
type streams struct {
	in       io.Reader
	out, err io.Writer
	terminal bool // out is a terminal
}

func stdio() streams {
	return streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: isTerminal(os.Stdout)}
}

// isTerminal reports whether a file is a terminal; /dev/null, a character device too, is taken for none by its inability to be asked.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// endWithin is how long a command may go on that was told to stop: to close what it has open.
const endWithin = time.Second

// run runs one command of this process and returns its exit status. When ctx ends, a command that does not end by itself is left where it is: the
// store bears that at any time.
func run(ctx context.Context, args []string, s streams) int {
	c := &cli{streams: s, args: args}
	done := make(chan int, 1)
	go func() { done <- c.run(ctx) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	late := time.NewTimer(endWithin)
	defer late.Stop()
	select {
	case code := <-done:
		return code
	case <-late.C:
	}
	if c.stops.Load() {
		return <-done
	}
	fmt.Fprintln(s.err, "convene: stopped before it was done")
	return exitFailed
}

// usageError is a mistake in the command line; faultsError one in the config, already printed.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

var (
	errFaults = errors.New("the config has faults")
	errTold   = errors.New("the reason was printed")
)

// remoteExit is the exit status of a command that ran in the daemon.
type remoteExit int

func (e remoteExit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// exitStatus turns the result of a command into an exit status, and prints what was not printed yet.
func exitStatus(err error, stderr io.Writer) int {
	var usage usageError
	var remote remoteExit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &remote):
		return int(remote)
	case errors.Is(err, errFaults):
		return exitUsage
	case errors.Is(err, errTold):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "convene: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "convene: %v\n", err)
	return exitFailed
}
