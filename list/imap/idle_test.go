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

// What an owner takes out disappears from every session that is open, also of who has read it, and from what a search was saved as; its UID comes back never.
func TestRemovalReachesAllSessions(t *testing.T) {
	h := newHouse(t)
	var all []list.Post
	for range 3 {
		all = append(all, h.post(peers, mail))
	}
	member, idles, searches := h.member("dede@example.org", peers), h.member("noor@example.net", peers), h.anonymous()
	member.ok("SELECT Lists/" + peers)
	member.ok(`STORE 2:3 +FLAGS.SILENT (\Seen)`)
	idles.ok("SELECT Lists/" + peers)
	searches.ok("EXAMINE Lists/" + peers)
	searches.ok("SEARCH RETURN (SAVE) ALL")
	fmt.Fprint(idles, "i IDLE\r\n")
	idles.wants("+ idling")
	h.remove(all[2])
	idles.wants("* 3 EXPUNGE")
	if said := member.ok("UID FETCH 1:* FLAGS"); said != "* 1 FETCH (UID 1 FLAGS ())\n* 2 FETCH (UID 2 FLAGS (\\Seen))\n* 3 EXPUNGE" {
		t.Errorf("UID FETCH: %q", said)
	}
	for _, command := range []string{"FETCH 3 BODY[]", "FETCH 3 ENVELOPE", "FETCH 3 FLAGS"} {
		if lines, end := searches.do(command); len(lines) > 0 || !strings.HasPrefix(end, "NO [EXPUNGEISSUED]") {
			t.Errorf("%s: %q %s", command, lines, end)
		}
	}
	if said := searches.ok("UID FETCH $ UID"); strings.Contains(said, "UID 3") || !strings.HasSuffix(said, "* 3 EXPUNGE") {
		t.Errorf("$ is %q", said)
	}
	h.remove(all[1])
	h.post(peers, mail)
	idles.wants("* 2 EXPUNGE")
	idles.wants("* 2 EXISTS")
	h.anonymous().has("EXAMINE Lists/"+peers, "* 2 EXISTS", "[UIDNEXT 5]")
	if said := member.ok("UID SEARCH ALL"); said != "* SEARCH 1\n* 2 EXPUNGE\n* 2 EXISTS" {
		t.Errorf("UID SEARCH: %q", said)
	}
	member.has("STATUS Lists/"+peers+" (MESSAGES UNSEEN UIDNEXT)", "MESSAGES 2", "UNSEEN 2", "UIDNEXT 5")
}
