package imap

import (
	"bytes"
	"strings"
)

// What somebody may do with a mailbox (RFC 4314 §2.1): see it and read it; a member has what was read written down, too.
const (
	readerRights = "lr"
	memberRights = "lrs"
)

// rights answers MYRIGHTS (RFC 4314 §3.5), by which mail programs tell a mailbox in which what was read may be marked from others that are read-only as a whole. go-imap has no such
// command: it is asked for a STATUS, since it knows how names are written, and session.status remembers what may be done.
func (c *conn) rights(cmd command) {
	c.session.mu.Lock()
	c.session.rights = ""
	c.session.mu.Unlock()
	c.out.begin(cmd.tag, func(heard []byte) {
		c.session.mu.Lock()
		rights := c.session.rights
		c.session.mu.Unlock()
		for line := range bytes.Lines(heard) {
			if data, ok := bytes.CutPrefix(line, []byte("* STATUS ")); ok {
				line = append(append([]byte("* MYRIGHTS "), data[:max(0, bytes.LastIndex(data, []byte(" (")))]...), " "+rights+"\r\n"...)
			} else if bytes.HasPrefix(line, []byte(cmd.tag+" OK ")) {
				line = []byte(cmd.tag + " OK Done\r\n")
			} else if bytes.HasPrefix(line, []byte(cmd.tag+" BAD ")) {
				line = []byte(cmd.tag + " BAD MYRIGHTS takes the name of a mailbox\r\n")
			}
			c.out.say(string(line))
		}
	})
	c.feed = []byte(strings.TrimRight(cmd.tag+" STATUS "+cmd.rest, " ") + " (UIDNEXT)\r\n")
}

// noRights refuses what only who gives rights may ask for (RFC 4314 §3.1-3.4), whether there is such a mailbox or not.
func (c *conn) noRights(cmd command) {
	c.say(cmd.tag + " NO [NOPERM] Who may read a list is not for mail programs")
}
