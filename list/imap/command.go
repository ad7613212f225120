package imap

import (
	"bytes"
	"errors"
	"io"
)

const (
	// mostEarly and mostSigned are how long a command may be, in octets, before the sign-in and after it: RFC 2683 §3.2.1.5 asks for 8000.
	mostEarly  = 8 << 10
	mostSigned = 40 << 10
	longestTag = 200
	// mostPassed is how much of what is too long is read on, so that the client hears of it.
	mostPassed = 256 << 10
	// mostErrors ends a session, and so do mostEarlyCommands of somebody who does not sign in.
	mostErrors        = 50
	mostEarlyCommands = 30
)

// command is one command as it was read: a single line in which literals have become quoted strings, without its end.
type command struct {
	tag, name string // name in upper case; "UID FETCH" for what begins with UID
	line      []byte
	rest      string // what stands behind the name
}

// errTooLong ends the reading of a command, and errBroken that of a connection.
var (
	errTooLong = errors.New("imap: command too long")
	errBreak   = errors.New("imap: a line break within a string")
	errRefused = errors.New("imap: refused before its literal")
)

// next reads and carries out one command, which may leave something to feed.
func (c *conn) next() error {
	if c.errors >= mostErrors || c.early >= mostEarlyCommands {
		c.bye("Too many errors")
		return nil
	}
	within := idleTime
	if !c.signed {
		within = commandTime
	}
	if err := c.arm(within); err != nil {
		return err
	}
	defer c.disarm()
	if _, err := c.in.Peek(1); err != nil {
		return err
	}
	if err := c.arm(commandTime); err != nil {
		return err
	}
	if c.idling {
		return c.endIdle()
	}
	cmd, err := c.readCommand()
	switch {
	case errors.Is(err, errRefused):
		return nil
	case errors.Is(err, errTooLong):
		c.bad(cmd.tag, "The command is too long")
		if !c.signed {
			c.bye("Too long")
		}
		return nil
	case errors.Is(err, errBreak):
		c.bad(cmd.tag, "A string has a line break, or NUL")
		return nil
	case err != nil:
		return err
	case cmd.tag == "" || cmd.name == "":
		c.bad("", "No command")
		if !c.signed {
			c.bye("This is an IMAP server")
		}
		return nil
	}
	if !c.signed {
		c.early++
	}
	c.disarm()
	return c.dispatch(cmd)
}

// bad refuses a command that is wrong.
func (c *conn) bad(tag, why string) {
	if tag == "" {
		tag = "*"
	}
	c.errors++
	c.say(tag + " BAD " + why)
}

// readCommand reads a whole command: lines, and the literals between them, which the client is asked for.
func (c *conn) readCommand() (cmd command, err error) {
	most := mostEarly
	if c.signed {
		most = mostSigned
	}
	for {
		line, err := c.readLine(most - len(cmd.line))
		first := cmd.tag == ""
		if cmd.line = append(cmd.line, line...); first {
			cmd.split()
		}
		if err != nil {
			return cmd, err
		}
		size, direct, at, ok := literal(cmd.line)
		if !ok {
			if bytes.IndexByte(cmd.line, 0) >= 0 || bytes.IndexByte(cmd.line, '\r') >= 0 || inString(cmd.line) {
				return cmd, errBreak
			}
			cmd.split()
			return cmd, nil
		}
		if cmd.name == "APPEND" {
			if c.signed {
				c.say(cmd.tag + " NO [NOPERM] Nothing can be put here: write to the list")
			} else {
				c.bad(cmd.tag, "Sign in first")
			}
		}
		if cmd.name == "APPEND" || size > int64(most-at) {
			return cmd, c.pass(cmd, size, direct)
		}
		cmd.line = cmd.line[:at]
		if !direct {
			c.say("+ Go on")
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(c.in, text); err != nil {
			return cmd, err
		}
		if bytes.ContainsAny(text, "\r\n\x00") {
			_, err := c.readLine(most)
			return cmd, errors.Join(errBreak, err)
		}
		cmd.line = appendQuoted(cmd.line, text)
		if len(cmd.line) > most {
			return cmd, errors.Join(errTooLong, c.skipLine())
		}
	}
}

// pass gets over a literal that is not wanted. A client that waits for our leave to send it is told no instead.
func (c *conn) pass(cmd command, size int64, direct bool) error {
	refused := errTooLong
	if cmd.name == "APPEND" {
		refused = errRefused
	}
	if !direct {
		return refused
	}
	if size > mostPassed {
		c.bye("[TOOBIG] Too long")
		return io.EOF
	}
	if _, err := io.CopyN(io.Discard, c.in, size); err != nil {
		return err
	}
	for { // further literals may follow
		line, err := c.readLine(mostEarly)
		if err != nil {
			return err
		}
		size, direct, _, ok := literal(line)
		if !ok {
			return refused
		}
		if !direct {
			return refused
		}
		if size > mostPassed {
			return io.EOF
		}
		if _, err := io.CopyN(io.Discard, c.in, size); err != nil {
			return err
		}
	}
}
