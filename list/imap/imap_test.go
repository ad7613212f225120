package imap

import (
	"strings"
	"testing"

	"convene/list"
)

const mail = "From: Dede <dede@example.org>\nTo: peers@lists.example.org\nSubject: Hello\nMessage-ID: <a@example.org>\nDate: Thu, 5 Mar 2026 10:00:00 +0000\n\nHi there\n"

func TestReadsAList(t *testing.T) {
	h := newHouse(t)
	h.post(peers, mail, func(p *list.Post) { p.Head = "List-Id: <peers.lists.example.org>\r\n" })
	h.post(peers, strings.Replace(mail, "Hello", "Secret", 1), func(p *list.Post) { p.NoArchive = true })
	h.post(peers, strings.Replace(mail, "Hello", "Again", 1))
	c := h.anonymous()
	c.has("NAMESPACE", `* NAMESPACE (("" "/")) NIL (("Lists/" "/"))`)
	c.has(`LIST "" *`, `* LIST (\HasNoChildren) "/" INBOX`, `* LIST (\Noselect \HasChildren) "/" "Lists"`, `* LIST (\HasNoChildren) "/" "Lists/peers@lists.example.org"`)
	if said := c.ok(`LIST "" *`); strings.Contains(said, "inner") || strings.Contains(said, "quiet") {
		t.Errorf("somebody else's lists are there: %s", said)
	}
	c.has(`LIST (SUBSCRIBED) "" "Lists/%" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UIDNEXT SIZE))`, `* LIST (\HasNoChildren \Subscribed) "/" "Lists/peers@lists.example.org"`,
		`* STATUS "Lists/peers@lists.example.org" (MESSAGES 2 UIDNEXT 4`)
	c.has(`LSUB "Lists/" *`, `* LSUB`)
	c.has("STATUS INBOX (MESSAGES UNSEEN)", "(MESSAGES 0 UNSEEN 0)")
	lines, end := c.do("SELECT Lists/" + peers)
	if said := strings.Join(lines, "\n"); !strings.HasPrefix(end, "OK [READ-ONLY]") || !strings.Contains(said, "* 2 EXISTS") ||
		!strings.Contains(said, "[UIDNEXT 4]") || !strings.Contains(said, "[PERMANENTFLAGS ()]") {
		t.Errorf("SELECT: %s %s", said, end)
	}
	c.has("FETCH 1:* (UID ENVELOPE)", "* 1 FETCH (UID 1 ENVELOPE (", "* 2 FETCH (UID 3 ENVELOPE (", `"Thu, 05 Mar 2026 10:00:00 +0000" "Again" (("Dede" NIL "dede" "example.org"))`)
	whole := "List-Id: <peers.lists.example.org>\r\n" + strings.ReplaceAll(mail, "\n", "\r\n")
	c.has("UID FETCH 1 BODY.PEEK[]", whole)
	c.has("UID FETCH 1 (BODY[1] BODY.PEEK[HEADER.FIELDS (Subject)])", "BODY[1] {10}\r\nHi there\r\n", "Subject: Hello\r\n\r\n")
	c.no("SELECT Lists/"+inner, "NO [NONEXISTENT]")
	c.no("SELECT Lists/"+quiet, "NO [NONEXISTENT]")
}
