package imap

import (
	"fmt"
	"strings"
	"testing"

	"convene/list"
)

func TestPushesPostsAndRemovalsInIdle(t *testing.T) {
	h := newHouse(t)
	first := h.post(peers, mail)
	h.post(peers, mail)
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	fmt.Fprint(c, "i IDLE\r\n")
	c.wants("+ idling")
	h.post(peers, mail)
	c.wants("* 3 EXISTS")
	h.remove(first)
	c.wants("* 1 EXPUNGE")
	fmt.Fprint(c, "done\r\n")
	c.wants("i OK IDLE completed")
	c.has("UID FETCH 1:* UID", "* 1 FETCH (UID 2)", "* 2 FETCH (UID 3)")
}

func (c *client) wants(line string) {
	c.Helper()
	if got := c.line(); got != line {
		c.Fatalf("%q was said, not %q", got, line)
	}
}

// What is gone is told where sequence numbers may change, and nowhere else.
func TestTellsOfRemovalsWhereItMay(t *testing.T) {
	h := newHouse(t)
	var all []list.Post
	for range 4 {
		all = append(all, h.post(peers, mail))
	}
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	h.remove(all[1])
	h.post(peers, mail)
	lines, end := c.do("FETCH 1:* (UID RFC822.SIZE)")
	if said := strings.Join(lines, "\n"); strings.Contains(said, "EXPUNGE") || strings.Contains(said, "UID 2 ") || !strings.Contains(said, "* 3 FETCH (UID 3 ") || !strings.HasPrefix(end, "NO [EXPUNGEISSUED]") {
		t.Errorf("FETCH: %s %s", said, end)
	}
	if said := c.ok("SEARCH ALL"); said != "* SEARCH 1 3 4\n* 5 EXISTS" {
		t.Errorf("SEARCH: %q", said)
	}
	if said := c.ok("NOOP"); said != "* 2 EXPUNGE" {
		t.Errorf("NOOP: %q", said)
	}
	c.has("FETCH 1:* UID", "* 4 FETCH (UID 5)")
}

// A post whose attachments were withdrawn is another message, under another UID.
func TestWithdrawnAttachmentsAreAnotherMessage(t *testing.T) {
	h := newHouse(t)
	p := h.post(peers, mail)
	h.post(peers, mail)
	c := h.anonymous()
	c.ok("EXAMINE Lists/" + peers)
	h.check(h.db.Keep([]byte("Subject: less\r\n\r\nx\r\n"), func(tx list.Tx, ref list.Ref) error {
		now := p
		now.Ref, now.UID = ref, 3
		if _, err := tx.PutPost(now); err != nil {
			return err
		}
		_, err := tx.PutRemoval(list.Removal{List: p.List, Post: p.Number, UID: 1, At: h.now, Attachments: true})
		return err
	}))
	if said := c.ok("NOOP"); said != "* 1 EXPUNGE\n* 2 EXISTS" {
		t.Errorf("NOOP: %q", said)
	}
	c.has("UID FETCH 3 BODY.PEEK[HEADER]", "* 2 FETCH (UID 3 BODY[HEADER]", "Subject: less\r\n")
	other := h.anonymous()
	other.has("EXAMINE Lists/"+peers, "[UIDNEXT 4]", "* 2 EXISTS")
}
