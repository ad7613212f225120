package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"convene/list"
)

// TestRightsEndAtOnce: who is removed hears no more of the list, in whatever is open.
func TestRightsEndAtOnce(t *testing.T) {
	h := newOpenHouse(t)
	h.become(list.ArchiveMembers)
	h.check(h.d.engine.AddMembers(triedList, []list.Member{{Address: "member@people.test"}, {Address: "goes@people.test"}, {Address: "stays@people.test"}}))
	_, err := h.d.engine.SetMember(triedList, "member@people.test", []string{"trusted=yes"})
	h.check(err)
	h.posts()
	session := h.session("goes@people.test")
	_, seen, _ := h.page(session, "/"+triedList+"/calendar", url.Values{"feed": {"yes"}})
	feed := h.found([]string{seen}, `(/peers@lists\.example\.org/feed-[a-z2-7]{26}\.ics)`)
	if status, seen, _ := h.page("", feed, nil); status != 200 || !strings.Contains(seen, "Coffee at the wells") {
		t.Fatalf("%d %s", status, seen)
	}
	idle := func(address string) *reader {
		r := h.open(address, h.password(address, triedList))
		r.do("EXAMINE Lists/" + triedList)
		_, err := fmt.Fprint(r, "a8 IDLE\r\n")
		h.check(err)
		r.until("+ ")
		return r
	}
	goes, stays := idle("goes@people.test"), idle("stays@people.test")
	h.check(h.d.engine.RemoveMembers(triedList, []string{"goes@people.test"}))
	h.mail("member@people.test", triedList, "Re: Depth of wells", "Message-ID: <9@people.test>\n", "Fifty.")
	stays.until("* 3 EXISTS")
	_, err = fmt.Fprint(goes, "DONE\r\n")
	h.check(err)
	if said := goes.until("a8 "); strings.Contains(said, "EXISTS") {
		t.Errorf("who was removed hears %s", said)
	}
	if status, _, _ := h.page(session, "/"+triedList+"/", nil); status != 404 {
		t.Errorf("who was removed reads on: %d", status)
	}
	status, seen, _ := h.page("", feed, nil)
	if other, same, _ := h.page("", regexp.MustCompile(`feed-.{26}`).ReplaceAllString(feed, "feed-"+strings.Repeat("a", 26)), nil); status != 404 || other != status || seen != same {
		t.Errorf("the feed of who was removed: %d %s\nand one that never was: %d %s", status, seen, other, same)
	}
}
