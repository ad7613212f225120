package imap

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

func TestAccess(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	h.post(inner, mail)
	h.post(quiet, mail)
	former := h.member("former@example.net", inner)
	former.ok("EXAMINE Lists/" + inner)
	h.check(h.db.Update(func(tx list.Tx) error {
		rec, err := tx.List(inner)
		if err != nil {
			return err
		}
		return tx.DeleteMember(rec.ID, "former@example.net")
	}))
	former.no("FETCH 1 BODY[]", "NO [NOPERM]")
	former.no("SEARCH ALL", "NO [NOPERM]")
	for name, c := range map[string]struct {
		*client
		sees, of string
	}{
		"a member":                 {h.member("dede@example.org", inner), peers + " " + inner, inner},
		"a former member":          {former, peers, ""},
		"a stranger":               {h.member("zoe@example.net"), peers, ""},
		"a member of another list": {h.member("noor@example.net", quiet), peers, ""},
		"anonymous":                {h.anonymous(), peers, ""},
	} {
		t.Run(name, func(t *testing.T) {
			listed := c.ok(`LIST "" *`) + c.ok(`LSUB "" *`)
			for _, address := range []string{peers, inner, quiet} {
				may := strings.Contains(c.sees, address)
				if strings.Contains(listed, address) != may {
					t.Errorf("%s is listed, or is not: %s", address, listed)
				}
				for _, command := range []string{"SELECT", "EXAMINE", "STATUS"} {
					rest := " Lists/" + address
					if command == "STATUS" {
						rest += " (MESSAGES)"
					}
					lines, end := c.do(command + rest)
					if strings.HasPrefix(end, "OK") != may || !may && !strings.HasPrefix(end, "NO [NONEXISTENT]") {
						t.Errorf("%s%s: %q %s", command, rest, lines, end)
					}
				}
			}
			for _, address := range []string{peers, inner, quiet, "missing@lists.example.org"} {
				want := ""
				if strings.Contains(c.sees, address) {
					want = "* MYRIGHTS \"Lists/" + address + "\" lr"
				}
				if c.of == address {
					want += "s"
				}
				lines, end := c.do("MYRIGHTS Lists/" + address)
				if got := strings.Join(lines, " "); got != want || want == "" && !strings.HasPrefix(end, "NO [NONEXISTENT]") || want != "" && end != "OK Done" {
					t.Errorf("MYRIGHTS of %s: %q %s, want %q", address, got, end, want)
				}
			}
			c.no("SELECT Lists/missing@lists.example.org", "NO [NONEXISTENT]")
			c.no(`SELECT "Lists/../data"`, "NO [NONEXISTENT]")
		})
	}
}

// Whatever a stranger tries, nothing is changed.
func TestReadOnly(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	state := func() string {
		var b bytes.Buffer
		h.check(h.db.View(func(r list.Reader) error {
			return r.Posts(1, 1, func(p list.Post) error {
				fmt.Fprintf(&b, "%+v", p)
				return r.Papers(1, "", func(name string, v []byte) error { fmt.Fprint(&b, name, v); return nil })
			})
		}))
		return b.String()
	}
	before := state()
	for _, c := range []*client{h.anonymous(), h.member("dede@example.org", peers)} {
		for _, open := range []string{"SELECT", "EXAMINE"} {
			c.ok(open + " Lists/" + peers)
			for _, command := range []string{`STORE 1 +FLAGS (\Deleted)`, `UID STORE 1 FLAGS.SILENT (\Flagged)`, "EXPUNGE", "UID EXPUNGE 1", "COPY 1 INBOX", "UID COPY 1 Lists/" + peers, "CREATE x",
				"DELETE Lists/" + peers, "RENAME Lists/" + peers + " x", "SUBSCRIBE x", "UNSUBSCRIBE Lists/" + peers, "APPEND INBOX {5}", "APPEND INBOX {5+}\r\nhello",
				"SETACL INBOX anyone lr", "DELETEACL INBOX anyone", "GETACL INBOX", "LISTRIGHTS INBOX anyone"} {
				c.no(command, "NO [NOPERM]")
			}
			c.no("MOVE 1 INBOX", "")
			c.ok("CLOSE")
		}
	}
	if after := state(); after != before {
		t.Errorf("the store was changed:\n%s\n%s", before, after)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	password := h.password("dede@example.org")
	c := h.dial()
	c.no("SELECT INBOX", "BAD")
	c.no("AUTHENTICATE CRAM-MD5", "NO")
	c.no("AUTHENTICATE PLAIN AA", "BAD")
	c.has("ID (\"name\" \"x\")", `* ID ("name" "convene")`)
	fmt.Fprint(c, "a AUTHENTICATE PLAIN\r\n")
	c.wants("+ ")
	fmt.Fprint(c, "AGRlZGVAZXhhbXBsZS5vcmcA\r\n") // an empty password
	c.wants("a NO [AUTHENTICATIONFAILED] Authentication failed")
	c.ok(fmt.Sprintf("LOGIN {16+}\r\ndede@example.org {%d+}\r\n%s", len(password), password))
	c.no("LOGIN anonymous x", "BAD")
	c.no("STARTTLS", "BAD")
}

func TestMyRights(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail)
	c := h.member("dede@example.org", peers)
	c.has("CAPABILITY", " ACL RIGHTS=kxte")
	c.has("SELECT Lists/"+peers, `[PERMANENTFLAGS (\Seen)]`)
	h.post(peers, mail)
	c.has("MYRIGHTS {5+}\r\ninbox", `* MYRIGHTS INBOX lr`, "* 2 EXISTS")
	c.has(`myrights "Lists/`+peers+`"`, `* MYRIGHTS "Lists/`+peers+`" lrs`)
	for _, wrong := range []string{"MYRIGHTS", "MYRIGHTS a b", `MYRIGHTS ""x`, "MYRIGHTS INBOX (UIDNEXT)"} {
		c.no(wrong, "BAD MYRIGHTS takes the name of a mailbox")
	}
	h.dial().no("MYRIGHTS INBOX", "BAD Sign in first")
}
