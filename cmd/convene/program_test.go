package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// program is the real program in a process of its own, in a folder with a config.
type program struct {
	dir  string
	addr string
	bin  string // empty: this test's own binary
	// serve are further arguments of serve.
	serve []string
	cmd   *exec.Cmd

	gone  chan struct{} // closed when it has ended
	ended error         // how, then
}

// command is the program with arguments; TestMain of the process that this test's binary becomes runs main.
func (p *program) command(prefix []string, args ...string) *exec.Cmd {
	bin := p.bin
	if bin == "" {
		var err error
		if bin, err = os.Executable(); err != nil {
			panic(err)
		}
	}
	link := filepath.Join(p.dir, "convene")
	os.Symlink(bin, link)
	args = append(append(prefix, link), args...)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = p.dir
	return cmd
}

func (p *program) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.command(nil, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// start starts serve and waits until it greets.
func (p *program) start(t *testing.T, prefix ...string) {
	t.Helper()
	if err := p.begin(prefix...); err != nil {
		t.Fatal(err)
	}
}

// launch starts serve, in a process group of its own.
func (p *program) launch(prefix ...string) error {
	p.cmd = p.command(prefix, append([]string{"serve"}, p.serve...)...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.OpenFile(filepath.Join(p.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd.Stderr = log
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.gone = make(chan struct{})
	go func(cmd *exec.Cmd, gone chan struct{}) {
		p.ended = cmd.Wait()
		close(gone)
	}(p.cmd, p.gone)
	return nil
}

// begin is start that returns what went wrong, with the end of the log.
func (p *program) begin(prefix ...string) error {
	if err := p.launch(prefix...); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); ; {
		conn, err := textproto.Dial("tcp", p.addr)
		if err == nil {
			_, _, err = conn.ReadResponse(220)
			conn.Close()
		}
		if err == nil {
			return nil
		}
		if !p.running() || time.Now().After(deadline) {
			b, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			return fmt.Errorf("it does not greet: %w\n%s", err, b[max(0, len(b)-2000):])
		}
		<-time.After(5 * time.Millisecond) // another process has no other way to say that it is there
	}
}

// running reports whether the program was started and has not ended.
func (p *program) running() bool {
	if p.gone == nil {
		return false
	}
	select {
	case <-p.gone:
		return false
	default:
		return true
	}
}

// wait waits for the end of the program; the error says whether it was a good one.
func (p *program) wait() error {
	<-p.gone
	return p.ended
}

// kill ends the program at once, as kill -9 does.
func (p *program) kill() {
	if p.running() {
		p.cmd.Process.Kill()
		<-p.gone
	}
}

// end kills the program, whose log then says whether the race detector, in a build with one, saw anything: who is killed has no exit status to say so by.
func (p *program) end(t *testing.T) {
	t.Helper()
	p.kill()
	log, err := os.ReadFile(filepath.Join(p.dir, "log"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, race, found := bytes.Cut(log, []byte("WARNING: DATA RACE")); found {
		t.Errorf("a data race in the program:%s", race[:min(len(race), 4000)])
	}
}

// askAgain lets a moment go by before another process is asked the same again: to start a program that asks takes as much of a processor as the work that is waited for.
func askAgain() { <-time.After(50 * time.Millisecond) }

// drain waits until nothing is left to deliver.
func (p *program) drain(t *testing.T) {
	t.Helper()
	for {
		var status struct{ Queue int }
		if err := json.Unmarshal([]byte(p.run(t, "status", "--json")), &status); err != nil {
			t.Fatal(err)
		}
		if status.Queue == 0 {
			return
		}
		askAgain()
	}
}

// write puts a file into the folder.
func (p *program) write(t *testing.T, name, content string) {
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
