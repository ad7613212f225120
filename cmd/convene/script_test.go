package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"convene": main})
}

// TestScripts plays the stories in testdata/script with the real program. $DNS is a name server that knows no name.
// Beside what testscript has, they know:
//
//	listen NAME               puts a free loopback address into $NAME, which stays free until the story is over
//	expand FILE               puts the values of $NAMEs into a file
//	ready ADDR                waits until a server greets there
//	smtp ADDR FROM RCPT FILE  posts a file by SMTP and prints each reply on a line
//	lmtp PATH FROM FILE RCPT… the same by LMTP on a Unix socket
//	reload LOG PATTERN        sends SIGHUP to the daemon of ./data and waits until its log has something new that matches
//	copies DIR RCPT           prints the copies that a maildir has for somebody, by subject
//	page URL [FORM]           opens a page, or posts a form to it, as one browser does; prints the status, the fields that matter and the page
//	capture NAME PATTERN      puts what a group of the pattern matched in the last output into $NAME, and in capitals into $NAME_UPPER
func TestScripts(t *testing.T) {
	resolver := names(t, nil)
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: func(env *testscript.Env) error { env.Setenv("DNS", resolver); return nil },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"listen": scriptListen, "expand": scriptExpand, "ready": scriptReady, "smtp": scriptSMTP, "lmtp": scriptLMTP, "copies": scriptCopies, "reload": scriptReload,
			"capture": scriptCapture, "page": scriptPage, "imap": scriptIMAP,
		},
	})
}

func scriptListen(ts *testscript.TestScript, neg bool, args []string) {
	addr, release, err := reserve()
	ts.Check(err)
	ts.Defer(release)
	ts.Setenv(args[0], addr)
}

func scriptExpand(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o600))
}

func scriptReady(ts *testscript.TestScript, neg bool, args []string) {
	network := "tcp"
	if strings.HasPrefix(args[0], "/") {
		network = "unix"
	}
	deadline := time.Now().Add(patience)
	for {
		conn, err := net.Dial(network, args[0])
		if err == nil {
			_, err = textproto.NewConn(conn).ReadLine()
			conn.Close()
			if err == nil {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("nobody greets at %s: %v", args[0], err)
		}
		<-time.After(5 * time.Millisecond) // the program has no other way to say to another process that it is there
	}
}

func scriptReload(ts *testscript.TestScript, neg bool, args []string) {
	pid, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile("data/pid")))
	ts.Check(err)
	before := len(ts.ReadFile(args[0]))
	want := regexp.MustCompile(args[1])
	ts.Check(syscall.Kill(pid, syscall.SIGHUP))
	deadline := time.Now().Add(patience)
	for !want.MatchString(ts.ReadFile(args[0])[before:]) {
		if time.Now().After(deadline) {
			ts.Fatalf("the log has nothing new that matches %s", want)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func scriptCapture(ts *testscript.TestScript, neg bool, args []string) {
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("no match for %s", args[1])
	}
	ts.Setenv(args[0], found[1])
	ts.Setenv(args[0]+"_UPPER", strings.ToUpper(found[1]))
}

func scriptSMTP(ts *testscript.TestScript, neg bool, args []string) {
	dialogue(ts, "tcp", args[0], "EHLO client.example", args[1], args[3], args[2:3])
}

func scriptLMTP(ts *testscript.TestScript, neg bool, args []string) {
	dialogue(ts, "unix", ts.MkAbs(args[0]), "LHLO client.example", args[1], args[2], args[3:])
}

// dialogue posts a message and prints what the server says to MAIL, RCPT, DATA and the message.
func dialogue(ts *testscript.TestScript, network, addr, hello, from, file string, rcpts []string) {
	body := strings.ReplaceAll(strings.ReplaceAll(ts.ReadFile(file), "\r\n", "\n"), "\n", "\r\n")
	raw, err := net.Dial(network, addr)
	ts.Check(err)
	defer raw.Close()
	conn := textproto.NewConn(raw)
	say := func(show bool, replies int, format string, a ...any) int {
		if format != "" {
			ts.Check(conn.PrintfLine(format, a...))
		}
		code := 0
		for range replies {
			c, text, err := conn.ReadResponse(0)
			var bad *textproto.Error
			if err != nil && !errors.As(err, &bad) {
				ts.Check(err)
			}
			if show {
				fmt.Fprintf(ts.Stdout(), "%d %s\n", c, strings.ReplaceAll(text, "\n", " / "))
			}
			code = c
		}
		return code
	}
	say(false, 1, "")
	say(false, 1, "%s", hello)
	say(false, 1, "MAIL FROM:<%s>", from)
	taken := 0
	for _, r := range rcpts {
		if say(true, 1, "RCPT TO:<%s>", r)/100 == 2 {
			taken++
		}
	}
	if taken > 0 && say(false, 1, "DATA") == 354 {
		w := conn.DotWriter()
		_, err := io.WriteString(w, body)
		ts.Check(errors.Join(err, w.Close()))
		if !strings.HasPrefix(hello, "LHLO") {
			taken = 1
		}
		say(true, taken, "")
	}
	say(false, 1, "QUIT")
}

func scriptCopies(ts *testscript.TestScript, neg bool, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "new", "*"))
	ts.Check(err)
	var all []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		ts.Check(err)
		if bytes.Contains(b, []byte("X-Envelope-To: <"+args[1]+">")) || bytes.Contains(b, []byte("X-Envelope-To: "+args[1]+"\n")) ||
			bytes.Contains(b, []byte("X-Envelope-To: "+args[1]+"\r\n")) {
			if len(args) < 3 || bytes.Contains(b, []byte(args[2])) {
				all = append(all, strings.ReplaceAll(string(b), "\r\n", "\n"))
			}
		}
	}
	if (len(all) == 0) != neg {
		ts.Fatalf("%d copies for %s", len(all), args[1])
	}
	slices.Sort(all)
	fmt.Fprintf(ts.Stdout(), "%d copies\n%s", len(all), strings.Join(all, "\n"))
}

// TestStoriesShareNoAddress: stories run side by side, so that none may serve on an address that every config has unless it says otherwise.
func TestStoriesShareNoAddress(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("exec convene serve")) && !regexp.MustCompile(`(?m)^\[http\]\nlisten`).Match(b) {
			t.Errorf("%s serves without a [http] listen of its own", f)
		}
	}
}
