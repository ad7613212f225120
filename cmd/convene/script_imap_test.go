package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptIMAP signs in at an address with a name and a password, does commands, and prints what is said.
func scriptIMAP(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: imap address name password [command...]")
	}
	conn, err := net.Dial("tcp", args[0])
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetDeadline(time.Now().Add(patience)))
	in := bufio.NewReader(conn)
	for i, command := range append([]string{"LOGIN " + args[1] + " " + args[2]}, args[3:]...) {
		_, err := fmt.Fprintf(conn, "t%d %s\r\n", i, command)
		ts.Check(err)
		for end := fmt.Sprintf("t%d ", i); ; {
			line, err := in.ReadString('\n')
			_, _ = io.WriteString(ts.Stdout(), strings.ReplaceAll(line, "\r\n", "\n"))
			ts.Check(err)
			if strings.HasPrefix(line, end) {
				break
			}
		}
	}
}
