package imap

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"strings"
)

// mostFailed is how many sign-ins may fail in one session.
const mostFailed = 10

// capabilities are what the client is told that there is.
func (c *conn) capabilities() string {
	caps := "IMAP4rev1 ID SASL-IR LITERAL+"
	switch {
	case c.signed:
		caps += " IDLE ENABLE UNSELECT NAMESPACE CHILDREN UIDPLUS ESEARCH SEARCHRES LIST-EXTENDED LIST-STATUS STATUS=SIZE BINARY UTF8=ACCEPT ACL RIGHTS=kxte"
	case c.secure:
		caps += " AUTH=PLAIN"
	default:
		caps += " LOGINDISABLED"
	}
	if c.maySecure() {
		caps += " STARTTLS"
	}
	return caps
}

func (c *conn) maySecure() bool {
	_, under := c.stream.(*tls.Conn)
	return !under && !c.signed && c.settings.TLS != nil
}

// greet says hello in the place of go-imap.
func (c *conn) greet([]byte) {
	c.say("* OK [CAPABILITY " + c.capabilities() + "] " + c.settings.Hostname + " archive of lists")
}

// dispatch answers a command, or hands it on.
func (c *conn) dispatch(cmd command) error {
	switch cmd.name {
	case "CAPABILITY":
		c.say("* CAPABILITY " + c.capabilities())
		c.say(cmd.tag + " OK Done")
	case "ID": // RFC 2971: what the client says of itself is nobody's business
		c.say(`* ID ("name" "convene")`)
		c.say(cmd.tag + " OK Done")
	case "LOGOUT":
		c.bye("Goodbye")
		c.say(cmd.tag + " OK Done")
	case "STARTTLS":
		return c.startTLS(cmd)
	case "AUTHENTICATE":
		return c.authenticate(cmd)
	default:
		if c.signed {
			c.handOn(cmd)
		} else {
			c.earlyCommand(cmd)
		}
	}
	return nil
}

// earlyCommand is one of somebody who has not signed in.
func (c *conn) earlyCommand(cmd command) {
	switch cmd.name {
	case "NOOP":
		c.say(cmd.tag + " OK Done")
	case "LOGIN":
		c.login(cmd, cmd.line)
	case "SELECT", "EXAMINE", "LIST", "LSUB", "STATUS", "NAMESPACE", "ENABLE", "IDLE", "APPEND", "CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE",
		"FETCH", "STORE", "SEARCH", "COPY", "EXPUNGE", "CLOSE", "CHECK", "UNSELECT", "UID FETCH", "UID STORE", "UID SEARCH", "UID COPY", "MYRIGHTS", "GETACL":
		c.bad(cmd.tag, "Sign in first")
	default: // a page that is made to talk to us gets no second word in
		c.bad(cmd.tag, "Unknown command")
		c.bye("This is an IMAP server")
	}
}

// handOn has go-imap do a command.
func (c *conn) handOn(cmd command) {
	line := cmd.line
	var await func([]byte)
	switch cmd.name {
	case "LOGIN":
		c.bad(cmd.tag, "You have signed in")
		return
	case "SELECT", "EXAMINE":
		await = func(heard []byte) { c.selected(cmd.tag, heard) }
	case "MYRIGHTS":
		c.rights(cmd)
		return
	case "GETACL", "SETACL", "DELETEACL", "LISTRIGHTS":
		c.noRights(cmd)
		return
	case "CLOSE": // which would expunge
		line = []byte(strings.TrimSpace(cmd.tag + " UNSELECT " + cmd.rest))
	case "APPEND":
		c.bad(cmd.tag, "No message")
		return
	case "SEARCH", "UID SEARCH":
		program, err := searchProgram(cmd.rest)
		if err != nil {
			c.bad(cmd.tag, "A search that cannot be read, or is nested too deep")
			return
		}
		line = []byte(cmd.tag + " " + cmd.name + " " + program)
	case "IDLE":
		c.idling = cmd.rest == ""
	}
	if _, _, _, ok := literal(line); ok { // one that had something behind it, which is no literal: go-imap would take the next command for it
		c.bad(cmd.tag, "Something stands behind the size of a literal")
		return
	}
	c.out.begin(cmd.tag, await)
	c.feed = append(line, '\r', '\n')
}

// selected says that a mailbox cannot be changed (RFC 4314 §5.2): go-imap always says that it can.
func (c *conn) selected(tag string, heard []byte) {
	c.say(strings.TrimSuffix(string(bytes.Replace(heard, []byte("\r\n"+tag+" OK [READ-WRITE] "), []byte("\r\n"+tag+" OK [READ-ONLY] "), 1)), "\r\n"))
}

// endIdle reads the line that ends IDLE.
func (c *conn) endIdle() error {
	line, err := c.readLine(mostEarly)
	if err != nil {
		return err
	}
	c.idling = false
	if strings.EqualFold(string(line), "DONE") {
		line = []byte("DONE")
	}
	c.feed = append(bytes.ReplaceAll(line, []byte("\r"), nil), '\r', '\n')
	return nil
}

// login has go-imap try a name and a password, where nobody can listen in.
func (c *conn) login(cmd command, line []byte) {
	if !c.secure {
		c.say(cmd.tag + " NO [PRIVACYREQUIRED] Sign in under TLS only")
		return
	}
	c.out.begin(cmd.tag, func(heard []byte) {
		switch {
		case bytes.HasPrefix(heard, []byte(cmd.tag+" OK ")):
			c.signed = true
			c.say(cmd.tag + " OK [CAPABILITY " + c.capabilities() + "] Signed in")
			return
		case bytes.HasPrefix(heard, []byte(cmd.tag+" NO ")):
			c.failed++
		default:
			c.errors++
		}
		if c.out.say(string(heard)); c.failed >= mostFailed {
			c.server.Log.Warn("imap: connection closed: too many failed sign-ins", "ip", c.ip)
			c.bye("Too many failed sign-ins")
		}
	})
	c.feed = append(line, '\r', '\n')
}

// authenticate reads what AUTH=PLAIN says (RFC 4616), and goes on as LOGIN.
func (c *conn) authenticate(cmd command) error {
	mechanism, initial, given := strings.Cut(cmd.rest, " ")
	switch {
	case c.signed:
		c.bad(cmd.tag, "You have signed in")
		return nil
	case !c.secure:
		c.say(cmd.tag + " NO [PRIVACYREQUIRED] Sign in under TLS only")
		return nil
	case !strings.EqualFold(mechanism, "PLAIN"):
		c.say(cmd.tag + " NO [CANNOT] There is AUTH=PLAIN only")
		return nil
	}
	if !given {
		c.say("+ ")
		if err := c.arm(commandTime); err != nil {
			return err
		}
		line, err := c.readLine(mostEarly)
		c.disarm()
		if err != nil {
			return err
		}
		initial = string(line)
	}
	said, err := base64.StdEncoding.DecodeString(initial)
	parts := strings.Split(string(said), "\x00")
	if err != nil || len(parts) != 3 || strings.ContainsAny(string(said), "\r\n") {
		c.bad(cmd.tag, "That is no answer to AUTH=PLAIN")
		return nil
	}
	if parts[0] != "" && parts[0] != parts[1] {
		c.say(cmd.tag + " NO [AUTHORIZATIONFAILED] Nobody acts for somebody else here")
		return nil
	}
	line := appendQuoted([]byte(cmd.tag+" LOGIN "), []byte(parts[1]))
	c.login(cmd, appendQuoted(append(line, ' '), []byte(parts[2])))
	return nil
}

// startTLS begins TLS. What a client has sent behind the command, in the clear, is somebody else's: the session ends.
func (c *conn) startTLS(cmd command) error {
	if !c.maySecure() || cmd.rest != "" {
		c.bad(cmd.tag, "There is no TLS to begin")
		return nil
	}
	if c.in.Buffered() > 0 {
		c.bad(cmd.tag, "Something was sent behind STARTTLS")
		c.bye("Wait for the answer")
		return nil
	}
	c.say(cmd.tag + " OK Begin TLS now")
	c.out.flush()
	t := tls.Server(c.raw, c.settings.TLS)
	if err := c.arm(commandTime); err != nil {
		return err
	}
	defer c.disarm()
	if err := t.Handshake(); err != nil {
		return err
	}
	c.out.mu.Lock()
	c.stream = t
	c.out.mu.Unlock()
	c.secure, c.in = true, bufio.NewReaderSize(socketReader{c}, readBuffer)
	return nil
}
